"""A replay kept in memory while the logs it came from stay as they are, for programs that look at a study many times.

What a log holds changes only by growing, and a file put in its place has another inode or time, so name, size, time
and inode tell whether anybody (this program, another one, a merge) wrote since.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from maillage.evidence import Settings
from maillage.study import log, vault
from maillage.study.folder import Study
from maillage.study.growing import grew_here, grown
from maillage.study.observations import Replay, replay

Mark = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: Mark
    settings: Settings
    key: str | None
    known: Replay


KEPT: dict[Path, _Kept] = {}
TIMERS: list[threading.Timer] = []


def mark(study: Path) -> Mark:
    """What tells one state of the logs and the keyring of a study from another: name, size, time, inode of each."""
    ring = study / vault.FOLDER / vault.RING
    states = [(path.name, path.stat()) for path in [*log.files(study), *([ring] if ring.is_file() else [])]]
    return tuple((name, state.st_size, state.st_mtime_ns, state.st_ino) for name, state in states)


def recalled(study: Study) -> Replay:
    """As `replay`, from memory where nothing was written since and the same key is at hand. One state a study is kept.

    The mark is taken before the logs are read: what is written meanwhile makes the next call read again. What this
    program entered itself is added to what is kept.
    """
    now = mark(study.path)
    kept = KEPT.get(study.path)
    if kept is not None and (kept.mark, kept.key, kept.settings) == (now, study.key, study.settings):
        return kept.known
    same = kept is not None and kept.key == study.key
    known = _carried_on(study, kept, now) if kept and same and kept.settings == study.settings else None
    if known is None:
        known = replay(study, before={entry.h: entry for entry in kept.known.entries} if kept and same else None)
    KEPT[study.path] = _Kept(now, study.settings, study.key, known)
    return known


def _carried_on(study: Study, kept: _Kept, now: Mark) -> Replay | None:
    """What is kept with what this program entered since; None where anybody else wrote, or a file is another one."""
    before = {name: (size, changed, node) for name, size, changed, node in kept.mark}
    sizes: dict[str, tuple[int, int]] = {}
    if not before.keys() <= {name for name, *_ in now}:
        return None
    for name, size, changed, node in now:
        had = before.get(name, (0, 0, node))
        if had == (size, changed, node):
            continue
        if had[2] != node or not grew_here(study.path / "log" / name, had[:2], (size, changed)):
            return None
        sizes[name] = had[0], size
    return grown(study, kept.known, sizes)


def forget() -> None:
    """Drop what is kept, as when a vault is locked: it holds in clear what informants said."""
    KEPT.clear()


def forget_in(minutes: float) -> None:
    """Drop what is kept after that time, unless this is called again before: as an open vault locks itself."""
    while TIMERS:
        TIMERS.pop().cancel()
    timer = threading.Timer(60 * minutes, forget)
    timer.daemon = True
    timer.start()
    TIMERS.append(timer)
