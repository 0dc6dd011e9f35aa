"""Variety of activity with equal effort, and who is found beside whom. Co-located is not cooperating."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from maillage.errors import MaillageError
from maillage.later import Later
from maillage.measure.spread import FEW_POINTS

if TYPE_CHECKING:
    from scipy import spatial
else:
    spatial = Later("scipy.spatial")

Floats = NDArray[np.float64]


def rarefied(counts: ArrayLike, effort: int) -> float:
    """How many kinds would be expected among `effort` statements drawn from all (S. Hurlbert, 1971).

    counts: statements of each kind. Compares places where unequally many were asked: rarefy all to the smallest.
    Raises MaillageError `spread_effort` for an effort above the number of statements.
    """
    found = np.asarray(counts, dtype=np.float64)
    if found.ndim != 1 or not (np.isfinite(found) & (found >= 0) & (found == np.floor(found))).all():
        raise MaillageError("spread_shape", what="rarefied", found=str(found.shape), expected="whole numbers from 0")
    total = float(found.sum())
    if not 0 <= effort <= total:
        raise MaillageError("spread_effort", value=effort, most=int(total))
    absent = _log_choose(total - found, effort) - _log_choose(np.array(total), effort)
    return float((1 - np.exp(absent)).sum())


def _log_choose(n: Floats, k: int) -> Floats:
    """log of n over k, minus infinity where k is more than n."""
    found = [math.lgamma(x + 1) - math.lgamma(k + 1) - math.lgamma(x - k + 1) if x >= k else -math.inf
             for x in n.ravel().tolist()]  # fmt: skip
    return np.array(found).reshape(n.shape)


def _nearest(points: Floats) -> Iterator[NDArray[np.intp]]:
    """Of each point those nearest to it, all that are equally near."""
    if len(points) > FEW_POINTS:
        tree = spatial.KDTree(points)
        for point, far in enumerate(tree.query(points, k=2)[0][:, 1]):
            near = np.array(tree.query_ball_point(points[point], far * (1 + 1e-12)))
            yield near[near != point]
        return
    for point, (x, y) in enumerate(points):
        apart = np.hypot(points[:, 0] - x, points[:, 1] - y)
        apart[point] = np.inf
        yield np.flatnonzero(apart <= apart.min() * (1 + 1e-12))


def co_location(x: ArrayLike, y: ArrayLike, kinds: ArrayLike) -> pl.DataFrame:
    """Table (kind, beside, quotient): how often the nearest neighbour of a kind is of another, against chance.

    The co-location quotient of T. Leslie and B. Kronenfeld (2011): above 1, `kind` lies nearer to `beside` than if
    kinds were dealt to the points anew; not symmetric. Of equally near neighbours each counts a part. x, y: projected.
    null where chance has nobody to offer. Label it "co-located", never "cooperating".
    """
    points = np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    names = [str(kind) for kind in np.asarray(kinds).tolist()]
    if len(points) != len(names) or len(points) < 2 or not np.isfinite(points).all():
        raise MaillageError(
            "spread_shape", what="co_location", found=f"{len(points)}; {len(names)}", expected="n; n; n"
        )
    order = sorted(set(names))
    at = np.array([order.index(name) for name in names])
    counts = np.bincount(at)
    nearest = np.zeros((len(order), len(order)))
    for point, near in enumerate(_nearest(points)):
        nearest[at[point]] += np.bincount(at[near], minlength=len(order)) / len(near)
    rows: list[tuple[str, str, float | None]] = []
    for a, kind in enumerate(order):
        for b, beside in enumerate(order):
            chance = (counts[b] - (a == b)) / (len(points) - 1)
            rows.append((kind, beside, float(nearest[a, b] / counts[a] / chance) if chance else None))
    return pl.DataFrame(rows, schema={"kind": pl.String, "beside": pl.String, "quotient": pl.Float64}, orient="row")
