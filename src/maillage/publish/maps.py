"""Maps of regions: where the evidence speaks, and recorded events year by year."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from maillage import numbers
from maillage.blocks import Figure
from maillage.publish import map_words, mapping
from maillage.publish.charts import claims
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release
from maillage.publish.mapping import Entry, Shape
from maillage.publish.projection import Frame
from maillage.publish.svg import HATCH, MUTED, STRONG, Canvas, Style, width
from maillage.publish.view import Caption, Row, View, canvas, cell, figure, view, words

RAMP = ("r1", "r2", "r3", "r4", "r5")
YEARS = 8
SMALL = Style(size=12, weight=600, anchor="middle", halo=True)
WIDE = 392.0  # px: beside the key findings on a wide screen, unscrolled on a narrow one


def classes(values: Sequence[float]) -> list[tuple[float, float]]:
    """At most five classes with whole, round bounds that hold every value; both ends belong to the class."""
    top = max(values, default=0)
    if top <= 5:
        return [(n, n) for n in range(1, int(top) + 1)]
    bounds = next(steps for steps in STEPS if steps[-1] >= top)
    lower = [1, *(bound + 1 for bound in bounds[:-1])]
    found = [(low, high) for low, high in zip(lower, bounds, strict=True) if low <= top]
    return [(low, high) for low, high in found]


STEPS = ((2, 4, 6, 8, 10), (4, 8, 12, 16, 20), (5, 10, 20, 30, 50), (10, 25, 50, 75, 100), (10, 50, 100, 150, 200),
         (10, 50, 100, 200, 500), (50, 100, 250, 500, 1000), (100, 500, 1000, 5000, 10**9))  # fmt: skip


def shade(value: float, bounds: Sequence[tuple[float, float]]) -> str:
    """The step of the ramp of a value; 0 is the colour of the paper."""
    if value <= 0:
        return "paper"
    order = next(at for at, (_, high) in enumerate(bounds) if value <= high)
    return RAMP[order if len(bounds) > 3 else min(order + 1, 4)]


def key(bounds: Sequence[tuple[float, float]], seen: View) -> list[Entry]:
    """Legend lines of the classes, values printed."""
    return [Entry(_class_words(low, high, seen), shade(high, bounds)) for low, high in bounds]


def _class_words(low: float, high: float, seen: View) -> str:
    if low == high:
        return seen.number(low, 0)
    if high >= 10**9:
        return seen.say("and_more", low=seen.number(low, 0))
    return f"{seen.number(low, 0)}\u2013{seen.number(high, 0)}"


def choropleth(
    drawing: Canvas,
    frame: Frame,
    seen: View,
    *,
    values: Mapping[str, Row],
    entries: Sequence[Entry],
    heading: str,
    withheld: Collection[str] = (),
) -> None:
    """Regions with names, values, neighbours, water and towns; under the map its legend, its scale, what is too small.

    Nothing but names stands on the map, so that a legend never hides a place.
    """
    shapes = mapping.shaped(mapping.regions(seen), frame)
    bounds = classes([row["value"] for row in values.values()])
    small = {shape.code for shape in mapping.tiny(shapes, frame)}

    def fill(code: str) -> str:
        if code in withheld:
            return "paper"
        return shade(values[code]["value"], bounds) if code in values else HATCH

    mapping.ground(drawing, frame)
    mapping.painted(drawing, shapes, fill)
    rivers = mapping.water(drawing, frame)
    drawing.high = frame.high
    found = mapping.dots(drawing, frame, seen)
    below = {code: map_words.told(seen, row) for code, row in values.items()}
    below |= {code: seen.say("cell_withheld") for code in withheld}
    large = [shape for shape in shapes if shape.code not in small]
    mapping.names(drawing, frame, large, seen, below)
    mapping.towns(drawing, found, {seen.place(shape.code) for shape in large})
    mapping.neighbours(drawing, frame, seen)
    top, middle = frame.high + 22, frame.wide * 0.55
    y = mapping.legend(drawing, 0, top, entries, title=heading, wide=middle - 12)
    mapping.scale_bar(drawing, frame, seen, (middle, top + 10))
    seats = [(shape, fill(shape.code)) for shape in shapes if shape.code in small]
    y = max(y - 6, _insets(drawing, seen, seats, below, at=(middle, top + 22)))
    places = seen.places(sorted(small))
    told = [seen.say("map_rivers")] if rivers else []
    told += [seen.say("map_towns")] if found else []
    told += [seen.say("map_enlarged", places=places)] if small else []
    drawing.high = t.note(drawing, y, " ".join(told)) + 6 if told else y


def _insets(
    drawing: Canvas,
    seen: View,
    small: Sequence[tuple[Shape, str]],
    below: Mapping[str, str],
    *,
    at: tuple[float, float],
) -> float:
    """What is too small for the map, enlarged and named; returns the y below."""
    for order, (shape, fill) in enumerate(small):
        caption = [seen.place(shape.code), below.get(shape.code, seen.say("no_statement"))]
        mapping.inset(drawing, (at[0], at[1] + 56 * order), shape, fill, caption=caption)
    return at[1] + 56 * len(small)


def overview_map(release: Release, lang: str) -> Figure | None:
    """Regions by the number of markets that statements place there; withheld ones white, hatched where none speaks."""
    seen = view(release, lang)
    shapes = mapping.regions(seen)
    rows = [row for row in seen.rows("active_markets", status="ok") if row["place"] in shapes and row["value"]]
    if not shapes or not rows:
        return None
    values = {row["place"]: row for row in rows}
    hidden = {row["place"] for row in seen.rows("active_markets", status="withheld")}
    withheld = [code for code in shapes if code in hidden and code not in values]
    missing = [code for code in shapes if code not in values and code not in hidden]
    frame = mapping.country_frame(shapes, WIDE, 0.04)
    drawing = canvas("overview_map", frame.high, WIDE)
    bounds = classes([row["value"] for row in rows])
    entries = key(bounds, seen) + ([Entry(seen.say("legend_withheld"), "paper", tick=False)] if withheld else [])
    entries += [Entry(seen.say("no_statement"), HATCH, tick=False)] if missing else []
    heading = seen.say("legend_markets_floor" if any(map(map_words.is_floor, rows)) else "legend_markets")
    choropleth(drawing, frame, seen, values=values, entries=entries, heading=heading, withheld=withheld)
    title = claims.hedged(seen, map_words.title(seen, values), rows, withheld=bool(withheld))
    gaps = (("overview_withheld", withheld), ("overview_missing", missing))
    gap = " ".join(seen.say(name, places=seen.places(places)) for name, places in gaps if places)
    told = {code: map_words.told(seen, row) for code, row in values.items()}
    said = numbers.between(seen.lang).join(f"{seen.place(code)} {number}" for code, number in told.items())
    held, subtitle = seen.say("cell_withheld"), map_words.subtitle(seen, values)
    said_of = {code: cell(values[code], seen, number) for code, number in told.items()}
    said_of |= dict.fromkeys(withheld, words(held))
    return figure(
        "overview_map",
        drawing,
        Caption(title, subtitle, seen.say("overview_alt", said=said, gap=gap), seen.coded),
        columns=[seen.say("column_place"), seen.say("column_markets")],
        rows=[[words(seen.place(code)), said_of.get(code) or words(seen.say("no_statement"))] for code in shapes],
    )


def events_map(release: Release, lang: str) -> Figure | None:
    """Recorded events by region, one small map a year, the last years that the data cover."""
    seen = view(release, lang)
    shapes = mapping.regions(seen)
    rows = [row for row in seen.rows("events", month=None) if row["place"] in shapes and len(row["period"]) == 4]
    if not rows:
        return None
    years = sorted({row["period"] for row in rows})[-YEARS:]
    shown = {(row["place"], row["period"]): row for row in rows if row["period"] in years}
    bounds = classes([row["value"] for row in shown.values()])
    drawing = canvas("events_map", 10)
    _small_maps(drawing, seen, years, shown, bounds=bounds)
    country = {row["period"]: row for row in seen.rows("events", month=None, place=release.settings.countries[0])}
    first, last = years[0], years[-1]
    spread = [sum((code, year) in shown for code in shapes) for year in (first, last)]
    facts = {"first": first, "last": last, "span": t.span(seen, int(first), int(last))}
    many = {"before": spread[0], "now": spread[1], "all": len(shapes)}
    title = seen.say("events_map_title_more" if spread[0] != spread[1] else "events_map_title", **facts, **many)
    rows_out = [
        [
            words(seen.place(code)),
            *(
                cell(shown.get((code, year)), seen, "" if (code, year) in shown else "0")
                if (code, year) in shown
                else words(seen.say("none_recorded"))
                for year in years
            ),
        ]
        for code in shapes
    ]
    total = [cell(country.get(year), seen) for year in years]
    return figure(
        "events_map",
        drawing,
        Caption(
            title, seen.say("events_map_subtitle", **facts), seen.say("events_map_alt", **facts), seen.source("events")
        ),
        columns=[seen.say("column_place"), *years],
        rows=[*rows_out, [words(seen.place(release.settings.countries[0])), *total]],
    )


def _small_maps(
    drawing: Canvas,
    seen: View,
    years: Sequence[str],
    shown: Mapping[tuple[str, str], Row],
    *,
    bounds: Sequence[tuple[float, float]],
) -> None:
    """Four maps a line: outlines once, used again for each year."""
    wide, gap = 172, 10
    frame = mapping.country_frame(mapping.regions(seen), wide, 0.01)
    shapes = mapping.shaped(mapping.regions(seen), frame, 0.5)
    for shape in shapes:
        drawing.defs[f"s-{shape.code}"] = f'<path id="{drawing.id}-{shape.code}" d="{shape.path}"/>'
    high = frame.high + 34
    drawing.high = ((len(years) + 3) // 4) * high + 64
    for order, year in enumerate(years):
        x, y = (order % 4) * (wide + gap), (order // 4) * high
        drawing.text(x + 4, y + 20, year, STRONG)
        for shape in shapes:
            row = shown.get((shape.code, year))
            drawing.use(shape.code, x, y + 26, shade(row["value"], bounds) if row else "paper")
        counts = {code: row["value"] for (code, of), row in shown.items() if of == year}
        if counts:
            _highest(drawing, seen, shapes, counts, frame=replace(frame, left=x, top=y + 26))
    counted = {code for code, _ in shown}
    unseen = [shape.code for shape in mapping.tiny(shapes, frame) if shape.code in counted]
    _flat_legend(drawing, drawing.high - 34, key(bounds, seen), seen, unseen)


def _highest(
    drawing: Canvas, seen: View, shapes: Sequence[Shape], counts: Mapping[str, float], *, frame: Frame
) -> None:
    """Names and counts of the regions with most events on a small map, as far as there is room."""
    found = claims.lead(counts)
    for shape in shapes:
        if shape.code in found.first:
            text = seen.say("events_years_count", place=seen.place(shape.code), n=seen.number(found.count))
            across, down = mapping.seat(shape.outline, frame)
            half = width(text, SMALL.size, SMALL.weight) / 2
            across = min(max(across, frame.left + half + 2), frame.left + frame.wide - half - 2)
            spots = [(across, down + rise, "middle") for rise in (4, 18, -10, 32, -24)]
            drawing.place(spots, text, SMALL)


def _flat_legend(drawing: Canvas, y: float, entries: Sequence[Entry], seen: View, unseen: Sequence[str]) -> None:
    """The classes in a line, then what a count is, and which regions with events are too small to be seen."""
    x = 4.0
    drawing.text(x, y - 10, seen.say("legend_events"), Style(size=12, weight=600))
    for entry in (Entry(seen.say("none_recorded"), "paper"), *entries):
        drawing.rect((x, y, x + 20, y + 13), entry.fill)
        drawing.frame((x, y, x + 20, y + 13))
        box = drawing.text(x + 26, y + 11, entry.text, Style(size=12, tick=entry.tick))
        x = box[2] + 18
    told = [seen.say("floor_note"), *([seen.say("map_too_small", places=seen.places(unseen))] if unseen else [])]
    drawing.text(4, y + 30, " ".join(told), MUTED)
