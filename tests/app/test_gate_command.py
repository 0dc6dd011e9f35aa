"""`maillage gate` as the team types it: counts first, numbers on request, and whom an exception exposes."""

import io
import json
from pathlib import Path

import pytest
from made_study import Command

from made_miners import everybody, heard
from maillage import run
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.verbs import exceptions, gate

SETTINGS = """id: gated
title: {en: Gated, fr: Contrôlée}
languages: [en]
pack: nexus
coders: [ana]
synthetic: true
status: draft
"""
MINER = "links_by_class/artisanal_miner/cooperation"


class Terminal(io.StringIO):
    """What somebody types at a screen."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Sixteen people, three of them miners; six tell of cooperation."""
    folder = tmp_path / "study"
    (folder / "narrative").mkdir(parents=True)
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    (folder / "narrative" / "en.md").write_text("# Links {#links}\n\nNothing yet.\n", "utf-8")
    log.append(open_study(folder), "ana", everybody())
    return folder


def test_counts_stand_first_and_numbers_on_request(study: Path, say: Command) -> None:
    where = ("--study", study)
    whole = json.loads(say("gate", *where, "--json").out)["proposals"]
    counts = say("gate", *where).out
    assert MINER not in counts
    counted = sum(int(line.rsplit(": ", 1)[1].split(",")[0]) if "coarser" not in line else
                  int(line.split("): ")[-1].split(",")[0]) for line in counts.splitlines() if line.startswith("    ")
                  and "coarser number" not in line)  # fmt: skip
    assert counted == len(whole), "nothing is lost by counting"
    every = say("gate", *where, "--all").out
    assert [one["id"] for one in whole if f"{one['id']}: " not in every] == []
    assert "links_by_class: " in counts
    assert "--all" in counts


@pytest.mark.parametrize("of", [MINER, "links_by_class", "links_by_class/artisanal_miner"])
def test_a_number_is_found_by_its_id_or_the_beginning_of_it(study: Path, say: Command, of: str) -> None:
    told = say("gate", "--study", study, "--of", of).out
    assert f"{MINER}: withheld" in told
    assert "\nlinks/" not in told


def test_what_is_not_there_is_said_to_be_no_number(study: Path, say: Command) -> None:
    assert "Of nowhere nothing is held back" in say("gate", "--study", study, "--of", "nowhere").out
    assert "De nowhere, rien" in say("gate", "--study", study, "--of", "nowhere", "--lang", "fr").out


def test_no_count_is_a_question_mark(study: Path, say: Command) -> None:
    told = say("gate", "--study", study, "--all").out
    assert "?" not in told
    assert f"{MINER}: withheld (too few people stand behind it to protect them); 1 of 3" in told


def test_words_that_do_not_say_it_themselves_are_explained(study: Path, say: Command) -> None:
    found = {one.said for one in gate.proposals(study, "public")} | {
        one.reason for one in gate.proposals(study, "public")
    }
    assert "few" in found
    assert "Few or none: 2 people or fewer" in say("gate", "--study", study).out
    assert "Peu ou pas de personnes\u00a0: 2 au plus" in say("gate", "--study", study, "--lang", "fr").out.replace(
        " :", "\u00a0:"
    )
    assert ("No rule" in say("gate", "--study", study).out) == ("no_rule" in found)


def test_what_the_lead_chose_is_the_reason_for_the_team_and_the_rule_stays_in_the_release(
    study: Path, say: Command
) -> None:
    assert say("gate", "choose", MINER, "withheld", "--why", "small", "--study", study).code == 0
    assert f"{MINER}: withheld (the study lead chose" in say("gate", "--study", study, "--of", MINER).out
    opened = open_study(study)
    release, _ = gate.cleared(opened, run.run(opened), audience="public", langs=("en",))
    row = release.estimate(MINER)
    assert row is not None
    assert row["reason"] == "too_few_informants", "a reason of its own would say that somebody of few spoke"


def test_whom_an_exception_exposes_is_said_before_it_is_signed_and_kept(study: Path, say: Command) -> None:
    words = ("gate", "except", MINER, "--why", "they published it", "--study", study)
    tried = say(*words, "--preview")
    assert f"behind {MINER} stand 3 people" in tried.err
    assert "Nothing was signed" in tried.out
    assert gate.signed_by_lead(study) == []
    done = say(*words, "--lang", "fr", "--yes")
    assert f"derrière {MINER} se trouvent 3 personnes" in done.err
    (signed,) = gate.signed_by_lead(study)
    assert (signed.people, signed.alone) == (3, 0), "three miners of whom no more is known"
    assert "behind it 3 people" in say("gate", "--study", study).out


def test_nothing_is_signed_before_it_was_said(study: Path) -> None:
    seen: list[int] = []

    def agreed(found: exceptions.Exposes) -> bool:
        seen.append(len(gate.signed_by_lead(study)) + found.people)
        return True

    assert exceptions.let_through(study, MINER, audience="public", why="x", agreed=agreed)
    assert seen == [3]


@pytest.mark.parametrize(("lang", "question"), [("en", "leaves all the same (the public)? [y/N]"),
                                                ("fr", "sort quand même (grand public) ? [o/N]")])  # fmt: skip
def test_on_a_terminal_a_yes_is_asked_for(
    study: Path, say: Command, monkeypatch: pytest.MonkeyPatch, lang: str, question: str
) -> None:
    words = ("gate", "except", MINER, "--why", "they published it", "--study", study, "--lang", lang)
    for answer, signed in (("", 0), ("n\n", 0), ("perhaps\n", 0), ("oui\n", 1)):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        done = say(*words)
        told = done.err.replace("\u00a0", " ")
        assert question in told
        assert told.index("3 p") < told.index(question), "whom it exposes is said before"
        assert (done.code, len(gate.signed_by_lead(study))) == (1 - signed, signed), answer


def test_where_nobody_sits_a_yes_must_be_said_beforehand(
    study: Path, say: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("gate", "except", MINER, "--why", "they published it", "--study", study)
    refused = say(*words)
    assert refused.code == 1
    assert "nobody was there to say yes" in refused.err
    assert f"behind {MINER} stand 3 people" in refused.err
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert json.loads(say(*words, "--json").out)[0]["code"] == "exception_unasked", "a program is not asked"
    assert gate.signed_by_lead(study) == []
    assert json.loads(say(*words, "--preview", "--yes", "--json").out)["signed"] is False
    assert json.loads(say(*words, "--yes", "--json").out)["signed"] is True
    assert len(gate.signed_by_lead(study)) == 1


def test_an_exception_that_lapsed_is_named_by_release_and_ledger(study: Path, tmp_path: Path, say: Command) -> None:
    where = ("--study", study)
    exceptions.let_through(study, MINER, audience="public", why="all three agreed in writing")
    first = say("release", *where, "--out", tmp_path / "out")
    assert "exception_lapsed" not in first.err
    more = [Draft("assert", "source", dict(heard(0)[0].data) | {"id": "I90"}),
            Draft("assert", "observation", dict(heard(0)[1].data) | {"source": "I90"})]  # fmt: skip
    log.append(open_study(study), "ana", more)
    again = say("release", *where, "--out", tmp_path / "out")
    assert f"The exception for {MINER}" in again.err
    assert "exception_lapsed" not in say("release", *where, "--out", tmp_path / "other", "--audience", "partners").err
    assert "Exceptions that hold no longer" in say("ledger", *where).out
    assert "Exceptions qui ne valent plus" in say("ledger", *where, "--lang", "fr").out
    assert json.loads(say("ledger", *where, "--json").out)[0]["lapsed"] == [MINER]
    assert "holds no longer" in say("gate", *where).out
