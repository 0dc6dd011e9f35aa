"""Growth, clustering and variety of activity: small exact statistics on plain arrays.

Each function takes numpy arrays or lists and needs no study. None of them says why something spreads, and a new
place on the map may only be a newly visited one (docs/measures/spread.md).
"""

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from maillage import estimate
from maillage.errors import MaillageError
from maillage.later import Later

if TYPE_CHECKING:
    from scipy import spatial, special
else:
    spatial, special = Later("scipy.spatial"), Later("scipy.special")

Floats = NDArray[np.float64]
EXACT_UP_TO = 10
TOO_SHORT = 4
FEW, FEW_POINTS = 5_000, 2_000  # up to which plain Python and numpy are as fast as a library that must be loaded


class Trend(NamedTuple):
    """Mann-Kendall trend of a series: score, its variance, z, two-sided p, tau and Sen's slope a step."""

    s: int
    var: float
    z: float
    p: float
    tau: float
    slope: float


def trend(series: ArrayLike) -> Trend:
    """Monotone trend of a series (Mann, 1945; Kendall, 1975) with Sen's slope (1968).

    nan = missing, kept in place: slopes use the true positions. p comes from the exact null distribution up to ten
    values, from the normal with ties and continuity correction above. Four or fewer values cannot show a trend: z, p,
    tau and slope are nan. p takes the values as independent; autocorrelation makes it too small.
    """
    values = _vector(series, "trend")
    at = np.flatnonzero(~np.isnan(values))
    x, n = values[at], at.size
    first, second = np.triu_indices(n, 1)
    s = int(np.sign(x[second] - x[first]).sum())
    ties = np.unique(x, return_counts=True)[1]
    var = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    if n <= TOO_SHORT:
        return Trend(s, var, math.nan, math.nan, math.nan, math.nan)
    z = (s - np.sign(s)) / math.sqrt(var) if var > 0 else 0.0
    slope = float(np.median((x[second] - x[first]) / (at[second] - at[first])))
    p = _exact_p(s, ties.tolist()) if n <= EXACT_UP_TO else math.erfc(abs(z) / math.sqrt(2))
    return Trend(s, var, float(z), p, s / (n * (n - 1) / 2), slope)


def _exact_p(s: int, ties: list[int]) -> float:
    """P(|S| >= |s|) when every order of the values is equally likely: inversions of a multiset, in integers."""
    counts, filled = [1], 0
    for tie in ties:
        counts, filled = _times_choose(counts, filled + tie, tie), filled + tie
    pairs = len(counts) - 1
    extreme = sum(count for inversions, count in enumerate(counts) if abs(pairs - 2 * inversions) >= abs(s))
    return extreme / sum(counts)


def _times_choose(counts: list[int], n: int, k: int) -> list[int]:
    """A polynomial in q times the Gaussian binomial [n choose k], the inversions of k equal among n."""
    for i in range(k):
        grown = [*counts, *[0] * (n - i)]
        for power in range(len(counts)):
            grown[power + n - i] -= counts[power]
        counts = grown
    for i in range(1, k + 1):
        for power in range(i, len(counts)):
            counts[power] += counts[power - i]
        counts = counts[: len(counts) - i]
    return counts


def hot_spots(values: ArrayLike, weights: ArrayLike) -> pl.DataFrame:
    """Local clustering of high or low values (Getis and Ord, 1992; Ord and Getis, 1995), one row a place.

    values: n numbers; weights: n x n. A row whose diagonal is set gives Gi*, one without gives Gi. Returns z
    (analytic) and its two-sided p; nan where a place has no or all neighbours, or where the values do not vary.
    """
    x, w = _vector(values, "hot_spots"), np.asarray(weights, dtype=np.float64)
    if w.shape != (x.size, x.size):
        raise MaillageError("spread_shape", what="hot_spots", found=f"{x.size}; {w.shape}", expected="n; n x n")
    _complete(x, "hot_spots")
    z = gi(x[:, None], w)[:, 0]
    return pl.DataFrame({"z": z, "p": two_sided(z)})


def two_sided(z: Floats) -> Floats:
    """Two-sided p of values of a normal distribution; nan stays."""
    x = np.abs(z) / math.sqrt(2)
    if x.size > FEW:
        return special.erfc(x)
    return np.array([math.erfc(one) for one in x.ravel().tolist()]).reshape(x.shape)


def gi(values: Floats, weights: Floats) -> Floats:
    """z of Gi or Gi* (see `hot_spots`) of each place in each period: places x periods, as `values`."""
    noise = 1e-12 * np.abs(values).max(axis=0, initial=0)
    x = values - values.mean(axis=0)
    own = (np.diagonal(weights) != 0)[:, None]
    n = np.where(own, len(x), len(x) - 1)
    apart = np.where(own, 0.0, x)
    mean = (x.sum(axis=0) - apart) / n
    deviation = np.sqrt(np.maximum(((x**2).sum(axis=0) - apart**2) / n - mean**2, 0))
    deviation[deviation <= noise] = 0
    total, squares = weights.sum(axis=1)[:, None], (weights**2).sum(axis=1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (weights @ x - mean * total) / (deviation * np.sqrt((n * squares - total**2) / (n - 1)))
    return np.where(np.isfinite(z), z, np.nan)


def diversity(shares: ArrayLike, q: float) -> float:
    """Effective number of kinds of order q (Hill, 1973): 0 counts kinds, 1 is exp(Shannon), 2 is 1 / Simpson.

    shares: counts or shares of the kinds, scaled to one. More effort finds more kinds: compare equal efforts only.
    """
    p = _shares(shares)
    p = p[p > 0]
    if q == 1:
        return float(np.exp(-(p * np.log(p)).sum()))
    return float(1 / p.max()) if math.isinf(q) else float((p**q).sum() ** (1 / (1 - q)))


def overlap(p: ArrayLike, q: ArrayLike, *, method: Literal["schoener", "morisita_horn"] = "schoener") -> float:
    """Overlap of two profiles over the same kinds, 0 to 1 (Schoener, 1968; Horn, 1966).

    Says that two groups are found in the same kinds of activity, not that they work together.
    """
    a, b = _shares(p), _shares(q)
    if a.shape != b.shape:
        raise MaillageError("spread_shape", what="overlap", found=f"{a.size}; {b.size}", expected="n; n")
    if method == "schoener":
        return float(np.minimum(a, b).sum())
    if method == "morisita_horn":
        return float(2 * (a * b).sum() / ((a**2).sum() + (b**2).sum()))
    raise MaillageError("spread_method", method=method)


class Knox(NamedTuple):
    """Pairs of events close in space and time, how many chance would give, and the permutation p."""

    pairs: int
    expected: float
    p: float


def knox(x: ArrayLike, y: ArrayLike, t: ArrayLike, *, space: float, time: float, draws: int = 999, seed: int) -> Knox:
    """Near repeats (Knox, 1964): pairs within `space` and within `time` (bounds included) against shuffled times.

    x, y in the unit of `space` (projected, not degrees), t in that of `time`. p counts the observed order among the
    shuffled ones: (1 + as many or more) / (draws + 1).
    """
    across, along, when = (_vector(each, "knox") for each in (x, y, t))
    if not across.size == along.size == when.size:
        found = f"{across.size}; {along.size}; {when.size}"
        raise MaillageError("spread_shape", what="knox", found=found, expected="n; n; n")
    points = np.column_stack([across, along])
    _complete(points, "knox")
    _complete(when, "knox")
    near = _pairs(points, space)
    ordered = np.sort(when)
    close = int((np.searchsorted(ordered, ordered + time, side="right") - np.arange(when.size) - 1).sum())
    every = when.size * (when.size - 1) / 2
    pairs = _close_in_time(when, near, time)
    rng = estimate.rng(seed, "knox")
    as_many = sum(_close_in_time(rng.permutation(when), near, time) >= pairs for _ in range(draws))
    expected = len(near) * close / every if every else math.nan
    return Knox(pairs, expected, (1 + as_many) / (draws + 1))


def _pairs(points: Floats, space: float) -> NDArray[np.intp]:
    """Pairs of points within a distance, bounds included; few points need no tree, and no library for it."""
    if len(points) > FEW_POINTS:
        return spatial.KDTree(points).query_pairs(space, output_type="ndarray")
    apart = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    return np.argwhere(np.triu(apart <= space, 1))


def _close_in_time(when: Floats, near: NDArray[np.intp], time: float) -> int:
    return int((np.abs(when[near[:, 0]] - when[near[:, 1]]) <= time).sum())


def scan_llr(c: float, expected: float, total: float) -> float:
    """Log likelihood ratio of a window holding c of `total` events where `expected` were due (Kulldorff, 1997).

    Poisson model; 0 where the window holds no more than expected.
    """
    if not (0 <= c <= total and 0 < expected <= total):
        found = f"c={c}, expected={expected}, total={total}"
        raise MaillageError(
            "spread_shape", what="scan_llr", found=found, expected="0 <= c <= total, 0 < expected <= total"
        )
    if c <= expected:
        return 0.0
    rest = (total - c) * math.log((total - c) / (total - expected)) if total > c else 0.0
    return c * math.log(c / expected) + rest


def crps(sample: ArrayLike, observed: float, *, fair: bool = False) -> float:
    """Continuous ranked probability score of a forecast given as draws (Gneiting and Raftery, 2007); lower is better.

    fair=True divides the spread by n(n - 1) instead of n squared (Ferro, 2014; nan for one draw). The two forms
    differ much for few draws: name the one used.
    """
    x = np.sort(_vector(sample, "crps"))
    _complete(x, "crps")
    n = x.size
    distance = float((x * (2 * np.arange(1, n + 1) - n - 1)).sum())
    pairs = n * (n - 1) if fair else n * n
    return float(np.abs(x - observed).mean()) - distance / pairs if pairs else math.nan


def change_points(series: ArrayLike, count: int) -> list[int]:
    """The `count` positions where a new segment starts that leave the least squared error around segment means.

    Exact dynamic programming (Auger and Lawrence, 1989); of equal partitions the one whose later changes come first.
    """
    x = _vector(series, "change_points")
    _complete(x, "change_points")
    if not 0 <= count < x.size:
        raise MaillageError("spread_shape", what="change_points", found=f"{x.size}; {count}", expected="0 <= count < n")
    return segmentations(x, count)[count]


def segmentations(series: ArrayLike, most: int) -> list[list[int]]:
    """As `change_points`, for every number of changes from none to `most` at once; `most` below the length."""
    x = _vector(series, "change_points")
    level, n = x - x.mean(), x.size
    sums, squares = np.append(0, level.cumsum()), np.append(0, (level**2).cumsum())
    best = np.full((most + 1, n + 1), np.inf)  # of the first `end` values, with so many changes
    best[0, 1:] = squares[1:] - sums[1:] ** 2 / np.arange(1, n + 1)
    starts = np.zeros((most + 1, n + 1), dtype=np.intp)
    for end in range(2, n + 1):
        inner = np.arange(1, end)
        cost = squares[end] - squares[inner] - (sums[end] - sums[inner]) ** 2 / (end - inner)
        whole = best[:-1, 1:end] + cost
        starts[1:, end] = 1 + whole.argmin(axis=1)
        best[1:, end] = whole.min(axis=1)
    return [_traced(starts[: count + 1], n) for count in range(most + 1)]


def _traced(starts: NDArray[np.intp], end: int) -> list[int]:
    """The starts of segments, from the last back to the first."""
    found: list[int] = []
    for start in starts[:0:-1]:
        end = int(start[end])
        found.append(end)
    return found[::-1]


def _vector(values: ArrayLike, what: str) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or found.size == 0:
        raise MaillageError("spread_shape", what=what, found=str(found.shape), expected="one row of numbers")
    return found


def _complete(values: Floats, what: str) -> None:
    if not bool(np.isfinite(values).all()):
        raise MaillageError("spread_missing", what=what)


def _shares(values: ArrayLike) -> Floats:
    found = _vector(values, "shares")
    if not bool((np.isfinite(found) & (found >= 0)).all()) or found.sum() == 0:
        raise MaillageError("spread_shares")
    return found / found.sum()
