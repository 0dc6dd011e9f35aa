"""Numbers, money, dates and lists as readers of English and French write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage import numbers

N, B = "\u202f", "\u00a0"


@pytest.mark.parametrize(("value", "lang", "text"), [
    (5000, "en", "5,000"), (5000, "fr", f"5{N}000"), (1234567.5, "fr", f"1{N}234{N}567,5"), (0.126, "en", "0.13"),
    (-3, "en", "\u22123"), (0, "fr", "0"), (2.0, "en", "2"),
])  # fmt: skip
def test_numbers(value: float, lang: str, text: str) -> None:
    assert numbers.number(value, lang) == text


def test_decimals_are_kept_where_they_are_asked_for() -> None:
    assert numbers.number(2, "en", 1) == "2.0"
    assert numbers.number(2.55, "fr", 0) == "3"


@pytest.mark.parametrize(("amount", "currency", "lang", "text"), [
    (5000, "XOF", "en", f"XOF{B}5,000"), (5000, "XOF", "fr", f"5{N}000{B}FCFA"),
    (250000, "XOF", "fr", f"250{N}000{B}FCFA"), (12_000_000, "XOF", "fr", f"12{B}millions{B}de FCFA"),
    (1_500_000_000, "XOF", "en", f"XOF{B}1.5{B}billion"), (3, "EUR", "fr", f"3{B}€"), (3, "EUR", "en", f"EUR{B}3"),
    (3, "USD", "fr", f"3{B}dollars"), (3, "MRU", "fr", f"3{B}MRU"),
])  # fmt: skip
def test_money(amount: float, currency: str, lang: str, text: str) -> None:
    assert numbers.money(amount, currency, lang) == text


@pytest.mark.parametrize(("share", "lang", "text"), [(0.6, "en", "60%"), (0.6, "fr", f"60{N}%"), (0, "en", "0%")])
def test_per_cents(share: float, lang: str, text: str) -> None:
    assert numbers.percent(share, lang) == text


def test_k_of_n_stays_on_one_line() -> None:
    assert numbers.share(3, 5, "en") == f"3{B}of{B}5"
    assert numbers.share(3, 1200, "fr") == f"3{B}sur{B}1{N}200"


@pytest.mark.parametrize(("text", "lang", "shown"), [
    ("2024", "en", "2024"), ("2024-06", "en", f"June{B}2024"), ("2024-06", "fr", f"juin{B}2024"),
    ("2024-06-01", "fr", f"1er{B}juin{B}2024"), ("2024-06-01", "en", f"1{B}June{B}2024"),
    ("2024-06-21", "fr", f"21{B}juin{B}2024"), ("2012/2024", "fr", "2012–2024"),
    ("2024-01/2024-06-30", "en", f"January{B}2024–30{B}June{B}2024"),
])  # fmt: skip
def test_dates(text: str, lang: str, shown: str) -> None:
    assert numbers.date(text, lang) == shown


@pytest.mark.parametrize(("words", "en", "fr"), [
    ([], "", ""), (["a"], "a", "a"), (["a", "b"], "a and b", "a et b"), (["a", "b", "c"], "a, b, and c", "a, b et c"),
])  # fmt: skip
def test_lists(words: list[str], en: str, fr: str) -> None:
    assert numbers.items(words, "en") in (en, en.replace(", and", " and"))
    assert numbers.items(words, "fr") == fr


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_files_hold_what_reads_back_the_same(value: float) -> None:
    text = numbers.decimal_text(value)
    assert float(text) == value
    assert "," not in text
    assert not text.endswith(".0") or abs(value) >= 2**53


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_two_significant_digits_are_never_far_off(value: float) -> None:
    assert math.isclose(numbers.significant(value), value, rel_tol=0.051)


def test_no_number_has_significant_digits_of_nothing() -> None:
    assert numbers.significant(0) == 0
    assert math.isinf(numbers.significant(math.inf))


@given(st.floats(min_value=0, max_value=1e13))
def test_large_amounts_lose_no_size(amount: float) -> None:
    for lang in ("en", "fr"):
        text = numbers.large(amount, lang)
        scale = 1e9 if "illiard" in text or "billion" in text else 1e6 if "million" in text else 1
        digits = text.split(B)[0].replace(N, "").replace(",", "" if lang == "en" else ".")
        assert math.isclose(float(digits) * scale, amount, rel_tol=1e-3, abs_tol=0.5)


def test_parts_with_commas_are_parted_by_semicolons() -> None:
    assert numbers.between("en").join(["a, b", "c"]) == "a, b; c"
    assert numbers.between("fr").join(["a, b", "c"]) == "a, b\u00a0; c"


def test_a_list_stands_in_the_order_of_a_dictionary() -> None:
    assert numbers.listed(["santé", "écoles", "eau", "Routes", "eau"], "fr") == "eau, écoles, Routes et santé"
