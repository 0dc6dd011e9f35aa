"""Events as series: areas x whole years, months of an area, points in kilometres; what measures of spread start from.

Only the last years that the data cover whole count, and only events placed precisely enough for their area.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.evidence import Evidence
from maillage.measure.events import WORST, counts, covers, event_tables, located, traces

Floats = NDArray[np.float64]
YEARS = 10
RADIUS = 6371.0


@dataclass(frozen=True, slots=True)
class Slices:
    """Events of areas by year or month (`years`). `values`: areas x steps; `behind`: (area, step) -> ids of events."""

    table: str
    places: tuple[str, ...]
    years: tuple[str, ...]
    values: Floats
    behind: Mapping[tuple[str, str], list[str]]

    def trace(self, years: Sequence[str] = (), places: Sequence[str] = ()) -> list[str]:
        """Ids of the events of these years (all) in these areas (all)."""
        wanted = [(place, year) for place in places or self.places for year in years or self.years]
        return [event for key in wanted for event in self.behind.get(key, ())]


def first_table(evidence: Evidence) -> str | None:
    """The event table that plain ids speak of; two tables are never added."""
    return next(iter(event_tables(evidence)), None)


def whole_years(evidence: Evidence, table: str, most: int = YEARS) -> tuple[str, ...]:
    """The last years that a table covers whole, at most so many; where its card is silent, those between its events."""
    said = evidence.events.filter(pl.col("table").fill_null("") == table)["date"].str.slice(0, 4)
    coverage = next((card.coverage for card in evidence.cards if card.name == table), None)
    first, last = (coverage[0][:4], coverage[1][:4]) if coverage else (said.min(), said.max())
    if first is None or last is None:
        return ()
    years = [str(year) for year in range(int(str(first)), int(str(last)) + 1)]
    return tuple([year for year in years if coverage is None or covers(coverage, year)][-most:])


def slices(evidence: Evidence, table: str, places: Sequence[str], years: Sequence[str], *, by: str = "year") -> Slices:
    """Events of each area in each year, or in each of their months (`by="month"`); covered and without events is 0."""
    value, behind = _told(evidence, table, by)
    steps = [f"{year}-{month:02d}" for year in years for month in range(1, 13)] if by == "month" else [*years]
    counted = np.array([[value.get((place, step), 0.0) for step in steps] for place in places])
    return Slices(table, tuple(places), tuple(steps), counted.reshape(len(places), len(steps)), behind)


@lru_cache(maxsize=4)
def _told(
    evidence: Evidence, table: str, by: str
) -> tuple[Mapping[tuple[str, str], float], Mapping[tuple[str, str], list[str]]]:
    """Of each area and period the number of events and their ids."""
    told = counts(evidence, table, period=by, precise=True).select("place", "period", "events")
    ids = traces(evidence, table, period=by, precise=True)
    return (
        {(place, period): float(events) for place, period, events in told.iter_rows()},
        {(place, period): list(trace) for place, period, trace in ids.iter_rows()},
    )


def areas_of(evidence: Evidence, level: str) -> list[str]:
    """The areas of one level in the study's countries that have an outline, by code."""
    parent = dict(evidence.places.select("code", "parent").iter_rows())
    found: list[str] = []
    for code in evidence.places.filter(pl.col("level") == level)["code"].sort().to_list():
        above, seen = code, set[str]()
        while above is not None and above not in seen and above not in evidence.study.countries:
            seen.add(above)
            above = parent.get(above)
        if above in evidence.study.countries and code in evidence.outlines:
            found.append(code)
    return found


def contiguous(evidence: Evidence, places: Sequence[str]) -> Floats:
    """1 where two areas meet, and for each area itself (the weights of Gi*)."""
    boxes = [evidence.outlines[place].bounds for place in places]
    weights = np.eye(len(places))
    for one, (west, south, east, north) in enumerate(boxes):
        for other in range(one + 1, len(places)):
            w, s, e, n = boxes[other]
            near = w <= east and west <= e and s <= north and south <= n
            if near and evidence.outlines[places[one]].intersects(evidence.outlines[places[other]]):
                weights[one, other] = weights[other, one] = 1
    return weights


@dataclass(frozen=True, slots=True)
class Points:
    """Events as points: kilometres east and north (equirectangular around their middle), day, kind, ids."""

    x: Floats
    y: Floats
    day: Floats
    kind: list[str]
    ids: list[str]


def points(evidence: Evidence, table: str, years: Sequence[str]) -> Points:
    """Events of these years inside the study's country, placed to the second level, dated to the day."""
    rows = located(evidence, table).filter(
        pl.col("date").str.slice(0, 4).is_in(list(years)) & (pl.col("date").str.len_bytes() == 10)
        & (pl.col("precision") <= WORST["admin2"]) & pl.col("admin0").is_not_null()
        & pl.all_horizontal(pl.col("lat", "lon").is_not_null())
    )  # fmt: skip
    lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
    middle = math.cos(math.radians(float(lat.mean()))) if lat.size else 1.0
    day = rows["date"].str.to_date(strict=False).cast(pl.Int32).cast(pl.Float64).to_numpy()
    x, y = RADIUS * np.radians(lon) * middle, RADIUS * np.radians(lat)
    return Points(x, y, day, rows["kind"].fill_null("").to_list(), rows["event"].to_list())
