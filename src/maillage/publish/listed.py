"""Which ids of withheld numbers a release lists, so that the list itself tells nothing.

A number on a place exists where somebody said something of it. A list of the withheld ones alone would say so: of the
one person heard in a place, that is an answer. So a question and answer that anybody spoke of, anywhere, is listed for
every place of the study alike, whether few spoke of it there or nobody; and the rows of few and of none are the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.families import LEG, Family, family_of
from maillage.publish.ladders import ALL, ladders
from maillage.publish.rules import FEW, Rules, unruled, unseen, withhold
from maillage.publish.sensitive import why_few

Row = Mapping[str, Any]
Members = Mapping[str, Row]  # the numbers of one question and answer, by place or class
Families = Mapping[Family, Members]
OF_MEANS = frozenset({FEW, "too_few_for_mean", "at_an_end", "dominance", "differencing"})
CLASS = "group"
COVERAGE, CROSSED, NO_RULE = "coverage", "cross_table", "no_rule"


def alike(
    decided: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row],
    gone: Mapping[Family, Row] | None = None,
) -> tuple[list[dict[str, Any]], dict[str, Row]]:  # fmt: skip
    """The rows of a release with one for every place or class of each question on people, sorted by id; and `full` with
    the numbers that nobody spoke of.

    full: the rows as computed, by id. What is not in `decided` though it was computed stays out. gone: families that
    nobody speaks of any more and that are listed still, with a number of each.
    """
    blank: dict[str, Any] = dict.fromkeys(next(iter(full.values()), {}))
    still = {family: {row[family[2]]: {**blank, **row}} for family, row in (gone or {}).items() if family[2] != LEG}
    found, classes = {**_families(full, known), **still}, _classes(evidence)
    rows, every = {row["id"]: row for row in decided}, dict(full)
    for (measure, rest, name), members in found.items():
        model = members.get(ALL) or members[min(members)]
        units = _units(found, name, own=model["kind"] == COVERAGE)
        for unit in [*units, *(sorted(classes.difference(units)) if name == CLASS else ())]:
            ident = f"{measure}/{unit}{rest}"
            number = {**model, "id": ident, name: unit, "status": "too_few", "trace": [], "counted": []}
            reason = _reason(number, known, evidence)
            few = ident in rows and rows[ident]["reason"] in _few(reason, unit, model["kind"])
            if few or (ident not in full and not unseen(number, known)):
                rows[ident] = withhold(number, reason)
            every.setdefault(ident, number)
    return [rows[name] for name in sorted(rows)], every


def places(full: Mapping[str, Row], known: Rules) -> list[str]:
    """The places, zones and ALL of which anything is listed that rests on people, in the order of their codes."""
    return _units(_families(full, known), "place", own=False)


def _families(full: Mapping[str, Row], known: Rules) -> Families:
    """The numbers of each question and answer that rests on people somewhere."""
    found: dict[Family, dict[str, Row]] = {}
    for row in full.values():
        family = family_of(row)
        if family is not None and family[2] != LEG:
            found.setdefault(family, {})[row[family[2]]] = row
    return {
        family: members for family, members in sorted(found.items())
        if any(known.behind(row["trace"]) for row in members.values())
    }  # fmt: skip


def _classes(evidence: Evidence) -> set[str]:
    """The classes and families of everybody interviewed, which neighbours know, whether or not they spoke."""
    above = ladders(evidence).groups
    people = evidence.sources.filter((pl.col("kind") == "interview") & (pl.col("consent") != "none"))
    return {group for one in people["stakeholder"].drop_nulls() for group in (one, *above.get(one, ()))}


def _units(found: Families, name: str, *, own: bool) -> list[str]:
    """The places or classes of the study; of who was heard, those where somebody was or was to be (`own`)."""
    alike = (members for (_, _, by), members in found.items() if by == name)
    kept = (members for members in alike if not own or any(row["kind"] == COVERAGE for row in members.values()))
    return sorted({unit for members in kept for unit in members})


def _few(reason: str, unit: str, kind: str) -> frozenset[str]:
    """Why numbers of few are withheld, of which a list makes one. That a mean has five people behind it says of a place
    where five were heard that all of them answered, and so that each says that the market is there; that it is at an
    end of the scale says what nearly each is."""
    if reason == NO_RULE:
        return frozenset({reason, FEW})
    return OF_MEANS if reason == FEW and unit != ALL and kind != "shares" else frozenset({reason})


def _reason(number: Row, known: Rules, evidence: Evidence) -> str:
    """Why a number of few is withheld, by what everybody knows of it."""
    if number["kind"] == COVERAGE and number["place"] != ALL:
        return CROSSED
    if unruled(number, known):
        return NO_RULE
    return why_few(number, evidence, known)
