"""What the study lead signed for a release: coarser rungs than the gate proposes, and exceptions from its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.publish.ladders import BAND
from maillage.publish.rules import in_words, withhold

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """choices: id of a number -> id of the coarser one to publish instead, `band` or `withheld`. exceptions: ids that
    leave as they were computed, against the rules. Both by the lead, each with a reason in the log."""

    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    exceptions: frozenset[str] = frozenset()


def applied(decided: Sequence[dict[str, Any]], full: Mapping[str, Row], signed: Signed) -> list[dict[str, Any]]:
    """The rows with what was signed: choices make them coarser, exceptions let them through as they were computed.

    What may not even be listed is not among `decided`, so no signature lets it out.
    """
    return [_one(row, full[row["id"]], signed) for row in decided]


def _one(row: dict[str, Any], number: Row, signed: Signed) -> dict[str, Any]:
    if row["id"] in signed.exceptions and number["status"] in ("ok", "too_few"):
        return dict(number)
    choice = signed.choices.get(row["id"])
    if choice is None or row["status"] not in ("ok", "too_few"):
        return row
    if choice == BAND:
        return in_words(number) if number["kind"] == "shares" and row["band"] is None and number["n"] else row
    return withhold(number, "chosen")
