"""A name of the register is found in a quote however it is written; ordinary words are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.publish.told_names import holds_name, other_letters

NAMES = ("Aïssata Maïga", "Cheick Oumar Diallo", "Ibrahim Ag Mohamed", "Fatoumata Coulibaly", "N'Diaye")
HELD = {
    "as written": "They pay Aïssata Maïga.", "a part": "They pay Maiga.", "capitals": "MAÏGA paie.",
    "decomposed": "Ai\u0308ssata paie.", "turned round": "Maïga Aïssata paie.", "in two": "They pay Ma iga.",
    "letter by letter": "They pay M.a.i.g.a now.", "hyphened": "They pay Mai-ga.", "line end": "They pay Mai-\nga.",
    "soft hyphen": "They pay Mai\u00adga.", "no width": "They pay Mai\u200bga.", "glued": "They pay AissataMaiga.",
    "plural": "The Diallos pay.", "initials": "They pay A.M. now.", "initials apart": "They pay C. O. D. now.",
    "first initial": "They pay C. Diallo.", "by ear": "They pay Mayga.", "double letters": "They pay Aissatta.",
    "ou for u": "They pay Ibraheem.", "k for c": "They pay Koulibaly.", "i for y": "They pay Coulibali.",
    "dj": "They pay Djallo or Dialo.", "one letter": "They pay Fatoumada.", "two turned": "They pay Fatuomata.",
    "Cyrillic look-alikes": "They pay \u041caig\u0430.",
    "Greek look-alikes": "They pay \u039caiga and D\u03b9all\u03bf.",
    "full width": "They pay \uff2d\uff41\uff49\uff47\uff41.", "underscore": "They pay Mai_ga.",
    "apostrophe": "They pay N\u2019Diaye.", "without apostrophe": "They pay Ndiaye.",
}  # fmt: skip
FREE = (
    "They take a share of what people earn.", "Ils prennent une part de ce que gagnent les gens.",
    "People give money at the market and nobody protects them.",
    "On nous demande de payer la route, le puits et l'école.", "Women of the village walk to the well for water.",
    "Les jeunes quittent la mine parce que le travail manque.",
)  # fmt: skip


@pytest.mark.parametrize("text", HELD.values(), ids=HELD.keys())
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert holds_name(text, NAMES)


@pytest.mark.parametrize("text", FREE)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert not holds_name(text, NAMES)
    assert not other_letters(text)


@pytest.mark.parametrize("text", ["They pay Маига.", "They pay Μάιγα.", "ils paient مايغا", "ߡߊ߯ߌߜߊ"])
def test_letters_of_another_alphabet_are_told(text: str) -> None:
    assert other_letters(text)


def test_no_names_hold_nothing() -> None:
    assert not holds_name("They pay Maïga.", ())
    assert not holds_name("They pay.", ("", "-", "A"))


@given(st.sampled_from(["Aïssata", "Maïga", "Coulibaly", "Diallo"]), st.data())
def test_signs_between_the_letters_hide_no_name(name: str, data: st.DataObject) -> None:
    gaps = st.sampled_from(["", " ", "-", ".", "\u00ad", "\u200d", "_", "\u00a0"])
    told = "".join(letter + data.draw(gaps) for letter in name)
    assert holds_name(f"They pay {told} now.", NAMES)
