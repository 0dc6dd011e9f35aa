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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import orjson

OPERATIONS = frozenset({"genesis", "assert", "retract", "supersede", "withdraw", "erase", "checkpoint", "key",
                        "merge-note"})  # fmt: skip
KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
FIELDS = {"v": int, "seq": int, "prev": str, "at": str, "by": str, "op": str, "kind": str, "id": str, "h": str,
          "of": str, "why": str, "data": dict, "sealed": dict}  # fmt: skip
REQUIRED = FIELDS.keys() - {"of", "why", "data", "sealed"}
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


Whole = Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
if TYPE_CHECKING:
    Plain = dict[str, Any]  # a body that is nested deeper is read in plain steps
else:
    Plain = dict[str, str | Whole | bool | list[str] | None]


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A line as read back: its fields and their types, held to while it is decoded, because a hundred thousand of
    them are made each time a study is opened. `data` and `sealed` of a plain line hold nothing that is nested."""

    seq: int
    prev: str
    at: str
    by: str
    op: str
    kind: str
    id: str
    of: str | None = None
    why: str | None = None
    data: Plain = msgspec.field(default_factory=dict)  # no other factory is left out where nothing is said
    sealed: Plain | None = None
    h: str
    v: Literal[1] = msgspec.field()


DECODER = msgspec.json.Decoder(Entry)
ENCODER = msgspec.json.Encoder(order="sorted")
CHECKED = attrgetter("seq", "prev", "op", "at", "data", "sealed", "h")
ORDER: Callable[["Entry"], tuple[str, int, str]] = attrgetter("at", "seq", "h")  # in one second: as they stand in a log


def admissible(value: object, depth: int = 0) -> bool:
    """Whether a body can be written in a form on which all JSON serialisers agree."""
    if depth > DEPTH:
        return False
    if value is None or isinstance(value, str | bool):
        return True
    if isinstance(value, int):
        return abs(value) <= LARGEST
    if isinstance(value, list | tuple):
        return all(admissible(item, depth + 1) for item in value)
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        return False
    return _are_keys(tuple(value)) and all(admissible(item, depth + 1) for item in value.values())


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


def parse(raw: bytes, *, seq: int, prev: str | None) -> tuple[Entry | None, str]:
    """A line (without LF) as an entry, or None and the code of what is wrong.

    A line must be exactly its canonical form: that alone refuses duplicate keys, blanks, NaN, other escapes and CR.
    Then come its hash, its place in the chain, and the fields and types of an entry. `prev` None accepts any first
    link (the caller checks it against the genesis).
    """
    try:
        entry = DECODER.decode(raw)
    except ValueError:  # among others a body that is nested
        return _parse_slowly(raw, seq=seq, prev=prev)
    good = entry.seq == seq and (prev is None or entry.prev == prev) and entry.op in OPERATIONS
    if good and ENCODER.encode(entry) == raw and _unlinked(raw, entry.h) == entry.h and _reads(entry):
        return entry, ""
    return _parse_slowly(raw, seq=seq, prev=prev)


def parse_lines(raw: bytes, *, seq: int, prev: str | None) -> tuple[list[Entry], int, str]:
    """The good entries of finished lines up to the first that is not good, their length in bytes, and the code of what
    is wrong with that line (empty where all are good)."""
    entries = parse_all(raw, seq=seq, prev=prev)
    if entries is not None:
        return entries, len(raw), ""
    entries, size = [], 0
    for text in raw.split(b"\n")[:-1]:
        entry, wrong = parse(text, seq=seq + len(entries), prev=entries[-1].h if entries else prev)
        if entry is None:
            return entries, size, wrong
        entries.append(entry)
        size += len(text) + 1
    return entries, size, ""


def parse_all(raw: bytes, *, seq: int, prev: str | None) -> list[Entry] | None:
    """Finished lines (each with its LF) as entries, by the rules of `parse`; None where not all of them are plain and
    good, and one must be looked at after the other to tell which and why."""
    try:
        entries = DECODER.decode_lines(raw)
        plain = ENCODER.encode_lines(entries) == raw
    except ValueError:
        return None
    if not plain:
        return None
    numbers, links, operations, stamps, bodies, closed, hashes = zip(*map(CHECKED, entries), strict=True)
    good = (
        numbers == tuple(range(seq, seq + len(entries)))
        and links == (links[0] if prev is None else prev, *hashes[:-1])
        and OPERATIONS.issuperset(operations)
        and all(map(_is_stamp, set(stamps)))
        and all(map(_are_keys, {*map(tuple, bodies), *map(tuple, filter(None, closed))}))
        and tuple(map(_unlinked, raw.split(b"\n"), hashes)) == hashes
    )
    return entries if good else None


def _unlinked(raw: bytes, stated: str) -> str:
    """The hash of a canonical line without its own: what is left is what was hashed, as no body can hold the hash of
    itself."""
    return sha256(raw.replace(b',"h":"%b"' % stated.encode(), b"", 1)).hexdigest()


def _reads(entry: Entry) -> bool:
    """What decoding does not look at: the form of the time, and of the keys of a body."""
    return _is_stamp(entry.at) and _are_keys(tuple(entry.data)) and (not entry.sealed or _are_keys(tuple(entry.sealed)))


@lru_cache(maxsize=4096)
def _is_stamp(at: str) -> bool:
    return STAMP.match(at) is not None


@lru_cache(maxsize=4096)
def _are_keys(names: tuple[str, ...]) -> bool:
    return all(KEY.match(name) for name in names)


def _parse_slowly(raw: bytes, *, seq: int, prev: str | None) -> tuple[Entry | None, str]:
    """As `parse`, in plain steps: for nested bodies, and to tell what is wrong."""
    try:
        record: Any = orjson.loads(raw)
        again = canonical(record)
    except orjson.JSONDecodeError:
        return None, "not_json"
    except orjson.JSONEncodeError:  # nested deeper than can be written
        return None, "not_canonical"
    if not isinstance(record, dict) or again != raw or record.get("v") != 1 or not record.keys() >= REQUIRED:
        return None, "not_canonical"
    if _unlinked(raw, str(record["h"])) != record["h"]:
        return None, "hash_wrong"
    if record["seq"] != seq or (prev is not None and record["prev"] != prev):
        return None, "chain_broken"
    if record["op"] not in OPERATIONS:
        return None, "operation_unknown"
    return (Entry(**record), "") if _fits(record) else (None, "not_canonical")


def _fits(record: Mapping[str, Any]) -> bool:
    """Whether a record has the fields of an entry, in their types, and only what all serialisers agree on."""
    types = {name: FIELDS.get(name) for name in record}
    if any(type(value) is not types[name] for name, value in record.items()) or not STAMP.match(record["at"]):
        return False
    return admissible(record.get("data", {})) and admissible(record.get("sealed", {}))
