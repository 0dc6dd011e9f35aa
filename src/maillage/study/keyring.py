"""The keyring of a vault: one key an informant, opened only by the people of the vault and the recovery key on paper.

Destroying an informant's key destroys what they said, in this copy of the study: the log holds only what it closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

import msgspec
import orjson

from maillage.errors import MaillageError
from maillage.study import age

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Keyring:
    """What the keyring holds; secrets never print.

    people: name -> public key. sources: source id -> secret key. `field` closes notes taken where no secret key is;
    `secret` keys the hashes by which names are compared. `erased` sources may never come back.
    """

    study: str
    generation: int
    people: Mapping[str, str]
    recovery: str
    sources: Mapping[str, str] = field(repr=False)
    field_key: str = field(repr=False)
    secret: str = field(repr=False)
    erased: tuple[str, ...] = ()

    def recipients(self) -> list[str]:
        """Everybody who can open it, the paper key last."""
        return [*(self.people[name] for name in sorted(self.people)), self.recovery]

    def field_public(self) -> str:
        """The public half of the field key."""
        return age.public(self.field_key) or ""


class _Body(msgspec.Struct, frozen=True):
    """What a keyring's file says: anybody can close anything for the people of a vault."""

    v: Literal[1]
    study: str
    generation: int
    people: dict[str, str]
    recovery: str
    sources: dict[str, str]
    field: str
    secret: str
    erased: list[str]


DECODER = msgspec.json.Decoder(_Body)


def closed(ring: Keyring) -> bytes:
    """The keyring as a file. Raises MaillageError `vault_alone` for fewer than two people."""
    if len(set(ring.people.values())) < FEWEST:
        raise MaillageError("vault_alone", people=", ".join(sorted(ring.people)))
    body = {
        "v": 1, "study": ring.study, "generation": ring.generation, "people": dict(ring.people),
        "recovery": ring.recovery, "sources": dict(ring.sources), "field": ring.field_key, "secret": ring.secret,
        "erased": sorted(ring.erased),
    }  # fmt: skip
    plain = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return age.close(plain, ring.recipients())


def opened(raw: bytes, key: str, study: str) -> Keyring:
    """The keyring of a file. Raises MaillageError `keyring_closed` (not for this key), `keyring_damaged` (it holds
    something else), `keyring_foreign`."""
    plain = age.unclose(raw, key)
    if plain is None:
        raise MaillageError("keyring_closed")
    try:
        body = DECODER.decode(plain)
    except msgspec.DecodeError as problem:
        raise MaillageError("keyring_damaged") from problem
    if body.study != study:
        raise MaillageError("keyring_foreign", study=study)
    return Keyring(
        body.study, body.generation, body.people, body.recovery, body.sources, body.field, body.secret,
        tuple(body.erased),
    )  # fmt: skip


def fingerprint(raw: bytes) -> str:
    """SHA-256 of the closed keyring, by which the log names it."""
    return sha256(raw).hexdigest()


def with_sources(ring: Keyring, wanted: Sequence[str]) -> tuple[Keyring, dict[str, str]]:
    """The next generation with a key for each of `wanted`, and the public keys that are new (source -> public key).

    Raises MaillageError `source_erased` for a source whose key was destroyed.
    """
    gone = [source for source in wanted if source in ring.erased]
    if gone:
        raise MaillageError("source_erased", sources=", ".join(gone))
    made = {source: age.make() for source in wanted if source not in ring.sources}
    if not made:
        return ring, {}
    sources = {**ring.sources, **{source: secret for source, (secret, _) in made.items()}}
    public = {source: key for source, (_, key) in made.items()}
    return replace(ring, sources=sources, generation=ring.generation + 1), public


def without_sources(ring: Keyring, erased: Sequence[str]) -> Keyring:
    """The next generation without the keys of `erased`; the same one where they are gone already."""
    tombs = tuple(sorted({*ring.erased, *erased}))
    left = {source: key for source, key in ring.sources.items() if source not in tombs}
    if left == ring.sources and tombs == ring.erased:
        return ring
    return replace(ring, sources=left, erased=tombs, generation=ring.generation + 1)


def with_people(ring: Keyring, people: Mapping[str, str]) -> Keyring:
    """The next generation for other people. What somebody copied before stays with them."""
    return replace(ring, people=dict(people), generation=ring.generation + 1)


def united(mine: Keyring, other: Keyring, erased: Sequence[str]) -> Keyring:
    """Two copies as one: every key of either, but none that any copy or the log has erased.

    Generation, people and recovery key are those of the later generation (of equal ones, the greater by its people):
    a largest element and unions, so that the order of merging makes no difference.
    """
    lead = max(mine, other, key=lambda ring: (ring.generation, sorted(ring.people.items()), ring.recovery))
    tombs = {*mine.erased, *other.erased, *erased}
    both = {**mine.sources, **other.sources}
    sources = {source: both[source] for source in sorted(both) if source not in tombs}
    return replace(lead, sources=sources, erased=tuple(sorted(tombs)))
