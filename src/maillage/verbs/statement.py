"""What a coder enters one at a time: a statement, checked as a row of a table is, and a passage of a text as it stands.

A passage is taken only where the text is the one that was read and holds the quoted words at that very place: nothing
is ever moved to where similar words stand.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage.errors import Finding, MaillageError, has_errors
from maillage.intake.load import load_tables
from maillage.intake.observations import examine
from maillage.intake.records import Reader
from maillage.intake.rows import Row, Rows
from maillage.intake.values import clean
from maillage.verbs.coding import Desk, mark, text_of, unfinished, whole
from maillage.verbs.entering import drafts

NEEDED = ("source", "kind", "question")


@dataclass(frozen=True, slots=True)
class Passage:
    """Where somebody read what: code points from 0, end-exclusive, of the text with this SHA-256, and the words."""

    start: int
    end: int
    sha256: str
    quote: str


@dataclass(frozen=True, slots=True)
class Stated:
    """Ids of the entries made (none where the coder said the same before), and warnings."""

    ids: tuple[str, ...]
    findings: tuple[Finding, ...]


def state(path: Path, said: Mapping[str, str], *, coder: str | None, passage: Passage | None = None) -> Stated:
    """Enter one statement: columns of `observations` as somebody wrote them; the kind follows from the question.

    Raises MaillageError `statement_refused` (findings), `passage_moved`, `blind_done`, `consent_refused`,
    `vault_locked` and those of `coding.desk`.
    """
    at = whole(path, coder)
    unfinished(at, said.get("source", ""))
    _agreed(at, said.get("source", ""))
    cells = {name: clean(text) for name, text in said.items() if text.strip()}
    asked = at.study.pack.questions.get(cells.get("question", ""))
    cells |= {"kind": asked.kind} if asked else {}
    if passage is not None:
        _stands(at, cells.get("source", ""), passage)
        cells |= {"start": str(passage.start), "end": str(passage.end)}
    rows = Rows("", list(dict.fromkeys([*NEEDED, *cells])), [Row(1, 1, dict.fromkeys(NEEDED, "") | cells)], [])
    reader = Reader(at.study.pack, load_tables(path, at.study.settings, at.study.pack.lookups, light=True).gazetteer)
    records, found = reader.read(rows, "observations")
    clusters = {row["id"]: row["cluster"] or row["id"] for row in at.known.sources.select("id", "cluster").to_dicts()}
    found += examine(records, found, "", reader=reader, clusters=clusters, standing=at.known.codings)
    if has_errors(found):
        raise MaillageError("statement_refused", findings=found, count=len(found))
    told = [record.data for record in records]
    sources = [str(record.get("source")) for record in told]  # the same statement can only stand on the same source
    own = at.known.codings.filter((pl.col("coder") == at.coder) & pl.col("source").is_in(sources))
    entries, _ = drafts(told, "observations", own)
    return Stated(tuple(at.keep(entries)), tuple(found))


def mark_read(
    path: Path, source: str, passage: Passage, code: str, *, coder: str | None, note: str | None = None
) -> str:
    """Give a passage a code, as `coding.mark`, where it still stands. Returns its id.

    Raises MaillageError also `passage_moved`, `consent_refused`.
    """
    at = whole(path, coder)
    _agreed(at, source)
    _stands(at, source, passage)
    return mark(path, source, (passage.start, passage.end), code, coder=coder, note=note)


def _agreed(at: Desk, source: str) -> None:
    """A refusal is data, what somebody who refused said is not: `check` would find it, so it is not entered."""
    if not at.known.sources.filter((pl.col("id") == source) & (pl.col("consent") == "none")).is_empty():
        raise MaillageError("consent_refused", value=source)


def _stands(at: Desk, source: str, passage: Passage) -> None:
    text = text_of(at, source)
    same = hashlib.sha256(text.encode()).hexdigest() == passage.sha256
    if not same or not passage.quote or text[passage.start : passage.end] != passage.quote:
        raise MaillageError("passage_moved", value=source)
