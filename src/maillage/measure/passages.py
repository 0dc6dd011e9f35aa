"""How far coders mark the same passages: by code and pair of coders, in characters and in passages.

Passages of one coder with one code in one source are merged first, so that no character counts twice.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
COLUMNS = {"code": pl.String, "coder": pl.String, "other": pl.String, "sources": pl.Int64, "passages": pl.Int64,
           "other_passages": pl.Int64, "met": pl.Int64, "other_met": pl.Int64, "both": pl.Int64, "either": pl.Int64,
           "share": pl.Float64, "kappa": pl.Float64}  # fmt: skip


def overlap(passages: pl.DataFrame, lengths: Mapping[str, int] | None = None) -> pl.DataFrame:
    """Span overlap of every pair of coders, by code, over the sources in which both marked anything.

    passages: source, start, end (code points, end-exclusive), code, coder; lengths: code points of each source's text.
    Returns code, coder, other, sources, passages, other_passages (how many each marked), met, other_met (those that
    share a character with one of the other's), both, either (characters), share (both / either, Jaccard 1901) and kappa
    (Cohen 1960 on characters, marked or not; null without `lengths` of all these sources, or where undefined). Rows
    without a span are left out. Names of coders: never outside the team.
    """
    spans = (
        passages.select("source", "start", "end", "code", "coder").drop_nulls().filter(pl.col("end") > pl.col("start"))
    )
    laid = _one_line(spans)
    rows = [
        pair
        for first, second in combinations(sorted(set(laid["coder"])), 2)
        for pair in _pair(laid, first, second, lengths or {})
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row").with_columns(pl.col("kappa").fill_nan(None))


def _one_line(spans: pl.DataFrame) -> pl.DataFrame:
    """Every code of every source on a stretch of its own of one long line, so that all are compared in one pass."""
    field = spans.group_by("code", "source").agg(size=pl.col("end").max() + 1).sort("code", "source")
    field = field.with_columns(offset=pl.col("size").cum_sum() - pl.col("size"))
    laid = spans.join(field.drop("size"), on=["code", "source"])
    return laid.with_columns(pl.col("start", "end") + pl.col("offset")).sort("coder", "start", "end")


def _pair(
    laid: pl.DataFrame, first: str, second: str, lengths: Mapping[str, int]
) -> list[tuple[str | int | float | None, ...]]:
    of = {coder: laid.filter(pl.col("coder") == coder) for coder in (first, second)}
    shared = sorted(set(of[first]["source"]) & set(of[second]["source"]))
    one, two = (of[coder].filter(pl.col("source").is_in(shared)) for coder in (first, second))
    names = sorted({*one["code"], *two["code"]})
    marked, other_marked = _merged(one), _merged(two)
    told = {
        "sources": len(shared),
        "passages": _by_code(one, np.ones(one.height, dtype=np.int64)),
        "other_passages": _by_code(two, np.ones(two.height, dtype=np.int64)),
        "met": _by_code(one, _covered(one, other_marked) > 0),
        "other_met": _by_code(two, _covered(two, marked) > 0),
    }
    whole = sum(lengths[source] for source in shared) if all(source in lengths for source in shared) else None
    size, other_size = _by_code(marked, _length(marked)), _by_code(other_marked, _length(other_marked))
    common = _by_code(marked, _covered(marked, other_marked))
    rows: list[tuple[str | int | float | None, ...]] = []
    for code in names:
        both, here, there = (counts.get(code, 0) for counts in (common, size, other_size))
        counts = [value if isinstance(value, int) else value.get(code, 0) for value in told.values()]
        either = here + there - both
        kappa = None if whole is None else _kappa(both, here, there, whole)
        rows.append((code, first, second, *counts, both, either, both / either, kappa))
    return rows


def _length(spans: pl.DataFrame) -> Ints:
    return (spans["end"] - spans["start"]).to_numpy().astype(np.int64)


def _merged(spans: pl.DataFrame) -> pl.DataFrame:
    """Disjoint spans that cover the same characters; spans: one coder's, sorted by start."""
    reach = pl.col("end").cum_max().shift(1, fill_value=-1)
    grouped = spans.with_columns(piece=(pl.col("start") > reach).cum_sum())
    return grouped.group_by("piece", maintain_order=True).agg(
        pl.col("code").first(), pl.col("start").first(), pl.col("end").max()
    )


def _covered(spans: pl.DataFrame, marked: pl.DataFrame) -> Ints:
    """How many characters of each span the disjoint spans `marked` cover: a running total read at both ends."""
    starts, ends = (marked[name].to_numpy().astype(np.int64) for name in ("start", "end"))
    before = np.concatenate([[0], np.cumsum(ends - starts)])

    def up_to(point: Ints) -> Ints:
        place = np.searchsorted(starts, point, side="right")
        last = np.maximum(place - 1, 0)
        inside = np.minimum(point, ends[last]) - starts[last] if starts.size else np.zeros_like(point)
        return np.where(place > 0, before[last] + inside, 0)

    return up_to(spans["end"].to_numpy().astype(np.int64)) - up_to(spans["start"].to_numpy().astype(np.int64))


def _by_code(spans: pl.DataFrame, values: NDArray[np.generic]) -> dict[str, int]:
    counted = spans.select("code").with_columns(value=pl.Series(values).cast(pl.Int64))
    return dict(counted.group_by("code").agg(pl.col("value").sum()).iter_rows())


def _kappa(both: int, here: int, there: int, whole: int) -> float:
    """Cohen's kappa of two coders who mark `here` and `there` of `whole` characters, `both` of them together."""
    expected = here * (whole - there) + there * (whole - here)
    return 1 - whole * (here + there - 2 * both) / expected if expected else float("nan")
