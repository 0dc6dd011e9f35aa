"""How far small counts move: worked by hand, by simulation of every case, and on a small study."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.measure.shares import leave_one, no_answer, order, shares, swing
from maillage.measure.steadiness import orders, steadiness
from small_evidence import evidence

COUNTS = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_one_answer_of_five_is_forty_to_eighty_per_cent() -> None:
    assert swing(3, 5) == ((2, 5), (4, 5))
    assert (swing(0, 5), swing(5, 5)) == (((0, 5), (1, 5)), ((4, 5), (5, 5)))


def test_bounds_without_any_assumption_on_who_did_not_answer() -> None:
    assert no_answer(3, 5, missing=2) == ((3, 7), (5, 7))
    assert no_answer(3, 5, missing=0) == ((3, 5), (3, 5))
    with pytest.raises(ValueError, match="missing"):
        no_answer(3, 5, missing=-1)


@given(COUNTS, st.integers(0, 9))
def test_another_unknown_never_narrows_the_bounds(count: tuple[int, int], missing: int) -> None:
    (low, high), (lower, higher) = (no_answer(*count, missing=m) for m in (missing, missing + 1))
    assert Fraction(*lower) <= Fraction(*low) <= Fraction(*count) <= Fraction(*high) <= Fraction(*higher)


def test_each_group_in_turn_is_left_out() -> None:
    people = [("elders", True), ("elders", True), ("traders", False), ("traders", True), ("youth", False)]
    assert leave_one(people) == ((1, 3), (3, 4))  # without elders 1 of 3, without traders 2 of 3, without youth 3 of 4
    assert leave_one([*people, (None, True)]) == ((2, 4), (4, 5))  # somebody of no known group always stays
    assert leave_one([("elders", True), (None, False)]) is None


def test_order_of_two_places_by_hand() -> None:
    """0 of 1 and 1 of 1: P(X > Y) for densities 2(1-x) and 2y is 1/6; equal counts: one half."""
    assert order(0, 1, 1, 1) == pytest.approx(1 / 6, abs=1e-15)
    assert order(1, 1, 0, 1) == pytest.approx(5 / 6, abs=1e-15)
    assert order(4, 7, 4, 7) == 0.5


def test_order_by_another_road() -> None:
    """3 of 5 against 1 of 6 on a fine grid of both densities."""
    grid = [(i + 0.5) / 2000 for i in range(2000)]
    first, other = ([p**k * (1 - p) ** (n - k) for p in grid] for k, n in ((3, 5), (1, 6)))
    below, reached = 0.0, 0.0
    for mine, theirs in zip(first, other, strict=True):
        below, reached = below + mine * (reached + theirs / 2), reached + theirs
    assert order(3, 5, 1, 6) == pytest.approx(below / (sum(first) * sum(other)), abs=1e-6)


@settings(max_examples=25)
@given(COUNTS, COUNTS)
def test_one_of_two_orders_holds(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert order(*one, *other) + order(*other, *one) == pytest.approx(1, abs=1e-12)
    if one[0] < one[1]:
        assert order(one[0] + 1, one[1], *other) > order(*one, *other)


@pytest.mark.parametrize("wrong", [(3, 2), (-1, 2), (0, 0)])
def test_impossible_counts_have_no_order(wrong: tuple[int, int]) -> None:
    for call in (lambda: swing(*wrong), lambda: order(*wrong, 1, 2), lambda: order(1, 2, *wrong)):
        with pytest.raises(ValueError, match="k of n"):
            call()


SOURCES = """
id | kind      | place  | stakeholder               | interviewer | consent
p1 | interview | EX0101 | economic_actor            | kori        | anonymous
p2 | interview | EX0101 | economic_actor            | lune        | anonymous
p3 | interview | EX0101 | community_religious_leader| kori        | anonymous
p4 | interview | EX0102 | economic_actor            |             | anonymous
p5 | interview | EX0102 | economic_actor            |             | anonymous
"""
SAID = """
source | kind | question | answer      | polarity
p1     | link | link     | cooperation | present
p2     | link | link     | cooperation | present
p3     | link | link     | denied      |
p4     | link | link     | denied      |
p5     | link | link     | denied      |
"""


def test_a_count_without_one_class_and_without_one_interviewer() -> None:
    made = evidence(SAID, SOURCES)
    rows = {row["id"]: row for row in steadiness(made, shares(made, "links", {})).iter_rows(named=True)}
    here = rows["links/EX0101/cooperation"]
    assert (here["class_least"], here["class_most"]) == ("0/1", "2/2")
    assert (here["interviewer_least"], here["interviewer_most"]) == ("1/2", "1/1")
    assert "links/EX0102/cooperation" not in rows  # one class, no interviewer on record: nothing to leave out


def test_places_of_one_level_are_ordered_only_where_it_is_sure() -> None:
    made = evidence(SAID, SOURCES)
    found = orders(made, shares(made, "links", {}))
    pairs = {(row["id"], row["than"]): row for row in found.iter_rows(named=True)}
    row = pairs["links/EX0101/cooperation", "links/EX0102/cooperation"]
    assert row["probability"] == pytest.approx(order(2, 3, 0, 2))
    assert row["told"] == "overlap"
    assert all("EX01/" not in a and "ALL" not in a for a, _ in pairs)  # a region is not compared with its districts
    sure = product([row["probability"] for row in pairs.values()], [0.9])
    assert all((told == "higher") == (p >= least) for (p, least), told in zip(sure, found["told"], strict=True))
