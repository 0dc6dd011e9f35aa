"""Where events count: in the outlines of the study, else in their country; and how many lie outside."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_study import Command

GED = "id,date_start,date_end,latitude,longitude,where_prec,type_of_violence,side_a,side_b,low,best,high,country\n"
ACLED = "event_id_cnty,event_date,latitude,longitude,geo_precision,event_type,actor1,actor2,fatalities,country\n"
GED_ROW = "{id},2024-05-01,2024-05-01,16.2,-0.1,1,3,a,b,1,2,3,{country}\n"
ACLED_ROW = "{id},01 May 2024,16.2,-0.1,1,Battles,a,b,2,{country}\n"
OUTLINE = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "ML07"},
     "geometry": {"type": "Polygon", "coordinates": [[[-1, 16], [1, 16], [1, 17], [-1, 17], [-1, 16]]]}},
]}  # fmt: skip


def add(say: Command, study: Path, name: str, text: str, *words: object) -> list[dict[str, Any]]:
    file = study.parent / name
    file.write_text(text, "utf-8")
    done = say("add", file, *words, "--study", study, "--json")
    found = json.loads(done.out)
    assert done.code == 0, found
    return found


def events(say: Command, study: Path) -> dict[str, float]:
    """Value of each row of events in May 2024."""
    assert say("run", "--study", study).code == 0
    frame = pl.read_csv(study / "out" / "estimates.csv", infer_schema=False)
    rows = frame.filter(pl.col("id").str.ends_with("/2024-05")).select("id", "value").rows()
    return {name: float(value) for name, value in rows}


@pytest.mark.parametrize(("head", "row"), [(GED, GED_ROW), (ACLED, ACLED_ROW)], ids=["ged", "acled"])
def test_without_outlines_events_count_for_the_country_the_table_names(
    study: Path, say: Command, head: str, row: str
) -> None:
    text = head + row.format(id="e1", country="Mali") + row.format(id="e2", country="Mali")
    found = add(say, study, "violence.csv", text + row.format(id="e3", country="Chad"))
    assert [(item["code"], item["level"], item["line"]) for item in found] == [
        ("outlines_missing", "warning", 2), ("event_outside", "warning", 4),
    ]  # fmt: skip
    assert found[0]["message"].startswith("2 event(s)")
    counted = events(say, study)
    assert {name: value for name, value in counted.items() if name.startswith("events/")} == {
        "events/ML/2024-05": 2,
        "events/ALL/2024-05": 2,
    }
    assert counted["deaths/ML/2024-05"] == 4


def test_a_country_that_is_none_of_the_study_is_no_place(study: Path, say: Command) -> None:
    add(say, study, "more.csv", "code,name,level,parent\nTD,Chad,country,\n", "--as", "places")
    found = add(say, study, "violence.csv", GED + GED_ROW.format(id="e1", country="Chad"))
    assert [item["code"] for item in found] == ["event_outside"]
    assert events(say, study) == {}


def test_with_an_outline_its_area_counts_and_nothing_is_warned_of(study: Path, say: Command) -> None:
    add(say, study, "shapes.geojson", json.dumps(OUTLINE), "--as", "places")
    assert add(say, study, "violence.csv", GED + GED_ROW.format(id="e1", country="Mali")) == []
    assert events(say, study)["events/ML07/2024-05"] == 1


def test_many_events_outside_are_one_finding_with_the_first_lines(study: Path, say: Command) -> None:
    head, row = "id,date,lat,lon,precision,deaths,source\n", "e{},2024-05,50,50,1,1,x\n"
    few = add(say, study, "few.csv", head + "".join(row.format(number) for number in range(5)), "--as", "events")
    assert [(item["code"], item["line"], item["row"]) for item in few] == [
        ("event_outside", line, line - 1) for line in range(2, 7)
    ]
    (many,) = add(say, study, "many.csv", head + "".join(row.format(number) for number in range(6)), "--as", "events")
    assert (many["code"], many["level"], many["line"]) == ("event_outside", "warning", 2)
    assert "6 event(s) of many.csv" in many["message"]
    assert "(line 2, 3, 4, 5, 6 …)" in many["message"]


def test_who_names_the_place_of_an_event_says_how_well_it_is_placed(study: Path, say: Command) -> None:
    """No precision told: the level of the place named counts. Coordinates alone, or a precision told, say otherwise."""
    add(say, study, "outline.geojson", json.dumps(OUTLINE), "--as", "places")
    head = "id,date,place,lat,lon,precision,deaths,source\n"
    rows = "e1,2024-05,Gao,,,,1,x\ne2,2024-05,Gao,,,6,1,x\ne3,2024-05,,16.2,0.5,,1,x\ne4,2024-05,Mali,,,,1,x\n"
    add(say, study, "violence.csv", head + rows)
    counted = events(say, study)
    assert {name: value for name, value in counted.items() if name.startswith("events")} == {
        "events/ALL/2024-05": 4, "events/ML/2024-05": 4, "events/ML07/2024-05": 1,
        "events_all/ALL/2024-05": 4, "events_all/ML/2024-05": 4, "events_all/ML07/2024-05": 3,
    }  # fmt: skip
