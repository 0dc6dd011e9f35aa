"""Two copies of a study as one: the union of their entries; forks are kept and shown, nothing is overwritten.

A log that only grew is continued in place, by the bytes that are missing. Where both copies went on from the same
entry, the other branch is kept beside ours under the hash of its first own entry. Because replay counts each entry
once, by its hash, the order of merging makes no difference to what a study says (tests: random histories).
"""

import os
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import orjson

from maillage.errors import Finding, MaillageError, finding
from maillage.study import devices, disk, ledger, log, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.vault_files import RESULTS

NAME = re.compile(r"(?P<base>[a-z0-9][a-z0-9_-]{0,31}\.[0-9a-f]{8})(~[0-9a-f]{8})?\.jsonl\Z")
FOLDERS = ("documents", "tables", "forms", "narrative", "scenarios")
CONFLICTS = "conflicts"
LARGEST = 200_000_000  # bytes of a file that a merge takes
LF, NOTE, KEY = b"\n", b'"op":"merge-note"', b'"op":"key"'


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of the other copy: `same`, `new`, `longer`, `fork`, `kept_both`, `refused`, `left`."""

    file: str
    action: str
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a merge; `forks` names both heads of each fork that is new."""

    taken: tuple[Taken, ...]
    forks: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...]


def merge(study: Study, other: Path, coder: str) -> Merged:
    """Take from the study folder `other` what this one lacks; `coder` is who merges.

    Raises MaillageError `merge_other_study`, `merge_itself` and those of opening a study.
    """
    _inside.cache_clear()
    theirs = open_study(other)
    if theirs.settings.id != study.settings.id:
        raise MaillageError("merge_other_study", other=theirs.settings.id, study=study.settings.id)
    if other.resolve() == study.path.resolve():
        raise MaillageError("merge_itself")
    taken: list[Taken] = []
    forks: list[Mapping[str, str]] = []
    findings, before = _settings(study, theirs), vault.read_known(study.path).erased
    devices.trusted(study.path, [log.read(path) for path in log.files(study.path)])  # who is here is known from now on
    known = {_base(path.name) for path in log.files(study.path)}
    for path in log.files(other):
        one, fork, wrong = _log(study, path)
        taken.append(one)
        forks += fork
        findings += wrong
    _note(study, coder, forks)
    for name in FOLDERS:
        taken += _files(study.path, other, name)
    _vault(study.path, other)
    _ledger(study.path, other)
    findings += [*_devices(study, taken, known), *_erased(study, before)]
    told = {"kept_both": "merge_kept_both", "left": "merge_file"}
    findings += [finding(told[item.action], file=item.file) for item in taken if item.action in told]
    return Merged(tuple(taken), tuple(forks), tuple(findings))


def _note(study: Study, coder: str, forks: Sequence[Mapping[str, str]]) -> None:
    """Name the heads of new forks, and of branches that a merge cut short left without a name."""
    raws = {path.name: path.read_bytes() for path in log.files(study.path)}
    branches = [name for name in raws if f"{_base(name)}.jsonl" != name and f"{_base(name)}.jsonl" in raws]
    if not branches:
        return
    logs = [log.read(study.path / "log" / name) for name, raw in raws.items() if NOTE in raw]
    noted = {entry.data.get("branch") for one in logs for entry in one.entries if entry.op == "merge-note"}
    noted |= {fork["branch"] for fork in forks}
    unnamed = [name for name in branches if name not in noted]
    ends = {name: _end(_whole(raw)) for name, raw in raws.items()}
    forgotten = [_fork(f"{_base(name)}.jsonl", name, ends[f"{_base(name)}.jsonl"], ends[name]) for name in unnamed]
    log.append(study, coder, [Draft("merge-note", "log", dict(fork)) for fork in (*forks, *forgotten)])


def _fork(file: str, branch: str, ours: str, theirs: str) -> Mapping[str, str]:
    return {"file": file, "branch": branch, "ours": ours, "theirs": theirs}


def _settings(study: Study, theirs: Study) -> list[Finding]:
    """Coders that only the other copy knows: their entries come in, but count only once study.yml lists them."""
    new = [coder for coder in theirs.settings.coders if coder not in study.settings.coders]
    return [finding("merge_coders", file="study.yml", field="coders", value=", ".join(new))] if new else []


def _devices(study: Study, taken: Sequence[Taken], known: Set[str]) -> list[Finding]:
    """Logs of computers that this copy did not know: nobody but their coder can say whether it is theirs."""
    logs = {path.name: log.read(path) for path in log.files(study.path)}
    trusted, found = devices.trusted(study.path, list(logs.values())), list[Finding]()
    coders = {base.partition(".")[0] for base in known}
    for file in (item.file for item in taken if item.action == "new" and item.file in logs):
        who = devices.signer(logs[file])
        if who and (who.coder in coders or (who not in trusted and who.coder in study.settings.coders)):
            found.append(finding("merge_device", file=file, coder=who.coder, value=who.key, name=who.name))
    return found


def _erased(study: Study, before: Set[str]) -> list[Finding]:
    """Informants whom the other copy calls erased, and whether that is done here too."""
    told = vault.read_known(study.path)
    done, waits = sorted(told.erased - told.waiting - before), sorted(told.waiting - before)
    return [
        *([finding("merge_erased", file="log", value=", ".join(done))] if done else []),
        *([finding("erasure_waits", file="log", value=", ".join(waits))] if waits else []),
    ]


def _log(study: Study, path: Path) -> tuple[Taken, list[Mapping[str, str]], list[Finding]]:
    """One log of the other copy. Equal bytes are equal lines, so logs are compared as they lie on the disk."""
    named = NAME.match(path.name)
    if named is None or not _takes(path, path.parent.parent):
        code = "merge_name" if named is None else "merge_file"
        return Taken(path.name, "refused"), [], [finding(code, file=path.name)]
    raw, folder = path.read_bytes(), study.path / "log"
    theirs = _whole(raw)
    mine = {file: _whole(file.read_bytes()) for file in log.files(study.path) if _base(file.name) == named["base"]}
    if any(ours.startswith(theirs) for ours in mine.values()):
        return Taken(path.name, "same"), [], []
    entries = log.read(path).entries  # read once, held for the verification and for what comes after the merge
    problems = [item for item in log.verify(path, study.settings.id) if item.code != "log_torn"]
    if KEY in theirs and vault.contradicts(vault.read_known(study.path), entries):
        problems.append(finding("merge_keys", file=path.name))
    if problems:
        return Taken(path.name, "refused"), [], problems
    ahead = [file for file, ours in mine.items() if theirs.startswith(ours)]
    if ahead:
        nearest = max(ahead, key=lambda file: len(mine[file]))
        more = theirs[len(mine[nearest]) :]
        _continue(nearest, len(mine[nearest]), more)
        return Taken(path.name, "longer", more.count(b"\n")), [], []
    disk.make_folder(folder)
    if not mine:
        disk.replace(folder / path.name, theirs)
        return Taken(path.name, "new", theirs.count(b"\n")), [], []
    nearest = max(mine, key=lambda file: len(_shared(mine[file], theirs)))
    own = theirs[len(_shared(mine[nearest], theirs)) :]
    branch = f"{named['base']}~{_end(own[: own.index(LF) + 1])[:8]}.jsonl"
    disk.replace(folder / branch, theirs)
    fork = _fork(nearest.name, branch, _end(mine[nearest]), _end(theirs))
    return Taken(path.name, "fork", own.count(b"\n")), [fork], []


def _base(name: str) -> str:
    return name.removesuffix(".jsonl").partition("~")[0]


def _whole(raw: bytes) -> bytes:
    """The finished lines of a log."""
    return raw[: raw.rfind(LF) + 1]


def _shared(one: bytes, other: bytes) -> bytes:
    """The lines that two logs have in common from the start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return _whole(one[:low])


def _end(lines: bytes) -> str:
    """The hash of the last line; nothing where it is damaged."""
    try:
        last = orjson.loads(lines.rstrip(LF).rpartition(LF)[2] or b"{}")
    except orjson.JSONDecodeError:
        return ""
    return str(last.get("h", ""))


def _continue(path: Path, size: int, more: bytes) -> None:
    """Append what is missing; never a rename, so that a program that has the log open keeps writing to it."""
    handle = disk.open_to_append(path)
    try:
        with disk.lock(handle, path):
            mine = log.read(path)
            if mine.size != size or mine.damage is not None:
                raise MaillageError("log_locked", file=path.name)
            log.put_aside(mine, handle)
            disk.append(handle, path, more)
    finally:
        os.close(handle)


@lru_cache(maxsize=64)  # the folders of one copy, asked for each of its files; a merge starts with none known
def _inside(path: Path, other: Path) -> bool:
    """Whether a path lies in the other copy: a link would take what is elsewhere on this computer."""
    return path.resolve().is_relative_to(other.resolve())


def _takes(path: Path, other: Path) -> bool:
    """Whether a file of the other copy is a plain one of its own, of a size that files of a study have."""
    plain = not path.is_symlink() and path.is_file() and _inside(path.parent, other)
    return plain and path.stat().st_size <= LARGEST


def _files(study: Path, other: Path, name: str) -> list[Taken]:
    """Documents, tables and texts: one that only they have comes in; one that differs is kept beside ours, unread."""
    if not _inside(other / name, other):
        return [Taken(name, "left")]
    taken: list[Taken] = []
    for path in sorted((other / name).rglob("*")):
        relative = path.relative_to(other)
        if path.name.startswith(".") or (path.is_dir() and not path.is_symlink()):
            continue
        if not _takes(path, other):
            taken.append(Taken(relative.as_posix(), "left"))
            continue
        content = path.read_bytes()
        ours = study / relative
        if not ours.exists():
            _write(ours, content)
            taken.append(Taken(relative.as_posix(), "new"))
        elif ours.read_bytes() != content:
            mark = sha256(content).hexdigest()[:8]
            kept = study / CONFLICTS / relative.with_name(f"{relative.stem}~{mark}{relative.suffix}")
            if not kept.exists():
                _write(kept, content)
                taken.append(Taken(relative.as_posix(), "kept_both"))
    return taken


def _write(path: Path, content: bytes) -> None:
    disk.make_folder(path.parent)
    disk.replace(path, content)


def _vault(study: Path, other: Path) -> None:
    """Closed files come in unless their informant is erased; another keyring waits for the next unlocking."""
    if not (study / vault.FOLDER).is_dir() and not (other / vault.FOLDER).is_dir():
        return
    told = vault.read_known(study)
    theirs, ours = other / vault.FOLDER, study / vault.FOLDER
    erased = told.erased - told.waiting
    gone = {vault.stem(source) for source in erased}
    kept_here = (RESULTS, ledger.PREFIX)
    for path in sorted(theirs.glob("*.age")) if _inside(theirs, other) else ():
        mine = path.stem.partition(vault.VERSION)[0] in gone or path.name.startswith(kept_here)
        if mine or not _takes(path, other):
            continue  # what was computed is computed again
        content = path.read_bytes()
        kept = ours / path.name
        if kept.is_file() and kept.read_bytes() == content:
            continue
        if path.name == vault.RING and kept.is_file():
            kept = ours / f"keyring~{sha256(content).hexdigest()[:8]}.age"
        elif kept.is_file():
            kept = study / CONFLICTS / vault.FOLDER / f"{path.stem}~{sha256(content).hexdigest()[:8]}.age"
        if not kept.exists():
            _write(kept, content)
    for source in erased:
        vault.remove(study, source)


def _ledger(study: Path, other: Path) -> None:
    """Releases that only the other copy knows of; a file of the same name tells of the same release."""
    mine = ledger.names(study)
    for name, path in sorted(ledger.names(other).items()):
        if name not in mine and _takes(path, other):
            _write(study / path.relative_to(other), path.read_bytes())
