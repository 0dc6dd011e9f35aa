"""The indices of a pack: trees of nodes over what a study measures, written as data; what can be wrong with one.

`indices.yml` of a pack: index -> version, label, level of the places scored, `max_age` in months, `least` people behind
an answer, settings of the engine (docs/index.md) and `nodes`. A node with `from: MEASURE/CODE` is a leaf.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from maillage import tables
from maillage.errors import Finding, finding

FILE = "indices.yml"
LANGS = ("en", "fr")
MAX_AGE, LEAST, LEVEL = 36, 3, "admin1"
SCALE = (0, 10)
LISTS = {"factors": "factors", "needs": "needs", "markets": "markets", "severity": "markets", "trend": "markets",
         "legitimacy": "markets", "active_markets": "markets"}  # fmt: skip
VIOLENCE = ("events", "events_all", "deaths")
RATES = ("events_per_100k", "deaths_per_100k")
Spec = Mapping[str, Any]


def leaves(spec: Spec) -> dict[str, Spec]:
    """The nodes of an index that are made of a number of the study, in their order."""
    return {code: node for code, node in spec["nodes"].items() if "from" in node}


def definition(name: str, spec: Spec) -> dict[str, Any]:
    """The definition as the engine reads it: one top called as the index, units in the column `unit`."""
    nodes = [{"code": name}] + [
        {"code": code, "parent": node.get("parent", name), "weight": node.get("weight", 1),
         "direction": node.get("direction", 1)}
        for code, node in spec["nodes"].items()
    ]  # fmt: skip
    posts = {code: node["goalposts"] for code, node in leaves(spec).items() if "goalposts" in node}
    low, high = spec.get("scale") or SCALE
    scale = {"method": spec.get("normalise", "goalposts"), "low": low, "high": high, "goalposts": posts}
    kept = {key: spec[key] for key in ("impute", "treat", "aggregate", "round", "min_share", "guards") if key in spec}
    return {"unit": "unit", "nodes": nodes, "normalise": scale, **kept}


def node_of(indices: Mapping[str, Spec], code: str) -> tuple[str, Spec] | None:
    """The index that has a node, and the node; of a top its index. Codes stand once in a pack."""
    if code in indices:
        return code, indices[code]
    return next(((name, spec["nodes"][code]) for name, spec in indices.items() if code in spec["nodes"]), None)


def parts(spec: Spec, name: str) -> list[str]:
    """The top of an index and the parts it is made of, without single elements."""
    nodes = spec["nodes"].items()
    return [name, *(code for code, node in nodes if "from" not in node and node.get("parent", name) == name)]


def leaves_below(spec: Spec, node: str) -> list[str]:
    """The leaves below a node; all of them for the index's own name, the leaf for a leaf."""
    nodes = spec["nodes"]
    if node not in nodes:
        return list(leaves(spec))
    if "from" in nodes[node]:
        return [node]
    return [leaf for code, each in nodes.items() if each.get("parent") == node for leaf in leaves_below(spec, code)]


def check_indices(
    indices: Mapping[str, Any], rest: Mapping[str, Any], questions: Mapping[str, Any], lists: Mapping[str, Any]
) -> Iterator[Finding]:
    """Everything wrong with the indices of a pack but the shape of their trees, which the engine checks."""
    used: dict[str, str] = {}
    seen: set[str] = set(indices)
    for name, spec in indices.items():
        yield from _texts(spec, name, ("label", "about"))
        nodes = spec.get("nodes")
        if not isinstance(nodes, dict) or not all(isinstance(node, dict) for node in nodes.values()):
            yield finding("pack_shape", file=FILE, field=f"{name}.nodes")
            continue
        level, levels = str(spec.get("level", LEVEL)), tables.codes()["levels"]
        if level not in levels:
            known = ", ".join(levels)
            yield finding("index_level", file=FILE, field=f"{name}.level", value=level, levels=known)
        if not spec.get("version"):
            yield finding("pack_key_missing", file=FILE, field=f"{name}.version")
        for code, node in nodes.items():
            where = f"{name}.nodes.{code}"
            if code in seen:
                yield finding("pack_twice", file=FILE, field=where)
            seen.add(code)
            if node.get("parent", name) not in (name, *nodes):
                yield finding("pack_unknown", file=FILE, field=f"{where}.parent", value=node["parent"])
            if "from" in node:
                yield from _leaf(node, where, rest, questions, lists)
                yield from _twice(node, where, used)
            else:
                yield from _texts(node, where, ("label",))
        against = (spec.get("against") or {}).get("index")
        if against is not None and against not in indices:
            yield finding("pack_unknown", file=FILE, field=f"{name}.against.index", value=against)
    yield from _one_sided(used, lists)


def _texts(entry: Spec, where: str, keys: Sequence[str]) -> Iterator[Finding]:
    for key in keys:
        for lang in LANGS:
            if not str((entry.get(key) or {}).get(lang) or "").strip():
                yield finding("pack_text_missing", file=FILE, field=f"{where}.{key}", lang=lang)


def _leaf(
    node: Spec, where: str, rest: Mapping[str, Any], questions: Mapping[str, Any], lists: Mapping[str, Any]
) -> Iterator[Finding]:
    """A leaf is made of a number that the pack measures, and never of recorded violence."""
    measure, _, code = str(node["from"]).partition("/")
    kind = (rest["measures"].get(measure) or {}).get("kind")
    if measure in VIOLENCE or kind == "events" or code in RATES:
        yield finding("index_events", file=FILE, field=f"{where}.from", value=node["from"])
    known: Any = rest["indicators"] if measure == "indicators" else _known(measure, questions, lists)
    if kind not in ("shares", "scores", "indicators") or code not in known:
        yield finding("pack_unknown", file=FILE, field=f"{where}.from", value=node["from"])
    elif measure == "factors" and (lists["factors"]["codes"][code] or {}).get("side") == "both":
        yield finding("index_both", file=FILE, field=f"{where}.from", value=code)
    if "per" in node and node["per"] not in rest["indicators"]:
        yield finding("pack_unknown", file=FILE, field=f"{where}.per", value=node["per"])


def _known(measure: str, questions: Mapping[str, Any], lists: Mapping[str, Any]) -> Any:
    if measure == "items":
        return [code for code, question in questions.items() if question.get("kind") == "item"]
    return (lists.get(LISTS.get(measure, "")) or {}).get("codes") or {}


def _twice(node: Spec, where: str, used: dict[str, str]) -> Iterator[Finding]:
    """A number feeds two leaves only where the second says why."""
    first = used.setdefault(str(node["from"]), where)
    if first != where and not node.get("twice"):
        yield finding("index_twice", file=FILE, field=where, value=node["from"], first=first)


def _one_sided(used: Mapping[str, str], lists: Mapping[str, Any]) -> Iterator[Finding]:
    """Something that works both ways stands in two indices with its two faces, or in none."""
    for whole, raw in ((lists.get("factors") or {}).get("codes") or {}).items():
        parts = (raw or {}).get("parts") or []
        there = [part for part in parts if f"factors/{part}" in used]
        sides = {used[f"factors/{part}"].partition(".")[0] for part in there}
        if there and (len(there) < len(parts) or len(sides) < len(parts)):
            yield finding("index_one_sided", file=FILE, field=used[f"factors/{there[0]}"], value=whole)
