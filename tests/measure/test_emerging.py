"""Hot spots over time: the same as place by place, all orders counted, and each pattern drawn by hand."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.measure.emerging import category, emerging, false_discovery, permuted, trends
from maillage.measure.spread import gi, hot_spots, trend


def ring(n: int) -> np.ndarray:
    """Everybody is a neighbour of the two beside them and of themselves."""
    return np.eye(n) + np.roll(np.eye(n), 1, axis=1) + np.roll(np.eye(n), -1, axis=1)


@given(
    st.lists(
        st.lists(st.one_of(st.just(math.nan), st.integers(0, 4)), min_size=12, max_size=12), min_size=1, max_size=4
    )
)
def test_many_trends_are_as_each_by_itself(rows: list[list[float]]) -> None:
    found = trends(rows)
    for row, series in zip(found.iter_rows(named=True), rows, strict=True):
        one = trend(series)
        assert row["s"] == one.s
        assert row["z"] == pytest.approx(one.z, nan_ok=True)
        assert row["p"] == pytest.approx(one.p, nan_ok=True)


def test_all_periods_at_once_are_as_each_by_itself() -> None:
    rng = np.random.default_rng(1)
    values, weights = rng.random((12, 5)), ring(12)
    every = gi(values, weights)
    for period in range(5):
        assert every[:, period] == pytest.approx(hot_spots(values[:, period], weights)["z"].to_numpy())


def test_permutation_p_is_that_of_all_orders() -> None:
    """Six places, Getis and Ord's values: all 120 orders of the other five, against 20,000 draws."""
    x = np.array([2, 3, 3.2, 5, 8, 7.0])
    weights = np.array([[0, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0], [0, 1, 1, 0, 1, 0],
                        [0, 0, 0, 1, 0, 1], [0, 0, 0, 0, 1, 0]], dtype=float)  # fmt: skip
    found = permuted(x, weights, draws=20_000, seed=3)
    for place in range(6):
        others = [i for i in range(6) if i != place]
        mine = weights[place] @ x
        sums = np.array([weights[place][others] @ np.array(order) for order in permutations(x[others])])
        exact = 2 * min((sums >= mine - 1e-9).mean(), (sums <= mine + 1e-9).mean())
        assert found[place] == pytest.approx(min(1, exact), abs=0.02)
    assert np.isnan(permuted(x, np.eye(6), draws=9, seed=1)).all()
    assert np.array_equal(found, permuted(x, weights, draws=20_000, seed=3))


def test_false_discovery_by_hand() -> None:
    """Benjamini and Hochberg (1995): p (i) times m / i, never falling."""
    assert false_discovery([0.01, 0.04, 0.03, 0.005, math.nan]) == pytest.approx(
        [0.02, 0.04, 0.04, 0.02, math.nan], nan_ok=True
    )
    assert false_discovery([]).size == 0


H, C, N = "hcn"


@pytest.mark.parametrize(
    ("periods", "up", "expected"),
    [
        ("nnnnnnnnnh", 0, "new"),
        ("cnnnnnnnnh", 0, "new"),
        ("nnnnnnnhhh", 0, "consecutive"),
        ("hhhhhhhhhh", 2.5, "intensifying"),
        ("hhhhhhhhhh", 0, "persistent"),
        ("hhhhhhhhhh", -2.5, "diminishing"),
        ("nhnhnnhnhh", 0, "sporadic"),
        ("nhnhcnhnhh", 0, "oscillating"),
        ("hhhhhhhhhn", 0, "historical"),
        ("nnnhhhhhnn", 0, None),
        ("nnnnnnnnnn", 2.5, None),
        ("ccccchhhhh", 2.5, "consecutive"),
        ("cccchchhhh", 2.5, "oscillating"),
    ],
)
def test_every_pattern_with_its_sign(periods: str, up: float, expected: str | None) -> None:
    hot, cold = (np.array([p == sign for p in periods]) for sign in (H, C))
    assert category(hot, cold, up) == expected


def test_a_mixed_series_is_not_intensifying() -> None:
    """Half cold then half hot: all periods significant, but only half are hot, so that 90 per cent are not."""
    hot = np.array([False] * 5 + [True] * 5)
    assert category(hot, ~hot, 3.0) == "consecutive"


def test_a_hot_spot_that_grows_is_found() -> None:
    """Thirty places in a ring; around place 4 more and more happens, elsewhere noise."""
    rng = np.random.default_rng(2)
    values = rng.random((30, 12))
    values[3:6] += np.arange(12) * 3.0 + 20
    found = emerging(values, ring(30))
    assert found.columns == ["z", "trend_z", "trend_p", "sign", "category"]
    assert found["sign"][4] == 1
    assert found["category"][4] in ("intensifying", "persistent")
    assert set(found["sign"][10:28]) == {0}
    turned = emerging(-values, ring(30))
    assert turned["sign"].to_list() == [-s for s in found["sign"]]
    assert turned["category"].to_list() == found["category"].to_list()


def test_shapes() -> None:
    for call in (lambda: trends([1.0, 2.0]), lambda: emerging([1.0], [[1.0]]), lambda: permuted([1.0], [1.0], seed=1)):
        with pytest.raises(MaillageError) as problem:
            call()
        assert problem.value.code == "spread_shape"
