"""Single cells that cannot be true: each is one finding, at its cell, and nothing is written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_study import Command

HEAD = "id,source,kind,question,answer,place,low,high,currency,of_n,percent,start,end\n"
Hash = Callable[[Path], str]


def told(say: Command, study: Path, *words: object) -> tuple[int, list[tuple[object, ...]]]:
    """Exit code and (code, line, row, field) of each finding."""
    done = say(*words, "--study", study, "--json")
    found = json.loads(done.out)
    return done.code, [(item["code"], item["line"], item["row"], item["field"]) for item in found]


def observed(say: Command, study: Path, rows: str) -> tuple[int, list[tuple[object, ...]]]:
    file = study.parent / "rows.csv"
    file.write_text(HEAD + rows, "utf-8")
    return told(say, study, "observe", file, "--coder", "ana")


@pytest.mark.parametrize(("row", "code", "field"), [
    ("x,d1,share,link,cooperation,Gao,,,,1e20,60,,", "integer_unreadable", "of_n"),
    ("x,d1,share,link,cooperation,Gao,,,,999999999999999999999999,60,,", "integer_unreadable", "of_n"),
    ("x,d1,share,link,cooperation,Gao,,,,5,NaN,,", "number_unreadable", "percent"),
    ("x,d1,link,link,cooperation,Gao,,,,,,0,1e20", "integer_unreadable", "end"),
    ("x,d1,levy,levy,forced_zakat,Gao,1e99,,XOF,,,,", "number_unreadable", "low"),
    ("x,d1,levy,levy,forced_zakat,Gao,=SUM(A1),,XOF,,,,", "number_unreadable", "low"),
    ("x,d1,levy,levy,forced_zakat,Gao,-5,,XOF,,,,", "amount_negative", "low"),
    ("x,d1,link,,cooperation,Gao,,,,,,,", "value_missing", "question"),
    ("x;y,d1,link,link,cooperation,Gao,,,,,,,", "id_form", "id"),
    ("a/b,d1,link,link,cooperation,Gao,,,,,,,", "id_form", "id"),
    ("x~ana,d1,link,link,cooperation,Gao,,,,,,,", "id_form", "id"),
    ("source:i1,d1,link,link,cooperation,Gao,,,,,,,", "id_form", "id"),
])  # fmt: skip
def test_a_cell_that_cannot_be_is_one_finding(
    study: Path, say: Command, hash_of: Hash, row: str, code: str, field: str
) -> None:
    before = hash_of(study)
    assert observed(say, study, row + "\n") == (1, [(code, 2, 1, field)])
    assert hash_of(study) == before


def test_bounds_out_of_order_are_told_beside_a_value_that_cannot_be_read(study: Path, say: Command) -> None:
    file = study.parent / "rows.csv"
    file.write_text(
        "id,source,kind,question,answer,low,central,high,unit\nx,d1,figure,figure,,9,many,5,people\n", "utf-8"
    )
    codes = [item[0] for item in told(say, study, "observe", file, "--coder", "ana")[1]]
    assert {"number_unreadable", "bounds_order"} <= set(codes)
    assert "value_missing" not in codes


def test_an_impossible_per_cent_is_kept_and_warned_of(study: Path, say: Command) -> None:
    assert observed(say, study, "x,d1,share,link,cooperation,Gao,,,,5,120,,\n") == (
        0,
        [("percent_range", 2, 1, "percent")],
    )
    done = say("run", "--study", study)
    assert done.code == 0
    row = json.loads(say("trace", "published/ML07/cooperation/d1", "--study", study, "--json").out)["estimate"]
    assert (row["status"], row.get("value")) == ("not_computable", None)


def test_lines_are_physical_where_a_cell_holds_a_line_break(study: Path, say: Command) -> None:
    rows = 'x,d1,link,link,"coo\nper",Gao,,,,,,,\ny,d1,link,link,bad,Gao,,,,,,,\n'
    assert observed(say, study, rows) == (1, [("code_unknown", 2, 1, "answer"), ("code_unknown", 4, 2, "answer")])


def test_two_sources_with_impossible_ids_are_not_called_the_same(study: Path, say: Command) -> None:
    file = study.parent / "more.csv"
    file.write_text("id,kind\na/b,document\nc/d,document\n", "utf-8")
    wanted = [("id_form", 2, 1, "id"), ("id_form", 3, 2, "id")]
    assert told(say, study, "add", file, "--as", "sources") == (1, wanted)


@pytest.mark.parametrize("name", ["zone:north", "Zone:North", "ZONE: north", "zone:NORTH "])
def test_a_zone_is_found_whatever_its_case(study: Path, say: Command, name: str) -> None:
    settings = study / "study.yml"
    settings.write_text(settings.read_text("utf-8").replace("zones: {}", "zones: {north: [ML07, ML08]}"), "utf-8")
    assert observed(say, study, f"x,i1,link,link,competition,{name},,,,,,,\n") == (0, [])
    ids = (study / "out" / "estimates.csv") if say("run", "--study", study).code == 0 else study
    assert "links_about/zone:north/competition" in ids.read_text("utf-8")


def test_a_refusal_names_what_was_refused(study: Path, say: Command) -> None:
    done = say("observe", study.parent / "statements.csv", "--coder", "zoe", "--study", study, "--json")
    (found,) = json.loads(done.out)
    assert (found["code"], found["field"], found["value"]) == ("coder_unknown", "coder", "zoe")
