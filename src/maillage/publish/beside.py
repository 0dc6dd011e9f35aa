"""What may be said beside the numbers an audience sees: how far they move, which place says more, contradictions.

What follows from published numbers alone tells nothing more than they do. What follows from who said what (a count
without one class, without one interviewer) stays with the team.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage.evidence import Results

TEAM_ONLY = ("said", "denied")


@dataclass(frozen=True, slots=True)
class Beside:
    """Tables `steadiness`, `orders`, `brokers` and `contradictions` as an audience may see them."""

    steadiness: pl.DataFrame
    orders: pl.DataFrame
    brokers: pl.DataFrame
    contradictions: pl.DataFrame


def beside(
    results: Results, estimates: pl.DataFrame, findings: pl.DataFrame, informants: Mapping[str, str], *, inside: bool
) -> Beside:
    """estimates, findings: what the audience sees; inside: for the team, and not to be passed on.

    Two places are compared where both counts are published as they stand: an older published count, or one in words,
    would tell by its order what it now is. Of a contradiction the audience learns what its findings say.
    """
    told = findings.filter("contradiction")["id"].to_list()
    torn = results.contradictions.filter(pl.col("id").is_in(sorted(told)))
    return Beside(
        steadiness=results.steadiness if inside else results.steadiness.clear(),
        orders=_orders(results, estimates),
        brokers=_brokers(results, informants, inside=inside),
        contradictions=torn if inside else _told(torn, findings, informants),
    )


def _orders(results: Results, estimates: pl.DataFrame) -> pl.DataFrame:
    plain = estimates.filter(
        (pl.col("status") == "ok") & pl.col("band").is_null() & pl.col("released").is_null() & pl.col("k").is_not_null()
    )
    counts = set(plain.select("id", "k", "n").iter_rows())
    same = sorted(row[0] for row in results.estimates.select("id", "k", "n").iter_rows() if row in counts)
    return results.orders.filter(pl.col("id").is_in(same) & pl.col("than").is_in(same))


def _brokers(results: Results, informants: Mapping[str, str], *, inside: bool) -> pl.DataFrame:
    """Ranks rest on every tie at once: outside the team only where none of them rests on an informant."""
    told = {item for trace in results.brokers["trace"].to_list() for item in trace or ()}
    whole = inside or not told & informants.keys()
    return (results.brokers if whole else results.brokers.clear()).drop("trace")


def _told(torn: pl.DataFrame, findings: pl.DataFrame, informants: Mapping[str, str]) -> pl.DataFrame:
    """Records with the counts of the released findings, without statements, and without reviewers who are informants.

    A published figure carries its own voices; a count that the findings leave out is left out here too.
    """
    counts = {row["id"]: row for row in findings.iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for row in torn.drop(TEAM_ONLY).iter_rows(named=True):
        hidden = f"source:{row['by']}" in informants
        seen = counts[row["id"]]
        rows.append(row | {"for": seen["for"], "against": seen["against"], "by": None if hidden else row["by"]})
    return pl.DataFrame(rows, schema=torn.drop(TEAM_ONLY).schema)
