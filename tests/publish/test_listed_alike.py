"""What is withheld of a place is the same to the letter whatever the few people there said, or were they never heard.

Each world is measured and passed through the gate; the rows that name a place are compared in all their columns.
"""

import dataclasses
import re
from functools import cache
from typing import Any

import polars as pl
import pytest
from made_release import AUDIENCES, released, study
from test_listed import PEOPLE, SAID, row

import made_indices
from maillage.evidence import Evidence
from maillage.publish import listed_legs, listed_scores
from maillage.publish.gate import Release
from small_evidence import table

PLACE, LONE = "EX0102", "EX0102_1"
NAMES = ("estimates", "withheld", "priorities", "findings", "routes")
PLAN = "place | stakeholder | planned\n" + "".join(f"{place} | transporter | 2\n" for place in PEOPLE)


def leg(ident: str, who: str, start: str, end: str, good: str = "gold") -> str:
    return row(ident, who, "flow", "flow", "", place="", good=good, a=start, b=end)


AMONG_MANY = "a leg between places of many"
LEGS = [leg("g1", "EX0101_1", "EX0101", "EX02"), leg("g2", "EX02_1", "EX02", "EX0101", "arms")]
ALONE = {
    "a need": row("x", LONE, "need", "need", "road"),
    "a factor": row("x", LONE, "factor", "factor", "isolation"),
    "a leg from there": leg("x", LONE, PLACE, "EX02"),
    "a leg to there": leg("x", LONE, "EX0101", PLACE),
    "a leg of that region": leg("x", LONE, "EX01", PLACE, "arms"),
    "a leg from nowhere": leg("x", LONE, "", PLACE),
    AMONG_MANY: leg("x", LONE, "EX0101", "EX"),
}


def made(*more: str, without: str = "") -> Evidence:
    """People of three places, with a plan for each; `without`: somebody who was never heard."""
    everything = study(PEOPLE, rows="\n".join([*SAID, *LEGS, *more]))
    everything = dataclasses.replace(everything, plan=table(PLAN, "plan"))
    gone = pl.col("source") != without
    return dataclasses.replace(
        everything, sources=everything.sources.filter(pl.col("id") != without),
        observations=everything.observations.filter(gone),
    )  # fmt: skip


@cache
def gone(audience: str) -> Release:
    return released(made(without=LONE), audience)


def about(release: Release, place: str) -> dict[tuple[str, str], str]:
    """(table, id) -> the whole row, of every row that names a place."""
    found: dict[tuple[str, str], str] = {}
    for name in NAMES:
        for each in getattr(release, name).iter_rows(named=True):
            if place in re.split(r"[/~@;]", each["id"]):
                found[name, each["id"]] = repr(each)
    return found


def withheld(release: Release, place: str) -> set[str]:
    return {ident for ident in release.withheld["id"] if place in re.split(r"[/~@;]", ident)}


@pytest.mark.parametrize("audience", ["public", "partners"])
@pytest.mark.parametrize("said", ALONE.values(), ids=ALONE.keys())
def test_no_row_of_a_place_changes_by_what_the_one_person_there_said_or_were_they_never_heard(
    said: str, audience: str
) -> None:
    world = released(made(said), audience)
    assert about(world, PLACE) == about(gone(audience), PLACE)
    kinds = {ident.split("/")[0] for ident in withheld(world, PLACE)}
    assert kinds >= {"flows", "priorities", "needs", "factors"}


@pytest.mark.parametrize("name", sorted(ALONE.keys() - {AMONG_MANY}))
def test_nor_does_the_number_of_rows_of_any_table_or_of_any_status(name: str) -> None:
    """What a manifest and the sheets of a workbook count."""
    world, before = released(made(ALONE[name])), released(made())
    assert sizes(world) == sizes(before)


def test_a_leg_between_places_where_many_were_heard_is_reported_whoever_told_of_it() -> None:
    world, before = released(made(ALONE[AMONG_MANY])), released(made())
    changed = set(about(world, "EX0101").items()) ^ set(about(before, "EX0101").items())
    assert {ident for (_, ident), _ in changed} == {"flows/gold/EX0101/EX"}


def sizes(release: Release) -> dict[str, Any]:
    statuses = release.estimates.group_by("status", "reason").len().sort("status", "reason").rows()
    return {name: getattr(release, name).height for name in NAMES} | {
        "statuses": statuses, "coarsened": release.coarsened, "exceptions": release.exceptions,
    }  # fmt: skip


def test_the_team_sees_the_difference() -> None:
    world = released(made(ALONE["a leg from there"]), "team")
    assert world.estimate(f"flows/gold/{PLACE}/EX02") is not None
    assert about(world, PLACE) != about(gone("team"), PLACE)


def test_a_doctored_list_is_seen() -> None:
    """A row of few with anything of its own, were it the unit or the method, is found."""
    rows = about(gone("public"), PLACE)
    name = next(key for key in rows if key[1] == f"flows/gold/{PLACE}/EX02")
    assert rows | {name: rows[name].replace("sources", "people")} != rows


@pytest.mark.parametrize(("at", "reason"), [("EX02", "reported"), ("EX01", "reported"), (PLACE, "too_few_informants")])
def test_a_leg_of_few_is_reported_only_where_nobody_or_many_were_heard_at_its_ends(at: str, reason: str) -> None:
    release = released(made(leg("x", "EX0101_1", at, "EX")))
    found = dict(release.withheld.select("id", "reason").iter_rows())
    assert found[f"flows/gold/{at}/EX"] == reason


def test_legs_of_documents_are_published_and_bring_no_list() -> None:
    paper = "paper | document | | | | | "
    told = row("d", "paper", "flow", "flow", "", place="", good="cattle", a="EX0101", b="EX02")
    release = released(study(PEOPLE, rows="\n".join([*SAID, told]), more=paper))
    legs = release.estimates.filter(measure="flows")
    assert legs.select("id", "status").rows() == [("flows/cattle/EX0101/EX02", "ok")]


def test_where_pairs_are_too_many_only_what_may_be_called_reported_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed_legs, "MOST", 20)
    release = released(made(ALONE["a leg from there"]))
    found = release.withheld.filter(pl.col("id").str.starts_with("flows/"))
    assert dict(found.select("id", "reason").iter_rows()) == {
        "flows/gold/EX0101/EX02": "reported", "flows/arms/EX02/EX0101": "reported",
    }  # fmt: skip


# --- indices ---------------------------------------------------------------------------------------------------

UNIT = "EX03"
FULL = {"EX01": 12, "EX02": 12}


@cache
def scored(few: int, audience: str = "public") -> Release:
    """Two regions of twelve people each, and one of so few."""
    return released(made_indices.study({**FULL, **({UNIT: few} if few else {})}, made_indices.SAYABLE), audience)


def of_index(release: Release, place: str) -> dict[tuple[str, str], str]:
    kinds = set(release.estimates.filter(kind="index")["id"].to_list())
    return {key: text for key, text in about(release, place).items() if key[1] in kinds}


@pytest.mark.parametrize("few", [1, 2, 3, 4, 9])
def test_no_score_rank_or_order_of_a_region_changes_by_how_few_were_heard_there(few: int) -> None:
    assert of_index(scored(few), UNIT) == of_index(scored(1), UNIT)
    measures = {ident.split("/")[0] for _, ident in of_index(scored(few), UNIT)}
    assert measures == {"vulnerability", "resilience", "rank", "rank_order", "reliability", "quadrants"}


@pytest.mark.parametrize("few", [1, 2, 3])
def test_nor_do_ranks_of_the_others(few: int) -> None:
    """Published beside a region that has none, they would say that hardly anybody there answered."""
    ranks = scored(few).estimates.filter(pl.col("measure").is_in(["rank", "rank_order", "sensitivity", "drop_each"]))
    assert set(ranks["status"]) == {"withheld"}
    assert ranks.equals(scored(9).estimates.filter(pl.col("id").is_in(ranks["id"].to_list())))


def test_where_nobody_was_heard_everybody_knows_it_and_ranks_are_told() -> None:
    ranks = scored(0).estimates.filter(pl.col("measure") == "rank")
    assert set(ranks["status"]) == {"ok"}


def test_an_order_is_listed_both_ways() -> None:
    orders = set(scored(9).estimates.filter(measure="rank_order")["id"])
    assert {f"rank_order/vulnerability/{UNIT}~EX01", f"rank_order/vulnerability/EX01~{UNIT}"} <= orders


def test_where_orders_are_too_many_none_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed_scores, "MOST", 5)
    release = released(made_indices.study({**FULL, UNIT: 9}, made_indices.SAYABLE))
    assert release.estimates.filter(measure="rank_order").is_empty()
    assert not release.estimates.filter(measure="rank").is_empty()


@pytest.mark.parametrize("few", [2, 3, 9])
def test_partners_read_what_three_people_made(few: int) -> None:
    ranks = scored(few, "partners").estimates.filter(measure="rank")
    assert (UNIT in set(ranks["place"])) == (few >= AUDIENCES["partners"].threshold)


def test_a_class_is_listed_whether_or_not_its_only_person_spoke() -> None:
    whole = made()
    lone = dataclasses.replace(
        whole,
        sources=whole.sources.with_columns(
            stakeholder=pl.when(pl.col("id") == LONE).then(pl.lit("prosecutor")).otherwise("stakeholder")
        ),
    )
    silent = dataclasses.replace(lone, observations=lone.observations.filter(pl.col("source") != LONE))
    for audience in ("public", "partners"):
        spoke, not_ = ({name for name in released(each, audience).withheld["id"] if "/prosecutor/" in name}
                       for each in (lone, silent))  # fmt: skip
        assert spoke == not_ != set()
