"""How far small numbers move, which places can be told apart, what totals are worth: the sentences, both languages."""

import dataclasses
from typing import Any

import polars as pl
import pytest
from made_release import by_hand, released, share, study

from maillage.blocks import Block, Table
from maillage.evidence import Evidence
from maillage.measure.steadiness import orders
from maillage.publish import report
from maillage.publish.gate import Release, clear
from maillage.publish.walk import spans_of

COOP = "links/EX0101/cooperation"
LEVY = "{id} | {source} | levy | levy | site_access | | | EX0101 | gold | {low} | {high} | XOF | week | miner | | |"
PAYERS = "p1 | D1 | figure | figure | payers | | | EX0101 | gold | 100 | 300 | persons | | | | |"
PAPER = "D1 | document | EX0101 | | | |"


def blocks(release: Release, lang: str = "en") -> list[Block]:
    return [block for section in report.document(release, {}, lang).sections for block in section.blocks]


def table(found: list[Block], name: str) -> list[list[str]]:
    made = [block for block in found if isinstance(block, Table) and block.id == f"table-{name}"]
    return [[plain("".join(span.text for span in cell)) for cell in row] for block in made for row in block.rows]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")


def said(found: list[Block]) -> str:
    return plain(" ".join(span.text for block in found if not isinstance(block, Table) for span in spans_of(block)))


@pytest.mark.parametrize(
    ("lang", "row"),
    [
        ("en", ["3 of 5", "2 of 5 to 4 of 5", "1 of 3 to 3 of 3"]),
        ("fr", ["3 sur 5", "2 sur 5 à 4 sur 5", "1 sur 3 à 3 sur 3"]),
    ],
)
def test_the_team_reads_a_count_with_one_answer_and_one_class_less(lang: str, row: list[str]) -> None:
    """The magistrate and both of civil society say so, both economic actors deny it: 2 of 4, 1 of 3, 3 of 3 without."""
    made = study({"EX0101": (3, 5)}, key_findings=(COOP,))
    classes = ["magistrate", "civil_society", "civil_society", "transporter", "transporter"]
    made = dataclasses.replace(made, sources=made.sources.with_columns(stakeholder=pl.Series(classes)))
    assert table(blocks(released(made, "team"), lang), "small_numbers")[0][1:] == row


def test_the_public_reads_no_count_without_a_class() -> None:
    made = study({"EX0101": (6, 12)}, key_findings=(COOP,))
    classes = ["transporter", "magistrate"] * 6
    made = dataclasses.replace(made, sources=made.sources.with_columns(stakeholder=pl.Series(classes)))
    team, public = (table(blocks(released(made, name)), "small_numbers")[0] for name in ("team", "public"))
    assert public[1:] == ["6 of 12", "5 of 12 to 7 of 12"]
    assert len(team) == len(public) + 1


def compared(counts: dict[str, tuple[int, int]]) -> Release:
    """A team release of counts in two districts, and their order."""
    made = study(counts)
    rows = [share(f"links/{place}/cooperation", k, [f"{place}_{i}_s" for i in range(1, n + 1)])
            for place, (k, n) in counts.items()]  # fmt: skip
    bare = by_hand(made, rows)
    return clear(dataclasses.replace(bare, orders=orders(made, bare.estimates)), audience="team", langs=("en", "fr"))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Cooperation: more people say so in Le Gué (9 of 10) than in Mineville (1 of 10)."),
        ("fr", "Coopération : davantage de personnes le disent à Le Gué (9 sur 10) qu'à Mineville (1 sur 10)."),
    ],
)
def test_places_are_told_apart_in_words_with_both_counts(lang: str, sentence: str) -> None:
    text = said(blocks(compared({"EX0101": (1, 10), "EX0102": (9, 10)}), lang))
    assert sentence in text


@pytest.mark.parametrize(("lang", "words"), [("en", "cannot be told apart"), ("fr", "ne se distinguent pas")])
def test_places_whose_answers_overlap_are_not_ranked(lang: str, words: str) -> None:
    text = said(blocks(compared({"EX0101": (3, 5), "EX0102": (2, 6)}), lang))
    assert words in text
    assert "more people say so" not in text
    assert "davantage" not in text


def levied(low: int, high: int, more: str = "") -> Evidence:
    rows = LEVY.format(id="l1", source="EX0101_1", low=low, high=high)
    return study({"EX0101": (1, 2)}, rows=f"{rows}\n{more}", more=PAPER)


def test_a_total_has_hard_bounds_and_every_shape_and_goes_nowhere_without_payers() -> None:
    """100 to 300 people pay 2,000 to 15,000: 200,000 to 4,500,000 a week, whatever anybody assumes."""
    release = released(levied(2_000, 15_000, PAYERS), "team")
    row = table(blocks(release), "totals")[0]
    assert row[2] == "between XOF 200,000 and XOF 4,500,000"
    assert [name in row[-1] for name in ("uniform", "log-uniform", "log-normal", "PERT", "triangular")] == [True] * 5
    drawn = {
        item["id"].partition("@")[2]: item for item in release.estimates.iter_rows(named=True) if "@" in item["id"]
    }
    assert all(
        200_000 <= drawn[shape]["low"] < drawn[shape]["high"] <= 4_500_000 for shape in drawn if shape != "lognormal"
    )
    without = blocks(released(levied(2_000, 15_000), "team"))
    assert table(without, "totals") == []
    assert "the number of payers is not known" in said(without)


def columns(release: Release, **more: Any) -> dict[str, Any]:
    return release.estimates.filter(**more).row(0, named=True)


def test_the_meaning_of_a_range_decides_how_wide_its_total_is() -> None:
    widths = {}
    for meaning in ("spread", "uncertainty"):
        made = levied(2_000, 15_000, PAYERS)
        told = made.observations.with_columns(meaning=pl.when(pl.col("kind") == "levy").then(pl.lit(meaning)))
        release = released(dataclasses.replace(made, observations=told), "team")
        row = columns(release, id="levy_totals/EX0101/gold@uniform")
        widths[meaning] = row["high"] - row["low"]
        assert columns(release, id="levy_totals/EX0101/gold")["high"] == 4_500_000
    assert widths["spread"] < 0.8 * widths["uncertainty"]


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "Without the interviews of one interviewer: 1 of 3 to 2 of 2."),
    ("fr", "Sans les entretiens menés par une même personne : 1 sur 3 à 2 sur 2."),
])  # fmt: skip
def test_what_opens_behind_a_count_says_for_the_team_what_it_is_without_one_interviewer(lang: str, said: str) -> None:
    """Ana heard two who say so; bo one who does and two who deny it."""
    made = study({"EX0101": (3, 5)}, key_findings=(COOP,))
    held = ["ana", "ana", "bo", "bo", "bo"]
    made = dataclasses.replace(made, sources=made.sources.with_columns(interviewer=pl.Series(held)))
    audiences = ("team", "public", "partners")
    opened = {name: report.document(released(made, name), {}, lang).explanations for name in audiences}
    assert said in plain(opened["team"][COOP].interval)
    rest = " ".join(each.interval for name in ("public", "partners") for each in opened[name].values())
    assert said.partition(":")[0].strip() not in plain(rest)


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_without_one_interviewer_is_no_column_outside_the_team(audience: str) -> None:
    made = study({"EX0101": (6, 12)}, key_findings=(COOP,))
    made = dataclasses.replace(made, sources=made.sources.with_columns(interviewer=pl.Series(["ana", "bo"] * 6)))
    columns = {name: len(table(blocks(released(made, name)), "small_numbers")[0]) for name in ("team", audience)}
    assert columns["team"] == columns[audience] + 1
    assert released(made, audience).beside.steadiness.is_empty()
