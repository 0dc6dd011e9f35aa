"""Consent is taken back: what went out is marked then and there, in the ledger and at the next release."""

import json
import shlex
from pathlib import Path

import pytest
from made_study import Command

from made_miners import everybody
from maillage import run
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.verbs import gate

SETTINGS = """id: recalled
title: {en: Recalled, fr: Rappelée}
languages: [en]
pack: nexus
coders: [ana]
synthetic: true
status: draft
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Sixteen people of whom six tell of cooperation; a public release went out, and one to partners."""
    folder = tmp_path / "study"
    (folder / "narrative").mkdir(parents=True)
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    (folder / "narrative" / "en.md").write_text("# Links {#links}\n\n{{ links/ALL/cooperation | words }}\n", "utf-8")
    log.append(open_study(folder), "ana", everybody("trader"))
    for audience in ("partners", "public"):
        opened = open_study(folder)
        _, kept = gate.cleared(opened, run.run(opened), audience=audience, langs=("en",))
        gate.sent(opened, kept)
    return folder


def test_a_withdrawal_names_what_to_build_again_until_that_was_done(study: Path, tmp_path: Path, say: Command) -> None:
    where = ("--study", study)
    assert "must be built again" not in say("ledger", *where).out
    told = say("retract", "I00", "--why", "asked", *where).out
    assert "I00 is withdrawn" in told
    assert [typed(told, audience)[:2] for audience in ("public", "partners")] == [["maillage", "release"]] * 2
    assert say("ledger", *where).out.count("must be built again") == 2
    assert [item["affected"] for item in json.loads(say("ledger", *where, "--json").out)] == [1, 1]
    built = say("release", "--audience", "public", "--out", tmp_path / "out", *where)
    assert built.code == 0
    assert "it was built again on" in built.out
    assert typed(built.out, "partners")
    listed = say("ledger", *where).out
    assert (listed.count("must be built again"), listed.count("built again without them on")) == (1, 1)
    french = say("ledger", *where, "--lang", "fr").out
    assert typed(french, "partners")
    assert "partenaires : 36 nombres" in french.replace("\u00a0", " ")
    page = (tmp_path / "out" / "report.en.html").read_text("utf-8")
    assert "6 of 16" not in page
    assert "5 of 15" not in page, "beside the first release, that is the answer of I00"
    assert say("verify", tmp_path / "out").code == 0


def typed(told: str, audience: str) -> list[str]:
    """The one line of a command for an audience that stands to be copied, in words."""
    (line,) = [line for line in told.splitlines() if line.startswith("  ") and f"--audience {audience}" in line]
    return shlex.split(line)


def test_the_command_that_is_named_can_be_pasted(
    study: Path, tmp_path: Path, say: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    spaced = study.rename(tmp_path / "my study")
    told = say("retract", "I00", "--why", "asked", "--study", spaced).out
    record = next((spaced / "ledger").glob("*.json")).name
    heads = [item["head"][:16] for item in json.loads(say("ledger", "--study", spaced, "--json").out)]
    assert record
    assert [head in told for head in heads] == [True, True], "two of one day are told apart by their state"
    monkeypatch.chdir(tmp_path)
    words = typed(told, "public")
    assert say(*words[1:]).code == 0
    assert (tmp_path / words[words.index("--out") + 1] / "manifest.json").is_file()
    assert not (tmp_path / "release-partners").exists()


def test_each_command_is_said_once_and_writes_into_a_folder_of_its_own(
    study: Path, tmp_path: Path, say: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_study(study)
    _, kept = gate.cleared(opened, run.run(opened), audience="partners", langs=("en",))
    for to in ("GIZ Bamako", "giz, Bamako", "« »"):
        gate.sent(opened, kept, to=to)
    for form in ("ftm", "graphml"):
        gate.sent(opened, kept, form=form)
    log.append(opened, "ana", [Draft("assert", "source", {"id": "D1", "kind": "document"})])
    _, later = gate.cleared(opened, run.run(opened), audience="partners", langs=("en",))
    gate.sent(opened, later)
    told = say("retract", "I00", "--why", "asked", "--study", study).out
    lines = [shlex.split(line) for line in told.splitlines() if line.startswith("    maillage ")]
    folders = [words[words.index("--out") + 1] for words in lines]
    assert folders == ["release-partners", "release-public", *folders[2:]]
    assert sorted(folders[2:]) == ["export-ftm-partners", "export-graphml-partners", "release-partners-2",
                                   "release-partners-giz-bamako", "release-partners-giz-bamako-2"]  # fmt: skip
    assert told.count("the command above builds replaces it too") == 1, "two to the same partners, of two states"
    listed = say("ledger", "--study", study, "--lang", "fr").out
    assert listed.count("à rappeler") == len(lines) + 1
    assert [shlex.split(line) for line in listed.splitlines() if line.startswith("        maillage ")] == lines
    assert "ci-dessus la remplace aussi" in listed
    monkeypatch.chdir(tmp_path)
    (giz,) = [words for words in lines if words[-1].endswith("giz-bamako")]
    assert say(*giz[1:]).code == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("release")] == [giz[-1]]


def test_a_release_says_what_became_of_the_numbers_told_before(study: Path, tmp_path: Path, say: Command) -> None:
    where = ("--study", study, "--out", tmp_path / "out")
    assert "Held against" not in say("release", *where).out, "nothing changed since"
    say("retract", "I00", "--why", "asked", "--study", study)
    done = say("release", *where, "--json")
    since = json.loads(done.out)["since"]
    assert since["withdrew"]
    assert since["worded"] > 0
    assert "somebody in them has withdrawn" in done.err
    assert f"{since['withheld']} told before are withheld" in done.err
    assert "quelqu'un s'en est retiré" in say("release", *where, "--lang", "fr").out
    (*_, last) = json.loads(say("ledger", "--study", study, "--json").out)
    assert last["repeated"] == since["kept"]
    assert last["numbers"] >= last["repeated"]


def test_an_export_is_listed_as_one(study: Path, tmp_path: Path, say: Command) -> None:
    say("export", "ftm", "--audience", "partners", "--study", study, "--out", tmp_path / "ties")
    lines = say("ledger", "--study", study).out.splitlines()
    (line,) = [line for line in lines if "export ftm" in line]
    assert "ties between actors" in line
    assert "numbers on people" not in line


def test_taking_a_statement_back_recalls_nothing(study: Path, say: Command) -> None:
    (statement, *_) = run.run(open_study(study)).evidence.observations["entry"].to_list()
    assert "Attention" not in say("retract", statement, "--why", "typo", "--study", study).out
