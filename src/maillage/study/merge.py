"""Two copies of a study as one: the union of their entries; forks are kept and shown, nothing is overwritten.

A log that only grew is continued in place, by the bytes that are missing. Where both copies went on from the same
entry, the other branch is kept beside ours under the hash of its first own entry. Because replay counts each entry
once, by its hash, the order of merging makes no difference to what a study says (tests: random histories).
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from maillage.errors import Finding, MaillageError, finding
from maillage.study import disk, log, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.log import LogFile

NAME = re.compile(r"(?P<base>[a-z0-9][a-z0-9_-]{0,31}\.[0-9a-f]{8})(~[0-9a-f]{8})?\.jsonl\Z")
FOLDERS = ("documents", "tables", "forms", "narrative", "scenarios")
CONFLICTS = "conflicts"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of the other copy: `same`, `new`, `longer`, `fork`, `kept_both`, `refused`."""

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
    theirs = open_study(other)
    if theirs.settings.id != study.settings.id:
        raise MaillageError("merge_other_study", other=theirs.settings.id, study=study.settings.id)
    if other.resolve() == study.path.resolve():
        raise MaillageError("merge_itself")
    taken: list[Taken] = []
    forks: list[Mapping[str, str]] = []
    findings = _settings(study, theirs)
    for path in log.files(other):
        one, fork, wrong = _log(study, path)
        taken.append(one)
        forks += fork
        findings += wrong
    _note(study, coder, forks)
    for name in FOLDERS:
        taken += _files(study.path, other, name)
    _vault(study.path, other)
    findings += [finding("merge_kept_both", file=item.file) for item in taken if item.action == "kept_both"]
    return Merged(tuple(taken), tuple(forks), tuple(findings))


def _note(study: Study, coder: str, forks: Sequence[Mapping[str, str]]) -> None:
    """Name the heads of new forks, and of branches that a merge cut short left without a name."""
    logs = {path.name: log.read(path) for path in log.files(study.path)}
    entries = [entry for one in logs.values() for entry in one.entries]
    noted = {entry.data.get("branch") for entry in entries if entry.op == "merge-note"}
    drafts = [Draft("merge-note", "log", dict(fork)) for fork in forks]
    noted |= {fork["branch"] for fork in forks}
    for name in sorted(logs.keys() - noted):
        main = f"{_base(name)}.jsonl"
        if name != main and main in logs:
            heads = {"file": main, "branch": name, "ours": logs[main].head, "theirs": logs[name].head}
            drafts.append(Draft("merge-note", "log", heads))
    log.append(study, coder, drafts)


def _settings(study: Study, theirs: Study) -> list[Finding]:
    """Coders that only the other copy knows: their entries come in, but count only once study.yml lists them."""
    new = [coder for coder in theirs.settings.coders if coder not in study.settings.coders]
    return [finding("merge_coders", file="study.yml", field="coders", value=", ".join(new))] if new else []


def _log(study: Study, path: Path) -> tuple[Taken, list[Mapping[str, str]], list[Finding]]:
    """One log of the other copy."""
    named = NAME.match(path.name)
    if named is None or path.is_symlink():
        return Taken(path.name, "refused"), [], [finding("merge_name", file=path.name)]
    problems = [item for item in log.verify(path, study.settings.id) if item.code != "log_torn"]
    if problems:
        return Taken(path.name, "refused"), [], problems
    other = log.read(path)
    mine = [log.read(file) for file in log.files(study.path) if _base(file.name) == named["base"]]
    if any(_shared(one, other) == len(other.entries) for one in mine):
        return Taken(path.name, "same"), [], []
    good = path.read_bytes()[: other.size]
    ahead = [one for one in mine if one.damage is None and _shared(one, other) == len(one.entries)]
    if ahead:
        nearest = max(ahead, key=lambda one: len(one.entries))
        _continue(nearest, good)
        return Taken(path.name, "longer", len(other.entries) - len(nearest.entries)), [], []
    folder = study.path / "log"
    disk.make_folder(folder)
    if not mine:
        disk.replace(folder / path.name, good)
        return Taken(path.name, "new", len(other.entries)), [], []
    nearest = max(mine, key=lambda one: _shared(one, other))
    shared = _shared(nearest, other)
    branch = f"{named['base']}~{other.entries[shared].h[:8]}.jsonl"
    disk.replace(folder / branch, good)
    fork = {"file": nearest.path.name, "branch": branch, "ours": nearest.head, "theirs": other.head}
    return Taken(path.name, "fork", len(other.entries) - shared), [fork], []


def _base(name: str) -> str:
    return name.removesuffix(".jsonl").partition("~")[0]


def _shared(one: LogFile, other: LogFile) -> int:
    """How many entries two logs have in common from the start; by the chain, equal hashes mean equal pasts."""
    low, high = 0, min(len(one.entries), len(other.entries))
    while low < high:
        middle = (low + high + 1) // 2
        if one.entries[middle - 1].h == other.entries[middle - 1].h:
            low = middle
        else:
            high = middle - 1
    return low


def _continue(mine: LogFile, good: bytes) -> None:
    """Append what is missing; never a rename, so that a program that has the log open keeps writing to it."""
    handle = disk.open_to_append(mine.path)
    try:
        with disk.lock(handle, mine.path):
            if os.fstat(handle).st_size != mine.size + len(mine.torn):
                raise MaillageError("log_locked", file=mine.path.name)
            log.put_aside(mine, handle)
            disk.append(handle, mine.path, good[mine.size :])
    finally:
        os.close(handle)


def _files(study: Path, other: Path, name: str) -> list[Taken]:
    """Documents, tables and texts: one that only they have comes in; one that differs is kept beside ours, unread."""
    taken: list[Taken] = []
    for path in sorted((other / name).rglob("*")):
        relative = path.relative_to(other)
        if path.is_symlink() or not path.is_file() or path.name.startswith("."):
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
    told = vault.read_known(study)
    theirs, ours = other / vault.FOLDER, study / vault.FOLDER
    for path in sorted(theirs.glob("*.age")):
        if path.is_symlink() or path.stem in told.erased:
            continue
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
    for source in told.erased:
        vault.remove(study, source)
