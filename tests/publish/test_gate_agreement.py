"""Agreement at the gate: a coefficient carries no answer, but one of few people narrows their answers down."""

import dataclasses

import polars as pl
import pytest
from made_release import AUDIENCES, by_hand, crowd, one, statements, study

from maillage import run
from maillage.labels import Labels
from maillage.publish import wording
from maillage.publish.gate import clear
from small_evidence import nexus

IDENT = "agreement/link"


def number(people: int, **more: object) -> dict[str, object]:
    trace = statements(people)
    return {
        "id": IDENT, "measure": "agreement", "kind": "agreement", "place": "ALL", "answer": "link", "unit": "alpha",
        "value": 0.71234, "low": 0.51234, "high": 0.91234, "interval": "bootstrap95", "k": 17, "n": 20, "missing": 3,
        "trace": trace, "counted": trace,
    } | more  # fmt: skip


@pytest.mark.parametrize(("audience", "people", "status"), [
    ("public", 9, "withheld"), ("public", 10, "ok"), ("partners", 2, "withheld"), ("partners", 3, "ok"),
    ("team", 1, "ok"),
])  # fmt: skip
def test_so_many_people_stand_behind_a_coefficient(audience: str, people: int, status: str) -> None:
    row = one(clear(by_hand(crowd(20), [number(people)]), audience=audience, langs=("en",)), IDENT)
    assert row["status"] == status
    if status == "withheld":
        assert row["reason"] == "too_few_informants"
        assert not any(row[name] is not None for name in ("value", "low", "high", "k", "n", "missing", "interval"))


def test_the_public_sees_two_decimals_and_no_count_of_answers_alike() -> None:
    row = one(clear(by_hand(crowd(20), [number(12)]), audience="public", langs=("en",)), IDENT)
    assert [row[name] for name in ("value", "low", "high", "k", "n", "missing")] == [0.71, 0.51, 0.91, None, 20, None]
    assert wording.say(row, Labels("en", nexus(), crowd(1).places)) == (
        "alpha 0.71 (between 0.51 and 0.91; 20 statements coded by two people or more)"
    )
    assert wording.label(row, Labels("fr", nexus(), crowd(1).places)).startswith("accord entre codeurs")


def test_that_all_answers_are_alike_is_not_said() -> None:
    undefined = number(12, value=None, low=None, high=None, status="not_computable", reason="one_category", k=20)
    row = one(clear(by_hand(crowd(20), [undefined]), audience="public", langs=("en",)), IDENT)
    assert (row["status"], row["reason"], row["n"]) == ("withheld", "no_rule", None)


def test_a_second_coder_is_known_to_the_gate_and_adds_no_informant() -> None:
    """Statements that do not count elsewhere stand behind agreement; two codings of one person are one person."""
    made = study({"EX0101": (4, 9)}, audiences=AUDIENCES)
    second = made.observations.with_columns(id=pl.format("{}~bo", "id"), coder=pl.lit("bo"))
    both = pl.concat([made.observations.with_columns(coder=pl.lit("ana")), second])
    results = run.measure_all(dataclasses.replace(made, codings=both), date="2024-06-01")
    row = results.estimates.row(by_predicate=pl.col("id") == IDENT, named=True)
    assert (row["value"], row["n"], len(row["trace"])) == (1.0, 9, 18)
    assert one(clear(results, audience="public", langs=("en",)), IDENT)["reason"] == "too_few_informants"
    assert len(run.trace(results, IDENT).behind) == 18
    team = clear(results, audience="team", langs=("en",))
    assert team.statements is not None
    assert team.statements.height == 18
    public = clear(results, audience="public", langs=("en",))
    alone = clear(run.measure_all(made, date="2024-06-01"), audience="public", langs=("en",))
    assert public.estimates.filter(pl.col("kind") != "agreement").equals(alone.estimates)
