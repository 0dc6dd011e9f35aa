"""How easily a confidence word falls, and what would lift it: both by trying.

Fragility = the smallest number of clusters whose removal or reversal changes the word. The further source that would
help most is the one that, agreeing, lifts the word furthest.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from maillage.certainties import EVIDENCE, rank, words_of
from maillage.certainty import Cluster, Clusters, Stance, evidence_level, judge, word

REVERSE: dict[Stance, Stance] = {"for": "against", "against": "for"}
HELPERS = ("interview", "desk", "judicial", "event")
MOST_STATES = 5000

State = tuple[tuple[Cluster, int], ...]
Ints = NDArray[np.int64]
Changes = tuple[Ints, Ints]  # of which cluster one less speaks, and of which one more
NOBODY = -1


def fragility(clusters: Clusters) -> int | None:
    """The number, found by enumeration; None where more than 5,000 combinations leave the word as it is.

    Clusters alike in stance, kind, grade and (where it matters) class are interchangeable.
    """
    return _smallest_change(_merged(clusters))


@lru_cache(maxsize=1024)
def _smallest_change(start: State) -> int | None:
    """As `fragility`; an area and the one above it often rest on the same clusters."""
    counts = dict(start)
    contrary = {item: item._replace(stance=REVERSE[item.stance]) for item in counts if item.stance in REVERSE}
    contrary |= {other: item for item, other in contrary.items()}
    items = list(dict.fromkeys([*counts, *contrary]))
    turns = [(place, items.index(contrary[item])) for place, item in enumerate(items) if item in contrary]
    changes = tuple(np.array([*((place, NOBODY) for place in range(len(items))), *turns]).T)
    here = np.array([counts.get(item, 0) for item in items])
    word_of, first = words_of(items), rank(word(counts))
    level, last, seen, steps = here[np.newaxis], np.zeros(1, dtype=np.int64), 1, 0
    while len(level) and seen <= MOST_STATES:
        steps += 1
        level, last = _following(level, last, changes, here)
        if (word_of(level) != first).any():
            return steps
        seen += len(level)
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


def _following(level: Ints, last: Ints, changes: Changes, here: Ints) -> tuple[Ints, Ints]:
    """Every state one change further from `here` than those of `level`, once, and the change that made it.

    last: the change that made each state of `level`. Changes are taken in their order, as another order gives the same
    states; one that takes back what an earlier change did leads to a state met before.
    """
    fewer, more = changes
    one_less = more == NOBODY
    fresh = (level[:, fewer] > 0) & (level[:, fewer] <= here[fewer]) & (one_less | (level[:, more] >= here[more]))
    fresh &= (level.sum(axis=1)[:, np.newaxis] > one_less) & (np.arange(len(fewer)) >= last[:, np.newaxis])
    before, change = np.nonzero(fresh)
    states = level[before]
    rows, turned = np.arange(len(states)), ~one_less[change]
    states[rows, fewer[change]] -= 1
    states[rows[turned], more[change][turned]] += 1
    return states, change


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
