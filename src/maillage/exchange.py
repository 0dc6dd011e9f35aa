"""A coding project as plain tables: what programs for qualitative analysis hand each other (REFI-QDA).

`intake.refi` makes a `Project` from a file, `publish.refi` a file from a `Project`. Every row is known by a GUID in
lower case without braces; texts are NFC with LF line ends; `start` and `end` count code points of the text, `end`
exclusive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import polars as pl

TEXT, LIST = pl.String(), pl.List(pl.String())
SCHEMAS: dict[str, dict[str, pl.DataType]] = {
    "users": {"guid": TEXT, "name": TEXT},
    "codes": {
        "guid": TEXT, "name": TEXT, "parent": TEXT, "colour": TEXT, "description": TEXT, "is_codable": pl.Boolean(),
    },
    "sources": {
        "guid": TEXT, "name": TEXT, "kind": TEXT, "text": TEXT, "description": TEXT, "user": TEXT, "created": TEXT,
    },
    "passages": {
        "guid": TEXT, "selection": TEXT, "source": TEXT, "start": pl.Int64(), "end": pl.Int64(), "code": TEXT,
        "user": TEXT, "created": TEXT, "note": TEXT,
    },
    "notes": {"guid": TEXT, "name": TEXT, "text": TEXT, "about": LIST, "user": TEXT, "created": TEXT},
    "cases": {"guid": TEXT, "name": TEXT, "description": TEXT, "codes": LIST, "sources": LIST, "selections": LIST},
    "sets": {"guid": TEXT, "name": TEXT, "description": TEXT, "codes": LIST, "sources": LIST, "notes": LIST},
    "variables": {"guid": TEXT, "name": TEXT, "type": TEXT, "description": TEXT},
    "values": {"about": TEXT, "variable": TEXT, "value": TEXT},
}  # fmt: skip


class Loss(NamedTuple):
    """One thing that did not go over: what it is, its GUID or name, and why (a word of docs/qda.md)."""

    what: str
    where: str
    why: str


def table(name: str, rows: Sequence[Sequence[Any]] = ()) -> pl.DataFrame:
    """A table of the project from rows in the order of its columns."""
    schema = SCHEMAS[name]
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema)


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its name, the program it comes from, and the tables of `SCHEMAS`.

    passages: one row a coding. `start` and `end` are null where the whole source is coded, `code` is null for a marked
    passage without a code; codings of one marked passage share its `selection`. `about` of a note and of a value names
    any other row (of a passage, its `guid` or its `selection`), or the project where it is empty.
    """

    name: str = ""
    origin: str = ""
    description: str = ""
    users: pl.DataFrame = field(default_factory=partial(table, "users"))
    codes: pl.DataFrame = field(default_factory=partial(table, "codes"))
    sources: pl.DataFrame = field(default_factory=partial(table, "sources"))
    passages: pl.DataFrame = field(default_factory=partial(table, "passages"))
    notes: pl.DataFrame = field(default_factory=partial(table, "notes"))
    cases: pl.DataFrame = field(default_factory=partial(table, "cases"))
    sets: pl.DataFrame = field(default_factory=partial(table, "sets"))
    variables: pl.DataFrame = field(default_factory=partial(table, "variables"))
    values: pl.DataFrame = field(default_factory=partial(table, "values"))
