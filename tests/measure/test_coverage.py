"""Who was heard, and when themes ran dry (base 4, run 2, 5 per cent: Guest, Namey and Chen, 2020)."""

from typing import Any

import numpy as np
import pytest

from maillage.measure.coverage import sample, saturation, stop
from small_evidence import evidence

SOURCES = """
id | kind        | stakeholder     | place  | date    | consent
A  | interview   | artisanal_miner | EX0101 | 2024-01 | anonymous
B  | interview   | transporter     | EX0101 | 2024-02 | anonymous
C  | interview   | magistrate      | EX0102 | 2024-03 | none
F  | focus_group | magistrate      | EX0102 | 2024-03 | anonymous
"""
PLAN = "place | stakeholder | planned\nEX0101 | economic_actor | 3\nEX0102 | magistrate | 1"
TOLD = "source | kind | question | answer\nA | link | link | cooperation\nB | link | link | denied"


def rows_of(table: Any) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in table.iter_rows(named=True)}


def test_sample_counts_done_and_planned_up_places_and_classes() -> None:
    found = rows_of(sample(evidence(TOLD, SOURCES, plan=PLAN)))
    row = found["sample/EX01/economic_actor"]
    assert (row["value"], row["planned"], row["status"]) == (2.0, 3, "ok")
    assert found["sample/EX0101/artisanal_miner"]["value"] == 1.0
    assert found["sample/ALL/economy"]["trace"] == ["o1", "o2"]


def test_a_refusal_is_not_done_and_is_missing() -> None:
    row = rows_of(sample(evidence(TOLD, SOURCES, plan=PLAN)))["sample/EX0102/magistrate"]
    assert (row["value"], row["planned"], row["missing"]) == (0.0, 1, 1)
    assert (row["status"], row["reason"]) == ("too_few", "none_done")


def matrix(*lines: str) -> Any:
    return np.array([[mark == "x" for mark in line] for line in lines])


def test_themes_ran_dry_at_the_end_of_the_first_run_without_new_ones() -> None:
    said = matrix("xx...", "..x..", "x....", "xxx..", "x....", "..x..", "....x", "....x")
    assert stop(said) == 6


def test_a_run_with_more_than_5_per_cent_new_themes_goes_on() -> None:
    said = matrix("xx...", "..x..", "x....", "xxx..", "x....", "...x.", "x....", "x....")
    assert stop(said) == 8  # the first run brings 1 of 3 = 33 per cent new themes


def test_never_dry_is_none_and_runs_do_not_overlap() -> None:
    assert stop(matrix("x....", "x....", "x....", "x....", ".x...", "..x..", "x....")) is None


def study(people: int, themes: list[str]) -> Any:
    """People P1, P2 ... in one place; person i names the needs listed in themes[i]."""
    sources = "id | kind | place | date\n" + "\n".join(
        f"P{i} | interview | EX02 | 2024-0{i}" for i in range(1, people + 1)
    )
    told = [f"P{i + 1} | need | need | {need}" for i, needs in enumerate(themes) for need in needs.split()]
    return evidence("source | kind | question | answer\n" + "\n".join(told), sources)


def test_saturation_is_told_as_reached_not_reached_or_too_few() -> None:
    same = ["water road"] * 7
    assert rows_of(saturation(study(7, same)))["saturation/EX02"]["answer"] == "reached"
    assert rows_of(saturation(study(7, same)))["saturation/EX02"]["value"] == 6.0
    few = rows_of(saturation(study(6, same[:6])))["saturation/EX02"]
    assert (few["answer"], few["status"], few["value"], few["n"]) == ("too_few", "too_few", None, 6)
    fresh = ["water", "water", "water", "water", "road", "school", "health"]
    never = rows_of(saturation(study(7, fresh)))["saturation/EX02"]
    assert (never["answer"], never["status"], never["reason"]) == ("not_reached", "not_computable", "not_reached")


def test_the_band_over_shuffled_orders_is_the_same_every_time() -> None:
    made = study(8, ["water", "water", "water", "water", "road", "water", "water", "water"])
    first, second = (rows_of(saturation(made))["saturation/EX02"] for _ in range(2))
    assert (first["value"], first["low"], first["high"]) == (8.0, 6.0, 8.0)
    assert first == second


def test_a_refusal_to_answer_is_no_theme() -> None:
    told = "source | kind | question | answer\nA | need | need | no_answer"
    assert saturation(evidence(told, SOURCES)).is_empty()


@pytest.mark.parametrize("name", ["saturation/ALL", "saturation/EX"])
def test_areas_above_count_too(name: str) -> None:
    assert name in rows_of(saturation(study(7, ["water"] * 7)))


def test_people_who_only_deny_say_no_theme_and_nothing_is_reached() -> None:
    sources = "id | kind | place | date\n" + "\n".join(f"P{i} | interview | EX02 | 2024-0{i}" for i in range(1, 8))
    told = "source | kind | question | answer\n" + "\n".join(f"P{i} | link | link | denied" for i in range(1, 8))
    row = rows_of(saturation(evidence(told, sources)))["saturation/EX02"]
    assert (row["answer"], row["value"], row["n"], row["low"], row["high"]) == ("not_reached", None, 7, 8.0, 8.0)
