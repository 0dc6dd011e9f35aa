"""Named actors of a study outside the team: persons and small groups by what they are, thin ties not at all.

Somebody is named only where the table of actors says that it is public record and the study lead signed it; a group of
few known members goes by its kind, as do its statements; what fewer informants than the threshold say of a named
actor is told of zones and of the whole study, and withheld of every place alike.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.pack import Pack
from maillage.publish.rules import Rules

Row = Mapping[str, Any]
SIDES = ("actor", "other")
FEW = "few"


def private(pack: Pack, lead: str) -> Mapping[str, str]:
    """Named actors that nobody outside the team may read of -> the kind they go by."""
    return {code: entry.attributes["kind"] for code, entry in pack.lists.get("actors", {}).items()
            if entry.attributes.get("named") and not _may_be_named(entry.attributes, lead)}  # fmt: skip


def _may_be_named(facts: Mapping[str, Any], lead: str) -> bool:
    public = facts.get("public_record") == "yes"
    if facts.get("person") == "yes":
        return public and facts.get("signed") == lead
    return facts.get("members") != FEW or public


def merged(evidence: Evidence, lead: str) -> Evidence | None:
    """The evidence with private actors by their kind, None where no statement names one."""
    kinds = private(evidence.pack, lead)
    if not any(evidence.coded[side].is_in(list(kinds)).any() for side in SIDES):
        return None
    by_kind = [pl.col(side).replace(kinds) for side in SIDES]
    return replace(
        evidence, observations=evidence.observations.with_columns(by_kind),
        codings=evidence.codings.with_columns(by_kind),
    )  # fmt: skip


def refuse_private(estimates: pl.DataFrame, evidence: Evidence, lead: str) -> None:
    """Raises MaillageError `actor_private` where a number still names somebody private."""
    kinds = private(evidence.pack, lead)
    named = estimates.filter(pl.any_horizontal(pl.col(side).is_in(list(kinds)) for side in SIDES))
    if kinds and named.height:
        raise MaillageError("actor_private", count=named.height)


def too_thin(row: Row, known: Rules, pack: Pack) -> bool:
    """Whether fewer informants than the threshold say of a named actor what a number of a place says; none is fewer, or
    what is told of the other places would be that nobody said so."""
    place = row["place"]
    if not is_named(row, pack) or place in (None, "ALL") or place.startswith("zone:"):
        return False
    said = row["counted"] if row["kind"] == "shares" else row["counted"] or row["trace"]
    return bool(known.behind(row["trace"])) and len(known.behind(said)) < known.threshold


def is_named(row: Row, pack: Pack) -> bool:
    """Whether an end of a row is a group or person of the study's table of actors."""
    return any(pack.attribute("actors", row[side], "named") for side in SIDES if row[side])
