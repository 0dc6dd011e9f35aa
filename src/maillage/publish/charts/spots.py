"""Hot spots of recorded violence: second-level areas by how they came to be, those beyond chance with a thick edge."""

from collections.abc import Mapping, Sequence

from shapely.geometry.base import BaseGeometry

from maillage.blocks import Cell, Figure, Number
from maillage.publish import cells, mapping, wording
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release
from maillage.publish.mapping import Entry
from maillage.publish.svg import HATCH, Canvas, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, figure, view, words

LEVEL = 0.05
HEADS = ("place", "z", "p", "pattern", "trend", "trend_p", "first")
FILLS: Mapping[str, str] = {"hot": "r4", "cold": "c1", "none": "paper"}


def hot_spots(release: Release, lang: str) -> Figure | None:
    """One map of second-level areas; None where the release has no Gi* of them."""
    seen = view(release, lang)
    rows = seen.rows("hot_spots")
    shapes = {code: shape for code, shape in sorted(release.outlines.items()) if seen.levels.get(code) == "admin2"}
    z = {row["place"]: row for row in rows if not row["id"].endswith("/p") and row["place"] in shapes}
    if not z:
        return None
    p = {row["place"]: row for row in rows if row["id"].endswith("/p")}
    patterns = {row["place"]: row for row in seen.rows("emerging") if not row["id"].endswith("/p")}
    beyond = sorted(place for place, row in z.items() if _beyond(row, p.get(place)))
    drawing = canvas("hot_spots", 10, t.WIDE)
    _draw(drawing, seen, shapes, patterns, beyond)
    return figure("hot_spots", drawing, _caption(seen, z, patterns, beyond),
                  columns=[seen.say(f"spots_{head}") for head in HEADS],
                  rows=_rows(seen, z, p, patterns))  # fmt: skip


def _beyond(z: Row, p: Row | None) -> bool:
    """Whether an area is hot beyond chance."""
    known = z["status"] == "ok" and p is not None and p["status"] == "ok"
    return known and p is not None and z["value"] > 0 and p["value"] <= LEVEL


def _sign(row: Row | None) -> str:
    return str(row["answer"] or "none").partition("_")[0] if row is not None else "none"


def _draw(
    drawing: Canvas, seen: View, shapes: Mapping[str, BaseGeometry], patterns: Mapping[str, Row], beyond: Sequence[str]
) -> None:
    frame = mapping.country_frame(shapes, drawing.wide, 0.03)
    drawn = mapping.shaped(shapes, frame)

    def fill(code: str) -> str:
        row = patterns.get(code)
        return HATCH if row is None or row["status"] != "ok" else FILLS[_sign(row)]

    mapping.ground(drawing, frame, rivers=False)
    mapping.painted(drawing, drawn, fill)
    mapping.water(drawing, frame)
    thick = [shape for shape in drawn if shape.code in beyond]
    for shape in thick:
        drawing.curve(shape.path, "ink", 2.4)
    named = [shape for shape in drawn if shape.code in beyond or fill(shape.code) not in ("paper", HATCH)]
    drawing.high = frame.high
    mapping.names(drawing, frame, named, seen, {})
    mapping.neighbours(drawing, frame, seen)
    entries = [Entry(seen.say(f"spots_key_{sign}"), FILLS[sign]) for sign in ("hot", "cold", "none")
               if any(fill(shape.code) == FILLS[sign] for shape in drawn)]  # fmt: skip
    entries += [Entry(seen.say("no_data"), HATCH)] if any(fill(shape.code) == HATCH for shape in drawn) else []
    top = frame.high + 22
    y = mapping.legend(drawing, 0, top, entries, title=seen.say("spots_legend"), wide=drawing.wide)
    if thick:
        drawing.line((0, y - 4, 20, y - 4), "ink", 2.4)
        y = drawing.lines(28, y, wrap(seen.say("spots_key_beyond"), drawing.wide - 30, mapping.KEY.size), mapping.KEY)
    drawing.high = t.note(drawing, y, seen.say("floor_note")) + 6


def _caption(seen: View, z: Mapping[str, Row], patterns: Mapping[str, Row], beyond: Sequence[str]) -> Caption:
    any_row = next(iter(z.values()))
    span = next((row["period"] for row in patterns.values() if row["period"]), any_row["period"])
    first, _, last = str(span).partition("/")
    hot = sorted(place for place, row in patterns.items() if _sign(row) == "hot")
    facts = {"year": any_row["period"], "first": first, "last": last or first, "areas": seen.number(any_row["n"], 0)}
    key = "spots_title" if beyond else "spots_title_none"
    said = seen.places(hot) if hot else seen.say("spots_nowhere")
    alt = seen.say("spots_alt", hot=said, beyond=seen.places(beyond) if beyond else seen.say("spots_nowhere"), **facts)
    card = next((card for card in seen.release.cards if card.kind == "events"), None)
    return Caption(seen.say(key, places=seen.places(beyond), **facts), seen.say("spots_subtitle", **facts), alt,
                   t.source_line(seen, card, str(last or first)))  # fmt: skip


def _rows(seen: View, z: Mapping[str, Row], p: Mapping[str, Row], patterns: Mapping[str, Row]) -> list[Sequence[Cell]]:
    trend_p = {row["place"]: row for row in seen.rows("emerging") if row["id"].endswith("/p")}
    order = sorted(z, key=lambda place: (_sign(patterns.get(place)) == "none", -(z[place]["value"] or 0), place))
    return [
        [words(seen.place(place)), cells.bare(z[place], seen.labels), cells.bare(p.get(place), seen.labels),
         words(capital(wording.answer(patterns[place], seen.labels)) if place in patterns else ""),
         cells.bare(patterns.get(place), seen.labels), cells.bare(trend_p.get(place), seen.labels), _first(place, seen)]
        for place in order
    ]  # fmt: skip


def _first(place: str, seen: View) -> Cell:
    """`2012: 3`, the first year with events and how many."""
    row = next(iter(seen.rows("first_activity", place=place, status="ok")), None)
    if row is None:
        return words(seen.say("none_recorded"))
    text = seen.say("spots_first_year", year=row["period"], count=seen.number(row["value"], 0))
    return (Number(row["id"], text, row["value"]),)
