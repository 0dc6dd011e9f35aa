"""Where recorded activity appears, stays and ends, and how many markets are said to be active in an area.

A new place may only be a newly visited or newly reported one: the number says where records begin, not where crime
does.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from maillage import estimate
from maillage.estimate import Row
from maillage.evidence import Evidence
from maillage.measure.events import covers, event_tables, placed_events
from maillage.measure.likeness import market_overlap, market_variety
from maillage.measure.nearness import co_located, event_cluster, near_repeats
from maillage.measure.outlook import forecasts, place_precision
from maillage.measure.patterns import emerging_spots, event_changes, event_trends, hot_spots
from maillage.measure.respondents import ALL, areas, sources
from maillage.measure.stated import by_area, cluster_count, grouped, ids, source_count, stated

NEW_METHOD = "new_places 1"
MARKETS_METHOD = "active_markets 1"


def spread(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """The measures of the kind spread, by `what` of the pack's entry or by name."""
    return MEASURES[str(spec.get("what", name))](evidence, name, spec)


def new_places(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Second-level areas with their first recorded event in a year: `new_places/ALL/YYYY`.

    Only events placed precisely enough (UCDP precision <= 3), of the first event table, in years the data cover
    whole. `.../kept` and `.../lost`: areas with events in this year and the one before, and in the one before only;
    `.../back`: those with events again, after at least a year without. `.../heard`: areas in which somebody was
    interviewed in the year, where anybody was: a new place may only be a newly visited one.
    Every area of the first year is new because records begin there (`first_year`).
    """
    rows: list[Row] = []
    for event_table in event_tables(evidence)[:1]:
        coverage = next((card.coverage for card in evidence.cards if card.name == event_table), None)
        active, heard = _active(placed_events(evidence, event_table)), _heard(evidence)
        seen: set[str] = set()
        for order, year in enumerate(sorted(active)):
            if coverage is None or covers(coverage, year):
                rows += _turnover(name, spec, year, active, seen, begun=order == 0)
                rows += _visited(name, spec, year, heard.get(year, {}))
            seen |= set(active[year])
    return estimate.collect(rows)


Active = Mapping[str, Mapping[str, list[str]]]


def _turnover(
    name: str, spec: Mapping[str, Any], year: str, active: Active, seen: set[str], *, begun: bool
) -> list[Row]:
    """Areas new, kept, lost and back in a year; `seen`: those with events in any year before."""
    last = active.get(str(int(year) - 1), {})
    here, before = set(active[year]), set(last)
    parts = {None: here - seen, "kept": here & before, "lost": before - here, "back": (here & seen) - before}
    trace, earlier = ([event for found in told.values() for event in found] for told in (active[year], last))
    return [
        estimate.row(
            **(
                _common(name, spec, year)
                | Row(
                    id="/".join(filter(None, (name, ALL, year, part))),
                    answer=part or "new",
                    value=float(len(found)),
                    meaning="floor" if part is None else None,
                    reason="first_year" if begun and part is None else None,
                    trace=trace if part is None else trace + earlier,
                )
            )
        )
        for part, found in parts.items()
    ]


def _visited(name: str, spec: Mapping[str, Any], year: str, where: Mapping[str, list[str]]) -> list[Row]:
    """Areas in which somebody was interviewed in a year; nothing for a year without interviews."""
    trace = [f"source:{ident}" for found in where.values() for ident in found]
    row = estimate.row(
        **(
            _common(name, spec, year)
            | Row(id=f"{name}/{ALL}/{year}/heard", answer="heard", value=float(len(where)), trace=trace)
        )
    )
    return [row] if where else []


def _common(name: str, spec: Mapping[str, Any], year: str) -> Row:
    return Row(
        measure=name,
        kind=str(spec.get("kind", name)),
        place=ALL,
        period=year,
        method=NEW_METHOD,
        unit=spec.get("unit") or "places",
        unit_of_analysis="place",
    )


def _heard(evidence: Evidence) -> dict[str, dict[str, list[str]]]:
    """Year -> second-level area -> the interviews held there; somebody who refused was not heard."""
    level = dict(evidence.places.select("code", "level").iter_rows())
    known = areas(evidence).of_place
    asked = [source for source in sources(evidence).values()
             if source.respondent and source.consented and source.place and source.date]  # fmt: skip
    found: dict[str, dict[str, list[str]]] = {}
    for source in asked:
        for area in (area for area in known.get(str(source.place), ()) if level.get(area) == "admin2"):
            found.setdefault(source.date[:4], {}).setdefault(area, []).append(source.id)
    return found


def first_activity(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """The first year with a recorded event of each second-level area: `first_activity/P`, its events as value.

    period: the year, of those the data cover. As `new_places` otherwise; the first year of the data is `first_year`.
    """
    rows: list[Row] = []
    for event_table in event_tables(evidence)[:1]:
        active = _active(placed_events(evidence, event_table))
        seen: set[str] = set()
        for order, year in enumerate(sorted(active)):
            rows.extend(
                estimate.row(
                    **(
                        _common(name, spec, year)
                        | {"place": place}
                        | Row(
                            id=estimate.estimate_id(name, place),
                            value=float(len(active[year][place])),
                            reason=None if order else "first_year",
                            meaning="floor",
                            trace=active[year][place],
                        )
                    )
                )
                for place in sorted(set(active[year]) - seen)
            )
            seen |= set(active[year])
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


MEASURES: Mapping[str, Callable[[Evidence, str, Mapping[str, Any]], pl.DataFrame]] = {
    "new_places": new_places,
    "first_activity": first_activity,
    "active_markets": active_markets,
    "hot_spots": hot_spots,
    "emerging": emerging_spots,
    "event_trends": event_trends,
    "event_changes": event_changes,
    "near_repeats": near_repeats,
    "event_cluster": event_cluster,
    "co_located": co_located,
    "market_variety": market_variety,
    "market_overlap": market_overlap,
    "forecasts": forecasts,
    "place_precision": place_precision,
}
