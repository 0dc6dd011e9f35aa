"""`maillage assign`: who codes which source, a stated share of them twice and blind, drawn by the study's seed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

import polars as pl

from maillage.errors import MaillageError
from maillage.study.entries import Draft
from maillage.verbs.coding import Desk, whole


@dataclass(frozen=True, slots=True)
class Work:
    """One source for one coder."""

    source: str
    coder: str
    blind: bool


def assign(
    path: Path, sources: Sequence[str], *, to: Sequence[str], double: int, blind: bool, coder: str | None
) -> list[Work]:
    """Assign sources to coders and return what is new; without `sources`, all that nobody has yet.

    double: per cent of these sources that two coders get, blind unless told otherwise. People who refused are left
    out. Raises MaillageError `assign_alone`, `assign_share`, `coder_unknown`, `thing_unknown`, `vault_locked`.
    """
    at = whole(path, coder)
    coders = list(to) or list(at.study.settings.coders)
    unknown = [name for name in coders if name not in at.study.settings.coders]
    if unknown:
        raise MaillageError("coder_unknown", coder=", ".join(unknown), coders=", ".join(at.study.settings.coders))
    if not 0 <= double <= 100:
        raise MaillageError("assign_share", value=double)
    if double and len(set(coders)) < 2:
        raise MaillageError("assign_alone")
    works = plan(_free(at, sources), coders, seed=at.study.settings.seed, double=double, blind=blind)
    share = format(double / 100, "g")
    at.keep([Draft("assert", "assignment", {**_told(work), "share": share}) for work in works])
    return works


def _told(work: Work) -> dict[str, str]:
    return {"source": work.source, "coder": work.coder, "blind": "yes" if work.blind else "no"}


def _free(at: Desk, wanted: Sequence[str]) -> list[str]:
    """Sources that nobody has yet, of those wanted."""
    known = at.known.sources.filter(pl.col("consent").fill_null("") != "none")["id"].to_list()
    lost = [name for name in wanted if name not in known]
    if lost:
        raise MaillageError("thing_unknown", value=", ".join(lost))
    taken = set(at.known.coded.assignments["source"])
    return [name for name in (wanted or known) if name not in taken]


def plan(sources: Sequence[str], coders: Sequence[str], *, seed: int, double: int, blind: bool) -> list[Work]:
    """The order is drawn from the seed and each source's id, so that anybody draws the same again.

    The first `double` per cent (rounded up) get two coders, all pairs in turn; the sources go round among the coders.
    """
    drawn = sorted(set(sources), key=lambda name: hashlib.sha256(f"{seed}/assign/{name}".encode()).digest())
    twice, many = ceil(Fraction(double, 100) * len(drawn)), len(coders)
    works: list[Work] = []
    for turn, source in enumerate(drawn):
        pair = [turn % many]
        if turn < twice:
            pair.append((turn + 1 + turn // many % (many - 1)) % many)
        works += [Work(source, coders[place], blind and turn < twice) for place in pair]
    return works


def done(path: Path, source: str, *, coder: str | None) -> None:
    """The coder has finished a source. Raises MaillageError `not_assigned`, `vault_locked`."""
    at = whole(path, coder)
    for entry in at.known.standing:
        if entry.kind == "assignment" and (entry.data["source"], entry.data["coder"]) == (source, at.coder):
            at.keep([Draft("supersede", "assignment", {**entry.data, "done": "yes"}, of=entry.id)])
            return
    raise MaillageError("not_assigned", value=source, coder=at.coder)
