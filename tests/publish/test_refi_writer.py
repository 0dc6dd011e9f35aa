"""Coding projects written as REFI-QDA: valid, the same bytes each time, the same project read back."""

import io
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject

from made_qda import SCHEMA, guid, projects
from maillage.exchange import SCHEMAS, Project, table
from maillage.intake.refi import read_codebook, read_project
from maillage.publish.refi import codebook_file, project_file, write_codebook, write_project

SIMPLE = Project(
    name="p",
    users=table("users", [("awa", "Awa")]),
    codes=table("codes", [("c1", "tax", None, "#ff0000", "what is paid", True), ("c2", "tax", "c1", None, "", False)]),
    sources=table("sources", [("s1", "I & <1>", "text", "Élan 🙂 payé.\nDeux.", "", "awa", None)]),
    passages=table(
        "passages",
        [
            ("p1", None, "s1", 5, 11, "c1", "awa", "2024-05-02T08:00:00Z", "look"),
            ("p2", None, "s1", 0, 11, "c2", None, None, ""),
            ("p3", None, "s1", None, None, "c1", None, None, ""),
        ],
    ),
    notes=table("notes", [("n1", "memo", "why\tso\rlate", ["p1", "s1"], "awa", None)]),
)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def inner(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read("project.qde")


def same(first: Project, second: Project) -> None:
    for name in SCHEMAS:
        left, right = (getattr(project, name) for project in (first, second))
        if name == "notes":  # what a note is about has no order
            left, right = (frame.with_columns(pl.col("about").list.sort()) for frame in (left, right))
        assert left.sort(left.columns[:2]).equals(right.sort(right.columns[:2])), name


@settings(max_examples=60)
@given(project=projects())
def test_any_project_is_valid_and_comes_back_as_it_was(
    project: Project, schema: etree.XMLSchema, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.qdpx"
    assert write_project(project, path) == []
    schema.assertValid(etree.fromstring(inner(path.read_bytes())))
    again, losses, findings = read_project(path)
    assert (losses, findings) == ([], [])
    same(project, again)


def test_two_exports_are_the_same_bytes_and_name_no_day_and_no_path() -> None:
    first, second = project_file(SIMPLE)[0], project_file(SIMPLE)[0]
    assert first == second
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"basePath" not in inner(first)


def test_guids_are_made_from_ids_and_unique_in_the_file(schema: etree.XMLSchema) -> None:
    root = etree.fromstring(inner(project_file(SIMPLE)[0]))
    schema.assertValid(root)
    found = root.xpath("//@guid")
    assert len(found) == len(set(found)) == 10


def test_an_id_that_is_a_guid_stays_and_one_given_twice_is_made_anew(tmp_path: Path) -> None:
    text = ("s", "n", "text", "abcdef", "", None, None)
    rows = [(guid(9), guid(9), "s", 0, 3, "c", None, None, ""), (guid(8), guid(9), "s", 2, 5, "c", None, None, "")]
    codes = table("codes", [("c", "c", None, None, "", True)])
    project = Project(name="p", codes=codes, sources=table("sources", [text]), passages=table("passages", rows))
    write_project(project, tmp_path / "p.qdpx")
    again, _, findings = read_project(tmp_path / "p.qdpx")
    assert findings == []
    assert again.passages.sort("start").select("start", "end").rows() == [(0, 3), (2, 5)]
    assert guid(9) in again.passages["selection"].to_list()
    assert again.passages["selection"].n_unique() == 2


def test_another_program_reads_what_we_write(tmp_path: Path) -> None:
    write_project(SIMPLE, tmp_path / "p.qdpx")
    theirs = RefiProject.load(tmp_path / "p.qdpx", extract_dir=tmp_path / "out")
    (text,) = theirs.sources.text_source
    kept = RefiProject.resolve_source_path(text.plain_text_path, tmp_path / "out").read_text("utf-8")
    spans = [kept[item.start_position : item.end_position] for item in text.plain_text_selection]
    assert spans == ["Élan 🙂 payé", "🙂 payé"]
    assert [code.name for code in theirs.code_book.codes.code[0].code] == ["tax"]
    assert theirs.base_path is None


def test_what_does_not_fit_is_reported_and_the_rest_is_written(tmp_path: Path, schema: etree.XMLSchema) -> None:
    project = Project(
        name="p\0q",
        codes=table("codes", [("c", "a\x0bb", "nowhere", "red", "", True), ("d", "d", "d", None, "", True)]),
        sources=table("sources", [("s", "n", "pdf", "abc", "", "nobody", "yesterday")]),
        passages=table(
            "passages",
            [
                ("p", None, "s", 0, 9, "c", None, None, ""),
                ("q", None, "s", 0, 2, "gone", None, None, ""),
                ("r", None, "t", 0, 1, "c", None, None, ""),
            ],
        ),
        notes=table("notes", [("n", "memo", "x", ["case"], None, None)]),
        cases=table("cases", [("case", "k", "", ["gone"], [], [])]),
        variables=table("variables", [("v", "v", "Colour", "")]),
        values=table("values", [("s", "v", "blue"), ("s", "w", "x")]),
    )
    content, losses = project_file(project)
    schema.assertValid(etree.fromstring(inner(content)))
    assert {(loss.what, loss.why) for loss in losses} == {
        ("name", "not_in_xml"), ("code", "parent_missing"), ("colour", "not_a_colour"), ("source", "pdf_as_text"),
        ("created", "not_a_time"), ("passage", "outside_its_text"), ("coding", "code_missing"),
        ("passage", "source_missing"), ("note", "about_unknown"), ("CodeRef", "target_missing"),
        ("variable", "type_unknown"), ("value", "variable_missing"),
    }  # fmt: skip


def test_a_codebook_goes_out_and_comes_back(tmp_path: Path) -> None:
    sets = table("sets", [("set", "both", "", ["c1", "c2"], ["s1"], [])])
    project = Project(name="book", codes=SIMPLE.codes, sources=SIMPLE.sources, sets=sets)
    losses = write_codebook(project, tmp_path / "book.qdc")
    assert {(loss.what, loss.why) for loss in losses} == {("set", "not_in_codebooks"), ("sources", "not_in_codebooks")}
    again, lost, findings = read_codebook(tmp_path / "book.qdc")
    assert (lost, findings) == ([], [])
    assert again.codes["name"].to_list() == ["tax", "tax"]
    assert again.codes["parent"].to_list() == [None, again.codes["guid"][0]]
    assert again.sets["codes"].to_list() == [again.codes["guid"].to_list()]
    theirs = RefiCodebook.load(tmp_path / "book.qdc")
    assert theirs.codes.code[0].code[0].is_codable is False
    assert codebook_file(project)[0] == (tmp_path / "book.qdc").read_bytes()
    assert not re.search(rb"NoteRef|basePath", (tmp_path / "book.qdc").read_bytes())
