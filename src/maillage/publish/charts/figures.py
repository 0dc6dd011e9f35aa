"""Quantities that others published: one small panel a quantity, values side by side, contradictions kept apart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.publish import wording
from maillage.publish.charts import matrix as x
from maillage.publish.charts import ranges as r
from maillage.publish.gate import Release
from maillage.publish.nesting import distinct
from maillage.publish.svg import PLAIN, STRONG, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME = "figures"
LABEL, PLOT, LINE = 138.0, 112.0, 17
SHOWN = 18  # values drawn at most; the table has all
CONTRADICTION = "contradiction"
VALUE = Style(weight=600, anchor="end")
Quantity = tuple[str, str | None, str | None, str | None, str | None]  # what, place, unit, base, period of reference


@dataclass(frozen=True, slots=True)
class Value:
    """One line of a panel. `voice`: who says it, where sources contradict each other; `whole`: the row they are of."""

    row: Row
    voice: str = ""
    whole: Row | None = None

    @property
    def told(self) -> Row:
        """The row that says where and when."""
        return self.whole or self.row


Panel = Sequence[Value]


def figures(release: Release, lang: str) -> Figure | None:
    """One panel a quantity and unit of which there are several values; None where nothing is published."""
    seen = view(release, lang)
    panels = _panels(distinct("figures", seen), seen)
    if not panels:
        return None
    drawing = canvas(NAME, 10, r.WIDE)
    y, drawn = 0.0, _most(panels)
    for panel in drawn:
        y = _draw(drawing, seen, y, panel) + 12
    y = r.legend(drawing, y, seen, [value.row for panel in drawn for value in panel])
    y = x.note(drawing, y, seen.say("figures_note"))
    drawing.high = y + 10
    heads = [seen.say(f"column_{name}") for name in ("quantity", "where", "when", "value", "meaning", "said")]
    rows = [_cells(value, seen) for panel in panels for value in panel]
    return figure(NAME, drawing, _caption(seen, panels, drawn), columns=heads, rows=rows)


def _panels(rows: Sequence[Row], seen: View) -> list[Panel]:
    """Quantities of one place with several values, longest series first; where none has several, all of them.

    Places stay apart: figures of one country and of four, one after the other, would look like a growth."""
    known = [row for row in rows if r.drawable(row)]
    spoken = {voice["id"] for row in known for voice in _voices(row, known)}
    found: dict[Quantity, list[Value]] = {}
    for row in sorted(known, key=lambda row: (row["place"] or "", row["period"] or "", row["id"])):
        if row["id"] not in spoken:
            key = (row["answer"] or "", row["place"], row["unit"], row["base"], row["per"])
            found.setdefault(key, []).extend(_values(row, _voices(row, known), seen))
    several = [panel for panel in found.values() if len(panel) > 1]
    return sorted(
        several or found.values(), key=lambda panel: (-_disputed(panel), -_periods(panel), panel[0].row["id"])
    )


def _voices(row: Row, rows: Sequence[Row]) -> list[Row]:
    """The rows of the sources that contradict each other on a figure."""
    if row["reason"] != CONTRADICTION or "@" in row["id"]:
        return []
    same = [other for other in rows if other["id"].startswith(f"{row['id']}@")]
    return [other for other in same if all(other[key] == row[key] for key in ("unit", "base", "per"))]


def _values(row: Row, voices: Sequence[Row], seen: View) -> list[Value]:
    return [Value(voice, _title_of(voice, seen), row) for voice in voices] or [Value(row)]


def _title_of(voice: Row, seen: View) -> str:
    """The title of the source behind a voice, its id where the release does not name it."""
    name = voice["id"].rpartition("@")[2]
    for source in seen.release.public_sources.iter_rows(named=True):
        if name in (source["cluster"], source["id"]):
            return source["title"] or name
    return name


def _disputed(panel: Panel) -> int:
    return sum(value.told["reason"] == CONTRADICTION for value in panel)


def _periods(panel: Panel) -> int:
    return len({value.told["period"] for value in panel})


def _most(panels: Sequence[Panel]) -> list[Panel]:
    """The first panels, up to `SHOWN` values; at least one."""
    drawn: list[Panel] = []
    for panel in panels:
        if drawn and sum(map(len, drawn)) + len(panel) > SHOWN:
            break
        drawn.append(panel)
    return drawn


def _draw(drawing: Canvas, seen: View, top: float, panel: Panel) -> float:
    """The quantity with its unit, one line a value; returns the y below."""
    at = r.scale([value.row for value in panel], LABEL + 8, LABEL + PLOT - r.ARROW / 2)
    places = dict.fromkeys(seen.place(value.told["place"]) for value in panel)
    name = capital(wording.answer(panel[0].row, seen.labels))
    what = ", ".join([name, *(places if len(places) == 1 else [])])
    head = seen.say("figures_head", what=what, unit=_unit(panel[0].row, seen))
    y = drawing.lines(0, top + 14, wrap(head, drawing.wide, STRONG.size, 600), STRONG) - 10
    if at.log:
        y = x.note(drawing, y, seen.say("figures_log")) - 2
    for value in panel:
        y = _line(drawing, seen, y, at, value, names=_label(value, panel, seen))
    r.axis(drawing, at, y + 2, panel[0].row, seen, most=3)
    return y + 24


def _line(drawing: Canvas, seen: View, top: float, at: r.Scale, value: Value, *, names: Sequence[str]) -> float:
    """When and where on the left, the mark, the value in words on the right; returns the y below."""
    drawing.line((0, top + 3, drawing.wide, top + 3), "grid")
    left = [line for name in names for line in wrap(name, LABEL - 8, PLAIN.size)]
    right = wrap(r.short(value.row, seen), drawing.wide - LABEL - PLOT - 4, VALUE.size, 600)
    high = LINE * max(len(left), len(right)) + 6
    middle = top + 3 + high / 2
    for x_at, texts, style in ((0.0, left, PLAIN), (drawing.wide, right, VALUE)):
        drawing.lines(x_at, middle + 4.5 - LINE / 2 * (len(texts) - 1), texts, style)
    drawing.line((at.left, middle, at.right, middle), "grid")
    r.draw(drawing, at, middle, value.row, "c2" if value.told["reason"] == CONTRADICTION else "accent")
    return top + high


def _label(value: Value, panel: Panel, seen: View) -> list[str]:
    """Where and on which market, if the panel speaks of several, and when; who says so if sources disagree."""
    told = value.told
    parts = [seen.place(told["place"])] if len({other.told["place"] for other in panel}) > 1 else []
    if len({other.told["market"] for other in panel}) > 1 and told["market"]:
        parts.append(seen.labels.code("markets", told["market"]))
    parts.append(_when(told, seen))
    more = [value.voice] if value.voice else [seen.say("figures_disagree")] if told["reason"] == CONTRADICTION else []
    return [capital(", ".join(parts)), *more]


def _what(value: Value, seen: View) -> str:
    return capital(wording.subject(value.row, seen.rows("figures"), seen.labels))


def _unit(row: Row, seen: View) -> str:
    """The unit with its base and period of reference."""
    parts = [seen.labels.unit(row["unit"]) or seen.say("unit_unstated")]
    parts += [seen.labels.phrase("per_base", base=seen.labels.code("bases", row["base"]))] if row["base"] else []
    parts += [seen.labels.phrase("per_time", per=seen.labels.code("per", row["per"]))] if row["per"] else []
    return " ".join(parts)


def _when(row: Row, seen: View) -> str:
    return numbers.date(row["period"], seen.lang) if row["period"] else seen.say("figures_undated")


def _cells(value: Value, seen: View) -> list[Cell]:
    row, told = value.row, value.told
    who = value.voice or r.voices(row, seen)
    disagree = seen.say("figures_disagree") if told["reason"] == CONTRADICTION else ""
    return [
        words(_what(value, seen)),
        words(capital(seen.place(told["place"]))),
        words(_when(told, seen)),
        cell(row, seen, _full(row, seen)),
        words(seen.say(f"ranges_{r.meaning(row)}")),
        words(", ".join(part for part in (who, disagree) if part)),
    ]


def _caption(seen: View, panels: Sequence[Panel], drawn: Sequence[Panel]) -> Caption:
    """How many of all published figures are drawn stands in the subtitle: the table of the report has every one."""
    values = [value for panel in panels for value in panel]
    said = seen.say("then").join(_told(value, seen) for value in values)
    shown = [value for panel in drawn for value in panel]
    every, some = len(distinct("figures", seen)), {value.told["id"] for value in shown}
    key = "figures_subtitle" if len(some) == every else "figures_subtitle_some"
    subtitle = seen.say(key, n=len(some), all=seen.number(every, 0), span=_span(shown, seen))
    return Caption(_title(seen, panels), subtitle, seen.say("figures_alt", said=said), seen.coded)


def _told(value: Value, seen: View) -> str:
    told = value.told
    where = [seen.place(told["place"]), _when(told, seen), *([value.voice] if value.voice else [])]
    return seen.say("figures_said", what=_what(value, seen), where=", ".join(where), amount=_full(value.row, seen))


def _full(row: Row, seen: View) -> str:
    """The figure with its unit."""
    return wording.say(row, seen.labels, "range" if row["value"] is None else "value")


def _span(values: Iterable[Value], seen: View) -> str:
    """The years that the figures speak of."""
    years = sorted({year for value in values for year in re.findall(r"\d{4}", value.told["period"] or "")})
    if not years:
        return seen.say("period_unstated")
    return years[0] if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"


def _title(seen: View, panels: Sequence[Panel]) -> str:
    """What sources contradict each other on; else the first and last value of the longest series."""
    disputed = dict.fromkeys(wording.answer(panel[0].row, seen.labels) for panel in panels if _disputed(panel))
    if disputed:
        return seen.say("figures_title_contradiction", what=numbers.items(list(disputed), seen.lang))
    for series in map(_series, panels):
        if len(series) > 1:
            facts = {"what": _what(Value(series[0]), seen), "place": seen.place(series[0]["place"])}
            facts |= {"first": r.short(series[0], seen), "then": _when(series[0], seen)}
            facts |= {"last": _full(series[-1], seen), "now": _when(series[-1], seen)}
            return seen.say("figures_title_series", **facts)
    return seen.say("figures_title_apart")


def _series(panel: Panel) -> list[Row]:
    """Exact values of one place and market, a year or month each, in order; the longest the panel has."""
    found: dict[tuple[str, str], list[Row]] = {}
    for value in panel:
        row = value.row
        if row["value"] is not None and re.fullmatch(r"\d{4}(-\d\d)?", row["period"] or ""):
            found.setdefault((row["place"] or "", row["market"] or ""), []).append(row)
    longest = max(found.values(), key=len, default=[])
    return sorted(longest, key=lambda row: row["period"])
