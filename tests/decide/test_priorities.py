"""Ranking under uncertain values against analytic cases; the map from action to evidence on a hand-made study."""

import math
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage import estimate, tables
from maillage.decide.priorities import acceptability, priorities
from maillage.errors import MaillageError

ACTIONS: dict[str, Any] = {
    "R1": {"factors": ["isolation"], "needs": ["road", "health"], "harm": {"en": "x"}, "horizon": "structural",
           "sub_actions": {"R1a": {"needs": ["road"], "factors": [], "horizon": "rapid"}}},
    "R2": {"factors": ["corruption"], "needs": [], "harm": {}, "horizon": "structural", "zones": ["ALL"]},
    "R3": {"factors": ["corruption"], "needs": [], "harm": {}, "horizon": "structural", "zones": ["south"]},
}  # fmt: skip


def every_weight(cells: int = 100_000) -> np.ndarray:
    """All weights of two criteria, evenly."""
    first = (np.arange(cells) + 0.5) / cells
    return np.column_stack([first, 1 - first])


def test_two_criteria_and_a_compromise() -> None:
    """A (1, 0), B (0, 1), C (.6, .6): A is first where w1 > .6, last where w1 < .5 less the middle it shares."""
    found = acceptability([[1, 0], [0, 1], [0.6, 0.6]], every_weight())
    assert found.ranks == pytest.approx(np.array([[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0]]), abs=1e-4)
    assert found.central_weights == pytest.approx(np.array([[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]]), abs=1e-4)
    assert found.confidence.tolist() == [1, 1, 1]
    assert found.pairwise == pytest.approx(np.array([[0, 0.5, 0.4], [0.5, 0, 0.4], [0.6, 0.6, 0]]), abs=1e-4)


def test_three_criteria_and_a_compromise() -> None:
    """Unit vectors and D (.4, .4, .4): D is first in the middle triangle, .2 squared of the simplex."""
    weights = estimate.rng(1, "weights").dirichlet(np.ones(3), 400_000)
    found = acceptability([*np.eye(3), [0.4] * 3], weights)
    assert found.ranks[:, 0] == pytest.approx([0.32, 0.32, 0.32, 0.04], abs=0.003)
    assert found.central_weights[3] == pytest.approx([1 / 3] * 3, abs=0.003)


def test_uncertain_values_lower_the_confidence() -> None:
    """One criterion, two draws: each action is better once."""
    found = acceptability([[[1.0], [0.0]], [[0.0], [1.0]]], [[1.0], [1.0]])
    assert found.ranks.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert found.confidence.tolist() == [0.5, 0.5]


def test_who_is_never_first_has_no_weights() -> None:
    found = acceptability([[1, 1], [0, 0]], every_weight(10))
    assert np.isnan(found.central_weights[1]).all()
    assert math.isnan(found.confidence[1])


def test_equals_share_the_better_rank() -> None:
    assert acceptability([[1.0], [1.0]], [[1.0]]).ranks.tolist() == [[1, 0], [1, 0]]


@given(st.integers(0, 10_000))
def test_without_ties_ranks_are_shares(seed: int) -> None:
    rng = estimate.rng(seed, "case")
    found = acceptability(rng.random((20, 4, 3)), rng.dirichlet(np.ones(3), 20))
    assert found.ranks.sum(axis=0) == pytest.approx(np.ones(4))
    assert found.ranks.sum(axis=1) == pytest.approx(np.ones(4))
    assert found.pairwise + found.pairwise.T + np.eye(4) == pytest.approx(np.ones((4, 4)))


def test_ten_thousand_draws_of_six_places_are_quick() -> None:
    rng = estimate.rng(1, "speed")
    weights, values = rng.dirichlet(np.ones(6), 10_000), rng.random((6, 10_000, 9, 6))
    begun = time.perf_counter()
    for place in values:
        acceptability(place, weights)
    assert time.perf_counter() - begun < 1.5


def test_wrong_shapes_are_refused() -> None:
    wrong = ([1, 2], [[1.0]]), ([[1, 2]], [[1.0]]), (np.ones((3, 2, 1)), np.ones((2, 1))), (np.ones((0, 1)), [[1.0]])
    for values, weights in wrong:
        with pytest.raises(MaillageError, match="acceptability_shape"):
            acceptability(values, weights)
    with pytest.raises(MaillageError, match="acceptability_missing"):
        acceptability([[math.nan]], [[1.0]])


def study(observations: list[dict[str, Any]]) -> Any:
    return SimpleNamespace(
        study=SimpleNamespace(zones={"north": ("A",), "south": ("B",)}),
        zones=tables.empty("zones"),
        pack=SimpleNamespace(actions=ACTIONS),
        observations=tables.build(observations, "observations"),
    )


def say(item: str, question: str, answer: str, **more: Any) -> dict[str, Any]:
    return {"id": item, "source": "s", "kind": question, "question": question, "answer": answer, "place": "A"} | more


def share(row_id: str, trace: list[str]) -> estimate.Row:
    return estimate.row(id=row_id, measure=row_id.split("/", maxsplit=1)[0], kind="shares", trace=trace)


SAID = [
    say("o1", "need", "road"),
    say("o2", "factor", "isolation"),
    say("o3", "need", "road", polarity="absent"),
    say("o4", "factor", "corruption", modality="hypothesised"),
]
SHARES = [
    share(f"{measure}/{area}/{code}", trace)
    for area in ("A", "zone:north", "ALL")
    for measure, code, trace in (
        ("needs", "road", ["o1", "o3"]),
        ("factors", "isolation", ["o2"]),
        ("factors", "corruption", ["o4"]),
    )
]


def test_action_to_need_to_evidence() -> None:
    table, numbers = priorities(study(SAID), estimate.collect(SHARES), tables.empty("findings"))
    rows = {row["id"]: row for row in table.iter_rows(named=True)}
    whole = rows["priorities/A/R1"]
    assert whole["evidence"] == ["factors/A/isolation", "needs/A/road"]
    assert whole["supporting"] == 2, "a statement that denies the need does not support it"
    assert (whole["harm"], whole["horizon"], whole["parent"]) == (True, "structural", None)
    part = rows["priorities/A/R1a"]
    assert (part["parent"], part["horizon"], part["needs"]) == ("R1", "rapid", ["road"])
    assert part["factors"] == []
    assert part["evidence"] == ["needs/A/road"]
    assert set(table["verdict"]) == {"not_computable"}
    assert set(table["reason"]) == {"criteria_unanswered"}
    assert table["rank_acceptability"].is_null().all()
    number = numbers.row(by_predicate=pl.col("id") == "priorities/A/R1", named=True)
    assert (number["status"], number["value"], number["trace"]) == ("not_computable", None, ["o1", "o2"])


def test_a_hypothesis_supports_nothing_and_gaps_show_in_zones_only() -> None:
    table, _ = priorities(study(SAID), estimate.collect(SHARES), tables.empty("findings"))
    rows = {row["id"]: row["supporting"] for row in table.iter_rows(named=True)}
    assert "priorities/A/R2" not in rows
    assert rows["priorities/zone:north/R2"] == 0
    assert rows["priorities/ALL/R2"] == 0
    assert rows["priorities/zone:south/R3"] == 0
    assert "priorities/zone:north/R3" not in rows, "no gap where the action does not aim"


def test_findings_of_documents_support_too_and_order_changes_nothing() -> None:
    found = tables.build([{"id": "needs/A/road", "measure": "needs", "trace": ["o1"]}], "findings")
    table, _ = priorities(study(SAID), tables.empty("estimates"), found)
    assert table.filter(id="priorities/A/R1")["supporting"].to_list() == [1]
    forward = priorities(study(SAID), estimate.collect(SHARES), found)
    backward = priorities(study(SAID[::-1]), estimate.collect(SHARES[::-1]).reverse(), found)
    assert forward[0].equals(backward[0])
    assert forward[1].equals(backward[1])
