"""What is told of ties in one period and in another: new, told of no longer, kept, or turned.

A tie that nobody tells of any more has not ended: who was heard in both periods stands beside every row.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage.errors import MaillageError
from maillage.measure.stated import months

COLUMNS = {
    "actor": pl.String, "other": pl.String, "change": pl.String, "types_before": pl.List(pl.String),
    "types_after": pl.List(pl.String), "clusters_before": pl.Int64, "clusters_after": pl.Int64,
    "heard_before": pl.Int64, "heard_after": pl.Int64, "heard_both": pl.Int64, "statements": pl.List(pl.String),
}  # fmt: skip
UNKNOWN = {"unknown"}
Pair = tuple[str, str]
Told = Mapping[Pair, list[dict[str, Any]]]


def changes(table: pl.DataFrame, before: str, after: str) -> pl.DataFrame:
    """One row a pair told of in either period (`2019`, `2019-06`, `2018/2020`), sorted by names.

    table: of `tied.ties`; a tie counts in a period that it overlaps, one without a date in none. change: new,
    told_no_more, kept (a type in common, or a type not stated in either), turned (no type in common). heard_*:
    independent clusters that tell of any tie in the period, and in both: where few are in both, it is other people who
    speak, not other ties. Raises MaillageError `network_period` where periods overlap, cannot be read, or one is empty.
    """
    first, second = _span(before), _span(after)
    if first[1] >= second[0]:
        raise MaillageError("network_period", exit_code=2, before=before, after=after)
    dated = [row | {"span": (_number(row["first"]), _number(row["last"]))}
             for row in table.filter(pl.col("first").is_not_null()).iter_rows(named=True)]  # fmt: skip
    old, new = (_in(dated, span) for span in (first, second))
    heard = [{row["cluster"] for rows in told.values() for row in rows} for told in (old, new)]
    if not all(heard):
        raise MaillageError("network_period", exit_code=2, before=before, after=after)
    counts = {"heard_before": len(heard[0]), "heard_after": len(heard[1]), "heard_both": len(heard[0] & heard[1])}
    rows = [_row(pair, old.get(pair, []), new.get(pair, [])) | counts for pair in sorted({*old, *new})]
    return pl.DataFrame(rows, schema=COLUMNS)


def _span(period: str) -> tuple[int, int]:
    try:
        span = months(period)
    except ValueError:
        span = None
    if span is None or span[0] > span[1]:
        raise MaillageError("network_period", exit_code=2, before=period, after=period)
    return span


def _number(month: str) -> int:
    year, _, part = month.partition("-")
    return int(year) * 12 + int(part) - 1


def _in(rows: list[dict[str, Any]], span: tuple[int, int]) -> Told:
    found: dict[Pair, list[dict[str, Any]]] = {}
    for row in rows:
        if row["span"][0] <= span[1] and span[0] <= row["span"][1]:
            found.setdefault((row["actor"], row["other"]), []).append(row)
    return found


def _row(pair: Pair, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[str, Any]:
    was, now = ({row["type"] for row in rows} for rows in (old, new))
    common = was & now or was <= UNKNOWN or now <= UNKNOWN
    change = "new" if not old else "told_no_more" if not new else "kept" if common else "turned"
    return {
        "actor": pair[0], "other": pair[1], "change": change, "types_before": sorted(was), "types_after": sorted(now),
        "clusters_before": len({row["cluster"] for row in old}), "clusters_after": len({row["cluster"] for row in new}),
        "statements": sorted({row["statement"] for row in (*old, *new)}),
    }  # fmt: skip
