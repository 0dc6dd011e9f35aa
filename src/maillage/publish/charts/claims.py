"""What a title may claim: who leads and by how much, who cannot be told from the first, how few sources stand behind.

A title is no stronger than its numbers: it gives the highest count with the next one, it calls nothing highest whose
interval overlaps another, "more than half" holds after one answer in ten is turned round, and what rests on a single
source, or on what may be shown alone, says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from maillage.publish.view import Row, View

TURNED = 10  # one in so many, and at least one, may be turned round


@dataclass(frozen=True, slots=True)
class Lead:
    """The codes with the highest count, that count, and the highest of the others (None: there are no others)."""

    first: Sequence[str]
    count: float
    next: float | None


def lead(counts: Mapping[str, float]) -> Lead:
    """Who leads; `counts` must not be empty."""
    top = max(counts.values())
    others = [count for count in counts.values() if count < top]
    return Lead([code for code, count in counts.items() if count == top], top, max(others, default=None))


def apart(one: Row, other: Row) -> bool:
    """Whether two estimates can be told apart: both have an interval and these do not overlap."""
    ends = [one["low"], one["high"], other["low"], other["high"]]
    return None not in ends and (one["low"] > other["high"] or other["low"] > one["high"])


def over_half(k: int, n: int) -> bool:
    """Whether k of n is more than half, even after one in ten, and at least one, is turned round."""
    return 2 * (k - max(1, ceil(n / TURNED))) > n


def single(rows: Iterable[Row]) -> bool:
    """Whether each of some estimates rests on one independent source."""
    counts = {row["clusters"] for row in rows}
    return counts == {1}


def hedged(seen: View, title: str, rows: Iterable[Row] = (), *, withheld: bool = False) -> str:
    """A title with what it must not leave out: a single source behind each number, and that some may not be shown."""
    told = list(rows)
    if single(told):
        title = seen.say("title_single_one" if len(told) == 1 else "title_single", title=title)
    return seen.say("title_shown", title=title) if withheld else title
