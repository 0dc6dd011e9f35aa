"""The newest state of each log that this computer has seen in a folder, kept outside every study.

A signature does not stop somebody from putting an older copy back (rollback and freeze attacks: The Update Framework,
Samuel and others 2010); remembering does. Two copies in two folders are no rollback: what both wrote is a fork, which
a merge keeps. Losing this file loses the memory, never an entry, so it is not synced.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from maillage.errors import Finding, finding
from maillage.study import disk
from maillage.study.entries import Entry
from maillage.study.keys import configuration_folder

FILE = "trusted-heads.json"
WRITTEN: dict[Path, tuple[str, Mapping[str, Any]]] = {}  # what this process wrote last, while the file is as it left it


def trusted(study: Path, study_id: str) -> Mapping[str, tuple[int, str]]:
    """Log file -> (entries, hash of the last) as this computer saw them last in this folder."""
    return {name: (int(seen[0]), str(seen[1])) for name, seen in _all().get(_key(study, study_id), {}).items()}


def remember(study: Path, study_id: str, seen: Mapping[str, tuple[int, str]]) -> None:
    """Take note of these heads; a log not named keeps what is known of it."""
    known = _all()
    before = known.get(_key(study, study_id), {})
    after = {**before, **{name: list(head) for name, head in seen.items()}}
    if after != before:
        _write({**known, _key(study, study_id): after})


def forget(study: Path, study_id: str) -> None:
    """Accept the copy at hand as the newest there is."""
    known = _all()
    if known.pop(_key(study, study_id), None) is not None:
        _write(known)


def rolled_back(study: Path, study_id: str, name: str, entries: Sequence[Entry]) -> Finding | None:
    """Whether a log is older than this computer saw it here, or went another way since."""
    seen = trusted(study, study_id).get(name)
    if seen is None or not entries:
        return None
    count, head = seen
    if count <= len(entries) and (count == 0 or entries[count - 1].h == head):
        return None
    return finding("log_rollback", file=name, line=min(count, len(entries) + 1), had=count, has=len(entries))


@lru_cache(maxsize=64)
def _key(study: Path, study_id: str) -> str:
    return f"{study_id} {study.resolve()}"


def _all() -> dict[str, Any]:
    """What is known; nothing where the file does not fit its own hash, as after a crash: half a memory would accuse."""
    path = configuration_folder() / FILE
    try:
        if WRITTEN.get(path, ("", {}))[0] == _stamp(path):
            return dict(WRITTEN[path][1])
        mark, _, content = path.read_text("utf-8").partition("\n")
        known = json.loads(content) if mark == sha256(content.encode()).hexdigest() else {}
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _stamp(path: Path) -> str:
    told = path.stat()
    return f"{told.st_ino} {told.st_size} {told.st_mtime_ns}"


def _write(known: Mapping[str, Any]) -> None:
    """In place and not synced: it is written at every entry, and a broken file only forgets."""
    content = json.dumps(known, sort_keys=True).encode()
    with contextlib.suppress(OSError):  # a folder that may not be written costs the memory, not the work
        disk.make_folder(configuration_folder())
        path = configuration_folder() / FILE
        disk.overwrite(path, sha256(content).hexdigest().encode() + b"\n" + content)
        WRITTEN[path] = _stamp(path), known
