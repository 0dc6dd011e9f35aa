"""Confidence words of many sets of clusters at once: the rules of `clusters.word` over a table of counts.

The search for what would change a word asks for thousands of words, one a removal or reversal.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from maillage.certainty import MAP, WORDS, Cluster

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
EVIDENCE, AGREEMENT = ("limited", "medium", "robust"), ("low", "medium", "high")
NONE = -1  # where nobody says it


def rank(word: str | None) -> int:
    """A word by its place among the words; -1 for none."""
    return NONE if word is None else WORDS.index(word)


def words_of(clusters: Sequence[Cluster]) -> Callable[[Ints], Ints]:
    """What tells the word of each row of counts (rows x clusters), as its `rank`."""
    spoken = sorted({item.kind for item in clusters if item.stance != "silent"})
    named = sorted({name for item in clusters if _interview(item) for name in item.classes})
    marks = np.array([
        [*_sorts(item),
         *(item.stance != "silent" and item.kind == kind for kind in spoken),
         *(_interview(item) and name in item.classes for name in named)]
        for item in clusters
    ], dtype=np.int64)  # fmt: skip
    return lambda table: _words(_told(table @ marks, len(spoken)), table.sum(axis=1))


@cache
def _sorts(item: Cluster) -> tuple[bool, ...]:
    return tuple(bool(test(item)) for test in SORTS.values())


def _words(told: Mapping[str, Ints], total: Ints) -> Ints:
    """The word of each row of `_told`; total: how many clusters it has."""
    halves = 2 * told["for"] + told["mixed"]
    high, medium = (5 * halves >= 8 * total) & (total >= 3), 5 * halves >= 6 * total
    agreed = np.where(high, 2, np.where(medium, 1, 0))
    evidence = _evidence(told)
    found = MAPPED[evidence, agreed]
    found = np.where(told["kinds"] == 1, np.minimum(found, rank("medium")), found)
    documents = told["not_desk"] == 0
    found = np.where(documents, np.where(evidence == 0, rank("low"), rank("medium")), found)
    return np.where((told["for"] == 0) & (told["mixed"] == 0), NONE, found)


def _told(many: Ints, spoken: int) -> dict[str, Ints]:
    """What the rules ask of each row, by name: clusters of a sort, and how many kinds and classes speak.

    many: rows x (sorts, `spoken` kinds, classes).
    """
    sorts, kinds = len(SORTS), len(SORTS) + spoken
    told = {name: many[:, place] for place, name in enumerate(SORTS)}
    return {**told, "kinds": (many[:, sorts:kinds] > 0).sum(axis=1), "classes": (many[:, kinds:] > 0).sum(axis=1)}


def _evidence(told: Mapping[str, Ints]) -> Ints:
    """limited, medium or robust of each row, as its place in EVIDENCE."""
    final, kinds = told["final"] > 0, told["kinds"]
    weak = (told["sides"] <= 1) | ((kinds == 1) & (told["credited"] == 0))
    found = np.where(weak, final, 1)
    broad = _broad(told["sides"], told["credited"], kinds)
    if broad.any():
        alone = _broad(told["beside"], told["beside_credited"], kinds - (told["interviews"] > 0))
        found[broad & ((told["classes"] >= 2) | alone)] = 2
    return found


def _credited(item: Cluster) -> bool:
    return item.stance != "silent" and item.credit


def _interview(item: Cluster) -> bool:
    return item.stance != "silent" and item.kind == "interview"


def _broad(total: Ints, credited: Ints, kinds: Ints) -> Bools:
    return (total >= 4) & (kinds >= 2) & (2 * credited >= total)


SORTS: Mapping[str, Callable[[Cluster], bool]] = {
    "for": lambda item: item.stance == "for",
    "mixed": lambda item: item.stance == "mixed",
    "not_desk": lambda item: item.kind != "desk",
    "sides": lambda item: item.stance != "silent",
    "credited": _credited,
    "final": lambda item: item.stance != "silent" and item.final,
    "interviews": _interview,
    "beside": lambda item: item.stance != "silent" and item.kind != "interview",
    "beside_credited": lambda item: _credited(item) and item.kind != "interview",
}
MAPPED = np.array([[rank(MAP[level, agreed]) for agreed in AGREEMENT] for level in EVIDENCE])
