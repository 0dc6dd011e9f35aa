"""What a reader who knows who was interviewed does not know: who said what, as unknowns between nobody and everybody.

Numbers that count the same statement share their unknowns; people whom no published group tells apart are one unknown
(an atom). A narrower statement implies a wider one: who tells of a link between two actors tells of a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from maillage.later import Later

if TYPE_CHECKING:
    from scipy import sparse
else:
    sparse = Later("scipy.sparse")

What = tuple[str | None, ...]
Cell = tuple[int, int]  # the smallest and largest count that an answer leaves
Bounds = Cell | None
Ways = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """One count of people: who was asked, who of them said it, and what a reader is told of how many.

    what: the statement; implies: statements that follow from it. `least`, `most`: the published bounds, None where
    nothing is published. `ways`: how it may be told, the finest first: of each way all answers that a reader could have
    been given; none of a count that is held back. `small`, `margin`: the exact count may be known of so many people,
    with so many on either side; `atoms`: whether each person's answer is protected. `whole`: whether it may be said
    that nobody or everybody said it. `order`: the lower, the more important.
    """

    name: str
    what: What
    asked: frozenset[str]
    said: frozenset[str]
    implies: tuple[What, ...] = ()
    least: int | None = None
    most: int | None = None
    ways: Ways = ()
    small: int = 0
    margin: int = 0
    atoms: bool = True
    whole: bool = False
    order: tuple[Any, ...] = ()

    @property
    def told(self) -> Bounds:
        """What is published of it."""
        return None if self.least is None or self.most is None else (self.least, self.most)

    def sayable(self, said: int) -> bool:
        """Whether it may be known that exactly so many said it."""
        return len(self.asked) >= self.small and self.margin <= said <= len(self.asked) - self.margin

    def accepts(self, answer: Cell) -> bool:
        """Whether an answer says that nobody or everybody said it and may say so: what follows is no breach."""
        return self.whole and answer in ((0, 0), (len(self.asked), len(self.asked)))


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The unknowns of counts that hang together.

    `what`, `people`, `size`, `truth`: by unknown, its statement, whom it stands for, how many, how many said it.
    `sums`: counts x unknowns, which unknowns a count adds up. `narrow`, `wide`: pairs of unknowns of which the first is
    at most the second.
    """

    counts: Sequence[Count]
    what: Sequence[What]
    people: Sequence[frozenset[str]]
    size: NDArray[np.float64]
    truth: NDArray[np.float64]
    sums: Any
    narrow: NDArray[np.int64]
    wide: NDArray[np.int64]

    def below(self) -> Any:
        """A row a pair: the narrow unknown less the wide one."""
        rows = np.repeat(np.arange(len(self.narrow)), 2)
        columns = np.column_stack([self.narrow, self.wide]).reshape(-1)
        values = np.tile([1.0, -1.0], len(self.narrow))
        return sparse.csr_array((values, (rows, columns)), shape=(len(self.narrow), len(self.size)))


@dataclass(slots=True)
class _Making:
    keys: dict[tuple[Any, ...], int] = field(default_factory=dict[tuple[Any, ...], int])
    people: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    truth: list[int] = field(default_factory=list[int])
    cells: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def connected(counts: Sequence[Count]) -> list[list[Count]]:
    """Counts in groups that share no statement, directly or by what follows from it; sorted."""
    parent: dict[What, What] = {}

    def root(item: What) -> What:
        while parent.setdefault(item, item) != item:
            item = parent[item]
        return item

    for count in counts:
        for other in count.implies:
            parent[root(count.what)] = root(other)
    groups: dict[What, list[Count]] = {}
    for count in sorted(counts, key=lambda item: item.name):
        groups.setdefault(root(count.what), []).append(count)
    return [groups[key] for key in sorted(groups, key=str)]


def unknowns(counts: Sequence[Count]) -> Unknowns:
    """The unknowns of connected counts."""
    held: dict[str, list[int]] = {}
    for index, count in enumerate(counts):
        for person in count.asked:
            held.setdefault(person, []).append(index)
    atoms: dict[tuple[Any, ...], list[str]] = {}
    for person, indexes in sorted(held.items()):
        answers: dict[What, set[bool]] = {}
        for index in indexes:
            answers.setdefault(counts[index].what, set()).add(person in counts[index].said)
        torn = tuple(sorted((what for what, said in answers.items() if len(said) > 1), key=str))
        atoms.setdefault((tuple(indexes), torn), []).append(person)
    making, below = _Making(), list[tuple[int, int]]()
    for number, ((indexes, torn), people) in enumerate(atoms.items()):
        mine = _columns(making, counts, number, indexes, torn=torn, people=people)
        below += _implied(counts, indexes, mine, torn=torn, people=people)
    rows, columns = zip(*making.cells, strict=True) if making.cells else ((), ())
    sums = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(counts), len(making.people)))
    return Unknowns(
        counts, [key[0] for key in making.keys], making.people, np.array([len(who) for who in making.people], float),
        np.array(making.truth, float), sums, *np.array(below, np.int64).reshape(-1, 2).T,
    )  # fmt: skip


def _columns(
    making: _Making, counts: Sequence[Count], atom: int, indexes: Sequence[int], *, torn: Sequence[What],
    people: Sequence[str],
) -> Mapping[What, int]:  # fmt: skip
    """The unknowns of one atom: one a statement; one a count where somebody says it of one place and not of another."""
    mine: dict[What, int] = {}
    for index in indexes:
        count = counts[index]
        key = (count.what, atom, index if count.what in torn else -1)
        if key not in making.keys:
            making.keys[key] = len(making.keys)
            making.people.append(frozenset(people))
            making.truth.append(sum(person in count.said for person in people))
        making.cells.append((index, making.keys[key]))
        if count.what not in torn:
            mine[count.what] = making.keys[key]
    return mine


def _implied(
    counts: Sequence[Count], indexes: Sequence[int], mine: Mapping[What, int], *, torn: Sequence[What],
    people: Sequence[str],
) -> list[tuple[int, int]]:  # fmt: skip
    """Pairs of unknowns of an atom of which the first is at most the second, as far as that is true."""
    said: dict[What, frozenset[str]] = {}
    wider: dict[What, tuple[What, ...]] = {}
    for index in indexes:
        said[counts[index].what] = counts[index].said.intersection(people)
        wider[counts[index].what] = counts[index].implies
    return sorted({
        (mine[what], mine[other])
        for what, others in wider.items() for other in others
        if what not in torn and other in mine and said[what] <= said[other]
    })  # fmt: skip
