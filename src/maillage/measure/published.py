"""Shares that somebody else published: the per cent as printed, and every k of n it can stand for.

A per cent without its n is not a count: k and n stay empty unless given, low and high are the smallest and largest
share that rounds to the printed figure (after the granularity test of Brown and Heathers, 2017).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from maillage.errors import Finding, finding
from maillage.estimate import Row, collect, estimate_id, row
from maillage.evidence import Evidence
from maillage.measure.intervals import about, feasible
from maillage.measure.respondents import ALL

METHOD = "published v1"


def published(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Estimates `published/P/ANSWER/SOURCE` (`MARKET:ANSWER` where a market is given) from rows of kind share.

    `feasible` lists k/n for n up to the published n, else `published_samples` of the study, else its number of
    interviews; `feasible_about` what more would fit had the figure been rounded to fives or tens. None feasible:
    `not_computable`, `infeasible`; several different figures: `several_values`.
    """
    return collect(_row(name, ident, rows, evidence) for ident, rows in sorted(_grouped(evidence, name).items()))


def problems(evidence: Evidence) -> list[Finding]:
    """A warning for each published per cent that no k of n can give."""
    return [
        finding("published_infeasible", file="log", field="percent", value=item["percent"], statement=item["id"], n=n)
        for rows in _grouped(evidence, "published").values()
        for item in rows
        if (n := _largest(item, evidence)) and not _pairs(item, n)
    ]


def _grouped(evidence: Evidence, name: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of kind share by the id of their estimate."""
    homes = dict(evidence.sources.select("id", "place").iter_rows())
    rows = evidence.observations.filter((pl.col("kind") == "share") & pl.col("percent").is_not_null())
    found: dict[str, list[dict[str, Any]]] = {}
    for item in rows.sort("id").iter_rows(named=True):
        item["place"] = item["place"] or homes.get(item["source"]) or ALL
        answer = f"{item['market']}:{item['answer']}" if item["market"] else item["answer"]
        found.setdefault(estimate_id(name, item["place"], answer, item["source"]), []).append(item)
    return found


def _row(name: str, ident: str, rows: list[dict[str, Any]], evidence: Evidence) -> Row:
    item = rows[0]
    common = row(
        id=ident,
        measure=name,
        kind="published",
        place=item["place"],
        unit_of_analysis="respondent",
        market=item["market"],
        answer=item["answer"],
        period=item["period"],
        unit="share",
        interval="feasible",
        method=METHOD,
        clusters=1,
        n=item["of_n"],
        trace=[each["id"] for each in rows],
        counted=[each["id"] for each in rows],
    )
    if len({each["percent"] for each in rows}) > 1:
        return common | Row(status="not_computable", reason="several_values")
    return common | _value(item, evidence)


def _value(item: Mapping[str, Any], evidence: Evidence) -> Row:
    """The figure with its feasible counts."""
    value = float(Decimal(str(item["percent"])) / 100)
    largest = _largest(item, evidence)
    if not largest:
        return Row(value=value, reason="sample_unknown")
    pairs = _pairs(item, largest)
    if not pairs:
        return Row(status="not_computable", reason="infeasible")
    shares = [k / n for k, n in pairs]
    exact = [k for k, n in pairs if n == item["of_n"]]
    return Row(
        value=value,
        low=min(shares),
        high=max(shares),
        k=exact[0] if len(exact) == 1 else None,
        feasible=_listed(pairs),
        feasible_about=None if item["of_n"] else _listed(_about(item, largest)) or None,
    )


def _largest(item: Mapping[str, Any], evidence: Evidence) -> int:
    """The largest n a published share can rest on; 0 when nothing is known."""
    interviews = evidence.sources.filter(pl.col("kind") == "interview").height
    return item["of_n"] or evidence.study.published_samples.get(item["source"]) or interviews


def _pairs(item: Mapping[str, Any], largest: int) -> list[tuple[int, int]]:
    return feasible(item["percent"], decimals=_decimals(item["percent"]), n_max=largest)


def _about(item: Mapping[str, Any], largest: int) -> list[tuple[int, int]]:
    """Further pairs had a figure that is a multiple of ten, or of five, been rounded to these."""
    tens = Decimal(str(item["percent"])) % 10 == 0
    return about(item["percent"], to="tens" if tens else "fives", n_max=largest)


def _listed(pairs: list[tuple[int, int]]) -> str:
    return ";".join(f"{k}/{n}" for k, n in pairs)


def _decimals(percent: float) -> int:
    """Decimal places as printed; 60.0 counts as 60."""
    exponent = Decimal(str(percent)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
