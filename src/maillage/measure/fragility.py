"""How easily a confidence word falls, and what would lift it: both by trying.

Fragility = the smallest number of clusters whose removal or reversal changes the word. The further source that would
help most is the one that, agreeing, lifts the word furthest.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from maillage.measure.clusters import Cluster, Clusters, evidence_level, judge, word
from maillage.measure.rules import Stance
from maillage.measure.words import EVIDENCE, rank, words_of

REVERSE: dict[Stance, Stance] = {"for": "against", "against": "for"}
HELPERS = ("interview", "desk", "judicial", "event")
MOST_STATES = 5000

State = tuple[tuple[Cluster, int], ...]
Counts = tuple[int, ...]


def fragility(clusters: Clusters) -> int | None:
    """The number, found by enumeration; None where more than 5,000 combinations leave the word as it is.

    Clusters alike in stance, kind, grade and (where it matters) class are interchangeable.
    """
    return _smallest_change(_merged(clusters))


@lru_cache(maxsize=1024)
def _smallest_change(start: State) -> int | None:
    """As `fragility`; an area and the one above it often rest on the same clusters."""
    counts = dict(start)
    first = word(counts)
    contrary = {item: item._replace(stance=REVERSE[item.stance]) for item in counts if item.stance in REVERSE}
    contrary |= {other: item for item, other in contrary.items()}
    items = list(dict.fromkeys([*counts, *contrary]))
    reverse = [items.index(contrary[item]) if item in contrary else None for item in items]
    state = tuple(counts.get(item, 0) for item in items)
    seen, level, steps = {state}, [state], 0
    while level and len(seen) <= MOST_STATES:
        steps += 1
        following = dict.fromkeys(
            other for state in level for other in _one_changed(state, reverse) if other not in seen
        )
        if (words_of(items, list(following)) != rank(first)).any():
            return steps
        seen |= following.keys()
        level = list(following)
    return None


def _merged(clusters: Clusters) -> State:
    """Clusters that no rule can tell apart as one: silence has no grade, classes matter for robust evidence only."""
    keep_classes = evidence_level(clusters) == "robust"
    found: dict[Cluster, int] = {}
    for item, count in clusters.items():
        alike = item if keep_classes else item._replace(classes=())
        alike = Cluster("silent", "interview", credit=False) if item.stance == "silent" else alike
        found[alike] = found.get(alike, 0) + count
    return tuple(sorted(found.items()))


def _one_changed(state: Counts, reverse: Sequence[int | None]) -> Iterator[Counts]:
    """Every state in which one cluster less speaks, or one says the contrary (at its place in `reverse`)."""
    for place, count in enumerate(state):
        if not count:
            continue
        less = [*state]
        less[place] -= 1
        if any(less):
            yield tuple(less)
        other = reverse[place]
        if other is not None:
            less[other] += 1
            yield tuple(less)


def would_help(clusters: Clusters) -> str:
    """The kind of one further source, graded B, from people of another class and agreeing, that would help most.

    Compared by the word, then evidence, then kinds of evidence, then agreement; the earlier of interview, desk,
    judicial, event where equal.
    """
    return _best_helper(tuple(sorted(clusters.items())))


@lru_cache(maxsize=1024)
def _best_helper(state: State) -> str:
    """As `would_help`; an area and the one above it often rest on the same clusters."""
    return max(HELPERS, key=lambda kind: (_helped(dict(state), kind), -HELPERS.index(kind)))


def _helped(clusters: Clusters, kind: str) -> tuple[int, int, int, float]:
    more = Cluster("for", kind, credit=True, classes=("another",) if kind == "interview" else ())
    reached = judge({**clusters, more: clusters.get(more, 0) + 1})
    return rank(reached.word), EVIDENCE.index(reached.evidence), len(reached.kinds), reached.share
