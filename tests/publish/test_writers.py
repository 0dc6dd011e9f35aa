"""Nothing writes a number out but from a Release, or from a document made of one: seen by signature, in every file."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_release import crowd, released

from maillage.errors import MaillageError
from maillage.publish import data, geopackage, html, manifest, report
from maillage.publish.gate import Release

PACKAGE = Path(__file__).parent.parent.parent / "src" / "maillage"
PUBLISH = PACKAGE / "publish"
CLEARED = {"Release", "Document", "View", "Behind", "Ties"}  # View and Behind hold a release; Ties: see GATE
RAW = {"Evidence", "Results"}
GATE = {
    "listed",
    "gate",
    "rules",
    "differences",
    "unions",
    "union_audit",
    "unknowns",
    "ladders",
    "listed_actions",
    "listed_legs",
    "listed_scores",
    "earlier",
    "told_routes",
    "actors",
    "exposure",
    "quotes",
    "spreads",
    "reporting_records",
    "sensitive",
    "suppression",
    "supports",
    "beside",
    "together",
    "ties",
}  # fmt: skip; a door of its own: ties of the team and of partners, never of the public
# what returns bytes and takes no release, and why that is right
OTHERWISE = {
    "data.csv": "one table of a release, for `tables_of`",
    "datapackage.package": "takes the release beside its tables",
    "ftm.losses": "reasons for which ties do not leave, from `ties`, which the gate's rules have passed",
    "fonts.woff2": "letters",
    "guide.guide": "the interview guide: no answers",
    "manifest.sealed": "the lines of `manifest`",
    "ooxml.packed": "parts of a file of `docx` or `guide`",
    "refi.codebook_file": "a coding project, for the team alone (verbs.qda_export refuses others)",
    "refi.project_file": "a coding project, for the team alone (verbs.qda_export refuses others)",
    "typeset.pdf": "the data of a document, for `pdf` and `brief`",
    "typeset.pictures": "drawings of a document, for `docx`",
    "xlsform.xlsform": "the form: no answers",
    "xlsform.timeless": "the form: no answers",
}
LOOKS_AT_RESULTS = {
    "narrative_check.check": "finds wrong references, writes nothing",
    "judged.check": "finds texts that claim too much, writes nothing",
    "told_findings.told": "part of the gate, writes nothing",
    "named_markets.counted": "part of the gate, writes nothing",
    "told_rounds.of_rounds": "part of the gate, writes nothing",
}
COMPUTES = {"check": "reads", "coverage": "the team's own screen", "export": "through the gate",
            "release": "through the gate",
            "run": "the team's own out/, closed where informants are sealed", "trace": "the team's own screen",
            "vault": "closes what is computed", "exceptions": "what the gate would do, for the lead",
            "gate": "what the gate would do, for the lead",
            "harm": "through the gate", "network": "the team's own screen",
            "risk": "the team's own screen"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Maker:
    """A function that anybody may call, by file and name, and what it takes and gives."""

    name: str
    takes: frozenset[str]
    gives: str


def makers(file: Path) -> Iterator[Maker]:
    """The public functions of a file with the names in their annotations."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            takes = {word for item in every if item.annotation
                     for word in re.findall(r"\w+", ast.unparse(item.annotation))}  # fmt: skip
            yield Maker(f"{file.stem}.{node.name}", frozenset(takes), ast.unparse(node.returns) if node.returns else "")


def every() -> list[Maker]:
    return [maker for file in sorted(PUBLISH.rglob("*.py")) if file.stem not in GATE for maker in makers(file)]


def unguarded(found: list[Maker]) -> list[str]:
    """Makers of files that take something else than what the gate let through."""
    writing = [maker for maker in found if "bytes" in maker.gives]
    return [maker.name for maker in writing if not maker.takes & CLEARED and maker.name not in OTHERWISE]


def test_whatever_makes_a_file_takes_a_release_or_a_document() -> None:
    assert sum("bytes" in maker.gives for maker in every()) > 15
    assert unguarded(every()) == []
    assert OTHERWISE.keys() <= {maker.name for maker in every()}, "what is gone needs no excuse"


def test_no_writer_takes_results_or_evidence() -> None:
    assert [maker.name for maker in every() if maker.takes & RAW and maker.name not in LOOKS_AT_RESULTS] == []


def test_every_chart_map_and_table_takes_what_was_cleared() -> None:
    drawn = [maker for maker in every() if re.search(r"\b(Figure|Table)\b", maker.gives)]
    assert len(drawn) > 20
    assert [maker.name for maker in drawn if not maker.takes & (CLEARED | {"Canvas", "str", "Row"})] == []


@pytest.mark.parametrize(
    "line", ["def rows(results: Results) -> bytes: ...", "def copy(table: pl.DataFrame) -> bytes: ..."]
)
def test_a_writer_of_raw_tables_is_seen(tmp_path: Path, line: str) -> None:
    file = tmp_path / "clipboard.py"
    file.write_text(line, "utf-8")
    assert unguarded(list(makers(file)))


def test_only_the_report_and_the_brief_make_documents() -> None:
    made = {
        file.stem
        for file in PUBLISH.rglob("*.py")
        if re.search(r"(?<!class )\bDocument\(", text := file.read_text("utf-8")) and "maillage.blocks" in text
    }
    assert made <= {"report", "brief"}


def test_verbs_that_compute_are_known_and_those_that_publish_pass_the_gate() -> None:
    """A verb that runs the study is the team's own, or calls `clear` before anything is written."""
    uses = re.compile(r"\brun\.run\(|\bimport run\n|maillage\.run import")
    computing = {file.stem for file in (PACKAGE / "verbs").glob("*.py") if uses.search(file.read_text("utf-8"))}
    assert computing <= COMPUTES.keys(), "say where its numbers go"
    for name in computing & {key for key, why in COMPUTES.items() if why == "through the gate"}:
        assert re.search(r"\bclear(ed)?\(", (PACKAGE / "verbs" / f"{name}.py").read_text("utf-8"))


def test_no_page_copies_to_the_clipboard_what_it_does_not_show() -> None:
    for file in [*PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.html")]:
        if "vendor" not in file.parts:
            assert "clipboard" not in file.read_text("utf-8"), file.name


def test_a_release_cannot_be_made_of_another_by_changing_its_numbers() -> None:
    made = released(crowd(12))
    with pytest.raises(ValueError, match="token"):
        replace(made, estimates=made.estimates.clear())


WRITERS: list[Callable[[Any], object]] = [
    data.files, geopackage.geopackage, geopackage.geojson, html.render, lambda item: manifest.manifest(item, {}),
    lambda item: report.document(item, {}, "en"),
]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("raw", [pl.DataFrame({"id": ["links/XA/x"]}), {"estimates": []}, None])
def test_writers_refuse_raw_tables(write: Any, raw: Any) -> None:
    with pytest.raises((AttributeError, TypeError, MaillageError)):
        write(raw)


def test_a_release_holds_no_row_of_a_person() -> None:
    made = released(crowd(12))
    held = {item.name: getattr(made, item.name) for item in fields(Release) if hasattr(made, item.name)}
    assert held["statements"] is None
    for name, table in held.items():
        if isinstance(table, pl.DataFrame):
            assert not {"trace", "counted", "source", "coder"} & set(table.columns), name
            assert not {f"P{turn}" for turn in range(1, 13)} & {str(cell) for row in table.rows() for cell in row}, name
    assert copy.copy(made).estimates is made.estimates
