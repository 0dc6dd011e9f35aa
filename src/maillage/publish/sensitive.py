"""Kinds of data that could do harm: how much coarser the gate tells them, and what every reader is told of them.

study.yml gives a measure, or a kind of statement with all measures made of it, a level. high: the public reads it one
rung coarser. severe: the public does not read it, partners read it one rung coarser. The team sees everything.
"""

from collections.abc import Mapping
from typing import Any

from maillage import numbers
from maillage.errors import Finding, finding
from maillage.evidence import Evidence, Settings
from maillage.labels import Labels
from maillage.pack import Pack
from maillage.publish.rules import FEW, NO_PLACE, Rules, withhold
from maillage.tables import codes

Row = Mapping[str, Any]
HIGH, SEVERE = "high", "severe"
COARSE = {"admin0", "admin1", "country", "world_region"}  # one rung above the second level


def level_of(measure: str, settings: Settings, pack: Pack) -> str | None:
    """The sensitivity of a measure: its own, else that of the kind of statement it is made of."""
    spec = pack.measures.get(measure) or {}
    question = pack.questions.get(str(spec.get("question")))
    said = settings.care.sensitivity
    found = said.get(measure) or (said.get(question.kind) if question else None)
    return found.level if found else None


def held_back(row: Row, evidence: Evidence, level: Mapping[str, str], audience: str) -> dict[str, Any] | None:
    """The row without its number where it is too sensitive for an audience, None where it is not.

    level: place -> its level. Where places are meant, both ends of a leg count.
    """
    sensitive = level_of(row["measure"], evidence.study, evidence.pack)
    if sensitive not in (HIGH, SEVERE) or row["status"] not in ("ok", "too_few"):
        return None
    if sensitive == SEVERE and audience != "partners":
        return withhold(row, "too_sensitive")
    coarser = sensitive == SEVERE or audience != "partners"
    fine = any(_is_fine(row[key], level) for key in ("place", "to"))
    return withhold(row, "sensitive_place") if coarser and fine else None


def why_few(number: Row, evidence: Evidence, known: Rules) -> str:
    """Why a number of few is withheld, by what everybody knows of it, whether anybody spoke or not."""
    held = held_back({**number, "status": "ok"}, evidence, known.level, known.audience)
    return str(held["reason"]) if held else FEW


def _is_fine(place: str | None, level: Mapping[str, str]) -> bool:
    if place is None or place in NO_PLACE or place.startswith("zone:"):
        return False
    return level.get(place) not in COARSE


def check(evidence: Evidence) -> list[Finding]:
    """Levels of kinds that are not there, and high levels without a reason and a date."""
    known = [*evidence.pack.measures, *codes()["kinds"]]
    found: list[Finding] = []
    for kind, told in evidence.study.care.sensitivity.items():
        where: dict[str, Any] = {"file": "study.yml", "field": f"sensitivity.{kind}", "value": kind}
        if kind not in known:
            found.append(finding("sensitivity_unknown", **where, known=", ".join(known)))
        elif told.level in (HIGH, SEVERE) and not (told.date and any(told.reason.values())):
            found.append(finding("sensitivity_reason", **where, found=told.level))
    return found


def banner(settings: Settings, labels: Labels) -> str:
    """What a reader of the team or of a partner is warned of; blank where nothing is sensitive."""
    said = {kind: told.level for kind, told in settings.care.sensitivity.items() if told.level in (HIGH, SEVERE)}
    if not said:
        return ""
    named = [f"{_name(kind, labels)} ({labels.code('sensitivity', level)})" for kind, level in sorted(said.items())]
    return labels.phrase("care_banner", kinds=numbers.items(named, labels.lang))


def _name(kind: str, labels: Labels) -> str:
    return labels.measure(kind) if kind in labels.pack.measures else labels.code("kinds", kind)
