"""Exports of forms: workbooks and tables as Kobo writes them, or as somebody changed them since."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from bad import ADD, READ, ROWS, TOLD, Bad, content, made
from bad_documents import LARGE

from made_documents import zipped
from made_forms import agreed, kobo_csv, xlsx
from maillage.study.folder import open_study
from maillage.study.observations import replay

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FORM = (*ADD, "form", "--map", "forms/guide.yml")
PHONE = "+223 70 00 00 00"


def workbook(change: Callable[[Path], object], *rows: dict[str, Any]) -> Callable[[Path, Path], Path]:
    def make(folder: Path, study: Path) -> Path:
        path = xlsx(folder / "export.xlsx", list(rows or (agreed(1),)))
        change(path)
        return path

    return make


def edited(change: Callable[[Any], object]) -> Callable[[Path], None]:
    """Opens the book, lets `change` loose on it, and saves it."""

    def edit(path: Path) -> None:
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)

    return edit


def laughing(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = (LAUGHS + sheet.partition("?>")[2]).encode()
    zipped(path, dict(parts))


def twice(book: Any) -> None:
    book.worksheets[0].append([cell.value for cell in book.worksheets[0][2]])


def far(book: Any) -> None:
    book.worksheets[0]["XFD1048576"] = "far away"


def merged_and_hidden(book: Any) -> None:
    sheet = book.worksheets[0]
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("A2:A3")


def contacts(book: Any) -> None:
    sheet = book.create_sheet("contacts")
    for row in (("name", "phone", "met"), ("Issa Cissé", PHONE, date(2025, 3, 14))):
        sheet.append(row)


def nothing_of_the_contacts(study: Path) -> None:
    written = b"".join(path.read_bytes() for path in study.rglob("*") if path.is_file())
    assert b"Ciss" not in written
    assert PHONE.encode() not in written


def both_came(study: Path) -> None:
    assert {"I01", "I02"} <= set(replay(open_study(study)).sources["id"])


FORMS = {
    "xlsx: cut short": Bad(
        workbook(lambda path: path.write_bytes(path.read_bytes()[:-300])), FORM, ("zip_damaged",)
    ),
    "xlsx: a CSV under another name": Bad(content("a.xlsx", "a;b\n1;2\n"), FORM, ("zip_damaged",)),
    "xlsx: laughing entities": Bad(workbook(laughing), FORM, ("xml_doctype",)),
    "xlsx: a cell far away": Bad(workbook(edited(far)), FORM, ("row_ragged",), ROWS),
    "xlsx: a formula for an answer": Bad(
        made(lambda folder: xlsx(folder / "a.xlsx", [agreed(1, stakeholder="=SUM(A1:A3)")])), FORM,
        ("form_formula",), ROWS,
    ),
    "xlsx: merged cells and hidden rows": Bad(
        workbook(edited(merged_and_hidden), agreed(1), agreed(2)), FORM, ("form_hidden", "form_merged"), TOLD
    ),
    "xlsx: a second sheet with names": Bad(
        workbook(edited(contacts)), FORM, ("form_sheet_left",), TOLD, nothing_of_the_contacts
    ),
    "xlsx: unpacks without end": Bad(
        made(lambda folder: zipped(folder / "a.xlsx", {"xl/workbook.xml": b" " * LARGE})), FORM, ("zip_bomb",)
    ),
    "xlsx: a Word file": Bad(
        made(lambda folder: zipped(folder / "a.xlsx", {"word/document.xml": "<a/>"})), FORM, ("form_workbook",)
    ),
    "xlsx: one submission twice": Bad(workbook(edited(twice)), FORM, ("form_key_twice",), ROWS),
    "csv: another form": Bad(content("a.csv", "a;b\n1;2\n"), FORM, ("form_key_column",)),
    "csv: an answer that is no choice": Bad(
        made(lambda folder: kobo_csv(folder / "a.csv", [agreed(1, presence_gold="perhaps")])), FORM,
        ("code_unknown",), ROWS,
    ),
    "csv: two good rows": Bad(
        made(lambda folder: kobo_csv(folder / "a.csv", [agreed(1), agreed(2)])), FORM, (), READ, both_came
    ),
    "a drawing": Bad(content("a.ods", "PK"), FORM, ("form_format",)),
}  # fmt: skip
