"""A replay carried on by what this program itself entered since: a single entry must not cost the reading of all.

Only what hangs together with the new entries (what they correct, take back or undo, or what bears the same id) is
judged anew, by the rules of `observations`; where more than that could change (a withdrawal, an erasure, a log that
somebody else wrote to), nothing is said here, and everything is read again.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from maillage.errors import Finding
from maillage.study import disk, log, vault
from maillage.study.assembling import End, Parts, Replay, assembled, table_of
from maillage.study.conflicts import conflicts
from maillage.study.entries import ORDER, Entry, parse
from maillage.study.folder import Study
from maillage.study.observations import name_of, opened_of, standing_of
from maillage.study.undoing import without_undone
from maillage.uncollected import uncollected

KNOWN = {"genesis", "checkpoint", "assert", "supersede", "retract"}
THINGS = {"assert", "supersede"}
MANY = {"observation", "passage", "memo"}  # tables whose order does not matter: they are sorted by what names a row


def grew_here(path: Path, before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether a log (size, time of change in ns) became what it is now by what this process entered, and nothing else.

    A log that was not there has size and time 0.
    """
    state: tuple[int, int] | None = before
    while state is not None and state != now:
        state = log.STEPS.get((path, *state))
    return state is not None


def _beyond(path: Path, size: int, now: int, *, seq: int, prev: str | None) -> list[Entry]:
    """The entries between two sizes of a log, in the chain after line `seq` with the hash `prev`; none where one is
    not good."""
    *lines, rest = disk.between(path, size, now).split(b"\n")
    entries: list[Entry] = []
    for text in lines:
        entry, _ = parse(text, seq=seq + len(entries), prev=entries[-1].h if entries else prev)
        if entry is None:
            return []
        entries.append(entry)
    return [] if rest else entries


@uncollected()
def grown(study: Study, known: Replay, sizes: Mapping[str, tuple[int, int]]) -> Replay | None:
    """`known` with what its logs hold beyond it; None where that cannot be told without reading everything.

    sizes: log -> bytes that `known` was read from, and bytes now, of logs that grew by this program alone.
    """
    parts = known.parts
    ends, files = dict(parts.ends), list[log.LogFile]()
    for name, (size, now) in sorted(sizes.items()):
        end = ends.get(name, End(0, "", "", True))
        lines = _beyond(study.path / "log" / name, size, now, seq=end.lines, prev=end.head or None)
        if not end.whole or not lines:
            return None
        ends[name] = End(end.lines + len(lines), lines[-1].h, lines[-1].at[:10], True)
        files.append(log.LogFile(Path(name), tuple(lines), now, b"", None))
    fresh = [entry for one in files for entry in one.entries]
    if not KNOWN.issuperset(entry.op for entry in fresh):
        return None
    secrets = vault.secrets_of(study) if any(entry.sealed for entry in fresh) else {}
    opened, closed, spoiled = opened_of(files, secrets, set(parts.erased), {})
    if spoiled:
        return None
    logs = dict(parts.logs) | {name: (*parts.logs.get(name, ()), *told) for name, told in opened.items()}
    new = [entry for told in opened.values() for entry in told]
    carried = _carried(replace(parts, logs=logs, ends=ends, closed=parts.closed + closed), new)
    return None if carried is None else assembled(study, carried, known)


def _carried(parts: Parts, new: Sequence[Entry]) -> Parts | None:
    """The parts, once the new entries (in their logs already) are judged; None where an id stands twice."""
    every = list(chain.from_iterable(parts.logs.values()))
    ids = {entry.id for entry in new}
    if len(ids) < len(new) or sum(entry.id in ids for entry in every) > len(new):
        return None
    near = _near(every, new)
    if len({entry.id for entry in near}) < len(near):
        return None
    fresh = {entry.h for entry in new}
    before, lost = standing_of(without_undone([entry for entry in near if entry.h not in fresh]))
    after, gone = standing_of(without_undone(near))
    away = {entry.h for entry in before} - {entry.h for entry in after}
    stood = {entry.h for entry in before}
    come = [entry for entry in after if entry.h not in stood]
    standing = list(parts.standing) if not away else [entry for entry in parts.standing if entry.h not in away]
    for entry in come:
        insort(standing, entry, key=ORDER)
    changed = {entry.kind for entry in come} | {entry.kind for entry in before if entry.h in away}
    judged = any(_may_conflict(entry) for entry in near)
    return replace(
        parts,
        standing=tuple(standing),
        retracted=parts.retracted + gone - lost,
        tables=_tables(parts, standing, changed, away=[e for e in before if e.h in away], come=come),
        conflicts=_conflicts(every) if judged else parts.conflicts,
    )


def _near(every: Iterable[Entry], new: Sequence[Entry]) -> list[Entry]:
    """All entries that hang together with the new ones, by what they are about or by the id a coder gave."""
    found: dict[str, Entry] = {}
    ids, names, fresh = set[str | None](), set[tuple[str, str, str]](), list(new)
    while fresh:
        found |= {entry.h: entry for entry in fresh}
        more = {name for entry in fresh for name in (entry.id, entry.of) if name} - ids
        called = {name_of(entry) for entry in fresh if _is_named(entry)} - names
        ids, names = ids | more, names | called
        fresh = _touching(every, ids, names, found) if more or called else []
    return list(found.values())


def _touching(
    every: Iterable[Entry], ids: Set[str | None], names: Set[tuple[str, str, str]], found: Mapping[str, Entry]
) -> list[Entry]:
    return [
        entry
        for entry in every
        if (entry.id in ids or entry.of in ids or (names and _is_named(entry) and name_of(entry) in names))
        and entry.h not in found
    ]


def _is_named(entry: Entry) -> bool:
    return entry.op in THINGS and bool(entry.data.get("id"))


def _tables(
    parts: Parts, standing: Sequence[Entry], changed: Set[str], *, away: Sequence[Entry], come: Sequence[Entry]
) -> dict[str, pl.DataFrame]:
    """The tables, those of the changed kinds anew: large ones by the rows that went and came."""
    tables = dict(parts.tables)
    for kind in changed & tables.keys():
        if kind in MANY:
            left = [entry.id for entry in away if entry.kind == kind]
            rows = tables[kind].filter(~pl.col("entry").is_in(left)) if left else tables[kind]
            tables[kind] = pl.concat([rows, table_of(kind, come, parts.withdrawn)])
        else:
            tables[kind] = table_of(kind, standing, parts.withdrawn)
    return tables


def _conflicts(every: Iterable[Entry]) -> tuple[Finding, ...]:
    """As `conflicts`, of the entries it looks at."""
    return tuple(conflicts(without_undone([entry for entry in every if _may_conflict(entry)])))


def _may_conflict(entry: Entry) -> bool:
    return entry.op in ("retract", "supersede") or entry.kind == "decision"
