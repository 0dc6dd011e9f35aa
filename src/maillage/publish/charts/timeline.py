"""Time on paper: one axis a figure, grey where the source covers it, hatched where it does not, its end marked."""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from maillage import numbers
from maillage.evidence import Card
from maillage.publish.svg import HATCH, Canvas, Style, text_box, width, wrap
from maillage.publish.view import Row, View

WIDE = 440.0  # px: fits a phone without scrolling, and 14 px of text stay 11 there
TEXT, STRONG, QUIET = Style(size=14), Style(size=14, weight=600), Style(size=14, colour="muted")
TICK = Style(size=14, colour="muted", tick=True)
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
LINE, BETWEEN, ROOMY = 18.0, 5, 34.0  # px a line; years from one name to the next; px from which each has one
PEAKS, HIGH = 4, 0.4  # bars with words at most; how high a further peak is at least, in parts of the highest
Words = Callable[[int], str]
Steps = tuple[int, int]  # first and last year, or month counted from year 0


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole years or months from the first to the last, drawn from left to right in px."""

    first: int
    last: int
    left: float
    right: float

    @property
    def step(self) -> float:
        """The width of one step."""
        return (self.right - self.left) / (self.last - self.first + 1)

    def at(self, step: int) -> float:
        """Where a step begins."""
        return self.left + (step - self.first) * self.step


@dataclass(frozen=True, slots=True)
class Strip:
    """Where bars stand: top and bottom in px, and the value that reaches the top."""

    top: float
    bottom: float
    most: float

    def at(self, value: float) -> float:
        """The height of a value."""
        return self.bottom - (self.bottom - self.top) * min(value, self.most) / self.most


def step_of(period: str) -> int:
    """The number of a year (`2020`) or of a month (`2020-04`)."""
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1 if month else int(year)


def month_name(step: int, lang: str) -> str:
    """A month in words."""
    return numbers.date(f"{step // 12:04d}-{step % 12 + 1:02d}", lang)


def covered(card: Card | None, rows: Iterable[Row], *, months: bool = False) -> Steps:
    """The whole years or months that a data set covers; where its card is silent, from its first row to its last."""
    if card is None or card.coverage is None:
        steps = [step_of(row["period"]) for row in rows]
        return min(steps), max(steps)
    first, last = (_day(text, end=bool(order)) for order, text in enumerate(card.coverage))
    if months:
        whole = last[2] == calendar.monthrange(last[0], last[1])[1]
        return first[0] * 12 + first[1] - (first[2] == 1), last[0] * 12 + last[1] - 1 - (not whole)
    return first[0] + (first[1:] != (1, 1)), last[0] - (last[1:] != (12, 31))


def _day(text: str, *, end: bool) -> tuple[int, int, int]:
    """Year, month and day of a partial date, filled to its beginning or its end."""
    parts = [int(part) for part in text.split("-")]
    month = parts[1] if len(parts) > 1 else 12 if end else 1
    day = parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1] if end else 1
    return parts[0], month, day


def study_end(seen: View, *, months: bool = False) -> int:
    """The last year or month of the study's period; 0 where it states none."""
    period = seen.release.settings.period.rpartition("/")[2]
    if not period:
        return 0
    year, month, _ = _day(period, end=True)
    return year * 12 + month - 1 if months else year


def card_named(seen: View, name: str) -> Card | None:
    """The card of a table."""
    return next((card for card in seen.release.cards if card.name == name), None)


def span(seen: View, first: int, last: int) -> str:
    """`from 2018 to 2020`, or `in 2020` where both are one year."""
    return seen.say("time_span" if first < last else "time_span_one", first=first, last=last)


def source_line(seen: View, card: Card | None, last: str) -> str:
    """Whose data, under which licence, and where they end (`last`: a partial date)."""
    until = seen.say("time_until", last=numbers.date(last, seen.lang))
    if card is None:
        return until
    return f"{seen.say('source_data', source=card.owner(seen.lang), licence=card.terms(seen.lang))} {until}"


def most(values: Iterable[float]) -> float:
    """A round value not below any of these."""
    top = max(values, default=0) or 1
    size = 10 ** (len(str(int(top))) - 1) if top >= 1 else 10 ** -len(str(int(1 / top)))
    return next(step * size for step in ROUND if step * size >= top)


def ground(
    canvas: Canvas, axis: Axis, strip: Strip, known: Steps, *, holes: Iterable[int] = (), room: float = 0
) -> None:
    """The place of bars: what the source covers in grey, what it does not hatched, a line where it ends.

    room: px above the top of the scale for the words of a peak; then a line marks that top."""
    first, last = max(known[0], axis.first), min(known[1], axis.last)
    if first <= last:
        canvas.rect((axis.at(first), strip.top - room, axis.at(last + 1), strip.bottom), "soft")
    gaps = [(axis.first, first - 1), (last + 1, axis.last), *((hole, hole) for hole in holes)]
    for start, end in gaps:
        if start <= end:
            canvas.hatched((axis.at(start), strip.top - room, axis.at(end + 1), strip.bottom))
    if room:
        canvas.line((axis.left, strip.top, axis.right, strip.top), "line", 0.6)
    canvas.line((axis.left, strip.bottom, axis.right, strip.bottom), "line")
    if last < axis.last:
        canvas.line((axis.at(last + 1), strip.top - max(room, 4), axis.at(last + 1), strip.bottom), "ink", 1.2)


def bars(canvas: Canvas, axis: Axis, strip: Strip, rows: Mapping[int, Row], colour: str) -> None:
    """One bar an estimate, a recorded zero as a hair; a thin line from low to high where the data give both."""
    gap = min(1.0, axis.step / 6)
    for step, row in sorted(rows.items()):
        x, y = axis.at(step), strip.at(row["value"])
        canvas.rect((x + gap, min(y, strip.bottom - 1), x + axis.step - gap, strip.bottom), colour)
        if ranged(row):
            middle = x + axis.step / 2
            canvas.line((middle, strip.at(row["low"]), middle, strip.at(row["high"])), "ink", 1)


def ranged(row: Row) -> bool:
    """Whether an estimate has a lower and a higher bound that differ."""
    return row["low"] is not None and row["high"] is not None and row["high"] > row["low"]


def highest(row: Row) -> float:
    """The largest number that an estimate states."""
    return max(row["value"], row["high"] or 0)


def peak(canvas: Canvas, axis: Axis, strip: Strip, rows: Mapping[int, Row], *, last: int, text: str) -> None:
    """Words over the first of the highest bars, kept inside what is covered (until the step `last`)."""
    top = max(rows, key=lambda step: (rows[step]["value"], -step))
    half = width(text, TICK.size) / 2
    x = min(max(axis.at(top) + axis.step / 2, axis.left + half), axis.at(max(last, top) + 1) - half - 2)
    y = _clear(strip, strip.at(highest(rows[top])) - 4)
    canvas.text(x, y, text, Style(size=TICK.size, anchor="middle", halo=True))


def _clear(strip: Strip, y: float) -> float:
    """Where words at `y` stand: above the line at the top of the scale if it would strike them."""
    return strip.top - 4 if y - TICK.size < strip.top < y + 3 else y


def peaks(
    canvas: Canvas,
    axis: Axis,
    strip: Strip,
    rows: Mapping[int, Row],
    *,
    last: int,
    near: int,
    text: Words,
) -> None:
    """Words over the highest bar and over the next peaks that have room, `PEAKS` at most.

    text: the words of a step, with when it was: a bare number on a bar could be of any step. A peak is a bar that none
    within `near` steps reaches, at least `HIGH` of the highest; its words stand on no bar and on no other words."""
    best = max(rows, key=lambda step: (rows[step]["value"], -step))
    peak(canvas, axis, strip, {best: rows[best]}, last=last, text=text(best))
    told, canvas.high = 1, max(canvas.high, strip.bottom)
    for step in sorted(rows, key=lambda step: (-rows[step]["value"], step)):
        around = [row["value"] for other, row in rows.items() if 0 < abs(other - step) <= near]
        value = rows[step]["value"]
        if step == best or told == PEAKS or value < HIGH * rows[best]["value"] or value <= max(around, default=0):
            continue
        told += _over(canvas, axis, strip, rows, step, last=last, text=text(step))


def _over(
    canvas: Canvas, axis: Axis, strip: Strip, rows: Mapping[int, Row], step: int, *, last: int, text: str
) -> bool:
    """Words over a bar or to one side of its top, where they meet no bar and no other words; whether there was room."""
    x, y = axis.at(step) + axis.step / 2, _clear(strip, strip.at(highest(rows[step])) - 4)
    style = Style(size=TICK.size, halo=True)
    spots: list[tuple[float, float, str]] = []
    for anchor in ("middle", "end", "start"):
        left, _, right, _ = text_box(x, y, text, replace(style, anchor=anchor))
        under = [strip.at(highest(row)) for other, row in rows.items()
                 if left < axis.at(other + 1) and axis.at(other) < right]  # fmt: skip
        if axis.left <= left and right <= axis.at(last + 1) - 2 and min(under) >= y:
            spots.append((x, y, anchor))
    return canvas.place(spots, text, style)


def ends(canvas: Canvas, axis: Axis, y: float, known: Steps, names: Mapping[int, str]) -> None:
    """Under an axis: its first step, the last one covered, its last one, then every fifth, each where there is room."""
    last = min(known[1], axis.last)
    spots = [(axis.left + 1, axis.first, "start"), (axis.at(last + 1), last, "end"), (axis.right - 1, axis.last, "end")]
    canvas.high = max(canvas.high, y + TICK.size)
    for x, step, anchor in spots[: 2 if last == axis.last else 3]:
        canvas.place([(x, y, anchor)], names[step], TICK)
    for step in range(axis.first, last + 1):
        if step % BETWEEN == 0 or axis.step >= ROOMY:
            canvas.place([(axis.at(step) + axis.step / 2, y, "middle")], names[step], TICK)


def years(canvas: Canvas, axis: Axis, y: float) -> None:
    """Under an axis of months: a short line where a year begins, and its name where there is room."""
    canvas.high = max(canvas.high, y + TICK.size)
    for step in range(axis.first, axis.last + 1):
        if step % 12 == 0:
            canvas.line((axis.at(step), y - 18, axis.at(step), y - 13), "line")
            canvas.place([(axis.at(step) + 6 * axis.step, y, "middle")], str(step // 12), TICK)
    if axis.first % 12:
        canvas.place([(axis.left + 1, y, "start")], str(axis.first // 12), TICK)


def key(canvas: Canvas, y: float, entries: Sequence[tuple[str, str]]) -> float:
    """A legend, one line an entry: role of colour (HATCH: no data; `range`: a thin line) and words; the y below."""
    for role, text in entries:
        box = (0.0, y + 3, 20.0, y + 16)
        if role == HATCH:
            canvas.hatched(box)
        elif role == "range":
            canvas.line((10, y + 2, 10, y + 17), "ink", 1.2)
        else:
            canvas.rect(box, role)
            canvas.frame(box)
        y = canvas.lines(28, y + 14, wrap(text, canvas.wide - 30, TEXT.size), TEXT) - 10
    return y


def note(canvas: Canvas, y: float, text: str) -> float:
    """A remark under a drawing; the y below."""
    return canvas.lines(0, y + 14, wrap(text, canvas.wide - 2, QUIET.size), QUIET) - 10
