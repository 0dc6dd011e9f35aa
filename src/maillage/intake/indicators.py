"""Indicators from data sets: place, indicator, period, value, bounds, unit; wide files through the card's melt."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.frames import LINE, ROW, read_frame, unknown_columns
from maillage.intake.names import Gazetteer, unresolved
from maillage.intake.values import number, period

NUMBERS = ("value", "low", "high")


def read_indicators(
    path: Path, card: Card, gazetteer: Gazetteer, described: Mapping[str, Mapping[str, Any]]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Table `indicators` of one data set and everything wrong with it; `described`: the indicators of the pack."""
    frame, problems = read_frame(path, card)
    if problems:
        return tables.empty("indicators"), problems
    missing = [name for name in ("place", "indicator", "value") if name not in frame.columns]
    if missing:
        found = [finding("column_missing", file=path.name, line=1, field=name) for name in missing]
        return tables.empty("indicators"), found
    dropped = {str(item) for item in card.options.get("drop") or []}
    frame = frame.filter(~pl.col("place").is_in(sorted(dropped)) | pl.col("place").is_null())
    known = [*tables.table("indicators").names]
    found = [
        *unknown_columns(frame, path.name, known),
        *_blank(frame, path.name),
        *_undescribed(frame, path.name, described),
    ]
    codes: dict[str, str | None] = {}
    for name in frame["place"].drop_nulls().unique(maintain_order=True).to_list():
        codes[name], facts = gazetteer.resolve(name)
        if codes[name] is None:
            found += [unresolved(facts, **where) for where in _where(frame, path.name, "place", [name])]
    frame, problems = _numbers(frame, path.name)
    found += problems
    if "period" in frame.columns:
        odd = [text for text in frame["period"].drop_nulls().unique().to_list() if period(text) is None]
        found += [finding("period_unreadable", **where) for where in _where(frame, path.name, "period", odd)]
    frame = frame.with_columns(pl.col("place").replace_strict(codes, default=None, return_dtype=pl.String))
    frame = frame.filter(pl.col("place").is_not_null() & pl.col("value").is_not_null())
    extra = [name for name in frame.columns if name not in known]
    frame = frame.filter(pl.col("indicator").is_not_null())
    source = [] if "source" in frame.columns else [pl.lit(card.name).alias("source")]
    return tables.conform(frame.drop(extra).with_columns(*source), "indicators"), [*found, *_twice(frame, path.name)]


def _where(frame: pl.DataFrame, file: str, column: str, texts: list[str]) -> list[dict[str, Any]]:
    """Where a column holds one of these texts, and which."""
    rows = frame.filter(pl.col(column).is_in(texts)).select(LINE, ROW, column).iter_rows()
    return [{"file": file, "line": line, "row": row, "field": column, "value": text} for line, row, text in rows]


def _blank(frame: pl.DataFrame, file: str) -> list[Finding]:
    """Rows without a place or an indicator; a blank value is a value that is not available."""
    rows = [(name, frame.filter(pl.col(name).is_null()).select(LINE, ROW)) for name in ("place", "indicator")]
    return [
        finding("value_missing", file=file, line=line, row=row, field=name)
        for name, lost in rows
        for line, row in lost.iter_rows()
    ]


def _undescribed(frame: pl.DataFrame, file: str, described: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Indicators the pack does not describe, and units it does not give them; each once, at its first row."""
    found: list[Finding] = []
    units = "unit" in frame.columns
    names = ["indicator", "unit"] if units else ["indicator"]
    for line, row, name, *unit in frame.unique(names, maintain_order=True).select(LINE, ROW, *names).iter_rows():
        where: dict[str, Any] = {"file": file, "line": line, "row": row}
        if name is not None and name not in described:
            found.append(
                finding("indicator_unknown", **where, field="indicator", value=name, known=", ".join(described))
            )
        elif name is not None and units and unit[0] not in (None, described[name]["unit"]):
            own = described[name]["unit"]
            found.append(finding("indicator_unit", **where, field="unit", value=unit[0], indicator=name, unit=own))
    return found


def _numbers(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Value and bounds as numbers; what is none, and bounds that are not in order, are findings."""
    found: list[Finding] = []
    for name in [name for name in NUMBERS if name in frame.columns]:
        texts = frame[name].drop_nulls().unique().to_list()
        amounts = {text: number(text) for text in texts}
        odd = [text for text, amount in amounts.items() if amount is None]
        found += [finding("number_unreadable", **where) for where in _where(frame, file, name, odd)]
        typed = {text: None if amount is None else float(amount) for text, amount in amounts.items()}
        frame = frame.with_columns(pl.col(name).replace_strict(typed, default=None, return_dtype=pl.Float64))
    if {"low", "high"} <= set(frame.columns):
        wrong = frame.filter(pl.col("low") > pl.col("high")).select(LINE, ROW, "low").iter_rows()
        found += [finding("bounds_order", file=file, line=a, row=b, field="low", value=low) for a, b, low in wrong]
    return frame, found


def _twice(frame: pl.DataFrame, file: str) -> list[Finding]:
    """Two values for one place, indicator and period."""
    key = [name for name in ("place", "indicator", "period") if name in frame.columns]
    repeated = frame.filter(pl.struct(key).is_duplicated())
    if repeated.is_empty():
        return []
    line, row = repeated.sort(LINE).select(LINE, ROW).row(0)
    return [finding("indicator_twice", file=file, line=line, row=row, value=repeated.height)]
