"""A replay carried on by single entries equals one that reads everything, over histories drawn at random."""

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from maillage.study import growing, log, recall
from maillage.study.assembling import Replay
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.observations import replay
from maillage.study.recall import recalled
from maillage.study.undoing import undoing

CODERS = ("ana", "bo")
KINDS = ("observation", "passage", "memo", "source", "code", "assignment", "decision")
TURN = st.tuples(
    st.sampled_from(CODERS),
    st.sampled_from(["assert", "assert", "supersede", "retract", "undo", "withdraw"]),
    st.sampled_from(KINDS),
    st.integers(0, 3),  # which name, source and answer
    st.integers(0, 30),  # which earlier entry
    st.booleans(),  # look in between
)


def begun(folder: Path) -> Study:
    folder.mkdir(parents=True)
    text = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\n"
    (folder / "study.yml").write_text(text, "utf-8")
    return open_study(folder)


def body(kind: str, number: int, said: Sequence[Draft]) -> dict[str, Any]:
    """What an entry of a kind says; names of things are few, so that they meet."""
    source = {"source": f"S{number % 2}"}
    answer = ("cooperation", "confrontation", "coexistence", "unknown")[number]
    told = [draft.id for draft in said if draft.kind == "observation"]
    return {
        "observation": {**source, "kind": "link", "question": "link", "answer": answer,
                        **({"id": f"o{number}"} if number else {})},
        "passage": {**source, "start": number, "end": number + 4, "sha256": "0" * 64, "code": "isolation"},
        "memo": {"text": f"m{number}", **({"about": told[-1]} if told else {}), **source},
        "source": {"id": f"S{number % 2}", "kind": "interview", "consent": "anonymous", "stakeholder": answer},
        "code": {"id": f"c{number}", "label_en": f"C{number}"},
        "assignment": {**source, "coder": CODERS[number % 2], "blind": "yes"},
        "decision": {**source, "question": "link", "reason": "r", "observations": told[-2:]},
    }[kind]  # fmt: skip


def drawn(turn: tuple[Any, ...], said: list[Draft], own: list[Draft]) -> Draft | None:
    """The entry of a turn; None where there is nothing to correct."""
    _, op, kind, number, which, _ = turn
    if op == "assert":
        return Draft("assert", kind, body(kind, number, said))
    if op == "withdraw":
        return (
            Draft("withdraw", "source", {"id": f"S{number % 2}"}, of=f"S{number % 2}", why="w") if not which else None
        )
    things = [draft for draft in (own if op == "undo" else said) if draft.op in ("assert", "supersede", "retract")]
    if not things:
        return None
    of = things[which % len(things)]
    if op == "undo":
        record = _Undoable(of)
        return undoing(record, {})  # type: ignore[arg-type]
    if op == "retract":
        return Draft("retract", of.kind, {}, of=of.id, why="w")
    return Draft("supersede", of.kind, body(of.kind, number, said), of=of.id)


class _Undoable:
    def __init__(self, draft: Draft) -> None:
        self.kind, self.id = draft.kind, draft.id


def same(one: Replay, other: Replay) -> None:
    """Every field, tables row by row in their order."""
    for field in fields(Replay):
        if field.name == "parts":
            continue
        compare(field.name, getattr(one, field.name), getattr(other, field.name))
    for field in fields(one.coded):
        compare(field.name, getattr(one.coded, field.name), getattr(other.coded, field.name))


def compare(name: str, one: Any, other: Any) -> None:
    if isinstance(one, pl.DataFrame):
        assert_frame_equal(one, other)
    elif name != "coded":
        assert one == other, name


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TURN, min_size=1, max_size=25))
def test_one_entry_after_another_gives_what_reading_everything_gives(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[Any, ...]]
) -> None:
    study = begun(tmp_path_factory.mktemp("grown") / "s")
    said: list[Draft] = []
    by: dict[str, list[Draft]] = {coder: [] for coder in CODERS}
    log.append(study, "ana", [Draft("assert", "source", body("source", 0, []))])
    recalled(study)
    for turn in turns:
        draft = drawn(turn, said, by[turn[0]])
        if draft is None:
            continue
        log.append(study, turn[0], [draft])
        said.append(draft)
        by[turn[0]].append(draft)
        if turn[-1]:
            same(recalled(study), replay(study))
    same(recalled(study), replay(study))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done from now on: each full reading leaves a mark."""
    done: list[str] = []

    def whole(study: Study, **more: Any) -> Replay:
        done.append("read")
        return replay(study, **more)

    monkeypatch.setattr(recall, "replay", whole)
    return done


def entered(study: Study) -> Draft:
    draft = Draft("assert", "observation", body("observation", 0, []))
    log.append(study, "ana", [draft])
    return draft


def test_own_entries_cost_no_reading_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = begun(tmp_path / "s")
    recalled(study)
    done = counted(monkeypatch)
    first = entered(study)
    assert recalled(study).codings["entry"].to_list() == [first.id]
    for draft in (
        Draft("supersede", "observation", body("observation", 1, []), of=first.id),
        Draft("assert", "memo", body("memo", 1, [first])),
        Draft("retract", "observation", {}, of=first.id, why="w"),
        Draft("assert", "decision", body("decision", 1, [])),
    ):
        log.append(study, "ana", [draft])
        log.append(study, "bo", [Draft("assert", "passage", body("passage", 1, []))])
        same(recalled(study), replay(study))
    assert done == []


@pytest.mark.parametrize("how", ["appended", "changed", "replaced", "new log", "gone"])
def test_what_anybody_else_wrote_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    study = begun(tmp_path / "s")
    entered(study)
    recalled(study)
    done = counted(monkeypatch)
    (path,) = log.files(study.path)
    whole = path.read_bytes()
    if how == "appended":
        lines = _foreign(study, whole)
        entered(study)
        with path.open("ab") as file:
            file.write(lines)
    elif how == "changed":
        entered(study)
        path.write_bytes(path.read_bytes().replace(b"cooperation", b"competition", 1))
    elif how == "replaced":
        entered(study)
        copy = path.with_name("copy")
        copy.write_bytes(path.read_bytes())
        copy.replace(path)
    elif how == "new log":
        entered(study)
        (path.with_name("bo.other.jsonl")).write_bytes(whole)
    else:
        path.unlink()
    same(recalled(study), replay(study))
    assert done == ["read"]


def _foreign(study: Study, whole: bytes) -> bytes:
    """A line that is no good one: another program's, half written."""
    return json.dumps({"seq": whole.count(b"\n")}).encode() + b"\n"


def test_a_withdrawal_is_read_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = begun(tmp_path / "s")
    log.append(study, "ana", [Draft("assert", "source", body("source", 0, []))])
    entered(study)
    recalled(study)
    done = counted(monkeypatch)
    log.append(study, "ana", [Draft("withdraw", "source", {"id": "S0"}, of="S0", why="w")])
    assert recalled(study).codings.is_empty()
    assert done == ["read"]


def test_an_id_that_stands_twice_is_judged_by_reading_everything(tmp_path: Path) -> None:
    study = begun(tmp_path / "s")
    first = entered(study)
    recalled(study)
    log.append(study, "bo", [Draft("assert", "observation", body("observation", 2, []), id=first.id)])
    same(recalled(study), replay(study))
    assert not growing.grew_here(log.files(study.path)[0], (1, 1), (2, 2))
