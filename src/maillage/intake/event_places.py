"""The areas of events: by geometry, by name, or by country in a study without outlines."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maillage.errors import Finding, finding
from maillage.intake.frames import LINE, ROW
from maillage.intake.geometry import located
from maillage.intake.names import Gazetteer, unresolved

LEVELS = ("admin0", "admin1", "admin2", "admin3")
NATION = 6  # the precision of a place of which only the country is known, as UCDP codes it
NAMED = {"admin1": 4, "admin2": 3, "admin3": 3, "locality": 3}  # that of an event put into a place by its name or code
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
    areas: dict[str, pl.Series] = {}
    lowest = pl.Series([None] * frame.height, dtype=pl.String)
    found: list[Finding] = []
    if {"lat", "lon"} <= set(frame.columns):
        lon, lat = (frame[name].fill_null(np.nan).to_numpy() for name in ("lon", "lat"))
        areas = _areas(lon, lat, outlines, level_of)
        lowest = _first([lowest, *areas.values()])
        found += [] if lowest.count() else _swapped(file, lon, lat, outlines, level_of)
    if "place" in frame.columns:
        located_only = lowest
        lowest, problems = _by_name(frame, file, lowest, gazetteer)
        frame = _as_named(frame, lowest, located_only, level_of)
        found += problems
    if countries is not None and not outlines:
        nation = _by_country(countries, lowest, level_of, gazetteer)
        frame, lowest, problems = _in_countries(frame, file, lowest, nation)
        found += problems
    chains = {code: _chain(code, level_of, parent_of) for code in lowest.drop_nulls().unique().to_list()}
    above = {level: _renamed(lowest, {code: chain.get(level) for code, chain in chains.items()}) for level in LEVELS}
    columns = [_first([areas.get(level, codes), codes]).alias(level) for level, codes in above.items()]
    frame = frame.drop("place", strict=False).with_columns(lowest.alias("place"), *columns)
    swapped = any(item.code == "coordinates_swapped" for item in found)
    return frame, [*found, *([] if swapped else _outside(frame, file))]


def _first(columns: Sequence[pl.Series]) -> pl.Series:
    """Of each row the first value that is known."""
    return pl.select(pl.coalesce(columns)).to_series()


def _renamed(cells: pl.Series, new: Mapping[str, str | None]) -> pl.Series:
    """Cells by their new words; null for those without one."""
    if not new:
        return pl.Series([None] * len(cells), dtype=pl.String)
    return cells.replace_strict([*new], [*new.values()], default=None, return_dtype=pl.String)


def _by_name(
    frame: pl.DataFrame, file: str, lowest: pl.Series, gazetteer: Gazetteer
) -> tuple[pl.Series, list[Finding]]:
    """Places by code or name for the events that no coordinates placed."""
    names = {name: gazetteer.resolve(name) for name in frame["place"].drop_nulls().unique().to_list()}
    odd = frame.filter(pl.col("place").is_in([name for name, (code, _) in names.items() if code is None]))
    found = [
        unresolved(names[name][1], file=file, line=line, row=row, field="place", value=name)
        for line, row, name in odd.select(LINE, ROW, "place").iter_rows()
    ]
    return _first([lowest, _renamed(frame["place"], {name: code for name, (code, _) in names.items()})]), found


def _as_named(frame: pl.DataFrame, lowest: pl.Series, located: pl.Series, level_of: Mapping[str, str]) -> pl.DataFrame:
    """Who names the place of an event says how well it is placed: its level counts where no precision is told."""
    named = _renamed(lowest, level_of).replace_strict(NAMED, default=NATION, return_dtype=pl.Int64)
    stated = frame["precision"] if "precision" in frame.columns else pl.lit(None, pl.Int64)
    by_name = lowest.is_not_null() & located.is_null()
    return frame.with_columns(precision=pl.coalesce(stated, pl.when(by_name).then(named)).cast(pl.Int64))


def _by_country(
    countries: pl.Series, lowest: pl.Series, level_of: Mapping[str, str], gazetteer: Gazetteer
) -> pl.Series:
    """The country of the study for each event that has no place yet and names one."""
    codes = {name: gazetteer.resolve(name, "admin0")[0] for name in countries.drop_nulls().unique().to_list()}
    known = {name: code for name, code in codes.items() if code and level_of.get(code) == "admin0"}
    return pl.select(pl.when(lowest.is_null()).then(_renamed(countries, known))).to_series()


def _in_countries(
    frame: pl.DataFrame, file: str, lowest: pl.Series, nation: pl.Series
) -> tuple[pl.DataFrame, pl.Series, list[Finding]]:
    """Events placed in their country only, their precision that of a country, and the warning that says so."""
    coarse = nation.is_not_null()
    if not coarse.any():
        return frame, lowest, []
    stated = frame["precision"] if "precision" in frame.columns else pl.lit(None, pl.Int64)
    line, row = frame.filter(coarse).select(LINE, ROW).row(0)
    told = finding("outlines_missing", file=file, line=line, row=row, field="country", count=coarse.sum())
    frame = frame.with_columns(precision=pl.when(coarse).then(NATION).otherwise(stated).cast(pl.Int64))
    return frame, _first([lowest, nation]), [told]


def _outside(frame: pl.DataFrame, file: str) -> list[Finding]:
    """Events in no area: each by itself while they are few, else their number and the lines of the first."""
    if not {"lat", "lon"} <= set(frame.columns):
        return []
    lost = frame.filter(pl.col("place").is_null() & pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    few = lost.height <= SHOWN
    rows = list(lost.head(SHOWN).select(LINE, ROW, "lat", "lon").iter_rows())
    groups = [[row] for row in rows] if few else [rows]
    return [
        finding("event_outside", file=file, line=line, row=row, field="lat", value=f"{lat}, {lon}",
                count=1 if few else lost.height,
                lines=", ".join(str(first[0]) for first in group) + ("" if few else " …"))
        for group in groups for line, row, lat, lon in group[:1]
    ]  # fmt: skip


def _swapped(
    file: str, lon: Floats, lat: Floats, outlines: Mapping[str, BaseGeometry], level_of: Mapping[str, str]
) -> list[Finding]:
    """Events that all lie outside as they stand: whether most lie inside with latitude and longitude exchanged."""
    other_way = _areas(lat, lon, outlines, level_of)
    inside = _first([*other_way.values()]).count() if other_way else 0
    return [finding("coordinates_swapped", file=file, line=1, field="lat")] if inside > len(lon) / 2 else []


def _areas(
    lon: Floats, lat: Floats, outlines: Mapping[str, BaseGeometry], level_of: Mapping[str, str]
) -> dict[str, pl.Series]:
    """Level -> the area of each point, the lowest level first; levels without outlines are left out."""
    shapes = {level: {code: shape for code, shape in outlines.items() if level_of.get(code) == level}
              for level in reversed(LEVELS)}  # fmt: skip
    return {level: located(lon, lat, own)[0] for level, own in shapes.items() if own}


def _chain(code: str, level_of: Mapping[str, str], parent_of: Mapping[str, str | None]) -> dict[str, str]:
    """Level -> code, from a place upwards."""
    chain: dict[str, str] = {}
    here: str | None = code
    while here is not None and here not in chain.values():
        chain[level_of.get(here, "")] = here
        here = parent_of.get(here)
    return chain
