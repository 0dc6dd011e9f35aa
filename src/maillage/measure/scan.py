"""Where and when events cluster most: the space-time scan of Kulldorff with circles and windows of time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage import estimate
from maillage.errors import MaillageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The strongest cluster. places: positions; start, end: first and last period; expected: by share of population.

    p: rank of its likelihood ratio among those of random data, (1 + as large) / (draws + 1).
    """

    places: tuple[int, ...]
    start: int
    end: int
    cases: int
    expected: float
    llr: float
    p: float


def scan(
    cases: ArrayLike, population: ArrayLike, x: ArrayLike, y: ArrayLike, *,
    longest: int | None = None, share: float = 0.5, draws: int = 999, seed: int,
) -> Cluster:  # fmt: skip
    """The cylinder with the largest Poisson likelihood ratio (M. Kulldorff, 1997; space-time, 2001).

    cases: places x periods of counts; population: one number a place, or places x periods; x, y projected. Circles
    grow from each place to at most `share` of the population, windows of time to `longest` periods (default: half).
    Chance: the cases dealt anew in proportion to the population. Where people fled, or nobody counts, the population
    is wrong and so is the cluster. Raises MaillageError `spread_shape`.
    """
    counts, people = np.asarray(cases, dtype=np.float64), np.asarray(population, dtype=np.float64)
    people = np.repeat(people[:, None], counts.shape[1], axis=1) if people.ndim == 1 and counts.ndim == 2 else people
    points = np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    good = counts.ndim == 2 and counts.shape == people.shape and len(points) == len(counts) and counts.sum() > 0
    if not good or (counts < 0).any() or (people < 0).any() or people.sum() <= 0 or not 0 < share < 1:
        sizes = f"{counts.shape}; {people.shape}; {points.shape}"
        raise MaillageError("spread_shape", what="scan", found=sizes, expected="places x periods; places; places")
    total = int(counts.sum())
    due = people / people.sum() * total
    windows = _Windows(points, due, people.sum(axis=1) / people.sum(), longest or -(-counts.shape[1] // 2), share)
    best, at = windows.largest(counts, total)
    rng = estimate.rng(seed, "scan")
    dealt = (rng.multinomial(total, (due / total).ravel()).reshape(counts.shape) for _ in range(draws))
    least = windows.least(best - 1e-9, total)
    as_large = sum(windows.reach(one, least) for one in dealt)
    places, start, end = windows.members(at)
    found, expected = (float(table[places, start : end + 1].sum()) for table in (counts, due))
    return Cluster(
        tuple(sorted(int(place) for place in places)), start, end, int(found), expected,
        best, (1 + as_large) / (draws + 1),
    )  # fmt: skip


class _Windows:
    """All cylinders of a map: circles around each place, crossed with windows of time."""

    def __init__(self, points: Floats, due: Floats, shares: Floats, longest: int, share: float) -> None:
        apart = np.linalg.norm(points[:, None] - points[None], axis=2)
        self.order = np.argsort(apart, axis=1, kind="stable")
        grown = np.cumsum(shares[self.order], axis=1)
        self.allowed = grown <= share + 1e-12
        periods = due.shape[1]
        pairs = [(a, b) for a in range(periods) for b in range(a, min(periods, a + longest))]
        self.starts, self.ends = (np.array(side) for side in zip(*pairs, strict=True))
        self.due = self._sums(due)

    def _sums(self, table: Floats | Ints) -> Any:
        """Centre x circle x window: what lies in each cylinder."""
        summed = np.cumsum(table[self.order], axis=1)
        through = np.concatenate([np.zeros((*summed.shape[:2], 1)), np.cumsum(summed, axis=2)], axis=2)
        return through[:, :, self.ends + 1] - through[:, :, self.starts]

    def largest(self, cases: Floats, total: int) -> tuple[float, int]:
        """The largest likelihood ratio and where it is."""
        found = np.where(self.allowed[:, :, None], _ratio(self._sums(cases), self.due, total), 0.0)
        return float(found.max()), int(found.argmax())

    def least(self, level: float, total: int) -> Floats:
        """How many cases make the likelihood ratio of each cylinder at least `level`; infinite where none do.

        The ratio grows with the cases, so that random data need no logarithms: halving finds where it passes.
        """
        below = np.floor(self.due) if level > 0 else np.full(self.due.shape, -1.0)
        above = np.full(self.due.shape, float(total))
        never = ~self.allowed[:, :, None] | (_ratio(above, self.due, total) < level)
        while bool((above - below > 1).any()):
            middle = np.floor((above + below) / 2)
            enough = _ratio(middle, self.due, total) >= level
            above, below = np.where(enough, middle, above), np.where(enough, below, middle)
        return np.where(never, np.inf, above)

    def reach(self, cases: Ints, least: Floats) -> bool:
        """Whether any cylinder holds as many cases as it needs."""
        return bool((self._sums(cases) >= least).any())

    def members(self, at: int) -> tuple[Ints, int, int]:
        """Places, first and last period of a cylinder."""
        centre, circle, window = np.unravel_index(at, self.due.shape)
        return self.order[centre, : int(circle) + 1], int(self.starts[window]), int(self.ends[window])


def _ratio(cases: Floats, due: Floats, total: int) -> Floats:
    """Log likelihood ratios of cylinders holding `cases` where `due` were expected; 0 where they hold no more."""
    found, hot = np.zeros(due.shape), (cases > due) & (due > 0)
    c, e = cases[hot], due[hot]
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = np.where(total > c, (total - c) * np.log((total - c) / np.maximum(total - e, 1e-300)), 0.0)
    found[hot] = c * np.log(c / e) + rest
    return found
