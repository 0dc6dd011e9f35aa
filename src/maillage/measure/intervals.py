"""Small samples: intervals of a share, exact sets in a finite group, what a published per cent can stand for, pooling.

All functions are pure and work on plain numbers. The intervals describe a random sample; people chosen on purpose are
none, so they are shown to analysts under their name and never as a margin of error.
"""

import bisect
import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.estimate import stable_sum
from maillage.later import Later

if TYPE_CHECKING:
    from scipy import special
else:
    special = Later("scipy.special")

GRID = 400
ABOUT = {"fives": "2.5", "tens": "5"}
LOG_KAPPA = (-4.0, 9.0)
NEGLIGIBLE = 1e-5
STEPS, CLOSE = 60, 1e-7

Floats = NDArray[np.float64]
Counts = NDArray[np.integer[Any]]


def interval(k: int, n: int, *, method: str = "wilson", level: float = 0.95) -> tuple[float, float]:
    """Bounds of the share k of n at `level`.

    method: wilson (Wilson 1927), clopper_pearson (Clopper and Pearson 1934) or jeffreys (Brown, Cai and DasGupta 2001).
    The lower end is exactly 0 at k = 0, the upper exactly 1 at k = n. Raises ValueError unless 0 <= k <= n, n >= 1
    and 0 < level < 1.
    """
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"k of n must hold 0 <= k <= n and n >= 1, not {k} of {n}")
    _within(level)
    tail = (1 - level) / 2
    if method == "wilson":
        low, high = _wilson(k, n, NormalDist().inv_cdf(1 - tail))
    elif method == "clopper_pearson":
        low = float(special.betaincinv(k, n - k + 1, tail)) if k else 0.0
        high = float(special.betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    elif method == "jeffreys":
        low, high = (float(special.betaincinv(k + 0.5, n - k + 0.5, p)) for p in (tail, 1 - tail))
    else:
        raise ValueError(f"method must be wilson, clopper_pearson or jeffreys, not {method}")
    return (0.0 if k == 0 else low), (1.0 if k == n else high)


def _within(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")


def _wilson(k: int, n: int, z: float) -> tuple[float, float]:
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return centre - half, centre + half


def finite(k: int, n: int, *, population: int, level: float = 0.95) -> tuple[int, int]:
    """How many of a finite group of `population` may say so when k of n drawn from it do.

    Inverts the exact hypergeometric test: every K whose two tails both exceed (1 - level) / 2 (Konijn 1973).
    Raises ValueError unless 0 <= k <= n <= population, n >= 1 and 0 < level < 1.
    """
    _within(level)
    if not 0 <= k <= n <= population or n < 1:
        raise ValueError(f"needs 0 <= k <= n <= population, not {k}, {n}, {population}")
    tail = (1 - Fraction(str(level))) / 2 * math.comb(population, n)
    first, last = k, population - (n - k)
    low = bisect.bisect_left(range(first, last + 1), True, key=lambda there: _ways(k, n, there, population)[0] > tail)
    high = bisect.bisect_left(range(first, last + 1), True, key=lambda there: _ways(k, n, there, population)[1] <= tail)
    return first + low, first + high - 1


def _ways(k: int, n: int, there: int, population: int) -> tuple[int, int]:
    """In how many draws of n at least k, and at most k, say so, when `there` of the population do; exact."""
    least, most = max(0, n - (population - there)), min(n, there)
    ways = math.comb(there, least) * math.comb(population - there, n - least)
    upper = lower = 0
    for said in range(least, most + 1):
        upper, lower = upper + ways * (said >= k), lower + ways * (said <= k)
        if said < most:
            ways = ways * (there - said) * (n - said) // ((said + 1) * (population - there - n + said + 1))
    return upper, lower


def feasible(percent: float | str, *, decimals: int = 0, n_max: int, n_min: int = 1) -> list[tuple[int, int]]:
    """Every (k, n), n_min <= n <= n_max, whose per cent rounds to `percent` at `decimals` places.

    Half-up or half-even rounding both count; the arithmetic is exact. Sorted by n, then k. After the granularity test
    of Brown and Heathers (2017).
    """
    target = Decimal(str(percent))
    step = Decimal(1).scaleb(-decimals)
    if target != target.quantize(step):
        return []
    found: list[tuple[int, int]] = []
    for n in range(max(n_min, 1), n_max + 1):
        centre = Fraction(target) * n / 100
        reach = Fraction(step) * n / 200
        first, last = math.ceil(centre - reach), math.floor(centre + reach)
        found += [
            (k, n) for k in range(max(first, 0), min(last, n) + 1) if _rounds_to(Fraction(100 * k, n), target, step)
        ]
    return found


def about(percent: float | str, *, to: str = "tens", n_max: int, n_min: int = 1) -> list[tuple[int, int]]:
    """Further (k, n) where `about` a per cent was meant: within 2.5 (fives) or 5 (tens) of it, ends included.

    The pairs of `feasible` at no decimals are left out: this list stands apart from it, under its own name. Empty where
    the figure is no multiple of 5 or 10, and so was not rounded to one. Sorted by n, then k.
    """
    target, reach = Decimal(str(percent)), Decimal(ABOUT[to])
    if target % (2 * reach):
        return []
    exact = set(feasible(percent, n_max=n_max, n_min=n_min))
    low, high = (Fraction(end) / 100 for end in (target - reach, target + reach))
    return [
        (k, n)
        for n in range(max(n_min, 1), n_max + 1)
        for k in range(max(0, math.ceil(low * n)), min(n, math.floor(high * n)) + 1)
        if (k, n) not in exact
    ]


def _rounds_to(exact: Fraction, target: Decimal, step: Decimal) -> bool:
    """Whether `exact` becomes `target` under half-up or half-even rounding to `step`."""
    scaled = exact / Fraction(step)
    floor = scaled.numerator // scaled.denominator
    rest = scaled - floor
    if rest == Fraction(1, 2):  # a tie: half-up goes up, half-even to the even neighbour
        tie = Decimal(floor) + Decimal("0.5")
        return target / step in {tie.quantize(Decimal(1), mode) for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    return target / step == floor + (rest > Fraction(1, 2))


def pooled(k: Sequence[int] | Counts, n: Sequence[int] | Counts) -> tuple[pl.DataFrame, float]:
    """Shares of several groups, drawn towards each other: hierarchical beta-binomial on a fixed grid.

    theta ~ Beta(mu kappa, (1 - mu) kappa), mu uniform, p(kappa) = (1 + kappa)^-2 (after Gelman et al. 2013, chapter 5);
    mu on midpoints, log kappa on [-4, 9], 400 by 400. Returns a table k, n, mean, low, high (95 % credible, one row a
    group, in the order given) and the posterior mean of mu. Raises ValueError where a k of n is impossible.
    """
    if not 0 < len(k) == len(n) or any(not 0 <= a <= b or b < 1 for a, b in zip(k, n, strict=False)):
        raise ValueError("k and n need the same length, with 0 <= k <= n and n >= 1")
    counts, totals = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    mu, kappa, weight = posterior(counts, totals)
    rows: list[tuple[int, int, float, float, float]] = []
    for said, asked in zip(k, n, strict=True):
        a, b = mu * kappa + said, (1 - mu) * kappa + asked - said
        mean = stable_sum((weight * a / (a + b)).tolist())
        low, high = (_quantile(a, b, weight, p) for p in (0.025, 0.975))
        rows.append((int(said), int(asked), mean, low, high))
    table = pl.DataFrame(rows, schema=["k", "n", "mean", "low", "high"], orient="row")
    return table, stable_sum((weight * mu).tolist())


def posterior(k: Floats, n: Floats, *, tail: float | None = None) -> tuple[Floats, Floats, Floats]:
    """Grid points mu and kappa (flat) and their normalised posterior weights.

    tail: exponent of an improper prior kappa^tail on (mu, kappa) in place of (1 + kappa)^-2; Gelman et al. (2013, 5.3)
    take (alpha + beta)^-5/2 on (alpha, beta), which is -3/2 here.
    """
    mu_axis = (np.arange(GRID) + 0.5) / GRID
    edges = np.linspace(*LOG_KAPPA, GRID + 1)
    log_kappa = (edges[:-1] + edges[1:]) / 2
    mu, log_k = (axis.ravel() for axis in np.meshgrid(mu_axis, log_kappa, indexing="ij"))
    kappa = np.exp(log_k)
    a, b = mu * kappa, (1 - mu) * kappa
    log_weight = log_k + (-2 * np.log1p(kappa) if tail is None else tail * log_k)  # d kappa = kappa d log kappa
    for said, asked in zip(k, n, strict=True):
        log_weight = log_weight + special.betaln(a + said, b + asked - said) - special.betaln(a, b)
    weight = np.exp(log_weight - log_weight.max())
    return mu, kappa, weight / stable_sum(weight.tolist())


def _quantile(a: Floats, b: Floats, weight: Floats, p: float) -> float:
    """Quantile of a mixture of betas; points of negligible weight are left out."""
    kept = weight > NEGLIGIBLE * weight.max()
    a, b, weight = a[kept], b[kept], weight[kept] / stable_sum(weight[kept].tolist())

    def excess(theta: float) -> float:
        return float(np.sum(weight * special.betainc(a, b, theta))) - p

    return _root(excess)


def _root(excess: Callable[[float], float]) -> float:
    """Where a rising function on [0, 1] is zero: false position, Illinois variant (Dowell and Jarratt 1971)."""
    low, high, under, over = 0.0, 1.0, excess(0.0), excess(1.0)
    side = 0
    for _ in range(STEPS):
        here = (low * over - high * under) / (over - under)
        found = excess(here)
        if abs(found) < CLOSE or high - low < CLOSE:
            return here
        if found > 0:
            high, over, under = here, found, under / 2 if side > 0 else under
        else:
            low, under, over = here, found, over / 2 if side < 0 else over
        side = 1 if found > 0 else -1
    return (low + high) / 2
