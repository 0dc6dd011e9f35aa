"""The vault of a study: keys, transcripts and identities of informants, closed with age; what the log says of it.

Two rules hold it together. What must be known while it is locked stands in the signed log (`key` entries): who opens
it, the hash of the keyring, each informant's public key. And a key is destroyed durably first, then the log says so:
an `erase` entry whose key is still in the ring is executed again at the next opening (security: crash-state
enumeration after Pillai and others, OSDI 2014).
"""

import re
import secrets
from collections.abc import Generator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from maillage.errors import MaillageError
from maillage.study import age, devices, disk, filenames, keyring, log
from maillage.study.disk import replace
from maillage.study.entries import Draft, Entry
from maillage.study.folder import Study
from maillage.study.identity import recipient
from maillage.study.keyring import Keyring

FOLDER, RING, PENDING, RESULTS = "vault", "keyring.age", "keyring~*.age", "out-"
VERSION = "~"  # between the name of an informant's file and what tells versions apart; no such name holds it
TAKEN = re.compile(r"keyring\Z|out-|field-|names-|[\W_]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """What the logs say of a vault, readable while it is locked.

    informants: source id -> public key. erased: source ids. rings: hashes of every keyring the log named.
    waiting: those of the erased that only devices said which nobody has confirmed: nothing of theirs is destroyed yet.
    """

    generation: int = 0
    people: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    field_key: str = ""
    informants: Mapping[str, str] = field(default_factory=dict[str, str])
    erased: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    rings: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Open:
    """An unlocked vault: the keyring in memory, and the identity that opened it."""

    study: Study
    ring: Keyring
    key: str = field(repr=False)


def exists(study: Path) -> bool:
    """Whether a study has a vault."""
    return (study / FOLDER / RING).is_file()


def stem(source: str) -> str:
    """What the files of an informant are called: the id, unless the vault or a disk needs that name for something."""
    return filenames.hashed(source) if TAKEN.match(source) else filenames.stem(source)


def files_of(study: Path, source: str) -> list[Path]:
    """The closed files of an informant: the card and every version of what they said."""
    name = stem(source)
    found = (study / FOLDER).glob("*.age")
    return sorted(path for path in found if path.stem.partition(VERSION)[0] == name)


def known(entries: Sequence[Entry], held: Set[str] = frozenset()) -> Known:
    """The vault as these entries tell it; the highest generation says who opens it.

    held: hashes of entries that are not acted on (`devices.held`); an erasure among them is one, but waits.
    """
    erasures = [entry for entry in entries if entry.op == "erase"]
    erased = frozenset(str(entry.of) for entry in erasures)
    entries = [entry for entry in entries if entry.op == "key" and entry.h not in held]
    rings = [body for entry in entries if (body := _of_ring(entry))]
    informants = [body for entry in entries if (body := _of_informant(entry))]
    last = max(rings, key=lambda data: (data["generation"], data["keyring_sha256"]), default=None)
    return Known(
        generation=last["generation"] if last else 0,
        people=tuple(last["people"]) if last else (),
        recipients=tuple(last["recipients"]) if last else (),
        field_key=last["field"] if last else "",
        informants={data["source"]: data["recipient"] for data in informants},
        erased=erased,
        waiting=erased - {str(entry.of) for entry in erasures if entry.h not in held},
        rings={data["keyring_sha256"]: data["generation"] for data in rings},
    )


def _of_ring(entry: Entry) -> Mapping[str, Any]:
    """What an entry says of a keyring; nothing where a part is missing: somebody may hand over any log."""
    said: Mapping[str, Any] = entry.data if (entry.op, entry.kind) == ("key", "vault") else {}
    lists = [said.get(name) for name in ("people", "recipients")]
    whole = all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in lists)
    whole = whole and isinstance(said.get("generation"), int) and isinstance(said.get("keyring_sha256"), str)
    return said if whole and age.is_public(str(said.get("field"))) else {}


def _of_informant(entry: Entry) -> Mapping[str, Any]:
    """What an entry says of an informant's key; nothing where it is none."""
    said: Mapping[str, Any] = entry.data if (entry.op, entry.kind) == ("key", "informant") else {}
    return said if isinstance(said.get("source"), str) and age.is_public(str(said.get("recipient"))) else {}


def contradicts(told: Known, entries: Sequence[Entry]) -> bool:
    """Whether entries name other keys for what has one: what is said from then on would be closed to somebody else."""
    fields = {body["field"] for entry in entries if (body := _of_ring(entry))}
    named = [body for entry in entries if (body := _of_informant(entry))]
    foreign = bool(told.field_key) and not fields <= {told.field_key}
    return foreign or any(told.informants.get(one["source"], one["recipient"]) != one["recipient"] for one in named)


def read_known(study: Path) -> Known:
    """As `known`, from the log files of a study; what devices say that nobody has confirmed is held."""
    logs = [log.read(path) for path in log.files(study)]
    return known([entry for one in logs for entry in one.entries], devices.held(study, logs))


def create(study: Study, coder: str, people: Mapping[str, str]) -> str:
    """Make the vault for `people` (name -> public key) and return the recovery key, to be written on paper, once.

    Raises MaillageError `vault_exists`, `keyring_gone`, `vault_alone`, `recipient_wrong`.
    """
    if exists(study.path):
        raise MaillageError("vault_exists")
    if read_known(study.path).rings:
        raise MaillageError("keyring_gone", file=RING)
    for text in people.values():
        recipient(text)
    paper, paper_public = age.make()
    field_key, _ = age.make()
    ring = Keyring(study.settings.id, 1, dict(people), paper_public, {}, field_key, secrets.token_hex(32))
    raw = keyring.closed(ring)
    disk.make_folder(study.path / FOLDER)
    _keep(study, coder, ring, raw, [])
    return paper


def unlock(study: Study, key: str, *, coder: str) -> Open:
    """Open the vault: unite copies that a merge brought, execute erasures and write entries that a crash cut short.

    A keyring that somebody of the vault closed vouches for itself. An erasure that only the log tells is executed once
    its device is confirmed (`Known.waiting`).
    Raises MaillageError `vault_missing`, `keyring_closed`, `keyring_foreign`, `keyring_planted`.
    """
    path = study.path / FOLDER / RING
    if not path.is_file():
        raise MaillageError("vault_missing")
    told = read_known(study.path)
    raw = path.read_bytes()
    ring = _trusted(keyring.opened(raw, key, study.settings.id), told)
    pending = sorted((study.path / FOLDER).glob(PENDING))
    whole = ring
    for other in pending:
        whole = keyring.united(whole, _trusted(keyring.opened(other.read_bytes(), key, study.settings.id), told), ())
    destroyed = told.erased - told.waiting
    whole = keyring.without_sources(whole, sorted(destroyed))
    unsaid = _unsaid(whole, told)
    if ring.sources.keys() - whole.sources.keys():
        _forget_results(study.path)
    if whole != ring:
        raw = keyring.closed(whole)
    if unsaid or keyring.fingerprint(raw) not in told.rings:
        _keep(study, coder, whole, raw, unsaid)
    for other in pending:
        disk.remove(other)
    for source in sorted({*destroyed, *whole.erased}):
        remove(study.path, source)
    return Open(study, whole, key)


def _trusted(ring: Keyring, told: Known) -> Keyring:
    """A ring that only somebody who held the vault can have made: anyone can close a file for the people of a vault.

    Raises MaillageError `keyring_planted`.
    """
    stated = {source: age.public(secret) for source, secret in ring.sources.items()}
    foreign = told.generation > 0 and ring.field_public() != told.field_key
    if foreign or any(stated.get(source, text) != text for source, text in told.informants.items()):
        raise MaillageError("keyring_planted", file=RING)
    return ring


def _unsaid(ring: Keyring, told: Known) -> list[Draft]:
    """What the ring has and the log does not, because a crash came between: public keys of informants, erasures."""
    made = {source: age.public(secret) for source, secret in ring.sources.items() if source not in told.informants}
    gone = sorted(set(ring.erased) - told.erased)
    return [
        *(Draft("key", "informant", {"source": source, "recipient": text}) for source, text in sorted(made.items())),
        *(Draft("erase", "source", {"ciphertext_sha256": []}, of=source) for source in gone),
    ]


def secrets_of(study: Study) -> Mapping[str, str]:
    """Source id -> secret key, by the key that the study was opened with; none without it.

    Raises MaillageError `keyring_closed`, `keyring_foreign`.
    """
    if study.key is None or not exists(study.path):
        return {}
    return keyring.opened((study.path / FOLDER / RING).read_bytes(), study.key, study.settings.id).sources


def informants(vault: Open, coder: str, sources: Sequence[str]) -> Open:
    """Make a key for each of `sources` that has none, in the ring first, then in the log."""
    with _held(vault.study.path):
        now = _current(vault)
        ring, made = keyring.with_sources(now, sources)
        if made:
            drafts = [Draft("key", "informant", {"source": source, "recipient": text}) for source, text in made.items()]
            _keep(vault.study, coder, ring, keyring.closed(ring), drafts)
    return Open(vault.study, ring, vault.key)


def change_people(vault: Open, coder: str, people: Mapping[str, str]) -> Open:
    """Close the keyring for other people from now on. Raises MaillageError `vault_alone`, `recipient_wrong`."""
    for text in people.values():
        recipient(text)
    with _held(vault.study.path):
        ring = keyring.with_people(_current(vault), people)
        _keep(vault.study, coder, ring, keyring.closed(ring), [])
    return Open(vault.study, ring, vault.key)


def erase(vault: Open, coder: str, source: str, why: str) -> Open:
    """Destroy an informant's key, then their files, then say so in the log. Raises MaillageError `source_no_key`."""
    with _held(vault.study.path):
        now = _current(vault)
        if source not in now.sources:
            raise MaillageError("source_no_key", source=source)
        _forget_results(vault.study.path)
        gone = [sha256(path.read_bytes()).hexdigest() for path in files_of(vault.study.path, source)]
        ring = keyring.without_sources(now, [source])
        said = Draft("erase", "source", {"ciphertext_sha256": gone}, of=source, why=why)
        _keep(vault.study, coder, ring, keyring.closed(ring), [said])
    return Open(vault.study, ring, vault.key)


def _current(vault: Open) -> Keyring:
    """The ring as it lies on the disk: another program of this person may have added to it."""
    raw = (vault.study.path / FOLDER / RING).read_bytes()
    return keyring.opened(raw, vault.key, vault.study.settings.id)


@contextmanager
def _held(study: Path) -> Generator[None]:
    """Read, change and write the ring alone. Raises MaillageError `log_locked`."""
    disk.make_folder(study / ".cache")
    with disk.alone(study / ".cache" / "vault.lock"):
        yield


def _keep(study: Study, coder: str, ring: Keyring, raw: bytes, drafts: Sequence[Draft]) -> None:
    """The ring on the disk first, erased files away, then what the log says of it: it never says more than is so."""
    replace(study.path / FOLDER / RING, raw)
    for source in ring.erased:
        remove(study.path, source)
    log.append(study, coder, [*drafts, _ring_entry(ring, raw)])


def _ring_entry(ring: Keyring, raw: bytes) -> Draft:
    data = {
        "generation": ring.generation, "people": sorted(ring.people), "recipients": ring.recipients(),
        "field": ring.field_public(), "keyring_sha256": keyring.fingerprint(raw),
    }  # fmt: skip
    return Draft("key", "vault", data)


def _forget_results(study: Path) -> None:
    """Take away what was computed: numbers of small samples still tell what an erased informant said."""
    for path in (study / FOLDER).glob(f"{RESULTS}*.age"):
        disk.remove(path)


def remove(study: Path, source: str) -> None:
    """Take away an erased informant's files."""
    for path in files_of(study, source):
        disk.remove(path)
