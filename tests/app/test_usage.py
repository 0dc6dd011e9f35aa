"""Words of a command that cannot be read: a sentence in the user's language, exit code 2, never click's English."""

import re
from pathlib import Path

import click
import pytest
from made_study import Command

from maillage.app.cli import COMMANDS, language
from maillage.app.usage import in_words
from maillage.errors import catalogue

WRONG = [
    (["opne"], "usage_command", "open"),
    (["vault", "unlok"], "usage_command", "unlock"),
    (["open", "--prot", "3"], "usage_option", "--port"),
    (["--stduy", "x", "check"], "usage_option", "--study"),
    (["open", "-z"], "usage_option", "-z"),
    (["open", "--port"], "usage_value_missing", "--port"),
    (["check", "--json=3"], "usage_value_none", "--json"),
    (["retract"], "usage_missing", "ID"),
    (["retract", "x"], "usage_missing", "--why"),
    (["open", "one", "two"], "usage_extra", "one two"),
    (["check", "--lang", "it's"], "usage_choice", "it's"),
    (["--lang", "de", "check"], "usage_choice", "fr, en"),
    (["open", "--port", "0"], "usage_between", "65535"),
    (["open", "--port", "٣x"], "usage_between", "65535"),
    (["assign", "--double", "half"], "usage_number", "half"),
    (["verify", "/no/such/folder", "--x"], "usage_option", "--x"),
    (["arbitrate", "0", "--reason", "x"], "usage_either", "--none"),
]
ENGLISH = re.compile(r"\b(No such|Missing|Invalid|Error|Try|requires|unexpected|not one of|Usage:)")


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("how", ["option", "environment"])
@pytest.mark.parametrize(("words", "code", "told"), WRONG, ids=lambda value: " ".join(value)[:20])
def test_it_is_told_in_the_language_of_the_user(
    say: Command, monkeypatch: pytest.MonkeyPatch, words: list[str], code: str, told: str, lang: str, how: str
) -> None:
    monkeypatch.delenv("MAILLAGE_LANG", raising=False)
    by_option = how == "option" and "--lang" not in words
    monkeypatch.setenv("LC_ALL", {"en": "C.UTF-8", "fr": "fr_ML.UTF-8"}["en" if by_option else lang])
    before = [f"--lang={lang}"] if by_option else []
    done = say(*before, *words)
    assert (done.code, done.out) == (2, "")
    first = catalogue()[code][lang].partition("{")[0] or catalogue()[code][lang].rpartition("}")[2]
    assert first in done.err, done.err
    assert told in done.err
    assert lang == "en" or not ENGLISH.search(done.err), done.err


@pytest.mark.parametrize("wrong", ["missing.csv", "folder"])
def test_a_file_that_is_none(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "folder").mkdir()
    kinds = {
        "usage_file": click.Path(exists=True, dir_okay=False),
        "usage_folder": click.Path(exists=True, file_okay=False),
    }
    for code, kind in kinds.items():
        command = click.Command("x", params=[click.Argument(["place"], type=kind)], callback=lambda place: None)
        if (code, wrong) == ("usage_folder", "folder"):
            continue
        with pytest.raises(click.BadParameter) as told:
            command.main([str(tmp_path / wrong)], standalone_mode=False)
        problem = in_words(told.value)
        assert problem.code == code
        assert f"« {tmp_path / wrong} »" in problem.text("fr")


def test_every_complaint_of_click_has_its_sentence() -> None:
    assert in_words(click.UsageError("What now.")).code == "usage_other"
    assert in_words(click.BadParameter("odd")).code == "usage_other"
    assert in_words(click.FileError("x", "gone")).code == "usage_other"


def test_the_language_that_stands_in_the_words_is_found_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_LANG", "en")
    for words in (
        ["--lang", "fr"],
        ["open", "--lang=fr"],
        ["--lang", "de", "open", "--lang", "fr"],
        ["x", "--lang", "fr", "-z"],
    ):
        assert language(words) == "fr"
    assert language(["--lang"]) == language(["--lang", "de"]) == language([]) == "en"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_so_in_french(say: Command, name: str) -> None:
    done = say("--lang", "fr", name, "--no-such-option")
    assert done.code == 2
    assert re.search(rf"maillage {name}( show)? n'a pas d'option --no-such-option", done.err)
    assert done.err.startswith(f"Usage : maillage {name}")
