"""What coders make beside statements: codes, passages, memos, assignments, decisions, each a kind of log entry.

| kind | body |
|---|---|
| `code` | id, label_en, label_fr, parent, definition_en, definition_fr, retired |
| `passage` | source, start, end (code points, end-exclusive), sha256 (of the text), code, note |
| `memo` | about (id of a source, passage, statement or code), source, text |
| `assignment` | source, coder, blind, share, done |
| `quote` | id, source, verbatim, text_en, text_fr |
| `approval` | quote (log entry of a quote), source |
| `decision` | source, question, market, actor, other, place, observations (log entries that count), reason |
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import polars as pl

from maillage.errors import Finding, finding
from maillage.study.entries import Entry


@dataclass(frozen=True, slots=True)
class Coded:
    """The tables of that name, sorted; `findings`: decisions that fell away because a statement they chose is gone."""

    passages: pl.DataFrame
    codebook: pl.DataFrame
    memos: pl.DataFrame
    assignments: pl.DataFrame
    decisions: pl.DataFrame
    quotes: pl.DataFrame
    approvals: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def coded(
    tables: Mapping[str, pl.DataFrame], codings: pl.DataFrame, before: Coded | None = None, same: Set[str] = frozenset()
) -> Coded:
    """The tables of standing entries by kind, as somebody works with them; `codings`: statements of all coders.

    before: an earlier outcome, taken over where the tables of the kinds in `same` did not change.
    """
    memos = tables["memo"]
    unchanged = before if before and {"memo", "observation"} <= same else None
    if unchanged is None:
        memos = memos.with_columns(pl.col("about").replace(_ids(codings, memos["about"].to_list())))
    decisions, findings = in_force(tables["decision"], codings)
    return Coded(
        passages=before.passages
        if before and "passage" in same
        else tables["passage"].sort("source", "start", "end", "id"),
        codebook=tables["code"].sort("id"),
        memos=unchanged.memos if unchanged else memos.sort("at", "id"),
        assignments=tables["assignment"].sort("source", "coder", "entry"),
        decisions=decisions,
        quotes=tables["quote"].sort("id", "entry").unique("id", keep="last", maintain_order=True),
        approvals=tables["approval"].sort("id"),
        findings=tuple(findings),
    )


def _ids(codings: pl.DataFrame, asked: Sequence[str | None]) -> dict[str, str]:
    """Log entry -> id today of the statements among those asked for, by either."""
    wanted = list({name for name in asked if name is not None})
    found = codings.filter(pl.col("entry").is_in(wanted) | pl.col("id").is_in(wanted))
    return dict(found.select("entry", "id").iter_rows())


def _user(entry: Entry) -> Any:
    """Whom another program named."""
    return entry.data.get("coder")


def _written(entry: Entry) -> Any:
    return entry.data.get("created") or entry.at


BY = {"coder": attrgetter("by")}
SIGNED = {**BY, "user": _user}
WRITTEN = {**SIGNED, "at": _written}


def in_force(decisions: pl.DataFrame, codings: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Decisions all of whose statements stand, these by their id. The log names log entries: ids change with merges."""
    ids = _ids(codings, [item for row in decisions["observations"].to_list() for item in row or ()])
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
