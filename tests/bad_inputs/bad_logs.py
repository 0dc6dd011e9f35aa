"""Logs that a crash, a disk, an editor or somebody with an older copy left behind."""

import shutil
from collections.abc import Callable
from pathlib import Path

from bad import CHECK, OBSERVE, ROWS, RUN, STATEMENTS, TOLD, Bad

from maillage.errors import has_errors
from maillage.study import log
from maillage.verbs.check import check
from maillage.verbs.observe import observe

Lines = list[bytes]
MORE = STATEMENTS.splitlines()[0] + "\no9,i1,link,link,cooperation,terrorist_group,smuggler,Kidal\n"
VERIFY = ("verify", "{study}")
STOPPED = (RUN, VERIFY, ("release", "--study", "{study}", "--out", "{folder}/out"), OBSERVE)


def edited(change: Callable[[Lines], Lines]) -> Callable[[Path, Path], Path]:
    """Changes the lines of the only log, and writes a table that somebody would enter next."""

    def make(folder: Path, study: Path) -> Path:
        (path,) = log.files(study)
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
        return _next(folder)

    return make


def _next(folder: Path) -> Path:
    (folder / "next.csv").write_text(MORE, "utf-8")
    return folder / "next.csv"


def longer(folder: Path, study: Path) -> tuple[Path, bytes]:
    """The log with one statement more, remembered by this computer; and its bytes before."""
    (path,) = log.files(study)
    before = path.read_bytes()
    assert not observe(study, _next(folder), coder="ana").refused
    assert not has_errors(check(study))
    return path, before


def rolled_back(folder: Path, study: Path) -> Path:
    path, before = longer(folder, study)
    path.write_bytes(before)
    return folder / "next.csv"


def forked(folder: Path, study: Path) -> Path:
    """Two copies of one log that each went on by themselves."""
    other = folder / "other"
    shutil.copytree(study, other)
    longer(folder, study)
    (folder / "theirs.csv").write_text(MORE.replace("o9", "o8"), "utf-8")
    assert not observe(other, folder / "theirs.csv", coder="ana").refused
    return other


def both_branches_count(study: Path) -> None:
    assert len(log.files(study)) == 2
    assert {item.code for item in check(study) if item.level == "error"} == set()


def tail_kept_aside(study: Path) -> None:
    (aside,) = (study / "log").glob("*.torn-*")
    assert aside.read_bytes() == b'{"v":1,"seq"'
    assert not has_errors(check(study))


DAMAGED = ("log_damaged",)
LOGS = {
    "torn tail": Bad(edited(lambda lines: [*lines, b'{"v":1,"seq"']), CHECK, ("log_torn",), TOLD),
    "torn tail, and the next entry": Bad(
        edited(lambda lines: [*lines, b'{"v":1,"seq"']), OBSERVE, (), TOLD, tail_kept_aside
    ),
    "zeros at the end": Bad(edited(lambda lines: [*lines, b"\0" * 4096]), CHECK, ("log_torn",), TOLD),
    "edited in the middle": Bad(
        edited(lambda lines: [*lines[:3], lines[3].replace(b'"by":"ana"', b'"by":"bob"'), *lines[4:]]), CHECK,
        DAMAGED, ROWS, more=STOPPED,
    ),
    "a line deleted": Bad(edited(lambda lines: lines[:3] + lines[4:]), CHECK, DAMAGED, ROWS, more=STOPPED),
    "two lines exchanged": Bad(
        edited(lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]]), CHECK, DAMAGED, ROWS, more=STOPPED
    ),
    "ends of lines of Windows": Bad(
        edited(lambda lines: [line.replace(b"\n", b"\r\n") for line in lines]), CHECK, DAMAGED, ROWS, more=STOPPED
    ),
    "a key twice": Bad(
        edited(lambda lines: [*lines[:3], lines[3].replace(b'{"at"', b'{"at":"x","at"'), *lines[4:]]), CHECK, DAMAGED,
        ROWS, more=STOPPED,
    ),
    "50,000 levels deep": Bad(
        edited(lambda lines: [*lines[:3], b"[" * 50_000 + b"]" * 50_000 + b"\n", *lines[3:]]), CHECK, DAMAGED, ROWS,
        more=STOPPED,
    ),
    "an older copy put back": Bad(
        rolled_back, CHECK, ("log_rollback",), ROWS, more=(("observe", "{file}", *OBSERVE[2:]),)
    ),
    "a fork": Bad(
        forked, ("merge", "{file}", "--study", "{study}"), (), TOLD, both_branches_count
    ),
}  # fmt: skip
