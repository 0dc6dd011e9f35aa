"""Complementary suppression: no withheld count follows from totals; the attacker's bounds by brute force."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from maillage.errors import MaillageError
from maillage.publish.gate import audit, protect

COUNTS = npst.arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 5)), elements=st.integers(0, 12))
SMALL = npst.arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(0, 3))

# M. Fischetti and J. J. Salazar Gonzalez, "Solving the cell suppression problem on tabular data with linear
# constraints", Management Science 47 (2001), figure 1: an investment table of three activities in three regions.
INVESTMENT = np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]])


def enumerated(table: np.ndarray, withheld: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every table with the same totals and published cells; smallest and largest of each cell."""
    cells = [tuple(cell) for cell in np.argwhere(withheld)]
    low, high = table.copy(), table.copy()
    tops = [range(int(min(table[row].sum(), table[:, column].sum())) + 1) for row, column in cells]
    found = []
    for values in itertools.product(*tops):
        other = table.copy()
        for cell, value in zip(cells, values, strict=True):
            other[cell] = value
        if (other.sum(0) == table.sum(0)).all() and (other.sum(1) == table.sum(1)).all():
            found.append(other)
    return (np.min(found, axis=0), np.max(found, axis=0)) if found else (low, high)


def test_the_worked_example_of_fischetti_and_salazar() -> None:
    withheld = np.zeros((3, 3), dtype=bool)
    withheld[1, 2] = withheld[1, 0] = withheld[2, 0] = withheld[2, 2] = True
    low, high = audit(INVESTMENT, withheld)
    assert (low[1, 2], high[1, 2]) == (5, 30)
    assert (low == INVESTMENT)[~withheld].all()
    assert (high == INVESTMENT)[~withheld].all()


def test_one_withheld_cell_of_a_row_is_no_secret() -> None:
    withheld = np.zeros((3, 3), dtype=bool)
    withheld[1, 2] = True
    low, high = audit(INVESTMENT, withheld)
    assert low[1, 2] == high[1, 2] == 22


def test_a_small_cell_takes_three_others_with_it() -> None:
    table = [[20, 50, 10], [8, 19, 22], [17, 32, 2]]
    withheld = protect(table, threshold=3)
    assert withheld[2, 2]
    assert withheld.sum() == 4
    low, high = audit(table, withheld)
    assert (low < high)[withheld].all()


def test_zeros_may_be_published() -> None:
    withheld = protect([[0, 9, 9], [9, 0, 9], [9, 9, 0]], threshold=5)
    assert not withheld.any()


def test_lists_and_tables_are_read_alike() -> None:
    rows = [[1, 7, 9], [8, 9, 6], [6, 8, 7]]
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    assert (protect(rows, threshold=5) == protect(frame, threshold=5)).all()
    assert protect(rows, threshold=5).dtype == np.bool_
    assert audit(rows, protect(rows, threshold=5))[0].dtype == np.int64


@given(table=COUNTS, threshold=st.integers(2, 6))
@settings(max_examples=150)
def test_no_withheld_cell_can_be_derived(table: np.ndarray, threshold: int) -> None:
    try:
        withheld = protect(table, threshold=threshold)
    except MaillageError:
        assume(False)
        return
    small = (table > 0) & (table < threshold)
    assert withheld[small].all()
    low, high = audit(table, withheld)
    assert (low[withheld] < high[withheld]).all()
    assert (low[~withheld] == table[~withheld]).all()
    assert (high[~withheld] == table[~withheld]).all()
    assert (low <= table).all()
    assert (table <= high).all()


@given(table=SMALL, data=st.data())
@settings(max_examples=100)
def test_the_bounds_are_those_of_every_possible_table(table: np.ndarray, data: st.DataObject) -> None:
    withheld = data.draw(npst.arrays(np.bool_, table.shape))
    assume(withheld.sum() <= 5)
    low, high = audit(table, withheld)
    least, most = enumerated(table, withheld)
    assert (low == least).all()
    assert (high == most).all()


@given(table=SMALL)
@settings(max_examples=60)
def test_it_refuses_only_what_nothing_can_protect(table: np.ndarray) -> None:
    everything = np.ones(table.shape, dtype=bool)
    low, high = audit(table, everything)
    small = (table > 0) & (table < 3)
    hopeless = bool((low == high)[small].any())
    if hopeless:
        with pytest.raises(MaillageError) as problem:
            protect(table, threshold=3)
        assert problem.value.code == "table_unprotectable"
    else:
        protect(table, threshold=3)


@given(table=npst.arrays(np.int64, (3, 3), elements=st.integers(0, 8)))
@settings(max_examples=25)
def test_it_withholds_little_more_than_the_least_possible(table: np.ndarray) -> None:
    try:
        ours = int(protect(table, threshold=3).sum())
    except MaillageError:
        assume(False)
        return
    small = (table > 0) & (table < 3)
    least = ours
    for mask in itertools.product([False, True], repeat=9):
        flags = np.array(mask).reshape(3, 3)
        if flags.sum() < least and flags[small].all():
            low, high = audit(table, flags)
            least = int(flags.sum()) if (low < high)[flags].all() else least
    assert ours <= 1.5 * least


@pytest.mark.parametrize("table", [[1, 2, 3], [[1.5, 2], [3, 4]], [[-1, 2], [3, 4]], [["a", "b"], ["c", "d"]]])
def test_what_is_no_table_of_counts_is_refused(table: list[object]) -> None:
    with pytest.raises(MaillageError) as problem:
        protect(table, threshold=3)
    assert problem.value.code == "table_invalid_counts"


def test_flags_of_another_shape_are_refused() -> None:
    with pytest.raises(MaillageError) as problem:
        audit([[1, 2], [3, 4]], [[True]])
    assert problem.value.code == "table_invalid_counts"
