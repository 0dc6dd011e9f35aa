"""Several releases of one study: what the answers of those who came or went between them must have been."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attacker_claims import Claim
from attacker_solver import System, total


@dataclass(frozen=True, slots=True)
class Issue:
    """One release: who was in it (person -> place) and what it claims."""

    people: Mapping[str, str]
    claims: Mapping[str, Claim]


def fixed(issues: Sequence[Issue], measure: str, answer: str) -> dict[str, int]:
    """Of whom it follows from all releases together whether they said it: person -> 1 or 0.

    A person answers once: what they say is the same in each release that they are in. The attacker knows who came and
    who went; a count that a release puts in words bounds it, and one that it repeats from an earlier one is old.
    """
    system = System()
    people = sorted({person for issue in issues for person in issue.people})
    for person in people:
        system.number(f"A {person}", 1)
        system.number(f"S {person}", 1)
        system.between({f"S {person}": 1, f"A {person}": -1}, high=0)
    for issue in issues:
        for area in sorted(
            {item.id.split("/")[1] for item in issue.claims.values() if item.id.startswith(f"{measure}/")}
        ):
            item = issue.claims.get(f"{measure}/{area}/{answer}")
            inside = [person for person, home in issue.people.items() if area == "ALL" or home.startswith(area)]
            if item is None or item.reason is not None or area.startswith("zone"):
                continue
            asked, said = total(f"A {person}" for person in inside), total(f"S {person}" for person in inside)
            system.between(asked, item.n[0], len(inside) if item.n[1] is None else item.n[1])
            system.between(said, item.k[0], len(inside) if item.k[1] is None else item.k[1])
            if item.word == "more":
                system.between(_sum(said, 2, asked, -1), low=3)
            if item.word == "half":
                system.between(_sum(said, 1, asked, -0.5 if len(inside) < 10 else -0.6), high=1)
    ranges = system.ranges([{f"S {person}": 1} for person in people])
    return {person: low for person, (low, high) in zip(people, ranges, strict=True) if low == high}


def _sum(a: Mapping[str, float], times_a: float, b: Mapping[str, float], times_b: float) -> dict[str, float]:
    return {name: weight * times_a for name, weight in a.items()} | {
        name: weight * times_b for name, weight in b.items()
    }
