"""One line of a log: what it holds, its canonical form, its hash.

A line is one JSON object in canonical form (RFC 8785 restricted to what makes every serialiser agree: ASCII
snake_case keys, no floats, integers within 2^53 - 1, depth at most 16), keys sorted, UTF-8, LF:

    v 1 | seq | prev | at | by | op | kind | id | of | why | data | sealed | h

`prev` is the `h` of the line before; for seq 0 the SHA-256 of study id and device public key. `h` is the SHA-256 of
the canonical line without `h`. `of`, `why`, `data` and `sealed` stand only where used; `sealed` holds the encrypted
body of an entry that rests on an informant.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

OPERATIONS = (
    "genesis",
    "assert",
    "retract",
    "supersede",
    "withdraw",
    "erase",
    "checkpoint",
    "key",
    "merge-note",
)
SEALS = ("genesis", "checkpoint")
KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
REQUIRED = {"v", "seq", "prev", "at", "by", "op", "kind", "id", "h"}
ALWAYS, TEXT = itemgetter("prev", "at", "by", "op", "kind", "id", "h"), frozenset({str})
FIELDS = REQUIRED | {"of", "why", "data", "sealed"}
DEPTH = 16
LARGEST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Draft:
    """What a caller wants to enter; `id` is drawn at random (128 bits, never time-based) unless given.

    `sealed` stands in the place of `data` where the body is closed to an informant's key.
    """

    op: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    of: str | None = None
    why: str | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sealed: Mapping[str, str] | None = None


class Entry(NamedTuple):
    """A line as read back; a tuple, because a hundred thousand of them are made each time a study is opened."""

    seq: int
    prev: str
    at: str
    by: str
    op: str
    kind: str
    id: str
    of: str | None
    why: str | None
    data: Mapping[str, Any]
    sealed: Mapping[str, Any] | None
    h: str


def admissible(value: object, depth: int = 0) -> bool:
    """Whether a body can be written in a form on which all JSON serialisers agree."""
    if depth > DEPTH:
        return False
    if isinstance(value, Mapping):
        return all(
            isinstance(key, str) and KEY.match(key) and admissible(item, depth + 1) for key, item in value.items()
        )
    if isinstance(value, list | tuple):
        return all(admissible(item, depth + 1) for item in value)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return True
    return isinstance(value, int) and abs(value) <= LARGEST


def canonical(record: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a record, without line end."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def first_link(study: str, public_key: str) -> str:
    """What `prev` is on the first line of a log."""
    return sha256(f"{study}{public_key}".encode()).hexdigest()


def line(draft: Draft, *, seq: int, prev: str, at: str, by: str) -> tuple[bytes, str]:
    """The finished line with its LF, and its hash."""
    assert draft.op in OPERATIONS, f"{draft.op} is not an operation of the log"
    assert admissible(draft.data), "a log body holds text, whole numbers, yes/no and lists of them under ASCII keys"
    record: dict[str, Any] = {
        "v": 1, "seq": seq, "prev": prev, "at": at, "by": by, "op": draft.op, "kind": draft.kind, "id": draft.id,
    }  # fmt: skip
    optional = {"of": draft.of, "why": draft.why, "data": dict(draft.data) or None, "sealed": draft.sealed}
    record |= {key: value for key, value in optional.items() if value is not None}
    digest = sha256(canonical(record)).hexdigest()
    return canonical(record | {"h": digest}) + b"\n", digest


def check(raw: bytes, *, seq: int, prev: str | None) -> tuple[dict[str, Any] | None, str]:
    """A line (without LF) as its record, or None and the code of what is wrong.

    A line must be exactly its canonical form: that alone refuses duplicate keys, blanks, NaN, other escapes and CR.
    `prev` None accepts any first link (the caller checks it against the genesis).
    """
    try:
        record: Any = orjson.loads(raw)
        again = canonical(record)
    except orjson.JSONDecodeError:
        return None, "not_json"
    except orjson.JSONEncodeError:  # nested deeper than can be written
        return None, "not_canonical"
    if not isinstance(record, dict) or again != raw or record.get("v") != 1 or not record.keys() >= REQUIRED:
        return None, "not_canonical"
    stated = record["h"]
    # the line is canonical, so without its own hash it is what was hashed; no body can hold the hash of itself
    if sha256(raw.replace(b',"h":"%b"' % str(stated).encode(), b"", 1)).hexdigest() != stated:
        return None, "hash_wrong"
    if record["seq"] != seq or (prev is not None and record["prev"] != prev):
        return None, "chain_broken"
    if record["op"] not in OPERATIONS:
        return None, "operation_unknown"
    if record["op"] in SEALS and not _fits(record):
        return None, "not_canonical"
    return record, ""


def _fits(record: Mapping[str, Any]) -> bool:
    """Whether a record has the fields of an entry, in their types, and only what all serialisers agree on.

    It runs for every line each time a study is opened, so that what is alike from line to line is looked up.
    """
    if not _are_fields(tuple(record)) or not TEXT.issuperset(map(type, ALWAYS(record))):
        return False
    if type(record["v"]) is not int or type(record["seq"]) is not int or not STAMP.match(record["at"]):
        return False
    if type(record.get("of", "")) is not str or type(record.get("why", "")) is not str:
        return False
    return _is_body(record.get("data")) and _is_body(record.get("sealed"))


@cache
def _are_fields(names: tuple[str, ...]) -> bool:
    return REQUIRED <= set(names) <= FIELDS


def _is_body(body: Any) -> bool:
    """Whether a body is a mapping that may stand in a log; most are texts under good keys and nothing else."""
    if body is None:
        return True
    if type(body) is not dict:
        return False
    plain = TEXT.issuperset(map(type, body.values())) and _are_keys(tuple(body))
    return plain or admissible(body)


@cache
def _are_keys(names: tuple[str, ...]) -> bool:
    return all(KEY.match(name) for name in names)


def parse(raw: bytes, *, seq: int, prev: str | None) -> tuple[Entry | None, str]:
    """A line (without LF) as an entry, or None and the code of what is wrong.

    Beyond `check`, which looks at the chain, this holds the line to the fields and types of an entry.
    """
    record, wrong = check(raw, seq=seq, prev=prev)
    if record is None:
        return None, wrong
    return (entry_of(record), "") if _fits(record) else (None, "not_canonical")


def entry_of(record: Mapping[str, Any]) -> Entry:
    """The entry of a checked record."""
    return Entry(
        seq=record["seq"], prev=record["prev"], at=record["at"], by=record["by"], op=record["op"], kind=record["kind"],
        id=record["id"], of=record.get("of"), why=record.get("why"), data=record.get("data") or {},
        sealed=record.get("sealed"), h=record["h"],
    )  # fmt: skip
