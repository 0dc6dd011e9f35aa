"""An old number said once more: by the rules of now, and not as the lead let it through once.

What stands in an earlier release stays what its readers have. Printed again it is still a number of today's release:
where an exception was taken back or has lapsed, or the rules became stricter, it is told as they let it be told, by the
old answers and who gave them alone, so that how it is told says nothing of who came or went.
"""

from collections.abc import Mapping
from typing import Any

from maillage.publish.rules import FEW, SAYING, SMALL, Rules, in_words, withhold

Row = Mapping[str, Any]


def again(number: Row, old: Row, asked: frozenset[str], known: Rules, *, date: str, lapsed: bool) -> dict[str, Any]:
    """The row of an earlier release as today's tells it, with its day, or withheld.

    number: the row as it is computed now; asked: who was counted in the old one. lapsed: whether it left against the
    rules then and may do so no more: then it comes in words, or not at all.
    """
    row = {**dict.fromkeys(number), "trace": [], "counted": [], **old, "released": date}
    said = row if known.enough(asked, known.least(row)) else None
    if said and lapsed:
        said = _worded(row)
    elif said and known.strict(row):
        said = _strictly(row, asked, known)
    return withhold(number, FEW) if said is None else said


def _worded(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["kind"] != "shares" or row["band"]:
        return row if row["band"] else None
    return in_words(row)


def _strictly(row: dict[str, Any], asked: frozenset[str], known: Rules) -> dict[str, Any] | None:
    """By the rule of the public; what was told by it comes out as it went in."""
    if row["kind"] == "scores":
        plain = {"value": round(row["value"], 1), "low": None, "high": None, "interval": None}
        return row | plain | ({} if row["low"] is None else {"n": None}) if len(asked) >= SMALL else None
    if row["kind"] == "shares" and row["k"] is None:
        return row
    return SAYING[row["kind"]](row, known) if row["kind"] in SAYING else row
