"""Places and their outlines from tables and layers."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.frames import LINE, ROW, read_frame, unknown_columns
from maillage.intake.layers import LAYERS, Feature, read_layer
from maillage.intake.names import CODE, Gazetteer, unresolved
from maillage.intake.neighbours import NEAR, outline
from maillage.intake.values import clean, date, number

COLUMNS = ("code", "name", "name_en", "name_fr", "level", "parent", "valid_from", "valid_to", "lat", "lon")
Spellings = Callable[[Gazetteer], Iterable[tuple[str, str]]]
UNITS = {"id": "code", "place": "parent"}  # columns of the table `units` as those of places
ORDERED = ("admin0", "admin1", "admin2", "admin3")  # of these none lies in one of its own level


@dataclass(frozen=True, slots=True)
class Atlas:
    """Places as records by code, outlines by code, where each place and each outline was first read, and the codes of
    places that so far stand only in tables that give way to the study's own."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    outlines: dict[str, BaseGeometry] = field(default_factory=dict[str, BaseGeometry])
    where: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    drawn: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    folded: dict[str, str] = field(default_factory=dict[str, str])
    lent: set[str] = field(default_factory=set[str])

    def table(self) -> pl.DataFrame:
        """The table `places`, sorted by code."""
        return tables.build([self.records[code] for code in sorted(self.records)], "places")


def read_places(files: Iterable[tuple[Path, Card]], spellings: Spellings = lambda _: ()) -> tuple[Atlas, list[Finding]]:
    """All places of a study, and its units that are no places: tables first, then layers, which may find their place by
    name or by another spelling of it (`spellings`, of the places read so far); each in the order given."""
    ordered = sorted(files, key=lambda pair: (pair[0].suffix.lower() in LAYERS, not gives_way(pair[1])))
    atlas = Atlas()
    problems: list[Finding] = []
    for path, card in ordered:
        if path.suffix.lower() in LAYERS:
            known = atlas.table()
            problems += _from_layer(path, card, atlas, Gazetteer(known, (), spellings(Gazetteer(known))))
        else:
            problems += _from_table(path, card, atlas)
    return atlas, [*problems, *_check_parents(atlas), *_check_swapped(atlas)]


def gives_way(card: Card) -> bool:
    """Whether what a table says of a place yields to what another says of it: `new` lays out the countries so."""
    return card.options.get("gives_way") is True


def _from_table(path: Path, card: Card, atlas: Atlas) -> list[Finding]:
    frame, problems = read_frame(path, card)
    if problems:
        return problems
    if card.kind == "units":
        frame = frame.rename({name: ours for name, ours in UNITS.items() if name in frame.columns})
        frame = frame.drop("kind", strict=False).with_columns(pl.lit("unit").alias("level"))
    found = unknown_columns(frame, path.name, COLUMNS)
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
    if gives_way(card):
        atlas.lent.update(code for code, first in atlas.where.items() if first["file"] == path.name)
    return found


def _enter(raw: Mapping[str, Any], where: Mapping[str, Any], atlas: Atlas) -> list[Finding]:
    """One place into the atlas; the same place with the same content again is no problem."""
    record: dict[str, Any] = {name: clean(str(raw[name])) for name in COLUMNS if raw.get(name) not in (None, "")}
    found = [finding("value_missing", **where, field=name) for name in ("code", "name", "level") if name not in record]
    found += [*_position(record, where), *_validity(record, where)]
    if "code" in record and not CODE.match(record["code"]):
        found.append(finding("code_form", **where, field="code", value=record["code"]))
    levels = tables.codes()["levels"]
    if record.get("level") and record["level"] not in levels:
        near = ", ".join(levels)
        found.append(
            finding("code_unknown", **where, field="level", value=record["level"], list="levels", nearest=near)
        )
    if found:
        return found
    code = record["code"]
    before = atlas.records.get(code)
    if code in atlas.lent and before:
        before = _yielding(before, record)
        atlas.lent.discard(code)
        del atlas.where[code]
    same = atlas.folded.setdefault(code.casefold(), code)
    if same != code or (before and any(before.get(key, value) != value for key, value in record.items())):
        return [finding("place_twice", **where, field="code", value=code)]
    atlas.records[code] = (before or {}) | record
    atlas.where.setdefault(code, dict(where))
    return []


def _yielding(lent: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What a lent record still says beside the study's own: its names only where the own name is one of them."""
    names = {"name", "name_en", "name_fr"}
    kept = lent.keys() if own["name"] in {lent.get(key) for key in names} else lent.keys() - names
    return {key: lent[key] for key in kept if key not in own}


def _position(record: dict[str, Any], where: Mapping[str, Any]) -> list[Finding]:
    """Latitude and longitude become numbers; what is none, and one without the other, are findings."""
    found: list[Finding] = []
    for name, limit in (("lat", 90), ("lon", 180)):
        value = number(record[name]) if name in record else None
        if name in record and (value is None or not -limit <= value <= limit):
            found.append(finding("coordinate", **where, field=name, value=record[name]))
        elif value is not None:
            record[name] = float(value)
    lost = {"lat", "lon"} - record.keys()
    return found + [finding("value_missing", **where, field=name) for name in lost if len(lost) == 1]


def _validity(record: Mapping[str, Any], where: Mapping[str, Any]) -> list[Finding]:
    start, end = record.get("valid_from"), record.get("valid_to")
    found = [
        finding("date_unreadable", **where, field=name, value=text)
        for name, text in (("valid_from", start), ("valid_to", end))
        if text is not None and date(text) is None
    ]
    if start and end and not found and end < start and not start.startswith(end):
        found.append(finding("date_order", **where, field="valid_to", value=end))
    return found


def _from_layer(path: Path, card: Card, atlas: Atlas, gazetteer: Gazetteer) -> list[Finding]:
    features, found = read_layer(path)
    if found:
        return found
    named = [_properties(feature, card) for feature in features]
    if not any({"code", "name"} & properties.keys() for properties in named):
        return [finding("column_missing", file=path.name, field="code")]
    for index, (feature, properties) in enumerate(zip(features, named, strict=True), 1):
        where: dict[str, Any] = {"file": path.name, "row": index}
        problem = _outline_problem(feature.outline)
        found += [finding(problem, **where)] if problem else []
        code = properties.get("code")
        if code and properties.get("name") and properties.get("level"):
            found += _enter(properties, where, atlas)
        elif not code:
            code, facts = gazetteer.resolve(str(properties.get("name") or ""), properties.get("level"))
            if code is None:
                found.append(unresolved(facts, **where, field="name", value=properties.get("name")))
        elif code not in atlas.records:
            found.append(finding("outline_alone", **where, field="code", value=code))
        if code and feature.outline is not None and not problem:
            found += _draw(code, feature.outline, where, atlas)
    return found


def _draw(code: str, outline: BaseGeometry, where: Mapping[str, Any], atlas: Atlas) -> list[Finding]:
    """The outline of a place; it has one."""
    if code in atlas.drawn:
        return [finding("outline_twice", **where, field="code", value=code, first=atlas.drawn[code]["file"])]
    atlas.outlines[code], atlas.drawn[code] = outline, dict(where)
    return []


def _properties(feature: Feature, card: Card) -> dict[str, Any]:
    """The properties of a feature under our names."""
    raw, mapping = feature.properties, card.options.get("map") or {}
    if not mapping:
        return {name: clean(str(raw[name])) for name in COLUMNS if raw.get(name) not in (None, "")}
    rename = card.options.get("rename") or {}
    out: dict[str, Any] = {}
    for ours, theirs in mapping.items():
        value = theirs.get("const") if isinstance(theirs, dict) else raw.get(theirs)
        if value not in (None, ""):
            out[ours] = clean(str((rename.get(ours) or {}).get(value, value)))
    return out


def _outline_problem(outline: BaseGeometry | None) -> str | None:
    """What is wrong with an outline, None where nothing is."""
    if outline is None or outline.is_empty or outline.geom_type not in ("Polygon", "MultiPolygon"):
        return "outline_unreadable"
    west, south, east, north = outline.bounds
    if not all(math.isfinite(v) for v in outline.bounds) or west < -180 or east > 180 or south < -90 or north > 90:
        return "outline_coordinates"
    return None if outline.is_valid else "outline_crossed"


def _check_swapped(atlas: Atlas) -> list[Finding]:
    """Outlines that miss the country their place lies in, and meet it with latitude and longitude exchanged."""
    found: list[Finding] = []
    for code, drawn in sorted(atlas.outlines.items()):
        land = next((there for place in _upwards(code, atlas) if (there := outline(place)) is not None), None)
        if land is None or drawn.distance(land) < NEAR:
            continue
        if shapely.transform(drawn, lambda xy: xy[:, ::-1]).distance(land) < NEAR:
            found.append(finding("outline_swapped", **atlas.drawn[code], field="code", value=code))
    return found


def _upwards(code: str, atlas: Atlas) -> list[str]:
    """A place and those above it, each once."""
    chain: list[str] = []
    here: str | None = code
    while here is not None and here not in chain:
        chain.append(here)
        here = atlas.records.get(here, {}).get("parent")
    return chain


def _check_parents(atlas: Atlas) -> list[Finding]:
    """Parents that do not exist or are no larger, and places that contain themselves."""
    rank = {level: position for position, level in enumerate(tables.codes()["levels"])}
    rank["country"] = rank["admin0"]
    found: list[Finding] = []
    for code, record in sorted(atlas.records.items()):
        parent = record.get("parent")
        if parent and parent not in atlas.records:
            found.append(finding("parent_unknown", **atlas.where[code], field="parent", value=parent, place=code))
        above, level = atlas.records.get(parent or "", {}).get("level"), record["level"]
        if above and (rank[above] > rank[level] or (above == level and level in ORDERED)):
            facts: dict[str, Any] = {"place": code, "parent_level": above}
            found.append(finding("parent_level", **atlas.where[code], field="parent", value=level, **facts))
        seen = {code}
        while parent in atlas.records and parent not in seen:
            seen.add(parent)
            parent = atlas.records[parent].get("parent")
        if parent in seen:
            found.append(finding("parent_circle", **atlas.where[code], field="parent", value=code))
    return found
