"""The append-only log: one file a coder and device, hash-chained, checkpointed with the device's key.

An entry counts as kept only when its bytes are on the disk: exclusive lock, tail read again, whole lines written,
length checked, fdatasync, and for a new file the folder too. A tail without line end is put aside, never guessed at;
a bad complete line makes the file read-only and is never cut off.
"""

import hashlib
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from maillage.errors import Finding, MaillageError, finding
from maillage.study import disk, heads, keys, met
from maillage.study.disk import lock
from maillage.study.entries import Draft, Entry, first_link, line, parse_lines
from maillage.study.folder import Study
from maillage.study.keys import Device
from maillage.study.seals import checkpoint_note, exact, signed
from maillage.uncollected import uncollected

CADENCE = 50
BLOCK = 64_000  # bytes that are read at a time: as much as stays in the cache of a processor
CODER = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log as read: good entries, and what stopped the reading (`damage` None when nothing did).

    `torn` holds the bytes of an unfinished last line; `size` the length in bytes of the good lines.
    """

    path: Path
    entries: tuple[Entry, ...]
    size: int
    torn: bytes
    damage: Finding | None

    @property
    def head(self) -> str:
        """Hash of the last good line."""
        return self.entries[-1].h if self.entries else ""


def files(study: Path) -> list[Path]:
    """The log files of a study, by name."""
    return sorted(path for path in (study / "log").glob("*.jsonl") if path.is_file())  # a pipe would never end


HELD: dict[tuple[str, bytes], LogFile] = {}  # name and bytes -> as read: a command looks at the same log several times
MOST_HELD = 8


def read(path: Path) -> LogFile:
    """Read and verify one log; damage is reported, not raised."""
    key = path.name, path.read_bytes()
    known = HELD.pop(key, None) or _read(*key)
    HELD[key] = known  # the last looked at is the last to go
    while len(HELD) > MOST_HELD:
        del HELD[next(iter(HELD))]
    return replace(known, path=path)


def _read(name: str, raw: bytes) -> LogFile:
    entries: list[Entry] = []
    size, torn, damage = _scan(name, raw, entries.extend)
    return LogFile(Path(name), tuple(entries), size, torn, damage)


@uncollected()
def _scan(name: str, raw: bytes, tell: Callable[[Sequence[Entry]], None]) -> tuple[int, bytes, Finding | None]:
    """Tell the good entries, some thousand at a time; the length of the good lines, an unfinished last one, and what
    stopped."""
    end = raw.rfind(b"\n") + 1
    size, seq, prev = 0, 0, None
    while size < end:
        stop = raw.find(b"\n", min(size + BLOCK, end - 1)) + 1
        entries, good, wrong = parse_lines(raw[size:stop], seq=seq, prev=prev)
        tell(entries)
        size, seq = size + good, seq + len(entries)
        if wrong:
            return size, b"", finding("log_damaged", file=name, line=seq + 1, why=wrong)
        prev = entries[-1].h
    return size, raw[end:], None


def verify(path: Path, study_id: str) -> list[Finding]:
    """Everything wrong with one log: lines, chain, genesis, name, owner, checkpoints, unfinished tail."""
    raw = path.read_bytes()
    kept: list[Entry] = []  # the first, checkpoints, and those that are not the owner's

    def note(entries: Sequence[Entry]) -> None:
        for first in (kept or entries)[:1]:
            kept.extend(e for e in entries if e is first or e.op == "checkpoint" or e.by != first.by)

    held = HELD.get((path.name, raw))
    note(held.entries if held else ())
    torn, damage = (held.torn, held.damage) if held else _scan(path.name, raw, note)[1:]
    problems = [damage] if damage else []
    if kept:
        start, *others = kept
        problems += [
            finding("log_owner", file=path.name, line=entry.seq + 1, value=entry.by, owner=start.by)
            for entry in others
            if entry.by != start.by
        ]
        problems += _check_seals(path, start, [entry for entry in kept if entry.op == "checkpoint"], study_id)
    if torn:
        problems.append(finding("log_torn", file=path.name, line=raw.count(b"\n") + 1, bytes=len(torn)))
    return problems


def _check_seals(path: Path, start: Entry, checkpoints: Sequence[Entry], study_id: str) -> list[Finding]:
    """The genesis, the name of the file and the checkpoints: by the chain, a good signature covers all lines before."""
    problems: list[Finding] = []
    public = str(start.data.get("public_key", ""))
    if start.op != "genesis" or start.data.get("study") != study_id or start.prev != first_link(study_id, public):
        problems.append(finding("log_foreign", file=path.name, line=1, study=study_id))
    named = f"{start.data.get('coder')}.{start.data.get('device')}"
    if path.name.removesuffix(".jsonl").partition("~")[0] != named:
        problems.append(finding("log_name", file=path.name, line=1, value=f"{named}.jsonl"))
    covered = False
    for entry in reversed(checkpoints):
        sealed = exact(entry) and (covered or signed(entry, public))
        covered = covered or sealed
        if not sealed:
            problems.append(finding("log_checkpoint", file=path.name, line=entry.seq + 1))
    return problems


def head(study: Path) -> str:
    """The state of all logs of a study as one hash: SHA-256 over coder, device and head of each, sorted."""
    return head_of([read(path) for path in files(study)])


def head_of(logs: Sequence[LogFile]) -> str:
    """As `head`, of logs that were read."""
    return head_of_ends((one.path.name, one.head) for one in logs)


def head_of_ends(ends: Iterable[tuple[str, str]]) -> str:
    """As `head`, of names and heads. Which branch of a fork has the plain file name differs between copies, so names of
    branches do not count."""
    lines = sorted(f"{name.removesuffix('.jsonl').partition('~')[0]} {head}\n" for name, head in ends)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def append(study: Study, coder: str, drafts: Sequence[Draft], *, at: str | None = None) -> list[str]:
    """Enter `drafts` in the coder's log of this device and return their ids once they are on the disk.

    `at` (RFC 3339, UTC, seconds) defaults to now. Raises MaillageError: `coder_name`, `coder_unknown`,
    `log_readonly` (a damaged log), `log_short_write` (disk full: nothing of the batch is kept), `log_locked`.
    """
    if not drafts:
        return []
    if not CODER.match(coder):
        raise MaillageError("coder_name", coder=coder)
    if coder not in study.settings.coders:
        raise MaillageError("coder_unknown", coder=coder, coders=", ".join(study.settings.coders))
    device = keys.device()
    folder, path = _where(study.path, coder, device.name)
    disk.make_folder(folder)
    stamp = at or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    handle = disk.open_to_append(path)
    try:
        with lock(handle, path):
            tail = _tail(path, handle, study)
            if not tail.seq:  # before the first line: a name that a crash can take away would take the lines with it
                disk.sync_folder(folder)
                disk.sync_folder(study.path)
                met.start(study.path, study.settings.id, files(study.path))
            before = os.fstat(handle).st_mtime_ns if tail.size else 0
            writer = _Writer(study.settings.id, coder, device, stamp, tail)
            lines = writer.lines(drafts)
            disk.append(handle, path, lines)
            now = TAILS[path, study.settings.id] = writer.tail(tail.size + len(lines), os.fstat(handle).st_mtime_ns)
            STEPS[path, tail.size, before] = now.size, now.changed
            while len(STEPS) > MOST_STEPS:
                STEPS.popitem(last=False)
    finally:
        os.close(handle)
    heads.remember(study.path, study.settings.id, {path.name: now[:2]})
    return [draft.id for draft in drafts]


@lru_cache(maxsize=64)
def _where(study: Path, coder: str, device: str) -> tuple[Path, Path]:
    """The folder of logs and the log: the same objects each time, which know their text and hash."""
    folder = study / "log"
    return folder, folder / f"{coder}.{device}.jsonl"


class Tail(NamedTuple):
    """The end of a log: lines so far, hash of the last, lines since the last checkpoint, size, time of change (ns)."""

    seq: int
    head: str
    open: int
    size: int
    changed: int = 0


# log, its size and time before an entry -> after it
STEPS: OrderedDict[tuple[Path, int, int], tuple[int, int]] = OrderedDict()
MOST_STEPS = 200
TAILS: dict[tuple[Path, str], Tail] = {}  # as this process left them; trusted while size, time and last line agree


def _tail(path: Path, handle: int, study: Study) -> Tail:
    """The end of the log as it stands; read and verified whole unless this process wrote its last line.

    A torn tail is put aside. Raises MaillageError `log_readonly` where it is damaged, of another study, or older than
    seen here before.
    """
    now = os.fstat(handle)
    known = TAILS.get((path, study.settings.id))
    same = known is not None and (known.size, known.changed) == (now.st_size, now.st_mtime_ns)
    if known is not None and same and _ends_with(handle, now.st_size, known.head):
        return known
    log = read(path)
    if log.damage:
        raise MaillageError("log_readonly", findings=[log.damage], file=path.name)
    if log.entries and log.entries[0].data.get("study") != study.settings.id:
        foreign = finding("log_foreign", file=path.name, line=1, study=study.settings.id)
        raise MaillageError("log_readonly", findings=[foreign], file=path.name)
    older = heads.rolled_back(study.path, study.settings.id, path.name, log.entries)
    if older and not log.torn:  # an unfinished line is the trace of a crash, not of an older copy
        raise MaillageError("log_readonly", findings=[older], file=path.name)
    put_aside(log, handle)
    since = next((n for n, entry in enumerate(reversed(log.entries)) if entry.op == "checkpoint"), len(log.entries))
    return Tail(len(log.entries), log.head, since, log.size)


def _ends_with(handle: int, size: int, head: str) -> bool:
    """Whether the last line has this hash: a checkpoint, and so a short one, in every log this program wrote. No body
    can hold the hash of its own line."""
    start = max(0, size - 4096)
    os.lseek(handle, start, os.SEEK_SET)
    lines = os.read(handle, size - start).split(b"\n")
    return len(lines) > 1 and not lines[-1] and b',"h":"%b",' % head.encode() in lines[-2]


class _Writer:
    """Turns drafts into finished lines, with the genesis and the checkpoints the cadence asks for."""

    def __init__(self, study: str, coder: str, device: Device, stamp: str, tail: Tail) -> None:
        self.coder, self.device, self.stamp = coder, device, stamp
        self.origin = f"maillage/{study}/{coder}.{device.name}"
        self.seq, self.open = tail.seq, tail.open
        self.prev = tail.head or first_link(study, device.public)
        self.genesis = {
            "study": study, "coder": coder, "device": device.name, "public_key": device.public,
            "format": 1, "cadence": f"every {CADENCE} entries and at close",
        }  # fmt: skip

    def lines(self, drafts: Sequence[Draft]) -> bytes:
        """All lines of a batch; it ends with a checkpoint."""
        out = [] if self.seq else [self._line(Draft("genesis", "log", self.genesis))]
        for draft in drafts:
            out.append(self._line(draft))
            if self.open >= CADENCE:
                out.append(self._checkpoint())
        if self.open:
            out.append(self._checkpoint())
        return b"".join(out)

    def tail(self, size: int, changed: int) -> Tail:
        """The end of the log once these lines are written."""
        return Tail(self.seq, self.prev, self.open, size, changed)

    def _line(self, draft: Draft) -> bytes:
        raw, self.prev = line(draft, seq=self.seq, prev=self.prev, at=self.stamp, by=self.coder)
        self.seq, self.open = self.seq + 1, self.open + 1
        return raw

    def _checkpoint(self) -> bytes:
        note = checkpoint_note(self.origin, self.seq, self.prev)
        data = {"origin": self.origin, "size": self.seq, "head": self.prev, "signature": self.device.sign(note)}
        raw = self._line(Draft("checkpoint", "log", data))
        self.open = 0
        return raw


def put_aside(log: LogFile, handle: int) -> None:
    """Move the bytes of an unfinished last line to a file of their own; the log then ends with its last good line."""
    if not log.torn:
        return
    mark = hashlib.sha256(log.torn).hexdigest()[:8]
    disk.replace(log.path.with_name(f"{log.path.stem}.torn-{log.size}-{mark}"), log.torn)
    disk.cut(handle, log.size)
