"""A gate that withholds everything protects everybody and serves nobody: what may be said is said, mostly.

What may be said is worked out here from what was planted, by the thresholds of docs/gate.md, number by number.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from attacker_answers import ALL, Known, known
from attacker_register import register, rows
from made_attacked import Target

from maillage import pack as packs

ASKED = {"link": "links", "factor": "factors", "need": "needs"}
ACCUSING = ("coercion",)
LEAST, COUNTED = 5, 10
USEFUL = 0.7


@dataclass(frozen=True, slots=True)
class Planted:
    """A share as planted: k of n."""

    id: str
    k: int
    n: int

    @property
    def told_as(self) -> str | None:
        """What the thresholds alone let be said of it: a count, words, or nothing."""
        if self.n < LEAST:
            return None
        margin = 5 if self.id.startswith(ACCUSING) else 3
        return "count" if self.n >= COUNTED and margin <= self.k <= self.n - margin else "words"


def planted(target: Target) -> list[Planted]:
    """The shares of a study: from its table of truth, else counted from what was planted."""
    if target.name == "practice":
        truth = [row for row in rows(target.study / "truth.csv") if row["state"] == "coded"]
        shares = [row for row in truth if row["k"] and row["n"] and not row["id"].startswith("flows")]
        return [Planted(row["id"], int(row["k"]), int(row["n"])) for row in shares]
    who = known(target.study, register(target.study), packs.load("nexus"))
    return list(counted(target, who))


def counted(target: Target, who: Known) -> Iterator[Planted]:
    """k and n of links, markets, factors and needs, by area, from the planted statements."""
    people = {row["id"]: row for row in register(target.study).people if row["kind"] == "interview"}
    said = [row for row in rows(target.study / "raw" / "observations.csv") if row["source"] in people]
    codes = {name: {row["answer"] for row in said if row["question"] == name} - {"denied"} for name in ASKED}
    for area, cells in who.areas.items():
        inside = {name for name, row in people.items() if (row["place"], row["stakeholder"]) in cells}
        here = [row for row in said if row["source"] in inside]
        for name, measure in ASKED.items():
            yield from _shares(measure, area, [row for row in here if row["question"] == name], codes[name])
        asked = [row for row in here if row["question"] == "presence"]
        for market in sorted({row["market"] for row in said if row["question"] == "presence"}):
            (found,) = _shares("markets", area, [row for row in asked if row["market"] == market], {"present"})
            yield Planted(f"markets/{area}/{market}", found.k, found.n)


def _shares(measure: str, area: str, told: list[dict[str, str]], answers: set[str]) -> Iterator[Planted]:
    n = len({row["source"] for row in told})
    for answer in sorted(answers):
        yield Planted(f"{measure}/{area}/{answer}", len({row["source"] for row in told if row["answer"] == answer}), n)


def shares_told(target: Target) -> tuple[float, float, int]:
    """Of what may be said, how much is said at all; of counts that may be given, how many are; how many may be said."""
    table = {row["id"]: row for row in csv.DictReader(target.public["data/estimates.csv"].decode().splitlines())}
    may = [item for item in planted(target) if item.told_as]
    said = [item for item in may if item.id in table and table[item.id]["status"] == "ok"]
    exact = [item for item in may if item.told_as == "count"]
    given = [item for item in exact if item.id in table and table[item.id]["k"]]
    return len(said) / len(may), len(given) / max(1, len(exact)), len(may)


def test_most_of_what_may_be_said_is_said(target: Target, capsys: pytest.CaptureFixture[str]) -> None:
    said, given, count = shares_told(target)
    with capsys.disabled():
        sys.stdout.write(f"\n{target.name}: {said:.0%} of {count} shares that may be told are, {given:.0%} of counts\n")
    assert count > 30
    assert said >= USEFUL


def test_nothing_below_the_threshold_is_said(target: Target) -> None:
    table = {row["id"]: row for row in csv.DictReader(target.public["data/estimates.csv"].decode().splitlines())}
    few = [item for item in planted(target) if not item.told_as]
    assert few
    assert [item.id for item in few if table.get(item.id, {}).get("status") == "ok"] == []


def test_what_was_planted_is_what_is_told(target: Target) -> None:
    """The counts here are the program's own where it gives them, so that the two shares mean something."""
    table = {row["id"]: row for row in csv.DictReader(target.public["data/estimates.csv"].decode().splitlines())}
    told = [item for item in planted(target) if table.get(item.id, {}).get("k")]
    assert all((int(table[item.id]["k"]), int(table[item.id]["n"])) == (item.k, item.n) for item in told)
    assert any(f"/{ALL}/" in item.id for item in told)


def test_a_wall_would_be_seen(practice: Target) -> None:
    text = practice.public["data/estimates.csv"].decode().replace(",ok,", ",withheld,")
    wall = Target("practice", practice.study, {**practice.public, "data/estimates.csv": text.encode()})
    assert shares_told(wall)[0] < USEFUL
