"""The small synthetic study: what was worked out by hand in its README is what the computation gives, exactly."""

import csv
import dataclasses
from functools import cache
from typing import Any

import polars as pl
import pytest

from folders import STUDIES
from maillage import run
from maillage.evidence import Results
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.study.settling import settled

STUDY = STUDIES / "first-steps"
ROWS = list(csv.DictReader((STUDY / "expected.csv").read_text("utf-8").splitlines()))


@cache
def results() -> Results:
    return run.run(open_study(STUDY), by_period=True)


def estimate(ident: str) -> dict[str, Any]:
    return results().estimates.row(by_predicate=pl.col("id") == ident, named=True)


def finding(ident: str) -> dict[str, Any]:
    return results().findings.row(by_predicate=pl.col("id") == ident, named=True)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_what_was_worked_out_by_hand(row: dict[str, str]) -> None:
    found = estimate(row["id"])
    assert found["k"] == (int(row["k"]) if row["k"] else None)
    assert found["n"] == (int(row["n"]) if row["n"] else None)
    assert found["value"] == (pytest.approx(float(row["value"]), abs=1e-6) if row["value"] else None)
    assert (found["confidence"] or "") == row["confidence"]


def test_every_number_that_is_one_rests_on_something() -> None:
    bare = results().estimates.filter((pl.col("status") == "ok") & (pl.col("trace").list.len() == 0))
    assert bare["id"].to_list() == []


def test_the_log_holds_what_the_coding_tables_say() -> None:
    codings = replay(open_study(STUDY)).codings
    for coder in ("ana", "bo"):
        rows = list(csv.DictReader((STUDY / "coding" / f"observations.{coder}.csv").read_text("utf-8").splitlines()))
        told = codings.filter(coder=coder)
        wanted = sorted((row["id"], row["source"], row["question"], row["answer"] or None) for row in rows)
        assert sorted(told.select("id", "source", "question", "answer").iter_rows()) == wanted


def test_the_second_coder_counts_only_where_the_first_was_silent() -> None:
    assert set(replay(open_study(STUDY)).observations.filter(coder="bo")["id"]) == {"b03"}


def test_turning_the_order_of_coders_round_changes_who_says_what() -> None:
    turned = settled(replay(open_study(STUDY)).codings, ("bo", "ana"))
    other = run.measure_all(dataclasses.replace(results().evidence, observations=turned)).estimates
    counted = dict(other.select("id", "counted").iter_rows())
    assert counted["links/EX0101/competition"] == ["b01"]
    assert counted["links/EX0101/cooperation"] == ["a08", "b02"]


def test_who_is_missing() -> None:
    assert {area: estimate(f"links/{area}/cooperation")["missing"] for area in ("EX0101", "EX0102", "EX02", "ALL")} == {
        "EX0101": 1,
        "EX0102": 1,
        "EX02": 1,
        "ALL": 2,
    }


def test_years_stand_apart() -> None:
    assert (estimate("links/EX0102/cooperation@2023")["k"], estimate("links/EX0102/cooperation@2023")["n"]) == (1, 1)
    assert (estimate("links/EX0102/cooperation@2024")["k"], estimate("links/EX0102/cooperation@2024")["n"]) == (0, 2)


def test_coerced_cooperation_with_people_is_nowhere_cooperation() -> None:
    ids = results().estimates["id"].to_list()
    assert not [ident for ident in ids if "community~" in ident or ident.endswith("~community/cooperation")]


def test_cooperation_in_mineville_and_why() -> None:
    row = finding("links/EX0101/cooperation")
    assert [row[name] for name in ("clusters", "for", "against", "mixed", "silent")] == [5, 4, 1, 0, 1]
    assert (row["evidence"], row["agreement"], row["confidence"]) == ("robust", "medium", "high")
    assert row["agreement_share"] == pytest.approx(4 / 6)
    assert (row["contradiction"], row["contradiction_status"]) == (True, "open")
    assert (row["triangulated"], row["fragility"], row["kinds"]) == ("kinds", 1, ["desk", "interview"])
    assert row["trace"] == ["a01", "a08", "a15", "a34", "a35"]


@pytest.mark.parametrize(
    ("ident", "counts"),
    [
        ("links/EX0102/cooperation", (1, 1, 0, 1)),
        ("links/EX01/cooperation", (5, 2, 0, 2)),
        ("links/ALL/cooperation", (5, 2, 1, 4)),
        ("links/EX02/cooperation", (0, 0, 1, 2)),
        ("links/zone:border/cooperation", (1, 1, 1, 3)),
        ("markets/EX0101/gold", (2, 2, 0, 0)),
    ],
)
def test_clusters_for_against_mixed_and_silent(ident: str, counts: tuple[int, ...]) -> None:
    row = finding(ident)
    assert (row["for"], row["against"], row["mixed"], row["silent"]) == counts


def test_the_published_sixty_per_cent() -> None:
    row = estimate("published/EX0101/cooperation/D01")
    assert (row["feasible"], row["interval"], row["low"], row["high"]) == ("3/5;6/10", "feasible", 0.6, 0.6)


def test_code_coverage() -> None:
    assert estimate("saturation/EX0101")["answer"] == "too_few"
    assert estimate("saturation/EX01")["answer"] == "not_reached"


def test_plan_and_refusal() -> None:
    assert (estimate("sample/EX0102/magistrate")["planned"], estimate("sample/EX0102/magistrate")["status"]) == (
        1,
        "too_few",
    )
    assert estimate("sample/EX02/transporter")["missing"] == 1


def test_the_levy_keeps_its_range_and_the_route_its_way() -> None:
    row = estimate("levies/EX0101/gold/miner/week")
    assert (row["low"], row["high"], row["currency"], row["meaning"]) == (5000.0, 20000.0, "XOF", "spread")
    (route,) = results().routes.iter_rows(named=True)
    assert (route["from"], route["via"], route["to"], route["kind"]) == ("EX0101", ["EX02"], "EX03", "told")
