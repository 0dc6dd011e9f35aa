"""The attacker's problem: what somebody can work out who knows who was interviewed, of which class and where.

Published counts are constraints on who said what; a linear programme gives the smallest and largest value that each
hidden count can have (A. Hundepool et al., Handbook on Statistical Disclosure Control, 2nd ed. 2024, chapter 4; solved
by HiGHS, Q. Huangfu and J. Hall 2018). A count is given away where it can have one whole number only.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from maillage.publish.polytope import NEAR, Polytope
from maillage.publish.rules import SMALL
from maillage.publish.unknowns import Bounds, Cell, Unknowns, What

FEW, PATIENCE, STEPS, SEEDS, MIXED, KEPT = 2, 2, 3, 8, 64, 400


class Attacker:
    """What is known over one connected group of counts, as they are told one after the other.

    Targets are the answers of single people (atoms) and the counts that may not be known. Points are answers that fit
    what is told; they save most of the linear programmes and have no part in what comes out.
    """

    def __init__(self, system: Unknowns) -> None:
        self.system = system
        margin, small = dict[What, int](), dict[What, int]()
        for count in system.counts:
            margin[count.what] = max(margin.get(count.what, 0), count.margin if count.atoms else 0)
            small[count.what] = max(small.get(count.what, 0), SMALL if count.atoms else count.small)
        atoms = [index for index, what in enumerate(system.what) if margin[what] or system.size[index] < small[what]]
        sums = [at for at, count in enumerate(system.counts) if count.asked and (count.margin or not count.sayable(0))]
        self.of = [("atom", index) for index in atoms] + [("count", index) for index in sums]
        self.at = {index: at for at, (kind, index) in enumerate(self.of) if kind == "count"}
        counts = [system.counts[at] for at in sums]
        self.size = np.array([*system.size[atoms], *(len(count.asked) for count in counts)])
        self.margin = np.array([*(margin[system.what[at]] for at in atoms), *(count.margin for count in counts)])
        self.small = np.array([*(small[system.what[at]] for at in atoms), *(count.small for count in counts)])
        own = np.zeros((len(atoms), len(system.size)))
        own[range(len(atoms)), atoms] = 1
        self.sums = system.sums.toarray()
        self.of_what = {what: np.array([each == what for each in system.what]) for what in margin}
        self.targets = np.vstack([own, self.sums[sums]])
        self.known, self.exact = np.zeros(len(self.of), bool), np.zeros(len(self.of), bool)
        self.suspect = -1  # what was given away last, by an answer that was not told then
        self.polytope = Polytope(system.narrow, system.wide, system.size)
        self.chance = np.random.Generator(np.random.PCG64(len(self.of)))
        self.points, self.values = np.zeros((0, len(system.size))), np.zeros((0, len(self.of)))
        for _ in range(SEEDS):
            self._reach(self.chance.choice([-1.0, 1.0], len(self.of)) @ self.targets)

    def hear(self, index: int, cell: Bounds) -> None:
        """Learn that a count lies between two numbers, or nothing of it."""
        if cell is None:
            return
        self.polytope.hold(self.sums[index], cell)
        fits = self._fits(index, cell)
        self.points, self.values = self.points[fits], self.values[fits]
        if cell[0] == cell[1] and index in self.at:
            self.exact[self.at[index]] = True
        if self.system.counts[index].accepts(cell):
            self._accept(index, every=cell[0] > 0)
        if not self.margin.all():
            self._accept_groups()

    def accept(self) -> None:
        """What follows from what is told so far is no matter of what is told later."""
        self.known |= self._worked_out(~self.known, first=False)

    def possible(self, index: int, cells: Sequence[Cell]) -> list[Cell]:
        """Those of the answers of a count that fit what is told; none where the solver finds no end."""
        if not all(self._reach(sign * self.sums[index]) for sign in (-1.0, 1.0)):
            return []
        said = self.points[-2:] @ self.sums[index]
        return [cell for cell in cells if cell[1] >= said.min() - NEAR and cell[0] <= said.max() + NEAR]

    def is_safe(self, index: int, cell: Cell) -> bool:
        """Whether nothing would be given away, were a count told to lie there."""
        points, values = self.points, self.values
        self.polytope.hold(self.sums[index], cell)
        fits, (mixed, of_mixed) = self._fits(index, cell), self._mixed(index, cell)
        self.points, self.values = np.vstack([points[fits], mixed]), np.vstack([values[fits], of_mixed])
        known, pending = len(self.points), ~self.known & ~self.exact
        if cell[0] == cell[1] and index in self.at:
            pending[self.at[index]] = False
        safe = not self._worked_out(pending, first=True).any()
        self.points = np.vstack([points, self.points[known:]])[-KEPT:]
        self.values = np.vstack([values, self.values[known:]])[-KEPT:]
        self.polytope.release()
        return safe

    def knows(self) -> list[tuple[What, frozenset[str]]]:
        """The targets that are given away: the statement and the people."""
        system, found = self.system, list[tuple[What, frozenset[str]]]()
        for at in np.flatnonzero(self._worked_out(~self.known, first=False)):
            kind, index = self.of[at]
            if kind == "count":
                found.append((system.counts[index].what, system.counts[index].asked))
            else:
                found.append((system.what[index], system.people[index]))
        return found

    def _accept(self, index: int, *, every: bool) -> None:
        """That nobody, or everybody, said it may be told of all; it is then no secret of any part."""
        narrow, wide, sure = self.system.narrow, self.system.wide, self.sums[index] > 0
        for _ in range(STEPS):
            if every:
                sure[wide[sure[narrow]]] = True
            else:
                sure[narrow[sure[wide]]] = True
        self.known |= (self.targets @ (~sure).astype(float)) == 0

    def _accept_groups(self) -> None:
        """What follows by now of a group of which it may be told is no matter of what is told later; saves time."""
        if not len(self.points):
            return
        pending, idle = self._stuck(np.flatnonzero(~self.known & ~self.exact & (self.margin == 0))), 0
        while len(pending) > FEW and idle < PATIENCE:
            self._push(pending, up=idle % 2 == 0)
            left = self._stuck(pending)
            pending, idle = left, 0 if len(left) < len(pending) else idle + 1
        while len(pending):
            at, pending = int(pending[0]), pending[1:]
            group = self._may_be_told(at) if self._is_fixed(at) else None
            if group is not None:
                self.known |= (self.targets @ ~group == 0) & (self.margin == 0)
                pending = pending[~self.known[pending]]
            pending = self._stuck(pending)

    def _worked_out(self, asked: NDArray[np.bool_], *, first: bool) -> NDArray[np.bool_]:
        """Targets, of those asked, with one whole number only, which nobody may know; one of them if `first`.

        None where no answers at all fit what is told.
        """
        found = np.zeros(len(self.of), bool)
        if not len(self.points) and not self._reach(self.chance.choice([-1.0, 1.0], len(self.of)) @ self.targets):
            return found
        pending, idle = self._stuck(np.flatnonzero(asked)), 0
        if first and self.suspect in pending and self._is_given(self.suspect):
            found[self.suspect] = True
            return found
        while len(pending) > FEW and idle < PATIENCE:
            self._push(pending, up=idle % 2 == 0)
            left = self._stuck(pending)
            pending, idle = left, 0 if len(left) < len(pending) else idle + 1
        while len(pending) and not (first and found.any()):
            at, pending = int(pending[0]), pending[1:]
            if self._is_fixed(at):
                may_be_told = self._may_be_told(at)
                if may_be_told is None:
                    found[at], self.suspect = True, at
                else:
                    pending = pending[(self.targets[pending] @ ~may_be_told > 0) | (self.margin[pending] > 0)]
            pending = self._stuck(pending)
        return found

    def _is_given(self, at: int) -> bool:
        """Whether a target has one whole number only, which nobody may know."""
        return self._is_fixed(at) and self._may_be_told(at) is None

    def _is_fixed(self, at: int) -> bool:
        """Whether a target has one whole number only, which nobody may know of so many people."""
        for sign in (1.0, -1.0):
            self._reach(sign * self.targets[at])
        return len(self._stuck(np.array([at]))) > 0 and self._has_whole(at)

    def _stuck(self, pending: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the targets that may be given away, by the points at hand: these leave one whole number at most, and
        nobody may know it."""
        values = self.values[:, pending]
        most, least = np.floor(values.max(axis=0) + NEAR), np.ceil(values.min(axis=0) - NEAR)
        size, margin = self.size[pending], self.margin[pending]
        secret = (size < self.small[pending]) | (least < margin) | (least > size - margin)
        return pending[(most < least) | ((most == least) & secret)]

    def _has_whole(self, at: int) -> bool:
        """Whether the points at hand leave a target a whole number; where not, there are no such answers at all."""
        values = self.values[:, at]
        return bool(np.floor(values.max() + NEAR) >= np.ceil(values.min() - NEAR))

    def _may_be_told(self, at: int) -> NDArray[np.bool_] | None:
        """The unknowns of a group that may be told of that none, or all, of it said so, where it is known of one and
        the target is part of it; else None."""
        if self.margin[at]:
            return None
        (kind, index), size = self.of[at], self.system.size
        told = self.system.what[index] if kind == "atom" else self.system.counts[index].what
        mine, own = self.of_what[told], self.targets[at] > 0
        for low in (True, False):
            while True:
                same = (self.points < NEAR if low else self.points > size - NEAR).all(axis=0) & mine
                if not same[own].all():
                    break
                if not self._reach(np.where(same, 1.0 if low else -1.0, 0.0)):
                    break
                if (self.points[-1][same] < NEAR if low else self.points[-1][same] > size[same] - NEAR).all():
                    return same if size[same].sum() >= self.small[at] else None
        return None

    def _fits(self, index: int, cell: Cell) -> NDArray[np.bool_]:
        """Which of the points at hand fit an answer."""
        said = self.points @ self.sums[index]
        return (said >= cell[0] - NEAR) & (said <= cell[1] + NEAR)

    def _mixed(self, index: int, cell: Cell) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Points between those at hand that say less and those that say more, where the answer lies."""
        said = self.points @ self.sums[index]
        less, more = np.flatnonzero(said < cell[0] - NEAR), np.flatnonzero(said > cell[1] + NEAR)
        if not len(less) or not len(more):
            return self.points[:0], self.values[:0]
        one, other = self.chance.choice(less, MIXED), self.chance.choice(more, MIXED)
        part = ((sum(cell) / 2 - said[one]) / (said[other] - said[one]))[:, None]
        mixed = [(1 - part) * of[one] + part * of[other] for of in (self.points, self.values)]
        return mixed[0], mixed[1]

    def _push(self, pending: NDArray[np.int64], *, up: bool) -> None:
        """A point more, far from where the targets are stuck: low ones go up and high ones down, or all back."""
        high = self.values[-1, pending] > self.size[pending] / 2
        weights = np.where(high == up, -1.0, 1.0) * self.chance.uniform(0.5, 1.5, len(pending))
        self._reach(weights @ self.targets[pending])

    def _reach(self, weights: NDArray[np.float64]) -> bool:
        """Add the farthest point in a direction; whether there is any."""
        point = self.polytope.most(weights)
        if point is None:
            return False
        self.points, self.values = np.vstack([self.points, point]), np.vstack([self.values, self.targets @ point])
        return True
