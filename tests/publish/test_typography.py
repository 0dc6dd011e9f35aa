"""Signs of print: French ones at the edge, once; ids, addresses and quotes as they were; codes that no line breaks."""

import re
from dataclasses import replace
from html import unescape

import made_document
import pytest

from maillage.blocks import Link, Literal, Number, Paragraph, Section, Text
from maillage.publish import html, typography
from maillage.publish.walk import printed_numbers


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'étude n'a interrogé personne", "l\u2019étude n\u2019a interrogé personne"),
        ("l'« accord »", "l\u2019«\u202faccord\u202f»"),
        ("« l'or »", "«\u202fl\u2019or\u202f»"),
        ("Confiance : faible ; pourquoi ?", "Confiance\u00a0: faible\u00a0; pourquoi\u00a0?"),
        ("10 % et 5\u202f%", "10\u202f% et 5\u202f%"),
        ("à 12:30", "à 12:30"),
        ("data/estimates.csv", "data/estimates.csv"),
    ],
)
def test_french_signs(typed: str, printed: str) -> None:
    assert typography.french(typed) == printed
    assert typography.french(printed) == printed


def test_only_words_of_a_french_document_change() -> None:
    spans = [
        Text("l'or"), Text("« l'or »", "quote"), Number("a/l'id", "l'un", 1.0), Literal("l'an", "l'acte"),
        Link("l'acte", "https://example.org/l'acte"),
    ]  # fmt: skip
    typed = replace(made_document.document("fr"), sections=[Section("l'id", "L'or", [Paragraph(spans)])])
    (section,) = typography.dressed(typed).sections
    assert (section.id, section.title) == ("l'id", "L\u2019or")
    assert isinstance(section.blocks[0], Paragraph)
    assert list(section.blocks[0].spans) == [
        Text("l\u2019or"), Text("« l'or »", "quote"), Number("a/l'id", "l\u2019un", 1.0),
        Literal("l\u2019an", "l'acte"), Link("l\u2019acte", "https://example.org/l'acte"),
    ]  # fmt: skip
    english = replace(typed, lang="en")
    assert typography.dressed(english) is english


def test_a_drawing_keeps_its_marks() -> None:
    svg = '<svg aria-label="l\'or"><text x="1">l\'or</text></svg>'
    assert typography.drawing(svg) == '<svg aria-label="l\'or"><text x="1">l\u2019or</text></svg>'


@pytest.mark.parametrize("code", ["COD-AB", "2021-12-20", "data/estimates.csv", "MPL-2.0", "S-014"])
def test_no_line_breaks_in_a_code(code: str) -> None:
    page = f'<p title="{code}">in {code}, so</p><code>{code}</code><svg><text>{code}</text></svg>'
    told = typography.unbroken(page)
    assert told == page.replace(f"in {code}", f'in <span class="whole">{code}</span>')


@pytest.mark.parametrize("word", ["lui-même", "2018–2020", "1 234 t", "Ce qui manque"])
def test_words_are_no_codes(word: str) -> None:
    assert typography.unbroken(f"<p>{word}</p>") == f"<p>{word}</p>"


def test_a_whole_french_report_has_french_signs_alone(mali_release) -> None:
    for name in ("report", "brief"):
        page = (mali_release / f"{name}.fr.html").read_text("utf-8")
        shown = unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "", page, flags=re.DOTALL))
        assert re.findall(r"\w'\w|« | »| [:;!?](?= )|\d[ \u00a0]%", shown) == []
        assert re.findall(r"\w+; .{0,20}", shown) == []
        assert "\u2019" in shown


def test_the_numbers_of_a_dressed_document_are_the_same() -> None:
    document = made_document.document("fr")
    assert list(printed_numbers(typography.dressed(document))) == list(printed_numbers(document))
    assert set(re.findall(r'id="([^"]+)"', html.render(typography.dressed(document)))) == set(
        re.findall(r'id="([^"]+)"', html.render(document))
    )
