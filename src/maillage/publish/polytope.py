"""The answers that published counts leave open: a polytope, and its farthest point in a direction."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from maillage.later import Later

if TYPE_CHECKING:
    import highspy
else:
    highspy = Later("highspy")

NEAR = 1e-6
OPTIONS = {"threads": 1, "presolve": "off", "simplex_strategy": 4}  # many small problems, each near the one before it


class Polytope:
    """Unknowns between 0 and their size, some at most as large as others, sums of them between bounds."""

    def __init__(self, narrow: NDArray[np.int64], wide: NDArray[np.int64], size: NDArray[np.float64]) -> None:
        """size: by unknown; narrow, wide: pairs of unknowns of which the first is at most the second."""
        pairs = len(narrow)
        self.columns = np.arange(len(size), dtype=np.int32)
        self.solver: Any = highspy.Highs()
        self.solver.silent()
        for name, value in OPTIONS.items():
            self.solver.setOptionValue(name, value)
        self.solver.addVars(len(size), np.zeros(len(size)), size)
        self.solver.addRows(
            pairs, np.full(pairs, -np.inf), np.zeros(pairs), 2 * pairs, np.arange(0, 2 * pairs, 2, dtype=np.int32),
            np.column_stack([narrow, wide]).reshape(-1).astype(np.int32), np.tile([1.0, -1.0], pairs),
        )  # fmt: skip
        self.rows = pairs

    def hold(self, sums: NDArray[np.float64], edges: tuple[float, float]) -> None:
        """Hold a sum of unknowns between two numbers."""
        columns = np.flatnonzero(sums).astype(np.int32)
        self.solver.addRow(*edges, len(columns), columns, sums[columns])
        self.rows += 1

    def release(self) -> None:
        """Let go what was held last."""
        self.rows -= 1
        self.solver.deleteRows(1, np.array([self.rows], dtype=np.int32))

    def most(self, weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """A point with the largest weighted sum of unknowns, None where no point is left."""
        self.solver.changeColsCost(len(weights), self.columns, -weights)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self.solver.getSolution().col_value)
