"""What stands behind each number that is seen: statements by kind of source, and public sources by name."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage.evidence import Results

COUNTED = {"id": pl.String, "kind": pl.String, "for": pl.Int64, "against": pl.Int64}


def counts(results: Results, estimates: pl.DataFrame, informants: Mapping[str, str]) -> pl.DataFrame:
    """Statements by kind of source behind each number that is seen; those of `informants` are not counted."""
    shown = set(estimates.filter(pl.col("status") != "withheld")["id"].to_list())
    kind_of_source = dict(results.evidence.sources.select("id", "kind").iter_rows())
    told = results.evidence.coded.select("id", "source").iter_rows()
    kinds = {ident: kind_of_source.get(source, "document") for ident, source in told}
    rows: list[dict[str, Any]] = []
    for row in results.estimates.select("id", "trace", "counted").iter_rows(named=True):
        counted = set(row["counted"] or ())
        tally: dict[str, list[int]] = {}
        for item in row["trace"] or () if row["id"] in shown else ():
            if item not in informants:
                kind = kinds.get(item) or (item.split(":")[0] if ":" in item else "document")
                tally.setdefault(kind, [0, 0])[item not in counted and bool(counted)] += 1
        rows += [{"id": row["id"], "kind": kind, "for": a, "against": b} for kind, (a, b) in sorted(tally.items())]
    return pl.DataFrame(rows, schema=COUNTED)


def supports(results: Results, estimates: pl.DataFrame, public: pl.DataFrame) -> pl.DataFrame:
    """id, document, agrees: the public documents behind each number that is seen; informants are never among them."""
    shown = set(estimates.filter(pl.col("status") != "withheld")["id"].to_list())
    named = set(public.filter(pl.col("kind") == "document")["id"].to_list())
    source_of = {ident: source for ident, source in results.evidence.coded.select("id", "source").iter_rows()
                 if source in named}  # fmt: skip
    found: dict[tuple[str, str], bool] = {}
    for row in results.estimates.select("id", "trace", "counted").iter_rows(named=True):
        counted = set(row["counted"] or ())
        for item in row["trace"] or () if row["id"] in shown else ():
            if item in source_of:
                key = row["id"], source_of[item]
                found[key] = found.get(key, False) or not counted or item in counted
    rows = [(ident, source, agrees) for (ident, source), agrees in sorted(found.items())]
    return pl.DataFrame(rows, schema={"id": pl.String, "document": pl.String, "agrees": pl.Boolean}, orient="row")
