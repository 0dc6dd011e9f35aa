"""How far ranks hang on data, weights and methods: analytic cases, a per-draw loop over the same steps, streams."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from maillage.errors import MaillageError
from maillage.measure.choices import draw, read
from maillage.measure.definition_reading import read as read_definition
from maillage.measure.index import score
from maillage.measure.sensitivity import drop_each, sobol, uncertainty

PLAIN: dict[str, Any] = {
    "unit": "unit",
    "nodes": [{"code": "t"}, {"code": "x", "parent": "t"}, {"code": "y", "parent": "t"}],
    "normalise": {"method": "none"},
}
TWO = pl.DataFrame({"unit": ["a", "b", "c"], "x": [1.0, 0.0, 0.6], "y": [0.0, 1.0, 0.6]})


def test_every_mix_of_weights_has_a_known_answer() -> None:
    """a (1, 0), b (0, 1), c (.6, .6): first in .4, .4, .2 of all mixes (Lahdelma and Salminen, 2001)."""
    found = uncertainty(TWO, PLAIN, {"weights": "dirichlet"}, draws=40_000, seed=1)
    assert found.columns == ["unit", "mean", "q05", "q95", "p_rank_first"]
    assert found["p_rank_first"].to_list() == pytest.approx([0.4, 0.4, 0.2], abs=0.01)
    assert found["mean"].to_list() == pytest.approx([2.1, 2.1, 1.8], abs=0.02)
    assert found["q05"].to_list() == [1, 1, 1]
    assert found["q95"].to_list() == [3, 3, 2]


def test_it_is_what_a_loop_over_the_single_steps_gives() -> None:
    """Each draw made by itself with `score`: a definition of its own, data of their own."""
    rng = np.random.default_rng(5)
    data = pl.DataFrame({"unit": list("abcdefgh"), "x": rng.random(8), "y": rng.random(8), "z": rng.random(8)})
    data = data.with_columns(y=pl.when(pl.col("unit") == "c").then(None).otherwise("y"))
    nodes = [{"code": "t"}, {"code": "s", "parent": "t"}, {"code": "x", "parent": "s"}, {"code": "y", "parent": "s"},
             {"code": "z", "parent": "t", "direction": -1}]  # fmt: skip
    definition = {"unit": "unit", "nodes": nodes, "impute": "mean", "normalise": {"method": "minmax", "low": 1}}
    choices = {"weights": 0.5, "normalise": ["minmax", "prank"], "aggregate": ["amean", "gmean", "copeland"],
               "data": {"x": 0.2, "z": [-0.1, 0.3]}}  # fmt: skip
    told = read_definition(definition)
    drawn = draw(read(choices, told, data), told, draws=60, seed=9)
    ranks = []
    for one in range(60):
        weights = {
            child: w
            for code, below in told.children.items()
            for child, w in zip(below, drawn.weights[code][one], strict=True)
        }
        own = {
            **definition,
            "nodes": [{**node, "weight": weights.get(node["code"], 1)} for node in nodes],
            "normalise": {"method": ["minmax", "prank"][drawn.normalise[one]], "low": 1, "high": 100},
            "aggregate": ["amean", "gmean", "copeland"][drawn.aggregate[one]],
        }
        noise = {told.leaves[at]: errors[one] for at, errors in drawn.noise.items()}
        moved = data.with_columns(pl.Series(c, data[c].to_numpy() + e) for c, e in noise.items())
        ranks.append(score(moved, own).filter(pl.col("node") == "t")["rank"].to_numpy())
    found = uncertainty(data, definition, choices, draws=60, seed=9)
    assert found["mean"].to_list() == pytest.approx(np.mean(ranks, axis=0).tolist())
    assert found["q95"].to_list() == pytest.approx(np.quantile(ranks, 0.95, axis=0).tolist())


def test_a_seed_gives_the_same_and_a_new_choice_moves_no_other_stream() -> None:
    told = read_definition(PLAIN)
    both = [
        draw(read(c, told, TWO), told, draws=50, seed=3)
        for c in ({"data": {"x": 1}}, {"data": {"x": 1, "y": 1}, "weights": 0.1})
    ]
    assert np.array_equal(both[0].noise[0], both[1].noise[0])
    again = [uncertainty(TWO, PLAIN, {"weights": 0.4, "data": {"x": 0.2}}, draws=500, seed=s) for s in (3, 3, 4)]
    assert again[0].equals(again[1])
    assert not again[0].equals(again[2])


def test_choices_that_cannot_matter_leave_one_rank() -> None:
    """One unit is higher on everything: any weights put it first, any spread is nil."""
    data = pl.DataFrame({"unit": ["a", "b"], "x": [2.0, 1.0], "y": [2.0, 1.0]})
    found = uncertainty(data, PLAIN, {"weights": "dirichlet", "aggregate": ["amean", "gmean"]}, draws=200, seed=1)
    assert found["q05"].to_list() == found["q95"].to_list() == [1, 2]
    shares = sobol(data, PLAIN, {"weights": "dirichlet"}, draws=64, seed=1)
    assert shares["S"].to_list() == [None]


def test_a_unit_without_data_has_no_rank() -> None:
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [2.0, 1.0, None], "y": [2.0, 1.0, None]})
    found = uncertainty(data, PLAIN, {"weights": "dirichlet", "data": {"x": 0.1}}, draws=100, seed=1)
    assert found.row(2) == ("c", None, None, None, None)


def test_a_unit_that_a_guard_bars_outranks_nobody() -> None:
    """a has the highest scores and nobody on duty: no rank, and b is first in every draw."""
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [0.0, 2.0, 1.0], "y": [9.0, 2.0, 1.0]})
    guarded = {**PLAIN, "guards": [{"item": "x", "below": 1, "node": "t"}]}
    for choices in ({"weights": "dirichlet"}, {"data": {"y": 0.01}}):
        found = uncertainty(data, guarded, choices, draws=50, seed=1)
        assert found["mean"].to_list() == [None, 1, 2]
        assert found["p_rank_first"].to_list() == [None, 1, 0]
    shifts = drop_each(data, guarded)  # without x there is no guard either: a comes first, the others one place later
    assert shifts["mean_rank_shift"].to_list() == [1.0, 0.0]


def test_sobol_gives_the_variance_to_the_choice_that_makes_it() -> None:
    """Data doubt on one indicator, weights off by a hair: nearly all variance is the data's."""
    rng = np.random.default_rng(1)
    data = pl.DataFrame({"unit": [str(i) for i in range(12)], "x": rng.random(12), "y": rng.random(12)})
    found = sobol(data, PLAIN, {"weights": 0.001, "data": {"x": 0.5}}, draws=2000, seed=2)
    assert found.columns[:3] == ["choice", "S", "ST"]
    by = {row["choice"]: row for row in found.iter_rows(named=True)}
    assert by["data"]["S"] > 0.9
    assert by["weights"]["ST"] < 0.05
    assert all(row["S_low"] <= row["S"] <= row["S_high"] for row in by.values())


def test_drop_each_shifts_ranks_by_hand() -> None:
    """Without x the order is by y and turns round: a 1 to 3, b 2 to 2, c 3 to 1; without y nothing moves."""
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [10.0, 5.0, 0.0], "y": [0.0, 1.0, 2.0]})
    nodes = [{"code": "t"}, {"code": "s", "parent": "t"}, {"code": "x", "parent": "s"}, {"code": "y", "parent": "t"}]
    found = drop_each(data, {**PLAIN, "nodes": nodes})
    assert found.columns == ["node", "mean_rank_shift"]
    assert dict(found.iter_rows()) == {"s": pytest.approx(4 / 3), "x": pytest.approx(4 / 3), "y": 0.0}


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({}, "choices"),
        ({"colour": 1}, "choices"),
        ({"weights": 2}, "weights"),
        ({"normalise": "minmax"}, "normalise"),
        ({"aggregate": []}, "aggregate"),
        ({"data": {"q": 1}}, "data"),
        ({"data": {"x": -1}}, "data.x"),
        ({"data": {"x": [2, 1]}}, "data.x"),
        ({"data": {"x": "unit"}}, "data.x"),
    ],
)
def test_a_slip_in_the_choices_is_told(choices: dict[str, Any], field: str) -> None:
    with pytest.raises(MaillageError) as problem:
        uncertainty(TWO, PLAIN, choices, draws=10, seed=1)
    assert (problem.value.code, problem.value.facts["field"]) == ("index_choices", field)


def test_draws_are_a_whole_number() -> None:
    with pytest.raises(MaillageError) as problem:
        uncertainty(TWO, PLAIN, {"weights": 0.1}, draws=0, seed=1)
    with pytest.raises(MaillageError) as caught:
        uncertainty(TWO, PLAIN, {"weights": 0.1}, draws=10**12, seed=1)
    assert "un nombre entier de 1 à 1000000" in caught.value.text("fr")
    assert problem.value.code == "index_choices"


def test_the_order_of_the_rows_changes_nothing() -> None:
    """Errors belong to the units by their names, not by where their row happens to stand."""
    choices = {"weights": "dirichlet", "data": {"x": 0.5, "y": (-1, 1)}}
    turned = TWO[[2, 0, 1]]
    first, second = (uncertainty(each, PLAIN, choices, draws=50, seed=3) for each in (TWO, turned))
    assert second["unit"].to_list() == turned["unit"].to_list()
    assert second.sort("unit").equals(first)
    assert sobol(turned, PLAIN, choices, draws=50, seed=3).equals(sobol(TWO, PLAIN, choices, draws=50, seed=3))
