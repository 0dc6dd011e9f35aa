"""No crash loses what was acknowledged or leaves a mix: every write path, crashed at every step, recovery too."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made_crashes import Recorder, explore, lay, recording, snapshot, states

from maillage.errors import MaillageError
from maillage.study import age, disk, heads, log, vault, vault_files, vault_state
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.merge import merge
from maillage.study.observations import replay
from maillage.verbs.add import Request, add
from maillage.verbs.verify import verify

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\nsynthetic: true\n"
STAMP = "2024-06-01T10:00:00Z"
STUDY = Path(disk.__file__).parent


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds everything a scenario touches; what this computer remembers lies beside it."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    made = tmp_path / "disk"
    (made / "study").mkdir(parents=True)
    (made / "study" / "study.yml").write_text(SETTINGS, "utf-8")
    log.keys.device()
    return made


def opened(root: Path, name: str = "study") -> Study:
    return open_study(root / name)


def said(text: str) -> Draft:
    data = {"source": "S1", "kind": "factor", "question": "factor", "answer": text}
    return Draft("assert", "observation", data, id=text)


def ids(root: Path, name: str = "study") -> list[str]:
    """What the logs hold, in order, without genesis and checkpoints; every log must be in order but for its tail."""
    found: list[str] = []
    for path in log.files(root / name):
        assert {item.code for item in log.verify(path, "practice")} <= {"log_torn"}, path.name
        found += [entry.id for entry in log.read(path).entries if entry.kind != "log"]
    return found


def test_nothing_in_this_floor_touches_the_disk_but_through_one_file() -> None:
    effects = re.compile(
        r"os\.(write|mkdir|makedirs|unlink|remove|rename|replace|ftruncate|f?d?a?t?a?sync|open)\("
        r"|\.(mkdir|unlink|write_bytes|write_text|rename|touch|rmdir)\(|\.open\(\"[wax]|\bopen\("
    )
    runtime = {"disk.py", "holder.py"}  # the holder's socket lives in the runtime folder, never in a study
    found = {path.name for path in STUDY.glob("*.py") if effects.search(path.read_text("utf-8"))}
    assert found <= runtime


@pytest.mark.parametrize("first", [True, False], ids=["new log", "log that grows"])
@pytest.mark.parametrize("batch", [1, 3, 60])
def test_append_crashed_everywhere_keeps_what_was_acknowledged(root: Path, first: bool, batch: int) -> None:
    before = [] if first else ["before"]
    if before:
        log.append(opened(root), "ana", [said("before")], at=STAMP)
    rounds = [[f"r{turn}n{n}" for n in range(batch)] for turn in range(2 if batch < 60 else 1)]
    flat = [name for names in rounds for name in names]

    def act(seen: Recorder) -> None:
        for names in rounds:
            log.append(opened(root), "ana", [said(name) for name in names], at=STAMP)
            seen.acknowledge(names)

    def found(told: list[Any]) -> None:
        safe = before + [name for names in told for name in names]
        there = [name for name in ids(root) if name != "again"]
        assert there == (before + flat)[: len(there)], "whole entries, in order"
        assert there[: len(safe)] == safe
        assert len(there) - len(safe) <= batch

    def recover() -> None:
        log.append(opened(root), "ana", [said("again")], at=STAMP)

    def held(told: list[Any]) -> None:
        found(told)
        assert ids(root)[-1] == "again"
        assert all(log.verify(path, "practice") == [] for path in log.files(root / "study"))

    assert explore(root, act, recover, found, held) > 25


def test_the_enumerator_finds_what_is_lost_without_a_sync(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that could not fail would prove nothing."""
    monkeypatch.setattr(Recorder, "fdatasync", lambda self, handle: None)

    def act(seen: Recorder) -> None:
        log.append(opened(root), "ana", [said("a")], at=STAMP)
        seen.acknowledge("a")

    def found(told: list[Any]) -> None:
        assert set(told) <= set(ids(root))

    with pytest.raises(AssertionError):
        explore(root, act, lambda: None, found, found)


@pytest.mark.parametrize("without", ["sync_folder", "fsync"])
def test_the_enumerator_finds_a_replacement_that_is_not_durable(
    root: Path, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    path = root / "study" / "note.txt"
    path.write_bytes(b"old")
    if without == "sync_folder":
        monkeypatch.setattr(disk, "sync_folder", lambda folder: None)
    else:
        real = Recorder.fsync
        kept = lambda self, handle: real(self, handle) if self._open[handle].endswith("study") else None  # noqa: E731
        monkeypatch.setattr(Recorder, "fsync", kept)
    with recording(root) as seen:
        disk.replace(path, b"the new one")
        seen.acknowledge("new")
    base = snapshot(root) | {"study/note.txt": b"old"}
    bad = [
        tree for told, tree in states(base, seen.journal)
        if tree["study/note.txt"] != b"the new one" and (told or tree["study/note.txt"] != b"old")
    ]  # fmt: skip
    assert bad


@pytest.mark.parametrize("old", [b"the old content", None])
def test_a_replaced_file_is_the_old_one_or_the_new_one(root: Path, old: bytes | None) -> None:
    path, new = root / "study" / "documents" / "S1.txt", b"the new content, longer than the old one"
    if old is not None:
        disk.make_folder(path.parent)
        path.write_bytes(old)

    def act(seen: Recorder) -> None:
        disk.make_folder(path.parent)
        disk.replace(path, new)
        seen.acknowledge("new")

    def found(told: list[Any]) -> None:
        content = path.read_bytes() if path.exists() else None
        assert content == new if told else content in (old, new)

    def recover() -> None:
        disk.make_folder(path.parent)
        disk.replace(path, new)

    assert explore(root, act, recover, found, lambda told: found(["new"])) > 10


def test_a_memory_of_heads_that_a_crash_spoiled_accuses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    """The file of heads is written in place and not synced: a half of it must be no memory, never a wrong one."""
    monkeypatch.setattr(heads, "PAUSE", 0.0)
    for turn in range(12):  # so that numbers of different length stand in it
        log.append(opened(root), "ana", [said(f"b{turn}")], at=STAMP)
    shutil.move(tmp_path / "config", root / "config")
    monkeypatch.setenv("MAILLAGE_CONFIG", str(root / "config"))

    def act(seen: Recorder) -> None:
        for name in ("x", "y"):
            log.append(opened(root), "ana", [said(name)], at=STAMP)
            seen.acknowledge(name)

    def found(told: list[Any]) -> None:
        (path,) = log.files(root / "study")
        assert heads.rolled_back(root / "study", "practice", path.name, log.read(path).entries) is None
        assert set(told) <= set(ids(root))

    def recover() -> None:
        log.append(opened(root), "ana", [said("again")], at=STAMP)

    assert explore(root, act, recover, found, found, again=40) > 50


def with_vault(root: Path, *informants: str) -> tuple[str, vault.Open]:
    secret, public = age.make()
    vault.create(opened(root), "ana", {"ana": public, "bo": age.make()[1]})
    now = vault.unlock(opened(root), secret, coder="ana")
    drafts = [Draft("assert", "source", {"id": name, "kind": "interview"}) for name in informants]
    keep(opened(root), "ana", drafts, opened=now)
    return secret, vault.unlock(opened(root), secret, coder="ana")


def test_a_rewritten_keyring_opens_and_has_every_key_that_the_log_names(root: Path) -> None:
    secret, now = with_vault(root, "I01")

    def act(seen: Recorder) -> None:
        vault.informants(now, "ana", ["I02"])
        seen.acknowledge("I02")

    def found(told: list[Any]) -> None:
        raw = (root / "study" / "vault" / "keyring.age").read_bytes()
        ring = vault.keyring.opened(raw, secret, "practice")
        assert ring.sources.keys() >= vault.read_known(root / "study").informants.keys()
        assert set(told) <= ring.sources.keys()

    def recover() -> None:
        vault.unlock(opened(root), secret, coder="ana")

    def held(told: list[Any]) -> None:
        found(told)
        assert vault_state.check(root / "study") == []

    assert explore(root, act, recover, found, held) > 10


def test_an_erasure_is_done_or_not_begun_and_never_said_while_the_key_is_there(root: Path) -> None:
    secret, now = with_vault(root, "I01", "I02")
    vault_files.store(now, "I01", {"text": "x"})

    def act(seen: Recorder) -> None:
        vault.erase(now, "ana", "I01", "asked")
        seen.acknowledge("erased")

    def parts() -> tuple[bool, bool, bool]:
        raw = (root / "study" / "vault" / "keyring.age").read_bytes()
        ring = vault.keyring.opened(raw, secret, "practice")
        file = (root / "study" / "vault" / "I01.age").exists()
        return "I01" in ring.sources, file, "I01" in vault.read_known(root / "study").erased

    def found(told: list[Any]) -> None:
        key, file, erased = parts()
        assert not (erased and (key or file)), "the log says erased while there is something to read"
        assert not (told and (key or file or not erased))

    def recover() -> None:
        vault.unlock(opened(root), secret, coder="ana")

    def held(told: list[Any]) -> None:
        assert parts() == (False, False, True) if told else parts() in ((True, True, False), (False, False, True))
        assert vault_state.check(root / "study") == []

    assert explore(root, act, recover, found, held) > 20


def forked(root: Path) -> None:
    """Two copies: a log that only grew, one that forked, one that is new; documents of both."""
    study = opened(root)
    log.append(study, "ana", [said("a1")], at=STAMP)
    log.append(study, "bo", [said("b1")], at=STAMP)
    shutil.copytree(root / "study", root / "other")
    log.append(opened(root, "other"), "ana", [said("a2"), said("a3")], at=STAMP)
    log.append(opened(root, "other"), "bo", [said("b2")], at=STAMP)
    log.append(study, "bo", [said("b3")], at=STAMP)
    (file,) = (root / "other" / "log").glob("ana.*")
    (root / "other" / "documents").mkdir()
    (root / "other" / "documents" / "D1.txt").write_text("theirs", "utf-8")
    shutil.copy(root / "study" / "study.yml", root / "other" / "study.yml")
    assert file.exists()


def test_a_merge_crashed_anywhere_is_finished_by_the_next(root: Path) -> None:
    forked(root)
    whole = sorted(["a1", "a2", "a3", "b1", "b2", "b3"])

    def act(seen: Recorder) -> None:
        merge(opened(root), root / "other", "ana")
        seen.acknowledge("merged")

    def entries() -> list[str]:
        return replay(opened(root)).codings["id"].sort().to_list()

    def notes() -> int:
        read = [log.read(path) for path in log.files(root / "study")]
        return len({entry.data["branch"] for one in read for entry in one.entries if entry.op == "merge-note"})

    def found(told: list[Any]) -> None:
        ids(root)
        assert set(entries()) >= {"a1", "b1", "b3"}, "what was ours is there"
        assert entries() == whole or not told
        text = root / "study" / "documents" / "D1.txt"
        assert not text.exists() or text.read_text("utf-8") == "theirs"

    def recover() -> None:
        merge(opened(root), root / "other", "ana")

    def held(told: list[Any]) -> None:
        assert entries() == whole
        assert notes() == 1, "the fork is named"
        assert (root / "study" / "documents" / "D1.txt").read_text("utf-8") == "theirs"
        ids(root)

    assert explore(root, act, recover, found, held, again=9) > 50


def test_a_document_is_in_the_log_only_with_its_text(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "Rapport.txt"
    file.write_text("Les coupeurs de route.\n", "utf-8")

    def act(seen: Recorder) -> None:
        assert add(root / "study", file, Request(kind="document")).findings == ()
        seen.acknowledge("added")

    def found(told: list[Any]) -> None:
        assert {item.code for item in verify(root / "study")} <= {"log_torn"}
        assert len(ids(root)) == 1 or not told

    def recover() -> None:
        add(root / "study", file, Request(kind="document"))

    def held(told: list[Any]) -> None:
        found(["added"])

    assert explore(root, act, recover, found, held, again=9) > 20


def test_a_table_is_there_with_its_card_or_not_at_all(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("code,name,level,parent\nML,Mali,admin0,\nML07,Gao,admin1,ML\n", "utf-8")

    def act(seen: Recorder) -> None:
        assert add(root / "study", file, Request(kind="places")).findings == ()
        seen.acknowledge("added")

    def found(told: list[Any]) -> None:
        assert verify(root / "study") == []
        assert (root / "study" / "tables" / "places.yml").exists() or not told

    def recover() -> None:
        add(root / "study", file, Request(kind="places"))

    def held(told: list[Any]) -> None:
        found(["added"])

    assert explore(root, act, recover, found, held, again=9) > 20


WRITER = """
import json, os, random, resource, signal, sys, time
from pathlib import Path
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study

folder, kills, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
study, rng, told = open_study(folder), random.Random(7), []
log.keys.device()


def write(out):
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    while True:
        size = rng.choice((1, 1, 3))
        notes = ["x" * rng.randrange(200) for _ in range(size)]
        drafts = [Draft("assert", "observation", {"source": "S1", "note": note}) for note in notes]
        os.write(out, " ".join(log.append(study, "ana", drafts)).encode() + b"\\n")


for turn in range(kills):
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        rng.seed(turn)
        try:
            write(theirs)
        finally:
            os._exit(0)
    os.close(theirs)
    if not limit:
        first = os.read(ours, 33) if turn % 3 else b""  # one in three dies before it acknowledged anything
        told += [first[:32]] if first else []
        time.sleep(rng.random() * 0.02)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(ours, "rb") as pipe:
        told += pipe.read().split()
    os.waitpid(child, 0)
print(json.dumps([item.decode() for item in told]))
"""


def written(folder: Path, *, kills: int, limit: int = 0) -> list[str]:
    """What a process that writes without end had acknowledged when it was killed, that often."""
    words = [sys.executable, "-c", WRITER, str(folder), str(kills), str(limit)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("kills", [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_process_killed_at_any_moment_loses_nothing_it_acknowledged(root: Path, kills: int) -> None:
    told = written(root / "study", kills=kills)
    assert len(told) > kills / 2
    there = ids(root)
    assert len(set(there)) == len(there)
    assert set(told) <= set(there)
    assert len(there) - len(told) <= 3 * kills


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("limit", [3000, 5001, 9999])
def test_a_full_disk_keeps_what_was_acknowledged_and_nothing_else(root: Path, limit: int) -> None:
    told = written(root / "study", kills=1, limit=limit)
    assert told
    assert ids(root) == told
    (path,) = log.files(root / "study")
    assert log.verify(path, "practice") == []
    log.append(opened(root), "ana", [said("again")])
    assert ids(root) == [*told, "again"]


def test_every_cut_and_every_tail_of_zeros_loses_only_what_was_cut(root: Path) -> None:
    log.append(opened(root), "ana", [said("a")], at=STAMP)
    log.append(opened(root), "ana", [said("b"), said("c")], at=STAMP)
    (path,) = log.files(root / "study")
    whole, base = path.read_bytes(), snapshot(root)
    ends = {whole.index(b"\n", whole.index(f'"id":"{name}"'.encode())) + 1: name for name in "abc"}
    for cut in range(len(whole) + 1):
        kept = [letter for end, letter in ends.items() if end <= cut]
        for tail in (b"", bytes(64)):
            path.write_bytes(whole[:cut] + tail)
            read = log.read(path)
            assert [entry.id for entry in read.entries if entry.kind != "log"] == kept, cut
            assert (read.damage, read.size + len(read.torn)) == (None, cut + len(tail))
        if cut % 16 == 0:
            lay(root, base | {path.relative_to(root).as_posix(): whole[:cut] + bytes(64)})
            log.append(opened(root), "ana", [said("again")], at=STAMP)
            assert ids(root) == [*kept, "again"], cut


def test_no_changed_byte_goes_unseen(root: Path) -> None:
    log.append(opened(root), "ana", [said("a")], at=STAMP)
    (path,) = log.files(root / "study")
    whole = path.read_bytes()
    for position, byte in enumerate(whole):
        for other in {(byte + 1 + position * 37 % 255) % 256, 10} - {byte}:
            path.write_bytes(whole[:position] + bytes([other]) + whole[position + 1 :])
            assert log.verify(path, "practice"), f"byte {position} as {other}"


def test_a_damaged_log_is_never_written_to(root: Path) -> None:
    log.append(opened(root), "ana", [said("a")], at=STAMP)
    (path,) = log.files(root / "study")
    damaged = path.read_bytes().replace(b'"answer":"a"', b'"answer":"b"')
    path.write_bytes(damaged)
    with recording(root) as seen, pytest.raises(MaillageError, match="log_readonly"):
        log.append(opened(root), "ana", [said("again")], at=STAMP)
    assert [step for step in seen.journal if step[0] != "sync"] == []
    assert path.read_bytes() == damaged
