"""Recorded violence by year: events and deaths a region on one scale each."""

from collections.abc import Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.evidence import Card
from maillage.publish.charts import claims
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release
from maillage.publish.svg import HATCH, Canvas, wrap
from maillage.publish.view import Caption, Row, View, canvas, cell, figure, view, words

YEARS = 15  # of the years covered, the last ones
LABEL, GAP, HIGH, ROOM = 96.0, 10.0, 68.0, 16.0
KINDS = (("events", "accent"), ("deaths", "c2"))
Counts = Mapping[int, Row]


def events_years(release: Release, lang: str) -> Figure | None:
    """One line a region: its events and its deaths by year; None where no event is placed in a region."""
    seen = view(release, lang)
    found = {kind: _by_place(seen, kind) for kind, _ in KINDS}
    if not found["events"]:
        return None
    card, known = _source(seen, [row for years in found["events"].values() for row in years.values()])
    first = max(known[0], known[1] - YEARS + 1, min(min(years) for years in found["events"].values()))
    last = max(known[1], t.study_end(seen))
    shown = {kind: {place: {year: row for year, row in years.items() if year >= first}
                    for place, years in places.items()} for kind, places in found.items()}  # fmt: skip
    totals = {place: _sum(shown["events"].get(place, {})) for place in regions(seen)}
    order = sorted(totals, key=lambda place: (-totals[place], place))
    drawing = canvas("events_years", 10, t.WIDE)
    _draw_years(drawing, seen, order, shown, known=known, span=(first, last))
    rows = [_table_row(seen, place, kind, shown, range(first, known[1] + 1)) for place in order for kind, _ in KINDS]
    heads = [seen.say("column_place"), seen.say("time_counted"), *(str(year) for year in range(first, known[1] + 1))]
    return figure("events_years", drawing, _caption_years(seen, totals, shown, (first, known[1]), card),
                  columns=heads, rows=rows)  # fmt: skip


def regions(seen: View) -> list[str]:
    """The first-level areas of the study's countries, by code."""
    countries = set(seen.release.settings.countries)
    parents = dict(seen.release.places.select("code", "parent").iter_rows())
    return sorted(code for code, level in seen.levels.items() if level == "admin1" and parents[code] in countries)


def _by_place(seen: View, measure: str) -> dict[str, dict[int, Row]]:
    """Region -> year -> estimate, of the first data set."""
    inside = set(regions(seen))
    found: dict[str, dict[int, Row]] = {}
    for row in seen.rows(measure, month=None, status="ok"):
        if row["place"] in inside and len(row["period"]) == 4 and "@" not in row["id"]:
            found.setdefault(row["place"], {})[int(row["period"])] = row
    return found


def _source(seen: View, rows: Sequence[Row]) -> tuple[Card | None, t.Steps]:
    """The card of the first event table and the whole years it covers."""
    card = next((card for card in seen.release.cards if card.kind == "events"), None)
    return card, t.covered(card, rows)


def _sum(years: Counts) -> float:
    return sum(row["value"] for row in years.values())


def _draw_years(
    drawing: Canvas,
    seen: View,
    order: Sequence[str],
    shown: Mapping[str, Mapping[str, Counts]],
    *,
    known: t.Steps,
    span: t.Steps,
) -> None:
    wide = (drawing.wide - LABEL - GAP) / 2
    axes = [t.Axis(*span, LABEL + at * (wide + GAP), LABEL + at * (wide + GAP) + wide) for at in range(len(KINDS))]
    tops = {kind: t.most(t.highest(row) for years in shown[kind].values() for row in years.values())
            for kind, _ in KINDS}  # fmt: skip
    for axis, (kind, _) in zip(axes, KINDS, strict=True):
        drawing.text(axis.left, 14, seen.say(f"time_{kind}"), t.STRONG)
        drawing.text(axis.left, 32, seen.say("time_scale", top=seen.number(tops[kind])), t.TICK)
    y = 38.0
    for place in order:
        lines = wrap(seen.place(place), LABEL - 8, t.TEXT.size)
        drawing.lines(0, y + HIGH - 4 - t.LINE * (len(lines) - 1), lines, t.TEXT)
        for axis, (kind, colour) in zip(axes, KINDS, strict=True):
            strip = t.Strip(y + 18, y + HIGH, tops[kind])
            t.ground(drawing, axis, strip, known, room=ROOM)
            years = shown[kind].get(place, {})
            t.bars(drawing, axis, strip, years, colour)
            if years:
                t.peaks(drawing, axis, strip, years, last=known[1], near=1,
                        text=lambda year, rows=years: _peak(seen, year, rows[year]))  # fmt: skip
            else:
                drawing.text(axis.left + 4, y + HIGH - 6, seen.say("none_recorded"), t.QUIET)
        y += HIGH + 8
    names = {step: str(step) for step in range(span[0], span[1] + 1)}
    for axis in axes:
        t.ends(drawing, axis, y + 10, known, names)
    entries = [("soft", seen.say("time_covered")), *_after(seen, known, span)]
    if any(t.ranged(row) for years in shown["deaths"].values() for row in years.values()):
        entries.append(("range", seen.say("time_range")))
    drawing.high = t.note(drawing, t.key(drawing, y + 18, entries) + 4, seen.say("floor_note")) + 6


def _peak(seen: View, year: int, row: Row) -> str:
    return seen.say("time_peak", when=year, value=seen.number(row["value"]))


def _after(seen: View, known: t.Steps, span: t.Steps) -> list[tuple[str, str]]:
    return [(HATCH, seen.say("time_no_data", last=known[1]))] if span[1] > known[1] else []


def _table_row(
    seen: View, place: str, kind: str, shown: Mapping[str, Mapping[str, Counts]], years: range
) -> Sequence[Cell]:
    found = shown[kind].get(place, {})
    cells = (cell(found[year], seen) if year in found else words(seen.say("none_recorded")) for year in years)
    return [words(seen.place(place)), words(seen.say(f"time_{kind}")), *cells]


def _caption_years(
    seen: View,
    totals: Mapping[str, float],
    shown: Mapping[str, Mapping[str, Counts]],
    span: t.Steps,
    card: Card | None,
) -> Caption:
    over = t.span(seen, *span)
    said = seen.say("then").join(
        seen.say("pair", first=seen.place(place), second=f"{seen.number(total)}\u00a0/ "
                 f"{seen.number(_sum(shown['deaths'].get(place, {})))}")
        for place, total in totals.items() if total
    )  # fmt: skip
    alt = seen.say("events_years_alt", said=said or seen.say("none_recorded"), span=over)
    subtitle = seen.say("events_years_subtitle", span=over)
    return Caption(_title_years(seen, totals, shown["events"], span), subtitle, alt,
                   t.source_line(seen, card, str(span[1])))  # fmt: skip


def _title_years(seen: View, totals: Mapping[str, float], events: Mapping[str, Counts], span: t.Steps) -> str:
    """Where most events were recorded over the years shown and, if that is elsewhere, in the last year."""
    facts: dict[str, object] = {"span": t.span(seen, *span), "last": span[1]}
    latest = {place: years[span[1]]["value"] for place, years in events.items() if span[1] in years}
    over = claims.lead(totals)
    if len(over.first) == len(totals) > 1:
        return seen.say("events_years_title_even", **facts)
    facts["top"] = _counted(seen, totals, over.first)
    second = [place for place, count in totals.items() if count and count == over.next]
    facts["then"] = seen.say("events_years_then", places=_counted(seen, totals, second)) if second else ""
    now = claims.lead(latest).first if latest else over.first
    if set(now) == set(over.first):
        return seen.say("events_years_title", **facts)
    return seen.say("events_years_title_moved", now=_counted(seen, latest, now), **facts)


def _counted(seen: View, counts: Mapping[str, float], places: Sequence[str]) -> str:
    """Places by name, each with its count."""
    names = sorted(places, key=lambda place: numbers.order(seen.place(place)))
    said = [seen.say("events_years_count", place=seen.place(place), n=seen.number(counts[place])) for place in names]
    return numbers.items(said, seen.lang)
