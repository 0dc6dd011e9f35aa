"""Mann-Kendall for series whose neighbouring values resemble each other: the variance of the score made to fit."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from maillage.measure.spread import TOO_SHORT, Floats, trend

BOUND = 1.959963984540054  # two-sided 95 % of the normal


class Corrected(NamedTuple):
    """Correction factor of the variance of the Mann-Kendall score, the corrected variance, z and two-sided p."""

    factor: float
    var: float
    z: float
    p: float


def autocorrelated_trend(series: ArrayLike) -> Corrected:
    """Mann-Kendall with the variance corrected for autocorrelation (K. Hamed, A. Rao, 1998).

    Ranks of the series less Sen's slope; only autocorrelations significant at 5 % count. nan = missing: slopes use the
    true positions, lags count values. Where none counts, p is that of `spread.trend` (exact up to ten values). z and p
    are nan for four values or fewer, or where the corrected variance is not positive. Raises `spread_shape`.
    """
    plain = trend(series)
    values = np.asarray(series, dtype=np.float64)
    at = np.flatnonzero(~np.isnan(values))
    if at.size <= TOO_SHORT:
        return Corrected(math.nan, math.nan, math.nan, math.nan)
    factor = correction(values[at] - plain.slope * at)
    if factor == 1:
        return Corrected(1.0, plain.var, plain.z, plain.p)
    var = plain.var * factor
    if var <= 0:
        return Corrected(factor, var, math.nan, math.nan)
    z = float((plain.s - np.sign(plain.s)) / math.sqrt(var))
    return Corrected(factor, var, z, math.erfc(abs(z) / math.sqrt(2)))


def correction(left: Floats) -> float:
    """n / n* of Hamed and Rao (1998): how much larger the variance of the score is than without autocorrelation.

    left: what is left of a series without its slope, in order, at least three values. 1 where none of its
    autocorrelations is beyond 1.96 / sqrt(n): in ten values only one beyond 0.62 counts.
    """
    n = left.size
    lag, found = np.arange(1, n), _autocorrelations(_ranks(left))
    counted = np.where(np.abs(found) > BOUND / math.sqrt(n), found, 0.0)
    return 1 + 2 * float(((n - lag) * (n - lag - 1) * (n - lag - 2) * counted).sum()) / (n * (n - 1) * (n - 2))


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, the mean rank for equal values; differences below rounding are equal."""
    _, kind, counts = np.unique(np.round(values, 9), return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[kind]


def _autocorrelations(values: Floats) -> Floats:
    """Of lags 1 to n - 1, each sum divided by that of lag 0; zeros where all values are alike."""
    apart = values - values.mean()
    whole = float(apart @ apart)
    sums = np.array([apart[lag:] @ apart[:-lag] for lag in range(1, values.size)])
    return sums / whole if whole > 0 else np.zeros_like(sums)
