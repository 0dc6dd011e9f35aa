"""What the annex on reporting may say of how a study was made: counted from its records, cut to the audience.

Nobody but the team learns what fewer people than the threshold have in common, how many it was, or who coded.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from maillage.evidence import Evidence
from maillage.publish.rules import is_public


@dataclass(frozen=True, slots=True)
class Records:
    """`held`: whether anybody was asked for an interview. `least`: people from whom on something is said, 0 = all.

    `counts`: how many, None where that may not be said. `named`: values by list, in the order of their codes, with how
    many have them (team only). `coders`: their ids, team only. `described`: whether every person heard has class, sex
    and age band. `reviewed`: whether findings were put before people. `guides`: those recorded as used, and in which
    languages.
    """

    held: bool
    least: int
    counts: Mapping[str, int | None]
    named: Mapping[str, tuple[tuple[str, int | None], ...]]
    coders: tuple[str, ...]
    described: bool
    reviewed: bool
    guides: tuple[tuple[str, tuple[str, ...]], ...] = ()


def records(evidence: Evidence, *, threshold: int) -> Records:
    """The records of a study for whoever may know what `threshold` people or more have in common; 0 = the team."""
    sources = evidence.sources
    asked = sources.filter(pl.col("kind") == "interview")
    heard = asked.filter(pl.col("consent").fill_null("") != "none")
    refused = asked.filter(pl.col("consent") == "none")
    coders = [name for name in evidence.study.coders if name in set(evidence.codings["coder"])]
    lists = {
        "languages": heard["language"].drop_nulls(),
        "years": heard["date"].drop_nulls().str.slice(0, 4),
        "sexes": heard["sex"].drop_nulls(),
        "ages": heard["age_band"].drop_nulls(),
        "kinds": sources.filter(~is_public() & (pl.col("consent").fill_null("") != "none"))["kind"],
    }
    papers = sources.filter(is_public())["kind"]
    unsaid = heard.select("stakeholder", "sex", "age_band").null_count().row(0)
    return Records(
        held=asked.height > 0,
        least=threshold,
        counts=_coding(evidence, heard["id"].to_list(), threshold)
        | _gone(evidence, refused.height, threshold)
        | {
            "coders": len(coders),
            "own_codes": evidence.codebook.height,
            "retired_codes": evidence.codebook.filter(pl.col("retired").fill_null(value=False)).height,
            "quotes": _part(heard.filter(pl.col("quotes").fill_null(value=False)).height, heard.height, threshold),
        },
        named={name: _named(values.to_list(), threshold) for name, values in lists.items()}
        | {"papers": _named(papers.to_list(), 0), "refusals": _mixed(refused["refusal"], threshold)},
        coders=() if threshold else tuple(coders),
        described=heard.height > 0 and not any(unsaid),
        reviewed=evidence.observations.filter(pl.col("kind") == "review").height > 0,
        guides=evidence.guides,
    )


def _coding(evidence: Evidence, heard: list[str], threshold: int) -> dict[str, int | None]:
    """Interviews that two coded or more, and those of them that one of these coded without seeing the others."""
    told = evidence.codings.filter(pl.col("source").is_in(heard))
    twice = told.group_by("source").agg(n=pl.col("coder").n_unique()).filter(pl.col("n") > 1)["source"]
    done = pl.col("blind").fill_null(value=False) & pl.col("done").fill_null(value=False)
    blind = evidence.assignments.filter(done & pl.col("source").is_in(twice.to_list()))["source"].n_unique()
    return {
        "twice": len(twice) if len(twice) in (0, len(heard)) else _part(len(twice), len(heard), threshold),
        "blind": blind if blind in (0, len(twice)) else _part(blind, len(twice), threshold),
    }


def _gone(evidence: Evidence, refused: int, threshold: int) -> dict[str, int | None]:
    """Who withdrew or was erased afterwards: apart for the team; for others together, only where it is many, and the
    refusals that they are not told from are none or many too. That nothing is said tells no more than that."""
    withdrawn, erased = evidence.gone
    if not threshold:
        return {"withdrawn": withdrawn, "erased": erased}
    first, many = refused - withdrawn, withdrawn + erased
    return {"gone": many if many >= threshold and (first == 0 or first >= threshold) else None}


def _part(count: int, of: int, threshold: int) -> int | None:
    """A count that leaves enough people on either side."""
    return count if threshold <= count <= of - threshold else None


def _mixed(reasons: pl.Series, threshold: int) -> tuple[tuple[str, int | None], ...]:
    """Reasons that enough people gave while enough others did not: that all gave one tells it of each."""
    told = reasons.fill_null("not_said").to_list()
    kept = {reason for reason in told if told.count(reason) <= len(told) - threshold}
    return tuple(entry for entry in _named(told, threshold) if entry[0] in kept)


def _named(values: Iterable[str], threshold: int) -> tuple[tuple[str, int | None], ...]:
    """Values that enough people have; that there are others is not said either."""
    found = sorted(Counter(values).items())
    return tuple((value, None if threshold else count) for value, count in found if count >= threshold)
