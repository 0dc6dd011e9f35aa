"""Who was interviewed, said at the top: nobody where nobody was, from the evidence and never by name of a study."""

from dataclasses import replace

import polars as pl
import pytest
from made_release import doctored

import known
from folders import STUDIES
from maillage.blocks import KeyFinding, Paragraph
from maillage.labels import Labels
from maillage.publish import brief, explain, narrative, report, wording
from maillage.publish.gate import Release
from maillage.publish.view import view

LANGS = ("en", "fr")


@pytest.fixture(scope="module")
def release() -> Release:
    return known.released("mali")


@pytest.mark.parametrize(("lang", "words"), [("en", "nobody was interviewed"), ("fr", "personne n’a été interrogé")])
def test_a_study_without_interviews_says_so_before_anything_else(release: Release, lang: str, words: str) -> None:
    made = report.document(release, {}, lang)
    title = {"en": "Organised crime and terrorism in Mali", "fr": "Criminalité organisée et terrorisme au Mali"}[lang]
    for notice in (made.notice, brief.brief(made, release).notice):
        assert words in notice
        assert title in notice
        assert "39" in notice


def test_where_most_rests_and_how_many_it_heard_come_from_the_evidence(release: Release) -> None:
    bare = doctored(release, settings=replace(release.settings, published_samples={}))
    assert "39" not in report.desk(view(bare, "en"))
    other = release.public_sources.with_columns(statements=pl.lit(3))
    assert (
        report.desk(view(doctored(release, public_sources=other), "en")) == "Desk study: nobody was interviewed for it."
    )


def test_a_study_with_interviews_does_not_say_it() -> None:
    practice = known.released("practice")
    assert report.desk(view(practice, "en")) == ""
    assert "nobody was interviewed" not in report.document(practice, {}, "en").notice


@pytest.mark.parametrize("lang", LANGS)
def test_larger_counts_end_at_the_published_sample(release: Release, lang: str) -> None:
    row = release.estimate("published/ML07/coopetition/unodc-unicri")
    assert row is not None
    told = " ".join(wording.say(row, view(release, lang).labels).split())
    assert {"en": "at most 21 of 35", "fr": "au plus 21 sur 35"}[lang] in told


@pytest.mark.parametrize(("lang", "end"), [("en", "or more"), ("fr", "ou plus")])
def test_an_open_end_is_said_beside_the_other(release: Release, lang: str, end: str) -> None:
    labels = view(release, lang).labels
    row = release.estimate("figures/ML/fiu_amount/2016")
    assert row is not None
    assert wording.say(row, labels).endswith(end)
    assert wording.say(row, labels, "range").endswith(end)
    assert end not in wording.say({**row, "open_high": False}, labels)


def test_what_would_help_an_institutions_figure_is_its_own_record(release: Release) -> None:
    known = explain.behind(release, view(release, "en").labels)
    assert "annual report" in explain.helps(known, "figures/ML/fiu_amount/2023")
    assert "interview" in explain.helps(known, "levies/ML/gold/unstated/week")
    assert "institution" in explain.confidence(known, "figures/ML/fiu_amount/2023")[1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_finding_on_money_gives_every_published_year_and_says_what_it_is_not(release: Release, lang: str) -> None:
    labels = Labels(lang, release.pack, release.places, release.settings.zone_labels)
    text = narrative.read(STUDIES / "mali" / "narrative", lang)
    made = report.document(release, narrative.resolve(text, release, labels), lang)
    findings = [block for block in made.sections[0].blocks if isinstance(block, KeyFinding)]
    told = {ident for block in findings for ident in block.estimates if "fiu_amount" in ident}
    assert told == set(release.estimates.filter(pl.col("id").str.starts_with("figures/ML/fiu_amount/"))["id"])
    assert {"en": "not the turnover of crime", "fr": "pas le chiffre d’affaires du crime"}[lang] in _text(findings[4])
    assert {"en": "“several” court cases (we read this as", "fr": "« plusieurs »"}[lang] in _text(findings[3]).replace(
        "\u202f", " "
    ).replace("\u00a0", " ")
    short = brief.brief(made, release)
    (actions,) = [section for section in short.sections if section.id == "recommendations"]
    origin, meant = [block for block in actions.blocks if isinstance(block, Paragraph)]
    assert {"en": "not recommendations of this re-reading", "fr": "pas celles de cette relecture"}[lang] in _text(
        origin
    )
    assert {"en": "the centre is Mopti and Ségou", "fr": "le centre comprend Mopti et Ségou"}[lang] in _text(meant)


def _text(block: KeyFinding | Paragraph) -> str:
    return "".join(span.text for span in block.spans)
