"""Proposing and approving a quote by the commands a team types; a release that stops, and one that prints it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from made_study import Command

from folders import STUDIES
from maillage.errors import MaillageError
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.verbs.quoting import approve, propose
from maillage.verbs.release import release

FR, EN = "Ils prennent une part de ce que gagnent les gens.", "They take a share of what people earn."


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The first steps, with a narrative that quotes somebody."""
    made = shutil.copytree(STUDIES / "first-steps", tmp_path / "study")
    (made / "narrative").mkdir(exist_ok=True)
    for lang in ("en", "fr"):
        (made / "narrative" / f"{lang}.md").write_text('# Links {#links}\n\n{{ quote("q1") }}\n', "utf-8")
    return made


def informant(study: Path) -> str:
    return replay(open_study(study)).sources.filter(kind="interview", consent="anonymous")["id"][0]


def test_a_quote_goes_from_a_coder_by_a_second_one_into_the_report(study: Path, tmp_path: Path, say: Command) -> None:
    source, where = informant(study), ("--study", study)
    assert json.loads(say("check", *where, "--json").out)[0]["code"] == "quote_unknown"
    assert say("quote", "q1", "--source", source, "--en", EN, "--fr", FR, "--coder", "ana", *where).code == 0
    refused = say("release", *where, "--out", tmp_path / "out", "--langs", "fr", "--json")
    assert [
        (item["code"], re.search("nobody but who proposed it", item["message"]) is not None)
        for item in json.loads(refused.out)
    ] == [("quote_refused", True)]
    assert not (tmp_path / "out").exists()
    assert say("quote", "q1", "--approve", "--coder", "ana", *where).code == 1
    assert say("quote", "q1", "--approve", "--coder", "bo", *where).code == 0
    release(study, tmp_path / "out", audience="public", langs=("fr",))
    page = (tmp_path / "out" / "report.fr.html").read_text("utf-8")
    assert FR in page
    every = b"".join(
        path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.suffix in (".html", ".csv", ".json")
    )
    assert not re.search(rb"\bq1\b", every)


def test_a_changed_quote_must_be_read_again(study: Path, tmp_path: Path) -> None:
    source = informant(study)
    propose(study, "q1", source, texts={"en": EN, "fr": FR}, verbatim=False, coder="ana")
    approve(study, "q1", coder="bo")
    propose(study, "q1", source, texts={"en": EN + " All of them.", "fr": FR}, verbatim=False, coder="ana")
    with pytest.raises(MaillageError) as refused:
        release(study, tmp_path / "out", audience="public", langs=("en",))
    assert [item.facts["rule"] for item in refused.value.findings] == ["approval"]


def test_what_is_wrong_is_said(study: Path, say: Command) -> None:
    source, where = informant(study), ("--study", study)
    assert say("quote", "q1", *where).code == 2
    assert say("quote", "q1", "--approve", "--source", source, *where).code == 2
    assert say("quote", "q1", "--approve", *where).code == 1
    assert say("quote", "q1", "--source", "nobody", "--en", EN, *where).code == 1
    with pytest.raises(MaillageError) as refused:
        propose(study, "q1", source, texts={"en": " "}, verbatim=False, coder="ana")
    assert refused.value.code == "quote_text"
    propose(study, "q1", source, texts={"en": EN}, verbatim=False, coder="ana")
    with pytest.raises(MaillageError) as refused:
        propose(study, "q1", source, texts={"en": EN}, verbatim=False, coder="bo")
    assert refused.value.code == "quote_taken"


@pytest.mark.parametrize(
    "name", ["../../q", "=cmd|' /C calc'!A1", "", "-q", "q 1", "q1\n", "q" * 65, "a/b", "@q", "q\x1b[2J"]
)
def test_a_name_that_is_none_enters_nothing(study: Path, name: str, say: Command) -> None:
    before = sorted((path, path.read_bytes()) for path in study.rglob("*") if path.is_file())
    with pytest.raises(MaillageError) as refused:
        propose(study, name, informant(study), texts={"en": EN}, verbatim=False, coder="ana")
    assert (refused.value.code, refused.value.exit_code) == ("quote_form", 2)
    assert before == sorted((path, path.read_bytes()) for path in study.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["q1", "Transporteur-2", "citation.é_3"])
def test_a_plain_name_is_taken(study: Path, name: str) -> None:
    assert propose(study, name, informant(study), texts={"en": EN}, verbatim=False, coder="ana")


def test_why_a_quote_is_refused_is_told_in_words(study: Path, tmp_path: Path, say: Command) -> None:
    say("quote", "q1", "--source", informant(study), "--fr", "Mon oncle prend 5 parts.", "--en", EN, "--coder", "ana",
        "--study", study)  # fmt: skip
    told = say("release", "--study", study, "--out", tmp_path / "out", "--langs", "fr", "--lang", "fr")
    assert "parle d'un proche" in told.out
    assert "contient un chiffre" in told.out
    assert "maillage quote q1" in told.out
