"""Levels that people give of hardship and cohesion, in two rounds, and who held each interview.

Drawn from streams of their own, after everything else: what was in the study before stays as it was.
"""

from collections.abc import Iterator, Mapping, Sequence

from practice.chance import Chance
from practice.world import REGIONS

ROUNDS = {"first": ("2024-03", "2024-04"), "second": ("2024-05", "2024-06")}
TEAMS = {
    "XA01": ("ilvane", "marsolle"),
    "XA02": ("ilvane", "marsolle"),
    "XA03": ("renzell", "tovrin"),
    "XA04": ("renzell", "tovrin"),
}
ITEMS = {
    "hardship_level": (2.0, 0.7),
    "cohesion_level": (2.8, -0.7),
}  # lowest mean of a region, change of the second round
SPREAD = 1.2  # how far the means of regions lie apart at most
ASKED = 0.9  # share of people whom the question reached


def planted_levels(seed: int) -> Mapping[tuple[str, str, str], float]:
    """The mean level of each region, item and round; every answer is a whole number around it, from 1 to 5."""
    chance = Chance(seed, "levels")
    found: dict[tuple[str, str, str], float] = {}
    for region in REGIONS:
        for item, (lowest, change) in ITEMS.items():
            first = lowest + SPREAD * chance.share()
            found |= {(region, item, "first"): first, (region, item, "second"): first + change}
    return found


def round_of(date: str) -> str:
    """The round in whose months an interview was held."""
    return next(name for name, (start, end) in ROUNDS.items() if start <= date[:7] <= end)


def levels(seed: int, sources: Sequence[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """Statements on the items, one a person and item: source, question, answer."""
    means = planted_levels(seed)
    for source in sources:
        if source["kind"] != "interview" or source["consent"] == "none":
            continue
        chance = Chance(seed, f"levels/{source['id']}")
        for item in ITEMS:
            mean = means[source["place"][:4], item, round_of(source["date"])]
            asked, rest, step = chance.happens(ASKED), chance.share(), chance.weighed({-1: 0.2, 0: 0.6, 1: 0.2})
            if asked:
                answer = int(mean) + (rest < mean - int(mean)) + step
                yield {"source": source["id"], "kind": "item", "question": item, "answer": str(answer)}


def interviewers(seed: int, sources: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Interview -> pseudonym of who held it: one of the two who worked in the region."""
    chance = Chance(seed, "interviewers")
    heard = [source for source in sources if source["kind"] == "interview" and source["consent"] != "none"]
    return {source["id"]: chance.one(TEAMS[source["place"][:4]]) for source in heard}
