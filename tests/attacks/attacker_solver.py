"""Whole numbers under linear constraints: what they can be at least and at most."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Sum = Mapping[str, float]


class ContradictionError(Exception):
    """No solution: the attacker has misread something."""


class System:
    """Named whole numbers from 0 to a top, and sums of them between bounds."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.top: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.limits: LinearConstraint | None = None

    def number(self, name: str, top: int) -> str:
        """Make known a number from 0 to `top`."""
        if name not in self.index:
            self.index[name] = len(self.top)
            self.top.append(top)
        return name

    def between(self, total: Sum, low: float = -np.inf, high: float = np.inf) -> None:
        """A sum lies between."""
        self.rows.append(({self.index[name]: weight for name, weight in total.items()}, low, high))

    def solve(self, objective: np.ndarray) -> np.ndarray:
        """The solution with the smallest objective."""
        if self.limits is None:
            entries = [(turn, at, weight) for turn, (row, _, _) in enumerate(self.rows) for at, weight in row.items()]
            lines, columns, weights = zip(*entries, strict=True)
            matrix = csr_array((weights, (lines, columns)), shape=(len(self.rows), len(self.top)))
            self.limits = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
        whole, bounds = np.ones(len(self.top)), Bounds(0, self.top)
        found = milp(objective, integrality=whole, bounds=bounds, constraints=self.limits)
        if found.x is None:
            raise ContradictionError(found.message)
        return np.round(found.x)

    def vector(self, total: Sum) -> np.ndarray:
        """A sum as an objective."""
        out = np.zeros(len(self.top))
        for name, weight in total.items():
            out[self.index[name]] += weight
        return out

    def ranges(self, targets: Sequence[Sum], beside: Sequence[Sum] = (), seed: int = 0) -> list[tuple[int, int]]:
        """Smallest and largest value of each target, as far as needed to know whether it is fixed.

        A range that is met by solutions found on the way is not searched to its ends; one of width 0 is proved.
        `beside`: sums of which only what is met on the way is wanted; their ranges stand at the end.
        """
        goals = np.array([self.vector(item) for item in (*targets, *beside)])
        chance = np.random.default_rng(seed)
        met = [self.solve(chance.choice((-1.0, 1.0), len(self.top))) for _ in range(5)]
        met += [self.solve(sign * goals.sum(axis=0)) for sign in (-1.0, 1.0)]
        values = goals @ np.array(met).T
        low, high = values.min(axis=1), values.max(axis=1)
        for turn in range(len(targets)):
            for sign in (1.0, -1.0):
                if low[turn] == high[turn]:
                    found = goals @ self.solve(sign * goals[turn])
                    low, high = np.minimum(low, found), np.maximum(high, found)
        return [(int(a), int(b)) for a, b in zip(low, high, strict=True)]


def total(names: Iterable[str], weight: float = 1) -> dict[str, float]:
    """The sum of these numbers."""
    out: dict[str, float] = {}
    for name in names:
        out[name] = out.get(name, 0) + weight
    return out
