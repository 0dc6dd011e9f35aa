"""The command line as a user meets it: from `new` to `export`, exit codes, JSON, both languages."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_study import STATEMENTS, Command

from maillage import tables
from maillage.app.cli import COMMANDS
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study

FINDING = ["code", "level", "file", "line", "row", "field", "value", "message", "remedy"]


def test_from_new_to_export(study: Path, say: Command, tmp_path: Path) -> None:
    assert say("check", "--study", study).out == "Nothing to mend.\n"
    done = say("run", "--study", study)
    assert done.code == 0
    assert (study / "out" / "estimates.parquet").is_file()
    traced = say("trace", "levies/ML07/gold/miner/week", "--study", study)
    assert traced.out.startswith("levies/ML07/gold/miner/week\n")
    assert "o3" in traced.out
    assert say("verify", study).code == 0
    assert say("verify", "--study", study).code == 0
    exported = say("export", "csv", "--study", study, "--out", tmp_path / "x")
    assert exported.code == 0
    assert str(tmp_path / "x" / "estimates.csv") in exported.out
    assert "o1" not in (tmp_path / "x" / "estimates.csv").read_text("utf-8")
    assert not (tmp_path / "x" / "map.gpkg").exists()
    assert say("export", "gpkg", "--study", study, "--out", tmp_path / "y").code == 0
    assert sorted(path.name for path in (tmp_path / "y").iterdir()) == ["map.geojson", "map.gpkg"]


def test_the_form_is_exported_and_the_study_stays_as_it_is(
    study: Path, say: Command, tmp_path: Path, hash_of: Callable[[Path], str]
) -> None:
    before = hash_of(study)
    assert say("export", "xlsform", "--audience", "team", "--study", study, "--out", tmp_path / "x").code == 0
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["guide.xlsx", "guide.yml"]
    assert hash_of(study) == before


def test_the_same_file_again_changes_nothing(study: Path, say: Command, hash_of: Callable[[Path], str]) -> None:
    before = hash_of(study)
    again = say("observe", study.parent / "statements.csv", "--coder", "ana", "--study", study)
    assert (again.code, again.out) == (0, "statements.csv: 0 statement(s) entered, 0 changed, 3 known already.\n")
    assert say("add", study.parent / "sources.csv", "--study", study).code == 0
    assert say("add", study.parent / "places.csv", "--study", study).code == 0
    assert hash_of(study) == before


def test_a_changed_row_supersedes(study: Path, say: Command) -> None:
    file = study.parent / "statements.csv"
    file.write_text(STATEMENTS.replace("o2,i2,link,link,denied", "o2,i2,link,link,cooperation"), "utf-8")
    assert "1 changed, 2 known" in say("observe", file, "--coder", "ana", "--study", study).out
    row = json.loads(say("trace", "links/ML07/cooperation", "--study", study, "--json").out)["estimate"]
    assert (row["k"], row["n"]) == (2, 2)


@pytest.mark.parametrize("before", [True, False])
def test_study_language_and_json_stand_before_or_after_the_command(study: Path, say: Command, before: bool) -> None:
    common = ["--study", study, "--lang", "fr"]
    words = [*common, "check"] if before else ["check", *common]
    assert say(*words).out == "Rien à corriger.\n"
    words = ["--json", *common, "check"] if before else ["check", "--json", *common]
    done = say(*words)
    assert json.loads(done.out) == []
    assert done.err == "Rien à corriger.\n"


def test_what_stands_after_the_command_wins(study: Path, say: Command) -> None:
    done = say("--study", "nowhere", "--lang", "fr", "check", "--study", study, "--lang", "en")
    assert done.out == "Nothing to mend.\n"


def test_json_of_findings(study: Path, say: Command) -> None:
    file = study.parent / "bad.csv"
    file.write_text("id,source,kind,question,answer\nb1,i1,link,link,cooporation\n", "utf-8")
    done = say("observe", file, "--coder", "ana", "--study", study, "--json")
    (found,) = json.loads(done.out)
    assert list(found) == FINDING
    assert [found[key] for key in FINDING[:7]] == ["code_unknown", "error", "bad.csv", 2, 1, "answer", "cooporation"]
    assert "cooperation" in found["remedy"]
    assert done.code == 1


def test_json_of_a_refusal_has_the_same_shape(say: Command, tmp_path: Path) -> None:
    done = say("check", "--study", tmp_path / "nowhere", "--json")
    (found,) = json.loads(done.out)
    assert list(found) == FINDING
    assert (done.code, found["code"], bool(found["message"]), bool(found["remedy"])) == (1, "study_missing", True, True)


def test_json_of_trace_run_and_codes(study: Path, say: Command) -> None:
    traced = json.loads(say("trace", "levies/ML07/gold/miner/week", "--study", study, "--json").out)
    assert (traced["estimate"]["low"], traced["estimate"]["high"]) == (5000.0, 250000.0)
    assert [item["id"] for item in traced["statements"]] == ["o3"]
    assert json.loads(say("run", "--study", study, "--json").out)["status"]["ok"] > 0
    codes = json.loads(say("codes", "--json").out)
    assert {"list": "link_types", "code": "coopetition"}.items() <= next(
        c for c in codes if c["code"] == "coopetition"
    ).items()
    assert all(row["en"] and row["fr"] for row in codes)
    assert {row["list"] for row in codes} >= {"markets", "actors", "questions", *tables.codes()}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_codes_that_meet_on_passages(study: Path, say: Command, lang: str) -> None:
    assert "+" not in say("codes", "--together", "--study", study, "--lang", lang).out
    spans = [
        {"source": "d1", "start": 0, "end": 9, "code": "gold"},
        {"source": "d1", "start": 4, "end": 12, "code": "levy"},
    ]
    log.append(open_study(study), "ana", [Draft("assert", "passage", body) for body in spans])
    assert say("codes", "--together", "--study", study, "--lang", lang).out.splitlines()[-1].split() == [
        "1", "1", "gold", "+", "levy",
    ]  # fmt: skip
    (met,) = json.loads(say("codes", "--together", "--study", study, "--json").out)
    assert met == {"code": "gold", "other": "levy", "pairs": 1, "sources": 1, "characters": 5}


def test_actions_and_their_sub_actions_are_codes_too(say: Command) -> None:
    rows = {row["code"]: row for row in json.loads(say("codes", "--list", "actions", "--json").out)}
    assert {f"R{number}" for number in range(1, 10)} <= set(rows)
    assert (rows["R1d"]["en"], rows["R1d"]["fr"]) == ("repair roads", "réparer les routes")
    assert rows["R1d"]["attributes"]["of"] == "R1"
    assert rows["R1d"]["attributes"]["horizon"] == "rapid"
    assert rows["R1"]["attributes"]["of"] is None
    assert "entrepreneuriat féminin" in say("codes", "--list", "actions", "--lang", "fr").out


def test_json_of_export_and_new(study: Path, say: Command, tmp_path: Path) -> None:
    files = json.loads(say("export", "csv", "--study", study, "--out", tmp_path / "x", "--json").out)["files"]
    assert all(Path(file).is_file() for file in files)
    made = json.loads(say("new", tmp_path / "other", "--country", "BF", "--coder", "ana", "--json").out)
    assert all(Path(file).is_file() for file in made["files"])
    assert say("check", "--study", tmp_path / "other").code == 0


@pytest.mark.parametrize("words", [
    ["nope"], ["check", "--nope"], ["trace"], ["observe", "x.csv"], ["export", "pdf"], ["codes", "--list", "nope"],
    ["new", "x", "--country", "XX"], ["new", "x", "--country", "ML", "--langs", "fr,de"],
    ["new", "x", "--country", "ML", "--coder", "../x"], ["new", "x", "--country", "ML", "--period", "soon"],
    ["export", "csv", "--audience", "press"],
])  # fmt: skip
def test_wrong_use_leaves_with_two(
    study: Path, say: Command, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study)
    done = say(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err
    assert not (study / "x").exists()


@pytest.mark.parametrize(("words", "code"), [
    (["trace", "links/ML07/coperation"], "estimate_unknown"), (["check", "--study", "nowhere"], "study_missing"),
    (["verify", "nowhere"], "nothing_to_verify"), (["observe", "statements.csv", "--coder", "zoe"], "coder_unknown"),
    (["new", "."], ""), (["codes", "--pack", "nope", "--study", "nowhere"], "pack_missing"),
])  # fmt: skip
def test_a_refusal_leaves_with_one_and_says_why(
    study: Path, say: Command, words: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study)
    if words[0] == "new":
        words, code = ["new", ".", "--country", "ML", "--coder", "ana"], "study_exists"
    done = say(*words, "--json")
    assert done.code == 1
    assert [item["code"] for item in json.loads(done.out)] == [code]


def test_help_lists_every_command_in_both_languages(say: Command) -> None:
    for lang, column in (("en", 0), ("fr", 1)):
        code = "from maillage.app.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, "--lang", lang, "--help"],
            capture_output=True, check=True, encoding="utf-8", env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
        for name, texts in COMMANDS.items():
            assert name in done.stdout
            assert texts[column] in done.stdout


def test_the_language_is_that_of_the_locale(monkeypatch: pytest.MonkeyPatch, say: Command, tmp_path: Path) -> None:
    monkeypatch.setenv("MAILLAGE_LANG", "fr_ML.UTF-8")
    assert "n'est pas une étude" in say("check", "--study", tmp_path).err
    monkeypatch.delenv("MAILLAGE_LANG")
    monkeypatch.setenv("LC_ALL", "C")
    assert "is not a study" in say("check", "--study", tmp_path).err


def test_a_folder_that_cannot_be_written_is_said_in_words(study: Path, say: Command) -> None:
    done = say("export", "csv", "--study", study, "--out", study.parent / "places.csv")
    assert done.code == 1
    assert "places.csv" in done.err
    done = say("new", study.parent / "places.csv", "--country", "ML", "--coder", "ana")
    assert done.code == 1
    assert "already holds files" in done.err


@pytest.mark.parametrize(
    ("folder", "country", "coder"), [("2024", "NO", "no"), ("yes", "BF", "123"), ("1e3", "ML", "null")]
)
def test_words_that_yaml_takes_for_something_else(
    say: Command, tmp_path: Path, folder: str, country: str, coder: str
) -> None:
    words = ("--country", country, "--coder", coder, "--langs", "en,en")
    assert say("new", tmp_path / folder, *words).code == 0
    assert say("check", "--study", tmp_path / folder).out == "Nothing to mend.\n"


def test_a_title_may_hold_any_sign(say: Command, tmp_path: Path) -> None:
    title = 'A "title": {with} \\ signs # and é'
    assert say("new", tmp_path / "t", "--country", "ML", "--coder", "ana", "--title", title).code == 0
    assert say("check", "--study", tmp_path / "t").code == 0


def test_what_went_wrong_inside_is_said_without_a_traceback(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from maillage.app import cli
    from maillage.app.commands import check

    def broken(path: Path, *, today: str | None = None) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "check", broken)
    for lang, words in (("en", "Something went wrong"), ("fr", "Un incident")):
        monkeypatch.setenv("MAILLAGE_LANG", lang)
        with pytest.raises(SystemExit) as left:
            cli.main(["check", "--study", str(study)])
        told = capsys.readouterr().err
        assert left.value.code == 1
        assert words in told
        assert "Traceback" not in told
        file = Path(told.strip().rsplit(" ", 1)[1])
        assert "ZeroDivisionError" in file.read_text("utf-8")
        file.unlink()
