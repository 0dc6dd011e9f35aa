"""The log: what is acknowledged is kept, what is damaged is seen, nothing is cut off."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.study import keys, log
from maillage.study.check import check_log
from maillage.study.entries import Draft, canonical, line, parse
from maillage.study.folder import Study, open_study

STUDY = """
id: practice
title: {en: Practice, fr: Exercice}
languages: [fr, en]
pack: nexus
coders: [ana, bo]
synthetic: true
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "study.yml").write_text(STUDY, "utf-8")
    return open_study(folder)


def drafts(count: int, start: int = 0) -> list[Draft]:
    return [Draft("assert", "observation", {"source": "S1", "note": f"n° {start + i}"}) for i in range(count)]


def the_log(study: Study) -> Path:
    (path,) = log.files(study.path)
    return path


def test_a_log_starts_with_its_genesis_and_ends_with_a_checkpoint(study: Study) -> None:
    ids = log.append(study, "ana", drafts(3), at="2024-06-01T10:00:00Z")
    entries = log.read(the_log(study)).entries
    assert [entry.op for entry in entries] == ["genesis", "assert", "assert", "assert", "checkpoint"]
    assert [entry.id for entry in entries[1:4]] == ids
    assert entries[0].data["study"] == "practice"
    assert the_log(study).name == f"ana.{keys.device().name}.jsonl"
    assert log.verify(the_log(study), "practice") == []


def test_checkpoints_come_every_fifty_entries(study: Study) -> None:
    log.append(study, "ana", drafts(120))
    seqs = [entry.seq for entry in log.read(the_log(study)).entries if entry.op == "checkpoint"]
    assert len(seqs) == 3
    assert all(later - earlier <= 51 for earlier, later in zip([0, *seqs], seqs, strict=False))
    assert log.verify(the_log(study), "practice") == []


def test_lines_are_rfc_8785(study: Study) -> None:
    log.append(
        study, "ana", [Draft("assert", "source", {"title": "Ségou – “x”\n\u202f\U0001f4a7", "n": 12, "ok": True})]
    )
    for raw in the_log(study).read_bytes().splitlines():
        assert rfc8785.dumps(json.loads(raw)) == raw


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
        st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
        max_size=5,
    )
)
def test_any_admissible_body_comes_back(data: dict[str, object]) -> None:
    try:
        raw, digest = line(Draft("assert", "note", data), seq=0, prev="0" * 64, at="2024-01-01T00:00:00Z", by="ana")
    except TypeError:  # lone surrogates are no text
        return
    entry, wrong = parse(raw[:-1], seq=0, prev="0" * 64)
    assert wrong == ""
    assert entry is not None
    assert (dict(entry.data), entry.h) == (data, digest)


@pytest.mark.parametrize("body", [{"x": 1.5}, {"X": 1}, {"é": 1}, {"n": 2**53}, {"a": {"b": float("nan")}}])
def test_bodies_that_serialisers_disagree_on_are_refused(body: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        line(Draft("assert", "note", body), seq=0, prev="0" * 64, at="2024-01-01T00:00:00Z", by="ana")


def test_every_cut_leaves_the_exact_prefix_and_the_next_entry_puts_the_tail_aside(study: Study) -> None:
    log.append(study, "ana", drafts(4), at="2024-06-01T10:00:00Z")
    path = the_log(study)
    whole = path.read_bytes()
    ends = [index + 1 for index, byte in enumerate(whole) if byte == 10]
    for cut in range(ends[-3], len(whole)):
        path.write_bytes(whole[:cut])
        kept = log.read(path)
        complete = [end for end in ends if end <= cut]
        assert (len(kept.entries), kept.size, kept.damage) == (len(complete), complete[-1], None)
        assert kept.torn == whole[complete[-1] : cut]
    torn = log.read(path).torn
    assert torn
    log.append(study, "ana", drafts(1), at="2024-06-02T10:00:00Z")
    (aside,) = (study.path / "log").glob("*.torn-*")
    assert aside.read_bytes() == torn
    assert log.verify(path, "practice") == []


def test_two_torn_tails_of_the_same_second_are_both_kept(study: Study) -> None:
    log.append(study, "ana", drafts(2), at="2024-06-01T10:00:00Z")
    path = the_log(study)
    good = path.read_bytes()
    tails = [b'{"at":"one', b'{"at":"two', b'{"at":"three']
    for tail in tails[:2]:  # of the same length, after the same line
        path.write_bytes(good + tail)
        with path.open("r+b") as handle:
            log.put_aside(log.read(path), handle.fileno())
        assert path.read_bytes() == good
    with path.open("ab") as handle:
        handle.write(tails[2])
    log.append(study, "ana", drafts(1), at="2024-06-01T10:00:00Z")
    kept = [aside.read_bytes() for aside in (study.path / "log").glob("*.torn-*")]
    assert sorted(kept) == sorted(tails)
    assert log.verify(path, "practice") == []


@pytest.mark.parametrize("name", ["bo.{device}.jsonl", "ana.0a1b2c3d.jsonl", "ana.{device} (copy).jsonl", "ana.jsonl"])
def test_a_log_under_another_name_is_found(study: Study, name: str) -> None:
    log.append(study, "ana", drafts(1))
    path = the_log(study)
    other = path.rename(path.with_name(name.format(device=keys.device().name)))
    (problem,) = log.verify(other, "practice")
    assert (problem.code, problem.file, problem.line, problem.value) == ("log_name", other.name, 1, path.name)
    assert problem in check_log(study.path, "practice")
    branch = other.rename(path.with_name(f"{path.stem}~0a1b2c3d.jsonl"))
    assert log.verify(branch, "practice") == []


@pytest.mark.parametrize("damage", ["edited", "deleted", "swapped", "crlf", "duplicate key", "zeros"])
def test_a_damaged_line_is_named_and_the_file_becomes_read_only(study: Study, damage: str) -> None:
    log.append(study, "ana", drafts(6))
    path = the_log(study)
    lines = path.read_bytes().splitlines(keepends=True)
    if damage == "edited":
        lines[3] = lines[3].replace(b"n\xc2\xb0 2", b"n\xc2\xb0 9")
    elif damage == "deleted":
        del lines[3]
    elif damage == "swapped":
        lines[3], lines[4] = lines[4], lines[3]
    elif damage == "crlf":
        lines[3] = lines[3].replace(b"\n", b"\r\n")
    elif damage == "duplicate key":
        lines[3] = lines[3].replace(b'{"at":', b'{"at":"x","at":')
    else:
        lines[3] = b"\0" * 40 + b"\n"
    path.write_bytes(b"".join(lines))
    before = path.read_bytes()
    (problem, *_) = log.verify(path, "practice")
    assert (problem.code, problem.line) == ("log_damaged", 4)
    assert len(log.read(path).entries) == 3
    with pytest.raises(MaillageError) as refused:
        log.append(study, "ana", drafts(1))
    assert refused.value.code == "log_readonly"
    assert path.read_bytes() == before


def test_no_single_bit_flip_goes_unseen(study: Study) -> None:
    log.append(study, "ana", drafts(3))
    path = the_log(study)
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << (position % 8)
        path.write_bytes(bytes(flipped))
        assert log.verify(path, "practice"), f"bit {position % 8} of byte {position}"


def sealed_line(record: dict[str, object]) -> bytes:
    """A line with the hash that belongs to it, whatever it holds."""
    digest = hashlib.sha256(canonical(record)).hexdigest()
    return canonical(record | {"h": digest})


GOOD: dict[str, object] = {
    "v": 1, "seq": 0, "prev": "0" * 64, "at": "2024-01-01T00:00:00Z", "by": "ana", "op": "assert", "kind": "note",
    "id": "0" * 32, "data": {"note": "1.5, {\"A\": [[[[[[[[[[[[[[[[[[ 12345678901234567890"},
}  # fmt: skip


def deep(levels: int) -> object:
    made: object = "x"
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize("odd", [
    {"data": {"x": 1.5}}, {"data": {"x": 1e300}}, {"data": {"x": [1.5]}}, {"data": {"X": 1}}, {"data": {"é": 1}},
    {"data": {"n": 2**53}}, {"data": {"x": deep(20)}}, {"data": {"x": deep(400)}}, {"data": [1]}, {"data": "x"},
    {"sealed": "x"}, {"v": True}, {"v": 1.0}, {"seq": 0.0}, {"seq": False}, {"at": 3}, {"at": "yesterday"},
    {"by": None}, {"kind": 5}, {"of": 5}, {"why": []}, {"more": "x"},
])  # fmt: skip
def test_a_line_that_another_program_could_read_otherwise_is_damaged(odd: dict[str, object]) -> None:
    assert parse(sealed_line(GOOD), seq=0, prev="0" * 64)[1] == ""
    made = GOOD | odd
    try:
        raw = sealed_line(made)
    except TypeError:  # too deep for our own writer
        raw = json.dumps(made | {"h": "0" * 64}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    entry, wrong = parse(raw, seq=0, prev="0" * 64)
    assert (entry, wrong in ("not_canonical", "not_json")) == (None, True)


def test_a_forged_checkpoint_is_seen(study: Study) -> None:
    log.append(study, "ana", drafts(1), at="2024-06-01T10:00:00Z")
    path = the_log(study)
    first = log.read(path).entries
    forged = Draft("checkpoint", "log", {**first[-1].data, "size": 3, "head": first[-1].h, "signature": "00" * 64})
    raw, _ = line(forged, seq=len(first), prev=first[-1].h, at="2024-06-01T10:00:00Z", by="ana")
    path.write_bytes(path.read_bytes() + raw)
    assert [problem.code for problem in log.verify(path, "practice")] == ["log_checkpoint"]


def test_a_log_of_another_study_is_foreign(study: Study) -> None:
    log.append(study, "ana", drafts(1))
    assert "log_foreign" in {problem.code for problem in log.verify(the_log(study), "other")}


def test_a_short_write_keeps_nothing_of_the_batch(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(study, "ana", drafts(2))
    before = the_log(study).read_bytes()
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[: len(data) // 2]))
    with pytest.raises(MaillageError) as refused:
        log.append(study, "ana", drafts(5))
    assert refused.value.code == "log_short_write"
    assert the_log(study).read_bytes() == before


def test_nothing_is_acknowledged_before_it_is_on_the_disk(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(study, "ana", drafts(1))
    calls: list[str] = []
    real_write, real_sync = os.write, os.fdatasync
    monkeypatch.setattr(os, "write", lambda *a: (calls.append("write"), real_write(*a))[1])
    monkeypatch.setattr(os, "fdatasync", lambda *a: (calls.append("sync"), real_sync(*a))[1])
    log.append(study, "ana", drafts(1))
    assert calls[:2] == ["write", "sync"], "what is written later is the memory of heads, which may be lost"


def test_two_writers_are_told(study: Study) -> None:
    log.append(study, "ana", drafts(1))
    with the_log(study).open("rb") as file:
        from_lock = log.lock(file.fileno(), the_log(study))
        with from_lock, pytest.raises(MaillageError) as refused:
            log.append(study, "ana", drafts(1))
    assert refused.value.code == "log_locked"


def test_only_listed_coders_write(study: Study) -> None:
    for coder, code in (("zoe", "coder_unknown"), ("../x", "coder_name"), ("Ana", "coder_name")):
        with pytest.raises(MaillageError) as refused:
            log.append(study, coder, drafts(1))
        assert refused.value.code == code
    assert not (study.path / "log").exists()


def test_ids_are_random_and_hold_no_time() -> None:
    ids = [Draft("assert", "note").id for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(len(item) == 32 for item in ids)
    assert sorted(ids) != ids


def test_the_head_names_the_state_not_the_folder(study: Study, tmp_path: Path) -> None:
    log.append(study, "ana", drafts(2))
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(study.path, copy)
    assert log.head(copy) == log.head(study.path)
    log.append(study, "ana", drafts(1))
    assert log.head(copy) != log.head(study.path)


def test_canonical_sorts_keys() -> None:
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_a_forged_early_checkpoint_is_seen_and_breaks_every_later_one(study: Study) -> None:
    log.append(study, "ana", drafts(120))
    path = the_log(study)
    lines = path.read_bytes().split(b"\n")
    at = next(n for n, text in enumerate(lines) if b'"op":"checkpoint"' in text)
    prev = None
    for number in range(at, len(lines) - 1):
        record = json.loads(lines[number])
        if number == at:
            record["data"]["signature"] = "00" * 64
        else:
            record["prev"] = prev
        if number > at and record["op"] == "checkpoint":
            record["data"]["head"] = prev
        record.pop("h")
        prev = hashlib.sha256(canonical(record)).hexdigest()
        lines[number] = canonical(record | {"h": prev})
    path.write_bytes(b"\n".join(lines))
    seen = [item.line for item in log.verify(path, study.settings.id) if item.code == "log_checkpoint"]
    assert at + 1 in seen
    assert len(seen) == sum(b'"op":"checkpoint"' in text for text in lines)
