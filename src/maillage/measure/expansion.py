"""Where recorded activity appears, stays and ends, and how many markets are said to be active in an area.

A new place may only be a newly visited or newly reported one: the number says where records begin, not where crime
does.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage import estimate
from maillage.estimate import Row
from maillage.evidence import Evidence
from maillage.measure.events import covers, event_tables, placed_events
from maillage.measure.respondents import ALL, areas
from maillage.measure.stated import by_area, cluster_count, grouped, ids, source_count, stated

NEW_METHOD = "new_places 1"
MARKETS_METHOD = "active_markets 1"


def spread(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """The measures of the kind spread: new_places and active_markets, by `what` of the pack's entry or by name."""
    return {"new_places": new_places, "active_markets": active_markets}[str(spec.get("what", name))](
        evidence, name, spec
    )


def new_places(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Second-level areas with their first recorded event in a year: `new_places/ALL/YYYY`.

    Only events placed precisely enough (UCDP precision <= 3), of the first event table, in years the data cover
    whole. `.../kept` and `.../lost`: areas with events in this year and the one before, and in the one before only.
    Every area of the first year is new because records begin there (`first_year`).
    """
    rows: list[Row] = []
    for event_table in event_tables(evidence)[:1]:
        coverage = next((card.coverage for card in evidence.cards if card.name == event_table), None)
        active = _active(placed_events(evidence, event_table))
        seen: set[str] = set()
        for order, year in enumerate(sorted(active)):
            here, before = set(active[year]), set(active.get(str(int(year) - 1), {}))
            if coverage is None or covers(coverage, year):
                parts = {None: here - seen, "kept": here & before, "lost": before - here}
                trace = [event for events in active[year].values() for event in events]
                earlier = [event for events in active.get(str(int(year) - 1), {}).values() for event in events]
                rows.extend(
                    estimate.row(
                        id="/".join(filter(None, (name, ALL, year, part))),
                        measure=name,
                        kind=str(spec.get("kind", name)),
                        place=ALL,
                        period=year,
                        answer=part or "new",
                        value=float(len(found)),
                        unit=spec.get("unit") or "places",
                        unit_of_analysis="place",
                        method=NEW_METHOD,
                        meaning="floor" if part is None else None,
                        reason="first_year" if order == 0 and part is None else None,
                        trace=trace if part is None else trace + earlier,
                    )
                    for part, found in parts.items()
                )
            seen |= here
    return estimate.collect(rows)


def _active(events: pl.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Year -> second-level area -> its events."""
    found: dict[str, dict[str, list[str]]] = {}
    for year, place, event in events.select("year", "place", "event").iter_rows():
        found.setdefault(year, {}).setdefault(place, []).append(event)
    return found


def active_markets(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """How many markets have at least one statement that they are present: `active_markets/P`.

    Hypothesised and absent statements do not count. More statements find more markets: compare like with like.
    """
    present = [
        item
        for item in stated(evidence, "market")
        if item.fields["question"] == "presence" and item.fields["answer"] == "present" and item.fields["market"]
    ]
    return estimate.collect(
        estimate.row(
            id=estimate.estimate_id(name, area),
            measure=name,
            kind=str(spec.get("kind", name)),
            place=area,
            value=float(len(grouped(items, lambda item: str(item.fields["market"])))),
            unit=spec.get("unit") or "markets",
            unit_of_analysis="market",
            n=source_count(items),
            clusters=cluster_count(items),
            method=MARKETS_METHOD,
            meaning="floor",
            trace=ids(items),
        )
        for area, items in by_area(present, areas(evidence))
    )
