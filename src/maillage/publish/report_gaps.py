"""What could not be computed, what is missing and how to get it: one box a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage import numbers
from maillage.blocks import Gap, Paragraph, Text
from maillage.labels import phrases
from maillage.publish.nesting import distinct, inside
from maillage.publish.view import View, capital

Row = Mapping[str, Any]
MOST_PLACES = 8
MOST_MARKETS = 4


def gaps(seen: View) -> list[Gap | Paragraph]:
    """One box for each reason why numbers of this release are missing, those with most numbers first."""
    missing = seen.release.estimates.filter(seen.release.estimates["status"] != "ok")
    by_reason: dict[tuple[str, str], list[Row]] = {}
    kept = {row["id"] for name in missing["measure"].unique() for row in distinct(name, seen)}
    for row in missing.select("id", "measure", "place", "market", "status", "reason").iter_rows(named=True):
        if row["id"] in kept:  # what a larger area only repeats stands in no table either
            by_reason.setdefault((row["status"], row["reason"] or ""), []).append(row)
    order = sorted(by_reason, key=lambda key: (-len(by_reason[key]), key))
    boxes: list[Gap | Paragraph] = [_gap(status, reason, by_reason[status, reason], seen) for status, reason in order]
    if boxes:
        boxes.append(Paragraph([Text(seen.labels.phrase("gaps_all_listed"))]))
    return boxes


def _gap(status: str, reason: str, rows: Sequence[Row], seen: View) -> Gap:
    labels = seen.labels
    names = {row["measure"] for row in rows}
    what = numbers.items(sorted(map(labels.measure, names), key=numbers.order), seen.lang)
    if all(seen.release.pack.measures.get(name, {}).get("kind") == "shares" for name in names):
        what = labels.phrase("gap_shares", what=what)  # what was said stands elsewhere: only how many say so is missing
    known = f"reason_{reason}" if f"reason_{reason}" in phrases() else "reason_unknown"
    how = labels.phrase(f"how_{reason}") if f"how_{reason}" in phrases() else ""
    sentence = labels.phrase(f"gap_{status}", what=capital(what), where=_where(rows, seen))
    return Gap([Text(sentence)], missing=labels.phrase(known), how=how)


def _where(rows: Sequence[Row], seen: View) -> str:
    """Places; by market where a number of the same measure stands elsewhere, so that it does not seem to be missing."""
    markets = sorted({row["market"] or "" for row in rows})
    measures = {row["measure"] for row in rows}
    there = {row["place"] for row in rows}
    beside = any(row["place"] in there for name in measures for row in seen.rows(name, status="ok"))
    if "" in markets or not beside or len(markets) > MOST_MARKETS:
        return _places(rows, seen)
    by_place: dict[str, list[str]] = {}
    for market in markets:
        for partly in (False, True):
            part = [row for row in rows if row["market"] == market and _is_beside(row, seen) is partly]
            if part:
                where = _places(part, seen)
                where = seen.labels.phrase("gap_beside", where=where) if partly else where
                by_place.setdefault(where, []).append(seen.labels.code("markets", market))
    parts = (seen.labels.phrase("gap_about", what=numbers.listed(what, seen.lang), where=where)
             for where, what in sorted(by_place.items(), key=lambda item: numbers.order(item[0])))  # fmt: skip
    return numbers.between(seen.lang).join(parts)


def _is_beside(row: Row, seen: View) -> bool:
    """Whether other statements on the same market give the number that this one lacks, there or inside."""
    around = {row["place"], *inside(seen).get(row["place"] or "ALL", ())}
    return any(other["place"] in around for other in seen.rows(row["measure"], status="ok", market=row["market"]))


def _places(rows: Sequence[Row], seen: View) -> str:
    """Names of places; beyond a handful, `all` of them in words."""
    codes = {row["place"] for row in rows if row["place"] not in (None, "ALL", *seen.release.settings.countries)}
    if not codes:
        return seen.labels.phrase("gap_everywhere")
    if len(codes) > MOST_PLACES:
        return seen.labels.phrase("gap_many_places")
    return numbers.listed((seen.place(code) for code in codes), seen.lang)
