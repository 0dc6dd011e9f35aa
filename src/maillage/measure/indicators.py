"""Indicators side by side, each with its reference period and its age; rates of events per head of population.

No indicator is combined with another here, none is called good or bad, and one that is too old says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from maillage import estimate
from maillage.evidence import Evidence
from maillage.measure.events import counts, covers, event_tables, traces
from maillage.measure.stated import months

METHOD = "indicator 1"
RATE_METHOD = "rate_per_100k 1"
MAX_AGE = 36
RATES = {"events_per_100k": ("events", "events", "events"), "deaths_per_100k": ("deaths", "at_least", "at_most")}
POPULATION = "population"
PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of an indicator at a place in a period; `period` None where the data name none."""

    place: str
    code: str
    period: str | None
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    method: str
    trace: tuple[str, ...]
    reason: str | None = None

    @property
    def recency(self) -> tuple[int, str]:
        """Order by the last month of the period; none named = oldest."""
        found = months(self.period)
        return (found[1] if found else -1), self.period or ""


def indicators(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Values as published, and rates: `indicators/P/CODE` (latest period), `indicators/P/CODE@PERIOD` where several.

    age_months = months from the end of the reference period to the end of the study's period; older than max_age
    (36 months, or what the pack says of the indicator) has the reason `older_than_max_age` and enters no key finding
    and no ranking. Two differing values of one period = their range, `values_differ`. A blank value is
    not_computable, `no_data`: never zero. The source stands in `method`. What its card says the source foresaw and did
    not observe has the meaning `projected`.
    """
    found: dict[tuple[str, str], dict[str | None, Reading]] = {}
    for reading in (*_published(evidence), *_rates(evidence)):
        periods = found.setdefault((reading.place, reading.code), {})
        periods[reading.period] = _joined(periods.get(reading.period), reading)
    rows: list[estimate.Row] = []
    for (place, code), by_period in sorted(found.items()):
        ordered = sorted(by_period.values(), key=lambda reading: reading.recency)
        plain = estimate.estimate_id(name, place, code)
        rows.append(_row(evidence, ordered[-1], plain))
        if len(ordered) > 1 or code in RATES:
            rows.extend(_row(evidence, each, f"{plain}@{each.period}") for each in ordered if each.period)
    return estimate.collect({**row, "measure": name, "kind": str(spec.get("kind", name))} for row in rows)


def _joined(known: Reading | None, other: Reading) -> Reading:
    """Two values of one indicator, place and period: where they differ their range and no value (`values_differ`)."""
    if known is None or known.reason == "no_data":
        return other
    if other.reason == "no_data" or (known.value, known.low, known.high) == (other.value, other.low, other.high):
        return known
    ends = [end for one in (known, other) for end in (one.value, one.low, one.high) if end is not None]
    return replace(known, value=None, low=min(ends), high=max(ends), reason="values_differ")


def _row(evidence: Evidence, reading: Reading, row_id: str) -> estimate.Row:
    about = evidence.pack.indicators.get(reading.code, {})
    age = age_months(reading.period, evidence.study.period)
    old = age is not None and age > int(about.get("max_age", MAX_AGE))
    reason = reading.reason or ("older_than_max_age" if old else None)
    ranged = reading.low is not None or reading.high is not None
    return estimate.row(
        id=row_id,
        place=reading.place,
        answer=reading.code,
        period=reading.period,
        value=reading.value,
        low=reading.low,
        high=reading.high,
        interval=str(about.get("interval", "published")) if ranged else None,
        unit=reading.unit or about.get("unit"),
        unit_of_analysis="place",
        meaning="floor" if reading.code in RATES else PROJECTED if _projected(evidence, reading) else None,
        open_high=True if reading.code in RATES else None,
        age_months=age,
        method=reading.method,
        status="not_computable" if reading.value is None and not ranged else "ok",
        reason=reason,
        trace=list(reading.trace),
    )


def _projected(evidence: Evidence, reading: Reading) -> bool:
    """Whether a card of the study says that this value was foreseen, not observed."""
    foreseen = (card.options.get(PROJECTED, {}).get(reading.code, ()) for card in evidence.cards)
    return any(str(reading.period) in map(str, periods) for periods in foreseen)


def age_months(period: str | None, study_period: str) -> int | None:
    """Months from the end of a reference period to the end of the study's period, at least 0; None if unknown."""
    reference, study = months(period), months(study_period)
    return max(0, study[1] - reference[1]) if reference and study else None


def _trace(row: Mapping[str, Any]) -> str:
    return f"indicator:{row['place']}:{row['indicator']}:{row['period'] or ''}"


def _published(evidence: Evidence) -> Iterator[Reading]:
    for row in evidence.indicators.sort("place", "indicator", "period", "source", "value").iter_rows(named=True):
        yield Reading(
            place=row["place"],
            code=row["indicator"],
            period=row["period"],
            value=row["value"],
            low=row["low"],
            high=row["high"],
            unit=row["unit"],
            method=f"{METHOD}: {row['source']}" if row["source"] else METHOD,
            trace=(_trace(row),),
            reason=None if row["value"] is not None else "no_data",
        )


def _rates(evidence: Evidence) -> Iterator[Reading]:
    """Events and deaths per 100,000 people over the stated periods of the pack, for every place with a population.

    The sum over the period, not a yearly mean; the population keeps its own reference period, which stands in the
    method. A place without events inside the coverage has 0 recorded; a period the data do not cover has no rate.
    """
    wanted = {code: evidence.pack.indicators[code] for code in RATES if code in evidence.pack.indicators}
    event_table = next(iter(event_tables(evidence)), None)
    if not wanted or event_table is None:
        return
    coverage = next((card.coverage for card in evidence.cards if card.name == event_table), None)
    by_month = counts(evidence, event_table, period="month", precise=True)
    traced = traces(evidence, event_table, period="month", precise=True)
    for code, about in sorted(wanted.items()):
        people = _population(evidence, str(about.get("population", POPULATION)))
        for period in about.get("periods") or _last_three_years(coverage):
            inside = coverage is not None and covers(coverage, str(period))
            tallies = _tally(by_month, code, str(period)) if inside else None
            behind = _behind(traced, str(period)) if inside else {}
            yield from (_rate(row, code, str(period), tallies, behind) for row in people)


def _last_three_years(coverage: tuple[str, str] | None) -> Sequence[str]:
    """The last three calendar years that the data cover whole."""
    if coverage is None:
        return ()
    last = int(coverage[1][:4])
    last -= 0 if covers(coverage, str(last)) else 1
    return (f"{last - 2}/{last}",)


def _population(evidence: Evidence, code: str) -> list[dict[str, Any]]:
    """The latest population above zero of each place, as rows of the indicators table."""
    latest: dict[str, dict[str, Any]] = {}
    rows = evidence.indicators.filter((pl.col("indicator") == code) & (pl.col("value") > 0))
    for row in sorted(rows.iter_rows(named=True), key=lambda row: (row["place"], row["period"] or "")):
        latest[row["place"]] = row
    return [latest[place] for place in sorted(latest)]


def _tally(by_month: pl.DataFrame, code: str, period: str) -> dict[str, tuple[int, int, int]]:
    """Place -> value, low and high of the count over the period."""
    value, low, high = RATES[code]
    sums = _within(by_month, period).group_by("place").agg(pl.col(sorted({value, low, high})).sum())
    return {row["place"]: (row[value], row[low], row[high]) for row in sums.iter_rows(named=True)}


def _behind(traced: pl.DataFrame, period: str) -> dict[str, list[str]]:
    """Place -> events counted in the period."""
    found = _within(traced, period).group_by("place").agg(pl.col("trace").explode())
    return {row["place"]: row["trace"] for row in found.iter_rows(named=True)}


def _within(by_month: pl.DataFrame, period: str) -> pl.DataFrame:
    first, last = months(period) or (0, 0)
    year, month = pl.col("period").str.slice(0, 4).cast(pl.Int64), pl.col("period").str.slice(5, 2).cast(pl.Int64)
    return by_month.filter((year * 12 + month - 1).is_between(first, last))


def _rate(
    people: Mapping[str, Any],
    code: str,
    period: str,
    tallies: Mapping[str, tuple[int, int, int]] | None,
    events: Mapping[str, Iterable[str]],
) -> Reading:
    place = people["place"]
    tally = None if tallies is None else tallies.get(place, (0, 0, 0))
    value, low, high = (None, None, None) if tally is None else (count / people["value"] * 100_000 for count in tally)
    return Reading(
        place=place,
        code=code,
        period=period,
        value=value,
        low=low,
        high=high if code == "deaths_per_100k" else None,
        unit=None,
        method=f"{RATE_METHOD}: population {people['period'] or ''}".rstrip(),
        trace=(*events.get(place, ()), _trace(people)),
        reason="partial_period" if tally is None else None,
    )
