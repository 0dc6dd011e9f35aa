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
    said = _said(evidence)
    rows: list[Row] = []
    for question in sorted(set(said["question"]) & evidence.pack.questions.keys()):
        found = said.filter(pl.col("question") == question)
        codes = _matrix(found)
        if _coded_twice(codes).any():
            rows.append(_estimate(evidence, name, question, found, codes))
    return collect(rows)


def by_pair(evidence: Evidence) -> pl.DataFrame:
    """For the team's annex: question, coder, other, n (units both coded), percent, alpha, kappa (null if undefined).

    kappa: Cohen's, quadratic weights on an ordered scale. Names of coders: never outside the team.
    """
    said = _said(evidence)
    rows: list[dict[str, Any]] = []
    for question in sorted(set(said["question"]) & evidence.pack.questions.keys()):
        found = said.filter(pl.col("question") == question)
        codes, coders = _matrix(found), sorted(set(found["coder"]))
        level = _level(evidence, question)
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
    teams = said.group_by("question", "source").agg(team=pl.col("coder").unique().sort())
    units = said.group_by("question", *UNIT, maintain_order=True).agg("coder", "code", "ids")
    rows: list[dict[str, Any]] = []
    for unit in units.join(teams, on=["question", "source"]).iter_rows(named=True):
        codes = {coder: (code, ids) for coder, code, ids in zip(unit["coder"], unit["code"], unit["ids"], strict=True)}
        answers = [(coder, *codes.get(coder, (None, []))) for coder in unit["team"]]
        if len({code for _, code, _ in answers}) > 1:
            told = [{"coder": coder, "answer": code, "observations": ids} for coder, code, ids in answers]
            rows.append({name: unit[name] for name in ("question", *UNIT)} | {"answers": told})
    answer = pl.Struct({"coder": pl.String, "answer": pl.String, "observations": pl.List(pl.String)})
    schema = dict.fromkeys(("question", *UNIT), pl.String()) | {"answers": pl.List(answer)}
    return pl.DataFrame(rows, schema=schema).sort("question", *UNIT, nulls_last=True)


def _said(evidence: Evidence) -> pl.DataFrame:
    """What each coder says of each unit, numbers on an ordered scale; people who refused say nothing."""
    consented = evidence.sources.filter(pl.col("consent").fill_null("") != "none")["id"]
    codings = evidence.codings.filter(pl.col("source").is_in(consented.to_list()))
    asked = evidence.pack.questions
    ordered = {question: _points(evidence, question) for question in asked if asked[question].level != "nominal"}
    return _by_coder(_coded(codings, evidence.sources), ordered)


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
    scale = pl.DataFrame(points, schema=["question", "code", "point"], orient="row").cast({"point": pl.Float64})
    keys = ["question", *UNIT, "coder"]
    return (
        coded.join(scale.cast({"question": pl.String, "code": pl.String}), on=["question", "code"], how="left")
        .group_by(keys)
        .agg(code=pl.col("code").unique().sort().str.join(";"), point=pl.col("point").mean(), ids=pl.col("id").sort())
        .sort(keys)
        .with_columns(unit=pl.struct("question", *UNIT).rle_id(), ordered=pl.col("question").is_in(sorted(ordered)))
    )


def _level(evidence: Evidence, question: str) -> Level:
    return cast("Level", evidence.pack.questions[question].level)


def _points(evidence: Evidence, question: str) -> dict[str, float]:
    """Where each answer stands on an ordered scale: its number, or else its place in the list of answers."""
    listed = evidence.pack.questions[question].answers or ""
    answers = evidence.pack.codes(listed) or list(tables.codes().get(listed, {}))
    numbered = all(code.isdecimal() for code in answers)
    return {code: float(code) if numbered else float(place) for place, code in enumerate(answers)}


def _matrix(found: pl.DataFrame) -> NDArray[Any]:
    """Codes of one question, coders x units; None = not coded, or not on the scale."""
    coders = {coder: place for place, coder in enumerate(sorted(set(found["coder"])))}
    units = found["unit"].rank("dense").to_numpy() - 1
    codes = np.full((len(coders), found["unit"].n_unique()), None, dtype=object)
    told = found["point" if found["ordered"].any() else "code"].to_list()
    codes[[coders[coder] for coder in found["coder"]], units] = told
    return codes


def _coded_twice(codes: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([sum(code is not None for code in unit) > 1 for unit in codes.T], dtype=np.bool_)


def _kappa(pair: NDArray[Any], level: Level) -> float:
    """Cohen's kappa of two coders; on an ordered scale a difference costs its square."""
    if level == "nominal":
        return cohen(*pair)
    scale = sorted({point for point in pair.ravel() if point is not None})
    return cohen(*pair, weights=np.subtract.outer(scale, scale) ** 2, categories=scale)


def _estimate(evidence: Evidence, name: str, question: str, found: pl.DataFrame, codes: NDArray[Any]) -> Row:
    level, twice = _level(evidence, question), _coded_twice(codes)
    alike = twice & np.array([len(set(unit) - {None}) == 1 for unit in codes.T])
    traced = found.group_by("unit", maintain_order=True).agg(pl.col("ids").explode())["ids"].to_list()
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
        trace=[ident for unit in np.flatnonzero(twice) for ident in traced[unit]],
        counted=[ident for unit in np.flatnonzero(alike) for ident in traced[unit]],
    )
    if np.isnan(value):
        return common | Row(status="not_computable", reason="one_category")
    if n < FEW:
        return common | Row(value=value, reason="few_units")
    stream = rng(evidence.study.seed, f"{name}/{question}")
    low, high = alpha_interval(codes, level=level, draws=DRAWS, seed=stream)
    return common | Row(value=value, low=low, high=high, interval="bootstrap95")


def _one_sided(found: pl.DataFrame) -> int:
    """Units that one coder has and another who coded that source on that question does not."""
    teams = found.group_by("source").agg(team=pl.col("coder").n_unique())
    sides = found.group_by("unit", "source").agg(sides=pl.col("coder").n_unique()).join(teams, on="source")
    return sides.filter((pl.col("sides") == 1) & (pl.col("team") > 1)).height
