"""What could not be computed, what is missing and how to get it: one box a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage import numbers
from maillage.blocks import Gap, Paragraph, Text
from maillage.labels import phrases
from maillage.publish.view import View, capital

Row = Mapping[str, Any]
MOST_PLACES = 8


def gaps(seen: View) -> list[Gap | Paragraph]:
    """One box for each reason why numbers of this release are missing, those with most numbers first."""
    missing = seen.release.estimates.filter(seen.release.estimates["status"] != "ok")
    by_reason: dict[tuple[str, str], list[Row]] = {}
    for row in missing.select("id", "measure", "place", "status", "reason").iter_rows(named=True):
        by_reason.setdefault((row["status"], row["reason"] or ""), []).append(row)
    order = sorted(by_reason, key=lambda key: (-len(by_reason[key]), key))
    boxes: list[Gap | Paragraph] = [_gap(status, reason, by_reason[status, reason], seen) for status, reason in order]
    if boxes:
        boxes.append(Paragraph([Text(seen.labels.phrase("gaps_all_listed"))]))
    return boxes


def _gap(status: str, reason: str, rows: Sequence[Row], seen: View) -> Gap:
    labels = seen.labels
    measures = sorted({labels.measure(row["measure"]) for row in rows}, key=numbers.order)
    known = f"reason_{reason}" if f"reason_{reason}" in phrases() else "reason_unknown"
    how = labels.phrase(f"how_{reason}") if f"how_{reason}" in phrases() else ""
    sentence = labels.phrase(
        f"gap_{status}", what=capital(numbers.items(measures, seen.lang)), where=_places(rows, seen)
    )
    return Gap([Text(sentence)], missing=labels.phrase(known), how=how)


def _places(rows: Sequence[Row], seen: View) -> str:
    """Names of places; beyond a handful, `all` of them in words."""
    codes = {row["place"] for row in rows if row["place"] not in (None, "ALL", *seen.release.settings.countries)}
    if not codes:
        return seen.labels.phrase("gap_everywhere")
    if len(codes) > MOST_PLACES:
        return seen.labels.phrase("gap_many_places")
    return numbers.listed((seen.place(code) for code in codes), seen.lang)
