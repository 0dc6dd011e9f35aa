"""What could be had by subtracting one published number from another, and is therefore not published.

Two numbers of which one rests on part of the people of the other give away the rest of them. The whole is kept, the
part goes: regions before districts, families before classes. Overlapping groups that do not lie inside one another
are not looked through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.members import Members
from maillage.publish.rules import SMALL, Rules, in_words, rests_on, withhold

Row = Mapping[str, Any]
KINDS = {"shares", "scores"}
OF_PEOPLE = ("n", "low", "high", "interval")  # of code coverage: how many answered, and bounds that reach up to it


@dataclass(frozen=True, slots=True)
class Told:
    """One published number: who was asked. Who said so has no part in it: that is a matter of the union.

    heard: who could have been asked: that they were not is an answer too.
    """

    name: str
    asked: frozenset[str]
    heard: frozenset[str] = frozenset()


def refused(told: Sequence[Told], least: int) -> set[str]:
    """Names of numbers that would let the rest of a larger one be had, where that is of fewer people than `least`."""
    kept: list[Told] = []
    lost: set[str] = set()
    for part in sorted(told, key=lambda item: (-len(item.asked), -len(item.heard), item.name)):
        wholes = [whole for whole in kept if part.asked <= whole.asked]
        if all(_safe(part, whole, kept, least) for whole in wholes):
            kept.append(part)
        else:
            lost.add(part.name)
    return lost


def _safe(part: Told, whole: Told, kept: Sequence[Told], least: int) -> bool:
    """The whole less this part, and less this part and all others that lie beside it."""
    return _rest(whole, [part], least) and _rest(whole, _beside(part, whole, kept), least)


def _beside(part: Told, whole: Told, kept: Sequence[Told]) -> list[Told]:
    """This part and the largest other parts of the whole that share nobody with it or each other."""
    parts, seen = [part], set(part.asked)
    for other in kept:
        if other.asked < whole.asked and not other.asked & seen:
            parts.append(other)
            seen |= other.asked
    return parts


def _rest(whole: Told, parts: Sequence[Told], least: int) -> bool:
    asked = whole.asked.difference(*(part.asked for part in parts))
    silent = whole.heard.difference(*(part.heard for part in parts))
    return len(asked) >= least or (not asked and (not silent or len(silent) >= least))


def without_differences(
    shown: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row], members: Members
) -> list[dict[str, Any]]:
    """The rows of a release in which no share and no sample count follows from two others.

    full: the rows as computed, by id; their traces say who stands behind a number. members: who could have been asked.
    """
    spec = evidence.pack.measures
    rows = {row["id"]: row for row in shown}
    counted = [row for row in shown if row["kind"] in KINDS and row["status"] == "ok" and _told(row)]
    asked: dict[tuple[Any, ...], list[Row]] = {}
    for row in counted:
        question = (spec.get(row["measure"]) or {}).get("question") or row["answer"]
        asked.setdefault((row["kind"], question, row["market"]), []).append(row)
    for group in asked.values():
        _drop(rows, group, known, full=full, members=members)
    _drop_samples(rows, known, evidence, full)
    return [rows[row["id"]] for row in shown]


def _told(row: Row) -> bool:
    """Whether a row says how many were asked; the mean of a scale always rests on a group that could be the rest."""
    return row["n"] is not None or row["kind"] == "scores"


def _drop(
    rows: dict[str, dict[str, Any]], group: Sequence[Row], known: Rules, *, full: Mapping[str, Row],
    members: Members,
) -> None:  # fmt: skip
    strict = any(known.strict(row) for row in group)
    least = SMALL if strict else known.threshold
    told: list[Told] = []
    alike: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for row in group:
        people = known.behind(rests_on(full[row["id"]]))
        here = people, members.behind(row) | people
        if here not in alike:
            told.append(Told(row["id"], *here))
        alike.setdefault(here, []).append(row["id"])
    lost = refused(told, least)
    for names in alike.values():
        for ident in names if names[0] in lost else ():
            worded = strict and full[ident]["kind"] == "shares"
            rows[ident] = in_words(full[ident]) if worded else withhold(full[ident], "differencing")


def _drop_samples(rows: dict[str, dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row]) -> None:
    """Interviews by class and those with answers: what, with the total, would give a few people away goes."""
    samples = [row for row in rows.values() if row["kind"] == "coverage" and row["status"] == "ok"]
    told = [Told(row["id"], known.behind(full[row["id"]]["trace"])) for row in samples]
    people = evidence.sources.filter((pl.col("kind") == "interview") & (pl.col("consent") != "none"))
    heard = frozenset(people["id"])
    for name in refused([Told("", heard.union(*(item.asked for item in told))), *told], known.threshold):
        counted = full[name]["measure"] == "sample"
        rows[name] = withhold(full[name], "differencing") if counted else {**rows[name], **dict.fromkeys(OF_PEOPLE)}
