"""The page on teamwork, typed line by line in an empty folder; the commands of a team in both languages and as JSON."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from made_study import Command, write

PAGE = Path(__file__).parents[2] / "docs" / "teamwork.md"
PLACES = "code,name,level,parent\nML,Mali,admin0,\nML07,Gao,admin1,ML\n"
ROWS = "id,source,kind,question,answer,actor,other\n{id},D1,link,link,{answer},terrorist_group,smuggler\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Command) -> Path:
    """A folder with Ana's study and what both coded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    write(tmp_path, places=PLACES, sources="id,kind,place\nD1,document,ML07\n")
    write(tmp_path, ana=ROWS.format(id="o1", answer="cooperation"), bo=ROWS.format(id="o2", answer="competition"))
    assert say("new", "ana", "--country", "ML", "--coder", "ana").code == 0
    settings = Path("ana/study.yml")
    settings.write_text(re.sub(r"coders:.*", "coders: [ana, bo]", settings.read_text("utf-8")), "utf-8")
    assert say("add", "places.csv", "--study", "ana", "--as", "places").code == 0
    assert say("add", "sources.csv", "--study", "ana", "--as", "sources").code == 0
    return tmp_path


def lines() -> list[list[str]]:
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    typed = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[2:] for line in typed if line.startswith("$ maillage ")]


def test_the_page_leads_a_team_from_dividing_the_work_to_one_decided_study(here: Path, say: Command) -> None:
    first, *rest = lines()
    assert say(*first).out.endswith("1 source(s) assigned, 1 of them to two coders.\n")
    shutil.copytree("ana", "bo")
    for words in rest:
        done = say(*words)
        assert done.code == 0, (words, done)
    shown = done.out
    work = shown[:8]
    assert "ana: cooperation (o1)" in shown
    french = say("worklist", "--coder", "ana", "--study", "ana", "--lang", "fr").out
    assert "ana : coopération (o1)" in french
    assert "type de lien" in french
    assert "link" not in french
    assert "bo: competition (o2)" in shown
    decided = ("arbitrate", work, "--choose", "bo", "--reason", "the site, not the road", "--study", "ana", "--coder")
    assert say(*decided, "ana").out == f"{work}: decided; counts: o2.\n"
    assert say("worklist", "--coder", "ana", "--study", "ana").out == "Nothing to do.\n"
    assert say("merge", "ana", "--coder", "bo", "--study", "bo").code == 0
    for copy in ("ana", "bo"):
        assert say("check", "--study", copy).code == 0
        traced = say("worklist", "--decided", "--study", copy, "--json").out
        (one,) = json.loads(traced)["differences"]
        assert (one["id"], one["decided"]) == (work, True)
    told = say("worklist", "--decided", "--study", "bo", "--lang", "fr").out
    assert "    ana a tranché : compte o2 (the site, not the road)\n" in told


def test_a_merge_is_told_in_words_and_as_json(here: Path, say: Command) -> None:
    shutil.copytree("ana", "bo")
    assert say("observe", "bo.csv", "--coder", "bo", "--study", "bo").code == 0
    told = json.loads(say("merge", "bo", "--study", "ana", "--json").out)
    assert (told["before"]["observations"], told["after"]["observations"]) == (0, 1)
    assert told["after"]["by_coder"] == {"ana": 3, "bo": 3}
    assert [item["action"] for item in told["files"] if item["action"] != "same"] == ["new"]
    assert (told["forks"], told["findings"]) == ([], [])
    assert say("merge", "bo", "--study", "ana", "--lang", "fr").out == "Rien de nouveau.\n"
    assert say("merge", "ana", "--study", "ana").code == 1


def test_the_counts_of_a_merge_stand_in_columns(here: Path, say: Command) -> None:
    shutil.copytree("ana", "bo")
    say("observe", "bo.csv", "--coder", "bo", "--study", "bo")
    out = say("merge", "bo", "--study", "ana", "--lang", "fr").out
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()[2:]}
    assert rows["énoncés"] == ["0", "1"]
    assert rows["bo"] == ["0", "3"]


def test_heads_go_round_as_text(here: Path, say: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = say("head", "--study", "ana").out
    assert shown.count("maillage/") == 1
    Path("heads.txt").write_text(shown, "utf-8")
    shutil.copytree("ana", "bo")
    monkeypatch.setenv("MAILLAGE_CONFIG", str(here / "other"))
    assert (
        say("head", "--countersign", "heads.txt", "--coder", "bo", "--study", "bo").out == "1 head(s) countersigned.\n"
    )
    assert say("verify", "bo").code == 0
    assert len(json.loads(say("head", "--study", "bo", "--json").out)["logs"]) == 2


def test_small_work_of_a_coder(here: Path, say: Command) -> None:
    say("observe", "ana.csv", "--coder", "ana", "--study", "ana")
    made = json.loads(say("memo", "qui paie ?", "--about", "o1", "--study", "ana", "--json").out)["id"]
    assert (
        say("retract", made, "--why", "dit deux fois", "--study", "ana", "--lang", "fr").out == f"{made} est retiré.\n"
    )
    assert say("undo", "--study", "ana", "--lang", "fr").out == "Annulé : retrait, mémo.\n"
    labels = ("--label-en", "Fear", "--label-fr", "Peur")
    assert say("code", "fear", *labels, "--study", "ana").out == "fear added.\n"
    assert say("code", "fear", "--retire", "--study", "ana").out == "fear retired.\n"
    assert say("retract", "D1", "--why", "asked", "--study", "ana").out.startswith("D1 is withdrawn")
    assert say("retract", "D1", "--why", " ", "--study", "ana").code == 1
    assert say("arbitrate", "00000000", "--reason", "x", "--study", "ana").code == 2


def test_an_older_copy_is_trusted_on_demand(here: Path, say: Command) -> None:
    shutil.copytree("ana", "old")
    say("observe", "ana.csv", "--coder", "ana", "--study", "ana")
    shutil.rmtree("ana")
    shutil.move("old", "ana")
    assert "[log_rollback]" in say("check", "--study", "ana").out
    assert "[log_rollback]" in say("run", "--study", "ana").out, "its numbers may rest on what was taken back since"
    assert say("release", "--study", "ana", "--out", "out").code == 1
    assert not Path("out").exists()
    assert say("check", "--trust-this-copy", "--study", "ana").code == 0
    assert "log_rollback" not in say("run", "--study", "ana").out


def test_a_git_server_is_a_folder_like_any_other(here: Path, say: Command) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "server.git"], check=True)
    shutil.copytree("ana", "bo")
    assert say("sync", "server.git", "--study", "ana").out == "Sent.\n"
    say("observe", "bo.csv", "--coder", "bo", "--study", "bo")
    assert say("sync", "server.git", "--study", "bo").out.endswith("Sent.\n")
    told = json.loads(say("sync", "--study", "ana", "--json").out)
    assert (told["sent"], told["after"]["observations"]) == (False, 1)
    assert say("sync", "--study", "ana", "--lang", "fr").out == "Rien de nouveau.\nRien à envoyer.\n"
