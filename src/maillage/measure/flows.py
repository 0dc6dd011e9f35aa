"""Legs and routes of goods as sources tell them.

A leg says that somebody named a movement of a good from one place to another: not how much, not whose. Gold dug
somewhere is no group's gold; no actor is ever derived from a flow.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from maillage import estimate, tables
from maillage.evidence import Evidence
from maillage.measure.stated import Stated, cluster_count, grouped, ids, only, source_count, stated

METHOD = "flow_legs 1"
LONGEST = 6

Leg = tuple[str, str]
Path = tuple[str, ...]


def flows(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """One row a leg: `flows/GOOD/FROM/TO`; a statement with places passed becomes its legs.

    value = k = sources that name the leg, clusters = independent origins. An end nobody named is `unstated`.
    Reason `alleged` where every statement is only alleged, `partly_alleged` where some are.
    """
    rows: list[estimate.Row] = []
    for good, items in _by_good(evidence).items():
        for (start, end), same in sorted(_legs(items).items()):
            rows.append(
                estimate.row(
                    id=estimate.estimate_id(name, good, start, end),
                    measure=name,
                    kind=spec.get("kind", name),
                    place=start,
                    to=end,
                    good=good,
                    market=only(item.fields["market"] for item in same),
                    unit_of_analysis="source",
                    unit=spec.get("unit") or "sources",
                    value=float(source_count(same)),
                    k=source_count(same),
                    clusters=cluster_count(same),
                    method=METHOD,
                    reason=_allegation(same),
                    trace=ids(same),
                    counted=ids(same),
                )
            )
    return estimate.collect(rows)


def _allegation(items: Sequence[Stated]) -> str | None:
    alleged = sum(item.fields["modality"] == "alleged" for item in items)
    if alleged == 0:
        return None
    return "alleged" if alleged == len(items) else "partly_alleged"


def _by_good(evidence: Evidence) -> dict[str, list[Stated]]:
    """Flow statements that name at least one end, by good."""
    told = [item for item in stated(evidence, "flow") if item.fields["from_place"] or item.fields["to_place"]]
    found = grouped(told, lambda item: str(item.fields["good"] or item.fields["market"] or estimate.UNSTATED))
    return dict(sorted(found.items()))


def _path(item: Stated) -> Path:
    """The places of one statement in order, a place named twice in a row once."""
    ends = item.fields["from_place"] or estimate.UNSTATED, item.fields["to_place"] or estimate.UNSTATED
    found: list[str] = []
    for place in (ends[0], *(item.fields["via"] or ()), ends[1]):
        if not found or found[-1] != place:
            found.append(place)
    return tuple(found) if len(found) > 1 else (found[0], found[0])


def _legs(items: Sequence[Stated]) -> dict[Leg, list[Stated]]:
    """Leg -> the statements that name it, each once."""
    found: dict[Leg, list[Stated]] = {}
    for item in items:
        path = _path(item)
        for leg in dict.fromkeys(pairwise(path)):
            found.setdefault(leg, []).append(item)
    return found


def routes(evidence: Evidence) -> pl.DataFrame:
    """Table `routes`: whole routes as told by one statement, and routes composed of legs of different statements.

    Composed routes run end to end: from a place nothing is said to come to, to one nothing is said to leave, through
    shared middle places, at most six legs and no place twice. They are our joining, not anybody's statement.
    Ids: `routes/GOOD/FROM/TO`; further variants between the same ends carry `@` and the places passed.
    """
    rows: list[dict[str, Any]] = []
    for good, items in _by_good(evidence).items():
        whole = [item for item in items if estimate.UNSTATED not in _path(item)]
        told = grouped(whole, _path)
        legs = _legs(whole)
        rows.extend(_route(good, path, [same], kind="told") for path, same in told.items())
        rows.extend(
            _route(good, path, [legs[leg] for leg in pairwise(path)], kind="composed")
            for path in _composed(legs)
            if path not in told
        )
    return tables.build(_with_ids(rows), "routes").sort("id")


def _composed(legs: Mapping[Leg, list[Stated]]) -> Iterator[Path]:
    """Paths of two and more legs from places nothing comes to, to places nothing leaves."""
    onward: dict[str, list[str]] = {}
    for start, end in sorted(legs):
        onward.setdefault(start, []).append(end)
    reached = {end for start, end in legs if start != end}
    open_paths: list[Path] = [(start,) for start in sorted(onward) if start not in reached]
    while open_paths:
        path = open_paths.pop()
        following = onward.get(path[-1], [])
        if not following and len(path) > 2:
            yield path
        if len(path) <= LONGEST:
            open_paths.extend((*path, place) for place in following if place not in path)


def _route(good: str, path: Path, legs: Sequence[Sequence[Stated]], *, kind: str) -> dict[str, Any]:
    """One row of the table; `single_source` = one cluster carries every leg."""
    every = list({item.id: item for leg in legs for item in leg}.values())
    carrying = set.intersection(*({item.source.cluster for item in leg} for leg in legs))
    single = bool(carrying) if kind == "composed" else cluster_count(every) == 1
    return {
        "good": good,
        "from": path[0],
        "via": list(path[1:-1]),
        "to": path[-1],
        "kind": kind,
        "modes": sorted({item.fields["mode"] for item in every if item.fields["mode"]}),
        "sources": source_count(every),
        "clusters": cluster_count(every),
        "single_source": single,
        "trace": sorted(ids(every)),
    }


def _with_ids(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ids: the plain one for the first of the variants between two ends (told first, then the shortest)."""
    seen: set[str] = set()
    found: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row["kind"] == "composed", len(row["via"]), row["via"])):
        plain = estimate.estimate_id("routes", row["good"], row["from"], row["to"])
        found.append({"id": plain if plain not in seen else f"{plain}@{'~'.join(row['via'])}", **row})
        seen.add(plain)
    return found
