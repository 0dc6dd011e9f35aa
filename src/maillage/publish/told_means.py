"""Means that count those alone who say that a market is there: that one is told of a place says how many do.

A mean needs ten answers. Told of a place where ten were heard, it would say that all of them name the market; so it is
told where three more were heard, the margin of a share, and never with how many answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.publish.members import Members
from maillage.publish.rules import MARGIN, SMALL, Rules, is_whole, withhold

Row = Mapping[str, Any]


def of_enough(
    decided: Sequence[dict[str, Any]], known: Rules, members: Members, full: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """The rows of a release without means that would say so.

    full: rows as computed, by id.
    """
    return [_told(row, known, members, full) if _is_of_some(row, known) else row for row in decided]


def _is_of_some(row: Row, known: Rules) -> bool:
    named = row["market"] is not None or row["actor"] is not None
    return row["kind"] == "scores" and row["status"] == "ok" and named and known.strict(row) and not is_whole(row)


def _told(row: dict[str, Any], known: Rules, members: Members, full: Mapping[str, Row]) -> dict[str, Any]:
    number = full[row["id"]]
    if not known.behind(number["trace"]):
        return row
    few = len(members.behind(row)) < SMALL + MARGIN
    return withhold(number, "too_few_for_mean") if few else {**row, "n": None, "clusters": None, "missing": None}
