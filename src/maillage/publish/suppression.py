"""Tables of counts with published totals: which cells to withhold, and what an attacker can still work out.

Cell suppression with complementary cells (A. Hundepool et al., Handbook on Statistical Disclosure Control, 2nd ed.
2024, chapter 4). Row and column totals make the withheld cells a transportation polytope: its corners are whole
numbers, so the bounds of a cell are those of a largest flow and exact.
"""

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage.errors import MaillageError
from maillage.later import Later

if TYPE_CHECKING:
    from scipy import sparse
    from scipy.sparse import csgraph
else:
    sparse, csgraph = Later("scipy.sparse"), Later("scipy.sparse.csgraph")

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Cell = tuple[int, int]
SIZE_COST = 1e-6


def protect(table: ArrayLike, *, threshold: int) -> Flags:
    """Cells to withhold so that none of them follows from the published cells and the row and column totals.

    table: rows x columns of counts. Withheld are all counts above 0 and below `threshold`, and as few others as a
    search by cheapest cycles finds; a zero may be published and may serve as a complement. Raises MaillageError
    `table_unprotectable` where the totals give a cell away whatever is withheld (a total must go as well, or rows or
    columns be merged), `table_invalid_counts` where the table is no table of counts.
    """
    counts = _counts(table)
    primary = (counts > 0) & (counts < threshold)
    withheld = primary.copy()
    for cell in _cells(primary):
        if not _varies(counts, withheld, cell):
            for other in _cycle(counts, withheld, cell):
                withheld[other] = True
    return _lean(counts, withheld, primary)


def audit(table: ArrayLike, withheld: ArrayLike) -> tuple[Counts, Counts]:
    """Smallest and largest whole number that each cell can have, for whoever knows totals and published cells.

    Published cells have their count as both. Raises MaillageError `table_invalid_counts`.
    """
    counts = _counts(table)
    hidden = np.asarray(withheld, dtype=np.bool_)
    if hidden.shape != counts.shape:
        raise MaillageError("table_invalid_counts", shape=hidden.shape)
    low, high = counts.copy(), counts.copy()
    for row, column in _cells(hidden):
        high[row, column] += _flow(counts, hidden, (row, column), up=True)
        low[row, column] -= _flow(counts, hidden, (row, column), up=False)
    return low, high


def _counts(table: Any) -> Counts:
    """The table as whole numbers from 0; a polars table is read by its number columns."""
    raw = np.asarray(table.to_numpy() if hasattr(table, "to_numpy") else table)
    if raw.ndim != 2 or raw.dtype.kind not in "iuf" or not np.isfinite(raw).all():
        raise MaillageError("table_invalid_counts", shape=raw.shape)
    counts = raw.astype(np.int64)
    if (counts < 0).any() or (counts != raw).any():
        raise MaillageError("table_invalid_counts", shape=raw.shape)
    return counts


def _cells(flags: Flags) -> Iterator[Cell]:
    yield from ((int(row), int(column)) for row, column in np.argwhere(flags))


def _flow(counts: Counts, hidden: Flags, cell: Cell, *, up: bool) -> int:
    """By how much a withheld cell can grow (`up`) or shrink while all totals stay.

    Rows are nodes 0 .. m-1, columns m .. m+n-1. What the cell gains, others of its row lose and others of its column
    lose, and so on round: a flow from row to column over the withheld cells, where a cell that shrinks holds at most
    its count.
    """
    rows, columns = counts.shape
    capacity = np.zeros((rows + columns, rows + columns), dtype=np.int32)
    free = np.where(hidden, int(counts.sum()) + 1, 0)
    shrink = np.where(hidden, counts, 0)
    capacity[:rows, rows:] = shrink if up else free
    capacity[rows:, :rows] = (free if up else shrink).T
    row, column = cell
    capacity[row, rows + column] = capacity[rows + column, row] = 0
    found = int(csgraph.maximum_flow(sparse.csr_array(capacity), row, rows + column).flow_value)
    return found if up else min(found, int(counts[cell]))


def _varies(counts: Counts, hidden: Flags, cell: Cell) -> bool:
    return _flow(counts, hidden, cell, up=True) > 0 or _flow(counts, hidden, cell, up=False) > 0


def _cycle(counts: Counts, withheld: Flags, cell: Cell) -> list[Cell]:
    """The cheapest cells whose counts can shift against each other together with `cell`; withheld ones cost nothing."""
    found = [way for up in (True, False) if (way := _cheapest(counts, withheld, cell, up=up)) is not None]
    if not found:
        raise MaillageError("table_unprotectable", row=cell[0] + 1, column=cell[1] + 1)
    return min(found)[1]


def _cheapest(counts: Counts, withheld: Flags, cell: Cell, *, up: bool) -> tuple[float, list[Cell]] | None:
    """Dijkstra from the cell's row to its column; a step along a cell that shrinks needs a count above 0."""
    rows, columns = counts.shape
    start, goal = cell[0], rows + cell[1]
    cost = np.where(withheld, 0.0, 1.0 + SIZE_COST * counts)
    heap: list[tuple[float, int, list[Cell]]] = [(0.0, start, [])]
    done: set[int] = set()
    while heap:
        spent, node, path = heapq.heappop(heap)
        if node == goal:
            return spent, path
        if node in done:
            continue
        done.add(node)
        from_row = node < rows
        for step in range(columns if from_row else rows):
            other = (node, step) if from_row else (step, node - rows)
            if other != cell and (counts[other] > 0 or from_row != up):
                heapq.heappush(heap, (spent + float(cost[other]), rows + step if from_row else step, [*path, other]))
    return None


def _lean(counts: Counts, withheld: Flags, primary: Flags) -> Flags:
    """Publish again every complementary cell that is not needed, the largest first."""
    extra = sorted(_cells(withheld & ~primary), key=lambda cell: (-counts[cell], cell))
    for cell in extra:
        withheld[cell] = False
        if not all(_varies(counts, withheld, other) for other in _cells(withheld)):
            withheld[cell] = True
    return withheld
