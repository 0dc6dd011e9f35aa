"""Cell suppression against the exact optimum (an integer programme) and against tau-Argus, an independent program.

pytauargus is under the EUPL and used in tests alone; its OPT is the optimum by frequency, not by number of cells.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from maillage.errors import MaillageError
from maillage.publish.gate import audit, protect

THRESHOLD, TABLES = 3, 24


def tables(count: int, seed: int) -> list[np.ndarray]:
    """Random tables of counts as a study has them, none so thin that a total gives a cell away."""
    chance, found = np.random.default_rng(seed), []
    while len(found) < count:
        shape = chance.integers(3, 6, 2)
        table = chance.poisson(chance.choice((2.0, 4.0, 8.0)), shape)
        primary = (table > 0) & (table < THRESHOLD)
        if primary.any() and min(table.sum(0).min(), table.sum(1).min()) >= THRESHOLD and is_protectable(table):
            found.append(table)
    return found


def is_protectable(table: np.ndarray) -> bool:
    try:
        protect(table, threshold=THRESHOLD)
    except MaillageError:
        return False
    return True


def optimum(table: np.ndarray) -> int:
    """The fewest cells to withhold so that each small one could be one more or one less.

    For each small cell a table with the same totals that differs there by one: a shift d with -t y <= d <= T y, where
    y says which cells are withheld (M. Fischetti and J. J. Salazar Gonzalez 2001, by brute programming).
    """
    rows, columns = table.shape
    cells, top = table.size, int(table.sum())
    small = [int(at) for at in np.flatnonzero((table > 0) & (table < THRESHOLD))]
    width = cells + len(small) * (cells + 1)
    lines: list[np.ndarray] = []
    low: list[float] = []
    for turn, goal in enumerate(small):
        start = cells + turn * (cells + 1)
        for group in [*np.arange(cells).reshape(rows, columns), *np.arange(cells).reshape(rows, columns).T]:
            line = np.zeros(width)
            line[start + group] = 1
            lines += [line, -line]
            low += [0, 0]
        for cell in range(cells):
            for sign, most in ((1, int(table.flat[cell])), (-1, top)):
                line = np.zeros(width)
                line[start + cell], line[cell] = sign, most
                lines.append(line)
                low.append(0)
        up, down = np.zeros(width), np.zeros(width)
        up[start + goal], up[start + cells] = 1, -2 * top
        down[start + goal], down[start + cells] = -1, 2 * top
        lines += [up, down]
        low += [1 - 2 * top, 1]
    cost = np.zeros(width)
    cost[:cells] = 1
    least, most, whole = np.full(width, -float(top)), np.full(width, float(top)), np.zeros(width)
    least[:cells], most[:cells], whole[:cells] = 0, 1, 1
    least[small] = 1
    for turn in range(len(small)):
        choice = cells + turn * (cells + 1) + cells
        least[choice], most[choice], whole[choice] = 0, 1, 1
    found = milp(cost, integrality=whole, bounds=Bounds(least, most),
                 constraints=LinearConstraint(np.array(lines), np.array(low)))  # fmt: skip
    assert found.success, found.message
    return round(found.fun)


def unprotected(table: np.ndarray, withheld: np.ndarray) -> list[tuple[int, ...]]:
    """Small cells that an attacker knows all the same."""
    low, high = audit(table, withheld)
    return [tuple(cell) for cell in np.argwhere((table > 0) & (table < THRESHOLD) & (low == high))]


def test_the_optimum_of_a_known_table() -> None:
    assert optimum(np.array([[20, 50, 10], [8, 19, 22], [17, 32, 2]])) == 4
    with pytest.raises(AssertionError):  # one row: every cell follows from its column
        optimum(np.array([[9, 1]]))


def test_every_small_cell_is_protected_with_at_most_half_more_than_the_fewest_cells() -> None:
    ours = fewest = 0
    for table in tables(TABLES, seed=4):
        withheld, best = protect(table, threshold=THRESHOLD), optimum(table)
        assert unprotected(table, withheld) == []
        assert best <= withheld.sum() <= 1.5 * best, table
        ours, fewest = ours + int(withheld.sum()), fewest + best
    assert ours <= 1.1 * fewest


def test_small_cells_alone_are_not_enough() -> None:
    """The tables are hard: withholding only what is small leaves cells that follow from the totals."""
    bare = [bool(unprotected(table, (table > 0) & (table < THRESHOLD))) for table in tables(TABLES, seed=4)]
    assert sum(bare) > TABLES / 4


def argus(table: np.ndarray, folder: Path) -> np.ndarray:
    """The cells that tau-Argus withholds."""
    pytauargus = pytest.importorskip("pytauargus")
    places = [(row, column) for row, column in np.ndindex(*table.shape) for _ in range(table[row, column])]
    micro = {"row": [f"r{row}" for row, _ in places], "column": [f"c{column}" for _, column in places],
             "one": [1.0] * len(places)}  # fmt: skip
    made = pytauargus.protect(micro, ["row", "column"], response="one", safety_rules=f"FREQ({THRESHOLD},10)",
                              suppress="OPT(1)", workdir=str(folder))  # fmt: skip
    withheld = np.zeros(table.shape, dtype=bool)
    for cell in made.tables[0].rows:
        row, column, status = (cell[name] for name in ("row", "column", "status"))
        if "Total" not in (row, column):
            withheld[int(row[1:]), int(column[1:])] = status in ("U", "M")
    return withheld


def test_tau_argus_and_we_protect_the_same_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it leaves its logs where it runs
    ours = theirs = 0
    for turn, table in enumerate(tables(12, seed=9)):
        folder = tmp_path / str(turn)
        folder.mkdir()
        withheld, other = protect(table, threshold=THRESHOLD), argus(table, folder)
        small = (table > 0) & (table < THRESHOLD)
        assert (other >= small).all(), "tau-Argus calls the same cells unsafe"
        assert unprotected(table, other) == [], "and our attacker finds nothing in what it publishes"
        assert withheld.sum() <= 1.5 * other.sum()
        ours, theirs = ours + int(withheld.sum()), theirs + int(other.sum())
    assert ours <= 1.1 * theirs
