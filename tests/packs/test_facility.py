"""A small pack whose units are no places: everything from the table of units to the page, by hand."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from maillage import run
from maillage.blocks import Figure, Gap, Table
from maillage.evidence import Results
from maillage.publish import report
from maillage.publish.gate import clear
from maillage.publish.walk import spans_of
from maillage.study.folder import open_study
from maillage.verbs.add import Request, add
from maillage.verbs.observe import observe

FOLDER = Path(__file__).parent / "facility"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The study entered as an analyst would: sources, then statements; the place of a source is a facility."""
    folder = tmp_path_factory.mktemp("facility") / "study"
    shutil.copytree(FOLDER, folder)
    assert not add(open_study(folder), folder / "coding/sources.csv", Request(kind="sources", coder="ana")).findings
    assert not observe(folder, folder / "coding/observations.csv", coder="ana").findings
    return run.run(open_study(folder))


def row(results: Results, ident: str) -> dict[str, Any]:
    return results.estimates.row(by_predicate=pl.col("id") == ident, named=True)


def test_a_unit_stands_where_a_place_stands(results: Results) -> None:
    assert row(results, "items/P1/water")["value"] == 4
    assert row(results, "items/EX01/water")["value"] == pytest.approx((3 + 5 + 2 + 2 + 5 + 5) / 6)
    assert row(results, "soundness/P1")["unit_of_analysis"] == "unit"


def test_a_round_has_numbers_of_its_own(results: Results) -> None:
    """The rounds of study.yml: everybody was asked in May, nobody in November."""
    spring = row(results, "items/P1/water@spring")
    assert (spring["value"], spring["n"], spring["period"]) == (4, 2, "2024-05")
    assert results.estimates.filter(pl.col("id").str.ends_with("@autumn")).is_empty()
    assert row(results, "items/P1/water")["period"] is None


def test_scores_by_hand(results: Results) -> None:
    """P1: water (4 - 1)/4 = 7.5, thrift 1 - 500/1000 = 5; upkeep (7.5 + 3 * 5)/4 = 5.625; exits 10; mean 7.8125."""
    assert row(results, "soundness/P1/water")["value"] == pytest.approx(7.5)
    assert row(results, "soundness/P1/thrift")["value"] == pytest.approx(5.0)
    assert row(results, "soundness/P1/upkeep")["value"] == pytest.approx(5.625)
    found = row(results, "soundness/P1")
    assert found["value"] == pytest.approx(7.8125)
    assert found["low"] < found["value"] < found["high"]
    assert (found["missing"], found["planned"], found["n"]) == (0, 3, 2)
    assert (found["period"], found["age_months"], found["reason"]) == ("2023/2024", 12, None)


def test_old_data_give_a_score_that_says_so(results: Results) -> None:
    """P2: water 2.5, thrift 8; upkeep (2.5 + 24)/4 = 6.625; exits (3 - 1)/4 = 5; mean 5.8125. Energy is of 2019."""
    found = row(results, "soundness/P2")
    assert found["value"] == pytest.approx(5.8125)
    assert (found["age_months"], found["reason"]) == (60, "older_than_max_age")
    assert row(results, "reliability/soundness/P2")["value"] == pytest.approx(0.5 + 0.5 / 4)


def test_a_guard_rules_a_score_out_and_no_data_is_no_score(results: Results) -> None:
    assert row(results, "soundness/P3")["status"] == "not_computable"
    assert row(results, "soundness/P3")["reason"] == "index_vetoed"
    assert row(results, "soundness/P3/upkeep")["value"] is not None
    assert (row(results, "soundness/P4")["value"], row(results, "soundness/P4")["reason"]) == (None, "no_data")
    ranked = results.estimates.filter((pl.col("measure") == "rank") & ~pl.col("id").str.contains("@"))
    assert dict(ranked.select("place", "value").iter_rows()) == {"P1": 1, "P2": 2}


@pytest.mark.parametrize(("lang", "sentence"), [("en", "no score for Fourth and Third"), ("fr", "pas de score pour")])
def test_the_page_says_what_is_known_and_what_is_not(results: Results, lang: str, sentence: str) -> None:
    release = clear(results, audience="team", langs=("en", "fr"))
    blocks = report.document(release, {}, lang).sections[0].blocks
    gaps = [" ".join(span.text for span in spans_of(block)) for block in blocks if isinstance(block, Gap)]
    assert any(sentence in gap for gap in gaps)
    assert {block.id for block in blocks if isinstance(block, Figure)} >= {"index_ranks_soundness"}
    profile = next(block for block in blocks if isinstance(block, Table) and block.id == "table-index_soundness")
    assert len(profile.rows) == 4
