"""What the leaves of an index are made of: for each unit the number of the study, its error, its age and its people.

A leaf is the latest observed value of an indicator (never a projection), or a mean or share among the people asked; of
fewer than `least` people it is missing. Missing is never zero.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage import composites
from maillage.estimate import estimate_id
from maillage.evidence import Evidence
from maillage.measure.indicators import PROJECTED, age_months
from maillage.measure.scores import TREND
from maillage.measure.stated import months

Row = Mapping[str, Any]
NORMAL95 = 2 * 1.959964  # width of a published 95 per cent interval in standard errors
PRIOR = 1.0  # squared deviation of one further person, so that few who agree are not taken for certain


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of one unit: value as measured, standard error of it (0 where none is stated), how many people.

    `period`: reference period, None for geometry and what people say of the study's period.
    """

    value: float
    error: float
    period: str | None
    age: int | None
    people: int | None
    trace: tuple[str, ...]

    @property
    def asked(self) -> bool:
        """Whether it rests on people asked and not on a data set."""
        return self.people is not None


@dataclass(frozen=True, slots=True)
class Sources:
    """What the leaves are read from: estimates by id, indicator rows by place and code, what people said on scales."""

    evidence: Evidence
    rows: Mapping[str, Row]
    observed: Mapping[tuple[str, str], list[Row]]
    said: Mapping[str, tuple[str, float]]


def sources(evidence: Evidence, measured: pl.DataFrame) -> Sources:
    """The estimates that leaves of the pack's indices name, and the answers behind means."""
    wanted = {str(leaf["from"]).partition("/")[0] for spec in evidence.pack.indices.values()
              for leaf in composites.leaves(spec).values()}  # fmt: skip
    kept = measured.filter(pl.col("measure").is_in(sorted(wanted | {"indicators"})))
    rows = {row["id"]: row for row in kept.iter_rows(named=True)}
    observed: dict[tuple[str, str], list[Row]] = {}
    for row in rows.values():
        if row["measure"] == "indicators" and row["meaning"] != PROJECTED and row["value"] is not None:
            observed.setdefault((row["place"], row["answer"]), []).append(row)
    told = evidence.observations.select("id", "source", "answer").iter_rows()
    said = {ident: (source, point) for ident, source, answer in told if (point := _point(answer)) is not None}
    return Sources(evidence, rows, observed, said)


def _point(answer: str | None) -> float | None:
    if answer in TREND:
        return TREND[answer]
    return float(answer) if answer in {"1", "2", "3", "4", "5"} else None


def leaf(known: Sources, unit: str, node: Mapping[str, Any], *, least: int) -> Leaf | None:
    """The leaf of a unit; None where nothing is known, or too few people said it."""
    measure, _, code = str(node["from"]).partition("/")
    if measure == "indicators":
        return _indicator(known, unit, code, str(node["per"]) if "per" in node else None)
    row = known.rows.get(estimate_id(measure, unit, code))
    if row is None or row["status"] != "ok" or not row["n"] or row["n"] < least:
        return None
    if row["kind"] == "shares":
        return None if row["k"] is None else _asked(row, row["k"] / row["n"], _share_error(row["k"], row["n"]))
    return _asked(row, row["value"], _mean_error(known, row))


def _asked(row: Row, value: float, error: float) -> Leaf:
    return Leaf(value, error, None, None, row["n"], tuple(row["trace"] or ()))


def _share_error(k: int, n: int) -> float:
    """Standard deviation of the share under Jeffreys' prior (H. Jeffreys, 1946): few answers hold little."""
    a, b = k + 0.5, n - k + 0.5
    return math.sqrt(a * b / (a + b + 1)) / (a + b)


def _mean_error(known: Sources, row: Row) -> float:
    """Standard error of a mean of people, each with one voice, as if one more had been one point off."""
    voices: dict[str, list[float]] = {}
    for ident in row["counted"] or ():
        if ident in known.said:
            source, point = known.said[ident]
            voices.setdefault(source, []).append(point)
    points = [sum(each) / len(each) for each in voices.values()]
    if not points:
        return 0.0
    middle = sum(points) / len(points)
    return math.sqrt((sum((point - middle) ** 2 for point in points) + PRIOR) / len(points) / len(points))


def _indicator(known: Sources, unit: str, code: str, per: str | None) -> Leaf | None:
    """The latest observed value, divided by the latest of another indicator where the leaf says so."""
    row, below = _latest(known, unit, code), _latest(known, unit, per) if per else None
    if row is None or (per and (below is None or not below["value"])):
        return None
    divisor = below["value"] if below else 1.0
    low, high = row["low"], row["high"]
    error = 0.0 if low is None or high is None else (high - low) / NORMAL95
    trace = sorted({*(row["trace"] or ()), *((below["trace"] or ()) if below else ())})
    age = age_months(row["period"], known.evidence.study.period)
    return Leaf(row["value"] / divisor, error / divisor, row["period"], age, None, tuple(trace))


def _latest(known: Sources, unit: str, code: str) -> Row | None:
    found = known.observed.get((unit, code), [])
    return max(
        found, key=lambda row: ((months(row["period"]) or (0, -1))[1], "@" in row["id"], row["id"]), default=None
    )


def table(units: Sequence[str], found: Mapping[str, Mapping[str, Leaf]], codes: Iterable[str]) -> pl.DataFrame:
    """One row a unit: `unit`, a column a leaf, and `error CODE` with its standard error (null = nothing known)."""
    columns: dict[str, Any] = {"unit": pl.Series("unit", list(units), dtype=pl.String)}
    for code in codes:
        leaves = [found[unit].get(code) for unit in units]
        for name, values in ((code, [one and one.value for one in leaves]),
                             (f"error {code}", [one and one.error for one in leaves])):  # fmt: skip
            columns[name] = pl.Series(name, values, dtype=pl.Float64)
    return pl.DataFrame(columns)
