"""A table as its card describes it: read, filtered, mapped to our columns. Values stay text until a reader comes."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.large import read_large
from maillage.intake.rows import Row, Rows, decode, read_csv
from maillage.intake.values import clean, number

LINE, ROW = "__line", "__row"
WHERE = (LINE, ROW)


def read_frame(path: Path, card: Card) -> tuple[pl.DataFrame, list[Finding]]:
    """The file of a card with our column names, all text, with the place of each row (`__line`, `__row`)."""
    raw, problems = _raw(path, _used(card))
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


def _raw(path: Path, wanted: set[str] | None) -> tuple[pl.DataFrame, list[Finding]]:
    if path.suffix.lower() == ".parquet":
        try:
            whole = wanted is None or not wanted <= set(pl.read_parquet_schema(path))
            frame = pl.read_parquet(path, columns=None if whole or wanted is None else sorted(wanted))
        except (pl.exceptions.PolarsError, OSError):
            return pl.DataFrame(), [finding("parquet_unreadable", file=path.name)]
        return _numbered(frame.select(pl.all().cast(pl.String))), []
    large = read_large(path, wanted)
    if large is not None:
        frame, lines = large
        number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
        return frame.with_columns(pl.Series(LINE, lines), number.alias(ROW)), []
    problem = decode(path)[1]
    if problem:
        return pl.DataFrame(), [problem]
    rows = read_csv(path)
    data = {name: [row.values[name] or None for row in rows.rows] for name in dict.fromkeys(rows.names)}
    lines, numbers = [row.line for row in rows.rows], [row.number for row in rows.rows]
    where = [pl.Series(LINE, lines, pl.Int64), pl.Series(ROW, numbers, pl.Int64)]
    return pl.DataFrame(data, schema=dict.fromkeys(data, pl.String())).with_columns(where), rows.findings


def _used(card: Card) -> set[str] | None:
    """The columns of theirs that a card names; None where it takes them all."""
    mapping, melt = card.options.get("map") or {}, card.options.get("melt") or {}
    if not mapping and not melt:
        return None
    used = {name for theirs in mapping.values() for name in _parts(theirs)} | set(card.options.get("filter") or {})
    bounds = {str(spec[bound]) for spec in melt.values() for bound in ("low", "high") if bound in spec}
    return used | set(map(str, melt)) | bounds


def _parts(theirs: Any) -> list[str]:
    """The columns that one of ours is made of."""
    return [str(name) for name in (theirs.get("parts", []) if isinstance(theirs, dict) else [theirs])]


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """With the place of each row, where every row is one line."""
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return frame.with_columns((number + 1).alias(LINE), number.alias(ROW))


def _filtered(raw: pl.DataFrame, card: Card) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows whose column holds one of the values kept; a row of HXL tags is dropped."""
    first = [value for value in raw.drop(WHERE).row(0) if value] if raw.height else []
    if first and all(value.startswith("#") for value in first):
        raw = raw.slice(1)
    for column, kept in (card.options.get("filter") or {}).items():
        if column not in raw.columns:
            return raw, [_no_column(raw, card, "filter", column)]
        wanted = [str(value) for value in (kept if isinstance(kept, list) else [kept])]
        raw = raw.filter(pl.col(column).is_in(wanted))
    return raw, []


def _mapped(raw: pl.DataFrame, card: Card, mapping: Mapping[str, Any]) -> tuple[pl.DataFrame, list[Finding]]:
    columns: list[pl.Expr] = [pl.col(LINE, ROW)]
    for ours, theirs in mapping.items():
        missing = [name for name in _parts(theirs) if name not in raw.columns]
        if missing:
            return raw, [_no_column(raw, card, ours, missing[0])]
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
            part = part.with_columns(pl.col(bounds).map_elements(_scaled(scale), pl.String))
        parts.append(part)
    return pl.concat(parts, how="diagonal"), []


def _scaled(scale: float) -> Callable[[str], str]:
    """A number times `scale`; what is no number stays as it is, for its reader to say so."""

    def times(text: str) -> str:
        value = number(text)
        return text if value is None else str(round(float(value) * scale, 10))

    return times


def unknown_columns(frame: pl.DataFrame, file: str, known: Sequence[str]) -> list[Finding]:
    """A finding for each column that is not one of ours: a card can leave it out, nothing else drops it."""
    odd = [name for name in frame.columns if name not in (*known, *WHERE)]
    return [finding("column_unknown", file=file, line=1, field=name, known=", ".join(known)) for name in odd]


def _no_column(raw: pl.DataFrame, card: Card, ours: str, theirs: str) -> Finding:
    return finding("card_column", file=f"{card.name}.yml", field=ours, value=theirs, columns=_names(raw))


def _names(frame: pl.DataFrame) -> str:
    return ", ".join(name for name in frame.columns if name not in WHERE)[:300]
