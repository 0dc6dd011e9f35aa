"""From indicators to comparable numbers: denominate, impute, treat outliers, normalise, round.

Arrays are `... x indicators x units`: a first axis, where there is one, holds draws. nan = nothing known.
Formulas: W. Becker and others, COINr (Journal of Open Source Software, 2022); OECD and JRC, Handbook on Constructing
Composite Indicators (2008).
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.errors import MaillageError
from maillage.measure.definition import Definition, Normalise, Rounding, Treat

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LOG_SHIFT = 0.01
TIE = 1e-9  # a mean of decimal numbers that ends on a half does so only up to the last digits of a float


@dataclass(frozen=True, slots=True)
class Data:
    """What an index is made of. raw: leaves x units as given. divisors: likewise, 1 where by nothing; never zero.
    groups: the group of each unit, empty where none is used.
    """

    raw: Floats
    divisors: Floats
    groups: Sequence[object]


def data_of(indicators: pl.DataFrame, definition: Definition) -> Data:
    """The columns an index needs. Raises MaillageError `index_column`, `index_units`, `index_value`."""
    _units(indicators, definition.unit)
    nodes = [definition.nodes[code] for code in definition.leaves]
    columns = [_column(indicators, node.code, definition.unit) for node in nodes]
    divisors = [_divisor(indicators, node.denominator, definition.unit) for node in nodes]
    return Data(np.stack(columns), np.stack(divisors), _groups(indicators, definition))


def _divisor(indicators: pl.DataFrame, name: str | None, unit: str) -> Floats:
    found = np.ones(indicators.height) if name is None else _column(indicators, name, unit)
    return np.where(found == 0, np.nan, found)


def _units(indicators: pl.DataFrame, unit: str) -> None:
    if unit not in indicators.columns:
        raise MaillageError("index_column", field=unit, known=", ".join(indicators.columns))
    names = indicators[unit]
    wrong = indicators.filter(pl.col(unit).is_null() | pl.col(unit).is_duplicated())[unit]
    if names.is_empty() or not wrong.is_empty():
        raise MaillageError("index_units", value="" if wrong.is_empty() else wrong[0])


def _column(indicators: pl.DataFrame, name: str, unit: str) -> Floats:
    if name not in indicators.columns:
        raise MaillageError("index_column", field=name, known=", ".join(indicators.columns))
    given = indicators[name]
    if not (given.dtype.is_numeric() or given.dtype == pl.Null):
        at = int(given.is_not_null().arg_max() or 0)
        raise MaillageError("index_value", field=name, value=given[at], unit=indicators[unit][at])
    found = given.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if np.isinf(found).any():
        at = int(np.isinf(found).argmax())
        raise MaillageError("index_value", field=name, value=given[at], unit=indicators[unit][at])
    return found.astype(np.float64)


def _groups(indicators: pl.DataFrame, definition: Definition) -> Sequence[object]:
    if not definition.impute.startswith("group"):
        return ()
    if definition.group is None or definition.group not in indicators.columns:
        raise MaillageError("index_column", field=definition.group or "group", known=", ".join(indicators.columns))
    return indicators[definition.group].to_list()


def impute(values: Floats, method: str, group: Sequence[object]) -> Floats:
    """Fill what is missing from the mean or median of an indicator, of its group or of all; a group that knows
    nothing leaves it missing, and so does a unit of which nothing at all is known: it would be given the score of the
    others. The array given is not changed.
    """
    missing = np.isnan(values if values.ndim == 2 else values[0])  # draws differ in what is known, not in where
    unknown = missing.all(axis=0)
    rows = np.flatnonzero(missing.any(axis=1))
    if method == "none" or not rows.size:
        return values
    names = [str(name) for name in group] if method.startswith("group") else [""] * values.shape[-1]
    own = np.unique(names, return_inverse=True)[1]
    middle = (_medians if method.endswith("median") else _means)(values[..., rows, :], missing[rows], own)
    row, unit = np.nonzero(missing[rows] & ~unknown)
    out = values.copy()
    out[..., rows[row], unit] = middle[..., row, own[unit]]
    return out


def _means(part: Floats, missing: Flags, own: NDArray[np.intp]) -> Floats:
    """Mean of each group: ... x indicators x groups; nan where a group knows nothing."""
    member = np.eye(own.max() + 1)[own]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.where(missing, 0.0, part) @ member) / ((~missing).astype(np.float64) @ member)


def _medians(part: Floats, missing: Flags, own: NDArray[np.intp]) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of all missing: stays missing
        return np.stack([np.nanmedian(part[..., own == one], axis=-1) for one in range(own.max() + 1)], axis=-1)


def treat(values: Floats, how: Treat | None) -> Floats:
    """Indicators with outliers winsorised or put on a logarithmic scale.

    An indicator passes where |skew| or excess kurtosis is below its limit. Else the highest (or, with negative skew,
    lowest) values get the next one, block of ties by block, until it passes or `winsorise_max` values were changed;
    what then still fails is ln(x - min + 0.01 range) of the values as they were.
    """
    if how is None:
        return values
    flat = values.reshape(-1, values.shape[-1])  # a row an indicator (of a draw)
    failing = np.flatnonzero(~passes(flat, how))
    if not failing.size:
        return values
    out = flat.copy()
    tried = flat[failing]
    changed = np.zeros(failing.size, dtype=np.int64)
    open_rows = np.arange(failing.size)
    high, low = np.zeros(failing.size, dtype=np.int64), np.zeros(failing.size, dtype=np.int64)
    while (open_rows := open_rows[changed[open_rows] < how.winsorise_max]).size:
        part = tried[open_rows]
        up = shape_of(part)[0] >= 0
        part, moved = _next_in(part, up)
        high[open_rows] = np.where(up, moved, high[open_rows])
        low[open_rows] = np.where(up, low[open_rows], moved)
        tried[open_rows], changed[open_rows] = part, (high + low)[open_rows]
        open_rows = open_rows[~passes(part, how)]
    good = passes(tried, how)
    out[failing[good]] = tried[good]
    out[failing[~good]] = _logarithm(flat[failing[~good]]) if how.then == "log" else tried[~good]
    return out.reshape(values.shape)


def passes(rows: Floats, how: Treat) -> Flags:
    """Rows (one an indicator) without outliers; so few values that skew means nothing pass."""
    skew, kurtosis = shape_of(rows)
    return ~((np.abs(skew) >= how.skew) & (kurtosis >= how.kurtosis))


def shape_of(rows: Floats) -> tuple[Floats, Floats]:
    """Sample skewness and excess kurtosis of rows, type 2 (D. Joanes and C. Gill, 1998).

    nan below three and four values, or where all are alike.
    """
    known = ~np.isnan(rows)
    n = known.sum(axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        held = np.where(known, rows, 0.0)
        off = np.where(known, held - (held.sum(axis=-1) / n)[:, None], 0.0)
        square = off * off
        second = square.sum(axis=-1)
        third, fourth = np.einsum("ij,ij->i", square, off), np.einsum("ij,ij->i", square, square)
        skew = np.sqrt(n) * third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        excess = ((n + 1) * (n * fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return skew, excess


def _next_in(rows: Floats, up: Flags) -> tuple[Floats, NDArray[np.int64]]:
    """Rows whose extreme values took the next distinct one, and how many of them did."""
    sign = np.where(up, 1.0, -1.0)[:, None]
    turned = np.where(np.isnan(rows), -np.inf, rows * sign)
    top = turned.max(axis=1, keepdims=True)
    at_top = turned == top
    next_one = np.where(at_top, -np.inf, turned).max(axis=1, keepdims=True)
    return np.where(at_top, next_one * sign, rows), at_top.sum(axis=1)


def _logarithm(rows: Floats) -> Floats:
    low, high = np.nanmin(rows, axis=1, keepdims=True), np.nanmax(rows, axis=1, keepdims=True)
    return np.log(rows - low + LOG_SHIFT * (high - low))


def normalise(values: Floats, how: Normalise, leaves: Sequence[str], direction: Floats) -> Floats:
    """Indicators on one scale, turned so that more is more of the index; nan where all units are alike.

    minmax, goalposts, prank and distance_to_max run from `low` to `high`; zscore has mean 0 and standard deviation 1
    (n - 1); rank counts from 1, equals share the lower rank; goalposts cut what lies beyond them.
    """
    if how.method == "goalposts":
        posts = np.array([how.goalposts[code] for code in leaves])[:, :, None]
        share = np.clip((values - posts[:, 0]) / (posts[:, 1] - posts[:, 0]), 0, 1)
        return how.low + (how.high - how.low) * np.where(direction[:, None] > 0, share, 1 - share)
    if how.method in ("rank", "prank"):
        return _ranked(values * direction[:, None], how)
    if how.method == "none":
        return values * direction[:, None]
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an indicator that nobody has stays missing
        if how.method == "zscore":
            centre, spread = np.nanmean(values, axis=-1), np.nanstd(values, axis=-1, ddof=1)
            return _line(values, centre, direction / np.where(spread > 0, spread, np.nan), 0.0)
        low, high = np.nanmin(values, axis=-1), np.nanmax(values, axis=-1)
        slope = direction * (how.high - how.low) / np.where(high > low, high - low, np.nan)
        return _line(values, np.where(direction > 0, low, high), slope, how.low)


def _line(values: Floats, zero: Floats, slope: Floats, start: float) -> Floats:
    """start + slope * (values - zero), an indicator a row."""
    out = values - zero[..., None]
    out *= slope[..., None]
    out += start
    return out


def _ranked(x: Floats, how: Normalise) -> Floats:
    place = ranks(-x)
    if how.method == "rank":
        return place
    known = (~np.isnan(place)).sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return how.low + (how.high - how.low) * (place - 1) / np.where(known > 1, known - 1, np.nan)


def ranks(scores: Floats) -> Floats:
    """Rank 1 = highest along the last axis, equals share the better rank; nan where there is no score."""
    order = np.argsort(-scores, axis=-1, kind="stable")  # nan last
    ordered = np.take_along_axis(scores, order, axis=-1)
    fresh = np.ones(scores.shape, dtype=np.bool_)
    fresh[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    places = np.maximum.accumulate(np.where(fresh, np.arange(1, scores.shape[-1] + 1), 0), axis=-1).astype(np.float64)
    out = np.empty(scores.shape)
    np.put_along_axis(out, order, places, axis=-1)
    out[np.isnan(scores)] = np.nan
    return out


def rounded(scores: Floats, how: Rounding) -> Floats:
    """Scores to so many decimals, halves up (away from zero) or to the even digit, as in decimal arithmetic."""
    scaled = np.abs(scores) * 10.0**how.decimals
    down = np.floor(scaled)
    rest = scaled - down
    half = np.abs(rest - 0.5) < TIE
    up = rest >= 0.5 if how.mode == "half_up" else np.where(half, down % 2 == 1, rest > 0.5)
    whole = down + np.where(half & (how.mode == "half_up"), 1, up)
    return np.copysign(whole / 10.0**how.decimals, scores)
