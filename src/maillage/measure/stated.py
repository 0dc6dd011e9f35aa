"""What was said as present, with the quantity it carries: the ground of levies, flows, figures and responses.

Absent and hypothesised statements, rows that only say why there is no answer, and statements of somebody who gave no
consent never come through here.
"""

import datetime
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import polars as pl

from maillage.estimate import UNSTATED
from maillage.evidence import Evidence
from maillage.measure.respondents import STATUS_ANSWERS, Areas, Source, sources

Fields = dict[str, Any]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement said as present; `fields` are its columns, `place` its own place or else that of the source."""

    id: str
    source: Source
    place: str | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest bound said, None where nobody said one; open where somebody left the bound open."""

    low: float | None
    high: float | None
    open_low: bool
    open_high: bool

    @property
    def value(self) -> float | None:
        """The number itself where all say the same one."""
        one = self.low is not None and self.low == self.high and not (self.open_low or self.open_high)
        return self.low if one else None


def stated(evidence: Evidence, kind: str) -> list[Stated]:
    """Statements of one kind said as present, sorted by id."""
    known = sources(evidence)
    rows = evidence.observations.filter(
        (pl.col("kind") == kind)
        & (pl.col("polarity").is_null() | (pl.col("polarity") != "absent"))
        & (pl.col("modality").is_null() | (pl.col("modality") != "hypothesised"))
        & ~pl.col("answer").is_in(sorted(STATUS_ANSWERS)).fill_null(value=False)
    )
    return [
        Stated(row["id"], source, row["place"] or source.place, row)
        for row in rows.sort("id").iter_rows(named=True)
        if (source := known.get(row["source"])) is not None and source.consented
    ]


def grouped(items: Iterable[Stated], key: Callable[[Stated], Key]) -> dict[Key, list[Stated]]:
    """Statements by a key, in the order they come."""
    found: dict[Key, list[Stated]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def by_area(items: Iterable[Stated], areas: Areas) -> list[tuple[str, list[Stated]]]:
    """Statements by area: each counts for its place, the places above, their zones and ALL; sorted by area."""
    found: dict[str, list[Stated]] = {}
    for item in items:
        for area in areas.of(item.place):
            found.setdefault(area, []).append(item)
    return sorted(found.items())


def bounds(item: Stated) -> Bounds | None:
    """The quantity of one statement; None where it carries none.

    A central value alone is both bounds; a bound that is neither said nor covered by a central value is open.
    """
    low, central, high = (item.fields[name] for name in ("low", "central", "high"))
    if low is None and central is None and high is None:
        return None
    alone = low is None and high is None
    open_low = bool(item.fields["open_low"]) or (low is None and not alone)
    open_high = bool(item.fields["open_high"]) or (high is None and not alone)
    return Bounds(central if low is None else low, central if high is None else high, open_low, open_high)


def envelope(parts: Iterable[Bounds]) -> Bounds:
    """Lowest and highest over several statements."""
    every = list(parts)
    lows = [part.low for part in every if part.low is not None]
    highs = [part.high for part in every if part.high is not None]
    return Bounds(
        min(lows, default=None),
        max(highs, default=None),
        any(part.open_low for part in every),
        any(part.open_high for part in every),
    )


def named(item: Stated, column: str) -> str | None:
    """A column's code, None where it is blank or says itself that it is unstated."""
    code = item.fields[column]
    return None if code == UNSTATED else code


def money(item: Stated) -> str | None:
    """The currency or unit of the quantity: amounts in two of them are never put together."""
    return named(item, "currency") or named(item, "unit")


def only(values: Iterable[str | None]) -> str | None:
    """The one value that all who gave one agree on, `mixed` where they differ, None where nobody gave one."""
    given = sorted({value for value in values if value})
    return given[0] if len(given) == 1 else ("mixed" if given else None)


def most_said(groups: dict[Key, list[Stated]]) -> list[tuple[Key, list[Stated]]]:
    """Groups by falling number of sources, then by name: the first carries the plain id."""
    return sorted(groups.items(), key=lambda group: (-source_count(group[1]), str(group[0])))


def source_count(items: Sequence[Stated]) -> int:
    """How many sources said it."""
    return len({item.source.id for item in items})


def cluster_count(items: Sequence[Stated]) -> int:
    """How many independent clusters of sources said it."""
    return len({item.source.cluster for item in items})


def ids(items: Iterable[Stated]) -> list[str]:
    """Ids of the statements, for the trace."""
    return [item.id for item in items]


@lru_cache(maxsize=4096)
def months(period: str | None) -> tuple[int, int] | None:
    """First and last month of a period (2019, 2019-06, 2019-06-30, 2018/2020) as months since year 0; None if blank."""
    if not period:
        return None
    start, _, end = period.partition("/")
    return _month(start, 1), _month(end or start, 12)


def _month(date: str, default: int) -> int:
    parts = [int(part) for part in date.split("-")]
    return datetime.date(parts[0], 1, 1).year * 12 + (parts[1] if len(parts) > 1 else default) - 1
