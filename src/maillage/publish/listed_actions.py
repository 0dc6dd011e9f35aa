"""Actions by place as an audience sees them: each of the pack for every place of the study, few and nobody alike.

An action stands at a place because something speaks for it there. Where that is only what informants say, and no
published number says so, the row is the same as where nobody speaks: withheld.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import polars as pl

from maillage.estimate import estimate_id
from maillage.evidence import Evidence
from maillage.publish.ladders import ALL, ZONE
from maillage.publish.rules import FEW, Rules, withhold

Row = Mapping[str, Any]
KIND = "priorities"
NOTHING: dict[str, Any] = {"evidence": [], "supporting": None, "rank_acceptability": None, "verdict": "not_computable",
                           "reason": FEW}  # fmt: skip


def actions(
    priorities: pl.DataFrame, known: Rules, evidence: Evidence, full: Mapping[str, Row], *, hidden: Set[str],
    vague: Set[str], places: Sequence[str],
) -> tuple[pl.DataFrame, frozenset[str]]:  # fmt: skip
    """The table as the audience sees it, and the ids of its rows that are withheld; none where nobody was heard.

    What is withheld is neither named nor counted as evidence. full: numbers by id; hidden: ids without a number that is
    seen; vague: ids whose words leave open whether anybody said so.
    """
    rows: dict[str, Row] = {}
    for row in priorities.iter_rows(named=True):
        cited = row["evidence"] or []
        shown = [item for item in cited if item not in hidden | vague]
        told = any(known.behind(full[item]["trace"]) for item in cited if item in full)
        if told and not shown and row["rank_acceptability"] is None and not is_aimed(row, evidence):
            continue
        silent = told or len(shown) < len(cited) or (bool(known.people) and not shown)
        out = row | {"evidence": shown, "supporting": None if silent else row["supporting"]}
        few = {"rank_acceptability": None, "verdict": "not_computable", "reason": FEW}
        rows[row["id"]] = out | few if row["id"] in hidden else out
    blank = {row["id"]: row for row in _nowhere(priorities, places) if row["id"] not in rows} if known.people else {}
    every = rows | blank
    return pl.DataFrame([every[name] for name in sorted(every)], schema=priorities.schema), frozenset(blank)


def _nowhere(priorities: pl.DataFrame, places: Sequence[str]) -> Iterator[Row]:
    """Every action for every place, as if nothing spoke for it; what an action is stands in its row for everybody."""
    for row in priorities.filter(pl.col("place") == ALL).iter_rows(named=True):
        for place in places:
            yield row | NOTHING | {"id": estimate_id(KIND, place, row["action"]), "place": place}


def withheld(ids: Set[str], full: Mapping[str, Row]) -> dict[str, dict[str, Any]]:
    """The numbers of actions that are withheld, by id."""
    found: dict[str, dict[str, Any]] = {}
    for ident in ids:
        _, place, action = ident.split("/")
        number = full.get(estimate_id(KIND, ALL, action))
        if number is not None:
            found[ident] = withhold({**number, "id": ident, "place": place}, FEW)
    return found


def is_aimed(priority: Row, evidence: Evidence) -> bool:
    """Whether an action is listed for an area whatever was said there: for everybody, and for the zones it aims at."""
    zones = {f"{ZONE}{name}" for name in (*evidence.study.zones, *evidence.zones["zone"])}
    above = evidence.pack.actions.get(priority["parent"] or priority["action"]) or {}
    own = (above.get("sub_actions") or {}).get(priority["action"]) or above
    aims = {f"{ZONE}{name}" for name in own.get("zones") or above.get("zones") or ()} & zones
    return priority["place"] == ALL or (priority["place"] in zones and (not aims or priority["place"] in aims))
