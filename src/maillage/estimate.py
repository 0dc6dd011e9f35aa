"""The one shape of a number: its row, its id, its named random streams.

Columns: the table `estimates` of the dictionary. Ids are readable and stable (`links/ML07/coopetition`);
a blank part is the token `unstated`.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypedDict, Unpack

import numpy as np
import polars as pl

from maillage import tables

UNSTATED = "unstated"


class Row(TypedDict, total=False):
    """The columns of one estimate; see the dictionary for meaning and units."""

    id: str
    measure: str
    kind: str
    place: str | None
    unit_of_analysis: str | None
    group: str | None
    actor: str | None
    other: str | None
    market: str | None
    period: str | None
    answer: str | None
    value: float | None
    low: float | None
    high: float | None
    interval: str | None
    unit: str | None
    k: int | None
    n: int | None
    method: str | None
    confidence: str | None
    status: str
    reason: str | None
    rung: str | None
    released: str | None
    to: str | None
    good: str | None
    base: str | None
    currency: str | None
    per: str | None
    month: str | None
    open_low: bool | None
    open_high: bool | None
    meaning: str | None
    direction: str | None
    clusters: int | None
    band: str | None
    feasible: str | None
    feasible_about: str | None
    planned: int | None
    missing: int | None
    age_months: int | None
    trace: list[str]
    counted: list[str]


def estimate_id(*parts: str | None) -> str:
    """`links/ML07/coopetition` from its parts; None and blank become `unstated`."""
    return "/".join(part or UNSTATED for part in parts)


def statement_of(published: Mapping[str, Any]) -> str:
    """Id of the statement that a published share (a row of `estimates`) is a share of."""
    place, market, answer = published["place"], published["market"], published["answer"]
    if market is None:
        return estimate_id("links", place, answer)
    if answer == "present":
        return estimate_id("markets", place, market)
    return estimate_id("links_by_market", place, market, answer)


def row(**columns: Unpack[Row]) -> Row:
    """One estimate; `status` is `ok` and `trace` empty unless said, lists sorted and without repeats."""
    columns.setdefault("status", "ok")
    for name in ("trace", "counted"):
        columns[name] = sorted(set(columns.get(name) or []))
    return columns


def _ident(item: Row) -> str:
    return item.get("id", "")


def collect(rows: Iterable[Row]) -> pl.DataFrame:
    """The table `estimates` from rows, sorted by id; two rows with one id are a programmer error."""
    known = sorted(rows, key=_ident)
    twice = [one for one, other in pairwise(map(_ident, known)) if one == other]
    assert not twice, f"estimates with one id: {twice[:5]}"
    return tables.build(known, "estimates")


def stack(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Several `estimates` tables as one, sorted by id."""
    return pl.concat([tables.empty("estimates"), *frames]).sort("id")


def stable_sum(values: Iterable[float]) -> float:
    """A sum that does not depend on order or threads (Shewchuk's exact float summation)."""
    return math.fsum(values)


def rng(seed: int, name: str) -> np.random.Generator:
    """The random stream called `name`: adding a stream never shifts the others.

    PCG64 seeded by SHA-256 of the study's seed and the name.
    """
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
