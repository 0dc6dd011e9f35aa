"""What the rates in a score or ranking divide, and of when both are: a count of one year, the people of another."""

from collections.abc import Iterable, Mapping
from typing import Any

from maillage import composites, numbers
from maillage.publish import index_words
from maillage.publish.view import View


def population(seen: View, per: str, places: Iterable[str | None]) -> str:
    """Of which periods the figures are that counts of some places are divided by; blank where there is none."""
    inside = set(places)
    rows = [row for row in seen.rows("indicators", answer=per) if row["place"] in inside and "@" not in row["id"]]
    return _periods(seen, (row["period"] for row in rows))


def told(seen: View, index: str, node: str) -> str:
    """A sentence for each rate that a node of an index, or the whole of it, is made of; blank where there is none."""
    spec = seen.release.pack.indices[index]
    entries: Mapping[str, Any] = spec["nodes"]
    said: list[str] = []
    for leaf in composites.leaves_below(spec, node):
        rows = seen.rows(index, answer=leaf, status="ok")
        per = str(entries[leaf].get("per", ""))
        years = population(seen, per, (row["place"] for row in rows)) if per else ""
        if years:
            what, when = index_words.node(leaf, seen.labels), _periods(seen, (row["period"] for row in rows))
            said.append(seen.labels.phrase("index_rate", what=what, when=when, years=years))
    return " ".join(said)


def _periods(seen: View, periods: Iterable[str | None]) -> str:
    found = sorted({period for period in periods if period})
    return numbers.items([numbers.date(period, seen.lang) for period in found], seen.lang)
