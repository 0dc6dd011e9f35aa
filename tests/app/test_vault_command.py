"""`maillage vault` as a person uses it: keys, two people, the paper, erasing, and nothing in clear on the disk."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from maillage.app.cli import group
from maillage.study import age, holder, identity, vault, vault_files
from maillage.study.folder import open_study

PASSPHRASE = "quatre mots sans aucun rapport"
SETTINGS = """
id: practice
title: {en: Practice, fr: Exercice}
languages: [fr, en]
pack: nexus
coders: [ana, bo]
synthetic: true
"""
BO, BO_PUBLIC = age.make()


@pytest.fixture(autouse=True)
def _person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person with a key; the passphrase is answered, as in a script."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("MAILLAGE_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    return folder


def typed(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(group, list(words))
    assert done.exit_code == code, done.output
    return done.output


def made(study: Path) -> str:
    """The vault of ana and bo; the recovery key."""
    typed("vault", "key")
    told = json.loads(typed("vault", "create", "--study", str(study), "--person", f"bo={BO_PUBLIC}", "--json"))
    assert told["people"] == ["ana", "bo"]
    return str(told["recovery"])


def test_a_person_makes_a_key_once_and_a_vault_needs_a_second_person(study: Path) -> None:
    first = json.loads(typed("vault", "key", "--json"))
    assert json.loads(typed("vault", "key", "--json")) == first
    assert "two people" in typed("vault", "create", "--study", str(study), code=1)
    assert "not a person" in typed("vault", "create", "--study", str(study), "--person", "bo", code=1)
    assert not vault.exists(study)


def test_who_opens_it_and_who_no_longer_does(study: Path) -> None:
    made(study)
    cyd = age.make()[1]
    assert "ana, cyd" in typed("vault", "people", "--study", str(study), "--add", f"cyd={cyd}", "--remove", "bo")
    told = json.loads(typed("vault", "people", "--study", str(study), "--json"))
    assert (told["people"], told["generation"]) == (["ana", "cyd"], 2)
    assert "dan is not" in typed("vault", "people", "--study", str(study), "--remove", "dan", code=1)
    assert "two people" in typed("vault", "people", "--study", str(study), "--remove", "cyd", code=1)


def test_the_paper_lets_somebody_in_again(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = made(study)
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "new laptop"))
    typed("vault", "key")
    assert "does not open" in typed("vault", "unlock", "--study", str(study), code=1)
    monkeypatch.setenv("MAILLAGE_RECOVERY", paper.lower())
    typed("vault", "recover", "--study", str(study), "--coder", "ana")
    opened = vault.unlock(open_study(study), identity.unlock(PASSPHRASE), coder="ana")
    assert sorted(opened.ring.people) == ["ana", "bo"]


def test_unlocked_means_for_the_next_commands_and_locked_means_now(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(study)
    assert "open" in typed("vault", "unlock", "--study", str(study), "--minutes", "1")
    monkeypatch.delenv("MAILLAGE_PASSPHRASE")
    try:
        assert holder.held() == identity.unlock(PASSPHRASE)
        assert "No field notes" in typed("vault", "notes", "--study", str(study))
    finally:
        assert "locked" in typed("vault", "lock")
    assert holder.held() is None
    assert "already" in typed("vault", "lock")


def test_the_key_is_forgotten_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    holder.hold("secret", minutes=1 / 60)
    for _ in range(400):
        if holder.held() is None:
            break
        subprocess.run([sys.executable, "-c", "import time; time.sleep(1.2)"], check=True)
    assert holder.held() is None


def test_a_stranger_without_the_word_gets_nothing(tmp_path: Path) -> None:
    holder.hold("secret", minutes=1)
    try:
        word = tmp_path / "config" / "run" / "word"
        raw = word.read_bytes()
        assert word.stat().st_mode & 0o077 == 0 or os.name == "nt"
        word.write_bytes(bytes(32) + raw[32:])
        assert holder.held() is None
        word.write_bytes(raw)
        assert holder.held() == "secret", "a stranger must not end the holder"
    finally:
        holder.release()


def test_a_field_note_is_closed_and_read_at_home(study: Path, tmp_path: Path) -> None:
    made(study)
    note = tmp_path / "note.txt"
    note.write_text("heard at the well", "utf-8")
    typed("vault", "note", str(note), "--study", str(study))
    told = json.loads(typed("vault", "notes", "--study", str(study), "--json"))
    assert [item["text"] for item in told] == ["heard at the well"]


def test_without_a_vault_no_passphrase_is_asked_for(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILLAGE_PASSPHRASE")
    for words in (["people"], ["names"], ["notes"], ["unlock"], ["read", "I01"]):
        assert "This study has no vault" in typed("vault", *words, "--study", str(study), code=1)


def test_who_gives_no_passphrase_is_told_what_to_do(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(study)
    monkeypatch.delenv("MAILLAGE_PASSPHRASE")
    assert "MAILLAGE_PASSPHRASE" in typed("vault", "unlock", "--study", str(study), code=1)
    monkeypatch.setenv("MAILLAGE_CONFIG", str(study.parent / "a laptop without a key"))
    assert "maillage vault key" in typed("vault", "notes", "--study", str(study), code=1)


def test_a_whole_study_with_sealed_informants(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources and statements go in, numbers come out, and while it is locked nothing of it does."""
    made(study)
    rows = ["id;kind;place;stakeholder;consent;title", "I01;interview;;transporter;anonymous;at the well of Tin-Hama"]
    said = ["source;kind;question;answer;note", "I01;factor;factor;isolation;the smith of Tin-Hama"]
    for name, lines in (("sources.csv", rows), ("said.csv", said)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8")
    there = ("--study", str(study))
    typed("add", str(tmp_path / "sources.csv"), "--as", "sources", *there)
    assert "1 statement" in typed("observe", str(tmp_path / "said.csv"), "--coder", "ana", *there)
    assert "1 known already" in typed("observe", str(tmp_path / "said.csv"), "--coder", "ana", *there)
    assert "closed in the vault" in typed("run", *there)
    assert "factors/ALL/isolation" in typed("vault", "read", "estimates.csv", *there)
    assert "I01" in typed("trace", "factors/ALL/isolation", *there)
    (tmp_path / "I01.txt").write_text("I am the smith of Tin-Hama", "utf-8")
    assert "document_informant" in typed("add", str(tmp_path / "I01.txt"), "--as", "document", *there, code=1)
    everything = b"".join(path.read_bytes() for path in study.rglob("*") if path.is_file())
    assert b"Tin-Hama" not in everything
    assert b"isolation" not in everything
    monkeypatch.delenv("MAILLAGE_PASSPHRASE")
    for words in (
        ("run",),
        ("trace", "factors/ALL/isolation"),
        ("observe", str(tmp_path / "said.csv"), "--coder", "ana"),
    ):
        assert "locked" in typed(*words, *there, code=1)
    assert "entries_closed" in typed("check", *there)


def test_french_is_spoken(study: Path) -> None:
    made(study)
    assert "Ouvert par : ana, bo" in typed("vault", "people", "--study", str(study), "--lang", "fr")


def test_no_secret_and_no_clear_text_lies_anywhere_on_the_disk(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file under the study, the configuration and the temporary folder, after a session with everything in it."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    paper = made(study)
    opened = vault.unlock(open_study(study), identity.unlock(PASSPHRASE), coder="ana")
    opened = vault.informants(opened, "ana", ["I01"])
    vault_files.store(opened, "I01", {"name": "Zeynabou Witness"})
    typed("vault", "people", "--study", str(study), "--add", f"cyd={age.make()[1]}")
    secrets = [paper, identity.unlock(PASSPHRASE), opened.ring.sources["I01"], opened.ring.field_key, PASSPHRASE]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in [*secrets, "Zeynabou"] if secret.encode() in content], path
