"""Tables of likelihood words: published ranges, in order, each word once in each language."""

from itertools import pairwise

import pytest

from maillage import likelihood


def test_the_same_word_has_another_range_in_another_table() -> None:
    """ICD 203 (2015): likely is 55 to 80 per cent; IPCC (2010): 66 to 100."""
    icd, ipcc = (likelihood.words(table)["likely"] for table in ("icd203", "ipcc"))
    assert ((icd.low, icd.high), (ipcc.low, ipcc.high)) == ((55, 80), (66, 100))


def test_the_bands_of_icd_203_leave_no_gap() -> None:
    bands = [(word.low, word.high) for word in likelihood.words("icd203").values()]
    assert bands == [(1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99)]


@pytest.mark.parametrize("table", likelihood.tables())
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_words_rise_and_are_apart(table: str, lang: str) -> None:
    words = list(likelihood.words(table).values())
    assert len({word.said(lang) for word in words}) == len(words)
    assert all(one.low + one.high < other.low + other.high for one, other in pairwise(words))
    assert likelihood.title(table, lang)
