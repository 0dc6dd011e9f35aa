"""Checkpoints of a log: the note that a device signs, and whether it says what the lines before it are."""

import base64

from maillage.study import keys
from maillage.study.entries import Entry


def checkpoint_note(origin: str, size: int, head_hash: str) -> bytes:
    """The three lines a checkpoint signs (form of the C2SP tlog-checkpoint note): origin, size, base64 head."""
    return f"{origin}\n{size}\n{base64.b64encode(bytes.fromhex(head_hash)).decode()}\n".encode()


def head_of_note(text: str) -> str:
    """The hash on the third line of a note, as hex."""
    return base64.b64decode(text).hex()


def exact(entry: Entry) -> bool:
    """Whether a checkpoint names the lines before it as they are."""
    return entry.data.get("size") == entry.seq > 0 and entry.data.get("head") == entry.prev


def signed(entry: Entry, public: str) -> bool:
    """Whether a checkpoint is signed with the key of the genesis."""
    note = checkpoint_note(str(entry.data.get("origin", "")), entry.seq, entry.prev)
    return keys.signed(public, note, str(entry.data.get("signature", "")))
