"""The whole attack on the numbers of a release: every question in turn, over everything that any file claims."""

from collections.abc import Iterator, Mapping, Sequence

import attacker_answers as answers
from attacker_claims import Claim
from attacker_register import register
from made_attacked import Target

from maillage.pack import Pack

BY_PLACE = ("links", "factors", "needs")


def systems(
    target: Target,
    claims: Mapping[str, Claim],
    pack: Pack,
    *,
    rated: bool = True,
    active: bool = True,
    measures: Sequence[str] = BY_PLACE,
) -> Iterator[tuple[str, answers.Question, str, str]]:
    """(what is asked, the system, its unknown of who said so, its unknown of who answered).

    rated: uses which ids of ratings there are; active: uses the numbers of markets named in a place; measures: beside
    the markets.
    """
    who = answers.known(target.study, register(target.study), pack)
    coded = target.name == "practice"  # its coders err, and three people speak of links in other places
    for measure in measures:
        for label, asked in answers.shares(claims, who, measure, elsewhere=coded and measure == "links"):
            yield label, asked, "S", "A"
    names = sorted({ident.split("/")[2] for ident in claims if ident.startswith("markets/")})
    asked = answers.markets(claims, who, names, rated=rated and not coded, active=active)
    yield from ((f"markets/{name}", asked, f"S:{name}", f"A:{name}") for name in names)


def verdicts(
    target: Target,
    claims: Mapping[str, Claim],
    pack: Pack,
    *,
    rated: bool = True,
    active: bool = True,
    measures: Sequence[str] = BY_PLACE,
) -> Iterator[answers.Verdict]:
    """Everything that follows for certain, question by question; what nobody at all said is public knowledge."""
    for label, asked, said, answered in systems(target, claims, pack, rated=rated, active=active, measures=measures):
        measure, answer = label.split("/")
        whole = claims.get(f"{measure}/ALL/{answer}")
        if whole is None or whole.k != (0, 0):
            yield from answers.verdicts(label, asked, what=said, base=answered)
