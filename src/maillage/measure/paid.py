"""What is paid, by how many, on what: an amount, and how it turns into another base, period or year of prices.

What is paid a head says nothing of a week until somebody counts the heads; without that count nothing is converted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from maillage.errors import MaillageError
from maillage.measure.amounts import Range

WEEKS_A_YEAR = 365.25 / 7
A_YEAR = {"day": 365.25, "week": WEEKS_A_YEAR, "month": 12.0, "year": 1.0}
NOT_SAID = (None, "unspecified", "unstated", "head_unspecified")


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one thing (`of`: head_of_livestock, operation ...) another holds (`into`: operation, week ...).

    name: also of its random stream; amounts with a count of the same name share its draws. many: None = not known.
    """

    name: str
    many: float | Range | None
    of: str
    into: str


@dataclass(frozen=True, slots=True)
class Amount:
    """What `payers` pay of one thing: `level` a payer, in `currency` a `base` and `per` (week, operation ...).

    meaning: spread, uncertainty or quoted. payers: how many, a whole number or a range; None = not known.
    counts: what the level was multiplied by on its way to this base. prices: the year whose prices these are.
    """

    name: str
    level: Range
    payers: int | Range | None
    meaning: str = "uncertainty"
    base: str | None = None
    per: str | None = None
    currency: str | None = None
    counts: tuple[Count, ...] = ()
    prices: int | None = None


def per(amount: Amount, period: str) -> Amount:
    """The amount for another period: days, weeks, months and years turn into each other, nothing else does.

    Raises MaillageError `amounts_period`: what is paid an operation, passage or head says nothing about a week.
    """
    if amount.per == period:
        return amount
    if amount.per not in A_YEAR or period not in A_YEAR:
        raise MaillageError("amounts_period", name=amount.name, found=amount.per or "-", wanted=period)
    return replace(amount, level=scaled(amount.level, A_YEAR[amount.per] / A_YEAR[period]), per=period)


def convert(amount: Amount, count: Count) -> Amount:
    """The amount on another base, by a count of the one in the other: heads an operation, operations a week.

    The level keeps its range; the count is one more unknown of the sum. Raises MaillageError `amounts_base` where the
    amount is not paid on what is counted, or nobody said on what, or where it would be paid on two periods at once.
    """
    into_time = count.into in A_YEAR
    if count.of in NOT_SAID or count.of not in (amount.base, amount.per) or (into_time and amount.per in A_YEAR):
        found = " / ".join(part or "-" for part in (amount.base, amount.per))
        raise MaillageError("amounts_base", name=amount.name, found=found, of=count.of, into=count.into)
    base = None if amount.base == count.of else amount.base
    if into_time or amount.per in (count.of, count.into):
        return replace(amount, base=base, per=count.into, counts=(*amount.counts, count))
    return replace(amount, base=count.into, counts=(*amount.counts, count))


def deflate(amount: Amount, index: Mapping[int, float], *, to: int) -> Amount:
    """The amount in prices of the year `to`. index: year -> price level, on any basis.

    Raises MaillageError `amounts_prices` where the year of the amount is not known, or a level is missing or not
    positive: nothing is carried over from a neighbouring year.
    """
    levels = [index.get(year, math.nan) if year is not None else math.nan for year in (amount.prices, to)]
    if not all(math.isfinite(level) and level > 0 for level in levels):
        raise MaillageError("amounts_prices", name=amount.name, found=amount.prices or "-", wanted=to)
    return replace(amount, level=scaled(amount.level, levels[1] / levels[0]), prices=to)


def scaled(level: Range, factor: float) -> Range:
    """A range in another unit; its shape and coverage stay."""
    mode = None if level.mode is None else level.mode * factor
    return replace(level, low=level.low * factor, high=level.high * factor, mode=mode)
