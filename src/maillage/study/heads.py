"""The newest state of each log that this computer has seen in a folder, kept outside every study.

A signature does not stop somebody from putting an older copy back (rollback and freeze attacks: The Update Framework,
Samuel and others 2010); remembering does. Two copies in two folders are no rollback: what both wrote is a fork, which
a merge keeps. Losing this file loses the memory, never an entry, so it is not synced.
"""

import atexit
import contextlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from maillage.errors import Finding, finding
from maillage.study import disk
from maillage.study.entries import Entry
from maillage.study.keys import configuration_folder

FILE = "trusted-heads.json"
PAUSE = 0.02  # seconds: entries that come faster are remembered together, the last of them at the latest on leaving


@dataclass(slots=True)
class _Memory:
    """What this process knows of the file while the file is as it left it; `late`: not all of it is written."""

    stamp: tuple[int, int, int]
    known: Mapping[str, Any]
    at: float
    late: bool = False


WRITTEN: dict[str, _Memory] = {}


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
    if seen is None:
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
    path = _file()
    try:
        memory = WRITTEN.get(path)
        if memory and memory.stamp == _stamp(path):
            return dict(memory.known)
        mark, _, content = Path(path).read_text("utf-8").partition("\n")
        known = json.loads(content) if mark == sha256(content.encode()).hexdigest() else {}
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _file() -> str:
    """Where the memory lies; as text, since it is asked for at every entry."""
    return _within(configuration_folder())


@lru_cache(maxsize=64)
def _within(folder: Path) -> str:
    return str(folder / FILE)


def _stamp(path: str) -> tuple[int, int, int]:
    told = os.stat(path)
    return told.st_ino, told.st_size, told.st_mtime_ns


def _write(known: Mapping[str, Any]) -> None:
    """In place and not synced: it is written at every entry, and a broken file only forgets."""
    path, now = _file(), time.monotonic()
    memory = WRITTEN.get(path)
    if memory and now - memory.at < PAUSE:
        memory.known, memory.late = known, True
        return
    _put(path, known, now)


def _put(path: str, known: Mapping[str, Any], now: float) -> None:
    content = json.dumps(known, sort_keys=True).encode()
    with contextlib.suppress(OSError):  # a folder that may not be written costs the memory, not the work
        disk.make_folder(Path(path).parent)
        disk.overwrite(Path(path), sha256(content).hexdigest().encode() + b"\n" + content)
        WRITTEN[path] = _Memory(_stamp(path), known, now)


@atexit.register
def settle() -> None:
    """Write what came too fast to be written one by one, unless another program wrote meanwhile."""
    for path, memory in WRITTEN.items():
        with contextlib.suppress(OSError):
            if memory.late and memory.stamp == _stamp(path):
                _put(path, memory.known, memory.at)
