"""What stands behind each number that is seen: statements by kind of source, and public sources by name."""

from collections.abc import Mapping

import polars as pl

from maillage.evidence import Results

COUNTED = {"id": pl.String, "kind": pl.String, "for": pl.Int64, "against": pl.Int64}


def counts(results: Results, estimates: pl.DataFrame, informants: Mapping[str, str]) -> pl.DataFrame:
    """Statements by kind of source behind each number that is seen; those of `informants` are not counted."""
    sources = results.evidence.sources.select(source="id", of="kind")
    kinds = results.evidence.coded.select("source", item="id").join(sources, on="source", how="left")
    told = _behind(results, estimates).filter(~pl.col("item").is_in(list(informants)))
    prefix = pl.when(pl.col("item").str.contains(":", literal=True)).then(pl.col("item").str.split(":").list.first())
    return (
        told.join(kinds.unique("item", keep="last"), on="item", how="left")
        .with_columns(kind=pl.coalesce("of", prefix, pl.lit("document")))
        .group_by("row", "id", "kind")
        .agg(
            pl.col("agrees").sum().cast(pl.Int64).alias("for"),
            (~pl.col("agrees")).sum().cast(pl.Int64).alias("against"),
        )
        .sort("row", "kind")
        .select(pl.col(name).cast(kind) for name, kind in COUNTED.items())
    )


def _behind(results: Results, estimates: pl.DataFrame) -> pl.DataFrame:
    """row, id, item, agrees: what each number that is seen rests on; whether it makes k, or there is no k to make."""
    shown = estimates.filter(pl.col("status") != "withheld")["id"].implode()
    rows = results.estimates.select("id", "trace", "counted").with_row_index("row").filter(pl.col("id").is_in(shown))
    pairs = rows.select("row", item="counted").explode("item").drop_nulls().unique().with_columns(made=True)
    every = rows.select("row", "id", item="trace", plain=pl.col("counted").list.len().fill_null(0) == 0).explode("item")
    agrees = pl.col("plain") | pl.col("made").fill_null(value=False)
    return every.drop_nulls("item").join(pairs, on=("row", "item"), how="left").with_columns(agrees=agrees)


def supports(results: Results, estimates: pl.DataFrame, public: pl.DataFrame) -> pl.DataFrame:
    """id, document, agrees: the public documents behind each number that is seen; informants are never among them."""
    named = public.filter(pl.col("kind") == "document")["id"].implode()
    sources = results.evidence.coded.filter(pl.col("source").is_in(named)).select(item="id", document="source")
    told = _behind(results, estimates).join(sources, on="item", how="inner")
    return told.group_by("id", "document").agg(pl.col("agrees").any()).sort("id", "document")
