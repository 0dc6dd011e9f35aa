"""Which unknown makes the variance of a product or of a total, in closed form: no draws, no noise.

S: the share of variance that goes when an unknown becomes known first; ST: the share that stays when all others are
known (I. Sobol, 1993; Homma and Saltelli, 1996). Unknowns are independent of each other.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product as pairs

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.measure.amounts import Range
from maillage.measure.paid import Amount

STEPS = 4096  # of the distribution of a number of payers
SCHEMA = {"name": pl.String, "S": pl.Float64, "ST": pl.Float64}


def product_shares(factors: Mapping[str, Range]) -> pl.DataFrame:
    """Table (name, S, ST): which factor of a product of independent ranges makes its variance, exact.

    S = cv^2 / V, ST = cv^2 times the product of (1 + cv^2) of the others / V, V = product of (1 + cv^2) - 1
    (I. Sobol, 1993, for a product).
    """
    cv = {name: (each.sd() / each.mean()) ** 2 for name, each in factors.items()}
    whole = math.prod(1 + one for one in cv.values())
    rows = [
        (name, own / (whole - 1) if whole > 1 else None, own * whole / (1 + own) / (whole - 1) if whole > 1 else None)
        for name, own in cv.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Payers and their levels as one factor P: moments of the sum over payers, and what each of the two makes of it."""

    mean: float
    square: float
    parts: Mapping[str, tuple[float, float]]  # name -> variance of E[P | it], mean of Var(P | all but it)


def total_shares(amounts: Sequence[Amount]) -> pl.DataFrame:
    """Table (name, S, ST): which unknown makes the variance of a total: the level of an amount, its payers, a count.

    Names: AMOUNT/level, AMOUNT/payers, and the names of counts, which several amounts may share. A spread between
    payers is one unknown, the levels of all payers. Blank where nothing varies.
    """
    crowds = [_crowd(item) for item in amounts]
    counts = {count.name: count.many for item in amounts for count in item.counts}
    first = {name: _moments(many) for name, many in counts.items()}
    inside = [frozenset(count.name for count in item.counts) for item in amounts]

    def joint(i: int, j: int, known: frozenset[str]) -> float:
        """E of the product of amounts i and j over the counts, those of `known` left out."""
        both, one = (inside[i] & inside[j]) - known, (inside[i] ^ inside[j]) - known
        return math.prod(first[name][1] for name in both) * math.prod(first[name][0] for name in one)

    def crowd(i: int, j: int) -> float:
        return crowds[i].square if i == j else crowds[i].mean * crowds[j].mean

    everywhere = list(pairs(range(len(amounts)), repeat=2))
    means = [one.mean * math.prod(first[name][0] for name in names) for one, names in zip(crowds, inside, strict=True)]
    none = frozenset[str]()
    variance = math.fsum(joint(i, j, none) * crowd(i, j) - means[i] * means[j] for i, j in everywhere)
    made: dict[str, tuple[float, float]] = {}
    for i, (item, one) in enumerate(zip(amounts, crowds, strict=True)):
        around = math.prod(first[name][0] for name in inside[i]) ** 2
        for name, (alone, rest) in one.parts.items():
            made[f"{item.name}/{name}"] = (around * alone, joint(i, i, none) * rest)
    for name, (mean, square) in first.items():
        holding = [i for i, names in enumerate(inside) if name in names]
        slope = math.fsum(means[i] / mean for i in holding)
        inner = math.fsum(joint(i, j, frozenset({name})) * crowd(i, j) for i, j in pairs(holding, repeat=2))
        made[name] = ((square - mean**2) * slope**2, (square - mean**2) * inner)
    rows = [(name, *(part / variance if variance > 0 else None for part in both)) for name, both in made.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _crowd(item: Amount) -> _Crowd:
    level, spread = _moments(item.level), item.level.sd() ** 2
    if item.meaning != "spread":
        payers = _moments(item.payers)
        noise = payers[1] - payers[0] ** 2
        parts = {
            "level": (payers[0] ** 2 * spread, payers[1] * spread),
            "payers": (noise * level[0] ** 2, noise * level[1]),
        }
        return _Crowd(payers[0] * level[0], payers[1] * level[1], parts)
    many = _payers(item.payers)
    mean, square = float(many.mean()), float((many**2).mean())
    noise = square - mean**2
    # how often there is a p-th payer, for p = 1, 2, ...: the levels of payers who may not be there count less
    there = 1 - np.searchsorted(np.sort(many), np.arange(1, many.max() + 1), side="left") / len(many)
    sure = float((there**2).sum())
    parts = {
        "level": (spread * sure, spread * mean),
        "payers": (noise * level[0] ** 2, noise * level[0] ** 2 + spread * (mean - sure)),
    }
    return _Crowd(mean * level[0], mean * spread + square * level[0] ** 2, parts)


def _moments(value: float | Range | None) -> tuple[float, float]:
    """Mean, and mean of the square."""
    if isinstance(value, Range):
        return value.mean(), value.mean() ** 2 + value.sd() ** 2
    known = float(value or 0)
    return known, known**2


def _payers(payers: int | Range | None) -> NDArray[np.float64]:
    """Equally likely whole numbers of payers."""
    if not isinstance(payers, Range):
        return np.array([float(payers or 0)])
    return np.rint(np.asarray(payers.quantile((np.arange(STEPS) + 0.5) / STEPS)))
