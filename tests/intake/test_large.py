"""Large files read at once: the same cells, lines and rows as record by record; whatever is odd is left to that."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.intake import large
from maillage.intake.large import header, read_large
from maillage.intake.rows import read_csv

NAMES = ["id", "note", "place"]


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of some bytes count as large, and are looked at a few bytes at a time."""
    monkeypatch.setattr(large, "LARGE", 1)
    monkeypatch.setattr(large, "AT_ONCE", 16)


def strict(path: Path) -> list[tuple[int, dict[str, str | None]]]:
    return [(row.line, {name: value or None for name, value in row.values.items()}) for row in read_csv(path).rows]


def at_once(path: Path, wanted: set[str] | None = None) -> list[tuple[int, dict[str, str | None]]] | None:
    found = read_large(path, wanted)
    return None if found is None else list(zip(found[1].tolist(), found[0].to_dicts(), strict=True))


CELLS = st.text(alphabet=st.sampled_from("ab,;\n\"' é\u0301\u200b=\u00a0"), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_the_same_as_record_by_record(tmp_path: Path, cells: list[tuple[str, str]], end: str) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator=end)
        writer.writerow(NAMES)
        writer.writerows([f"event-{number}", *pair] for number, pair in enumerate(cells))
    found = at_once(path)
    assert found == strict(path)
    assert at_once(path, {"id", "place"}) == [
        (line, {name: row[name] for name in ("id", "place")}) for line, row in found or ()
    ]


ROW = b"event-one,aaaa,b\n"


@pytest.mark.parametrize(
    "odd",
    [
        b"event-two,aaaa\n", b"event-two,aaaa,b,c\n", b"\n", b",,\n", b'event-two,a "b" c,d\n', b'event-two,"ab"c,d\n',
        b"event-two,a\0a,d\n", b"event-two,\xe9,dddd\n", b'event-two,"never closed,d\n', b"event-two,aaaa,b\rid,c,d\n",
        b"event-two," + b"x" * 140_000 + b",d\n",
    ],
)  # fmt: skip
def test_what_is_odd_is_left_to_the_strict_reader(tmp_path: Path, odd: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"id,note,place\n" + ROW + odd + ROW)
    assert read_large(path) is None
    path.write_bytes(b"id,note,place\n" + ROW + ROW)
    assert at_once(path) == [(line, {"id": "event-one", "note": "aaaa", "place": "b"}) for line in (2, 3)]


def test_a_column_that_is_not_there_brings_all(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"id;note;place\nevent-one;a,b;c\nevent-two;d;e")
    assert header(path) == NAMES
    assert at_once(path, {"id", "nowhere"}) == [
        (2, {"id": "event-one", "note": "a,b", "place": "c"}), (3, {"id": "event-two", "note": "d", "place": "e"}),
    ]  # fmt: skip
    path.write_bytes(b"id,,id\nevent-one,a,b\n")
    assert header(path) is None
    assert read_large(path) is None


def test_a_frame_of_text(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    buffer = io.StringIO()
    pl.DataFrame({"id": ["0012"], "note": ["1.50"], "place": ["true"]}).write_csv(buffer)
    path.write_text(buffer.getvalue(), "utf-8")
    found = read_large(path)
    assert found is not None
    assert found[0].row(0) == ("0012", "1.50", "true")
