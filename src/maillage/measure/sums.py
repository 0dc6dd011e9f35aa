"""Sums and products of amounts that are known as ranges: hard bounds always, draws by what the range means.

A range between payers (`spread`) is dealt to each payer anew; doubt about one value (`uncertainty`, and what was
`quoted`) is one unknown level for all. The two give very different sums of the same range (docs/measures/levies.md).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.amounts import SHAPES, Range, Shape

Floats = NDArray[np.float64]
WEEKS_A_YEAR = 365.25 / 7
A_YEAR = {"day": 365.25, "week": WEEKS_A_YEAR, "month": 12.0, "year": 1.0}
MANY = 2_000_000  # payers times draws; above, the sum of so many is normal for every purpose


@dataclass(frozen=True, slots=True)
class Amount:
    """What `payers` pay of one thing: `level` a payer, in `currency` a `base` and `per` (week, operation ...).

    meaning: spread, uncertainty or quoted. payers: how many, a whole number or a range; None = not known.
    """

    name: str
    level: Range
    payers: int | Range | None
    meaning: str = "uncertainty"
    base: str | None = None
    per: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum. low, high: hard bounds that assume nothing; mean, q05, q95: of the draws; None where not computable.

    reason: why there is none (`number_of_payers`). by_shape: table (shape, mean, q05, q95), each shape for all levels.
    shares: table (name, share) of the variance that each amount makes.
    """

    low: float | None
    high: float | None
    mean: float | None
    q05: float | None
    q95: float | None
    by_shape: pl.DataFrame
    shares: pl.DataFrame
    reason: str | None = None


def total(amounts: Sequence[Amount], *, draws: int = 10_000, seed: int) -> Sum:
    """The sum of amounts of one base, period and currency.

    Each amount has random streams of its own by its name, so that another amount never changes its draws. Not
    computable where the number of payers of one is not known. Raises MaillageError `amounts_mixed`, `amounts_named`.
    """
    _one_measure(amounts)
    empty = pl.DataFrame(schema={"shape": pl.String, "mean": pl.Float64, "q05": pl.Float64, "q95": pl.Float64})
    if any(item.payers is None for item in amounts):
        none = pl.DataFrame(schema={"name": pl.String, "share": pl.Float64})
        return Sum(None, None, None, None, None, empty, none, "number_of_payers")
    parts = [_draws(item, draws, seed) for item in amounts]
    drawn = np.sum(parts, axis=0)
    variance = [float(part.var()) for part in parts]
    whole = math.fsum(variance)
    shares = {"name": [item.name for item in amounts], "share": [v / whole if whole else None for v in variance]}
    bounds = [_bounds(item) for item in amounts]
    q05, q95 = (float(q) for q in np.quantile(drawn, [0.05, 0.95]))
    shaped = [_shaped(amounts, shape, draws, seed) for shape in SHAPES if _can(amounts, shape)]
    return Sum(
        low=math.fsum(low for low, _ in bounds), high=math.fsum(high for _, high in bounds),
        mean=float(drawn.mean()), q05=q05, q95=q95, by_shape=pl.DataFrame(shaped, schema=empty.schema),
        shares=pl.DataFrame(shares, schema={"name": pl.String, "share": pl.Float64}),
    )  # fmt: skip


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
    return pl.DataFrame(rows, schema={"name": pl.String, "S": pl.Float64, "ST": pl.Float64}, orient="row")


def product(factors: Mapping[str, Range], *, draws: int = 10_000, seed: int) -> Floats:
    """Draws of a product of independent ranges, each from the stream of its name."""
    found = np.ones(draws)
    for name, each in factors.items():
        found *= each.sample(estimate.rng(seed, f"amounts/{name}"), draws)
    return found


def per(amount: Amount, period: str) -> Amount:
    """The amount for another period: days, weeks, months and years turn into each other, nothing else does.

    Raises MaillageError `amounts_period`: what is paid an operation, passage or head says nothing about a week.
    """
    if amount.per == period:
        return amount
    if amount.per not in A_YEAR or period not in A_YEAR:
        raise MaillageError("amounts_period", name=amount.name, found=amount.per or "-", wanted=period)
    factor = A_YEAR[amount.per] / A_YEAR[period]
    level = amount.level
    mode = None if level.mode is None else level.mode * factor
    return replace(
        amount, level=replace(level, low=level.low * factor, high=level.high * factor, mode=mode), per=period
    )


def two_digits(value: float) -> float:
    """A number to two significant digits, halves up: more would be a claim that no range can bear."""
    if value == 0 or not math.isfinite(value):
        return value
    step = Decimal(1).scaleb(math.floor(math.log10(abs(value))) - 1)
    return float((Decimal(repr(value)) / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def _one_measure(amounts: Sequence[Amount]) -> None:
    names = [item.name for item in amounts]
    if len(set(names)) < len(names) or not names:
        raise MaillageError("amounts_named", names=", ".join(names))
    for one, other in pairwise(amounts):
        for field in ("base", "per", "currency"):
            if getattr(one, field) != getattr(other, field):
                first, second = (str(getattr(each, field) or "-") for each in (one, other))
                raise MaillageError(
                    "amounts_mixed", field=field, name=one.name, found=first, other=other.name, wanted=second
                )


def _bounds(item: Amount) -> tuple[float, float]:
    """Fewest payers at the lowest level to most at the highest."""
    few, most = _ends(item.payers)
    return item.level.low * few, item.level.high * most


def _ends(payers: int | Range | None) -> tuple[float, float]:
    return (payers.low, payers.high) if isinstance(payers, Range) else (float(payers or 0), float(payers or 0))


def _draws(item: Amount, draws: int, seed: int) -> Floats:
    """Draws of what all payers pay together."""
    level, count = (estimate.rng(seed, f"amounts/{item.name}/{part}") for part in ("level", "payers"))
    payers = (
        np.full(draws, float(item.payers or 0))
        if not isinstance(item.payers, Range)
        else item.payers.sample(count, draws)
    )
    if item.meaning != "spread":
        return payers * item.level.sample(level, draws)
    return _spread(item.level, np.rint(payers), level)


def _spread(level: Range, payers: Floats, rng: np.random.Generator) -> Floats:
    """Sums over payers who each pay a level of their own."""
    most = int(payers.max(initial=0))
    if most * len(payers) <= MANY:
        each = level.sample(rng, (len(payers), most))
        return np.where(np.arange(most) < payers[:, None], each, 0.0).sum(axis=1)
    sums = payers * level.mean() + np.sqrt(payers) * level.sd() * rng.standard_normal(len(payers))
    return np.clip(sums, payers * level.low, payers * level.high)


def _can(amounts: Sequence[Amount], shape: Shape) -> bool:
    return shape == "uniform" or all(item.level.low > 0 for item in amounts)


def _shaped(amounts: Sequence[Amount], shape: Shape, draws: int, seed: int) -> dict[str, Any]:
    coverage = 0.9 if shape == "lognormal" else 1.0
    levels = [replace(item.level, shape=shape, coverage=coverage, mode=None) for item in amounts]
    drawn = np.sum([_draws(replace(i, level=x), draws, seed) for i, x in zip(amounts, levels, strict=True)], axis=0)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return {"shape": shape, "mean": float(drawn.mean()), "q05": float(low), "q95": float(high)}
