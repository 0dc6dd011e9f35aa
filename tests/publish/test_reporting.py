"""The annex on reporting: which items the records answer, in which words, and what is named as missing."""

import csv
import dataclasses
import io
import re
from functools import cache

import pytest

import known
from maillage.blocks import Block, Document, Gap, Literal, Number, Paragraph, Table, Text
from maillage.checklists import checklists, items
from maillage.evidence import Results
from maillage.publish import data, report, reporting
from maillage.publish.gate import Release, clear
from maillage.publish.view import view
from maillage.publish.walk import ids_of, spans_of

MISSING = {"practice": [2, 4, 7, 8, 14, 18, 23, 28], "first-steps": [*range(1, 9), 11, 14, 15, 18, 19, 20, 21, 23, 28]}


@cache
def results(study: str) -> Results:
    return known.measured(study)


@cache
def released(study: str, audience: str = "public") -> Release:
    return known.released(study, audience)


@cache
def document(study: str, audience: str = "public", lang: str = "en") -> Document:
    return report.document(released(study, audience), {}, lang)


def annex(study: str, audience: str = "public", lang: str = "en") -> list[Block]:
    (section,) = (section for section in document(study, audience, lang).sections if section.id == "reporting")
    return list(section.blocks)


def plain(block: Block) -> str:
    return "".join(span.text for span in spans_of(block)).replace("\N{NO-BREAK SPACE}", " ")


def answers(study: str, audience: str = "public", lang: str = "en") -> dict[str, str]:
    """What the annex answers, by item."""
    found = reporting.entries(view(released(study, audience), lang))
    return {each.item.code: "".join(span.text for span in each.spans).replace("\N{NO-BREAK SPACE}", " ")
            for each in found}  # fmt: skip


def rows(release: Release) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.files(release)["reporting.csv"].decode())))


# --- the checklists ------------------------------------------------------------------------------------------------


def test_the_checklists_are_whole_and_in_both_languages() -> None:
    assert {each.id: [item.number for item in each.items] for each in checklists()} == {
        "coreq": list(range(1, 33)), "srqr": list(range(1, 22)),
    }  # fmt: skip
    for item in items().values():
        assert all(text.get(lang, "").strip() for text in (item.topic, item.text) for lang in ("en", "fr")), item.code
        assert bool(item.record) == bool(item.where), item.code
        assert all(items()[code].checklist == "coreq" for code in item.like), item.code
    assert all("Tong" in each.source or "O'Brien" in each.source for each in checklists())


# --- what is answered ----------------------------------------------------------------------------------------------


def test_records_answer_what_they_know_of_the_practice_study() -> None:
    told = answers("practice")
    assert told["coreq_10"] == "By a plan of places and classes of people; 46 interviews planned."
    assert told["coreq_12"] == "39 people, interviewed one by one."
    assert told["coreq_13"] == "Fewer than 5 people refused."
    assert told["coreq_16"].startswith("Families of classes: authorities 11, communities 15, and economy 13.")
    assert told["coreq_22"].startswith("No new themes after interview 12 of 39.")
    assert told["coreq_24"].startswith("Coders: 3. Interviews coded by two or more: 39.")
    assert told["coreq_21"] == "Invented: 40 to 90 minutes."
    assert told["srqr_12"] == "As under COREQ 12 and 16."


def test_the_team_reads_what_the_public_does_not() -> None:
    told, public = answers("practice", "team"), answers("practice")
    assert told["coreq_13"].startswith(
        "3 people refused. Reasons: distrust of the study, or tired of studies (1), fear"
    )
    assert "Sex: female (10) and male (29)." in told["coreq_16"]
    assert "By their ids: kori, lune, and sable." in told["coreq_24"]
    assert "English (10) and French (29)" in told["srqr_11"]
    for secret in ("kori", "female", "distrust", "(10)", "focus"):
        assert not any(secret in text for text in public.values()), secret


@pytest.mark.parametrize("study", ["practice", "first-steps"])
def test_what_nothing_answers_is_named_first_and_nothing_else(study: str) -> None:
    (box,) = (block for block in annex(study)[:2] if isinstance(block, Gap))
    named = {"coreq": [], "srqr": []}
    for span in box.spans:
        if isinstance(span, Literal) and span.source in named:
            named[span.source].append(int(span.text))
    unsaid = [(row["checklist"], int(row["item"])) for row in rows(released(study)) if row["answered"] == "no"]
    no = {name: [number for checklist, number in unsaid if checklist == name] for name in named}
    assert named == no
    assert named["coreq"] == MISSING[study]
    assert box.spans[0].text == str(sum(map(len, no.values())))
    assert "study.yml" in box.how
    shown = {int(row[0][0].text) for block in annex(study) if isinstance(block, Table) and block.id == "table-coreq"
             for row in block.rows}  # fmt: skip
    assert shown == set(range(1, 33)) - set(no["coreq"])


def test_the_data_say_from_where() -> None:
    found = {(row["checklist"], row["item"]): (row["answered"], row["where"]) for row in rows(released("first-steps"))}
    assert len(found) == 53
    assert found["coreq", "12"] == ("yes", "sources")
    assert found["coreq", "16"] == ("partly", "sources;plan")
    assert found["coreq", "1"] == ("no", "")
    assert found["srqr", "6"] == ("no", "")
    assert found["srqr", "11"] == ("partly", "sources;coreq")


def test_what_the_study_lead_says_answers_an_item_and_its_figures_are_declared() -> None:
    known = results("first-steps")
    said = {"coreq_21": {"en": "About 45 minutes.", "fr": "Environ 45 minutes."}}
    study = dataclasses.replace(known.evidence.study, reporting=said)
    told = dataclasses.replace(known, evidence=dataclasses.replace(known.evidence, study=study))
    release = clear(told, audience="public", langs=("fr",))
    (entry,) = (each for each in reporting.entries(view(release, "fr")) if each.item.code == "coreq_21")
    assert (entry.answered, entry.where) == ("yes", ("lead",))
    assert entry.spans == [Text("Environ "), Literal("45", "study.yml"), Text(" minutes.")]


@pytest.mark.parametrize("audience", ["public", "team"])
@pytest.mark.parametrize("study", ["practice", "first-steps"])
def test_both_languages_answer_the_same_with_the_same_numbers(study: str, audience: str) -> None:
    english, french = (reporting.entries(view(released(study, audience), lang)) for lang in ("en", "fr"))
    for one, other in zip(english, french, strict=True):
        assert (one.answered, one.where) == (other.answered, other.where)
        numbers = [sorted((type(span).__name__, getattr(span, "estimate", span.text)) for span in each.spans
                          if isinstance(span, Number | Literal)) for each in (one, other)]  # fmt: skip
        assert numbers[0] == numbers[1], one.item.code


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("audience", ["public", "team"])
@pytest.mark.parametrize("study", ["practice", "first-steps", "mali"])
def test_every_figure_is_an_estimate_as_released_or_declared(study: str, audience: str, lang: str) -> None:
    release = released(study, audience)
    for block in annex(study, audience, lang):
        for span in spans_of(block):
            assert isinstance(span, Number | Literal) or not re.search(r"\d", span.text), span
            if isinstance(span, Number):
                row = release.estimate(span.estimate)
                assert row is not None
                figures = re.findall(r"\d+(?:[.,]\d+)?", span.text)
                columns = [row[name] for name in ("value", "low", "high", "n", "planned", "missing")]
                known = {f"{abs(value):.2f}" for value in columns if value is not None}
                assert all(f"{float(figure.replace(',', '.')):.2f}" in known for figure in figures), span


@pytest.mark.parametrize("audience", ["public", "team"])
@pytest.mark.parametrize("study", ["practice", "first-steps"])
def test_links_lead_to_what_is_there(study: str, audience: str) -> None:
    there = {f"#{ident}" for ident in ids_of(document(study, audience))}
    targets = {span.target for block in annex(study, audience) for span in spans_of(block) if hasattr(span, "target")}
    assert targets
    assert targets <= there


def test_agreement_is_read_by_the_customary_lines() -> None:
    (table,) = (block for block in annex("practice") if isinstance(block, Table) and block.id == "table-agreement")
    read = {row[0][0].text: ("".join(s.text for s in row[1]), "".join(s.text for s in row[4])) for row in table.rows}
    assert read == {
        "Type of link": ("0.79", "tentative conclusions only"),
        "Presence of a market": ("0.87", "conclusions may rest on it"),
        "Severity of a market": ("0.95", "conclusions may rest on it"),
        "Level of State presence": ("0.96", "conclusions may rest on it"),
        "Trend of a market": ("0.65", "too low: nothing should rest on it"),
    }
    (lines,) = (block for block in annex("practice")[2:] if isinstance(block, Paragraph))
    assert [span.text for span in lines.spans if isinstance(span, Literal)] == ["0.80", "0.667"]


def test_saturation_by_place_is_for_the_team() -> None:
    assert not any(isinstance(block, Table) and block.id == "table-saturation" for block in annex("practice"))
    (table,) = (b for b in annex("practice", "team") if isinstance(b, Table) and b.id == "table-saturation")
    told = {row[0][0].text: "".join(span.text for span in row[1]) for row in table.rows}
    assert told["Nordonde"] == "No new themes after interview 10 of 11."
    assert told["Sudonde"] == "New themes still came up at the end (7 interviews)."
    assert list(told.values())[-1] == "Too few interviews to tell."


# --- a study that interviewed nobody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_study_without_interviews_says_so_in_two_sentences(lang: str) -> None:
    (said,) = annex("mali", lang=lang)
    assert isinstance(said, Paragraph)
    assert len(re.findall(r"\.(?: |$)", plain(said))) == 2
    assert [(span.text, span.source) for span in said.spans if isinstance(span, Literal)] == [
        (text, "unodc-unicri") for text in ("39", "1", "1")
    ]
    assert rows(released("mali")) == []
