"""Stated amounts on a scale: a point or a range, open ends as arrows, the shape of the ends says what a range means.

Round ends: amounts of different payers. Bars: doubt about one value. Diamonds: quoted as said. Squares: the meaning is
not stated. Dashed and hollow: a single independent source.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.svg import Canvas, Style, paint, px, stroked, width
from maillage.publish.view import Row, View, amount

WIDE = 380.0  # px: a phone shows it unscrolled and not much smaller
LOG_FROM = 30.0  # times the smallest amount from which a scale counts in powers of ten
ARROW, END, DASH = 26.0, 4.6, "5 3.5"
MEANINGS = ("spread", "uncertainty", "quoted", "unknown")
SHAPES = {"spread": "circle", "quoted": "diamond", "unknown": "square"}
AXIS = Style(size=12, colour="muted", anchor="middle", tick=True)


@dataclass(frozen=True, slots=True)
class Scale:
    """From an amount to px between `left` and `right`; `low` and `high` are round, linear scales start at 0."""

    low: float
    high: float
    left: float
    right: float
    log: bool

    def at(self, value: float) -> float:
        """Where an amount stands."""
        if self.log:
            part = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.left + part * (self.right - self.left)

    def ticks(self, most: int = 6) -> list[float]:
        """Round amounts to print, powers of ten on a logarithmic scale."""
        if self.log:
            powers = [10.0**n for n in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]
            return powers[:: max(1, math.ceil(len(powers) / most))]
        step = _step(self.high / (most - 1))
        return [step * n for n in range(int(self.high / step + 1e-9) + 1)]


def scale(rows: Iterable[Row], left: float, right: float) -> Scale:
    """The scale that holds every bound of some rows; logarithmic where they span more than `LOG_FROM` times."""
    known = [value for row in rows for value in (row["low"], row["high"]) if value is not None]
    least, most = min(known, default=0.0), max(known, default=1.0)
    if least > 0 and most / least >= LOG_FROM:
        low, high = math.floor(math.log10(least) + 1e-9), math.ceil(math.log10(most) - 1e-9)
        return Scale(10.0**low, 10.0**high, left, right, log=True)
    step = _step(max(most, 0) / 4 or 1.0)
    return Scale(0.0, step * max(1, math.ceil(most / step - 1e-9)), left, right, log=False)


def _step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= least * (1 - 1e-9))


def drawable(row: Row) -> bool:
    """Whether an estimate has an amount to draw."""
    return row["status"] == "ok" and (row["low"] is not None or row["high"] is not None)


def single(row: Row) -> bool:
    """Whether one independent source alone stands behind an amount."""
    return row["clusters"] == 1


def meaning(row: Row) -> str:
    """What a range means, `unknown` where nobody said."""
    return row["meaning"] if row["meaning"] in MEANINGS else "unknown"


def draw(canvas: Canvas, at: Scale, y: float, row: Row, colour: str = "accent") -> tuple[float, float]:
    """The mark of one amount; returns its left and right edge in px."""
    ends = [at.at(value) for value in (row["low"], row["high"]) if value is not None]
    first, last = min(ends), max(ends)
    down, up = row["open_low"] or row["low"] is None, row["open_high"] or row["high"] is None
    dash = DASH if single(row) else ""
    if last - first > 1:
        canvas.line((first, y, last, y), colour, 2, dash)
    if up:
        _arrow(canvas, (last, last + ARROW), y, colour, dash)
    if down:
        _arrow(canvas, (first, first - ARROW), y, colour, dash)
    for x_end in dict.fromkeys((first, last)):
        end(canvas, (x_end, y), meaning(row), colour, hollow=single(row))
    return first - (ARROW if down else END), last + (ARROW if up else END)


def end(canvas: Canvas, at: tuple[float, float], means: str, colour: str = "accent", *, hollow: bool) -> None:
    """The end of a range, by what the range means."""
    here, y = at
    if means == "uncertainty":
        canvas.line((here, y - 7, here, y + 7), colour, 2)
        return
    path = m.outline(m.Form(SHAPES[means]), here, y, END)
    inside = paint("paper") if hollow else paint(colour)
    canvas.parts.append(f'<path d="{path}"{inside}/><path d="{path}"{stroked(colour)} stroke-width="1.7"/>')


def _arrow(canvas: Canvas, ends: tuple[float, float], y: float, colour: str = "accent", dash: str = "") -> None:
    """An open arrow: the amount goes on, nobody says how far."""
    start, tip = ends
    canvas.line((start, y, tip, y), colour, 2, dash)
    back = tip - math.copysign(7, tip - start)
    canvas.curve(f"M{px(back)} {px(y - 5)}L{px(tip)} {px(y)}L{px(back)} {px(y + 5)}", colour, 2)


def voices(row: Row, seen: View) -> str:
    """How many independent sources stand behind a number; blank where that may not be said."""
    count = row["clusters"]
    return "" if count is None else seen.say("voices_one" if count == 1 else "voices_many", n=seen.number(count, 0))


def short(row: Row, seen: View) -> str:
    """An amount as short as it can be said; the unit stands elsewhere."""
    low, high = row["low"], row["high"]
    down, up = row["open_low"] or low is None, row["open_high"] or high is None
    known = list(dict.fromkeys(bare(value, row, seen) for value in (low, high) if value is not None))
    text = known[0] if len(known) == 1 else seen.say("ranges_from_to", low=known[0], high=known[-1])
    if up and not down:
        return seen.say("at_least", amount=text)
    return seen.say("at_most", amount=text) if down and not up else text


def bare(value: float, row: Row, seen: View) -> str:
    """One amount without its unit; a share as a per cent."""
    if (row["unit"] or "").startswith("share"):
        return seen.number(100 * value)
    return amount(value, {**row, "currency": None}, seen)


def axis(canvas: Canvas, at: Scale, y: float, row: Row, seen: View, most: int = 6) -> None:
    """A line with round amounts below; those without room are left out."""
    canvas.line((at.left, y, at.right, y), "line")
    edge = -math.inf
    for value in at.ticks(most):
        here, text = at.at(value), bare(value, row, seen)
        canvas.line((here, y, here, y + 4), "line")
        if here - width(text, 12) / 2 > edge:
            canvas.text(here, y + 17, text, AXIS)
            edge = here + width(text, 12) / 2 + 6


def legend(canvas: Canvas, y: float, seen: View, rows: Sequence[Row]) -> float:
    """The marks that occur, in words; returns the y below."""
    hollow = all(single(row) for row in rows)
    met = {meaning(row) for row in rows}
    entries: list[x.Entry] = [(_sample(canvas, means, hollow=hollow), seen.say(f"ranges_{means}"))
                              for means in MEANINGS if means in met]  # fmt: skip
    if any(row["open_high"] or row["open_low"] or row["low"] is None or row["high"] is None for row in rows):
        entries.append((lambda left, top: _arrow(canvas, (left, left + 20), top), seen.say("ranges_open")))
    if any(single(row) for row in rows):
        entries.append((lambda left, top: canvas.line((left, top, left + 20, top), "accent", 2, DASH),
                        seen.say("ranges_single")))  # fmt: skip
    return x.flow(canvas, y, entries)


def _sample(canvas: Canvas, means: str, *, hollow: bool) -> Callable[[float, float], None]:
    def symbol(left: float, top: float) -> None:
        for here in (left + 5.5, left + 18):
            end(canvas, (here, top), means, hollow=hollow)

    return symbol
