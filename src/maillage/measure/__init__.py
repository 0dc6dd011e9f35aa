"""Evidence to estimates: one function a kind of number, all pure, all listed here.

A measure of the pack names its kind; the function gets the evidence, the measure's name (the first part of its
ids) and the measure's entry in the pack, and returns a table `estimates`. `agreement`, `amounts` and `spread` hold
functions for arrays that need no study.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.measure import (
    agreement,
    agreements,
    amounts,
    coverage,
    events,
    expansion,
    figures,
    flows,
    indicators,
    levies,
    published,
    responses,
    scores,
    shares,
    spread,
)

__all__ = ["KINDS", "Measure", "agreement", "amounts", "shares", "spread"]

Measure = Callable[[Evidence, str, Mapping[str, Any]], pl.DataFrame]

# modules are imported whole: a function's name in this package would hide the module of the same name
KINDS: dict[str, Measure] = {
    "shares": shares.shares,
    "scores": scores.scores,
    "published": published.published,
    "coverage": coverage.coverage,
    "amounts": levies.levies,
    "totals": levies.levy_totals,
    "flows": flows.flows,
    "events": events.events,
    "figures": figures.figures,
    "indicators": indicators.indicators,
    "responses": responses.responses,
    "spread": expansion.spread,
    "agreement": agreements.agreement,
}
