"""Indicators from data sets: place, indicator, period, value, bounds, unit; wide files through the card's melt."""

from pathlib import Path

import polars as pl

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.frames import LINE, ROW, read_frame
from maillage.intake.names import Gazetteer, unresolved
from maillage.intake.values import period

NUMBERS = ("value", "low", "high")


def read_indicators(path: Path, card: Card, gazetteer: Gazetteer) -> tuple[pl.DataFrame, list[Finding]]:
    """Table `indicators` of one data set and everything wrong with it."""
    frame, problems = read_frame(path, card)
    if problems:
        return tables.empty("indicators"), problems
    missing = [name for name in ("place", "indicator", "value") if name not in frame.columns]
    if missing:
        found = [finding("column_missing", file=path.name, line=1, field=name) for name in missing]
        return tables.empty("indicators"), found
    found: list[Finding] = []
    codes: dict[str, str | None] = {}
    dropped = {str(item) for item in card.options.get("drop") or []}
    frame = frame.filter(~pl.col("place").is_in(sorted(dropped)))
    for line, row, name in frame.unique("place", maintain_order=True).select(LINE, ROW, "place").iter_rows():
        code, facts = gazetteer.resolve(str(name or ""))
        codes[name] = code
        if code is None:
            found.append(unresolved(facts, file=path.name, line=line, row=row, field="place", value=name))
    for name in [name for name in NUMBERS if name in frame.columns]:
        cast = pl.col(name).cast(pl.Float64, strict=False)
        lost = frame.filter(cast.is_null() & pl.col(name).is_not_null())
        for line, row, value in lost.select(LINE, ROW, name).head(50).iter_rows():
            found.append(finding("number_unreadable", file=path.name, line=line, row=row, field=name, value=value))
        frame = frame.with_columns(cast.alias(name))
    if "period" in frame.columns:
        for line, row, value in frame.unique("period", maintain_order=True).select(LINE, ROW, "period").iter_rows():
            if value is not None and period(value) is None:
                found.append(
                    finding("period_unreadable", file=path.name, line=line, row=row, field="period", value=value)
                )
    frame = frame.with_columns(pl.col("place").replace_strict(codes, return_dtype=pl.String))
    frame = frame.filter(pl.col("place").is_not_null() & pl.col("value").is_not_null())
    known = tables.table("indicators").names
    extra = [name for name in frame.columns if name not in known]
    source = [] if "source" in frame.columns else [pl.lit(card.name).alias("source")]
    return tables.conform(frame.drop(extra).with_columns(*source), "indicators"), [*found, *_twice(frame, path.name)]


def _twice(frame: pl.DataFrame, file: str) -> list[Finding]:
    """Two values for one place, indicator and period."""
    key = [name for name in ("place", "indicator", "period") if name in frame.columns]
    repeated = frame.filter(pl.struct(key).is_duplicated())
    if repeated.is_empty():
        return []
    line, row = repeated.sort(LINE).select(LINE, ROW).row(0)
    return [finding("indicator_twice", file=file, line=line, row=row, value=repeated.height)]
