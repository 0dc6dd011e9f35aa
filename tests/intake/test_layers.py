"""GeoPackage and Shapefile beside GeoJSON: the same areas whatever the format; what cannot be read says why."""

import json
import shutil
import sqlite3
import struct
import zipfile
from pathlib import Path

import pytest
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from maillage.intake.cards import make_card
from maillage.intake.layers import packed, read_layer
from maillage.intake.places import read_places

HOLED = shapely.Polygon([(0, 16), (2, 16), (2, 18), (0, 18)], [[(0.5, 16.5), (1, 16.5), (1, 17), (0.5, 17)]])
TWO = shapely.MultiPolygon([shapely.box(3, 16, 4, 17), shapely.box(5, 16, 6, 17)])
AREAS: list[tuple[str, str, BaseGeometry]] = [("ML07", "Gao", HOLED), ("ML10", "Ménaka", TWO)]
WGS = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]'


def test_outlines_find_their_place_by_another_spelling_of_its_name(tmp_path: Path) -> None:
    table, layer = tmp_path / "places.csv", tmp_path / "areas.geojson"
    table.write_text("code,name,level\nML07,Gao,admin1\nML10,Ménaka,admin1\n", "utf-8")
    geojson(layer, code="pcode", names=("Gao", "Menacka"))
    cards = [make_card(file.stem, {"kind": "places", "file": file.name}) for file in (table, layer)]
    files = list(zip((table, layer), cards, strict=True))
    atlas, problems = read_places(files)
    assert ([item.code for item in problems], list(atlas.outlines)) == (["place_unknown"], ["ML07"])
    atlas, problems = read_places(files, lambda known: [("Menacka", str(known.resolve("Ménaka")[0]))])
    assert (problems, sorted(atlas.outlines)) == ([], ["ML07", "ML10"])


def geojson(path: Path, code: str = "code", names: tuple[str, ...] = ("Gao", "Ménaka")) -> Path:
    made = [{"type": "Feature", "properties": {code: a, "name": name}, "geometry": mapping(c)}
            for (a, _, c), name in zip(AREAS, names, strict=True)]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), "utf-8")
    return path


def geopackage(path: Path, *, system: int = 4326, layers: int = 1) -> Path:
    """A GeoPackage as GIS programs write it: contents, geometry columns, geometries with an envelope."""
    base = sqlite3.connect(path)
    base.execute("create table gpkg_contents (table_name text, data_type text)")
    base.execute("create table gpkg_geometry_columns (table_name text, column_name text, srs_id int)")
    base.execute("create table gpkg_spatial_ref_sys (srs_id int, organization_coordsys_id int)")
    base.execute("insert into gpkg_spatial_ref_sys values (1, ?)", (system,))
    for number in range(layers):
        name = f'odd "{number}"'
        quoted = '"' + name.replace('"', '""') + '"'
        base.execute("insert into gpkg_contents values (?, 'features')", (name,))
        base.execute("insert into gpkg_geometry_columns values (?, 'geom', 1)", (name,))
        base.execute(f"create table {quoted} (fid integer primary key, code text, name text, geom blob)")
        for code, label, outline in AREAS:
            west, south, east, north = outline.bounds
            head = b"GP\0\3" + struct.pack("<i4d", system, west, east, south, north)
            values = (code, label, head + shapely.to_wkb(outline))
            base.execute(f"insert into {quoted} (code, name, geom) values (?, ?, ?)", values)
    base.commit()
    base.close()
    return path


def rings(outline: BaseGeometry) -> list[list[tuple[float, float]]]:
    """Outer rings clockwise, holes the other way, as the Shapefile wants them."""
    parts = getattr(outline, "geoms", [outline])
    turned = [shapely.orient_polygons(part, exterior_cw=True) for part in parts]
    return [[*ring.coords] for part in turned for ring in (part.exterior, *part.interiors)]


def record(number: int, outline: BaseGeometry) -> bytes:
    lines = rings(outline)
    starts = [sum(map(len, lines[:index])) for index in range(len(lines))]
    points = [value for line in lines for xy in line for value in xy]
    body = struct.pack("<i4d2i", 5, *outline.bounds, len(lines), len(points) // 2)
    body += struct.pack(f"<{len(starts)}i", *starts) + struct.pack(f"<{len(points)}d", *points)
    return struct.pack(">2i", number, len(body) // 2) + body


def attributes(encoding: str) -> bytes:
    fields = [(b"code", 6), (b"name", 12)]
    head = b"".join(name.ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([size]) + b"\0" * 15 for name, size in fields)
    rows = b"".join(b" " + code.encode().ljust(6) + name.encode(encoding).ljust(12) for code, name, _ in AREAS)
    start = struct.pack("<4BIHH20x", 3, 124, 1, 1, len(AREAS), 32 + len(head) + 1, 19)
    return start + head + b"\r" + rows + b"\x1a"


def shapefile(path: Path, *, system: str = WGS, encoding: str = "cp1252") -> Path:
    body = b"".join(record(number, outline) for number, (_, _, outline) in enumerate(AREAS, 1))
    path.write_bytes(struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(body) // 2).ljust(100, b"\0") + body)
    path.with_suffix(".dbf").write_bytes(attributes(encoding))
    path.with_suffix(".prj").write_text(system, "utf-8")
    return path


def zipped(path: Path) -> Path:
    name, content = packed(shapefile(path.with_suffix(".shp")))
    assert name == path.name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("make", "suffix"), [
    (geojson, ".geojson"), (geopackage, ".gpkg"), (shapefile, ".shp"), (zipped, ".zip"),
])  # fmt: skip
def test_the_same_areas_in_every_format(tmp_path: Path, make: "type[Path]", suffix: str) -> None:
    features, problems = read_layer(make(tmp_path / f"areas{suffix}"))
    assert problems == []
    assert [(item.properties["code"], item.properties["name"]) for item in features] == [x[:2] for x in AREAS]
    for item, (_, _, outline) in zip(features, AREAS, strict=True):
        assert item.outline is not None
        assert item.outline.equals(outline)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    features, _ = read_layer(shapefile(tmp_path / "a.shp", encoding=encoding))
    assert features[1].properties["name"] == "Ménaka"


def test_a_shapefile_packs_to_the_same_bytes_every_time(tmp_path: Path) -> None:
    first = packed(shapefile(tmp_path / "a.shp"))
    (tmp_path / "b").mkdir()
    for part in tmp_path.glob("a.*"):
        shutil.copy(part, tmp_path / "b")
    assert packed(tmp_path / "b" / "a.shp") == first


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    alone = shapefile(tmp_path / "alone.shp")
    alone.with_suffix(".dbf").unlink()
    cut = shapefile(tmp_path / "cut.shp")
    cut.write_bytes(cut.read_bytes()[:-40])
    lost = shapefile(tmp_path / "lost.shp")
    lost.with_suffix(".dbf").write_bytes(lost.with_suffix(".dbf").read_bytes()[:40])
    several = tmp_path / "several.zip"
    with zipfile.ZipFile(several, "w") as archive:
        archive.writestr("a.shp", b"")
        archive.writestr("b.shp", b"")
    noise = tmp_path / "noise.gpkg"
    noise.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 8)
    cases = {
        alone: "layer_unreadable", cut: "layer_unreadable", lost: "layer_unreadable", several: "layer_unreadable",
        noise: "layer_unreadable", geopackage(tmp_path / "two.gpkg", layers=2): "layer_unreadable",
        geopackage(tmp_path / "metres.gpkg", system=32630): "layer_projected",
        shapefile(tmp_path / "metres.shp", system='PROJCS["WGS_1984_UTM_Zone_30N"]'): "layer_projected",
    }  # fmt: skip
    for path, code in cases.items():
        features, (problem,) = read_layer(path)
        assert (features, problem.code, problem.file) == ([], code, path.name)
        assert problem.message("en") != problem.message("fr")


def test_a_card_words_its_source_and_licence_in_each_language() -> None:
    words = {"en": "public domain", "fr": "domaine public"}
    card = make_card("a", {"kind": "places", "source": "OCHA", "licence": words})
    assert (card.source, card.owner("fr"), card.licence, card.terms("fr")) == ("OCHA", "OCHA", *words.values())
