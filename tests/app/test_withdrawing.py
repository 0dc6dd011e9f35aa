"""A person withdraws: what is left of them is named, and copies and checks say what that means."""

from pathlib import Path

import pytest
from made_study import Command

from maillage.verbs.verify import verify


@pytest.fixture
def told(study: Path, tmp_path: Path, say: Command) -> Path:
    """The study with the text of i1 in `documents/`."""
    text = tmp_path / "i1.txt"
    text.write_text("They pay at the bridge.\n", "utf-8")
    assert say("add", text, "--as", "document", "--coder", "ana", "--study", study).code == 0
    assert (study / "documents" / "i1.txt").is_file()
    return study


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("documents/i1.txt", "no vault", "maillage vault create")),
    ("fr", ("documents/i1.txt", "pas de coffre", "maillage vault create")),
])  # fmt: skip
def test_what_is_left_in_an_open_study_is_named(told: Path, say: Command, lang: str, words: tuple[str, ...]) -> None:
    out = say("retract", "i1", "--why", "asked", "--study", told, "--lang", lang).out
    assert [word for word in words if word not in out] == []
    assert "vault erase" not in out, "there is no vault"


def test_the_text_of_a_source_that_names_no_file_is_found(told: Path) -> None:
    assert [item.code for item in verify(told)] == []


def test_deleting_the_text_of_somebody_who_withdrew_is_no_damage(told: Path, say: Command) -> None:
    for file in (told / "documents").rglob("i1.txt"):
        file.unlink()
    assert "document_changed" in {item.code for item in verify(told)}
    say("retract", "i1", "--why", "asked", "--study", told)
    assert "document_changed" not in {item.code for item in verify(told)}


def test_of_a_document_nothing_is_said_of_erasing(study: Path, say: Command) -> None:
    assert "vault" not in say("retract", "d1", "--why", "wrong", "--study", study).out


def test_what_trusting_a_copy_forgets_is_said(study: Path, say: Command) -> None:
    (log,) = (study / "log").glob("*.jsonl")
    say("check", "--study", study)
    before = log.read_bytes()
    say("retract", "i1", "--why", "asked", "--study", study)
    say("check", "--study", study)
    log.write_bytes(before)
    done = say("check", "--trust-this-copy", "--study", study)
    assert "whoever took consent back there counts again" in done.err
    assert log.name in done.err
    assert "retraits et effacements compris" in say("check", "--trust-this-copy", "--study", study, "--lang", "fr").err


@pytest.mark.parametrize(("lang", "first"), [
    ("en", "What is here is as it was written, but this computer has seen more here. What is missing: 1"),
    ("fr", "Ce qui est ici est tel qu'écrit, mais il manque de ce que cet ordinateur y a vu. Ce qui manque : 1"),
])  # fmt: skip
def test_what_is_gone_stands_before_what_is_sound(study: Path, say: Command, lang: str, first: str) -> None:
    say("memo", "Ask again", "--coder", "ana", "--study", study)
    (log,) = (study / "log").glob("*.jsonl")
    say("check", "--study", study)
    log.rename(study.parent / log.name)
    lines = say("verify", study, "--lang", lang).out.splitlines()
    assert lines[0] == first
    assert "[log_gone]" in lines[1]


def test_a_finding_without_a_place_begins_with_what_it_is(study: Path, say: Command) -> None:
    assert "-: " not in say("check", "--trust-this-copy", "--study", study).err
