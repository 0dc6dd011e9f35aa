"""Matrices of marks: rows and columns with wrapped heads, a legend of the marks that occur, which places to show."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from maillage.publish.charts.marks import (
    DRAWN,
    FORM,
    NOTHING,
    SAID,
    STATES,
    TOLD,
    Form,
    Mark,
    dotted,
    draw,
    in_lines,
    letter,
    told_in_words,
)
from maillage.publish.svg import PLAIN, STRONG, Box, Canvas, Style, width, wrap
from maillage.publish.view import View

HEAD = Style(size=12, weight=600, anchor="middle")
NOTE = Style(size=12, colour="muted")
WHOLE = "ALL"
MANY = 14  # regions above which only those spoken of get a row
Entry = tuple[Callable[[float, float], None], str]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Where a matrix stands: its edges, the width of its row labels and the gap after them."""

    left: float
    top: float
    right: float
    label: float
    gap: float = 10

    def columns(self, count: int) -> float:
        """The width of one of `count` columns."""
        return (self.right - self.left - self.label) / count

    def lift(self, heads: Sequence[str]) -> list[float]:
        """How far the first line of each head stands below that of the longest."""
        counts = [len(wrap(text, self.columns(len(heads)) - 6, HEAD.size, 600)) for text in heads]
        return [15.0 * (max(counts) - count) for count in counts]


def draw_matrix(
    canvas: Canvas,
    at: Matrix,
    rows: Sequence[tuple[str, float]],
    heads: Sequence[str],
    *,
    fill: Callable[[int, int, Box], object],
) -> float:
    """Heads, row labels with the least height of their row, lines between; returns the y below.

    `fill` draws the cell of a row and a column.
    """
    step = at.columns(len(heads))
    lines = [wrap(text, step - 6, HEAD.size, 600) for text in heads]
    deep = max((len(texts) for texts in lines), default=0) * 15
    for order, texts in enumerate(lines):
        x = at.left + at.label + step * (order + 0.5)
        canvas.lines(x, at.top + deep - 15 * len(texts) + 12, texts, HEAD)
    y = at.top + deep + 5
    canvas.line((at.left, y, at.right, y), "line")
    for order, (text, least) in enumerate(rows):
        texts = wrap(text, at.label - at.gap, PLAIN.size)
        high = max(least, len(texts) * 16 + 10)
        canvas.lines(at.left, y + high / 2 + 4.5 - 8 * (len(texts) - 1), texts, PLAIN)
        for column in range(len(heads)):
            left = at.left + at.label + step * column
            fill(order, column, (left, y, left + step, y + high))
        y += high
        canvas.line((at.left, y, at.right, y), "grid")
    return y


def row_height(found: Iterable[Mark], wide: float, seen: View, more: float = 0) -> float:
    """The height that the fullest of some cells needs, for columns of a width; `more`: further px under the words."""
    high = 31.0
    for mark in found:
        if mark.state not in DRAWN or mark.row is None or not told_in_words(mark):
            continue
        lines, n = len(in_lines(mark.row, seen, wide)), mark.row["n"]
        dots = 8 * ((n - 1) // max(1, int((wide - 8) // 8)) + 1) + 2 if dotted(mark) else 0
        high = max(high, 34 + dots + 14 * lines + more)
    return high


def legend(canvas: Canvas, y: float, seen: View, found: Sequence[Mark], form: Form = FORM) -> float:
    """The marks that occur, in a fixed order, then the letters of confidence; returns the y below."""
    states = {mark.state for mark in found}
    shown = [state for state in STATES if state in states]
    entries: list[Entry] = [(_symbol(canvas, state, seen, form), seen.say(f"legend_{state}")) for state in shown]
    if any(dotted(mark) and mark.state in DRAWN for mark in found):
        entries.append((_people(canvas, form), seen.say("legend_dots")))
    y = flow(canvas, y, entries)
    letters = [word for word in ("very_low", "low", "medium", "high", "very_high")
               if any(mark.confidence == word and mark.state in DRAWN for mark in found)]  # fmt: skip
    if letters:
        canvas.text(0, y + 12, seen.say("legend_confidence"), Style(size=12, weight=600))
        start = width(seen.say("legend_confidence"), 12, 600) + 14
        y = flow(canvas, y, [(_confident(canvas, word, seen, form), _worded(word, seen)) for word in letters], start)
    return y


def _worded(word: str, seen: View) -> str:
    return f"{letter(word, seen)}\u00a0= {seen.labels.code('confidence', word)}"


def _confident(canvas: Canvas, word: str, seen: View, form: Form) -> Callable[[float, float], None]:
    return lambda x, y: draw(canvas, (x + 9, y), Mark(SAID, None, word), form, 6)


def _people(canvas: Canvas, form: Form) -> Callable[[float, float], None]:
    def symbol(x: float, y: float) -> None:
        canvas.dot(x + 5, y, 3, form.colour)
        canvas.dot(x + 13, y, 3, "line", hollow=True)

    return symbol


def _symbol(canvas: Canvas, state: str, seen: View, form: Form) -> Callable[[float, float], None]:
    def symbol(x: float, y: float) -> None:
        if state == NOTHING:
            canvas.hatched((x, y - 7, x + 18, y + 7))
        elif state in DRAWN:
            draw(canvas, (x + 9, y), Mark(state, None, "high" if state in TOLD else None), form, 6.5)
        elif state == "unasked":
            canvas.text(x + 9, y + 4, seen.say("cell_unasked"), Style(size=11.5, anchor="middle", colour="muted"))
        else:
            canvas.frame((x, y - 7, x + 18, y + 7))

    return symbol


def flow(canvas: Canvas, y: float, entries: Sequence[Entry], start: float = 0) -> float:
    """Legend entries side by side, on a new line where the drawing ends; returns the y below."""
    x = start
    for symbol, text in entries:
        wide = 26 + width(text, 12)
        if x > start and x + wide > canvas.wide:
            x, y = start, y + 21
        symbol(x, y + 8)
        canvas.text(x + 26, y + 12, text, Style(size=12))
        x += wide + 20
    return y + 22 if entries else y


def note(canvas: Canvas, y: float, text: str) -> float:
    """A remark under a drawing, wrapped; returns the y below."""
    return canvas.lines(0, y + 12, wrap(text, canvas.wide - 8, NOTE.size), NOTE) - 8 if text else y


def section(canvas: Canvas, x: float, y: float, text: str) -> float:
    """The name of a panel; returns the y below."""
    canvas.text(x, y + 14, text, STRONG)
    return y + 22


def regions(seen: View, spoken: set[str]) -> list[str]:
    """Regions of the study's countries by code; with few of them also the areas below that are spoken of."""
    countries = set(seen.release.settings.countries)
    parents = dict(seen.release.places.select("code", "parent").iter_rows())
    found = sorted(code for code, level in seen.levels.items() if level == "admin1" and parents[code] in countries)
    if len(found) <= 3:
        below = [code for code in spoken if seen.levels.get(code) == "admin2" and parents.get(code) in found]
        return sorted({*found, *below})
    return found if len(found) <= MANY else [code for code in found if code in spoken]


def areas(seen: View, found: dict[str, Mark]) -> tuple[list[str], list[str]]:
    """Places to show and regions nobody spoke of: the whole, zones that say more than their members, regions."""
    told: dict[str, set[str]] = {}
    rows = {ident: mark.row for ident, mark in found.items() if mark.row is not None}
    for ident, row in rows.items():
        if found[ident].state in DRAWN or found[ident].state == "withheld":
            told.setdefault(row["place"] or WHOLE, set()).add(ident.split("/", 2)[-1])
    members: dict[str, set[str]] = {}
    for zone, place in seen.release.zones.select("zone", "place").iter_rows():
        members.setdefault(f"zone:{zone}", set()).update(told.get(place, set()))
    zones = sorted(zone for zone, said in told.items() if zone.startswith("zone:") and said - members.get(zone, set()))
    every = regions(seen, set(told))
    shown = [code for code in every if code in told]
    return [WHOLE, *zones, *shown], [code for code in every if code not in told]
