"""How far coders agree, beyond what chance would give: coefficients on plain lists and arrays.

`codes` is coders x units, `a` and `b` are two coders over the same units; None (or nan) = this coder did not code the
unit. Every function returns nan where its coefficient is undefined (nothing coded twice, one category only): agreement
on the only answer there is says nothing, so it is never a silent 1.0.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage.estimate import rng
from maillage.measure.units import MISSING, Codes, Floats, Ints, Level, Units, indexed, units_of

Coder = Sequence[Any] | NDArray[Any]
Weights = Literal["linear", "quadratic"] | ArrayLike | None
MOST_CELLS = 2**20  # of an array that is made at once


def alpha(codes: Codes, *, level: Level = "nominal") -> float:
    """Krippendorff's alpha: 1 - observed / expected disagreement over all pairs of codes within units.

    Any number of coders, units coded by fewer of them included; a unit with one code has no pair and is left out.
    Differences: nominal (equal or not), ordinal (codes between, by rank), interval (x - y)^2, ratio
    ((x - y) / (x + y))^2.
    Codes of the last three are numbers; raises ValueError otherwise, for an unknown level, and for ratio below zero.
    Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    """
    units = units_of(codes, level)
    return _alphas(units, level, units.times[np.newaxis])[0]


def alpha_interval(
    codes: Codes, *, level: Level = "nominal", draws: int = 1000, seed: int | np.random.Generator
) -> tuple[float, float]:
    """95 % percentile interval of alpha: units drawn anew with replacement, `draws` times.

    (nan, nan) where alpha is undefined or fewer than two units are coded twice. Draws in which all codes are equal have
    no alpha and are left out. It says how alpha would move with other units, not with other coders; with fewer than
    about ten units it is too narrow. Source: Zapf, Castell, Morawietz and Karch (2016).
    """
    units = units_of(codes, level)
    if units.count < 2 or math.isnan(_alphas(units, level, units.times[np.newaxis])[0]):
        return math.nan, math.nan
    stream = seed if isinstance(seed, np.random.Generator) else rng(seed, "alpha_interval")
    within = None if level == "ordinal" else _within(units, level, units.points)
    shares = units.times / units.count
    at_once = max(1, MOST_CELLS // units.index.size)
    sizes = [min(at_once, draws - turn) for turn in range(0, draws, at_once)]
    drawn = (stream.multinomial(units.count, shares, size=size) for size in sizes)
    found = np.array([value for times in drawn for value in _alphas(units, level, times, within=within)])
    low, high = np.quantile(found[~np.isnan(found)], [0.025, 0.975])
    return float(low), float(high)


def percent(codes: Codes) -> float:
    """Observed agreement, 0 to 1: the share of pairs of coders that agree on a unit, averaged over units coded twice.

    nan where no unit is. Not corrected for chance. Source: Fleiss (1971); units with missing codes as in Gwet (2014).
    """
    units = units_of(codes, "nominal")
    if not units.count:
        return math.nan
    sizes = (units.index != MISSING).sum(axis=0)
    disagree = _within(units, "nominal", units.points) / sizes
    return float((units.times * (1 - disagree)).sum() / units.count)


def fleiss(codes: Codes) -> float:
    """Fleiss' kappa: chance agreement from how often each category is used, all coders together.

    A unit counts once, however many coded it; units coded once enter the use of categories only (Gwet 2014).
    Source: Fleiss (1971).
    """
    used = _use(codes)
    return _corrected(percent(codes), float((used**2).sum())) if used.size > 1 else math.nan


def gwet(codes: Codes) -> float:
    """Gwet's AC1: chance agreement only where a unit is hard to code; steady where one category is very frequent.

    Categories are those that anybody used. Source: Gwet (2008); missing codes as in Gwet (2014).
    """
    used = _use(codes)
    return _corrected(percent(codes), float((used * (1 - used)).sum()) / (used.size - 1)) if used.size > 1 else math.nan


def scott(a: Coder, b: Coder) -> float:
    """Scott's pi of two coders: chance agreement from the categories as both use them. Source: Scott (1955)."""
    table = _crossed(*indexed([a, b]))
    both = table.sum(axis=0) + table.sum(axis=1)
    if np.count_nonzero(both) < 2:
        return math.nan
    return _corrected(float(np.trace(table) / table.sum()), float(((both / both.sum()) ** 2).sum()))


def brennan_prediger(a: Coder, b: Coder) -> float:
    """Brennan and Prediger's kappa of two coders: chance agreement is 1 in q, the number of categories either used.

    Source: Brennan and Prediger (1981); for two categories the S of Bennett, Alpert and Goldstein (1954).
    """
    index, categories = indexed([a, b])
    table = _crossed(index, categories)
    if not table.sum() or len(categories) < 2:
        return math.nan
    return _corrected(float(np.trace(table) / table.sum()), 1 / len(categories))


def cohen(a: Coder, b: Coder, *, weights: Weights = None, categories: Sequence[Hashable] | None = None) -> float:
    """Cohen's kappa of two coders: chance agreement from how each of them uses the categories.

    weights: None; linear or quadratic in the distance of two categories in the order of `categories`; or a matrix,
    rows for `a`, columns for `b`: of disagreement (zeros on the diagonal) or of agreement (its largest value there).
    categories: all there are, in order; may only be left out where codes need no order or are numbers (then those
    seen, ascending). Raises ValueError for a code not declared, weights without an order, a matrix that does not fit.
    Source: Cohen (1960); with weights Cohen (1968).
    """
    index, seen = indexed([a, b])
    order = _declared(seen, categories, ordered=weights is not None)
    place = np.array([order[code] for code in seen] + [MISSING], dtype=np.int64)
    table = _crossed(place[index], order)
    cost = _cost(weights, len(order))
    expected = float((cost * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    return 1 - float(table.sum() * (cost * table).sum()) / expected if expected > 0 else math.nan


def _corrected(observed: float, chance: float) -> float:
    """Agreement beyond chance; nan where there is none to be had."""
    return (observed - chance) / (1 - chance) if chance < 1 else math.nan


def _alphas(units: Units, level: Level, times: Ints, *, within: Floats | None = None) -> list[float]:
    """Alpha for each row of `times` (draws x patterns): how often each pattern occurs.

    within: the patterns' own disagreement, where already known. Sums of whole numbers are exact, so that a draw has the
    same alpha to the last bit however many are computed at once.
    """
    totals = _totals(units, times)
    points = np.cumsum(totals, axis=1) - totals / 2 if level == "ordinal" else units.points
    if within is None:
        within = _within(units, level, points)
    observed = (times * within).sum(axis=1).tolist()
    rows = zip(totals.sum(axis=1).tolist(), observed, _between(level, points, totals), strict=True)
    return [1 - (total - 1) * apart / between if between else math.nan for total, apart, between in rows]


def _totals(units: Units, times: Ints) -> Floats:
    """How often each code occurs, draws x codes."""
    coders, patterns = np.nonzero(units.index != MISSING)
    count = units.points.size
    places = np.arange(len(times))[:, np.newaxis] * count + units.index[coders, patterns]
    found = np.bincount(places.ravel(), weights=times[:, patterns].ravel(), minlength=len(times) * count)
    return found.astype(np.float64).reshape(len(times), count)


def _within(units: Units, level: Level, points: Floats) -> Floats:
    """By pattern: differences of all ordered pairs of codes, over one less than the codes of the unit.

    points: what codes stand for, or draws x that; returns patterns, or draws x patterns.
    """
    coded, values = units.index != MISSING, points[..., units.index]
    total = np.zeros((*points.shape[:-1], units.times.size))
    for turn, here in enumerate(coded):
        apart = _difference(level, values[..., turn, np.newaxis, :], values)
        total += np.where(here & coded, apart, 0.0).sum(axis=-2)
    return total / (coded.sum(axis=0) - 1)


def _between(level: Level, points: Floats, totals: Floats) -> list[float]:
    """Of each draw, the differences of all ordered pairs of codes, whatever their unit; 0 where all codes are alike.

    totals: how often each code occurs, draws x codes; points: what codes stand for, alike in all draws or in each.
    """
    whole = totals.sum(axis=1)
    if level == "nominal":
        found = whole**2 - (totals**2).sum(axis=1)
    elif level == "ratio":
        found = np.array([_between_ratios(points, total) for total in totals])
    else:
        mean = (totals * points).sum(axis=1) / np.maximum(whole, 1)
        found = 2 * whole * (totals * (points - mean[:, np.newaxis]) ** 2).sum(axis=1)
    return np.where(np.count_nonzero(totals, axis=1) > 1, found, 0.0).tolist()


def _between_ratios(points: Floats, totals: Floats) -> float:
    """As `_between`, of one draw, row by row: the square of many distinct values would not fit into memory."""
    rows = (totals @ _difference("ratio", point, points) for point in points)
    return math.fsum(float(count * row) for count, row in zip(totals, rows, strict=True))


def _difference(level: Level, value: Floats | np.float64, values: Floats) -> Floats:
    if level == "nominal":
        return (value != values).astype(np.float64)
    if level != "ratio":
        return (value - values) ** 2
    both = value + values
    return np.divide(value - values, both, out=np.zeros_like(both), where=both != 0) ** 2


def _use(codes: Codes) -> Floats:
    """The share of each category, averaged over the units that anybody coded."""
    index, categories = indexed(codes)
    coded = index != MISSING
    sizes = coded.sum(axis=0)
    weights = np.broadcast_to(1 / np.maximum(sizes, 1), coded.shape)[coded]
    total = np.bincount(index[coded], weights=weights, minlength=len(categories))
    return total / max(np.count_nonzero(sizes), 1)


def _crossed(index: Ints, categories: Iterable[Any]) -> Ints:
    """How often two coders gave each pair of categories, over the units that both coded."""
    count = len(list(categories))
    first, second = index[:, (index != MISSING).all(axis=0)]
    return np.bincount(first * count + second, minlength=count * count).reshape(count, count)


def _declared(seen: Sequence[Any], categories: Sequence[Hashable] | None, *, ordered: bool) -> dict[Any, int]:
    if categories is None:
        if ordered and not all(isinstance(code, Real) for code in seen):
            raise ValueError("weights need the categories, in their order")
        return {code: place for place, code in enumerate(sorted(seen) if ordered else seen)}
    order: dict[Any, int] = {code: place for place, code in enumerate(categories)}
    unknown = [code for code in seen if code not in order]
    if unknown or len(order) < len(categories):
        raise ValueError(f"categories must be distinct and hold every code, not only some: {unknown or categories}")
    return order


def _cost(weights: Weights, count: int) -> Floats:
    """What it costs when the coders give two categories: 0 on the diagonal."""
    steps = np.abs(np.subtract.outer(np.arange(count), np.arange(count))).astype(np.float64)
    if weights is None:
        return (steps > 0).astype(np.float64)
    if isinstance(weights, str):
        if weights not in ("linear", "quadratic"):
            raise ValueError(f"weights must be linear, quadratic or a matrix, not {weights}")
        return steps if weights == "linear" else steps**2
    matrix = np.asarray(weights, dtype=np.float64)
    if matrix.shape != (count, count) or not np.isfinite(matrix).all() or (matrix < 0).any():
        raise ValueError(f"weights need {count} x {count} numbers, none below zero")
    diagonal, most = np.diag(matrix), float(matrix.max(initial=0))
    if not (diagonal == 0).all() and not (diagonal == most).all():
        raise ValueError("the diagonal of weights is zero (disagreement) or holds the largest weight (agreement)")
    return matrix if (diagonal == 0).all() else most - matrix
