"""CONTRACT 6, seen from outside: what the team computes is published, or said of a larger area, or listed as withheld.

Only levies, legs and control below the second level are not even named (docs/gate.md: the id says who holds what
where); each id that a release lacks is one of these.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
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
