"""Markets by place: presence by shape, severity by ramp, confidence by opacity with its letter."""

from collections.abc import Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure, Number
from maillage.publish.charts import claims
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.gate import Release
from maillage.publish.svg import Box, Canvas
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME = "markets_matrix"
RAMP = ("r1", "r2", "r3", "r4", "r5")


def markets_matrix(release: Release, lang: str) -> Figure | None:
    """One row a market, one column a place; None where the release says nothing of any market."""
    seen = view(release, lang)
    found = m.marks(seen, "markets")
    if not any(mark.state in m.DRAWN for mark in found.values()):
        return None
    places, unspoken = x.areas(seen, found)
    rows = _markets(seen, found)
    grid = {(row, place): _mark(seen, found, place, row) for row in rows for place in places}
    severity = {(row["market"], row["place"]): row for row in seen.rows("severity", status="ok") if row["value"]}
    drawing = canvas(NAME, 10)
    _draw(drawing, seen, grid, severity, rows=rows, places=places, unspoken=unspoken)
    heads = [seen.say("column_market"), *(_head(place, seen) for place in places)]
    return figure(NAME, drawing, _caption(seen, grid, places, unspoken), columns=heads, rows=[
        [words(seen.code("markets", row)),
         *(_cell(grid[row, place], severity.get((row, place)), seen) for place in places)]
        for row in rows
    ])  # fmt: skip


def _markets(seen: View, found: Mapping[str, m.Mark]) -> list[str]:
    """The markets of the study, and others that somebody spoke of."""
    spoken = {mark.row["market"] for mark in found.values() if mark.row is not None}
    listed = seen.release.pack.lists.get("markets", {})
    return [code for code, entry in listed.items() if entry.attributes.get("study_market") or code in spoken]


def _mark(seen: View, found: Mapping[str, m.Mark], place: str, market: str) -> m.Mark:
    return found.get(f"markets/{place}/{market}") or m.missing(seen, place)


def _head(place: str, seen: View) -> str:
    return seen.say("whole") if place == x.WHOLE else capital(seen.place(place))


def _cell(mark: m.Mark, severity: Row | None, seen: View) -> Cell:
    first = m.table_cell(mark, seen)
    if severity is None:
        return first
    text = seen.say("severity_is", value=seen.number(severity["value"], 1))
    more = [span for span in cell(severity, seen, text) if isinstance(span, Number)]
    return m.with_more(first, more, seen)


def _draw(
    drawing: Canvas,
    seen: View,
    grid: Mapping[tuple[str, str], m.Mark],
    severity: Mapping[tuple[str, str], Row],
    *,
    rows: Sequence[str],
    places: Sequence[str],
    unspoken: Sequence[str],
) -> None:
    at = x.Matrix(0, 4, drawing.wide, 190)
    step = at.columns(len(places))

    def fill(row: int, column: int, box: Box) -> None:
        key = rows[row], places[column]
        end = m.fill(drawing, box, grid[key], seen)
        if key in severity and grid[key].state in m.DRAWN:
            _severity(drawing, (box[0] + box[2]) / 2, end, severity[key]["value"])

    labels = [
        (
            seen.code("markets", row),
            x.row_height((grid[row, place] for place in places), step, seen, 12 if severity else 0),
        )
        for row in rows
    ]
    y = x.draw_matrix(drawing, at, labels, [_head(place, seen) for place in places], fill=fill) + 12
    y = x.legend(drawing, y, seen, list(grid.values()))
    if severity:
        y = x.flow(drawing, y, [(lambda left, top: _severity(drawing, left + 9, top - 3, 3, 4), seen.say("severity"))])
    if unspoken:
        y = x.note(drawing, y, seen.say("unspoken", places=seen.places(unspoken)))
    drawing.high = y + 4


def _severity(drawing: Canvas, middle: float, y: float, value: float, wide: float = 8) -> None:
    """Five steps, filled from light to dark up to the mean."""
    left = middle - 2.5 * wide
    for step, role in enumerate(RAMP):
        here = left + step * wide
        part = min(max(value - step, 0.0), 1.0)
        if part:
            drawing.rect((here, y, here + wide * part, y + 6), role)
        drawing.frame((here, y, here + wide, y + 6), "line")


def _caption(
    seen: View, grid: Mapping[tuple[str, str], m.Mark], places: Sequence[str], unspoken: Sequence[str]
) -> Caption:
    told = {market: [place for (row, place), mark in grid.items() if row == market and mark.state in m.TOLD]
            for market in dict.fromkeys(row for row, _ in grid)}  # fmt: skip
    said = seen.say("then").join(
        seen.say("pair", first=seen.code("markets", market), second=", ".join(_head(place, seen) for place in where))
        for market, where in told.items()
        if where
    )
    gap = seen.say("unspoken", places=seen.places(unspoken)) if unspoken else ""
    alt = seen.say("markets_alt", said=said or seen.say("state_silent"), gap=gap)
    found = list(grid.values())
    title = claims.hedged(seen, _title(seen, told, grid), m.rows_told(found), withheld=m.any_withheld(found))
    subtitle = seen.say("markets_subtitle", rule=seen.say("present_only"), basis=m.basis(found, seen))
    return Caption(title, subtitle, alt, seen.coded)


def _title(seen: View, told: Mapping[str, Sequence[str]], grid: Mapping[tuple[str, str], m.Mark]) -> str:
    """Which markets are placed in how many regions, and whether most are told of for the whole alone."""
    spoken = [market for market, where in told.items() if where]
    if not spoken:
        asked = sorted({market for (market, _), mark in grid.items() if mark.state in m.DRAWN})
        return seen.say("markets_title_asked", markets=_names(asked, seen))
    if len(spoken) == 1:
        disputed = any(mark.state == m.DISPUTED for mark in grid.values())
        return seen.say("markets_title_disputed" if disputed else "markets_title_one", market=_names(spoken, seen))
    reach = {market: sum(map(_region, told[market])) for market in spoken}
    found = claims.lead(reach)
    if not found.count:
        return seen.say("markets_title_whole")
    facts = {"markets": _names(found.first, seen), "n": seen.number(found.count, 0)}
    bare = sum(not count for count in reach.values())
    if bare * 2 > len(reach):
        numbered = {"bare": seen.number(bare, 0), "all": seen.number(len(reach), 0)}
        return seen.say("markets_title_bare", **facts, **numbered)
    if m.by_more_than_half(mark for (_, place), mark in grid.items() if _region(place)):
        return seen.say("markets_title_half", **facts)
    if found.next is None:
        return seen.say("markets_title_alone", **facts)
    return seen.say("markets_title", **facts, next=seen.number(found.next, 0))


def _region(place: str) -> bool:
    return place != x.WHOLE and not place.startswith("zone:")


def _names(codes: Sequence[str], seen: View) -> str:
    return numbers.items([seen.labels.code("markets", code) for code in codes], seen.lang)
