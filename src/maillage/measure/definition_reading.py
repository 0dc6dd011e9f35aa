"""Read the definition of an index: checked whole before anything is computed.

A slip is told with its place and not met as a strange score.
"""

import math
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

from maillage.errors import MaillageError
from maillage.labels import sentence
from maillage.measure.definition import Definition, Guard, Node, Normalise, Rounding, Treat
from maillage.pack import LANGS

IMPUTE = ("none", "mean", "median", "group_mean", "group_median")
NORMALISE = ("minmax", "zscore", "rank", "prank", "distance_to_max", "goalposts", "none")
AGGREGATE = ("amean", "gmean", "hmean", "inform", "max", "copeland")
ROUNDING = ("half_up", "half_even")
SETTINGS = {"unit", "nodes", "group", "impute", "treat", "normalise", "aggregate", "round", "min_share", "guards"}
ASIDE = {"choices", "version"}  # what to vary (`measure.choices`); which state of the definition (`versions`)
NODE_KEYS = {"code", "parent", "weight", "direction", "denominator"}
TREAT_KEYS = {"skew", "kurtosis", "winsorise_max", "then"}
NORMALISE_KEYS = {"method", "low", "high", "goalposts"}
BETWEEN = "wanted_number_between"
GUARD_KEYS = {"item", "below", "above", "node"}


def read(given: Mapping[str, Any]) -> Definition:
    """The definition in its checked form; `choices` (what to vary) and `version` are left aside.

    Raises MaillageError `index_definition` with the place of the slip.
    """
    _known(given, SETTINGS | ASIDE, "definition")
    nodes = _nodes(given.get("nodes"))
    children: dict[str, list[str]] = {}
    for node in nodes.values():
        if node.parent is not None:
            children.setdefault(node.parent, []).append(node.code)
    top, order = _order(nodes, children)
    leaves = tuple(code for code in nodes if code not in children)
    return Definition(
        unit=_text(given.get("unit"), "unit"), nodes=nodes,
        children={code: tuple(below) for code, below in children.items()}, order=order, leaves=leaves, top=top,
        group=_name(given.get("group"), "group"), impute=_one(given.get("impute") or "none", IMPUTE, "impute"),
        treat=_treat(given.get("treat")), normalise=normalise_of(given.get("normalise"), leaves),
        aggregate=aggregate_of(given.get("aggregate"), order), rounding=_rounding(given.get("round")),
        min_share=_number(given.get("min_share", 0.0), "min_share", low=0.0, high=1.0),
        guards=_guards(given.get("guards"), nodes, leaves),
    )  # fmt: skip


def slip(where: str, found: object, wanted: str, **facts: object) -> MaillageError:
    """The error of a definition: where in it, what stands there, what should (a phrase, with what it names)."""
    shown = found if isinstance(found, str | int | float) else reprlib.repr(found)  # short, whatever it holds
    return MaillageError("index_definition", field=where, value=shown, expected=in_words(wanted, **facts))


def in_words(wanted: str, **facts: object) -> dict[str, str]:
    """A phrase in both languages, as a fact of an error."""
    return {lang: sentence(wanted, lang, **facts) for lang in LANGS}


def _nodes(given: object) -> dict[str, Node]:
    rows = _rows(given, "nodes")
    nodes: dict[str, Node] = {}
    for number, row in enumerate(rows, 1):
        where = f"nodes[{number}]"
        _known(row, NODE_KEYS, where)
        code = _text(row.get("code"), f"{where}.code")
        if code in nodes:
            raise slip(f"{where}.code", code, "wanted_code_once")
        direction = row.get("direction")
        if direction not in (None, 1, -1):
            raise slip(f"{where}.direction", direction, "wanted_direction")
        weight = row.get("weight")
        nodes[code] = Node(
            code, _name(row.get("parent"), f"{where}.parent"),
            1.0 if weight is None else _number(weight, f"{where}.weight", low=0.0), int(direction or 1),
            _name(row.get("denominator"), f"{where}.denominator"),
        )  # fmt: skip
    for number, node in enumerate(nodes.values(), 1):
        if node.parent is not None and node.parent not in nodes:
            raise slip(f"nodes[{number}].parent", node.parent, "wanted_node")
    return nodes


def _order(nodes: Mapping[str, Node], children: Mapping[str, Sequence[str]]) -> tuple[str, tuple[str, ...]]:
    """The top and the nodes with children, deepest first; every node must hang from the one top."""
    tops = [code for code, node in nodes.items() if node.parent is None]
    if len(tops) != 1:
        raise slip("nodes", ", ".join(tops) or "-", "wanted_one_top")
    if tops[0] not in children:
        raise slip("nodes", tops[0], "wanted_top_with_nodes")
    reached, level = [tops[0]], [tops[0]]
    while level:
        level = [below for code in level for below in children.get(code, ())]
        reached += level
    if len(reached) != len(nodes):
        raise slip("nodes", ", ".join(sorted(nodes.keys() - set(reached))), "wanted_tree")
    for code, below in children.items():
        if not any(nodes[one].weight for one in below):
            raise slip(f"nodes of {code}", "0", "wanted_weight")
    return tops[0], tuple(code for code in reversed(reached) if code in children)


def normalise_of(given: object, leaves: Sequence[str]) -> Normalise:
    """How to normalise: a name, or a table with method, low, high and goalposts."""
    if given is None or isinstance(given, str):
        given = {"method": given or "minmax"}
    row = _rows([given], "normalise")[0]
    _known(row, NORMALISE_KEYS, "normalise")
    method = _one(row.get("method") or "minmax", NORMALISE, "normalise.method")
    low = _number(row.get("low", 0.0), "normalise.low")
    high = _number(row.get("high", 100.0), "normalise.high")
    if low >= high:
        raise slip("normalise", f"{low:g}, {high:g}", "wanted_low_high")
    posts = {code: _posts(pair, code) for code, pair in dict(row.get("goalposts") or {}).items()}
    if method == "goalposts" and (missing := [code for code in leaves if code not in posts]):
        raise slip("normalise.goalposts", ", ".join(missing), "wanted_goalposts")
    return Normalise(method, low, high, posts)


def _posts(pair: object, code: str) -> tuple[float, float]:
    where = f"normalise.goalposts.{code}"
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise slip(where, pair, "wanted_two_numbers")
    low, high = (_number(each, where) for each in pair)
    if low >= high:
        raise slip(where, f"{low:g}, {high:g}", "wanted_low_high")
    return low, high


def aggregate_of(given: object, order: Sequence[str]) -> dict[str, str]:
    """How each node with children is made: one name for all, or names by node (the others arithmetic)."""
    if given is None or isinstance(given, str):
        name = _one(given or "amean", AGGREGATE, "aggregate")
        return dict.fromkeys(order, name)
    if not isinstance(given, Mapping):
        raise slip("aggregate", given, "wanted_names")
    unknown = [str(code) for code in given if code not in order]
    if unknown:
        raise slip("aggregate", ", ".join(unknown), "wanted_inner_nodes")
    return {code: _one(given.get(code, "amean"), AGGREGATE, f"aggregate.{code}") for code in order}


def _treat(given: object) -> Treat | None:
    if given is None or given is False:
        return None
    row = _rows([{} if given is True else given], "treat")[0]
    _known(row, TREAT_KEYS, "treat")
    then = row.get("then", "log")
    if then not in ("log", None):
        raise slip("treat.then", then, "wanted_log")
    most = _number(row.get("winsorise_max", 5), "treat.winsorise_max", low=0)
    return Treat(_number(row.get("skew", 2.0), "treat.skew", low=0.0),
                 _number(row.get("kurtosis", 3.5), "treat.kurtosis"), int(most), then)  # fmt: skip


def _rounding(given: object) -> Rounding | None:
    if given is None:
        return None
    row = _rows([given], "round")[0]
    _known(row, {"decimals", "each_level", "mode"}, "round")
    decimals = _number(row.get("decimals", 1), "round.decimals", low=0, high=12)
    each = row.get("each_level", True)
    if not isinstance(each, bool):
        raise slip("round.each_level", each, "wanted_true_false")
    return Rounding(int(decimals), each, _one(row.get("mode") or "half_up", ROUNDING, "round.mode"))


def _guards(given: object, nodes: Mapping[str, Node], leaves: Sequence[str]) -> tuple[Guard, ...]:
    found: list[Guard] = []
    for number, row in enumerate(_rows(given, "guards") if given not in (None, []) else [], 1):
        where = f"guards[{number}]"
        _known(row, GUARD_KEYS, where)
        item = _one(row.get("item"), leaves, f"{where}.item")
        node = _one(row.get("node"), [code for code in nodes if code not in leaves], f"{where}.node")
        limits = [None if row.get(key) is None else _number(row[key], f"{where}.{key}") for key in ("below", "above")]
        if limits == [None, None]:
            raise slip(where, "-", "wanted_limit")
        found.append(Guard(item, node, *limits))
    return tuple(found)


def _rows(given: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise slip(where, given, "wanted_tables")
    for row in given:
        if not isinstance(row, Mapping):
            raise slip(where, row, "wanted_table")
    return list(given)


def _known(row: Mapping[str, Any], keys: set[str], where: str) -> None:
    unknown = [str(key) for key in row if key not in keys]
    if unknown:
        raise slip(where, ", ".join(unknown), "wanted_keys", known=", ".join(sorted(keys)))


def _one(value: object, known: Sequence[str], where: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise slip(where, value, "wanted_one_of", known=", ".join(known))
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise slip(where, value, "wanted_name")
    return value


def _name(value: object, where: str) -> str | None:
    return None if value is None else _text(value, where)


def _number(value: object, where: str, *, low: float = float("-inf"), high: float = float("inf")) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high or abs(value) > 1e300:
        wanted = "wanted_number" if math.isinf(low) else "wanted_number_from" if math.isinf(high) else BETWEEN
        raise slip(where, value, wanted, low=f"{low:g}", high=f"{high:g}")
    return float(value)
