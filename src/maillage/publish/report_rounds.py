"""What was answered to the items of an assessment, and indices by round with what changed between two rounds."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from maillage import composites, numbers
from maillage.blocks import Block, Cell, Number, Paragraph, Table, Text
from maillage.publish import index_words, wording
from maillage.publish.explain import Behind
from maillage.publish.nesting import distinct
from maillage.publish.report_tables import table
from maillage.publish.view import DASH, Row, View, capital, words

CHANGE = "index_change"


def items(seen: View) -> Table | None:
    """The mean of each item by place: of all rounds together, and of each round of the study."""
    every = {row["id"]: row for row in seen.rows("items")}
    rounds = list(seen.labels.rounds)
    order = list(seen.release.pack.codes("items"))
    whole = [row for row in distinct("items", seen) if "@" not in row["id"]]
    rows: list[Sequence[Cell]] = []
    for row in sorted(whole, key=lambda row: order.index(row["answer"]) if row["answer"] in order else len(order)):
        told = [row, *(every.get(f"{row['id']}@{name}") for name in rounds)]
        if any(one is not None and seen.is_told(one) for one in told):
            item, place = capital(wording.answer(row, seen.labels)), seen.place(row["place"])
            rows.append([words(item), words(place), *(_number(one, seen) for one in told)])
    heads = ("item", "place", "all_rounds" if rounds else "level", *(f"@{name}" for name in rounds))
    made = table("items", heads, rows, seen, note=True)
    return made and _noted(made, seen.labels.phrase("table_items_rounds") if rounds else "", _versions(seen))


def _noted(made: Table, *more: str) -> Table:
    """A table with further sentences under it."""
    return replace(made, note=" ".join(filter(None, [made.note, *more])))


def _number(row: Row | None, seen: View) -> Cell:
    """A number that opens; in short that it is withheld, or that nobody answered in the round."""
    if row is None:
        return words(seen.labels.phrase("item_nobody"))
    if row["status"] != "ok":
        return (Number(row["id"], seen.labels.phrase("index_held"), None),)
    told = {name: seen.number(row[name], places) for name, places in (("value", 1), ("low", None), ("high", None))
            if row[name] is not None}  # fmt: skip
    told |= {} if row["n"] is None else {"n": seen.number(row["n"])}
    key = f"item_level{'_between' if 'low' in told else ''}{'_of' if 'n' in told else ''}"
    return (Number(row["id"], seen.labels.phrase(key, **told), row["value"]),)


def _versions(seen: View) -> str:
    """That rounds were asked with different versions of the questions; blank where they were not."""
    study = seen.release.settings
    told = {seen.labels.round(name): study.round_versions.get(name, study.pack_version) for name in study.rounds}
    if len(set(told.values())) < 2:
        return ""
    each = [seen.labels.phrase("round_asked_with", round=name, version=version) for name, version in told.items()]
    return seen.labels.phrase("rounds_versions", rounds=numbers.items(each, seen.lang))


def rounds(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """Each index by round, and what changed; that it is held back where this audience may not be told any of it."""
    if not seen.labels.rounds:
        return []
    made = {name: _index(name, seen) for name in seen.release.pack.indices if seen.rows(name)}
    held = [seen.labels.measure(name) for name, found in made.items() if found is None and _is_held(name, seen)]
    said = seen.labels.phrase("rounds_held", what=numbers.items(held, seen.lang)) if held else ""
    return [*filter(None, made.values()), *([Paragraph([Text(said)])] if held else [])]


def _is_held(name: str, seen: View) -> bool:
    return any("@" in row["id"] for row in seen.rows(name, status="withheld"))


def _index(name: str, seen: View) -> Table | None:
    spec, what = seen.release.pack.indices[name], seen.labels.measure(name)
    every = {row["id"]: row for measure in (name, CHANGE) for row in seen.rows(measure)}
    units = sorted({row["place"] for row in seen.rows(name) if row["id"] == f"{name}/{row['place']}"}, key=seen.place)
    rows = [_line(name, node, unit, every, seen) for node in composites.parts(spec, name) for unit in units
            if _is_scored(name, node, units, every, seen)]  # fmt: skip
    heads = ("place", "index_node", *(f"@{one}" for one in seen.labels.rounds))
    heads += (*(f"@{first}~{later}" for first, later in pairwise(seen.labels.rounds)), "index_people")
    low, high = (seen.number(end) for end in spec.get("scale") or composites.SCALE)
    made = table(f"rounds_{name}", heads, rows, seen, note=True, title="rounds",
                 facts={"what": what, "low": low, "high": high})  # fmt: skip
    return made and _noted(made, _versions(seen))


def _is_scored(name: str, node: str, units: Sequence[str], every: dict[str, Row], seen: View) -> bool:
    """Whether any area has a score by a node in any round that may be told."""
    found = (every.get(_score(name, node, unit, one)) for unit in units for one in seen.labels.rounds)
    return any(row is not None and row["status"] == "ok" for row in found)


def _score(name: str, node: str, unit: str, when: str) -> str:
    return f"{name}/{unit}{'' if node == name else f'/{node}'}@{when}"


def _line(name: str, node: str, unit: str, every: dict[str, Row], seen: View) -> Sequence[Cell]:
    scores = [every.get(_score(name, node, unit, when)) for when in seen.labels.rounds]
    changes = [every.get(f"{CHANGE}/{node}/{unit}/{'~'.join(pair)}") for pair in pairwise(seen.labels.rounds)]
    return [
        words(seen.place(unit)),
        words(index_words.node(node, seen.labels)),
        *(_said(row, seen) for row in (*scores, *changes)),
        words(_people(scores, seen)),
    ]


def _said(row: Row | None, seen: View) -> Cell:
    """A score, or a change and whether it is clear; that it is held back; that rounds are not comparable, and why."""
    if row is None or (row["status"] == "not_computable" and row["measure"] != CHANGE):
        return words(seen.labels.phrase("index_none"))
    if row["status"] == "ok":
        return (Number(row["id"], index_words.short(row, seen.labels), row["value"]),)
    held = row["status"] == "withheld"
    return (Number(row["id"], seen.labels.phrase("index_held") if held else index_words.apart(row, seen.labels), None),)


def _people(rows: Sequence[Row | None], seen: View) -> str:
    """How many people stand behind the element of the fewest, round by round, where that may be told."""
    told = [row["n"] if row is not None else None for row in rows]
    return " → ".join(DASH if n is None else seen.number(n) for n in told) if any(told) else ""


ROUNDS = {"rounds": rounds}
