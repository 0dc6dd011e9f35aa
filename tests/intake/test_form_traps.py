"""A form of somebody else, with names that contain each other, and files that are broken or hostile."""

import zipfile
from pathlib import Path
from time import process_time
from typing import Any

import openpyxl
import pytest
import yaml

from made_forms import agreed, csv_text, guide_map, standing, xlsx
from maillage import pack as packs
from maillage.intake.form_columns import UnclearError, split
from maillage.intake.form_export import read_export
from maillage.intake.form_map import choices_of, read_map
from maillage.intake.forms import read_form
from maillage.intake.names import Gazetteer
from maillage.intake.records import Reader
from maillage.intake.workbook import read_workbook
from small_evidence import PLACES, table

READER = Reader(packs.load("nexus"), Gazetteer(table(PLACES, "places")))
FOREIGN: dict[str, Any] = {
    "kind": "form",
    "form": "enquete",
    "source": {"id": "code", "kind": {"const": "interview"}, "place": "zone", "consent": "accord"},
    "observations": [
        {"id": "biens", "each": "biens",
         "map": {"kind": {"const": "market"}, "question": {"const": "presence"}, "answer": {"const": "present"},
                 "market": "biens"}},
        {"id": "liens_entre_groupes_et_trafiquants", "repeat": "liens_entre_groupes_et_trafiquants",
         "map": {"kind": {"const": "link"}, "question": {"const": "link"}, "answer": "lien"}},
    ],
    "questions": {
        "accord": {"list": "accord", "labels": ["D'accord ?"]},
        "biens": {"list": "biens", "several": True, "labels": ["Quels biens ?"]},
        "lien": {"list": "lien"},
    },
    "choices": {
        "accord": {"anonymous": ["oui", "Oui, sans nom"], "none": ["non", "Non"]},
        "biens": {"gold": ["or", "Or"], "other_drugs": ["or_autre", "Or et autre"], "arms": ["armes", "Autre"]},
        "lien": {"cooperation": ["ensemble"]},
    },
}  # fmt: skip
HEAD = ["_uuid", "code", "zone", "accord", "biens"]


def entered(
    tmp_path: Path, rows: list[list[Any]], beside: dict[str, list[list[Any]]] | None = None, **change: Any
) -> Any:
    card, file = tmp_path / "card.yml", tmp_path / "e.csv"
    card.write_text(yaml.safe_dump(FOREIGN | change, allow_unicode=True, sort_keys=False), "utf-8")
    file.write_text(csv_text(rows), "utf-8")
    for name, more in (beside or {}).items():
        (tmp_path / f"e-{name}.csv").write_text(csv_text(more), "utf-8")
    told, wrong = read_map(card)
    assert told, [(item.field, item.value) for item in wrong]
    export, found = read_export(file)
    assert export
    done, more_found = read_form(export, told, READER, standing())
    return done, [*found, *more_found]


def markets(done: Any) -> list[str]:
    return [row["market"] for item in done for row in item.observations]


@pytest.mark.parametrize(
    ("head", "cells", "wanted"),
    [
        (["biens/or", "biens/or_autre", "biens/armes"], ["1", "0", "0"], ["gold"]),
        (["biens/or", "biens/or_autre", "biens/armes"], ["0", "1", "0"], ["other_drugs"]),
        (["biens/or_autre", "biens/armes", "biens/or"], ["1", "1", "1"], ["gold", "other_drugs", "arms"]),
        (["groupe/biens/or", "groupe/biens/or_autre", "x_biens/armes"], ["1", "", "1"], ["gold"]),
        (["biens/Or", "biens/Or et autre", "biens/Autre"], ["0", "1", "0"], ["other_drugs"]),
    ],
)
def test_or_is_not_or_autre_in_columns(tmp_path: Path, head: list[str], cells: list[str], wanted: list[str]) -> None:
    rows = [[*HEAD[:4], *head], ["k1", "A1", "EX01", "oui", *cells]]
    done, found = entered(tmp_path, rows)
    assert markets(done) == wanted
    assert all(item.level == "warning" for item in found)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("or", ["gold"]), ("or_autre", ["other_drugs"]), ("or or_autre", ["gold", "other_drugs"]),
        ("Or et autre", ["other_drugs"]), ("armes or", ["gold", "arms"]), ("or;armes", ["gold", "arms"]), ("", []),
        ("Or Or et autre", ["gold", "other_drugs"]),
    ],
)  # fmt: skip
def test_or_is_not_or_autre_when_joined(tmp_path: Path, cell: str, wanted: list[str]) -> None:
    done, found = entered(tmp_path, [HEAD, ["k1", "A1", "EX01", "oui", cell]])
    assert markets(done) == wanted
    assert found == []


def test_labels_that_can_be_parted_in_two_ways_are_not_guessed() -> None:
    offered = choices_of({"a": ["nord"], "b": ["nord est"], "c": ["est"]})
    assert split("est nord", offered) == ["c", "a"]
    assert split("Nord est; est", offered) == ["b", "c"]
    for text in ("nord est", "est nord est"):
        with pytest.raises(UnclearError, match="form_choices_unclear"):
            split(text, offered)
    assert split("sud", offered) == ["sud"]
    assert split("sud est", choices_of({})) == ["sud", "est"]


def test_a_label_that_two_choices_share_is_none_of_them() -> None:
    offered = choices_of({"ML09": ["Bamako"], "ML0901": ["bamako"], "or": ["Or"], "other": ["OR"]})
    assert offered.code("Bamako") == "ML09"
    assert offered.code("BAMAKO") is None
    assert offered.code("or") == "or"
    assert offered.code("oR") is None


def test_labels_of_questions_and_choices_are_enough(tmp_path: Path) -> None:
    head = ["_uuid", "code", "zone", "Accord/D'accord ?", "Quels biens ?"]
    rows = [head, ["k1", "A1", "EX01", "Oui, sans nom", "Or"], ["k2", "A2", "EX01", "Non", ""]]
    done, found = entered(tmp_path, rows)
    assert found == []
    assert [item.source["consent"] for item in done] == ["anonymous", "none"]


def test_a_long_name_of_a_repeat_is_found_where_a_spreadsheet_cut_it(tmp_path: Path) -> None:
    name = "liens_entre_groupes_et_trafiquants"
    body = [["lien", "_submission__uuid"], ["ensemble", "k1"]]
    for shown in (name, name[:31]):
        folder = tmp_path / shown
        folder.mkdir()
        done, found = entered(folder, [HEAD, ["k1", "A1", "EX01", "oui", ""]], {shown: body})
        assert found == []
        assert [row["answer"] for row in done[0].observations] == ["cooperation"]


def test_a_sheet_nobody_reads_is_told_unless_it_is_left_out_on_purpose(tmp_path: Path) -> None:
    body, rows = [["nom", "_submission__uuid"], ["x", "k1"]], [HEAD, ["k1", "A1", "EX01", "oui", ""]]
    assert [item.code for item in entered(tmp_path, rows, {"contacts": body})[1]] == ["form_sheet_left"]
    assert entered(tmp_path, rows, {"contacts": body}, ignore=["contacts"])[1] == []


def test_a_question_that_two_columns_could_answer(tmp_path: Path) -> None:
    rows = [["_uuid", "a/code", "b/code", "zone", "accord", "biens"], ["k1", "A1", "A2", "EX01", "oui", ""]]
    _, found = entered(tmp_path, rows)
    assert [(item.code, item.field, item.facts["heads"]) for item in found] == [
        ("form_column_twice", "code", "a/code, b/code")
    ]
    whole = {**FOREIGN["source"], "id": "b/code"}
    done, found = entered(tmp_path, rows, source=whole)
    assert done[0].source["id"] == "A2"


def test_a_question_no_column_answers(tmp_path: Path) -> None:
    _, found = entered(tmp_path, [["_uuid", "code", "zone", "biens"], ["k1", "A1", "EX01", ""]])
    assert [(item.code, item.level, item.field) for item in found] == [("form_question_missing", "error", "accord")]
    _, found = entered(tmp_path, [["_uuid", "code", "accord"], ["k1", "A1", "oui"]])
    assert [(item.code, item.level, item.field) for item in found] == [
        ("form_question_left", "warning", "zone"),
        ("form_question_left", "warning", "biens"),
    ]


def test_a_key_is_the_one_the_mapping_names(tmp_path: Path) -> None:
    rows = [["nr", *HEAD], ["7", "k1", "A1", "EX01", "oui", ""]]
    assert entered(tmp_path, rows, key="nr")[0][0].key == "7"


BROKEN: list[tuple[str, Any]] = [
    ("form_map_key", {"kind": "form", "form": "x", "source": FOREIGN["source"], "sources": {}}),
    ("form_map_value", {**FOREIGN, "kind": "places"}),
    ("form_map_value", {**FOREIGN, "form": "a/b"}),
    ("form_map_value", {**FOREIGN, "source": {"id": "code", "kind": {"const": "interview"}}}),
    ("form_map_value", {**FOREIGN, "source": "code"}),
    ("form_map_column", {**FOREIGN, "source": {**FOREIGN["source"], "name": "nom"}}),
    ("form_map_value", {**FOREIGN, "source": {**FOREIGN["source"], "place": {"constant": "x"}}}),
    ("form_map_value", {**FOREIGN, "observations": {"id": "x"}}),
    ("form_map_value", {**FOREIGN, "observations": ["x"]}),
    ("form_map_key", {**FOREIGN, "observations": [{"id": "x", "of": "y", "map": {"answer": "y"}}]}),
    ("form_map_value", {**FOREIGN, "observations": [{"map": {"answer": "y"}}]}),
    ("form_map_value", {**FOREIGN, "observations": [{"id": "x", "map": {}}]}),
    ("form_map_value", {**FOREIGN, "observations": [{"id": "x", "each": "z", "map": {"answer": "y"}}]}),
    ("form_map_value", {**FOREIGN, "observations": [{"id": "x", "when": ["y"], "map": {"answer": "y"}}]}),
    ("form_map_value", {**FOREIGN, "blank": "NA"}),
    ("form_map_value", {**FOREIGN, "questions": {"biens": {"list": "nothing"}}}),
    ("form_map_value", {**FOREIGN, "questions": {"biens": {"choices": "biens"}}}),
    ("form_map_value", {**FOREIGN, "choices": {**FOREIGN["choices"], "biens": {"gold": "or"}}}),
    ("form_map_value", {**FOREIGN, "choices": ["or"]}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "raw"), BROKEN)
def test_a_broken_mapping_says_where(tmp_path: Path, code: str, raw: Any) -> None:
    path = tmp_path / "card.yml"
    path.write_text(yaml.safe_dump(raw), "utf-8")
    told, found = read_map(path)
    assert told is None
    assert [item.code for item in found] == [code]
    for lang in ("en", "fr"):
        assert "?" not in found[0].message(lang).replace("\N{NO-BREAK SPACE}?", "")


@pytest.mark.parametrize(("text", "code"), [("a: [", "card_yaml"), ("- a", "card_yaml"), ("", "file_empty")])
def test_a_mapping_that_is_none(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "card.yml").write_text(text)
    assert [item.code for item in read_map(tmp_path / "card.yml")[1]] == [code]


def swapped(source: Path, target: Path, part: str, old: bytes, new: bytes) -> Path:
    """A copy of a workbook with bytes of one part replaced."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            data = read.read(name)
            assert name != part or old in data
            write.writestr(name, data.replace(old, new) if name == part else data)
    return target


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet '


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "good.xlsx", [agreed(1)])


def problems(path: Path) -> list[str]:
    export, found = read_export(path)
    assert export is None or found == []
    return [item.code for item in found]


def test_hostile_and_broken_workbooks(good: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    assert problems(swapped(good, bad, "xl/worksheets/sheet1.xml", b"<worksheet ", LAUGHS)) == ["xml_doctype"]
    bad.write_bytes(good.read_bytes()[:-300])
    assert problems(bad) == ["zip_damaged"]
    bad.write_text("a;b\n1;2\n")
    assert problems(bad) == ["zip_damaged"]
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert problems(bad) == ["form_workbook"]
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 300_000_000)
    assert problems(bad) == ["zip_bomb"]
    assert problems(tmp_path / "none.xlsx") == ["file_missing"]
    (tmp_path / "a.ods").write_bytes(b"PK")
    assert problems(tmp_path / "a.ods") == ["form_format"]


def test_an_empty_workbook_and_one_of_a_header_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    assert problems(tmp_path / "empty.xlsx") == ["file_empty"]
    book.worksheets[0]["A1"] = "_uuid"
    book.save(tmp_path / "empty.xlsx")
    assert problems(tmp_path / "empty.xlsx") == ["file_empty"]


def test_a_cell_in_the_last_corner_pads_nothing(good: Path) -> None:
    book = openpyxl.load_workbook(good)
    book.worksheets[0]["XFD1048576"] = "far"
    book.save(good)
    export, found = read_export(good)
    assert export
    assert [(item.code, item.line) for item in found] == [("row_ragged", 1_048_576)]
    assert len(export.main.lines) == 1


def test_cells_are_read_as_they_are_written(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    told: list[Any] = ["0012", 12, 0, 0.1, 1e15, True, "=SUM(A1:A2)", "  é ", "NA", 1250000.5, -3]
    for number, value in enumerate(told, 1):
        sheet.cell(1, number, value)
    book.save(tmp_path / "a.xlsx")
    cells = read_workbook(tmp_path / "a.xlsx")["Sheet"].cells[1]
    assert list(cells.values()) == ["0012", "12", "0", "0.1", "1000000000000000", "true", "=SUM(A1:A2)", "é", "NA",
                                    "1250000.5", "-3"]  # fmt: skip


def test_a_formula_with_a_value_gives_its_value_and_rich_text_its_words(good: Path, tmp_path: Path) -> None:
    part, old = "xl/worksheets/sheet1.xml", b'<row r="1"'
    row = (b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1</f><v>two</v></c>'
           b'<c r="C1" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r><rPh><t>x</t></rPh></is></c>'
           b'<c r="D1" t="e"><v>#REF!</v></c><c r="E1" t="s"><v>999999</v></c></row><row r="9001"')  # fmt: skip
    cells = read_workbook(swapped(good, tmp_path / "b.xlsx", part, old, row))["guide"].cells[1]
    assert cells == {1: "2", 2: "two", 3: "rich", 4: "#REF!"}


def test_a_thousand_submissions_are_read_in_seconds(tmp_path: Path) -> None:

    rows = [
        ["_uuid", "code", "zone", "accord", "biens"],
        *([f"k{n}", f"A{n}", "EX01", "oui", "or armes"] for n in range(1000)),
    ]
    start = process_time()
    done, found = entered(tmp_path, rows)
    assert (len(done), found) == (1000, [])
    assert process_time() - start < 5


def test_the_mapping_of_the_guide_is_read_whole(tmp_path: Path) -> None:
    told, found = read_map(guide_map(tmp_path / "guide.yml"))
    assert found == []
    assert told
    assert [told.offered("quotes").code(text) for text in ("yes", "Oui", "no", "maybe")] == ["yes", "yes", "no", None]
    assert told.question("use").several


def test_the_mapping_of_the_page_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "forms.md").read_text("utf-8")
    (tmp_path / "card.yml").write_text(page.split("```yaml\n")[1].split("```")[0], "utf-8")
    told, found = read_map(tmp_path / "card.yml")
    assert found == []
    assert told
    rows = [["_uuid", "code", "zone", "day", "who", "consent", "gold", "needs", "asked_links", "photo"],
            ["k1", "A1", "EX01", "2025-03-09", "trader", "anonymous", "Oui", "eau ecole", "no", "x.jpg"]]  # fmt: skip
    (tmp_path / "e.csv").write_text(csv_text(rows), "utf-8")
    (tmp_path / "e-links.csv").write_text(csv_text([["a", "b", "tie", "_submission__uuid"]]), "utf-8")
    export, _ = read_export(tmp_path / "e.csv")
    assert export
    done, found = read_form(export, told, READER, standing())
    assert found == []
    assert [(row["id"], row["answer"]) for row in done[0].observations] == [
        ("A1.gold", "present"), ("A1.needs.water", "water"), ("A1.needs.school", "school")]  # fmt: skip
