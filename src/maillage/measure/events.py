"""Violent events and deaths by area and month or year: counts of what a data set holds, each one a floor.

Events measure violence, not trafficking. A data set that holds only precisely placed, complete rows misses others, so
every count carries the meaning `floor` and an open upper bound.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from maillage import tables
from maillage.evidence import Card, Evidence
from maillage.measure.respondents import ALL, areas
from maillage.measure.stated import months

METHOD = "event_counts 1"
LEVELS = ("admin0", "admin1", "admin2")
WORST = {"admin1": 4, "admin2": 3}  # worst usable precision of a place, as UCDP codes it; a country takes any
UNPLACED = 7
PRECISE = 1


def events(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Counts of one measure: `events/P/YYYY-MM` and `events/P/YYYY`, `deaths/...` alike, `events_all/P/YYYY-MM`.

    P: areas of level 0 to 2, zones and ALL. The month is that of the first day. `events` and `deaths` count only
    events placed precisely enough for P (UCDP precision <= 3 at level 2, <= 4 at level 1, any for a country; a zone
    takes what one of its members takes); `events_all` counts every event inside. deaths: value = best, low and high =
    sums of the low and high estimates; an estimate on the wrong side of best is moved to it (`bounds_clipped`).
    Only months and years with events are rows; `partial_period` = the data do not cover all of it
    (`partial_and_clipped` = both). Two data sets are
    never added: the first card keeps the plain ids, others end in `@TABLE`.
    """
    what = str(spec.get("what", name))
    frames = [
        _of_table(evidence, table, what).with_columns(
            pl.concat_str(
                pl.lit(f"{name}/"), "place", pl.lit("/"), "period", pl.lit(f"@{table}" if order else "")
            ).alias("id"),
            pl.lit(name).alias("measure"),
            pl.lit(str(spec.get("kind", name))).alias("kind"),
            pl.lit(spec.get("unit") or ("deaths" if what == "deaths" else "events")).alias("unit"),
        )
        for order, table in enumerate(event_tables(evidence))
    ]
    return _as_estimates(frames)


def event_tables(evidence: Evidence) -> list[str]:
    """The event tables of the study, those with a card first and in the order of the cards."""
    present = set(evidence.events["table"].fill_null("").to_list())
    carded = [card.name for card in evidence.cards if card.name in present]
    return [*carded, *sorted(present - set(carded))]


def _card(evidence: Evidence, table: str) -> Card | None:
    return next((card for card in evidence.cards if card.name == table), None)


@lru_cache(maxsize=2)
def placed(evidence: Evidence, table: str) -> pl.DataFrame:
    """One row an event and area it lies in: number, place, enough (precise enough for the area)."""
    known = areas(evidence).of_place
    rows = _rows(evidence, table)
    parts = [
        rows.select(
            "number",
            pl.col(level).alias("place"),
            (pl.col("precision") <= WORST.get(level, UNPLACED)).alias("enough"),
        ).drop_nulls("place")
        for level in LEVELS
    ]
    inside = pl.concat(parts)
    chain = [(place, area) for place, found in known.items() for area in found if area.startswith("zone:")]
    members = pl.DataFrame(chain, schema={"place": pl.String(), "zone": pl.String()}, orient="row")
    zones = (
        inside.join(members, on="place")
        .group_by("number", "zone")
        .agg(pl.col("enough").any())
        .select("number", pl.col("zone").alias("place"), "enough")
    )
    every = rows.filter(pl.col("admin0").is_not_null()).select("number", pl.lit(ALL).alias("place"), enough=True)
    return pl.concat([inside, zones, every])


@lru_cache(maxsize=2)
def _rows(evidence: Evidence, table: str) -> pl.DataFrame:
    """Events of one table in a fixed order, numbered, with an honest precision, period columns and trace id."""
    unknown = _unknown_precision(_card(evidence, table))
    best = pl.col("deaths")
    return (
        evidence.events.filter(pl.col("table").fill_null("") == table)
        .sort("id")
        .with_row_index("number")
        .with_columns(
            pl.col("precision").fill_null(unknown),
            pl.concat_str(pl.lit(f"event:{table}:"), "id").alias("event"),
            pl.col("date").str.slice(0, 4).alias("year"),
            pl.when(pl.col("date").str.len_bytes() >= 7).then(pl.col("date").str.slice(0, 7)).alias("month"),
            pl.min_horizontal(pl.col("deaths_low").fill_null(best), best).alias("at_least"),
            pl.max_horizontal(pl.col("deaths_high").fill_null(best), best).alias("at_most"),
            ((pl.col("deaths_low") > best) | (pl.col("deaths_high") < best)).fill_null(value=False).alias("clipped"),
        )
    )


def _unknown_precision(card: Card | None) -> int:
    """The precision of events that state none: what the card says of the whole table, else good for a country only."""
    said = card.options.get("precision") if card else None
    if isinstance(said, Mapping):
        said = said.get("default")
    if isinstance(said, str) and said.isdigit():
        said = int(said)
    if isinstance(said, int):
        return said
    return PRECISE if said in {"precise", "precise_only", "precise only"} else UNPLACED


def counts(evidence: Evidence, table: str, *, period: str, precise: bool) -> pl.DataFrame:
    """Events and deaths by area and `period` (month or year): place, period, events, deaths, bounds, clipped.

    `precise` keeps only events placed precisely enough for the area. Whole numbers throughout, so that the order of
    rows changes nothing; areas and periods without events have no row.
    """
    rows = _rows(evidence, table).select("number", period, "deaths", "at_least", "at_most", "clipped")
    inside = placed(evidence, table)
    if precise:
        inside = inside.filter("enough")
    return (
        inside.join(rows, on="number")
        .drop_nulls(period)
        .group_by("place", period)
        .agg(
            pl.len().cast(pl.Int64).alias("events"),
            pl.col("deaths").count().alias("told"),
            pl.col("deaths", "at_least", "at_most").sum(),
            pl.col("clipped").any(),
        )
        .rename({period: "period"})
        .sort("place", "period")
    )


def traces(evidence: Evidence, table: str, *, period: str, precise: bool) -> pl.DataFrame:
    """The events behind each count: place, period, trace (sorted ids)."""
    inside = placed(evidence, table)
    if precise:
        inside = inside.filter("enough")
    named = _rows(evidence, table).select("number", period, "event").sort("event")
    return (
        named.join(inside, on="number", maintain_order="left")
        .drop_nulls(period)
        .group_by("place", period, maintain_order=True)
        .agg(pl.col("event").alias("trace"))
        .rename({period: "period"})
    )


def _of_table(evidence: Evidence, table: str, what: str) -> pl.DataFrame:
    """The counts of one table with their traces and flags, without ids."""
    precise = what != "events_all"
    parts: list[pl.DataFrame] = []
    for period in ("month",) if what == "events_all" else ("month", "year"):
        found = counts(evidence, table, period=period, precise=precise)
        traced = found.join(
            traces(evidence, table, period=period, precise=precise), on=["place", "period"], maintain_order="left"
        )
        parts.append(traced.with_columns((pl.col("period") if period == "month" else pl.lit(None)).alias("month")))
    every = pl.concat([part.with_columns(pl.col("month").cast(pl.String())) for part in parts])
    partial = _partial(every["period"], _card(evidence, table))
    return _valued(every.with_columns(partial.alias("partial")), what)


def _valued(found: pl.DataFrame, what: str) -> pl.DataFrame:
    """value, low, high and flags of a count."""
    if what == "deaths":
        value, low, high, clipped = pl.col("deaths"), pl.col("at_least"), pl.col("at_most"), pl.col("clipped")
        found = found.filter(pl.col("told") > 0)
    else:
        value, low, high, clipped = pl.col("events"), pl.col("events"), pl.lit(None), pl.lit(value=False)
    reason = (
        pl.when(pl.col("partial") & clipped)
        .then(pl.lit("partial_and_clipped"))
        .when(pl.col("partial"))
        .then(pl.lit("partial_period"))
        .when(clipped)
        .then(pl.lit("bounds_clipped"))
    )
    return found.with_columns(
        value.cast(pl.Float64).alias("value"),
        low.cast(pl.Float64).alias("low"),
        high.cast(pl.Float64).alias("high"),
        reason.alias("reason"),
        pl.lit("event").alias("unit_of_analysis"),
        pl.lit("bounds").alias("interval"),
        pl.lit("floor").alias("meaning"),
        pl.lit(value=True).alias("open_high"),
        pl.lit("ok").alias("status"),
        pl.lit(METHOD).alias("method"),
    )


def _partial(periods: pl.Series, card: Card | None) -> pl.Series:
    """Whether the data cover less than the whole month or year; unknown coverage is not flagged."""
    covered = card.coverage if card else None
    if covered is None:
        return pl.Series([False] * len(periods), dtype=pl.Boolean())
    known = {period: not covers(covered, period) for period in periods.unique().to_list()}
    return periods.replace_strict(known, return_dtype=pl.Boolean()) if known else pl.Series(dtype=pl.Boolean())


def covers(covered: tuple[str, str], period: str) -> bool:
    """Whether data that run from the first to the last of two dates cover a whole period."""
    first, last = months(f"{covered[0]}/{covered[1]}") or (0, 0)
    start, end = months(period) or (0, 0)
    return first <= start and end <= last


def _as_estimates(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The table `estimates` from wide frames, sorted by id."""
    schema = tables.table("estimates").schema
    shaped = [
        frame.with_columns(
            pl.lit(None, dtype=kind).alias(column) for column, kind in schema.items() if column not in frame.columns
        ).select(pl.col(column).cast(kind) for column, kind in schema.items())
        for frame in frames
    ]
    return (
        pl.concat([tables.empty("estimates"), *shaped])
        .with_columns(pl.col("trace", "counted").fill_null(pl.lit([], dtype=pl.List(pl.String()))))
        .sort("id")
    )


def placed_events(evidence: Evidence, table: str) -> pl.DataFrame:
    """Events precise enough for their second-level area: year, place, event (trace id), in the order of their ids."""
    return (
        _rows(evidence, table)
        .filter((pl.col("precision") <= WORST["admin2"]) & pl.col("admin2").is_not_null())
        .select("year", pl.col("admin2").alias("place"), "event")
    )


def located(evidence: Evidence, table: str) -> pl.DataFrame:
    """Events of a table with where they are and their trace id (`event`), in the order of their ids."""
    return _rows(evidence, table).select("event", "date", "kind", "precision", "lat", "lon", *LEVELS)
