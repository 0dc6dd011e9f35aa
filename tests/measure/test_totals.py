"""Open bounds stay open, and totals under shapes: hand-worked ends, one stream a total, the same bytes for a seed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_evidence import by_id, evidence, settings

from maillage.measure.levies import levy_totals
from maillage.measure.stated import Bounds, envelope
from maillage.measure.totals import under_shapes, usual

HEAD = "id,source,kind,question,answer,place,market,low,high,open_high,unit,currency,base,per,meaning\n"
LEVY = "{id},i1,levy,levy,site_access,ML0702,{market},{low},{high},{open},XOF,XOF,miner,week,spread\n"
PAYERS = "p{market},d3,figure,figure,payers,ML0702,{market},100,300,,persons,,,,\n"
AMOUNTS = st.floats(1, 1e6)


def levied(*goods: str, low: int = 2_000, high: int | str = 15_000, open_high: str = "") -> str:
    return HEAD + "".join(
        LEVY.format(id=f"l{good}", market=good, low=low, high=high, open=open_high) + PAYERS.format(market=good)
        for good in goods
    )


def here(said: str) -> dict[str, dict[str, Any]]:
    """Totals of the town, where the number of payers is known."""
    rows = by_id(levy_totals(evidence(said), "levy_totals", {"kind": "totals"}))
    return {name: row for name, row in rows.items() if "/ML0702/" in name}


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    """What somebody may say: both ends, one of them, an open one."""
    low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)))
    open_low, open_high = draw(st.booleans()), draw(st.booleans())
    return Bounds(None if open_low and draw(st.booleans()) else low, None if open_high else high, open_low, open_high)


@given(st.lists(bounds(), min_size=1, max_size=4), bounds())
def test_one_more_statement_never_lowers_an_upper_bound_nor_closes_an_open_one(
    said: list[Bounds], more: Bounds
) -> None:
    before, after = envelope(said), envelope([*said, more])
    assert after.open_high >= before.open_high
    assert after.open_low >= before.open_low
    assert before.high is None or (after.high is not None and after.high >= before.high)
    assert before.low is None or (after.low is not None and after.low <= before.low)
    open_end = Bounds(None, None, open_low=False, open_high=True)
    assert envelope([*said, open_end]).open_high
    assert envelope([*said, open_end]).high == before.high


def test_a_total_has_a_row_a_shape_between_its_hard_bounds() -> None:
    rows = here(levied("gold"))
    whole = rows["levy_totals/ML0702/gold"]
    assert (whole["low"], whole["high"], whole["meaning"]) == (200_000, 4_500_000, "spread")
    assert set(rows) == {whole["id"], *(f"{whole['id']}@{shape}" for shape in
                                        ("uniform", "loguniform", "lognormal", "pert", "triangular"))}  # fmt: skip
    uniform = rows["levy_totals/ML0702/gold@uniform"]
    # 100 to 300 payers (mean 200 or, log-uniform below a factor of 5, uniform) of 8,500 on average: 1.7 million
    assert uniform["value"] == pytest.approx(1_700_000, rel=0.03)
    assert (uniform["interval"], uniform["method"]) == ("q05-q95", "levy_totals 2, uniform")
    drawn = [row[end] for row in rows.values() if "@" in row["id"] for end in ("value", "low", "high")]
    assert all(len(f"{value:.0f}".rstrip("0")) <= 2 for value in drawn)


@pytest.mark.parametrize("odd", [{"high": "", "open_high": "yes"}, {"low": 0}])
def test_nothing_is_drawn_up_to_an_open_end_or_from_nothing(odd: dict[str, object]) -> None:
    rows = here(levied("gold", **odd))  # type: ignore[arg-type]
    assert list(rows) == ["levy_totals/ML0702/gold"]
    assert rows["levy_totals/ML0702/gold"]["status"] == "ok"


def test_a_seed_gives_the_same_rows_and_another_good_moves_none_of_them() -> None:
    def made(seed: int, *goods: str) -> dict[str, object]:
        known = evidence(levied(*goods), study=settings(seed=seed))
        rows = by_id(levy_totals(known, "levy_totals", {"kind": "totals"}))
        return {name: (row["value"], row["low"], row["high"]) for name, row in rows.items() if "/gold" in name}

    assert made(1, "gold") == made(1, "gold") == made(1, "arms", "gold")
    assert made(1, "gold") != made(5, "gold")


def test_a_range_is_log_uniform_from_a_factor_of_five() -> None:
    def known(low: float, high: float) -> Bounds:
        return Bounds(low, high, open_low=False, open_high=False)

    assert (usual(known(2, 10)), usual(known(2, 9.9))) == ("loguniform", "uniform")
    assert under_shapes({"id": "x"}, known(3, 3), known(7, 7), seed=1) == []
