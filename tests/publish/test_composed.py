"""Scores and ranks of an index at the gate, and on the page: what would give answers away is not said."""

import dataclasses
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from made_indices import PATTERN, SAYABLE, study
from maillage import run, tables
from maillage.blocks import Block, Figure, Paragraph, Table
from maillage.evidence import Results
from maillage.publish import narrative_check, report, wording
from maillage.publish.gate import Release, clear
from maillage.publish.view import view
from maillage.publish.walk import numbers_of, spans_of


@cache
def results(small: int = 12, *, sayable: bool = True) -> Results:
    """The people of one region are twelve, or fewer; how many name each factor may be said to the public, or not."""
    pattern = SAYABLE if sayable else PATTERN
    return run.measure_all(study({"EX01": 12, "EX02": 12, "EX03": small}, pattern), date="2024-06-01")


@cache
def released(audience: str, small: int = 12, *, sayable: bool = True) -> Release:
    return clear(results(small, sayable=sayable), audience=audience, langs=("en", "fr"))


def told(release: Release, measure: str) -> dict[str, str]:
    rows = release.estimates.filter(measure=measure)
    return dict(rows.select("id", pl.coalesce("reason", "status")).iter_rows())


def blocks(release: Release, lang: str = "en") -> list[Block]:
    sections = report.document(release, {}, lang).sections
    return [block for section in sections if section.id == "vulnerability_resilience" for block in section.blocks]


def test_the_public_reads_whole_numbers() -> None:
    row = released("public").estimate("vulnerability/EX01")
    assert row is not None
    assert (row["value"], row["n"]) == (7, None)
    assert row["low"] == round(row["low"])
    share = released("public").estimate("rank_order/vulnerability/EX01~EX03")
    assert share is not None
    assert share["value"] == round(share["value"], 1)
    inside = released("team").estimate("vulnerability/EX01")
    assert inside is not None
    assert inside["value"] != round(inside["value"])


def test_a_score_of_one_or_two_answers_is_those_answers() -> None:
    found = told(released("public"), "vulnerability")
    assert found["vulnerability/EX01/position"] == "ok"
    few = ("vulnerability/EX01/isolation", "vulnerability/EX01/living_conditions")
    assert {found[ident] for ident in few} == {"too_few_informants"}
    assert told(released("partners"), "vulnerability")["vulnerability/EX01/isolation"] == "ok"


def test_a_score_goes_with_the_answers_it_is_made_of() -> None:
    """Ten of twelve are told as all but few: a score with all the rest beside it would say how many."""
    public = released("public", sayable=False)
    found = told(public, "vulnerability")
    assert public.estimates.filter(id="factors/EX01/porous_borders")["band"].to_list() == ["all_but_few"]
    assert found["vulnerability/EX01"] == found["vulnerability/EX01/position"] == "too_few_informants"
    assert set(told(public, "rank").values()) == {"too_few_informants"}, "of a rank among the others it is the rest"
    assert told(released("partners", sayable=False), "vulnerability")["vulnerability/EX01"] == "ok"


def test_ranks_tell_where_a_score_stands_that_is_held_back() -> None:
    """Nine people are too few for a mean that the public reads; of two nothing is made, so nobody is held back."""
    held = told(released("public", 9), "rank") | told(released("public", 9), "rank_order")
    assert set(held.values()) == {"too_few_informants"}
    assert set(told(released("public"), "rank").values()) == {"ok"}
    found = told(released("partners", 2), "rank")
    assert set(found.values()) == {"ok"}
    assert not any("EX03" in ident for ident in found)


def test_few_and_nobody_are_told_in_the_same_words() -> None:
    """Nine people in one region, nobody in another: neither the scores nor what is listed of them differ."""
    rows = released("public", 9).estimates.filter(pl.col("kind") == "index", pl.col("place").is_in(["EX03", "EX04"]))
    few, nobody = (
        rows.filter(place=place).with_columns(pl.col("id").str.replace_all("EX0[34]", "X")).drop("place").sort("id")
        for place in ("EX03", "EX04")
    )
    assert few.equals(nobody)
    assert set(few["status"]) == {"withheld"}


def test_quadrants_go_with_their_scores() -> None:
    found = told(released("public", 9), "quadrants")
    assert found["quadrants/EX03"] == "too_few_informants"
    assert found["quadrants/EX01"] == "ok"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_has_every_piece_and_its_numbers_are_estimates(lang: str) -> None:
    found = blocks(released("team"), lang)
    figures = {block.id for block in found if isinstance(block, Figure)}
    assert {
        "index_ranks_vulnerability",
        "index_ranks_resilience",
        "index_sways_vulnerability",
        "index_quadrants",
    } <= figures
    made = {block.id for block in found if isinstance(block, Table)}
    wanted = ("vulnerability", "profile_vulnerability", "order_resilience")
    assert {f"table-index_{name}" for name in wanted} <= made
    known = set(released("team").estimates["id"])
    assert {number.estimate for number in numbers_of(found)} <= known


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("en", ("undecided", "Vulnerability: no score for Vide.", "Definition 1.0", "No rank by vulnerability moves")),
        ("fr", ("indécis", "pas de score pour Vide", "Définition 1.0", "Aucun rang (vulnérabilité)")),
    ],
)
def test_the_page_says_so_in_words(lang: str, sentences: tuple[str, ...]) -> None:
    found = blocks(released("team"), lang)
    text = " ".join(span.text for block in found for span in spans_of(block))
    text += " ".join(f"{block.title} {block.subtitle} {block.svg}" for block in found if isinstance(block, Figure))
    plain = text.replace("\u00a0", " ").replace("\u2019", "'")
    for sentence in sentences:
        assert sentence in plain


def test_the_middle_of_three_areas_is_neither_higher_nor_lower_than_most() -> None:
    tables_of = [block for block in blocks(released("team")) if isinstance(block, Table)]
    profiles = [block for block in tables_of if block.id.startswith("table-index_profile")]
    text = " ".join(span.text for block in profiles for span in spans_of(block))
    assert "rank 1 of 3" in text
    assert "rank 2 of 3" not in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_number_of_an_index_has_a_name_and_words(lang: str) -> None:
    release = released("team")
    seen = view(release, lang)
    for row in release.estimates.filter(kind="index").iter_rows(named=True):
        for text in (wording.label(row, seen.labels), wording.say(row, seen.labels)):
            assert text
            assert not any(odd in text for odd in ("index_", "None", "{"))


def test_the_public_is_told_that_ranks_are_held_back() -> None:
    text = " ".join(span.text for block in blocks(released("public", 9)) if isinstance(block, Paragraph)
                    for span in block.spans)  # fmt: skip
    assert "is shown to this audience, and no rank" in text


def test_a_score_on_old_data_is_no_key_finding(tmp_path: Path) -> None:
    poor = [{"place": place, "indicator": "mpi", "period": "2018", "value": 0.35} for place in ("EX01", "EX02")]
    made = study(key_findings=("vulnerability/EX01", "resilience/EX01"))
    made = dataclasses.replace(made, indicators=tables.build(poor, "indicators"))
    (tmp_path / "en.md").write_text(
        "# Key findings {#key_findings}\n\n1. It is {{ vulnerability/EX02 | words }}.\n\n"
        "# Vulnerability {#vulnerability_resilience}\n\nIt was {{ vulnerability/EX01 | words }}.\n"
    )
    found = narrative_check.check(tmp_path, run.measure_all(made))
    old = [(item.file, item.value) for item in found if item.code == "key_finding_old"]
    assert old == [("narrative/en.md", "vulnerability/EX02"), ("study.yml", "vulnerability/EX01")]
