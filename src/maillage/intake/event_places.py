"""The areas of events: by geometry, by name, or by country in a study without outlines."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maillage.errors import Finding, finding
from maillage.intake.frames import LINE, ROW
from maillage.intake.geometry import assign
from maillage.intake.names import Gazetteer, unresolved

LEVELS = ("admin0", "admin1", "admin2", "admin3")
NATION = 6  # the precision of a place of which only the country is known, as UCDP codes it
SHOWN = 5  # beyond that many alike, one finding gives the count and the lines of the first
Floats = NDArray[np.float64]


def placed(
    frame: pl.DataFrame, file: str, outlines: Mapping[str, BaseGeometry], places: pl.DataFrame, gazetteer: Gazetteer,
    *, countries: pl.Series | None,
) -> tuple[pl.DataFrame, list[Finding]]:  # fmt: skip
    """The area of each event at each level, by geometry; a level without outlines follows from the one below.

    countries: the country the data set names for each event. Where the study has no outlines at all, an event counts
    for that country, if it is the study's, with the precision of a place of which only the country is known.
    """
    level_of = dict(places.select("code", "level").iter_rows())
    parent_of = dict(places.select("code", "parent").iter_rows())
    areas: dict[str, list[str | None]] = {}
    lowest: list[str | None] = [None] * frame.height
    found: list[Finding] = []
    if {"lat", "lon"} <= set(frame.columns):
        lon, lat = (frame[name].fill_null(np.nan).to_numpy() for name in ("lon", "lat"))
        areas = _areas(lon, lat, outlines, level_of)
        lowest = [next((code for code in codes if code), None) for codes in zip(*areas.values(), strict=True)] or lowest
        found += [] if any(lowest) else _swapped(file, lon, lat, outlines, level_of)
    if "place" in frame.columns:
        lowest, problems = _by_name(frame, file, lowest, gazetteer)
        found += problems
    if countries is not None and not outlines:
        nation = _by_country(countries, lowest, level_of, gazetteer)
        frame, lowest, problems = _in_countries(frame, file, lowest, nation)
        found += problems
    chains = {code: _chain(code, level_of, parent_of) for code in {code for code in lowest if code}}
    above = {level: [chains[code].get(level) if code else None for code in lowest] for level in LEVELS}
    columns = [
        pl.Series(level, [own or other for own, other in zip(areas.get(level, codes), codes, strict=True)], pl.String)
        for level, codes in above.items()
    ]
    frame = frame.drop("place", strict=False).with_columns(pl.Series("place", lowest, pl.String), *columns)
    swapped = any(item.code == "coordinates_swapped" for item in found)
    return frame, [*found, *([] if swapped else _outside(frame, file))]


def _by_name(
    frame: pl.DataFrame, file: str, lowest: Sequence[str | None], gazetteer: Gazetteer
) -> tuple[list[str | None], list[Finding]]:
    """Places by code or name for the events that no coordinates placed."""
    names = {name: gazetteer.resolve(name) for name in frame["place"].drop_nulls().unique().to_list()}
    found = [
        unresolved(names[name][1], file=file, line=line, row=row, field="place", value=name)
        for line, row, name in frame.select(LINE, ROW, "place").iter_rows()
        if name is not None and names[name][0] is None
    ]
    said = [names[name][0] if name is not None else None for name in frame["place"].to_list()]
    return [code or other for code, other in zip(lowest, said, strict=True)], found


def _by_country(
    countries: pl.Series, lowest: Sequence[str | None], level_of: Mapping[str, str], gazetteer: Gazetteer
) -> list[str | None]:
    """The country of the study for each event that has no place yet and names one."""
    codes = {name: gazetteer.resolve(name, "admin0")[0] for name in countries.drop_nulls().unique().to_list()}
    known = {name: code for name, code in codes.items() if code and level_of.get(code) == "admin0"}
    return [None if code else known.get(name) for code, name in zip(lowest, countries.to_list(), strict=True)]


def _in_countries(
    frame: pl.DataFrame, file: str, lowest: Sequence[str | None], nation: Sequence[str | None]
) -> tuple[pl.DataFrame, list[str | None], list[Finding]]:
    """Events placed in their country only, their precision that of a country, and the warning that says so."""
    coarse = pl.Series([code is not None for code in nation], dtype=pl.Boolean)
    if not coarse.any():
        return frame, list(lowest), []
    stated = frame["precision"] if "precision" in frame.columns else pl.lit(None, pl.Int64)
    line, row = frame.filter(coarse).select(LINE, ROW).row(0)
    told = finding("outlines_missing", file=file, line=line, row=row, field="country", count=coarse.sum())
    frame = frame.with_columns(precision=pl.when(coarse).then(NATION).otherwise(stated).cast(pl.Int64))
    return frame, [own or code for own, code in zip(lowest, nation, strict=True)], [told]


def _outside(frame: pl.DataFrame, file: str) -> list[Finding]:
    """Events in no area: each by itself while they are few, else their number and the lines of the first."""
    if not {"lat", "lon"} <= set(frame.columns):
        return []
    lost = frame.filter(pl.col("place").is_null() & pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    rows = list(lost.select(LINE, ROW, "lat", "lon").iter_rows())
    groups = [[row] for row in rows] if len(rows) <= SHOWN else [rows]
    return [
        finding("event_outside", file=file, line=line, row=row, field="lat", value=f"{lat}, {lon}", count=len(group),
                lines=", ".join(str(first[0]) for first in group[:SHOWN]) + (" …" if len(group) > SHOWN else ""))
        for group in groups for line, row, lat, lon in group[:1]
    ]  # fmt: skip


def _swapped(
    file: str, lon: Floats, lat: Floats, outlines: Mapping[str, BaseGeometry], level_of: Mapping[str, str]
) -> list[Finding]:
    """Events that all lie outside as they stand: whether most lie inside with latitude and longitude exchanged."""
    other_way = _areas(lat, lon, outlines, level_of)
    inside = sum(any(codes) for codes in zip(*other_way.values(), strict=True))
    return [finding("coordinates_swapped", file=file, line=1, field="lat")] if inside > len(lon) / 2 else []


def _areas(
    lon: Floats, lat: Floats, outlines: Mapping[str, BaseGeometry], level_of: Mapping[str, str]
) -> dict[str, list[str | None]]:
    """Level -> the area of each point, the lowest level first; levels without outlines are left out."""
    points, back = np.unique(np.column_stack([lon, lat]), axis=0, return_inverse=True)
    answer: dict[str, list[str | None]] = {}
    for level in reversed(LEVELS):
        own = {code: shape for code, shape in outlines.items() if level_of.get(code) == level}
        if own:
            codes, _ = assign(points[:, 0], points[:, 1], own)
            answer[level] = [codes[index] for index in back.ravel().tolist()]
    return answer


def _chain(code: str, level_of: Mapping[str, str], parent_of: Mapping[str, str | None]) -> dict[str, str]:
    """Level -> code, from a place upwards."""
    chain: dict[str, str] = {}
    here: str | None = code
    while here is not None and here not in chain.values():
        chain[level_of.get(here, "")] = here
        here = parent_of.get(here)
    return chain
