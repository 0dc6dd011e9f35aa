"""Composite indices against hand-computed pipelines, the published INFORM rows, and what must always hold."""

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.measure.definition import Rounding
from maillage.measure.definition_reading import read
from maillage.measure.index import score
from maillage.measure.index_steps import rounded, shape_of

ASEM = {"skew": 2.0, "kurtosis": 3.5, "winsorise_max": 5, "then": "log"}


def tree(*leaves: str, top: str = "t", **settings: Any) -> dict[str, Any]:
    nodes = [{"code": top, "parent": None}, *({"code": leaf, "parent": top} for leaf in leaves)]
    return {"unit": "unit", "nodes": nodes, **settings}


def told(found: pl.DataFrame, node: str, column: str = "score") -> list[Any]:
    return found.filter(pl.col("node") == node)[column].to_list()


def test_a_whole_pipeline_by_hand() -> None:
    """ASEM-style: denominate, impute by group, turn, min-max, weighted means over two levels."""
    data = pl.DataFrame(
        {
            "unit": ["a", "b", "c", "d"], "group": ["x", "x", "y", "y"], "people": [10.0, 20.0, 10.0, 40.0],
            "raids": [5.0, 2.0, None, 8.0], "roads": [1.0, 3.0, 2.0, 5.0], "staff": [4.0, 4.0, 0.0, 8.0],
        }
    )  # fmt: skip
    definition = {
        "unit": "unit",
        "nodes": [
            {"code": "index", "parent": None, "weight": 1, "direction": 1, "denominator": None},
            {"code": "threat", "parent": "index", "weight": 3, "direction": 1, "denominator": None},
            {"code": "state", "parent": "index", "weight": 1, "direction": 1, "denominator": None},
            {"code": "raids", "parent": "threat", "weight": 1, "direction": 1, "denominator": "people"},
            {"code": "roads", "parent": "threat", "weight": 1, "direction": -1, "denominator": None},
            {"code": "staff", "parent": "state", "weight": 2, "direction": -1, "denominator": None},
        ],
        "group": "group", "impute": "group_mean", "treat": None,
        "normalise": {"method": "minmax", "low": 0, "high": 100, "goalposts": {}},
        "aggregate": "amean", "round": None, "min_share": 0.0,
    }  # fmt: skip
    found = score(data, definition)
    assert found.columns == ["unit", "node", "score", "rank"]
    assert told(found, "raids") == pytest.approx([100, 0, 25, 25])  # .5 .1 (.2 from d) .2
    assert told(found, "roads") == pytest.approx([100, 50, 75, 0])
    assert told(found, "staff") == pytest.approx([50, 50, 100, 0])
    assert told(found, "threat") == pytest.approx([100, 25, 50, 12.5])
    assert told(found, "index") == pytest.approx([87.5, 31.25, 62.5, 9.375])
    assert told(found, "index", "rank") == [1, 3, 2, 4]
    assert told(found, "raids", "rank") == [1, 4, 2, 2]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("minmax", [0, 100 / 3, 100]),
        ("distance_to_max", [0, 100 / 3, 100]),
        ("zscore", [(x - 7 / 3) / math.sqrt(7 / 3) for x in (1, 2, 4)]),
        ("rank", [1, 2, 3]),
        ("prank", [0, 50, 100]),
        ("none", [1, 2, 4]),
    ],
)
def test_normalisations(method: str, expected: list[float]) -> None:
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [1.0, 2.0, 4.0]})
    assert told(score(data, tree("x", normalise={"method": method})), "x") == pytest.approx(expected)


def test_goalposts_cut_and_turn() -> None:
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [0.0, 5.0, 99.0]})
    definition = tree("x", normalise={"method": "goalposts", "low": 0, "high": 10, "goalposts": {"x": [0, 10]}})
    assert told(score(data, definition), "x") == [0, 5, 10]
    definition["nodes"][1]["direction"] = -1
    assert told(score(data, definition), "x") == [10, 5, 0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("amean", 6.0),
        ("gmean", (4 * 4 * 10) ** (1 / 3)),
        ("hmean", 3 / (2 / 4 + 1 / 10)),
        ("max", 10.0),
        ("inform", (10 - math.exp((2 * math.log(0.6 * 9 + 1) + math.log(1)) / 3)) / 9 * 10),
    ],
)
def test_aggregations_with_weights(name: str, expected: float) -> None:
    definition = tree("x", "y", normalise={"method": "none"}, aggregate=name)
    definition["nodes"][1]["weight"] = 2
    if name == "max":
        definition["nodes"][1]["weight"] = 1
    data = pl.DataFrame({"unit": ["a"], "x": [4.0], "y": [10.0]})
    assert told(score(data, definition), "t") == pytest.approx([expected])


def test_copeland_counts_wins_less_losses() -> None:
    """a beats b and c on two of three, b beats c on two of three."""
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [3, 2, 1], "y": [3, 2, 1], "z": [1, 2, 3]})
    found = score(data, tree("x", "y", "z", normalise={"method": "none"}, aggregate="copeland"))
    assert told(found, "t") == [2, 0, -2]


def test_nothing_makes_up_for_a_zero_in_a_geometric_mean() -> None:
    data = pl.DataFrame({"unit": ["a", "b"], "x": [0.0, 100.0], "y": [100.0, 50.0]})
    for name in ("gmean", "hmean"):
        assert told(score(data, tree("x", "y", aggregate=name, normalise="none")), "t")[0] == 0
    with pytest.raises(MaillageError) as problem:
        score(data, tree("x", "y", aggregate="gmean", normalise="zscore"))
    assert problem.value.code == "index_negative"


def test_inform_gives_its_published_rows() -> None:
    """INFORM Risk Index 2024 v0.67 (European Commission JRC and IASC, CC BY 4.0): four countries, hazard and exposure.

    Half-up to one decimal, and the rounded score feeds the next level.
    """
    rows = {  # earthquake, river flood, tsunami, cyclone, coastal flood, drought, epidemic, projected, current conflict
        "Mali": ([0.1, 7.9, 0, 0, 0, 5.7, 6.8, 9.6, 9], 3.8, 9.0, 7.2),
        "Niger": ([0.1, 6.6, 0, 0, 0, 5, 7.1, 9.5, 0], 3.4, 6.7, 5.3),
        "Burkina Faso": ([0.1, 2.2, 0, 0, 0, 5, 7.2, 9.5, 9], 2.6, 9.0, 6.9),
        "Mauritania": ([0.4, 6.1, 1.1, 0, 4.4, 6.6, 6.1, 0.3, 0], 4.0, 0.2, 2.3),
    }
    names = ["eq", "rf", "ts", "tc", "cf", "dr", "ep", "projected", "current"]
    data = pl.DataFrame(
        {"unit": list(rows), **{n: [float(row[0][i]) for row in rows.values()] for i, n in enumerate(names)}}
    )
    natural = [{"code": n, "parent": "natural"} for n in names[:7]]
    human = [{"code": "projected", "parent": "human", "weight": 0.7}, {"code": "current", "parent": "human"}]
    definition = {
        "unit": "unit",
        "nodes": [{"code": "hazard"}, {"code": "natural", "parent": "hazard"}, {"code": "human", "parent": "hazard"},
                  *natural, *human],
        "normalise": {"method": "none"}, "aggregate": {"hazard": "inform", "natural": "inform", "human": "max"},
        "round": {"decimals": 1, "each_level": True, "mode": "half_up"},
    }  # fmt: skip
    found = score(data, definition)
    for node, at in (("natural", 1), ("human", 2), ("hazard", 3)):
        assert told(found, node) == [row[at] for row in rows.values()], node


def test_outliers_are_winsorised_then_logged() -> None:
    """One far value of 21 passes after one step; eight far values need the logarithm (rule of COINr)."""
    usual = [float(x) for x in range(20)]
    data = pl.DataFrame({"unit": [str(i) for i in range(21)], "x": [*usual, 500.0]})
    found = told(score(data, tree("x", treat=ASEM, normalise="none")), "x")
    assert found[-1] == 19.0
    assert found[:20] == usual
    far = [0.0, *[float(x) for x in range(1, 100)], *(10.0**x for x in range(3, 11))]
    data = pl.DataFrame({"unit": [str(i) for i in range(len(far))], "x": far})
    logged = told(score(data, tree("x", treat=ASEM, normalise="none")), "x")
    assert logged == pytest.approx([math.log(x + 0.01 * 1e10) for x in far])


def test_skewness_and_kurtosis_of_type_two() -> None:
    """G1 and G2 of Joanes and Gill (1998) for 1, 2, 4, 9 by their formulas in exact arithmetic."""
    x = [Fraction(v) for v in (1, 2, 4, 9)]
    mean = sum(x) / 4
    m2, m3, m4 = (sum((v - mean) ** p for v in x) for p in (2, 3, 4))
    g1 = math.sqrt(4) * float(m3) / float(m2) ** 1.5 * math.sqrt(12) / 2
    g2 = float((Fraction(5) * (4 * m4 / m2**2 - 3) + 6) * 3 / (2 * 1))
    found = shape_of(np.array([[1.0, 2.0, 4.0, 9.0, math.nan]]))
    assert [float(each[0]) for each in found] == pytest.approx([g1, g2])


@pytest.mark.parametrize(
    ("mode", "expected"), [("half_up", [0.3, 2.7, -0.3, 1.1]), ("half_even", [0.2, 2.6, -0.2, 1.0])]
)
def test_rounding_is_decimal(mode: str, expected: list[float]) -> None:
    """0.25 and (2.6 + 2.7) / 2 end on a half, also where a float holds a little less."""
    values = np.array([0.25, (2.6 + 2.7) / 2, -0.25, 1.05])
    assert rounded(values, Rounding(1, True, mode)).tolist() == pytest.approx(expected)


def test_what_is_missing_is_skipped_and_never_zero() -> None:
    data = pl.DataFrame({"unit": ["a", "b", "c"], "x": [10.0, None, None], "y": [0.0, 50.0, None]})
    found = score(data, tree("x", "y", normalise="none"))
    assert told(found, "t") == [5.0, 50.0, None]
    assert told(found, "t", "rank") == [2, 1, None]
    assert told(score(data, tree("x", "y", normalise="none", min_share=0.6)), "t") == [5.0, None, None]


def test_a_guard_bars_a_score_and_what_stands_above() -> None:
    """Units that are no places: three facilities, of which one has nobody on duty."""
    data = pl.DataFrame({"unit": ["north wing", "south wing", "annex"], "beds": [1.0, 2.0, 3.0], "guards": [4, 5, 0]})
    definition = {
        "unit": "unit", "normalise": "none",
        "nodes": [{"code": "all"}, {"code": "safety", "parent": "all"}, {"code": "beds", "parent": "all"},
                  {"code": "guards", "parent": "safety"}],
        "guards": [{"item": "guards", "below": 1, "node": "safety"}],
    }  # fmt: skip
    found = score(data, definition)
    assert told(found, "safety") == [4, 5, None]
    assert told(found, "all") == [2.5, 3.5, None]
    assert told(found, "beds") == [1, 2, 3]


values = st.lists(st.one_of(st.none(), st.floats(-100, 100)), min_size=6, max_size=6)


@given(x=values, y=values, order=st.permutations(range(6)))
def test_permuting_units_permutes_scores(x: list[float | None], y: list[float | None], order: list[int]) -> None:
    data = pl.DataFrame(
        {"unit": list("abcdef"), "x": x, "y": y}, schema={"unit": pl.String, "x": pl.Float64, "y": pl.Float64}
    )
    definition = tree("x", "y", impute="median")
    plain = score(data, definition).filter(pl.col("node") == "t").sort("unit")
    mixed = score(data[order], definition).filter(pl.col("node") == "t").sort("unit")
    assert mixed["rank"].to_list() == plain["rank"].to_list()
    assert mixed["score"].to_list() == plain["score"].to_list()


@given(x=values)
def test_a_unit_without_data_never_gets_a_score(x: list[float | None]) -> None:
    data = pl.DataFrame({"unit": list("abcdef"), "x": x}, schema={"unit": pl.String, "x": pl.Float64})
    for name in ("amean", "gmean", "hmean", "inform", "max", "copeland"):
        found = told(score(data, tree("x", aggregate=name)), "t")
        assert all(s is None for s, given_value in zip(found, x, strict=True) if given_value is None)


@pytest.mark.parametrize("method", ["mean", "median", "group_mean", "group_median"])
def test_imputing_scores_no_unit_of_which_nothing_is_known(method: str) -> None:
    data = pl.DataFrame({"unit": list("abc"), "x": [1.0, 3.0, None], "y": [2.0, None, None], "g": list("kkk")})
    found = score(data, tree("x", "y", impute=method, group="g", normalise={"method": "none"}))
    assert told(found, "y") == [2, 2, None]
    assert told(found, "t") == [1.5, 2.5, None]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": None}, "unit"),
        ({"nodes": []}, "nodes"),
        ({"nodes": [{"code": "t"}, {"code": "t", "parent": "t"}]}, "nodes[2].code"),
        ({"nodes": [{"code": "t"}, {"code": "x", "parent": "q"}]}, "nodes[2].parent"),
        ({"nodes": [{"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}]}, "nodes"),
        ({"nodes": [{"code": "t"}, {"code": "x", "parent": "t", "direction": 2}]}, "nodes[2].direction"),
        ({"nodes": [{"code": "t"}, {"code": "x", "parent": "t", "weight": 0}]}, "nodes of t"),
        ({"aggregate": "median"}, "aggregate"),
        ({"aggregate": {"x": "amean"}}, "aggregate"),
        ({"normalise": {"method": "goalposts"}}, "normalise.goalposts"),
        ({"impute": "zero"}, "impute"),
        ({"round": {"decimals": -1}}, "round.decimals"),
        ({"min_share": 2}, "min_share"),
        ({"colour": "red"}, "definition"),
    ],
)
def test_a_slip_in_the_definition_is_told_with_its_place(change: dict[str, Any], field: str) -> None:
    data = pl.DataFrame({"unit": ["a"], "x": [1.0]})
    with pytest.raises(MaillageError) as problem:
        score(data, tree("x") | change)
    assert (problem.value.code, problem.value.facts["field"]) == ("index_definition", field)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"unit": ["a", "a"], "x": [1.0, 2.0]}, "index_units"),
        ({"unit": ["a", None], "x": [1.0, 2.0]}, "index_units"),
        ({"unit": ["a", "b"], "y": [1.0, 2.0]}, "index_column"),
        ({"unit": ["a", "b"], "x": ["1", "two"]}, "index_value"),
        ({"unit": ["a", "b"], "x": [1.0, math.inf]}, "index_value"),
    ],
)
def test_data_that_make_no_index(data: dict[str, Any], code: str) -> None:
    with pytest.raises(MaillageError) as problem:
        score(pl.DataFrame(data), tree("x"))
    assert problem.value.code == code


def test_what_is_wanted_is_told_in_both_languages() -> None:
    nodes = [{"code": "t"}, {"code": "x", "parent": "elsewhere"}]
    with pytest.raises(MaillageError) as caught:
        score(pl.DataFrame({"unit": ["a"], "x": [1.0]}), {"unit": "unit", "nodes": nodes})
    assert "the code of a node is wanted" in caught.value.text("en")
    assert "il y faut : le code d’un nœud" in caught.value.text("fr")
    with pytest.raises(MaillageError) as caught:
        score(pl.DataFrame({"unit": ["a"], "x": [1.0]}), tree("x", impute="guess"))
    assert "l’une de ces valeurs" in caught.value.text("fr")


def test_the_definition_of_the_manual_is_one() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "index.md").read_text("utf-8")
    given = yaml.safe_load(manual.split("```yaml\n", 1)[1].split("```", 1)[0])
    assert given["guards"] == []
    assert read(given).guards == ()
