"""`maillage index`: the index engine on any table, with no study."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import Finding, MaillageError, finding
from maillage.intake.index_data import read_data, read_definition
from maillage.measure.index import score
from maillage.measure.sensitivity import uncertainty
from maillage.measure.versions import changes

FEW = 20  # a convention: below, skewness and kurtosis mean little
ANY_WEIGHTS = {"weights": "dirichlet"}


def index(definition: Path, data: Path, *, draws: int = 0, seed: int = 0) -> tuple[pl.DataFrame, list[Finding]]:
    """Scores of a table: unit, node, score, rank, the version of a definition that states one, and warnings.

    With draws, the rows of the top node also have mean, q05, q95 and p_rank_first of the rank over the `choices` of
    the definition (all mixes of weights where it names none). Raises MaillageError as `score` and `uncertainty`,
    `definition_unreadable`, `index_data`, `file_missing`.
    """
    told = read_definition(definition)
    words = {str(told[key]) for key in ("unit", "group") if isinstance(told.get(key), str)}
    table = read_data(data, words)
    found = score(table, told)
    warned = [finding("index_few", file=definition.name, field="treat", value=table.height)]
    problems = warned if told.get("treat") and table.height < FEW else []
    if draws:
        ranks = uncertainty(table, told, told.get("choices") or ANY_WEIGHTS, draws=draws, seed=seed)
        top = next(str(node["code"]) for node in told["nodes"] if node.get("parent") is None)
        ranks = ranks.with_columns(node=pl.lit(top))
        found = found.join(ranks, on=["unit", "node"], how="left", maintain_order="left")
    version = version_of(told)
    return (found.with_columns(version=pl.lit(version)) if version else found), problems


def compared(definition: Path, data: Path, earlier: Path, *, cast: Path | None = None) -> pl.DataFrame:
    """Scores of a table beside earlier ones (as `maillage index --out` writes them): before, after and change.

    cast: the earlier data, to be scored by the new definition in place of the earlier scores. Raises MaillageError
    `index_versions` where another version of the definition made the earlier scores and there is no such cast.
    """
    told, (after, _) = read_definition(definition), index(definition, data)
    top = next(str(node["code"]) for node in told["nodes"] if node.get("parent") is None)
    if cast is not None:
        return changes(index(definition, cast)[0], after, versions=("cast", "cast"), name=top)
    before = read_data(earlier, {"unit", "node", "version"})
    missing = [name for name in ("unit", "node", "score") if name not in before.columns]
    if missing:
        raise MaillageError("index_column", field=missing[0], known=", ".join(before.columns))
    stated = before["version"].unique().to_list() if "version" in before.columns else [None]
    return changes(before, after, versions=(stated[0] if len(stated) == 1 else None, version_of(told)), name=top)


def version_of(told: Mapping[str, Any]) -> str | None:
    """The version that a definition states."""
    return None if told.get("version") in (None, "") else str(told["version"])
