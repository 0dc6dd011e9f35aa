"""Places and their outlines from CSV and GeoJSON."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import shapely
from shapely.geometry import shape as to_shape
from shapely.geometry.base import BaseGeometry

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.frames import LINE, ROW, read_frame
from maillage.intake.names import Gazetteer, unresolved
from maillage.intake.values import clean, date, number

COLUMNS = ("code", "name", "name_en", "name_fr", "level", "parent", "valid_from", "valid_to", "lat", "lon")


@dataclass(frozen=True, slots=True)
class Atlas:
    """Places as records by code, outlines by code, and where each place was first read."""

    records: dict[str, dict[str, Any]]
    outlines: dict[str, BaseGeometry]
    where: dict[str, dict[str, Any]]

    def table(self) -> pl.DataFrame:
        """The table `places`, sorted by code."""
        return tables.build([self.records[code] for code in sorted(self.records)], "places")


def read_places(files: Iterable[tuple[Path, Card]]) -> tuple[Atlas, list[Finding]]:
    """All places of a study: tables first, then outlines, which may find their place by name."""
    ordered = sorted(files, key=lambda pair: (pair[0].suffix == ".geojson", pair[1].name))
    atlas = Atlas({}, {}, {})
    problems: list[Finding] = []
    for path, card in ordered:
        reader = _from_geojson if path.suffix in (".geojson", ".json") else _from_table
        problems += reader(path, card, atlas)
    return atlas, [*problems, *_check_parents(atlas)]


def _from_table(path: Path, card: Card, atlas: Atlas) -> list[Finding]:
    frame, problems = read_frame(path, card)
    if problems:
        return problems
    unknown = [name for name in frame.columns if name not in (*COLUMNS, LINE, ROW)]
    found = [
        finding("column_unknown", file=path.name, line=1, field=name, known=", ".join(COLUMNS)) for name in unknown
    ]
    found += [
        finding("column_missing", file=path.name, line=1, field=name)
        for name in ("code", "name", "level")
        if name not in frame.columns
    ]
    if found:
        return found
    for raw in frame.iter_rows(named=True):
        where: dict[str, Any] = {"file": path.name, "line": raw.pop(LINE), "row": raw.pop(ROW)}
        found += _enter(raw, where, atlas)
    return found


def _enter(raw: Mapping[str, Any], where: Mapping[str, Any], atlas: Atlas) -> list[Finding]:
    """One place into the atlas; the same place with the same content again is no problem."""
    record: dict[str, Any] = {name: clean(str(raw[name])) for name in COLUMNS if raw.get(name) not in (None, "")}
    found = [finding("value_missing", **where, field=name) for name in ("code", "name", "level") if name not in record]
    for name in ("lat", "lon"):
        if name in record:
            value = number(record[name])
            limit = 90 if name == "lat" else 180
            if value is None or not -limit <= value <= limit:
                found.append(finding("coordinate", **where, field=name, value=record[name]))
            else:
                record[name] = float(value)
    found += [
        finding("date_unreadable", **where, field=name, value=record[name])
        for name in ("valid_from", "valid_to")
        if name in record and date(record[name]) is None
    ]
    levels = tables.codes()["levels"]
    if record.get("level") and record["level"] not in levels:
        near = ", ".join(levels)
        found.append(
            finding("code_unknown", **where, field="level", value=record["level"], list="levels", nearest=near)
        )
    if found:
        return found
    before = atlas.records.get(record["code"])
    if before is not None and any(before.get(key, value) != value for key, value in record.items()):
        return [finding("place_twice", **where, field="code", value=record["code"])]
    atlas.records[record["code"]] = (before or {}) | record
    atlas.where.setdefault(record["code"], dict(where))
    return []


def _from_geojson(path: Path, card: Card, atlas: Atlas) -> list[Finding]:
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_constant)
        features = raw["features"]
        assert isinstance(features, list)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError):
        return [finding("geojson_unreadable", file=path.name)]
    gazetteer = Gazetteer(atlas.table())
    mapping = card.options.get("map") or {}
    if not any({"code", "name"} & _properties(feature, mapping, card).keys() for feature in features):
        return [finding("column_missing", file=path.name, field="code")]
    found: list[Finding] = []
    for index, feature in enumerate(features, 1):
        where: dict[str, Any] = {"file": path.name, "row": index}
        properties = _properties(feature, mapping, card)
        outline, problem = _outline(feature.get("geometry") if isinstance(feature, dict) else None, where)
        found += problem
        code = properties.get("code")
        if code and properties.get("name") and properties.get("level"):
            found += _enter(properties, where, atlas)
        elif not code:
            code, facts = gazetteer.resolve(str(properties.get("name") or ""), properties.get("level"))
            if code is None:
                found.append(unresolved(facts, **where, field="name", value=properties.get("name")))
        elif code not in atlas.records:
            found.append(finding("outline_alone", **where, field="code", value=code))
        if code and outline is not None:
            atlas.outlines[str(code)] = outline
    return found


def _properties(feature: Any, mapping: Mapping[str, Any], card: Card) -> dict[str, Any]:
    """The properties of a feature under our names."""
    raw = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(raw, dict):
        return {}
    if not mapping:
        return {name: str(raw[name]) for name in COLUMNS if raw.get(name) not in (None, "")}
    rename = card.options.get("rename") or {}
    out: dict[str, Any] = {}
    for ours, theirs in mapping.items():
        value = theirs.get("const") if isinstance(theirs, dict) else raw.get(theirs)
        if value not in (None, ""):
            out[ours] = str((rename.get(ours) or {}).get(value, value))
    return out


def _outline(geometry: Any, where: Mapping[str, Any]) -> tuple[BaseGeometry | None, list[Finding]]:
    try:
        outline = to_shape(geometry)
    except (AttributeError, TypeError, ValueError, KeyError, IndexError, shapely.errors.GEOSException):
        return None, [finding("outline_unreadable", **where)]
    if outline.is_empty or outline.geom_type not in ("Polygon", "MultiPolygon"):
        return None, [finding("outline_unreadable", **where)]
    west, south, east, north = outline.bounds
    if not all(math.isfinite(v) for v in outline.bounds) or west < -180 or east > 180 or south < -90 or north > 90:
        return None, [finding("outline_coordinates", **where)]
    if not outline.is_valid:
        return None, [finding("outline_crossed", **where)]
    return outline, []


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _check_parents(atlas: Atlas) -> list[Finding]:
    """Parents that do not exist, and places that contain themselves."""
    found: list[Finding] = []
    for code, record in sorted(atlas.records.items()):
        parent = record.get("parent")
        if parent and parent not in atlas.records:
            found.append(finding("parent_unknown", **atlas.where[code], field="parent", value=parent, place=code))
        seen = {code}
        while parent in atlas.records and parent not in seen:
            seen.add(parent)
            parent = atlas.records[parent].get("parent")
        if parent in seen:
            found.append(finding("parent_circle", **atlas.where[code], field="parent", value=code))
    return found
