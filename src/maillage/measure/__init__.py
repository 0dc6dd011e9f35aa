"""Evidence to estimates: one function a kind of number, all pure, all listed here.

A measure of the pack names its kind; the function gets the evidence, the measure's name (the first part of its
ids) and the measure's entry in the pack, and returns a table `estimates`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from maillage.evidence import Evidence
from maillage.measure.coverage import coverage
from maillage.measure.published import published
from maillage.measure.scores import scores
from maillage.measure.shares import shares

Measure = Callable[[Evidence, str, Mapping[str, Any]], pl.DataFrame]

KINDS: dict[str, Measure] = {
    "shares": shares,
    "scores": scores,
    "published": published,
    "coverage": coverage,
}
