"""Sums and products of ranges: the two meanings of one range, exact shares of variance, units that never cross."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.measure.amounts import Range
from maillage.measure.sums import Amount, per, product, product_shares, total, two_digits

LEVY = Amount("mines", Range(5_000, 250_000), 100, base="site", per="week", currency="XOF")


def test_the_same_range_between_payers_and_about_one_value() -> None:
    """100 payers of 5,000 to 250,000 a week: the spread averages out, one unknown level does not; bounds are hard."""
    spread, doubt = (total([replace(LEVY, meaning=m)], draws=20_000, seed=1) for m in ("spread", "uncertainty"))
    mean = 100 * 245_000 / math.log(50)
    assert (spread.low, spread.high) == (doubt.low, doubt.high) == (500_000, 25_000_000)
    assert spread.mean == pytest.approx(mean, rel=0.01)
    assert doubt.mean == pytest.approx(mean, rel=0.02)
    assert (spread.q05, spread.q95) == (pytest.approx(5.21e6, rel=0.02), pytest.approx(7.31e6, rel=0.02))
    assert (doubt.q05, doubt.q95) == (pytest.approx(0.608e6, rel=0.03), pytest.approx(20.56e6, rel=0.02))


def test_a_crowd_too_large_to_draw_one_by_one_sums_alike() -> None:
    crowd = replace(LEVY, payers=400, meaning="spread")
    one_by_one, all_at_once = (total([crowd], draws=d, seed=2) for d in (4_900, 5_100))
    assert all_at_once.mean == pytest.approx(one_by_one.mean, rel=0.01)
    assert all_at_once.q95 == pytest.approx(one_by_one.q95, rel=0.01)


def test_without_the_number_of_payers_there_is_no_sum() -> None:
    found = total([LEVY, replace(LEVY, name="roads", payers=None)], seed=1)
    assert (found.low, found.mean, found.reason) == (None, None, "number_of_payers")
    assert found.by_shape.is_empty()


def test_every_shape_is_told_and_means_are_exact() -> None:
    found = total([LEVY], draws=100_000, seed=3)
    means = dict(found.by_shape.select("shape", "mean").iter_rows())
    expected = {
        "uniform": 127_500,
        "loguniform": 62_627.4,
        "lognormal": 71_701.6,
        "pert": 66_070.2,
        "triangular": 96_785.1,
    }
    assert means == {shape: pytest.approx(100 * mean, rel=0.01) for shape, mean in expected.items()}


def test_shares_of_a_product_are_exact() -> None:
    """Payers 20 to 200, levy 5,000 to 250,000, weeks 26 to 52 (uniform): Sobol's indices in closed form."""
    factors = {"payers": Range(20, 200), "levy": Range(5_000, 250_000), "weeks": Range(26, 52, shape="uniform")}
    rows = {row["name"]: (row["S"], row["ST"]) for row in product_shares(factors).iter_rows(named=True)}
    assert rows["payers"] == (pytest.approx(0.2066, abs=1e-4), pytest.approx(0.4361, abs=1e-4))
    assert rows["levy"] == (pytest.approx(0.5256, abs=1e-4), pytest.approx(0.7670, abs=1e-4))
    assert rows["weeks"] == (pytest.approx(0.0188, abs=1e-4), pytest.approx(0.0538, abs=1e-4))
    drawn = product(factors, draws=400_000, seed=1)
    assert drawn.mean() == pytest.approx(190_935_247, rel=0.01)
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([9_680_285, 756_059_505], rel=0.02)


def test_another_amount_moves_no_other_stream() -> None:
    other = replace(LEVY, name="roads", level=Range(1, 2), payers=1)
    alone, both = total([LEVY], seed=5), total([LEVY, other], seed=5)
    assert both.mean == pytest.approx((alone.mean or 0) + 1.44, abs=0.05)
    assert both.shares["share"].to_list() == pytest.approx([1, 0], abs=1e-6)
    assert total([LEVY], seed=5).q95 == alone.q95 != total([LEVY], seed=6).q95


@given(
    low=st.floats(1, 1e6),
    width=st.floats(1, 100),
    payers=st.integers(0, 50),
    meaning=st.sampled_from(["spread", "uncertainty"]),
)
def test_draws_stay_within_the_hard_bounds(low: float, width: float, payers: int, meaning: str) -> None:
    found = total([Amount("x", Range(low, low * width), payers, meaning)], draws=50, seed=1)
    inner = [value or 0.0 for value in (found.low, found.q05, found.q95, found.high)]
    assert all(a <= b + 1e-9 * (inner[-1] + 1) for a, b in pairwise(inner))


@pytest.mark.parametrize(("field", "value"), [("base", "miner"), ("per", "month"), ("currency", "EUR")])
def test_units_never_cross(field: str, value: str) -> None:
    with pytest.raises(MaillageError) as problem:
        total([LEVY, replace(LEVY, name="roads", **{field: value})], seed=1)
    assert (problem.value.code, problem.value.facts["field"]) == ("amounts_mixed", field)


def test_names_are_apart() -> None:
    for amounts in ([], [LEVY, LEVY]):
        with pytest.raises(MaillageError) as problem:
            total(amounts, seed=1)
        assert problem.value.code == "amounts_named"


def test_periods_turn_into_each_other_and_into_nothing_else() -> None:
    assert per(LEVY, "year").level.low == pytest.approx(5_000 * 365.25 / 7)
    assert per(per(LEVY, "month"), "week").level.high == pytest.approx(250_000)
    assert per(LEVY, "week") == LEVY
    for amount, period in (
        (LEVY, "operation"),
        (replace(LEVY, per="passage"), "week"),
        (replace(LEVY, per=None), "week"),
    ):
        with pytest.raises(MaillageError) as problem:
            per(amount, period)
        assert problem.value.code == "amounts_period"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1234, 1200),
        (1250, 1300),
        (0.0456, 0.046),
        (99.6, 100),
        (-1234, -1200),
        (5, 5),
        (190_935_247, 190_000_000),
    ],
)
def test_two_digits(value: float, expected: float) -> None:
    assert two_digits(value) == pytest.approx(expected, rel=1e-12)
