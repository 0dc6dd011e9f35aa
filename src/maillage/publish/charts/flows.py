"""Legs of flows on maps, one a good: who names them, how many independently, never how much and never whose."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.estimate import UNSTATED
from maillage.publish import mapping
from maillage.publish.charts import arrows as a
from maillage.publish.charts import claims
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.charts import ranges as r
from maillage.publish.charts.ground import Ground, ground
from maillage.publish.gate import Release
from maillage.publish.projection import drawn
from maillage.publish.svg import Box, Canvas, Style, px, text_box
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME = "flows_map"
TOLD, COMPOSED, RING = "told", "composed", 7.5  # kinds of routes; px
NAMED = 4  # origins and destinations a title lists at most
MAPS, GAP = 6, 20.0  # goods with a map of their own at most, the others stand in the table; px between two maps
END = Style(size=13, weight=600, halo=True)
Goods = Mapping[str, Sequence[Row]]


def flows_map(release: Release, lang: str) -> Figure | None:
    """One map a good with its legs; None where there is no outline or no leg may be shown."""
    seen = view(release, lang)
    rows, shapes = seen.rows("flows", status="ok"), mapping.regions(seen)
    if not rows or not shapes:
        return None
    goods = _goods(rows)
    columns = 1 if len(goods) <= 2 else 2
    drawing = canvas(NAME, 10, columns * (r.WIDE + GAP) - GAP)
    frame = mapping.country_frame(shapes, r.WIDE, 0.05)
    y, off = 0.0, False
    for order, (good, legs) in enumerate(list(goods.items())[:MAPS]):
        left, top = (order % columns) * (r.WIDE + GAP), (order // columns) * (frame.high + 38)
        x.section(drawing, left, top, seen.code("goods", good))
        found = ground(seen, replace(frame, left=left, top=top + 22), [_ends(row) for row in legs])
        y, off = _map(drawing, seen, found, legs, _through(seen, good)) + 12, off or bool(found.outside)
    drawing.high = _legend(drawing, seen, y, rows, off=off) + 10
    heads = [seen.say(f"column_{name}") for name in ("good", "from", "to", "said")]
    table = [_cells(row, seen) for legs in goods.values() for row in legs]
    return figure(NAME, drawing, _caption(seen, goods), columns=heads, rows=table)


def _goods(rows: Iterable[Row]) -> Goods:
    """Legs by good, the good with most legs first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["good"], []).append(row)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _through(seen: View, good: str) -> Mapping[str, str]:
    """Places where legs of a good meet in a route -> whether a source tells it whole or this study composed it."""
    found: dict[str, str] = {}
    for route in seen.release.routes.iter_rows(named=True):
        for place in route["via"] or () if route["good"] == good else ():
            found[place] = TOLD if TOLD in (route["kind"], found.get(place)) else route["kind"]
    return found


def _map(drawing: Canvas, seen: View, found: Ground, legs: Sequence[Row], through: Mapping[str, str]) -> float:
    """Areas, arrows, where legs meet, and names of one good; returns the y below."""
    _areas(drawing, seen, found)
    taken: list[Box] = []
    arrows = [a.Arrow(found.at[row["place"]], found.at[row["to"]], row["clusters"], row["reason"] == "alleged")
              for row in legs]  # fmt: skip
    for arrow in a.apart(arrows):
        taken += a.draw(drawing, arrow)
    reached = {row["to"] for row in legs}
    for code, (left, middle) in found.at.items():
        if code in found.outside:
            _beyond(drawing, (left, middle), found.outward(code), out=code in reached)
        else:
            drawing.dot(left, middle, 3.6, "ink")
        if code in through:
            _ring(drawing, (left, middle), through[code])
        taken.append((left - 5, middle - 5, left + 5, middle + 5))
    for code in sorted(found.at, key=lambda code: code not in found.outside):
        taken.append(_name(drawing, found, code, _called(seen, code, legs, found), taken))
    frame = found.frame
    below = frame.top + frame.high
    drawing.frame((frame.left + 0.5, frame.top, frame.left + frame.wide - 0.5, below), "line")
    return below


def _called(seen: View, code: str, legs: Sequence[Row], found: Ground) -> str:
    """The name of an end; of one beyond the frame with the way there, so that it names no place that the map shows."""
    if code not in found.outside or code == UNSTATED:
        return seen.place(code)
    to, start = (code in {row[end] for row in legs} for end in ("to", "place"))
    return seen.say("flows_beyond_" + ("both" if to and start else "to" if to else "from"), place=seen.place(code))


def _beyond(drawing: Canvas, at: a.Point, way: a.Point, *, out: bool) -> None:
    """A triangle at the edge that leads off the map, or from beyond it on to the map."""
    tip, foot = (7.0, -2.0) if out else (-2.0, 7.0)
    middle = at[0] + way[0] * foot, at[1] + way[1] * foot
    corners = [(at[0] + way[0] * tip, at[1] + way[1] * tip),
               *((middle[0] + side * way[1], middle[1] + side * way[0]) for side in (5.0, -5.0))]  # fmt: skip
    drawing.path("M" + "L".join(f"{px(left)} {px(top)}" for left, top in corners) + "Z", "ink")


def _ring(drawing: Canvas, at: a.Point, kind: str) -> None:
    """Around a place where legs meet: whole where a source tells the route through it, dotted where none does."""
    drawing.curve(m.outline(m.Form(), *at, RING), "ink", 1.5, "" if kind == TOLD else "1.6 2")


def _areas(drawing: Canvas, seen: View, found: Ground) -> None:
    """Land in pale tones; what a statement names is shaded as the area it is."""
    shapes = mapping.shaped(mapping.regions(seen), found.frame)
    mapping.ground(drawing, found.frame, rivers=False)
    mapping.painted(drawing, shapes, lambda code: "r2" if code in found.areas else "soft")
    for code, area in found.areas.items():
        if code not in {shape.code for shape in shapes}:
            drawing.path(drawn(area, found.frame), "r2", edge=1)
    mapping.water(drawing, found.frame)
    for shape in shapes:
        drawing.curve(shape.path, "line", 0.6)


def _name(drawing: Canvas, found: Ground, code: str, text: str, taken: Sequence[Box]) -> Box:
    """The name of an end at the nearest free spot: free of arrows if it can be, of other names in any case."""
    left, middle = found.at[code]
    spots = [(left + side * far, middle + 4.5 + rise, anchor) for side, anchor in ((1, "start"), (-1, "end"))
             for far in range(0, 31, 5) for rise in range(-36, 37, 6) if far >= 8 or abs(rise) >= 12]  # fmt: skip
    spots.sort(key=lambda spot: abs(spot[0] - left) + abs(spot[1] - middle - 4.5))
    boxes = [text_box(*spot[:2], text, Style(END.size, END.weight, spot[2])) for spot in spots]
    full = ([*taken, *drawing.boxes], drawing.boxes)
    free = (spot for others in full for spot, box in zip(spots, boxes, strict=True) if found.clear(box, others))
    across, down, anchor = next(free, spots[0])
    return drawing.text(across, down, text, Style(END.size, END.weight, anchor, halo=True))


def _legend(drawing: Canvas, seen: View, y: float, rows: Sequence[Row], *, off: bool) -> float:
    """Widths that occur, ends on and off the map, what a leg does not say; returns the y below."""
    counts = [row["clusters"] for row in rows]
    entries: list[x.Entry] = [
        (_sample(drawing, least), seen.say(f"flows_class_{least}"))
        for least, wide in a.CLASSES
        if any(a.Arrow((0, 0), (9, 0), count).thick == wide for count in counts if count is not None)
    ]
    if None in counts:
        entries.append((_sample(drawing, None), seen.say("flows_class_unsaid")))
    if any(row["reason"] == "alleged" and not a.lone(row["clusters"]) for row in rows):
        entries.append((_sample(drawing, 1), seen.say("flows_alleged")))
    entries.append((lambda left, top: drawing.rect((left, top - 7, left + 20, top + 6), "r2"), seen.say("flows_area")))
    if off:
        entries.append((lambda left, top: _beyond(drawing, (left + 8, top), (1, 0), out=True), seen.say("flows_off")))
    entries += [(_met(drawing, kind), seen.say(f"flows_{kind}_through"))
                for kind in (TOLD, COMPOSED) if kind in _kinds(seen, rows)]  # fmt: skip
    y = x.flow(drawing, y, entries)
    y = x.note(drawing, y, seen.say("flows_note"))
    if len({row["good"] for row in rows}) > MAPS:
        y = x.note(drawing, y, seen.say("ranges_more"))
    y = x.note(drawing, y, seen.say("flows_composed")) if COMPOSED in _kinds(seen, rows) else y
    hidden = {row["good"] for row in seen.rows("flows", status="withheld") if row["good"]}
    return x.note(drawing, y, seen.say("flows_withheld", goods=_items(hidden, seen))) if hidden else y


def _sample(drawing: Canvas, count: int | None) -> Callable[[float, float], None]:
    def symbol(left: float, top: float) -> None:
        thick = a.Arrow((0, 0), (9, 0), count).thick
        drawing.line((left, top, left + 20, top), "accent", thick, a.DASH if a.lone(count) else "")

    return symbol


def _kinds(seen: View, rows: Sequence[Row]) -> set[str]:
    """The kinds of routes in which legs of the maps drawn meet."""
    goods = list(_goods(rows))[:MAPS]
    return {kind for good in goods for kind in _through(seen, good).values()}


def _met(drawing: Canvas, kind: str) -> Callable[[float, float], None]:
    def symbol(left: float, top: float) -> None:
        drawing.dot(left + 10, top, 3.6, "ink")
        _ring(drawing, (left + 10, top), kind)

    return symbol


def _ends(row: Row) -> tuple[str, str]:
    return row["place"], row["to"]


def _items(goods: Iterable[str], seen: View) -> str:
    return numbers.listed((seen.labels.code("goods", good) for good in goods), seen.lang)


def _cells(row: Row, seen: View) -> list[Cell]:
    return [
        words(seen.code("goods", row["good"])),
        words(capital(seen.place(row["place"]))),
        words(capital(seen.place(row["to"]))),
        cell(row, seen, _stated(row, seen)),
    ]


def _stated(row: Row, seen: View) -> str:
    """By how many independent sources a leg is named, and whether it is only alleged."""
    parts = [r.voices(row, seen) or seen.say("flows_class_unsaid")]
    parts += [seen.say(f"flows_{row['reason']}")] if row["reason"] in ("alleged", "partly_alleged") else []
    return ", ".join(parts)


def _caption(seen: View, goods: Goods) -> Caption:
    rows = [row for legs in goods.values() for row in legs]
    said = seen.say("then").join(
        seen.say("flows_said", good=seen.labels.code("goods", row["good"]), start=seen.place(row["place"]),
                 end=seen.place(row["to"]), voices=_stated(row, seen))
        for row in rows
    )  # fmt: skip
    period = seen.release.settings.period
    facts = {"period": numbers.date(period, seen.lang) if period else seen.say("period_unstated"), "n": len(rows)}
    facts["width"] = seen.say("flows_width") if len(_widths(rows)) > 1 else ""
    subtitle = seen.say("flows_subtitle" if len(rows) > 1 else "flows_subtitle_one", **facts)
    return Caption(_title(seen, goods), subtitle, seen.say("flows_alt", said=said), seen.coded)


def _widths(rows: Sequence[Row]) -> set[float]:
    """The widths in which some legs are drawn."""
    return {a.Arrow((0, 0), (9, 0), row["clusters"]).thick for row in rows}


def _title_best(seen: View, best: Sequence[Row]) -> str:
    """The leg that most independent sources name, or those that as many name."""
    count = seen.number(best[0]["clusters"], 0)
    if len(best) == 1:
        facts = {"start": seen.place(best[0]["place"]), "end": seen.place(best[0]["to"])}
        return seen.say("flows_title", good=seen.code("goods", best[0]["good"]), n=count, **facts)
    legs = [seen.say("flows_leg", good=seen.labels.code("goods", row["good"]), start=seen.place(row["place"]),
                     end=seen.place(row["to"])) for row in best]  # fmt: skip
    return seen.say("flows_title_most", n=count, legs=seen.say("then").join(legs))


def _title(seen: View, goods: Goods) -> str:
    """The leg with most independent sources; where each has one, from where to where the good with most legs goes."""
    rows = [row for legs in goods.values() for row in legs]
    found = claims.lead({row["id"]: row["clusters"] or 0 for row in rows})
    if found.count > 1:
        return _title_best(seen, [row for row in rows if row["id"] in found.first])
    good, legs = next(iter(goods.items()))
    reached = {row["to"] for row in legs}
    starts = {row["place"] for row in legs if row["place"] not in reached} or {row["place"] for row in legs}
    ends = {row["to"] for row in legs if row["place"] in starts}
    key = "flows_title_single" if all(a.lone(row["clusters"]) for row in rows) else "flows_title_unsaid"
    if max(len(starts), len(ends)) > NAMED:
        return seen.say(
            "flows_title_many", good=seen.code("goods", good), n=len(legs), starts=len(starts), ends=len(ends)
        )
    return seen.say(key, good=seen.code("goods", good), starts=seen.places(starts), ends=seen.places(ends))
