"""A study with both indices: regions in which so many people name each factor and give levels; one region is silent."""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.evidence import Audience, Evidence
from small_evidence import evidence

AUDIENCES = {"public": Audience(5), "partners": Audience(3), "team": Audience(0)}
VULNERABLE = ("isolation", "porous_borders", "transit_position", "economic_precarity", "weak_state_presence",
              "corruption", "exclusion", "leader_rivalry", "local_conflict", "self_defence_abuse")  # fmt: skip
RESILIENT = ("social_cohesion", "local_rejection", "dialogue_forum", "awareness", "basic_services", "livelihoods",
             "governance", "security_presence", "self_defence_protection")  # fmt: skip
LEVELS = ("hardship_level", "state_presence_level", "cohesion_level")
PLACES = "code,name,level,parent\nEX,Exemplie,admin0,\n" + "".join(
    f"EX0{number},{name},admin1,EX\n" for number, name in enumerate(("Amont", "Plaine", "Rive", "Vide"), 1)
)
PATTERN: Mapping[str, tuple[int, int, int]] = {"EX01": (9, 2, 4), "EX02": (3, 8, 2), "EX03": (6, 5, 3)}

SAYABLE = {"EX01": (8, 4, 4), "EX02": (4, 8, 2), "EX03": (6, 5, 3)}  # of twelve: three at least on either side


def study(
    people: Mapping[str, int] | None = None,
    pattern: Mapping[str, tuple[int, int, int]] = PATTERN,
    places: str = PLACES,
    **more: Any,
) -> Evidence:
    """people: interviews a region. pattern: region -> how many of twelve name each vulnerable factor, how many each
    resilient one (every second factor: one more), and the level that two of three give; the others give one less.
    """
    people = people or dict.fromkeys(pattern, 12)
    sources = ["id,kind,place,consent,stakeholder"]
    told = ["id,source,kind,question,answer,place"]
    for place, count in people.items():
        for person in range(count):
            ident = f"{place}_{person}"
            sources.append(f"{ident},interview,{place},anonymous,transporter")
            told += [f"{ident}_{at},{ident},{kind},{question},{answer},{place}"
                     for at, (kind, question, answer) in enumerate(_said(person, pattern[place]))]  # fmt: skip
    return evidence("\n".join(told), "\n".join(sources), places=places, audiences=AUDIENCES, **more)


def _said(person: int, pattern: Sequence[int]) -> list[tuple[str, str, str]]:
    """What one person says: the first so many name a factor, those after them name other things."""
    vulnerable, resilient, level = pattern
    named = [code for at, code in enumerate(VULNERABLE) if person < vulnerable + at % 2]
    named += [code for at, code in enumerate(RESILIENT) if person < resilient + at % 2]
    levels = [("item", name, str(level if person % 3 else level - 1)) for name in LEVELS]
    return [*(("factor", "factor", code) for code in named or ["not_observed"]), *levels]
