"""Scores, ranks and what moves them in words: what each is called, and what is said of it."""

from collections.abc import Mapping
from typing import Any

from maillage import composites, numbers
from maillage.labels import Labels

Row = Mapping[str, Any]
SCORE, RANK, CHANGE = "score", "rank", "index_change"
BY_ROUND = ("scores", "index")  # kinds of numbers that rounds have of their own


def node(code: str, labels: Labels) -> str:
    """The label of a node of an index: its own, else that of what it is made of."""
    found = composites.node_of(labels.pack.indices, code)
    if found is None:
        return code
    entry = found[1]
    if "label" in entry:
        return str(entry["label"][labels.lang])
    measure, _, answer = str(entry["from"]).partition("/")
    if measure == "indicators":
        return str(labels.pack.indicators[answer]["label"][labels.lang])
    return labels.code("questions" if measure == "items" else composites.LISTS[measure], answer)


def label(row: Row, labels: Labels) -> str:
    """What a number of an index is about: `vulnerability: living conditions, Gao, state of 2018–2023`."""
    colon = f"{numbers.NBSP if labels.lang == 'fr' else ''}: "
    when = moment(row, labels)
    when = labels.phrase("index_state", period=when) if when and not _by_round(row, labels) else when
    where = labels.place(row["place"]) if row["place"] and row["measure"] != "rank_order" else ""
    return labels.measure(row["measure"]) + colon + ", ".join(filter(None, [*_parts(row, labels), where, when]))


def moment(row: Row, labels: Labels) -> str:
    """When: the round, or the two, that a number is of, else its month or period; blank where it has none."""
    rounds = _by_round(row, labels)
    told = row["month"] or row["period"]
    return labels.round(rounds) if rounds else numbers.date(told, labels.lang) if told else ""


def _by_round(row: Row, labels: Labels) -> str:
    """The round that a number is of, both of a change; blank for any other."""
    if row["measure"] == CHANGE:
        return str(row["id"]).rpartition("/")[2]
    variant = str(row["id"]).partition("@")[2]
    return variant if variant in labels.rounds and row["kind"] in BY_ROUND else ""


def _parts(row: Row, labels: Labels) -> list[str]:
    """What stands between the measure and the place."""
    stem, _, variant = row["id"].partition("@")
    last = stem.rpartition("/")[2]
    if row["measure"] == "quadrants":
        return [quadrant(row, labels)] if stem.count("/") > 1 else []
    if row["answer"] is None or row["answer"] == row["measure"]:
        return []
    what = [node(row["answer"], labels)]
    if row["measure"] == RANK and variant:
        return [*what, labels.phrase(f"index_doubt_{variant}")]
    if row["measure"] == "rank_order":
        first, other = last.split("~")
        return [*what, labels.phrase("index_above", place=labels.place(first), other=labels.place(other))]
    if row["measure"] == "sensitivity":
        which = labels.phrase("index_in_all" if variant else "index_alone")
        return [*what, labels.phrase(f"index_choice_{last}"), which]
    if row["measure"] == "drop_each":
        return [*what, labels.phrase("index_without", what=node(last, labels))]
    return what


def quadrant(row: Row, labels: Labels) -> str:
    """A quadrant in words, or that none has enough of the draws."""
    x, y = axes(labels)
    return labels.phrase(f"index_quadrant_{row['answer']}", x=node(x, labels), y=node(y, labels))


def axes(labels: Labels) -> tuple[str, str]:
    """The two indices that the pack lays against each other."""
    for name, spec in labels.pack.indices.items():
        if spec.get("against"):
            return name, str(spec["against"]["index"])
    return "", ""


def say(row: Row, labels: Labels) -> str:
    """A number of an index as a reader is told it."""
    if row["measure"] == CHANGE:
        return _change(row, labels)
    if row["unit"] == SCORE:
        return _score(row, labels)
    if row["measure"] == RANK:
        return _between("index_rank", row, labels, 0)
    if row["unit"] == "ranks":
        return labels.phrase("index_shift", value=numbers.number(row["value"], labels.lang))
    part = share(row["value"], labels)
    if row["measure"] == "quadrants" and row["id"].count("/") == 1:
        key = "index_quadrant_none" if row["answer"] == "undecided" else "index_quadrant"
        return labels.phrase(key, share=part, what=quadrant(row, labels))
    if row["measure"] == "sensitivity":
        low, high = (share(row[name], labels) for name in ("low", "high"))
        return labels.phrase("index_moves", share=part, low=low, high=high)
    return labels.phrase("index_weight" if row["measure"] == "reliability" else "index_draws", share=part)


def share(value: float, labels: Labels) -> str:
    """A share of draws or of weight, from 0 to 1: a per cent would read like one of people. One outside is its end."""
    return numbers.number(min(max(value, 0.0), 1.0), labels.lang)


def _score(row: Row, labels: Labels) -> str:
    spec = labels.pack.indices.get(row["measure"]) or {}
    most = numbers.number((spec.get("scale") or composites.SCALE)[1], labels.lang)
    return _between("index_score", row, labels, decimals(row["value"]), most=most)


def short(row: Row, labels: Labels) -> str:
    """A score or a change with its bounds, as a table says it whose note tells what they are."""
    if row["measure"] == CHANGE:
        return _change(row, labels, "index_changed_short")
    return _between("index_short", row, labels, decimals(row["value"]))


def _change(row: Row, labels: Labels, key: str = "index_changed") -> str:
    """By how much a score went up or down, and whether most draws agree that it did."""
    told = {name: _signed(row[name], labels, decimals(row["value"])) for name in ("value", "low", "high")
            if row[name] is not None}  # fmt: skip
    if len(told) < 3:
        return labels.phrase("index_changed_bare", **told)
    clear = "up" if row["low"] > 0 else "down" if row["high"] < 0 else "unclear"
    return labels.phrase(f"{key}_between", **told, verdict=labels.phrase(f"index_changed_{clear}"))


def apart(row: Row, labels: Labels) -> str:
    """That two rounds are not comparable, and why."""
    if row["reason"] == "round_items" and row["missing"]:
        why = labels.phrase("round_items_count", n=row["missing"])
    else:
        why = labels.phrase(f"reason_{row['reason']}")
    return labels.phrase("round_apart", reason=why)


def _signed(value: float, labels: Labels, places: int) -> str:
    """A number with its sign; none before nought."""
    text = numbers.number(value, labels.lang, places)
    nought = numbers.number(0, labels.lang, places)
    return nought if text.strip("\u2212") == nought else text if value < 0 else f"+{text}"


def decimals(value: float) -> int:
    """One decimal of a score, none where it was made a whole number."""
    return 0 if value == round(value) else 1


def _between(key: str, row: Row, labels: Labels, places: int, **more: str) -> str:
    told = {name: numbers.number(row[name], labels.lang, places) for name in ("value", "low", "high")
            if row[name] is not None}  # fmt: skip
    ranged = {"low", "high"} <= told.keys()
    ending = "_same" if ranged and told["low"] == told["high"] else "_between" if ranged else ""
    return labels.phrase(f"{key}{ending}", **told, **more)
