"""A new pull of event data: rows added, changed and deleted are told; nothing is replaced until that is confirmed."""

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from made_study import Command

GED = "id,date_start,date_end,latitude,longitude,where_prec,type_of_violence,side_a,side_b,low,best,high,country\n"
FIRST = (
    GED + "1,2024-05-01,2024-05-01,16.2,-0.1,1,3,a,b,1,2,3,Mali\n2,2024-05-02,2024-05-02,16.2,-0.1,1,1,a,b,0,0,0,Mali\n"
)
NEXT = (
    GED + "1,2024-05-01,2024-05-01,16.2,-0.1,2,3,a,b,1,5,6,Mali\n3,2024-06-02,2024-06-02,16.2,-0.1,1,1,a,b,0,0,0,Mali\n"
)
OUTLINE = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "ML07"},
     "geometry": {"type": "Polygon", "coordinates": [[[-1, 16], [1, 16], [1, 17], [-1, 17], [-1, 16]]]}},
]}  # fmt: skip
CARD = "kind: events\nsource: UCDP GED 24.1\nlicence: CC BY 4.0\ncoverage: {from: 2024-05-01, to: 2024-05-31}\n"


def add(say: Command, study: Path, file: Path, *words: object, lang: str = "en") -> tuple[int, list[dict[str, Any]]]:
    done = say("add", file, "--study", study, "--json", "--lang", lang, *words)
    return done.code, json.loads(done.out)


def card(study: Path, name: str = "ged") -> dict[str, Any]:
    return yaml.safe_load((study / "tables" / f"{name}.yml").read_text("utf-8"))


@pytest.fixture
def pulled(study: Path, say: Command, tmp_path: Path) -> Path:
    """The file of a first pull, in the study with its card."""
    shapes, file = tmp_path / "shapes.geojson", tmp_path / "ged.csv"
    shapes.write_text(json.dumps(OUTLINE), "utf-8")
    assert say("add", shapes, "--study", study, "--as", "places").code == 0
    file.write_text(FIRST, "utf-8")
    (tmp_path / "card.yml").write_text(CARD, "utf-8")
    os.utime(file, (1_717_200_000, 1_717_200_000))  # 1 June 2024
    assert add(say, study, file, "--map", tmp_path / "card.yml")[0] == 0
    return file


def test_a_pull_has_its_day_and_hash(study: Path, pulled: Path, say: Command) -> None:
    assert card(study)["pulled"] == "2024-06-01"
    assert len(card(study)["sha256"]) == 64
    code, found = add(say, study, pulled)
    assert (code, found) == (0, [])
    assert card(study)["source"] == "UCDP GED 24.1"
    assert add(say, study, pulled, "--pulled", "yesterday")[1][0]["code"] == "card_value"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_differences_are_told_and_nothing_is_replaced(study: Path, pulled: Path, say: Command, lang: str) -> None:
    pulled.write_text(NEXT, "utf-8")
    before = card(study), (study / "tables" / "ged.csv").read_bytes()
    code, found = add(say, study, pulled, lang=lang)
    assert code == 1
    assert {item["code"]: item["value"] for item in found} == {
        "events_added": "1", "events_changed": "1", "events_deleted": "1", "events_confirm": "3", "events_beyond": "1",
    }  # fmt: skip
    told = next(item["message"] for item in found if item["code"] == "events_changed")
    assert "1 (precision 1 → 2, deaths 2 → 5, deaths_high 3 → 6)" in told
    assert (card(study), (study / "tables" / "ged.csv").read_bytes()) == before


def test_a_confirmed_pull_replaces_the_file_and_keeps_the_card(study: Path, pulled: Path, say: Command) -> None:
    first = card(study)
    pulled.write_text(NEXT, "utf-8")
    code, _ = add(say, study, pulled, "--yes", "--pulled", "2024-07-01")
    assert code == 0
    now = card(study)
    assert (study / "tables" / "ged.csv").read_text("utf-8") == NEXT
    assert (now["source"], now["pulled"]) == ("UCDP GED 24.1", "2024-07-01")
    assert now["earlier"] == [
        {"pulled": "2024-06-01", "sha256": first["sha256"], "added": 1, "changed": 1, "deleted": 1}
    ]
    assert say("check", "--study", study).code == 0
    pulled.write_text(FIRST, "utf-8")
    assert add(say, study, pulled, "--yes")[0] == 0
    assert len(card(study)["earlier"]) == 2


def test_a_pull_under_another_name_says_what_it_replaces(study: Path, pulled: Path, say: Command) -> None:
    later = pulled.with_name("ged242.csv")
    later.write_text(FIRST, "utf-8")
    code, found = add(say, study, later)
    assert (code, [item["code"] for item in found]) == (1, ["events_again"])
    later.write_text(NEXT, "utf-8")
    assert add(say, study, later, "--replace", "nothing")[0] == 2
    assert add(say, study, later, "--replace", "ged", "--yes")[0] == 0
    assert card(study)["file"] == "tables/ged242.csv"
    assert not (study / "tables" / "ged242.yml").exists()
    assert add(say, study, later, "--as", "sources", "--pulled", "2024-01-01")[0] == 2


def test_columns_that_nobody_uses_need_no_confirmation(study: Path, pulled: Path, say: Command) -> None:
    text = "\n".join(f"{line},more" for line in FIRST.splitlines()) + "\n"
    pulled.write_text(text, "utf-8")
    assert add(say, study, pulled) == (0, [])
    assert card(study)["earlier"][0]["added"] == 0


GED_BY_ID = (
    "ID,date_start,date_end,latitude,longitude,where_prec,type_of_violence,side_a,side_b,low_est,best_est,high_est"
)
ACLED = "EVENT_ID_CNTY,EVENT_DATE,LATITUDE,LONGITUDE,GEO_PRECISION,EVENT_TYPE,ACTOR1,ACTOR2,FATALITIES,COUNTRY"


@pytest.mark.parametrize(
    ("head", "row", "deaths"),
    [
        (GED_BY_ID, "9,2012-05-01,2012-05-01,16.2,-0.1,1,3,a,b,1,2,3", 2),
        (ACLED, "MLI1,01 May 2012,16.2,-0.1,3,Battles,a,b,4,Mali", 4),
    ],
)
def test_early_versions_of_published_data_sets(
    study: Path, pulled: Path, say: Command, head: str, row: str, deaths: int
) -> None:
    early = pulled.with_name("early.csv")
    early.write_text(f"{head}\n{row}\n", "utf-8")
    assert add(say, study, early) == (0, [])
    assert say("run", "--study", study).code == 0
    frame = pl.read_csv(study / "out" / "estimates.csv", infer_schema=False)
    assert float(frame.filter(pl.col("id") == "deaths/ML07/2012-05")["value"][0]) == deaths
