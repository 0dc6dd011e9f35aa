"""Ranks by an index with their bounds, sorted; areas that cannot be told apart are bracketed, too old ones hollow."""

from collections.abc import Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.publish import index_words, rates
from maillage.publish.charts import row_legend
from maillage.publish.charts import timeline as t
from maillage.publish.svg import HATCH, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, words

LABEL, RIGHT, HIGH = 128.0, 108.0, 30.0
TOLD = 0.9  # share of the draws from which on one stands above another
OLD = "older_than_max_age"
DOUBTS = ("data", "weights", "methods")
VALUE = Style(size=14, anchor="end")
MIDDLE = Style(size=14, colour="muted", anchor="middle", tick=True)


def ranks(seen: View, index: str, node: str, units: Sequence[str]) -> Figure | None:
    """The rank chart of a node of an index; None where the release has no ranks of it. `units`: all areas scored."""
    found = sorted(
        (row for row in seen.rows("rank", answer=node, status="ok") if "@" not in row["id"]),
        key=lambda row: (row["value"], seen.place(row["place"])),
    )
    if not found:
        return None
    missing = [unit for unit in units if unit not in {row["place"] for row in found}]
    name = f"index_ranks_{node}"
    drawing = canvas(name, 10, t.WIDE)
    groups = tiers(seen, node, found)
    _draw(drawing, seen, found, groups, missing)
    heads = [seen.say("column_place"), *(seen.say(f"index_{name}") for name in ("rank", "score", *DOUBTS))]
    rows = [_table_row(seen, index, node, row) for row in found]
    rows += [[words(seen.place(unit)), *[words(seen.say("no_data"))] * (len(heads) - 1)] for unit in missing]
    return figure(name, drawing, _caption(seen, index, node, found, groups, missing), columns=heads, rows=rows)


def tiers(seen: View, node: str, found: Sequence[Row]) -> list[list[Row]]:
    """Areas in the order of their ranks, cut where all of a group stand above the next in nine draws of ten."""
    shares = orders(seen, node)
    groups: list[list[Row]] = [[found[0]]]
    for other in found[1:]:
        if all(shares.get((one["place"], other["place"]), 0.0) >= TOLD for one in groups[-1]):
            groups.append([other])
        else:
            groups[-1].append(other)
    return groups


def orders(seen: View, node: str) -> Mapping[tuple[str, str], float]:
    """Two areas -> share of the draws in which the first stands above the second."""
    rows = seen.rows("rank_order", answer=node, status="ok")
    pairs = ((row["id"].rpartition("/")[2].split("~"), row["value"]) for row in rows)
    return {(first, second): value for (first, second), value in pairs}


def _draw(
    drawing: Canvas, seen: View, found: Sequence[Row], groups: Sequence[Sequence[Row]], missing: Sequence[str]
) -> None:
    count, left, right = len(found), LABEL, drawing.wide - RIGHT
    step = (right - left) / count
    y = 24.0
    foot = y + HIGH * len(found)
    for rank in range(1, count + 1):
        drawing.line((left + step * (rank - 0.5), y, left + step * (rank - 0.5), foot), "grid")
        drawing.text(left + step * (rank - 0.5), 14, seen.number(rank), MIDDLE)
    for group in groups:
        if len(group) > 1:
            drawing.curve(f"M{left - 5} {y + 6}H{left - 9}V{y + HIGH * len(group) - 6}H{left - 5}", "line", 1.4)
        for row in group:
            _line(drawing, seen, row, y + HIGH / 2, left - step / 2, step)
            y += HIGH
    for unit in missing:
        _name(drawing, seen.place(unit), y + HIGH / 2)
        drawing.hatched((left, y + 5, right, y + HIGH - 5))
        drawing.text(drawing.wide, y + HIGH / 2 + 5, seen.say("no_data"), Style(size=14, anchor="end", colour="muted"))
        y += HIGH
    drawing.high = _legend(drawing, seen, y + 8, found, groups, missing) + 6


def _line(drawing: Canvas, seen: View, row: Row, middle: float, zero: float, step: float) -> None:
    """Name, bounds as a line with ends, the rank as a dot (hollow where too old), ranks in words."""
    old = row["reason"] == OLD
    colour = "c5" if old else "accent"
    low, high = zero + step * row["low"], zero + step * row["high"]
    _name(drawing, seen.place(row["place"]), middle)
    drawing.line((low, middle, high, middle), colour, 1.6)
    for end in (low, high):
        drawing.line((end, middle - 4, end, middle + 4), colour, 1.6)
    drawing.dot(zero + step * row["value"], middle, 5.5, "paper")
    drawing.dot(zero + step * row["value"], middle, 5.5, colour, hollow=old)
    drawing.text(drawing.wide, middle + 5, span(row, seen), VALUE)


def _name(drawing: Canvas, name: str, middle: float) -> None:
    lines = wrap(name, LABEL - 14, t.TEXT.size)
    drawing.lines(0, middle + 5 - 9 * (len(lines) - 1), lines, t.TEXT)


def span(row: Row, seen: View) -> str:
    """`1 to 4`, or the one rank."""
    low, high = (seen.number(row[name], 0) for name in ("low", "high"))
    return low if low == high else seen.say("index_span", low=low, high=high)


def _legend(
    drawing: Canvas, seen: View, y: float, found: Sequence[Row], groups: Sequence[Sequence[Row]], missing: Sequence[str]
) -> float:
    wanted = [("old" if old else "dot", seen.say("index_dot_old" if old else "index_dot"))
              for old in (False, True) if any((row["reason"] == OLD) is old for row in found)]  # fmt: skip
    wanted.append(("range", seen.say("index_range")))
    wanted += [("bracket", seen.say("index_bracket"))] if any(len(group) > 1 for group in groups) else []
    wanted += [(HATCH, seen.say("index_missing"))] if missing else []
    return row_legend.legend(drawing, y, wanted)


def _table_row(seen: View, index: str, node: str, row: Row) -> Sequence[Cell]:
    ident = f"{index}/{row['place']}" + ("" if node == index else f"/{node}")
    score = next((one for one in seen.rows(index) if one["id"] == ident), None)
    doubts = {one["id"].partition("@")[2]: one for one in seen.rows("rank", answer=node, place=row["place"])}
    shown = f"{seen.number(row['value'], 0)} ({span(row, seen)})"
    said = (
        cell(score, seen, index_words.say(score, seen.labels))
        if score and score["status"] == "ok"
        else cell(None, seen)
    )
    cells = [cell(doubts[name], seen, span(doubts[name], seen)) if name in doubts else words(seen.say("indicator_none"))
             for name in DOUBTS]  # fmt: skip
    return [words(seen.place(row["place"])), cell(row, seen, shown), said, *cells]


def _sided(seen: View, index: str) -> str:
    """The end of the keys of phrases that say whether much of an index is bad or good."""
    side = seen.release.pack.indices[index].get("more_is")
    return f"_{side}" if side else ""


def _caption(
    seen: View, index: str, node: str, found: Sequence[Row], groups: Sequence[Sequence[Row]], missing: Sequence[str]
) -> Caption:
    what, side = index_words.node(node, seen.labels), _sided(seen, index)
    said = seen.say("then").join(
        seen.say("pair", first=seen.place(row["place"]), second=f"{seen.number(row['value'], 0)} ({span(row, seen)})")
        for row in found
    )
    gap = seen.say("indicator_missing", places=seen.places(missing)) if missing else ""
    periods = sorted({row["period"] for row in found if row["period"]})
    state = numbers.items([numbers.date(period, seen.lang) for period in periods], seen.lang)
    subtitle = seen.say("index_ranks_subtitle" if state else "index_ranks_subtitle_bare", what=what, state=state,
                       end=seen.say(f"index_end{side}"))  # fmt: skip
    aged = max((row["age_months"] or 0 for row in found), default=0)
    if any(row["reason"] == OLD for row in found):
        subtitle = f"{subtitle} {seen.say('index_aged', months=seen.number(aged))}"
    subtitle = " ".join(filter(None, [subtitle, rates.told(seen, index, node)]))
    title = _title(seen, what, groups, side)
    if any(row["reason"] == OLD for row in found):
        title = seen.say("index_title_old", title=title)
    return Caption(title, subtitle, seen.say("index_ranks_alt", said=said, gap=gap),
                   seen.say("index_source"))  # fmt: skip


def _title(seen: View, what: str, groups: Sequence[Sequence[Row]], side: str) -> str:
    """Who stands above the others, and whether that is good or bad; or that nobody does."""
    what = capital(what)
    first, last = (seen.places(row["place"] for row in groups[at]) for at in (0, -1))
    if len(groups) == 1:
        return seen.say("index_title_alike", what=what)
    key = "index_title" if len(groups[0]) == 1 else "index_title_several"
    return seen.say(f"{key}{side}", what=what, first=first, last=last)
