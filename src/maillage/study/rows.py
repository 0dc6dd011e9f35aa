"""Log entries as rows of the dictionary's tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from maillage import tables
from maillage.study.entries import Entry
from maillage.tables import Column


def as_table(
    entries: Sequence[Entry], name: str, more: Callable[[Entry], Mapping[str, Any]] | None = None
) -> pl.DataFrame:
    """Entries as a table of the dictionary; the id is the coder's own where there is one, else that of the entry.

    more: columns that are not in the body of an entry, such as who entered it.
    """
    known = tables.table(name)
    bodies = [entry.data for entry in entries]
    columns = {column.name: [value_of(body.get(column.name), column) for body in bodies] for column in known.columns}
    columns["entry"] = [entry.id for entry in entries]
    if "id" in columns:
        columns["id"] = [own or entry.id for own, entry in zip(columns["id"], entries, strict=True)]
    told = [more(entry) for entry in entries] if more else []
    for column in told[0] if told else ():
        columns[column] = [row[column] for row in told]
    return pl.DataFrame(columns, schema=known.schema, strict=False)


def value_of(value: Any, column: Column) -> Any:
    """A value of a log body (text, whole number, list) in the type of its column."""
    if value is None or value == "":
        return None
    if column.type == "number":
        return float(value)
    if column.type == "integer":
        return int(value)
    if column.type == "flag":
        return value == "yes"
    return value
