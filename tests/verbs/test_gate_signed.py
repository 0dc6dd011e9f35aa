"""What the lead signs and what went out before: proposals, choices, exceptions, and releases that come after others."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from made_miners import everybody, heard
from maillage import run
from maillage.errors import MaillageError
from maillage.publish.gate import Release
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.signatures import CHOOSE, draft, mark_of
from maillage.verbs import coding, exceptions, gate, ledger
from maillage.verbs.check import check

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\nsynthetic: true\nstatus: draft\n"
ALL = "links/ALL/cooperation"
MINER = "links_by_class/artisanal_miner/cooperation"
PROGRAM = Path(sys.executable).parent / "maillage"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Sixteen people, three of them miners; six tell of cooperation."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    log.append(open_study(folder), "ana", everybody())
    return folder


def one(release: Release, ident: str) -> dict[str, Any]:
    found = release.estimate(ident)
    assert found is not None, ident
    return dict(found)


def let_out(path: Path, audience: str = "public") -> Release:
    study = open_study(path)
    release, kept = gate.cleared(study, run.run(study), audience=audience, langs=("en",))
    gate.sent(study, kept)
    return release


def test_proposals_name_what_is_held_back_and_where_it_is_said(path: Path) -> None:
    found = {item.id: item for item in gate.proposals(path, "public")}
    miners = found[MINER]
    assert (miners.said, miners.k, miners.n, miners.rung) == (
        "withheld",
        1,
        3,
        "links_by_class/economic_actor/cooperation",
    )
    assert miners.rungs[-1] == ALL
    assert ALL not in found, "it is let out as it was computed"


def test_a_choice_of_the_lead_is_applied_and_can_be_taken_back(path: Path) -> None:
    gate.choose(path, MINER, ALL, audience="public", why="the class is small")
    assert one(let_out(path), MINER)["rung"] == ALL
    assert one(let_out(path, "partners"), MINER)["status"] == "ok", "signed for the public alone"
    (signed,) = gate.signed_by_lead(path)
    assert (signed.what, signed.number, signed.rung, signed.why) == ("choose", MINER, ALL, "the class is small")
    coding.retract(path, signed.entry, why="no", coder="ana")
    assert gate.signed_by_lead(path) == []
    assert one(let_out(path), MINER)["rung"] == "links_by_class/economic_actor/cooperation"


def test_only_the_lead_signs_and_only_what_the_gate_lets_out(path: Path) -> None:
    with pytest.raises(MaillageError, match="lead_only"):
        gate.choose(path, MINER, ALL, audience="public", why="x", coder="bo")
    with pytest.raises(MaillageError, match="rung_wrong"):
        gate.choose(path, MINER, "links_by_class/trader/cooperation", audience="public", why="x")
    with pytest.raises(MaillageError, match="estimate_unknown"):
        exceptions.let_through(path, "links/NOWHERE/cooperation", audience="public", why="x")
    results = run.run(open_study(path))
    row = results.estimates.row(by_predicate=pl.col("id") == MINER, named=True)
    data = {"what": "except", "number": MINER, "audience": "public", "mark": mark_of(row["trace"], row["counted"])}
    log.append(open_study(path), "bo", [Draft("assert", "signature", data, why="x")])
    assert gate.signed(open_study(path), results, "public").exceptions == frozenset(), (
        "an entry of somebody else counts nothing"
    )
    (path / "study.yml").write_text(f"{SETTINGS}lead: bo\n", "utf-8")
    assert gate.signed(open_study(path), results, "public").exceptions == {MINER}


@pytest.mark.parametrize("why", ["", "  ", "\u200b"])
def test_nothing_is_signed_without_a_reason(path: Path, why: str) -> None:
    with pytest.raises(MaillageError, match="reason_missing"):
        exceptions.let_through(path, MINER, audience="public", why=why)
    with pytest.raises(MaillageError, match="reason_missing"):
        gate.choose(path, MINER, "withheld", audience="public", why=why)
    assert gate.signed_by_lead(path) == []


def test_releases_of_one_day_stand_in_the_order_in_which_they_went_out(path: Path) -> None:
    """What the newest of them told is what the next one is held against."""
    study = open_study(path)
    for name in ("a", "b", "c", "d", "e", "f"):
        to = f"{name}\nx\x1b[31m"
        _, kept = gate.cleared(study, run.run(study), audience="public", langs=("en",))
        gate.sent(study, kept, to=to)
    assert [sent.to for sent in ledger.history(path)] == [f"{name} x [31m" for name in "abcdef"]
    assert {len(sent.when) for sent in ledger.history(path)} == {10}


def test_an_exception_goes_out_and_is_counted_and_listed(path: Path) -> None:
    exceptions.let_through(path, MINER, audience="public", why="they published it themselves")
    release = let_out(path)
    assert (one(release, MINER)["k"], one(release, MINER)["n"], release.exceptions) == (1, 3, 1)
    (sent,) = ledger.history(path)
    assert sent.exceptions == (MINER,)


def test_the_same_study_released_again_is_the_same_and_kept_once(path: Path) -> None:
    first, second = let_out(path), let_out(path)
    assert first.estimates.equals(second.estimates)
    assert first.withheld.equals(second.withheld)
    assert len(ledger.history(path)) == 1


def test_one_more_person_changes_no_published_number_fifteen_do(path: Path) -> None:
    before = one(let_out(path), ALL)
    log.append(open_study(path), "ana", heard(17), at="2030-01-01T00:00:00Z")
    same = one(let_out(path), ALL)
    assert (same["k"], same["n"]) == (before["k"], before["n"])
    assert same["released"] is not None
    log.append(open_study(path), "ana", [draft for at in range(18, 31) for draft in heard(at)])
    new = one(let_out(path), ALL)
    assert (new["k"], new["n"], new["released"]) == (11, 30, None)


def test_a_withdrawn_person_takes_the_number_along_and_marks_the_release(path: Path) -> None:
    let_out(path)
    assert [sent.affected for sent in ledger.history(path)] == [0]
    coding.retract(path, "I00", why="withdrew", coder="ana")
    assert [sent.affected for sent in ledger.history(path)] == [1]
    row = one(let_out(path), ALL)
    assert (row["band"], row["k"], row["n"]) == ("half_or_fewer", None, None), "five or six of fifteen"


def test_a_study_without_informants_keeps_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "study.yml").write_text(SETTINGS, "utf-8")
    source = {"id": "D1", "kind": "document"}
    said = {"source": "D1", "kind": "link", "question": "link", "answer": "cooperation"}
    log.append(open_study(tmp_path), "ana", [Draft("assert", "source", source), Draft("assert", "observation", said)])
    let_out(tmp_path)
    assert ledger.history(tmp_path) == []
    assert not (tmp_path / "ledger").exists()


def test_the_command_shows_signs_and_lists(path: Path) -> None:
    def typed(*words: str) -> str:
        done = subprocess.run([str(PROGRAM), *words, "--study", str(path)], capture_output=True, text=True, check=True,
                              env=os.environ)  # fmt: skip
        return done.stdout

    assert "Do not pass this list on" in typed("gate", "--audience", "public")
    french = typed("gate", "--audience", "public", "--lang", "fr")
    assert "la moitié ou moins" in french
    assert "half_or_fewer" not in french
    typed("gate", "choose", MINER, "withheld", "--why", "small")
    told = json.loads(typed("gate", "--json"))
    assert [item["rung"] for item in told["signed"]] == ["withheld"]
    assert {item["id"]: item["rung"] for item in told["proposals"]}[MINER] is None
    assert "Aucune diffusion" in typed("ledger", "--lang", "fr")


def test_of_two_signatures_in_one_second_the_later_counts(path: Path) -> None:
    """The hash of a line, which orders what else is of one second, is as good as a coin."""
    numbers = [f"links/XA{at:02}/cooperation" for at in range(12)]
    signed = [
        draft(CHOOSE, number, "public", rung=rung, why="so") for rung in ("withheld", "band") for number in numbers
    ]
    log.append(open_study(path), "ana", signed, at="2030-01-01T00:00:00Z")
    assert [one.rung for one in gate.signed_by_lead(path)] == ["band"] * len(numbers)


def test_an_exception_lapses_with_the_statements_it_was_signed_for(path: Path) -> None:
    exceptions.let_through(path, MINER, audience="public", why="all three agreed in writing")
    study = open_study(path)
    assert MINER in gate.signed(study, run.run(study), "public").exceptions
    assert not gate.lapsed(study, run.run(study))
    log.append(study, "ana", [Draft("assert", "source", dict(heard(0)[0].data) | {"id": "I90"}),
                              Draft("assert", "observation", dict(heard(0)[1].data) | {"source": "I90"})])  # fmt: skip
    study = open_study(path)
    (lapsed,) = gate.lapsed(study, run.run(study))
    assert lapsed.number == MINER
    assert one(let_out(path), MINER)["status"] == "withheld"
    (found,) = [item for item in check(path) if item.code == "exception_lapsed"]
    assert "artisanal_miner" in str(found)
    exceptions.let_through(path, MINER, audience="public", why="and so did the fourth")
    assert one(let_out(path), MINER)["status"] == "ok"
