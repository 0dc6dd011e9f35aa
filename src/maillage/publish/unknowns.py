"""What a reader who knows who was interviewed does not know: who said what, as unknowns between nobody and everybody.

Numbers that count the same statement share their unknowns; people whom no published group tells apart are one unknown
(an atom). A narrower statement implies a wider one: who tells of a link between two actors tells of a link. Who speaks
of two places has an answer for each and one for what lies above both: which answers are one follows from who spoke of
what, which neighbours know, and never from what they said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    spoke: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

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


def remembered(fixed: Sequence[Count], counts: Sequence[Count]) -> list[Count]:
    """Counts of earlier releases, named `ID#...`, with what people spoke of as in the count `ID` of now, else as in the
    largest on the same statement."""
    now: dict[str, Count] = {count.name: count for count in counts}
    largest: dict[What, Count] = {}
    for count in sorted(counts, key=lambda item: (len(item.asked), item.name)):
        largest[count.what] = count
    made: list[Count] = []
    for count in fixed:
        near = [one for one in (largest.get(count.what), now.get(count.name.rpartition("#")[0])) if one]
        spoke = {person: one.spoke[person] for one in near for person in count.asked & one.spoke.keys()}
        made.append(replace(count, spoke=spoke) if spoke else count)
    return made


@dataclass(frozen=True, slots=True)
class _Kin:
    """In which counts people are, and which of these have one answer of theirs.

    answer: by count, the number of the answer that it holds, one a set of what they spoke of. inside: pairs of such
    numbers of which the first set is part of the second. torn: statements and numbers of which they said both yes and
    no, which is so after a correction only.
    """

    indexes: tuple[int, ...]
    answer: tuple[int, ...]
    inside: tuple[tuple[int, int], ...]
    torn: tuple[tuple[What, int], ...]


def unknowns(counts: Sequence[Count]) -> Unknowns:
    """The unknowns of connected counts."""
    held: dict[str, list[int]] = {}
    for index, count in enumerate(counts):
        for person in count.asked:
            held.setdefault(person, []).append(index)
    atoms: dict[_Kin, list[str]] = {}
    for person, indexes in sorted(held.items()):
        atoms.setdefault(_kin(counts, person, indexes), []).append(person)
    making, below = _Making(), list[tuple[int, int]]()
    for number, (kin, people) in enumerate(atoms.items()):
        mine = _columns(making, counts, number, kin, people=people)
        below += _implied(counts, kin, mine, people=people)
    rows, columns = zip(*making.cells, strict=True) if making.cells else ((), ())
    sums = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(counts), len(making.people)))
    return Unknowns(
        counts, [key[0] for key in making.keys], making.people, np.array([len(who) for who in making.people], float),
        np.array(making.truth, float), sums, *np.array(below, np.int64).reshape(-1, 2).T,
    )  # fmt: skip


def _kin(counts: Sequence[Count], person: str, indexes: Sequence[int]) -> _Kin:
    spoke: dict[frozenset[str] | None, int] = {}
    answer = tuple(spoke.setdefault(counts[index].spoke.get(person), len(spoke)) for index in indexes)
    sets = [(number, one) for one, number in spoke.items() if one is not None]
    inside = tuple((few, many) for few, one in sets for many, other in sets if one < other)
    said: dict[tuple[What, int], set[bool]] = {}
    for index, number in zip(indexes, answer, strict=True):
        said.setdefault((counts[index].what, number), set()).add(person in counts[index].said)
    torn = tuple(sorted((key for key, both in said.items() if len(both) > 1), key=str))
    return _Kin(tuple(indexes), answer, inside, torn)


def _columns(
    making: _Making, counts: Sequence[Count], atom: int, kin: _Kin, *, people: Sequence[str]
) -> Mapping[tuple[What, int], int]:
    """The unknowns of one atom: one a statement and answer; one a count where a correction made two of it."""
    mine: dict[tuple[What, int], int] = {}
    for index, number in zip(kin.indexes, kin.answer, strict=True):
        count = counts[index]
        torn = (count.what, number) in kin.torn
        key = (count.what, atom, number, index if torn else -1)
        if key not in making.keys:
            making.keys[key] = len(making.keys)
            making.people.append(frozenset(people))
            making.truth.append(sum(person in count.said for person in people))
        making.cells.append((index, making.keys[key]))
        if not torn:
            mine[count.what, number] = making.keys[key]
    return mine


def _implied(
    counts: Sequence[Count], kin: _Kin, mine: Mapping[tuple[What, int], int], *, people: Sequence[str]
) -> list[tuple[int, int]]:
    """Pairs of unknowns of an atom of which the first is at most the second: of less that they spoke of, or of a
    narrower statement. Within one release this holds by definition; after a correction as far as it is true."""
    said: dict[tuple[What, int], frozenset[str]] = {}
    wider: dict[What, tuple[What, ...]] = {}
    for index, number in zip(kin.indexes, kin.answer, strict=True):
        said[counts[index].what, number] = counts[index].said.intersection(people)
        wider[counts[index].what] = counts[index].implies
    found = [((what, few), (what, many)) for what in wider for few, many in kin.inside]
    found += [((what, number), (other, number))
              for what, others in wider.items() for other in others for number in {*kin.answer}]  # fmt: skip
    found += [((what, few), (other, many))
              for what, others in wider.items() for other in others for few, many in kin.inside]  # fmt: skip
    return sorted({
        (mine[one], mine[other]) for one, other in found if one in mine and other in mine and said[one] <= said[other]
    })  # fmt: skip
