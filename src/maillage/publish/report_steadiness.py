"""How far the small numbers of a report move, which places can be told apart, and what totals are worth."""

from collections.abc import Callable, Sequence

from maillage import numbers
from maillage.blocks import Block, Cell, Items, Number, Paragraph, Text
from maillage.publish import wording
from maillage.publish.explain import Behind
from maillage.publish.nesting import distinct
from maillage.publish.report_tables import table
from maillage.publish.swing_words import between, left_out, without
from maillage.publish.view import Row, View, capital, words

MOST, MOST_PAIRS = 24, 8
SHOWN = ("links", "markets")
SMALL = 20  # fewer people than this: a share is a handful of answers


def small_numbers(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """Of each count among few people: one answer turned round, nobody's silence assumed away, one class left out."""
    left = left_out(seen.release)
    rows = [
        [
            _named(row, seen),
            words(numbers.share(row["k"], row["n"], seen.lang)),
            words(between((max(0, row["k"] - 1), row["n"]), (min(row["n"], row["k"] + 1), row["n"]), seen.labels)),
            words(_silent(row, seen)),
            words(without("class", left.get(row["id"], {}), seen.labels)),
            words(without("interviewer", left.get(row["id"], {}), seen.labels)),
        ]
        for row in _small(keys, seen, known)
    ]
    heads = ("about_count", "said_so", "swing", "silent", "without_class", "without_interviewer")
    made = table("small_numbers", heads, rows, seen, note=True)
    return [made] if made else []


def orders(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """Places of which one clearly says it more, the clearest first, and how many pairs cannot be told apart."""
    pairs = [row for row in seen.release.beside.orders.iter_rows(named=True)
             if known.estimates[row["id"]]["measure"] in SHOWN]  # fmt: skip
    higher = sorted((row for row in pairs if row["told"] == "higher"), key=lambda row: (-row["probability"], row["id"]))
    if not pairs:
        return []
    lines = [_ordered(known.estimates[row["id"]], known.estimates[row["than"]], seen) for row in higher[:MOST_PAIRS]]
    facts = {"count": len(pairs), "apart": len(higher), "overlap": len(pairs) - len(higher)}
    facts = {name: seen.number(value, 0) for name, value in facts.items()} | facts
    told = Paragraph([Text(seen.labels.phrase("orders_told" if lines else "orders_none", **facts))])
    return [told, Items(lines)] if lines else [told]


def totals(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """What levies add up to: hard bounds, nine draws in ten under each shape, or what is missing."""
    drawn: dict[str, list[Row]] = {}
    for row in seen.rows("levy_totals", status="ok"):
        stem, _, shape = row["id"].partition("@")
        if shape:
            drawn.setdefault(stem, []).append(row)
    whole = [row for row in distinct("levy_totals", seen) if "@" not in row["id"]]
    rows = [
        [
            words(capital(seen.labels.code("markets", row["market"]))),
            words(seen.place(row["place"])),
            (Number(row["id"], wording.say(row, seen.labels, "range"), row["value"]),),
            words(seen.labels.code("per", row["per"]) if row["per"] else ""),
            words(seen.labels.code("meaning", row["meaning"]) if row["meaning"] else ""),
            _shapes(drawn.get(row["id"], []), seen),
        ]
        for row in whole if row["status"] == "ok"
    ]  # fmt: skip
    made = table("totals", ("taxed", "place", "outside", "per_time", "meaning", "shapes"), rows, seen, note=True)
    return [*([made] if made else []), *_no_total(whole, seen)]


def _no_total(whole: Sequence[Row], seen: View) -> list[Block]:
    """How many totals cannot be computed, and what is missing, one sentence a reason."""
    missing: dict[str, list[Row]] = {}
    for row in whole:
        if row["status"] == "not_computable":
            missing.setdefault(wording.say(row, seen.labels), []).append(row)
    return [
        Paragraph([
            Text(seen.labels.phrase("totals_missing", count=len(rows), what=_goods(rows, seen))),
            Number(rows[0]["id"], said, None), Text("."),
        ])
        for said, rows in missing.items()
    ]  # fmt: skip


def _goods(rows: Sequence[Row], seen: View) -> str:
    return numbers.listed((seen.labels.code("markets", row["market"]) for row in rows), seen.lang)


def _shapes(rows: Sequence[Row], seen: View) -> Cell:
    """Nine draws in ten under each shape, one after the other."""
    cell: list[Text | Number] = []
    for row in rows:
        name = seen.labels.phrase(f"shape_{row['id'].partition('@')[2]}")
        cell += [Text(numbers.between(seen.lang))] if cell else []
        cell += [Text(f"{name} "), Number(row["id"], wording.say(row, seen.labels, "range"), row["value"])]
    return cell or (Text(""),)


def _small(keys: Sequence[str], seen: View, known: Behind) -> list[Row]:
    """Counts among few people: those the text refers to, then what is said of links and markets."""
    named = [known.estimates[ident] for ident in dict.fromkeys(keys) if ident in known.estimates]
    others = [row for measure in SHOWN for row in distinct(measure, seen) if row["k"]]
    every = {row["id"]: row for row in (*named, *others) if row["kind"] == "shares" and "@" not in row["id"]}
    return [row for row in every.values() if _counted(row)][:MOST]


def _counted(row: Row) -> bool:
    plain = row["status"] == "ok" and not row["band"] and row["k"] is not None
    return plain and bool(row["n"]) and row["n"] < SMALL


def _named(row: Row, seen: View) -> Cell:
    return (Number(row["id"], capital(wording.label(row, seen.labels)), row["value"]),)


def _silent(row: Row, seen: View) -> str:
    """Where those who gave no answer had all said otherwise, or all said so."""
    silent = row["missing"] or 0
    return between((row["k"], row["n"] + silent), (row["k"] + silent, row["n"] + silent), seen.labels) if silent else ""


def _ordered(more: Row, less: Row, seen: View) -> Cell:
    """`Coopetition: more people say so in Gao (5 of 6) than in Mopti (1 of 7).`"""
    what = wording.answer(more, seen.labels) if more["answer"] else seen.labels.code("markets", more["market"])
    facts = {
        "what": capital(what), "place": seen.place(more["place"]), "other": seen.place(less["place"]),
        "share": numbers.share(more["k"], more["n"], seen.lang),
        "other_share": numbers.share(less["k"], less["n"], seen.lang),
    }  # fmt: skip
    return (Number(more["id"], seen.labels.phrase("order_higher", **facts), more["value"]),)


STEADY: dict[str, Callable[[Sequence[str], View, Behind], list[Block]]] = {
    "small_numbers": small_numbers, "orders": orders, "totals": totals,
}  # fmt: skip
