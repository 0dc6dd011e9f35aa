"""`maillage sync`: a git repository as the other copy, under the rules of `merge`; git never mixes texts itself.

Of documents, tables and texts the side that changed one since both were the same wins; where both did, `merge` keeps
both. Logs and the vault have rules of their own and are not compared with the past.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha1, sha256
from pathlib import Path, PurePosixPath

from maillage.errors import MaillageError, finding
from maillage.study import disk
from maillage.study.folder import SETTINGS, Study
from maillage.study.merge import CONFLICTS, FOLDERS, Taken
from maillage.study.observations import tally
from maillage.study.vault import RING
from maillage.study.vault_files import RESULTS
from maillage.verbs.devices import Ask, never
from maillage.verbs.entering import coder_of
from maillage.verbs.merge import Union, merged
from maillage.verbs.opening import unlocked
from maillage.verbs.repository import Repository

TRIES = 5


@dataclass(frozen=True, slots=True)
class Synced:
    """What came in (None where the server had nothing) and whether anything was sent."""

    union: Union | None
    sent: bool


def sync(path: Path, remote: str | None, *, coder: str | None, ask: Ask = never) -> Synced:
    """Fetch, merge, send. `remote`: an address or a folder; once known it may be left out.

    Raises MaillageError `sync_no_git`, `sync_no_remote`, `sync_failed` (with what git said), `sync_busy` (others kept
    sending), and those of `merge`.
    """
    study = unlocked(path)
    me = coder_of(study, coder)
    repository = Repository(study, me)
    repository.address(remote)
    union: Union | None = None
    for _ in range(TRIES):
        theirs = repository.fetch()
        if theirs:
            now = _take(study, repository, theirs, me, ask)
            union = replace(now, before=union.before) if union else now
        refused = {f"log/{item.file}" for item in (union.merged.taken if union else ()) if item.action == "refused"}
        files = _files(study.path, repository.tree(theirs))
        commit = repository.commit(files, theirs, lambda name: belongs(name) and name not in refused)  # noqa: B023
        if commit == theirs or repository.push(commit):
            repository.step(commit)
            return Synced(union, commit != theirs)
    raise MaillageError("sync_busy")


def _take(study: Study, repository: Repository, theirs: str, coder: str, ask: Ask) -> Union:
    """Merge what the server has, laid out in a folder that goes again."""
    before = tally(study)
    old, new = repository.tree(repository.base(theirs)), repository.tree(theirs)
    ours = {name: _blob(path.read_bytes()) for name, path in _files(study.path, {}).items()}
    plain = [name for name in new if belongs(name) and name.partition("/")[0] not in ("log", "vault")]
    newer = [name for name in plain if name in ours and ours[name] != new[name] and ours[name] == old.get(name)]
    older = {name for name in plain if name in ours and ours[name] != new[name] and new[name] == old.get(name)}
    for name in newer:
        disk.replace(study.path / name, repository.blob(new[name]))
    with tempfile.TemporaryDirectory(prefix="maillage-sync-") as folder:
        copy = Path(folder) / "study"
        for name, blob in new.items():
            if belongs(name) and (name not in older or name == SETTINGS):
                file = copy / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(repository.blob(blob))
        union = merged(unlocked(study.path), copy, coder, ask)
        both = [] if SETTINGS in older else _settings(study.path, copy)
    kept = [finding("merge_kept_both", file=name) for name in both]
    taken = (*(Taken(name, "updated") for name in newer), *(Taken(name, "kept_both") for name in both))
    done = replace(union.merged, taken=(*taken, *union.merged.taken))
    return Union(before, union.after, done, (*kept, *union.findings))


def _settings(study: Path, copy: Path) -> list[str]:
    """study.yml that both changed: ours stands, theirs is kept where nothing reads it."""
    theirs = (copy / SETTINGS).read_bytes()
    if theirs == (study / SETTINGS).read_bytes():
        return []
    kept = study / CONFLICTS / f"study~{sha256(theirs).hexdigest()[:8]}.yml"
    if kept.exists():
        return []
    disk.make_folder(kept.parent)
    disk.replace(kept, theirs)
    return [SETTINGS]


def belongs(name: str) -> bool:
    """Whether a file of a study is sent: settings, logs, documents, tables, forms, texts, closed files of the vault."""
    parts = PurePosixPath(name).parts
    if any(part.startswith(".") for part in parts) or any(sign in name for sign in '\\:\n"') or not parts:
        return False
    if len(parts) == 1:
        return name == SETTINGS
    if parts[0] in ("log", "vault"):
        ending = ".jsonl" if parts[0] == "log" else ".age"
        own = parts[1].startswith((f"{Path(RING).stem}~", RESULTS)) if parts[1:] else True
        return len(parts) == 2 and name.endswith(ending) and not own
    return parts[0] in FOLDERS


def _files(study: Path, theirs: Mapping[str, str]) -> dict[str, Path]:
    """What is sent, by name. Where the server has the content of every log, its names for them stand: which branch of
    a fork has the plain name differs between copies, and nothing would ever be in step."""
    found = {
        path.relative_to(study).as_posix(): path
        for path in sorted(study.rglob("*"))
        if path.is_file() and not path.is_symlink() and belongs(path.relative_to(study).as_posix())
    }
    logs = {_blob(path.read_bytes()): path for name, path in found.items() if name.startswith("log/")}
    named = {name: blob for name, blob in theirs.items() if name.startswith("log/") and belongs(name)}
    if not logs or not logs.keys() <= set(named.values()):
        return found
    rest = {name: path for name, path in found.items() if not name.startswith("log/")}
    return rest | {name: logs[blob] for name, blob in named.items() if blob in logs}


def _blob(content: bytes) -> str:
    """The name git gives these bytes."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
