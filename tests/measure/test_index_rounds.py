"""Indices by round and what changed between two: by hand, and what must not be compared."""

import dataclasses
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from made_indices import VULNERABLE
from made_rounds import HIGH, LOW, ROUNDS, asked
from maillage import run, tables
from maillage.evidence import Evidence
from maillage.measure.index_rounds import by_round

TWELVE = {"EX01": 12, "EX02": 12}
CHANGE = "index_change/vulnerability/{}/spring~autumn"


def measured(made: Evidence) -> pl.DataFrame:
    return run.measure_all(made).estimates


def row(found: pl.DataFrame, ident: str) -> dict[str, Any]:
    return found.row(by_predicate=pl.col("id") == ident, named=True)


def expected(pattern: tuple[int, int, int]) -> float:
    """The score of twelve people by hand: shares by 10, levels from 1 to 5, four parts of equal weight."""
    named, _, level = pattern
    share = {code: (named + at % 2) / 12 for at, code in enumerate(VULNERABLE)}
    mean = (8 * level + 4 * (level - 1)) / 12
    hardship, state = (mean - 1) / 4, 1 - (mean - 1) / 4
    parts = [
        [share["isolation"], share["porous_borders"], share["transit_position"]],
        [share["economic_precarity"], hardship],
        [share["weak_state_presence"], state, share["corruption"]],
        [share[name] for name in ("exclusion", "leader_rivalry", "local_conflict", "self_defence_abuse")],
    ]
    return 10 * sum(sum(part) / len(part) for part in parts) / 4


def test_scores_and_change_by_hand() -> None:
    found = measured(asked(TWELVE, TWELVE))
    before, after = (row(found, f"vulnerability/EX01@{name}") for name in ROUNDS)
    assert before["value"] == pytest.approx(expected(LOW["EX01"]))
    assert after["value"] == pytest.approx(expected(HIGH["EX01"]))
    assert (before["n"], before["period"]) == (12, ROUNDS["spring"])
    change = row(found, CHANGE.format("EX01"))
    assert change["value"] == pytest.approx(expected(HIGH["EX01"]) - expected(LOW["EX01"]))
    assert (change["n"], change["period"], change["interval"]) == (12, "2024-03/2024-11", "q05-q95")
    assert change["low"] > 0, "half of the people more: no draw of ten sees nothing"
    assert set(change["trace"]) > set(before["trace"])


def test_where_nothing_changed_the_bounds_hold_nought_and_are_wider_than_those_of_weights_alone() -> None:
    found = measured(asked(TWELVE, TWELVE, before=LOW, after=LOW))
    change = row(found, CHANGE.format("EX02"))
    assert change["value"] == pytest.approx(0)
    assert change["low"] < 0 < change["high"]


def test_more_people_make_a_change_surer() -> None:
    small, large = (row(measured(asked({"EX01": n}, {"EX01": n}, before=LOW, after=LOW)), CHANGE.format("EX01"))
                    for n in (4, 12))  # fmt: skip
    assert large["high"] - large["low"] < small["high"] - small["low"]


def test_rounds_that_know_different_elements_are_not_compared() -> None:
    made = asked(TWELVE, TWELVE)
    silent = (pl.col("question") == "hardship_level") & pl.col("source").str.starts_with("autumn_EX01")
    found = measured(dataclasses.replace(made, observations=made.observations.filter(~silent)))
    change = row(found, CHANGE.format("EX01"))
    assert (change["status"], change["reason"], change["missing"]) == ("not_computable", "round_items", 1)
    assert change["value"] is change["low"] is None
    assert row(found, "vulnerability/EX01@autumn")["value"] is not None
    assert row(found, CHANGE.format("EX02"))["status"] == "ok"
    assert row(found, "index_change/position/EX01/spring~autumn")["status"] == "ok", "hardship is no part of it"


def test_two_people_are_no_element_of_a_round() -> None:
    """`least` is three: what two say is unknown, and the round is not compared."""
    found = measured(asked({"EX01": 2, "EX02": 12}, TWELVE))
    assert row(found, "vulnerability/EX01@spring")["reason"] == "no_data"
    assert row(found, CHANGE.format("EX01"))["reason"] == "round_items"


def test_rounds_asked_with_different_versions_are_not_compared() -> None:
    found = measured(asked(TWELVE, TWELVE, round_versions={"spring": "0.9"}))
    changes = found.filter(measure="index_change")
    assert set(changes["reason"]) == {"round_versions"}
    assert changes["value"].null_count() == changes.height
    assert changes["trace"].list.len().sum() == 0
    same = measured(asked(TWELVE, TWELVE, round_versions={"spring": "2.0", "autumn": "2.0"}))
    assert row(same, CHANGE.format("EX01"))["status"] == "ok"


def test_a_scale_that_each_round_makes_anew_is_not_compared() -> None:
    apart = {"EX01": (3, 5, 2), "EX02": (6, 3, 4)}
    made = asked(TWELVE, TWELVE, before=apart)
    spec = {**made.pack.indices["vulnerability"], "normalise": "minmax"}
    pack = dataclasses.replace(made.pack, indices={**made.pack.indices, "vulnerability": spec})
    found = measured(dataclasses.replace(made, pack=pack))
    assert row(found, CHANGE.format("EX01"))["reason"] == "round_relative"


def test_a_figure_counts_from_the_end_of_its_period_on() -> None:
    """A poverty index of July is there in autumn, not yet in spring."""
    given = {"place": "EX01", "indicator": "mpi", "period": "2024-07", "value": 0.35}
    made = dataclasses.replace(asked(TWELVE, TWELVE), indicators=tables.build([given], "indicators"))
    found = measured(made)
    gone = {name: row(found, f"vulnerability/EX01@{name}")["missing"] for name in ROUNDS}
    assert gone["spring"] == gone["autumn"] + 1
    assert row(found, CHANGE.format("EX01"))["reason"] == "round_items"


def test_a_round_in_which_nobody_was_asked_is_left_out() -> None:
    rounds = {"spring": ROUNDS["spring"], "summer": "2024-07/2024-08", "autumn": ROUNDS["autumn"]}
    found = measured(asked(TWELVE, TWELVE, rounds=rounds))
    assert not found["id"].str.contains("summer").any()
    assert row(found, CHANGE.format("EX01"))["status"] == "ok"


def test_without_rounds_there_is_nothing_and_with_them_nothing_else_moves() -> None:
    made = asked(TWELVE, TWELVE)
    plain = measured(dataclasses.replace(made, study=dataclasses.replace(made.study, rounds={})))
    assert not plain["id"].str.contains("@(spring|autumn)|index_change").any()
    found = measured(made)
    assert_frame_equal(found.filter(~pl.col("id").str.contains("@(spring|autumn)|index_change")), plain)
    assert_frame_equal(by_round(made, found), by_round(made, found))
