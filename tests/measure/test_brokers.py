"""Brokers, bridges and balance against an independent library, brute force and drawings small enough to count."""

import math
from itertools import combinations, product

import networkx as nx
import numpy as np
import polars as pl
import pytest

from maillage.errors import MaillageError
from maillage.measure.brokerage import rank_stability
from maillage.measure.network import balance, bridges, brokers


def table(ties: list[tuple[str, str]], signs: list[int] | None = None) -> pl.DataFrame:
    rows = {"actor": [a for a, _ in ties], "other": [b for _, b in ties], "sign": signs or [1] * len(ties)}
    return pl.DataFrame(rows, schema={"actor": pl.String, "other": pl.String, "sign": pl.Int64})


def drawn(seed: int, actors: int = 9, chance: float = 0.35) -> tuple[list[tuple[str, str]], list[int]]:
    rng = np.random.default_rng(seed)
    ties = [pair for pair in combinations([f"a{i}" for i in range(actors)], 2) if rng.random() < chance]
    return ties, [1 if rng.random() < 0.6 else -1 for _ in ties]


@pytest.mark.parametrize("seed", range(20))
def test_random_networks_against_networkx(seed: int) -> None:
    ties, _ = drawn(seed, actors=14, chance=0.18)
    graph = nx.Graph(ties)
    between, burt = nx.betweenness_centrality(graph, normalized=False), nx.constraint(graph)
    found = brokers(table([*ties, *[(b, a) for a, b in ties[:3]], ("a1", "a1")]))
    assert found.columns == ["actor", "degree", "betweenness", "constraint", "cut_point"]
    assert set(found["actor"]) == set(graph.nodes)
    for row in found.iter_rows(named=True):
        assert row["degree"] == graph.degree[row["actor"]]
        assert row["betweenness"] == pytest.approx(between[row["actor"]], abs=1e-9)
        assert row["constraint"] == pytest.approx(burt[row["actor"]], abs=1e-9)
    assert set(found.filter("cut_point")["actor"]) == set(nx.articulation_points(graph))
    assert bridges(table(ties)) == sorted(tuple(sorted(pair)) for pair in nx.bridges(graph))


def test_a_broker_between_two_circles() -> None:
    """Two triangles that meet in m: all four paths across run through m, whose contacts lie in two circles."""
    ties = [("a", "b"), ("b", "m"), ("a", "m"), ("m", "x"), ("x", "y"), ("m", "y")]
    first = brokers(table(ties)).row(0, named=True)
    assert (first["actor"], first["degree"], first["betweenness"], first["cut_point"]) == ("m", 4, 4.0, True)
    assert first["constraint"] == pytest.approx(4 * (1 / 4 + 1 / 4 * 1 / 2) ** 2)
    assert bridges(table([*ties, ("y", "z")])) == [("y", "z")]


@pytest.mark.parametrize("seed", range(20))
def test_balance_against_brute_force(seed: int) -> None:
    ties, signs = drawn(seed)
    sign = dict(zip(ties, signs, strict=True))
    names = sorted({name for pair in ties for name in pair})
    corners = [((a, b), (a, c), (b, c)) for a, b, c in combinations(names, 3)]
    triads = [sign[x] * sign[y] * sign[z] for x, y, z in corners if {x, y, z} <= sign.keys()]
    camps = (dict(zip(names, sides, strict=True)) for sides in product((0, 1), repeat=len(names)))
    fewest = min(sum((s > 0) != (camp[a] == camp[b]) for (a, b), s in sign.items()) for camp in camps)
    assert balance(table(ties, signs)) == (sum(t > 0 for t in triads), sum(t < 0 for t in triads), fewest)


def test_coopetition_is_two_ties_and_one_of_them_is_always_in_the_way() -> None:
    ties = [("a", "b"), ("b", "c"), ("a", "c"), ("a", "c")]
    assert balance(table(ties, [1, 1, 1, -1])) == (1, 1, 1)
    assert balance(table(ties[:3], [1, 1, 0])) == (0, 0, 0)


def test_a_larger_network_is_solved_exactly() -> None:
    """Two camps of twelve with seven ties turned: those are the frustration, as nobody has half of theirs turned."""
    names = [f"a{i:02}" for i in range(24)]
    ties = list(combinations(names, 2))
    camp = {name: i < 12 for i, name in enumerate(names)}
    signs = [1 if camp[a] == camp[b] else -1 for a, b in ties]
    for at in (0, 30, 77, 101, 150, 201, 260):
        signs[at] *= -1
    assert balance(table(ties, signs))[2] == 7


def test_nobody_and_nothing() -> None:
    empty = table([])
    assert brokers(empty).is_empty()
    assert bridges(empty) == []
    assert balance(empty) == (0, 0, 0)
    assert brokers(table([("a", "a")])).is_empty()
    with pytest.raises(MaillageError) as problem:
        balance(pl.DataFrame({"actor": ["a"], "other": ["b"]}))
    assert problem.value.code == "network_links"


def test_a_pair_alone_is_wholly_constrained() -> None:
    found = brokers(table([("a", "b")]))
    assert found["constraint"].to_list() == [1.0, 1.0]
    assert not any(math.isnan(value) for value in found["betweenness"])


def test_a_broker_by_one_voice_alone_is_shown_as_that() -> None:
    """m stands between two circles only by the word of s2: without it, m has nobody between."""
    ties = [("a", "b", "s1"), ("b", "m", "s1"), ("a", "m", "s1"), ("x", "y", "s3"), ("m", "x", "s2"), ("x", "z", "s3")]
    links = pl.DataFrame(ties, schema=["actor", "other", "source"], orient="row")
    found = rank_stability(links, draws=300, seed=1)
    by = {row["actor"]: row for row in found.iter_rows(named=True)}
    assert (by["m"]["rank"], by["x"]["rank"]) == (2, 1)
    assert (by["m"]["source_low"], by["m"]["source_high"]) == (1, 2)
    assert by["m"]["drop_low"] <= 2 <= by["m"]["drop_high"]
    assert found.equals(rank_stability(links, draws=300, seed=1))
    assert rank_stability(links.drop("source"), draws=10, seed=1)["source_low"].null_count() == 6
    with pytest.raises(MaillageError) as problem:
        rank_stability(links, drop=0, seed=1)
    assert problem.value.code == "network_share"


def test_a_broker_of_one_source_alone_may_be_last_without_it() -> None:
    """All ties come from one source: without it nobody has any, and no rank is steady."""
    links = pl.DataFrame([("a", "m", "s"), ("b", "m", "s")], schema=["actor", "other", "source"], orient="row")
    found = rank_stability(links, draws=10, seed=1)
    assert found.filter(actor="m").select("rank", "source_low", "source_high").row(0) == (1, 3, 3)
