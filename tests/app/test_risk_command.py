"""`maillage risk` as the team types it: both languages, a table or JSON, and nothing written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_study import Command

from folders import STUDIES
from maillage.publish.exposure import Exposed, Exposure
from maillage.verbs import risk


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("A neighbour knows who was heard", "it follows of nobody", "Alike")),
    ("fr", ("Un voisin sait qui a été entendu", "on ne déduit de personne", "Semblables")),
])  # fmt: skip
def test_it_speaks_both_languages(say: Command, lang: str, words: tuple[str, ...]) -> None:
    told = say("risk", "--as", "neighbour", "--study", STUDIES / "first-steps", "--lang", lang)
    assert told.code == 0
    assert [word for word in words if word not in told.out] == []


def test_a_reader_has_a_french_name(say: Command) -> None:
    told = [say("risk", "--as", name, "--study", STUDIES / "first-steps", "--lang", "fr").out
            for name in ("voisin", "neighbour")]  # fmt: skip
    assert told[0] == told[1] != ""


def test_it_writes_nothing_and_gives_json(say: Command, hash_of: Callable[[Path], str]) -> None:
    before = hash_of(STUDIES / "first-steps")
    told = json.loads(say("risk", "--as", "armed_group", "--study", STUDIES / "first-steps", "--json").out)
    assert hash_of(STUDIES / "first-steps") == before
    assert (told["reader"], told["knows"], told["worked_out"]) == ("armed_group", ["place", "stakeholder"], [])
    assert {"source", "alike", "alone", "sure", "through", "coarsening_loses", "share_lost"} <= told["people"][0].keys()


@pytest.mark.parametrize("words", [("--as", "spy"), ("--as", "state", "--audience", "team"), ()])
def test_wrong_use_is_said(say: Command, words: tuple[str, ...]) -> None:
    assert say("risk", *words, "--study", STUDIES / "first-steps").code == 2


def test_what_is_the_same_of_several_people_is_said_once() -> None:
    alike = [Exposed(name, 1, True, 3, 6, ("markets/ALL/gold",), ()) for name in ("I1", "I2", "I3")]
    other = Exposed("I4", 2, False, 3, 6, ("markets/ALL/gold",), ())
    rows = risk.table(Exposure("neighbour", "public", 10, (), (), (*alike, other)), "en")
    assert [row[0] for row in rows] == ["I1; I2; I3", "I4"]
    assert rows[0][1:] != rows[1][1:]
