"""How far the coders of a study agree, by question and by pair, and where they do not: the work list.

A unit is what one statement is about: source, place, market, actor, other (a blank place is that of the source, the
actors of a link have no order). What a coder says of a unit is one code: the answer, with its polarity where that is
not present; several answers together where the coder gave several. Coders are compared, never counted: k and n of
other measures do not move.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import tables
from maillage.estimate import Row, collect, estimate_id, rng, row
from maillage.evidence import Evidence
from maillage.measure.agreement import Level, alpha, alpha_interval, cohen, percent
from maillage.measure.passages import overlap
from maillage.measure.respondents import ALL

__all__ = ["agreement", "by_pair", "disagreements", "overlap"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
UNIT = ("source", "place", "market", "actor", "other")
FEW, DRAWS = 10, 1000
METHOD = "alpha v1"
PAIRS = {"question": pl.String, "coder": pl.String, "other": pl.String, "n": pl.Int64, "percent": pl.Float64,
         "alpha": pl.Float64, "kappa": pl.Float64}  # fmt: skip


def agreement(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Estimates `agreement/QUESTION`: alpha at the level of the question, over all places.

    n = units coded by two coders or more, k = those on which all of them say the same; `missing` = units that only one
    of the coders of that source and question has. low, high: `bootstrap95`, null under ten units (reason `few_units`).
    A question of which nothing is coded twice has no row; one category only is `not_computable`, `one_category`.
    """
    rows: list[Row] = []
    for question, level, found in _questions(evidence):
        codes = _matrix(found, level)
        if _coded_twice(codes).any():
            rows.append(_estimate(name, question, level, found=found, codes=codes, seed=evidence.study.seed))
    return collect(rows)


def by_pair(evidence: Evidence) -> pl.DataFrame:
    """For the team's annex: question, coder, other, n (units both coded), percent, alpha, kappa (null if undefined).

    kappa: Cohen's, quadratic weights on an ordered scale. Names of coders: never outside the team.
    """
    rows: list[dict[str, Any]] = []
    for question, level, found in _questions(evidence):
        codes, coders = _matrix(found, level), found["coder"].unique().sort().to_list()
        for first, second in combinations(range(len(coders)), 2):
            pair = codes[[first, second]]
            n = int(_coded_twice(pair).sum())
            if n:
                measured = {"percent": percent(pair), "alpha": alpha(pair, level=level), "kappa": _kappa(pair, level)}
                rows.append({"question": question, "coder": coders[first], "other": coders[second], "n": n} | measured)
    return pl.DataFrame(rows, schema=PAIRS).with_columns(pl.col("percent", "alpha", "kappa").fill_nan(None))


def disagreements(codings: pl.DataFrame, sources: pl.DataFrame | None = None) -> pl.DataFrame:
    """Work list: units of which the coders of that source and question do not all say the same.

    codings: table `observations`, all coders; sources: fills blank places. Returns question, source, place, market,
    actor, other and `answers`: a list of coder, answer (null: coded the source on that question, but not this), ids
    of the observations. Sorted; names of coders: never outside the team.
    """
    said = _by_coder(_coded(codings, sources), {})
    asked = said.select("question", "source", "coder").unique()
    each = said.select("unit", "question", *UNIT).unique().join(asked, on=["question", "source"])
    answer = pl.struct("coder", answer="code", observations=pl.col("ids").fill_null([]))
    return (
        each.join(said.select("unit", "coder", "code", "ids"), on=["unit", "coder"], how="left")
        .filter(pl.col("code").n_unique().over("unit") > 1)
        .sort("unit", "coder")
        .group_by("unit", "question", *UNIT, maintain_order=True)
        .agg(answers=answer)
        .drop("unit")
    )


def _questions(evidence: Evidence) -> list[tuple[str, Level, pl.DataFrame]]:
    """What each coder says of each unit, by question of the pack, with its level; people who refused say nothing."""
    consented = evidence.sources.filter(pl.col("consent").fill_null("") != "none")["id"]
    codings = evidence.codings.filter(pl.col("source").is_in(consented.to_list()))
    levels: dict[str, Level] = {
        question: cast("Level", asked.level) for question, asked in sorted(evidence.pack.questions.items())
    }
    ordered = {question: _points(evidence, question) for question, level in levels.items() if level != "nominal"}
    said = _by_coder(_coded(codings, evidence.sources), ordered)
    parts = {str(question): part for (question,), part in said.partition_by("question", as_dict=True).items()}
    return [(question, level, parts[question]) for question, level in levels.items() if question in parts]


def _coded(codings: pl.DataFrame, sources: pl.DataFrame | None) -> pl.DataFrame:
    """Statements with their unit and code; published shares and reviews answer other questions, flows have no code."""
    known = tables.empty("sources") if sources is None else sources
    homes = known.select(pl.col("id").alias("source"), pl.col("place").alias("home"))
    turned = (pl.col("kind") == "link") & (pl.col("actor") > pl.col("other")).fill_null(pl.col("actor").is_null())
    absent = pl.col("polarity").fill_null("present") != "present"
    return (
        codings.filter(~pl.col("kind").is_in(["share", "review"]) & pl.col("answer").is_not_null())
        .join(homes, on="source", how="left")
        .with_columns(
            place=pl.coalesce("place", "home"),
            actor=pl.when(turned).then("other").otherwise("actor"),
            other=pl.when(turned).then("actor").otherwise("other"),
            code=pl.when(absent).then(pl.format("{}:{}", "answer", "polarity")).otherwise("answer"),
        )
        .select("id", "coder", "question", *UNIT, "code")
    )


def _by_coder(coded: pl.DataFrame, ordered: Mapping[str, Mapping[str, float]]) -> pl.DataFrame:
    """One row a unit and coder: code, point (mean, null off the scale), ids; `unit` numbers the units. Sorted."""
    points = [(question, code, at) for question, scale in ordered.items() for code, at in scale.items()]
    scale = pl.DataFrame(points, schema={"question": pl.String, "code": pl.String, "point": pl.Float64}, orient="row")
    units = coded.select("question", *UNIT).unique().sort("question", *UNIT, nulls_last=True).with_row_index("unit")
    said = (
        coded.join(units, on=["question", *UNIT], nulls_equal=True)
        .join(scale, on=["question", "code"], how="left")
        .sort("unit", "coder", "code", "id")
        .group_by("unit", "coder", maintain_order=True)
        .agg(pl.col("code").first(), codes=pl.col("code"), point=pl.col("point").mean(), ids=pl.col("id"))
    )
    several = said.filter(pl.col("codes").list.len() > 1).select(
        "unit", "coder", joined=pl.col("codes").list.unique(maintain_order=True).list.join(";")
    )
    named = said.join(several, on=["unit", "coder"], how="left").with_columns(code=pl.coalesce("joined", "code"))
    return named.select("unit", "coder", "code", "point", "ids").join(units, on="unit").sort("unit", "coder")


def _points(evidence: Evidence, question: str) -> dict[str, float]:
    """Where each answer stands on an ordered scale: its number, or else its place in the list of answers."""
    listed = evidence.pack.questions[question].answers or ""
    answers = evidence.pack.codes(listed) or list(tables.codes().get(listed, {}))
    numbered = all(code.isdecimal() for code in answers)
    return {code: float(code) if numbered else float(place) for place, code in enumerate(answers)}


def _matrix(found: pl.DataFrame, level: Level) -> Floats:
    """What one question was coded, coders x units: points, or numbers of codes; nan = not coded, or off the scale."""
    told = pl.col("code").rank("dense") if level == "nominal" else pl.col("point")
    rows, columns, values = found.select(
        pl.col("coder").rank("dense") - 1, pl.col("unit").rank("dense") - 1, value=told.cast(pl.Float64)
    )
    codes = np.full((found["coder"].n_unique(), found["unit"].n_unique()), np.nan)
    codes[rows.to_numpy(), columns.to_numpy()] = values.to_numpy()
    return codes


def _coded_twice(codes: Floats) -> Flags:
    return (~np.isnan(codes)).sum(axis=0) > 1


def _alike(codes: Floats) -> Flags:
    """Units coded twice or more on which every coder says the same."""
    least, most = np.where(np.isnan(codes), np.inf, codes), np.where(np.isnan(codes), -np.inf, codes)
    return _coded_twice(codes) & (least.min(axis=0) == most.max(axis=0))


def _kappa(pair: Floats, level: Level) -> float:
    """Cohen's kappa of two coders; on an ordered scale a difference costs its square."""
    if level == "nominal":
        return cohen(*pair)
    scale = np.unique(pair[~np.isnan(pair)])
    return cohen(*pair, weights=np.subtract.outer(scale, scale) ** 2, categories=scale.tolist())


def _estimate(name: str, question: str, level: Level, *, found: pl.DataFrame, codes: Floats, seed: int) -> Row:
    twice, alike = _coded_twice(codes), _alike(codes)
    value, n = alpha(codes, level=level), int(twice.sum())
    common = row(
        id=estimate_id(name, question),
        measure=name,
        kind="agreement",
        place=ALL,
        unit_of_analysis="statement",
        answer=question,
        unit="alpha",
        k=int(alike.sum()),
        n=n,
        missing=_one_sided(found),
        method=f"{METHOD}, {level}",
        trace=_ids(found, twice),
        counted=_ids(found, alike),
    )
    if np.isnan(value):
        return common | Row(status="not_computable", reason="one_category")
    if n < FEW:
        return common | Row(value=value, reason="few_units")
    low, high = alpha_interval(codes, level=level, draws=DRAWS, seed=rng(seed, f"{name}/{question}"))
    return common | Row(value=value, low=low, high=high, interval="bootstrap95")


def _ids(found: pl.DataFrame, units: Flags) -> list[str]:
    """The observations behind these units."""
    behind = found.filter(pl.Series(units).gather(found["unit"].rank("dense") - 1))
    return behind["ids"].explode().to_list()


def _one_sided(found: pl.DataFrame) -> int:
    """Units that one coder has and another who coded that source on that question does not."""
    teams = found.group_by("source").agg(team=pl.col("coder").n_unique())
    sides = found.group_by("unit", "source").len("sides").join(teams, on="source")
    return sides.filter((pl.col("sides") == 1) & (pl.col("team") > 1)).height
