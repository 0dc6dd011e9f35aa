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
from maillage.measure.sums import (
    Amount,
    Count,
    convert,
    deflate,
    per,
    product,
    product_shares,
    total,
    two_digits,
)

LEVY = Amount("mines", Range(5_000, 250_000), 100, base="site", per="week", currency="XOF")


def test_the_same_range_between_payers_and_about_one_value() -> None:
    """100 payers of 5,000 to 250,000 a week: the spread averages out, one unknown level does not; bounds are hard."""
    spread, doubt = (
        total([replace(LEVY, meaning=m)], draws=20_000, shapes=(), seed=1) for m in ("spread", "uncertainty")
    )
    mean = 100 * 245_000 / math.log(50)
    assert (spread.low, spread.high) == (doubt.low, doubt.high) == (500_000, 25_000_000)
    assert spread.mean == pytest.approx(mean, rel=0.01)
    assert doubt.mean == pytest.approx(mean, rel=0.02)
    assert (spread.q05, spread.q95) == (pytest.approx(5.21e6, rel=0.02), pytest.approx(7.31e6, rel=0.02))
    assert (doubt.q05, doubt.q95) == (pytest.approx(0.608e6, rel=0.03), pytest.approx(20.56e6, rel=0.02))


def test_a_crowd_too_large_to_draw_one_by_one_sums_alike() -> None:
    crowd = replace(LEVY, payers=400, meaning="spread")
    one_by_one, all_at_once = (total([crowd], draws=d, shapes=(), seed=2) for d in (4_900, 5_100))
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


HERD = Amount("zakat", Range(5_000, 5_000), 3, base="head_of_livestock", currency="XOF")
HEADS = Count("heads", Range(10, 100, shape="uniform"), of="head_of_livestock", into="operation")
RAIDS = Count("raids", 4, of="operation", into="month")


def test_a_head_becomes_an_operation_and_an_operation_a_year_once_they_are_counted() -> None:
    """3 payers of 5,000 a head, 10 to 100 heads an operation, 4 operations a month: 7.2 to 72 million a year."""
    raid = convert(HERD, HEADS)
    assert (raid.base, raid.per) == ("operation", None)
    yearly = per(convert(raid, RAIDS), "year")
    assert (yearly.base, yearly.per) == (None, "year")
    found = total([yearly], draws=20_000, seed=1)
    assert (found.low, found.high) == (pytest.approx(7.2e6), pytest.approx(72e6))
    assert found.mean == pytest.approx(5_000 * 3 * 55 * 4 * 12, rel=0.01)
    assert found.sobol.filter(name="heads")["S"].item() == pytest.approx(1)
    per_operation = replace(HERD, per="operation")
    assert (convert(per_operation, HEADS).base, convert(per_operation, HEADS).per) == (None, "operation")


@pytest.mark.parametrize(
    ("amount", "count"),
    [
        (HERD, RAIDS),  # operations counted, but it is paid a head
        (replace(HERD, base="head_unspecified"), replace(HEADS, of="head_unspecified")),  # heads of whom?
        (replace(HERD, base=None), HEADS),
        (replace(HERD, base="operation", per="week"), RAIDS),  # a week and a month at once
    ],
)
def test_bases_never_cross(amount: Amount, count: Count) -> None:
    with pytest.raises(MaillageError) as problem:
        convert(amount, count)
    assert problem.value.code == "amounts_base"


def test_without_a_count_there_is_no_sum() -> None:
    found = total([convert(HERD, replace(HEADS, many=None))], seed=1)
    assert (found.low, found.reason) == (None, "count_unknown")


def test_prices_of_two_years_are_never_added_and_turn_into_each_other_by_an_index() -> None:
    old, new = replace(LEVY, prices=2012), replace(LEVY, name="roads", prices=2024)
    with pytest.raises(MaillageError) as problem:
        total([old, new], seed=1)
    assert problem.value.facts["field"] == "prices"
    index = {2012: 80.0, 2024: 100.0}
    moved = deflate(old, index, to=2024)
    assert (moved.level.low, moved.level.high, moved.prices) == (6_250, 312_500, 2024)
    assert deflate(moved, index, to=2012).level == old.level
    for amount, levels in ((LEVY, index), (old, {2024: 100.0}), (old, {2012: 0.0, 2024: 100.0})):
        with pytest.raises(MaillageError) as problem:
            deflate(amount, levels, to=2024)
        assert problem.value.code == "amounts_prices"


def test_a_shape_without_end_has_no_hard_bound() -> None:
    found = total([replace(LEVY, level=Range(5_000, 250_000, shape="lognormal", coverage=0.9))], draws=100, seed=1)
    assert (found.low, found.high) == (0, math.inf)


def test_shares_of_a_total_are_those_of_a_product_where_it_is_one() -> None:
    """The published product of methods: payers 20 to 200, levy 5,000 to 250,000, weeks 26 to 52."""
    weeks = Count("weeks", Range(26, 52, shape="uniform"), of="week", into="season")
    one = convert(replace(LEVY, payers=Range(20, 200)), weeks)
    rows = {row[0]: row[1:] for row in total([one], draws=10, seed=1).sobol.iter_rows()}
    assert rows["mines/payers"] == pytest.approx((0.2066, 0.4361), abs=1e-4)
    assert rows["mines/level"] == pytest.approx((0.5256, 0.7670), abs=1e-4)
    assert rows["weeks"] == pytest.approx((0.0188, 0.0538), abs=1e-4)


@pytest.mark.parametrize("meaning", ["spread", "uncertainty"])
def test_shares_of_a_total_by_drawing_again(meaning: str) -> None:
    """Two amounts that share a count, against the definition: unknowns drawn anew one by one (Saltelli 2010)."""
    raids = Count("raids", Range(2, 6, shape="uniform"), of="operation", into="month")
    mines = Amount("mines", Range(1, 9, shape="uniform"), Range(1, 6, shape="uniform"), meaning, base="operation")
    roads = Amount("roads", Range(2, 4, shape="uniform"), 3, base="operation")
    found = total([convert(item, raids) for item in (mines, roads)], draws=9, seed=1)
    rows = {row[0]: row[1:] for row in found.sobol.iter_rows()}
    rng, size, most = np.random.default_rng(5), 60_000, 6
    first, again = ({"level": rng.uniform(1, 9, (size, most)), "payers": rng.uniform(1, 6, size),
                     "roads": rng.uniform(2, 4, size), "raids": rng.uniform(2, 6, size)} for _ in range(2))  # fmt: skip

    def value(x: dict[str, np.ndarray]) -> np.ndarray:
        if meaning == "spread":
            taken = np.where(np.arange(most) < np.rint(x["payers"])[:, None], x["level"], 0).sum(axis=1)
        else:
            taken = x["payers"] * x["level"][:, 0]
        return x["raids"] * (taken + 3 * x["roads"])

    base, other = value(first), value(again)
    variance = np.var([base, other])
    names = {"mines/level": "level", "mines/payers": "payers", "roads/level": "roads", "raids": "raids"}
    for name, own in names.items():
        mixed = value(first | {own: again[own]})
        s, st_ = np.mean(other * (mixed - base)) / variance, np.mean((base - mixed) ** 2) / (2 * variance)
        assert rows[name] == pytest.approx((s, st_), abs=0.02), name
    assert rows["roads/payers"] == (0, 0)


@given(st.lists(st.tuples(st.floats(1, 100), st.floats(1, 5), st.integers(0, 9)), min_size=1, max_size=4))
def test_a_total_is_the_sum_of_its_parts(parts: list[tuple[float, float, int]]) -> None:
    amounts = [Amount(f"a{at}", Range(low, low * f), n) for at, (low, f, n) in enumerate(parts)]
    whole = total(amounts, draws=40, shapes=("uniform",), seed=1)
    each = [total([one], draws=40, shapes=(), seed=1) for one in amounts]
    for name in ("low", "high", "mean"):
        assert getattr(whole, name) == pytest.approx(math.fsum(getattr(one, name) for one in each), rel=1e-9)
    shares = [share for share in whole.shares["share"].to_list() if share is not None]
    assert not shares or math.fsum(shares) == pytest.approx(1)
