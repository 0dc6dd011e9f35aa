"""A release that is killed, an erasure cut off, an exception that outlives a person: nothing half, nothing unknown.

The program is killed by itself (SIGKILL, so that no clean-up runs) before a chosen effect on the disk.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from made_miners import everybody, heard
from maillage import run
from maillage.errors import MaillageError
from maillage.study import age, log, vault
from maillage.study.folder import open_study
from maillage.study.keeping import keep
from maillage.verbs import exceptions, gate, ledger, opening
from maillage.verbs import vault as vaults
from maillage.verbs.opening import unlocked
from maillage.verbs.release import release
from maillage.verbs.verify import verify

SETTINGS = "id: killed\ntitle: K\nlanguages: [en]\npack: nexus\ncoders: [ana]\nsynthetic: true\nstatus: draft\n"
MINER = "links_by_class/artisanal_miner/cooperation"
CHILD = """
import os, signal, sys
from pathlib import Path
from maillage.study import disk, ledger
from maillage.verbs import release

release.render = lambda *a, **more: {"notes.txt": b"new", "more.txt": b"new"}
left = int(sys.argv[3])

def counted(owner, name):
    act = getattr(owner, name)
    def acted(*args, **more):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return act(*args, **more)
    setattr(owner, name, acted)

counted(disk, "replace")
counted(Path, "write_bytes")
counted(Path, "rename")
release.release(Path(sys.argv[1]), Path(sys.argv[2]), audience="public", langs=("en",))
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Sixteen people, three of them miners."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    log.append(open_study(folder), "ana", everybody())
    return folder


def killed(study: Path, out: Path, effect: int) -> bool:
    """Release in a program of its own that dies before its nth effect; whether it did."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(study), str(out), str(effect)], env=os.environ, check=False)
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode != 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_release_killed_anywhere_is_whole_or_not_there_and_never_unknown(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Effects: the ledger, the files, the manifest, the old folder aside, the new one in place."""
    out, seen = tmp_path / "out", list[str]()
    monkeypatch.setattr("maillage.verbs.release.render", lambda *a, **more: {"notes.txt": b"old"})
    release(study, out, audience="public", langs=("en",))
    log.append(open_study(study), "ana", [draft for at in range(20, 31) for draft in heard(at)])
    for effect in (0, 1, 4):  # the ledger knows it from the second on
        assert killed(study, out, effect), effect
        kept = len(ledger.history(study))
        assert kept == (1 if effect == 0 else 2), "what may be out stands in the ledger"
        if out.exists():
            assert verify(out) == []
            seen.append((out / "notes.txt").read_text())
    assert seen == ["old", "old"], "the last one died between the two folders"
    monkeypatch.setattr("maillage.verbs.release.render", lambda *a, **more: {"notes.txt": b"new"})
    release(study, out, audience="public", langs=("en",))
    assert verify(out) == []
    assert (out / "notes.txt").read_text() == "new"
    assert not list(tmp_path.glob(f".{out.name}.*.old")), "no old release stays out of sight"
    assert len(ledger.history(study)) == 2, "the same release is kept once, however often it was tried"


@pytest.fixture
def sealed(study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same people in a vault that stays open."""
    secret, public = age.make()
    monkeypatch.setattr(opening.holder, "held", lambda: secret)
    folder = study.with_name("sealed")
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS.replace("synthetic: true\n", ""), "utf-8")
    vault.create(open_study(folder), "ana", {"ana": public, "bo": age.make()[1]})
    keep(unlocked(folder), "ana", everybody())
    return folder


def ask() -> str:
    raise AssertionError("nobody is asked: the key is held")


def let_out(path: Path) -> dict[str, object]:
    """A release, as far as the ledger; the row of the miners."""
    opened = unlocked(path)
    made, kept = gate.cleared(opened, run.run(opened), audience="public", langs=("en",))
    gate.sent(opened, kept)
    row = made.estimate(MINER)
    assert row is not None
    return dict(row)


@pytest.mark.parametrize("step", ["replace", "remove", "log.append"])
def test_an_erasure_cut_off_is_done_by_doing_it_again_and_the_release_knows(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Cut before the ring is written, before the files go, before the log says so."""
    let_out(sealed)

    def cut(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"maillage.study.vault.{step}", cut)
        with pytest.raises(KeyboardInterrupt):
            vaults.erase(sealed, "I00", "asked", ask)
    begun = step != "replace"
    with contextlib.suppress(MaillageError):  # where the key was gone already, the next opening has finished it
        vaults.erase(sealed, "I00", "asked", ask)
    assert "I00" in vault.read_known(sealed).erased, begun
    assert "I00" not in run.run(unlocked(sealed)).evidence.observations["source"].to_list()
    assert [one.affected for one in ledger.history(sealed)] == [1]


def test_who_is_erased_between_an_exception_and_the_release_ends_it(sealed: Path) -> None:
    exceptions.let_through(sealed, MINER, audience="public", why="they published it themselves")
    vaults.erase(sealed, "I00", "asked", ask)
    row = let_out(sealed)
    assert (row["status"], row["k"], row["n"]) == ("withheld", None, None), "the lead signed for other people"
    (sent,) = ledger.history(sealed)
    assert (sent.exceptions, sent.affected) == ((), 0)


def test_who_is_erased_after_a_release_by_exception_takes_the_number_along(sealed: Path) -> None:
    """1 of 3 went out; 0 of 2 beside it would be the answer of who was erased, whatever was signed."""
    exceptions.let_through(sealed, MINER, audience="public", why="they published it themselves")
    assert (let_out(sealed)["k"], let_out(sealed)["n"]) == (1, 3)
    vaults.erase(sealed, "I00", "asked", ask)
    row = let_out(sealed)
    assert (row["status"], row["k"], row["n"]) == ("withheld", None, None)
    assert [one.affected for one in ledger.history(sealed)] == [1, 0]


def test_an_exception_for_a_number_that_nobody_is_left_in_lets_nothing_out(sealed: Path) -> None:
    exceptions.let_through(sealed, MINER, audience="public", why="they published it themselves")
    for source in ("I00", "I01", "I02"):
        vaults.erase(sealed, source, "asked", ask)
    opened = unlocked(sealed)
    made, _ = gate.cleared(opened, run.run(opened), audience="public", langs=("en",))
    row = made.estimate(MINER)
    assert row is None or (row["status"], row["k"], row["n"]) == ("withheld", None, None)
    assert made.exceptions == 0
