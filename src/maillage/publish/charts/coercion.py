"""Coercion and control, apart from links: who is said to force people, who is said to hold a place."""

from collections.abc import Callable, Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.publish.charts import claims
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.gate import Release
from maillage.publish.svg import Box, Canvas
from maillage.publish.view import Caption, View, canvas, capital, figure, view, words

NAME = "coercion"
MEASURES = ("coercion", "control")
FORMS = {"coercion": m.Form("wedge", "c4"), "control": m.Form("square", "c1")}
GAP, LABEL = 36.0, 122.0
Panel = Mapping[tuple[str, str], m.Mark]  # place, actor


def coercion(release: Release, lang: str) -> Figure | None:
    """One panel a measure, places by actors; None where the release says nothing of either."""
    seen = view(release, lang)
    panels = {name: panel for name in MEASURES if (panel := _panel(seen, name))}
    if not panels:
        return None
    drawing = canvas(NAME, 10)
    actors = max(len(_seconds(panel)) for panel in panels.values())
    y = (_side_by_side if len(panels) == 1 or actors <= 3 else _stacked)(drawing, seen, panels) + 12
    y = _legend(drawing, y, seen, panels)
    drawing.high = y + 4
    columns = [seen.say("column_place"), *(_column(name, actor, seen) for name, panel in panels.items()
                                           for actor in _seconds(panel))]  # fmt: skip
    places = list(dict.fromkeys(place for panel in panels.values() for place in _firsts(panel)))
    rows = [[words(_where(place, seen)), *_cells(panels, place, seen)] for place in places]
    return figure(NAME, drawing, _caption(seen, panels), columns=columns, rows=rows)


def _panel(seen: View, measure: str) -> Panel:
    """The marks of a measure by place and actor; empty where nothing may be drawn."""
    found = m.marks(seen, measure)
    if not any(mark.state in m.DRAWN for mark in found.values()):
        return {}
    spoken = {mark.row["actor"] for mark in found.values() if mark.row is not None}
    actors = [code for code in seen.release.pack.lists.get("actors", {}) if code in spoken]
    places, _ = x.areas(seen, found)
    return {(place, actor): found.get(f"{measure}/{place}/{actor}") or m.missing(seen, place)
            for place in places for actor in actors}  # fmt: skip


def _firsts(panel: Panel) -> list[str]:
    return list(dict.fromkeys(place for place, _ in panel))


def _seconds(panel: Panel) -> list[str]:
    return list(dict.fromkeys(actor for _, actor in panel))


def _where(place: str, seen: View) -> str:
    return seen.say("whole") if place == x.WHOLE else capital(seen.place(place))


def _column(name: str, actor: str, seen: View) -> str:
    return seen.say(f"column_{name}", actor=seen.labels.code("actors", actor))


def _cells(panels: Mapping[str, Panel], place: str, seen: View) -> list[Cell]:
    return [m.table_cell(panel.get((place, actor)) or m.missing(seen, place), seen)
            for panel in panels.values() for actor in _seconds(panel)]  # fmt: skip


def _side_by_side(drawing: Canvas, seen: View, panels: Mapping[str, Panel]) -> float:
    wide = (drawing.wide - GAP * (len(panels) - 1)) / len(panels)
    return max(
        _draw(drawing, seen, name, panel, at=(order * (wide + GAP), 0.0, wide))
        for order, (name, panel) in enumerate(panels.items())
    )


def _stacked(drawing: Canvas, seen: View, panels: Mapping[str, Panel]) -> float:
    y = 0.0
    for name, panel in panels.items():
        y = _draw(drawing, seen, name, panel, at=(0, y, drawing.wide)) + 20
    return y - 20


def _draw(drawing: Canvas, seen: View, name: str, panel: Panel, *, at: tuple[float, float, float]) -> float:
    """One panel at (left, top) and of a width."""
    left, top, wide = at
    places, actors = _firsts(panel), _seconds(panel)
    y = x.section(drawing, left, top, seen.say(f"panel_{name}"))
    matrix = x.Matrix(left, y, left + wide, LABEL)
    step = matrix.columns(len(actors))

    def fill(row: int, column: int, box: Box) -> None:
        m.fill(drawing, box, panel[places[row], actors[column]], seen, FORMS[name])

    rows = [
        (_where(place, seen), x.row_height((panel[place, actor] for actor in actors), step, seen)) for place in places
    ]
    return x.draw_matrix(drawing, matrix, rows, [seen.code("actors", actor) for actor in actors], fill=fill)


def _legend(drawing: Canvas, y: float, seen: View, panels: Mapping[str, Panel]) -> float:
    """What the shapes of the panels say, then marks and letters."""
    full = m.Mark(m.SAID, None, "very_high")

    def symbol(form: m.Form) -> Callable[[float, float], None]:
        return lambda left, top: m.draw(drawing, (left + 9, top), full, form, 6.5)

    y = x.flow(drawing, y, [(symbol(FORMS[name]), seen.say(f"legend_{name}")) for name in panels])
    marks = [mark for shown in panels.values() for mark in shown.values()]
    return x.legend(drawing, y, seen, marks, m.Form("circle", "muted"))


def _told(panel: Panel) -> dict[str, list[str]]:
    """Places in which something is said of each actor."""
    return {actor: [place for place in _firsts(panel) if panel[place, actor].state in m.TOLD]
            for actor in _seconds(panel)}  # fmt: skip


def _caption(seen: View, panels: Mapping[str, Panel]) -> Caption:
    parts = [
        seen.say("pair", first=_column(name, actor, seen),
                 second=numbers.items([_where(place, seen) for place in places], seen.lang))
        for name, panel in panels.items() for actor, places in _told(panel).items() if places
    ]  # fmt: skip
    said = seen.say("then").join(parts) or seen.say("state_silent")
    marks = [mark for panel in panels.values() for mark in panel.values()]
    subtitle = seen.say("coercion_subtitle", basis=m.basis(marks, seen))
    title = claims.hedged(seen, _title(seen, panels), m.rows_told(marks), withheld=m.any_withheld(marks))
    return Caption(title, subtitle, seen.say("coercion_alt", said=said), seen.coded)


def _title(seen: View, panels: Mapping[str, Panel]) -> str:
    """Where coercion is told of, else control; places by name."""
    for name, panel in panels.items():
        named = {actor: [place for place in places if place != x.WHOLE] for actor, places in _told(panel).items()}
        widest = max(named, key=lambda actor: (len(named[actor]), actor))
        if named[widest]:
            return seen.say(
                f"title_{name}", actor=seen.labels.code("actors", widest), places=_list(named[widest], seen)
            )
    if any(mark.state in m.TOLD for panel in panels.values() for mark in panel.values()):
        return seen.say("title_coercion_whole")
    return _few(seen, panels.get("coercion", {}))


def _few(seen: View, panel: Panel) -> str:
    """How many at most tell of coercion, as far as that may be said."""
    whole = [mark.row for (place, _), mark in panel.items() if place == x.WHOLE and mark.row is not None]
    counted = [row for row in whole if row["band"] and row["n"] is not None]
    if len(whole) == len(counted) == 1:
        return seen.say("title_coercion_count", count=m.counted(counted[0], seen))
    return seen.say("title_coercion_few")


def _list(places: Sequence[str], seen: View) -> str:
    return numbers.items([seen.place(place) for place in places], seen.lang)
