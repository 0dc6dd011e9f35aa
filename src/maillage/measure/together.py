"""Which codes meet: pairs of codes that one coder put on passages that share at least a character."""

from collections.abc import Iterator

import numpy as np
import polars as pl

COLUMNS = {"code": pl.String, "other": pl.String, "pairs": pl.Int64, "sources": pl.Int64, "characters": pl.Int64}
AT_ONCE = 1_000_000  # pairs looked at together, which bounds the memory


def co_occurrence(passages: pl.DataFrame) -> pl.DataFrame:
    """Codes that meet in the text, each pair once (code < other).

    passages: source, start, end (code points, end-exclusive), code, coder; rows without a span are left out. Returns
    code, other, pairs (of passages that overlap), sources (in which they meet) and characters (that the pairs share,
    added up), most pairs first. Codes of two coders on one passage are no co-occurrence but (dis)agreement.
    """
    spans = passages.select("source", "coder", "start", "end", "code").drop_nulls()
    spans = spans.filter(pl.col("end") > pl.col("start")).sort("source", "coder", "start", "end", "code")
    met = [counted for block in _met(spans) if not (counted := _by_pair(block)).is_empty()]
    if not met:
        return pl.DataFrame(schema=COLUMNS)
    told = (
        pl.concat(met)
        .group_by("code", "other")
        .agg(
            pl.col("pairs").sum(),
            pl.col("source").n_unique().cast(pl.Int64).alias("sources"),
            pl.col("characters").sum(),
        )
    )
    return told.sort("pairs", "code", "other", descending=[True, False, False]).select(pl.col(COLUMNS))


def _met(spans: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Every two passages of one source and coder that overlap: the later one starts before the earlier one ends."""
    if spans.is_empty():
        return
    desk = spans.select(pl.struct("source", "coder").rank("dense")).to_series().to_numpy().astype(np.int64)
    long = int(spans["end"].cast(pl.Int64).to_numpy().max()) + 1
    starts = desk * long + spans["start"].to_numpy().astype(np.int64)
    ends = desk * long + spans["end"].to_numpy().astype(np.int64)
    after = np.arange(1, starts.size + 1)
    count = np.maximum(np.searchsorted(starts, ends, side="left") - after, 0)
    total = np.cumsum(count)
    first = 0
    while first < starts.size:
        done = total[first] - count[first]
        last = max(first + 1, int(np.searchsorted(total, done + AT_ONCE, side="right")))
        block = count[first:last]
        earlier = np.repeat(np.arange(first, last), block)
        within = np.arange(block.sum()) - np.repeat(np.cumsum(block) - block, block)
        later = earlier + 1 + within
        shared = np.minimum(ends[earlier], ends[later]) - starts[later]
        yield pl.DataFrame({
            "source": spans["source"].gather(earlier), "one": spans["code"].gather(earlier),
            "two": spans["code"].gather(later), "shared": shared,
        })  # fmt: skip
        first = last


def _by_pair(block: pl.DataFrame) -> pl.DataFrame:
    named = block.filter(pl.col("one") != pl.col("two")).with_columns(
        code=pl.min_horizontal("one", "two"), other=pl.max_horizontal("one", "two")
    )
    return named.group_by("code", "other", "source").agg(
        pl.len().cast(pl.Int64).alias("pairs"), pl.col("shared").sum().cast(pl.Int64).alias("characters")
    )
