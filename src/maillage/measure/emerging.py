"""Hot spots over time: every place and period at once, chance by permutation, and how a hot spot came to be.

Places x periods in, one row a place out. Categories as in the emerging hot spot analysis of ArcGIS, with the sign kept
apart: a cold period never counts as a hot one.
"""

import math

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.spread import EXACT_UP_TO, TOO_SHORT, gi, trend, two_sided

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST, TREND_LEVEL, LEVEL = 0.9, 0.05, 0.05


def trends(series: ArrayLike) -> pl.DataFrame:
    """Mann-Kendall for many series of one length, one a row: table (s, z, p); nan = missing, kept in place.

    As `spread.trend`, which also gives slopes: exact p up to ten values; z and p are nan for four or fewer.
    """
    x = np.asarray(series, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] < 1:
        raise MaillageError("spread_shape", what="trends", found=str(x.shape), expected="places x periods")
    s = np.zeros(len(x))
    for lag in range(1, x.shape[1]):
        s += np.nansum(np.sign(x[:, lag:] - x[:, :-lag]), axis=1)
    known = (~np.isnan(x)).sum(axis=1)
    var = (known * (known - 1) * (2 * known + 5) - _ties(x)) / 18
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(var > 0, (s - np.sign(s)) / np.sqrt(var), 0.0)
    p = two_sided(z)
    z[known <= TOO_SHORT] = math.nan
    for row in np.flatnonzero(known <= EXACT_UP_TO):
        p[row] = trend(x[row]).p
    return pl.DataFrame({"s": s.astype(np.int64), "z": z, "p": p})


def _ties(x: Floats) -> Floats:
    """Sum of t (t - 1) (2 t + 5) over the groups of equal values of each row."""
    ordered = np.sort(x, axis=1)
    starts = np.ones(x.shape, dtype=np.bool_)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]  # each nan starts a group of its own, which adds nothing
    sizes = np.diff(np.append(np.flatnonzero(starts.ravel()), x.size))
    row = np.flatnonzero(starts.ravel()) // x.shape[1]
    found = np.zeros(len(x))
    np.add.at(found, row, sizes * (sizes - 1) * (2 * sizes + 5))
    return found


def permuted(values: ArrayLike, weights: ArrayLike, *, draws: int = 999, seed: int) -> Floats:
    """Two-sided p of Gi or Gi* of each place by conditional permutation (L. Anselin, 1995).

    The value of the place stays, those of all others are dealt anew. p = 2 (1 + as extreme on the same side) / (draws
    + 1), at most 1; nan where a place has no neighbour. Correct for the number of places with `false_discovery`.
    """
    x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.ndim != 1 or w.shape != (x.size, x.size) or draws < 1:
        raise MaillageError("spread_shape", what="permuted", found=f"{x.shape}; {w.shape}", expected="n; n x n")
    rng = estimate.rng(seed, "hot_spots")
    others = w * (1 - np.eye(x.size))
    most = int((others != 0).sum(axis=1).max(initial=0))
    dealt = np.argsort(rng.random((draws, x.size - 1)), axis=1)[:, :most]
    found = np.full(x.size, np.nan)
    for place in range(x.size):
        near = np.flatnonzero(others[place])
        if near.size:
            picked = dealt[:, : near.size]
            sums = x[picked + (picked >= place)] @ others[place, near]
            mine = float(x[near] @ others[place, near])
            side = min(int((sums >= mine - 1e-12).sum()), int((sums <= mine + 1e-12).sum()))
            found[place] = min(1.0, 2 * (1 + side) / (draws + 1))
    return found


def false_discovery(p: ArrayLike) -> Floats:
    """p values corrected for their number: how many of those as small are false (Benjamini, Hochberg, 1995).

    nan stays and is not counted.
    """
    given = np.asarray(p, dtype=np.float64)
    out = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    raised = given[order] * order.size / np.arange(1, order.size + 1)
    out[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return out


def emerging(values: ArrayLike, weights: ArrayLike, *, level: float = LEVEL) -> pl.DataFrame:
    """How hot and cold spots came to be: table (z, trend_z, trend_p, sign, category), one row a place.

    values: places x periods; weights: n x n with the diagonal set, for Gi*. z: of the last period. A period is hot
    (cold) where its z is above (below) 0 and its p, corrected for the number of places, is at most `level`. sign: 1
    hot, -1 cold, 0 none; category null without a pattern. Trends of z by Mann-Kendall.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2:
        raise MaillageError("spread_shape", what="emerging", found=str(x.shape), expected="places x periods")
    z = gi(x, np.asarray(weights, dtype=np.float64))
    p = two_sided(z)
    small = np.column_stack([false_discovery(column) <= level for column in p.T])
    change = trends(z)
    rows = [_pattern(z[place], small[place], change["z"][place], change["p"][place]) for place in range(len(x))]
    signs, names = zip(*rows, strict=True)
    table = {"z": z[:, -1], "trend_z": change["z"], "trend_p": change["p"], "sign": signs, "category": names}
    return pl.DataFrame(table, schema_overrides={"category": pl.String})


def _pattern(z: Floats, small: Flags, trend_z: float, trend_p: float) -> tuple[int, str | None]:
    """Sign and name of one place's pattern."""
    hot, cold = small & (z > 0), small & (z < 0)
    up = trend_z if trend_p <= TREND_LEVEL else 0.0
    named = ((1, category(hot, cold, up)), (-1, category(cold, hot, -up)))
    return next(((sign, name) for sign, name in named if name), (0, None))


def category(hot: Flags, cold: Flags, up: float) -> str | None:
    """The pattern of one place from its hot and cold periods; `up`: z of a trend that counts, 0 without one.

    A cold spot is named by the same rules with hot and cold exchanged and the trend turned.
    """
    share, last = float(hot.mean()), bool(hot[-1])
    if share >= MOST:
        if not last:
            return "historical"
        return "intensifying" if up > 0 else "diminishing" if up < 0 else "persistent"
    if not last:
        return None
    first = int(hot.argmax())
    if hot[first:].all():
        return "new" if first == hot.size - 1 else "consecutive"
    return "oscillating" if cold.any() else "sporadic"
