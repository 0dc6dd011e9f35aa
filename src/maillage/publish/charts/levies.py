"""Levies and fees as stated: one range a form, good, base and time; what a group takes and what it pays kept apart."""

from collections.abc import Iterable, Sequence

from maillage import numbers
from maillage.blocks import Cell, Figure
from maillage.estimate import UNSTATED
from maillage.labels import phrases
from maillage.publish import wording
from maillage.publish.charts import claims
from maillage.publish.charts import matrix as x
from maillage.publish.charts import ranges as r
from maillage.publish.gate import Release
from maillage.publish.nesting import distinct
from maillage.publish.svg import PLAIN, STRONG, Canvas, Style, wrap
from maillage.publish.view import Caption, Row, View, canvas, capital, cell, figure, view, words

NAME = "levies_amounts"  # the section is called levies
LEFT, RIGHT = 28.0, 34.0  # room for an arrow and for half a number
SHOWN = 12  # amounts drawn at most, and levies without one; the table has all
SHARE = "share_of"  # units that are a part of what is charged stand on one scale
BY_GROUP, MIXED = "by_group", "mixed"
SMALL = Style(size=12, colour="muted")
Panel = tuple[str, str]  # direction and unit


def levies(release: Release, lang: str) -> Figure | None:
    """One panel a direction and unit, one row an amount; None where no amount may be shown."""
    seen = view(release, lang)
    rows = sorted((row for row in distinct("levies", seen) if row["reason"] != "too_few_informants"), key=_order)
    stated, silent = ([row for row in rows if r.drawable(row) is known] for known in (True, False))
    if not stated:
        return None
    panels = _panels(stated[:SHOWN])
    drawing = canvas(NAME, 10, r.WIDE)
    y = 0.0
    for panel, shown in panels.items():
        y = _draw(drawing, seen, y, panel, shown) + 14
    y = r.legend(drawing, y, seen, stated[:SHOWN])
    y = _silent(drawing, seen, y + 6, silent)
    more = max(0, len(stated) - SHOWN) + max(0, len(_silent_texts(silent, seen)) - SHOWN)
    y = x.note(drawing, y, seen.say("levies_note"))
    drawing.high = (x.note(drawing, y, seen.say("ranges_more")) if more else y) + 10
    heads = [seen.say(f"column_{name}") for name in ("levy", "where", "amount", "per", "meaning", "direction", "said")]
    table = [_cells(row, seen) for row in rows]
    return figure(NAME, drawing, _caption(seen, stated, silent), columns=heads, rows=table)


def _order(row: Row) -> tuple[object, ...]:
    """By direction, what has an amount first; by form, base and time, as amounts of different bases have no order."""
    named = (row["answer"] or "", row["base"] or "", row["per"] or "", row["market"] or "")
    return row["direction"] == BY_GROUP, not r.drawable(row), *named, row["id"]


def _panels(rows: Iterable[Row]) -> dict[Panel, list[Row]]:
    """Amounts by direction and unit, money before shares."""
    found: dict[Panel, list[Row]] = {}
    for row in rows:
        unit = SHARE if (row["unit"] or "").startswith(SHARE) else row["unit"] or UNSTATED
        found.setdefault((row["direction"] or "", unit), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (item[0][0] == BY_GROUP, item[0][1] == SHARE, item[0])))


def _draw(drawing: Canvas, seen: View, top: float, panel: Panel, rows: Sequence[Row]) -> float:
    """Head with direction and unit, rows with an axis for each base and time; returns the y below."""
    y = drawing.lines(0, top + 14, wrap(_head(panel, seen), drawing.wide, STRONG.size, 600), STRONG) - 10
    for same in _alike(rows):
        at = r.scale(same, LEFT, drawing.wide - RIGHT)
        if at.log:
            y = x.note(drawing, y, seen.say("ranges_log")) - 2
        for row in same:
            y = _row(drawing, seen, y, at, row)
        r.axis(drawing, at, y, same[0], seen, most=5)
        y += 24
    return y


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one base and time, which alone stand on one scale."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["base"] or UNSTATED, row["per"] or UNSTATED), []).append(row)
    return list(found.values())


def _head(panel: Panel, seen: View) -> str:
    direction, unit = panel
    name = seen.say("levies_percent") if unit == SHARE else seen.labels.unit(unit if unit != UNSTATED else None)
    key = "levies_paid" if direction == BY_GROUP else "levies_taken"
    return seen.say(key, unit=name or seen.say("unit_unstated"))


def _row(drawing: Canvas, seen: View, top: float, at: r.Scale, row: Row) -> float:
    """What is charged and the amount in words, below them the mark; returns the y below."""
    drawing.line((0, top + 4, drawing.wide, top + 4), "grid")
    text = _said(row, seen)
    box = drawing.text(drawing.wide, top + 20, text, Style(weight=600, anchor="end"))
    y = drawing.lines(0, top + 20, wrap(called(row, seen), box[0] - 10, PLAIN.size), PLAIN)
    y = drawing.lines(0, y, wrap(_basis(row, seen), drawing.wide, SMALL.size), SMALL) - 2
    drawing.line((at.left, y, at.right, y), "grid")
    r.draw(drawing, at, y, row)
    return y + 8


def _said(row: Row, seen: View) -> str:
    """The amount with what it is a part of; the currency stands in the head."""
    text, unit = r.short(row, seen), row["unit"] or ""
    if not unit.startswith(SHARE):
        return text
    return seen.say("levies_part", amount=text, of=seen.labels.unit(unit))


def called(row: Row, seen: View) -> str:
    """The form of the levy and the good it is charged on."""
    known = row["answer"] not in (None, MIXED)
    form = wording.answer(row, seen.labels) if known else ""
    good = seen.labels.code("markets", row["market"]) if row["market"] not in (None, wording.NO_GOOD) else ""
    if form and good:
        return seen.say("levies_what", form=capital(form), good=good)
    return capital(form or good or seen.say("levies_any_form"))


def _basis(row: Row, seen: View) -> str:
    """Where, charged on what, how often."""
    return ", ".join([capital(seen.place(row["place"])), *_per(row, seen)])


def _per(row: Row, seen: View) -> list[str]:
    labels = seen.labels
    base, per = (row[key] not in (None, UNSTATED) for key in ("base", "per"))
    return [
        labels.phrase("per_base", base=labels.code("bases", row["base"])) if base else seen.say("levies_base"),
        labels.phrase("per_time", per=labels.code("per", row["per"])) if per else seen.say("levies_per"),
    ]


def _silent(drawing: Canvas, seen: View, y: float, rows: Sequence[Row]) -> float:
    """Levies without an amount: hatched, named with their places, never at zero; returns the y below."""
    if not rows:
        return y
    y = x.section(drawing, 0, y, seen.say("levies_silent"))
    for text in _silent_texts(rows, seen)[:SHOWN]:
        lines = wrap(text, drawing.wide - 40, PLAIN.size)
        drawing.hatched((0, y + 4, 22, y + 16))
        y = drawing.lines(32, y + 15, lines, PLAIN) - 11
    return y + 8


def _silent_texts(rows: Sequence[Row], seen: View) -> list[str]:
    """`Gold: Gao and Kidal`, one line a levy, with the reason where it is not that nobody said."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        why = "" if row["reason"] == "amount_unstated" else _reason(row, seen)
        found.setdefault((called(row, seen), why), []).append(seen.place(row["place"]))
    return [
        seen.say("levies_silent_why" if why else "levies_silent_one", what=what, why=why,
                 places=numbers.listed(places, seen.lang))
        for (what, why), places in sorted(found.items())
    ]  # fmt: skip


def _reason(row: Row, seen: View) -> str:
    key = f"short_{row['reason']}"
    return seen.labels.phrase(key) if key in phrases() else seen.labels.code("status", row["status"])


def _cells(row: Row, seen: View) -> list[Cell]:
    ok = r.drawable(row)
    direction = f"direction_{row['direction']}"
    return [
        words(called(row, seen)),
        words(capital(seen.place(row["place"]))),
        cell(row, seen, wording.say(row, seen.labels, "range") if ok else _reason(row, seen)),
        words(seen.say("then").join(_per(row, seen))),
        words(seen.say(f"ranges_{r.meaning(row)}") if ok else ""),
        words(seen.labels.phrase(direction) if row["direction"] else ""),
        words(r.voices(row, seen)),
    ]


def _caption(seen: View, rows: Sequence[Row], silent: Sequence[Row]) -> Caption:
    said = seen.say("then").join(
        seen.say("levies_said", what=called(row, seen), basis=_basis(row, seen),
                 amount=wording.say(row, seen.labels, "range"), meaning=seen.say(f"ranges_{r.meaning(row)}"))
        for row in rows
    )  # fmt: skip
    gap = seen.say("levies_gap", what=seen.say("then").join(_silent_texts(silent, seen))) if silent else ""
    period = seen.release.settings.period
    facts = {"period": numbers.date(period, seen.lang) if period else seen.say("period_unstated"), "n": len(rows)}
    subtitle = seen.say("levies_subtitle" if len(rows) > 1 else "levies_subtitle_one", **facts)
    return Caption(_title(rows, seen), subtitle, seen.say("levies_alt", said=said, gap=gap), seen.coded)


def _title(rows: Sequence[Row], seen: View) -> str:
    """The widest range stated; where there is none, the highest amount or how many there are."""
    wide = [row for row in rows if row["low"] and row["high"] and row["high"] > row["low"]]
    if wide:
        row = max(wide, key=lambda row: (row["high"] / row["low"], row["id"]))
        title = seen.say(f"levies_title_{r.meaning(row)}", what=called(row, seen), range=_full(row, seen))
        return claims.hedged(seen, title, [row])
    if len(rows) == 1:
        return seen.say("levies_title_one", what=called(rows[0], seen), amount=_full(rows[0], seen))
    alone = all(r.single(row) for row in rows)
    return seen.say("levies_title_points_single" if alone else "levies_title_points", n=len(rows))


def _full(row: Row, seen: View) -> str:
    """The amount with its unit, and how often where that is stated."""
    text = wording.say(row, seen.labels, "range")
    often = row["per"] not in (None, UNSTATED)
    return f"{text} {seen.labels.phrase('per_time', per=seen.labels.code('per', row['per']))}" if often else text
