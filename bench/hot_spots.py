"""Gi* of 1,000 places in 60 months and the trend of each, beside esda on one month, in the same run."""

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


def made() -> tuple[np.ndarray, np.ndarray, Any]:
    """Counts on a grid and its neighbours, as a matrix and as esda wants them."""
    rng = np.random.default_rng(1)
    places = SIDE * OTHER
    near: dict[int, list[int]] = {}
    for place in range(places):
        x, y = place % SIDE, place // SIDE
        around = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0)]
        near[place] = [b * SIDE + a for a, b in around if 0 <= a < SIDE and 0 <= b < OTHER]
    weights = np.eye(places)
    for place, others in near.items():
        weights[place, others] = 1
    return rng.poisson(2.0, (places, MONTHS)).astype(float), weights, fill_diagonal(W(near), 1.0)


def ours(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    z = gi(values, weights)
    trends(z)
    return z


def timed(work: Any, *args: Any) -> float:
    work(*args)
    times: list[float] = []
    for _ in range(7):
        start = time.perf_counter()
        work(*args)
        times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    values, weights, theirs = made()

    def peer() -> np.ndarray:
        return G_Local(values[:, 0], theirs, transform="B", permutations=0, star=None).Zs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same = float(np.abs(ours(values, weights)[:, 0] - peer()).max())
        found = {"ours_s": timed(ours, values, weights), "esda_month_s": timed(peer), "difference": same}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
