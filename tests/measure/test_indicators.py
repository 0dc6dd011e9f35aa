"""Indicators with period and age, and rates of events worked by hand."""

import pytest
from made_evidence import by_id, evidence, pack, settings, shuffled

from maillage.evidence import Card
from maillage.measure.indicators import age_months, indicators

TABLE = """
place,indicator,period,value,low,high,unit,source
ML07,mpi,2018,0.473,0.412,0.534,index,OPHI 2024
ML07,food,2023-06,12,,,percent,CH
ML07,food,2023-12,15,,,percent,CH
ML05,mpi,2018,,,,index,OPHI 2024
ML07,population,2018,200000,,,person,COD-PS
ML0501,population,2018,50000,,,person,COD-PS
"""
EVENTS = """
id,table,date,admin0,admin1,admin2,precision,deaths_low,deaths,deaths_high
e1,ged,2018-06-30,ML,ML07,ML0702,1,1,2,5
e2,ged,2020-12-31,ML,ML07,ML0703,4,0,4,4
e3,ged,2017-06-01,ML,ML07,ML0703,1,9,9,9
"""
GED = Card("ged", "events", "ged.csv", {}, "UCDP", "CC BY 4.0", coverage=("2010-01-01", "2020-12-31"))


def test_value_interval_source_and_age() -> None:
    found = by_id(indicators(evidence(indicators=TABLE), "indicators", {"kind": "indicators"}))
    row = found["indicators/ML07/mpi"]
    assert (row["value"], row["low"], row["high"], row["unit"], row["period"]) == (0.473, 0.412, 0.534, "index", "2018")
    assert (row["age_months"], row["reason"], row["status"]) == (72, "older_than_max_age", "ok")
    assert row["method"].endswith("OPHI 2024")
    assert row["trace"] == ["indicator:ML07:mpi:2018"]
    assert (row["answer"], row["interval"]) == ("mpi", "published")


def test_the_plain_id_is_the_latest_of_several_periods() -> None:
    found = by_id(indicators(evidence(indicators=TABLE), "indicators", {}))
    assert (found["indicators/ML07/food"]["value"], found["indicators/ML07/food"]["age_months"]) == (15, 12)
    assert found["indicators/ML07/food@2023-06"]["value"] == 12
    assert found["indicators/ML07/food@2023-12"]["value"] == 15
    assert found["indicators/ML07/food"]["reason"] is None


def test_two_values_of_one_period_are_a_range() -> None:
    text = TABLE + "ML07,mpi,2018,0.5,,,index,other\nML07,mpi,2018,0.4,,,index,third\n"
    row = by_id(indicators(evidence(indicators=text), "indicators", {}))["indicators/ML07/mpi"]
    assert (row["value"], row["low"], row["high"], row["reason"]) == (None, 0.4, 0.534, "values_differ")
    assert row["status"] == "ok"


def test_missing_is_never_zero() -> None:
    row = by_id(indicators(evidence(indicators=TABLE), "indicators", {}))["indicators/ML05/mpi"]
    assert (row["value"], row["status"], row["reason"]) == (None, "not_computable", "no_data")


@pytest.mark.parametrize(
    ("period", "study", "age"),
    [
        ("2024", "2024", 0),
        ("2023", "2024", 12),
        ("2024-06", "2024-03", 0),
        ("2018/2020", "2012/2024", 48),
        (None, "2024", None),
    ],
)
def test_age(period: str | None, study: str, age: int | None) -> None:
    assert age_months(period, study) == age


def test_the_pack_may_set_another_age() -> None:
    patient = evidence(indicators=TABLE, pack=pack(indicators={"mpi": {"max_age": 72}}))
    assert by_id(indicators(patient, "indicators", {}))["indicators/ML07/mpi"]["reason"] is None
    young = evidence(indicators=TABLE, study=settings(period="2019"))
    assert by_id(indicators(young, "indicators", {}))["indicators/ML07/mpi"]["age_months"] == 12


def test_rates_by_hand() -> None:
    """Gao region: two events and six deaths in 2018 to 2020 among 200,000 people; the event of 2017 stays out."""
    rates = {"events_per_100k": {"periods": ["2018/2020", "2019/2024"]}, "deaths_per_100k": {"periods": ["2018/2020"]}}
    made = evidence(indicators=TABLE, events=EVENTS, cards=(GED,), pack=pack(indicators=rates))
    found = by_id(indicators(made, "indicators", {}))
    row = found["indicators/ML07/events_per_100k@2018/2020"]
    assert (row["value"], row["meaning"], row["period"]) == (1.0, "floor", "2018/2020")
    assert row["trace"] == ["event:ged:e1", "event:ged:e2", "indicator:ML07:population:2018"]
    assert row["method"].endswith("population 2018")
    deaths = found["indicators/ML07/deaths_per_100k@2018/2020"]
    assert (deaths["value"], deaths["low"], deaths["high"]) == (3.0, 0.5, 4.5)
    assert found["indicators/ML07/deaths_per_100k"]["value"] == 3.0
    assert found["indicators/ML0501/events_per_100k@2018/2020"]["value"] == 0, "covered, nothing recorded"
    beyond = found["indicators/ML07/events_per_100k@2019/2024"]
    assert (beyond["value"], beyond["status"], beyond["reason"]) == (None, "not_computable", "partial_period")


def test_rates_take_the_last_three_whole_years_by_default() -> None:
    made = evidence(indicators=TABLE, events=EVENTS, cards=(GED,), pack=pack(indicators={"events_per_100k": {}}))
    assert by_id(indicators(made, "indicators", {}))["indicators/ML07/events_per_100k"]["period"] == "2018/2020"


def test_order_of_rows_changes_nothing() -> None:
    made = evidence(indicators=TABLE, events=EVENTS, cards=(GED,), pack=pack(indicators={"events_per_100k": {}}))
    assert indicators(made, "indicators", {}).equals(indicators(shuffled(made), "indicators", {}))


def test_what_the_source_foresaw_is_said_to_be_projected() -> None:
    card = Card("ch", "indicators", "ch.csv", {}, "CH", "CC BY", options={"projected": {"food": ["2023-12"]}})
    found = by_id(indicators(evidence(indicators=TABLE, cards=(card,)), "indicators", {}))
    assert found["indicators/ML07/food"]["meaning"] == "projected"
    assert found["indicators/ML07/food@2023-06"]["meaning"] is None
    assert found["indicators/ML07/mpi"]["meaning"] is None
