"""Ranges against worked numbers: two quantities of the published Mali study under each shape."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.amounts import PEAKED, SHAPES, Range, Shape

WEEKLY = (5_000.0, 250_000.0)  # XOF a week to enter a gold site
FEE = (200_000.0, 500_000.0)  # XOF an operation to the intermediary who sells the animals

# computed from the closed forms of each distribution, rounded to one decimal; - = not worked
COLUMNS = ["mean", "sd", "q05", "q25", "q50", "q75", "q95"]
WORKED = """
weekly uniform    1.0 127500.0  70725.4  17250.0        - 127500.0        - 237750.0
weekly loguniform 1.0  62627.4  63740.1   6080.2  13295.7  35355.3  94015.1 205585.0
weekly lognormal  0.9  71701.6 126505.9   5000.0  15853.1  35355.3  78848.9 250000.0
weekly lognormal  0.8 113320.6 345083.7   2871.8  12628.9  35355.3  98979.4 435268.5
weekly pert       1.0  66070.2  40058.2  13857.2  34286.1  58975.1  91078.0 142676.5
weekly triangular 1.0  96785.1  54522.9  24283.5        -  87845.8        - 198722.4
fee    uniform    1.0 350000.0  86602.5 215000.0        - 350000.0        - 485000.0
fee    loguniform 1.0 327407.0  86006.4 209376.0 251486.7 316227.8 397635.4 477609.6
fee    lognormal  0.9 328735.3  93368.4 200000.0 262065.7 316227.8 381583.7 500000.0
fee    lognormal  0.8 337094.5 124463.6 175640.5 248473.8 316227.8 402456.9 569344.6
fee    pert       1.0 327485.2  56052.4 240033.2 284652.6 324830.6 367766.8 424074.8
fee    triangular 1.0 338742.6  61752.4 241754.2        - 333970.4        - 447496.8
"""


@pytest.mark.parametrize("line", WORKED.strip().splitlines())
def test_worked_numbers(line: str) -> None:
    which, shape, coverage, *worked = line.split()
    found = Range(*{"weekly": WEEKLY, "fee": FEE}[which], shape=shape, coverage=float(coverage))  # type: ignore[arg-type]
    for name, expected in zip(COLUMNS, worked, strict=True):
        value = getattr(found, name)() if name in {"mean", "sd"} else found.quantile(int(name[1:]) / 100)
        assert expected == "-" or value == pytest.approx(float(expected), abs=0.0501), name


def test_product_of_three_ranges() -> None:
    """Payers x levy x weeks, independent: exact mean, sd and variance shares (Sobol); draws within half a per cent."""
    parts = {"payers": Range(20, 200), "levy": Range(*WEEKLY), "weeks": Range(26, 52, shape="uniform")}
    cv2 = {name: (part.sd() / part.mean()) ** 2 for name, part in parts.items()}
    variance = math.prod(1 + c for c in cv2.values()) - 1
    mean = math.prod(part.mean() for part in parts.values())
    assert mean == pytest.approx(190935247.0, abs=1)
    assert mean * math.sqrt(variance) == pytest.approx(268045832.0, abs=1)
    first = {name: c / variance for name, c in cv2.items()}
    total = {name: c / (1 + c) * (1 + variance) / variance for name, c in cv2.items()}
    assert first == pytest.approx({"payers": 0.2066, "levy": 0.5256, "weeks": 0.0188}, abs=5e-5)
    assert total == pytest.approx({"payers": 0.4361, "levy": 0.767, "weeks": 0.0538}, abs=5e-5)

    draws = np.prod([part.sample(estimate.rng(7, name), 1_000_000) for name, part in parts.items()], axis=0)
    worked = [9680285.0, 31673219.0, 85550403.0, 231167017.0, 756059505.0]
    assert np.quantile(draws, [0.05, 0.25, 0.5, 0.75, 0.95]) == pytest.approx(worked, rel=0.005)


def test_payers_who_differ_are_not_one_unknown_level() -> None:
    """100 payers a week: same mean, but a sum of independent payers is far narrower than one common level."""
    levy = Range(*WEEKLY)
    each = levy.sample(estimate.rng(1, "each"), (20_000, 100)).sum(axis=1)
    assert np.quantile(each, [0.05, 0.95]) == pytest.approx([5.21e6, 7.31e6], rel=0.01)
    assert 100 * levy.mean() == pytest.approx(6.26e6, rel=0.001)
    assert 100 * levy.quantile(0.05) == pytest.approx(0.61e6, rel=0.01)
    assert 100 * levy.quantile(0.95) == pytest.approx(20.56e6, rel=0.001)


@pytest.mark.parametrize("shape", ["uniform", "loguniform"])
def test_coverage_is_the_central_probability_of_the_range(shape: Shape) -> None:
    wide = Range(10, 40, shape=shape, coverage=0.9)
    assert wide.quantile(0.05) == pytest.approx(10)
    assert wide.quantile(0.95) == pytest.approx(40)


def test_a_stated_mode_counts() -> None:
    assert Range(0, 10, shape="triangular", mode=0).mean() == pytest.approx(10 / 3)
    assert Range(0, 10, shape="pert", mode=10).mean() == pytest.approx(50 / 6)


def test_one_value_is_a_range_without_width() -> None:
    for shape in ("uniform", "loguniform", "pert", "triangular"):
        one = Range(5, 5, shape=shape)
        assert (one.mean(), one.sd(), one.quantile(0.3)) == (5, 0, 5)


@given(st.floats(1e-3, 1e6), st.floats(1, 1.01), st.sampled_from(["uniform", "loguniform"]))
def test_a_narrow_range_has_a_spread_too(low: float, factor: float, shape: Shape) -> None:
    narrow = Range(low, low * factor, shape=shape)
    assert narrow.sd() == pytest.approx((narrow.high - low) / math.sqrt(12), rel=1e-3, abs=1e-12 * low)
    assert narrow.low <= narrow.mean() * (1 + 1e-12) <= narrow.high * (1 + 1e-11)


def test_wrong_ranges_are_refused() -> None:
    def code(*ends: float, **options: object) -> str:
        with pytest.raises(MaillageError) as caught:
            Range(*ends, **options)  # type: ignore[arg-type]
        return caught.value.code

    assert code(2, 1) == "range_bounds"
    assert code(math.nan, 1) == "range_bounds"
    assert code(1, math.inf) == "range_bounds"
    assert code(1, 2, shape="normal") == "range_shape"
    assert code(0, 2) == "range_positive"
    assert code(0, 2, shape="pert") == "range_positive"
    assert code(1, 2, shape="lognormal") == "range_coverage"
    assert code(1, 2, shape="pert", coverage=0.9) == "range_coverage"
    assert code(1, 2, coverage=0.0) == "range_coverage"
    assert code(1, 2, shape="triangular", mode=3) == "range_mode"
    assert code(1, 2, mode=1.5) == "range_mode"
    with pytest.raises(MaillageError, match="range_quantile"):
        Range(1, 2).quantile(1.2)


@given(
    low=st.floats(0.01, 1e6),
    factor=st.floats(1.01, 1e4),
    shape=st.sampled_from(SHAPES),
    p=st.floats(0.001, 0.998),
)
def test_quantiles_rise_and_stay_inside(low: float, factor: float, shape: Shape, p: float) -> None:
    found = Range(low, low * factor, shape=shape, coverage=0.9 if shape == "lognormal" else 1.0)
    assert found.quantile(p) <= found.quantile(p + 0.001)
    if shape != "lognormal":
        assert low * (1 - 1e-9) <= found.quantile(p) <= low * factor * (1 + 1e-9)
    if shape in PEAKED:
        assert low < found.mean() < low * factor
