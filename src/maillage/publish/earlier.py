"""What earlier releases told, and what a new one may add to it.

Somebody who holds two releases can subtract one from the other: where a number was counted among twelve people and is
now counted among thirteen, the thirteenth is alone. So a number whose people changed by fewer than the threshold keeps
its old value, with the day of it, unless somebody in it has withdrawn since; and the union audit holds earlier counts
for given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maillage.evidence import Evidence, Results
from maillage.publish.rules import Rules, in_words, rests_on, rules, withhold
from maillage.publish.unions import as_count, what
from maillage.publish.unknowns import Count

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One number of an earlier release: the columns it was published with, whose statements it counted, who said so."""

    row: Row
    asked: frozenset[str]
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release: its day, whom it was for, its numbers that rest on people, by id.

    People are source ids where they are still in the study, else something that names nobody. `withdrawn`: those of
    them who may no longer be counted.
    """

    date: str
    audience: str
    told: Mapping[str, Told]
    withdrawn: frozenset[str] = frozenset()


def against_earlier(
    decided: Sequence[dict[str, Any]], known: Rules, full: Mapping[str, Row], earlier: Sequence[Earlier]
) -> list[dict[str, Any]]:
    """The rows of a release, where few people make the difference to an earlier one as they were or withheld.

    earlier: releases to the same audience, the oldest first; the newest that told a number counts for it.
    """
    last: dict[str, tuple[Earlier, Told]] = {}
    for one in earlier:
        last |= {name: (one, told) for name, told in one.told.items()}
    groups: dict[tuple[Any, ...], list[Told]] = {}
    for _, told in last.values():
        groups.setdefault(_question(told.row), []).append(told)
    return [_beside(row, known, full[row["id"]], last=last, groups=groups) for row in decided]


def _beside(
    row: dict[str, Any], known: Rules, number: Row, *, last: Mapping[str, tuple[Earlier, Told]],
    groups: Mapping[tuple[Any, ...], Sequence[Told]],
) -> dict[str, Any]:  # fmt: skip
    """One row beside what was told before."""
    people = known.behind(rests_on(number))
    if not people or row["status"] == "withheld":
        return row
    least = known.least(number)
    if row["id"] in last:
        release, told = last[row["id"]]
        if not 0 < len(told.asked ^ people) < least:
            return row
        if told.asked & release.withdrawn or row["kind"] != told.row["kind"]:
            return withhold(number, "differencing")
        return dict.fromkeys(row) | {"trace": [], "counted": []} | told.row | {"released": release.date}
    others = groups.get(_question(number), ()) if row["n"] is not None or row["kind"] == "scores" else ()
    if any(0 < len(told.asked ^ people) < least for told in others):
        return in_words(number) if row["kind"] == "shares" else withhold(number, "differencing")
    return row


def _question(row: Row) -> tuple[Any, ...]:
    """What numbers have in common that count among the same people: rows whose number asked is published apart."""
    said = row["n"] is not None or row["kind"] == "scores"
    return (row["kind"], *what(row), said) if said else (row["kind"], row["id"])


def told(results: Results, audience: str, shown: Iterable[Row], earlier: Sequence[Earlier]) -> dict[str, Told]:
    """What the rows that an audience is shown tell of people: what a later release has to be held against.

    A row that repeats an earlier release counts those who were asked then.
    """
    known, found = rules(results.evidence, audience), dict[str, Told]()
    full = {row["id"]: row for row in results.estimates.iter_rows(named=True)}
    before = {name: one for release in earlier if release.audience == audience for name, one in release.told.items()}
    for row in shown:
        people = known.behind(rests_on(full[row["id"]]))
        if row["status"] != "ok" or not people:
            continue
        plain = {name: value for name, value in row.items() if name not in ("trace", "counted", "released")}
        if row["released"]:
            found[row["id"]] = before[row["id"]]
        else:
            found[row["id"]] = Told(plain, people, known.behind(full[row["id"]]["counted"]))
    return found


def fixed_counts(earlier: Sequence[Earlier], known: Rules, evidence: Evidence) -> list[Count]:
    """The shares of earlier releases as counts that stand, whatever a new release says."""
    found: dict[str, Count] = {}
    for at, release in enumerate(earlier):
        for name, told in release.told.items():
            if told.row["kind"] != "shares" or not told.asked:
                continue
            number = {**told.row, "n": len(told.asked), "k": len(told.said)}
            mark = f"{name}#{at}"
            count = as_count(
                number | {"id": mark}, told.row, known, evidence, people=told.asked, said=told.said
            )  # fmt: skip
            found.setdefault(f"{count.what}{sorted(told.asked)}{count.least}{count.most}", count)
    return list(found.values())
