"""What coders make beside statements: codes, passages, memos, assignments, decisions, each a kind of log entry.

| kind | body |
|---|---|
| `code` | id, label_en, label_fr, parent, definition_en, definition_fr, retired |
| `passage` | source, start, end (code points, end-exclusive), sha256 (of the text), code, note |
| `memo` | about (id of a source, passage, statement or code), source, text |
| `assignment` | source, coder, blind, share, done |
| `decision` | source, question, market, actor, other, place, observations (log entries that count), reason |
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import polars as pl

from maillage.errors import Finding, finding
from maillage.study.entries import Entry
from maillage.study.rows import as_table


@dataclass(frozen=True, slots=True)
class Coded:
    """The tables of that name, sorted; `findings`: decisions that fell away because a statement they chose is gone."""

    passages: pl.DataFrame
    codebook: pl.DataFrame
    memos: pl.DataFrame
    assignments: pl.DataFrame
    decisions: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def coded(standing: Sequence[Entry], codings: pl.DataFrame, withdrawn: Set[str]) -> Coded:
    """The tables of standing entries in the order of their time; `codings`: standing statements of all coders."""
    of: dict[str, list[Entry]] = {}
    for entry in standing:
        if str(entry.data.get("source")) not in withdrawn:
            of.setdefault(entry.kind, []).append(entry)
    ids = dict(codings.select("entry", "id").iter_rows())
    memos = as_table(of.get("memo", []), "memos", {**SIGNED, "at": _written}).with_columns(pl.col("about").replace(ids))
    decisions, findings = _in_force(as_table(of.get("decision", []), "decisions", BY), ids)
    return Coded(
        passages=as_table(of.get("passage", []), "passages", SIGNED).sort("source", "start", "end", "id"),
        codebook=as_table(of.get("code", []), "codebook").sort("id"),
        memos=memos.sort("at", "id"),
        assignments=as_table(of.get("assignment", []), "assignments").sort("source", "coder", "entry"),
        decisions=decisions,
        findings=tuple(findings),
    )


def _user(entry: Entry) -> Any:
    """Whom another program named."""
    return entry.data.get("coder")


def _written(entry: Entry) -> Any:
    return entry.data.get("created") or entry.at


BY = {"coder": attrgetter("by")}
SIGNED = {**BY, "user": _user}


def _in_force(decisions: pl.DataFrame, ids: Mapping[str, str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Decisions all of whose statements stand, these by their id. The log names log entries: ids change with merges."""
    known = set(ids.values())
    chosen = [[ids.get(item, item) for item in row or ()] for row in decisions["observations"].to_list()]
    whole = [known.issuperset(row) for row in chosen]
    findings = [
        finding("decision_gone", file="log", value=name, source=source, question=question)
        for (name, source, question), there in zip(
            decisions.select("id", "source", "question").iter_rows(), whole, strict=True
        )
        if not there
    ]
    replaced = decisions.with_columns(observations=pl.Series(chosen, dtype=pl.List(pl.String())))
    return replaced.filter(pl.Series(whole, dtype=pl.Boolean())), findings


def visible(codings: pl.DataFrame, assignments: pl.DataFrame, coder: str) -> pl.DataFrame:
    """What a coder may see of a table with `source` and `coder`: their own, and of others where they code not blind.

    Blind ends with the coder's own work on that source, so that nobody can follow somebody else's codes.
    """
    closed = blind_to(assignments, coder)
    return codings.filter((pl.col("coder") == coder) | ~pl.col("source").is_in(closed))


def blind_to(assignments: pl.DataFrame, coder: str) -> list[str]:
    """Sources that a coder still codes blind."""
    own = (pl.col("coder") == coder) & pl.col("blind").fill_null(False) & ~pl.col("done").fill_null(False)
    return assignments.filter(own)["source"].unique().to_list()


def undecided(assignments: pl.DataFrame) -> list[str]:
    """Sources that somebody still codes blind: their differences are shown to nobody."""
    waiting = pl.col("blind").fill_null(False) & ~pl.col("done").fill_null(False)
    return assignments.filter(waiting)["source"].unique().sort().to_list()
