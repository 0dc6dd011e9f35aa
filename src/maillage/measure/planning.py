"""Which interviews were planned, held and refused, and which further ones would settle most.

An interview counts in one cell of the plan: the nearest that fits, first by place, then by class. What a further
interview would do is judged by the findings themselves: one helps where a voice of a class not heard on it yet would
lift its word most (`would_help`), more where a single voice can bring it down (`fragility`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.measure.respondents import ALL, Areas, Source, areas, groups, sources

MOST = 10
OPEN = ("not_reached", "too_few")
NOT_ASKED = ("figures",)  # published by somebody; people interviewed cannot confirm it


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of the sample: `planned` None where nobody planned it, `left` interviews still to be held.

    `reasons`: why people refused, code -> how many.
    """

    place: str | None
    stakeholder: str | None
    planned: int | None
    done: int = 0
    refused: int = 0
    left: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Next:
    """An interview worth holding: key findings it would strengthen, those of them that one voice decides, and why."""

    slot: Slot
    helps: tuple[str, ...]
    fragile: tuple[str, ...]
    themes: str | None


def slots(evidence: Evidence) -> list[Slot]:
    """The plan with what came of it, then interviews outside the plan, by place and class."""
    where, reasons = areas(evidence), dict(evidence.sources.select("id", "refusal").iter_rows())
    planned = {
        (place, group): count
        for place, group, count in evidence.plan.select("place", "stakeholder", "planned").iter_rows()
    }
    people: dict[tuple[str | None, str | None], list[Source]] = {slot: [] for slot in planned}
    for source in sources(evidence).values():
        if source.respondent:
            people.setdefault(_slot(source, planned, where, evidence), []).append(source)
    order = sorted(people, key=lambda slot: (slot not in planned, slot[0] or "", slot[1] or ""))
    return [_counted(slot, planned.get(slot), people[slot], reasons) for slot in order]


def _slot(
    source: Source, planned: Mapping[Any, int], where: Areas, evidence: Evidence
) -> tuple[str | None, str | None]:
    """The cell of the plan that an interview fills; its own place and class where the plan has none."""
    for area in where.of(source.place):
        for group in groups(source.stakeholder, evidence):
            if (area, group) in planned:
                return area, group
    return source.place, source.people


def _counted(
    slot: tuple[str | None, str | None],
    planned: int | None,
    people: Sequence[Source],
    reasons: Mapping[str, str | None],
) -> Slot:
    away = [reasons.get(source.id) or "not_said" for source in people if not source.consented]
    counts = {reason: away.count(reason) for reason in sorted(set(away))}
    done = len(people) - len(away)
    return Slot(*slot, planned, done, len(away), max((planned or 0) - done, 0), counts)


def further(evidence: Evidence, estimates: pl.DataFrame, findings: pl.DataFrame, keys: Sequence[str]) -> list[Next]:
    """At most ten interviews (place x class), the most useful first, each chosen as if those above it had been held.

    keys: ids of key findings. Candidates are cells of the plan with interviews left; for a key finding that none of
    these would help, the classes not heard on it in its place. Order: key findings helped, those that one voice
    decides, themes still coming up, interviews left.
    """
    known = slots(evidence)
    case = _case(evidence, estimates, findings, set(keys))
    waiting = [slot for slot in known if slot.left]
    helped = {row["id"] for slot in waiting for row in case.helped(slot)}
    waiting += _unplanned(case, known, helped)
    told: list[Next] = []
    while waiting and len(told) < MOST:
        best = min((case.judged(slot) for slot in waiting), key=_rank)
        waiting.remove(best.slot)
        if best.helps or best.slot.planned is not None:
            told.append(best)
        case.settled.update(best.helps)
    return told


def _rank(item: Next) -> tuple[int, int, bool, int, str, str]:
    slot = item.slot
    open_themes = item.themes in OPEN
    return -len(item.helps), -len(item.fragile), not open_themes, -slot.left, slot.place or "", slot.stakeholder or ""


@dataclass(frozen=True, slots=True)
class _Case:
    """Key findings that an interview would help, the classes heard on each, and those that a chosen one helps."""

    evidence: Evidence
    where: Areas
    wanted: Sequence[Mapping[str, Any]]
    heard: Mapping[str, set[str]]
    themes: Mapping[str, str]
    settled: set[str] = field(default_factory=set[str])

    def helped(self, slot: Slot) -> list[Mapping[str, Any]]:
        """Findings about the place, the nearest first, on which the class was not heard."""
        near, people = (*self.where.of(slot.place), ALL), _class(slot.stakeholder, self.evidence)
        rows = [row for row in self.wanted if row["id"] not in self.settled and row["place"] in near]
        rows = [row for row in rows if people not in self.heard[row["id"]]]
        return sorted(rows, key=lambda row: (near.index(row["place"]), row["id"]))

    def judged(self, slot: Slot) -> Next:
        """What an interview of this cell would do."""
        helps = self.helped(slot)
        near = (*self.where.of(slot.place), ALL)
        fragile = tuple(row["id"] for row in helps if row["fragility"] == 1)
        themes = next((self.themes[area] for area in near if area in self.themes), None)
        return Next(slot, tuple(row["id"] for row in helps), fragile, themes)


def _case(evidence: Evidence, estimates: pl.DataFrame, findings: pl.DataFrame, keys: set[str]) -> _Case:
    told = findings.filter(pl.col("id").is_in(sorted(keys)) & ~pl.col("measure").is_in(NOT_ASKED))
    wanted = told.filter(pl.col("would_help") == "interview").to_dicts()
    themes = estimates.filter(pl.col("measure") == "saturation").select("place", "answer").iter_rows()
    return _Case(evidence, areas(evidence), wanted, {row["id"]: _heard(row, evidence) for row in wanted}, dict(themes))


def _heard(row: Mapping[str, Any], evidence: Evidence) -> set[str]:
    """Classes of the people interviewed whose statements stand for or against a finding."""
    behind = evidence.observations.filter(pl.col("id").is_in(row["trace"] or []))["source"].unique().to_list()
    known = sources(evidence)
    return {str(known[name].people) for name in behind if name in known and known[name].respondent}


def _class(stakeholder: str | None, evidence: Evidence) -> str:
    return str(evidence.pack.attribute("stakeholders", stakeholder, "class") or stakeholder)


def _unplanned(case: _Case, known: Sequence[Slot], helped: set[str]) -> list[Slot]:
    """Cells outside the plan that would help findings which no planned interview would."""
    taken = {(slot.place, slot.stakeholder) for slot in known}
    stakeholders = case.evidence.pack.codes("stakeholders")
    every = [code for code in stakeholders if _class(code, case.evidence) == code]
    places = {row["place"] for row in case.wanted if row["id"] not in helped}
    real = sorted(place for place in places if place and place in case.where.of_place)
    return [Slot(place, code, None) for place in real for code in every if (place, code) not in taken]
