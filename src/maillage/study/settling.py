"""Which of several coders' statements count: the arbitrated ones, and where nobody decided, the first coder's."""

from collections.abc import Sequence

import polars as pl

from maillage import tables

NONE = "none"  # in a decision: statements that have nothing there


def settled(
    codings: pl.DataFrame,
    coders: Sequence[str],
    decisions: pl.DataFrame | None = None,
    sources: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The rows that count, of the table `observations` with the codes of all coders.

    Where a decision speaks (table `decisions`; of several the most specific, then the latest) exactly the statements
    it lists count. For the rest of a source and question: the coder who stands first in `coders` among those who
    coded it. sources: fill blank places, as in the work list of disagreements.
    """
    order = {coder: rank for rank, coder in enumerate(coders)}
    rank = pl.col("coder").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    first = rank == rank.min().over("source", "question")
    if decisions is None or decisions.is_empty():
        return codings.filter(first)
    told = _decided(codings, decisions, tables.empty("sources") if sources is None else sources)
    marked = codings.with_columns(first=first).join(told, on="id", how="left", maintain_order="left")
    return marked.filter(pl.coalesce("counts", "first")).drop("first", "counts")


def _decided(codings: pl.DataFrame, decisions: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """The statements that a decision speaks of: id, counts."""
    scope = ["market", "actor", "other", "place"]
    homes = sources.select(source="id", home="place").unique("source")
    rows = (
        codings.filter(~pl.col("kind").is_in(["share", "review"]))
        .join(homes, on="source", how="left")
        .select("id", "source", "question", "kind", "market", "actor", "other", place=pl.coalesce("place", "home"))
    )
    asked = decisions.select("source", "question", "observations", *(pl.col(name).alias(f"d_{name}") for name in scope))
    given = pl.sum_horizontal(pl.col(f"d_{name}").is_not_null() for name in scope)
    pairs = rows.join(asked.with_columns(given=given).with_row_index("turn"), on=["source", "question"])
    straight = _meets("actor", "actor") & _meets("other", "other")
    turned = (pl.col("kind") == "link") & _meets("actor", "other") & _meets("other", "actor")
    met = pairs.filter(_meets("market", "market") & _meets("place", "place") & (straight | turned))
    last = met.sort("given", "turn").unique("id", keep="last", maintain_order=True)
    return last.select("id", counts=pl.col("id").is_in(pl.col("observations")))


def _meets(column: str, asked: str) -> pl.Expr:
    """Whether a statement's column is what the decision asks for; a blank there asks for nothing."""
    wish = pl.col(f"d_{asked}")
    return wish.is_null() | (pl.col(column).fill_null(NONE) == wish)
