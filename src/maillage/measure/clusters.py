"""Independent clusters of sources, and what they are worth together: evidence, agreement, the word.

A cluster is everybody who has it from the same origin. The map from evidence and agreement to a word follows the
uncertainty guidance of the IPCC (Mastrandrea et al. 2010); the limits of each grade are this project's own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maillage.measure.respondents import EVIDENCE_KINDS, Statement
from maillage.measure.rules import Stance

WORDS = ("very_low", "low", "medium", "high", "very_high")
MAP = {
    ("limited", "low"): "very_low",
    ("limited", "medium"): "low",
    ("medium", "low"): "low",
    ("limited", "high"): "medium",
    ("medium", "medium"): "medium",
    ("robust", "low"): "medium",
    ("medium", "high"): "high",
    ("robust", "medium"): "high",
    ("robust", "high"): "very_high",
}
GOOD_GRADES = ("A", "B", "C")
MOST_DIRECT = ("judicial", "event", "interview", "desk")


@dataclass(frozen=True, slots=True, order=True)
class Cluster:
    """What one origin says: stance, kind of evidence, whether graded A to C, whether a final judgment, classes."""

    stance: Stance
    kind: str
    credit: bool
    final: bool = False
    classes: tuple[str, ...] = ()


Clusters = Mapping[Cluster, int]


def cluster(heard: Iterable[tuple[Statement, Stance]]) -> Cluster | None:
    """The cluster that makes these statements on a finding; None where documents alone say nothing on it.

    Stance = that of most statements that take one, a tie is mixed. An origin met in several kinds of source counts as
    its most direct kind; its grade is the best of those that take a stance.
    """
    every = list(heard)
    taking: list[tuple[Statement, Stance]] = [(item, stance) for item, stance in every if stance != "silent"]
    who = [item for item, _ in taking or every]
    kinds = {EVIDENCE_KINDS.get(item.source.kind, "desk") for item in who}
    if not taking and kinds == {"desk"}:
        return None
    kind = next(name for name in MOST_DIRECT if name in kinds)
    classes = {item.source.people for item in who if item.source.people and kind == "interview"}
    return Cluster(
        stance=_majority([stance for _, stance in taking]),
        kind=kind,
        credit=any(item.source.grade in GOOD_GRADES for item in who),
        final=any(item.final for item, _ in taking),
        classes=tuple(sorted(classes)),
    )


def _majority(stances: Sequence[Stance]) -> Stance:
    if not stances:
        return "silent"
    (first, most), *rest = Counter(stances).most_common()
    return "mixed" if rest and rest[0][1] == most else first


def taking_sides(clusters: Clusters) -> dict[Cluster, int]:
    """The clusters that say something on the finding: for, against or mixed."""
    return {item: count for item, count in clusters.items() if item.stance != "silent" and count > 0}


def with_stance(clusters: Clusters, stance: Stance) -> int:
    """How many clusters take a stance."""
    return sum(count for item, count in clusters.items() if item.stance == stance)


def kinds_of(clusters: Clusters) -> list[str]:
    """Kinds of evidence that take a side, sorted."""
    return sorted({item.kind for item in taking_sides(clusters)})


def evidence_level(clusters: Clusters) -> str:
    """limited, medium or robust, from the clusters that take a side."""
    sides = taking_sides(clusters)
    final = any(item.final for item in sides)
    if sum(sides.values()) <= 1:
        return "medium" if final else "limited"
    if len(kinds_of(sides)) == 1 and not final and not any(item.credit for item in sides):
        return "limited"
    return "robust" if _robust(sides) else "medium"


def _robust(sides: Clusters) -> bool:
    """Four clusters, two kinds, half graded A to C; where interviews carry it, two classes of people."""
    if not _broad(sides):
        return False
    without = {item: count for item, count in sides.items() if item.kind != "interview"}
    classes = {name for item in sides if item.kind == "interview" for name in item.classes}
    return len(classes) >= 2 or _broad(without)


def _broad(sides: Clusters) -> bool:
    total = sum(sides.values())
    credited = sum(count for item, count in sides.items() if item.credit)
    return total >= 4 and len({item.kind for item in sides}) >= 2 and 2 * credited >= total


def agreement_share(clusters: Clusters) -> float:
    """Clusters for, mixed counting half, over all that answered the question; silence is not agreement."""
    return (with_stance(clusters, "for") + with_stance(clusters, "mixed") / 2) / sum(clusters.values())


def agreement(clusters: Clusters) -> str:
    """low, medium (from 0.60), high (from 0.80, with three clusters); not_assessable where only documents speak."""
    total = sum(clusters.values())
    if all(item.kind == "desk" for item, count in clusters.items() if count):
        return "not_assessable"
    halves = 2 * with_stance(clusters, "for") + with_stance(clusters, "mixed")
    if 5 * halves >= 8 * total:
        return "high" if total >= 3 else "medium"
    return "medium" if 5 * halves >= 6 * total else "low"


def word(clusters: Clusters) -> str | None:
    """The confidence word; None where nobody says it, not even mixed."""
    if not with_stance(clusters, "for") and not with_stance(clusters, "mixed"):
        return None
    level, agreed = evidence_level(clusters), agreement(clusters)
    if agreed == "not_assessable":
        return "low" if level == "limited" else "medium"
    found = MAP[level, agreed]
    one_kind = len(kinds_of(clusters)) == 1
    return WORDS[min(WORDS.index(found), WORDS.index("medium"))] if one_kind else found
