"""Word, OpenDocument, PDF and other texts."""

import zipfile
from pathlib import Path

from bad import ADD, FILE, TOLD, Bad, content, made

from made_documents import deleted, docx, inserted, locked_pdf, odt, p, pdf, r, zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504
ENTITY = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LARGE = 30_000_000
DOCUMENT = (*ADD, "document")


def sparse(folder: Path) -> Path:
    with (folder / "a.txt").open("wb") as stream:
        stream.truncate(101_000_000)
    return folder / "a.txt"


def xxe(folder: Path) -> Path:
    path = docx(folder / "xxe.docx", p(r("avant")))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode().partition("?>")[2] or parts["word/document.xml"].decode()
    return zipped(path, {**parts, "word/document.xml": ENTITY + body})


def encrypted_odt(folder: Path) -> Path:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    return odt(folder / "locked.odt", "<text:p>a</text:p>", **{"META-INF/manifest.xml": manifest})


def no_deleted_name(study: Path) -> None:
    assert (study / "documents" / "a.txt").read_text("utf-8").strip() == "Il a vu le préfet."


DOCUMENTS = {
    "docx: entity that reads a file": Bad(made(xxe), DOCUMENT, ("xml_doctype",)),
    "docx: no document inside": Bad(
        made(lambda folder: zipped(folder / "a.docx", {"[Content_Types].xml": "<x/>"})), DOCUMENT, ("document_part",)
    ),
    "docx: encrypted": Bad(
        content("a.docx", OLE + "EncryptedPackage".encode("utf-16-le")), DOCUMENT, ("zip_locked",)
    ),
    "docx: a name in what was deleted": Bad(
        made(lambda folder: docx(folder / "a.docx", p(r("Il a vu "), deleted("Issa Cissé"), inserted("le préfet."))))
        , DOCUMENT, ("document_deleted",), TOLD, no_deleted_name,
    ),
    "docx: an old Word file": Bad(content("a.docx", OLE), DOCUMENT, ("document_other",)),
    "docx: a page of a website": Bad(content("a.docx", "<!DOCTYPE html><html>"), DOCUMENT, ("document_other",)),
    "docx: cut short": Bad(content("a.docx", b"PK\x03\x04 and no more"), DOCUMENT, ("zip_damaged",)),
    "docx: unpacks without end": Bad(
        made(lambda folder: zipped(folder / "a.docx", {"word/document.xml": b"<a>" + b" " * LARGE})), DOCUMENT,
        ("zip_bomb",),
    ),
    "docx: a name that leaves the archive": Bad(
        made(lambda folder: zipped(folder / "a.docx", {"word/document.xml": "<a/>", "../../evil": "x"})), DOCUMENT,
        ("zip_name",),
    ),
    "docx: nested without end": Bad(
        made(lambda folder: docx(folder / "a.docx", "<w:sdt>" * 20_000 + "</w:sdt>" * 20_000)), DOCUMENT,
        ("xml_large",),
    ),
    "docx: nothing in it": Bad(made(lambda folder: docx(folder / "a.docx", "")), DOCUMENT, ("document_blank",)),
    "odt: encrypted": Bad(made(encrypted_odt), DOCUMENT, ("zip_locked",)),
    "odt: a PDF": Bad(content("a.odt", "%PDF-1.4"), DOCUMENT, ("document_other",)),
    "pdf: a page of a website": Bad(content("a.pdf", "<html>login</html>"), DOCUMENT, ("document_other",)),
    "pdf: cut short": Bad(content("a.pdf", "%PDF-1.4\njunk"), DOCUMENT, ("document_damaged",)),
    "pdf: pictures of pages": Bad(
        made(lambda folder: pdf(folder / "a.pdf", "#rect(width: 5cm, height: 5cm)")), DOCUMENT, ("pdf_no_text",)
    ),
    "pdf: a password": Bad(made(lambda folder: locked_pdf(folder / "a.pdf")), DOCUMENT, ("zip_locked",)),
    "rtf: plain text": Bad(content("a.rtf", "plain"), DOCUMENT, ("document_other",)),
    "txt: empty": Bad(content("a.txt", ""), DOCUMENT, ("document_blank",)),
    "txt: no text": Bad(content("a.txt", "a\nb\0c"), DOCUMENT, ("file_nul",)),
    "txt: a hundred megabytes": Bad(made(sparse), DOCUMENT, ("document_large",)),
    "a recording": Bad(content("a.mp3", "ID3"), DOCUMENT, ("document_format",)),
    "a file that is gone": Bad(made(lambda folder: folder / "none.docx"), DOCUMENT, ("file_missing",), FILE),
}  # fmt: skip
