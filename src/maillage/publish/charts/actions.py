"""Recommendations by zone: which needs and factors that they answer were told of where, and where nothing was."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from maillage import numbers
from maillage.blocks import Cell, Figure, Number
from maillage.labels import phrases
from maillage.publish.charts import claims
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.gate import Release
from maillage.publish.rules import FEW
from maillage.publish.svg import STRONG, Box, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, figure, view, words

NAME = "actions"
LABEL, PITCH, LINE = 258.0, 13.0, 14.0
FORMS = {"factors": m.Form("square", "c2"), "needs": m.Form("circle", "c1"), "support": m.Form("diamond", "c4")}
HEAD = Style(size=12, weight=600, anchor="middle")
SMALL = Style(size=12, colour="muted")
FULL, HALF = m.Mark(m.SAID, None, "very_high"), m.Mark(m.DISPUTED, None, "very_high")
Grid = Mapping[tuple[str, str], Row]  # action, place
SUMMED = ("factors", "needs", "evidence")


def actions(release: Release, lang: str) -> Figure | None:
    """One row a recommendation, one column a zone; None where there are no recommendations or no evidence for any."""
    seen = view(release, lang)
    grid = _grid(release)
    listed = [code for code in release.pack.actions if any(action == code for action, _ in grid)]
    places = _places(seen, grid)
    found = m.marks(seen, "factors") | m.marks(seen, "needs")
    grid = {key: row for key, row in grid.items() if key[0] in listed and key[1] in places}
    if not any(_evidence(row, found) for row in grid.values()):
        return None
    drawing = canvas(NAME, 10)
    _draw(drawing, seen, grid, found, listed=listed, places=places)
    heads = [seen.say("column_action"), *(_where(place, seen) for place in places)]
    rows = [[words(_title_of(code, seen)), *(_cell(grid.get((code, place)), found, seen) for place in places)]
            for code in listed]  # fmt: skip
    return figure(NAME, drawing, _caption(seen, grid, found, listed=listed, places=places), columns=heads, rows=rows)


def _grid(release: Release) -> Grid:
    """What is known of an action in a place; an action has what its sub-actions have, and is meant where they are. One
    that is withheld there is drawn as not meant for it: few and nobody alike."""
    grid: dict[tuple[str, str], Row] = {}
    for row in release.priorities.filter(pl.col("reason").ne_missing(FEW)).iter_rows(named=True):
        key = row["parent"] or row["action"], row["place"]
        first = grid.get(key, {"action": key[0], "place": key[1], "verdict": row["verdict"], "reason": row["reason"]})
        parts = {name: list(dict.fromkeys([*first.get(name, ()), *(row[name] or ())])) for name in SUMMED}
        grid[key] = {**first, **parts}
    return grid


def _places(seen: View, grid: Grid) -> list[str]:
    """The whole and the zones; where a study has none, the regions that actions are listed for."""
    named = sorted({place for _, place in grid})
    zones = [place for place in named if place.startswith("zone:")]
    return [x.WHOLE, *(zones or [place for place in named if seen.levels.get(place) == "admin1"])]


def _where(place: str, seen: View) -> str:
    return seen.say("whole") if place == x.WHOLE else capital(seen.place(place))


def _title_of(code: str, seen: View) -> str:
    return f"{code}\u2002{seen.release.pack.actions[code]['label'][seen.lang]}"


def _evidence(row: Row | None, found: Mapping[str, m.Mark]) -> list[str]:
    """The numbers of a release that support an action, factors first, then needs, then support for the action."""
    cited = [item for item in (row["evidence"] or [] if row else []) if item in found]
    return sorted(cited, key=lambda item: (list(FORMS).index(_kind(item, str(row["action"]) if row else "")), item))


def _kind(item: str, action: str) -> str:
    measure, _, code = item.split("/")
    return "support" if code == action else measure


def _name(item: str, action: str, seen: View) -> str:
    measure, _, code = item.split("/")
    if _kind(item, action) == "support":
        return seen.say("supported")
    return seen.labels.code(measure, code)


def _cell(row: Row | None, found: Mapping[str, m.Mark], seen: View) -> Cell:
    """What supports an action in a place, each leading to its number."""
    if row is None:
        return words(seen.say("not_aimed"))
    cited = _evidence(row, found)
    if not cited:
        return words(seen.say("cell_withheld" if _hidden(row, found) else "no_statement_here"))
    first, *others = (Number(item, _name(item, row["action"], seen)) for item in cited)
    return m.with_more((first,), others, seen)


def _hidden(row: Row | None, found: Mapping[str, m.Mark]) -> bool:
    """Whether nothing that supports an action in a place may be shown, but people were asked there who must not be."""
    if row is None or _evidence(row, found):
        return False
    answered = [f"{name}/{row['place']}/{code}" for name in ("factors", "needs") for code in row[name] or []]
    return any(ident in found and found[ident].state == m.WITHHELD for ident in answered)


def _draw(
    drawing: Canvas,
    seen: View,
    grid: Grid,
    found: Mapping[str, m.Mark],
    *,
    listed: Sequence[str],
    places: Sequence[str],
) -> None:
    step = (drawing.wide - LABEL) / len(places)
    for order, place in enumerate(places):
        drawing.text(LABEL + step * (order + 0.5), 16, _where(place, seen), HEAD)
    y = 23.0
    drawing.line((0, y, drawing.wide, y), "line")
    for code in listed:
        texts, below = wrap(_title_of(code, seen), LABEL - 16, 13, 600), _answers(code, grid, found, seen)
        cells = [(place, grid.get((code, place))) for place in places]
        marks = max(_lines(len(_evidence(row, found)), step) for _, row in cells)
        high = max(16 * (len(texts) + len(below)) + 14, marks * LINE + 16)
        at = drawing.lines(0, y + 18, texts, STRONG)
        drawing.lines(0, at, below, SMALL)
        for order, (_, row) in enumerate(cells):
            left = LABEL + step * order
            _evidence_cell(drawing, (left, y, left + step, y + high), row, found, seen)
        y += high
        drawing.line((0, y, drawing.wide, y), "grid")
    drawing.high = _legend(drawing, y + 12, seen, grid, found, places=places, listed=listed) + 4


def _answers(code: str, grid: Grid, found: Mapping[str, m.Mark], seen: View) -> list[str]:
    """What an action answers of what was told of anywhere, wrapped."""
    row = grid.get((code, x.WHOLE))
    named = [_name(item, code, seen) for item in _evidence(row, found) if _kind(item, code) != "support"]
    return wrap(", ".join(named), LABEL - 16, SMALL.size) if named else []


def _plain(mark: m.Mark) -> m.Mark:
    """Told of, or disputed; how sure one can be stands with the factors."""
    return HALF if mark.state == m.DISPUTED else FULL


def _lines(count: int, step: float) -> int:
    return -(-count // max(1, int((step - 16) // PITCH)))


def _evidence_cell(drawing: Canvas, box: Box, row: Row | None, found: Mapping[str, m.Mark], seen: View) -> None:
    """One mark a factor, need or support; hatched where an action is meant for a zone without evidence there.

    Where the evidence there is withheld, the cell says so.
    """
    middle = (box[1] + box[3]) / 2
    if row is None:
        drawing.text((box[0] + box[2]) / 2, middle + 4, seen.say("cell_unasked"), m.QUIET)
        return
    if _hidden(row, found):
        m.fill(drawing, (box[0], middle - 15, box[2], middle + 15), m.Mark(m.WITHHELD), seen)
        return
    cited = _evidence(row, found)
    if not cited:
        drawing.hatched((box[0] + 3, middle - 12, box[2] - 3, middle + 12))
        return
    a_line = min(len(cited), max(1, int((box[2] - box[0] - 16) // PITCH)))
    lines = _lines(len(cited), box[2] - box[0])
    for order, item in enumerate(cited):
        x_at = (box[0] + box[2]) / 2 + (order % a_line - (a_line - 1) / 2) * PITCH
        y_at = middle + (order // a_line - (lines - 1) / 2) * LINE
        m.draw(drawing, (x_at, y_at), _plain(found[item]), FORMS[_kind(item, row["action"])], 4.6)


def _legend(
    drawing: Canvas,
    y: float,
    seen: View,
    grid: Grid,
    found: Mapping[str, m.Mark],
    *,
    places: Sequence[str],
    listed: Sequence[str],
) -> float:
    kinds = {_kind(item, row["action"]) for row in grid.values() for item in _evidence(row, found)}

    def symbol(mark: m.Mark, form: m.Form) -> Callable[[float, float], None]:
        return lambda left, top: m.draw(drawing, (left + 9, top), mark, form, 5)

    shown = [kind for kind in FORMS if kind in kinds]
    entries: list[x.Entry] = [(symbol(FULL, FORMS[kind]), seen.say(f"legend_{kind}")) for kind in shown]
    cited = {_plain(found[item]).state for row in grid.values() for item in _evidence(row, found)}
    if m.DISPUTED in cited:
        entries.append((symbol(HALF, m.Form("circle", "muted")), seen.say("legend_disputed")))
    if any(_hidden(row, found) for row in grid.values()):
        entries.append((lambda at, up: drawing.frame((at, up - 7, at + 18, up + 7)), seen.say("legend_withheld")))
    if any(not _evidence(row, found) and not _hidden(row, found) for row in grid.values()):
        entries.append((lambda at, up: drawing.hatched((at, up - 7, at + 18, up + 7)), seen.say("no_statement_here")))
    if any((code, place) not in grid for code in listed for place in places):
        entries.append((lambda at, up: _dash(drawing, at, up, seen), seen.say("not_aimed")))
    return x.flow(drawing, y, entries)


def _dash(drawing: Canvas, left: float, y: float, seen: View) -> None:
    drawing.text(left + 9, y + 4, seen.say("cell_unasked"), m.QUIET)


def _ranking(seen: View, grid: Grid) -> str:
    """Whether the actions are ranked, and why not."""
    blank = [row for row in grid.values() if row["verdict"] == "not_computable"]
    if not blank:
        return seen.say("ranked_elsewhere")
    key = f"reason_{blank[0]['reason']}"
    reason = seen.labels.phrase(key if key in phrases() else "reason_unknown")
    return seen.say("not_ranked" if len(blank) == len(grid) else "partly_ranked", reason=reason)


def _caption(
    seen: View, grid: Grid, found: Mapping[str, m.Mark], *, listed: Sequence[str], places: Sequence[str]
) -> Caption:
    parts = [
        seen.say("pair", first=_title_of(code, seen), second=numbers.items(where, seen.lang))
        for code in listed
        if (where := [_where(place, seen) for place in places if _evidence(grid.get((code, place)), found)])
    ]
    subtitle = seen.say("actions_subtitle", ranking=_ranking(seen, grid))
    alt = seen.say("actions_alt", said=seen.say("then").join(parts))
    return Caption(_title(seen, grid, found, listed=listed, places=places), subtitle, alt, seen.coded)


def _title(seen: View, grid: Grid, found: Mapping[str, m.Mark], *, listed: Sequence[str], places: Sequence[str]) -> str:
    """Which recommendations answer a factor or need that was told of, and the zones where fewer than half do.

    That somebody supports a recommendation is no factor or need that it answers."""
    answered = {key: rows for key, row in grid.items() if (rows := _answered(row, found))}
    hidden = {key for key, row in grid.items() if _hidden(row, found)}
    told = [code for code in listed if (code, x.WHOLE) in answered]
    bare = [code for code in listed if code not in told]
    behind = [row for (_, place), rows in answered.items() if place == x.WHOLE for row in rows]
    if bare:
        key = "actions_title_few" if len(bare) * 2 > len(listed) else "actions_title_some"
        title = seen.say(key, actions=numbers.items(bare if key.endswith("some") else told, seen.lang))
        held = any((code, x.WHOLE) in hidden for code in bare)
        return claims.hedged(seen, title, behind if key.endswith("few") else (), withheld=held)
    zones = [place for place in places if place != x.WHOLE and not any(where == place for _, where in hidden)]
    sparse = [place for place in zones if sum(where == place for _, where in answered) * 2 < len(listed)]
    names = numbers.items([seen.labels.place(place) for place in sparse], seen.lang)
    title = seen.say("actions_title_sparse" if sparse else "actions_title_all", n=len(listed), places=names)
    return claims.hedged(seen, title, behind)


def _answered(row: Row, found: Mapping[str, m.Mark]) -> list[Row]:
    """The numbers on factors and needs behind a recommendation in a place."""
    cited = [found[item].row for item in _evidence(row, found) if _kind(item, str(row["action"])) != "support"]
    return [behind for behind in cited if behind is not None]
