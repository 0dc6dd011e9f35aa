"""Coding projects on the command line: in by their ending, out for the team, refused for anybody else."""

import json
from pathlib import Path

import pytest
from made_study import Command

from folders import folder_hash
from made_qda import CODE, project, qdpx, selection, source
from maillage.intake.refi import read_codebook, read_project

CODES = f'<Code guid="{CODE}" name="Impôt"/>'


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return qdpx(tmp_path, project(source(selection(3, 9)), codes=CODES))


@pytest.mark.parametrize("words", [(), ("--as", "qda")])
def test_a_project_is_added_and_goes_out_again(study: Path, say: Command, made: Path, words: tuple[str, ...]) -> None:
    done = say("add", made, *words, "--coder", "ana", "--study", study, "--lang", "en")
    assert (done.code, "p.qdpx (qda): 3 entered, 0 changed, 0 known already." in done.out) == (0, True)
    assert "0 entered, 0 changed, 3 known already" in say("add", made, "--study", study, "--lang", "en").out
    out = study.parent / "handover"
    for form in ("qdpx", "qdc"):
        done = say("export", form, "--audience", "team", "--study", study, "--out", out, "--json")
        assert done.code == 0
        assert json.loads(done.out)["files"] == [str(out / f"s.{form}"), str(out / f"s.{form}.losses.json")]
    again, _, findings = read_project(out / "s.qdpx")
    assert (findings, again.passages.select("start", "end").rows()) == ([], [(3, 9)])
    assert read_codebook(out / "s.qdc")[0].codes["name"].to_list() == ["Impôt"]


def test_a_codebook_alone_is_added_by_its_ending(study: Path, say: Command, made: Path) -> None:
    say("add", made, "--study", study)
    out = study.parent / "handover"
    say("export", "qdc", "--audience", "team", "--study", study, "--out", out)
    assert "(qda): 0 entered, 0 changed, 1 known already" in say(
        "add", out / "s.qdc", "--study", study, "--lang", "en"
    ).out  # fmt: skip


def test_a_project_with_an_error_writes_nothing(study: Path, say: Command, tmp_path: Path) -> None:
    broken = qdpx(tmp_path, project(source(selection(9, 3)), codes=CODES))
    before = folder_hash(study)
    done = say("add", broken, "--study", study, "--json")
    assert (done.code, [item["code"] for item in json.loads(done.out)]) == (1, ["qda_end_before_start"])
    assert folder_hash(study) == before


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_whole_texts_go_to_nobody_but_the_team(study: Path, say: Command, made: Path, audience: str) -> None:
    say("add", made, "--study", study)
    out = study.parent / "handover"
    done = say("export", "qdpx", "--audience", audience, "--study", study, "--out", out, "--json")
    assert (done.code, json.loads(done.out)[0]["code"]) == (1, "qda_audience")
    assert not out.exists()


def test_an_unknown_format_names_those_there_are(study: Path, say: Command) -> None:
    done = say("export", "odt", "--study", study, "--lang", "en")
    assert done.code == 2
    assert "graphml, qdpx, qdc" in done.out + done.err
