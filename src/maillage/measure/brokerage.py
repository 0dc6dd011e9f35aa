"""How far the rank of a broker hangs on one source or on ties that nobody told of."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl

from maillage import estimate, tables
from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.measure.network import Pair, betweenness, pairs_of
from maillage.measure.tied import links, ties

LEAST = 3  # ties between fewer pairs make no broker


def standing(evidence: Evidence) -> pl.DataFrame:
    """Table `brokers` of all ties that sources tell of, the greatest betweenness first; empty under `LEAST` pairs.

    Ties under coercion are left out: being forced makes nobody a broker.

    Ranks and their ranges are those of `rank_stability`; sources, trace: who tells of an actor's ties, and where.
    """
    told = ties(evidence).filter(~pl.col("coerced"))
    read = links(told)
    pairs = pairs_of(read)
    if len(pairs) < LEAST:
        return tables.empty("brokers")
    both = pl.concat([told.select("source", "statement", actor=name) for name in ("actor", "other")])
    behind = both.group_by("actor").agg(
        sources=pl.col("source").n_unique().cast(pl.Int64), trace=pl.col("statement").unique().sort()
    )
    degrees = Counter(name for pair in pairs for name in pair)
    made = rank_stability(read, seed=evidence.study.seed).join(behind, on="actor", maintain_order="left")
    made = made.with_columns(degree=pl.Series([degrees[name] for name in made["actor"]]))
    return made.select(pl.col(name).cast(kind) for name, kind in tables.table("brokers").schema.items())


def rank_stability(links: pl.DataFrame, *, drop: float = 0.2, draws: int = 200, seed: int) -> pl.DataFrame:
    """Table (actor, rank, source_low, source_high, drop_low, drop_high): ranks by betweenness, 1 = greatest.

    links: actor, other and, where sources are known, source (a row a source and tie). source_*: smallest and largest
    rank when one source at a time is left out (null without the column). drop_*: 5 and 95 per cent of the rank when
    each tie is left out with chance `drop`, as if nobody had told of it (E. Costenbader and T. Valente, 2003). An
    actor who loses all ties ranks last. Raises MaillageError `network_links`, `network_share`.
    """
    if not 0 < drop < 1 or draws < 1:
        raise MaillageError("network_share", drop=drop, draws=draws)
    pairs = pairs_of(links)
    names = _by_betweenness(pairs)
    ranks = _ranks(pairs, names)
    table = pl.DataFrame({"actor": names, "rank": ranks}, schema={"actor": pl.String, "rank": pl.Int64})
    if not names:
        return table.with_columns(pl.lit(None, pl.Int64).alias(name) for name in _bounds())
    by_source = _without_sources(links, names)
    rng = estimate.rng(seed, "network/ties")
    thinned = np.array([_ranks(_thinned(pairs, rng, drop), names) for _ in range(draws)])
    low, high = (np.rint(np.quantile(thinned, p, axis=0)).astype(np.int64) for p in (0.05, 0.95))
    nothing = [None] * len(names)
    columns = [
        nothing if by_source is None else by_source.min(axis=0),
        nothing if by_source is None else by_source.max(axis=0), low, high,
    ]  # fmt: skip
    return table.with_columns(pl.Series(n, c, dtype=pl.Int64) for n, c in zip(_bounds(), columns, strict=True))


def _bounds() -> tuple[str, ...]:
    return ("source_low", "source_high", "drop_low", "drop_high")


def _without_sources(links: pl.DataFrame, names: list[str]) -> np.ndarray | None:
    """Sources x actors: ranks without each source; a tie that another source told of stays."""
    if "source" not in links.columns:
        return None
    told: dict[Pair, set[str | None]] = {}
    for a, b, source in links.select("actor", "other", "source").iter_rows():
        if a is not None and b is not None and a != b:
            told.setdefault((min(a, b), max(a, b)), set()).add(source)
    ties, sources = sorted(told.items()), sorted(set(links["source"].drop_nulls()))
    return np.array([_ranks([pair for pair, by in ties if by != {one}], names) for one in sources])


def _by_betweenness(pairs: Sequence[Pair]) -> list[str]:
    """Everybody who has a tie, the greatest betweenness first, equals by name."""
    names = sorted({name for pair in pairs for name in pair})
    between = dict(zip(names, betweenness(pairs, names), strict=True))
    return sorted(names, key=lambda name: (-between[name], name))


def _thinned(pairs: Sequence[Pair], rng: np.random.Generator, drop: float) -> list[Pair]:
    """The pairs less some; all that is told of a pair goes together."""
    kept = rng.random(len(pairs)) >= drop
    return [pair for pair, stays in zip(pairs, kept, strict=True) if stays]


def _ranks(pairs: Sequence[Pair], names: list[str]) -> list[int]:
    """Rank of each actor by betweenness, equals the better one; whoever has no tie left is last."""
    tied = {name for pair in pairs for name in pair}
    scores = np.full(len(names), -1.0)
    between = betweenness(pairs, names)
    for at, name in enumerate(names):
        if name in tied:
            scores[at] = between[at]
    ranks = len(names) - np.searchsorted(np.sort(scores), scores, side="right") + 1
    return [int(rank) if name in tied else len(names) for name, rank in zip(names, ranks, strict=True)]
