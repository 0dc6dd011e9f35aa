"""What was tried against trafficking and armed groups, what was claimed for it, and on what ground."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage import estimate
from maillage.evidence import Evidence
from maillage.measure.respondents import areas
from maillage.measure.stated import by_area, cluster_count, grouped, ids, only, source_count, stated

METHOD = "responses 1"
DESIGNS = ("none", "before_after", "comparison")


def responses(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """One row an area and kind of response: `responses/P/WHAT`; value = k = sources that report it.

    direction = the effect claimed (`mixed` where sources differ), meaning = the strongest design behind a claim:
    none, before_after or comparison. Never an effect size: a claim is not a measured effect.
    """
    rows: list[estimate.Row] = []
    for area, items in by_area(stated(evidence, "response"), areas(evidence)):
        for what, same in sorted(grouped(items, lambda item: item.fields["answer"] or estimate.UNSTATED).items()):
            designs = [item.fields["design"] or "none" for item in same]
            rows.append(
                estimate.row(
                    id=estimate.estimate_id(name, area, what),
                    measure=name,
                    kind=spec.get("kind", name),
                    place=area,
                    answer=what,
                    unit_of_analysis="source",
                    unit=spec.get("unit") or "sources",
                    actor=only(item.fields["actor"] for item in same),
                    market=only(item.fields["market"] for item in same),
                    period=only(item.fields["period"] for item in same),
                    direction=only(item.fields["effect"] for item in same),
                    meaning=max(designs, key=lambda design: DESIGNS.index(design) if design in DESIGNS else -1),
                    value=float(source_count(same)),
                    k=source_count(same),
                    clusters=cluster_count(same),
                    method=METHOD,
                    trace=ids(same),
                    counted=ids(same),
                )
            )
    return estimate.collect(rows)
