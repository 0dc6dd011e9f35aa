"""Events from data sets: UCDP GED and ACLED as published, or the generic columns; placed in areas by geometry."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.frames import LINE, ROW, read_frame
from maillage.intake.geometry import assign
from maillage.intake.names import Gazetteer

GED = {
    "id": "id", "date": "date_start", "date_end": "date_end", "lat": "latitude", "lon": "longitude",
    "precision": "where_prec", "kind": "type_of_violence", "actor": "side_a", "other": "side_b",
    "deaths_low": "low", "deaths": "best", "deaths_high": "high", "source": "source_article",
}  # fmt: skip
GED_EXTRACT: dict[str, Any] = {
    "id": "id", "date": {"parts": ["year", "month", "day"]}, "lat": "latitude", "lon": "longitude",
    "kind": "type_of_violence", "actor": "side_a", "other": "side_b", "deaths_low": "low_death",
    "deaths": "best_death", "deaths_high": "high_death",
}  # fmt: skip
ACLED = {
    "id": "event_id_cnty", "date": "event_date", "lat": "latitude", "lon": "longitude", "precision": "geo_precision",
    "kind": "event_type", "actor": "actor1", "other": "actor2", "deaths": "fatalities", "source": "source",
}  # fmt: skip
WHOLE = ("deaths_low", "deaths", "deaths_high", "precision")
LEVELS = ("admin0", "admin1", "admin2", "admin3")


def read_events(
    path: Path, card: Card, *, outlines: Mapping[str, BaseGeometry], places: pl.DataFrame, gazetteer: Gazetteer
) -> tuple[pl.DataFrame, list[Finding]]:
    """Table `events` of one data set, each event in its areas, and everything wrong with it."""
    frame, problems = read_frame(path, _recognised(path, card))
    if problems:
        return tables.empty("events"), problems
    missing = [name for name in ("id", "date") if name not in frame.columns]
    if missing or not ({"lat", "lon"} <= set(frame.columns) or "place" in frame.columns):
        wanted = missing or ["lat", "lon"]
        return tables.empty("events"), [
            finding("column_missing", file=path.name, line=1, field=name) for name in wanted
        ]
    frame, found = _typed(frame, path.name)
    frame, outside = _placed(frame, path.name, outlines, places, gazetteer)
    precision = card.options.get("precision")
    if isinstance(precision, int):
        frame = frame.with_columns(precision=pl.lit(precision, pl.Int64))
    known = tables.table("events").names
    extra = [name for name in frame.columns if name not in known]
    return tables.conform(frame.drop(extra).with_columns(table=pl.lit(card.name)), "events"), [*found, *outside]


def _recognised(path: Path, card: Card) -> Card:
    """The card with the mapping of a published format where it has none of its own."""
    if "map" in card.options or path.suffix not in (".csv", ".parquet"):
        return card
    columns = set(pl.read_parquet_schema(path)) if path.suffix == ".parquet" else _header(path)
    chosen = next((m for m in (GED, ACLED, GED_EXTRACT) if _columns(m) <= columns or _main(m) <= columns), None)
    if chosen is None:
        return card
    kept = {ours: theirs for ours, theirs in chosen.items() if isinstance(theirs, dict) or theirs in columns}
    return Card(
        **{key: getattr(card, key) for key in Card.__slots__ if key != "options"}, options={**card.options, "map": kept}
    )


def _header(path: Path) -> set[str]:
    with path.open("rb") as file:
        first = file.readline().decode("utf-8-sig", "replace").strip()
    return {name.strip('" ') for name in first.split(";" if first.count(";") > first.count(",") else ",")}


def _columns(mapping: Mapping[str, Any]) -> set[str]:
    return {name for theirs in mapping.values() for name in (theirs["parts"] if isinstance(theirs, dict) else [theirs])}


def _main(mapping: Mapping[str, Any]) -> set[str]:
    """The columns without which a format is not that format."""
    return _columns({key: mapping[key] for key in ("id", "date", "lat", "lon", "deaths", "kind")})


def _typed(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Dates, numbers and deaths in their types; what does not fit is a finding."""
    found: list[Finding] = []
    frame = frame.with_columns(pl.col("date").str.slice(0, 10))
    good = pl.col("date").str.to_date("%Y-%m-%d", strict=False).is_not_null() | pl.col("date").str.contains(
        r"^\d{4}(-\d{2})?$"
    )
    for line, row, value in frame.filter(~good.fill_null(value=False)).select(LINE, ROW, "date").head(50).iter_rows():
        found.append(finding("date_unreadable", file=file, line=line, row=row, field="date", value=value))
    for name in [name for name in ("lat", "lon", *WHOLE) if name in frame.columns]:
        kind = pl.Float64 if name in ("lat", "lon") else pl.Int64
        cast = pl.col(name).cast(pl.Float64, strict=False).cast(kind, strict=False)
        lost = frame.filter(cast.is_null() & pl.col(name).is_not_null())
        for line, row, value in lost.select(LINE, ROW, name).head(50).iter_rows():
            found.append(finding("number_unreadable", file=file, line=line, row=row, field=name, value=value))
        frame = frame.with_columns(cast.alias(name))
    twice = frame.filter(pl.col("id").is_duplicated() & (pl.col("id").cum_count().over("id") > 1))
    for line, row, value in twice.select(LINE, ROW, "id").head(50).iter_rows():
        found.append(finding("id_twice", file=file, line=line, row=row, field="id", value=value))
    if {"deaths_low", "deaths"} <= set(frame.columns):
        wrong = frame.filter(pl.col("deaths_low") > pl.col("deaths")).height
        if wrong:
            found.append(finding("event_bounds", file=file, field="deaths_low", value=wrong))
    return frame, found


def _placed(
    frame: pl.DataFrame, file: str, outlines: Mapping[str, BaseGeometry], places: pl.DataFrame, gazetteer: Gazetteer
) -> tuple[pl.DataFrame, list[Finding]]:
    """Area codes at each level: from the lowest level with outlines upwards, or from the column `place`."""
    level_of = dict(places.select("code", "level").iter_rows())
    parent_of = dict(places.select("code", "parent").iter_rows())
    found: list[Finding] = []
    if {"lat", "lon"} <= set(frame.columns):
        lon, lat = (frame[name].fill_null(999.0).to_numpy() for name in ("lon", "lat"))
        lowest = _lowest(lon, lat, outlines, level_of)
    else:
        lowest = [gazetteer.resolve(str(name))[0] for name in frame["place"].to_list()]
    chains = {code: _chain(code, level_of, parent_of) for code in {c for c in lowest if c}}
    columns = [pl.Series(level, [chains[c].get(level) if c else None for c in lowest], pl.String) for level in LEVELS]
    outside = [line for line, code in zip(frame[LINE].to_list(), lowest, strict=True) if code is None]
    if outside:
        found.append(finding("event_outside", file=file, line=outside[0], value=len(outside)))
    frame = frame.drop("place", strict=False).with_columns(pl.Series("place", lowest, pl.String), *columns)
    return frame, found


def _lowest(
    lon: np.ndarray[Any, np.dtype[np.float64]], lat: np.ndarray[Any, np.dtype[np.float64]],
    outlines: Mapping[str, BaseGeometry], level_of: Mapping[str, str],
) -> list[str | None]:  # fmt: skip
    """The smallest area each point lies in; a gap between small areas falls back to the larger one."""
    answer: list[str | None] = [None] * len(lon)
    for level in reversed(LEVELS):
        own = {code: shape for code, shape in outlines.items() if level_of.get(code) == level}
        open_points = [i for i, code in enumerate(answer) if code is None]
        if own and open_points:
            codes, _ = assign(lon[open_points], lat[open_points], own)
            for index, code in zip(open_points, codes, strict=True):
                answer[index] = code
    return answer


def _chain(code: str, level_of: Mapping[str, str], parent_of: Mapping[str, str | None]) -> dict[str, str]:
    """Level -> code, from a place upwards."""
    chain: dict[str, str] = {}
    here: str | None = code
    while here is not None and here not in chain.values():
        chain[level_of.get(here, "")] = here
        here = parent_of.get(here)
    return chain


def concat_events(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Several data sets as one table, in a fixed order."""
    return pl.concat([tables.empty("events"), *frames]).sort("table", "date", "id")
