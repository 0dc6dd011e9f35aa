"""The map for a GIS: a GeoPackage that any SQLite reads, equal bytes for equal releases, nothing withheld in it."""

import json
import sqlite3
import struct
from functools import cache
from pathlib import Path

import pytest
import shapely
from made_release import released, study

import known
from maillage.publish.gate import Release
from maillage.publish.geopackage import APPLICATION, geojson, geopackage


@cache
def mali() -> Release:
    return known.released("mali")


@pytest.fixture
def base(tmp_path: Path) -> sqlite3.Connection:
    (tmp_path / "map.gpkg").write_bytes(geopackage(mali()))
    return sqlite3.connect(tmp_path / "map.gpkg")


def shape(blob: bytes) -> shapely.Geometry:
    magic, version, flags, system = struct.unpack("<2sBBi", blob[:8])
    assert (magic, version, flags, system) == (b"GP", 0, 3, 4326)
    left, right, low, high = struct.unpack("<4d", blob[8:40])
    found = shapely.from_wkb(blob[40:])
    assert shapely.bounds(found).tolist() == [left, low, right, high]
    return found


def test_the_file_says_what_it_is_and_is_whole(base: sqlite3.Connection) -> None:
    assert base.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    layers = base.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY 1").fetchall()
    assert layers == [
        ("about", "attributes"), ("areas", "features"), ("estimates", "attributes"), ("numbers", "features"),
    ]  # fmt: skip
    columns = {row[1] for row in base.execute("PRAGMA table_info(areas)")}
    assert {"fid", "geom", "code", "name_fr"} <= columns


def test_areas_are_the_outlines_and_lie_in_their_bounds(base: sqlite3.Connection) -> None:
    rows = base.execute("SELECT code, geom FROM areas").fetchall()
    assert {code for code, _ in rows} == set(mali().outlines)
    for code, blob in rows:
        assert shape(blob).equals(shapely.multipolygons([mali().outlines[code]]) if mali().outlines[code].geom_type
                                  == "Polygon" else mali().outlines[code])  # fmt: skip
    left, low, right, high = base.execute(
        "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'areas'"
    ).fetchone()
    assert -13 < left < right < 5
    assert 10 < low < high < 26


def test_numbers_are_those_of_the_release_with_their_area(base: sqlite3.Connection) -> None:
    told = {row["id"]: row for row in mali().estimates.iter_rows(named=True)}
    stored = base.execute("SELECT id, value, status, feasible FROM estimates").fetchall()
    assert len(stored) == len(told)
    assert all((told[name]["value"], told[name]["status"]) == (value, status) for name, value, status, _ in stored)
    joined = base.execute("SELECT id, place, place_name, geom FROM numbers").fetchall()
    assert {name for name, *_ in joined} == {name for name, row in told.items() if row["place"] in mali().outlines}
    assert not any(
        column in {row[1] for row in base.execute("PRAGMA table_info(estimates)")} for column in ("trace", "counted")
    )


def test_equal_releases_give_equal_bytes_and_no_clock() -> None:
    assert geopackage(mali()) == geopackage(mali())
    stamps = sqlite3.connect(":memory:")
    stamps.deserialize(geopackage(mali()))
    assert {row[0][:10] for row in stamps.execute("SELECT last_change FROM gpkg_contents")} == {mali().date}


def test_a_study_without_outlines_has_its_numbers_alone() -> None:
    made = released(study({"EX0101": (5, 12)}))
    base = sqlite3.connect(":memory:")
    base.deserialize(geopackage(made))
    assert base.execute("SELECT count(*) FROM areas").fetchone() == (0,)
    assert base.execute("SELECT count(*) FROM estimates").fetchone() == (made.estimates.height,)
    assert json.loads(geojson(made))["features"] == []


def test_what_is_withheld_has_no_value_here_either(base: sqlite3.Connection) -> None:
    rows = base.execute("SELECT value, low, high, k, n FROM estimates WHERE status = 'withheld'").fetchall()
    assert all(value is None for row in rows for value in row)


def test_geojson_holds_each_area_to_five_decimals() -> None:
    features = json.loads(geojson(mali()))["features"]
    assert {item["properties"]["code"] for item in features} == set(mali().outlines)
    for item in features:
        found = shapely.from_geojson(json.dumps(item["geometry"]))
        known = mali().outlines[item["properties"]["code"]]
        assert found.is_valid
        assert shapely.hausdorff_distance(found, known) < 1e-4
