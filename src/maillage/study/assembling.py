"""From entries that count to the tables that a study is worked with: the last step of a replay.

What an entry changed is made anew, the rest is taken as it was before: most entries concern one table.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from maillage.errors import Finding, finding
from maillage.study import sealing
from maillage.study.coded import BY, SIGNED, WRITTEN, Coded, coded
from maillage.study.entries import Entry
from maillage.study.folder import Study
from maillage.study.log import head_of_ends
from maillage.study.rows import TABLES, as_table
from maillage.study.settling import settled

MORE: Mapping[str, Any] = {"observation": BY, "passage": SIGNED, "memo": WRITTEN, "decision": BY, "quote": BY,
                           "approval": BY}  # fmt: skip


class End(NamedTuple):
    """Where a log ends: lines, hash and day of the last, whether all of it is good."""

    lines: int
    head: str
    day: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What a replay is put together from.

    `logs`: the entries of each log that can be read, each once; `tables`: standing entries by kind, as entered;
    `findings` on logs that do not change with an entry; the rest as in `Replay`.
    """

    logs: Mapping[str, tuple[Entry, ...]]
    ends: Mapping[str, End]
    standing: tuple[Entry, ...]
    retracted: int
    withdrawn: Set[str]
    tables: Mapping[str, pl.DataFrame]
    conflicts: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    closed: int
    erased: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """The logs as tables. `date` is the day of the last entry of all logs, `retracted` counts what no longer stands.

    `entries`: all that can be read, each once, in the order of the logs; `standing`: those that count, by time.
    `heads`: log file -> how many entries, hash of the last, for logs without damage.
    `closed` counts entries of informants that cannot be read because the vault is locked; `erased` names informants
    whose key was destroyed, `withdrawn` sources of whom nothing counts any more. `parts`: what it was put together
    from, so that the next entry needs no reading anew.
    """

    sources: pl.DataFrame
    observations: pl.DataFrame
    codings: pl.DataFrame
    retracted: int
    findings: tuple[Finding, ...]
    head: str
    date: str
    coded: Coded
    parts: Parts = field(repr=False)
    entries: tuple[Entry, ...] = ()
    standing: tuple[Entry, ...] = ()
    heads: Mapping[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])
    closed: int = 0
    erased: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def table_of(kind: str, standing: Iterable[Entry], withdrawn: Set[str]) -> pl.DataFrame:
    """Standing entries of a kind as its table, without those that rest on a source which withdrew."""
    told = [entry for entry in standing if entry.kind == kind]
    if withdrawn and kind != "source":
        told = [entry for entry in told if str(entry.data.get("source")) not in withdrawn]
    return as_table(told, TABLES[kind], MORE.get(kind))


def tables_of(standing: Iterable[Entry], withdrawn: Set[str]) -> dict[str, pl.DataFrame]:
    """As `table_of`, for every kind."""
    told: dict[str, list[Entry]] = {}
    for entry in standing:
        told.setdefault(entry.kind, []).append(entry)
    return {kind: table_of(kind, told.get(kind, ()), withdrawn) for kind in TABLES}


def assembled(study: Study, parts: Parts, before: Replay | None = None) -> Replay:
    """The replay of these parts. before: an earlier one of the same study and settings, whose tables are kept where
    what they are made of did not change."""
    tables, old = parts.tables, before.parts.tables if before else {}
    same = {kind for kind in tables if tables[kind] is old.get(kind)}
    sources = _without_consent(tables["source"], parts.withdrawn)
    kept = before and "observation" in same
    codings = before.codings if before and kept else unique_ids(tables["observation"]).sort("id")
    more = coded(tables, codings, before.coded if before else None, same)
    settles = {"observation", "decision", "source"} <= same
    return Replay(
        sources=sources.sort("id"),
        observations=before.observations
        if before and settles
        else settled(codings, study.settings.coders, more.decisions, sources).sort("id"),
        codings=codings,
        retracted=parts.retracted,
        findings=(
            *parts.findings,
            *parts.conflicts,
            *more.findings,
            *([finding("entries_closed", file="log", count=parts.closed)] if parts.closed else []),
        ),
        head=head_of_ends((name, end.head) for name, end in parts.ends.items()),
        date=max((end.day for end in parts.ends.values()), default=""),
        coded=more,
        parts=parts,
        entries=tuple(chain.from_iterable(parts.logs[name] for name in sorted(parts.logs))),
        standing=parts.standing,
        heads={name: (end.lines, end.head) for name, end in parts.ends.items() if end.whole},
        closed=parts.closed,
        erased=parts.erased,
        withdrawn=tuple(sorted(parts.withdrawn)),
    )


def _without_consent(sources: pl.DataFrame, withdrawn: Set[str]) -> pl.DataFrame:
    """Who withdrew counts as somebody who was asked and refused; what they are stays in the record."""
    gone = pl.col("id").is_in(sorted(withdrawn)) & pl.col("kind").is_in(sorted(sealing.INFORMANTS))
    return sources.with_columns(consent=pl.when(gone).then(pl.lit("none")).otherwise("consent"))


def unique_ids(codings: pl.DataFrame) -> pl.DataFrame:
    """Where two coders use one id, the later coder's (by name) becomes `<id>~<coder>`."""
    first = pl.col("coder").min().over("id")
    renamed = pl.when(pl.col("coder") == first).then(pl.col("id")).otherwise(pl.format("{}~{}", "id", "coder"))
    return codings.with_columns(id=renamed)
