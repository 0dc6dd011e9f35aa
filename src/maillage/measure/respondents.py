"""Who counts, and where: respondents, what they said in the fields counting needs, areas that a place counts for.

A respondent is a source of kind interview. A statement about a place counts for the place, the places above it, the
zones that hold one of these, and ALL; a zone given as a place counts for itself and ALL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from maillage.evidence import Evidence

ALL = "ALL"
ZONE = "zone:"
UNANSWERED = frozenset({"not_asked", "no_answer"})
STATUS_ANSWERS = UNANSWERED | {"denied", "not_observed"}


@dataclass(frozen=True, slots=True)
class Source:
    """A source as counting sees it: `cluster` is its own id where none is given, `grade` A to E or None (F is none).

    `people`: the class that the stakeholder's group belongs to, or is. `interviewer`: who held the interview.
    """

    id: str
    kind: str
    place: str | None
    stakeholder: str | None
    people: str | None
    cluster: str
    grade: str | None
    date: str
    consented: bool
    interviewer: str | None = None

    @property
    def respondent(self) -> bool:
        """Whether it is an interview; only these enter k and n."""
        return self.kind == "interview"


@dataclass(frozen=True, slots=True)
class Statement:
    """One settled observation with its defaults filled in: place of the source, present, asserted.

    `fields` holds its columns as they stand in the table.
    """

    id: str
    source: Source
    place: str | None
    question: str
    answer: str | None
    polarity: str
    hypothesised: bool
    actor: str | None
    other: str | None
    market: str | None
    role: str | None
    content: tuple[str, ...]
    coerced: bool
    year: str | None
    final: bool
    fields: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def substantive(self) -> bool:
        """Whether it answers the question; a denial and a vain look do, no answer and not asked do not."""
        return self.answer not in UNANSWERED

    @property
    def affirms(self) -> bool:
        """Whether it says something, as present, and not as a mere hypothesis; a market said absent is not."""
        absent = self.question == "presence" and self.answer == "absent"
        said = self.answer not in STATUS_ANSWERS and not absent
        return said and self.polarity == "present" and not self.hypothesised


@lru_cache(maxsize=2)
def sources(evidence: Evidence) -> Mapping[str, Source]:
    """All sources of a study by id."""
    return {row["id"]: _source(row, evidence) for row in evidence.sources.sort("id").iter_rows(named=True)}


def _source(row: Mapping[str, Any], evidence: Evidence) -> Source:
    grade = row["reliability"]
    above = evidence.pack.attribute("stakeholders", row["stakeholder"], "class")
    return Source(
        id=row["id"],
        kind=row["kind"],
        place=row["place"],
        stakeholder=row["stakeholder"],
        people=str(above) if above else row["stakeholder"],
        cluster=row["cluster"] or row["id"],
        grade=None if grade == "F" else grade,
        date=row["date"] or "",
        consented=row["consent"] != "none",
        interviewer=row["interviewer"],
    )


def statements(evidence: Evidence, question: str | None = None) -> list[Statement]:
    """Statements on one question (all when None), sorted by id; published shares and reviews are none."""
    return [*_by_question(evidence).get(question, ())]


@lru_cache(maxsize=2)
def _by_question(evidence: Evidence) -> Mapping[str | None, Sequence[Statement]]:
    """Statements by question; under None all of them. Every measure asks for some of them."""
    known = sources(evidence)
    rows = evidence.observations.filter(~pl.col("kind").is_in(["share", "review"])).sort("id").iter_rows(named=True)
    every = [_statement(row, known) for row in rows if row["source"] in known]
    found: dict[str | None, list[Statement]] = {}
    for item in every:
        found.setdefault(item.question, []).append(item)
    return found | {None: every}


def _statement(row: Mapping[str, Any], known: Mapping[str, Source]) -> Statement:
    source = known[row["source"]]
    return Statement(
        id=row["id"],
        source=source,
        place=row["place"] or source.place,
        question=row["question"],
        answer=row["answer"],
        polarity=row["polarity"] or "present",
        hypothesised=row["modality"] == "hypothesised",
        actor=row["actor"],
        other=row["other"],
        market=row["market"],
        role=row["role"],
        content=tuple(row["content"] or ()),
        coerced=bool(row["coerced"]),
        year=year(row["period"] or source.date),
        final=row["stage"] == "final",
        fields=row,
    )


def year(period: str | None) -> str | None:
    """The one year a period lies in; None where it spans several or none is given."""
    years = {part[:4] for part in (period or "").split("/") if part}
    return years.pop() if len(years) == 1 else None


@dataclass(frozen=True, slots=True)
class Areas:
    """Where places count: place code -> the areas it belongs to, itself first."""

    of_place: Mapping[str, tuple[str, ...]]

    def of(self, place: str | None) -> tuple[str, ...]:
        """The areas of a place; a blank or unknown one counts for ALL only, a zone for itself and ALL."""
        if place is not None and place.startswith(ZONE):
            return (place, ALL)
        return self.of_place.get(place or "", (ALL,))


@lru_cache(maxsize=2)
def areas(evidence: Evidence) -> Areas:
    """Parents, zones (of study.yml and the table) and ALL for every place of the study."""
    parents: dict[str, str | None] = dict(evidence.places.select("code", "parent").iter_rows())
    zones = _zones(evidence)
    found: dict[str, tuple[str, ...]] = {}
    for place in parents:
        chain = _chain(place, parents)
        inside = sorted({f"{ZONE}{name}" for name, members in zones.items() if members & set(chain)})
        found[place] = (*chain, *inside, ALL)
    return Areas(found)


def _zones(evidence: Evidence) -> dict[str, set[str]]:
    zones = {name: set(members) for name, members in evidence.study.zones.items()}
    for name, place in evidence.zones.select("zone", "place").iter_rows():
        zones.setdefault(name, set()).add(place)
    return zones


def _chain(place: str, parents: Mapping[str, str | None]) -> list[str]:
    """A place and the places above it."""
    chain = [place]
    above = parents.get(place)
    while above is not None and above in parents and above not in chain:
        chain.append(above)
        above = parents[above]
    return chain


def groups(stakeholder: str | None, evidence: Evidence) -> tuple[str, ...]:
    """What a person counts for: their own group, the class above it, its family."""
    if stakeholder is None:
        return ()
    above = (evidence.pack.attribute("stakeholders", stakeholder, name) for name in ("class", "family"))
    return tuple(dict.fromkeys([stakeholder, *(str(name) for name in above if name)]))
