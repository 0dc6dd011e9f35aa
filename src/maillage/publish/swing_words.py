"""What a count among few people would be had a little been otherwise, in words: of the table and of what opens."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from maillage import numbers
from maillage.labels import Labels
from maillage.publish.gate import Release

Row = Mapping[str, Any]


def between(low: tuple[int, int], high: tuple[int, int], labels: Labels) -> str:
    """`2 of 5 to 4 of 5`, or the one of them where both are alike."""
    first, last = (numbers.share(*pair, labels.lang) for pair in (low, high))
    return first if first == last else labels.phrase("count_between", low=first, high=last)


def without(name: str, told: Row, labels: Labels) -> str:
    """Least and most without one class or one interviewer (`name`); blank where that is not known."""
    least, most = (told.get(f"{name}_{end}") for end in ("least", "most"))
    if not least or not most:
        return ""
    low, high = (tuple(map(int, pair.split("/"))) for pair in (least, most))
    return between((low[0], low[1]), (high[0], high[1]), labels)


@lru_cache(maxsize=2)
def left_out(release: Release) -> Mapping[str, Row]:
    """The rows of `steadiness` by id; none outside the team."""
    return {row["id"]: row for row in release.beside.steadiness.iter_rows(named=True)}
