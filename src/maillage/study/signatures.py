"""What the study lead signs about releases: a coarser number than the gate proposes, or an exception from its rules.

Entries of kind `signature` in the log of the lead; the last on a number and an audience counts. An exception is signed
for the statements behind the number then (`mark`): with others behind it, it is another number that nobody looked at.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maillage.study import log
from maillage.study.entries import ORDER, Draft, Entry
from maillage.study.folder import Study

KIND = "signature"
MARK = b'"kind":"signature"'
CHOOSE, EXCEPT = "choose", "except"


@dataclass(frozen=True, slots=True)
class Signature:
    """`what`: choose or except. `rung`: the id chosen, `band` or `withheld`; blank for an exception. `mark`: of what an
    exception was signed for (see `mark_of`), blank for a choice. `people`, `alone`: of an exception, how many stood
    behind the number and how many of them a neighbour could tell from all others heard; None where nobody looked."""

    what: str
    number: str
    audience: str
    rung: str
    mark: str
    why: str
    by: str
    date: str
    entry: str
    people: int | None = None
    alone: int | None = None


def are_there(study: Study) -> bool:
    """Whether any log of a study holds a signature, without reading the logs as such."""
    return any(MARK in path.read_bytes() for path in log.files(study.path))


def mark_of(trace: Iterable[str] | None, counted: Iterable[str] | None) -> str:
    """A short mark of the statements behind a number and of those that count for it."""
    told = "\n".join([*sorted(trace or ()), "", *sorted(counted or ())])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def draft(what: str, number: str, audience: str, *, rung: str = "", mark: str = "", why: str, **exposed: int) -> Draft:
    """The entry of a signature. exposed: `people`, `alone` of an exception."""
    body = {"what": what, "number": number, "audience": audience, "rung": rung} | ({"mark": mark} if mark else {})
    return Draft("assert", KIND, body | exposed, why=why)


def signatures(standing: Sequence[Entry], lead: str) -> list[Signature]:
    """The signatures that count, in order of time: those of the lead, the last on each number.

    Of two in one second the one further down in the log is the last.
    """
    last: dict[tuple[str, ...], Signature] = {}
    mine = [entry for entry in standing if entry.kind == KIND and entry.by == lead]
    for entry in sorted(mine, key=ORDER):
        told: Mapping[str, str] = {
            name: str(entry.data.get(name) or "") for name in ("what", "number", "audience", "rung", "mark")
        }
        one = Signature(
            **told, why=str(entry.why or ""), by=entry.by, date=entry.at[:10], entry=entry.id,
            people=_whole(entry.data.get("people")), alone=_whole(entry.data.get("alone")),
        )  # fmt: skip
        last[(one.what, one.number, one.audience)] = one
    return list(last.values())


def _whole(value: object) -> int | None:
    """A whole number of an entry, which may hold anything."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
