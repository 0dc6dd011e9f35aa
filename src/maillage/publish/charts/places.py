"""Areas with recorded violence year by year: new, kept, back again, lost; and in how many anybody was interviewed."""

from collections.abc import Mapping

from maillage import numbers
from maillage.blocks import Figure
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release
from maillage.publish.svg import HATCH, Canvas, Style
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

TALL, OVER, SIDE = 120.0, 20.0, 26.0  # px of the highest column, of the number over it, of the numbers of the scale
STACKED = (("kept", "r2"), ("back", "r4"), ("new", "accent"))  # from the base upwards
LOST, BEGUN = ("lost", "c2"), "c5"
PARTS = ("new", "kept", "back", "lost")
Years = Mapping[int, Mapping[str, Row]]


def new_places(release: Release, lang: str) -> Figure | None:
    """Second-level areas by year: those with their first event on top, those without events any more below the line."""
    seen = view(release, lang)
    years: dict[int, dict[str, Row]] = {}
    for row in seen.rows("new_places", place="ALL", status="ok"):
        years.setdefault(int(row["period"]), {})[row["answer"]] = row
    years = {year: parts for year, parts in years.items() if "new" in parts}
    if not years:
        return None
    card = next((card for card in release.cards if card.kind == "events"), None)
    known = t.covered(card, [parts["new"] for parts in years.values()])
    drawing = canvas("new_places", 10, t.WIDE)
    _draw(drawing, seen, years, known=known, span=(min(years), max(known[1], t.study_end(seen))))
    facts = {"span": t.span(seen, min(years), known[1])}
    said = numbers.items([seen.say("pair", first=year, second=seen.number(parts["new"]["value"]))
                          for year, parts in years.items()], lang)  # fmt: skip
    columns = [capital(seen.say("time_year")), *(capital(seen.say(f"places_{part}")) for part in PARTS)]
    heard = any("heard" in parts for parts in years.values())
    return figure(
        "new_places", drawing,
        Caption(_title(seen, years, known[1]), seen.say("new_places_subtitle", **facts),
                seen.say("new_places_alt", said=said, **facts), t.source_line(seen, card, str(known[1]))),
        columns=[*columns, *([seen.say("places_heard")] if heard else [])],
        rows=[[words(str(year)), *(cell(years.get(year, {}).get(part), seen) if year in years
                                   else words(seen.say("none_recorded")) for part in PARTS),
               *([cell(years[year].get("heard"), seen) if year in years else words("")] if heard else [])]
              for year in range(min(years), known[1] + 1)],
    )  # fmt: skip


def _draw(drawing: Canvas, seen: View, years: Years, *, known: t.Steps, span: t.Steps) -> None:
    axis = t.Axis(*span, SIDE, drawing.wide)
    most = max(1.0, *(sum(_value(parts, name) for name, _ in STACKED) for parts in years.values()))
    px = TALL / most
    base = 10 + OVER + TALL
    foot = base + px * max(_value(parts, LOST[0]) for parts in years.values())
    t.ground(drawing, axis, t.Strip(10, foot, most), known)
    _scale(drawing, axis, base=base, px=px, most=most)
    for year, parts in sorted(years.items()):
        _column(drawing, seen, axis, year, parts, base=base, px=px)
    drawing.line((axis.left, base, axis.right, base), "ink", 1)
    t.ends(drawing, axis, foot + 18, known, {year: str(year) for year in range(span[0], span[1] + 1)})
    begun = [year for year, parts in years.items() if parts["new"]["reason"] == "first_year"]
    names = {"new": "new_over"}  # a number stands over its bar
    entries = [(role, seen.say(f"places_{names.get(name, name)}")) for name, role in reversed(STACKED)]
    entries.append((LOST[1], seen.say("places_lost_below")))
    entries += [(BEGUN, seen.say("new_places_begun", year=year, covered=_covered(seen, year))) for year in begun]
    entries += [("soft", seen.say("time_covered"))]
    if span[1] > known[1]:
        entries.append((HATCH, seen.say("time_no_data", last=known[1])))
    text = " ".join([_heard(seen, years), seen.say("floor_note")])
    drawing.high = t.note(drawing, t.key(drawing, foot + 26, entries) + 4, text) + 6


def _covered(seen: View, year: int) -> str:
    """From when on the data cover, where that is before the first event."""
    card = next((card for card in seen.release.cards if card.kind == "events"), None)
    first = card.coverage[0][:4] if card is not None and card.coverage else ""
    return seen.say("new_places_covered", first=first) if first and first < str(year) else ""


def _scale(drawing: Canvas, axis: t.Axis, *, base: float, px: float, most: float) -> None:
    """Round numbers of areas on the left, with a thin line each."""
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if most / size <= 5)
    for value in range(0, int(most) + 1, step):
        y = base - px * value
        drawing.line((axis.left, y, axis.right, y), "grid")
        drawing.text(axis.left - 5, y + 5, str(value), Style(size=t.TICK.size, colour="muted", anchor="end", tick=True))


def _column(
    drawing: Canvas, seen: View, axis: t.Axis, year: int, parts: Mapping[str, Row], *, base: float, px: float
) -> None:
    left, right, y = axis.at(year) + 0.8, axis.at(year) + axis.step - 0.8, base
    for name, role in STACKED:
        value = _value(parts, name)
        if value:
            begun = name == "new" and parts["new"]["reason"] == "first_year"
            drawing.rect((left, y - px * value, right, y), BEGUN if begun else role)
            y -= px * value
    if lost := _value(parts, LOST[0]):
        drawing.rect((left, base, right, base + px * lost), LOST[1])
    if new := _value(parts, "new"):
        style = Style(size=t.TICK.size, anchor="middle", halo=True)
        drawing.text((left + right) / 2, y - 4, seen.number(new), style)


def _value(parts: Mapping[str, Row], name: str) -> float:
    return parts[name]["value"] if name in parts else 0.0


def _heard(seen: View, years: Years) -> str:
    """In how many areas people were interviewed, year by year; or that the study cannot tell new from newly seen."""
    rows = [(year, parts["heard"]) for year, parts in sorted(years.items()) if "heard" in parts]
    if not rows:
        return seen.say("places_heard_nobody")
    said = seen.say("then").join(
        seen.say("pair", first=year, second=seen.number(row["value"])) for year, row in rows
    )  # fmt: skip
    return seen.say("places_heard_in", said=said)


def _title(seen: View, years: Years, last: int) -> str:
    """For how many years on end, up to the last one covered, there were new areas."""
    start = last + 1
    while start - 1 in years and _fresh(years[start - 1]["new"]):
        start -= 1
    if start > last:
        return seen.say("new_places_title_none", last=last)
    return seen.say("new_places_title_one" if start == last else "new_places_title_run", first=start, last=last)


def _fresh(row: Row) -> bool:
    return bool(row["value"]) and row["reason"] != "first_year"
