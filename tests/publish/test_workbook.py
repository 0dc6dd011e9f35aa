"""The workbook of a release: read by an independent reader, cell by cell the CSV tables, and nobody's name in it."""

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import polars as pl
import pytest
from made_release import released, study

from maillage import tables
from maillage.publish import data, workbook
from maillage.publish.gate import Release
from maillage.spreadsheet import FORMULA, restored

NASTY = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@x",
    "\tx",
    "'=x",
    "a & b < c",
    "\u202eevil",
    "é\u202f»",
]


def opened(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def made(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    release = released(study({"EX0101": (5, 12)}))
    return opened(workbook.files(release, {"withheld": frame})[workbook.NAME])["withheld"]


@pytest.fixture(scope="module")
def release() -> Release:
    return released(study({"EX0101": (5, 12), "EX02": (1, 3)}))


def test_each_sheet_is_its_csv_table(release: Release) -> None:
    files = data.files(release)
    sheets = opened(files[workbook.NAME])
    assert list(sheets)[:2] == ["about", "dictionary"]
    for name, rows in sheets.items():
        if name in ("about", "dictionary"):
            continue
        plain = list(csv.reader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))
        assert [str(cell) for cell in rows[0]] == plain[0]
        assert len(rows) == len(plain)
        for row, told in zip(rows[1:], plain[1:], strict=True):
            for cell, text in zip(row, told, strict=True):
                same = float(text) == pytest.approx(cell, abs=1e-9) if isinstance(cell, int | float) else False
                assert same or (cell or "") == text


def test_numbers_are_numbers_and_text_is_no_formula() -> None:
    rows = made(pl.DataFrame({"a": [-3.5, None], "b": [-1, 2], "c": [True, False], "d": ["-1", "=1+1"]}))
    assert rows == [("a", "b", "c", "d"), (-3.5, -1, "yes", "'-1"), (None, 2, "no", "'=1+1")]


def test_text_comes_back_as_it_was() -> None:
    rows = made(pl.DataFrame({"text": NASTY}))[1:]
    assert [restored(str(cell)) for (cell,) in rows] == NASTY
    assert not any(str(cell).startswith(FORMULA) for (cell,) in rows)


def test_a_list_that_no_cell_can_hold_says_where_it_is_whole() -> None:
    ((_,), (cell,)) = made(pl.DataFrame({"trace": [[f"statement-{n}" for n in range(5000)]]}))
    assert cell == "5000 entries: whole in the CSV file of this table"


def test_the_first_sheet_says_what_it_is_in_both_languages(first_steps_release) -> None:
    content = (first_steps_release / "data" / workbook.NAME).read_bytes()
    about = {str(row[0]): row[1:] for row in opened(content)["about"]}
    assert about["Status / Statut"] == ("draft", "Version provisoire") or about["Statut / Status"] == (
        "Version provisoire",
        "draft",
    )
    (synthetic,) = [told for label, told in about.items() if "Synthetic" in label]
    assert {text.split(" ")[0] for text in synthetic} == {"Synthetic", "Données"}
    assert any("the team alone" in told and "équipe de l’étude seulement" in told for told in about.values())
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert len(sheets) == 10
        for name in sheets:
            (head,) = re.findall("<oddHeader>(.*?)</oddHeader>", parts.read(name).decode())
            assert "Status: draft" in head
            assert "Version provisoire" in head
            assert "Synthetic data" in head


def test_the_dictionary_has_every_column_of_every_sheet(release: Release) -> None:
    sheets = opened(data.books(release)[workbook.NAME])
    told = {(row[0], row[1]): row[4] for row in sheets["dictionary"][1:]}
    for name, rows in sheets.items():
        if name not in ("about", "dictionary"):
            assert {(name, column) for column in rows[0]} <= told.keys()
    assert told["estimates", "low"] == tables.table("estimates")["low"].meaning["en"]


def test_it_has_no_maker_and_no_hour(release: Release) -> None:
    content = data.books(release)[workbook.NAME]
    assert content == data.books(release)[workbook.NAME]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert not re.search("creator|modified|created|lastModifiedBy", core)
