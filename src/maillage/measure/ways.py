"""Who stands around an actor, and by which ways two actors are tied, with what each step rests on.

A way is our joining of ties that were told apart; nobody says that anything runs along it. It is as strong as its
weakest step.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from maillage.errors import MaillageError
from maillage.measure.tied import between, edges

LONGEST, MOST = 4, 500
STEP = {
    "path": pl.Int64, "steps": pl.Int64, "weakest": pl.Int64, "grade": pl.String, "single_source": pl.Boolean,
    "alleged": pl.Boolean, "coerced": pl.Boolean, "step": pl.Int64, "actor": pl.String, "other": pl.String,
    "types": pl.List(pl.String), "strength": pl.Int64, "step_grade": pl.String, "sources": pl.List(pl.String),
    "statements": pl.List(pl.String),
}  # fmt: skip
Way = tuple[str, ...]
Near = Mapping[str, Sequence[str]]
Row = dict[str, Any]


def ego(table: pl.DataFrame, actor: str, *, steps: int = 1) -> pl.DataFrame:
    """The ties around an actor: rows of `tied.edges` with `distance` (steps from the actor to the tie's nearer end).

    table: of `tied.ties`. Ties among the actor's contacts belong to it. steps: how far contacts reach, at least 1.
    Raises MaillageError `network_actor`, `network_steps`.
    """
    _known(table, actor)
    if steps < 1:
        raise MaillageError("network_steps", value=steps)
    far = _distances(_near(table), actor)
    inside = [name for name, distance in far.items() if distance <= steps]
    found = edges(table.filter(pl.col("actor").is_in(inside) & pl.col("other").is_in(inside)))
    reach = pl.DataFrame({"name": list(far), "far": list(far.values())}, schema={"name": pl.String, "far": pl.Int64})
    ends = [found.select(name=pl.col(side)).join(reach, on="name", how="left", maintain_order="left")["far"]
            for side in ("actor", "other")]  # fmt: skip
    distance = pl.DataFrame(ends[:1]).with_columns(ends[1].alias("b")).min_horizontal()
    return found.with_columns(distance.alias("distance")).sort("distance", "actor", "other", "type", nulls_last=True)


def paths(table: pl.DataFrame, start: str, end: str, *, longest: int = LONGEST) -> pl.DataFrame:
    """All ways of at most `longest` steps between two actors, one row a step, the strongest way first.

    table: of `tied.ties`. Of the way: path (number from 1), steps, weakest (independent clusters behind its weakest
    step), grade (the best grade of its worst step; null where a step has none), single_source (one cluster tells
    all of it), alleged, coerced (some step is so by all that is told of it). Of the step: its two actors in the order
    of the way, types, strength, step_grade, sources, statements.
    Raises MaillageError `network_actor`, `network_steps`, `network_many` (over 500 ways: ask for shorter ones).
    """
    for actor in (start, end):
        _known(table, actor)
    if longest < 1:
        raise MaillageError("network_steps", value=longest)
    pairs = between(table)
    found: list[Way] = []
    for way in _ways(_near(table), start, end, longest):
        found.append(way)
        if len(found) > MOST:
            raise MaillageError("network_many", value=MOST, steps=longest)
    told = [[pairs[min(a, b), max(a, b)] for a, b in pairwise(way)] for way in found]
    judged = [(_judged(steps), way, steps) for way, steps in zip(found, told, strict=True)]
    judged.sort(key=lambda item: (-item[0]["weakest"], len(item[1]), item[0]["single_source"], item[1]))
    rows = [
        {"path": number, **whole, "step": at + 1, "actor": way[at], "other": way[at + 1], "types": step["types"],
         "strength": step["strength"], "step_grade": step["grade"], "sources": step["sources"],
         "statements": step["statements"]}
        for number, (whole, way, steps) in enumerate(judged, 1) for at, step in enumerate(steps)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=STEP)


def _judged(steps: Sequence[Row]) -> Row:
    """What a way is worth: no more than its weakest step."""
    grades = [step["grade"] for step in steps]
    everyone = {cluster for step in steps for cluster in step["clusters"]}
    return {
        "steps": len(steps), "weakest": min(step["strength"] for step in steps),
        "grade": None if None in grades else max(grades), "single_source": len(everyone) == 1,
        "alleged": any(step["alleged"] for step in steps), "coerced": any(step["coerced"] == "all" for step in steps),
    }  # fmt: skip


def _known(table: pl.DataFrame, actor: str) -> None:
    names = sorted({*table["actor"], *table["other"]})
    if actor not in names:
        nearest = difflib.get_close_matches(actor, names, n=3, cutoff=0.3)
        raise MaillageError("network_actor", exit_code=2, value=actor, nearest=", ".join(nearest) or "-")


def _near(table: pl.DataFrame) -> Near:
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in between(table):
        near[a].add(b)
        near[b].add(a)
    return {name: sorted(others) for name, others in near.items()}


def _distances(near: Near, start: str) -> dict[str, int]:
    """Steps from an actor to everybody it is tied to in any number of steps."""
    far, edge = {start: 0}, [start]
    while edge:
        edge = sorted({other for name in edge for other in near.get(name, ()) if other not in far})
        far |= dict.fromkeys(edge, max(far.values()) + 1)
    return far


def _ways(near: Near, start: str, end: str, longest: int) -> Iterator[Way]:
    """Ways without a detour to the same actor; those that can no longer arrive are given up at once."""
    left = _distances(near, end)
    stack: list[Way] = [(start,)] if start != end else []
    while stack:
        way = stack.pop()
        for other in reversed(near.get(way[-1], ())):
            if other == end:
                yield (*way, end)
            elif other not in way and len(way) + left.get(other, longest) <= longest:
                stack.append((*way, other))
