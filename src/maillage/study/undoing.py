"""Undoing one's own entry: a retraction that says so. Replay reads as if the entry had never been written."""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.study.entries import Draft, Entry

UNDONE = ("assert", "supersede", "retract")


def undoing(entry: Entry, more: Mapping[str, Any]) -> Draft:
    """What undoes an entry. more: the source it rests on, so that the undoing is closed as the entry is."""
    return Draft("retract", entry.kind, {**more, "undo": entry.id}, of=entry.id, why="undo")


def without_undone(entries: Sequence[Entry]) -> list[Entry]:
    """Entries without those that their own coder undid, and without the undoing. Nobody undoes another's work."""
    undone = {(entry.of, entry.by) for entry in entries if entry.op == "retract" and _is_undoing(entry)}
    if not undone:
        return list(entries)
    return [
        entry
        for entry in entries
        if not _is_undoing(entry) and not (entry.op in UNDONE and (entry.id, entry.by) in undone)
    ]


def _is_undoing(entry: Entry) -> bool:
    return entry.op == "retract" and entry.of is not None and entry.data.get("undo") == entry.of
