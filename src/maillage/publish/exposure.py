"""What a reader who knows something already could work out of a release: who is closest to being told, and how.

Four readers (docs/risk.md): a neighbour knows who was heard; a state holds registers and reads what is said of it; an
armed group knows who lives where and what they do; a journalist has what was published. For the team alone.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl

from maillage.evidence import Evidence, Results
from maillage.publish.gate import Release
from maillage.publish.rules import PERSONAL, rests_on, rules
from maillage.publish.unions import counts
from maillage.publish.unknowns import Count
from maillage.publish.worked_out import WorkedOut, worked_out

Row = Mapping[str, Any]
KEYS: Mapping[str, tuple[str, ...]] = {
    "neighbour": ("place", "stakeholder", "sex", "age_band"), "state": ("place", "stakeholder"),
    "armed_group": ("place", "stakeholder"), "journalist": (),
}  # fmt: skip
ABOUT = {"state": "state", "armed_group": "armed"}  # whose doings a reader looks for first
ROLE = ("place", "stakeholder")
MOST = 3  # outputs named for each person
NONE_SIGNED: Mapping[str, Set[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Exposed:
    """One informant: `alike`: how many of those heard this reader cannot tell from them, themselves included; `alone`:
    whether nobody else of their class was heard in their place.

    `said`, `asked`: of the published number that tells most of them, at least how many of how many said it; `through`:
    the ids that do, the most telling first, of a reader who looks for themselves those first. `lost`: numbers that go
    if their place is told of its parent only.
    """

    source: str
    alike: int
    alone: bool
    said: int
    asked: int
    through: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def sure(self) -> float:
        """How often a guess that this person said it is right, from one number at least: 1 is certain."""
        return self.said / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one reader gets out of a release: `numbers` that rest on people, `against`: ids of those that speak of the
    reader; `worked_out`: statements with the people of whom they follow, and why; `people`, the most exposed first."""

    reader: str
    audience: str
    numbers: int
    against: tuple[str, ...]
    worked_out: tuple[WorkedOut, ...]
    people: tuple[Exposed, ...]


def exposure(
    results: Results, release: Release, reader: str, *, fixed: Sequence[Count] = (),
    exceptions: Mapping[str, Set[str]] = NONE_SIGNED,
) -> Exposure:  # fmt: skip
    """What `reader` gets out of a release of these results.

    fixed: counts of earlier releases. exceptions: by id of a number that the lead let through, the names of its counts.
    """
    evidence, known = results.evidence, rules(results.evidence, release.audience)
    full = {row["id"]: row for row in results.estimates.iter_rows(named=True)}
    rows = {row["id"]: row for row in release.estimates.iter_rows(named=True)}
    told = {name: known.behind(rests_on(full[name])) for name, row in rows.items()
            if row["status"] in ("ok", "too_few") and name in full}  # fmt: skip
    told = {name: people for name, people in told.items() if people}
    all_counts = counts(rows, known, evidence, full)
    against = frozenset(name for name in told if _speaks_of(full[name], ABOUT.get(reader), evidence))
    people = heard_people(evidence)
    sets = _sets(people, _keys(reader, release))
    roles = _sets(people, ROLE)
    parents = dict(evidence.places.select("code", "parent").iter_rows())
    found = [
        _one(row, sets[row["id"]], roles[row["id"]] == 1, all_counts, told=told, against=against, full=full,
             parents=parents)
        for row in people.iter_rows(named=True)
    ]  # fmt: skip
    found.sort(key=lambda one: (one.alike, -one.sure, not one.alone, one.source))
    return Exposure(reader, release.audience, len(told), tuple(sorted(against)),
                    worked_out(all_counts, fixed, exceptions), tuple(found))  # fmt: skip


def heard_people(evidence: Evidence) -> pl.DataFrame:
    """Persons whose statements may count."""
    heard = pl.col("kind").is_in(sorted(PERSONAL)) & pl.col("consent").fill_null("none").ne("none")
    return evidence.sources.filter(heard).sort("id")


def _keys(reader: str, release: Release) -> tuple[str, ...]:
    """What a reader knows people by; a journalist only what the release itself says of who was heard."""
    by_class = release.estimates.filter((pl.col("measure") == "sample") & (pl.col("status") == "ok"))
    published = by_class.filter(pl.col("group").is_not_null() & (pl.col("group") != "ALL")).height > 0
    return ("stakeholder",) if reader == "journalist" and published else KEYS[reader]


def _sets(people: pl.DataFrame, keys: Sequence[str]) -> Mapping[str, int]:
    """How many share what is known of each person; blanks are alike."""
    size = pl.len().over(list(keys)) if keys else pl.len()
    return dict(people.select("id", size.alias("size")).iter_rows())


def _speaks_of(row: Row, kind: str | None, evidence: Evidence) -> bool:
    classes = {evidence.pack.attribute("actors", row[name], "class") for name in ("actor", "other") if row[name]}
    return kind is not None and kind in classes


def _one(
    row: Row, alike: int, alone: bool, all_counts: Sequence[Count], *, told: Mapping[str, frozenset[str]],
    against: frozenset[str], full: Mapping[str, Row], parents: Mapping[str, str | None],
) -> Exposed:  # fmt: skip
    """One person: the published counts they are among, the most telling first."""
    source = row["id"]
    mine = [one for one in all_counts if source in one.asked and one.told and one.least and not one.accepts(one.told)]
    mine.sort(key=lambda one: (one.name not in against, -(one.least or 0) / len(one.asked), len(one.asked), one.name))
    counted = {one.name for one in mine}
    others = [name for name, people in told.items() if source in people and name not in counted]
    others.sort(key=lambda name: (name not in against, len(told[name]), name))
    said, asked = ((mine[0].least or 0), len(mine[0].asked)) if mine else (0, 0)
    here = {row["place"]} if parents.get(row["place"]) else set()
    lost = sorted(name for name, people in told.items() if source in people and full[name]["place"] in here)
    through = tuple([*(one.name for one in mine), *others][:MOST])
    return Exposed(source, alike, alone, said, asked, through, tuple(lost))
