"""One indicator by region: a dot and its interval on one scale, sorted, each value with its age; no data is hatched."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from maillage import numbers
from maillage.blocks import Cell, Figure, Text
from maillage.labels import phrases
from maillage.publish import citing, wording
from maillage.publish.charts import timeline as t
from maillage.publish.charts.events import regions
from maillage.publish.gate import Release
from maillage.publish.svg import HATCH, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, cell, figure, view, words

LABEL, RIGHT = 134.0, 96.0
HIGH, FLAT = 40.0, 30.0  # px of a row with two lines of words, with one
OLD = "older_than_max_age"
OLD_YEARS = 3  # from this age on whole years say enough
VALUE = Style(size=14, anchor="end")
MIDDLE = Style(size=14, colour="muted", anchor="middle", tick=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one region: the latest estimate, the one of the period before, if any."""

    place: str
    row: Row
    before: Row | None

    @property
    def middle(self) -> float:
        """The value, or the middle of a range that has none."""
        return self.row["value"] if self.row["value"] is not None else (self.row["low"] + self.row["high"]) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval, or twice the value where there is none."""
        low, high = self.row["low"], self.row["high"]
        return (self.middle if low is None else low), (self.middle if high is None else high)

    @property
    def old(self) -> bool:
        """Whether the value is older than the report accepts."""
        return self.row["reason"] == OLD


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


def _number(seen: View, value: float, found: Sequence[Reading]) -> str:
    """A value as precisely as the largest of the chart is written."""
    if found[0].row["unit"] == "share":
        return numbers.percent(value, seen.lang)
    top = max(reading.bounds[1] for reading in found)
    return seen.number(value, 0 if top >= 20 else 1 if top >= 2 else 2)


def _span(seen: View, row: Row, found: Sequence[Reading]) -> str:
    return f"{_number(seen, row['low'], found)}\u2013{_number(seen, row['high'], found)}" if t.ranged(row) else ""


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
        drawing.text(at(tick), 14, _number(seen, tick, found), MIDDLE)
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
    value = _number(seen, row["value"], found) if row["value"] is not None else seen.say("indicator_range")
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
            wanted.append(("old" if old else "dot", seen.say(key, period=_periods(seen, of_kind), limit=limit)))
    if any(t.ranged(reading.row) for reading in found):
        wanted.append(("interval", seen.say("indicator_ends")))
    before = sorted({reading.before["period"] for reading in found if reading.before})
    if before:
        wanted.append(("tick", seen.say("indicator_before", period=_when(before[-1], found, seen))))
    if missing:
        wanted.append((HATCH, seen.say("no_data")))
    for symbol, text in wanted:
        _symbol(drawing, symbol, y + 9)
        y = drawing.lines(28, y + 14, wrap(text, drawing.wide - 30, t.TEXT.size), t.TEXT) - 10
    return y


def _symbol(drawing: Canvas, symbol: str, y: float) -> None:
    if symbol in ("dot", "old"):
        drawing.dot(10, y, 5.5, "accent" if symbol == "dot" else "c5", hollow=symbol == "old")
    elif symbol == "tick":
        drawing.line((10, y - 8, 10, y + 8), "muted", 2.2)
    elif symbol == HATCH:
        drawing.hatched((0, y - 6, 20, y + 7))
    else:
        drawing.line((1, y, 19, y), "ink", 1.6)
        for end in (1, 19):
            drawing.line((end, y - 4, end, y + 4), "ink", 1.6)


def _limit(seen: View, found: Sequence[Reading]) -> int:
    about: Mapping[str, object] = seen.release.pack.indicators.get(found[0].row["answer"], {})
    return int(str(about.get("max_age", 36)))


def _periods(seen: View, found: Sequence[Reading]) -> str:
    """The reference periods of some readings in words; what comes from outlines has none."""
    periods = sorted({reading.row["period"] for reading in found if reading.row["period"]})
    if not periods:
        return seen.say("indicator_timeless", version=seen.release.settings.boundary_version)
    return numbers.items([_when(period, found, seen) for period in periods], seen.lang)


def _when(period: str, found: Sequence[Reading], seen: View) -> str:
    """A reference period, and that what is of it was projected."""
    rows = [row for reading in found for row in (reading.row, reading.before) if row and row["period"] == period]
    foreseen = next(filter(None, (wording.foreseen(row, seen.labels) for row in rows)), "")
    return " ".join(filter(None, [numbers.date(period, seen.lang), foreseen]))


def _table_row(seen: View, place: str, row: Row, found: Sequence[Reading]) -> Sequence[Cell]:
    shown = _number(seen, row["value"], found) if row["value"] is not None else ""
    value = " ".join(filter(None, [shown, wording.foreseen(row, seen.labels)]))
    period = numbers.date(row["period"], seen.lang) if row["period"] else seen.say("indicator_none")
    age = _age(seen, row) or seen.say("indicator_none")
    old = f" ({seen.say('indicator_too_old')})" if row["reason"] == OLD else ""
    span = _span(seen, row, found) or seen.say("indicator_none")
    return [words(seen.place(place)), cell(row, seen, value), (Text(span),), words(period), words(age + old)]


def _caption(seen: View, name: str, found: Sequence[Reading], missing: Sequence[str]) -> Caption:
    said = seen.say("then").join(
        seen.say("pair", first=seen.place(reading.place),
                 second=" ".join(filter(None, [_number(seen, reading.middle, found),
                                               f"({span})" if (span := _span(seen, reading.row, found)) else ""])))
        for reading in found
    )  # fmt: skip
    gap = seen.say("indicator_missing", places=seen.places(missing)) if missing else ""
    alt = seen.say("indicator_alt", said=said, gap=gap)
    subtitle = seen.say(f"{name}_subtitle", period=_periods(seen, found))
    if any(reading.row["period"] for reading in found):
        said_too = [] if any(t.ranged(reading.row) for reading in found) else [seen.say("indicator_no_interval")]
        if seen.release.settings.period:
            said_too.append(seen.say("indicator_aged", last=numbers.date(seen.release.settings.period, seen.lang)))
        subtitle = " ".join([subtitle, *said_too])
    return Caption(_title(seen, name, found), subtitle, alt, _source(seen, found[0].row))


def _title(seen: View, name: str, found: Sequence[Reading]) -> str:
    """What the values say: too old, one region only, all alike, or the first with those that cannot be told from it."""
    what = seen.say(f"{name}_what")
    fresh = [reading for reading in found if not reading.old]
    if not fresh:
        return seen.say("indicator_title_old", what=what, period=_periods(seen, found[:1]))
    if len(fresh) == 1:
        return seen.say("indicator_title_one", what=what, place=seen.place(fresh[0].place))
    first = fresh[0]
    same = [reading for reading in fresh if reading.middle == first.middle]
    near = [reading for reading in fresh if reading not in same and _overlap(first, reading)]
    if len(same) + len(near) == len(fresh):
        return seen.say("indicator_title_alike", what=what)
    facts = {"what": what, "first": seen.places(reading.place for reading in same),
             "last": seen.places(reading.place for reading in fresh if reading.middle == fresh[-1].middle)}  # fmt: skip
    title = seen.say(f"{name}_title", **facts)
    if f"chart_{name}_title_projected" in phrases() and wording.foreseen(first.row, seen.labels):
        title = seen.say(f"{name}_title_projected", **facts)
    more = seen.places(reading.place for reading in near)
    return seen.say("indicator_title_near", title=title, places=more) if near else title


def _overlap(one: Reading, other: Reading) -> bool:
    return one.bounds[0] <= other.bounds[1] and other.bounds[0] <= one.bounds[1]


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
