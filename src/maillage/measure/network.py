"""Who stands between whom: brokers, bridges and the balance of signed ties, from a plain table of links.

Ties are read as undirected. A network that informants told of is a part of the real one: show ranks with
`measure.brokerage.rank_stability`, never a score alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.errors import MaillageError
from maillage.later import Later

if TYPE_CHECKING:
    import rustworkx as rx
    from scipy import optimize, sparse
else:
    rx, optimize, sparse = Later("rustworkx"), Later("scipy.optimize"), Later("scipy.sparse")

Pair = tuple[str, str]
Signed = Mapping[Pair, frozenset[int]]
Floats, Ints = NDArray[np.float64], NDArray[np.int64]
SECONDS = 60.0


def brokers(links: pl.DataFrame) -> pl.DataFrame:
    """Table (actor, degree, betweenness, constraint, cut_point), the greatest betweenness first.

    links: actor, other and more; several ties of a pair count once, ties to oneself not at all. degree: how many
    others. betweenness: unnormalised, of undirected shortest paths (L. Freeman, 1977). constraint: R. Burt,
    Structural Holes (1992), every tie alike; low = contacts who do not know each other. cut_point: without this actor
    the network falls apart. Raises MaillageError `network_links`.
    """
    pairs = pairs_of(links)
    names = sorted({name for pair in pairs for name in pair})
    at = {name: index for index, name in enumerate(names)}
    graph = _graph(pairs, at)
    between = betweenness(pairs, names)
    cuts = set(rx.articulation_points(graph))
    held, degree = constraints(pairs, at)
    table = pl.DataFrame(
        {
            "actor": names,
            "degree": degree,
            "betweenness": between,
            "constraint": held,
            "cut_point": [index in cuts for index in range(len(names))],
        },
        schema={"actor": pl.String, "degree": pl.Int64, "betweenness": pl.Float64, "constraint": pl.Float64,
                "cut_point": pl.Boolean},
    )  # fmt: skip
    return table.sort("betweenness", "actor", descending=[True, False])


def bridges(links: pl.DataFrame) -> list[Pair]:
    """Pairs of actors whose tie is the only way between two parts of the network, names in order, sorted."""
    pairs = pairs_of(links)
    names = sorted({name for pair in pairs for name in pair})
    graph = _graph(pairs, {name: index for index, name in enumerate(names)})
    ends: Any = rx.bridges(graph)  # pairs of positions
    found = [(names[a], names[b]) for a, b in ends]
    return sorted((min(pair), max(pair)) for pair in found)


def balance(links: pl.DataFrame) -> tuple[int, int, int]:
    """Balanced triads, unbalanced triads, and the frustration of a signed network.

    links: actor, other, sign (above 0 positive, below 0 negative, 0 is left out); a pair may have both, as in
    coopetition, and then each triad is counted with either. A triad is balanced where the product of its signs is
    positive (D. Cartwright and F. Harary, 1956). frustration: the fewest ties whose sign would have to change for two
    camps with peace within and quarrel between, exact (S. Aref and M. Wilson, 2019, by linear programme).
    Raises MaillageError `network_links`, `network_too_hard`.
    """
    signed = _signed(links)
    balanced = unbalanced = 0
    for corner in _triads(signed):
        for signs in product(*(signed[side] for side in corner)):
            good = signs[0] * signs[1] * signs[2] > 0
            balanced, unbalanced = balanced + good, unbalanced + (not good)
    return balanced, unbalanced, _frustration(signed)


def betweenness(pairs: Sequence[Pair], names: Sequence[str]) -> list[float]:
    """Unnormalised betweenness of each of `names`, in their order; pairs: each once, among them."""
    graph = _graph(pairs, {name: index for index, name in enumerate(names)})
    found = rx.betweenness_centrality(graph, normalized=False)
    return [float(found[index]) for index in range(len(names))]


def constraints(pairs: Sequence[Pair], at: Mapping[str, int]) -> tuple[Floats, Ints]:
    """Burt's constraint and the degree of each actor, in the order of `at`; pairs: each once.

    Of actor i: the sum over its contacts j of (p_ij + sum_q p_iq p_qj)^2 with p_ij = 1 / degree of i; so of
    (1 + the sum over contacts q of both of 1 / degree of q)^2 / (degree of i)^2.
    """
    contacts: list[set[int]] = [set() for _ in at]
    for a, b in pairs:
        contacts[at[a]].add(at[b])
        contacts[at[b]].add(at[a])
    held, degree = np.zeros(len(at)), np.array([len(known) for known in contacts], dtype=np.int64)
    share = [1 / len(known) if known else 0.0 for known in contacts]
    for a, b in ((at[a], at[b]) for a, b in pairs):
        common = (1.0 + sum(share[shared] for shared in sorted(contacts[a] & contacts[b]))) ** 2
        held[a] += common * share[a] ** 2
        held[b] += common * share[b] ** 2
    return held, degree


def pairs_of(links: pl.DataFrame) -> list[Pair]:
    """Each pair that has a tie, once, names in order."""
    missing = {"actor", "other"} - set(links.columns)
    if missing:
        raise MaillageError("network_links", field=", ".join(sorted(missing)))
    rows = links.select("actor", "other").drop_nulls().iter_rows()
    return sorted({(min(a, b), max(a, b)) for a, b in rows if a != b})


def _neighbours(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        near[a].add(b)
        near[b].add(a)
    return near


def _graph(pairs: Sequence[Pair], at: Mapping[str, int]) -> "rx.PyGraph[int, None]":
    graph: rx.PyGraph[int, None] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(at)))
    graph.add_edges_from_no_data([(at[a], at[b]) for a, b in pairs])
    return graph


def _signed(links: pl.DataFrame) -> dict[Pair, frozenset[int]]:
    """The signs of each pair: 1, -1 or both."""
    if "sign" not in links.columns or not (links["sign"].dtype.is_numeric() or links["sign"].dtype == pl.Null):
        raise MaillageError("network_links", field="sign")
    signs: dict[Pair, set[int]] = defaultdict(set)
    for part, sign in ((links.filter(pl.col("sign") > 0), 1), (links.filter(pl.col("sign") < 0), -1)):
        for pair in pairs_of(part):
            signs[pair].add(sign)
    return {pair: frozenset(found) for pair, found in sorted(signs.items())}


def _triads(signed: Signed) -> Iterator[tuple[Pair, Pair, Pair]]:
    near = _neighbours(list(signed))
    for a in sorted(near):
        later = sorted(b for b in near[a] if b > a)
        for b, c in combinations(later, 2):
            if c in near[b]:
                yield (a, b), (a, c), (b, c)


def _frustration(signed: Signed) -> int:
    """One tie of every pair that has both signs, and the fewest of the others, component by component."""
    both = sum(len(signs) == 2 for signs in signed.values())
    plain = {pair: next(iter(signs)) for pair, signs in signed.items() if len(signs) == 1}
    names = sorted({name for pair in plain for name in pair})
    at = {name: index for index, name in enumerate(names)}
    graph = _graph(list(plain), at)
    found = both
    for part in rx.connected_components(graph):
        inside = {pair: sign for pair, sign in plain.items() if at[pair[0]] in part}
        if -1 in inside.values():
            found += _fewest(inside)
    return found


def _fewest(plain: Mapping[Pair, int]) -> int:
    """Camps x of 0 and 1 and one f a tie: f >= |x_a - x_b| of a positive tie, f >= |x_a + x_b - 1| of a negative one.

    Unbalanced triads need at least one tie each, which makes the linear bound nearly exact.
    """
    names = sorted({name for pair in plain for name in pair})
    at = {name: index for index, name in enumerate(names)}
    tie = {pair: len(names) + index for index, pair in enumerate(plain)}
    rows: list[tuple[dict[int, int], int]] = []  # coefficients, least value
    for (a, b), sign in plain.items():
        x, y, f = at[a], at[b], tie[a, b]
        if sign > 0:
            rows += [({f: 1, x: -1, y: 1}, 0), ({f: 1, x: 1, y: -1}, 0)]
        else:
            rows += [({f: 1, x: -1, y: -1}, -1), ({f: 1, x: 1, y: 1}, 1)]
    for sides in _triads({pair: frozenset({sign}) for pair, sign in plain.items()}):
        if plain[sides[0]] * plain[sides[1]] * plain[sides[2]] < 0:
            rows.append(({tie[side]: 1 for side in sides}, 1))
    at_row = [row for row, (terms, _) in enumerate(rows) for _ in terms]
    column = [where for terms, _ in rows for where in terms]
    factor = [value for terms, _ in rows for value in terms.values()]
    size = len(names) + len(tie)
    matrix = sparse.csr_array((factor, (at_row, column)), shape=(len(rows), size))
    least: Any = np.array([value for _, value in rows], dtype=np.float64)
    cost = np.concatenate([np.zeros(len(names)), np.ones(len(tie))])
    degree = np.bincount([at[name] for pair in plain for name in pair])
    upper: Any = np.ones(size)
    upper[int(degree.argmax())] = 0  # the two camps can change names
    answer = optimize.milp(
        cost, constraints=optimize.LinearConstraint(matrix, least, np.inf),
        bounds=optimize.Bounds(0, upper), integrality=(cost == 0).astype(int), options={"time_limit": SECONDS},
    )  # fmt: skip
    if not answer.success:
        raise MaillageError("network_too_hard", value=len(names))
    return round(answer.fun)
