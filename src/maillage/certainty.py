"""Independent clusters of sources, and what they are worth together: evidence, agreement, the word.

A cluster is everybody who has it from the same origin. The map from evidence and agreement to a word follows the
uncertainty guidance of the IPCC (Mastrandrea et al. 2010); the limits of each grade are this project's own.
"""

from collections.abc import Mapping, Set
from typing import Literal, NamedTuple

Stance = Literal["for", "against", "mixed", "silent"]

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
# measures of which each number is a finding, with a word: what people say, and what is told of amounts, legs and acts
GRADED_SHARES = ("links", "links_pair", "links_by_market", "link_contents", "coercion", "control", "markets", "roles",
                 "factors")  # fmt: skip
GRADED = (*GRADED_SHARES, "levies", "flows", "figures", "responses")
EVIDENCE_KINDS = {
    "interview": "interview",
    "focus_group": "interview",
    "expert_meeting": "interview",
    "judicial": "judicial",
    "document": "desk",
    "dataset": "event",
}


class Cluster(NamedTuple):
    """What one origin says: stance, kind of evidence, whether graded A to C, whether a final judgment, classes."""

    stance: Stance
    kind: str
    credit: bool
    final: bool = False
    classes: tuple[str, ...] = ()


Clusters = Mapping[Cluster, int]


class Tally(NamedTuple):
    """What the rules ask of clusters, counted in one pass: the search for fragility asks for thousands of words.

    stances: clusters by stance; kinds, final: of those that take a side; sides: how many do; credited: how many of
    them are graded A to C; beside, beside_credited: the same without interviews; classes: of people interviewed;
    documents: whether nothing but documents speaks.
    """

    stances: Mapping[str, int]
    kinds: frozenset[str]
    final: bool
    sides: int
    credited: int
    beside: int
    beside_credited: int
    classes: frozenset[str]
    documents: bool


def tally(clusters: Clusters) -> Tally:
    """The clusters, counted."""
    stances = {"for": 0, "against": 0, "mixed": 0, "silent": 0}
    kinds, classes, documents, final = set[str](), set[str](), True, False
    sides = credited = beside = beside_credited = 0
    for item, count in clusters.items():
        if count <= 0:
            continue
        stances[item.stance] += count
        documents = documents and item.kind == "desk"
        if item.stance == "silent":
            continue
        kinds.add(item.kind)
        final = final or item.final
        graded = count if item.credit else 0
        sides, credited = sides + count, credited + graded
        if item.kind == "interview":
            classes.update(item.classes)
        else:
            beside, beside_credited = beside + count, beside_credited + graded
    return Tally(
        stances, frozenset(kinds), final, sides, credited, beside, beside_credited, frozenset(classes), documents
    )


class Judged(NamedTuple):
    """What clusters are worth together.

    stances: clusters by stance; sides: how many take one; final: whether one is a final judgment; kinds: of evidence
    that take a side, sorted; evidence: limited, medium or robust; agreement: low, medium (from 0.60), high (from 0.80,
    with three clusters), not_assessable where only documents speak; share: clusters for, mixed counting half, over all
    that answered (silence is not agreement); word: None where nobody says it, not even mixed.
    """

    stances: Mapping[str, int]
    sides: int
    final: bool
    kinds: tuple[str, ...]
    evidence: str
    agreement: str
    share: float
    word: str | None


def judge(clusters: Clusters) -> Judged:
    """Evidence, agreement and the word, from one count."""
    told = tally(clusters)
    level, agreed = _evidence(told), _agreement(told)
    return Judged(
        stances=told.stances,
        sides=told.sides,
        final=told.final,
        kinds=tuple(sorted(told.kinds)),
        evidence=level,
        agreement=agreed,
        share=(told.stances["for"] + told.stances["mixed"] / 2) / sum(told.stances.values()),
        word=_word(told, level, agreed),
    )


def evidence_level(clusters: Clusters) -> str:
    """limited, medium or robust, from the clusters that take a side."""
    return judge(clusters).evidence


def agreement(clusters: Clusters) -> str:
    """low, medium, high or not_assessable."""
    return judge(clusters).agreement


def word(clusters: Clusters) -> str | None:
    """The confidence word; None where nobody says it, not even mixed."""
    return judge(clusters).word


def triangulated(clusters: Mapping[Cluster, int]) -> str:
    """kinds: two kinds of evidence agree; respondents: two classes of people do (weaker); else single."""
    agreeing = [item for item in clusters if item.stance == "for"]
    if len({item.kind for item in agreeing}) >= 2:
        return "kinds"
    classes = {name for item in agreeing for name in item.classes}
    return "respondents" if len(classes) >= 2 else "single"


def _evidence(told: Tally) -> str:
    if told.sides <= 1:
        return "medium" if told.final else "limited"
    if len(told.kinds) == 1 and not told.final and not told.credited:
        return "limited"
    return "robust" if _robust(told) else "medium"


def _robust(told: Tally) -> bool:
    """Four clusters, two kinds, half graded A to C; where interviews carry it, two classes of people."""
    if not _broad(told.sides, told.credited, told.kinds):
        return False
    return len(told.classes) >= 2 or _broad(told.beside, told.beside_credited, told.kinds - {"interview"})


def _broad(total: int, credited: int, kinds: Set[str]) -> bool:
    return total >= 4 and len(kinds) >= 2 and 2 * credited >= total


def _agreement(told: Tally) -> str:
    if told.documents:
        return "not_assessable"
    total = sum(told.stances.values())
    halves = 2 * told.stances["for"] + told.stances["mixed"]
    if 5 * halves >= 8 * total:
        return "high" if total >= 3 else "medium"
    return "medium" if 5 * halves >= 6 * total else "low"


def _word(told: Tally, level: str, agreed: str) -> str | None:
    if not told.stances["for"] and not told.stances["mixed"]:
        return None
    if agreed == "not_assessable":
        return "low" if level == "limited" else "medium"
    found = MAP[level, agreed]
    return WORDS[min(WORDS.index(found), WORDS.index("medium"))] if len(told.kinds) == 1 else found
