"""Coding projects of other programs (REFI-QDA)."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from bad import ADD, Bad, content, made
from bad_forms import LAUGHS

from made_qda import SOURCE, guid, project, qdpx, selection, source

QDA = (*ADD, "qda")


def duplicate_member(folder: Path) -> Path:
    path = qdpx(folder, project(source("")))
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("project.qde")
        archive.NameToInfo.pop("project.qde")
        archive.writestr(info, "x")
    return path


def packed(xml: str, *texts: dict[str, str | bytes], inner: str = "project.qde") -> Callable[[Path, Path], Path]:
    return made(lambda folder: qdpx(folder, xml, *texts, inner=inner))


PROJECTS = {
    "qdpx: a name that leaves the archive": Bad(
        packed(project(source("")), {"sources/../../evil.txt": "x"}), QDA, ("zip_name",)
    ),
    "qdpx: unpacks without end": Bad(
        packed(project(source("")), {f"sources/{SOURCE}.txt": b"0" * 300_000_000}), QDA, ("zip_bomb",)
    ),
    "qdpx: one member twice": Bad(made(duplicate_member), QDA, ("zip_twice",)),
    "qdpx: a text that is missing": Bad(packed(project(source(selection(0, 1))), {}), QDA, ("qda_source_missing",)),
    "qdpx: ends before it starts": Bad(packed(project(source(selection(9, 3)))), QDA, ("qda_end_before_start",)),
    "qdpx: no archive": Bad(content("a.qdpx", "not a zip"), QDA, ("zip_damaged",)),
    "qdpx: entities": Bad(
        packed(project(source("")).replace("<Project", LAUGHS + "<Project", 1)), QDA, ("xml_doctype",)
    ),
    "qdpx: cut XML": Bad(packed(project(source(""))[:-9]), QDA, ("xml_damaged",)),
    "qdpx: no project": Bad(packed("x", {}, inner="notes.txt"), QDA, ("qda_no_project",)),
    "qdpx: a page of a website": Bad(packed("<html/>"), QDA, ("qda_root",)),
    "qdpx: a text of the computer": Bad(
        packed(project(source("", path="absolute:///etc/passwd"))), QDA, ("qda_source_outside",)
    ),
    "qdpx: digits of another script": Bad(packed(project(source(selection("٣", 9)))), QDA, ("qda_position",)),
    "qdpx: beyond the text": Bad(packed(project(source(selection(0, 999)))), QDA, ("qda_offset_outside",)),
    "qdpx: one GUID twice": Bad(packed(project(source("") * 2)), QDA, ("qda_guid_twice",)),
    "qdc: entities": Bad(content("book.qdc", f"{LAUGHS}<CodeBook/>"), QDA, ("xml_doctype",)),
    "qdc: cut XML": Bad(
        content("book.qdc", f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="{guid(1)}"'), QDA,
        ("xml_damaged",),
    ),
    "qdc: something else": Bad(content("book.qdc", "<html/>"), QDA, ("qda_root",)),
}  # fmt: skip
