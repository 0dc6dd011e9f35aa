"""Scores of an index in one round, and what changed between two: what an audience outside the team may be told.

A score of all rounds less that of one round is that of the others. So rounds are told of an area only where each of
them, and what was said in none, rests on ten people or nobody; every other is listed for each area and part alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from maillage import composites
from maillage.estimate import estimate_id
from maillage.evidence import Evidence, Settings
from maillage.publish.composed import CHANGE, is_of_few_parts
from maillage.publish.listed_scores import BASE, units_of
from maillage.publish.rules import SMALL, Rules, in_whole_numbers, withhold
from maillage.publish.sensitive import why_few

Row = Mapping[str, Any]
VERSIONS = "round_versions"


def of_rounds(
    decided: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """The rows with every score by round and every change that rests on people told, or listed as one of few.

    full: the rows as computed, by id. What rests on public evidence alone stays as it is.
    """
    rows = {row["id"]: row for row in decided}
    for name, spec in evidence.pack.indices.items() if evidence.study.rounds else ():
        own = {ident: row for ident, row in full.items() if _is_of_round(row, name, spec)}
        if any(known.behind(row["trace"]) for row in full.values() if row["measure"] == name):
            found = _Rounds(name, spec, known, evidence, full)
            rows = {ident: row for ident, row in rows.items() if ident not in own} | found.rows(rows)
    return list(rows.values())


def _is_of_round(row: Row, name: str, spec: composites.Spec) -> bool:
    score = row["measure"] == name and "@" in row["id"]
    return score or (row["measure"] == CHANGE and row["answer"] in (name, *spec["nodes"]))


@dataclass(frozen=True, slots=True)
class _Rounds:
    """One index of a study with rounds. full: the rows as computed, by id."""

    name: str
    spec: composites.Spec
    known: Rules
    evidence: Evidence
    full: Mapping[str, Row]

    def rows(self, decided: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Every score by round and change, by id."""
        return {
            number["id"]: self._seen(number, decided.get(number["id"]), safe=self._is_safe(unit, node))
            for unit in units_of(self.name, self.full)
            for node in composites.parts(self.spec, self.name)
            for number in self._numbers(unit, node)
        }

    def _seen(self, number: Row, row: dict[str, Any] | None, *, safe: bool) -> dict[str, Any]:
        """A number as it may be told. number: the same of nobody; row: as it was decided so far."""
        if number["reason"] == VERSIONS:
            return dict(number)
        if safe and row is not None and self._is_told(row):
            return in_whole_numbers(row, self.known)
        return withhold(number, why_few(number, self.evidence, self.known))

    def _numbers(self, unit: str, node: str) -> Iterator[Row]:
        """Every number that there could be, as one of nobody; of two versions, that they are not compared."""
        study = self.evidence.study
        for when in study.rounds:
            yield self._one(f"{self._stem(unit, node)}@{when}", self.name, unit, node, study.rounds[when])
        for pair in pairwise(study.rounds):
            ident = estimate_id(CHANGE, node, unit, "~".join(pair))
            first, last = (study.rounds[when] for when in pair)
            row = self._one(ident, CHANGE, unit, node, f"{first.partition('/')[0]}/{last.rpartition('/')[2]}")
            same = len({_version(when, study) for when in pair}) == 1
            yield row if same else {**row, "status": "not_computable", "reason": VERSIONS}

    def _one(self, ident: str, measure: str, unit: str, node: str, period: str) -> Row:
        model = self.full[f"{self.name}/{unit}"]
        return {
            **dict.fromkeys(model), **{name: model[name] for name in BASE}, "id": ident, "measure": measure,
            "place": unit, "unit": "score", "answer": node, "period": period, "status": "too_few", "trace": [],
            "counted": [],
        }  # fmt: skip

    def _stem(self, unit: str, node: str) -> str:
        return estimate_id(self.name, unit, *([] if node == self.name else [node]))

    def _is_told(self, row: Row) -> bool:
        """Whether enough people stand behind each element of a number, and enough elements."""
        number = self.full[row["id"]]
        people = self.known.behind(number["trace"])
        enough = bool(people) and (number["n"] or 0) >= SMALL
        return row["status"] == "ok" and enough and not is_of_few_parts(number, self.full, self.evidence.pack)

    def _is_safe(self, unit: str, node: str) -> bool:
        """Whether each round, and all less the rounds, rests on ten people or nobody."""
        stem = self._stem(unit, node)
        said = [self._behind(f"{stem}@{when}") for when in self.evidence.study.rounds]
        rest = self._behind(stem).difference(*said)
        return all(not group or len(group & self.known.people) >= SMALL for group in (*said, rest))

    def _behind(self, ident: str) -> frozenset[str]:
        return self.known.behind(self.full[ident]["trace"]) if ident in self.full else frozenset()


def _version(when: str, study: Settings) -> str:
    return study.round_versions.get(when, study.pack_version)
