"""Replay of the logs: who coded what, the last word wins, nothing is lost.

The tables that come out are those of the dictionary. `codings` keeps every standing statement of every coder;
`observations` is settled: what was decided between coders counts, else for each source and question only the coder
who stands first in `coders`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from dataclasses import replace as replace_log
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from maillage.errors import Finding, finding
from maillage.study import log, sealing, vault
from maillage.study.assembling import End, Parts, Replay, assembled, table_of, tables_of, unique_ids
from maillage.study.coded import in_force
from maillage.study.conflicts import conflicts
from maillage.study.entries import ORDER, Entry
from maillage.study.folder import Study
from maillage.study.rows import fits
from maillage.study.undoing import without_undone
from maillage.uncollected import uncollected


@uncollected()
def replay(
    study: Study, secrets: Mapping[str, str] | None = None, *, before: Mapping[str, Entry] | None = None
) -> Replay:
    """Read all logs of a study. Damaged logs give their good lines and a finding.

    secrets: source id -> secret key; by default those that the study's own key opens. Without them, what informants
    said is not there. before: entries opened earlier, by their hash, so that they need not be opened again.
    """
    read = _read(study, secrets, before)
    ends = {
        one.path.name: End(len(one.entries), one.head, one.entries[-1].at[:10] if one.entries else "", not one.damage)
        for one in read.logs
    }
    parts = Parts(
        logs={name: tuple(told) for name, told in read.opened.items()},
        ends=ends,
        standing=tuple(read.standing),
        retracted=read.retracted,
        withdrawn=read.withdrawn,
        tables=tables_of(read.standing, read.withdrawn),
        conflicts=tuple(conflicts(read.said)),
        findings=(*_damage(read.logs), *read.spoiled, *_unknown_coders(read.logs, study.settings.coders)),
        closed=read.closed,
        erased=tuple(sorted(read.erased)),
    )
    return assembled(study, parts)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the logs of a copy hold, without a table made of it: entries of all logs (each once) in all and by coder,
    sources, standing statements of all coders, entries that are closed, and what is damaged."""

    entries: int
    by_coder: Mapping[str, int]
    sources: int
    observations: int
    closed: int
    damage: tuple[Finding, ...]


def tally(study: Study) -> Tally:
    """Count what `replay` gives."""
    return _tally(study, _read(study, kinds=("source", "observation")))


def _tally(study: Study, read: "_Read") -> Tally:
    logs = [log.read(path) for path in log.files(study.path)]
    by = dict(chain.from_iterable(map(attrgetter("h", "by"), one.entries) for one in logs))
    counts = dict(sorted(Counter(by.values()).items()))
    held = (len(read.of("source")), len(read.of("observation")), read.closed)
    return Tally(len(by), counts, *held, damage=_damage(logs))


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is to say of a copy once another was taken into it: its tally, what two people corrected, decided or
    took back differently, and the newest head of each log without damage."""

    tally: Tally
    torn: tuple[Finding, ...]
    heads: Mapping[str, tuple[int, str]]


@uncollected()
def stock(study: Study) -> Stock:
    """As `replay` finds it, without the tables that nothing of this hangs on."""
    read = _read(study)
    codings, decisions = (table_of(kind, read.standing, read.withdrawn) for kind in ("observation", "decision"))
    gone = in_force(decisions, unique_ids(codings))[1]
    ends = {one.path.name: (len(one.entries), one.head) for one in read.logs if not one.damage}
    return Stock(_tally(study, read), (*conflicts(read.said), *gone), ends)


@dataclass(frozen=True, slots=True)
class _Read:
    """All logs of a study, what can be read in them, what was not undone, and what counts."""

    logs: Sequence[log.LogFile]
    erased: Set[str]
    opened: Mapping[str, Sequence[Entry]]
    closed: int
    spoiled: Sequence[Finding]
    said: Sequence[Entry]
    standing: Sequence[Entry]
    retracted: int
    withdrawn: Set[str]

    def of(self, kind: str) -> list[Entry]:
        """Standing entries of a kind; what a source said that withdrew does not stand."""
        told = [entry for entry in self.standing if entry.kind == kind]
        return told if kind == "source" else [e for e in told if str(e.data.get("source")) not in self.withdrawn]


@uncollected()
def _read(
    study: Study,
    secrets: Mapping[str, str] | None = None,
    before: Mapping[str, Entry] | None = None,
    kinds: Sequence[str] = (),
) -> _Read:
    """kinds: those that matter, where others need not be looked at."""
    secrets = vault.secrets_of(study) if secrets is None else secrets
    logs = [log.read(path) for path in log.files(study.path)]
    erased = {str(entry.of) for item in logs for entry in item.entries if entry.op == "erase"}
    told = (_of_kinds(item, kinds) for item in logs)
    opened, closed, spoiled = opened_of(told, secrets, erased, before or {})
    said = without_undone(list(chain.from_iterable(opened.values())))
    standing, retracted = standing_of(said)
    withdrawn = {str(entry.of) for entry in said if entry.op == "withdraw"}
    return _Read(logs, erased, opened, closed, spoiled, said, standing, retracted, withdrawn)


def _of_kinds(item: log.LogFile, kinds: Sequence[str]) -> log.LogFile:
    """A log without the open entries of other kinds; a closed one may be of any."""
    if not kinds:
        return item
    return replace_log(item, entries=tuple(e for e in item.entries if e.kind in kinds or e.sealed is not None))


def _damage(logs: Sequence[log.LogFile]) -> tuple[Finding, ...]:
    return tuple(item.damage for item in logs if item.damage)


def opened_of(
    logs: Iterable[log.LogFile], secrets: Mapping[str, str], erased: Set[str], before: Mapping[str, Entry]
) -> tuple[dict[str, list[Entry]], int, list[Finding]]:
    """The entries that can be read by log, how many are closed, and what is wrong with those that nobody can read.

    An entry that stands in two branches of a fork is one entry.
    """
    opened: dict[str, list[Entry]] = {}
    seen: set[str] = set()
    closed, spoiled = 0, list[Finding]()
    for item in logs:
        entries = opened.setdefault(item.path.name, [])
        for entry in item.entries:
            if entry.h in seen or (erased and whose(entry) in erased):
                continue
            seen.add(entry.h)
            body = entry.data if entry.sealed is None else _body(entry, secrets, before.get(entry.h))
            if body is not None and not fits(entry.kind, entry.op, body):
                spoiled.append(finding("entry_unfit", file=item.path.name, line=entry.seq + 1, value=entry.kind))
            elif body is not None:
                entries.append(entry if entry.sealed is None else replace(entry, data=body, why=body.get("why")))
            elif str((entry.sealed or {}).get("src")) in secrets:
                spoiled.append(finding("sealed_damaged", file=item.path.name, line=entry.seq + 1))
            else:
                closed += 1
    return opened, closed, spoiled


def _body(entry: Entry, secrets: Mapping[str, str], known: Entry | None) -> Mapping[str, Any] | None:
    """What a closed entry says, None where it cannot be opened. known: the same entry as opened before."""
    assert entry.sealed is not None
    if known is not None and str(entry.sealed.get("src")) in secrets:
        return known.data
    return sealing.unsealed(entry.sealed, secrets)


def whose(entry: Entry) -> str | None:
    """The source that an entry rests on; None for entries about no source."""
    if entry.sealed:
        return str(entry.sealed.get("src"))
    if entry.kind == "source" and entry.op in ("assert", "supersede"):
        return str(entry.data.get("id") or entry.id)
    source = entry.data.get("source")
    return str(source) if source and entry.op in ("assert", "supersede") else None


def standing_of(entries: Sequence[Entry]) -> tuple[list[Entry], int]:
    """Entries that still count: not retracted, not superseded; and how many no longer do.

    Where two people corrected one entry without knowing of each other, retraction wins over correction and the later
    correction over the earlier; `conflicts` names them. So does one of two entries with the same id of its own
    by the same coder (a table entered on two computers): the later counts.
    """
    ordered = sorted(entries, key=ORDER)
    things = {e.id: e for e in ordered if e.op in {"assert", "supersede"}}
    changes = [e for e in ordered if e.of and e.op in {"retract", "supersede"}]
    retracted = {e.of for e in changes if e.op == "retract"}
    last = {e.of: e.id for e in changes if e.op == "supersede"}
    beaten = {e.id for e in changes if e.op == "supersede" and (e.of in retracted or last[e.of] != e.id)}
    gone = retracted | last.keys() | beaten
    names = {key: name_of(e) for key, e in things.items() if key not in gone and e.data.get("id")}
    last_named = {name: key for key, name in names.items()}
    standing = [
        e for key, e in things.items() if key not in gone and (key not in names or last_named[names[key]] == key)
    ]
    return standing, len(gone & things.keys())


def name_of(entry: Entry) -> tuple[str, str, str]:
    """What an entry is about, by the id its coder gave it; a source or a code is one thing whoever enters it."""
    return entry.kind, "" if entry.kind in ("source", "code") else entry.by, str(entry.data.get("id"))


def _unknown_coders(logs: Sequence[log.LogFile], coders: Sequence[str]) -> list[Finding]:
    owners = {item.path.name: item.entries[0].by for item in logs if item.entries}
    return [
        finding("coder_not_listed", file=name, value=owner, coders=", ".join(coders))
        for name, owner in sorted(owners.items())
        if owner not in coders
    ]
