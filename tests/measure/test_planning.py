"""Whom to hear next: each interview in one cell of the plan, and the most useful first."""

from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.measure.confidence import findings
from maillage.measure.coverage import saturation
from maillage.measure.planning import Next, Slot, further, slots
from maillage.measure.shares import shares
from small_evidence import evidence, nexus

SOURCES = """
id | kind        | stakeholder     | place  | date    | consent   | reliability | refusal
A  | interview   | artisanal_miner | EX0101 | 2024-01 | anonymous | B           |
B  | interview   | transporter     | EX0101 | 2024-02 | anonymous | B           |
C  | interview   | magistrate      | EX0102 | 2024-03 | none      |             | fear
D  | interview   | magistrate      | EX0102 | 2024-03 | none      |             |
E  | interview   | civil_society   | EX02   | 2024-04 | anonymous | B           |
F  | focus_group | magistrate      | EX0102 | 2024-03 | anonymous | B           |
"""
PLAN = """
place | stakeholder | planned
EX0101 | economic_actor | 3
EX0101 | artisanal_miner | 1
EX0102 | magistrate | 2
EX01 | security_forces | 1
EX02 | security_forces | 3
"""
TOLD = """
source | kind | question | answer      | actor           | other
A      | link | link     | cooperation | terrorist_group | smuggler
B      | link | link     | cooperation | terrorist_group | smuggler
E      | link | link     | competition | terrorist_group | smuggler
"""


def by_cell(found: list[Slot]) -> dict[tuple[str | None, str | None], Slot]:
    return {(slot.place, slot.stakeholder): slot for slot in found}


def test_an_interview_counts_in_the_nearest_cell_only() -> None:
    found = by_cell(slots(evidence(TOLD, SOURCES, plan=PLAN)))
    miner, economic = found["EX0101", "artisanal_miner"], found["EX0101", "economic_actor"]
    assert (miner.planned, miner.done, miner.left) == (1, 1, 0)
    assert (economic.planned, economic.done, economic.left) == (3, 1, 2)
    assert sum(slot.done for slot in found.values()) == 3


def test_refusals_have_reasons_and_leave_the_cell_open() -> None:
    slot = by_cell(slots(evidence(TOLD, SOURCES, plan=PLAN)))["EX0102", "magistrate"]
    assert (slot.done, slot.refused, slot.left, slot.reasons) == (0, 2, 2, {"fear": 1, "not_said": 1})


def test_who_was_heard_outside_the_plan_comes_last() -> None:
    found = slots(evidence(TOLD, SOURCES, plan=PLAN))
    assert found[-1] == Slot("EX02", "civil_society", None, done=1)
    assert by_cell(slots(evidence(TOLD, SOURCES)))["EX0101", "economic_actor"] == Slot(
        "EX0101", "economic_actor", None, 2
    )


def told(given: Evidence, *keys: str, **columns: Any) -> list[Next]:
    """`further` with the findings on links; `columns` overwrites columns of theirs."""
    links = shares(given, "links", nexus().measures["links"])
    found = findings(given, links).with_columns(**{name: pl.lit(value) for name, value in columns.items()})
    return further(given, pl.concat([links, saturation(given)]), found, keys)


def cells(found: list[Next]) -> list[tuple[str | None, str | None]]:
    return [(item.slot.place, item.slot.stakeholder) for item in found]


def test_without_key_findings_the_plan_alone_decides() -> None:
    found = told(evidence(TOLD, SOURCES, plan=PLAN))
    assert cells(found) == [("EX02", "security_forces"), ("EX0101", "economic_actor"), ("EX0102", "magistrate"),
                            ("EX01", "security_forces")]  # fmt: skip
    assert {item.helps for item in found} == {()}


def test_a_class_not_heard_on_a_key_finding_comes_first() -> None:
    key = "links/EX0101/cooperation"
    plan = PLAN + "EX0101 | magistrate | 1\n"
    found = told(evidence(TOLD, SOURCES, plan=plan), key, would_help="interview", fragility=1)
    assert cells(found)[0] == ("EX0101", "magistrate")
    assert (found[0].helps, found[0].fragile, found[0].themes) == ((key,), (key,), "too_few")
    assert all(item.helps == () for item in found[1:])


def test_a_class_heard_on_it_already_does_not_help() -> None:
    key = "links/EX0101/cooperation"
    found = told(evidence(TOLD, SOURCES, plan=PLAN), key, would_help="interview")
    economic = next(item for item in found if item.slot.stakeholder == "economic_actor")
    assert economic.helps == ()


def test_where_the_plan_cannot_help_the_first_is_outside_it() -> None:
    key = "links/EX0101/cooperation"
    found = told(
        evidence(TOLD, SOURCES, plan="place | stakeholder | planned\nEX02 | magistrate | 1"),
        key,
        would_help="interview",
    )
    assert found[0].slot == Slot("EX0101", "civil_society", None)
    assert found[0].helps == (key,)
    assert [item.slot.planned for item in found] == [None, 1], "once held, others of that place would add nothing to it"


def test_an_interview_in_a_place_helps_the_areas_above_and_each_finding_counts_once() -> None:
    keys = ("links/EX01/cooperation", "links/ALL/cooperation", "links/EX02/competition")
    found = told(evidence(TOLD, SOURCES, plan=PLAN), *keys, would_help="interview", fragility=2)
    assert cells(found)[:2] == [("EX02", "security_forces"), ("EX0102", "magistrate")]
    assert found[0].helps == ("links/EX02/competition", "links/ALL/cooperation")
    assert found[1].helps == ("links/EX01/cooperation",)
    assert found[0].fragile == ()


def test_a_finding_that_a_document_would_help_more_asks_for_no_interview() -> None:
    found = told(evidence(TOLD, SOURCES, plan=PLAN), "links/EX01/cooperation", would_help="desk")
    assert all(item.helps == () for item in found)
