"""What a coder sees of the sources of a study: the shelf, and one source opened, with what they may know of others.

Whoever codes a source blind gets nothing that somebody else said of it: no statement, no passage, no memo.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import MaillageError
from maillage.study.coded import visible
from maillage.verbs.coding import Desk, look, text_of

NOT_BEGUN, BEGUN, DONE, REFUSED = "not_begun", "begun", "done", "refused"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A source as the list shows it: its row, how far the coder is, and whether it is theirs and blind."""

    source: Mapping[str, Any]
    state: str
    mine: bool
    blind: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One source opened. `text` None: there is none in this copy. Tables hold what this coder may see."""

    shelved: Shelved
    text: str | None
    sha256: str
    statements: pl.DataFrame
    passages: pl.DataFrame
    memos: pl.DataFrame


def shelf(at: Desk) -> list[Shelved]:
    """Every source that can be read, by id."""
    begun = set(_own(at.known.codings, at.coder)["source"]) | set(_own(at.known.coded.passages, at.coder)["source"])
    tasks: dict[str, list[Mapping[str, Any]]] = {}
    for row in at.known.coded.assignments.iter_rows(named=True):
        tasks.setdefault(row["source"], []).append(row)
    return [_shelved(at, row, tasks.get(row["id"], []), begun) for row in at.known.sources.iter_rows(named=True)]


def _shelved(at: Desk, source: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]], begun: set[Any]) -> Shelved:
    own = [row for row in tasks if row["coder"] == at.coder]
    state = BEGUN if source["id"] in begun else NOT_BEGUN
    if source["consent"] == "none":
        state = REFUSED
    elif any(row["done"] for row in own):
        state = DONE
    others = tuple(sorted({row["coder"] for row in tasks} - {at.coder}))
    return Shelved(source, state, bool(own), any(row["blind"] for row in own), others)


def _own(table: pl.DataFrame, coder: str) -> pl.DataFrame:
    return table.filter(pl.col("coder") == coder)


def reading(path: Path, source: str, *, coder: str | None) -> Reading:
    """Open a source. Raises MaillageError `thing_unknown`, `vault_locked` and those of `coding.look`."""
    at = look(path, coder)
    one = next((item for item in shelf(at) if item.source["id"] == source), None)
    if one is None:
        raise MaillageError("vault_locked") if at.known.closed else MaillageError("thing_unknown", value=source)
    text = text_or_none(at, source)
    coded = at.known.coded
    seen = [visible(table, coded.assignments, at.coder) for table in (at.known.codings, coded.passages, coded.memos)]
    statements, passages, memos = (table.filter(pl.col("source") == source) for table in seen)
    digest = "" if text is None else hashlib.sha256(text.encode()).hexdigest()
    return Reading(one, text, digest, statements, passages, memos)


def text_or_none(at: Desk, source: str) -> str | None:
    """The text of a source, None where this copy has none. Raises MaillageError `vault_locked`."""
    try:
        return text_of(at, source)
    except MaillageError as problem:
        if problem.code not in ("text_missing", "text_withdrawn"):
            raise
        return None


def memos_on_code(at: Desk, code: str) -> pl.DataFrame:
    """Memos about a code: they belong to no source, so everybody may read them."""
    return at.known.coded.memos.filter((pl.col("about") == code) & pl.col("source").is_null())
