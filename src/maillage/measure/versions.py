"""Scores of one index at two times: compared only where one definition made both.

A change of definition moves scores by itself. So scores of different versions are refused; the older data computed with
the newer definition (a back-cast) may be compared.
"""

import polars as pl

from maillage.errors import MaillageError

UNSTATED = "-"


def changes(
    before: pl.DataFrame, after: pl.DataFrame, *, versions: tuple[str | None, str | None], name: str = ""
) -> pl.DataFrame:
    """What became of each score: table (unit, node, before, after, change), units and nodes that both have.

    before, after: tables as `index.score` gives them (unit, node, score). versions: of the definitions that made them;
    `name` of the index, for the message. change is null where either score is missing.
    Raises MaillageError `index_versions` where they differ or one of them is not stated.
    """
    old, new = versions
    if not same_version(old, new):
        raise MaillageError("index_versions", value=old or UNSTATED, expected=new or UNSTATED, field=name or UNSTATED)
    kept = [frame.select("unit", "node", pl.col("score").cast(pl.Float64)) for frame in (before, after)]
    found = kept[1].join(kept[0], on=["unit", "node"], how="inner", suffix="_before", maintain_order="left")
    return found.select(
        "unit", "node", pl.col("score_before").alias("before"), pl.col("score").alias("after"),
        (pl.col("score") - pl.col("score_before")).alias("change"),
    )  # fmt: skip


def same_version(old: str | None, new: str | None) -> bool:
    """Whether one stated definition made both."""
    return old is not None and old == new
