"""Tables, layers and cards that cannot be: told in full, at their cell, and nothing is copied."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from made_study import Command

Hash = Callable[[Path], str]
Told = list[tuple[str, str, int | None, int | None, str | None]]
INDICATORS = "place,indicator,period,value,low,high,unit,source\n"
EVENTS = "id,date,place,lat,lon,precision,deaths_low,deaths,deaths_high,source\n"
PLACES = "code,name,level,parent,valid_from,valid_to,lat,lon\n"


@pytest.fixture
def add(study: Path, say: Command, hash_of: Hash) -> Callable[..., tuple[int, Told]]:
    """`add(text, "places", "x.csv", *words)`: exit code and findings; a refused file must leave the study as it was."""

    def run(text: str | bytes, kind: str | None, name: str = "x.csv", *words: object) -> tuple[int, Told]:
        file = study.parent / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        before = hash_of(study)
        kinds = ("--as", kind) if kind else ()
        done = say("add", file, *kinds, *words, "--study", study, "--json")
        found = json.loads(done.out)
        assert done.code == 0 or hash_of(study) == before
        assert all(item["message"] and item["remedy"] for item in found)
        return done.code, [tuple(item[key] for key in ("code", "file", "line", "row", "field")) for item in found]

    return run


Add = Callable[..., tuple[int, Told]]


@pytest.mark.parametrize(("kind", "text", "code", "line", "field"), [
    ("indicators", INDICATORS + "Gao,population,2018,NaN,,,persons,x\n", "number_unreadable", 2, "value"),
    ("indicators", INDICATORS + "Gao,population,2018,inf,,,persons,x\n", "number_unreadable", 2, "value"),
    ("indicators", INDICATORS + "Gao,population,2018,1e400,,,persons,x\n", "number_unreadable", 2, "value"),
    ("indicators", INDICATORS + "Gao,population,2018,5,9,1,persons,x\n", "bounds_order", 2, "low"),
    ("indicators", INDICATORS + "Gao,,2018,5,,,persons,x\n", "value_missing", 2, "indicator"),
    ("indicators", "place,indicator,value,colour\nGao,population,5,red\n", "column_unknown", 1, "colour"),
    ("events", EVENTS + "e1,2024,Gao,,,1,,1e99,,x\n", "integer_unreadable", 2, "deaths"),
    ("events", EVENTS + "e1,2024,,,,1,,1,,x\n", "value_missing", 2, "place"),
    ("events", EVENTS + "e1,2024,,14,,1,,1,,x\n", "value_missing", 2, "lon"),
    ("events", "id,date,place,deaths,colour\ne1,2024,Gao,1,red\n", "column_unknown", 1, "colour"),
    ("events", "id,date,date_end,place,deaths\ne1,2024-05,2024-01,Gao,1\n", "date_order", 2, "date_end"),
    ("places", PLACES + "ML/9,Bamako,admin1,ML,,,,\n", "code_form", 2, "code"),
    ("places", PLACES + "ALL,Bamako,admin1,ML,,,,\n", "code_form", 2, "code"),
    ("places", PLACES + "ML09,Bamako,admin1,ML,2020,2010,,\n", "date_order", 2, "valid_to"),
    ("places", PLACES + "ML09,Bamako,admin1,ML,,,12,\n", "value_missing", 2, "lon"),
    ("places", PLACES + "ml07,Bamako,admin1,ML,,,,\n", "place_twice", 2, "code"),
    ("places", PLACES + "ML07,Bamako,admin1,ML,,,,\n", "place_twice", 2, "code"),
    ("places", PLACES + "ML09,Bamako,admin1,ML08,,,,\n", "parent_level", 2, "parent"),
    ("zones", "zone,place\nno/rth,Gao\n", "code_form", 2, "zone"),
    ("plan", "place,stakeholder,planned\nGao,transporter,-3\n", "count_range", 2, "planned"),
    ("plan", "place,stakeholder,planned\nGao,transporter,1e20\n", "integer_unreadable", 2, "planned"),
    ("plan", "place,stakeholder,planned\nGao,transporter,3\ngao,transporter,4\n", "plan_twice", 3, "stakeholder"),
])  # fmt: skip
def test_one_thing_that_cannot_be(add: Add, kind: str, text: str, code: str, line: int, field: str) -> None:
    row = line - 1 or None
    assert add(text, kind) == (1, [(code, "x.csv", line, row, field)])


def test_an_indicator_or_a_unit_that_nobody_described_is_warned_of(add: Add) -> None:
    text = (
        INDICATORS
        + "Gao,popullation,2018,5,,,persons,x\nGao,population,2018,5,,,bushels,x\nKidal,population,2018,5,,,persons,x\n"
    )
    wanted = [("indicator_unknown", "x.csv", 2, 1, "indicator"), ("indicator_unit", "x.csv", 3, 2, "unit")]
    assert add(text, "indicators") == (0, wanted)


def test_every_row_with_the_same_fault_is_named(add: Add) -> None:
    row = "{},population,{},5,,,persons,x\n"
    rows = "".join(row.format(*pair) for pair in (("Gao", "2018-13"), ("Kidal", "2018-13"), ("Nowhere", "2018"))) * 2
    found = add(INDICATORS + rows, "indicators")[1]
    assert [(item[0], item[3]) for item in found if item[0] != "indicator_twice"] == [
        ("period_unreadable", 1), ("period_unreadable", 2), ("place_unknown", 3), ("period_unreadable", 4),
        ("period_unreadable", 5), ("place_unknown", 6),
    ]  # fmt: skip


def test_an_event_outside_is_told_beside_a_place_that_is_unknown(add: Add) -> None:
    found = add(EVENTS + "e1,2024,Nowhere,,,1,,1,,x\ne2,2024,,50,50,1,,1,,x\ne3,2024,,NaN,5,1,,1,,x\n", "events")[1]
    wanted = [("place_unknown", 2), ("event_outside", 3), ("coordinate", 4)]
    assert [(item[0], item[2]) for item in found] == wanted


def test_a_note_that_starts_with_a_hash_is_no_row_of_tags(add: Add, study: Path, say: Command) -> None:
    text = "place,indicator,period,value,source\nGao,population,2018,5,#1 report\nKidal,population,2018,7,x\n"
    assert add(text, "indicators") == (0, [])
    assert say("run", "--study", study).code == 0
    assert "indicators/ML07/population" in (study / "out" / "estimates.csv").read_text("utf-8")


LONG = "place,indicator,period,value,unit,source\n" + "".join(
    f"Gao,x{number},2018,5,people,{'y' * 60}\n" for number in range(3000)
)


@pytest.mark.parametrize(("more", "code", "line", "row"), [
    ("Gao,zz,2018\n", "row_ragged", 3002, 3001), ("Gao,zz,2018,5,p,x,extra\n", "row_ragged", 3002, 3001),
    ("\nNowhere,zz,2018,5,p,x\n", "place_unknown", 3003, 3001),
])  # fmt: skip
def test_a_long_file_is_read_as_strictly_as_a_short_one(add: Add, more: str, code: str, line: int, row: int) -> None:
    (found,) = [item for item in add(LONG + more, "indicators")[1] if item[0] != "indicator_unknown"]
    assert (found[0], found[2], found[3]) == (code, line, row)


def test_a_long_file_with_a_column_twice_and_one_with_blanks_around(add: Add) -> None:
    assert add(LONG.replace("unit,source", "source,source"), "indicators")[1][0][0] == "header_twice"
    assert add(LONG + " Gao , zz ,2018, 5 ,p,x\n", "indicators")[0] == 0


# --- layers ---------------------------------------------------------------------------------------------------


def square(west: float, south: float, size: float = 1) -> list[list[list[float]]]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def layer(*features: tuple[dict[str, Any], list[Any]], **more: Any) -> str:
    made = [{"type": "Feature", "properties": names, "geometry": {"type": "Polygon", "coordinates": xy}}
            for names, xy in features]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": made} | more)


GAO, KIDAL = {"code": "ML07"}, {"code": "ML08"}
CROSSED = [[[0, 16], [1, 17], [1, 16], [0, 17], [0, 16]]]
METRES = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32630"}}


@pytest.mark.parametrize(("text", "found"), [
    (layer((GAO, CROSSED)), [("outline_crossed", 1)]),
    (layer((GAO, square(0, 16)), (GAO, square(2, 16))), [("outline_twice", 2)]),
    (layer((GAO, square(16, 0)), (KIDAL, square(18, 1))), [("outline_swapped", 1), ("outline_swapped", 2)]),
    (layer((GAO, square(0, 16)), crs=METRES), [("layer_projected", None)]),
    (layer((GAO, square(200_000, 1_700_000))), [("outline_coordinates", 1)]),
    (layer((GAO, square(0, 16))).replace("[0, 16]", "[1e400, 16]"), [("outline_coordinates", 1)]),
    (layer((GAO, square(0, 16))).replace("[0, 16]", "[NaN, 16]"), [("geojson_unreadable", None)]),
    (layer(({"code": "ML99"}, square(0, 16))), [("outline_alone", 1)]),
    (layer(({"name": "Ménaka"}, square(0, 16))).replace("\\u00e9", "é").encode("latin-1"), [("encoding", None)]),
])  # fmt: skip
def test_outlines_that_cannot_be(add: Add, text: str | bytes, found: list[tuple[str, int | None]]) -> None:
    code, told = add(text, "places", "x.geojson")
    assert (code, [(item[0], item[3]) for item in told]) == (1, found)


def test_a_layer_may_be_called_json(add: Add) -> None:
    assert add(layer((GAO, square(0, 16))), "places", "a.json") == (0, [])


def test_a_second_outline_in_another_file_names_the_first(add: Add, study: Path, say: Command) -> None:
    assert add(layer((GAO, square(0, 16))), "places", "a.geojson") == (0, [])
    assert add(layer((GAO, square(1, 16))), "places", "b.geojson")[1] == [
        ("outline_twice", "b.geojson", None, 1, "code")
    ]


@pytest.mark.parametrize("name", ["x.yml", "x.pdf", "x"])
def test_what_is_no_table_is_not_kept(add: Add, study: Path, name: str) -> None:
    before = sorted(item.name for item in (study / "tables").iterdir())
    assert add(PLACES + "ML09,Bamako,admin1,ML,,,,\n", "places", name) == (
        1,
        [("table_format", name, None, None, None)],
    )
    assert sorted(item.name for item in (study / "tables").iterdir()) == before


# --- cards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "value"), [
    ("map", ["a"]), ("map", "a"), ("map", {"place": {"x": 1}}), ("map", {"place": {"parts": "a"}}),
    ("map", {"place": {"const": None}}), ("melt", ["a"]), ("melt", {"value": 3}), ("melt", {"value": {"unit": "x"}}),
    ("melt", {"value": {"indicator": "x", "scale": "many"}}), ("rename", ["a"]), ("rename", {"place": 3}),
    ("filter", ["a"]), ("filter", {"place": {"a": 1}}), ("coverage", 2020), ("coverage", {"from": 2020}),
    ("coverage", {"from": "2020", "to": "2019"}), ("coverage", {"from": "soon", "to": "late"}), ("precision", 0),
    ("precision", ["a"]), ("drop", 3), ("drop", "Gao"), ("title", 3), ("notes", 3), ("pulled", "2021-99-99"),
    ("sha256", "00"), ("licence", ["a"]),
])  # fmt: skip
def test_a_card_with_a_value_it_cannot_have(add: Add, study: Path, say: Command, key: str, value: object) -> None:
    card = study.parent / "card.yml"
    card.write_text(yaml.safe_dump({"kind": "indicators", key: value}), "utf-8")
    text = "place,indicator,period,value\nGao,population,2018,5\n"
    assert add(text, None, "x.csv", "--map", card) == (1, [("card_value", "card.yml", None, None, key)])


def test_a_card_in_the_study_is_held_to_the_same(add: Add, study: Path, say: Command) -> None:
    assert add(INDICATORS + "Gao,population,2018,5,,,persons,x\n", "indicators") == (0, [])
    card = study / "tables" / "x.yml"
    card.write_text(card.read_text("utf-8") + "coverage: 2020\n", "utf-8")
    done = say("check", "--study", study, "--json")
    assert (done.code, [item["code"] for item in json.loads(done.out)]) == (1, ["card_value"])


def test_a_card_maps_sources_too(add: Add, study: Path, say: Command) -> None:
    card = study.parent / "card.yml"
    card.write_text(yaml.safe_dump({"kind": "sources", "map": {"id": "No", "kind": {"const": "document"}}}), "utf-8")
    assert add("No,Anything\nz1,2\n", None, "x.csv", "--map", card) == (0, [])
    assert '"id":"z1"' in next((study / "log").glob("*.jsonl")).read_text("utf-8")


def test_a_precision_that_names_no_column(add: Add, study: Path) -> None:
    card = study.parent / "card.yml"
    card.write_text("kind: events\nprecision: nothere\n", "utf-8")
    code, found = add("id,date,place,deaths\ne1,2024,Gao,1\n", None, "x.csv", "--map", card)
    assert (code, [item[0] for item in found]) == (1, ["card_column"])


def test_a_kind_that_does_not_exist_is_wrong_use(study: Path, say: Command) -> None:
    done = say("add", study.parent / "places.csv", "--as", "bogus", "--study", study)
    assert (done.code, "bogus" in done.err) == (2, True)
