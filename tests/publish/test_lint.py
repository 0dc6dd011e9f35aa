"""Words that judge, take sides or claim too much: found in both languages, and harmless sentences left alone."""

import dataclasses

import pytest

from maillage.pack import Code
from maillage.publish import lint
from small_evidence import nexus

FOUND = [
    ("en", "The culprits were seen in Gao.", "wording_guilt"),
    ("fr", "Les coupables ont été vus à Gao.", "wording_guilt"),
    ("en", "Fulani gunmen took the herd.", "wording_ethnic"),
    ("en", "A militia of the Dogon burned it.", "wording_ethnic"),
    ("fr", "Des terroristes peuls tiennent la route.", "wording_ethnic"),
    ("fr", "La milice dite dogon est venue.", "wording_ethnic"),
    ("en", "Under threat the village cooperates. It pays.", "wording_coerced"),
    ("fr", "Sous la menace, le village coopère. Il paie.", "wording_coerced"),
    ("en", "We have high confidence that it is likely to spread.", "wording_two_scales"),
    ("fr", "Une extension est probable, avec une confiance élevée.", "wording_two_scales"),
    ("en", "A majority of those heard say so.", "wording_majority"),
    ("fr", "La majorité des personnes le disent.", "wording_majority"),
    ("en", "A Bandit came.", "wording_term"),
]
CLEAN = [
    ("en", "Suspects were arrested; none was found guilty."),
    ("en", "The alleged perpetrators were seen in Gao."),
    ("fr", "Les auteurs présumés ne sont pas jugés coupables."),
    ("fr", "Selon le dossier, les coupables auraient fui."),
    ("fr", "Les groupes armés et criminels travailleraient ensemble."),
    ("en", "Dogon and Fulani villages share the well. Smugglers pass through."),
    ("en", "Under threat the village cooperates. That is coercion."),
    ("fr", "Sous la menace, le village coopère. C'est une contrainte."),
    ("en", "It is likely to spread. Our confidence in this is low."),
    ("en", "More than half of those asked say so. Banditry is another word."),
]


@pytest.mark.parametrize(("lang", "text", "code"), FOUND)
def test_a_word_is_found(lang: str, text: str, code: str) -> None:
    found = lint.lint(f"# Title\n\n{text}", "narrative/x.md", lang, {"bandit": "armed man"})
    assert [(item.code, item.line, item.level) for item in found] == [(code, 3, "warning")]


@pytest.mark.parametrize(("lang", "text"), CLEAN)
def test_a_harmless_sentence_is_left_alone(lang: str, text: str) -> None:
    assert lint.lint(text, "narrative/x.md", lang, {"bandit": "armed man"}) == []


def test_lines_are_counted_through_paragraphs_and_items() -> None:
    text = "# A\n\nFine words.\nStill fine.\n\n1. One.\n2. The majority.\n\nThe culprits."
    found = lint.lint(text, "x", "en", {})
    assert [(item.line, item.value) for item in found] == [(7, "majority"), (9, "culprits")]


def test_labels_of_codes_are_read_too() -> None:
    assert lint.labels(nexus(), []) == []
    text = {"en": "Tuareg smugglers", "fr": "passeurs touaregs"}
    actors = dict(nexus().lists["actors"]) | {"x": Code(text, {}, {}, {}, {}, {})}
    pack = dataclasses.replace(nexus(), lists={**nexus().lists, "actors": actors})
    own = [("y", "fr", "coupables"), ("z", "en", "routes")]
    assert [(item.code, item.field) for item in lint.labels(pack, own)] == [
        ("wording_ethnic", "actors.x"), ("wording_ethnic", "actors.x"), ("wording_guilt", "y"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "It is very likely, then unlikely.", [("typed", "very likely"), ("typed", "unlikely")]),
        ("fr", "C'est très probable.", [("typed", "tres probable")]),
        ("fr", "C'est invraisemblable, et vraisemblable.", [("other", "vraisemblable")]),
        ("en", "There is a remote chance.", [("other", "remote chance")]),
        ("en", "Probability is no word of ours; likewise.", []),
    ],
)  # fmt: skip
def test_likelihood_words_belong_to_the_table_of_the_study(lang: str, text: str, found: list[tuple[str, str]]) -> None:
    told = lint.likelihood(text, "x", lang, "icd203")
    codes = {"typed": "wording_likelihood_typed", "other": "wording_likelihood"}
    assert [(item.code, item.value) for item in told] == [(codes[kind], word) for kind, word in found]
    assert all(item.code == "wording_likelihood" for item in lint.likelihood(text, "x", lang, ""))
