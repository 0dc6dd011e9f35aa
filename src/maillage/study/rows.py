"""Log entries as rows of the dictionary's tables."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from math import isfinite
from types import NoneType
from typing import Any

import polars as pl

from maillage import tables
from maillage.study.entries import LARGEST, Entry
from maillage.tables import Column

MAKE: Mapping[str, Callable[[Any], Any]] = {"number": float, "integer": int, "flag": lambda value: value == "yes"}
TABLES = {"source": "sources", "observation": "observations", "code": "codebook", "passage": "passages",
          "memo": "memos", "assignment": "assignments", "decision": "decisions", "quote": "quotes",
          "approval": "approvals"}  # fmt: skip
SAYING = ("assert", "supersede")  # the operations whose body is a whole row


def fits(kind: str, op: str, body: Mapping[str, Any]) -> bool:
    """Whether the body of an entry has what its table requires, texts where it has texts, and numbers and lists that
    are such: a log that somebody hands over may hold anything."""
    looks, required = _judged(kind, tuple(body), tuple(map(type, body.values())))
    if looks is None:
        return False
    for name, check in looks:
        value = body[name]
        if value != "" and not check(value):
            return False
    return op not in SAYING or all(map(body.get, required))


@lru_cache(maxsize=4096)  # a log has few shapes of bodies, and very many bodies
def _judged(
    kind: str, names: tuple[str, ...], types: tuple[type, ...]
) -> tuple[tuple[tuple[str, Callable[[Any], bool]], ...] | None, tuple[str, ...]]:
    """What is left to look at in the values of a body of this shape (None: no such body fits), and what it needs."""
    checked, texts, required = _shape(kind)
    said = [(name, made) for name, made in zip(names, types, strict=True) if made is not NoneType]
    if any(made is not str for name, made in said if name in texts):
        return None, required
    plain = {name for name, made in said if made is int and checked.get(name) is _is_integer}
    return tuple((name, checked[name]) for name, _ in said if name in checked and name not in plain), required


@cache
def _shape(kind: str) -> tuple[Mapping[str, Callable[[Any], bool]], frozenset[str], tuple[str, ...]]:
    """Checks of the columns that are no texts, the columns that are, and those that an entry must have."""
    columns = tables.table(TABLES[kind]).columns if kind in TABLES else ()
    checked = {one.name: CHECK.get(one.type, _is_list) for one in columns if one.type in {*CHECK, *LISTS}}
    texts = frozenset(one.name for one in columns if one.name not in checked)
    return checked, texts, tuple(one.name for one in columns if one.required and one.name != "id")


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str | int) and isfinite(float(value))
    except ValueError:
        return False


def _is_integer(value: Any) -> bool:
    if type(value) is int:
        return True  # a log holds none beyond what a column takes
    try:
        return isinstance(value, str) and abs(int(value)) <= LARGEST
    except ValueError:
        return False


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


LISTS = {"codes", "places", "ids"}
CHECK: Mapping[str, Callable[[Any], bool]] = {"number": _is_number, "integer": _is_integer}


def as_table(
    entries: Sequence[Entry], name: str, more: Mapping[str, Callable[[Entry], Any]] | None = None
) -> pl.DataFrame:
    """Entries as a table of the dictionary; the id is the coder's own where there is one, else that of the entry.

    more: columns that are not in the body of an entry, such as who entered it.
    """
    known = tables.table(name)
    bodies = [entry.data for entry in entries]
    said = set[str]().union(*bodies)  # most entries leave most columns blank
    filled = [column for column in known.columns if column.name in said]
    found = zip(*_rows(bodies, [column.name for column in filled]), strict=True)
    columns = {column.name: _values(values, column) for column, values in zip(filled, found, strict=False)}
    columns["entry"] = [entry.id for entry in entries]
    if "id" in known.names:
        own = columns.get("id", [None] * len(entries))
        columns["id"] = [name or there for name, there in zip(own, columns["entry"], strict=True)]
    for column, told in (more or {}).items():
        columns[column] = [told(entry) for entry in entries]
    frame = pl.DataFrame(columns, schema={name: known.schema[name] for name in columns}, strict=False)
    return tables.filled(frame, name)


def _rows(bodies: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """What each body says under each name, None where it says nothing: one look at each body, as there are many."""
    return [tuple(map(body.get, names)) for body in bodies]


def value_of(value: Any, column: Column) -> Any:
    """A value of a log body (text, whole number, list) in the type of its column."""
    return _values([value], column)[0]


def _values(found: Sequence[Any], column: Column) -> list[Any]:
    make = MAKE.get(column.type)
    if make is None or (make is int and {int, NoneType}.issuperset(map(type, found))):
        return [None if value == "" else value for value in found] if "" in found else list(found)
    return [None if value is None or value == "" else make(value) for value in found]
