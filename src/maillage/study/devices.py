"""Whose computer a log comes from: a device counts as a coder's own once somebody who is trusted has confirmed it.

Whoever has a copy of a study can write a log under any name. So what cannot be taken back (keys, closed files) is
done only at the word of a confirmed device; statements and tombstones count whoever wrote them, because numbers
must not depend on who looks. Confirmed are, on each computer: its own device, those that were there when it first saw
the study (`met`), and those that one of these confirmed in a signed entry (`key`, kind `device`), and so on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from maillage.errors import Finding, finding
from maillage.study import keys, log, met, seals
from maillage.study.entries import Draft, Entry
from maillage.study.log import LogFile

KIND = "device"
KEYS = ("vault", "informant", KIND)


class Signer(NamedTuple):
    """Who signs a log: the coder it names, the device, its public key."""

    coder: str
    device: str
    public: str

    @property
    def name(self) -> str:
        """As log files are called."""
        return f"{self.coder}.{self.device}"

    @property
    def key(self) -> str:
        """The first signs of the public key, in fours, to be read out over a telephone."""
        return " ".join(self.public[at : at + 4] for at in range(0, 16, 4))


@dataclass(frozen=True, slots=True)
class Device:
    """A device that has a log here. `since`: day of its first entry, as it says itself; `by`: coders who confirmed it;
    `own`: this computer's; `confirmed`: whether what it says of keys and erasures is done here."""

    signer: Signer
    since: str
    by: tuple[str, ...]
    own: bool
    confirmed: bool


def signer(one: LogFile) -> Signer | None:
    """Who signs a log; None where it has no genesis."""
    if not one.entries or one.entries[0].op != "genesis":
        return None
    said = one.entries[0].data
    return Signer(str(said.get("coder")), str(said.get("device")), str(said.get("public_key")))


def signed(one: LogFile, ops: Sequence[str] = ("key", "erase")) -> list[Entry]:
    """The entries of these kinds that a good checkpoint of the log's own device covers; by the chain one covers all
    lines before it."""
    told = [entry for entry in one.entries if entry.op in ops]
    if not told:
        return []
    public = str(one.entries[0].data.get("public_key", ""))
    notes = (entry for entry in reversed(one.entries) if entry.op == "checkpoint" and seals.exact(entry))
    last = next((entry for entry in notes if seals.signed(entry, public)), None)
    return [entry for entry in told if last is not None and entry.seq < last.seq and entry.by == one.entries[0].by]


def trusted(study: Path, logs: Sequence[LogFile]) -> frozenset[Signer]:
    """The confirmed signers of the logs of a study folder, as seen from this computer."""
    there = {who for one in logs if (who := signer(one))}
    roots = _at_first_sight(study, logs, there)
    own = keys.present()
    found = {who for who in there if who.public == own or " ".join(who) in roots}
    told = {one.path: (signer(one), _confirmations(one)) for one in logs}
    while fresh := {who for by, said in told.values() if by in found for who in said} - found:
        found |= fresh
    return frozenset(found)


def _at_first_sight(study: Path, logs: Sequence[LogFile], there: Set[Signer]) -> Set[str]:
    ids = {str(one.entries[0].data.get("study")) for one in logs if one.entries}
    known = met.met(study, ids)
    if known is None and ids:
        known = frozenset(map(" ".join, there))
        met.meet(study, ids, known)
    return known or frozenset()


def _confirmations(one: LogFile) -> list[Signer]:
    bodies = [entry.data for entry in signed(one) if entry.kind == KIND]
    return [Signer(*(str(body.get(name)) for name in ("coder", "device", "public_key"))) for body in bodies]


def held(study: Path, logs: Sequence[LogFile]) -> frozenset[str]:
    """Hashes of entries about keys and erasures that are not acted on: their device is not confirmed, or no signature
    covers them."""
    told = {entry.h for one in logs for entry in one.entries if entry.op in ("key", "erase")}
    if not told:
        return frozenset()
    known = trusted(study, logs)
    return frozenset(told - {entry.h for one in logs if signer(one) in known for entry in signed(one)})


def listed(study: Path) -> list[Device]:
    """The devices that have a log in a study folder, by coder and name."""
    logs = [log.read(path) for path in log.files(study)]
    known, own = trusted(study, logs), keys.present()
    by: dict[Signer, set[str]] = {}
    for one in logs:
        for who in _confirmations(one) if signer(one) in known else ():
            by.setdefault(who, set()).add(one.entries[0].by)
    first = {who: one.entries[0].at[:10] for one in reversed(logs) if (who := signer(one))}
    return [
        Device(who, day, tuple(sorted(by.get(who, ()))), who.public == own, who in known)
        for who, day in sorted(first.items())
    ]


def confirmation(who: Signer) -> Draft:
    """The entry by which the coder who writes it says: this device is that coder's."""
    return Draft("key", KIND, {"coder": who.coder, "device": who.device, "public_key": who.public})


def check(study: Path, coders: Sequence[str]) -> list[Finding]:
    """Devices of listed coders that nobody trusted has confirmed, and what they would destroy or change."""
    logs = [log.read(path) for path in log.files(study)]
    if not logs:
        return []
    known = trusted(study, logs)
    authors = {entry.id: entry.by for one in logs for entry in one.entries if entry.op in ("assert", "supersede")}
    found: list[Finding] = []
    for one in logs:
        who = signer(one)
        if who is None or who in known or who.coder not in coders:
            continue
        facts: dict[str, Any] = {"file": one.path.name, "coder": who.coder, "value": who.key, "name": who.name}
        found.append(finding("device_unconfirmed", **facts))
        if grave := _grave(one, authors):
            found.append(finding("device_acts", file=one.path.name, value=", ".join(grave), name=who.name))
    return found


def _grave(one: LogFile, authors: Mapping[str, str]) -> list[str]:
    """What a log takes away or changes that is not its own: op and target, or how many."""
    gone = [f"{entry.op} {entry.of}" for entry in one.entries if entry.op in ("erase", "withdraw")]
    others = Counter(
        entry.op
        for entry in one.entries
        if entry.op in ("retract", "supersede") and authors.get(str(entry.of), entry.by) != entry.by
    )
    changed = Counter(f"key/{entry.kind}" for entry in one.entries if entry.op == "key" and entry.kind in KEYS)
    return [*dict.fromkeys(gone), *(f"{what} ({count})" for what, count in sorted((others + changed).items()))]
