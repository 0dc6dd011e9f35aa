"""Small samples against published or independently computed numbers (docs/measures/published.md names them)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.measure.intervals import posterior
from maillage.measure.shares import about, feasible, finite, interval, pooled

# Wilson, Clopper-Pearson, Jeffreys at 95 per cent, computed exactly; statsmodels agrees
TABLE = """
3/5   .2307 .8824 | .1466 .9473 | .2094 .9056
6/10  .3127 .8318 | .2624 .8784 | .3037 .8469
9/15  .3575 .8018 | .3229 .8366 | .3528 .8125
0/5   0     .4345 | 0     .5218 | 0     .3794
5/5   .5655 1     | .4782 1     | .6206 1
1/6   .0301 .5635 | .0042 .6412 | .0186 .5581
23/39 .4342 .7292 | .4210 .7443 | .4335 .7332
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_intervals_at_95_per_cent(line: str) -> None:
    count, rest = line.split(maxsplit=1)
    k, n = map(int, count.split("/"))
    for method, bounds in zip(("wilson", "clopper_pearson", "jeffreys"), rest.split("|"), strict=True):
        low, high = map(float, bounds.split())
        assert interval(k, n, method=method) == pytest.approx((low, high), abs=6e-5)


def test_ends_are_exact_where_none_or_all_say_so() -> None:
    for method in ("wilson", "clopper_pearson", "jeffreys"):
        assert interval(0, 5, method=method)[0] == 0.0
        assert interval(5, 5, method=method)[1] == 1.0


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_impossible_counts_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="k of n"):
        interval(k, n)


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_a_level_is_a_probability(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        interval(3, 5, level=level)
    with pytest.raises(ValueError, match="level"):
        finite(3, 5, population=10, level=level)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="wald"):
        interval(1, 2, method="wald")


@pytest.mark.parametrize(
    ("k", "n", "population", "bounds"),
    [(3, 5, 10, (3, 8)), (3, 5, 20, (4, 18)), (6, 10, 30, (10, 25)), (9, 15, 15, (9, 9))],
)
def test_exact_sets_in_a_finite_group(k: int, n: int, population: int, bounds: tuple[int, int]) -> None:
    assert finite(k, n, population=population) == bounds


def test_what_60_per_cent_can_stand_for_below_35_people() -> None:
    assert feasible(60, n_max=34) == [(3, 5), (6, 10), (9, 15), (12, 20), (15, 25), (18, 30)]


def test_what_12_per_cent_can_stand_for_includes_ties_of_both_roundings() -> None:
    pairs = [(1, 8), (2, 16), (2, 17), (3, 24), (3, 25), (3, 26), (4, 32), (4, 33), (4, 34)]
    assert feasible(12, n_max=34) == pairs  # 1/8 = 12.5: half-even gives 12, half-up 13
    assert (1, 8) in feasible(13, n_max=34)


def test_a_third_and_two_thirds_pin_down_k_not_n() -> None:
    thirds = [(k, 3 * k) for k in range(1, 14)]
    assert feasible(33, n_max=39) == thirds
    assert feasible(66.7, decimals=1, n_max=39) == [(2 * k, 3 * k) for k in range(1, 14)]


def test_a_per_cent_can_be_impossible() -> None:
    assert feasible(51, n_max=20) == []
    assert feasible(60.5, n_max=1000) == []


def test_about_60_per_cent_is_a_list_apart() -> None:
    """Rounded to tens, 4 of 7 (57.1) and 5 of 8 (62.5) fit as well; 3 of 5 is exact and stands in the other list."""
    wide = about(60, n_max=12)
    assert wide == [(4, 7), (5, 8), (5, 9), (7, 11), (7, 12)]
    assert not set(wide) & set(feasible(60, n_max=12))
    assert about(60, to="fives", n_max=8) == [(5, 8)]
    assert about(62, n_max=39) == about(65, n_max=39) == []  # not rounded to tens


@given(st.integers(1, 30), st.floats(0.5, 0.98), st.sampled_from(["wilson", "clopper_pearson", "jeffreys"]))
def test_intervals_nest_with_their_level(n: int, level: float, method: str) -> None:
    for k in {0, n // 3, n}:
        (low, high), (lower, higher) = (interval(k, n, method=method, level=lv) for lv in (level, level + 0.015))
        assert 0 <= lower <= low <= k / n <= high <= higher <= 1
        assert lower <= low <= high <= higher
        least, most = finite(k, n, population=n + 9, level=round(level, 3))
        wider = finite(k, n, population=n + 9, level=round(level + 0.015, 3))
        assert wider[0] <= least <= most <= wider[1]


@given(st.integers(0, 100), st.integers(1, 60))
def test_feasible_agrees_with_rounding_every_share(percent: int, n: int) -> None:
    def rounds(k: int) -> bool:
        exact = Fraction(100 * k, n)
        half_up = (2 * exact + 1) // 2
        return percent in (half_up, round(exact))  # round() of a Fraction is half-even

    assert feasible(percent, n_max=n, n_min=n) == [(k, n) for k in range(n + 1) if rounds(k)]


def test_six_regions_drawn_towards_each_other() -> None:
    table, overall = pooled([3, 6, 1, 2, 0, 4], [5, 8, 6, 7, 6, 7])
    assert table["mean"].to_list() == pytest.approx([0.5194, 0.6378, 0.2595, 0.3291, 0.1568, 0.5138], abs=6e-5)
    assert table["low"].to_list() == pytest.approx([0.2023, 0.3389, 0.0324, 0.0830, 0.0003, 0.2268], abs=2e-4)
    assert table["high"].to_list() == pytest.approx([0.8506, 0.9052, 0.5692, 0.6269, 0.4714, 0.8126], abs=2e-4)
    assert overall == pytest.approx(0.4109, abs=6e-5)


# Tarone (1982), as in Gelman et al. (2013), table 5.1: rats with endometrial stromal polyps, k of n in 71 groups
TUMOURS = """
0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20 1/20 1/19 1/19 1/18 1/18 2/25 2/24
2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27 2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20 4/20 4/20
4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/46 15/47 9/24 4/14
"""


def test_the_published_rat_tumours() -> None:
    """Gelman et al. (2013), section 5.3: E[alpha] 2.4, E[beta] 14.3 with their prior."""
    k, n = (np.array([int(pair.split("/")[at]) for pair in TUMOURS.split()], dtype=float) for at in (0, 1))
    mu, kappa, weight = posterior(k, n, tail=-1.5)
    alpha, beta = mu * kappa, (1 - mu) * kappa
    assert (np.sum(weight * alpha), np.sum(weight * beta)) == pytest.approx((2.403, 14.320), abs=2e-3)
    drawn = [np.sum(weight * (alpha + a) / (kappa + b)) for a, b in ((4, 14), (0, 20))]
    assert drawn == pytest.approx([0.2109, 0.0636], abs=1e-4)


def test_pooling_takes_arrays_as_it_takes_lists() -> None:
    listed, over_all = pooled([3, 1, 0], [5, 6, 7])
    table, mean = pooled(np.array([3, 1, 0]), np.array([5, 6, 7]))
    assert table.equals(listed)
    assert mean == over_all
    with pytest.raises(ValueError, match="same length"):
        pooled(np.array([], dtype=int), np.array([], dtype=int))
