"""Where a number that cannot be said as finely as it was computed can be read: at a coarser place, class or date.

A ladder names coarser numbers of the study, the nearest first: a place, the place above it, the zones around it, the
country, ALL; a group of people, its class, its family, everybody; a year, all years. The gate proposes the first that
it lets out; the study lead may pick another one of those, never a finer one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import product
from typing import Any

from maillage.evidence import Evidence
from maillage.publish.rules import FEW, NO_CLASS

Row = Mapping[str, Any]
ALL, ZONE, COUNTRY = "ALL", "zone:", "admin0"
PLACE, CLASS, DATE, BAND, WITHHELD = "place", "class", "date", "band", "withheld"
DATED, INDEX = "scores", "index"  # whose only variants are years and rounds; of whose scores they are rounds
VARIANT = re.compile(r"@[^/]*\Z")


@dataclass(frozen=True, slots=True)
class Rung:
    """A coarser number: its id, and along which dimension it lies."""

    id: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Ladders:
    """What lies above what: place -> larger areas, group of people -> class and family, each the nearest first."""

    areas: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]

    def rungs(self, row: Row) -> list[Rung]:
        """The ladder of a number, the nearest rung first; not all of these ids need exist."""
        found = [Rung(f"{ident}{tail}", dimension) for ident, tail, dimension in self._above(row)]
        return [rung for at, rung in enumerate(found) if rung.id != row["id"] and rung not in found[:at]]

    def _above(self, row: Row) -> Iterator[tuple[str, str, str]]:
        variant = VARIANT.search(row["id"])
        tail = variant.group() if variant else ""
        stem = row["id"].removesuffix(tail)
        measure, first, *rest = stem.split("/")
        by_round = row["kind"] == DATED or (row["kind"] == INDEX and row["unit"] == "score")
        dated = bool(tail) and (tail == f"@{row['period']}" or by_round)
        if row["kind"] == "coverage" and row["group"]:
            yield from self._sample(measure, row)
            return
        if dated:
            yield stem, "", DATE
        for ending in [tail, ""] if dated else [tail]:
            if row["group"]:
                yield from (
                    ("/".join([measure, group, *rest]), ending, CLASS) for group in self.groups.get(row["group"], ())
                )
                yield "/".join([measure.removesuffix("_by_class"), ALL, *rest]), ending, CLASS
            elif row["to"]:
                yield from ((ident, ending, PLACE) for ident in self._legs(measure, row))
            else:
                yield from (("/".join([measure, area, *rest]), ending, PLACE) for area in self.areas.get(first, ()))

    def _sample(self, measure: str, row: Row) -> Iterator[tuple[str, str, str]]:
        if row["place"] != ALL:
            yield f"{measure}/{ALL}/{row['group']}", "", PLACE
        for group in (*self.groups.get(row["group"], ()), NO_CLASS):
            yield f"{measure}/{ALL}/{group}", "", CLASS

    def _legs(self, measure: str, row: Row) -> Iterator[str]:
        """Both ends go up, one step at a time; never so far that one end holds the other."""
        starts, ends = ((row[name], *self.areas.get(row[name], ())) for name in ("place", "to"))
        steps = sorted(product(range(len(starts)), range(len(ends))), key=lambda step: (sum(step), step[1]))
        for start, end in ((starts[first], ends[last]) for first, last in steps):
            if start not in ends and end not in starts:
                yield f"{measure}/{row['good']}/{start}/{end}"


def ladders(evidence: Evidence) -> Ladders:
    """The ladders of a study: its places, zones (of study.yml and the table) and the classes of its pack."""
    level = dict(evidence.places.select("code", "level").iter_rows())
    parents = dict(evidence.places.select("code", "parent").iter_rows())
    zones = {name: set(members) for name, members in evidence.study.zones.items()}
    for name, place in evidence.zones.select("zone", "place").iter_rows():
        zones.setdefault(name, set()).add(place)
    areas: dict[str, tuple[str, ...]] = {f"{ZONE}{name}": (ALL,) for name in zones}
    for place in parents:
        chain = _chain(place, parents)
        around = sorted(f"{ZONE}{name}" for name, members in zones.items() if members & {place, *chain})
        near = [area for area in chain if level.get(area) != COUNTRY]
        far = [area for area in chain if level.get(area) == COUNTRY]
        areas[place] = (*near, *around, *far, ALL)
    return Ladders(areas, _classes(evidence))


def _chain(place: str, parents: Mapping[str, str | None]) -> list[str]:
    """The places above a place."""
    chain: list[str] = []
    above = parents.get(place)
    while above is not None and above in parents and above not in chain:
        chain.append(above)
        above = parents[above]
    return chain


def _classes(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Group of people -> its class and family; class -> its family."""
    found: dict[str, tuple[str, ...]] = {}
    for code in evidence.pack.codes("stakeholders"):
        kind, family = (evidence.pack.attribute("stakeholders", code, name) for name in ("class", "family"))
        above = [str(name) for name in (kind, family) if name and name != code]
        if kind and not family:
            wider = evidence.pack.attribute("stakeholders", str(kind), "family")
            above += [str(wider)] if wider else []
        found[code] = tuple(dict.fromkeys(above))
        for at, name in enumerate(above):
            found.setdefault(name, tuple(above[at + 1 :]))
    return found


def published(row: Row, known: Ladders, shown: Mapping[str, Row]) -> list[Rung]:
    """The rungs of a number that an audience may see, the least coarse first."""
    return [rung for rung in known.rungs(row) if rung.id in shown and shown[rung.id]["status"] == "ok"]


def with_rungs(
    decided: Sequence[dict[str, Any]], full: Mapping[str, Row], known: Ladders, chosen: Mapping[str, str],
    legs: Set[str] = frozenset(), before: Set[str] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Every withheld row with the id where it can be read: what the lead chose if that is let out, else the first.

    A levy of few people is `reported` at the top of its ladder only: in one place alone, it would say of the few who
    were heard there that they told of it, and of those elsewhere that they did not. full: numbers by id; legs: ids of
    the legs of few that are `reported`. before: where few came since an earlier release, the ids that were so in it:
    another would be what who came told of.
    """
    shown = {row["id"]: row for row in decided}
    out: list[dict[str, Any]] = []
    for row in decided:
        if row["status"] != "withheld":
            out.append(row)
            continue
        rungs = [rung.id for rung in published(full[row["id"]], known, shown)]
        wanted = chosen.get(row["id"])
        if wanted == WITHHELD and row["reason"] != FEW:  # of few, another rung than that of nobody would tell of them
            rungs = []
        at = rungs.index(wanted) if wanted in rungs else 0
        of_few = (
            row["id"] in legs or _is_top_levy(full[row["id"]], full, known) if before is None else row["id"] in before
        )
        reported = row["reason"] == FEW and of_few
        reason = "reported" if reported else row["reason"]
        out.append(row | {"rung": rungs[at] if rungs else None, "reason": reason})
    return out


def _is_top_levy(number: Row, full: Mapping[str, Row], known: Ladders) -> bool:
    return number["kind"] == "amounts" and not any(rung.id in full for rung in known.rungs(number))
