"""Layers of areas: GeoJSON, GeoPackage and Shapefile, as features with properties and an outline.

All in longitude and latitude on WGS 84. A Shapefile is several files; it is kept as one archive of them.
"""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape as to_shape
from shapely.geometry.base import BaseGeometry

from maillage.errors import Finding, MaillageError, finding
from maillage.intake import shapefile
from maillage.intake.rows import decode
from maillage.intake.zipped import members

GEOJSON = (".geojson", ".json")
LAYERS = (*GEOJSON, ".gpkg", ".shp", ".zip")
PARTS = (".shp", ".dbf", ".prj", ".cpg")
WGS84 = (4326, 4979)
ENVELOPES = (0, 32, 48, 48, 64)  # bytes, by the code in the head of a GeoPackage geometry
STEPS = 20_000_000  # of the machine of SQLite: what reading any layer of areas takes, many times over
START = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same files give the same archive
LARGEST = 200_000_000
BROKEN = (AttributeError, TypeError, ValueError, KeyError, IndexError, shapely.errors.ShapelyError)


@dataclass(frozen=True, slots=True)
class Feature:
    """One area of a layer; `outline` None where it has none that can be read."""

    properties: Mapping[str, Any]
    outline: BaseGeometry | None


def read_layer(path: Path) -> tuple[list[Feature], list[Finding]]:
    """The features of a layer, or why it cannot be read."""
    suffix = path.suffix.lower()
    if suffix in GEOJSON:
        return _geojson(path)
    try:
        return (_geopackage(path) if suffix == ".gpkg" else _shapefile(path)), []
    except MaillageError as problem:
        facts: dict[str, Any] = {**problem.facts, "file": path.name}
        return [], [finding(problem.code, **facts)]


def packed(path: Path) -> tuple[str, bytes | None]:
    """The name under which a file is kept and, for a Shapefile, whose parts go together, its bytes; all others are kept
    as they are (None).
    """
    if path.suffix.lower() != ".shp":
        return path.name, None
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for suffix, part in _beside(path).items():
            target.writestr(zipfile.ZipInfo(f"{path.stem}{suffix}", START), part.read_bytes(), zipfile.ZIP_DEFLATED)
    return f"{path.stem}.zip", archive.getvalue()


def _beside(path: Path) -> dict[str, Path]:
    """The parts of a Shapefile by ending, whatever the case of their names."""
    near = {item.suffix.lower(): item for item in path.parent.iterdir() if item.stem.lower() == path.stem.lower()}
    return {suffix: near[suffix] for suffix in PARTS if suffix in near}


def _unreadable(path: Path, why: str) -> MaillageError:
    return MaillageError("layer_unreadable", file=path.name, why=why)


# --- GeoJSON ---------------------------------------------------------------------------------------------------


def _geojson(path: Path) -> tuple[list[Feature], list[Finding]]:
    text, problem = decode(path)
    if problem:
        return [], [problem]
    try:
        raw = json.loads(text, parse_constant=_no_constant)
        features = raw["features"]
        assert isinstance(features, list)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError):
        return [], [finding("geojson_unreadable", file=path.name)]
    system = _named_system(raw)
    if system and not any(good in system for good in ("CRS84", "4326", "4979")):
        return [], [finding("layer_projected", file=path.name, field="crs", value=system[:80])]
    return [_feature(item) for item in features], []


def _named_system(raw: Mapping[str, Any]) -> str:
    """The coordinate system an old GeoJSON names; those after 2016 have only one."""
    named = raw.get("crs")
    properties = named.get("properties") if isinstance(named, dict) else None
    return str(properties.get("name") or "") if isinstance(properties, dict) else ""


def _feature(raw: Any) -> Feature:
    if not isinstance(raw, dict):
        return Feature({}, None)
    properties: Any = raw.get("properties")
    geometry: Any = raw.get("geometry")
    try:
        outline = to_shape(geometry)
    except BROKEN:
        outline = None
    return Feature(properties if isinstance(properties, dict) else {}, outline)


def _no_constant(name: str) -> float:
    raise ValueError(name)


# --- GeoPackage ------------------------------------------------------------------------------------------------


def _geopackage(path: Path) -> list[Feature]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.row_factory = sqlite3.Row
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
            base.set_progress_handler(lambda: 1, STEPS)  # a view can compute without end
            return _rows(path, base)
    except sqlite3.Error as problem:
        raise _unreadable(path, str(problem)) from problem


def _rows(path: Path, base: sqlite3.Connection) -> list[Feature]:
    layers = base.execute(
        "select c.table_name, g.column_name, s.organization_coordsys_id as code from gpkg_contents c"
        " join gpkg_geometry_columns g on g.table_name = c.table_name"
        " left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id where c.data_type = 'features'"
    ).fetchall()
    if len(layers) != 1:
        raise _unreadable(path, f"{len(layers)} layers")
    table, column, code = layers[0]
    if code not in WGS84:
        raise MaillageError("layer_projected", file=path.name, field="srs", value=f"EPSG:{code}")
    quoted = '"' + str(table).replace('"', '""') + '"'
    rows = base.execute(f"select * from {quoted}").fetchall()  # noqa: S608  the name is the file's own, quoted
    return [Feature({key: row[key] for key in row.keys() if key != column}, _from_blob(row[column])) for row in rows]  # noqa: SIM118


def _from_blob(blob: Any) -> BaseGeometry | None:
    """A geometry from its head (`GP`, version, flags, system, envelope) and well-known binary."""
    try:
        assert blob[:2] == b"GP"
        return shapely.from_wkb(blob[8 + ENVELOPES[(blob[3] >> 1) & 7] :])
    except (AssertionError, *BROKEN):
        return None


# --- Shapefile -------------------------------------------------------------------------------------------------


def _shapefile(path: Path) -> list[Feature]:
    parts = _members(path) if path.suffix.lower() == ".zip" else {k: p.read_bytes() for k, p in _beside(path).items()}
    if not {".shp", ".dbf"} <= parts.keys():
        raise _unreadable(path, "; ".join(f"no {suffix}" for suffix in (".shp", ".dbf") if suffix not in parts))
    system = parts.get(".prj", b"").decode("utf-8", "replace")
    if system and ("PROJCS" in system or not ("WGS" in system and "84" in system)):
        raise MaillageError("layer_projected", file=path.name, field="prj", value=system[:80])
    try:
        outlines = shapefile.outlines(parts[".shp"])
        records = shapefile.records(parts[".dbf"], parts.get(".cpg", b"").decode("ascii", "replace").strip())
    except (*BROKEN, UnicodeDecodeError) as problem:
        raise _unreadable(path, type(problem).__name__) from problem
    if len(outlines) != len(records):
        raise _unreadable(path, f"{len(outlines)} .shp, {len(records)} .dbf")
    both = zip(records, outlines, strict=True)
    return [Feature(record, outline) for record, outline in both if record is not None]


def _members(path: Path) -> dict[str, bytes]:
    """The parts of the one Shapefile in an archive, by ending."""
    with members(path, limit_total=LARGEST) as inside:
        wanted = [name for name in inside if Path(name).suffix.lower() in PARTS]
        if sum(name.lower().endswith(".shp") for name in wanted) > 1:
            raise _unreadable(path, "several .shp")
        return {Path(name).suffix.lower(): inside[name] for name in wanted}
