"""Areas inside areas: which numbers of a larger area only repeat what stands for a place inside it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from maillage import numbers
from maillage.publish.gate import Release
from maillage.publish.view import Row, View

FIRST = "admin1"
SAID = ("value", "low", "high", "k", "n", "status", "reason", "band", "unit", "direction", "period", "month")


def distinct(measure: str, seen: View) -> list[Row]:
    """Rows of a measure without those of an area that only repeat what stands for a place inside it."""
    areas = inside(seen)
    same: dict[tuple[object, ...], set[str]] = {}
    for row in seen.rows(measure):
        same.setdefault(_said(row), set()).add(row["place"] or "ALL")
    return [row for row in seen.rows(measure) if not areas.get(row["place"] or "ALL", set()) & same[_said(row)]]


def _said(row: Row) -> tuple[object, ...]:
    """What a row says but for its place; a variant (`@` after the id) is told from others by its columns."""
    parts = row["id"].partition("@")[0].split("/")[2:]
    return (*parts, *(row[name] for name in SAID))


def located(code: str | None, seen: View) -> str:
    """The name of a place, with the first-level area it lies in where it is smaller than one: `Bourem (Gao)`."""
    name = seen.place(code)
    areas = inside(seen)
    around = [area for area, level in seen.levels.items() if level == FIRST and code in areas.get(area, ())]
    return seen.labels.phrase("place_within", place=name, area=seen.place(around[0])) if around else name


def all_located(codes: Iterable[str], seen: View) -> str:
    """Names of places as a list in words, smaller ones with the first-level area they lie in."""
    return numbers.listed((located(code, seen) for code in codes), seen.lang)


def inside(seen: View) -> Mapping[str, set[str]]:
    """Area -> every place and zone inside it."""
    return _inside(seen.release)


@lru_cache(maxsize=4)
def _inside(release: Release) -> Mapping[str, set[str]]:
    parents = dict(release.places.select("code", "parent").iter_rows())
    found: dict[str, set[str]] = {}
    for code in parents:
        for area in above(code, parents):
            found.setdefault(area, set()).add(code)
    zones = [(f"zone:{zone.removeprefix('zone:')}", code) for zone, code in release.zones.iter_rows()]
    for zone, code in zones:
        found.setdefault(zone, set()).update({code} | found.get(code, set()))
        for area in above(code, parents):
            found.setdefault(area, set()).add(zone)
    return found | {"ALL": {*parents, *(zone for zone, _ in zones)}}


def above(code: str, parents: Mapping[str, str | None]) -> Iterable[str]:
    """The places above a place, the nearest first."""
    area = parents.get(code)
    while area:
        yield area
        area = parents.get(area)
