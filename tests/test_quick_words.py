"""The quick passphrases of the tests make files that the library itself reads."""

import pytest

from maillage.study import age
from quick_words import close_with_words


def test_the_library_opens_what_the_tests_close() -> None:
    raw = close_with_words(b"AGE-SECRET-KEY", "seven long words")
    assert age.unclose_with_words(raw, "seven long words") == b"AGE-SECRET-KEY"
    assert age.unclose_with_words(raw, "seven long word") is None
    assert age.unclose_with_words(raw[:-1] + bytes([raw[-1] ^ 1]), "seven long words") is None


@pytest.mark.slow
@pytest.mark.real_words
def test_a_passphrase_costs_work_outside_the_tests() -> None:
    raw = age.close_with_words(b"AGE-SECRET-KEY", "seven long words")
    assert int(raw.split(b"\n")[1].split()[-1]) >= 14, "the logarithm of the work"
