"""Contradictions as records: which finding, who says it and who denies it, whether anybody settled it and why.

A review that nuances a finding explains its contradiction, one that confirms it sets the contrary aside; both need a
reason. Everything else is open, and a report prints what is open of its key findings or is not built.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage import tables
from maillage.evidence import Evidence
from maillage.measure.confidence import APART, Case, Settlement, case_of, heard_on, settlements

OPEN = Settlement("open", "", "")


def contradictions(evidence: Evidence, estimates: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """The table `contradictions`: one row a finding that independent sources contradict each other on.

    kind: stance, where some say and others deny it; values, where published figures do not meet.
    """
    torn = findings.filter("contradiction").select("id", "for", "against")
    if torn.is_empty():
        return tables.empty("contradictions")
    case, settled = case_of(evidence), settlements(evidence)
    rows = estimates.filter(pl.col("id").is_in(torn["id"].to_list())).join(torn, on="id").sort("id")
    found = [_record(item, case, settled.get(item["id"], OPEN)) for item in rows.iter_rows(named=True)]
    return tables.build(found, "contradictions")


def _record(item: Mapping[str, Any], case: Case, settled: Settlement) -> dict[str, Any]:
    values = item["reason"] == APART
    sides: dict[str, list[str]] = {"for": [], "against": []}
    for each, stance in [] if values else heard_on(item, case):
        if stance in sides:
            sides[stance].append(each.id)
    return {
        "id": item["id"], "measure": item["measure"], "place": item["place"], "kind": "values" if values else "stance",
        "status": settled.status, "for": item["for"], "against": item["against"], "by": settled.by or None,
        "reason": settled.reason or None, "said": sorted(item["counted"]) if values else sorted(sides["for"]),
        "denied": sorted(sides["against"]),
    }  # fmt: skip
