"""What follows of somebody from all shares that are out, and why it can: an exception, an earlier release, or neither.

An exception is named as the cause where nothing follows any more once the number it let out is held back.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TypeAlias

from maillage.publish.union_audit import given_away
from maillage.publish.unknowns import Count, What

Found: TypeAlias = set[tuple[What, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A statement and the people of whom it follows whether they made it.

    exceptions: ids of the numbers without whose exception it would not follow. earlier: whether what went out before
    tells it already.
    """

    statement: str
    people: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    earlier: bool = False


def worked_out(
    counts: Sequence[Count], fixed: Sequence[Count], exceptions: Mapping[str, Set[str]]
) -> tuple[WorkedOut, ...]:  # fmt: skip
    """Everything that follows, sorted; nothing where the gate did its work and no exception was signed.

    fixed: counts of earlier releases. exceptions: by id of a number, the names of the counts that left as computed.
    """
    found = _found(counts, fixed, frozenset()) if counts else set()
    if not found:
        return ()
    before = _found(counts, fixed, {count.name for count in counts})
    left = {ident: _found(counts, fixed, names) for ident, names in sorted(exceptions.items())}
    never = _found(counts, fixed, frozenset[str]().union(*exceptions.values()))
    every = tuple(sorted(exceptions))
    told = [
        WorkedOut(
            "/".join(part for part in one[0] if part), tuple(sorted(one[1])),
            tuple(ident for ident in every if one not in left[ident]) or (() if one in never else every), one in before,
        )
        for one in found
    ]  # fmt: skip
    return tuple(sorted(set(told), key=lambda one: (one.statement, one.people)))


def _found(counts: Sequence[Count], fixed: Sequence[Count], held: Set[str]) -> Found:
    """What follows where the counts with these names say nothing."""
    silent = [
        [replace(one, least=None, most=None, ways=()) if one.name in held else one for one in many]
        for many in (counts, fixed)
    ]
    return set(given_away(silent[0], fixed=silent[1]))
