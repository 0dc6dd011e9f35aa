"""The tables that cross a folder of the house, as data: `tables/<name>.yml` is the dictionary, `conform` holds to it.

Column types of the dictionary and what they are in polars:
text, code, place, date (2024, 2024-06 or 2024-06-01), period (date or 2012/2024) -> String;
codes, places, ids -> List(String); integer -> Int64; number -> Float64; flag (yes, no, blank in files) -> Boolean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from maillage import shipped
from maillage.errors import Finding, MaillageError, finding

FOLDER = Path(__file__).parent / "tables"
TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "place": pl.String(),
    "date": pl.String(),
    "period": pl.String(),
    "codes": pl.List(pl.String()),
    "places": pl.List(pl.String()),
    "ids": pl.List(pl.String()),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "flag": pl.Boolean(),
}


MANY = 25  # lists, from which on one go is faster


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the dictionary; `codes` names the code list a `code` or `codes` column draws from."""

    name: str
    type: str
    meaning: Mapping[str, str]
    codes: str | None = None
    required: bool = False
    unit: str | None = None
    hxl: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the dictionary: title and columns in order."""

    name: str
    title: Mapping[str, str]
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column name -> polars type, in order."""
        return {column.name: TYPES[column.type] for column in self.columns}


@cache
def names() -> tuple[str, ...]:
    """All tables of the dictionary."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem != "codes"))


@cache
def table(name: str) -> Table:
    """The dictionary's entry of one table."""
    raw: dict[str, Any] = shipped.read(FOLDER / f"{name}.yml")
    columns = tuple(Column(name=key, **entry) for key, entry in raw["columns"].items())
    return Table(name, raw["title"], columns)


@cache
def codes() -> dict[str, dict[str, dict[str, str]]]:
    """The code lists that no pack may change: list -> code -> {en, fr}."""
    return shipped.read(FOLDER / "codes.yml")


def empty(name: str) -> pl.DataFrame:
    """The table without rows."""
    return pl.DataFrame(schema=table(name).schema)


def build(rows: Sequence[Mapping[str, Any]], name: str) -> pl.DataFrame:
    """A table from records; missing columns become null, a column the dictionary does not have is an error."""
    known = table(name)
    said = set[str]().union(*rows)
    unknown = sorted(said - set(known.names))
    assert not unknown, f"{name}: columns not in the dictionary: {unknown}"
    blank = _blank(name)
    return pl.DataFrame([
        _series(column, [row.get(column) for row in rows], kind) if column in said
        else blank[column].new_from_index(0, len(rows))
        for column, kind in known.schema.items()
    ])  # fmt: skip


def filled(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """A table of some columns of the dictionary with the others, blank, in their order."""
    blank = _blank(name)
    return pl.DataFrame([
        frame[column] if column in frame.columns else blank[column].new_from_index(0, frame.height)
        for column in table(name).names
    ])  # fmt: skip


@cache
def _blank(name: str) -> dict[str, pl.Series]:
    """One empty cell of each column: most records leave most columns blank."""
    return {column: pl.Series(column, [None], dtype=kind) for column, kind in table(name).schema.items()}


def _series(name: str, values: list[Any], kind: pl.DataType) -> pl.Series:
    """A column; of many lists in one go: polars would make a series of each, which takes five times as long."""
    if kind != pl.List(pl.String) or len(values) < MANY:
        return pl.Series(name, values, dtype=kind, strict=False)
    return pl.Series(name, [orjson.dumps(values).decode()]).str.json_decode(pl.List(kind)).explode()


def conform(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """`frame` with exactly the dictionary's columns in their order and types.

    Missing optional columns are added as null. Raises MaillageError `table_invalid` with one finding a problem
    (column unknown, column missing, value of the wrong type, required value empty), each with row and column.
    """
    known = table(name)
    problems = [
        finding("column_unknown", file=name, field=column, known=", ".join(known.names))
        for column in frame.columns
        if column not in known.names
    ]
    series: list[pl.Series] = []
    for column in known.columns:
        if column.name in frame.columns:
            cast, wrong = _cast(frame[column.name], column, name)
            problems.extend(wrong)
        else:
            cast = pl.Series(column.name, [None] * frame.height, dtype=TYPES[column.type])
            if column.required:
                problems.append(finding("column_missing", file=name, field=column.name))
        series.append(cast)
    if problems:
        raise MaillageError("table_invalid", findings=problems, table=name, count=len(problems))
    return pl.DataFrame(series)


def _cast(raw: pl.Series, column: Column, name: str) -> tuple[pl.Series, list[Finding]]:
    """One column in its type, and a finding for each value that does not fit or is missing."""
    cast = raw.cast(TYPES[column.type], strict=False)
    lost = (cast.is_null() & raw.is_not_null()).arg_true().to_list()
    empty_rows = raw.is_null().arg_true().to_list() if column.required else []
    return cast, [
        *(finding("value_type", file=name, row=i + 1, field=column.name, value=raw[i], type=column.type) for i in lost),
        *(finding("value_missing", file=name, row=i + 1, field=column.name) for i in empty_rows),
    ]
