"""Codes, passages, memos, assignments and decisions in the log: what stands, what counts, what is hidden."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from maillage import run, tables
from maillage.study import age, log, vault
from maillage.study.coded import undecided, visible
from maillage.study.conflicts import conflicts
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.observations import replay


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "practice"
    folder.mkdir()
    text = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo, cyd]\n"
    (folder / "study.yml").write_text(text, "utf-8")
    return open_study(folder)


def statement(name: str, answer: str, **more: str) -> Draft:
    data = {"id": name, "source": "S1", "kind": "link", "question": "link", "answer": answer, **more}
    return Draft("assert", "observation", data)


def decision(chosen: list[Draft] | list[str], **scope: str) -> Draft:
    listed = [item.id if isinstance(item, Draft) else item for item in chosen]
    data = {"source": "S1", "question": "link", "observations": listed, "reason": "heard again", **scope}
    return Draft("assert", "decision", data)


def counted(study: Study) -> list[str]:
    return replay(study).observations["id"].sort().to_list()


def say(study: Study, coder: str, *drafts: Draft, second: int = 0) -> None:
    log.append(study, coder, drafts, at=f"2024-06-01T10:00:{second:02d}Z")


def test_every_kind_becomes_its_table_and_reaches_the_evidence(study: Study) -> None:
    code = Draft("assert", "code", {"id": "fear", "label_en": "Fear", "label_fr": "Peur", "parent": "feelings"})
    mark = {"source": "S1", "start": 3, "end": 9, "sha256": "ab", "code": "fear"}
    passage = Draft("assert", "passage", mark)
    memo = Draft("assert", "memo", {"about": passage.id, "source": "S1", "text": "loud here"})
    work = Draft("assert", "assignment", {"source": "S1", "coder": "bo", "blind": "yes", "share": "0.2"})
    say(study, "ana", Draft("assert", "source", {"id": "S1", "kind": "document"}), code, passage, memo, work)
    evidence, _ = run.load(study)
    assert evidence.codebook.select("id", "label_fr", "parent", "retired").rows() == [
        ("fear", "Peur", "feelings", None)
    ]
    assert evidence.passages.drop("entry", "note", "user", "whole").rows() == [
        (passage.id, "S1", 3, 9, "ab", "fear", "ana")
    ]
    assert evidence.memos.select("about", "text", "coder", "at").rows() == [
        (passage.id, "loud here", "ana", "2024-06-01T10:00:00Z")
    ]
    assert evidence.assignments.select("source", "coder", "blind", "share").rows() == [("S1", "bo", True, 0.2)]
    assert evidence.decisions.is_empty()


def test_without_any_the_tables_are_those_of_the_dictionary(study: Study) -> None:
    told = replay(study).coded
    for name in ("passages", "codebook", "memos", "assignments", "decisions"):
        assert getattr(told, name).equals(tables.empty(name)), name


def test_a_code_is_retired_and_stays(study: Study) -> None:
    code = Draft("assert", "code", {"id": "fear", "label_en": "Fear"})
    say(study, "ana", code)
    say(study, "bo", Draft("supersede", "code", {**code.data, "retired": "yes"}, of=code.id))
    assert replay(study).coded.codebook.select("id", "retired").rows() == [("fear", True)]


def test_the_decided_statements_count_before_any_precedence(study: Study) -> None:
    first, second = statement("o1", "cooperation"), statement("o2", "competition")
    say(study, "ana", first)
    say(study, "bo", second)
    assert counted(study) == ["o1"]
    say(study, "cyd", decision([second]))
    assert counted(study) == ["o2"]
    assert replay(study).coded.decisions["observations"].to_list() == [["o2"]]
    say(study, "cyd", decision([]), second=1)
    assert counted(study) == [], "a decision may find that none is right"


def test_a_decision_may_choose_statements_of_several_coders(study: Study) -> None:
    first, second = statement("o1", "cooperation"), statement("o2", "competition")
    say(study, "ana", first, statement("o3", "coexistence"))
    say(study, "bo", second)
    say(study, "cyd", decision([first, second]))
    assert counted(study) == ["o1", "o2"]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, ["b1"]),
        ({"market": "gold"}, ["a2", "a3", "b1"]),
        ({"market": "none"}, ["a1", "a3"]),
        ({"place": "ML07"}, ["a3", "b1"]),
        ({"market": "gold", "actor": "smuggler", "other": "terrorist_group"}, ["a2", "a3", "b1"]),
        ({"market": "gold", "actor": "community"}, ["a1", "a2", "a3"]),
    ],
)
def test_only_what_a_decision_speaks_of_is_decided(study: Study, scope: dict[str, str], expected: list[str]) -> None:
    say(study, "ana", Draft("assert", "source", {"id": "S1", "kind": "document", "place": "ML07"}))
    pair = {"actor": "terrorist_group", "other": "smuggler"}
    say(study, "ana", statement("a1", "cooperation", market="gold", **pair), statement("a2", "competition", **pair))
    say(study, "ana", statement("a3", "competition", place="ML08", market="arms"))
    say(study, "bo", statement("b1", "confrontation", market="gold", **pair))
    say(study, "cyd", decision([] if scope in ({"market": "none"},) else ["b1"], **scope))
    assert counted(study) == expected


def test_the_more_specific_decision_wins_then_the_later(study: Study) -> None:
    say(study, "ana", statement("a1", "cooperation", market="gold"), statement("a2", "competition", market="gold"))
    say(study, "cyd", decision(["a1"], market="gold"), second=1)
    say(study, "cyd", decision([]), second=2)
    assert counted(study) == ["a1"]
    say(study, "cyd", decision(["a2"], market="gold"), second=3)
    assert counted(study) == ["a2"]


def test_published_shares_are_no_answer_between_coders(study: Study) -> None:
    share = Draft("assert", "observation", {**statement("s1", "cooperation").data, "kind": "share", "percent": "60"})
    say(study, "ana", share, statement("a1", "cooperation"))
    say(study, "cyd", decision([]))
    assert counted(study) == ["s1"]


def test_a_decision_whose_statement_is_retracted_falls_away_with_a_warning(study: Study) -> None:
    first, second = statement("o1", "cooperation"), statement("o2", "competition")
    say(study, "ana", first)
    say(study, "bo", second)
    say(study, "cyd", decision([second]))
    say(study, "bo", Draft("retract", "observation", of=second.id, why="wrong source"), second=1)
    told = replay(study)
    assert told.observations["id"].to_list() == ["o1"]
    assert [(item.code, item.level) for item in told.findings] == [("decision_gone", "warning")]
    assert told.coded.decisions.is_empty()


def test_a_corrected_statement_is_not_what_was_decided(study: Study) -> None:
    first, second = statement("o1", "cooperation"), statement("o2", "competition")
    say(study, "ana", first)
    say(study, "bo", second)
    say(study, "cyd", decision([second]))
    say(study, "bo", Draft("supersede", "observation", statement("o2", "coexistence").data, of=second.id), second=1)
    assert [item.code for item in replay(study).findings] == ["decision_gone"]


def test_a_decision_survives_another_coders_use_of_the_same_id(study: Study) -> None:
    first, second = statement("o1", "cooperation"), statement("o1", "competition")
    say(study, "bo", second)
    say(study, "cyd", decision([second]))
    say(study, "ana", first)
    assert counted(study) == ["o1~bo"]


def test_two_people_deciding_differently_is_a_conflict_until_one_is_superseded(study: Study) -> None:
    say(study, "ana", statement("o1", "cooperation"))
    say(study, "bo", statement("o2", "competition"))
    one, two = decision(["o1"]), decision(["o2"])
    say(study, "cyd", one, second=1)
    say(study, "bo", decision(["o1"]), second=2)
    assert replay(study).findings == (), "the same decision twice is none"
    say(study, "ana", two, second=3)
    (found,) = replay(study).findings
    assert (found.code, found.level, found.value) == ("decision_conflict", "warning", "S1")
    assert counted(study) == ["o2"], "the later counts"
    for lost in [entry for entry in all_entries(study) if entry.kind == "decision" and entry.by != "ana"]:
        say(study, "cyd", Draft("retract", "decision", of=lost.id, why="decided together"), second=4)
    assert conflicts(all_entries(study)) == []


def test_one_person_who_changes_their_mind_is_no_conflict(study: Study) -> None:
    say(study, "ana", statement("o1", "cooperation"))
    say(study, "cyd", decision(["o1"]), second=1)
    say(study, "cyd", decision([]), second=2)
    assert replay(study).findings == ()


def test_a_conflict_between_corrections_ends_with_the_retraction_of_one(study: Study) -> None:
    first = statement("o1", "cooperation")
    say(study, "ana", first)
    ways = [Draft("supersede", "observation", statement("o1", a).data, of=first.id) for a in ("unknown", "coexistence")]
    say(study, "bo", ways[0], second=1)
    say(study, "cyd", ways[1], second=2)
    assert [item.code for item in replay(study).findings] == ["merge_conflict"]
    say(study, "ana", Draft("retract", "observation", of=ways[0].id, why="cyd is right"), second=3)
    assert replay(study).findings == ()
    assert replay(study).observations["answer"].to_list() == ["coexistence"]


def test_what_belongs_to_a_withdrawn_source_goes_with_it(study: Study) -> None:
    say(study, "ana", statement("o1", "cooperation"), decision(["o1"]))
    say(study, "ana", Draft("assert", "passage", {"source": "S1", "start": 0, "end": 2, "code": "fear"}))
    say(study, "ana", Draft("assert", "memo", {"source": "S1", "text": "x"}))
    say(study, "ana", Draft("withdraw", "source", of="S1", why="asked"))
    told = replay(study)
    assert [told.coded.passages.height, told.coded.memos.height, told.coded.decisions.height] == [0, 0, 0]
    assert told.findings == ()


def test_what_rests_on_an_informant_is_closed_and_opens_with_the_key(study: Study) -> None:
    ana, public = age.make()
    vault.create(study, "ana", {"ana": public, "bo": age.make()[1]})
    study = open_study(study.path)
    opened = vault.unlock(study, ana, coder="ana")
    keep(study, "ana", [Draft("assert", "source", {"id": "S1", "kind": "interview"})], opened=opened)
    first = statement("o1", "cooperation")
    drafts = [first, decision([first]), Draft("assert", "memo", {"about": "o1", "source": "S1", "text": "the butcher"})]
    keep(study, "ana", [*drafts, Draft("assert", "passage", {"source": "S1", "code": "fear", "start": 0, "end": 1})])
    raw = b"".join(path.read_bytes() for path in log.files(study.path))
    assert b"butcher" not in raw
    assert b"heard again" not in raw
    locked = replay(study)
    assert (locked.coded.memos.height, locked.closed) == (0, 5)
    assert [(item.code, item.level) for item in locked.findings] == [("entries_closed", "warning")]
    told = replay(study, vault.unlock(study, ana, coder="ana").ring.sources)
    assert [told.coded.memos.height, told.coded.passages.height, told.coded.decisions.height] == [1, 1, 1]


def test_blind_hides_the_others_codes_of_a_source_until_ones_own_are_done() -> None:
    codings = pl.DataFrame([("S1", "ana"), ("S1", "bo"), ("S2", "ana")], schema=["source", "coder"], orient="row")

    def work(done: bool | None) -> pl.DataFrame:
        rows: list[dict[str, Any]] = [
            {"source": "S1", "coder": "ana", "blind": True, "done": True},
            {"source": "S1", "coder": "bo", "blind": True, "done": done},
            {"source": "S2", "coder": "bo", "blind": None},
        ]
        return tables.build(rows, "assignments")

    assert visible(codings, work(None), "bo").rows() == [("S1", "bo"), ("S2", "ana")]
    assert visible(codings, work(None), "ana").height == 3, "ana is done"
    assert visible(codings, work(True), "bo").height == 3
    assert (undecided(work(None)), undecided(work(True))) == (["S1"], [])


def all_entries(study: Study) -> list[log.Entry]:
    return [entry for path in log.files(study.path) for entry in log.read(path).entries]
