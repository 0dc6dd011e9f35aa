"""Ties between actors as sources tell them: typed, signed, dated, several of a pair side by side, coercion flagged.

A tie joins kinds of actors or named groups. It says what somebody told, not what is. Denials, hypotheses and
statements without consent are no ties.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.measure.stated import Stated, months, stated
from maillage.pack import Pack

COLUMNS = {
    "statement": pl.String, "source": pl.String, "cluster": pl.String, "grade": pl.String, "actor": pl.String,
    "other": pl.String, "actor_kind": pl.String, "other_kind": pl.String, "type": pl.String,
    "signs": pl.List(pl.Int64), "content": pl.List(pl.String), "market": pl.String, "place": pl.String,
    "first": pl.String, "last": pl.String, "alleged": pl.Boolean, "coerced": pl.Boolean,
}  # fmt: skip
TYPED = {"types": "type", "contents": "content", "markets": "market", "places": "place", "sources": "source",
         "clusters": "cluster", "statements": "statement"}  # fmt: skip
Row = dict[str, Any]


def ties(evidence: Evidence) -> pl.DataFrame:
    """Table of ties, one row a statement, sorted by id: the two actors in the order of their names, and their kinds.

    signs: of the type by the pack; coopetition has both, coexistence and a type nobody stated have none, and so has
    a tie under coercion, whatever its type. first, last: months (YYYY-MM) of its period, else of the source's date.
    alleged: not asserted by the source itself. Ties of an actor to itself (kinds, not groups) are kept.
    """
    rows = [_row(item, evidence.pack) for item in stated(evidence, "link")
            if item.fields["actor"] and item.fields["other"]]  # fmt: skip
    return pl.DataFrame(rows, schema=COLUMNS)


def _row(item: Stated, pack: Pack) -> Row:
    told = item.fields
    actor, other = sorted((told["actor"], told["other"]))
    span = months(told["period"] or item.source.date)
    first, last = (_month(month) for month in span) if span else (None, None)
    return {
        "statement": item.id, "source": item.source.id, "cluster": item.source.cluster, "grade": item.source.grade,
        "actor": actor, "other": other, "actor_kind": kind(pack, actor), "other_kind": kind(pack, other),
        "type": told["answer"], "signs": [] if told["coerced"] else signs(pack, told["answer"]),
        "content": list(told["content"] or ()), "market": told["market"] or told["activity"], "place": item.place,
        "first": first, "last": last, "alleged": told["modality"] == "alleged", "coerced": bool(told["coerced"]),
    }  # fmt: skip


def _month(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def kind(pack: Pack, actor: str) -> str:
    """The kind of a named group, or the kind that the code itself is."""
    return str(pack.attribute("actors", actor, "kind") or actor)


def signs(pack: Pack, link: str | None) -> list[int]:
    """1, -1, both or none: the signs of a type of link in the pack."""
    listed, sign = (pack.attribute("link_types", link, key) for key in ("signs", "sign"))
    return list(listed or ([sign] if sign else []))


def links(table: pl.DataFrame) -> pl.DataFrame:
    """Table (actor, other, sign, weight, source) as `measure.network` reads it; sign 0 where a tie has none.

    table: of `ties`. One row a pair, sign and source; weight: how many statements of that source say so.
    """
    told = pl.when(pl.col("signs").list.len() > 0).then("signs").otherwise(pl.lit([0], pl.List(pl.Int64)))
    spread = table.select("actor", "other", "source", sign=told).explode("sign")
    return spread.group_by("actor", "other", "sign", "source").agg(weight=pl.len().cast(pl.Int64)).sort(
        "actor", "other", "sign", "source").select("actor", "other", "sign", "weight", "source")  # fmt: skip


def edges(table: pl.DataFrame, by: Iterable[str] = ("type",)) -> pl.DataFrame:
    """One row a pair and whatever else `by` names (columns of `ties`): what is told of it and on what it rests.

    Columns: actor, other, those of `by`, then lists types, contents, markets, places, sources, clusters, statements,
    then strength (independent clusters), grade (the best), first, last, alleged (by all), coerced (some | all | none).
    """
    keys = ["actor", "other", *by]
    listed = {name: _distinct(column) for name, column in TYPED.items()}
    made = table.group_by(keys).agg(
        **listed, strength=pl.col("cluster").n_unique().cast(pl.Int64), grade=pl.col("grade").min(),
        first=pl.col("first").min(), last=pl.col("last").max(), alleged=pl.col("alleged").all(),
        coerced=pl.when(pl.col("coerced").all()).then(pl.lit("all")).when(pl.col("coerced").any())
        .then(pl.lit("some")).otherwise(pl.lit("none")),
    )  # fmt: skip
    return made.sort(keys, nulls_last=True)


def _distinct(column: str) -> pl.Expr:
    told = pl.col(column).list.explode() if column == "content" else pl.col(column)
    return told.drop_nulls().unique().sort()


def between(table: pl.DataFrame) -> Mapping[tuple[str, str], Row]:
    """Each pair of two different actors with all that is told of it, in order of names."""
    pairs = edges(table.filter(pl.col("actor") != pl.col("other")), by=())
    return {(row["actor"], row["other"]): row for row in pairs.iter_rows(named=True)}
