"""Blocks of a section in an order that leaves no page half empty: drawings and tables in a row change places, and a
drawing is set smaller, where that fills a page.

Heights come from the typesetter, in mm. Nothing leaves its section, nothing passes a heading, text keeps its order; the
place on the page is reckoned, so that what follows may come early where it need not have, but nothing is lost. Of the
ways to lay a row of blocks the one is taken that costs least: mm left blank, places changed, sizes lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

PAGE = 257.0  # mm of text on a page: A4 less its margins
HEAD, FIRST = 7.0, 8.0  # mm of the heading of a section, and of the lines that must follow it on its page
REPEATED = 8.0  # mm of the head of a table, which each further page repeats
# mm above and below a block, of which the larger counts between two; none counts at the top of a page
SECTION, TEXT, DRAWN = (15.0, 5.0), (3.5, 3.5), (6.0, 7.0)
APART: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"heading": (8.0, 3.0), "gap": (5.0, 5.0), "keyfinding": (5.0, 5.0), "note": (4.0, 4.0)}
)
WHOLE = frozenset({"figure", "narrow", "pair", "keyfinding", "gap", "short"})  # kinds of blocks that are never broken
MOVED = frozenset({"figure", "narrow", "pair", "table", "short"})  # kinds of blocks that may change places
# kinds of drawings, and at which parts of their size they are still read without effort
SIZES: Mapping[str, Sequence[float]] = MappingProxyType(
    {"figure": (1.0, 0.93, 0.86, 0.78), "narrow": (1.0, 0.95, 0.9), "pair": (1.0, 0.95, 0.9)}
)
WORDS = 25.0  # mm of the title and source of a drawing, which keep their size
SPARE = 5.0  # mm by which the reckoning may be wrong
LEAST = 50.0  # mm that a table needs to begin
FREE, PASSED, SHRUNK = 40.0, 4.0, 90.0  # mm of a page that may stay blank; cost of one block passed, of a size lost
BEAM = 60  # ways that are followed at once

Placed = tuple[int, float]  # block, part of its size


@dataclass(frozen=True, slots=True)
class Way:
    """Some blocks laid, others left; `y`: mm from the top of the page to where the last one ends."""

    cost: float
    y: float
    below: float  # mm that the last block wants below it
    left: tuple[int, ...]
    laid: tuple[Placed, ...] = ()


def orders(sections: Sequence[Sequence[tuple[str, float]]]) -> list[list[int]]:
    """The order of the blocks of each section; sections: kind and height of each block."""
    return [[at for at, _ in section] for section in plan(sections)]


def plan(sections: Sequence[Sequence[tuple[str, float]]]) -> list[list[Placed]]:
    """The blocks of each section in their order, and at which part of its size each is set."""
    way, found = Way(0.0, 0.0, 0.0, ()), list[list[Placed]]()
    for blocks in sections:
        y = way.y + max(way.below, SECTION[0]) + HEAD if way.y else HEAD
        way = replace(way, y=y if y + SECTION[1] + FIRST < PAGE else HEAD, below=SECTION[1])
        order = list[Placed]()
        for moved, row in groupby(range(len(blocks)), key=lambda at: blocks[at][0] in MOVED):
            way = replace(way, left=tuple(row), laid=(), cost=0.0)
            way = _best(blocks, way) if moved else _as_told(blocks, way)
            order += way.laid
        found.append(order)
    return found


def _as_told(blocks: Sequence[tuple[str, float]], way: Way) -> Way:
    """Text, headings and boxes keep their order."""
    for at in way.left:
        way = _laid(way, at, blocks[at], 1.0)
    return way


def _best(blocks: Sequence[tuple[str, float]], start: Way) -> Way:
    """The cheapest way found to lay drawings and tables in a row."""
    ways = [start]
    for _ in start.left:
        further = sorted((new for way in ways for new in _next(blocks, way)), key=lambda way: way.cost)
        kept: dict[tuple[tuple[int, ...], int], Way] = {}
        for way in further:
            kept.setdefault((way.left, round(way.y)), way)
        ways = list(kept.values())[:BEAM]
    return ways[0]


def _next(blocks: Sequence[tuple[str, float]], way: Way) -> Iterable[Way]:
    """Each block that is left, at each of its sizes, laid next."""
    for passed, at in enumerate(way.left):
        kind, whole = blocks[at]
        if whole > PAGE and passed:  # where it ends is not sure enough for what would come after
            continue
        for part in SIZES.get(kind, (1.0,)):
            high = whole if part == 1 else WORDS + part * max(whole - WORDS, 0.0)
            new = _laid(way, at, (kind, high), part)
            yield replace(new, cost=new.cost + PASSED * passed + SHRUNK * (1 - part))


def _laid(way: Way, at: int, block: tuple[str, float], part: float) -> Way:
    """The way with a block of a kind and height laid next: on its page, or on the next where it has no room."""
    kind, high = block
    above, below = DRAWN if kind in MOVED else APART.get(kind, TEXT)
    top = way.y + max(way.below, above) if way.y else 0.0
    least = high if kind in WHOLE else min(high, LEAST if kind == "table" else FIRST)
    room = top + least + (SPARE if kind in MOVED else 0.0) <= PAGE
    blank = 0.0 if room or not way.y else max(0.0, PAGE - way.y - FREE)
    end = (top if room else 0.0) + high
    while end > PAGE:
        end += (REPEATED if kind == "table" else 0.0) - PAGE
    left = tuple(other for other in way.left if other != at)
    return Way(way.cost + blank, end, below, left, (*way.laid, (at, part)))
