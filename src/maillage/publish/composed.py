"""Which scores and ranks of an index would give away what is held back: composites of few answers, and open gaps.

A score of one or two things asked is those answers again; a rank of all but one says where the one stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from maillage import composites
from maillage.estimate import estimate_id
from maillage.pack import Pack
from maillage.publish.rules import Rules, withhold

Row = Mapping[str, Any]
KIND, PARTS = "index", 3
RANKED = ("rank", "rank_order")
FEW = "too_few_informants"


def without_composed(
    shown: Sequence[dict[str, Any]], known: Rules, full: Mapping[str, Row], pack: Pack
) -> list[dict[str, Any]]:
    """The rows without scores of fewer than three things asked, and without ranks among units of which one is held.

    full: the rows as computed, by id. What rests on public evidence alone stays.
    """
    if not any(row["kind"] == KIND for row in shown):
        return list(shown)
    out = {row["id"]: row for row in shown}
    for row in shown:
        if row["kind"] == KIND and row["status"] == "ok" and known.strict(row) and known.behind(row["trace"]):
            out[row["id"]] = withhold(row, "few_parts") if _few(row, full, pack) else row
    for ident, row in out.items():
        if row["measure"] == "quadrants" and _top_is_held(row, out, pack):
            out[ident] = withhold(row, "rank_tells")
    open_ = {row["answer"] for row in full.values() if row["measure"] == "rank" and _held(out, row["id"])}
    for ident, row in out.items():
        if row["measure"] in RANKED and full[ident]["answer"] in open_ and row["status"] == "ok":
            out[ident] = withhold(row, "rank_tells")
    return [out[row["id"]] for row in shown]


def scores_alike(
    shown: Sequence[dict[str, Any]], known: Rules, full: Mapping[str, Row], pack: Pack
) -> list[dict[str, Any]]:
    """The rows with at most one withheld score a unit of an index that rests on people, few and nobody in the same
    words: that a part, a rank or an order is held back would say that somebody spoke of it there.
    """
    asked = {name for name in pack.indices if any(known.behind(row["trace"]) for row in full.values()
                                                  if row["measure"] == name)}  # fmt: skip
    tops = {ident for ident, row in full.items() if row["kind"] == KIND and row["place"] and _is_top(row, pack)
            and (row["measure"] in asked or row["measure"] == "quadrants")}  # fmt: skip
    held = {row["measure"] for row in shown if row["id"] in tops and row["status"] == "withheld"}
    out: list[dict[str, Any]] = []
    for row in shown:
        if row["id"] in tops and row["measure"] in held and row["status"] != "ok":
            out.append(withhold(row, FEW))
        elif row["kind"] != KIND or row["status"] != "withheld" or not row["place"]:
            out.append(row)
    return out


def _is_top(row: Row, pack: Pack) -> bool:
    """Whether a number says where a unit stands as a whole; there is one for every unit, whatever was said of it."""
    return row["id"].count("/") == 1 and (row["measure"] in pack.indices or row["measure"] == "quadrants")


def _held(rows: Mapping[str, Row], ident: str) -> bool:
    return rows[ident]["status"] == "withheld" if ident in rows else True


def _top_is_held(row: Row, rows: Mapping[str, Row], pack: Pack) -> bool:
    tops = (estimate_id(name, row["place"]) for name in pack.indices)
    return row["status"] == "ok" and any(ident in rows and _held(rows, ident) for ident in tops)


def _few(row: Row, full: Mapping[str, Row], pack: Pack) -> bool:
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
