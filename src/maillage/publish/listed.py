"""Which ids of withheld numbers a release lists, so that the list itself tells nothing.

A number on a place exists where somebody said something of it. A list of the withheld ones alone would say so: of the
one person heard in a place, that is an answer. So a question and answer that anybody spoke of, anywhere, is listed for
every place of the study alike, whether few spoke of it there or nobody; and the rows of few and of none are the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.ladders import ALL, ZONE, Ladders
from maillage.publish.rules import PERSONAL, Rules, unseen, withhold
from maillage.publish.sensitive import held_back

Row = Mapping[str, Any]
Members = Mapping[str, Row]  # the numbers of one question and answer, by place or class
Families = Mapping[tuple[str, str, str], Members]  # measure, what follows the place or class in the id, which of both
FEW, CROSSED = "too_few_informants", "cross_table"
APART = {"priorities", "flows", "agreement", "published", "index"}  # listed by a rule of their own, or not by place


def alike(
    decided: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row]
) -> tuple[list[dict[str, Any]], dict[str, Row]]:
    """The rows of a release with one for every place or class of each question on people, sorted by id; and `full` with
    the numbers that nobody spoke of.

    full: the rows as computed, by id. What is not in `decided` though it was computed stays out.
    """
    found = _families(full, known)
    rows, every = {row["id"]: row for row in decided}, dict(full)
    for (measure, rest, name), members in found.items():
        model = members.get(ALL) or members[min(members)]
        for unit in _units(found, measure, name, own=model["kind"] == "coverage"):
            ident = f"{measure}/{unit}{rest}"
            number = {**model, "id": ident, name: unit, "status": "too_few", "trace": [], "counted": []}
            reason = _reason(number, known, evidence)
            few = ident in rows and rows[ident]["reason"] in _few(reason, unit)
            if few or (ident not in full and not unseen(number, known)):
                rows[ident] = withhold(number, reason)
            every.setdefault(ident, number)
    return [rows[name] for name in sorted(rows)], every


def without_lonely_legs(
    decided: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, areas: Ladders
) -> list[dict[str, Any]]:
    """The rows without legs of flows that few tell of, between places where fewer people were heard than the threshold:
    the id alone would point at those."""
    people = evidence.sources.filter(pl.col("kind").is_in(sorted(PERSONAL)) & (pl.col("consent") != "none"))
    homes = [{place, *areas.areas.get(place, ())} for place in people["place"].drop_nulls()]
    return [
        row for row in decided
        if row["kind"] != "flows" or row["reason"] != FEW
        or sum(bool(home & {row["place"], row["to"]}) for home in homes) >= known.threshold
    ]  # fmt: skip


def _families(full: Mapping[str, Row], known: Rules) -> Families:
    """The numbers of each question and answer that rests on people somewhere."""
    found: dict[tuple[str, str, str], dict[str, Row]] = {}
    for ident, row in full.items():
        parts = ident.split("/", 2)
        unit = parts[1].partition("@")[0] if len(parts) > 1 else None
        name = next((name for name in ("place", "group") if unit is not None and row[name] == unit), None)
        if unit is not None and name is not None and row["kind"] not in APART:
            family = row["measure"], ident.removeprefix(f"{parts[0]}/{unit}"), name
            found.setdefault(family, {})[unit] = row
    return {
        family: members for family, members in sorted(found.items())
        if any(known.behind(row["trace"]) for row in members.values())
    }  # fmt: skip


def _units(found: Families, measure: str, name: str, *, own: bool) -> Iterator[str]:
    """The places or classes of the study; of who was heard, those where somebody was or was to be (`own`)."""
    alike = (members for (of, _, by), members in found.items() if by == name and (not own or of == measure))
    yield from sorted({unit for members in alike for unit in members})


def _few(reason: str, unit: str) -> set[str]:
    """Why numbers of few are withheld, of which a list makes one. That a mean has five people behind it says of a place
    where five were heard that all of them answered, and so that each says that the market is there."""
    return {reason, "too_few_for_mean"} if reason == FEW and unit != ALL else {reason}


def _reason(number: Row, known: Rules, evidence: Evidence) -> str:
    """Why a number of few is withheld, by what everybody knows of it."""
    if number["kind"] == "coverage" and number["place"] != ALL:
        return CROSSED
    held = held_back({**number, "status": "ok"}, evidence, known.level, known.audience)
    return str(held["reason"]) if held else FEW


def is_aimed(priority: Row, evidence: Evidence) -> bool:
    """Whether an action is listed for an area whatever was said there: for everybody, and for the zones it aims at."""
    zones = {f"{ZONE}{name}" for name in (*evidence.study.zones, *evidence.zones["zone"])}
    above = evidence.pack.actions.get(priority["parent"] or priority["action"]) or {}
    own = (above.get("sub_actions") or {}).get(priority["action"]) or above
    aims = {f"{ZONE}{name}" for name in own.get("zones") or above.get("zones") or ()} & zones
    return priority["place"] == ALL or (priority["place"] in zones and (not aims or priority["place"] in aims))
