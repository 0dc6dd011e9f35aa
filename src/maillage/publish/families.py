"""Families of numbers, one question and answer each or the legs of one good: which a release lists for the first time.

A family is listed once anybody, anywhere, spoke of it. Beside an earlier release that says who: if one person came in
between, they spoke of what is new; if one withdrew, of what is gone. So what few brought is not listed until as many as
the threshold have come, and what went with few stays, as numbers of too few.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.publish.earlier import Earlier
from maillage.publish.rules import SAID, Rules

Row = Mapping[str, Any]
Family = tuple[str, str, str]  # measure, what follows the place or class in the id, which of both; or a good and `leg`
LEG, FLOWS, SHARES = "leg", "flows", "shares"
NONE: Row = {"k": 0, "value": 0.0, "low": None, "high": None, "interval": None}
PER_MARKET = {"markets", "roles"}  # asked of those who speak of the market
APART = {"priorities", "agreement", "published", "index"}  # listed by a rule of their own, or not by place
KEPT = ("id", "kind", "measure", "place", "unit", "unit_of_analysis", "method", *SAID)


@dataclass(frozen=True, slots=True)
class Moved:
    """new: families not to be listed yet; gone: those to be listed still, with a number of each."""

    new: frozenset[Family] = frozenset()
    gone: Mapping[Family, Row] = field(default_factory=dict[Family, Row])

    def nobody(self, full: Mapping[str, Row]) -> dict[str, Row]:
        """The shares of the gone that nobody says any more, by id: none of those who are asked the same there."""
        asked = [(family[2], row) for row in full.values()
                 if row["kind"] == SHARES and row["k"] is not None and (family := family_of(row))]  # fmt: skip
        found: dict[str, Row] = {}
        for (measure, rest, name), model in self.gone.items():
            for by, row in asked:
                alike = measure not in PER_MARKET or row["market"] == model["market"]
                if row["measure"] == measure and by == name and row["period"] is None and alike:
                    said = {part: model[part] for part in SAID if part != name}
                    ident = f"{measure}/{row[name]}{rest}"
                    found.setdefault(ident, {**row, **said, **NONE, "id": ident, "counted": []})
        return found

    def legs(self) -> list[Row]:
        """Of the gone, a leg of each good."""
        return [row for family, row in self.gone.items() if family[2] == LEG]


def family_of(row: Row) -> Family | None:
    """The family of a number; None where it is listed by a rule of its own, or stands for no place or class."""
    if row["kind"] == FLOWS:
        return row["measure"], str(row["good"]), LEG
    parts = row["id"].split("/", 2)
    unit = parts[1].partition("@")[0] if len(parts) > 1 else None
    name = next((name for name in ("place", "group") if unit is not None and row[name] == unit), None)
    if name is None or row["kind"] in APART:
        return None
    return row["measure"], row["id"].removeprefix(f"{parts[0]}/{unit}"), name


def listed(shown: Iterable[Row], full: Mapping[str, Row], known: Rules) -> list[dict[str, Any]]:
    """Of each family on people among the rows that an audience is shown, what a number of nobody says: for the ledger.

    full: the rows as computed, by id. What was listed though nobody speaks of it any more has withheld rows alone.
    """
    spoken = _spoken(full, known)
    found: dict[Family, Row] = {}
    for row in sorted(shown, key=lambda row: row["id"]):
        family = family_of(row)
        if family is not None and (family in spoken or row["status"] == "withheld"):
            found.setdefault(family, row)
    return [{name: row[name] for name in KEPT if row[name] is not None} for _, row in sorted(found.items())]


def _spoken(full: Mapping[str, Row], known: Rules) -> set[Family]:
    """The families that anybody who is to be protected spoke of."""
    return {family for row in full.values() if known.behind(row["trace"]) and (family := family_of(row))}


def moved(full: Mapping[str, Row], known: Rules, now: frozenset[str], earlier: Sequence[Earlier]) -> Moved:
    """What came and went with few people since the earlier releases, to whatever audience.

    full: the rows as computed, by id; now: everybody heard. Releases of which the ledger does not know what they
    listed say nothing.
    """
    told = [(one.people, {family: row for row in one.listed if (family := family_of(row))})
            for one in earlier if one.listed]  # fmt: skip
    if not told:
        return Moved()
    spoken = _spoken(full, known)
    before = _since(told, now, known.threshold, lambda then, later: later - then)
    after = _since(told, now, known.threshold, lambda then, later: then - later)
    new = frozenset() if before is None else frozenset(spoken - before.keys())
    return Moved(new, {family: row for family, row in (after or {}).items() if family not in spoken})


def _since(
    told: Sequence[tuple[frozenset[str], Mapping[Family, Row]]], now: frozenset[str], least: int,
    change: Callable[[frozenset[str], frozenset[str]], frozenset[str]],
) -> Mapping[Family, Row] | None:  # fmt: skip
    """What was listed since as many as `least` came (or went) for the last time; None where nobody or enough did since.

    change: from the people of then and of later, those who came, or who went.
    """
    base, found = told[0][0], dict[Family, Row]()
    for people, families in told:
        if len(change(base, people)) >= least:
            base, found = people, {}
        found |= families
    return found if 0 < len(change(base, now)) < least else None
