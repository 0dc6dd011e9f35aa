"""Two indices against each other: one cross an area, hollow where no quadrant has enough of the draws."""

from collections.abc import Callable, Sequence

from maillage import composites
from maillage.blocks import Cell, Figure
from maillage.publish import index_words
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release
from maillage.publish.svg import Canvas, Style
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME, SIDE, LEFT, TOP = "index_quadrants", 300.0, 64.0, 28.0
QUADRANTS = ("high_low", "high_high", "low_low", "low_high")
UNDECIDED = "undecided"
Axis = Callable[[float], float]
NAMES = Style(size=14, halo=True)
QUIET = Style(size=14, colour="muted", anchor="middle")


def quadrants(release: Release, lang: str) -> Figure | None:
    """Scores of two indices with their bounds; None where no area has both."""
    seen = view(release, lang)
    x, y = index_words.axes(seen.labels)
    rows = [row for row in seen.rows("quadrants", status="ok") if row["id"].count("/") == 1]
    found = [(row, scores) for row in rows if (scores := _scores(seen, row["place"], (x, y)))]
    if not found:
        return None
    drawing = canvas(NAME, 10, t.WIDE)
    _draw(drawing, seen, found, (x, y))
    heads = [seen.say("column_place"), capital(seen.labels.measure(x)), capital(seen.labels.measure(y)),
             seen.say("index_verdict"), *(capital(_named(seen, name)) for name in QUADRANTS)]  # fmt: skip
    table = [[words(seen.place(row["place"])), *(cell(one, seen, index_words.say(one, seen.labels)) for one in scores),
              cell(row, seen, index_words.say(row, seen.labels)), *_shares(seen, row["place"])]
             for row, scores in found]  # fmt: skip
    return figure(NAME, drawing, _caption(seen, [row for row, _ in found], (x, y)), columns=heads, rows=table)


def _scores(seen: View, place: str, names: Sequence[str]) -> tuple[Row, ...]:
    """Both scores of an area; none where one is missing."""
    found = [next(iter(row for row in seen.rows(name, status="ok") if row["id"] == f"{name}/{place}"), None)
             for name in names]  # fmt: skip
    kept = tuple(row for row in found if row is not None)
    return kept if len(kept) == len(names) else ()


def _shares(seen: View, place: str) -> list[Cell]:
    by_name = {row["id"].rpartition("/")[2]: row for row in seen.rows("quadrants", place=place)}
    return [cell(by_name.get(name), seen, index_words.share(by_name[name]["value"], seen.labels)
                 if name in by_name and by_name[name]["status"] == "ok" else "") for name in QUADRANTS]  # fmt: skip


def _named(seen: View, name: str) -> str:
    x, y = (index_words.node(axis, seen.labels) for axis in index_words.axes(seen.labels))
    return seen.labels.phrase(f"index_quadrant_{name}", x=x, y=y)


def _draw(drawing: Canvas, seen: View, found: Sequence[tuple[Row, Sequence[Row]]], names: tuple[str, str]) -> None:
    specs = [seen.release.pack.indices[name] for name in names]
    cuts = specs[0]["against"].get("cut") or (5, 5)
    scales = [spec.get("scale") or composites.SCALE for spec in specs]

    def across(value: float) -> float:
        return LEFT + SIDE * (value - scales[0][0]) / (scales[0][1] - scales[0][0])

    def up(value: float) -> float:
        return TOP + SIDE * (1 - (value - scales[1][0]) / (scales[1][1] - scales[1][0]))

    drawing.high = TOP + SIDE + 24
    drawing.frame((LEFT, TOP, LEFT + SIDE, TOP + SIDE))
    drawing.line((across(cuts[0]), TOP, across(cuts[0]), TOP + SIDE), "line", 1.2, "4 3")
    drawing.line((LEFT, up(cuts[1]), LEFT + SIDE, up(cuts[1])), "line", 1.2, "4 3")
    for value in scales[0]:
        drawing.text(across(value), TOP + SIDE + 16, seen.number(value), QUIET)
    for value in scales[1]:
        drawing.text(LEFT - 12, up(value) + 5, seen.number(value), QUIET)
    drawing.text(LEFT + SIDE / 2, TOP + SIDE + 16, f"{capital(seen.labels.measure(names[0]))} \u2192", QUIET)
    drawing.text(LEFT - 20, 14, f"\u2191 {capital(seen.labels.measure(names[1]))}", t.QUIET)
    for row, (first, second) in found:
        _cross(drawing, seen, row, (first, second), (across, up))
    drawing.high = _legend(drawing, seen, [row for row, _ in found], TOP + SIDE + 26) + 6


def _cross(drawing: Canvas, seen: View, row: Row, scores: tuple[Row, Row], axes: tuple[Axis, Axis]) -> None:
    """Bounds of both scores as a cross, a dot in the middle, the name beside it."""
    across, up = axes
    x, y = across(scores[0]["value"]), up(scores[1]["value"])
    colour = "c5" if row["answer"] == UNDECIDED else "accent"
    if scores[0]["low"] is not None:
        drawing.line((across(scores[0]["low"]), y, across(scores[0]["high"]), y), colour, 1.2)
    if scores[1]["low"] is not None:
        drawing.line((x, up(scores[1]["low"]), x, up(scores[1]["high"])), colour, 1.2)
    drawing.dot(x, y, 5.5, "paper")
    drawing.dot(x, y, 5.5, colour, hollow=row["answer"] == UNDECIDED)
    spots = [(x + 9, y - 7, "start"), (x - 9, y - 7, "end"), (x + 9, y + 17, "start"), (x - 9, y + 17, "end")]
    drawing.place(spots, seen.place(row["place"]), NAMES)


def _legend(drawing: Canvas, seen: View, rows: Sequence[Row], y: float) -> float:
    least = seen.release.pack.indices[index_words.axes(seen.labels)[0]]["against"].get("least", 0.8)
    share = index_words.share(float(least), seen.labels)
    wanted = [(False, "index_decided"), (True, "index_undecided")]
    for hollow, key in wanted:
        if any((row["answer"] == UNDECIDED) is hollow for row in rows):
            drawing.dot(10, y + 9, 5.5, "c5" if hollow else "accent", hollow=hollow)
            y = drawing.lines(28, y + 14, [seen.say(key, share=share)], t.TEXT) - 10
    return t.note(drawing, y, seen.say("index_cross"))


def _caption(seen: View, rows: Sequence[Row], names: tuple[str, str]) -> Caption:
    x, y = (seen.labels.measure(name) for name in names)
    said = seen.say("then").join(
        seen.say("pair", first=seen.place(row["place"]), second=index_words.say(row, seen.labels)) for row in rows
    )
    open_ = [row["place"] for row in rows if row["answer"] == UNDECIDED]
    if len(open_) == len(rows):
        title = seen.say("index_quadrants_open")
    elif open_:
        title = seen.say("index_quadrants_some", places=seen.places(open_))
    else:
        title = seen.say("index_quadrants_told")
    return Caption(title, seen.say("index_quadrants_subtitle", x=x, y=y), seen.say("index_quadrants_alt", said=said),
                   seen.say("index_source"))  # fmt: skip
