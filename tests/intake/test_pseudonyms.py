"""Names to pseudonyms: whole names only, however they are written; every place of one text found in the other."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.intake.pseudonyms import (
    OffsetMap,
    fold_with_places,
    parts_left,
    pseudonymise,
    registered,
    replace,
    suspects,
)

REGISTER = {"Awa": "I01", "Awa Diallo": "I02", "Diallo Traoré Keïta": "I03", "Ould Sidi": "I04", "D’Almeida": "I05"}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Awa a parlé.", "I01 a parlé."),
        ("AWA, awa et Àwà", "I01, I01 et I01"),
        ("Awad, Kawa, awas, awa2, _awa_", "Awad, Kawa, awas, awa2, _I01_"),
        ("Awa Diallo puis Awa", "I02 puis I01"),
        ("Awa-Diallo, Awa\nDiallo, Awa\u00a0Diallo", "I02, I02, I02"),
        ("Awa Diallo Traore Keita", "I01 I03"),
        ("d'Awa, l’Awa, Awa's", "d'I01, l’I01, I01's"),
        ("Mohamed OULD SIDI", "Mohamed I04"),
        ("M. d'Almeida", "M. I05"),
        ("Keïta Diallo", "Keïta Diallo"),
        ("A\u200bwa et A\u00adwa", "I01 et I01"),
        ("Awa-\nmême, A-\nWA", "I01-\nmême, I01"),
        ("M. d\u02bcAlmeida ou dAlmeida", "M. I05 ou I05"),
        ("", ""),
    ],
)
def test_names_are_found_as_whole_words_the_longest_first(text: str, right: str) -> None:
    assert replace(text, REGISTER)[0] == right


def test_a_pseudonym_is_not_searched_again() -> None:
    assert replace("Awa et Fanta", {"Awa": "Fanta", "Fanta": "Awa"})[0] == "Fanta et Awa"


def test_marks_that_belong_to_the_last_letter_go_with_it() -> None:
    text = unicodedata.normalize("NFC", "vu N\u0308iN\u0308 ici")
    assert replace(text, {"nin": "I01"})[0] == "vu I01 ici"


def test_letters_that_unfold_are_replaced_whole_or_not_at_all() -> None:
    assert replace("la ﬁ et Straße", {"fi": "X", "strasse": "Y"})[0] == "la X et Y"
    assert replace("½ litre", {"1": "X"})[0] == "½ litre"


@pytest.mark.parametrize(
    ("register", "code"),
    [
        ({"Awa": "I01", "ÀWA": "I02"}, "pseudonym_twice"),
        ({"Awa": " "}, "pseudonym_blank"),
        ({"-": "I01"}, "pseudonym_blank"),
    ],
)
def test_a_register_that_cannot_be_followed_is_refused_without_naming_anyone(
    register: dict[str, str], code: str
) -> None:
    with pytest.raises(MaillageError) as caught:
        replace("Awa", register)
    assert caught.value.code == code
    for lang in ("en", "fr"):
        assert "awa" not in caught.value.text(lang).casefold()
    assert replace("Awa", {"Awa": "I01", "ÀWA": "I01"})[0] == "I01"


def test_the_map_leads_there_and_back() -> None:
    text = "Vu Aïcha Maïga à Gao avec Awa."
    new, offsets = replace(text, {"aicha maiga": "I07", "awa": "Informatrice"})
    assert new == "Vu I07 à Gao avec Informatrice."
    assert offsets == OffsetMap(((3, 14, 3, 6), (26, 29, 18, 30)))
    assert offsets.to_old(9, 12) == (17, 20)
    assert text[17:20] == new[9:12] == "Gao"
    assert offsets.to_old(4, 5) == offsets.to_old(3, 6) == (3, 14)
    assert offsets.to_new(0, 30) == (0, 31)
    assert offsets.to_old(6, 6) == (14, 14)


WORDS = st.sampled_from(
    [
        "Awa",
        "AWA",
        "Diallo",
        "Traoré",
        "Keïta",
        "ould",
        "Sidi",
        "et",
        "à",
        "Gao",
        "ﬁ",
        "ß",
        "n\u0308",
        "😀",
        "d’",
        "Almeida",
    ]
)
GAPS = st.sampled_from([" ", "\n", "-", ", ", "’", "", "  "])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=25).map(
    lambda pairs: unicodedata.normalize("NFC", "".join(word + gap for word, gap in pairs))
)
REGISTERS = st.dictionaries(
    st.lists(WORDS.filter(lambda word: word[0].isalpha()), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(["I01", "é", "Quelqu’un de la région", "😀x"]),
    max_size=5,
)


@given(TEXTS, REGISTERS, st.data())
def test_every_span_is_found_in_the_other_text(text: str, register: dict[str, str], data: st.DataObject) -> None:
    try:
        new, offsets = replace(text, register)
    except MaillageError:
        return
    assert unicodedata.is_normalized("NFC", new)
    for old_start, old_end, new_start, new_end in offsets.cuts:
        assert new[new_start:new_end] in register.values()
        assert old_start < old_end
    start = data.draw(st.integers(0, len(new)))
    end = data.draw(st.integers(start, len(new)))
    old = offsets.to_old(start, end)
    assert 0 <= old[0] <= old[1] <= len(text)
    again = offsets.to_new(*old)
    assert again[0] <= start
    assert end <= again[1]
    assert offsets.to_new(*offsets.to_old(*again)) == again
    touched = [cut for cut in offsets.cuts if cut[2] < end and start < cut[3]]
    if not touched:
        assert text[slice(*old)] == new[start:end]
        assert again == (start, end)


@given(TEXTS, REGISTERS)
def test_no_name_is_left_and_what_is_between_names_is_untouched(text: str, register: dict[str, str]) -> None:
    try:
        new, offsets = replace(text, register)
    except MaillageError:
        return
    old_end = new_end = 0
    for cut in (*offsets.cuts, (len(text), len(text), len(new), len(new))):
        between = text[old_end : cut[0]]
        assert between == new[new_end : cut[2]]
        old_end, new_end = cut[1], cut[3]
    assert replace("\x01".join(text[cut[0] : cut[1]] for cut in offsets.cuts), register)[0].count("\x01") == max(
        len(offsets.cuts) - 1, 0
    )


@given(st.text())
def test_every_letter_of_the_folded_text_has_its_place(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(places) == len(folded) + 1
    assert places == sorted(places)
    assert places[-1] == len(text)


def found(text: str, known: "set[str] | None" = None) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in suspects(text, known or set())]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Écrire à awa.d@mail.example ou @awa_d", [("email", "awa.d@mail.example"), ("email", "@awa_d")]),
        ("appeler le 76 12 34 56", [("phone", "76 12 34 56")]),
        ("au +223 76-12-34-56.", [("phone", "+223 76-12-34-56")]),
        ("au 0022376123456", [("phone", "0022376123456")]),
        ("رقم ٧٦١٢٣٤٥٦", [("phone", "٧٦١٢٣٤٥٦")]),
        ("payé 1 250 000 francs en 2012-2024, le 2024-06-01, le 01/06/2024", []),
        ("passeport B1234567", [("id", "B1234567")]),
        ("carte 12345678901234567890", [("id", "12345678901234567890")]),
        ("Hier il a vu Fanta Cissé et Iyad ag Ghali là", [("name", "Fanta Cissé"), ("name", "Iyad ag Ghali")]),
        ("Les hommes partent. Ils reviennent. Puis les autres.", []),
        ("Fanta dit non. Ensuite Fanta part.", [("name", "Fanta"), ("name", "Fanta")]),
        ("il vit à Gao, à Ménaka, chez d'Arc", [("name", "Arc")]),
    ],
)
def test_what_may_name_a_person_is_pointed_at(text: str, right: list[tuple[str, str]]) -> None:
    assert found(text, {"Gao", "menaka"}) == right


@pytest.mark.parametrize(
    ("text", "right", "kinds"),
    [
        ("Awa au 76 12 34 56", "I01 au [tel]", {"name": 1, "phone": 1}),
        ("écrire à awa.diallo@mail.example", "écrire à [mail]", {"email": 1}),
        ("Awa Diallo Traoré Keïta", "I03", {"name": 1}),
        ("carte B1234567, tél. 0022376123456", "carte [id], tél. [tel]", {"id": 1, "phone": 1}),
        (
            "5000000 FCFA, 250000000 francs, 7500000 F, 1234567€",
            "5000000 FCFA, 250000000 francs, 7500000 F, 1234567€",
            {},
        ),
        ("le 2024-06-01, 1 250 000 têtes", "le 2024-06-01, 1 250 000 têtes", {}),
    ],
)
def test_names_and_numbers_go_and_amounts_stay(text: str, right: str, kinds: dict[str, int]) -> None:
    """`Awa Diallo` and `Diallo Traoré Keïta` overlap: no part of either may stay."""
    fresh, offsets, counted = pseudonymise(text, REGISTER)
    assert (fresh, dict(counted)) == (right, kinds)
    assert offsets.to_old(0, len(fresh)) == (0, len(text))


@given(st.lists(st.sampled_from([*REGISTER, "Traoré", "à", "76 12 34 56", "a@b.ml", ".", " ", "\n", "-"])))
def test_no_registered_name_is_left_and_every_place_leads_back(pieces: list[str]) -> None:
    text = " ".join(pieces)
    fresh, offsets, _ = pseudonymise(text, REGISTER)
    assert replace(fresh, REGISTER)[0] == fresh
    assert "@" not in fresh
    for old_start, old_end, start, end in offsets.cuts:
        assert offsets.to_old(start, end) == (old_start, old_end)
        assert offsets.to_new(old_start, old_end) == (start, end)


def test_a_register_unites_people_of_one_name_and_leaves_out_letters() -> None:
    assert registered([("Awa Bâ", "I1"), ("AWA BA", "I2"), ("à", "I3"), ("Ly", "I4")]) == {
        "Awa Bâ": "I1/I2",
        "Ly": "I4",
    }
    assert parts_left("Madame Diallo, diallo et Keïta.", REGISTER) == 2
