"""The tables of a report by the name its outline gives them; each returns None where there is no row for it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from maillage import numbers
from maillage.blocks import Cell, Number, Paragraph, Table, Text
from maillage.estimate import UNSTATED
from maillage.labels import phrases
from maillage.publish import answers, citing, wording
from maillage.publish import harm as harms
from maillage.publish.charts import levies as levied
from maillage.publish.explain import because
from maillage.publish.nesting import distinct, located
from maillage.publish.view import View, capital, words

Row = Mapping[str, Any]
NOBODY = "no_interviews"
LINKS = ("links", "links_by_market", "links_pair")
HELD = {"findings": ("evidence", "sides", "confidence")}  # columns that the title asks for, though all rows be alike


def sources(seen: View) -> Table | None:
    """Public sources: what they are, how they are graded, how many statements rest on each."""
    names = citing.numbered(seen.release, seen.lang)
    rows = [
        [
            words(names[row["id"]]),
            words(seen.code("source_kinds", row["kind"])),
            words(numbers.date(row["date"], seen.lang) if row["date"] else ""),
            words(row["reliability"] or ""),
            words(seen.number(row["statements"], 0) if row["statements"] else ""),
        ]
        for row in citing.ordered(seen.release)
    ]
    return table("sources", ("source", "kind", "date", "grade", "statements"), rows, seen, right=(4,), note=True)


def figures(seen: View) -> Table | None:
    """What others published, one row a thing, place and period; what sources say of their own work last."""
    every = distinct("figures", seen)
    rows = [
        [
            words(capital(wording.subject(row, every, seen.labels))),
            _number(row, seen),
            words(_when(row, seen)),
            words(located(row["place"], seen)),
            words(_remark(row, seen)),
            words(_confidence(row, seen)),
        ]
        for row in sorted(every, key=lambda row: (wording.of_source(row, seen.labels), *_by_words(row, seen)))
    ]
    return table("figures", ("figure", "value", "period", "place", "remark", "confidence"), rows, seen, note=True)


def levies(seen: View) -> Table | None:
    """Amounts stated, named as in their chart, per what and how often; by the group last."""
    rows = [
        [
            words(levied.called(row, seen)),
            words(located(row["place"], seen)),
            _number(row, seen, "range"),
            words(_per(row, seen)),
            words(seen.labels.code("meaning", row["meaning"]) if row["meaning"] else ""),
            words(seen.labels.phrase(f"direction_{row['direction']}") if row["direction"] else ""),
            words(_confidence(row, seen)),
        ]
        for row in sorted(distinct("levies", seen), key=lambda row: (row["direction"] == "by_group", row["id"]))
        if seen.is_told(row)
    ]
    heads = ("levy", "place", "amount", "per", "meaning", "direction", "confidence")
    return table("levies", heads, rows, seen, note=True)


def flows(seen: View) -> Table | None:
    """Legs of flows and how many sources state each."""
    rows = [
        [
            words(capital(seen.labels.code("goods", row["good"]))),
            *(words(located(row[end], seen)) for end in ("place", "to")),
            _number(row, seen),
            words(_confidence(row, seen)),
        ]
        for row in filter(seen.is_told, seen.rows("flows"))
    ]
    return table("flows", ("good", "from", "to", "sources", "confidence"), rows, seen, note=True)


def routes(seen: View) -> Table | None:
    """Whole routes: told by one statement, or composed by this study of legs told apart."""
    listed = seen.release.routes.filter(pl.col("via").list.len() > 0).iter_rows(named=True)
    rows = [
        [
            words(capital(seen.labels.code("goods", row["good"]))),
            words(" \u2192 ".join(located(stop, seen) for stop in (row["from"], *(row["via"] or ()), row["to"]))),
            words(seen.labels.phrase(f"route_{row['kind']}")),
            words(seen.labels.phrase("route_single" if row["single_source"] else "route_several")),
        ]
        for row in listed
    ]
    return table("routes", ("good", "route", "route_kind", "route_rests"), rows, seen, note=True)


def links(seen: View) -> Table | None:
    """Links that at least one source describes, with what the people interviewed say and how sure it is."""
    rows: list[Sequence[Cell]] = []
    listed = [row for measure in LINKS for row in distinct(measure, seen) if row["id"] in seen.findings]
    desk = all(row["reason"] == NOBODY for row in listed)  # a column of nobody would say nothing
    for row in listed:
        about = row["market"] and seen.labels.code("markets", row["market"])
        pair = " – ".join(seen.labels.code("actors", row[key]) for key in ("actor", "other") if row[key])
        rows.append([
            words(located(row["place"], seen)), words(capital(wording.answer(row, seen.labels))),
            words(capital(about or pair or seen.labels.phrase("table_any_pair"))),
            _documents(row, seen) if desk else _number(row, seen),
            words(_confidence(row, seen)), words(because(seen.findings[row["id"]], seen.labels)),
        ])  # fmt: skip
    heads = ("place", "link", "about", "sources" if desk else "interviewed", "confidence", "why")
    return table("links", heads, rows, seen, note=True)


def responses(seen: View) -> Table | None:
    """What was tried, and how many sources report it."""
    rows = [
        [
            words(capital(wording.answer(row, seen.labels))),
            words(located(row["place"], seen)),
            words(_when(row, seen)),
            _number(row, seen),
            words(_confidence(row, seen)),
        ]
        for row in distinct("responses", seen)
    ]
    return table("responses", ("response", "place", "period", "sources", "confidence"), rows, seen, note=True)


def actions(seen: View) -> Table | None:
    """Recommendations with their sub-actions: by whom, the needs voiced and factors told of, what could go wrong.

    The rank stands there where any is ranked; else `unranked` says it once, under the table.
    """
    overall = {row["action"]: row for row in seen.release.priorities.iter_rows(named=True) if row["place"] == "ALL"}
    known = {row["id"]: row for row in seen.rows("priorities")}
    ranked = any(row["status"] == "ok" for row in known.values())
    rows: list[Sequence[Cell]] = []
    for code, spec, above in answers.actions_of(seen):
        row = overall.get(code)
        estimate = known.get(row["id"]) if row else None
        rows.append([
            _headed(code, seen),
            words(seen.labels.phrase(f"horizon_{spec['horizon']}")),
            words(answers.needs(code, seen)),
            words(" ".join(filter(None, [answers.factors(code, seen), answers.support(code, seen)]))),
            _number(estimate, seen) if estimate and ranked else words(""),
            words(answers.could_go_wrong(code, above, seen)),
        ])  # fmt: skip
    heads = ("action", "horizon", "needs", "factors", "rank", "harm")
    return table("actions", heads, rows, seen, note=True)


def unranked(seen: View) -> Paragraph | None:
    """That no recommendation is ranked and why, said once; None where any is, or there are none."""
    rows = seen.rows("priorities")
    whole = [row for row in rows if row["place"] == "ALL"]
    if not whole or any(row["status"] == "ok" for row in rows):
        return None
    why = Number(whole[0]["id"], wording.say(whole[0], seen.labels), None)
    return Paragraph([Text(seen.labels.phrase("actions_unranked")), why, Text(".")])


def harm(seen: View) -> Table | None:
    """Whom actions may hurt, and how; the level of the risk that stays."""
    release = seen.release
    rows = [
        [
            words(f"{code}. {capital(release.pack.actions[code]['label'][seen.lang])}"),
            *(words(screen[key][seen.lang]) for key in harms.TEXTS),
            words(capital(seen.labels.phrase(f"residual_{screen['residual']}"))),
        ]
        for code, screen in harms.screens(release.settings, release.pack).items()
    ]  # fmt: skip
    heads = ("action", *harms.TEXTS, "residual")
    return table("harm", heads, rows if release.priorities.height else [], seen, note=True)


def licences(seen: View) -> Table | None:
    """Data sets used: whose they are, under which licence, what dates they cover."""
    rows: dict[tuple[str, ...], list[Cell]] = {}
    for card in seen.release.cards:
        covers = "–".join(numbers.date(day, seen.lang) for day in card.coverage) if card.coverage else ""
        pulled = numbers.date(card.pulled, seen.lang) if card.pulled else ""
        owner, licence = (text or seen.say("card_unstated") for text in (card.owner(seen.lang), card.terms(seen.lang)))
        texts = (card.title.get(seen.lang, card.name), owner, licence, covers, pulled)
        rows.setdefault(texts, [words(text) for text in texts])
    return table("licences", ("dataset", "owner", "licence", "covers", "pulled"), list(rows.values()), seen)


def _headed(code: str, seen: View) -> Cell:
    """An action and, where the pack says it, by whom."""
    head = f"{code}. {capital(str(answers.spec(code, seen)['label'][seen.lang]))}"
    who = answers.actors(code, seen)
    return words(f"{head}. {seen.labels.phrase('brief_by', who=who)}." if who else head)


def _number(row: Row, seen: View, form: str = "words") -> Cell:
    short = f"short_{row['reason']}"
    if row["status"] != "ok" and short in phrases():
        return (Number(row["id"], seen.labels.phrase(short), None),)
    text = wording.say(row, seen.labels, form if row["status"] == "ok" else "words")
    return (Number(row["id"], text, row["value"] if row["status"] == "ok" and not row["band"] else None),)


def _documents(row: Row, seen: View) -> Cell:
    """How many documents say so, where nobody was interviewed."""
    count = seen.release.supports.filter((pl.col("id") == row["id"]) & pl.col("agrees")).height
    return (Number(row["id"], seen.labels.phrase("sources_count", n=seen.number(count, 0)), None),)


def _when(row: Row, seen: View) -> str:
    return numbers.date(row["period"], seen.lang) if row["period"] else seen.labels.phrase("table_undated")


def _remark(row: Row, seen: View) -> str:
    key = f"reason_{row['reason']}"
    return seen.labels.phrase(key) if row["status"] == "ok" and key in phrases() else ""


def _per(row: Row, seen: View) -> str:
    labels = seen.labels
    base, time = labels.phrase("chart_levies_base"), labels.phrase("chart_levies_per")
    if row["base"] not in (None, UNSTATED):
        base = labels.phrase("per_base", base=labels.code("bases", row["base"]))
    if row["per"] not in (None, UNSTATED):
        time = labels.phrase("per_time", per=labels.code("per", row["per"]))
    return numbers.between(seen.lang).join((base, time))


def _confidence(row: Row, seen: View) -> str:
    return seen.labels.code("confidence", row["confidence"]) if row["confidence"] else ""


def _by_words(row: Row, seen: View) -> tuple[object, ...]:
    return (
        numbers.order(wording.answer(row, seen.labels)),
        numbers.order(seen.place(row["place"])),
        row["period"] or "",
        row["id"],
    )


def table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    seen: View,
    *,
    right: Sequence[int] = (),
    note: bool = False,
    title: str = "",
    facts: Mapping[str, object] = MappingProxyType({}),
) -> Table | None:
    """A table with its heads and title in words; `title`: of several tables alike, what they are called (`facts`).

    Columns that say nothing are dropped; one that says the same on every row is said once, under the table,
    unless `HELD` keeps it.
    """
    if not rows:
        return None
    said = [at for at in range(len(heads)) if any(span.text for row in rows for span in row[at])]
    same = [at for at in said[1:] if heads[at] not in HELD.get(name, ()) and _same(rows, at)]
    kept = [at for at in said if at not in same]
    told = {at: seen.labels.head(heads[at]) for at in said}
    once = [seen.labels.phrase("table_all_rows", head=told[at], text=_words(rows[0][at]).rstrip(".")) for at in same]
    return Table(
        id=f"table-{name}",
        title=seen.labels.phrase(f"table_{title or name}", **facts),
        columns=[told[at] for at in kept],
        rows=[[row[at] or (Text(""),) for at in kept] for row in rows],
        note=" ".join([*once, *([seen.labels.phrase(f"table_{title or name}_note", **facts)] if note else [])]),
        align=["right" if at in right else "left" for at in kept],
    )


def _same(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    """Plain words that each of several rows repeats; a number stays where it can be opened."""
    plain = all(isinstance(span, Text) for row in rows for span in row[at])
    return plain and len(rows) > 2 and len({_words(row[at]) for row in rows}) == 1


def _words(cell: Cell) -> str:
    return "".join(span.text for span in cell)


TABLES: Mapping[str, Callable[[View], Table | None]] = {
    "sources": sources, "figures": figures, "levies": levies, "flows": flows, "routes": routes, "links": links,
    "responses": responses, "actions": actions, "harm": harm, "licences": licences,
}  # fmt: skip
