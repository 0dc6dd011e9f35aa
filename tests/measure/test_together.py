"""Codes that meet on passages, against a slow count that shares no code."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.measure import together
from maillage.measure.together import co_occurrence

ROW = st.tuples(
    st.sampled_from(["I1", "I2"]), st.integers(0, 30), st.integers(0, 12), st.sampled_from("abc"),
    st.sampled_from(["ana", "bo"]),
)  # fmt: skip


def passages(*rows: tuple[str, int | None, int | None, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["source", "start", "end", "code", "coder"], orient="row", strict=False).cast(
        {"source": pl.String, "start": pl.Int64, "end": pl.Int64, "code": pl.String, "coder": pl.String}
    )


def slowly(table: pl.DataFrame) -> dict[tuple[str, str], tuple[int, int, int]]:
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for one, two in combinations(table.rows(named=True), 2):
        shared = min(one["end"], two["end"]) - max(one["start"], two["start"])
        empty = one["end"] <= one["start"] or two["end"] <= two["start"]
        alike = one["source"] == two["source"] and one["coder"] == two["coder"] and one["code"] != two["code"]
        if shared > 0 and alike and not empty:
            pair = min(one["code"], two["code"]), max(one["code"], two["code"])
            found.setdefault(pair, []).append((one["source"], shared))
    return {
        pair: (len(met), len({source for source, _ in met}), sum(shared for _, shared in met))
        for pair, met in found.items()
    }


def test_two_codes_meet_where_one_coder_put_both() -> None:
    made = passages(
        ("I1", 0, 10, "gold", "ana"), ("I1", 5, 12, "levy", "ana"), ("I1", 10, 20, "levy", "ana"),
        ("I1", 0, 10, "levy", "bo"), ("I2", 0, 10, "levy", "ana"), ("I1", None, None, "gold", "ana"),
    )  # fmt: skip
    assert co_occurrence(made).rows() == [("gold", "levy", 1, 1, 5)]


def test_nothing_meets_nothing() -> None:
    assert co_occurrence(passages()).rows() == []
    assert co_occurrence(passages(("I1", 0, 10, "gold", "ana"))).schema == together.COLUMNS


@pytest.mark.parametrize("at_once", [1, 3, together.AT_ONCE])
@given(rows=st.lists(ROW, max_size=25))
def test_it_is_what_a_slow_count_says(at_once: int, rows: list[tuple[str, int, int, str, str]]) -> None:
    table = passages(*((source, start, start + long, code, coder) for source, start, long, code, coder in rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "AT_ONCE", at_once)
        found = {row[:2]: row[2:] for row in co_occurrence(table).rows()}
    assert found == slowly(table)
