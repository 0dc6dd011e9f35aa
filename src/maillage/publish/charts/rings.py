"""Where the actors of a network stand: the one tied to most in the middle, the others on a ring, few ties crossing."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from maillage.publish.charts.arrows import Point

Pair = tuple[str, str]
ROUNDS = 20


def degrees(pairs: Iterable[Pair]) -> Mapping[str, int]:
    """How many others each actor is tied to."""
    return Counter(name for pair in {tuple(sorted(pair)) for pair in pairs} for name in pair)


def hub(pairs: Sequence[Pair]) -> str | None:
    """The one actor tied to more others than any other and to at least half of them; None where there is none."""
    found = degrees(pairs)
    first, *rest = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    clear = not rest or rest[0][1] < first[1]
    return first[0] if len(found) > 3 and clear and 2 * first[1] >= len(rest) else None


def ring(names: Sequence[str], pairs: Sequence[Pair], weight: Mapping[str, int]) -> list[str]:
    """The order on the ring: whoever is tied stands near, found by swaps; whoever has most ties to draw is first."""
    order = sorted(names, key=lambda name: (-weight.get(name, 0), name))
    ties = [pair for pair in pairs if set(pair) <= set(names)]

    def far(row: Sequence[str]) -> int:
        at = {name: number for number, name in enumerate(row)}
        gaps = (abs(at[a] - at[b]) for a, b in ties)
        return sum(min(gap, len(row) - gap) for gap in gaps)

    for _ in range(ROUNDS):
        tried = [_swapped(order, one, two) for one, two in combinations(range(1, len(order)), 2)]
        best = min(tried, key=far, default=order)
        if far(best) >= far(order):
            break
        order = best
    return order


def _swapped(row: Sequence[str], one: int, two: int) -> list[str]:
    made = list(row)
    made[one], made[two] = made[two], made[one]
    return made


def places(pairs: Sequence[Pair], weight: Mapping[str, int], middle: Point, radii: Point) -> dict[str, Point]:
    """The middle of each actor of `pairs` on an ellipse around `middle`, the first of the ring at its left."""
    names, centre = sorted(degrees(pairs)), hub(pairs)
    order = ring([name for name in names if name != centre], pairs, weight)
    found = {centre: middle} if centre else {}
    for number, name in enumerate(order):
        turn = math.pi + 2 * math.pi * number / len(order)
        found[name] = (middle[0] + radii[0] * math.cos(turn), middle[1] + radii[1] * math.sin(turn))
    return found
