"""Answers that a reader cannot tell apart by what is told are told alike: no choice of the gate follows from one."""

import itertools
from collections.abc import Mapping, Sequence

import pytest
from made_release import DENIED, TIE, by_hand, crowd, released, share, statements, study

from maillage.estimate import collect, row
from maillage.publish.differences import without_differences
from maillage.publish.gate import Release
from maillage.publish.members import Members
from maillage.publish.rules import decide, rules
from maillage.publish.told_means import of_enough
from maillage.publish.unions import without_unions

MEAN = collect([row(id="mean", kind="scores", place="ALL", group="part", market="gold", unit="score", n=13)]).row(
    0, named=True
)


def told_of(release: Release, *measures: str) -> dict[str, tuple[object, ...]]:
    """What a release says of some measures, by id."""
    return {
        row["id"]: (row["status"], row["reason"], row["k"], row["n"], row["band"])
        for row in release.estimates.iter_rows(named=True)
        if row["measure"] in measures
    }


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_how_somebody_answers_of_two_places_changes_no_number_of_either(audience: str) -> None:
    """Thirteen heard in one place and one in another, who speaks of both; seven of the fourteen tell of cooperation.
    Whether the one does at home, there, of both or of neither once changed which of the counts came in words."""

    def world(home: bool, there: bool) -> dict[str, tuple[object, ...]]:
        rows = [f"away | EX0201_1 | {TIE if there else DENIED} | EX0101 | | | | | | | | | "]
        said = {"EX0101": (7 - (home or there), 13), "EX0201": (int(home), 1)}
        return told_of(released(study(said, rows="\n".join(rows)), audience), "links", "links_about")

    worlds = [world(home, there) for home in (False, True) for there in (False, True)]
    assert worlds[0]["links/ALL/cooperation"][2:4] == (7, 14)
    assert all(each == worlds[0] for each in worlds)


Told = tuple[tuple[object, ...], ...]


class Table:
    """Places, or places and classes, of so many people; what a release tells of each and of all, by who says so."""

    def __init__(self, cells: Mapping[str, int], units: Mapping[str, str], audience: str) -> None:
        self.cells, self.units, self.audience = cells, {"ALL": "".join(cells), **units}, audience
        self.made = crowd(sum(cells.values()))
        ids, ends = statements(sum(cells.values())), [*itertools.accumulate(cells.values())]
        self.ids = {cell: ids[end - size : end] for (cell, size), end in zip(cells.items(), ends, strict=True)}

    def told(self, said: Sequence[int]) -> Told:
        """What is told where so many of each cell say so."""
        yes = {item for ids, k in zip(self.ids.values(), said, strict=True) for item in ids[:k]}
        rows = []
        for unit, cells in self.units.items():
            asked = [item for cell in cells for item in self.ids[cell]]
            counted = [item for item in asked if item in yes]
            ident = f"links/{unit}/cooperation"
            group = {} if unit == "ALL" or unit.isupper() else {"place": "ALL", "group": unit}
            rows.append(share(ident, len(counted), asked, **group) | {"counted": counted})
        known = rules(self.made, self.audience)
        full = {row["id"]: row for row in by_hand(self.made, rows).estimates.iter_rows(named=True)}
        members = Members(known.people, {}, {})
        decided = [decide(row, known) for row in full.values()]
        decided = without_differences(decided, known, self.made, full, members)
        decided = without_unions(decided, known, self.made, full)
        return tuple((row["id"].split("/")[1], row["status"], row["k"], row["n"], row["band"]) for row in decided)

    def stories(self, of: Sequence[int] = range(100)) -> dict[Told, list[tuple[int, ...]]]:
        """All ways to answer in which so many of all say so, by what is told of them."""
        found: dict[Told, list[tuple[int, ...]]] = {}
        for said in itertools.product(*(range(size + 1) for size in self.cells.values())):
            if sum(said) in of:
                found.setdefault(self.told(said), []).append(said)
        return found


def test_no_way_to_answer_is_told_as_no_other_is() -> None:
    """Twelve in each of two places and ten of them all: that the one was withheld and the other "2 or fewer" once said
    that all ten were in the first; thirteen of them all: that the first was in words, that three were in it."""
    for told, fits in Table({"a": 12, "b": 12}, {"A": "a", "B": "b"}, "public").stories(of=(10, 13)).items():
        for at in (0, 1):
            values = {said[at] for said in fits}
            assert len(values) > 1 or 3 <= min(values) <= 9, (told, fits)


CROSSED = [
    ({"a": 1, "b": 2, "c": 2, "d": 1}, {"X": "ab", "Y": "cd", "trader": "ac", "prosecutor": "bd"}),
    ({"a": 1, "b": 5, "c": 3}, {"X": "ab", "Y": "bc", "A": "a", "B": "b", "C": "c"}),
]


@pytest.mark.parametrize(("cells", "units"), CROSSED)
def test_partners_learn_of_no_one_or_two_what_they_said(cells: dict[str, int], units: dict[str, str]) -> None:
    """But where it may be told of a group of three or more, and these are in it, that none or all of it said so. That
    none of the traders did once went out whatever followed, of the one trader of a place as well."""
    size = [*cells.values()]
    for told, fits in Table(cells, units, "partners").stories().items():
        values = [{said[at] for said in fits} for at in range(len(size))]
        for full in (0, 1):
            alike = [at for at, found in enumerate(values) if found == {size[at] * full}]
            assert not alike or sum(size[at] for at in alike) >= 3, (told, fits)
        assert all(len(found) > 1 for found, n in zip(values, size, strict=True) if n == 2 and 1 in found), (told, fits)


@pytest.mark.parametrize("measure", ["severity", "trend"])
def test_no_mean_of_a_place_says_that_all_agree(measure: str) -> None:
    """Of all ways to answer: a mean used to be withheld where all gave the same answer, and only there."""
    low, high = (-1, 1) if measure == "trend" else (1, 5)
    made, ids = crowd(13), statements(13)
    known = rules(made, "public")
    members = Members(known.people, {}, {"part": known.people})
    found: dict[object, list[tuple[int, ...]]] = {}
    for answers in itertools.combinations_with_replacement(range(low, high + 1), 13):
        number = {**MEAN, "measure": measure, "value": sum(answers) / 13, "low": min(answers), "high": max(answers),
                  "trace": ids, "counted": ids}  # fmt: skip
        (shown,) = of_enough([decide(number, known)], known, members, {"mean": number})
        found.setdefault((shown["status"], shown["reason"], shown["value"]), []).append(answers)
    assert len(found) > 10
    for told, fits in found.items():
        assert any(len({*answers}) > 1 for answers in fits), told
    assert found["withheld", "at_an_end", None] == [
        answers for fits in found.values() for answers in fits
        if sum(each - low for each in answers) <= 3 or sum(high - each for each in answers) <= 3
    ]  # fmt: skip
