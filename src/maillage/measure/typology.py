"""Which type of link is told of where, and what other frameworks would call it.

Frameworks that stand beside the types of a pack (`toolkit`, `makarenko`) do not map one to one: a crosswalk lists every
code a type may correspond to, with the reason. It is a reading of the pack, no finding.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.measure.respondents import areas
from maillage.measure.rules import frame
from maillage.measure.tied import ties
from maillage.pack import Pack

REASON = "_reason"
UNKNOWN = "unknown"  # a tie whose type nobody states is no type
CROSSED = {"type": pl.String, "framework": pl.String, "code": pl.String, "reason_en": pl.String, "reason_fr": pl.String}
Heard = Mapping[str, set[str]]  # type -> clusters


def frameworks(pack: Pack) -> list[str]:
    """The frameworks that the types of link of a pack are set beside, each with a reason."""
    told = {key for entry in pack.lists.get("link_types", {}).values() for key in entry.attributes}
    return sorted(key for key in told if f"{key}{REASON}" in told)


def crosswalk(pack: Pack) -> pl.DataFrame:
    """Table (type, framework, code, reason_en, reason_fr): every code that a type of link may correspond to."""
    rows = [
        {"type": link, "framework": name, "code": code,
         **{f"reason_{lang}": reason for lang, reason in entry.attributes[f"{name}{REASON}"].items()}}
        for link, entry in pack.lists.get("link_types", {}).items() for name in frameworks(pack)
        for code in entry.attributes.get(name) or ()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CROSSED)


def typology(evidence: Evidence) -> pl.DataFrame:
    """Table (place, type, clusters, sources, standing, steady, one column a framework): ties told of in each area.

    Ties between armed and criminal actors alone, those under coercion left out; an area counts what lies in it.
    standing: `leading` (most independent clusters), `level` (as many as another), `also`, or null for a type nobody
    stated. steady: whether the leading types are the same without any one of the clusters.
    """
    table, outside = ties(evidence), frame(evidence).outsiders
    inside = table.filter(~pl.col("coerced") & ~(pl.col("actor").is_in(outside) | pl.col("other").is_in(outside)))
    where, pack = areas(evidence), evidence.pack
    heard: dict[str, dict[str, set[str]]] = {}
    voices: dict[tuple[str, str], set[str]] = {}
    for place, link, cluster, source in inside.select("place", "type", "cluster", "source").iter_rows():
        for area in where.of(place):
            heard.setdefault(area, {}).setdefault(link, set()).add(cluster)
            voices.setdefault((area, link), set()).add(source)
    named = frameworks(pack)
    schema: dict[str, Any] = {"place": pl.String, "type": pl.String, "clusters": pl.Int64, "sources": pl.Int64,
                              "standing": pl.String, "steady": pl.Boolean}  # fmt: skip
    rows = [
        {"place": area, "type": link, "clusters": len(found), "sources": len(voices[area, link]),
         "standing": _standing(types, link), "steady": _steady(types),
         **{name: list(pack.attribute("link_types", link, name) or ()) for name in named}}
        for area, types in heard.items() for link, found in types.items()
    ]  # fmt: skip
    made = pl.DataFrame(rows, schema=schema | dict.fromkeys(named, pl.List(pl.String)))
    return made.sort("place", "clusters", "type", descending=[False, True, False])


def _leading(types: Heard, without: Iterable[str] = ()) -> set[str]:
    counts = {link: len(found - set(without)) for link, found in types.items() if link != UNKNOWN}
    top = max(counts.values(), default=0)
    return {link for link, count in counts.items() if count == top and top}


def _standing(types: Heard, link: str) -> str | None:
    if link == UNKNOWN:
        return None
    first = _leading(types)
    return "also" if link not in first else "leading" if len(first) == 1 else "level"


def _steady(types: Heard) -> bool:
    first = _leading(types)
    return all(_leading(types, {one}) == first for one in {one for found in types.values() for one in found})
