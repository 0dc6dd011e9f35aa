"""How recorded violence moves: hot spots and what became of them, trends by year, months from which the level differs.

Counts of one data set, each a floor; what changes may be the violence or how well it is reported.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from maillage import estimate
from maillage.estimate import Row, estimate_id
from maillage.evidence import Evidence
from maillage.measure.autocorrelated import autocorrelated_trend
from maillage.measure.emerging import emerging, false_discovery, permuted
from maillage.measure.series import Floats, Slices, areas_of, contiguous, first_table, slices, whole_years
from maillage.measure.spread import TOO_SHORT, segmentations, trend

HOT_METHOD = "gi_star 1"
EMERGING_METHOD = "emerging_hot_spots 1"
TREND_METHOD = "mann_kendall_sen 2"
CHANGE_METHOD = "change_points 1"
FEWEST = 10  # areas, below which a local measure has nothing to compare with
MOST_CHANGES, MONTHS_BETWEEN = 3, 6
DRAWS = 9_999  # few draws cannot give a p small enough to survive the correction for fifty areas


def _common(name: str, spec: Mapping[str, Any], method: str) -> Row:
    return Row(measure=name, kind=str(spec.get("kind", name)), unit_of_analysis="event", method=method)


def _sliced(evidence: Evidence, level: str) -> Slices | None:
    """Events of the areas of a level over the last whole years; None without a data set, areas or years."""
    table = first_table(evidence)
    places = areas_of(evidence, level) if table else []
    years = whole_years(evidence, table) if table else ()
    return slices(evidence, table, places, years) if table and places and years else None


def hot_spots(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Gi* of second-level areas in the last whole year: `hot_spots/P/YYYY`, with `.../p`.

    value: z over the area and those that touch it. p: two-sided, by permutation (9,999 draws of the study's seed), then
    corrected for the number of areas (`emerging.permuted`, `emerging.false_discovery`). n: areas compared. Nothing with
    fewer than ten areas, `not_computable` (`no_variation`) where all counts are alike.
    """
    data = _sliced(evidence, "admin2")
    if data is None or len(data.places) < FEWEST:
        return estimate.collect([])
    weights, year = contiguous(evidence, data.places), data.years[-1]
    z = emerging(data.values, weights)["z"].to_numpy()
    p = false_discovery(permuted(data.values[:, -1], weights, draws=DRAWS, seed=evidence.study.seed))
    rows: list[Row] = []
    for place, one_z, one_p in zip(data.places, z.tolist(), p.tolist(), strict=True):
        parts = (("", one_z, "z"), ("/p", one_p, "p"))
        rows += [
            estimate.row(
                **(
                    _common(name, spec, HOT_METHOD)
                    | Row(
                        id=estimate_id(name, place, year) + tail,
                        place=place,
                        period=year,
                        n=len(data.places),
                        unit=unit,
                        value=None if math.isnan(value) else value,
                        status="not_computable" if math.isnan(value) else "ok",
                        reason="no_variation" if math.isnan(value) else None,
                        trace=data.trace([year]),
                    )
                )
            )
            for tail, value, unit in parts
        ]
    return estimate.collect(rows)


def emerging_spots(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """How hot and cold spots came to be over the last ten whole years at most: `emerging/P`.

    answer: `hot_` or `cold_` and the pattern (see `emerging.emerging`), or `none`. value: z of the trend
    (Mann-Kendall) of the area's Gi*; `.../p` its p. n: years. A verdict needs at least five years (`series_short`).
    """
    data = _sliced(evidence, "admin2")
    if data is None or len(data.places) < FEWEST:
        return estimate.collect([])
    found = emerging(data.values, contiguous(evidence, data.places))
    short = len(data.years) <= TOO_SHORT
    rows: list[Row] = []
    for place, row in zip(data.places, found.iter_rows(named=True), strict=True):
        sign = {1: "hot", -1: "cold"}.get(row["sign"], "none")
        answer = None if short else f"{sign}_{row['category']}" if row["category"] else "none"
        common: Row = {
            **_common(name, spec, EMERGING_METHOD),
            "place": place,
            "n": len(data.years),
            "period": f"{data.years[0]}/{data.years[-1]}",
            "trace": data.trace(),
        }
        if short:
            rows.append(
                estimate.row(**(common | Row(id=estimate_id(name, place), status="too_few", reason="series_short")))
            )
            continue
        parts = (("", row["trend_z"], "z"), ("/p", row["trend_p"], "p"))
        rows += [
            estimate.row(
                **(
                    common
                    | Row(
                        id=estimate_id(name, place) + tail,
                        answer=answer,
                        unit=unit,
                        value=None if math.isnan(value) else value,
                        status="not_computable" if math.isnan(value) else "ok",
                        reason="no_variation" if math.isnan(value) else None,
                    )
                )
            )
            for tail, value, unit in parts
        ]
    return estimate.collect(rows)


def event_trends(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Trend of events a year over the last ten whole years at most, of the country and its regions: `event_trends/P`.

    value: Sen's slope, events a year more each year; `.../tau` and `.../p` of Mann-Kendall (exact up to ten years).
    `.../p_autocorrelated`: corrected for years that resemble their neighbours (K. Hamed, A. Rao, 1998), absent where
    its variance is not positive. n: years. Four years or fewer are `too_few` (`series_short`).
    """
    rows: list[Row] = []
    for level in ("admin0", "admin1"):
        data = _all_of(evidence, level)
        for at, place in enumerate(data.places if data else ()):
            assert data is not None
            rows += _trend_rows(name, spec, data, at, place)
    return estimate.collect(rows)


def _all_of(evidence: Evidence, level: str) -> Slices | None:
    """As `_sliced`; the country needs no outline."""
    if level != "admin0":
        return _sliced(evidence, level)
    table = first_table(evidence)
    years = whole_years(evidence, table) if table else ()
    return slices(evidence, table, evidence.study.countries, years) if table and years else None


def _trend_rows(name: str, spec: Mapping[str, Any], data: Slices, at: int, place: str) -> list[Row]:
    common: Row = {
        **_common(name, spec, TREND_METHOD),
        "place": place,
        "n": len(data.years),
        "period": f"{data.years[0]}/{data.years[-1]}",
        "trace": data.trace(places=[place]),
    }
    if not common.get("trace"):
        return []
    found = trend(data.values[at])
    if math.isnan(found.p):
        return [estimate.row(**(common | Row(id=estimate_id(name, place), status="too_few", reason="series_short")))]
    corrected = autocorrelated_trend(data.values[at]).p
    parts = (
        ("", found.slope, "events_per_year"),
        ("/tau", found.tau, "tau"),
        ("/p", found.p, "p"),
        ("/p_autocorrelated", corrected, "p"),
    )
    return [
        estimate.row(**(common | Row(id=estimate_id(name, place) + tail, value=value, unit=unit)))
        for tail, value, unit in parts
        if not math.isnan(value)
    ]


def event_changes(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Months from which the level of events differs, of the country and its regions: `event_changes/P/YYYY-MM`.

    value: mean events a month from then to the next change; `.../before`: in the stretch before. At most three changes
    in the last ten whole years, stretches of at least six months, found by exact segmentation
    (`spread.change_points`) of the square roots of counts; how many by the Bayesian information criterion. Chance alone
    gives changes too: a month found is a place to look at, not a test.
    """
    table = first_table(evidence)
    years = whole_years(evidence, table) if table else ()
    if not table or not years:
        return estimate.collect([])
    data = slices(evidence, table, (*evidence.study.countries, *areas_of(evidence, "admin1")), years, by="month")
    rows: list[Row] = []
    for place, values in zip(data.places, data.values, strict=True):
        starts = changes(values)
        for begin, start, end in zip([0, *starts], starts, [*starts[1:], len(values)], strict=False):
            parts = (("", values[start:end]), ("/before", values[begin:start]))
            rows += [
                estimate.row(
                    **(
                        _common(name, spec, CHANGE_METHOD)
                        | Row(
                            id=estimate_id(name, place, data.years[start]) + tail,
                            place=place,
                            period=data.years[start],
                            value=float(part.mean()),
                            unit="events_per_month",
                            n=len(part),
                            trace=data.trace(places=[place]),
                        )
                    )
                )
                for tail, part in parts
            ]
    return estimate.collect(rows)


def changes(counts: Sequence[float] | Floats) -> list[int]:
    """Where a series of counts starts a new level: the number of changes that the Bayesian criterion prefers.

    Square roots even out the spread of counts (M. Bartlett, 1936); criterion as for means of normal segments (Y. Yao,
    1988): n log(RSS / n) + (2 changes + 1) log n. Stretches shorter than six steps are not taken.
    """
    x = np.sqrt(np.asarray(counts, dtype=np.float64))
    n, best, chosen = x.size, math.inf, list[int]()
    most = min(MOST_CHANGES, n // MONTHS_BETWEEN - 1)
    for count, starts in enumerate(segmentations(x, most) if most >= 0 else ()):
        pieces = np.split(x, starts)
        if min(map(len, pieces)) < MONTHS_BETWEEN:
            continue
        rest = sum(float(((piece - piece.mean()) ** 2).sum()) for piece in pieces)
        score = n * math.log(max(rest, 1e-12) / n) + (2 * count + 1) * math.log(n)
        if score < best:
            best, chosen = score, starts
    return chosen
