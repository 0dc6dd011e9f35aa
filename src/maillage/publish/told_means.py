"""Means that count those alone who say that a market is there, and means at an end of their scale.

A mean needs ten answers. Told of a place where ten were heard, it would say that all of them name the market; so it is
told where three more were heard, the margin of a share, and never with how many answered.

A mean at an end of its scale says of nearly everybody what they answered. It is withheld where so few could have
answered anything else as a share has on its smaller side, whether they did or not: that all agree is no reason of its
own, since that a number is withheld would then say so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.publish.members import Members
from maillage.publish.rules import MARGIN, SMALL, Rules, is_whole, rests_on, withhold

Row = Mapping[str, Any]
SCALE, SCALES, NEAR = (1.0, 5.0), {"trend": (-1.0, 1.0)}, 1e-9


def of_enough(
    decided: Sequence[dict[str, Any]], known: Rules, members: Members, full: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """The rows of a release without means that would say so.

    full: rows as computed, by id.
    """
    return [_told(row, known, members, full) if _is_of_part(row, known) else row for row in decided]


def _is_of_part(row: Row, known: Rules) -> bool:
    return row["kind"] == "scores" and row["status"] == "ok" and known.strict(row) and not is_whole(row)


def _told(row: dict[str, Any], known: Rules, members: Members, full: Mapping[str, Row]) -> dict[str, Any]:
    number = full[row["id"]]
    if not known.behind(number["trace"]):
        return row
    if _is_at_an_end(number, len(known.behind(rests_on(number)))):
        return withhold(number, "at_an_end")
    if row["market"] is None and row["actor"] is None:
        return row
    few = len(members.behind(row)) < SMALL + MARGIN
    return withhold(number, "too_few_for_mean") if few else {**row, "n": None, "clusters": None, "missing": None}


def _is_at_an_end(number: Row, people: int) -> bool:
    """Whether no more than the margin of these people can have answered anything but the lowest, or the highest."""
    low, high = SCALES.get(number["measure"], SCALE)
    room = MARGIN / people + NEAR
    return number["value"] <= low + room or number["value"] >= high - room
