"""What levies add up to, as draws: the same total under every shape, beside the hard bounds that assume nothing."""

from dataclasses import replace

from maillage import estimate
from maillage.estimate import Row
from maillage.measure.amounts import SHAPES, Range
from maillage.measure.stated import Bounds
from maillage.measure.sums import Amount, total, two_digits

METHOD = "levy_totals 2"
DRAWS = 2_000
WIDE = 5  # from here on a bare range is log-uniform, else uniform


def under_shapes(whole: Row, level: Bounds, payers: Bounds, *, seed: int) -> list[Row]:
    """A row a shape for a total that could be computed: mean, 5 and 95 per cent, to two significant digits.

    whole: the row of the total, with its id. Payers pay different amounts where its meaning is spread; else all pay one
    that is not known, the wider reading. The shape of the range of amounts varies, that of the number of payers not.
    None where a bound is open or not above zero, or where there is nothing to draw.
    """
    ends = (level.low, level.high, payers.low, payers.high)
    open_ = level.open_low or level.open_high or payers.open_low or payers.open_high
    if open_ or any(end is None or end <= 0 for end in ends) or (ends[0] == ends[1] and ends[2] == ends[3]):
        return []
    name, spread = whole.get("id", ""), whole.get("meaning") == "spread"
    paid = Amount(name, _range(level), _range(payers), meaning="spread" if spread else "uncertainty")
    found = total([paid], draws=DRAWS, seed=seed)
    return [
        estimate.row(**{
            **whole, "id": f"{name}@{shape}", "value": two_digits(mean), "low": two_digits(low),
            "high": two_digits(high), "interval": "q05-q95", "method": f"{METHOD}, {shape}",
        })
        for shape, mean, low, high in found.by_shape.iter_rows()
    ]  # fmt: skip


def usual(level: Bounds) -> str:
    """The shape that a bare range of amounts has unless somebody says otherwise."""
    return "loguniform" if level.low and level.high and level.high >= WIDE * level.low else SHAPES[0]


def _range(known: Bounds) -> Range:
    assert known.low is not None
    assert known.high is not None
    found = Range(known.low, known.high)
    return found if usual(known) == "loguniform" else replace(found, shape="uniform")
