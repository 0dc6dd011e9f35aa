"""Vulnerability and resilience factors by place, one side each; what works both ways is marked on both."""

from collections.abc import Mapping, Sequence

from maillage import numbers
from maillage.blocks import Figure
from maillage.publish.charts import claims
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.gate import Release
from maillage.publish.svg import Box, Canvas, Style
from maillage.publish.view import Caption, View, canvas, capital, figure, view, words

NAME = "factors"
SIDES = ("vulnerability", "resilience")
FORMS = {"vulnerability": m.Form("wedge", "c2"), "resilience": m.Form("triangle", "c1")}
GAP, LABEL, NARROW = 28.0, 160.0, 3
Grid = Mapping[tuple[str, str], m.Mark]  # factor, place


def factors(release: Release, lang: str) -> Figure | None:
    """Two panels, what weakens and what strengthens; None where the release says nothing of any factor."""
    seen = view(release, lang)
    found = m.marks(seen, "factors")
    if not any(mark.state in m.DRAWN for mark in found.values()):
        return None
    places, unspoken = x.areas(seen, found)
    sides = {side: _of_side(seen, found, side) for side in SIDES}
    grid = {(factor, place): found.get(f"factors/{place}/{factor}") or m.missing(seen, place)
            for side in sides.values() for factor in side for place in places}  # fmt: skip
    drawing = canvas(NAME, 10)
    _draw(drawing, seen, sides, grid, places=places, unspoken=unspoken)
    heads = [seen.say("column_factor"), seen.say("column_side"), *(_where(place, seen) for place in places)]
    rows = [[words(seen.code("factors", factor)), words(_side(seen, factor)),
             *(m.table_cell(grid[factor, place], seen) for place in places)]
            for factor in dict.fromkeys(factor for side in sides.values() for factor in side)]  # fmt: skip
    return figure(NAME, drawing, _caption(seen, sides, grid, unspoken), columns=heads, rows=rows)


def _of_side(seen: View, found: Mapping[str, m.Mark], side: str) -> list[str]:
    """The factors of a side that somebody was asked about or spoke of, those that work both ways last."""
    spoken = {mark.row["answer"] for mark in found.values() if mark.row is not None}
    listed = {code: entry.attributes.get("side") for code, entry in seen.release.pack.lists["factors"].items()}
    own, both = ([code for code, kind in listed.items() if kind == wanted and code in spoken]
                 for wanted in (side, "both"))  # fmt: skip
    return [*own, *both]


def _both(seen: View, factor: str) -> bool:
    return seen.release.pack.lists["factors"][factor].attributes.get("side") == "both"


def _side(seen: View, factor: str) -> str:
    return seen.say(f"side_{seen.release.pack.lists['factors'][factor].attributes['side']}")


def _where(place: str, seen: View) -> str:
    return seen.say("whole") if place == x.WHOLE else capital(seen.place(place))


def _draw(
    drawing: Canvas,
    seen: View,
    sides: Mapping[str, Sequence[str]],
    grid: Grid,
    *,
    places: Sequence[str],
    unspoken: Sequence[str],
) -> None:
    """Panels beside each other where there are few places, else under each other; then the legend."""
    beside = len(places) <= NARROW
    wide = (drawing.wide - GAP) / 2 if beside else drawing.wide
    ends, left, top = [0.0], 0.0, 0.0
    for side, listed in sides.items():
        if listed:
            ends.append(_panel(drawing, seen, side, listed, grid, places=places, at=(left, top, wide)))
            left, top = (left + wide + GAP, top) if beside else (0.0, ends[-1] + 18)
    y = max(ends) + 12
    if any(_both(seen, factor) for listed in sides.values() for factor in listed):
        y = x.flow(drawing, y, [(lambda at, up: _two_sided(drawing, at + 9, up), seen.say("legend_both"))])
    y = x.legend(drawing, y, seen, list(grid.values()), m.Form("circle", "muted"))
    if unspoken:
        y = x.note(drawing, y, seen.say("unspoken", places=seen.places(unspoken)))
    drawing.high = y + 4


def _panel(
    drawing: Canvas,
    seen: View,
    side: str,
    listed: Sequence[str],
    grid: Grid,
    *,
    places: Sequence[str],
    at: tuple[float, float, float],
) -> float:
    left, top, wide = at
    m.draw(drawing, (left + 8, top + 9), m.Mark(m.SAID, None, "very_high"), FORMS[side], 6)
    drawing.text(left + 22, top + 14, seen.say(f"panel_{side}"), Style(weight=600))
    matrix = x.Matrix(left, top + 22, left + wide, LABEL if wide < drawing.wide else 210, 24)
    step = matrix.columns(len(places))

    def fill(row: int, column: int, box: Box) -> None:
        factor = listed[row]
        m.fill(drawing, box, grid[factor, places[column]], seen, FORMS[side])
        if not column and _both(seen, factor):
            _two_sided(drawing, box[0] - 12, (box[1] + box[3]) / 2)

    rows = [(seen.code("factors", factor), x.row_height((grid[factor, place] for place in places), step, seen))
            for factor in listed]  # fmt: skip
    return x.draw_matrix(drawing, matrix, rows, [_where(place, seen) for place in places], fill=fill)


def _two_sided(drawing: Canvas, x_at: float, y: float) -> None:
    """Two triangles tip to tip against each other, one a side."""
    full = m.Mark(m.SAID, None, "very_high")
    m.draw(drawing, (x_at, y - 5), full, FORMS["vulnerability"], 3.6)
    m.draw(drawing, (x_at, y + 5), full, FORMS["resilience"], 3.6)


def _told(grid: Grid, listed: Sequence[str]) -> dict[str, list[str]]:
    """Places in which each factor is told of."""
    return {factor: [place for (other, place), mark in grid.items() if other == factor and mark.state in m.TOLD]
            for factor in listed}  # fmt: skip


def _caption(seen: View, sides: Mapping[str, Sequence[str]], grid: Grid, unspoken: Sequence[str]) -> Caption:
    parts = [
        seen.say("pair", first=seen.code("factors", factor),
                 second=numbers.items([_where(place, seen) for place in places], seen.lang))
        for listed in sides.values() for factor, places in _told(grid, listed).items() if places
    ]  # fmt: skip
    gap = seen.say("unspoken", places=seen.places(unspoken)) if unspoken else ""
    alt = seen.say("factors_alt", said=seen.say("then").join(dict.fromkeys(parts)) or seen.say("state_silent"), gap=gap)
    cells = list(grid.values())
    subtitle = seen.say("factors_subtitle", basis=m.basis(cells, seen))
    placed = any(mark.state in m.TOLD for (_, place), mark in grid.items() if place != x.WHOLE)
    title = claims.hedged(
        seen, _title(seen, sides, grid), m.rows_told(cells), withheld=placed and m.any_withheld(cells)
    )
    return Caption(title, subtitle, alt, seen.coded)


def _title(seen: View, sides: Mapping[str, Sequence[str]], grid: Grid) -> str:
    """Where regions are named, on which side; else that no region is."""
    named = {
        side: {place for places in _told(grid, listed).values() for place in places if place != x.WHOLE}
        for side, listed in sides.items()
    }
    words_of = {side: seen.places(places) for side, places in named.items()}
    if all(named.values()):
        if m.by_more_than_half(mark for (_, place), mark in grid.items() if place != x.WHOLE):
            return seen.say("factors_title_half", weak=words_of["vulnerability"], strong=words_of["resilience"])
        if named["vulnerability"] == named["resilience"]:
            return seen.say("factors_title_same", places=words_of["resilience"])
        return seen.say("factors_title_two", weak=words_of["vulnerability"], strong=words_of["resilience"])
    for side in SIDES:
        if named[side]:
            return seen.say(f"factors_title_{side}", places=words_of[side])
    told = any(mark.state in m.TOLD for mark in grid.values())
    unsaid = any(mark.state in (m.WITHHELD, m.BAND) for (_, place), mark in grid.items() if place != x.WHOLE)
    key = "unsaid" if told and unsaid else "whole" if told else "asked"
    return seen.say(f"factors_title_{key}")
