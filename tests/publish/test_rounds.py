"""Rounds of an assessment in front of the gate: what one round holds back does not follow from the others."""

import pytest
from made_release import AUDIENCES, released

from maillage.evidence import Evidence
from maillage.labels import Labels
from maillage.publish.ladders import ladders
from maillage.publish.wording import rung
from small_evidence import evidence

ROUNDS = {"first": "2023", "second": "2024"}
ITEM = "items/EX0101/cohesion_level"


def asked(first: int, second: int) -> Evidence:
    """So many people of one place in each round, levels 2 and 4 in turn in the first and 3 and 5 in the second."""
    people = [f"A{at} | interview | EX0101 | 2023-05 | anonymous" for at in range(first)]
    people += [f"B{at} | interview | EX0101 | 2024-05 | anonymous" for at in range(second)]
    said = [f"A{at} | item | cohesion_level | {2 + 2 * (at % 2)}" for at in range(first)]
    said += [f"B{at} | item | cohesion_level | {3 + 2 * (at % 2)}" for at in range(second)]
    sources = "\n".join(["id | kind | place | date | consent", *people])
    told = "\n".join(["source | kind | question | answer", *said])
    return evidence(told, sources, audiences=AUDIENCES, rounds=ROUNDS)


def shown(made: Evidence, audience: str) -> dict[str, float | None]:
    rows = released(made, audience).estimates.filter(measure="items", place="EX0101")
    return dict(rows.select("id", "value").iter_rows())


def test_two_large_rounds_are_told_apart() -> None:
    assert shown(asked(12, 12), "public") == {ITEM: 3.5, f"{ITEM}@first": 3.0, f"{ITEM}@second": 4.0}


@pytest.mark.parametrize("few", [1, 4])
def test_a_small_round_does_not_follow_from_the_large_one_and_all(few: int) -> None:
    assert shown(asked(12, few), "team")[f"{ITEM}@second"] is not None
    found = shown(asked(12, few), "public")
    assert found[f"{ITEM}@second"] is None
    assert None in (found[ITEM], found[f"{ITEM}@first"]), "all less the first round would be the second"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_where_a_round_that_is_held_back_can_be_read(lang: str) -> None:
    made = asked(12, 4)
    release = released(made)
    (row,) = release.estimates.filter(id=f"{ITEM}@second").iter_rows(named=True)
    assert row["rung"] in {ITEM, "items/EX01/cohesion_level", "items/EX/cohesion_level", "items/ALL/cohesion_level"}
    told = rung(row, Labels(lang, made.pack, made.places))
    assert told.endswith({"en": ", all years together", "fr": ", toutes années confondues"}[lang])


def test_a_round_is_read_more_coarsely_as_all_rounds_together() -> None:
    made = asked(12, 4)
    (row,) = released(made, "team").estimates.filter(id=f"{ITEM}@second").iter_rows(named=True)
    rungs = [each.id for each in ladders(made).rungs(row)]
    assert rungs[0] == ITEM
    assert {"items/EX01/cohesion_level@second", "items/EX01/cohesion_level"} <= set(rungs)
