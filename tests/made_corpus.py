"""Files that must be refused, made by script: name -> how it is made, what `add` is told of it, the code it must get.

Documents, forms of phones, coding projects. Broken logs and vaults are made in the tests of `study`, tables in
`app/test_bad_input.py`.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from made_documents import docx, locked_pdf, odt, p, pdf, r, zipped
from made_forms import agreed, kobo_csv, xlsx
from made_qda import SOURCE, guid, project, qdpx, selection, source

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504
ENTITY = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
LARGE = 300_000_000


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that must be refused: `make(folder)` writes it, `kind` is said to `add`, `code` must be found."""

    make: Callable[[Path], Path]
    kind: str
    code: str


def _bytes(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _sparse(name: str, size: int) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with (folder / name).open("wb") as stream:
            stream.truncate(size)
        return folder / name

    return make


def _xxe(folder: Path) -> Path:
    path = docx(folder / "xxe.docx", p(r("avant")))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode().partition("?>")[2] or parts["word/document.xml"].decode()
    return zipped(path, {**parts, "word/document.xml": ENTITY + body})


def _encrypted_odt(folder: Path) -> Path:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    return odt(folder / "locked.odt", "<text:p>a</text:p>", **{"META-INF/manifest.xml": manifest})


def _workbook(change: Callable[[Path], None]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = xlsx(folder / "export.xlsx", [agreed(1)])
        change(path)
        return path

    return make


def _laughing(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = (LAUGHS + sheet.partition("?>")[2]).encode()
    zipped(path, dict(parts))


def _twice(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    book.save(path)


def _duplicate_member(folder: Path) -> Path:
    path = qdpx(folder, project(source("")))
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("project.qde")
        archive.NameToInfo.pop("project.qde")
        archive.writestr(info, "x")
    return path


def _qdc(text: str) -> Callable[[Path], Path]:
    return _bytes("book.qdc", text.encode())


DOCUMENTS = {
    "docx: entity that reads a file": Bad(_xxe, "document", "xml_doctype"),
    "docx: no document inside": Bad(
        lambda folder: zipped(folder / "a.docx", {"[Content_Types].xml": "<x/>"}), "document", "document_part"
    ),
    "docx: encrypted": Bad(
        _bytes("a.docx", OLE + "EncryptedPackage".encode("utf-16-le")), "document", "zip_locked"
    ),
    "docx: an old Word file": Bad(_bytes("a.docx", OLE), "document", "document_other"),
    "docx: a page of a website": Bad(_bytes("a.docx", b"<!DOCTYPE html><html>"), "document", "document_other"),
    "docx: cut short": Bad(_bytes("a.docx", b"PK\x03\x04 and no more"), "document", "zip_damaged"),
    "docx: unpacks without end": Bad(
        lambda folder: zipped(folder / "a.docx", {"word/document.xml": b"<a>" + b" " * LARGE}), "document", "zip_bomb"
    ),
    "docx: a name that leaves the archive": Bad(
        lambda folder: zipped(folder / "a.docx", {"word/document.xml": "<a/>", "../../evil": "x"}),
        "document", "zip_name",
    ),
    "docx: nested without end": Bad(
        lambda folder: docx(folder / "a.docx", "<w:sdt>" * 20_000 + "</w:sdt>" * 20_000), "document", "xml_large"
    ),
    "docx: nothing in it": Bad(lambda folder: docx(folder / "a.docx", ""), "document", "document_blank"),
    "odt: encrypted": Bad(_encrypted_odt, "document", "zip_locked"),
    "odt: a PDF": Bad(_bytes("a.odt", b"%PDF-1.4"), "document", "document_other"),
    "pdf: a page of a website": Bad(_bytes("a.pdf", b"<html>login</html>"), "document", "document_other"),
    "pdf: cut short": Bad(_bytes("a.pdf", b"%PDF-1.4\njunk"), "document", "document_damaged"),
    "pdf: pictures of pages": Bad(
        lambda folder: pdf(folder / "a.pdf", "#rect(width: 5cm, height: 5cm)"), "document", "pdf_no_text"
    ),
    "pdf: a password": Bad(lambda folder: locked_pdf(folder / "a.pdf"), "document", "zip_locked"),
    "rtf: plain text": Bad(_bytes("a.rtf", b"plain"), "document", "document_other"),
    "txt: empty": Bad(_bytes("a.txt", b""), "document", "document_blank"),
    "txt: no text": Bad(_bytes("a.txt", b"a\nb\0c"), "document", "file_nul"),
    "txt: a hundred megabytes": Bad(_sparse("a.txt", 101_000_000), "document", "document_large"),
    "a recording": Bad(_bytes("a.mp3", b"ID3"), "document", "document_format"),
    "a file that is gone": Bad(lambda folder: folder / "none.docx", "document", "file_missing"),
}  # fmt: skip
FORMS = {
    "xlsx: cut short": Bad(
        _workbook(lambda path: path.write_bytes(path.read_bytes()[:-300]) and None), "form", "zip_damaged"
    ),
    "xlsx: a CSV under another name": Bad(_bytes("a.xlsx", b"a;b\n1;2\n"), "form", "zip_damaged"),
    "xlsx: laughing entities": Bad(_workbook(_laughing), "form", "xml_doctype"),
    "xlsx: unpacks without end": Bad(
        lambda folder: zipped(folder / "a.xlsx", {"xl/workbook.xml": b" " * LARGE}), "form", "zip_bomb"
    ),
    "xlsx: a Word file": Bad(
        lambda folder: zipped(folder / "a.xlsx", {"word/document.xml": "<a/>"}), "form", "form_workbook"
    ),
    "xlsx: a formula for an answer": Bad(
        lambda folder: xlsx(folder / "a.xlsx", [agreed(1, stakeholder="=SUM(A1:A3)")]), "form", "form_formula"
    ),
    "xlsx: one submission twice": Bad(_workbook(_twice), "form", "form_key_twice"),
    "csv: another form": Bad(_bytes("a.csv", b"a;b\n1;2\n"), "form", "form_key_column"),
    "csv: an answer that is no choice": Bad(
        lambda folder: kobo_csv(folder / "a.csv", [agreed(1, presence_gold="perhaps")]), "form", "code_unknown"
    ),
    "a drawing": Bad(_bytes("a.ods", b"PK"), "form", "form_format"),
}  # fmt: skip
PROJECTS = {
    "qdpx: unpacks without end": Bad(
        lambda folder: qdpx(folder, project(source("")), {f"sources/{SOURCE}.txt": b"0" * LARGE}), "qda", "zip_bomb"
    ),
    "qdpx: a name that leaves the archive": Bad(
        lambda folder: qdpx(folder, project(source("")), {"sources/../../evil.txt": "x"}), "qda", "zip_name"
    ),
    "qdpx: one member twice": Bad(_duplicate_member, "qda", "zip_twice"),
    "qdpx: no archive": Bad(_bytes("a.qdpx", b"not a zip"), "qda", "zip_damaged"),
    "qdpx: entities": Bad(
        lambda folder: qdpx(folder, project(source("")).replace("<Project", LAUGHS + "<Project", 1)),
        "qda", "xml_doctype",
    ),
    "qdpx: cut XML": Bad(lambda folder: qdpx(folder, project(source(""))[:-9]), "qda", "xml_damaged"),
    "qdpx: no project": Bad(lambda folder: qdpx(folder, "x", {}, inner="notes.txt"), "qda", "qda_no_project"),
    "qdpx: a page of a website": Bad(lambda folder: qdpx(folder, "<html/>"), "qda", "qda_root"),
    "qdpx: a text that is missing": Bad(
        lambda folder: qdpx(folder, project(source(selection(0, 1))), {}), "qda", "qda_source_missing"
    ),
    "qdpx: a text of the computer": Bad(
        lambda folder: qdpx(folder, project(source("", path="absolute:///etc/passwd"))), "qda", "qda_source_outside"
    ),
    "qdpx: digits of another script": Bad(
        lambda folder: qdpx(folder, project(source(selection("٣", 9)))), "qda", "qda_position"
    ),
    "qdpx: ends before it starts": Bad(
        lambda folder: qdpx(folder, project(source(selection(9, 3)))), "qda", "qda_end_before_start"
    ),
    "qdpx: beyond the text": Bad(
        lambda folder: qdpx(folder, project(source(selection(0, 999)))), "qda", "qda_offset_outside"
    ),
    "qdpx: one GUID twice": Bad(lambda folder: qdpx(folder, project(source("") * 2)), "qda", "qda_guid_twice"),
    "qdc: entities": Bad(_qdc(f"{LAUGHS}<CodeBook/>"), "qda", "xml_doctype"),
    "qdc: cut XML": Bad(_qdc(f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="{guid(1)}"'), "qda",
                        "xml_damaged"),
    "qdc: something else": Bad(_qdc("<html/>"), "qda", "qda_root"),
}  # fmt: skip
CORPUS = DOCUMENTS | FORMS | PROJECTS
