"""Events beside each other: near repeats, the strongest cluster in space and time, kinds found beside kinds.

Of the last years that the data cover whole. Places are those of the data set, often a village for its surroundings.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from maillage import estimate
from maillage.estimate import Row, estimate_id
from maillage.evidence import Evidence
from maillage.measure.respondents import ALL
from maillage.measure.scan import scan
from maillage.measure.series import areas_of, first_table, points, slices, whole_years
from maillage.measure.spread import knox
from maillage.measure.variety import co_location
from maillage.measure_settings import differing, settings

KNOX_METHOD, SCAN_METHOD, BESIDE_METHOD = "knox 1", "space_time_scan 1", "co_location_quotient 1"
FEWEST_EVENTS, FEWEST_AREAS, FEWEST_OF_A_KIND = 30, 10, 10
PEOPLE = "population"


def near_repeats(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Pairs of events near in space and time: `near_repeats/ALL`, with `.../expected` and `.../p` (Knox, 1964).

    Settings of the pack: `km` (25) and `days` (14) apart at most; `years` (3): of the last whole years only, since over
    many the move of violence from one region to another would look like contagion; `draws` (199): shuffles of the
    dates, for p. n: events; `too_few` (`events_few`) below thirty.
    """
    table, chosen = first_table(evidence), settings(name, spec)
    years = whole_years(evidence, table, int(chosen["years"])) if table else ()
    at = points(evidence, table, years) if table and years else None
    if at is None or not at.ids:
        return estimate.collect([])
    common = _common(name, spec, KNOX_METHOD, years, at.ids)
    if len(at.ids) < FEWEST_EVENTS:
        few = estimate.row(
            **(common | Row(id=estimate_id(name, ALL), place=ALL, n=len(at.ids), status="too_few", reason="events_few"))
        )
        return estimate.collect([few])
    space, time, draws = chosen["km"], chosen["days"], int(chosen["draws"])
    found = knox(at.x, at.y, at.day, space=space, time=time, draws=draws, seed=evidence.study.seed)
    parts = (("", float(found.pairs), "pairs"), ("/expected", found.expected, "pairs"), ("/p", found.p, "p"))
    return estimate.collect(
        estimate.row(
            **(common | Row(id=estimate_id(name, ALL) + tail, place=ALL, value=value, unit=unit, n=len(at.ids)))
        )
        for tail, value, unit in parts
    )


def _common(name: str, spec: Mapping[str, Any], method: str, years: tuple[str, ...], trace: list[str]) -> Row:
    period = years[0] if len(years) == 1 else f"{years[0]}/{years[-1]}"
    return Row(
        measure=name,
        kind=str(spec.get("kind", name)),
        unit_of_analysis="event",
        period=period,
        method=method + differing(name, spec),
        trace=trace,
    )


def event_cluster(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """The strongest cluster of events in areas and years against their population: `event_cluster/ALL` (Kulldorff).

    value: events inside; `.../expected` by population; `.../p`; period: its years. `event_cluster/P`: the events of
    each of its areas then. Second-level areas with a population; circles hold at most half of the people, windows at
    most half of the last whole years. Settings of the pack: `years` (10), `draws` (99). Where people fled since they
    were counted, fewer are due than said.
    """
    table, chosen = first_table(evidence), settings(name, spec)
    people = _people(evidence)
    places = [place for place in areas_of(evidence, "admin2") if place in people] if table else []
    years = whole_years(evidence, table, int(chosen["years"])) if table else ()
    if not table or len(places) < FEWEST_AREAS or not years:
        return estimate.collect([])
    data = slices(evidence, table, places, years)
    if data.values.sum() < FEWEST_EVENTS:
        return estimate.collect([])
    x, y = _middles(evidence, places)
    counted, draws = [people[place] for place in places], int(chosen["draws"])
    found = scan(data.values, counted, x, y, draws=draws, seed=evidence.study.seed)
    inside, when = [places[at] for at in found.places], years[found.start : found.end + 1]
    common = _common(name, spec, SCAN_METHOD, when, data.trace(when, inside))
    parts = (("", float(found.cases), "events"), ("/expected", found.expected, "events"), ("/p", found.p, "p"))
    rows = [
        estimate.row(
            **(common | Row(id=estimate_id(name, ALL) + tail, place=ALL, value=value, unit=unit, n=len(inside)))
        )
        for tail, value, unit in parts
    ]
    for at in found.places:
        value = float(data.values[at, found.start : found.end + 1].sum())
        rows.append(
            estimate.row(
                **(
                    common
                    | {"trace": data.trace(when, [places[at]]) or data.trace(when, inside)}
                    | Row(id=estimate_id(name, places[at]), place=places[at], value=value, unit="events")
                )
            )
        )
    return estimate.collect(rows)


def _people(evidence: Evidence) -> dict[str, float]:
    """The population of each area, of its latest count."""
    rows = evidence.indicators.filter((pl.col("indicator") == PEOPLE) & (pl.col("value") > 0)).sort("period")
    return dict(rows.select("place", "value").iter_rows())


def _middles(evidence: Evidence, places: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The middles of areas in kilometres (equirectangular; near enough for telling which are near)."""
    middles = np.array([evidence.outlines[place].centroid.coords[0] for place in places])
    scale = 6371.0 * np.pi / 180
    return middles[:, 0] * scale * np.cos(np.radians(middles[:, 1].mean())), middles[:, 1] * scale


def co_located(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Which kinds of events stand beside which: `co_located/ALL/KIND~OTHER`, the co-location quotient.

    Above 1 the nearest event of a KIND is of the OTHER kind more often than if kinds were dealt to places anew. Of the
    last whole years (setting of the pack: `years`, 3) and kinds with at least ten events. n: events of the KIND.
    Co-located, not cooperating.
    """
    table = first_table(evidence)
    years = whole_years(evidence, table, int(settings(name, spec)["years"])) if table else ()
    at = points(evidence, table, years) if table and years else None
    if at is None:
        return estimate.collect([])
    kinds = np.array(at.kind)
    counted = {str(kind): int((kinds == kind).sum()) for kind in set(at.kind) if kind}
    wanted = np.isin(kinds, [kind for kind, count in counted.items() if count >= FEWEST_OF_A_KIND])
    if len(set(kinds[wanted].tolist())) < 2:
        return estimate.collect([])
    table_of = co_location(at.x[wanted], at.y[wanted], kinds[wanted])
    common = _common(
        name, spec, BESIDE_METHOD, years, [event for event, kept in zip(at.ids, wanted, strict=True) if kept]
    )
    return estimate.collect(
        estimate.row(
            **(
                common
                | Row(
                    id=f"{estimate_id(name, ALL)}/{_code(row['kind'])}~{_code(row['beside'])}",
                    place=ALL,
                    actor=_code(row["kind"]),
                    other=_code(row["beside"]),
                    value=row["quotient"],
                    unit="quotient",
                    n=counted[row["kind"]],
                )
            )
        )
        for row in table_of.iter_rows(named=True)
        if row["quotient"] is not None
    )


def _code(kind: str) -> str:
    """A kind of event as part of an id: `state_based_violence`."""
    return "_".join("".join(char if char.isalnum() else " " for char in kind.lower()).split())
