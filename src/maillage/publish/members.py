"""Who could have been asked for a number: everybody heard in its place and of its class, as neighbours know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.ladders import ALL, Ladders
from maillage.publish.rules import PERSONAL

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Members:
    """People by area and by group of people, both with all that lie inside."""

    every: frozenset[str]
    areas: Mapping[str, frozenset[str]]
    groups: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, evidence: Evidence, above: Ladders) -> "Members":
        """Everybody heard, with or without an answer; who refused is in no number."""
        spoke = pl.col("kind").is_in(sorted(PERSONAL)) & (pl.col("consent") != "none")
        people = evidence.sources.filter(spoke).select("id", "place", "stakeholder").rows()
        areas, groups = dict[str, set[str]](), dict[str, set[str]]()
        for person, place, group in people:
            for area in {place, *above.areas.get(place, ())} - {None}:
                areas.setdefault(area, set()).add(person)
            for kind in {group, *above.groups.get(group, ())} - {None}:
                groups.setdefault(kind, set()).add(person)
        return cls(frozenset(person for person, _, _ in people), _frozen(areas), _frozen(groups))

    def behind(self, row: Row) -> frozenset[str]:
        """Who could have been asked for a number."""
        here = self.every if row["place"] in (None, ALL) else self.areas.get(row["place"], frozenset())
        return here if row["group"] in (None, ALL) else here & self.groups.get(row["group"], frozenset())


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(people) for name, people in found.items()}
