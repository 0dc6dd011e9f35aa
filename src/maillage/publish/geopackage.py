"""The release as a map: one GeoPackage (OGC 12-128r19) with areas, numbers, and both joined for a GIS; one GeoJSON.

A GeoPackage is an SQLite file. It is written in memory, row by row in a fixed order, so that equal releases give equal
bytes; the only date in it is that of the release.
"""

import json
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from maillage.publish.gate import Release

WGS84 = 4326
APPLICATION, VERSION = 0x47504B47, 10300
TYPES: dict[str, str] = {"Float64": "DOUBLE", "Int64": "INTEGER", "Boolean": "BOOLEAN"}
PLACE = ("code", "name", "name_en", "name_fr", "level", "parent")
DEGREES = 5  # decimals, about a metre
SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
    ("Undefined geographic", 0, "NONE", 0, "undefined"),
    ("WGS 84", WGS84, "EPSG", WGS84,
     'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
     'UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'),
)  # fmt: skip
TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  PRIMARY KEY (table_name, column_name));
"""


def geopackage(release: Release) -> bytes:
    """Layers `areas` (places that have an outline) and `numbers` (estimates of these places with it), tables
    `estimates` (all of the release, as in estimates.csv) and `about`."""
    areas = _areas(release)
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.executescript(TABLES)
        base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", SYSTEMS)
        _features(base, areas)
        _attributes(base, "estimates", release.estimates)
        _attributes(base, "about", _about(release))
        base.execute(
            "CREATE VIEW numbers AS SELECT e.fid AS fid, a.geom AS geom, a.name AS place_name, e.* FROM estimates e"
            " JOIN areas a ON a.code = e.place"
        )
        _register(base, release, [shape for _, shape in areas])
        base.commit()
        return base.serialize()


def geojson(release: Release) -> bytes:
    """The areas of the release, longitude and latitude to five decimals."""
    features = ",\n".join(
        f'{{"type":"Feature","properties":{json.dumps(row, ensure_ascii=False)},"geometry":{_written(shape)}}}'
        for row, shape in _areas(release)
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()


def _areas(release: Release) -> list[tuple[dict[str, Any], BaseGeometry]]:
    rows = release.places.select(PLACE).sort("code").iter_rows(named=True)
    return [(row, release.outlines[row["code"]]) for row in rows if row["code"] in release.outlines]


def _written(shape: BaseGeometry) -> str:
    """The outline with fewer decimals; one so narrow that it would cross itself stays as it is."""
    coarse = shapely.transform(shape, lambda points: points.round(DEGREES))
    return str(shapely.to_geojson(coarse if coarse.is_valid else shape))


def _features(base: sqlite3.Connection, areas: Iterable[tuple[dict[str, Any], BaseGeometry]]) -> None:
    columns = ", ".join(f"{name} TEXT" for name in PLACE)
    base.execute(f"CREATE TABLE areas (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, {columns})")
    marks = ", ".join("?" for _ in PLACE)
    base.executemany(
        f"INSERT INTO areas (geom, {', '.join(PLACE)}) VALUES (?, {marks})",  # noqa: S608  names are ours
        [(_blob(shape), *(row[name] for name in PLACE)) for row, shape in areas],
    )


def _blob(shape: BaseGeometry) -> bytes:
    """The geometry as a GeoPackage holds it: magic, version, flags (little-endian, envelope), system, bounds, WKB."""
    whole = shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape
    left, low, right, high = shapely.bounds(whole)
    head = struct.pack("<2sBBi4d", b"GP", 0, 0b11, WGS84, left, right, low, high)
    return head + bytes(shapely.to_wkb(whole, byte_order=1))


def _attributes(base: sqlite3.Connection, name: str, frame: pl.DataFrame) -> None:
    """A table without geometry; lists as words with `;`."""
    columns = ", ".join(f'"{column}" {TYPES.get(str(kind), "TEXT")}' for column, kind in frame.schema.items())
    base.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns})")
    names = ", ".join(f'"{column}"' for column in frame.columns)
    marks = ", ".join("?" for _ in frame.columns)
    values = [_values(column) for column in frame.iter_columns()]
    base.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", zip(*values, strict=True))  # noqa: S608


def _values(column: pl.Series) -> list[Any]:
    told = column.to_list()
    if isinstance(column.dtype, pl.List):
        return [None if item is None else ";".join(map(str, item)) for item in told]
    return told


def _about(release: Release) -> pl.DataFrame:
    """What the file is and whose data it rests on."""
    settings = release.settings
    facts = [("title", settings.title.get("en", settings.id)), ("audience", release.audience)]
    facts += [("synthetic", "yes" if settings.synthetic else "no"), ("status", settings.status), ("date", release.date)]
    facts += [("licence", f"{card.licence} ({card.source})") for card in release.cards if card.licence]
    return pl.DataFrame(facts, schema={"what": pl.String, "text": pl.String}, orient="row")


def _register(base: sqlite3.Connection, release: Release, shapes: Sequence[BaseGeometry]) -> None:
    """Tell a GIS what there is."""
    stamp = f"{release.date or '1970-01-01'}T00:00:00.000Z"
    bounds = [float(value) for value in shapely.total_bounds(shapes)] if shapes else [None] * 4
    rows = [(name, "features", name, "", stamp, *bounds, WGS84) for name in ("areas", "numbers")]
    rows += [(name, "attributes", name, "", stamp, None, None, None, None, None) for name in ("estimates", "about")]
    base.executemany("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    geometry = [(name, "geom", "MULTIPOLYGON", WGS84, 0, 0) for name in ("areas", "numbers")]
    base.executemany("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", geometry)
