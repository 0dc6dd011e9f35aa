"""Who was heard: interviews done and planned by class of people and by place, one dot each where they are few."""

from collections.abc import Callable, Mapping, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.publish.charts import claims
from maillage.publish.charts import matrix as x
from maillage.publish.charts import ranges as r
from maillage.publish.gate import Release
from maillage.publish.svg import PLAIN, STRONG, Box, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME = "sample"
LABEL, INDENT, STEP, DOT = 116.0, 14.0, 9.0, 3.2
STRIP = 20  # interviews up to which each is a dot
FAMILIES, PLACES = 5, 14  # columns and rows of the matrix at most; the table has all
VALUE, SMALL = Style(size=12, anchor="end"), Style(size=12, anchor="middle")
QUIET = Style(size=12, colour="muted", anchor="middle")
CROSSED = "cross_table"  # who was heard by place and class: always held back from the public
Slots = Mapping[tuple[str, str], Row]


def sample(release: Release, lang: str) -> Figure | None:
    """Classes over all places, then families of people by place; None where no number may be shown."""
    seen = view(release, lang)
    slots = {(row["place"], row["group"]): row for row in seen.rows("sample") if row["group"] != x.WHOLE}
    if all(row["value"] is None for row in slots.values()):
        return None
    groups, places = _groups(slots, seen), _places(slots, seen)
    families = [code for code, level in groups.items() if not level][:FAMILIES]
    drawing = canvas(NAME, 10, r.WIDE)
    y = x.section(drawing, 0, 0, seen.say("sample_classes"))
    whole = {code: slots[x.WHOLE, code] for code in groups if (x.WHOLE, code) in slots}
    high = max(_most(row) for row in whole.values())
    for code, row in whole.items():
        y = _line(drawing, seen, y, row, (capital(_name(code, seen)), groups[code]), high=high)
    if any(row["value"] is not None for (place, _), row in slots.items() if place in places):
        y = x.section(drawing, 0, y + 16, seen.say("sample_places"))
        y = _matrix(drawing, seen, y - 4, slots, places=places[:PLACES], families=families)
    y = _legend(drawing, seen, y + 8, list(slots.values()), high=high)
    silent = [code for code in x.regions(seen, set(places)) if code not in places]
    drawing.high = x.note(drawing, y, seen.say("sample_silent", places=seen.places(silent)) if silent else "") + 10
    heads = [seen.say(f"column_{name}") for name in ("class", "where", "done", "planned", "refused")]
    known = [slots[place, code] for place in (x.WHOLE, *places) for code in groups if (place, code) in slots]
    table = [_cells(row, seen) for row in known if row["place"] == x.WHOLE or row["reason"] != CROSSED]
    return figure(NAME, drawing, _caption(seen, slots, groups, families), columns=heads, rows=table)


def _groups(slots: Slots, seen: View) -> dict[str, int]:
    """Families, their classes and the groups below, in the order of the pack, each with its depth."""
    said = {group for _, group in slots}
    above: dict[str, tuple[str, ...]] = {}
    for code in seen.release.pack.codes("stakeholders"):
        names = (seen.release.pack.attribute("stakeholders", code, name) for name in ("family", "class"))
        above[code] = tuple(str(name) for name in names if name)
    order: dict[str, int] = {}
    for family in dict.fromkeys(names[0] for names in above.values() if names):
        order[family] = 0
        for code in [code for code, names in above.items() if names == (family,)]:
            order[code] = 1
            order |= {below: 2 for below, names in above.items() if names == (family, code)}
    order |= {code: 0 for code in sorted(said) if code not in order}
    return {code: level for code, level in order.items() if code in said}


def _places(slots: Slots, seen: View) -> list[str]:
    """Regions and zones where people were heard or were to be heard."""
    said = {place for place, _ in slots}
    return [code for code in x.regions(seen, said) if code in said] + sorted(p for p in said if p.startswith("zone:"))


def _name(code: str, seen: View) -> str:
    name = "stakeholders" if code in seen.release.pack.codes("stakeholders") else "families"
    return seen.labels.code(name, code)


def _most(row: Row) -> int:
    return max(int(row["value"] or 0), int(row["planned"] or 0))


def _line(drawing: Canvas, seen: View, top: float, row: Row, name: tuple[str, int], *, high: int) -> float:
    """One class: its name, how many in words, below them its dots or its bar; returns the y below."""
    text, level = name
    left = INDENT * level
    style = PLAIN if level else STRONG
    drawing.line((0, top + 2, drawing.wide, top + 2), "grid")
    box = drawing.text(drawing.wide, top + 17, _words(row, seen), VALUE)
    y = drawing.lines(left, top + 17, wrap(text, box[0] - left - 10, style.size, style.weight), style) - 7
    if row["value"] is None:
        return y
    if high <= STRIP:
        _dots(drawing, (left + DOT, y), row, a_line=STRIP)
    else:
        _bar(drawing, (left, drawing.wide - 8, y), row, high)
    return y + 9


def _dots(drawing: Canvas, at: tuple[float, float], row: Row, *, a_line: int) -> None:
    """A filled dot an interview done, a hollow one planned and not done."""
    done = int(row["value"])
    for order in range(_most(row)):
        here = at[0] + STEP * (order % a_line), at[1] + STEP * (order // a_line)
        drawing.dot(*here, DOT, "accent" if order < done else "line", hollow=order >= done)


def _bar(drawing: Canvas, ends: tuple[float, float, float], row: Row, high: int) -> None:
    """A bar as long as the interviews done, a tick at the number planned."""
    left, right, y = ends
    scale = (right - left) / high
    drawing.rect((left, y - 4, left + scale * row["value"], y + 4), "accent")
    if row["planned"]:
        drawing.line((left + scale * row["planned"], y - 7, left + scale * row["planned"], y + 7), "ink", 2)


def _matrix(
    drawing: Canvas, seen: View, top: float, slots: Slots, *, places: Sequence[str], families: Sequence[str]
) -> float:
    """Places by families of people; returns the y below."""
    at = x.Matrix(0, top, drawing.wide, LABEL)
    a_line = max(1, int((at.columns(len(families)) - 10) // STEP))
    rows = [[slots.get((place, family)) for family in families] for place in places]

    def fill(line: int, column: int, box: Box) -> None:
        _slot(drawing, seen, box, rows[line][column], a_line=a_line)

    heights = [(capital(seen.place(place)), 32.0 + STEP * max(_lines(row, a_line) for row in line))
               for place, line in zip(places, rows, strict=True)]  # fmt: skip
    return x.draw_matrix(drawing, at, heights, [capital(_name(family, seen)) for family in families], fill=fill)


def _lines(row: Row | None, a_line: int) -> int:
    """Lines of dots that a cell needs after the first."""
    return 0 if row is None or row["value"] is None or _most(row) > STRIP else max(0, (_most(row) - 1) // a_line)


def _slot(drawing: Canvas, seen: View, box: Box, row: Row | None, *, a_line: int) -> None:
    middle = (box[0] + box[2]) / 2
    if row is None or row["value"] is None:
        text = seen.say("sample_nobody") if row is None else seen.say("cell_withheld")
        drawing.text(middle, (box[1] + box[3]) / 2 + 4, text, QUIET)
        return
    dots = _most(row) <= STRIP
    if dots:
        wide = STEP * (min(a_line, _most(row)) - 1)
        _dots(drawing, (middle - wide / 2, box[1] + 10), row, a_line=a_line)
    drawing.text(middle, box[3] - 6 if dots else (box[1] + box[3]) / 2 + 4, _few_words(row, seen), SMALL)


def _few_words(row: Row, seen: View) -> str:
    """`2 of 3`: done of planned; the number done where nothing was planned or more was done."""
    done, planned = int(row["value"]), row["planned"]
    return numbers.share(done, planned, seen.lang) if planned and planned >= done else seen.number(done, 0)


def _words(row: Row, seen: View) -> str:
    """Done, planned and refused, as far as they may be said."""
    if row["value"] is None:
        return seen.say("cell_withheld")
    facts = {"done": seen.number(row["value"], 0)}
    parts = [seen.say("sample_done", **facts)]
    parts += [seen.say("sample_planned", n=seen.number(row["planned"], 0))] if row["planned"] is not None else []
    parts += [seen.say("sample_refused", n=seen.number(row["missing"], 0))] if row["missing"] else []
    return ", ".join(parts)


def _legend(drawing: Canvas, seen: View, y: float, rows: Sequence[Row], *, high: int) -> float:
    """The marks that occur, in words; returns the y below."""
    known = [row for row in rows if row["value"] is not None]
    entries: list[x.Entry] = []
    if any(_most(row) <= STRIP for row in known):
        entries.append((_circle(drawing, hollow=False), seen.say("sample_dot_done")))
        if any((row["planned"] or 0) > row["value"] for row in known):
            entries.append((_circle(drawing, hollow=True), seen.say("sample_dot_planned")))
    if high > STRIP:
        entries.append((lambda left, top: drawing.rect((left, top - 4, left + 20, top + 4), "accent"),
                        seen.say("sample_bar")))  # fmt: skip
        entries.append((lambda left, top: drawing.line((left + 10, top - 7, left + 10, top + 7), "ink", 2),
                        seen.say("sample_tick")))  # fmt: skip
    return x.flow(drawing, y, entries)


def _circle(drawing: Canvas, *, hollow: bool) -> Callable[[float, float], None]:
    return lambda left, top: drawing.dot(left + 10, top, DOT, "line" if hollow else "accent", hollow=hollow)


def _cells(row: Row, seen: View) -> list[Cell]:
    known = row["value"] is not None
    return [
        words(capital(_name(row["group"], seen))),
        words(capital(seen.place(row["place"]))),
        cell(row, seen, seen.number(row["value"], 0) if known else seen.say("cell_withheld")),
        words(seen.number(row["planned"], 0) if row["planned"] is not None else ""),
        words(seen.number(row["missing"], 0) if row["missing"] else ""),
    ]


def _caption(seen: View, slots: Slots, groups: Mapping[str, int], families: Sequence[str]) -> Caption:
    whole = [slots[x.WHOLE, code] for code in groups if (x.WHOLE, code) in slots]
    said = seen.say("then").join(
        seen.say("pair", first=_name(row["group"], seen), second=_words(row, seen)) for row in whole
    )
    totals = [slots[x.WHOLE, code]["value"] for code in families if (x.WHOLE, code) in slots]
    known = [total for total in totals if total is not None]
    period = seen.release.settings.period
    facts = {"period": numbers.date(period, seen.lang) if period else seen.say("period_unstated")}
    by_place = any(row["place"] != x.WHOLE and row["reason"] != CROSSED for row in slots.values())
    whole_known = bool(known) and len(known) == len(totals)
    facts["n"] = seen.say("sample_total", n=seen.number(sum(known), 0)) if whole_known else seen.say("sample_unsaid")
    return Caption(_title(seen, slots, groups), seen.say("sample_subtitle", **facts),
                   seen.say("sample_alt" if by_place else "sample_alt_classes", said=said), seen.coded)  # fmt: skip


def _title(seen: View, slots: Slots, groups: Mapping[str, int]) -> str:
    """Who was heard less than planned, over all places or in one; else who was heard most."""
    rows = [slots[x.WHOLE, code] for code in groups if (x.WHOLE, code) in slots]
    known = [row for row in rows if row["value"] is not None]
    planned = [row for row in known if row["planned"]]
    short = [row for row in planned if row["value"] < row["planned"] and groups[row["group"]]]
    if short:
        named = (
            seen.say("sample_short_one", name=_name(row["group"], seen), share=_few_words(row, seen)) for row in short
        )
        return seen.say("sample_title_short", who=numbers.items(list(named), seen.lang))
    if planned:
        return claims.hedged(seen, seen.say("sample_title_met"), withheld=len(known) < len(rows))
    if not known:
        return seen.say("sample_title_withheld")
    found = claims.lead({row["group"]: row["value"] for row in known if groups[row["group"]]} or
                        {row["group"]: row["value"] for row in known})  # fmt: skip
    who = numbers.items([_name(group, seen) for group in found.first], seen.lang)
    title = seen.say("sample_title_most", who=who, n=seen.number(found.count, 0))
    return claims.hedged(seen, title, withheld=len(known) < len(rows))
