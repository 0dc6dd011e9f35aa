"""Levies on hand-made statements: bounds, open ends, currencies, directions, areas."""

from hypothesis import given
from hypothesis import strategies as st
from made_evidence import PLACES, by_id, evidence, shuffled

from maillage.evidence import Evidence
from maillage.measure.levies import levies, levy_totals

HEAD = (
    "id,source,kind,question,answer,place,polarity,modality,market,"
    "low,central,high,open_low,open_high,base,currency,per,meaning\n"
)
SAID = (
    HEAD
    + """\
o1,i1,levy,levy,site_access,,,,gold,5000,,250000,,,,XOF,week,spread
o2,i2,levy,levy,site_access,,,hedged,gold,,10000,,,,,XOF,week,uncertainty
o3,d1,levy,levy,forced_zakat,ML,,,,,5000,,,,head_of_livestock,XOF,,quoted
o4,d1,levy,levy,intermediary_fee,ML,,,,200000,,500000,,,operation,XOF,operation,
o5,d3,levy,levy,site_access,ML07,absent,,gold,1,,2,,,,XOF,week,
o6,d3,levy,levy,site_access,ML07,,hypothesised,gold,1,,2,,,,XOF,week,
o7,x1,levy,levy,site_access,ML07,,,gold,1,,2,,,,XOF,week,
o8,i1,levy,levy,no_answer,,,,,,,,,,,,,
"""
)


def test_low_and_high_over_statements_with_their_meaning() -> None:
    found = by_id(levies(evidence(SAID), "levies", {"kind": "amounts"}))
    bourem = found["levies/ML0702/gold/unstated/week"]
    assert (bourem["low"], bourem["high"], bourem["value"], bourem["interval"]) == (5000, 250000, None, "bounds")
    assert (bourem["meaning"], bourem["n"], bourem["currency"], bourem["unit"]) == ("spread", 1, "XOF", "XOF")
    assert (bourem["kind"], bourem["measure"], bourem["direction"]) == ("amounts", "levies", "to_group")
    region = found["levies/ML07/gold/unstated/week"]
    assert (region["low"], region["high"], region["n"], region["clusters"]) == (5000, 250000, 2, 2)
    assert region["meaning"] == "mixed"
    assert region["trace"] == ["o1", "o2"], "absent, hypothesised and unconsented rows never enter"
    for area in ("ML", "zone:north", "ALL"):
        assert found[f"levies/{area}/gold/unstated/week"]["n"] == 2


def test_a_central_value_alone_is_both_bounds() -> None:
    found = by_id(levies(evidence(SAID), "levies", {}))
    town = found["levies/ML0703/gold/unstated/week"]
    assert (town["value"], town["low"], town["high"]) == (10000, 10000, 10000)
    assert (town["open_low"], town["open_high"]) == (False, False)
    assert found["levies/ML/levies/head_of_livestock/unstated"]["value"] == 5000


def test_open_bounds_stay_open() -> None:
    found = by_id(levies(evidence(HEAD + "o1,i1,levy,levy,,,,,gold,12,,,,,site,XOF,day,\n"), "levies", {}))
    row = found["levies/ALL/gold/site/day"]
    assert (row["low"], row["high"], row["open_low"], row["open_high"], row["value"]) == (12, None, False, True, None)
    both = HEAD + "o1,i1,levy,levy,,,,,gold,12,,,,yes,site,XOF,day,\no2,i2,levy,levy,,,,,gold,,5,9,yes,,site,XOF,day,\n"
    row = by_id(levies(evidence(both), "levies", {}))["levies/ALL/gold/site/day"]
    assert (row["low"], row["high"], row["open_low"], row["open_high"]) == (5, 9, True, True)


def test_a_second_currency_has_its_own_row() -> None:
    text = (
        HEAD
        + """\
o1,i1,levy,levy,,ML,,,gold,,1,,,,site,EUR,day,
o2,i2,levy,levy,,ML,,,gold,,655,,,,site,XOF,day,
o3,d3,levy,levy,,ML,,,gold,,700,,,,site,XOF,day,
"""
    )
    found = by_id(levies(evidence(text), "levies", {}))
    assert (found["levies/ML/gold/site/day"]["low"], found["levies/ML/gold/site/day"]["currency"]) == (655, "XOF")
    assert (found["levies/ML/gold/site/day@EUR"]["value"], found["levies/ML/gold/site/day@EUR"]["n"]) == (1, 1)


def test_what_groups_pay_is_never_added_to_what_they_take() -> None:
    alone = by_id(levies(evidence(SAID), "levies", {}))["levies/ML/levies/operation/operation"]
    assert (alone["direction"], alone["low"], alone["high"]) == ("by_group", 200000, 500000)
    both = SAID + "o9,d3,levy,levy,forced_zakat,ML,,,,,7,,,,operation,XOF,operation,\n"
    found = by_id(levies(evidence(both), "levies", {}))
    assert found["levies/ML/levies/operation/operation"]["high"] == 7
    assert found["levies/ML/levies/operation/operation@by_group"]["low"] == 200000


def test_a_levy_without_amount_says_so() -> None:
    found = by_id(levies(evidence(HEAD + "o1,i1,levy,levy,site_access,,,,gold,,,,,,,,,\n"), "levies", {}))
    row = found["levies/ALL/gold/unstated/unstated"]
    assert (row["status"], row["reason"], row["n"], row["value"]) == ("not_computable", "amount_unstated", 1, None)
    assert row["open_high"] is None


def test_a_blank_part_and_one_said_to_be_unstated_are_one() -> None:
    text = HEAD + "o1,i1,levy,levy,,,,,gold,1,,2,,,unstated,XOF,day,\no2,i1,levy,levy,,,,,gold,,3,,,,,XOF,day,\n"
    row = by_id(levies(evidence(text), "levies", {}))["levies/ALL/gold/unstated/day"]
    assert (row["base"], row["low"], row["high"]) == (None, 1, 3)


def test_totals_name_the_missing_item() -> None:
    found = by_id(levy_totals(evidence(SAID), "levy_totals", {}))
    row = found["levy_totals/ML/gold"]
    assert (row["status"], row["reason"], row["value"], row["trace"]) == (
        "not_computable",
        "number_of_payers",
        None,
        ["o1", "o2"],
    )
    assert found["levy_totals/ML/levies"]["trace"] == ["o3"], "the fee to the intermediary is no income"


def payers(base: str, per: str) -> Evidence:
    return evidence(
        HEAD
        + f"o1,i1,levy,levy,,ML,,,gold,100,,200,,,{base},XOF,{per},\n"
        + "o2,d3,figure,figure,payers,ML,,,gold,10,,30,,,,,,\n"
    )


def test_a_total_needs_payers_base_and_period() -> None:
    row = by_id(levy_totals(payers("site", "week"), "levy_totals", {}))["levy_totals/ML/gold"]
    assert (row["status"], row["low"], row["high"], row["per"], row["unit"]) == ("ok", 1000, 6000, "week", "XOF")
    assert row["trace"] == ["o1", "o2"]
    whole = levy_totals(payers("unspecified", "week"), "levy_totals", {})
    assert by_id(whole)["levy_totals/ML/gold"]["reason"] == "base_unstated"
    assert by_id(levy_totals(payers("site", ""), "t", {}))["t/ML/gold"]["reason"] == "period_unstated"
    assert by_id(whole)["levy_totals/ALL/gold"]["reason"] == "number_of_payers", "payers of Mali are not all payers"


def test_order_of_rows_changes_nothing() -> None:
    made = evidence(SAID)
    assert levies(made, "levies", {}).equals(levies(shuffled(made), "levies", {}))
    assert levy_totals(made, "levy_totals", {}).equals(levy_totals(shuffled(made), "levy_totals", {}))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=6))
def test_bounds_hold_every_statement_and_other_places_change_nothing(amounts: list[tuple[int, int]]) -> None:
    lines = [f"o{i},i1,levy,levy,,,,,gold,{min(pair)},,{max(pair)},,,site,XOF,day,\n" for i, pair in enumerate(amounts)]
    row = by_id(levies(evidence(HEAD + "".join(lines)), "levies", {}))["levies/ML0702/gold/site/day"]
    assert row["low"] == min(map(min, amounts))
    assert row["high"] == max(map(max, amounts))
    more = evidence(
        HEAD + "".join(lines) + "z,i2,levy,levy,,ZZ,,,gold,,999,,,,site,XOF,day,\n", places=PLACES + "ZZ,Far,country,\n"
    )
    assert by_id(levies(more, "levies", {}))["levies/ML0702/gold/site/day"] == row
