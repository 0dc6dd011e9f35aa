"""How many markets are named in a place, as far as the published numbers show it.

The number itself counts those who name one and nobody else, so that below everybody it is withheld. What every reader
can count is put in its place: the markets of which a published share says that somebody named them, and those that
public sources name. It is a floor, as the number is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.rules import COUNTS, MAYBE_NONE, UNRULED_BELOW, Rules, is_public, unruled

Row = Mapping[str, Any]
SHARE = "markets"


def counted(
    decided: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """The rows of a release with that count where there is something to count.

    full: rows as computed, by id.
    """
    shares = [row for row in decided if row["measure"] == SHARE and row["status"] == "ok"]
    told = {
        (row["place"], row["market"]) for row in shares if row["k"] or (row["band"] and row["band"] not in MAYBE_NONE)
    }
    open_ = evidence.sources.filter(is_public())["id"].to_list()
    markets = dict(evidence.coded.filter(pl.col("source").is_in(open_)).select("id", "market").iter_rows())
    return [_counted(row, told, markets, full.get(row["id"])) if _is_hidden(row, known) else row for row in decided]


def _is_hidden(row: Row, known: Rules) -> bool:
    return row["measure"] in UNRULED_BELOW and row["status"] == "withheld" and unruled(row, known)


def _counted(
    row: dict[str, Any], told: set[tuple[str, str]], markets: Mapping[str, str], number: Row | None
) -> dict[str, Any]:
    named = {market for place, market in told if place == row["place"]}
    if number is not None:
        named |= {markets[item] for item in number["trace"] if item in markets}
    if not named:
        return row
    blank = dict.fromkeys(COUNTS) | {"value": float(len(named)), "meaning": "floor", "status": "ok", "reason": None}
    return row | blank
