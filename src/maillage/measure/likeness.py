"""How varied the markets of an area are said to be, and which actors are named in the same ones.

Both rest on who was asked: more sources find more markets. To be named in the same markets is not to work together.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import polars as pl

from maillage import estimate
from maillage.estimate import Row, estimate_id
from maillage.evidence import Evidence
from maillage.measure.respondents import ALL, areas
from maillage.measure.spread import diversity, overlap
from maillage.measure.stated import Stated, by_area, cluster_count, ids, stated
from maillage.measure.variety import rarefied

VARIETY_METHOD, OVERLAP_METHOD = "hill_numbers 1", "market_overlap 1"
FEWEST_CLUSTERS, FEWEST_NAMED = 5, 3
ORDERS = (0, 1, 2)


def market_variety(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Effective number of markets of an area: `market_variety/P/q0`, `q1`, `q2` (Hill), and `.../rarefied`.

    Of how many independent sources name each market as present. `rarefied`: markets expected from as few namings as the
    area with fewest of its level has, so that unequal effort compares. n: independent sources; fewer than five are
    `too_few` (`sources_few`): the number would tell how many were asked, not how varied crime is.
    """
    counted = {area: _named(items, "market") for area, items in _present(evidence)}
    level = dict(evidence.places.select("code", "level").iter_rows())
    least = dict[str, int]()
    enough = {area for area, items in _present(evidence) if cluster_count(items) >= FEWEST_CLUSTERS}
    for area in enough:
        kind, total = level.get(area, area), sum(counted[area].values())
        least[kind] = min(least.get(kind, total), total)
    rows: list[Row] = []
    for area, items in _present(evidence):
        common: Row = {
            "measure": name,
            "kind": str(spec.get("kind", name)),
            "place": area,
            "n": cluster_count(items),
            "unit_of_analysis": "market",
            "method": VARIETY_METHOD,
            "trace": ids(items),
        }
        if area not in enough:
            rows.append(
                estimate.row(**(common | Row(id=estimate_id(name, area), status="too_few", reason="sources_few")))
            )
            continue
        shares = list(counted[area].values())
        parts = [(f"q{order}", diversity(shares, order)) for order in ORDERS]
        parts.append(("rarefied", rarefied(shares, least[level.get(area, area)])))
        rows += [
            estimate.row(**(common | Row(id=estimate_id(name, area, part), value=value, unit="kinds")))
            for part, value in parts
        ]
    return estimate.collect(rows)


def _present(evidence: Evidence) -> list[tuple[str, list[Stated]]]:
    """Statements that a market is present, by area."""
    found = [
        item
        for item in stated(evidence, "market")
        if item.fields["question"] == "presence" and item.fields["answer"] == "present" and item.fields["market"]
    ]
    return list(by_area(found, areas(evidence)))


def _named(items: list[Stated], column: str) -> dict[str, int]:
    """How many independent sources name each value of a column."""
    told = {(str(item.fields[column]), item.source.cluster) for item in items}
    found = dict[str, int]()
    for value, _ in sorted(told):
        found[value] = found.get(value, 0) + 1
    return found


def market_overlap(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """How far two actors are named in the same markets: `market_overlap/ALL/ACTOR~OTHER`, 0 to 1 (Schoener).

    `.../morisita_horn` beside it. Of independent sources that give an actor a role in a market; actors named in at
    least three markets, whatever the role. n: namings of the actor with fewer. Co-located, not cooperating.
    """
    roles = [item for item in stated(evidence, "role") if item.fields["actor"] and item.fields["market"]]
    actors = sorted({str(item.fields["actor"]) for item in roles})
    markets = sorted({str(item.fields["market"]) for item in roles})
    of = {actor: [item for item in roles if item.fields["actor"] == actor] for actor in actors}
    named = {actor: _named(items, "market") for actor, items in of.items()}
    known = [actor for actor in actors if len(named[actor]) >= FEWEST_NAMED]
    rows: list[Row] = []
    for one, other in combinations(known, 2):
        p, q = ([float(named[actor].get(market, 0)) for market in markets] for actor in (one, other))
        parts = (("", overlap(p, q)), ("/morisita_horn", overlap(p, q, method="morisita_horn")))
        rows += [
            estimate.row(
                id=f"{estimate_id(name, ALL)}/{one}~{other}{tail}",
                measure=name,
                kind=str(spec.get("kind", name)),
                place=ALL,
                actor=one,
                other=other,
                value=value,
                unit="overlap",
                n=int(min(sum(p), sum(q))),
                unit_of_analysis="market",
                method=OVERLAP_METHOD,
                trace=ids([*of[one], *of[other]]),
            )
            for tail, value in parts
        ]
    return estimate.collect(rows)
