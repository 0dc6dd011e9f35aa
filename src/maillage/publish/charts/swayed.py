"""What moves the ranks of an index: of each choice its share alone and with all its interactions, with bounds."""

from collections.abc import Mapping, Sequence

from maillage.blocks import Figure
from maillage.publish import index_words
from maillage.publish.charts import timeline as t
from maillage.publish.svg import Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, words

LABEL, RIGHT, HIGH = 110.0, 66.0, 46.0
TICK = Style(size=14, colour="muted", anchor="middle", tick=True)
Pair = tuple[Row, Row]


def swayed(seen: View, node: str) -> Figure | None:
    """The chart of Sobol's indices of a node; None where the release has none."""
    found = _pairs(seen, node)
    if not found:
        return None
    name = f"index_sways_{node}"
    drawing = canvas(name, 10, t.WIDE)
    _draw(drawing, seen, found)
    heads = [seen.say(f"index_{head}") for head in ("choice", "alone", "interactions")]
    rows = [[words(_choice(seen, choice)), *(cell(row, seen, _told(seen, row)) for row in pair)]
            for choice, pair in found.items()]  # fmt: skip
    return figure(name, drawing, _caption(seen, node, found), columns=heads, rows=rows)


def _pairs(seen: View, node: str) -> dict[str, Pair]:
    """Choice -> its share alone and in all, the one that moves most first; without those that have no bounds."""
    rows = {row["id"].rpartition("/")[2]: row for row in seen.rows("sensitivity", answer=node, status="ok")
            if row["low"] is not None}  # fmt: skip
    pairs = {choice: (row, rows[f"{choice}@total"]) for choice, row in rows.items() if f"{choice}@total" in rows}
    return dict(sorted(pairs.items(), key=lambda item: (-item[1][1]["value"], item[0])))


def _choice(seen: View, choice: str) -> str:
    return capital(seen.labels.phrase(f"index_choice_{choice}"))


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _told(seen: View, row: Row) -> str:
    value, low, high = (index_words.share(row[name], seen.labels) for name in ("value", "low", "high"))
    return f"{value} ({seen.say('index_span', low=low, high=high)})"


def _draw(drawing: Canvas, seen: View, found: Mapping[str, Pair]) -> None:
    left, right, y = LABEL, drawing.wide - RIGHT, 24.0

    def at(value: float) -> float:
        return left + (right - left) * _share(value)

    for tick in (0.0, 0.5, 1.0):
        drawing.line((at(tick), y, at(tick), y + HIGH * len(found)), "grid")
        drawing.text(at(tick), 14, index_words.share(tick, seen.labels), TICK)
    for choice, pair in found.items():
        drawing.lines(0, y + HIGH / 2 + 5, wrap(_choice(seen, choice), LABEL - 8, t.TEXT.size), t.TEXT)
        for order, (row, colour) in enumerate(zip(pair, ("c5", "accent"), strict=True)):
            top = y + 5 + 18 * order
            drawing.rect((left, top, max(at(row["value"]), left + 1), top + 14), colour)
            drawing.line((at(row["low"]), top + 7, at(row["high"]), top + 7), "ink", 1.2)
            text = index_words.share(row["value"], seen.labels)
            drawing.text(drawing.wide, top + 12, text, Style(size=14, anchor="end", colour="muted"))
        y += HIGH
    entries = [("c5", seen.say("index_alone")), ("accent", seen.say("index_interactions")),
               ("range", seen.say("index_bootstrap"))]  # fmt: skip
    drawing.high = t.key(drawing, y + 6, entries) + 6


def _caption(seen: View, node: str, found: Mapping[str, Pair]) -> Caption:
    what = index_words.node(node, seen.labels)
    most = seen.labels.phrase(f"index_choice_{next(iter(found))}")
    said = seen.say("then").join(
        seen.say("pair", first=_choice(seen, choice), second=_both(seen, pair)) for choice, pair in found.items()
    )
    title = seen.say("index_sways_title", what=what, most=most)
    subtitle, alt = seen.say("index_sways_subtitle", what=what), seen.say("index_sways_alt", said=said)
    return Caption(title, subtitle, alt, seen.say("index_source"))


def _both(seen: View, pair: Sequence[Row]) -> str:
    return " / ".join(index_words.share(row["value"], seen.labels) for row in pair)
