"""The one shape of a number: ids, order, exact sums, random streams that do not shift each other."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage import estimate, tables


def test_ids_are_readable_and_blank_parts_are_said() -> None:
    assert estimate.estimate_id("links", "ML07", "coopetition") == "links/ML07/coopetition"
    assert estimate.estimate_id("levies", "ML", "gold", None, "week") == "levies/ML/gold/unstated/week"
    assert estimate.estimate_id("levies", "") == "levies/unstated"


def test_a_row_is_ok_unless_said_and_lists_are_sorted_without_repeats() -> None:
    row = estimate.row(id="x", trace=["b", "a", "b"])
    assert (row["status"], row["trace"], row["counted"]) == ("ok", ["a", "b"], [])
    assert estimate.row(id="x", status="too_few")["status"] == "too_few"


def test_rows_are_sorted_by_id_and_twice_is_a_mistake_of_ours() -> None:
    rows = [estimate.row(id=ident, measure="m", kind="k") for ident in ("b", "a", "c")]
    assert estimate.collect(rows)["id"].to_list() == ["a", "b", "c"]
    with pytest.raises(AssertionError, match="one id"):
        estimate.collect([*rows, rows[0]])


def test_stacked_tables_are_sorted_and_nothing_stacks_to_an_empty_table() -> None:
    one, two = (estimate.collect([estimate.row(id=ident, measure="m", kind="k")]) for ident in ("b", "a"))
    assert estimate.stack([one, two])["id"].to_list() == ["a", "b"]
    assert estimate.stack([]).equals(tables.empty("estimates"))


@given(st.lists(st.floats(-1e12, 1e12), max_size=30), st.randoms())
def test_a_sum_does_not_depend_on_order(values: list[float], chance: random.Random) -> None:
    turned = values[:]
    chance.shuffle(turned)
    assert estimate.stable_sum(values) == estimate.stable_sum(turned)
    assert math.isclose(estimate.stable_sum(values), sum(values), rel_tol=1e-9, abs_tol=1e-2)


def test_streams_are_named_and_follow_from_the_seed() -> None:
    first = estimate.rng(7, "saturation/EX01").random(4).tolist()
    assert estimate.rng(7, "saturation/EX01").random(4).tolist() == first
    assert estimate.rng(7, "saturation/EX02").random(4).tolist() != first
    assert estimate.rng(8, "saturation/EX01").random(4).tolist() != first


def test_the_dictionary_has_the_columns_of_a_row() -> None:
    assert set(estimate.Row.__annotations__) == set(tables.table("estimates").names)
