"""What armed groups take and what they pay, as people put it: amounts with their bounds, base, period and currency.

A range between payers is not doubt about one value, so the meaning of a range stays with it. What groups take
(`to_group`) and what they pay others (`by_group`) never meet in one number.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from maillage import estimate
from maillage.estimate import Row
from maillage.evidence import Evidence
from maillage.measure.respondents import areas
from maillage.measure.stated import (
    Bounds,
    Stated,
    bounds,
    by_area,
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
from maillage.measure.totals import under_shapes

METHOD = "levy_bounds 1"
TOTALS = "levy_totals 1"
NO_GOOD = "levies"
TO_GROUP, BY_GROUP = "to_group", "by_group"
UNNAMED_BASES = frozenset({None, "unspecified", "head_unspecified"})


def levies(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """One row an area, taxed good, base and period: `levies/P/MARKET/BASE/PER`, in the currency of the statements.

    low and high are the lowest and highest bound said (interval `bounds`); value only where all say one number;
    n = sources, clusters = independent origins. A second currency has its own row with `@CUR` after the id, payments
    by the group beside a levy of the same name `@by_group`. No amount said = not_computable, amount_unstated.
    """
    rows: list[Row] = []
    for area, items in by_area(stated(evidence, "levy"), areas(evidence)):
        for key, same in sorted(grouped(items, _what).items(), key=str):
            rows.extend(_in_area(evidence, estimate.estimate_id(name, area, *key), same, kind=spec.get("kind")))
    return estimate.collect(_titled(row, name) for row in rows)


def _titled(row: Row, name: str) -> Row:
    return {**row, "measure": name, "kind": row.get("kind") or name}


def _what(item: Stated) -> tuple[str, str | None, str | None]:
    return named(item, "market") or NO_GOOD, named(item, "base"), named(item, "per")


def _in_area(evidence: Evidence, base_id: str, items: list[Stated], *, kind: str | None) -> Iterator[Row]:
    """The rows of one id: one a direction and currency."""
    ways = grouped(items, lambda item: _direction(evidence, item))
    for way, same in sorted(ways.items()):
        aside = f"@{BY_GROUP}" if way == BY_GROUP and TO_GROUP in ways else ""
        for place, (currency, amounts) in enumerate(most_said(grouped(same, money))):
            second = f"@{currency or estimate.UNSTATED}" if place else ""
            row = _levy(f"{base_id}{aside}{second}", amounts, currency=currency)
            yield {**row, "direction": way, "kind": kind or "", "place": base_id.split("/")[1]}


def _direction(evidence: Evidence, item: Stated) -> str:
    """Where the money goes; the pack says it for each form, a levy without form is taken by the group."""
    form = item.fields["answer"]
    said = evidence.pack.attribute("levy_forms", form, "direction") if form else None
    return str(said) if said else TO_GROUP


def _levy(levy_id: str, items: list[Stated], *, currency: str | None) -> Row:
    market, base, per = _what(items[0])
    said = [(item, found) for item in items if (found := bounds(item)) is not None]
    whole = envelope(found for _, found in said)
    known = bool(said)
    return estimate.row(
        id=levy_id,
        unit_of_analysis="source",
        market=market,
        base=base,
        per=per,
        answer=only(item.fields["answer"] for item in items),
        actor=only(item.fields["actor"] for item in items),
        currency=currency,
        unit=currency,
        value=whole.value,
        low=whole.low,
        high=whole.high,
        open_low=whole.open_low if known else None,
        open_high=whole.open_high if known else None,
        interval="bounds" if known else None,
        meaning=only(item.fields["meaning"] for item, _ in said),
        n=source_count(items),
        clusters=cluster_count(items),
        method=METHOD,
        status="ok" if known else "not_computable",
        reason=None if known else "amount_unstated",
        trace=ids(items),
        counted=ids(item for item, _ in said),
    )


def levy_totals(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """What the levies on a good may add up to in an area: `levy_totals/P/MARKET`.

    Not computable unless somebody stated how many pay: a figure `payers` about the same place and market. Then the
    bounds multiply (lowest levy times fewest payers to highest times most), which assumes nothing about who pays
    what; rows `levy_totals/P/MARKET@SHAPE` beside them hold draws under each shape. Payments by the group are never
    added to its income. Reasons: number_of_payers (not stated), base_unstated (a levy on no named base),
    period_unstated, several_levies (more than one base, period or currency).
    """
    payers = grouped(
        (item for item in stated(evidence, "figure") if item.fields["answer"] == "payers"),
        lambda item: (item.place, named(item, "market") or NO_GOOD),
    )
    rows: list[Row] = []
    for area, items in by_area(stated(evidence, "levy"), areas(evidence)):
        taken = [item for item in items if _direction(evidence, item) == TO_GROUP]
        for market, same in sorted(grouped(taken, lambda item: _what(item)[0]).items()):
            total = _total(same, payers.get((area, market), []))
            total_id = estimate.estimate_id(name, area, market)
            total |= {"id": total_id, "place": area, "market": market, "kind": spec.get("kind", name)}
            rows += [total, *_drawn(total, same, payers.get((area, market), []), evidence.study.seed)]
    return estimate.collect(_titled(row, name) for row in rows)


def _total(levy: list[Stated], payers: list[Stated]) -> Row:
    """The total of one good in one area, without its names."""
    levels = [found for item in levy if (found := bounds(item)) is not None]
    counts = [found for item in payers if (found := bounds(item)) is not None]
    kinds = {(_what(item)[1], _what(item)[2], money(item)) for item in levy}
    base, per, currency = sorted(kinds, key=str)[0]
    reason = _why_no_total(levels, counts, kinds)
    every = [*levy, *payers]
    shared = estimate.row(
        unit_of_analysis="source",
        n=source_count(every),
        clusters=cluster_count(every),
        direction=TO_GROUP,
        method=TOTALS,
        trace=ids(every),
    )
    if reason is not None:
        return {**shared, "status": "not_computable", "reason": reason}
    level, count = envelope(levels), envelope(counts)
    low, high = _product(level.low, count.low), _product(level.high, count.high)
    return {
        **shared,
        "value": low if low == high else None,
        "low": low,
        "high": high,
        "open_low": level.open_low or count.open_low,
        "open_high": level.open_high or count.open_high,
        "interval": "bounds",
        "meaning": _meaning(levy),
        "base": base,
        "per": per,
        "currency": currency,
        "unit": currency,
        "counted": ids(every),
    }


def _drawn(whole: Row, levy: list[Stated], payers: list[Stated], seed: int) -> list[Row]:
    """The total under each shape, where it could be computed."""
    if whole.get("status", "ok") != "ok":
        return []
    level, count = (envelope(found for item in items if (found := bounds(item))) for items in (levy, payers))
    return under_shapes(whole, level, count, seed=seed)


def _meaning(levy: list[Stated]) -> str | None:
    """What the ranges of the amounts are, where all who gave one agree."""
    return only(item.fields["meaning"] for item in levy if bounds(item))


def _why_no_total(
    levels: list[Bounds], counts: list[Bounds], kinds: set[tuple[str | None, str | None, str | None]]
) -> str | None:
    """The missing item, or None where a total can be computed."""
    if not counts:
        return "number_of_payers"
    if not levels:
        return "amount_unstated"
    if len(kinds) > 1:
        return "several_levies"
    base, per, _ = next(iter(kinds))
    if base in UNNAMED_BASES:
        return "base_unstated"
    return "period_unstated" if per is None else None


def _product(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b
