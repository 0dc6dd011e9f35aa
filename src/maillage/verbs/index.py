"""`maillage index`: the index engine on any table, with no study."""

from pathlib import Path

import polars as pl

from maillage.errors import Finding, finding
from maillage.intake.index_data import read_data, read_definition
from maillage.measure.index import score
from maillage.measure.sensitivity import uncertainty

FEW = 20  # a convention: below, skewness and kurtosis mean little
ANY_WEIGHTS = {"weights": "dirichlet"}


def index(definition: Path, data: Path, *, draws: int = 0, seed: int = 0) -> tuple[pl.DataFrame, list[Finding]]:
    """Scores of a table: unit, node, score, rank, and warnings.

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
    return found, problems
