"""Whether a forecast may be shown at all, and how much the precision of places changes what is counted.

A forecast is shown only where it beat three plain baselines on months it had not seen; else the study says so.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from maillage import estimate
from maillage.estimate import Row, estimate_id
from maillage.evidence import Evidence
from maillage.measure.emerging import false_discovery
from maillage.measure.events import UNPLACED, WORST, located
from maillage.measure.forecast import WINDOW, by_period, clearly_better
from maillage.measure.respondents import ALL
from maillage.measure.series import Floats, areas_of, contiguous, first_table, whole_years
from maillage.measure.spread import gi, two_sided
from maillage.measure.stated import months as month_numbers

FORECAST_METHOD, PRECISION_METHOD = "crps_out_of_sample 1", "place_precision 1"
TEST, SMOOTH, DRAWS = 24, 0.3, 1_000
LEVELS = ("admin0", "admin1", "admin2")
LEVEL, FEWEST = 0.05, 10


def forecasts(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Scores of a forecast of a monthly indicator of the country, `NAME/P/score_FORECAST`, and the forecast itself.

    spec: `indicator`. Scores are mean CRPS (all draws, not fair; lower is better) over the last 24 months, one month
    ahead, of ours (`score_ours`), nothing happens (`score_zero`), the last month again (`score_last_observed`) and the
    last twelve months (`score_conflictology`). Where ours beats all three by more than chance, `NAME/P/YYYY-MM` is the
    next month: median, low and high = 5 and 95 of 100 draws; else `NAME/P` is `not_computable` (`forecast_not_better`).
    """
    rows: list[Row] = []
    for country in evidence.study.countries:
        months, values, trace = _monthly(evidence, country, str(spec.get("indicator")))
        if values.size >= WINDOW + TEST:
            common: Row = {
                "measure": name,
                "kind": str(spec.get("kind", name)),
                "place": country,
                "n": TEST,
                "unit_of_analysis": "month",
                "method": FORECAST_METHOD,
                "trace": trace,
            }
            rows += _scored(name, values, months, common, evidence.study.seed)
    return estimate.collect(rows)


def _scored(name: str, values: Floats, months: list[str], common: Row, seed: int) -> list[Row]:
    """The scores of all ways to foresee a series, then the forecast or why there is none."""

    def mine(past: Floats, step: int) -> Floats:
        return ours(past, step, seed=seed)

    scores, country = by_period(values, mine, test=TEST, seed=seed), common.get("place")
    rows = [
        estimate.row(
            **(
                common
                | Row(
                    id=estimate_id(name, country, f"score_{'ours' if way == 'forecast' else way}"),
                    unit="crps",
                    answer="ours" if way == "forecast" else way,
                    value=float(np.mean(found)),
                    period=f"{months[-TEST]}/{months[-1]}",
                )
            )
        )
        for way, found in scores.items()
    ]
    if not clearly_better(scores):
        none = estimate.row(
            **(common | Row(id=estimate_id(name, country), status="not_computable", reason="forecast_not_better"))
        )
        return [*rows, none]
    year, month = (int(part) for part in months[-1].split("-"))
    next_month = f"{(year * 12 + month) // 12}-{(year * 12 + month) % 12 + 1:02d}"
    low, middle, high = (float(np.quantile(mine(values, TEST), q)) for q in (0.05, 0.5, 0.95))
    shown = estimate.row(
        **(
            common
            | Row(
                id=estimate_id(name, country, next_month),
                value=middle,
                low=low,
                high=high,
                interval="q05-q95",
                unit="deaths",
                period=next_month,
                meaning="projected",
            )
        )
    )
    return [*rows, shown]


def ours(past: Floats, step: int, *, seed: int) -> Floats:
    """Draws of the next month: a negative binomial around a mean that forgets, as wide as its past errors were.

    Simple exponential smoothing (R. Brown, 1956) with weight 0.3; gamma-Poisson draws with the variance of its
    one-step errors, at least that of a Poisson.
    """
    level, errors = float(past[0]), list[float]()
    for value in past[1:].tolist():
        errors.append(value - level)
        level += SMOOTH * (value - level)
    mean, spread = max(level, 0.05), float(np.mean(np.square(errors[-WINDOW * 2 :])))
    rng = estimate.rng(seed, f"forecast/{step}")
    if spread <= mean:
        return rng.poisson(mean, DRAWS).astype(np.float64)
    shape = mean**2 / (spread - mean)
    return rng.poisson(rng.gamma(shape, mean / shape, DRAWS)).astype(np.float64)


def _monthly(evidence: Evidence, place: str, code: str) -> tuple[list[str], Floats, list[str]]:
    """The last stretch of months without a gap of an indicator, its values and their ids."""
    rows = (
        evidence.indicators.filter(
            (pl.col("place") == place)
            & (pl.col("indicator") == code)
            & pl.col("value").is_not_null()
            & (pl.col("period").str.len_bytes() == 7)
        )
        .unique("period")
        .sort("period")
    )
    months, values = rows["period"].to_list(), rows["value"].to_numpy()
    numbers = [(month_numbers(month) or (0, 0))[0] for month in months]
    breaks = [at for at in range(1, len(numbers)) if numbers[at] != numbers[at - 1] + 1]
    start = breaks[-1] if breaks else 0
    return months[start:], values[start:], [f"indicator:{place}:{code}:{month}" for month in months[start:]]


def place_precision(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """How many events are placed precisely enough for each level: `place_precision/ALL/LEVEL` (k of n).

    And how many second-level areas stand out as hot spots in the last whole year when only events of precision 1, 2 or
    3 and better are used: `place_precision/ALL/hot_N`.
    Analytic p of Gi*, corrected for the number of areas. Without any event so precise: `not_computable` (`no_events`).
    """
    table = first_table(evidence)
    if table is None:
        return estimate.collect([])
    rows, out = located(evidence, table), list[Row]()
    common: Row = {
        "measure": name,
        "kind": str(spec.get("kind", name)),
        "place": ALL,
        "unit_of_analysis": "event",
        "method": PRECISION_METHOD,
    }
    inside = rows.filter(pl.col("admin0").is_not_null())
    for level in LEVELS:
        good = inside.filter((pl.col("precision") <= WORST.get(level, UNPLACED)) & pl.col(level).is_not_null())
        if inside.height:
            out.append(
                estimate.row(
                    **(
                        common
                        | Row(
                            id=estimate_id(name, ALL, level),
                            answer=level,
                            value=float(good.height),
                            unit="events",
                            k=good.height,
                            n=inside.height,
                            trace=inside["event"].to_list(),
                            counted=good["event"].to_list(),
                        )
                    )
                )
            )
    return estimate.collect([*out, *_hot_by_precision(evidence, name, inside, table, common)])


def _hot_by_precision(evidence: Evidence, name: str, inside: pl.DataFrame, table: str, common: Row) -> list[Row]:
    places, years = areas_of(evidence, "admin2"), whole_years(evidence, table)
    if len(places) < FEWEST or not years:
        return []
    weights, rows = contiguous(evidence, places), list[Row]()
    last = inside.filter(pl.col("date").str.starts_with(years[-1]))
    for worst in (1, 2, 3):
        used = last.filter(pl.col("precision") <= worst)
        counted = dict(used.group_by("admin2").len().iter_rows())
        values = np.array([[float(counted.get(place, 0))] for place in places])
        z = gi(values, weights)[:, 0]
        hot = int(((false_discovery(two_sided(z)) <= LEVEL) & (z > 0)).sum())
        told = values.any()
        rows.append(
            estimate.row(
                **(
                    common
                    | Row(
                        id=estimate_id(name, ALL, f"hot_{worst}"),
                        answer=f"hot_{worst}",
                        period=years[-1],
                        n=len(places),
                        unit="places",
                        value=float(hot) if told else None,
                        status="ok" if told else "not_computable",
                        reason=None if told else "no_events",
                        trace=(used if told else last)["event"].to_list(),
                    )
                )
            )
        )
    return rows
