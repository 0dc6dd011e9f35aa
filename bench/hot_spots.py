"""Gi* of 1,000 places in 60 months and the trend of each, beside others that compute the same from the same counts.

esda computes Gi* month by month, all sixty of them; the trend of a place is Mann-Kendall by the sum over pairs of its
months, in numpy. Gi* alone is measured as well, so that like stands beside like. `sizes` holds the same at 1, 4 and 16
times a sixteenth of the places.
"""

import json
import time
import warnings
from statistics import median
from typing import Any

import numpy as np
from esda.getisord import G_Local
from libpysal.weights import W, fill_diagonal

from maillage.measure.emerging import trends
from maillage.measure.spread import gi

SIDE, OTHER, MONTHS = 40, 25, 60


def made(side: int = SIDE, other: int = OTHER) -> tuple[np.ndarray, np.ndarray, Any]:
    """Counts on a grid and its neighbours, as a matrix and as esda wants them."""
    rng = np.random.default_rng(1)
    places = side * other
    near: dict[int, list[int]] = {}
    for place in range(places):
        x, y = place % side, place // side
        around = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0)]
        near[place] = [b * side + a for a, b in around if 0 <= a < side and 0 <= b < other]
    weights = np.eye(places)
    for place, others in near.items():
        weights[place, others] = 1
    return rng.poisson(2.0, (places, MONTHS)).astype(float), weights, fill_diagonal(W(near), 1.0)


def ours(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    z = gi(values, weights)
    trends(z)
    return z


def theirs_gi(values: np.ndarray, weights: Any) -> np.ndarray:
    """Gi* of every month by esda, analytic z, as ours."""
    months = [G_Local(month, weights, transform="B", permutations=0, star=None).Zs for month in values.T]
    return np.column_stack(months)


def theirs(values: np.ndarray, weights: Any) -> np.ndarray:
    z = theirs_gi(values, weights)
    first, second = np.triu_indices(MONTHS, 1)
    for place in z:
        np.sign(place[second] - place[first]).sum()
    return z


def timed(work: Any, *args: Any, runs: int = 5) -> float:
    work(*args)
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        work(*args)
        times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    values, weights, peer = made()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: dict[str, Any] = {
            "ours_s": timed(ours, values, weights), "peer_s": timed(theirs, values, peer, runs=1),
            "gi_s": timed(gi, values, weights), "esda_s": timed(theirs_gi, values, peer, runs=1),
            "difference": float(np.abs(gi(values, weights) - theirs_gi(values, peer)).max()),
        }  # fmt: skip
    sizes = {side * other: made(side, other)[:2] for side, other in ((10, 6), (20, 12), (40, 24))}
    found["sizes"] = {str(size): timed(ours, *one) for size, one in sizes.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
