"""The indices of a pack on a made study: scores by hand, what is missing, ranks, order, quadrants, named streams."""

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from made_indices import PATTERN, PLACES, study
from maillage import composites, run, tables
from maillage.evidence import Card, Evidence
from maillage.measure.composite_rows import bounds, indices
from maillage.measure.definition_reading import read
from maillage.pack import load
from maillage.study.check import check_evidence

PARTS = ("vulnerability", "resilience")


def measured(made: Evidence) -> pl.DataFrame:
    return run.measure_all(made).estimates


@cache
def whole() -> pl.DataFrame:
    return measured(study())


def row(found: pl.DataFrame, ident: str) -> dict[str, Any]:
    return found.row(by_predicate=pl.col("id") == ident, named=True)


def of_indices(found: pl.DataFrame) -> pl.DataFrame:
    return found.filter(pl.col("kind") == "index")


def indicator(
    place: str, code: str, period: str, value: float, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    return {"place": place, "indicator": code, "period": period, "value": value, "low": low, "high": high}


def with_indicators(made: Evidence, *rows: dict[str, Any], **more: Any) -> Evidence:
    return dataclasses.replace(made, indicators=tables.build(list(rows), "indicators"), **more)


def test_the_definitions_of_the_pack_are_trees() -> None:
    pack = load("nexus")
    assert set(pack.indices) == set(PARTS)
    for name, spec in pack.indices.items():
        assert read(composites.definition(name, spec)).top == name


def test_a_score_by_hand() -> None:
    """EX01: of 12, 9 or 10 name each factor in turn, level 4 (two of three) or 3: state_presence 1 - (11/3 - 1)/4.

    position (9, 10, 9)/12; living: precarity 10/12, hardship (11/3 - 1)/4; state: 9/12, 10/12 and 1/3; strains
    (9, 10, 9, 10)/12. Mean of the four means, times ten.
    """
    position, living = (9 + 10 + 9) / 36, (10 / 12 + 2 / 3) / 2
    state, strains = (9 / 12 + 10 / 12 + 1 / 3) / 3, (9 + 10 + 9 + 10) / 48
    found = row(whole(), "vulnerability/EX01")
    assert found["value"] == pytest.approx(10 * (position + living + state + strains) / 4)
    assert row(whole(), "vulnerability/EX01/position")["value"] == pytest.approx(10 * position)
    assert found["low"] < found["value"] < found["high"]
    assert (found["n"], found["missing"], found["planned"], found["period"]) == (12, 3, 15, "2024")


def test_no_data_is_no_score_anywhere() -> None:
    silent = of_indices(whole()).filter(place="EX04")
    assert set(silent["status"]) == {"not_computable"}
    assert set(silent["measure"]) == {*PARTS, "quadrants"}
    assert silent["value"].is_null().all()


def test_both_faces_of_self_defence_stand_apart_and_the_sum_in_neither() -> None:
    assert row(whole(), "vulnerability/EX01/abuse")["value"] == pytest.approx(10 * 10 / 12)
    assert row(whole(), "resilience/EX01/protection")["value"] == pytest.approx(10 * 2 / 12)
    assert not whole().filter(pl.col("kind") == "index", pl.col("answer") == "self_defence_groups").height


def test_the_order_of_rows_changes_nothing() -> None:
    made = study()
    turned = dataclasses.replace(
        made, observations=made.observations.reverse(), sources=made.sources.reverse(), places=made.places.reverse()
    )
    assert_frame_equal(of_indices(measured(turned)), of_indices(whole()))


def test_what_is_told_of_other_places_gives_them_the_other_scores() -> None:
    swapped = measured(study(pattern={"EX01": PATTERN["EX02"], "EX02": PATTERN["EX01"], "EX03": PATTERN["EX03"]}))
    for name in PARTS:
        for one, other in (("EX01", "EX02"), ("EX02", "EX01"), ("EX03", "EX03")):
            assert row(swapped, f"{name}/{one}")["value"] == pytest.approx(row(whole(), f"{name}/{other}")["value"])
            ranks = [row(found, f"rank/{name}/{at}")["value"] for found, at in ((swapped, one), (whole(), other))]
            assert ranks[0] == ranks[1]


def test_one_seed_gives_the_same_bytes_and_another_index_moves_no_stream() -> None:
    made = study()
    base = measured(made).filter(pl.col("kind") != "index")
    both = indices(made, base)
    assert_frame_equal(both, of_indices(whole()))
    alone = {
        "vulnerability": {key: value for key, value in made.pack.indices["vulnerability"].items() if key != "against"}
    }
    single = indices(dataclasses.replace(made, pack=dataclasses.replace(made.pack, indices=alone)), base)
    ids = single["id"].to_list()
    assert_frame_equal(single, both.filter(pl.col("id").is_in(ids)))
    assert len(ids) < both.height


@given(st.lists(st.lists(st.floats(-5, 5), min_size=3, max_size=3), min_size=2, max_size=40))
def test_bounds_nest_with_their_level(draws: list[list[float]]) -> None:
    wide = bounds(np.array(draws), 0.9)
    narrow = bounds(np.array(draws), 0.5)
    assert (wide[0] <= narrow[0]).all()
    assert (narrow[1] <= wide[1]).all()


def test_each_doubt_alone_moves_ranks_no_further_than_there_are_places() -> None:
    for doubt in ("data", "weights", "methods"):
        found = row(whole(), f"rank/vulnerability/EX03@{doubt}")
        assert 1 <= found["low"] <= found["value"] <= found["high"] <= 3


def test_shares_of_quadrants_add_up_and_few_draws_are_undecided() -> None:
    for place in PATTERN:
        parts = [
            row(whole(), f"quadrants/{place}/{name}")["value"]
            for name in ("high_high", "high_low", "low_high", "low_low")
        ]
        verdict = row(whole(), f"quadrants/{place}")
        assert sum(parts) == pytest.approx(1)
        assert verdict["value"] == max(parts)
        assert (verdict["answer"] == "undecided") == (max(parts) < 0.8)
    assert row(whole(), "quadrants/EX01")["answer"] == "high_low"
    assert row(whole(), "quadrants/EX03")["answer"] == "undecided"


def test_the_order_of_two_places() -> None:
    assert row(whole(), "rank_order/vulnerability/EX01~EX02")["value"] > 0.9
    assert set(row(whole(), "rank_order/vulnerability/EX01~EX02")["trace"]) > set(
        row(whole(), "rank/vulnerability/EX01")["trace"]
    )


def test_what_moves_the_ranks_has_bounds_and_a_part_left_out_a_shift() -> None:
    found = of_indices(whole()).filter(measure="sensitivity")
    assert found.filter(pl.col("low") > pl.col("high")).is_empty()
    assert {ident.rpartition("/")[2].partition("@")[0] for ident in found["id"]} == {
        "data",
        "weights",
        "normalise",
        "aggregate",
    }
    assert row(whole(), "drop_each/vulnerability/position")["value"] >= 0


def test_an_old_figure_makes_the_score_old_and_its_weight_unsound() -> None:
    poor = [indicator(place, "mpi", "2018", 0.35, 0.3, 0.4) for place in PATTERN]
    found = measured(with_indicators(study(), *poor))
    score = row(found, "vulnerability/EX01")
    assert (score["age_months"], score["reason"], score["period"]) == (72, "older_than_max_age", "2018/2024")
    assert row(found, "vulnerability/EX01/poverty")["value"] == pytest.approx(5)
    assert row(found, "reliability/vulnerability/EX01")["value"] == pytest.approx((3 / 4 + 2 / 4 + 1 + 1) / 4)
    assert row(found, "resilience/EX01")["reason"] is None


def test_what_was_foreseen_is_never_counted() -> None:
    card = Card("food", "indicators", "food.csv", {}, "", "", options={"projected": {"food_phase3": ["2024-06"]}})
    hunger = [indicator("EX01", "food_phase3", "2024-01", 100), indicator("EX01", "food_phase3", "2024-06", 900)]
    people = [indicator("EX01", "population", "2024", 1000)]
    found = measured(with_indicators(study(), *hunger, *people, cards=(card,)))
    assert row(found, "vulnerability/EX01/hunger")["value"] == pytest.approx(10 * 0.1 / 0.4)


def test_fewer_than_three_people_are_no_leaf() -> None:
    found = measured(study({"EX01": 12, "EX02": 2}, pattern=PATTERN))
    assert row(found, "vulnerability/EX02")["reason"] == "no_data"
    assert row(found, "vulnerability/EX01")["value"] is not None


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ({"from": "factors/self_defence_groups"}, "index_both"),
        ({"from": "indicators/events_per_100k"}, "index_events"),
        ({"from": "deaths/x"}, "index_events"),
        ({"from": "factors/corruption"}, "index_twice"),
        ({"from": "factors/nothing"}, "pack_unknown"),
        ({"from": "factors/isolation", "parent": "nothing"}, "pack_unknown"),
    ],
)
def test_a_leaf_that_cannot_stand_in_an_index_is_told(edit: dict[str, str], code: str) -> None:
    assert code in problems({"parent": "position", "goalposts": [0, 1], **edit})


def test_one_face_alone_is_told() -> None:
    assert "index_one_sided" in problems(None, without="protection")
    assert problems(None) == set()


def problems(leaf: dict[str, Any] | None, *, without: str = "", **spec_of: Any) -> set[str]:
    """Codes of what is wrong with the nexus pack's indices with one leaf (in place of isolation) or one less.

    spec_of: further keys of vulnerability.
    """
    pack = load("nexus")
    changed = {name: {**spec, "nodes": {code: node for code, node in spec["nodes"].items() if code != without}}
               for name, spec in pack.indices.items()}  # fmt: skip
    changed["vulnerability"] |= spec_of
    if leaf is not None:
        changed["vulnerability"]["nodes"]["isolation"] = leaf
    lists = {
        name: {"codes": {code: dict(entry.attributes) for code, entry in codes.items()}}
        for name, codes in pack.lists.items()
    }
    questions = {key: {"kind": question.kind} for key, question in pack.questions.items()}
    rest = {"measures": pack.measures, "indicators": pack.indicators}
    return {item.code for item in composites.check_indices(changed, rest, questions, lists)}


DISTRICTS = ("EX0101", "EX0102", "EX0201")
BELOW = PLACES + "".join(f"{code},District {code},admin2,{code[:4]}\n" for code in (*DISTRICTS, "EX0202"))


def of_districts() -> Evidence:
    """The patterns of the regions told in districts, two of Amont and one of Plaine; another one is silent."""
    made = study(pattern=dict(zip(DISTRICTS, PATTERN.values(), strict=True)), places=BELOW)
    below = {name: {**spec, "level": "admin2"} for name, spec in made.pack.indices.items()}
    return dataclasses.replace(made, pack=dataclasses.replace(made.pack, indices=below))


def test_an_index_of_districts_scores_them_and_no_region() -> None:
    found = measured(of_districts())
    assert set(of_indices(found)["place"].drop_nulls()) == {*DISTRICTS, "EX0202"}
    for district, region in zip(DISTRICTS, PATTERN, strict=True):
        for name in PARTS:
            there, here = row(whole(), f"{name}/{region}"), row(found, f"{name}/{district}")
            assert here["value"] == pytest.approx(there["value"]), "the same answers a level lower"
            assert here["unit_of_analysis"] == "admin2"
            assert row(found, f"rank/{name}/{district}")["value"] == row(whole(), f"rank/{name}/{region}")["value"]
    silent = row(found, "vulnerability/EX0202")
    assert (silent["value"], silent["reason"]) == (None, "no_data"), "what was said elsewhere in Plaine is not its own"


def test_a_figure_of_a_region_is_none_of_its_districts() -> None:
    made = with_indicators(
        of_districts(), indicator("EX01", "mpi", "2024", 0.35), indicator("EX0101", "mpi", "2024", 0.14)
    )
    found = measured(made)
    assert row(found, "vulnerability/EX0101/poverty")["value"] == pytest.approx(10 * 0.14 / 0.7)
    assert found.filter(pl.col("id") == "vulnerability/EX0102/poverty").is_empty()
    assert row(found, "vulnerability/EX0102")["missing"] == row(found, "vulnerability/EX0101")["missing"] + 1


@pytest.mark.parametrize("level", ["district", "adm2", "", 2])
def test_a_level_that_there_is_not_is_told(level: str | int) -> None:
    assert problems(None, level=level) == {"index_level"}
    assert problems(None, level="admin3") == set()


def test_a_study_without_places_of_the_level_is_told() -> None:
    made = of_districts()
    assert not [item for item in check_evidence(made) if item.code == "index_no_places"]
    regions = dataclasses.replace(made, places=made.places.filter(pl.col("level") != "admin2"))
    found = [item for item in check_evidence(regions) if item.code == "index_no_places"]
    assert [(item.level, item.field) for item in found] == [
        ("warning", "vulnerability.level"), ("warning", "resilience.level"),
    ]  # fmt: skip
    assert all("admin2" in item.message(lang) for item in found for lang in ("en", "fr"))
    country = dataclasses.replace(made, places=made.places.filter(pl.col("level") == "admin0"))
    assert not [item for item in check_evidence(country) if item.code == "index_no_places"], "nothing was entered yet"
