"""One indicator by region: a dot and its interval on one scale, sorted, each value with its age; no data is hatched."""

from collections.abc import Callable, Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure, Text
from maillage.publish import citing, wording
from maillage.publish.charts import readings, row_legend
from maillage.publish.charts import timeline as t
from maillage.publish.charts.events import regions
from maillage.publish.charts.readings import OLD, Reading
from maillage.publish.gate import Release
from maillage.publish.svg import HATCH, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, cell, figure, view, words

LABEL, RIGHT = 134.0, 96.0
HIGH, FLAT = 40.0, 30.0  # px of a row with two lines of words, with one
OLD_YEARS = 3  # from this age on whole years say enough
VALUE = Style(size=14, anchor="end")
MIDDLE = Style(size=14, colour="muted", anchor="middle", tick=True)


def chart(name: str, code: str, *, rising: bool = False) -> Callable[[Release, str], Figure | None]:
    """The chart of an indicator; `rising`: smallest value first. It draws None where no region has a value."""

    def draw(release: Release, lang: str) -> Figure | None:
        seen = view(release, lang)
        places = regions(seen)
        found = [reading for place in places if (reading := _reading(seen, place, code))]
        if not found:
            return None
        found.sort(key=lambda reading: (reading.middle if rising else -reading.middle, reading.place))
        missing = [place for place in places if place not in {reading.place for reading in found}]
        drawing = canvas(name, 10, t.WIDE)
        _draw(drawing, seen, found, missing)
        heads = [seen.say("column_place"), seen.say("indicator_value"), seen.say("indicator_interval"),
                 seen.say("indicator_period"), seen.say("indicator_age")]  # fmt: skip
        rows = [_table_row(seen, reading.place, row, found)
                for reading in found for row in (reading.row, reading.before) if row]  # fmt: skip
        rows += [[words(seen.place(place)), *[words(seen.say("no_data"))] * 4] for place in missing]
        return figure(name, drawing, _caption(seen, name, found, missing), columns=heads, rows=rows)

    return draw


indicators_mpi = chart("indicators_mpi", "mpi")
indicators_food = chart("indicators_food", "food_phase3")
indicators_distance = chart("indicators_distance", "border_distance", rising=True)


def _reading(seen: View, place: str, code: str) -> Reading | None:
    rows = seen.rows("indicators", place=place, answer=code, status="ok")
    latest = next((row for row in rows if "@" not in row["id"]), None)
    if latest is None:
        return None
    earlier = [row for row in rows if "@" in row["id"] and row["period"] != latest["period"]]
    return Reading(place, latest, max(earlier, key=lambda row: row["period"].rpartition("/")[2], default=None))


def _span(seen: View, row: Row, found: Sequence[Reading]) -> str:
    ends = [readings.number(seen, row[end], found) for end in ("low", "high") if t.ranged(row)]
    return "\u2013".join(ends)


def _draw(drawing: Canvas, seen: View, found: Sequence[Reading], missing: Sequence[str]) -> None:
    left, right = LABEL, drawing.wide - RIGHT
    top = t.most(max(reading.bounds[1], reading.before["value"] or 0 if reading.before else 0) for reading in found)

    def at(value: float) -> float:
        return left + (right - left) * value / top

    y = 22.0
    high = HIGH if any(_age(seen, reading.row) or t.ranged(reading.row) for reading in found) else FLAT
    foot = y + high * (len(found) + len(missing))
    for tick in (0, top / 2, top):
        drawing.line((at(tick), y, at(tick), foot), "grid")
        drawing.text(at(tick), 14, readings.number(seen, tick, found), MIDDLE)
    for reading in found:
        _row(drawing, seen, at, reading, found, box=(y, y + high))
        y += high
    for place in missing:
        _label(drawing, y + high / 2, seen.place(place), "")
        drawing.hatched((left, y + 6, right, y + high - 6))
        style = Style(size=14, anchor="end", colour="muted")
        drawing.text(drawing.wide, y + high / 2 + 4, seen.say("no_data"), style)
        y += high
    drawing.high = _legend(drawing, y + 8, seen, found, missing) + 6


def _label(drawing: Canvas, middle: float, name: str, below: str) -> None:
    if below:
        drawing.text(0, middle - 3, name, t.TEXT)
        drawing.text(0, middle + 14, below, t.QUIET)
        return
    lines = wrap(name, LABEL - 14, t.TEXT.size)
    drawing.lines(0, middle + 5 - 9 * (len(lines) - 1), lines, t.TEXT)


def _row(
    drawing: Canvas,
    seen: View,
    at: Callable[[float], float],
    reading: Reading,
    found: Sequence[Reading],
    *,
    box: tuple[float, float],
) -> None:
    """Name and age, interval, dot (hollow where too old), the value of the period before as a tick, words."""
    middle, row = sum(box) / 2, reading.row
    colour = "c5" if reading.old else "accent"
    _label(drawing, middle, seen.place(reading.place), _age(seen, row))
    if t.ranged(row):
        low, high = at(row["low"]), at(row["high"])
        drawing.line((low, middle, high, middle), colour, 1.6)
        for end in (low, high):
            drawing.line((end, middle - 4, end, middle + 4), colour, 1.6)
    if reading.before is not None and reading.before["value"] is not None:
        x = at(reading.before["value"])
        drawing.line((x, middle - 8, x, middle + 8), "muted", 2.2)
    if row["value"] is not None:
        drawing.dot(at(row["value"]), middle, 5.5, "paper")
        drawing.dot(at(row["value"]), middle, 5.5, colour, hollow=reading.old)
    span = _span(seen, row, found)
    value = readings.number(seen, row["value"], found) if row["value"] is not None else seen.say("indicator_range")
    span = span or wording.foreseen(row, seen.labels).strip("()")
    drawing.text(drawing.wide, middle + (-2 if span else 5), value, VALUE)
    if span:
        drawing.text(drawing.wide, middle + 15, span, Style(size=14, anchor="end", colour="muted"))


def _age(seen: View, row: Row) -> str:
    if row["age_months"] is None:
        return ""
    years, months = divmod(row["age_months"], 12)
    if years >= OLD_YEARS or (years > 1 and not months):
        return seen.say("indicator_years", years=seen.number(years, 0))
    return seen.say("indicator_months", months=seen.number(row["age_months"]))


def _legend(drawing: Canvas, y: float, seen: View, found: Sequence[Reading], missing: Sequence[str]) -> float:
    """What occurs: dots by their period, intervals, the period before, too old, no data."""
    wanted: list[tuple[str, str]] = []
    for old in (False, True):
        of_kind = [reading for reading in found if reading.old is old]
        if of_kind:
            limit = seen.number(_limit(seen, found))
            key = "indicator_old" if old else "indicator_latest"
            wanted.append(("old" if old else "dot", seen.say(key, period=readings.periods(seen, of_kind), limit=limit)))
    if any(t.ranged(reading.row) for reading in found):
        wanted.append(("interval", seen.say("indicator_ends")))
    before = sorted({reading.before["period"] for reading in found if reading.before})
    if before:
        wanted.append(("tick", seen.say("indicator_before", period=readings.when(before[-1], found, seen))))
    if missing:
        wanted.append((HATCH, seen.say("no_data")))
    return row_legend.legend(drawing, y, wanted)


def _limit(seen: View, found: Sequence[Reading]) -> int:
    about: Mapping[str, object] = seen.release.pack.indicators.get(found[0].row["answer"], {})
    return int(str(about.get("max_age", 36)))


def _table_row(seen: View, place: str, row: Row, found: Sequence[Reading]) -> Sequence[Cell]:
    shown = readings.number(seen, row["value"], found) if row["value"] is not None else ""
    value = " ".join(filter(None, [shown, wording.foreseen(row, seen.labels)]))
    period = numbers.date(row["period"], seen.lang) if row["period"] else seen.say("indicator_none")
    age = _age(seen, row) or seen.say("indicator_none")
    old = f" ({seen.say('indicator_too_old')})" if row["reason"] == OLD else ""
    span = _span(seen, row, found) or seen.say("indicator_none")
    return [words(seen.place(place)), cell(row, seen, value), (Text(span),), words(period), words(age + old)]


def _caption(seen: View, name: str, found: Sequence[Reading], missing: Sequence[str]) -> Caption:
    said = seen.say("then").join(
        seen.say("pair", first=seen.place(reading.place),
                 second=" ".join(filter(None, [readings.number(seen, reading.middle, found),
                                               f"({span})" if (span := _span(seen, reading.row, found)) else ""])))
        for reading in found
    )  # fmt: skip
    gap = seen.say("indicator_missing", places=seen.places(missing)) if missing else ""
    alt = seen.say("indicator_alt", said=said, gap=gap)
    subtitle = seen.say(f"{name}_subtitle", period=readings.periods(seen, found))
    if any(reading.row["period"] for reading in found):
        said_too = [] if any(t.ranged(reading.row) for reading in found) else [seen.say("indicator_no_interval")]
        if seen.release.settings.period:
            said_too.append(seen.say("indicator_aged", last=numbers.date(seen.release.settings.period, seen.lang)))
        subtitle = " ".join([subtitle, *said_too])
    if leading := readings.leading_by_share(seen, found[0].row["answer"]):
        places = seen.places(row["place"] for row in leading)
        period = numbers.items(
            [numbers.date(one, seen.lang) for one in dict.fromkeys(row["period"] for row in leading)], seen.lang
        )
        per = readings.population_of(seen, found[0].row["answer"], leading)
        subtitle = " ".join([subtitle, seen.say("indicators_food_share", places=places, period=period, per=per)])
    return Caption(readings.title(seen, name, found), subtitle, alt, _source(seen, found[0].row))


def _source(seen: View, row: Row) -> str:
    """The card of the table, the registered source, or the outlines from which it was computed; then its age."""
    method = (seen.release.estimate(row["id"]) or {}).get("method") or ""
    name = method.rpartition(": ")[2]
    if name == "computed":
        return seen.say("indicator_computed", version=seen.release.settings.boundary_version)
    until = row["period"].rpartition("/")[2] if row["period"] else ""
    card = t.card_named(seen, name)
    if card is not None:
        return t.source_line(seen, card, card.coverage[1] if card.coverage else until)
    titles = citing.titles(seen.release, seen.lang)
    said = titles.get(name) or name
    return " ".join(filter(None, [f"{said}.", t.source_line(seen, None, until) if until else ""]))
