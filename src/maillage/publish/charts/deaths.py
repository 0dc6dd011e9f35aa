"""Deaths by month in a whole country, a strip a data set: they count different violence and never add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maillage.blocks import Cell, Figure, Text
from maillage.evidence import Card
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release
from maillage.publish.svg import HATCH, Canvas, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME, CODE = "deaths_months", "national_deaths"
MONTHS = 120  # at most, the last ones
TALL, YEAR, NEAR = 74.0, 12, 4


@dataclass(frozen=True, slots=True)
class Series:
    """One data set of one country: month -> estimate; `whole`: a month without row is unknown, not without deaths."""

    place: str
    kind: str
    rows: Mapping[int, Row]
    card: Card | None
    known: t.Steps
    colour: str
    whole: bool

    def within(self, first: int) -> dict[int, Row]:
        """The months from the first one shown."""
        return {step: row for step, row in self.rows.items() if step >= first}

    def sum(self, last: int) -> float:
        """Deaths of the twelve months that end with the month `last`."""
        return sum(row["value"] for row in self._year(last))

    def _year(self, last: int) -> list[Row]:
        return [row for step, row in self.rows.items() if last - YEAR < step <= last]

    def overlap(self, one: int, other: int) -> bool:
        """Whether the low to high estimates of the twelve months to one month and to another overlap."""
        low, high = ([sum(row["value"] if row[end] is None else row[end] for row in self._year(last))
                      for last in (one, other)] for end in ("low", "high"))  # fmt: skip
        return low[0] <= high[1] and low[1] <= high[0]


def deaths_months(release: Release, lang: str) -> Figure | None:
    """One strip a country and data set, the same months and the same scale; None where no month is counted."""
    seen = view(release, lang)
    found = [series for country in release.settings.countries for series in _of_country(seen, country)]
    if not found:
        return None
    last = max(t.study_end(seen, months=True), *(series.known[1] for series in found))
    first = max(last - MONTHS + 1, min(max(series.known[0], min(series.rows)) for series in found))
    shown = [series for series in found if series.within(first)]
    if not shown:
        return None
    drawing = canvas(NAME, 10, t.WIDE)
    _draw(drawing, seen, shown, (first, last))
    rows = [_row(seen, series, year) for series in shown for year in _years(series, first)]
    heads = [seen.say("deaths_series"), seen.say("time_year"), *(_short(month, lang) for month in range(YEAR))]
    return figure(NAME, drawing, _caption(seen, shown, (first, last)), columns=heads, rows=rows)


def _of_country(seen: View, country: str) -> list[Series]:
    """Counts made by month, then deaths of the events in the study's own event data."""
    start = f"indicators/{country}/{CODE}@"
    made = {t.step_of(row["period"]): row for row in seen.rows("indicators", place=country, answer=CODE)
            if row["value"] is not None and row["id"].startswith(start)}  # fmt: skip
    events = {t.step_of(row["period"]): row for row in seen.rows("deaths", place=country, status="ok")
              if row["month"] is not None and "@" not in row["id"]}  # fmt: skip
    series: list[Series] = []
    if made:
        method = (seen.release.estimate(next(iter(made.values()))["id"]) or {}).get("method", "")
        card = t.card_named(seen, method.rpartition(": ")[2])
        known = t.covered(card, list(made.values()), months=True)
        series.append(Series(country, "counted", made, card, known, "accent", whole=True))
    if events:
        card = next((card for card in seen.release.cards if card.kind == "events"), None)
        known = t.covered(card, list(events.values()), months=True)
        series.append(Series(country, "events", events, card, known, "c2", whole=False))
    return series


def _draw(drawing: Canvas, seen: View, shown: Sequence[Series], span: t.Steps) -> None:
    axis = t.Axis(*span, 0, drawing.wide)
    top = t.most(t.highest(row) for series in shown for row in series.within(span[0]).values())
    y = 0.0
    for series in shown:
        lines = wrap(_title_of(seen, series), drawing.wide, t.TEXT.size, 600)
        y = drawing.lines(0, y + 14, lines, t.STRONG)
        facts = {"first": t.month_name(max(series.known[0], span[0]), seen.lang),
                 "last": t.month_name(series.known[1], seen.lang)}  # fmt: skip
        drawing.text(0, y, seen.say("deaths_scale", top=seen.number(top), **facts), t.TICK)
        strip, rows = t.Strip(y + 24, y + 24 + TALL, top), series.within(span[0])
        holes = [step for step in range(max(series.known[0], span[0]), series.known[1] + 1) if step not in series.rows]
        t.ground(drawing, axis, strip, series.known, holes=holes if series.whole else ())
        t.bars(drawing, axis, strip, rows, series.colour)
        t.peaks(drawing, axis, strip, rows, last=series.known[1], near=NEAR,
                text=lambda step, rows=rows: _peak(seen, step, rows[step]))  # fmt: skip
        t.years(drawing, axis, strip.bottom + 18)
        y = strip.bottom + 36
    entries = [("soft", seen.say("time_covered"))]
    if any(series.known[1] < span[1] or series.known[0] > span[0] for series in shown):
        entries.append((HATCH, seen.say("no_data")))
    if any(t.ranged(row) for series in shown for row in series.within(span[0]).values()):
        entries.append(("range", seen.say("time_range")))
    y = t.key(drawing, y, entries)
    if any(series.kind == "events" for series in shown):
        y = t.note(drawing, y + 4, seen.say("floor_note_of", what=capital(seen.say("deaths_of_events"))))
    drawing.high = y + 6


def _peak(seen: View, month: int, row: Row) -> str:
    return seen.say("time_peak", when=t.month_name(month, seen.lang), value=seen.number(row["value"]))


def _title_of(seen: View, series: Series) -> str:
    what = seen.code("indicators", CODE) if series.kind == "counted" else seen.say("deaths_of_events")
    if series.kind == "counted" and series.card is not None:
        what = series.card.title.get(seen.lang, what)
    return seen.say("pair", first=seen.place(series.place), second=what[:1].lower() + what[1:])


def _named(seen: View, series: Series) -> str:
    """A series in a title: which violence it counts stands there, so that it is not read as all deaths."""
    place, _, what = _title_of(seen, series).partition(":")
    return f"{place.rstrip()}, {what.strip()}"


def _short(month: int, lang: str) -> str:
    return t.month_name(2000 * YEAR + month, lang).split("\u00a0")[0]


def _years(series: Series, first: int) -> range:
    """The calendar years of a series that are shown."""
    return range(max(first, series.known[0]) // YEAR, series.known[1] // YEAR + 1)


def _row(seen: View, series: Series, year: int) -> Sequence[Cell]:
    """A year of a series: twelve cells, each leading to its estimate."""
    cells: list[Cell] = []
    for step in range(year * YEAR, year * YEAR + YEAR):
        if step in series.rows:
            cells.append(cell(series.rows[step], seen))
        else:
            inside = series.known[0] <= step <= series.known[1] and not series.whole
            cells.append((Text(seen.say("none_recorded" if inside else "no_data")),))
    return [words(_title_of(seen, series)), words(str(year)), *cells]


def _caption(seen: View, shown: Sequence[Series], span: t.Steps) -> Caption:
    facts = {"first": t.month_name(span[0], seen.lang),
             "last": t.month_name(max(series.known[1] for series in shown), seen.lang)}  # fmt: skip
    said = seen.say("then").join(
        seen.say("deaths_said", what=_title_of(seen, series), first=t.month_name(min(rows), seen.lang),
                 last=t.month_name(series.known[1], seen.lang), month=t.month_name(worst, seen.lang),
                 value=seen.number(rows[worst]["value"]))
        for series in shown
        for rows in [series.within(span[0])]
        for worst in [max(rows, key=lambda step: (rows[step]["value"], -step))]
    )  # fmt: skip
    subtitle = seen.say("deaths_subtitle_two" if len({series.kind for series in shown}) > 1 else "deaths_subtitle",
                        **facts)  # fmt: skip
    lines = [t.source_line(seen, series.card, f"{series.known[1] // YEAR:04d}-{series.known[1] % YEAR + 1:02d}")
             for series in shown]  # fmt: skip
    return Caption(_title(seen, shown[0]), subtitle, seen.say("deaths_alt", said=said), " ".join(dict.fromkeys(lines)))


def _title(seen: View, series: Series) -> str:
    """The last twelve months covered against the twelve before; with less data, the month with most deaths."""
    last = series.known[1]
    asked = range(last - 2 * YEAR + 1, last + 1)
    full = all(step in series.rows for step in asked) if series.whole else asked[0] >= series.known[0]
    facts = {"what": _named(seen, series), "last": t.month_name(last, seen.lang)}
    if not full:
        top = max(row["value"] for row in series.rows.values())
        months = [t.month_name(step, seen.lang) for step, row in sorted(series.rows.items()) if row["value"] == top]
        return seen.say("deaths_title_month", months=seen.say("then").join(months), **facts)
    now, before = series.sum(last), series.sum(last - YEAR)
    key = "deaths_title_alike" if series.overlap(last, last - YEAR) else "deaths_title_count"
    return seen.say(key, now=seen.number(now), before=seen.number(before), **facts)
