"""Which scores and ranks of an index a release lists: the same for every unit, whoever was asked there.

A score of a part exists where enough people were asked of it, a rank where two units have a score. A list of the
withheld ones alone would say so; so every part, rank and order is listed for every unit, few and nobody alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from maillage import composites
from maillage.estimate import estimate_id
from maillage.evidence import Evidence
from maillage.publish.composed import is_said
from maillage.publish.rules import Rules, withhold
from maillage.publish.sensitive import why_few

Row = Mapping[str, Any]
QUADRANTS, RELIABILITY, ORDER = "quadrants", "reliability", "rank_order"
ENOUGH, MOST = 2, 5000  # units with a score, for ranks; orders of two units at most
DOUBTS, WHOLE = ("", "@data", "@weights", "@methods"), ("", "@total")
SIDES = ("high_low", "high_high", "low_low", "low_high")
BASE = ("kind", "unit_of_analysis", "method")


def scores_alike(
    shown: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """The rows with one for every part, rank and order of each unit of an index of which scores may be held back.

    full: the rows as computed, by id. An order of two units is listed both ways, since its id begins with the one that
    stands higher; where these would be more than `MOST`, none is that is held back.
    """
    rows = {row["id"]: row for row in shown}
    for name, spec in evidence.pack.indices.items():
        listed = _Listed(name, spec, units_of(name, full), rows, full)
        if not listed.units or not _is_secret(name, spec, known, full):
            continue
        for number in listed.numbers():
            if not is_said(rows.get(number["id"]), known, full):
                rows[number["id"]] = withhold(number, why_few(number, evidence, known))
        if listed.too_many:
            rows = {ident: row for ident, row in rows.items() if row["status"] == "ok" or not listed.orders(row)}
    return list(rows.values())


def units_of(name: str, full: Mapping[str, Row]) -> list[str]:
    """The units that an index scores, or says of that it has no score."""
    return sorted({row["place"] for row in full.values() if row["id"] == f"{name}/{row['place']}"})


def _is_secret(name: str, spec: composites.Spec, known: Rules, full: Mapping[str, Row]) -> bool:
    """Whether a score that rests on people could be withheld from the audience; each rests on `least` of them."""
    few = int(spec.get("least", composites.LEAST)) < known.threshold
    return any(row["measure"] == name and known.behind(row["trace"]) and (few or known.strict(row))
               for row in full.values())  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Listed:
    """What is listed of one index. rows: as they are seen so far; full: as they were computed."""

    name: str
    spec: composites.Spec
    units: Sequence[str]
    rows: Mapping[str, Row]
    full: Mapping[str, Row]

    def numbers(self) -> Iterator[Row]:
        """Every number that the audience may not have to see, as one of nobody."""
        yield from (self._one("score", self.name, unit, place=unit, answer=self.name) for unit in self.units)
        for node in self.spec["nodes"]:
            if self._is_asked(node):
                yield from (self._one("score", self.name, unit, node, place=unit) for unit in self.units)
        for node in self._ranked():
            yield from (self._one("share", RELIABILITY, node, unit, place=unit) for unit in self.units)
            yield from () if self._is_open(node) else self._ranks(node)
        yield from self._quadrants()

    @property
    def too_many(self) -> bool:
        """Whether there are too many orders of two units to list."""
        return len(self._ranked()) * len(self.units) * (len(self.units) - 1) > MOST

    def orders(self, row: Row) -> bool:
        """Whether a row is an order of two units by this index."""
        return row["measure"] == ORDER and row["id"].split("/")[1] in self._ranked()

    def _ranks(self, node: str) -> Iterator[Row]:
        for unit in self.units:
            yield from (self._one("rank", "rank", node, f"{unit}{doubt}", place=unit) for doubt in DOUBTS)
        for one, other in () if self.too_many else permutations(self.units, 2):
            yield self._one("share", ORDER, node, f"{one}~{other}", place=one)
        for choice in {**(self.spec.get("choices") or {"weights": ""}), "data": ""}:
            yield from (self._one("share", "sensitivity", node, f"{choice}{tail}") for tail in WHOLE)
        below = [code for code in self.spec["nodes"] if node in (self.name, *self._above(code))]
        yield from (self._one("ranks", "drop_each", node, code) for code in below)

    def _quadrants(self) -> Iterator[Row]:
        """Where a unit lies between two indices."""
        for unit in self.units if "against" in self.spec else ():
            yield from (self._one("share", QUADRANTS, unit, *side, place=unit, answer=None)
                        for side in ((), *((name,) for name in SIDES)))  # fmt: skip

    def _one(self, unit: str, measure: str, *parts: str, place: str | None = None, **columns: Any) -> Row:
        """A number of nobody: what its id says of it and what is the same for all of the index."""
        model = self.full[f"{self.name}/{self.units[0]}"]
        node = next((part for part in parts if part in (self.name, *self.spec["nodes"])), None)
        return {
            **dict.fromkeys(model), **{name: model[name] for name in BASE}, "id": estimate_id(measure, *parts),
            "measure": measure, "place": place, "unit": unit, "answer": node, "status": "too_few", "trace": [],
            "counted": [], **columns,
        }  # fmt: skip

    def _is_asked(self, node: str) -> bool:
        """Whether a node holds anything that people are asked."""
        nodes = composites.leaves(self.spec)
        return any(not str(nodes[leaf]["from"]).startswith("indicators/")
                   for leaf in composites.leaves_below(self.spec, node))  # fmt: skip

    def _above(self, code: str) -> Iterator[str]:
        above = self.spec["nodes"][code].get("parent")
        while above is not None and above != self.name:
            yield above
            above = self.spec["nodes"][above].get("parent")

    def _ranked(self) -> list[str]:
        """What units could be ranked by: the whole, or its parts where too few scores of the whole are published."""
        tops = [f"{self.name}/{unit}" for unit in self.units]
        if sum(ident in self.rows and self.rows[ident]["status"] == "ok" for ident in tops) >= ENOUGH:
            return [self.name]
        whole = self.spec["nodes"].items()
        parts = [code for code, node in whole if "from" not in node and node.get("parent", self.name) == self.name]
        return [self.name, *(code for code in parts if self._is_asked(code))]

    def _is_open(self, node: str) -> bool:
        """Whether ranks by a node are published, all that there are."""
        own = [row for row in self.rows.values() if row["measure"] == "rank" and row["id"].split("/")[1] == node]
        return any(row["status"] == "ok" for row in own) and not any(row["status"] == "withheld" for row in own)
