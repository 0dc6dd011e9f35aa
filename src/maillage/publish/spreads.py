"""How many markets are named in a place, beside what is said of each of them.

Where the published shares say of as many markets as the number tells that somebody named them, nobody named any other:
that is the answer of everybody who was asked about it. The number is then withheld.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.rules import Rules, is_public, is_whole, withhold
from maillage.publish.union_audit import smallest
from maillage.publish.unions import counts
from maillage.publish.unknowns import Count

Row = Mapping[str, Any]
NAMED, SHARE = "active_markets", "markets"


def without_silences(
    shown: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row],
    fixed: Sequence[Count] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of a release without numbers of markets named that say of which market nobody spoke.

    fixed: counts that went out before.
    """
    told = {row["place"] for row in shown if _counts_markets(row, known)}
    shares = {name: row for name, row in full.items() if row["measure"] == SHARE and row["n"] and row["place"] in told}
    markets = {name: row for name, row in full.items() if row["measure"] == SHARE}
    now = counts({row["id"]: row for row in shown if not row["released"]}, known, evidence, markets) if told else []
    least = smallest(now, shares.keys(), fixed=[count for count in fixed if count.what[0] == SHARE])
    public = _public(evidence)
    out: list[dict[str, Any]] = []
    for row in shown:
        here = {share["market"]: least.get(name, 0) for name, share in shares.items() if share["place"] == row["place"]}
        named = {market for market, people in here.items() if people} | public.get(row["place"] or "", set())
        gives = _counts_markets(row, known) and bool(here.keys() - named) and row["value"] <= len(named)
        out.append(withhold(full[row["id"]], "differencing") if gives else row)
    return out


def _counts_markets(row: Row, known: Rules) -> bool:
    return row["measure"] == NAMED and row["status"] == "ok" and known.strict(row) and not is_whole(row)


def _public(evidence: Evidence) -> dict[str, set[str]]:
    """Markets that public sources name, by the place they speak of; what counts for larger areas is left out."""
    open_ = evidence.sources.filter(is_public())["id"].to_list()
    told = evidence.observations.filter(pl.col("source").is_in(open_) & pl.col("market").is_not_null())
    found: dict[str, set[str]] = {}
    for place, market in told.filter(pl.col("question") == "presence").select("place", "market").iter_rows():
        if place is not None:
            found.setdefault(place, set()).add(market)
    return found
