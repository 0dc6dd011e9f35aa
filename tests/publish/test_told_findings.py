"""How sure a finding is outside the team follows from what is published of it, whoever said what."""

import dataclasses
from random import Random
from typing import Any

import polars as pl
import pytest
from made_release import released, study

from maillage import run
from maillage.evidence import Evidence
from maillage.publish.gate import clear

COOP = "links/EX0101/cooperation"
HEADS = ("kinds", "evidence", "confidence", "triangulated", "fragility", "would_help", "contradiction")


def told(made: Evidence, ident: str = COOP) -> list[dict[str, Any]]:
    found = released(made).findings.filter(id=ident)
    return found.select(HEADS).to_dicts()


def answered(made: Evidence, said: set[int]) -> Evidence:
    """The same people of EX0101, of whom these and nobody else say so."""
    place = made.observations.filter(pl.col("source").str.starts_with("EX0101"))
    sources = sorted(place["source"].unique())
    yes = place.filter(pl.col("answer") == "cooperation").head(1)
    no = place.filter(pl.col("answer") != "cooperation").head(1)
    rows = [(yes if at in said else no).with_columns(id=pl.lit(f"{name}_x"), source=pl.lit(name))
            for at, name in enumerate(sources)]  # fmt: skip
    rest = made.observations.filter(~pl.col("source").is_in(sources))
    return dataclasses.replace(made, observations=pl.concat([rest, *rows]))


@pytest.mark.parametrize(("seed", "count"), [(1, 5), (2, 6), (3, 7)])
def test_whoever_of_those_asked_say_so_the_finding_is_the_same(seed: int, count: int) -> None:
    made = study({"EX0101": (5, 12), "EX0102": (6, 14)})
    order = Random(seed).sample(range(12), 12)
    first, other = (answered(made, set(people[:count])) for people in (list(range(12)), order))
    assert told(first) == told(other) != []


@pytest.mark.parametrize("asked", range(5, 10))
def test_more_than_half_of_few_is_graded_alike_however_many_say_so(asked: int) -> None:
    """That all of few say so, or how many were asked, must not follow from the grade."""
    every = []
    for count in range(asked // 2, asked + 1):
        made = study({"EX0101": (count, asked), "EX0102": (6, 14)})
        release = released(made)
        number = release.estimates.filter(id=COOP).row(0, named=True)
        if number["band"] == "more_than_half":
            every.append((number["confidence"], str(told(made))))
        else:
            assert (told(made), number["confidence"]) == ([], None)
    assert len(set(every)) == 1, every
    assert len(every) >= 2 or asked == 5


def test_the_grade_is_never_above_that_of_the_team() -> None:
    words = ("very_low", "low", "medium", "high", "very_high")
    for count in range(3, 10):
        made = study({"EX0101": (count, 12), "EX0102": (6, 14)})
        results = run.measure_all(made, date="2024-06-01")
        grades = dict(results.findings.select("id", "confidence").iter_rows())
        for ident, word in (
            clear(results, audience="public", langs=("en",)).findings.select("id", "confidence").iter_rows()
        ):
            assert words.index(word) <= words.index(grades[ident]), ident


@pytest.mark.parametrize(
    ("answer", "torn"), [("cooperation | terrorist_group | smuggler", None), ("denied | | ", True)]
)
def test_of_a_place_a_contradiction_is_what_public_papers_show(answer: str, torn: bool | None) -> None:
    """One that says what most people say is none, one that denies it is."""
    row = f"d1 | D1 | link | link | {answer} | EX0101 | | | | | | | | | "
    made = study({"EX0101": (6, 12), "EX0102": (6, 14)}, rows=row, more="D1 | document | EX | | | |")
    (found,) = told(made)
    assert ("desk" in found["kinds"], found["contradiction"]) == (True, torn)
    record = released(made).beside.contradictions.filter(id=COOP)
    assert record["status"].to_list() == (["open"] if torn else [])


def test_nor_do_partners_read_what_the_only_court_case_says() -> None:
    """They have k of n; that a case takes a side, in evidence, kinds and counts of clusters, is not told to them."""
    case = "c1 | C1 | link | link | cooperation | terrorist_group | smuggler | EX0101 | | | | | | | | | "
    made = [study({"EX0101": (6, 12), "EX0102": (6, 14)}, rows=rows, more="C1 | judicial | EX | | | |")
            for rows in ("", case)]  # fmt: skip
    without, beside = (released(each, "partners").findings.filter(id=COOP).to_dicts() for each in made)
    assert [(row["kinds"], row["for"], row["against"]) for row in beside] == [(["interview"], None, None)]
    assert without == beside
