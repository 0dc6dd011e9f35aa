"""What the map of markets may claim: its title and what stands under it, the more carefully the less it shows.

Of people, a region shows only the markets of which a published share says that somebody named them: its number is then
a floor, which says nothing of the order of regions. The words name these markets, give the number of the whole, which
says more, and point at the section that tells of markets one by one.
"""

from collections.abc import Mapping

from maillage.publish.charts import claims
from maillage.publish.rules import MAYBE_NONE
from maillage.publish.view import Row, View, worded

MEASURE, SHARE, SECTION = "active_markets", "markets", "markets"
WHOLE = "ALL"
MOST_NAMED = 4  # markets; beyond, the table of the figure and the section say it better


def is_floor(row: Row) -> bool:
    """Whether a number is what every reader can count, in place of one that is withheld: nothing else is told of it."""
    return row["meaning"] == "floor" and row["clusters"] is None and row["n"] is None


def told(seen: View, row: Row) -> str:
    """A number as it stands on the map: a floor is none without the words that say so."""
    text = worded(row, seen)
    return seen.say("cell_at_least", n=text) if is_floor(row) else text


def title(seen: View, values: Mapping[str, Row]) -> str:
    """How many markets are placed in which region, and how many at most in any other; of floors, the whole first."""
    found = claims.lead({code: row["value"] for code, row in values.items()})
    facts = {"n": seen.number(found.count, 0), "most": seen.places(found.first)}
    if any(map(is_floor, values.values())):
        code, whole = _whole(seen)
        if whole is None:
            return seen.say("overview_floor_title_bare", **facts)
        return seen.say("overview_floor_title", **facts, whole=seen.number(whole["value"], 0), all=seen.place(code))
    if found.next is None:
        return seen.say("overview_title_even" if len(found.first) > 1 else "overview_title_alone", **facts)
    return seen.say("overview_title", **facts, next=seen.number(found.next, 0))


def subtitle(seen: View, values: Mapping[str, Row]) -> str:
    """What is counted; of floors which markets these are, and where more is told."""
    rule = seen.say("present_only")
    if not any(map(is_floor, values.values())):
        return seen.say("overview_subtitle", rule=rule)
    sections = seen.release.pack.report["sections"]
    where = next((spec["title"][seen.lang] for spec in sections if spec["id"] == SECTION), "")
    more = seen.say("overview_floor_more", section=where) if where else ""
    return " ".join(filter(None, [seen.say("overview_floor_subtitle", rule=rule), _named(seen, values), more]))


def _whole(seen: View) -> tuple[str, Row | None]:
    """The country where there is one, else all places together; None where its number is not told."""
    countries = seen.release.settings.countries
    code = countries[0] if len(countries) == 1 else WHOLE
    rows = seen.rows(MEASURE, place=code, status="ok")
    return code, rows[0] if rows else None


def _named(seen: View, values: Mapping[str, Row]) -> str:
    """Which markets the published shares show in which of these regions."""
    where: dict[str, list[str]] = {}
    for row in seen.rows(SHARE, status="ok"):
        if row["place"] in values and (row["k"] or (row["band"] and row["band"] not in MAYBE_NONE)):
            where.setdefault(row["market"], []).append(row["place"])
    if not where or len(where) > MOST_NAMED:
        return ""
    parts = [
        seen.say("pair", first=seen.code("markets", market), second=seen.places(where[market])) for market in where
    ]
    return seen.say("overview_floor_named", named=seen.say("then").join(parts))
