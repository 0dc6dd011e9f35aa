"""Ids that are paths, devices or too long: every command that takes one stays inside the study and says what it did."""

import csv
import json
from pathlib import Path

import pytest
from made_study import Command

from maillage.study import age, filenames, holder, log, vault
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.verbs import vault as verbs

SETTINGS = "id: odd\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\nsynthetic: true\n"
REFUSED = ["../x", "../../study.yml", "a/b", "/etc/x", "a~b", "a\x07b", "source:a"]
ODD = ["a\\b", "..\\x", "a:b", "CON", "nul.txt", "é" * 300, "x.", ".", "..", "keyring", "=a"]
SAID = "Il a dit le mot secret.\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a study whose vault is open, in the middle of files that nobody may touch."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    study = tmp_path / "disk" / "study"
    (study / "documents").mkdir(parents=True)
    (study / "study.yml").write_text(SETTINGS, "utf-8")
    for bystander in (tmp_path / "disk" / "x.txt", study / "x.txt", study / "documents" / "kept.txt"):
        bystander.write_text("bystander", "utf-8")
    (tmp_path / "in").mkdir()
    secret, public = age.make()
    vault.create(open_study(study), "ana", {"ana": public, "bo": age.make()[1]})
    monkeypatch.setattr(holder, "held", lambda: secret)
    return tmp_path


def table(folder: Path, name: str, *rows: dict[str, str]) -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def outside(root: Path) -> dict[str, bytes]:
    """What lies around the study and beside its own files, and may not change."""
    files = [path for path in root.rglob("*") if path.is_file()]
    own = [root / "disk" / "study" / name for name in ("log", "vault", ".cache", "out", "documents/original")]
    kept = [path for path in files if not any(path.is_relative_to(one) for one in (*own, root / "config", root / "in"))]
    return {str(path): path.read_bytes() for path in kept}


@pytest.mark.parametrize("name", ODD, ids=lambda name: name[:12])
def test_no_command_leaves_the_study_by_an_id(root: Path, say: Command, name: str) -> None:
    study, inbox = root / "disk" / "study", root / "in"
    at = ("--study", study, "--json")
    before = outside(root)
    row = {"id": name, "kind": "interview", "consent": "anonymous"}
    assert say("add", table(inbox, "sources.csv", row), "--as", "sources", *at).code == 0
    told = table(inbox, "names.csv", {"name": "Zeynabou Marqueur", "source": name})
    assert say("vault", "names", told, "--coder", "ana", *at).code == 0
    file = inbox / "said.txt"
    file.write_text(SAID, "utf-8")
    assert say("add", file, "--as", "interview", "--source", name, *at).code == 0
    stated = {"id": "o1", "source": name, "kind": "factor", "question": "factor", "answer": "isolation"}
    assert say("observe", table(inbox, "rows.csv", stated), "--coder", "ana", *at).code == 0
    assert SAID in say("vault", "read", name, "--study", study).out
    assert say("retract", name, "--why", "odd", "--coder", "bo", *at).code in (0, 1)
    assert outside(root) == before
    shown = vault.files_of(study, name)
    assert len(shown) == 1
    assert shown[0].parent == study / "vault"
    assert say("vault", "erase", name, "--why", "asked", "--yes", "--coder", "ana", *at).code == 0
    assert outside(root) == before
    assert vault.files_of(study, name) == []
    refused = say("vault", "read", name, *at)
    assert (refused.code, json.loads(refused.out)[0]["code"]) == (1, "text_erased")


@pytest.mark.parametrize("name", REFUSED)
def test_an_id_that_other_ids_are_made_of_is_refused_in_every_table_and_known_to_no_command(
    root: Path, say: Command, name: str
) -> None:
    study, inbox = root / "disk" / "study", root / "in"
    (inbox / "said.txt").write_text(SAID, "utf-8")
    rows = {"source": name, "kind": "factor", "question": "factor", "answer": "isolation"}
    tables = [
        ("add", table(inbox, "sources.csv", {"id": name, "kind": "interview", "consent": "anonymous"})),
        ("observe", table(inbox, "rows.csv", rows), "--coder", "ana"),
        ("vault", "names", table(inbox, "names.csv", {"name": "Zeynabou Marqueur", "source": name})),
        ("add", inbox / "said.txt", "--as", "interview", "--source", name),
        ("vault", "erase", name, "--why", "asked"),
        ("retract", name, "--why", "asked"),
        ("vault", "read", name),
        ("vault", "read", f"x/../{name}"),
    ]
    before = outside(root)
    told = [json.loads(say(*words, "--study", study, "--json").out)[0]["code"] for words in tables]
    known = ["id_form", "source_missing", "names_row", "transcript_source", "source_no_key", "thing_unknown"]
    assert told == [*known, "vault_file_missing", "vault_file_missing"]
    assert outside(root) == before


@pytest.mark.parametrize("name", [*REFUSED, *ODD], ids=lambda name: name[:12])
def test_erasing_takes_away_the_text_of_that_source_and_no_other_file(root: Path, name: str) -> None:
    """A text in clear of a time when the study did not seal, and an id that somebody else's log brought."""
    study = root / "disk" / "study"
    opened = verbs.opened(open_study(study), "ana")
    vault.informants(opened, "ana", [name])
    log.append(open_study(study), "bo", [Draft("assert", "source", {"id": name, "kind": "interview"})])
    before, text = outside(root), filenames.text_file(study, name)
    assert text.parent == study / "documents"
    text.write_text(SAID, "utf-8")
    verbs.erase(study, name, "asked", lambda: "", "ana")
    assert outside(root) == before


def test_names_of_files_are_the_ids_where_they_can_be_and_never_the_same() -> None:
    for plain in ("S014", "unodc-unicri", "rapport d'expert (2)", "_x", "Étude 3", "keyring"):
        assert filenames.stem(plain) == plain
    assert [name for name in ODD if filenames.stem(name) == name] == ["keyring"]
    assert vault.stem("keyring") != "keyring"
    assert len({vault.stem(name) for name in ODD}) == len(ODD)
    assert all(len(filenames.stem(name).encode()) <= filenames.LONGEST for name in ODD)


def test_a_link_in_place_of_a_text_is_not_read(root: Path, say: Command) -> None:
    study = root / "disk" / "study"
    log.append(open_study(study), "ana", [Draft("assert", "source", {"id": "d1", "kind": "document"})])
    (study / "documents" / "d1.txt").symlink_to(root / "config" / "key.age")
    assert say("vault", "read", "d1", "--study", study).code == 1
