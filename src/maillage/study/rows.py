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
    columns = tables.table(name).columns
    named = any(column.name == "id" for column in columns)
    rows: list[Mapping[str, Any]] = []
    for entry in entries:
        record = {column.name: value_of(entry.data.get(column.name), column) for column in columns}
        record |= {"entry": entry.id} | ({"id": record["id"] or entry.id} if named else {})
        rows.append({**record, **(more(entry) if more else {})})
    return tables.build(rows, name)


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
