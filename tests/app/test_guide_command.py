"""`maillage guide` as a user types it: for a study, for a pack alone, and what it refuses."""

import json
from pathlib import Path

import pytest
from made_study import Command

from folders import folder_hash
from maillage import run
from maillage.study.folder import open_study


def test_a_new_study_has_its_guide_already(study: Path) -> None:
    assert sorted(path.name for path in (study / "guide").iterdir()) == ["guide.en.md", "guide.fr.md"]


def test_a_study_gets_its_guide_its_form_and_the_mapping_of_the_form(study: Path, say: Command) -> None:
    out = study.parent / "out"
    assert say("guide", "--study", study, "--out", out).code == 0
    said = say("guide", "--study", study, "--format", "xlsform", "--out", out, "--json")
    assert [Path(file).name for file in json.loads(said.out)["files"]] == ["guide.xlsx", "guide.yml", "guide.yml"]
    assert sorted(path.name for path in out.iterdir()) == ["guide.en.docx", "guide.fr.docx", "guide.xlsx", "guide.yml"]
    assert (study / "forms" / "guide.yml").read_text("utf-8") == (out / "guide.yml").read_text("utf-8")
    assert "ML08: [ML08, Kidal]" in (out / "guide.yml").read_text("utf-8")


def test_a_mapping_that_was_edited_is_left_alone(study: Path, say: Command) -> None:
    (study / "forms").mkdir()
    (study / "forms" / "guide.yml").write_text("kind: form\n")
    assert say("guide", "--study", study, "--format", "xlsform", "--out", study.parent / "out").code == 0
    assert (study / "forms" / "guide.yml").read_text() == "kind: form\n"


def test_a_pack_is_enough(tmp_path: Path, say: Command) -> None:
    assert say("guide", "--study", tmp_path, "--format", "md", "--langs", "fr", "--out", tmp_path / "out").code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["guide.fr.md"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [(("--format", "pdf"), 2, "pdf"), (("--langs", "de"), 2, "de"), (("--pack", "nope"), 1, "nope")],
)
def test_what_is_not_there_is_said_and_nothing_written(
    study: Path, say: Command, words: tuple[str, ...], code: int, said: str
) -> None:
    before = folder_hash(study)
    answer = say("guide", "--study", study, "--out", study / "guide-out", *words)
    assert answer.code == code
    assert said in answer.err
    assert folder_hash(study) == before


def test_the_guide_in_use_is_recorded_once_and_only_when_asked(study: Path, say: Command) -> None:
    out = study.parent / "out"
    say("guide", "--study", study, "--out", out)
    assert run.load(open_study(study))[0].guides == ()
    assert "Recorded as the guide in use." in say("guide", "--study", study, "--out", out, "--record").out
    again = say("guide", "--study", study, "--out", out, "--record", "--lang", "fr").out
    assert "Déjà consigné." in again
    ((name, langs),) = run.load(open_study(study))[0].guides
    assert (name.split()[0], langs) == ("nexus", ("fr", "en"))
    assert say("guide", "--pack", "nexus", "--record", "--out", out).code == 2
    assert say("undo", "--study", study).code == 0
    assert run.load(open_study(study))[0].guides == ()


def test_who_withdraws_is_counted_among_those_who_are_gone(study: Path, say: Command, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("id,kind,place,consent\nI1,interview,ML,anonymous\nD1,document,ML,\n", "utf-8")
    assert say("add", tmp_path / "s.csv", "--study", study, "--as", "sources").code == 0
    for source in ("I1", "D1"):
        assert say("retract", source, "--why", "asked", "--study", study).code == 0
    assert run.load(open_study(study))[0].gone == (1, 0)
