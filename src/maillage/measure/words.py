"""Confidence words of many sets of clusters at once: the rules of `clusters.word` over a table of counts.

The search for what would change a word asks for thousands of words, one a removal or reversal.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from maillage.measure.clusters import MAP, WORDS, Cluster

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
EVIDENCE, AGREEMENT = ("limited", "medium", "robust"), ("low", "medium", "high")
NONE = -1  # where nobody says it


def rank(word: str | None) -> int:
    """A word by its place among the words; -1 for none."""
    return NONE if word is None else WORDS.index(word)


def words_of(clusters: Sequence[Cluster], counts: Sequence[Sequence[int]]) -> Ints:
    """The word of each row of `counts` (rows x clusters), as its `rank`."""
    table = np.asarray(counts, dtype=np.int64).reshape(-1, len(clusters))

    def many(what: Callable[[Cluster], object]) -> Ints:
        return table @ np.array([bool(what(item)) for item in clusters], dtype=np.int64)

    pro, mixed = many(lambda item: item.stance == "for"), many(lambda item: item.stance == "mixed")
    spoken = sorted({item.kind for item in clusters if item.stance != "silent"})
    kinds = [many(lambda item, kind=kind: item.stance != "silent" and item.kind == kind) > 0 for kind in spoken]
    kinds_told = np.sum(kinds, axis=0) if kinds else np.zeros(len(table), dtype=np.int64)
    evidence = _evidence(clusters, many, kinds_told)
    total, halves = table.sum(axis=1), 2 * pro + mixed
    high, medium = (5 * halves >= 8 * total) & (total >= 3), 5 * halves >= 6 * total
    agreed = np.where(high, 2, np.where(medium, 1, 0))
    found = MAPPED[evidence, agreed]
    found = np.where(kinds_told == 1, np.minimum(found, rank("medium")), found)
    documents = many(lambda item: item.kind != "desk") == 0
    found = np.where(documents, np.where(evidence == 0, rank("low"), rank("medium")), found)
    return np.where((pro == 0) & (mixed == 0), NONE, found)


def _evidence(clusters: Sequence[Cluster], many: Callable[[Callable[[Cluster], object]], Ints], kinds: Ints) -> Ints:
    """limited, medium or robust of each row, as its place in EVIDENCE; kinds: how many kinds of evidence speak."""
    sides, credited = many(lambda item: item.stance != "silent"), many(_credited)
    final = many(lambda item: item.stance != "silent" and item.final) > 0
    interviews = many(_interview) > 0
    beside = many(lambda item: item.stance != "silent" and item.kind != "interview")
    beside_credited = many(lambda item: _credited(item) and item.kind != "interview")
    named = sorted({name for item in clusters if _interview(item) for name in item.classes})
    classes = sum((many(lambda item, name=name: _interview(item) and name in item.classes) > 0).astype(np.int64)
                  for name in named)  # fmt: skip
    alone = _broad(beside, beside_credited, kinds - interviews)
    robust = _broad(sides, credited, kinds) & ((classes >= np.int64(2)) | alone)
    weak = (kinds == 1) & ~final & (credited == 0)
    several = np.where(weak, 0, np.where(robust, 2, 1))
    return np.where(sides <= 1, np.where(final, 1, 0), several)


def _credited(item: Cluster) -> bool:
    return item.stance != "silent" and item.credit


def _interview(item: Cluster) -> bool:
    return item.stance != "silent" and item.kind == "interview"


def _broad(total: Ints, credited: Ints, kinds: Ints) -> Bools:
    return (total >= 4) & (kinds >= 2) & (2 * credited >= total)


MAPPED = np.array([[rank(MAP[level, agreed]) for agreed in AGREEMENT] for level in EVIDENCE])
