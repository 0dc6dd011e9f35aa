"""Who has it from the same origin: the cluster that statements on a finding make."""

from collections import Counter
from collections.abc import Iterable, Sequence

from maillage.certainty import EVIDENCE_KINDS, GOOD_GRADES, Cluster, Stance
from maillage.measure.respondents import Statement

MOST_DIRECT = ("judicial", "event", "interview", "desk")


def cluster(heard: Iterable[tuple[Statement, Stance]]) -> Cluster | None:
    """The cluster that makes these statements on a finding; None where documents alone say nothing on it.

    Stance = that of most statements that take one, a tie is mixed. An origin met in several kinds of source counts as
    its most direct kind; its grade is the best of those that take a stance.
    """
    every = list(heard)
    taking = [told for told in every if told[1] != "silent"]
    who = {item.source.id: item.source for item, _ in taking or every}.values()
    kinds = {EVIDENCE_KINDS.get(source.kind, "desk") for source in who}
    if not taking and kinds == {"desk"}:
        return None
    kind = next(name for name in MOST_DIRECT if name in kinds)
    classes = {source.people for source in who if source.people} if kind == "interview" else set[str]()
    credit = any(source.grade in GOOD_GRADES for source in who)
    final = any(item.final for item, _ in taking)
    return Cluster(_majority([stance for _, stance in taking]), kind, credit, final, tuple(sorted(classes)))


def _majority(stances: Sequence[Stance]) -> Stance:
    if not stances:
        return "silent"
    if len(stances) == stances.count(stances[0]):
        return stances[0]
    (first, most), *rest = Counter(stances).most_common()
    return "mixed" if rest and rest[0][1] == most else first
