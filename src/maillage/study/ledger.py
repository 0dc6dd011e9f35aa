"""The ledger: every release that went out, with whose statements it counted as marks that only the study can read.

One file a release, so that two copies of a study unite by taking each other's files and no file is ever changed. With a
vault they lie there, closed to the key that everybody who opens it holds, sizes padded; without one in `ledger/`. A
mark is a keyed hash of an informant. In a vault the key is the informant's own: when it is destroyed, nobody can say
any more whose mark it was, only that somebody is gone. The ledger is no part of the log, nor of its head.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from maillage.errors import Finding, MaillageError, finding
from maillage.study import age, disk, heads, keyring, vault
from maillage.study.folder import Study
from maillage.study.keyring import Keyring

FOLDER, PREFIX = "ledger", "ledger-"
SEEN = 0, ""  # how a record stands among the heads that a computer remembers: it never changes
PADDED = 65536
PARTS: Mapping[str, type] = {
    "when": str, "date": str, "head": str, "audience": str, "to": str, "withheld": int, "exceptions": list,
    "rows": list, "people": list,
}  # fmt: skip
WHO = ("asked", "said")  # by their place among the people of a record
LISTS = ("routes", "reported")  # told as lists; records of before lack them


@dataclass(frozen=True, slots=True)
class Record:
    """One release. `name`: its file. `salt`: what its marks are keyed with, beside the informants' own keys. `body`:
    what the release was, with marks."""

    name: str
    salt: str = field(repr=False)
    body: Mapping[str, Any]


def records(study: Study) -> list[Record]:
    """What went out, the oldest first. Raises MaillageError `vault_locked`, `ledger_damaged`, `ledger_missing`."""
    if gone := missing(study):
        raise MaillageError("ledger_missing", findings=gone, count=len(gone))
    folder = study.path / FOLDER
    found = [_record(path, path.read_bytes(), study, None) for path in sorted(folder.glob(f"{PREFIX}*.json"))]
    closed = sorted((study.path / vault.FOLDER).glob(f"{PREFIX}*.age"))
    ring = _ring(study) if closed else None
    for path in closed:
        plain = None if ring is None else age.unclose(path.read_bytes(), ring.field_key)
        if plain is None:
            raise MaillageError("ledger_damaged", file=path.name)
        found.append(_record(path, plain, study, ring))
    return sorted(found, key=lambda one: (one.body["when"], one.body["date"], one.name))


def keep(study: Study, body: Mapping[str, Any], people: Iterable[str]) -> str | None:
    """Keep a release, durably, before it goes out; None where the same release stands in the ledger already.

    body: what it was; `asked` and `said` of its `rows` name people by their place in `people` (source ids). The name
    of the file follows from what was released and to whom, so a release built again is not kept again. Raises
    MaillageError `vault_locked`.
    """
    ring = _ring(study) if vault.exists(study.path) else None
    people = list(people)
    same = {key: value for key, value in body.items() if key not in ("when", "repeated")}
    digest = orjson.dumps([study.settings.id, same, people], option=orjson.OPT_SORT_KEYS)
    name = f"{PREFIX}{_mac(ring.secret if ring else 'ledger', digest)[:24]}"
    path = study.path / (vault.FOLDER if ring else FOLDER) / f"{name}.{'age' if ring else 'json'}"
    if path.exists():
        return None
    salt = secrets.token_hex(32)
    marked = _marked(body, [_mark(source, salt, ring) for source in people])
    plain = orjson.dumps(
        {"v": 1, "study": study.settings.id, "salt": salt, "body": marked}, option=orjson.OPT_SORT_KEYS
    )
    if ring is not None:
        proof = _mac(ring.secret, plain).encode()
        plain = proof + plain.ljust(-(-(len(plain) + len(proof)) // PADDED) * PADDED - len(proof))
        plain = age.close(plain, [ring.field_public()])
    disk.make_folder(path.parent)
    disk.replace(path, plain)
    heads.remember(study.path, study.settings.id, {path.name: SEEN})
    return name


def missing(study: Study) -> list[Finding]:
    """Records that this computer has seen in this folder and that are gone: without them a release could tell the
    public what an earlier one, which nobody remembers, left out. What is there is remembered."""
    there = names(study.path)
    heads.remember(study.path, study.settings.id, dict.fromkeys(there, SEEN))
    known = heads.trusted(study.path, study.settings.id)
    return [
        finding("ledger_gone", file=name) for name in sorted(known) if name.startswith(PREFIX) and name not in there
    ]


def _marked(body: Mapping[str, Any], marks: Sequence[str]) -> dict[str, Any]:
    """The body with marks for people, in the order of the marks: another order would say whose they are."""
    order = sorted(range(len(marks)), key=marks.__getitem__)
    place = {old: new for new, old in enumerate(order)}
    named = {
        part: [row | {name: sorted(place[at] for at in row[name]) for name in WHO if name in row} for row in body[part]]
        for part in ("rows", *LISTS) if part in body
    }  # fmt: skip
    return {**body, **named, "people": [marks[at] for at in order]}


def sources_of(study: Study, record: Record, sources: Sequence[str]) -> list[str]:
    """The people of a record, in its order: source ids where they can be told, else the mark itself."""
    ring = _ring(study) if vault.exists(study.path) else None
    known = {_mark(source, record.salt, ring): source for source in sources}
    known |= {_mark(source, record.salt, None): source for source in sources}
    return [known.get(mark, mark) for mark in map(str, record.body["people"])]


def names(study: Path) -> dict[str, Path]:
    """The files of a ledger, by name, for merging."""
    return {path.name: path for folder in (FOLDER, vault.FOLDER) for path in (study / folder).glob(f"{PREFIX}*.*")}


def _ring(study: Study) -> Keyring:
    """The keyring, by the key the study was opened with. Raises MaillageError `vault_locked`."""
    if study.key is None:
        raise MaillageError("vault_locked")
    return keyring.opened((study.path / vault.FOLDER / vault.RING).read_bytes(), study.key, study.settings.id)


def _mark(source: str, salt: str, ring: Keyring | None) -> str:
    """The mark of an informant in one record: keyed with their own key where they have one."""
    own = ring.sources.get(source, "") if ring else ""
    return _mac(f"{salt}{own}", source.encode())[:32]


def _mac(key: str, text: bytes) -> str:
    return hmac.new(key.encode(), text, sha256).hexdigest()


def _record(path: Path, raw: bytes, study: Study, ring: Keyring | None) -> Record:
    """A file of the ledger as a record. A closed one proves that somebody who held the vault made it."""
    if ring is not None:
        proof, raw = raw[:64], raw[64:].rstrip(b" ")
        if not hmac.compare_digest(proof, _mac(ring.secret, raw).encode()):
            raise MaillageError("ledger_damaged", file=path.name)
    try:
        read = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise MaillageError("ledger_damaged", file=path.name) from problem
    if not isinstance(read, dict) or read.get("v") != 1 or read.get("study") != study.settings.id or not _whole(read):
        raise MaillageError("ledger_damaged", file=path.name)
    return Record(path.stem, read["salt"], read["body"])


def _whole(read: Mapping[str, Any]) -> bool:
    """Whether a record has all that is read of it: numbers name people by their place among its marks."""
    body = read.get("body")
    if not isinstance(read.get("salt"), str) or not isinstance(body, dict):
        return False
    if any(not isinstance(body.get(name), kind) for name, kind in PARTS.items()):
        return False
    if not isinstance(body.get("repeated", 0), int) or not isinstance(body.get("form", ""), str):
        return False
    lists = [body.get(name, []) for name in LISTS]
    if not all(isinstance(rows, list) for rows in lists):
        return False
    most = len(body["people"])
    return all(_names(row, most, WHO) for row in body["rows"]) and all(
        _names(row, most, WHO[:1]) for rows in lists for row in rows
    )


def _names(row: Any, most: int, who: Sequence[str]) -> bool:
    """Whether a row is one with an id that names people by their place."""
    if not isinstance(row, dict) or not isinstance(row.get("shown"), dict) or "id" not in row["shown"]:
        return False
    return all(
        isinstance(row.get(name), list) and all(isinstance(at, int) and 0 <= at < most for at in row[name])
        for name in who
    )
