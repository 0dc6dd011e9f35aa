"""What a report explains of its words: those that it uses, and no other."""

import pytest

from maillage.blocks import Heading, Items, Paragraph, Section, Table, Text
from maillage.publish import glossary
from maillage.publish.walk import spans_of


def told(sections: list[Section], lang: str) -> str:
    return " ".join(span.text for block in glossary.words(sections, lang) for span in spans_of(block))


@pytest.mark.parametrize(("lang", "money"), [("en", "XOF 5,000"), ("fr", "5\u00a0000 FCFA")])
def test_only_words_that_a_report_uses_are_explained(lang: str, money: str) -> None:
    table = Table(id="zakat", title="CRPS", columns=["a"], rows=[[(Text(money),)]])
    found = glossary.words([Section("a", "A", [table])], lang)
    assert isinstance(found[0], Heading)
    assert isinstance(found[1], Items)
    text = told([Section("a", "A", [table])], lang)
    assert "CRPS" in text
    assert ("XOF" if lang == "en" else "FCFA") in text
    assert "zakat" not in text
    assert len(found[1].items) == 2


def test_a_report_that_uses_none_has_no_list() -> None:
    assert glossary.words([Section("a", "A", [Paragraph([Text("Nothing here.")])])], "en") == []


def test_every_term_is_told_in_both_languages() -> None:
    for name, entry in glossary.terms().items():
        for part in entry.values():
            assert set(part) == {"en", "fr"}, name
