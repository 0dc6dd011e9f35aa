"""Open data: no cell a spreadsheet would run, numbers stay numbers, a data package that describes what is there."""

import csv
import io
import json
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_release import released, study

from maillage.publish import data

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
    assert [row["text"].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in texts]
    assert not any(row["text"].startswith(data.FORMULA) for row in rows)


def test_the_package_describes_every_table_and_its_columns() -> None:
    files = data.files(released(study({"EX0101": (5, 12)})))
    assert set(files) == {f"{name}.csv" for name in TABLE} | {"datapackage.json", "map.gpkg", "map.geojson"}
    package = json.loads(files["datapackage.json"])
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert package["profile"] == "tabular-data-package"
    assert package["created"] == "2024-06-01T00:00:00Z"
    assert {item["name"] for item in package["resources"]} == TABLE
    for item in package["resources"]:
        header = files[item["path"]].decode().split("\n", 1)[0].split(",")
        fields = item["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert {field["type"] for field in fields} <= {"string", "number", "integer", "boolean"}
        assert item["encoding"] == "utf-8"
        for row in read(files[item["path"]]):
            for field in fields:
                if field["type"] in ("number", "integer") and row[field["name"]]:
                    float(row[field["name"]])
    described = {item["name"]: item["schema"]["fields"] for item in package["resources"]}
    assert all(field.get("description") and field.get("descriptionFr") for field in described["estimates"])


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
