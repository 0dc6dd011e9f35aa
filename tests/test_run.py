"""The whole computation: same bytes for the same study, errors stop it, every number can be walked back."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import maillage as ml
from maillage import run
from maillage.errors import MaillageError
from maillage.verbs.run import csv, parquet, run_path
from maillage.verbs.trace import lines, record, trace_path
from small_evidence import evidence, nexus

FIRST_STEPS = Path(__file__).parent.parent / "studies" / "first-steps"
FILES = [
    "brokers.csv", "contradictions.csv", "estimates.csv", "estimates.parquet", "findings.csv", "orders.csv",
    "priorities.csv", "routes.csv", "steadiness.csv",
]  # fmt: skip


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(FIRST_STEPS, tmp_path / "study", ignore=shutil.ignore_patterns("out", ".cache"))
    return tmp_path / "study"


def maillage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from maillage.app.cli import main; main()"
    settings = {**os.environ, "MAILLAGE_LANG": "en", **environment}
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        env=settings,
        encoding="utf-8",
    )


def test_importing_the_package_imports_no_table_engine() -> None:
    code = "import sys, maillage; assert not {'polars', 'numpy'} & set(sys.modules); assert 'run' in dir(maillage)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_are_there() -> None:
    assert callable(ml.run)
    assert callable(ml.open)
    assert callable(ml.trace)
    assert ml.measure.KINDS
    assert ml.measure.shares.interval(3, 5) == pytest.approx((0.2307, 0.8824), abs=1e-4)
    assert ml.measure.amounts.Range(1, 3, shape="uniform").mean() == 2
    assert ml.measure.spread.trend([1, 2, 3, 4, 5]).s == 10
    assert ml.decide.priorities.acceptability([[1], [0]], [[1]]).ranks[0].tolist() == [1, 0]
    with pytest.raises(AttributeError, match="nothing"):
        ml.nothing  # noqa: B018


def test_a_notebook_needs_four_lines(study: Path) -> None:
    opened = ml.open(study)
    results = ml.run(opened)
    assert results.estimates.filter(measure="links", place="EX0101", answer="cooperation")["k"].to_list() == [2]
    assert [item.id for item in ml.trace(opened, results, "links/EX0101/cooperation").behind] == [
        "a01",
        "a08",
        "a09",
        "a15",
        "a16",
    ]
    assert (results.date[:3], len(results.head)) == ("202", 64)


def test_other_threads_and_another_folder_give_the_same_bytes(study: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "copy"
    shutil.copytree(study, other)
    first = maillage("run", "--study", str(study), POLARS_MAX_THREADS="1")
    second = maillage("run", "--study", str(other), POLARS_MAX_THREADS="2")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert sorted(path.name for path in (study / "out").iterdir()) == FILES
    for name in FILES:
        assert (study / "out" / name).read_bytes() == (other / "out" / name).read_bytes(), name


def test_the_tables_of_out_can_be_read_back(study: Path) -> None:
    results = run_path(study, by_period=False, step=lambda name: None)
    assert pl.read_parquet(study / "out" / "estimates.parquet").equals(results.estimates)
    assert pl.read_csv(study / "out" / "findings.csv").height == results.findings.height
    assert (study / "out" / "estimates.csv").read_bytes() == csv(results.estimates)
    assert parquet(results.estimates) == parquet(results.estimates)


def test_run_says_in_json_what_came_out(study: Path) -> None:
    done = maillage("run", "--study", str(study), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"]["ok"] > 0
    assert told["findings"] > 0


def test_progress_is_not_written_where_nobody_watches(study: Path) -> None:
    done = maillage("run", "--study", str(study))
    assert (done.returncode, done.stderr) == (0, "")


def test_each_step_is_told_by_name(study: Path) -> None:
    told: list[str] = []
    run.run(ml.open(study), step=told.append)
    assert told[0] == "load"
    assert {"links", "findings", "priorities"} <= set(told)


def test_trace_goes_back_to_passage_source_and_log_entry(study: Path) -> None:
    found = record(trace_path(study, "links/EX0101/cooperation"))
    first = found["statements"][0]  # type: ignore[index]
    assert (first["id"], first["source"], first["kind"], first["grade"]) == ("a01", "I01", "interview", "B")
    assert (first["locator"], first["counts"], len(first["entry"])) == ("min 4", "for", 32)
    assert found["finding"]["confidence"] == "high"  # type: ignore[index]


def test_trace_finds_years_and_sources_behind_a_sample(study: Path) -> None:
    assert trace_path(study, "links/EX0102/cooperation@2023").estimate["k"] == 1
    assert lines(trace_path(study, "sample/EX0101/magistrate"), "en", nexus())[0] == "sample/EX0101/magistrate"


def test_a_trace_is_told_in_the_language_of_who_asks(study: Path) -> None:
    found = trace_path(study, "links/EX0101/cooperation")
    french, english = ("\n".join(lines(found, lang, nexus())) for lang in ("fr", "en"))
    assert "l'ont dit (k) : 2" in french.replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ")
    assert "coopération, présent" in french
    assert "entretien" in french
    assert not {"cooperation", "value", "asserted", "interview"} & set(re.findall(r"\w+", french.partition("\n")[2]))
    assert "said so (k): 2" in english


def test_an_unknown_number_names_the_nearest_and_fails(study: Path) -> None:
    with pytest.raises(MaillageError) as problem:
        trace_path(study, "links/EX0101/coperation")
    assert problem.value.code == "estimate_unknown"
    assert "links/EX0101/cooperation" in str(problem.value.facts["nearest"])
    done = maillage("trace", "links/EX0101/coperation", "--study", str(study))
    assert done.returncode == 1
    assert "links/EX0101/cooperation" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_study_that_does_not_check_clean_is_not_computed(study: Path) -> None:
    path = study / "study.yml"
    path.write_text(path.read_text("utf-8").replace("coders: [ana, bo]", "coders: [ana]"), "utf-8")
    with pytest.raises(MaillageError) as problem:
        run.run(ml.open(study))
    assert problem.value.code == "study_findings"
    assert [item.code for item in problem.value.findings] == ["coder_not_listed"]
    assert not (study / "out").exists()


def test_the_order_of_rows_changes_no_number() -> None:
    sources = "id | kind | place\nA | interview | EX0101\nB | interview | EX0102\nP | document | EX02"
    told = [
        "1 | A | link | link | cooperation | ",
        "2 | B | link | link | denied | ",
        "3 | P | link | link | cooperation | ",
        "4 | A | market | severity | 4 | gold",
    ]
    head = "id | source | kind | question | answer | market\n"
    first, second = (
        run.measure_all(evidence(head + "\n".join(rows), sources)) for rows in (told, list(reversed(told)))
    )
    assert first.estimates.equals(second.estimates)
    assert first.findings.equals(second.findings)
