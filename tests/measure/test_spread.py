"""Statistics of spread against published values, full enumeration and the formulas of their authors."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from maillage.errors import MaillageError
from maillage.measure import spread

POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = [2, 3, 3.2, 5, 8, 7]  # Getis and Ord's example as published in the tests of PySAL esda


def test_gi_and_gi_star_of_the_published_example() -> None:
    near = (cdist(POINTS, POINTS) <= 15).astype(float)
    star = spread.hot_spots(VALUES, near)
    plain = spread.hot_spots(VALUES, near - np.eye(6))
    assert plain["z"].to_list() == pytest.approx(
        [-1.0136729, -0.0436159, 1.3155870, -0.3141268, 1.1537399, 1.7783394], abs=5e-8
    )
    assert star["z"].to_list() == pytest.approx(
        [-1.3972763, -0.2891776, 0.6506496, -0.2891776, 1.2345209, 2.0242433], abs=5e-8
    )
    assert plain["p"][5] == pytest.approx(0.0753481, abs=1e-6)


def test_hot_spots_equal_the_moments_over_all_permutations() -> None:
    """Gi of the first place: mean and variance of its neighbours' sum over the 120 orders of the other five."""
    near = (cdist(POINTS, POINTS) <= 15).astype(float) - np.eye(6)
    sums = [float(near[0, 1:] @ np.array(order)) for order in itertools.permutations(VALUES[1:])]
    z = (near[0] @ VALUES - np.mean(sums)) / np.std(sums)
    assert spread.hot_spots(VALUES, near)["z"][0] == pytest.approx(z)
    scaled = near * np.array([[7.0], [1], [1], [1], [1], [1]])
    assert spread.hot_spots(VALUES, scaled)["z"][0] == pytest.approx(z), "rescaling a row changes nothing"


def test_no_neighbours_or_no_variation_is_no_number() -> None:
    lonely = spread.hot_spots([1, 2, 3], [[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    assert math.isnan(lonely["z"][0])
    assert math.isnan(lonely["p"][0])
    for same in (2, 0.1, 1e9 + 0.1, 0):
        assert spread.hot_spots([same] * 7, np.eye(7, k=1) + np.eye(7, k=-1))["z"].is_nan().all()


def test_trend_by_hand() -> None:
    found = spread.trend([1, 3, 2, 4, 5])
    assert (found.s, found.tau, found.slope) == (8, 0.8, 1.0)
    assert found.var == pytest.approx(5 * 4 * 15 / 18)
    assert found.z == pytest.approx(7 / math.sqrt(5 * 4 * 15 / 18))
    # of 120 orders one has no inversion, four have one; the same at the other end
    assert found.p == pytest.approx(10 / 120)


@pytest.mark.parametrize(("n", "smallest"), [(5, 0.0167), (6, 0.0028), (8, 0.00005)])
def test_smallest_possible_p(n: int, smallest: float) -> None:
    assert spread.trend(range(n)).p == pytest.approx(smallest, abs=5e-5)
    assert spread.trend(range(n)).p == pytest.approx(2 / math.factorial(n))


@given(st.lists(st.integers(0, 3), min_size=5, max_size=6))
@settings(max_examples=15)
def test_exact_p_equals_full_enumeration_with_ties(series: list[int]) -> None:
    found = spread.trend(series)
    scores = [spread.trend([*order]).s for order in itertools.permutations(series)]
    assert found.p == pytest.approx(sum(abs(s) >= abs(found.s) for s in scores) / len(scores))


@pytest.mark.parametrize("series", [[1, 2, 3, 4], [1, 2, math.nan, 3, 4], [1, 5], [1], [math.nan] * 9])
def test_too_short_a_series_shows_no_trend(series: list[float]) -> None:
    found = spread.trend(series)
    assert all(math.isnan(value) for value in (found.z, found.p, found.tau, found.slope))
    assert spread.trend([*series, 6, 7, 8, 9, 10]).slope > 0, "the same series, longer, does"


def test_gaps_keep_their_place_in_the_slope() -> None:
    assert spread.trend([0, math.nan, math.nan, 3, 4, 5, 6]).slope == 1.0
    assert spread.trend([0, None, None, 3, 4, 5, 6]).slope == 1.0


def test_normal_p_above_ten_values() -> None:
    found = spread.trend([1, 2, 2, 3, 5, 4, 6, 7, 9, 8, 10, 11])
    ties = 2 * 1 * 9
    var = (12 * 11 * 29 - ties) / 18
    assert found.s == 61
    assert found.z == pytest.approx(60 / math.sqrt(var))
    assert found.p == pytest.approx(math.erfc(60 / math.sqrt(var) / math.sqrt(2)))
    assert spread.trend([3.0] * 12).p == 1.0


def test_diversity_of_four_kinds() -> None:
    shares = [0.5, 0.25, 0.125, 0.125]
    assert [spread.diversity(shares, q) for q in (0, 1, 2)] == pytest.approx([4, 3.3635857, 2.9090909])
    assert math.log(spread.diversity(shares, 1)) == pytest.approx(1.2130076)
    assert spread.diversity([8, 4, 2, 2, 0], 2) == pytest.approx(2.9090909), "counts do as well as shares"
    assert spread.diversity(shares, math.inf) == 2


@pytest.mark.parametrize(
    ("a", "b", "schoener", "horn"),
    [
        ((0.5, 0.3, 0.2, 0), (0.2, 0.3, 0, 0.5), 0.5, 0.5),
        ((0.6, 0.3, 0.1, 0), (0.1, 0.2, 0.3, 0.4), 0.4, 0.3947368),
    ],
)
def test_overlap(a: tuple[float, ...], b: tuple[float, ...], schoener: float, horn: float) -> None:
    assert spread.overlap(a, b) == pytest.approx(schoener)
    assert spread.overlap(a, b, method="morisita_horn") == pytest.approx(horn)
    assert spread.overlap(a, a) == pytest.approx(1)


def test_knox_by_hand() -> None:
    """Six events in two clumps, each clump at its own time: all six near pairs are close in time."""
    x, y, t = [0, 1, 0, 100, 101, 100], [0, 0, 1, 0, 0, 1], [1, 2, 3, 50, 51, 52]
    found = spread.knox(x, y, t, space=2, time=2, seed=3)
    assert found.pairs == 6
    assert found.expected == pytest.approx(6 * 6 / 15)
    # of the 720 orders of the times, 72 keep the two clumps together: 2 x 3! x 3!
    assert found.p == pytest.approx(72 / 720, abs=0.035)
    assert found == spread.knox(x, y, t, space=2, time=2, seed=3)


def test_knox_bounds_are_included() -> None:
    assert spread.knox([0, 3], [0, 4], [0, 5], space=5, time=5, draws=9, seed=1) == (1, 1.0, 1.0)
    assert spread.knox([0, 3], [0, 4], [0, 5.1], space=5, time=5, draws=9, seed=1).pairs == 0


def test_scan_llr() -> None:
    assert spread.scan_llr(12, 5, 100) == pytest.approx(3.7700981, abs=5e-8)
    assert spread.scan_llr(5, 5, 100) == 0
    assert spread.scan_llr(2, 5, 100) == 0, "a window with too few is no cluster"
    assert spread.scan_llr(10, 5, 10) == pytest.approx(10 * math.log(2))


@pytest.mark.parametrize(
    ("sample", "observed", "plain", "fair"),
    [([0, 1, 2, 3], 1, 0.375, 1 / 6), ([0, 0, 0, 1, 2, 10], 3, 1.583333, 1.266667), ([0, 0, 0, 0], 5, 5, 5)],
)
def test_crps(sample: list[float], observed: float, plain: float, fair: float) -> None:
    assert spread.crps(sample, observed) == pytest.approx(plain, abs=1e-6)
    assert spread.crps(sample, observed, fair=True) == pytest.approx(fair, abs=1e-6)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=12), st.floats(-100, 100))
def test_crps_equals_all_pairs(sample: list[float], observed: float) -> None:
    n = len(sample)
    pairs = sum(abs(a - b) for a in sample for b in sample) / (2 * n * n)
    whole = sum(abs(a - observed) for a in sample) / n - pairs
    assert spread.crps(sample, observed) == pytest.approx(whole, abs=1e-9)


def test_change_points() -> None:
    series = [0.0] * 12 + [5.0] * 12 + [1.0] * 12 + [9.0] * 12
    assert spread.change_points(series, 3) == [12, 24, 36]
    assert spread.change_points(series, 0) == []


@given(st.lists(st.integers(0, 9), min_size=4, max_size=8), st.integers(1, 3))
def test_change_points_are_the_best_of_all_partitions(series: list[int], count: int) -> None:
    def error(cuts: tuple[int, ...]) -> float:
        parts = np.split(np.array(series, dtype=float), cuts)
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

    best = min(error(cuts) for cuts in itertools.combinations(range(1, len(series)), count))
    assert error(tuple(spread.change_points(series, count))) == pytest.approx(best, abs=1e-9)


def test_wrong_inputs_are_refused() -> None:
    cases = [
        ("spread_missing", lambda: spread.hot_spots([1, math.nan], np.ones((2, 2)))),
        ("spread_shape", lambda: spread.hot_spots([1, 2], np.ones((3, 3)))),
        ("spread_shape", lambda: spread.trend([])),
        ("spread_shares", lambda: spread.diversity([0, 0], 1)),
        ("spread_shares", lambda: spread.diversity([1, -1], 1)),
        ("spread_shape", lambda: spread.overlap([1], [1, 2])),
        ("spread_method", lambda: spread.overlap([1], [1], method="pianka")),  # type: ignore[arg-type]
        ("spread_missing", lambda: spread.change_points([1, math.nan, 2], 1)),
        ("spread_shape", lambda: spread.change_points([1, 2], 2)),
        ("spread_shape", lambda: spread.scan_llr(3, 1, 2)),
        ("spread_missing", lambda: spread.crps([math.nan], 1)),
        ("spread_shape", lambda: spread.knox([1], [1], [1, 2], space=1, time=1, seed=1)),
        ("spread_shape", lambda: spread.knox([1, 2], [1], [1, 2], space=1, time=1, seed=1)),
    ]
    for code, call in cases:
        with pytest.raises(MaillageError) as caught:
            call()
        assert caught.value.code == code
