"""`maillage run`: compute every measure and write the tables of `out/`."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl

from maillage.errors import Finding
from maillage.evidence import Results
from maillage.run import run
from maillage.study import vault_files
from maillage.study.check import check_age
from maillage.study.disk import replace
from maillage.study.folder import open_study
from maillage.verbs.opening import unlocked

FOLDER = "out"
TABLES = ("estimates", "findings", "contradictions", "steadiness", "orders", "brokers", "priorities", "routes")


def run_path(path: Path, *, by_period: bool, step: Callable[[str], None]) -> Results:
    """Compute the study at `path` and write out/: estimates (.parquet, .csv), and as .csv findings with their
    contradictions, how steady counts are, the order of places, brokers, priorities, routes.

    Where informants are sealed the same files lie closed in the vault instead (out-estimates.csv.age ...), for
    everybody who opens it. Each file is replaced whole; equal studies give equal bytes. Raises MaillageError as
    `maillage.run.run`.
    """
    study = unlocked(path)
    results = run(study, by_period=by_period, step=step)
    files = {"estimates.parquet": parquet(results.estimates)}
    for name in TABLES:
        files[f"{name}.csv"] = csv(getattr(results, name))
    if study.settings.sealed == "informants":
        vault_files.keep_results(study, files)
        return results
    folder = path / FOLDER
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        replace(folder / name, content)
    return results


def older(path: Path) -> list[Finding]:
    """Logs that are older than this computer saw them: the numbers may rest on what was taken back since."""
    return check_age(open_study(path))


def parquet(table: pl.DataFrame) -> bytes:
    """A table as Parquet."""
    buffer = BytesIO()
    table.rechunk().write_parquet(buffer, compression="zstd", row_group_size=max(1, table.height))
    return buffer.getvalue()


def csv(table: pl.DataFrame) -> bytes:
    """A table as CSV: lists joined by `;`, flags as yes and no, blanks for what is missing."""
    columns: list[pl.Expr] = []
    for name, kind in table.schema.items():
        if kind == pl.List(pl.String()):
            columns.append(pl.col(name).list.join(";"))
        elif kind == pl.Boolean():
            columns.append(pl.when(pl.col(name)).then(pl.lit("yes")).when(~pl.col(name)).then(pl.lit("no")).alias(name))
        else:
            columns.append(pl.col(name))
    return table.select(columns).write_csv().encode()


def counts(results: Results) -> dict[str, object]:
    """What came out, in numbers: estimates by status, findings, priorities, routes."""
    by_status = dict(results.estimates.group_by("status").len().sort("status").iter_rows())
    return {
        "estimates": results.estimates.height,
        "status": by_status,
        "findings": results.findings.height,
        "priorities": results.priorities.height,
        "routes": results.routes.height,
        "head": results.head,
        "date": results.date,
    }
