"""Blocks of a section in an order that leaves no page half empty: where a drawing has no room, what follows it and has
room comes before it; where nothing has, a drawing that nearly fits is set smaller.

Heights come from the typesetter, in mm. Nothing leaves its section, nothing passes a heading, text keeps its order; the
place on the page is reckoned, so that what follows may come early where it need not have, but nothing is lost.
"""

from collections.abc import Sequence

PAGE = 257.0  # mm of text on a page: A4 less its margins
GAP = 13.0  # mm above and below a drawing or table
HEAD, FIRST = 24.0, 8.0  # mm of the heading of a section, and of the lines that must follow it on its page
WHOLE = frozenset({"figure", "pair", "keyfinding", "gap"})  # kinds of blocks that are never broken
MOVED = frozenset({"figure", "pair", "table"})  # kinds of blocks that may come before a drawing
DRAWN = frozenset({"figure", "pair"})
WORDS = 25.0  # mm of the title and source of a drawing, which keep their size
SMALLEST = 0.78  # of its size at which a drawing is still read without effort
SPARE = 5.0  # mm by which the reckoning may be wrong
LEAST = 50.0  # mm that a table needs to begin


def orders(sections: Sequence[Sequence[tuple[str, float]]]) -> list[list[int]]:
    """The order of the blocks of each section; sections: kind and height of each block."""
    return [[at for at, _ in section] for section in plan(sections)]


def plan(sections: Sequence[Sequence[tuple[str, float]]]) -> list[list[tuple[int, float]]]:
    """The blocks of each section in their order, and at which part of its size each is set."""
    y, found = 0.0, list[list[tuple[int, float]]]()
    for blocks in sections:
        y = y + HEAD if y + HEAD + FIRST < PAGE else HEAD
        order, y = _order(blocks, y)
        found.append(order)
    return found


def _order(blocks: Sequence[tuple[str, float]], y: float) -> tuple[list[tuple[int, float]], float]:
    left, order = list(range(len(blocks))), list[tuple[int, float]]()
    while left:
        first, part = left[0], 1.0
        if blocks[first][0] in DRAWN and y + blocks[first][1] + GAP > PAGE:
            first = next((at for at in _following(blocks, left) if _fits(blocks[at], y)), first)
            part = _part(blocks[first][1], y) if first == left[0] else 1.0
        left.remove(first)
        order.append((first, part))
        kind, high = blocks[first]
        y = _below((kind, high if part == 1 else WORDS + part * (high - WORDS)), y)
    return order, y


def _part(high: float, y: float) -> float:
    """At which part of its size a drawing fits below `y`; 1 where it would be too small."""
    part = (PAGE - y - GAP - SPARE - WORDS) / max(high - WORDS, 1.0)
    return round(part, 3) if SMALLEST <= part < 1 else 1.0


def _following(blocks: Sequence[tuple[str, float]], left: Sequence[int]) -> list[int]:
    """Drawings and tables after the first block that is left, up to anything else."""
    found: list[int] = []
    for at in left[1:]:
        if blocks[at][0] not in MOVED:
            break
        found.append(at)
    return found


def _fits(block: tuple[str, float], y: float) -> bool:
    kind, high = block
    if high > PAGE:  # its drawing would come pages later
        return False
    return y + min(high, LEAST if kind == "table" else high) + GAP <= PAGE


def _below(block: tuple[str, float], y: float) -> float:
    """Where a block ends: on its page, or on the one on which it ends."""
    kind, high = block
    space = GAP if kind in MOVED else 4.0
    if kind in WHOLE and y + high > PAGE:
        return high + space
    return (y + high + space) % PAGE
