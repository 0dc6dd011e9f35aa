"""Numbers, dates, flags and names as people type them: what is ambiguous or impossible is refused, never guessed."""

import unicodedata
from datetime import date as day
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.intake import values


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5000", "5000"),
        ("-3", "-3"),
        ("5000.50", "5000.5"),
        ("3,5", "3.5"),
        ("0,125", "0.125"),
        ("5 000", "5000"),
        ("5\u00a0000", "5000"),
        ("1\u202f234\u202f567,5", "1234567.5"),
        ("1,250,000.5", "1250000.5"),
        ("1,250.5", "1250.5"),
    ],
)
def test_numbers_of_either_language_are_read(text: str, wanted: str) -> None:
    number = values.number(text)
    assert number is not None
    assert values.decimal_text(number) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "5,000",
        "5_000",
        "٣",
        "inf",
        "nan",
        "-inf",
        "1e999",
        "12 34",
        "1.000.000",
        "5000 XOF",
        "",
        " ",
        "--5",
        "0x1F",
        "1e20",
        "9" * 400,
        "1e-99",
        "1000000000000000",
    ],
)
def test_what_could_mean_two_things_or_none_is_no_number(text: str) -> None:
    assert values.number(text) is None


@given(st.text())
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse in (values.number, values.integer, values.date, values.period, values.flag, values.fold, values.clean):
        parse(text)
    number = values.number(text)
    assert number is None or number.is_finite()


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_number_written_as_a_log_writes_it_comes_back(whole: int, places: int) -> None:
    number = Decimal(whole).scaleb(-places)
    assert values.number(values.decimal_text(number)) == number


@given(st.integers(1_000_000, 10**12))
def test_both_languages_write_the_same_number(number: int) -> None:
    english = f"{number:,}"
    assert values.number(english) == values.number(english.replace(",", "\u202f")) == number


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2023-02-29", "2024-13", "2024-00", "2024-1-1", "24", "01/06/2024", "1 juin 2024", "0000"]
)
def test_impossible_dates_are_refused(text: str) -> None:
    assert values.date(text) is None
    assert values.period(text) is None


@given(st.dates(day(1900, 1, 1), day(2100, 12, 31)))
def test_every_day_its_month_and_its_year_are_dates(when: day) -> None:
    for text in (when.isoformat(), when.isoformat()[:7], when.isoformat()[:4]):
        assert values.date(text) == text


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2012/2024", True),
        ("2024-06/2024-07", True),
        ("2024-06/2024", True),
        ("2024/2012", False),
        ("2024-07/2024-06", False),
        ("2024/2024-02-30", False),
        ("2012/2014/2016", False),
    ],
)
def test_periods_run_forwards(text: str, good: bool) -> None:
    assert (values.period(text) is not None) == good


def test_text_is_nfc_without_what_nobody_sees() -> None:
    assert values.clean(" Me\u0301\u200bnaka\ufeff\u00a0") == "Ménaka"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = values.clean(text)
    assert values.clean(once) == once


@pytest.mark.parametrize(
    "text", ["Ménaka", "MÉNAKA", "menaka ", unicodedata.normalize("NFD", "Ménaka"), "Me\u200bnaka"]
)
def test_spellings_of_a_name_fold_to_one(text: str) -> None:
    assert values.fold(text) == "menaka"


def test_hyphens_and_apostrophes_do_not_tell_names_apart() -> None:
    assert values.fold("N'Tillit") == values.fold("N’Tillit") == values.fold("n tillit")
    assert values.fold("Boucle-du-Mouhoun") == values.fold("boucle du mouhoun")


def test_a_letter_of_another_alphabet_is_another_letter() -> None:
    assert values.fold("G\u0430o") != values.fold("Gao")
