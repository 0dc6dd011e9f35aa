"""Types of links by place and by market: a shape and a colour each, how many say so where people were asked."""

from collections.abc import Iterable, Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.publish.charts import claims
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.gate import Release
from maillage.publish.svg import Box, Canvas
from maillage.publish.view import Caption, Row, View, canvas, capital, figure, view, words

NAME = "links_types"
LABEL = 132.0
FORMS = (m.Form("circle", "c1"), m.Form("diamond", "c2"), m.Form("triangle", "ink"), m.Form("wedge", "c4"),
         m.Form("square", "c3"), m.Form("hexagon", "c5"))  # fmt: skip
FULL = m.Mark(m.SAID, None, "very_high")
Grid = Mapping[tuple[str, str], m.Mark]


def links_types(release: Release, lang: str) -> Figure | None:
    """Small multiples side by side, one column a type of link; None where nothing is said of any."""
    seen = view(release, lang)
    found = m.marks(seen, "links")
    types = list(release.pack.lists.get("link_types", {}))
    if not types or not any(mark.state in m.DRAWN for mark in found.values()):
        return None
    places, unspoken = x.areas(seen, found)
    by_place = {(place, kind): found.get(f"links/{place}/{kind}") or m.missing(seen, place)
                for place in places for kind in types}  # fmt: skip
    by_market = _by_market(seen, types)
    drawing = canvas(NAME, 10)
    _draw(drawing, seen, types, by_place, by_market, unspoken=unspoken)
    rows = [[words(_where(place, seen)), *_cells(by_place, place, types, seen)] for place in places]
    rows += [[words(seen.code("markets", market)), *_cells(by_market, market, types, seen)]
             for market in _firsts(by_market)]  # fmt: skip
    heads = [seen.say("column_place_market"), *(seen.code("link_types", kind) for kind in types)]
    caption = _caption(seen, types, by_place, by_market, unspoken=unspoken)
    return figure(NAME, drawing, caption, columns=heads, rows=rows)


def form(order: int) -> m.Form:
    """The shape and colour of a type by its place in the list of types."""
    return FORMS[order % len(FORMS)]


def _by_market(seen: View, types: Sequence[str]) -> Grid:
    """Types told of with a market, all places together; markets without a mark are left out."""
    found = m.marks(seen, "links_by_market")
    listed = seen.release.pack.lists.get("markets", {})
    whole = {(market, kind): found.get(f"links_by_market/{x.WHOLE}/{market}/{kind}")
             for market in listed for kind in types}  # fmt: skip
    spoken = {market for (market, _), mark in whole.items() if mark is not None and mark.state in m.DRAWN}
    return {key: mark or m.Mark(m.NOTHING) for key, mark in whole.items() if key[0] in spoken}


def _firsts(grid: Grid) -> list[str]:
    return list(dict.fromkeys(first for first, _ in grid))


def _where(place: str, seen: View) -> str:
    return seen.say("whole") if place == x.WHOLE else capital(seen.place(place))


def _cells(grid: Grid, first: str, types: Sequence[str], seen: View) -> list[Cell]:
    return [m.table_cell(grid[first, kind], seen) for kind in types]


def _draw(
    drawing: Canvas, seen: View, types: Sequence[str], by_place: Grid, by_market: Grid, *, unspoken: Sequence[str]
) -> None:
    y = x.section(drawing, 0, 0, seen.say("links_by_place"))
    y = _panel(drawing, seen, y, types, by_place, [_where(place, seen) for place in _firsts(by_place)])
    if by_market:
        y = x.section(drawing, 0, y + 18, seen.say("links_by_market"))
        y = _panel(drawing, seen, y, types, by_market, [seen.code("markets", code) for code in _firsts(by_market)])
    y = x.legend(drawing, y + 12, seen, [*by_place.values(), *by_market.values()], m.Form("circle", "ink"))
    if unspoken:
        y = x.note(drawing, y, seen.say("unspoken", places=seen.places(unspoken)))
    drawing.high = y + 4


def _panel(drawing: Canvas, seen: View, top: float, types: Sequence[str], grid: Grid, labels: Sequence[str]) -> float:
    """Shapes of the types above, then one row a place or market."""
    at = x.Matrix(0, top + 18, drawing.wide, LABEL)
    step, firsts = at.columns(len(types)), _firsts(grid)
    heads = [seen.code("link_types", kind) for kind in types]
    for order, lift in enumerate(at.lift(heads)):
        m.draw(drawing, (LABEL + step * (order + 0.5), top + 10 + lift), FULL, form(order), 6.5)

    def fill(row: int, column: int, box: Box) -> None:
        m.fill(drawing, box, grid[firsts[row], types[column]], seen, form(column))

    rows = [(label, x.row_height((grid[first, kind] for kind in types), step, seen))
            for first, label in zip(firsts, labels, strict=True)]  # fmt: skip
    return x.draw_matrix(drawing, at, rows, heads, fill=fill)


def _told(grid: Grid, kind: str) -> list[str]:
    return [first for (first, other), mark in grid.items() if other == kind and mark.state in m.TOLD]


def _caption(seen: View, types: Sequence[str], by_place: Grid, by_market: Grid, *, unspoken: Sequence[str]) -> Caption:
    def listed(grid: Grid, name: str) -> Iterable[str]:
        for kind in types:
            where = _told(grid, kind)
            if where:
                names = [_where(code, seen) if name == "places" else seen.code(name, code) for code in where]
                yield seen.say("pair", first=seen.code("link_types", kind), second=numbers.items(names, seen.lang))

    said = seen.say("then").join([*listed(by_place, "places"), *listed(by_market, "markets")])
    gap = seen.say("unspoken", places=seen.places(unspoken)) if unspoken else ""
    alt = seen.say("links_alt", said=said or seen.say("state_silent"), gap=gap)
    basis = m.basis([*by_place.values(), *by_market.values()], seen)
    cells = list(by_place.values())
    title = claims.hedged(seen, _title(seen, types, by_place), m.rows_told(cells), withheld=m.any_withheld(cells))
    return Caption(title, seen.say("links_subtitle", basis=basis), alt, seen.coded)


def _title(seen: View, types: Sequence[str], grid: Grid) -> str:
    """The type named most often; where no counts are known, the type told of in how many places."""
    people = {kind: mark.row for (place, kind), mark in grid.items()
              if place == x.WHOLE and mark.row is not None and mark.row["k"]}  # fmt: skip
    if people:
        return _title_people(seen, people)
    reach = {kind: len([place for place in _told(grid, kind) if place != x.WHOLE]) for kind in types}
    if any(reach.values()):
        found = claims.lead(reach)
        key = "links_title_places" if m.shares(grid.values()) else "links_title_documents"
        facts = {"n": seen.number(found.count, 0), "next": seen.number(found.next or 0, 0)}
        return seen.say(key, types=_names(found.first, seen), **facts)
    told = [kind for kind in types if _told(grid, kind)]
    if told:
        return seen.say("links_title_whole", types=_names(told, seen))
    return seen.say("links_title_asked")


def _title_people(seen: View, people: Mapping[str, Row]) -> str:
    """The type that most of those asked name, with those that cannot be told apart from it."""
    order = sorted(people, key=lambda kind: (-people[kind]["k"], kind))
    first, last = people[order[0]], people[order[-1]]
    near = [kind for kind in order[1:] if not claims.apart(first, people[kind])]
    share = numbers.share(first["k"], first["n"], seen.lang)
    if len(near) == len(order) - 1 > 0:
        counts = {"low": seen.number(last["k"], 0), "high": seen.number(first["k"], 0), "n": seen.number(first["n"], 0)}
        return seen.say("links_title_alike", **counts)
    facts = {"first": seen.code("link_types", order[0]), "share": share}
    if near:
        return seen.say("links_title_near", **facts, others=_names(near, seen))
    return seen.say("links_title_people", **facts)


def _names(kinds: Sequence[str], seen: View) -> str:
    return numbers.items([seen.labels.code("link_types", kind) for kind in kinds], seen.lang)
