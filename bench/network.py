"""Brokers of a network of 2,000 actors and 6,000 ties, beside igraph on the same network in the same run."""

import json
import time
from statistics import median
from typing import Any

import igraph
import numpy as np
import polars as pl

from maillage.measure.network import brokers

ACTORS, TIES = 2_000, 6_000


def made(actors: int, ties: int) -> pl.DataFrame:
    """A network that grows by preference for who has ties already."""
    rng = np.random.default_rng(1)
    ends: list[int] = [0, 1]
    pairs: list[tuple[int, int]] = [(0, 1)]
    for actor in range(2, actors):
        for _ in range(max(1, ties // actors)):
            other = ends[int(rng.integers(len(ends)))]
            if other != actor:
                pairs.append((actor, other))
                ends += [actor, other]
    names = [(f"a{a:05}", f"a{b:05}") for a, b in pairs]
    return pl.DataFrame(names, schema=["actor", "other"], orient="row")


def peer(links: pl.DataFrame) -> None:
    graph: Any = igraph.Graph.TupleList(links.iter_rows(), directed=False).simplify()
    graph.degree(), graph.betweenness(), graph.constraint(), graph.articulation_points()


def timed(work: Any, *args: Any) -> float:
    times: list[float] = []
    for _ in range(3):
        start = time.perf_counter()
        work(*args)
        times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    links = made(ACTORS, TIES)
    grown = {str(times): timed(brokers, made(ACTORS * times // 4, TIES * times // 4)) for times in (1, 4)}
    print(json.dumps({"ours_s": timed(brokers, links), "igraph_s": timed(peer, links), "grown_s": grown}))


if __name__ == "__main__":
    main()
