"""The legend of charts that lay values in a row: a mark and what it stands for, one line each."""

from collections.abc import Sequence

from maillage.publish.charts import timeline as t
from maillage.publish.svg import HATCH, Canvas, wrap


def legend(drawing: Canvas, y: float, entries: Sequence[tuple[str, str]]) -> float:
    """Marks (`dot`, `old`, `tick`, `bracket`, HATCH, else a range with its ends) and their words; the y below."""
    for mark, text in entries:
        _mark(drawing, mark, y + 9)
        y = drawing.lines(28, y + 14, wrap(text, drawing.wide - 30, t.TEXT.size), t.TEXT) - 10
    return y


def _mark(drawing: Canvas, mark: str, y: float) -> None:
    if mark in ("dot", "old"):
        drawing.dot(10, y, 5.5, "accent" if mark == "dot" else "c5", hollow=mark == "old")
    elif mark == "tick":
        drawing.line((10, y - 8, 10, y + 8), "muted", 2.2)
    elif mark == "bracket":
        drawing.curve(f"M13 {y - 8}H8V{y + 8}H13", "line", 1.4)
    elif mark == HATCH:
        drawing.hatched((0, y - 6, 20, y + 7))
    else:
        drawing.line((1, y, 19, y), "ink", 1.6)
        for end in (1, 19):
            drawing.line((end, y - 4, end, y + 4), "ink", 1.6)
