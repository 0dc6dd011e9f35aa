"""Codes of several coders as arrays: the units coded at least twice, alike ones as one pattern."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Codes = Sequence[Sequence[Any]] | NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
MISSING = -1


@dataclass(frozen=True, slots=True)
class Units:
    """Units coded at least twice. Units that got the same codes, by whomever, are one pattern.

    index: coders x patterns, positions in `points`, sorted, MISSING first; times: how many units show each pattern;
    points: what each code stands for on its scale (nominal: its position).
    """

    index: Ints
    times: Ints
    points: Floats

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.times.sum())


def indexed(codes: Iterable[Iterable[Any]]) -> tuple[Ints, list[Any]]:
    """Codes as coders x units positions in the list of categories."""
    if isinstance(codes, np.ndarray) and codes.dtype.kind in "iuf" and codes.ndim == 2:
        seen, places = np.unique(codes, return_inverse=True, equal_nan=True)
        return np.where(np.isnan(codes), MISSING, places.reshape(codes.shape)), seen[~np.isnan(seen)].tolist()
    rows = [cast("list[Any]", row.tolist()) if isinstance(row, np.ndarray) else list(row) for row in codes]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every coder needs one code (or None) for each unit")
    known: dict[Any, int] = {}
    found = [[_position(code, known) for code in row] for row in rows]
    return np.array(found, dtype=np.int64).reshape(len(rows), len(rows[0]) if rows else 0), list(known)


def _position(code: Any, known: dict[Any, int]) -> int:
    if code is None or code != code:  # noqa: PLR0124 (only nan differs from itself)
        return MISSING
    return known.setdefault(code, len(known))


def units_of(codes: Codes, level: Level) -> Units:
    """The units coded twice or more. Raises ValueError for an unknown level and for codes that do not fit it."""
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level}")
    index, categories = indexed(codes)
    values = _names(categories) if level == "nominal" else _numbers(categories, level)
    points, ranks = np.unique(values, return_inverse=True)
    index = np.append(ranks, MISSING).astype(np.int64)[index]
    index = np.sort(index[:, (index != MISSING).sum(axis=0) > 1], axis=0)
    if not index.size:
        return Units(index, np.zeros(0, dtype=np.int64), points)
    patterns, times = np.unique(index, axis=1, return_counts=True)
    return Units(patterns, times.astype(np.int64), points)


def _names(categories: list[Any]) -> Floats:
    """Categories numbered in an order of their own: draws must not depend on which unit or coder comes first."""
    try:
        order = sorted(categories)
    except TypeError:  # codes of several kinds
        order = sorted(categories, key=repr)
    place = {code: number for number, code in enumerate(order)}
    return np.array([place[code] for code in categories], dtype=np.float64)


def _numbers(categories: Iterable[Any], level: Level) -> Floats:
    try:
        values = np.array([float(code) for code in categories], dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"codes on an {level} scale must be numbers") from problem
    if not np.isfinite(values).all() or (level == "ratio" and (values < 0).any()):
        raise ValueError("codes must be finite, and on a ratio scale not below zero")
    return values
