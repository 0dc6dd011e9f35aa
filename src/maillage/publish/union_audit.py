"""What all numbers of a release, and of those before it, tell together; what must go so that they tell on nobody.

The attacker knows who was interviewed, of which class and where, and everything that was ever released. Published
counts are constraints on who said what; a linear programme gives the smallest and largest value that each hidden count
can have (A. Hundepool et al., Handbook on Statistical Disclosure Control, 2nd ed. 2024, chapter 4, the attacker's
problem; solved by HiGHS, Q. Huangfu and J. Hall 2018). The truth itself is one solution: a count is given away where
no solution differs from it by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from maillage.later import Later
from maillage.publish.rules import SMALL
from maillage.publish.unknowns import Count, Unknowns, What, connected, unknowns

if TYPE_CHECKING:
    from scipy import optimize, sparse
else:
    optimize, sparse = Later("scipy.optimize"), Later("scipy.sparse")

NEAR = 1e-6
FEW, PATIENCE, STEPS = 2, 3, 3
STILL, DRAWS = 1e-5, 2
Bounds = tuple[int, int] | None
Coarser = Callable[[Count], Bounds]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a count: `least` and `most` of what may be published of it, both None where nothing may."""

    name: str
    least: int | None
    most: int | None


def settled(counts: Sequence[Count], coarser: Coarser, *, fixed: Sequence[Count] = ()) -> dict[str, Verdict]:
    """Counts that must say less, by name; a count that is not in it keeps what it says.

    counts: all counts of a release, withheld ones included (`least` None): what is held back must not follow. fixed:
    counts of earlier releases, which stand whatever happens. coarser: the words that a count can be put into, None
    where there are none. Kept are the largest groups, then the lower `order`; deterministic.
    """
    out: dict[str, Verdict] = {}
    for group in connected([*counts, *fixed]):
        if any(count.least is not None for count in group):
            out |= _group(group, coarser, {count.name for count in fixed})
    return out


def given_away(counts: Sequence[Count], *, fixed: Sequence[Count] = ()) -> list[tuple[What, frozenset[str]]]:
    """Of whom a reader works out what they said, by what is published of `counts` and `fixed`: the statement and the
    people, or the people of a count that may not be known; empty for a release that is safe."""
    found: list[tuple[What, frozenset[str]]] = []
    for group in connected([*counts, *fixed]):
        audit = _Audit(unknowns(group))
        audit.accept([None for _ in group])
        found += audit.breaches([_bounds(count) for count in group])
    return found


def _group(group: Sequence[Count], coarser: Coarser, fixed: set[str]) -> dict[str, Verdict]:
    """The counts of one connected group that must say less: the first in order that gives something away, and on."""
    audit = _Audit(unknowns(group))
    told: list[Bounds] = [_bounds(count) if count.name in fixed else None for count in group]
    audit.accept(told)
    rank = sorted(
        (i for i, count in enumerate(group) if count.name not in fixed and _bounds(count) is not None),
        key=lambda i: (not group[i].accepted, -len(group[i].asked), group[i].order, group[i].name),
    )
    out: dict[str, Verdict] = {}
    start = 0
    while start < len(rank):
        stop = _longest(audit, told, group, rank, start)
        for index in rank[start:stop]:
            told[index] = _bounds(group[index])
        if stop == len(rank):
            break
        index = rank[stop]
        words = coarser(group[index])
        told[index] = words if words is not None and words != _bounds(group[index]) else None
        if told[index] is not None and audit.is_unsafe(told):
            told[index] = None
        found = told[index]
        out[group[index].name] = Verdict(group[index].name, *(found or (None, None)))
        start = stop + 1
    return out


def _longest(audit: "_Audit", told: Sequence[Bounds], group: Sequence[Count], rank: Sequence[int], start: int) -> int:
    """How far the counts in order can all be told, by halving."""

    def unsafe(stop: int) -> bool:
        trial = list(told)
        for index in rank[start:stop]:
            trial[index] = _bounds(group[index])
        return audit.is_unsafe(trial)

    low, high = start, len(rank)
    if not unsafe(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if unsafe(middle) else (middle, high)
    return low


def _bounds(count: Count) -> Bounds:
    return None if count.least is None or count.most is None else (count.least, count.most)


class _Audit:
    """The attacker's problem over one connected group."""

    def __init__(self, system: Unknowns) -> None:
        self.system = system
        self.margin: dict[What, int] = {}
        for count in system.counts:
            least = count.margin if count.atoms else -1
            self.margin[count.what] = max(self.margin.get(count.what, -1), least)
        mine = [index for index in range(len(system.size)) if not self._may_be_known(index)]
        sums = [index for index, count in enumerate(system.counts) if not count.sayable and count.asked]
        own = sparse.csr_array((np.ones(len(mine)), (range(len(mine)), mine)), shape=(len(mine), len(system.size)))
        self.targets: Any = sparse.csr_array(sparse.vstack([own, system.sums[sums, :]]))
        self.of = [("atom", index) for index in mine] + [("count", index) for index in sums]
        self.truth = self.targets @ system.truth
        self.known = np.zeros(len(self.of), bool)
        self.witnesses: list[NDArray[np.float64]] = []

    def _may_be_known(self, index: int) -> bool:
        system = self.system
        margin = self.margin[system.what[index]]
        size, value = system.size[index], system.truth[index]
        return margin < 0 or (size >= SMALL and margin <= value <= size - margin)

    def accept(self, fixed: Sequence[Bounds]) -> None:
        """What follows from counts that nobody or everybody said, where that may be told, or from `fixed` alone, is no
        matter of the others."""
        system = self.system
        none, every = np.zeros(len(system.size), bool), np.zeros(len(system.size), bool)
        for index, count in enumerate(system.counts):
            if count.accepted:
                (none if count.most == 0 else every)[system.sums[[index], :].indices] = True
        for _ in range(STEPS):
            none[system.narrow[none[system.wide]]] = True
            every[system.wide[every[system.narrow]]] = True
        free = self.targets @ (~(none | every)).astype(float)
        self.known = np.asarray(free) == 0
        if any(bounds is not None for bounds in fixed):
            self.known |= self._fixed(fixed, every=True)

    def is_unsafe(self, told: Sequence[Bounds]) -> bool:
        """Whether these published bounds give a target away that they may not."""
        return bool(self._fixed(told, every=False).any())

    def breaches(self, told: Sequence[Bounds]) -> list[tuple[What, frozenset[str]]]:
        """The targets that are given away: the statement and the people."""
        system, found = self.system, list[tuple[What, frozenset[str]]]()
        for at in np.flatnonzero(self._fixed(told, every=True)):
            kind, index = self.of[at]
            if kind == "count":
                found.append((system.counts[index].what, system.counts[index].asked))
            else:
                found.append((system.what[index], system.people[index]))
        return found

    def _fixed(self, told: Sequence[Bounds], *, every: bool) -> NDArray[np.bool_]:
        """Targets, of those not known anyway, with one whole number only that the published bounds leave them; the
        first of them alone unless `every`."""
        fixed = np.zeros(len(self.of), bool)
        pending = np.flatnonzero(self._touched(told) & ~self.known)
        if not len(pending):
            return fixed
        solver = _Solver(self.system, told)
        for point in self.witnesses:
            if solver.holds(point):
                pending = pending[~self._moved(pending, point)]
        chance, idle = np.random.Generator(np.random.PCG64(len(told))), 0
        while len(pending) > FEW and idle < PATIENCE:
            point = solver.most(self._sum(pending, chance.choice([-1.0, 1.0], len(pending))))
            self.witnesses.append(point)
            moved = self._moved(pending, point)
            pending, idle = pending[~moved], 0 if moved.any() else idle + 1
        still = self._still(pending, solver, chance)
        fixed[still] = True
        pending = pending[~np.isin(pending, still)]
        while len(pending) and (every or not fixed.any()):
            at, pending = pending[0], pending[1:]
            row = self._sum(np.array([at]), np.ones(1))
            points = [solver.most(sign * row) for sign in (1.0, -1.0)]
            fixed[at] = not any(self._moved(np.array([at]), point)[0] for point in points)
            for point in points:
                pending = pending[~self._moved(pending, point)]
        return fixed

    def _still(
        self, pending: NDArray[np.int64], solver: "_Solver", chance: np.random.Generator
    ) -> NDArray[np.int64]:  # fmt: skip
        """Those of the targets that have the same value all over the polytope, proved together.

        Where the largest and the smallest sum with random weights are the same, so are all that it sums up: else the
        weights would have to be at right angles to what moves. Two draws, so that chance has no part in it.
        """
        agreed = 0
        while len(pending) > 1 and agreed < DRAWS:
            weights = self._sum(pending, chance.standard_normal(len(pending)))
            points = [solver.most(sign * weights) for sign in (1.0, -1.0)]
            moved = np.any([self._moved(pending, point, by=STILL) for point in points], axis=0)
            pending, agreed = pending[~moved], 0 if moved.any() else agreed + 1
        return pending if agreed == DRAWS else pending[:0]

    def _sum(self, targets: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The weights of the unknowns in a weighted sum of targets."""
        every = np.zeros(len(self.of))
        every[targets] = weights
        return every @ self.targets

    def _moved(
        self, targets: NDArray[np.int64], point: NDArray[np.float64], by: float = 1 - NEAR
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Which targets differ by one or more from the truth."""
        return np.abs((self.targets @ point - self.truth)[targets]) >= by

    def _touched(self, told: Sequence[Bounds]) -> NDArray[np.bool_]:
        """Targets with an unknown that a published count adds up, or that follows from such a one."""
        shown = np.array([bounds is not None for bounds in told], float)
        seen = (shown @ self.system.sums) > 0
        narrow, wide = self.system.narrow, self.system.wide
        for _ in range(STEPS):
            either = seen[narrow] | seen[wide]
            seen[narrow[either]] = seen[wide[either]] = True
        return np.asarray(self.targets @ seen.astype(float)) > 0


class _Solver:
    """The polytope that published bounds leave of the unknowns."""

    def __init__(self, system: Unknowns, told: Sequence[Bounds]) -> None:
        self.system = system
        shown = [index for index, bounds in enumerate(told) if bounds is not None]
        limits = np.array([told[index] for index in shown], float).reshape(-1, 2)
        below = system.below()
        self.rows: Any = sparse.vstack([system.sums[shown, :], below], format="csc")
        self.low: Any = np.concatenate([limits[:, 0], np.full(below.shape[0], -np.inf)])
        self.high: Any = np.concatenate([limits[:, 1], np.zeros(below.shape[0])])
        none: Any = np.zeros(len(system.size))
        most: Any = system.size
        self.problem = {
            "constraints": optimize.LinearConstraint(self.rows, self.low, self.high),
            "bounds": optimize.Bounds(none, most),
        }

    def holds(self, point: NDArray[np.float64]) -> bool:
        """Whether a point lies in it."""
        sums = self.rows @ point
        return bool((sums >= self.low - NEAR).all() and (sums <= self.high + NEAR).all())

    def most(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """A point with the largest weighted sum of unknowns; the truth where the solver finds none."""
        found = optimize.milp(-weights, **self.problem)
        return self.system.truth if found.x is None else found.x


def narrowed(counts: Sequence[Count], verdicts: Mapping[str, Verdict]) -> list[Count]:
    """The counts as they stand after `settled`."""
    return [
        replace(count, least=verdicts[count.name].least, most=verdicts[count.name].most)
        if count.name in verdicts else count
        for count in counts
    ]  # fmt: skip
