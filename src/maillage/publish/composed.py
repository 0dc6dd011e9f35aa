"""Which scores and ranks of an index would give away what is held back: composites of few answers, and open gaps.

A score of one or two things asked is those answers again; a rank of all but one says where the one stands, and that
there is none beside published ranks says that hardly anybody there answered.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from maillage import composites
from maillage.estimate import estimate_id
from maillage.pack import Pack
from maillage.publish.rules import Rules, withhold

Row = Mapping[str, Any]
KIND, PARTS = "index", 3
CHANGE = "index_change"  # between two rounds, of what is told of both
RANKED = ("rank", "rank_order", "sensitivity", "drop_each")


def without_composed(
    shown: Sequence[dict[str, Any]], known: Rules, full: Mapping[str, Row], pack: Pack, heard: Set[str] = frozenset()
) -> list[dict[str, Any]]:
    """The rows without scores of fewer than three things asked, and without ranks among units of which one is held.

    full: the rows as computed, by id. heard: places where people were heard. What rests on public evidence alone stays.
    """
    if not any(row["kind"] == KIND for row in shown):
        return list(shown)
    out = {row["id"]: row for row in shown}
    for row in shown:
        if row["kind"] == KIND and row["status"] == "ok" and known.strict(row) and known.behind(row["trace"]):
            out[row["id"]] = withhold(row, "few_parts") if is_of_few_parts(row, full, pack) else row
    return _without_ranks(out, known, full, pack, heard=heard)


def without_untold(
    shown: Sequence[dict[str, Any]], known: Rules, full: Mapping[str, Row], pack: Pack, *, heard: Set[str],
    kept: Set[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows without scores made of an answer that is not told as it is, and without the ranks of such.

    A score is a sum: whoever knows it and all of its parts but one has worked that one out. What was told before, and
    what the lead signed (`kept`), stays.
    """
    out = {row["id"]: row for row in shown}
    made = {*pack.indices, CHANGE}
    scores = [row for row in shown if row["measure"] in made and row["status"] == "ok" and not row["released"]]
    for row in scores:
        if known.behind(row["trace"]) and row["id"] not in kept and not _parts_told(row, out, full, pack):
            out[row["id"]] = withhold(row, "part_held")
    if all(out[row["id"]] is row for row in scores):
        return list(shown)
    return _without_ranks(out, known, full, pack, heard=heard, kept=kept)


def _without_ranks(
    out: dict[str, dict[str, Any]], known: Rules, full: Mapping[str, Row], pack: Pack, *, heard: Set[str],
    kept: Set[str] = frozenset(),
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows without ranks among units of which one is held, nor the quarter that such a unit lies in."""
    free = {ident for ident, row in out.items() if row["status"] == "ok" and not row["released"] and ident not in kept}
    for ident in free:
        if out[ident]["measure"] == "quadrants" and _top_is_held(out[ident], out, pack):
            out[ident] = withhold(out[ident], "rank_tells")
    ranked = {row["answer"] for row in full.values() if row["measure"] == "rank"}
    open_ = {row["answer"] for row in full.values() if row["measure"] == "rank" and _held(out, row["id"])}
    open_ |= {node for node in ranked if _is_gap(node, out, known, full, pack=pack, heard=heard)}
    for ident in free:
        if out[ident]["measure"] in RANKED and full[ident]["answer"] in open_:
            out[ident] = withhold(out[ident], "rank_tells")
    return list(out.values())


def _parts_told(row: Row, out: Mapping[str, Row], full: Mapping[str, Row], pack: Pack) -> bool:
    """Whether every answer that a score is made of can be read beside it: of its unit, and where other units set the
    scale of theirs too."""
    found = composites.node_of(pack.indices, row["answer"])
    if found is None:
        return False
    name, spec = found[0], pack.indices[found[0]]
    alone = spec.get("normalise", "goalposts") == "goalposts" and not {"impute", "treat"} & spec.keys()
    units = [row["place"]] if alone else _units(name, full.values())
    nodes, least = composites.leaves(spec), int(spec.get("least", composites.LEAST))
    parts = [_part(str(nodes[leaf]["from"]), unit) for leaf in composites.leaves_below(spec, row["answer"])
             for unit in units]  # fmt: skip
    asked = (full[part] for part in parts if part in full and full[part]["kind"] != "indicators")
    return all(_is_told(out.get(part["id"])) for part in asked if part["status"] == "ok" and (part["n"] or 0) >= least)


def _part(source: str, unit: str) -> str:
    """The id of the number that a leaf is made of: the place follows the measure."""
    measure, _, code = source.partition("/")
    return estimate_id(measure, unit, code)


def _is_told(row: Row | None) -> bool:
    """Whether a number is there as it is now: neither in words nor that of an earlier release."""
    if row is None or row["status"] != "ok" or row["released"]:
        return False
    return row["band"] is None and row["k" if row["kind"] == "shares" else "value"] is not None


def is_said(row: Row | None, known: Rules, full: Mapping[str, Row]) -> bool:
    """Whether a number is seen, or that there is none is told of enough people."""
    if row is None or row["status"] in ("ok", "withheld"):
        return row is not None and row["status"] == "ok"
    return len(known.behind(full[row["id"]]["trace"]) & known.people) >= known.least(row)


def _is_gap(
    node: str, out: Mapping[str, Row], known: Rules, full: Mapping[str, Row], *, pack: Pack, heard: Set[str]
) -> bool:  # fmt: skip
    """Whether a score on which people were heard, of all that are ranked by a node, is not seen."""
    found = composites.node_of(pack.indices, node)
    name = found[0] if found else node
    rows = [row for row in full.values() if row["measure"] == name]
    if not any(known.behind(row["trace"]) and known.strict(row) for row in rows):
        return False
    own = () if name == node else (node,)
    return any(not is_said(out.get(estimate_id(name, unit, *own)), known, full) for unit in _units(name, rows)
               if unit in heard)  # fmt: skip


def _held(rows: Mapping[str, Row], ident: str) -> bool:
    return rows[ident]["status"] == "withheld" if ident in rows else True


def _top_is_held(row: Row, rows: Mapping[str, Row], pack: Pack) -> bool:
    tops = (estimate_id(name, row["place"]) for name in pack.indices)
    return row["status"] == "ok" and any(ident in rows and _held(rows, ident) for ident in tops)


def is_of_few_parts(row: Row, full: Mapping[str, Row], pack: Pack) -> bool:
    """Whether fewer than three of the leaves behind a number are things people were asked."""
    if row["measure"] == "quadrants":
        return False
    found = composites.node_of(pack.indices, row["answer"])
    if found is None:
        return True
    name, spec = found[0], pack.indices[found[0]]
    units = [row["place"]] if row["place"] else _units(name, full.values())
    nodes = composites.leaves(spec)
    asked = {code for code in composites.leaves_below(spec, row["answer"])
             if not str(nodes[code]["from"]).startswith("indicators/")
             and any(estimate_id(name, unit, code) in full for unit in units)}  # fmt: skip
    return len(asked) < PARTS


def _units(name: str, rows: Iterable[Row]) -> set[str]:
    return {row["place"] for row in rows if row["measure"] == name}
