"""Sums and products of amounts that are known as ranges: hard bounds always, draws by what the range means.

A range between payers (`spread`) is dealt to each payer anew; doubt about one value (`uncertainty`, and what was
`quoted`) is one unknown level for all. The two give very different sums of the same range (docs/measures/levies.md).
"""

import math
from collections.abc import Callable, Mapping, Sequence
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
from maillage.measure.moments import SCHEMA, product_shares, total_shares
from maillage.measure.paid import Amount, Count, convert, deflate, per

__all__ = [
    "Amount", "Count", "Sum", "convert", "deflate", "per", "product", "product_shares", "total", "two_digits",
]  # fmt: skip

Floats = NDArray[np.float64]
STEPS = 4096  # of the table of quantiles of a pert
CACHED = 2**14  # draws at a time: what they need stays in the processor's cache
MANY = 2_000_000  # payers times draws; above, the sum of so many is normal for every purpose


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum. low, high: hard bounds that assume nothing; mean, q05, q95: of the draws; None where not computable.

    A hard bound is infinite where the shape of a level has no end. reason: why there is none (`number_of_payers`,
    `count_unknown`). by_shape: table (shape, mean, q05, q95), each shape for all levels. shares: table (name, share) of
    the variance that each amount makes. sobol: table (name, S, ST), which unknown makes it (`moments.total_shares`).
    """

    low: float | None
    high: float | None
    mean: float | None
    q05: float | None
    q95: float | None
    by_shape: pl.DataFrame
    shares: pl.DataFrame
    sobol: pl.DataFrame
    reason: str | None = None


def total(amounts: Sequence[Amount], *, draws: int = 10_000, shapes: Sequence[Shape] = SHAPES, seed: int) -> Sum:
    """The sum of amounts of one base, period and currency, told again under each of `shapes`.

    Each amount has random streams of its own by its name, so that another amount never changes its draws. Not
    computable where a number of payers or a count is not known. Raises MaillageError `amounts_mixed`, `amounts_named`.
    """
    _one_measure(amounts)
    empty = pl.DataFrame(schema={"shape": pl.String, "mean": pl.Float64, "q05": pl.Float64, "q95": pl.Float64})
    missing = _missing(amounts)
    if missing:
        none = pl.DataFrame(schema={"name": pl.String, "share": pl.Float64})
        return Sum(None, None, None, None, None, empty, none, pl.DataFrame(schema=SCHEMA), missing)
    parts = [_draws(item, draws, seed) for item in amounts]
    drawn = np.sum(parts, axis=0)
    variance = [float(part.var()) for part in parts]
    whole = math.fsum(variance)
    shares = {"name": [item.name for item in amounts], "share": [v / whole if whole else None for v in variance]}
    bounds = [_bounds(item) for item in amounts]
    q05, q95 = (float(q) for q in np.quantile(drawn, [0.05, 0.95]))
    shaped = [_shaped(amounts, shape, drawn, seed) for shape in shapes if _can(amounts, shape)]
    return Sum(
        low=math.fsum(low for low, _ in bounds), high=math.fsum(high for _, high in bounds),
        mean=float(drawn.mean()), q05=q05, q95=q95, by_shape=pl.DataFrame(shaped, schema=empty.schema),
        shares=pl.DataFrame(shares, schema={"name": pl.String, "share": pl.Float64}), sobol=total_shares(amounts),
    )  # fmt: skip


def product(factors: Mapping[str, Range], *, draws: int = 10_000, seed: int) -> Floats:
    """Draws of a product of independent ranges, each from the stream of its name."""
    found = np.ones(draws)
    for name, each in factors.items():
        found *= each.sample(estimate.rng(seed, f"amounts/{name}"), draws)
    return found


def two_digits(value: float) -> float:
    """A number to two significant digits, halves up: more would be a claim that no range can bear."""
    if value == 0 or not math.isfinite(value):
        return value
    step = Decimal(1).scaleb(math.floor(math.log10(abs(value))) - 1)
    return float((Decimal(repr(value)) / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def _missing(amounts: Sequence[Amount]) -> str | None:
    """What is not known that a sum needs."""
    if any(item.payers is None for item in amounts):
        return "number_of_payers"
    return "count_unknown" if any(count.many is None for item in amounts for count in item.counts) else None


def _one_measure(amounts: Sequence[Amount]) -> None:
    names = [item.name for item in amounts]
    if len(set(names)) < len(names) or not names:
        raise MaillageError("amounts_named", names=", ".join(names))
    for one, other in pairwise(amounts):
        for field in ("base", "per", "currency", "prices"):
            if getattr(one, field) != getattr(other, field):
                first, second = (str(getattr(each, field) or "-") for each in (one, other))
                raise MaillageError(
                    "amounts_mixed", field=field, name=one.name, found=first, other=other.name, wanted=second
                )


def _bounds(item: Amount) -> tuple[float, float]:
    """Fewest payers at the lowest level to most at the highest, and the same of counts."""
    ends = [_ends(value) for value in (item.level, item.payers, *(count.many for count in item.counts))]
    return math.prod(low for low, _ in ends), math.prod(high for _, high in ends) if ends[1][1] else 0.0


def _ends(value: float | Range | None) -> tuple[float, float]:
    """Where the draws of a value end; the stated ends, unless its shape goes beyond them."""
    if isinstance(value, Range):
        return value.quantile(0.0), value.quantile(1.0)
    return float(value or 0), float(value or 0)


def _draws(item: Amount, draws: int, seed: int) -> Floats:
    """Draws of what all payers pay together."""
    level, count = (estimate.rng(seed, f"amounts/{item.name}/{part}") for part in ("level", "payers"))
    payers = (
        np.full(draws, float(item.payers or 0))
        if not isinstance(item.payers, Range)
        else item.payers.sample(count, draws)
    )
    drawn = (
        _spread(item.level, np.rint(payers), level) if item.meaning == "spread"
        else payers * item.level.sample(level, draws)
    )  # fmt: skip
    for count in item.counts:
        own = estimate.rng(seed, f"amounts/count/{count.name}")
        drawn = drawn * (count.many.sample(own, draws) if isinstance(count.many, Range) else float(count.many or 0))
    return drawn


def _spread(level: Range, payers: Floats, rng: np.random.Generator) -> Floats:
    """Sums over payers who each pay a level of their own."""
    most = int(payers.max(initial=0))
    if most * len(payers) <= MANY:
        draw, blocks = _drawer(level), np.array_split(payers, max(1, len(payers) * most // CACHED))
        paid = (np.where(np.arange(most) < part[:, None], draw(rng, (len(part), most)), 0.0) for part in blocks)
        return np.concatenate([each.sum(axis=1) for each in paid])
    sums = payers * level.mean() + np.sqrt(payers) * level.sd() * rng.standard_normal(len(payers))
    low, high = _ends(level)
    return np.clip(sums, payers * low, payers * high)


def _drawer(level: Range) -> Callable[[np.random.Generator, tuple[int, int]], Floats]:
    """What draws levels; of a pert from a table of its quantiles, as its own inverse takes microseconds a draw."""
    if level.shape != "pert":
        return level.sample
    table = np.asarray(level.quantile(np.linspace(0, 1, STEPS + 1)))
    rise = np.diff(table)

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
        at = rng.random(size) * STEPS
        below = at.astype(np.int64)
        return (at - below) * rise[below] + table[below]

    return draw


def _can(amounts: Sequence[Amount], shape: Shape) -> bool:
    return shape == "uniform" or all(item.level.low > 0 for item in amounts)


def _shaped(amounts: Sequence[Amount], shape: Shape, known: Floats, seed: int) -> dict[str, Any]:
    """The row of a shape; known: draws of the amounts as they are."""
    coverage = 0.9 if shape == "lognormal" else 1.0
    alike = [replace(i, level=replace(i.level, shape=shape, coverage=coverage, mode=None)) for i in amounts]
    drawn = known if alike == list(amounts) else np.sum([_draws(item, len(known), seed) for item in alike], axis=0)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return {"shape": shape, "mean": float(drawn.mean()), "q05": float(low), "q95": float(high)}
