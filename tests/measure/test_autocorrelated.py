"""Correction of Mann-Kendall for autocorrelation: by hand, and as published packages have it."""

import math

import numpy as np
import pytest
from rainfall import MONTHS

from maillage.measure.autocorrelated import autocorrelated_trend, correction
from maillage.measure.spread import trend


def test_two_levels_by_hand() -> None:
    # Sen's slope 0, ranks 2 and 7; of the autocorrelations, lag 1 alone (32.75 / 52.5) is beyond 1.96 / sqrt(10).
    series = [0] * 3 + [1] * 7
    found = autocorrelated_trend(series)
    assert found.factor == pytest.approx(1 + 2 * 9 * 8 * 7 * (32.75 / 52.5) / (10 * 9 * 8))
    assert found.var == pytest.approx(77 * found.factor)
    assert found.z == pytest.approx(20 / math.sqrt(found.var))
    assert trend(series).p == pytest.approx(2 / 120)
    assert found.p > 0.05, "the correction turns the verdict"


def test_without_autocorrelation_the_exact_p_stays() -> None:
    series = [1, 3, 2, 4, 5]
    assert autocorrelated_trend(series).p == trend(series).p
    assert autocorrelated_trend(range(10)).p == trend(range(10)).p, "a straight line leaves nothing to correlate"


@pytest.mark.parametrize("series", [[1, 2, 3, 4], [1, math.nan, 2, 3, 4]])
def test_four_values_show_nothing(series: list[float]) -> None:
    assert math.isnan(autocorrelated_trend(series).p)


def test_rainfall_has_the_published_answers() -> None:
    plain = trend(MONTHS)
    assert (plain.s, plain.var) == (-1959, pytest.approx(4889800.333333333))
    assert (plain.z, plain.p) == (pytest.approx(-0.8854562842589916), pytest.approx(0.3759105874050683))
    assert (plain.tau, plain.slope) == (pytest.approx(-0.03153167653875869), pytest.approx(-0.006369426751592357))
    kept = np.array([value for value in MONTHS if not math.isnan(value)])
    # Published: the slope of the true months, taken from the series with its seven gaps closed.
    factor = correction(kept - plain.slope * np.arange(kept.size))
    var = plain.var * factor
    assert var == pytest.approx(259723.81316716125)
    assert math.erfc((1959 - 1) / math.sqrt(2 * var)) == pytest.approx(0.00012203829241275166)


def test_gaps_keep_their_months() -> None:
    # pymannkendall 1.4.3 of the series without its gaps, where no month is moved; ours has the same ranks with them.
    kept = [value for value in MONTHS if not math.isnan(value)]
    for series in (kept, MONTHS):
        found = autocorrelated_trend(series)
        assert found.var == pytest.approx(257403.38678462413)
        assert found.p == pytest.approx(0.00011372459883540742)


def test_values_alike_but_for_rounding_share_a_rank() -> None:
    # 0.1 + 0.2 is not 0.3 to a computer: the two must not be ranked apart.
    uneven = [0.1 + 0.2, 5, 0.3, 5, 0.3, 1, 0.3, 1]
    exact = [3, 50, 3, 50, 3, 10, 3, 10]
    assert correction(np.array(uneven)) == correction(np.array(exact, dtype=float))
