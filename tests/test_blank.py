"""A text that shows nothing is no reason, wherever the log asks for one."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folders import folder_hash
from made_bench import laid_out
from maillage.blank import is_blank, reason
from maillage.errors import MaillageError
from maillage.intake.values import clean
from maillage.verbs import vault
from maillage.verbs.coding import memo, retract
from maillage.verbs.worklist import arbitrate

UNSEEN = (
    " \t\n\r\u00a0\u00ad\u034f\u115f\u1160\u17b4\u180e\u2000\u2007\u200b\u200c\u200d\u200e\u2028\u202f"
    "\u2060\u2800\u3000\u3164\ufe0f\ufeff\uffa0\U000e0020"
)


def test_each_sign_that_shows_nothing_is_nothing() -> None:
    assert [unicodedata.name(sign, hex(ord(sign))) for sign in UNSEEN if not is_blank(sign)] == []
    assert is_blank("")
    assert is_blank("\u0301")


@given(st.text(UNSEEN))
def test_nor_are_many_of_them(text: str) -> None:
    assert is_blank(text)
    assert clean(text) == ""
    with pytest.raises(MaillageError, match=r"^reason_missing:"):
        reason(text, "why")


@given(st.text(UNSEEN), st.sampled_from(["a", "é", "3", "喝", "🙂", "?"]), st.text(UNSEEN))
def test_one_that_shows_is_enough_and_is_kept_as_it_is(before: str, sign: str, after: str) -> None:
    text = before + sign + after
    assert reason(text, "why") == text


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\u00a0", "\u2060\ufeff", "\u3164", "\u2800", "\u0301"])
def test_every_place_that_asks_for_a_reason_refuses_it(tmp_path: Path, nothing: str) -> None:
    study = laid_out(tmp_path)
    before = folder_hash(study)
    for write in (
        lambda: retract(study, "a1", why=nothing, coder="ana"),
        lambda: memo(study, nothing, about="S1", coder="ana"),
        lambda: arbitrate(study, "00000000", ["ana"], reason=nothing, coder="ana"),
        lambda: vault.erase(study, "S1", nothing, lambda: "", "ana"),
    ):
        with pytest.raises(MaillageError, match=r"^reason_missing:"):
            write()
    assert folder_hash(study) == before
