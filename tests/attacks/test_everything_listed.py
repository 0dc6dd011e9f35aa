"""CONTRACT 6, seen from outside: what the team computes is published, or said of a larger area, or listed as withheld.

Only levies, legs and control below the second level are not even named (docs/gate.md: the id says who holds what
where); each id that a release lacks is one of these.
"""

import csv
import dataclasses
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from attacker_register import register
from made_attacked import Target

from folders import STUDIES
from maillage import run
from maillage.evidence import Results
from maillage.labels import phrases
from maillage.publish import data
from maillage.publish.gate import clear
from maillage.study.folder import open_study

NEVER = ("control", "levies", "levy_totals", "flows")  # named at no place below the second level
LARGE = {"admin0", "admin1", "admin2", "country", "world_region"}
AUDIENCES = ("public", "partners")
LEADS = ("rung", "read_at", "see")  # to larger places, which all their people make


@cache
def computed(study: Path) -> Results:
    return run.run(open_study(study))


def rows(content: Mapping[str, bytes], name: str = "estimates") -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in csv.DictReader(content[f"data/{name}.csv"].decode().splitlines())}


def tables_of(results: Results, audience: str) -> dict[str, bytes]:
    """The tables of a release as they are written."""
    made = data.tables_of(clear(results, audience=audience, langs=("en",)))
    return {f"data/{name}": raw for name, raw in made.items()}


def unnamed(results: Results, content: Mapping[str, bytes]) -> list[str]:
    """Ids that the team computes and a release does not list, though nothing forbids to name them."""
    level = dict(results.evidence.places.select("code", "level").iter_rows())
    ends = {row["id"]: (row["place"], row["to"]) for row in results.estimates.iter_rows(named=True)}
    missing = set(ends) - set(rows(content))
    return sorted(ident for ident in missing if not ident.startswith(NEVER)
                  or all(end not in level or level[end] in LARGE for end in ends[ident]))  # fmt: skip


def test_every_number_of_the_team_is_published_or_listed(target: Target) -> None:
    results = computed(target.study)
    assert unnamed(results, target.public) == []
    assert unnamed(results, tables_of(results, "partners")) == []


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", ["mali", "first-steps"])
def test_so_is_every_number_of_the_studies_with_few_people_or_none(name: str, audience: str) -> None:
    results = computed(STUDIES / name)
    assert unnamed(results, tables_of(results, audience)) == []


def test_a_number_that_is_not_listed_is_seen(practice: Target) -> None:
    text = practice.public["data/estimates.csv"].decode().splitlines()
    for lost in ("links/XA0101/", "flows/gold/", "priorities/XA0101/", "rank/vulnerability/"):
        fewer = "\n".join(line for line in text if not line.startswith(lost))
        found = unnamed(computed(practice.study), {"data/estimates.csv": fewer.encode()})
        assert found
        assert all(ident.startswith(lost) for ident in found)


def test_what_is_listed_has_a_plain_reason_and_no_number(target: Target) -> None:
    held = {name: row for name, row in rows(target.public).items() if row["status"] == "withheld"}
    assert held.keys() == rows(target.public, "withheld").keys()
    assert [name for name, row in held.items() if f"reason_{row['reason']}" not in phrases()] == []
    assert [name for name, row in held.items() if row["value"] or row["k"] or row["n"] or row["low"]] == []


@cache
def mute(study: Path, place: str) -> Results:
    """The same study, had nobody of a place said anything."""
    results = computed(study)
    evidence = results.evidence
    there = evidence.sources.filter(pl.col("place") == place, pl.col("kind") == "interview")["id"].to_list()
    gone = ~pl.col("source").is_in(there)
    quiet = dataclasses.replace(
        evidence, observations=evidence.observations.filter(gone), codings=evidence.codings.filter(gone)
    )
    return run.measure_all(quiet, head=results.head, date=results.date)


def about(results: Results, place: str, audience: str) -> dict[str, dict[str, str]]:
    """The rows of a release that name a place, without where to read more."""
    every = rows(tables_of(results, audience))
    return {ident: {key: value for key, value in row.items() if key not in LEADS}
            for ident, row in every.items() if place in re.split(r"[/~@]", ident)}  # fmt: skip


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_list_is_the_same_had_the_few_people_of_a_place_said_nothing(target: Target, audience: str) -> None:
    results = computed(target.study)
    homes = Counter(row["place"] for row in register(target.study).people if row["kind"] == "interview")
    place, people = min(homes.items(), key=lambda item: (item[1], item[0]))
    if people >= results.evidence.study.audiences[audience].threshold:
        pytest.skip("no place of few")
    spoke, silent = about(results, place, audience), about(mute(target.study, place), place, audience)
    assert spoke.keys() == silent.keys()
    held = [ident for ident in spoke if "withheld" in (spoke[ident]["status"], silent[ident]["status"])]
    assert len(held) > 30
    assert [ident for ident in held if spoke[ident] != silent[ident]] == []
