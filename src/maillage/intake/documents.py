"""Documents and transcripts to text: one reader a format, one form of text, every loss a finding.

What is left out (deleted and hidden text, comments, headers ...) is said as a warning with a count, because the
original, which is kept, still holds it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, MaillageError, finding
from maillage.intake.docx_text import read_docx
from maillage.intake.extract import Extract, damage, kept
from maillage.intake.odt_text import read_odt
from maillage.intake.pdf_text import read_pdf
from maillage.intake.plain_text import read_plain
from maillage.intake.rtf_text import read_rtf
from maillage.intake.zipped import MB

READERS: dict[str, Callable[[Path], Extract]] = {
    "docx": read_docx,
    "odt": read_odt,
    "pdf": read_pdf,
    "rtf": read_rtf,
    "txt": read_plain,
    "md": read_plain,
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNS = {"docx": ZIP, "odt": ZIP, "pdf": b"%PDF-", "rtf": b"{\\rtf"}
LARGEST = {"txt": 20 * MB, "md": 20 * MB, "rtf": 20 * MB}
LARGEST_PACKED = 100 * MB  # of the other formats, which hold pictures
MOST_LETTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document: NFC, LF, a paragraph a line; `notes`: code of a warning -> how many times."""

    text: str
    format: str
    encoding: str
    notes: Mapping[str, int]


def read_document(path: Path) -> tuple[DocumentText | None, list[Finding]]:
    """The text of a file and what is wrong with it or was left out; None with an error. The file is only read."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in READERS:
        return None, [finding("document_format", file=path.name, known=", ".join(READERS))]
    try:
        _check(path, kind)
        extract = READERS[kind](path)
        text = _settled(path.name, extract.text, kind)
    except MaillageError as problem:
        value = problem.facts.get("value")
        shown = None if value is None else str(value)
        return None, [Finding(problem.code, file=path.name, value=shown, facts=problem.facts)]
    except OSError:
        return None, [finding("file_missing", file=path.name)]
    notes = {code: count for code, count in (extract.counts + damage(text)).items() if count > 0 and code}
    findings = [finding(code, file=path.name, value=count) for code, count in sorted(notes.items())]
    if extract.sample:
        findings.append(finding("document_encoding", file=path.name, value=extract.encoding, sample=extract.sample))
    return DocumentText(text, kind, extract.encoding, notes), findings


def _check(path: Path, kind: str) -> None:
    """Refuse what is missing, empty, too large, or not what its name says."""
    if not path.is_file():
        raise MaillageError("file_missing", file=path.name)
    size, most = path.stat().st_size, LARGEST.get(kind, LARGEST_PACKED)
    if size == 0:
        raise MaillageError("document_blank", file=path.name)
    if size > most:
        raise MaillageError("document_large", file=path.name, value=size, most=most)
    with path.open("rb") as stream:
        head = stream.read(1024)
    if kind in SIGNS and SIGNS[kind] not in (head if kind == "pdf" else head.lstrip(b"\xef\xbb\xbf \r\n\t")[:8]):
        if head.startswith(OLE) and _is_locked(path):
            raise MaillageError("zip_locked", file=path.name, value="EncryptedPackage")
        raise MaillageError("document_other", file=path.name, value=kind, guess=_looks_like(head))


def _is_locked(path: Path) -> bool:
    """Whether an OLE2 file is a Word file locked with a password rather than one of the old format."""
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def _looks_like(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    names = {ZIP: "ZIP, DOCX, ODT", OLE: "DOC", SIGNS["pdf"]: "PDF", SIGNS["rtf"]: "RTF"}
    return next((name for sign, name in names.items() if head.startswith(sign)), "?")


def _settled(file: str, raw: str, kind: str) -> str:
    text = kept(raw)
    if len(text) > MOST_LETTERS:
        raise MaillageError("document_large", file=file, value=len(text), most=MOST_LETTERS)
    if not text.strip():
        raise MaillageError("document_blank", file=file)
    return text if kind in ("txt", "md") else text.strip("\n") + "\n"
