"""Work of a team: assigning, work lists, arbitration, memos, taking back, undoing, codes, passages."""

import hashlib
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from maillage import run
from maillage.errors import MaillageError
from maillage.study import age, identity, log, transcripts, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.observations import Replay, replay
from maillage.study.transcripts import Transcript, fingerprint
from maillage.verbs import opening
from maillage.verbs.assign import assign, done, plan
from maillage.verbs.coding import code, desk, mark, memo, retract, undo
from maillage.verbs.statement import state
from maillage.verbs.worklist import arbitrate, worklist

SETTINGS = "id: practice\ntitle: P\nlanguages: [en, fr]\npack: nexus\nseed: 7\ncoders: [ana, bo, cyd]\n"
TEXT = "Les coupeurs de route prélèvent une « taxe » 💧 à Gao.\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "practice"
    (folder / "documents").mkdir(parents=True)
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    (folder / "documents" / "D1.txt").write_text(TEXT, "utf-8")
    made = open_study(folder)
    documents = [Draft("assert", "source", {"id": f"D{n}", "kind": "document", "place": "ML07"}) for n in range(1, 11)]
    refused = Draft("assert", "source", {"id": "I1", "kind": "interview", "consent": "none"})
    log.append(made, "ana", [*documents, refused])
    return made


def statement(name: str, answer: str, **more: str) -> Draft:
    data = {"id": name, "source": "D1", "kind": "link", "question": "link", "answer": answer, **more}
    return Draft("assert", "observation", data)


def told(study: Study) -> Replay:
    return replay(study)


def refused(code: str) -> pytest.RaisesExc[MaillageError]:
    return pytest.raises(MaillageError, match=f"^{code}:")


def test_a_plan_is_drawn_from_the_seed_and_divides_the_work_evenly() -> None:
    sources = [f"S{n:02d}" for n in range(40)]
    works = plan(sources, ["ana", "bo", "cyd"], seed=7, double=20, blind=True)
    assert works == plan(sources[::-1], ["ana", "bo", "cyd"], seed=7, double=20, blind=True)
    assert works != plan(sources, ["ana", "bo", "cyd"], seed=8, double=20, blind=True)
    by_source = Counter(work.source for work in works)
    assert Counter(by_source.values()) == {2: 8, 1: 32}
    assert all(work.blind == (by_source[work.source] == 2) for work in works)
    pairs = Counter(frozenset(work.coder for work in works if work.source == name) for name in sources)
    assert sum(len(pair) == 2 for pair in pairs) == 3, "all pairs in turn"
    loads = Counter(work.coder for work in works)
    assert max(loads.values()) - min(loads.values()) <= 3


@pytest.mark.parametrize(("double", "twice"), [(0, 0), (1, 1), (10, 1), (11, 2), (29, 3), (100, 10)])
def test_the_share_is_of_the_sources_rounded_up(double: int, twice: int) -> None:
    works = plan([f"S{n}" for n in range(10)], ["ana", "bo"], seed=1, double=double, blind=True)
    assert len(works) - 10 == twice


def test_assigning_takes_what_is_free_and_leaves_out_refusals(study: Study) -> None:
    first = assign(study.path, ["D1", "D2"], to=["ana", "bo"], double=100, blind=True, coder="ana")
    assert Counter(work.source for work in first) == {"D1": 2, "D2": 2}
    rest = assign(study.path, [], to=[], double=0, blind=True, coder="ana")
    assert sorted(work.source for work in rest) == sorted(f"D{n}" for n in range(3, 11))
    assert assign(study.path, [], to=[], double=0, blind=True, coder="ana") == []
    table = told(study).coded.assignments
    assert table.filter(pl.col("blind").fill_null(False)).height == 4
    assert table["share"].unique().sort().to_list() == [0.0, 1.0]
    with refused("thing_unknown"):
        assign(study.path, ["I1"], to=[], double=0, blind=True, coder="ana")
    with refused("coder_unknown"):
        assign(study.path, [], to=["zoe"], double=0, blind=True, coder="ana")
    with refused("assign_alone"):
        assign(study.path, [], to=["bo"], double=5, blind=True, coder="ana")
    with refused("assign_share"):
        assign(study.path, [], to=[], double=101, blind=True, coder="ana")


def test_differences_appear_only_when_all_who_code_blind_are_done(study: Study) -> None:
    assign(study.path, ["D1"], to=["ana", "bo"], double=100, blind=True, coder="cyd")
    log.append(study, "ana", [statement("o1", "cooperation")])
    log.append(study, "bo", [statement("o2", "competition")])
    assert worklist(study.path, coder="bo").todo == (("D1", True),)
    assert (worklist(study.path, coder="cyd").differences, worklist(study.path, coder="cyd").waiting) == ((), ("D1",))
    done(study.path, "D1", coder="ana")
    assert worklist(study.path, coder="ana").differences == (), "ana does not see before bo is done"
    done(study.path, "D1", coder="bo")
    (one,) = worklist(study.path, coder="bo").differences
    assert [(item["coder"], item["answer"]) for item in one.answers] == [("ana", "cooperation"), ("bo", "competition")]
    assert worklist(study.path, coder="bo").todo == ()
    with refused("not_assigned"):
        done(study.path, "D2", coder="bo")
    with refused("difference_unknown"):
        arbitrate(study.path, "00000000", ["bo"], reason="x", coder="cyd")


def test_who_is_done_with_a_blind_source_adds_nothing_to_it_and_does_not_go_back(study: Study) -> None:
    assign(study.path, ["D1"], to=["ana", "bo"], double=100, blind=True, coder="cyd")
    mark(study.path, "D1", (0, 3), "levies", coder="ana")
    done(study.path, "D1", coder="ana")
    said = {"source": "D1", "question": "link", "answer": "cooperation"}
    with refused("blind_done"):
        mark(study.path, "D1", (4, 9), "levies", coder="ana")
    with refused("blind_done"):
        state(study.path, said, coder="ana")
    with refused("blind_done"):
        undo(study.path, coder="ana")
    mark(study.path, "D1", (4, 9), "levies", coder="bo")
    assert mark(study.path, "D1", (4, 9), "levies", coder="cyd"), "who had no part in the blind coding may add"


def differing(study: Study) -> str:
    pair = {"actor": "smuggler", "other": "terrorist_group", "market": "gold"}
    log.append(study, "ana", [statement("o1", "cooperation", **pair), statement("o3", "coexistence")])
    log.append(study, "bo", [statement("o2", "competition", actor="terrorist_group", other="smuggler", market="gold")])
    log.append(study, "bo", [statement("o4", "coexistence")])
    (one,) = worklist(study.path, coder="cyd").differences
    return one.id


def counted(study: Study) -> list[str]:
    evidence, _ = run.load(study)
    return evidence.observations["id"].sort().to_list()


def test_what_is_decided_counts_and_leaves_the_list(study: Study) -> None:
    work = differing(study)
    assert counted(study) == ["o1", "o3"]
    assert arbitrate(study.path, work, ["bo"], reason="the trader says so", coder="cyd") == ["o2"]
    assert counted(study) == ["o2", "o3"], "the order of coders holds for the rest"
    assert worklist(study.path, coder="cyd").differences == ()
    (one,) = worklist(study.path, coder="cyd", decided=True).differences
    assert (one.id, one.decided) == (work, True)


def test_deciding_again_supersedes_also_what_another_decided(study: Study) -> None:
    work = differing(study)
    arbitrate(study.path, work, ["bo"], reason="first", coder="cyd")
    standing = next(entry for entry in told(study).standing if entry.kind == "decision")
    log.append(study, "ana", [Draft("assert", "decision", {**standing.data, "observations": []})])
    assert [item.code for item in told(study).findings] == ["decision_conflict"]
    assert arbitrate(study.path, work, ["o1", "bo"], reason="both", coder="cyd") == ["o1", "o2"]
    assert told(study).findings == ()
    assert counted(study) == ["o1", "o2", "o3"]
    assert [entry.data["reason"] for entry in told(study).standing if entry.kind == "decision"] == ["both"]
    assert arbitrate(study.path, work, [], reason="neither", coder="cyd") == []
    assert counted(study) == ["o3"]


def test_a_decision_needs_a_reason_and_a_choice_that_says_something(study: Study) -> None:
    work = differing(study)
    with refused("reason_missing"):
        arbitrate(study.path, work, ["bo"], reason="  ", coder="cyd")
    with refused("choice_unknown"):
        arbitrate(study.path, work, ["o3"], reason="x", coder="cyd")
    with refused("choice_unknown"):
        arbitrate(study.path, work, ["cyd"], reason="x", coder="cyd")


def test_the_id_of_a_difference_is_the_same_in_every_copy(study: Study, tmp_path: Path) -> None:
    assert differing(study) == worklist(study.path, coder="ana").differences[0].id
    assert len(differing_again := worklist(study.path, coder="bo").differences[0].id) == 8
    assert differing_again.isalnum()


def test_taking_back_keeps_the_entry_and_its_reason(study: Study) -> None:
    log.append(study, "ana", [statement("o1", "cooperation")])
    assert retract(study.path, "o1", why="heard wrongly", coder="bo") == "observation"
    known = told(study)
    assert (known.codings.height, known.retracted) == (0, 1)
    assert [(e.by, e.why) for e in known.entries if e.op == "retract"] == [("bo", "heard wrongly")]
    with refused("thing_unknown"):
        retract(study.path, "o1", why="again", coder="bo")
    with refused("reason_missing"):
        retract(study.path, "D1", why="", coder="bo")


def test_a_source_taken_back_is_withdrawn_with_all_that_rests_on_it(study: Study) -> None:
    log.append(study, "ana", [statement("o1", "cooperation")])
    memo(study.path, "loud", about="o1", coder="ana")
    assert retract(study.path, "D1", why="asked", coder="ana") == "source"
    known = told(study)
    assert (known.codings.height, known.coded.memos.height) == (0, 0)
    with refused("undo_withdrawn"):
        undo(study.path, coder="ana")


def test_undo_goes_back_step_by_step_and_only_grows_the_log(study: Study) -> None:
    first = statement("o1", "cooperation")
    log.append(study, "bo", [first])
    log.append(study, "bo", [Draft("supersede", "observation", statement("o1", "competition").data, of=first.id)])
    retract(study.path, "o1", why="wrong source", coder="bo")
    log.append(study, "ana", [statement("a1", "unknown")])

    def standing() -> list[tuple[str, str]]:
        return told(study).codings.filter(pl.col("coder") == "bo").select("id", "answer").rows()

    assert standing() == []
    assert undo(study.path, coder="bo") == ("retract", "observation")
    assert standing() == [("o1", "competition")]
    assert undo(study.path, coder="bo") == ("supersede", "observation")
    assert standing() == [("o1", "cooperation")]
    before = len(told(study).entries)
    assert undo(study.path, coder="bo") == ("assert", "observation")
    assert standing() == []
    assert len(told(study).entries) > before
    with refused("undo_nothing"):
        undo(study.path, coder="bo")
    assert told(study).codings["id"].to_list() == ["a1"], "nobody else's work is touched"


def test_undo_of_a_retracted_passage_keeps_its_id(study: Study) -> None:
    made = mark(study.path, "D1", (4, 21), "levies", coder="ana")
    memo(study.path, "who?", about=made, coder="bo")
    retract(study.path, made, why="too long", coder="ana")
    undo(study.path, coder="ana")
    assert told(study).coded.passages["id"].to_list() == [made]


def test_undoing_a_retraction_gives_the_statement_back_to_its_coder(study: Study) -> None:
    log.append(study, "bo", [statement("o1", "cooperation")])
    log.append(study, "cyd", [statement("o2", "competition")])
    arbitrate(study.path, worklist(study.path, coder="cyd").differences[0].id, ["bo"], reason="x", coder="cyd")
    retract(study.path, "o1", why="no", coder="ana")
    assert counted(study) == ["o2"]
    assert [item.code for item in told(study).findings] == ["decision_gone"]
    undo(study.path, coder="ana")
    assert told(study).codings.select("id", "coder").rows() == [("o1", "bo"), ("o2", "cyd")]
    assert counted(study) == ["o1"], "the decision holds again"


def test_nobody_undoes_anothers_entry(study: Study) -> None:
    first = statement("o1", "cooperation")
    log.append(study, "bo", [first])
    log.append(study, "ana", [Draft("retract", "observation", {"undo": first.id}, of=first.id, why="undo")])
    assert told(study).codings.height == 1


def test_undo_after_somebody_elses_correction_is_refused(study: Study) -> None:
    first = statement("o1", "cooperation")
    log.append(study, "bo", [first])
    retract(study.path, "o1", why="no", coder="ana")
    with refused("undo_gone"):
        undo(study.path, coder="bo")


def test_memos_are_about_things_and_survive_other_coders_ids(study: Study) -> None:
    log.append(study, "bo", [statement("o1", "cooperation")])
    memo(study.path, "a remark", about="o1", title="T", coder="cyd")
    memo(study.path, "on the study", about=None, coder="cyd")
    memo(study.path, "on gold", about="gold", coder="cyd")
    log.append(study, "ana", [statement("o1", "competition")])
    rows = told(study).coded.memos.select("about", "source", "text").sort("text").rows()
    assert rows == [("o1~bo", "D1", "a remark"), ("gold", None, "on gold"), (None, None, "on the study")]
    with refused("thing_unknown"):
        memo(study.path, "x", about="nothing", coder="cyd")
    with refused("reason_missing"):
        memo(study.path, " ", about=None, coder="cyd")


def test_a_passage_is_code_points_of_the_text_it_was_marked_in(study: Study) -> None:
    start = TEXT.index("💧")
    mark(study.path, "D1", (start, start + 1), "levies", coder="ana", note="water?")
    (row,) = told(study).coded.passages.iter_rows(named=True)
    assert TEXT[row["start"] : row["end"]] == "💧"
    assert (row["code"], row["note"], row["coder"]) == ("levies", "water?", "ana")
    assert row["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    for span in ((-1, 2), (3, 3), (5, 4), (0, len(TEXT) + 1)):
        with refused("passage_outside"):
            mark(study.path, "D1", span, "levies", coder="ana")
    with refused("code_unknown_mark"):
        mark(study.path, "D1", (0, 3), "no_such_code", coder="ana")
    with refused("text_missing"):
        mark(study.path, "D2", (0, 3), "levies", coder="ana")


def test_what_is_sent_twice_is_entered_once_and_again_after_an_undo(study: Study) -> None:
    first = mark(study.path, "D1", (4, 12), "isolation", coder="ana")
    assert mark(study.path, "D1", (4, 12), "isolation", coder="ana") == first
    assert mark(study.path, "D1", (4, 12), "isolation", coder="bo") != first
    noted = memo(study.path, "why so", about="D1", coder="ana")
    assert memo(study.path, "why so", about="D1", coder="ana") == noted
    assert (told(study).coded.passages.height, told(study).coded.memos.height) == (2, 1)
    undo(study.path, coder="ana")
    assert memo(study.path, "why so", about="D1", coder="ana") != noted


@pytest.mark.parametrize("id", ["../outside", "documents/../../outside", "link", "/"])
def test_a_source_that_leads_out_of_the_study_has_no_text(study: Study, id: str) -> None:
    outside = study.path.parent / "outside.txt"
    outside.write_text("a diary", "utf-8")
    (study.path / "documents" / "link.txt").symlink_to(outside)
    log.append(study, "bo", [Draft("assert", "source", {"id": id, "kind": "document"})])
    with refused("text_missing"):
        mark(study.path, id, (0, 1), "isolation", coder="ana")


def test_codes_are_added_changed_and_retired_never_deleted(study: Study) -> None:
    labels = {"label_en": "Fear", "label_fr": "Peur"}
    assert code(study.path, "fear", labels, coder="ana") == "added"
    assert code(study.path, "fear", labels, coder="bo") == "same"
    assert code(study.path, "fear", {"definition_fr": "Dire qu'on a peur."}, coder="bo") == "changed"
    made = mark(study.path, "D1", (0, 3), "fear", coder="ana")
    assert code(study.path, "fear", {}, retire=True, coder="ana") == "retired"
    (row,) = told(study).coded.codebook.iter_rows(named=True)
    assert (row["label_fr"], row["definition_fr"], row["retired"]) == ("Peur", "Dire qu'on a peur.", True)
    assert told(study).coded.passages["id"].to_list() == [made]
    with refused("code_is_retired"):
        mark(study.path, "D1", (0, 3), "fear", coder="ana")
    with refused("code_kept"):
        retract(study.path, "fear", why="x", coder="ana")


@pytest.mark.parametrize(
    ("id", "said", "retire", "wrong"),
    [
        ("Fear", {"label_en": "F", "label_fr": "P"}, False, "code_wrong"),
        ("gold", {"label_en": "F", "label_fr": "P"}, False, "code_in_pack"),
        ("fear", {"label_en": "F"}, False, "code_label"),
        ("fear", {"label_en": "F", "label_fr": "P", "parent": "nowhere"}, False, "code_unknown_mark"),
        ("fear", {}, True, "code_unknown_mark"),
    ],
)
def test_odd_codes_are_refused(study: Study, id: str, said: dict[str, str], retire: bool, wrong: str) -> None:
    with refused(wrong):
        code(study.path, id, said, retire=retire, coder="ana")


def closed(study: Study, monkeypatch: pytest.MonkeyPatch) -> tuple[Study, str]:
    """A study with a vault, an informant and one statement of theirs."""
    secret, public = age.make()
    vault.create(study, "ana", {"ana": public, "bo": age.make()[1]})
    study = open_study(study.path)
    now = vault.unlock(study, secret, coder="ana")
    keep(study, "ana", [Draft("assert", "source", {"id": "I2", "kind": "interview"})], opened=now)
    keep(study, "ana", [Draft("assert", "observation", {**statement("i1", "cooperation").data, "source": "I2"})])
    monkeypatch.setattr(identity, "unlock", lambda words: secret)
    monkeypatch.setattr(opening.holder, "held", lambda: None)
    return study, secret


def test_while_the_vault_is_locked_nothing_is_shown_by_half(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study, _ = closed(study, monkeypatch)
    for work in (
        lambda: worklist(study.path, coder="ana"),
        lambda: assign(study.path, [], to=[], double=0, blind=True, coder="ana"),
        lambda: retract(study.path, "i1", why="x", coder="ana"),
        lambda: undo(study.path, coder="ana"),
    ):
        with refused("vault_locked"):
            work()
    assert memo(study.path, "on a document", about="D1", coder="ana")


def test_with_the_key_what_is_said_of_an_informant_is_closed_too(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study, secret = closed(study, monkeypatch)
    monkeypatch.setattr(opening.holder, "held", lambda: secret)
    memo(study.path, "the butcher of the market", about="i1", coder="ana")
    retract(study.path, "i1", why="the butcher again", coder="ana")
    assign(study.path, ["I2"], to=["bo"], double=0, blind=True, coder="ana")
    raw = b"".join(path.read_bytes() for path in log.files(study.path))
    assert b"butcher" not in raw
    said = Transcript("the butcher said so", "", (), "", b"")
    named = {"sha256": fingerprint(said.text), "blob": transcripts.store(study, "I2", said)}
    facts = {"id": "I2", "kind": "interview", **named}
    row = next(entry for entry in desk(study.path, "ana").known.standing if entry.data.get("id") == "I2")
    keep(study, "ana", [Draft("supersede", "source", facts, of=row.id)])
    mark(study.path, "I2", (4, 11), "levies", coder="ana")
    known = desk(study.path, "ana").known
    assert known.coded.passages.select("source", "start", "end").rows() == [("I2", 4, 11)]
    assert known.coded.memos["text"].to_list() == ["the butcher of the market"]
    assert (known.codings.height, known.retracted) == (0, 2)
    undo(study.path, coder="ana")
    retract(study.path, "I2", why="the butcher asks", coder="ana")
    assert b"butcher" not in b"".join(path.read_bytes() for path in log.files(study.path))
    assert desk(study.path, "ana").known.codings.height == 0
