"""Events from data sets: UCDP GED and ACLED as published, or the generic columns; placed in areas by geometry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.event_places import placed
from maillage.intake.frames import LINE, ROW, read_frame, unknown_columns
from maillage.intake.large import header
from maillage.intake.names import Gazetteer
from maillage.intake.rows import read_csv
from maillage.intake.values import date, number

COUNTRY = "__country"  # of the published formats: the place of events where a study has no outlines
GED = {
    "id": "id", "date": "date_start", "date_end": "date_end", "lat": "latitude", "lon": "longitude",
    "precision": "where_prec", "kind": "type_of_violence", "actor": "side_a", "other": "side_b",
    "deaths_low": "low", "deaths": "best", "deaths_high": "high", "source": "source_article", COUNTRY: "country",
}  # fmt: skip
GED_EARLY = GED | {"deaths_low": "low_est", "deaths": "best_est", "deaths_high": "high_est"}  # until version 17
GED_EXTRACT: dict[str, Any] = {
    "id": "id", "date": {"parts": ["year", "month", "day"]}, "lat": "latitude", "lon": "longitude",
    "kind": "type_of_violence", "actor": "side_a", "other": "side_b", "deaths_low": "low_death",
    "deaths": "best_death", "deaths_high": "high_death", COUNTRY: "country",
}  # fmt: skip
ACLED = {
    "id": "event_id_cnty", "date": "event_date", "lat": "latitude", "lon": "longitude", "precision": "geo_precision",
    "kind": "event_type", "actor": "actor1", "other": "actor2", "deaths": "fatalities", "source": "source",
    COUNTRY: "country",
}  # fmt: skip
FORMATS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("ged", GED), ("ged", GED_EARLY), ("ged", GED_EXTRACT), ("acled", ACLED),
)  # fmt: skip
# what the formats write, in our words and scale: ACLED's precision 3 (a capital stands for its region) is UCDP's 4
RENAMED: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "ged": {"kind": {"1": "State-based violence", "2": "Non-state violence", "3": "One-sided violence"}},
    "acled": {"precision": {"3": "4"}},
}
DEATHS = ("deaths_low", "deaths", "deaths_high")


def read_events(
    path: Path, card: Card, *, outlines: Mapping[str, BaseGeometry], places: pl.DataFrame, gazetteer: Gazetteer
) -> tuple[pl.DataFrame, list[Finding]]:
    """Table `events` of one data set, each event in its areas, and everything wrong with it."""
    frame, problems = read_frame(path, _recognised(path, card))
    if problems:
        return tables.empty("events"), problems
    somewhere = {"lat", "lon"} <= set(frame.columns) or "place" in frame.columns
    missing = [name for name in ("id", "date") if name not in frame.columns] + ([] if somewhere else ["lat", "lon"])
    if missing:
        return tables.empty("events"), [
            finding("column_missing", file=path.name, line=1, field=name) for name in missing
        ]
    precision = card.options.get("precision")
    countries = frame[COUNTRY] if COUNTRY in frame.columns else None
    frame = frame.drop(COUNTRY, strict=False)
    found = unknown_columns(frame, path.name, [name for name in tables.table("events").names if name != "table"])
    frame, problems = _typed(frame, path.name)
    found += [*problems, *_nowhere(frame, path.name, {item.row for item in problems})]
    if isinstance(precision, str) and precision not in _header(path):
        columns = ", ".join(sorted(_header(path)))[:300]
        found.append(
            finding("card_column", file=f"{card.name}.yml", field="precision", value=precision, columns=columns)
        )
    if isinstance(precision, int):
        frame = frame.with_columns(precision=pl.lit(precision, pl.Int64))
    frame, outside = placed(frame, path.name, outlines, places, gazetteer, countries=countries)
    known = [name for name in tables.table("events").names if name in frame.columns]
    frame = frame.filter(pl.col("id").is_not_null() & pl.col("date").is_not_null())
    return tables.conform(frame.select(known).with_columns(table=pl.lit(card.name)), "events"), [*found, *outside]


def _recognised(path: Path, card: Card) -> Card:
    """The card with the mapping of a published format added; what the card itself says goes before."""
    columns = _header(path)
    name, chosen = _format(columns)
    spelt = {column.lower(): column for column in columns}  # early versions write ID, EVENT_DATE
    mapping = {ours: theirs if isinstance(theirs, dict) else spelt[theirs] for ours, theirs in chosen.items()
               if isinstance(theirs, dict) or theirs in spelt}  # fmt: skip
    mapping |= card.options.get("map") or {}
    precision = card.options.get("precision")
    if isinstance(precision, str) and precision in columns:
        mapping = (mapping or {column: column for column in columns}) | {"precision": precision}
    if not mapping:
        return card
    rename = {**RENAMED.get(name, {}), **(card.options.get("rename") or {})}
    return replace(card, options={**card.options, "map": mapping, "rename": rename})


def published_as(path: Path) -> str:
    """Which published format a file has, `ged` or `acled`; blank for any other."""
    return _format(_header(path))[0]


def _format(columns: set[str]) -> tuple[str, Mapping[str, Any]]:
    small = {column.lower() for column in columns}
    return next(((name, mapping) for name, mapping in FORMATS if _main(mapping) <= small), ("", {}))


def _header(path: Path) -> set[str]:
    """The columns of a file; none where it cannot be read, which the reader will say."""
    if path.suffix.lower() != ".parquet":
        return set(header(path) or read_csv(path).names)
    try:
        return set(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError):
        return set()


def _main(mapping: Mapping[str, Any]) -> set[str]:
    """The columns without which a format is not that format."""
    main = [mapping[key] for key in ("id", "date", "lat", "lon", "deaths", "kind", "actor")]
    return {name for theirs in main for name in (theirs["parts"] if isinstance(theirs, dict) else [theirs])}


def event_date(text: str) -> str | None:
    """A date of a data set as ours: with a time of day, or as 01 June 2019 too; None where there is no such day."""
    plain = text.strip()
    if len(plain) > len("2019-06-01") and plain[10] in " T":
        plain = plain[:10]
    words = plain.split()
    if len(words) == 3 and words[1][:3].title() in MONTHS:
        plain = f"{words[2]}-{MONTHS.index(words[1][:3].title()) + 1:02}-{words[0].zfill(2)}"
    return date(plain)


def _degrees(most: float) -> Callable[[str], float | None]:
    """A parser of degrees up to `most` either way."""

    def parse(text: str) -> float | None:
        value = number(text)
        return float(value) if value is not None and abs(value) <= most else None

    return parse


def _whole(text: str) -> int | None:
    value = number(text)
    return int(value) if value is not None and value == int(value) >= 0 else None


DEGREES = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?$"
MOST = {"lat": 90.0, "lon": 180.0}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PARSERS: Mapping[str, tuple[Callable[[str], Any], pl.DataType, str]] = {
    "date": (event_date, pl.String(), "date_unreadable"),
    "date_end": (event_date, pl.String(), "date_unreadable"),
    "lat": (_degrees(MOST["lat"]), pl.Float64(), "coordinate"),
    "lon": (_degrees(MOST["lon"]), pl.Float64(), "coordinate"),
    "precision": (_whole, pl.Int64(), "integer_unreadable"),
    **dict.fromkeys(DEATHS, (_whole, pl.Int64(), "integer_unreadable")),
}


def _typed(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Dates, coordinates and counts in their types; what does not fit is a finding."""
    found: list[Finding] = []
    for name in ("id", "date"):
        blank = frame.filter(pl.col(name).is_null()).select(LINE, ROW)
        found += [
            finding("value_missing", file=file, line=line, row=row, field=name) for line, row in blank.iter_rows()
        ]
    for name, (parse, kind, problem) in PARSERS.items():
        if name not in frame.columns:
            continue
        typed = _parsed(frame[name], parse, kind)
        lost = frame.filter(typed.is_null() & frame[name].is_not_null()).select(LINE, ROW, name)
        found += [
            finding(problem, file=file, line=line, row=row, field=name, value=value)
            for line, row, value in lost.iter_rows()
        ]
        frame = frame.with_columns(typed.alias(name))
    again = frame.filter(pl.col("id").is_not_null() & ~pl.col("id").is_first_distinct()).select(LINE, ROW, "id")
    found += [
        finding("id_twice", file=file, line=line, row=row, field="id", value=value)
        for line, row, value in again.iter_rows()
    ]
    if "date_end" in frame.columns:
        early = (pl.col("date_end") < pl.col("date")) & ~pl.col("date").str.starts_with(pl.col("date_end"))
        found += [
            finding("date_order", file=file, line=line, row=row, field="date_end", value=value)
            for line, row, value in frame.filter(early).select(LINE, ROW, "date_end").iter_rows()
        ]
    if {"deaths_low", "deaths"} <= set(frame.columns):
        wrong = frame.filter(pl.col("deaths_low") > pl.col("deaths"))
        if wrong.height:
            line, row = wrong.select(LINE, ROW).row(0)
            found.append(finding("event_bounds", file=file, line=line, row=row, field="deaths_low", value=wrong.height))
    return frame, found


def _parsed(cells: pl.Series, parse: Callable[[str], Any], kind: pl.DataType) -> pl.Series:
    """Cells in their type, null where they do not fit; degrees in plain digits at once, other words one by one."""
    known = pl.Series(cells.name, [None] * len(cells), dtype=kind)
    if cells.name in MOST:
        number = pl.when(cells.str.contains(DEGREES)).then(cells).cast(pl.Float64)
        known = pl.select(pl.when(number.abs() <= MOST[cells.name]).then(number)).to_series()
    rest = pl.select(pl.when(known.is_null()).then(cells)).to_series()
    words = rest.drop_nulls().unique().to_list()
    if words:
        typed = rest.replace_strict(words, [parse(word) for word in words], default=None, return_dtype=kind)
        known = pl.select(pl.coalesce(known, typed)).to_series()
    return known.alias(cells.name)


def _nowhere(frame: pl.DataFrame, file: str, told: set[int | None]) -> list[Finding]:
    """Events with neither a place nor both coordinates; those in rows that are `told` already are left out."""
    columns = [name for name in ("place", "lat", "lon") if name in frame.columns]
    named = pl.col("place").is_not_null() if "place" in columns else pl.lit(value=False)
    both = (
        pl.all_horizontal(pl.col("lat", "lon").is_not_null()) if {"lat", "lon"} <= {*columns} else pl.lit(value=False)
    )
    lost = frame.filter(~named & ~both)
    found: list[Finding] = []
    for line, row, *cells in lost.select(LINE, ROW, *columns).iter_rows():
        given = {name for name, cell in zip(columns, cells, strict=True) if cell is not None}
        if row not in told:
            field = "place" if not given else ({"lat", "lon"} - given).pop()
            found.append(finding("value_missing", file=file, line=line, row=row, field=field))
    return found


def concat_events(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Several data sets as one table, in a fixed order."""
    return pl.concat([tables.empty("events"), *frames]).sort("table", "date", "id")
