"""Quantities published by somebody, side by side: one voice a cluster, contradictions kept."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage import estimate
from maillage.evidence import Evidence
from maillage.measure.stated import (
    Bounds,
    Stated,
    bounds,
    cluster_count,
    envelope,
    grouped,
    ids,
    money,
    most_said,
    named,
    only,
    source_count,
    stated,
)

METHOD = "figures 1"
PUBLISHED = frozenset({"document", "dataset"})


def figures(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """One row a place, quantity and period: `figures/P/WHAT/PERIOD`, about that place alone (nothing is added up).

    Texts that repeat each other are one cluster and one voice. value where all clusters give one number; else low
    and high over the clusters and no value. Reason `contradiction` where two clusters' ranges do not meet: then each
    published voice also has its own row, `@CLUSTER` after the id. k = clusters, n = sources. Other units, bases or
    periods of reference have rows of their own (`@` after the id).
    """
    rows: list[estimate.Row] = []
    for (place, what, period), items in sorted(grouped(stated(evidence, "figure"), _what).items(), key=str):
        plain = estimate.estimate_id(name, place, what, period)
        for order, (measure, same) in enumerate(most_said(grouped(items, _unit))):
            found = plain + ("@" + ".".join(part for part in measure if part) if order else "")
            titles = estimate.Row(measure=name, kind=spec.get("kind", name), place=place, answer=what, period=period)
            whole = _figure(same)
            rows.append({**whole, **titles, "id": found})
            voices = _public_voices(same) if whole.get("reason") == "contradiction" else {}
            rows.extend({**_figure(told), **titles, "id": f"{found}@{voice}"} for voice, told in voices.items())
    return estimate.collect(rows)


def _public_voices(items: list[Stated]) -> dict[str, list[Stated]]:
    """Statements with a quantity by cluster, of clusters that hold published sources only: an id names nobody else."""
    voices = grouped([item for item in items if _bounds(item)], lambda item: item.source.cluster)
    return {name: told for name, told in voices.items() if {item.source.kind for item in told} <= PUBLISHED}


def _what(item: Stated) -> tuple[str, str | None, str | None]:
    return item.place or estimate.UNSTATED, named(item, "answer"), named(item, "period")


def _unit(item: Stated) -> tuple[str | None, str | None, str | None]:
    unit = money(item) or ("percent" if _only_percent(item) else None)
    return unit, named(item, "base"), named(item, "per")


def _only_percent(item: Stated) -> bool:
    return item.fields["percent"] is not None and bounds(item) is None


def _bounds(item: Stated) -> Bounds | None:
    if _only_percent(item):
        return Bounds(item.fields["percent"], item.fields["percent"], open_low=False, open_high=False)
    return bounds(item)


def _figure(items: list[Stated]) -> estimate.Row:
    unit, base, per = _unit(items[0])
    said = [(item, found) for item in items if (found := _bounds(item)) is not None]
    voices = grouped([item for item, _ in said], lambda item: item.source.cluster)
    ranges = [envelope(found for item, found in said if item.source.cluster == voice) for voice in sorted(voices)]
    whole = envelope(ranges)
    known = bool(said)
    reason = ("contradiction" if _apart(ranges) else None) if known else "amount_unstated"
    return estimate.row(
        unit_of_analysis="cluster",
        market=only(item.fields["market"] for item in items),
        actor=only(item.fields["actor"] for item in items),
        unit=unit,
        currency=only(item.fields["currency"] for item in items),
        base=base,
        per=per,
        value=whole.value,
        low=whole.low,
        high=whole.high,
        open_low=whole.open_low if known else None,
        open_high=whole.open_high if known else None,
        interval="bounds" if known else None,
        meaning=only(item.fields["meaning"] for item, _ in said),
        k=len(voices),
        n=source_count(items),
        clusters=cluster_count(items),
        method=METHOD,
        status="ok" if known else "not_computable",
        reason=reason,
        trace=ids(items),
        counted=ids(item for item, _ in said),
    )


def _apart(ranges: list[Bounds]) -> bool:
    """Whether two clusters' ranges do not meet; an open bound reaches everything."""
    tops = [found.high for found in ranges if found.high is not None and not found.open_high]
    floors = [found.low for found in ranges if found.low is not None and not found.open_low]
    return bool(tops and floors) and min(tops) < max(floors)
