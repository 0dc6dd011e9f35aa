"""What may not change when something beside a number changes: sources added, reordered, areas merged, items removed."""

import dataclasses
import random
from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl
import pytest
from made_release import AUDIENCES, released, study

from maillage import run
from maillage.evidence import Evidence, Results
from maillage.publish.gate import Release, clear
from small_evidence import evidence

PLACES = """
code   | name   | level  | parent
EX     | Land   | admin0 |
EX01   | North  | admin1 | EX
EX02   | South  | admin1 | EX
EX0101 | One    | admin2 | EX01
EX0102 | Two    | admin2 | EX01
EX0103 | Three  | admin2 | EX01
EX0201 | Four   | admin2 | EX02
EX0202 | Five   | admin2 | EX02
"""
DISTRICTS = ("EX0101", "EX0102", "EX0103", "EX0201", "EX0202")
SHARES = ("links", "markets", "factors")
SEEDS = range(4)


def made(seed: int, *, more: int = 0, order: int | None = None, merged: Mapping[str, str] | None = None) -> Evidence:
    """A random study: 3 to 14 people a district, who say one thing or another; `more` of them added in the last."""
    chance, people, said = random.Random(seed), [], []
    counts = {place: chance.randint(3, 14) for place in DISTRICTS}
    homes = [place for place, count in counts.items() for _ in range(count)]
    for turn, home in enumerate([*homes, *["EX0202"] * more], 1):
        place = (merged or {}).get(home, home)
        people.append(f"P{turn:03} | interview | {place} | anonymous | transporter")
        lean = random.Random(f"{seed}/{home}").random()
        own = random.Random(f"{seed}/{turn}")
        tie = "cooperation | terrorist_group | smuggler" if own.random() < lean else "denied | | "
        said.append(f"P{turn:03}_l | P{turn:03} | link | link | {tie} | ")
        present = "present" if own.random() < lean else "denied"
        said.append(f"P{turn:03}_m | P{turn:03} | market | presence | {present} | | | gold")
        said.append(f"P{turn:03}_f | P{turn:03} | factor | factor | {own.choice(('isolation', 'corruption'))} | | | ")
    if order is not None:
        random.Random(order).shuffle(people)
        random.Random(order + 1).shuffle(said)
    return evidence("\n".join(["id | source | kind | question | answer | actor | other | market", *said]),
                    "\n".join(["id | kind | place | consent | stakeholder", *people]), places=PLACES,
                    audiences=AUDIENCES)  # fmt: skip


@cache
def usual(seed: int) -> Release:
    return public(computed(made(seed)))


def computed(made: Evidence) -> Results:
    return run.measure_all(made, date="2024-06-01")


def public(results: Results) -> Release:
    return clear(results, audience="public", langs=("en",))


def shown(release: Release) -> dict[str, tuple[Any, ...]]:
    """Every share that is published: what is said of it."""
    rows = release.estimates.filter((pl.col("status") == "ok") & pl.col("measure").is_in(SHARES))
    return {row["id"]: (row["k"], row["n"], row["band"]) for row in rows.iter_rows(named=True)}


def refused(release: Release) -> dict[str, str]:
    return {
        row["id"]: row["reason"] for row in release.withheld.iter_rows(named=True) if row["id"].split("/")[0] in SHARES
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_source_added_elsewhere_leaves_refused_what_too_few_stand_behind(seed: int) -> None:
    before, after = refused(usual(seed)), public(computed(made(seed, more=1)))
    apart = [ident for ident, reason in before.items() if reason == "too_few_informants" and "/EX02" not in ident]
    assert {ident: refused(after).get(ident) for ident in apart} == dict.fromkeys(apart, "too_few_informants")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_people_and_statements_changes_nothing(seed: int) -> None:
    one, other = usual(seed), public(computed(made(seed, order=seed + 50)))
    for name in ("estimates", "findings", "priorities", "routes", "withheld", "counts"):
        assert getattr(one, name).equals(getattr(other, name)), name


@pytest.mark.parametrize("seed", SEEDS)
def test_two_districts_made_one_bring_nothing_else_to_light(seed: int) -> None:
    """What was refused of another area stays refused: its people and the whole are the same as before."""
    apart = usual(seed)
    joined = shown(public(computed(made(seed, merged={"EX0201": "EX0202"}))))
    told = [
        ident for ident, reason in refused(apart).items() if "/EX02" not in ident and reason == "too_few_informants"
    ]
    assert [ident for ident in told if ident in joined] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_removing_an_item_never_causes_a_refusal(seed: int) -> None:
    results = computed(made(seed))
    before = shown(usual(seed))
    for ident in sorted(before)[:: max(1, len(before) // 4)]:
        fewer = dataclasses.replace(results, estimates=results.estimates.filter(pl.col("id") != ident))
        after = shown(public(fewer))
        assert [name for name in before if name != ident and name not in after] == [], ident


def test_there_is_something_to_refuse() -> None:
    every = [usual(seed) for seed in SEEDS]
    assert all(shown(item) for item in every)
    assert sum("too_few_informants" in refused(item).values() for item in every) > len(SEEDS) / 2


def test_a_finding_tells_no_more_than_the_word_of_its_number() -> None:
    """Worlds that differ in k alone, and of which one word is said, give the same findings."""
    ident, told = "links/EX0101/cooperation", set()
    for k in range(6):
        seen = released(study({"EX0101": (k, 9), "EX0102": (8, 30)}))
        assert seen.estimate(ident)["band"] == "half_or_fewer"
        told.add(str(seen.findings.filter(pl.col("id") == ident).rows()))
    assert len(told) == 1
