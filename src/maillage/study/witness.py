"""Heads that a partner countersigns: a short note of each log, and who saw it, in a log of their own.

A chain proves order, a signature who wrote; neither shows that lines at the end were taken away. Somebody else who
has seen a head does (form of the note: C2SP tlog-checkpoint; witnesses: Sigsum and others).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, MaillageError, finding
from maillage.study import keys, log
from maillage.study.entries import Draft, Entry
from maillage.study.folder import Study
from maillage.study.seals import checkpoint_note, head_of_note

NOTE = re.compile(r"maillage/(\S+)/([a-z0-9_-]+\.[0-9a-f]{8})\n([1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)(?:\n|\Z)")
MARK = b'"kind":"witness"'


@dataclass(frozen=True, slots=True)
class Head:
    """The newest checkpoint of a log: `log` names coder and device, `size` and `head` what it seals."""

    log: str
    size: int
    head: str
    note: str


def heads(study: Path) -> list[Head]:
    """The newest checkpoint of every log, branches of forks too, in the order of the files."""
    found: list[Head] = []
    for path in log.files(study):
        entries = [entry for entry in log.read(path).entries if entry.op == "checkpoint"]
        if entries:
            last = entries[-1]
            note = checkpoint_note(str(last.data["origin"]), last.seq, last.prev).decode("ascii")
            found.append(Head(path.stem.partition("~")[0], last.seq, last.prev, note))
    return found


def countersign(study: Study, text: str) -> tuple[list[Draft], list[Finding]]:
    """Entries that witness the notes in `text`, signed by this device, and the notes that contradict this copy.

    Notes of this device's own logs are left out. Raises MaillageError `note_missing` where no note of this study is.
    """
    device = keys.device()
    notes = [match for match in NOTE.finditer(text.replace("\r\n", "\n")) if match[1] == study.settings.id]
    if not notes:
        raise MaillageError("note_missing", study=study.settings.id)
    logs = [log.read(path) for path in log.files(study.path)]
    told = {(entry.data.get("log"), entry.data.get("head")) for one in logs for entry in one.entries
            if entry.kind == "witness" and entry.data.get("public_key") == device.public}  # fmt: skip
    drafts: list[Draft] = []
    wrong: list[Finding] = []
    for match in notes:
        name, size, head = match[2], int(match[3]), head_of_note(match[4])
        if name.endswith(device.name) or (name, head) in told:
            continue
        if _contradicts(logs, name, size, head):
            wrong.append(finding("note_contradicts", file=f"{name}.jsonl", line=size))
            continue
        signature = device.sign(checkpoint_note(f"maillage/{match[1]}/{name}", size, head))
        data = {"log": name, "size": size, "head": head, "public_key": device.public, "signature": signature}
        drafts.append(Draft("key", "witness", data))
    return drafts, wrong


def check(study: Path, study_id: str) -> list[Finding]:
    """Witnessed heads that this copy does not hold, and witnesses whose signature is not that of their device."""
    if not any(MARK in path.read_bytes() for path in log.files(study)):
        return []
    logs = [log.read(path) for path in log.files(study)]
    found: list[Finding] = []
    for one in logs:
        for entry in one.entries:
            if entry.op == "key" and entry.kind == "witness":
                found += _check(entry, one.entries[0], logs, one.path.name, study_id)
    return found


def _check(entry: Entry, genesis: Entry, logs: Sequence[log.LogFile], file: str, study_id: str) -> list[Finding]:
    data = entry.data
    name, size, head = str(data.get("log")), data.get("size"), str(data.get("head"))
    public = str(data.get("public_key"))
    signed = (
        isinstance(size, int)
        and re.fullmatch("[0-9a-f]{64}", head) is not None
        and public == genesis.data.get("public_key")
        and keys.signed(public, checkpoint_note(f"maillage/{study_id}/{name}", size, head), str(data["signature"]))
    )
    if not signed or not isinstance(size, int):
        return [finding("witness_unsigned", file=file, line=entry.seq + 1)]
    if not any(_holds(one, name, size, head) for one in logs):
        return [finding("witness_unmet", file=f"{name}.jsonl", line=size, by=entry.by, at=entry.at[:10])]
    return []


def _contradicts(logs: Sequence[log.LogFile], name: str, size: int, head: str) -> bool:
    """Whether this copy has that log as far as the note goes, and says something else there."""
    long = [one for one in logs if _named(one) == name and len(one.entries) >= size]
    return bool(long) and not any(_holds(one, name, size, head) for one in long)


def _holds(one: log.LogFile, name: str, size: int, head: str) -> bool:
    return _named(one) == name and len(one.entries) >= size and one.entries[size - 1].h == head


def _named(one: log.LogFile) -> str:
    return one.path.stem.partition("~")[0]
