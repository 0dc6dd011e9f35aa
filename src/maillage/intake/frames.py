"""A table as its card describes it: read, filtered, mapped to our columns. Values stay text until a reader comes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.rows import Row, Rows, decode, read_csv
from maillage.intake.values import clean

LINE, ROW = "__line", "__row"
WHERE = (LINE, ROW)


def read_frame(path: Path, card: Card) -> tuple[pl.DataFrame, list[Finding]]:
    """The file of a card with our column names, all text, with the place of each row (`__line`, `__row`)."""
    raw, problems = _raw(path)
    if problems:
        return raw, problems
    raw, problems = _filtered(raw, card)
    if problems:
        return raw, problems
    if "melt" in card.options:
        return _melted(raw, card)
    return _mapped(raw, card, card.options.get("map") or {name: name for name in raw.columns if name not in WHERE})


def rows_of(file: str, frame: pl.DataFrame, findings: list[Finding]) -> Rows:
    """A frame as records, for the tables that are checked row by row."""
    names = [name for name in frame.columns if name not in WHERE]
    rows = [
        Row(raw[LINE], raw[ROW], {name: clean(raw[name] or "") for name in names})
        for raw in frame.iter_rows(named=True)
    ]
    return Rows(file, [] if findings else names, [] if findings else rows, findings)


def _raw(path: Path) -> tuple[pl.DataFrame, list[Finding]]:
    if path.suffix == ".parquet":
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError):
            return pl.DataFrame(), [finding("parquet_unreadable", file=path.name)]
        return _numbered(frame.select(pl.all().cast(pl.String))), []
    text, problem = decode(path)
    if problem:
        return pl.DataFrame(), [problem]
    if '"' in text or "\r" in text or len(text) < 200_000:
        rows = read_csv(path)
        data = {name: [row.values[name] or None for row in rows.rows] for name in dict.fromkeys(rows.names)}
        lines, numbers = [row.line for row in rows.rows], [row.number for row in rows.rows]
        where = [pl.Series(LINE, lines, pl.Int64), pl.Series(ROW, numbers, pl.Int64)]
        return pl.DataFrame(data, schema=dict.fromkeys(data, pl.String())).with_columns(where), rows.findings
    header = text.split("\n", 1)[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    try:
        frame = pl.read_csv(text.encode(), separator=separator, infer_schema=False)
    except pl.exceptions.PolarsError:
        rows = read_csv(path)
        return pl.DataFrame(), rows.findings or [finding("csv_quotes", file=path.name, line=1)]
    return _numbered(frame), []


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """With the place of each row, where every row is one line."""
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return frame.with_columns((number + 1).alias(LINE), number.alias(ROW))


def _filtered(raw: pl.DataFrame, card: Card) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows whose column holds one of the values kept; a row of HXL tags is dropped."""
    if raw.height and any(str(value or "").startswith("#") for value in raw.drop(WHERE).row(0)):
        raw = raw.slice(1)
    for column, kept in (card.options.get("filter") or {}).items():
        if column not in raw.columns:
            return raw, [finding("card_column", file=card.name, field="filter", value=column, columns=_names(raw))]
        wanted = [str(value) for value in (kept if isinstance(kept, list) else [kept])]
        raw = raw.filter(pl.col(column).is_in(wanted))
    return raw, []


def _mapped(raw: pl.DataFrame, card: Card, mapping: Mapping[str, Any]) -> tuple[pl.DataFrame, list[Finding]]:
    columns: list[pl.Expr] = [pl.col(LINE, ROW)]
    for ours, theirs in mapping.items():
        used = theirs.get("parts", []) if isinstance(theirs, dict) else [theirs]
        missing = [str(name) for name in used if name not in raw.columns]
        if missing:
            return raw, [finding("card_column", file=card.name, field=ours, value=missing[0], columns=_names(raw))]
        columns.append(_expression(theirs).alias(ours))
    frame = raw.select(columns)
    for column, values in (card.options.get("rename") or {}).items():
        if column in frame.columns:
            frame = frame.with_columns(pl.col(column).replace({str(k): str(v) for k, v in values.items()}))
    return frame, []


def _expression(theirs: Any) -> pl.Expr:
    """One of our columns: a column of theirs, a constant, or a date put together from year, month and day."""
    if not isinstance(theirs, dict):
        return pl.col(str(theirs))
    if "parts" in theirs:
        year, *rest = theirs["parts"]
        parts = [pl.col(year).str.strip_suffix(".0"), *(pl.col(p).str.strip_suffix(".0").str.zfill(2) for p in rest)]
        return pl.concat_str(parts, separator="-")
    return pl.lit(str(theirs["const"]))


def _melted(raw: pl.DataFrame, card: Card) -> tuple[pl.DataFrame, list[Finding]]:
    """One row an indicator column: the columns of `map` stay, the column becomes value, indicator and unit."""
    parts: list[pl.DataFrame] = []
    for theirs, spec in card.options["melt"].items():
        mapping: dict[str, Any] = dict(card.options.get("map") or {})
        mapping |= {"value": theirs, "indicator": {"const": spec["indicator"]}, "unit": {"const": spec.get("unit", "")}}
        mapping |= {bound: spec[bound] for bound in ("low", "high") if bound in spec}
        part, problems = _mapped(raw, card, mapping)
        if problems:
            return raw, problems
        scale = float(spec.get("scale", 1))
        if scale != 1:
            bounds = [name for name in ("value", "low", "high") if name in part.columns]
            part = part.with_columns((pl.col(bounds).cast(pl.Float64, strict=False) * scale).round(10).cast(pl.String))
        parts.append(part)
    return pl.concat(parts, how="diagonal"), []


def _names(frame: pl.DataFrame) -> str:
    return ", ".join(name for name in frame.columns if name not in WHERE)[:300]
