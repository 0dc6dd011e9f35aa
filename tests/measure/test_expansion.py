"""New, kept and lost places, and active markets, counted by hand."""

from made_evidence import by_id, evidence, shuffled

from maillage.evidence import Card
from maillage.measure.expansion import spread

EVENTS = """
id,table,date,admin0,admin1,admin2,precision
e1,ged,2018-06-30,ML,ML07,ML0702,1
e2,ged,2019-06-01,ML,ML07,ML0702,3
e3,ged,2019-06-02,ML,ML07,ML0703,2
e4,ged,2019-06-02,ML,ML05,ML0501,4
e5,ged,2020-06-02,ML,ML07,ML0703,1
e6,ged,2020-09-02,ML,ML05,ML0501,1
"""
GED = Card("ged", "events", "ged.csv", {}, "UCDP", "CC BY 4.0", coverage=("2018-01-01", "2020-06-30"))


def test_new_kept_and_lost_places() -> None:
    found = by_id(spread(evidence(events=EVENTS), "new_places", {"kind": "spread"}))
    value = {key.removeprefix("new_places/ALL/"): row["value"] for key, row in found.items() if "back" not in key}
    assert value == {
        "2018": 1, "2018/kept": 0, "2018/lost": 0,
        "2019": 1, "2019/kept": 1, "2019/lost": 0,
        "2020": 1, "2020/kept": 1, "2020/lost": 1,
    }  # fmt: skip
    assert found["new_places/ALL/2018"]["reason"] == "first_year"
    assert found["new_places/ALL/2019"]["trace"] == ["event:ged:e2", "event:ged:e3"]


def test_only_years_the_data_cover_whole() -> None:
    found = by_id(spread(evidence(events=EVENTS, cards=(GED,)), "new_places", {}))
    assert "new_places/ALL/2019" in found
    assert "new_places/ALL/2020" not in found


def test_where_people_were_heard_stands_beside_new_places_and_who_refused_was_not_heard() -> None:
    people = """
id,kind,place,date,consent
i1,interview,ML0702,2019-05,anonymous
i2,interview,ML0702,2019-06,anonymous
r1,interview,ML0703,2019-06,none
d1,document,ML0703,2019-06,
"""
    found = by_id(spread(evidence(sources=people, events=EVENTS), "new_places", {}))
    row = found["new_places/ALL/2019/heard"]
    assert (row["value"], row["trace"]) == (1, ["source:i1", "source:i2"])
    assert "new_places/ALL/2020/heard" not in found


def test_active_markets() -> None:
    said = """
id,source,kind,question,answer,market,polarity,modality,place
o1,i1,market,presence,present,gold,,,
o2,i2,market,presence,present,gold,,,
o3,i2,market,presence,present,arms,,hedged,
o4,i2,market,presence,present,cocaine,,hypothesised,
o5,i2,market,presence,present,levies,absent,,
o6,i2,market,presence,absent,kidnapping,,,
o7,i2,market,severity,5,laundering,,,
"""
    made = evidence(said)
    found = by_id(spread(made, "active_markets", {}))
    assert found["active_markets/ML0702"]["value"] == 1
    assert found["active_markets/ALL"]["value"] == 2
    assert found["active_markets/ALL"]["trace"] == ["o1", "o2", "o3"]
    assert found["active_markets/ALL"]["n"] == 2
    assert spread(made, "active_markets", {}).equals(spread(shuffled(made), "active_markets", {}))
