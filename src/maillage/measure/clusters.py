"""Who has it from the same origin: the clusters that statements on a finding make."""

from collections import Counter
from collections.abc import Sequence

from maillage.certainty import EVIDENCE_KINDS, GOOD_GRADES, Cluster, Clusters, Stance
from maillage.measure.respondents import Source, Statement

MOST_DIRECT = ("judicial", "event", "interview", "desk")
SILENT = Cluster(
    "silent", "interview", credit=False
)  # of who is silent nothing counts but that documents do not stay alone

Told = tuple[Statement, Stance]


def clusters(heard: Sequence[Told]) -> Clusters:
    """How many origins say the same of a finding; documents alone that say nothing of it are none.

    An origin met in several kinds of source counts as its most direct kind; its grade is the best of those that take
    a stance.
    """
    taking: dict[str, list[Told]] = {}
    silent: set[str] = set()
    for item, stance in heard:
        origin = item.source.cluster
        if stance != "silent":
            taking.setdefault(origin, []).append((item, stance))
        elif origin not in silent and _kind(item.source) != "desk":
            silent.add(origin)
    found = Counter(_cluster(told) for told in taking.values())
    if quiet := len(silent - taking.keys()):
        found[SILENT] = quiet
    return found


def _kind(source: Source) -> str:
    return EVIDENCE_KINDS.get(source.kind, "desk")


def _cluster(taking: Sequence[Told]) -> Cluster:
    """The cluster of one origin, from its statements that take a stance: that of most of them, a tie is mixed."""
    who = {item.source.id: item.source for item, _ in taking}.values()
    kinds = {_kind(source) for source in who}
    kind = next(name for name in MOST_DIRECT if name in kinds)
    classes = {source.people for source in who if source.people} if kind == "interview" else set[str]()
    credit = any(source.grade in GOOD_GRADES for source in who)
    final = any(item.final for item, _ in taking)
    return Cluster(_majority([stance for _, stance in taking]), kind, credit, final, tuple(sorted(classes)))


def _majority(stances: Sequence[Stance]) -> Stance:
    if len(stances) == stances.count(stances[0]):
        return stances[0]
    (first, most), *rest = Counter(stances).most_common()
    return "mixed" if rest and rest[0][1] == most else first
