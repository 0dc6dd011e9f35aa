"""Open data: no cell a spreadsheet would run, numbers stay numbers, a data package that describes what is there."""

import csv
import hashlib
import io
import json
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_release import released, study

from maillage.publish import data
from maillage.spreadsheet import FORMULA, restored

TABLE = {"estimates", "findings", "priorities", "routes", "places", "withheld", "sources", "reporting"}


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\t=x", "\r=x", "\n=x", '=HYPERLINK("x";"y")'])
def test_a_cell_that_would_be_a_formula_is_text(text: str) -> None:
    (row,) = read(data.csv(pl.DataFrame({"note": [text], "list": [[text, "b"]]})))
    assert row["note"] == "'" + text
    assert row["list"] == "'" + text + ";b"


def test_numbers_stay_numbers() -> None:
    content = data.csv(pl.DataFrame({"a": [-3.5, 0.1 + 0.2, None], "b": [-1, 2, None], "c": [True, False, None]}))
    assert content == b"a,b,c\n-3.5,-1,yes\n0.3,2,no\n,,\n"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=5))
def test_any_text_reads_back(texts: list[str]) -> None:
    rows = read(data.csv(pl.DataFrame({"id": ["x"] * len(texts), "text": texts})))
    assert [restored(row["text"]) for row in rows] == texts
    assert not any(row["text"].startswith(FORMULA) for row in rows)


def test_the_package_describes_every_table_and_its_columns() -> None:
    files = data.files(released(study({"EX0101": (5, 12)})))
    package = json.loads(files["datapackage.json"])
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert package["created"] == "2024-06-01T00:00:00Z"
    tabular = [item for item in package["resources"] if item["profile"] == "tabular-data-resource"]
    assert {item["name"] for item in tabular} == TABLE
    for item in tabular:
        header = files[item["path"]].decode().split("\n", 1)[0].split(",")
        fields = item["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert {field["type"] for field in fields} <= {"string", "number", "integer", "boolean"}
        assert item["encoding"] == "utf-8"
        for row in read(files[item["path"]]):
            for field in fields:
                if field["type"] in ("number", "integer") and row[field["name"]]:
                    float(row[field["name"]])
    described = {item["name"]: item["schema"]["fields"] for item in tabular}
    assert all(field.get("description") and field.get("descriptionFr") for field in described["estimates"])


def test_the_package_names_every_file_once_with_its_hash() -> None:
    files = data.files(released(study({"EX0101": (5, 12)})))
    resources = json.loads(files["datapackage.json"])["resources"]
    told = {item["path"]: (item["hash"], item["bytes"]) for item in resources}
    assert told == {
        name: (f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))
        for name, content in files.items()
        if name != "datapackage.json"
    }
    names = [item["name"] for item in resources]
    assert len(names) == len(set(names)) == len(resources)
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)
    assert set(files) >= {f"{name}.csv" for name in TABLE} | {"map.gpkg", "map.geojson", "estimates.parquet"}


def test_the_tagged_tables_are_the_plain_ones_with_a_row_of_tags() -> None:
    files = data.files(released(study({"EX0101": (5, 12)})))
    tagged = {name.removeprefix("hxl/"): content for name, content in files.items() if name.startswith("hxl/")}
    assert tagged.keys() >= {"estimates.csv", "findings.csv", "priorities.csv", "routes.csv", "places.csv"}
    for name, content in tagged.items():
        header, tags, *rest = content.split(b"\n")
        assert b"\n".join([header, *rest]) == files[name]
        words = tags.decode().split(",")
        assert len(words) == len(header.split(b","))
        given = [word for word in words if word]
        assert all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", word) for word in given)
        assert len(given) == len(set(given))


def test_the_columns_for_programs_hold_the_numbers_of_the_table() -> None:
    release = released(study({"EX0101": (5, 12), "EX02": (1, 3)}))
    files = data.files(release)
    frame = pl.read_parquet(io.BytesIO(files["estimates.parquet"]))
    assert frame.schema == release.estimates.schema
    assert data.csv(frame) == files["estimates.csv"]


def test_equal_releases_give_equal_bytes() -> None:
    made = study({"EX0101": (5, 12), "EX02": (1, 3)})
    assert data.files(released(made)) == data.files(released(made))


def test_what_is_withheld_is_listed_and_has_no_value() -> None:
    files = data.files(released(study({"EX0101": (1, 3)})))
    listed = {row["id"]: row["reason"] for row in read(files["withheld.csv"])}
    assert listed["links/EX0101/cooperation"] == "too_few_informants"
    (row,) = [row for row in read(files["estimates.csv"]) if row["id"] == "links/EX0101/cooperation"]
    assert {row[name] for name in ("value", "low", "high", "k", "n", "missing", "clusters", "band", "confidence")} == {
        ""
    }
    assert (row["status"], row["reason"]) == ("withheld", "too_few_informants")
