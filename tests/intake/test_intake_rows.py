"""The strict CSV reader: lines and rows right, every oddity a finding in both languages, never a crash."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.errors import Finding
from maillage.intake.rows import read_csv


def only(findings: list[Finding]) -> Finding:
    (found,) = findings
    for lang in ("en", "fr"):
        assert "?" not in found.message(lang).replace(" ?", ""), found.message(lang)
        assert found.remedy(lang).strip()
    assert found.message("en") != found.message("fr")
    return found


def read(tmp_path: Path, raw: bytes | str) -> "tuple[list[tuple[int, int, dict[str, str]]], list[Finding]]":
    path = tmp_path / "table.csv"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    got = read_csv(path)
    return [(row.line, row.number, row.values) for row in got.rows], got.findings


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_usual_dialects_are_the_same_table(tmp_path: Path, mark: str, separator: str, end: str) -> None:
    text = mark + end.join(["id,name", "1,Gao", "2,Ménaka"]).replace(",", separator) + end
    assert read(tmp_path, text) == ([(2, 1, {"id": "1", "name": "Gao"}), (3, 2, {"id": "2", "name": "Ménaka"})], [])


def test_lines_are_physical_and_rows_are_data(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, 'id,note\n1,"two\nlines"\n\n2,b\n')
    assert [(line, row) for line, row, _ in rows] == [(2, 1), (5, 2)]
    assert findings == []


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        (b"", "file_empty", None),
        (b" \n\n", "file_empty", None),
        (b"id,name\n", "file_empty", None),
        ("id,name\n1,Ménaka\n".encode("latin-1"), "encoding", 2),
        ("id,name\n1,Gao\n".encode("utf-16"), "encoding", 1),
        (b"id,name\n1,a\0b\n", "file_nul", 2),
        (b'id,name\n1,"open\n2,b\n', "csv_quotes", 3),
        (b"id,name\n1,a\n2,b,c\n", "row_ragged", 3),
        (b"id,name\n1\n", "row_ragged", 2),
        (b"id,id\n1,2\n", "header_twice", 1),
        (b"id,\n1,2\n", "header_empty", 1),
        (b"id,note\n1," + b"x" * 300_000 + b"\n", "cell_too_long", 2),
        (b",".join(b"c%d" % n for n in range(100_000)) + b"\n", "too_many_columns", 1),
    ],
)  # fmt: skip
def test_each_damage_has_its_name_and_line(tmp_path: Path, raw: bytes, code: str, line: int | None) -> None:
    _, findings = read(tmp_path, raw)
    found = only(findings)
    assert (found.code, found.line, found.level, found.file) == (code, line, "error", "table.csv")


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    assert only(read_csv(tmp_path / "nowhere.csv").findings).code == "file_missing"


def test_all_ragged_rows_are_named_at_once(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, "a,b\n1\n1,2\n1,2,3\n")
    assert [(f.code, f.line, f.row) for f in findings] == [("row_ragged", 2, 1), ("row_ragged", 4, 3)]
    assert len(rows) == 1


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(raw)
    got = read_csv(path)
    assert got.rows or got.findings


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cc", "Cs")), max_size=12)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5), st.sampled_from(",;"))
def test_what_a_spreadsheet_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], separator: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerows([("id", "a", "b"), *(("x", *pair) for pair in cells)])
    path.write_bytes(buffer.getvalue().encode())
    from_file = read_csv(path)
    assert from_file.findings == []
    assert [row.number for row in from_file.rows] == list(range(1, len(cells) + 1))
