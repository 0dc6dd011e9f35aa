"""Shares printed by others: the figure, what it can stand for, and the warning where it cannot be."""

from typing import Any

from maillage.measure.published import problems, published
from small_evidence import evidence

SOURCES = """
id     | kind      | place
review | document  | EX01
I1     | interview | EX01
I2     | interview | EX01
"""


def rows_of(observations: str, **more: Any) -> dict[str, dict[str, Any]]:
    table = published(evidence(observations, SOURCES, **more), "published", {})
    return {row["id"]: row for row in table.iter_rows(named=True)}


SIXTY = "source | kind | question | answer | percent\nreview | share | link | coopetition | 60"


def test_a_per_cent_without_n_is_shown_with_every_count_it_can_stand_for() -> None:
    row = rows_of(SIXTY, published_samples={"review": 34})["published/EX01/coopetition/review"]
    assert (row["value"], row["low"], row["high"], row["interval"]) == (0.6, 0.6, 0.6, "feasible")
    assert (row["k"], row["n"]) == (None, None)
    assert row["feasible"] == "3/5;6/10;9/15;12/20;15/25;18/30"
    assert (row["status"], row["trace"]) == ("ok", ["o1"])


def test_low_and_high_are_the_extreme_feasible_shares() -> None:
    rows = "source | kind | question | answer | percent\nreview | share | link | coopetition | 12"
    row = rows_of(rows, published_samples={"review": 34})["published/EX01/coopetition/review"]
    assert (row["low"], row["high"]) == (3 / 26, 1 / 8)


def test_a_published_n_goes_before_the_settings_and_gives_k_where_only_one_fits() -> None:
    rows = "source | kind | question | answer | percent | of_n\nreview | share | link | coopetition | 60 | 10"
    row = rows_of(rows, published_samples={"review": 34})["published/EX01/coopetition/review"]
    assert (row["k"], row["n"], row["feasible"]) == (6, 10, "3/5;6/10")


def test_without_any_sample_the_interviews_of_the_study_are_the_most() -> None:
    row = rows_of(SIXTY)["published/EX01/coopetition/review"]  # two interviews: 60 per cent cannot be
    assert (row["status"], row["reason"], row["value"]) == ("not_computable", "infeasible", None)


def test_an_impossible_per_cent_is_a_warning_with_its_statement() -> None:
    (found,) = problems(evidence(SIXTY, SOURCES))
    assert (found.code, found.level, found.field, found.value) == ("published_infeasible", "warning", "percent", "60.0")
    assert found.facts["statement"] == "o1"
    assert problems(evidence(SIXTY, SOURCES, published_samples={"review": 5})) == []


def test_a_market_stands_before_the_answer() -> None:
    rows = "source | kind | question | answer | market | percent\nreview | share | presence | present | gold | 50"
    assert set(rows_of(rows)) == {"published/EX01/gold:present/review"}


def test_two_figures_for_one_thing_are_not_averaged() -> None:
    rows = SIXTY + "\nreview | share | link | coopetition | 40"
    row = rows_of(rows, published_samples={"review": 10})["published/EX01/coopetition/review"]
    assert (row["status"], row["reason"], row["value"], row["trace"]) == (
        "not_computable",
        "several_values",
        None,
        ["o1", "o2"],
    )
