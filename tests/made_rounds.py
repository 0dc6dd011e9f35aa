"""A study asked in two rounds: of each a small study of its own (`made_indices`), put together with dates."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import polars as pl

from made_indices import study
from maillage.evidence import Evidence

ROUNDS = {"spring": "2024-03/2024-04", "autumn": "2024-10/2024-11"}
DATES = {"spring": "2024-03-05", "autumn": "2024-11-20"}
LOW = {"EX01": (3, 5, 2), "EX02": (3, 5, 2)}
HIGH = {"EX01": (9, 5, 4), "EX02": (3, 5, 2)}


def asked(
    spring: Mapping[str, int], autumn: Mapping[str, int], *, before: Mapping[str, tuple[int, int, int]] = LOW,
    after: Mapping[str, tuple[int, int, int]] = HIGH, **more: Any,
) -> Evidence:  # fmt: skip
    """So many people a region in each round; before, after: what they say (the pattern of `made_indices.study`)."""
    given = {"rounds": ROUNDS} | more
    parts = [_dated(study(people, pattern, **given), name)
             for name, people, pattern in (("spring", spring, before), ("autumn", autumn, after))]  # fmt: skip
    return dataclasses.replace(
        parts[0],
        sources=pl.concat([one.sources for one in parts]),
        observations=pl.concat([one.observations for one in parts]),
    )


def _dated(made: Evidence, name: str) -> Evidence:
    """Its people and what they say, each id with the round before it."""
    mark = pl.lit(f"{name}_")
    return dataclasses.replace(
        made,
        sources=made.sources.with_columns(id=mark + pl.col("id"), date=pl.lit(DATES[name])),
        observations=made.observations.with_columns(id=mark + pl.col("id"), source=mark + pl.col("source")),
    )
