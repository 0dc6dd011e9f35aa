"""Small samples against published or independently computed numbers (docs/measures/published.md names them)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.measure.shares import feasible, finite, interval, pooled

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
