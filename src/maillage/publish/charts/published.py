"""Published per cents: every k of n that can stand behind each, on one scale from 0 to 100."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage import numbers
from maillage.blocks import Figure
from maillage.publish import wording
from maillage.publish.charts import matrix as x
from maillage.publish.gate import Release
from maillage.publish.svg import STRONG, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME = "published_shares"
WIDE, EDGE, LINE = 460.0, 18.0, 17.0
SHOWN = 10  # possible counts printed at most; the table has all
AXIS = Style(size=12, colour="muted", anchor="middle", tick=True)


@dataclass(frozen=True, slots=True)
class Scale:
    """From a share to px."""

    left: float
    right: float

    def at(self, share: float) -> float:
        """Where a share (0 to 1) stands."""
        return self.left + share * (self.right - self.left)


def published_shares(release: Release, lang: str) -> Figure | None:
    """One row a published share; None where there is none."""
    seen = view(release, lang)
    rows = sorted(seen.rows("published", status="ok"), key=lambda row: (-row["value"], row["id"]))
    if not rows:
        return None
    drawing = canvas(NAME, 10, wide=WIDE)
    scale = Scale(EDGE, WIDE - EDGE)
    y = 8.0
    for row in rows:
        y = _draw(drawing, scale, y, row, seen) + 18  # room for the next heading, or the axis
    _axis(drawing, scale, y, seen)
    y = _legend(drawing, y + 28, rows, seen)
    drawing.high = y + 4
    heads = [seen.say(f"column_{name}") for name in ("statement", "place", "published", "possible")]
    return figure(NAME, drawing, _caption(seen, rows), columns=heads, rows=[
        [words(_said(row, seen)), words(capital(seen.place(row["place"]))),
         cell(row, seen, numbers.percent(row["value"], lang)),
         cell(row, seen, _possible(row, seen, len(pairs(row)))) if pairs(row) else words(seen.say("no_count"))]
        for row in rows
    ])  # fmt: skip


def pairs(row: Row) -> list[tuple[int, int]]:
    """Every k and n that fits a published per cent; the published one alone where it was given."""
    if row["k"] is not None and row["n"] is not None:
        return [(row["k"], row["n"])]
    found = [pair.split("/") for pair in (row["feasible"] or "").split(";") if "/" in pair]
    return [(int(k), int(n)) for k, n in found]


def _said(row: Row, seen: View) -> str:
    parts = [wording.answer(row, seen.labels), *([seen.labels.code("markets", row["market"])] if row["market"] else [])]
    return capital(", ".join(dict.fromkeys(parts)))


def _draw(drawing: Canvas, scale: Scale, top: float, row: Row, seen: View) -> float:
    """The published value as a tick, the possible counts as dots stacked at their share."""
    shown = pairs(row)[:SHOWN]
    more = len(pairs(row)) > len(shown)
    value = scale.at(row["value"])
    y = drawing.lines(0, top + 14, wrap(f"{_said(row, seen)}, {seen.place(row['place'])}", WIDE, 13, 600), STRONG)
    word = seen.confidence(row["id"]) or row["confidence"]
    if word:
        text = capital(seen.say("confidence_is", word=seen.labels.code("confidence", word)))
        y = drawing.lines(0, y, wrap(text, WIDE, 12), Style(size=12, colour="muted"))
    top = y - 6
    base = top + 26 + LINE * (len(shown) + more)
    drawing.text(value, top + 12, numbers.percent(row["value"], seen.lang), Style(weight=600, anchor="middle"))
    drawing.line((value, top + 18, value, base), "accent", 2)
    drawing.line((scale.left, base, scale.right, base), "line")
    right = row["value"] <= 0.75
    for order, (k, n) in enumerate(shown):
        y = base - LINE * (order + 1 + more) + 6
        here = scale.at(k / n)
        drawing.dot(here, y, 4.2, "accent")
        gap = 11 if right else -11
        style = Style(size=12, anchor="start" if right else "end")
        drawing.text(here + gap, y + 4, numbers.share(k, n, seen.lang), style)
    if more:
        style = Style(size=12, colour="muted", anchor="start" if right else "end")
        drawing.text(value + (11 if right else -11), base - LINE + 10, seen.labels.phrase("and_so_on"), style)
    return base


def _axis(drawing: Canvas, scale: Scale, y: float, seen: View) -> None:
    for tenth in range(0, 101, 20):
        here = scale.at(tenth / 100)
        drawing.line((here, y - 18, here, y - 12), "line")
        drawing.text(here, y + 4, numbers.percent(tenth / 100, seen.lang), AXIS)


def _legend(drawing: Canvas, y: float, rows: Sequence[Row], seen: View) -> float:
    entries: list[x.Entry] = [
        (lambda left, top: drawing.line((left + 9, top - 7, left + 9, top + 7), "accent", 2), seen.say("as_published")),
        (lambda left, top: drawing.dot(left + 9, top, 4.2, "accent"),
         seen.say("count_possible" if any(row["n"] is None for row in rows) else "count_given")),
    ]  # fmt: skip
    return x.flow(drawing, y, entries)


def _possible(row: Row, seen: View, most: int) -> str:
    return ", ".join(numbers.share(k, n, seen.lang) for k, n in pairs(row)[:most])


def _caption(seen: View, rows: Sequence[Row]) -> Caption:
    period = seen.release.settings.period
    facts = {"period": numbers.date(period, seen.lang) if period else seen.say("period_unstated")}
    said = seen.say("then").join(
        seen.say("published_said", what=_said(row, seen), place=seen.place(row["place"]),
                 value=numbers.percent(row["value"], seen.lang),
                 counts=_possible(row, seen, SHOWN) or seen.say("no_count"))
        for row in rows
    )  # fmt: skip
    subtitle = seen.say("published_subtitle", **facts)
    return Caption(_title(rows, seen), subtitle, seen.say("published_alt", said=said), seen.coded)


def _title(rows: Sequence[Row], seen: View) -> str:
    """What is not known about the published shares: of how many people they are."""
    silent = [row for row in rows if row["n"] is None]
    if not silent:
        return seen.say("published_title_known")
    if len(rows) > 1:
        return seen.say("published_title_none" if len(silent) == len(rows) else "published_title_some")
    counts = pairs(rows[0])
    facts = {"what": _said(rows[0], seen), "place": seen.place(rows[0]["place"])}
    facts["value"] = numbers.percent(rows[0]["value"], seen.lang)
    if len(counts) < 2:
        return seen.say("published_title_none_one", **facts)
    first, last = (numbers.share(*pair, seen.lang) for pair in (counts[0], counts[-1]))
    return seen.say("published_title_one", **facts, first=first, last=last)
