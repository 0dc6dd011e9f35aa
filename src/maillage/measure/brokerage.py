"""How far the rank of a broker hangs on one source or on ties that nobody told of."""

import numpy as np
import polars as pl

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.network import brokers

ORDER = "betweenness"


def rank_stability(links: pl.DataFrame, *, drop: float = 0.2, draws: int = 200, seed: int) -> pl.DataFrame:
    """Table (actor, rank, source_low, source_high, drop_low, drop_high): ranks by betweenness, 1 = greatest.

    links: actor, other and, where sources are known, source (a row a source and tie). source_*: smallest and largest
    rank when one source at a time is left out (null without the column). drop_*: 5 and 95 per cent of the rank when
    each tie is left out with chance `drop`, as if nobody had told of it (E. Costenbader and T. Valente, 2003). An
    actor who loses all ties ranks last. Raises MaillageError `network_links`, `network_share`.
    """
    if not 0 < drop < 1 or draws < 1:
        raise MaillageError("network_share", drop=drop, draws=draws)
    base = brokers(links)
    names = base["actor"].to_list()
    ranks = _ranks(base, names)
    table = pl.DataFrame({"actor": names, "rank": ranks}, schema={"actor": pl.String, "rank": pl.Int64})
    if not names:
        return table.with_columns(pl.lit(None, pl.Int64).alias(name) for name in _bounds())
    by_source = _without_sources(links, names)
    rng = estimate.rng(seed, "network/ties")
    thinned = np.array([_ranks(brokers(_thinned(links, rng, drop)), names) for _ in range(draws)])
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
    sources = links["source"].drop_nulls().unique().sort()
    return np.array([_ranks(brokers(links.filter(pl.col("source").ne_missing(one))), names) for one in sources])


def _thinned(links: pl.DataFrame, rng: np.random.Generator, drop: float) -> pl.DataFrame:
    """The links less some ties, all rows of a pair together."""
    pair = links.select(pl.min_horizontal("actor", "other").alias("a"), pl.max_horizontal("actor", "other").alias("b"))
    ties = pair.unique().sort("a", "b")
    kept = ties.filter(pl.Series(rng.random(ties.height) >= drop, dtype=pl.Boolean))
    inside = pair.join(kept.with_columns(kept=pl.lit(value=True)), on=["a", "b"], how="left", maintain_order="left")
    return links.filter(inside["kept"].fill_null(value=False))


def _ranks(table: pl.DataFrame, names: list[str]) -> list[int]:
    """Rank of each actor, equals the better one; whoever is not there is last."""
    scores = dict(table.select("actor", ORDER).iter_rows())
    values = np.sort([scores.get(name, -1.0) for name in names])
    return [int(len(names) - np.searchsorted(values, scores.get(name, -1.0), side="right")) + 1 for name in names]
