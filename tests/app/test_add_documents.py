"""A Word file through the real command: its text is kept, what must not enter stays out, and every loss is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_study import Command

from made_documents import deleted, docx, p, r


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_text_of_a_word_file_is_kept_and_what_was_left_out_is_told(study: Path, say: Command, lang: str) -> None:
    file = docx(study.parent / "Compte rendu.docx", p(r("Ils paient. "), deleted("Deleted Name")))
    said = say("add", file, "--study", study, "--json", "--lang", lang)
    assert said.code == 0
    (found,) = json.loads(said.out)
    assert (found["code"], found["level"], found["value"]) == ("document_deleted", "warning", "1")
    assert (study / "documents" / "Compte rendu.txt").read_text("utf-8") == "Ils paient. \n"
    assert (study / "documents" / "original" / file.name).read_bytes() == file.read_bytes()
    assert say("verify", study).code == 0
    assert say("add", file, "--study", study, "--lang", "en").out.count("known already") == 1


def test_an_old_encoding_is_read_and_told(study: Path, say: Command) -> None:
    file = study.parent / "notes.txt"
    file.write_bytes("Réunion à Ménaka\r\n".encode("cp1252"))
    assert [item["code"] for item in json.loads(say("add", file, "--study", study, "--json").out)] == [
        "document_encoding"
    ]
    assert (study / "documents" / "notes.txt").read_text("utf-8") == "Réunion à Ménaka\n"


@pytest.mark.parametrize(("name", "raw"), [("a.pdf", b"<html></html>"), ("a.docx", b"PK\x03\x04"), ("a.txt", b"a\0b")])
def test_a_trap_leaves_the_study_as_it_was(
    study: Path, say: Command, hash_of: Callable[[Path], str], name: str, raw: bytes
) -> None:
    file = study.parent / name
    file.write_bytes(raw)
    before = hash_of(study)
    assert say("add", file, "--study", study).code == 1
    assert hash_of(study) == before
