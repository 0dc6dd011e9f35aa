"""Which legs of flows a release lists: of every good that people tell of, the same pairs of places whoever told what.

A list of the legs that few tell of would say where somebody who was heard knows of smuggling. So each pair of the
places that could stand in such a leg is listed, told of by few or by nobody, in the same words.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import product
from typing import Any

from maillage.estimate import UNSTATED
from maillage.evidence import Evidence
from maillage.publish.ladders import ALL, ZONE, Ladders
from maillage.publish.members import Members
from maillage.publish.rules import FEW, Rules, unseen, withhold
from maillage.publish.sensitive import why_few

Row = Mapping[str, Any]
KIND, MOST = "flows", 5000


def legs_alike(
    decided: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row], areas: Ladders,
    members: Members, gone: Sequence[Row] = (),
) -> tuple[list[dict[str, Any]], dict[str, Row], frozenset[str]]:  # fmt: skip
    """The rows with one for each leg between the places of the study; these legs as numbers, by id; and the ids of legs
    told of by few that may be called `reported`.

    full: the rows as computed, by id. Where the pairs would be more than `MOST`, legs of few are listed only where they
    may be called reported. gone: a leg of each good that nobody tells of any more and that is listed still.
    """
    blank: dict[str, Any] = dict.fromkeys(next(iter(full.values()), {}))
    legs = {ident: row for ident, row in full.items() if row["kind"] == KIND}
    told = {ident: row for ident, row in legs.items() if known.behind(row["trace"])}
    people = {area: len(heard) for area, heard in members.areas.items()}
    reported = frozenset(ident for ident, row in told.items() if _among_many(row, people, known.threshold))
    still = {str(row["id"]): {**blank, **row} for row in gone}
    pairs = _pairs(told | still, legs | still, _homes(people, evidence, areas))
    rows, numbers = {row["id"]: row for row in decided}, dict[str, Row]()
    for model, start, end in pairs or ():
        ident = f"{model['measure']}/{model['good']}/{start}/{end}"
        number = {**model, "id": ident, "place": start, "to": end, "market": None, "status": "too_few", "trace": [],
                  "counted": []}  # fmt: skip
        if unseen(number, known):
            continue
        numbers[ident], reason = number, why_few(number, evidence, known)
        if ident not in full or (ident in rows and rows[ident]["reason"] == reason):
            rows[ident] = withhold(number, reason)
    lost = [] if pairs is not None else [
        ident for ident in told if ident in rows and rows[ident]["reason"] == FEW and ident not in reported
    ]  # fmt: skip
    return [row for ident, row in rows.items() if ident not in lost], numbers, reported


def _homes(people: Mapping[str, int], evidence: Evidence, areas: Ladders) -> set[str]:
    """The places where people were heard or were to be, and those around them."""
    planned = {area for place in evidence.plan["place"].drop_nulls() for area in (place, *areas.areas.get(place, ()))}
    return {place for place in {*people, *planned} if place != ALL and not place.startswith(ZONE)}


def _among_many(row: Row, people: Mapping[str, int], threshold: int) -> bool:
    """Whether enough people were heard at an end of a leg, and few at none: of these, the id would be the answer."""
    at_ends = [people.get(row[end], 0) for end in ("place", "to")]
    return max(at_ends) >= threshold and not any(0 < count < threshold for count in at_ends)


def _pairs(
    told: Mapping[str, Row], legs: Mapping[str, Row], homes: Set[str]
) -> list[tuple[Row, str, str]] | None:  # fmt: skip
    """A leg as model, start and end, for every good that people tell of; the ends of the legs of any good are asked of
    each, or, where these are too many, of its own good alone. None where these are too many as well."""
    models = {(row["measure"], row["good"]): row for row in told.values()}
    goods = [row for _, row in sorted(models.items())]
    every = _ends(legs.values()) | homes
    own = [_ends(row for row in legs.values() if row["good"] == model["good"]) | homes for model in goods]
    for sets in ([every] * len(goods), own):
        if sum((len(places) + 1) ** 2 for places in sets) <= MOST:
            return [each for model, places in zip(goods, sets, strict=True) for each in _between(model, places)]
    return None


def _ends(legs: Any) -> set[str]:
    return {row[end] for row in legs for end in ("place", "to")} - {UNSTATED}


def _between(model: Row, places: Set[str]) -> Iterator[tuple[Row, str, str]]:
    """Every pair of places, one end of which may be unstated."""
    for start, end in product([*sorted(places), UNSTATED], repeat=2):
        if (start, end) != (UNSTATED, UNSTATED):
            yield model, start, end
