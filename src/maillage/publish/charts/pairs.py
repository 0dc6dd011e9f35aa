"""Who is said to be tied to whom: actors as boxes, one line a type of link, its shape in the middle, coercion in words.

Drawn from the numbers of a release alone. Where an actor stands says nothing; that many ties lead to it says what was
asked and told, not that it commands.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.publish.charts import claims, links, rings
from maillage.publish.charts import marks as m
from maillage.publish.charts import matrix as x
from maillage.publish.charts.arrows import CLASSES, DASH, Point, lone
from maillage.publish.gate import Release
from maillage.publish.svg import Box, Canvas, Style, px, width, wrap
from maillage.publish.view import Caption, Row, View, canvas, figure, view, words

NAME = "links_network"
HIGH, LOW, FEW = 440.0, 300.0, 5  # px high, with few actors
PITCH, LIMIT, MOST = 30.0, 128.0, 12
NEAR = 0.4  # where on its line, from the people, the word of coercion stands
LABEL = Style(size=13, weight=600, anchor="middle")
FORCED = Style(size=11.5, anchor="middle", colour="muted", halo=True)
COMMUNITY = "community"


class Tie(NamedTuple):
    """One line: its two ends, the type of link (None: under coercion), and what the release knows of it."""

    ends: rings.Pair
    kind: str | None
    mark: m.Mark


def links_network(release: Release, lang: str) -> Figure | None:
    """Ties told of all places together; None where there are fewer than two pairs to show."""
    seen = view(release, lang)
    told = _ties(seen)
    shown = _shown([tie for tie in told if tie.mark.state in m.TOLD and tie.ends[0] != tie.ends[1]])
    pairs = list(dict.fromkeys(tie.ends for tie in shown))
    if len(pairs) < 2:
        return None
    drawing = canvas(NAME, 10)
    high = LOW if len(rings.degrees(pairs)) <= FEW else HIGH
    _draw(drawing, seen, shown, pairs, high)
    drawing.high = _legend(drawing, high + 8, seen, shown, more=len(shown) < len(told)) + 4
    heads = [seen.say(f"network_{name}") for name in ("one", "other", "link", "said")]
    return figure(NAME, drawing, _caption(seen, shown, pairs), columns=heads, rows=[_cells(tie, seen) for tie in told])


def _ties(seen: View) -> list[Tie]:
    """Every tie of all places that the release has a number of, those under coercion last."""
    found: list[Tie] = []
    for measure in ("links_pair", "coercion"):
        for mark in m.marks(seen, measure).values():
            row = mark.row
            if row is None or row["place"] != x.WHOLE:
                continue
            ends = (row["actor"], row["other"]) if measure == "links_pair" else (row["actor"], _people(seen))
            first, second = sorted(ends)
            found.append(Tie((first, second), row["answer"] if measure == "links_pair" else None, mark))
    return found


def _people(seen: View) -> str:
    """The code that stands for people who live there."""
    listed = seen.release.pack.lists.get("actors", {})
    classed = [code for code, entry in listed.items() if entry.attributes.get("class") == COMMUNITY]
    return COMMUNITY if COMMUNITY in classed or not classed else classed[0]


def _shown(told: Sequence[Tie]) -> list[Tie]:
    """The ties among the actors that most others are tied to, as many as can be read."""
    known = rings.degrees(tie.ends for tie in told)
    kept = set(sorted(known, key=lambda name: (-known[name], name))[:MOST])
    return [tie for tie in told if set(tie.ends) <= kept]


def _draw(drawing: Canvas, seen: View, shown: Sequence[Tie], pairs: Sequence[rings.Pair], high: float) -> None:
    """Lines, then boxes with the names of actors over their ends, then shapes."""
    lanes = {pair: [tie for tie in shown if tie.ends == pair] for pair in pairs}
    weight = {name: max(len(ties) for pair, ties in lanes.items() if name in pair) for pair in pairs for name in pair}
    at = rings.places(pairs, weight, (drawing.wide / 2, high / 2), (drawing.wide / 2 - 74, high / 2 - 34))
    middles: list[tuple[Tie, Point]] = []
    for pair, ties in lanes.items():
        for lane, tie in enumerate(ties):
            bend = (lane - (len(ties) - 1) / 2) * PITCH
            ends = sorted(pair, key=lambda name: name != _people(seen)) if tie.kind is None else pair
            middles.append((tie, _line(drawing, at[ends[0]], at[ends[1]], bend, tie)))
    for name, point in at.items():
        _box(drawing, seen.code("actors", name), point)
    for tie, point in middles:
        _symbol(drawing, seen, tie, point)


def _line(drawing: Canvas, start: Point, end: Point, bend: float, tie: Tie) -> Point:
    """A curve that passes `bend` px beside the middle of its two ends; returns where its symbol stands."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = (across**2 + down**2) ** 0.5 or 1.0
    aside = (-down / length * bend, across / length * bend)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    control = middle[0] + 2 * aside[0], middle[1] + 2 * aside[1]
    clusters = tie.mark.row["clusters"] if tie.mark.row is not None else None
    thick = [wide for least, wide in CLASSES if (clusters or 1) >= least][-1]
    colour = "ink" if tie.kind is None else _form(tie.kind).colour
    path = f"M{px(start[0])} {px(start[1])}Q{px(control[0])} {px(control[1])} {px(end[0])} {px(end[1])}"
    drawing.curve(path, colour, thick, DASH if lone(clusters) else "")
    if tie.kind is None:
        return start[0] + NEAR * across + aside[0], start[1] + NEAR * down + aside[1]
    return middle[0] + aside[0], middle[1] + aside[1]


def _form(kind: str) -> m.Form:
    return FORMS.get(kind, m.Form("hexagon", "c5"))


FORMS: Mapping[str, m.Form] = {
    kind: links.form(order)
    for order, kind in enumerate(("cooperation", "coopetition", "competition", "confrontation", "coexistence"))
}


def _box(drawing: Canvas, name: str, at: Point) -> None:
    lines = wrap(name, LIMIT, LABEL.size, LABEL.weight)
    wide = max(width(line, LABEL.size, LABEL.weight) for line in lines) + 16
    high = 17.0 * len(lines) + 10
    box: Box = (at[0] - wide / 2, at[1] - high / 2, at[0] + wide / 2, at[1] + high / 2)
    drawing.rect(box, "paper")
    drawing.frame(box, "ink")
    drawing.lines(at[0], at[1] + 4.5 - 8.5 * (len(lines) - 1), lines, LABEL)


def _symbol(drawing: Canvas, seen: View, tie: Tie, at: Point) -> None:
    """The shape of the type on paper with the letter of how sure one can be; a word where people are forced."""
    if tie.kind is None:
        drawing.text(at[0], at[1] + 4, seen.say("network_forced"), FORCED)
        return
    drawing.rect((at[0] - 10, at[1] - 9, at[0] + (23 if tie.mark.confidence else 10), at[1] + 9), "paper")
    m.draw(drawing, at, tie.mark, _form(tie.kind), 7)
    if tie.mark.confidence:
        drawing.text(at[0] + 11, at[1] + 4, m.letter(tie.mark.confidence, seen), Style(11.5, colour="muted"))


def _legend(drawing: Canvas, y: float, seen: View, shown: Sequence[Tie], *, more: bool) -> float:
    """Types and widths that occur, then marks and letters, then what a line does not say."""
    kinds = list(dict.fromkeys(tie.kind for tie in shown if tie.kind is not None))
    kinds.sort(key=lambda kind: list(seen.release.pack.lists.get("link_types", {})).index(kind))
    y = x.flow(drawing, y, [(_shape(drawing, kind), seen.code("link_types", kind)) for kind in kinds])
    counts = [tie.mark.row["clusters"] for tie in shown if tie.mark.row is not None]
    classes = [least for least, _ in CLASSES if any(count is not None and _class(count) == least for count in counts)]
    entries = [(_sample(drawing, least), seen.say(f"flows_class_{least}")) for least in classes]
    if None in counts:
        entries.append((_sample(drawing, None), seen.say("flows_class_unsaid")))
    y = x.flow(drawing, y, entries)
    y = x.legend(drawing, y, seen, [tie.mark for tie in shown], m.Form("circle", "ink"))
    y = x.note(drawing, y, " ".join([_single(seen, shown), seen.say("network_note")]))
    return x.note(drawing, y, seen.say("network_rest")) if more else y


def _single(seen: View, shown: Sequence[Tie]) -> str:
    """How many pairs would be gone without their one source."""
    free = _free(shown)
    lines = {pair: [tie for tie in free if tie.ends == pair] for pair in dict.fromkeys(tie.ends for tie in free)}
    counts = [[tie.mark.row["clusters"] for tie in ties if tie.mark.row is not None] for ties in lines.values()]
    return seen.say("network_single", k=sum(all(map(lone, of)) for of in counts), pairs=len(lines))


def _free(shown: Sequence[Tie]) -> Sequence[Tie]:
    """What counts as a tie: being forced does not, unless nothing else is told."""
    return [tie for tie in shown if tie.kind is not None] or shown


def _class(count: int) -> int:
    return [least for least, _ in CLASSES if count >= least][-1]


def _shape(drawing: Canvas, kind: str) -> Callable[[float, float], None]:
    return lambda left, top: m.draw(drawing, (left + 9, top), links.FULL, _form(kind), 6.5)


def _sample(drawing: Canvas, count: int | None) -> Callable[[float, float], None]:
    thick = dict(CLASSES)[_class(count or 1)]
    return lambda left, top: drawing.line((left, top, left + 20, top), "ink", thick, DASH if lone(count) else "")


def _cells(tie: Tie, seen: View) -> list[Cell]:
    row: Row = tie.mark.row or {}
    ends = tie.ends if tie.kind is not None else (row["actor"], _people(seen))
    kind = seen.say("network_under_coercion") if tie.kind is None else seen.code("link_types", tie.kind)
    return [*(words(seen.code("actors", name)) for name in ends), words(kind), m.table_cell(tie.mark, seen)]


def _caption(seen: View, shown: Sequence[Tie], pairs: Sequence[rings.Pair]) -> Caption:
    parts: list[str] = []
    for pair in pairs:
        kinds = [seen.say("network_under_coercion") if tie.kind is None else seen.labels.code("link_types", tie.kind)
                 for tie in shown if tie.ends == pair]  # fmt: skip
        ends = seen.say("network_pair", one=seen.code("actors", pair[0]), other=seen.labels.code("actors", pair[1]))
        parts.append(seen.say("pair", first=ends, second=numbers.items(kinds, seen.lang)))
    alt = seen.say("network_alt", said=seen.say("then").join(parts))
    counts = {_class(tie.mark.row["clusters"] or 1) for tie in shown if tie.mark.row is not None}
    wide = seen.say("network_width") if len(counts) > 1 else ""
    subtitle = seen.say("network_subtitle", width=wide, basis=m.basis([tie.mark for tie in shown], seen))
    free = list(dict.fromkeys(tie.ends for tie in _free(shown)))
    rows = [tie.mark.row for tie in shown if tie.mark.row is not None]
    title = claims.hedged(seen, _title(seen, free), rows)
    return Caption(title, subtitle, alt, seen.coded)


def _title(seen: View, pairs: Sequence[rings.Pair]) -> str:
    """The actor that stands in more than half of the pairs tied without force, where there clearly is one."""
    known = rings.degrees(pairs)
    top = max(known, key=lambda name: (known[name], name))
    if not claims.over_half(known[top], len(pairs)):
        return seen.say("network_title_spread", n=len(known), pairs=len(pairs))
    actor = seen.labels.code("actors", top)
    return seen.say("network_title", actor=actor, k=known[top], pairs=len(pairs))
