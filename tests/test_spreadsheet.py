"""Text that a spreadsheet would run goes out defused and comes back as it was, through every reader of tables."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.evidence import Card
from maillage.intake.frames import read_frame
from maillage.intake.rows import read_csv
from maillage.publish import data
from maillage.spreadsheet import FORMULA, defused, restored


@given(st.text("'=+-@\t\r\nab1"))
def test_defused_text_never_begins_a_formula_and_loses_nothing(text: str) -> None:
    assert restored(defused(text)) == text
    assert not defused(text).startswith(FORMULA)
    assert defused(text) in (text, f"'{text}")


@pytest.mark.parametrize("times", [1, 20_000])
def test_a_table_that_left_comes_back(tmp_path: Path, times: int) -> None:
    notes = ["=cmd|' /C calc'!A0", "-5", "@here", "'=quoted", "plain"] * times
    (tmp_path / "t.csv").write_bytes(data.csv(pl.DataFrame({"note": notes, "n": [-1] * len(notes)})))
    if times == 1:
        assert [row.values for row in read_csv(tmp_path / "t.csv").rows] == [{"note": n, "n": "-1"} for n in notes]
    card = Card("t", "events", "t.csv", {}, "", "")
    frame, problems = read_frame(tmp_path / "t.csv", card)
    assert problems == []
    assert frame["note"].to_list() == notes
