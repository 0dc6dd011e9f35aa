"""Published figures: one voice a cluster, contradictions kept. Figures after reports on Mali's cocaine and its FIU."""

from made_evidence import PLACES, by_id, evidence, shuffled

from maillage.measure.figures import figures

HEAD = "id,source,kind,question,answer,place,period,low,central,high,open_high,unit,per,percent,modality\n"
SAID = (
    HEAD
    + """\
o1,d1,figure,figure,cocaine_seized,ML,2022,,863,,,kg,,,
o2,d3,figure,figure,cocaine_seized,ML,2022,,1466,,,kg,,,
o3,d1,figure,figure,fiu_reports,ML,2016,,25,,,report,,,
o4,d2,figure,figure,fiu_reports,ML,2016,,25,,,report,,,
o5,d1,figure,figure,cases,ML,2024,12,,,yes,case,,,
o6,d3,figure,figure,cases,ML,2024,,20,,,case,,,
o7,d3,figure,figure,cases,ML,2024,,90,,,case,,,hypothesised
o8,d3,figure,figure,voters,ML0703,2024,,,,,,,60,
o9,d1,figure,figure,kidnapped,,,,400,,,person,year,,
p1,d3,figure,figure,kidnapped,ML,,,30,,,person,month,,
"""
)


def test_contradictions_are_kept() -> None:
    row = by_id(figures(evidence(SAID), "figures", {"kind": "figures"}))["figures/ML/cocaine_seized/2022"]
    assert (row["value"], row["low"], row["high"]) == (None, 863, 1466)
    assert (row["reason"], row["status"], row["k"], row["unit"]) == ("contradiction", "ok", 2, "kg")
    assert row["trace"] == ["o1", "o2"]


def test_each_published_voice_of_a_contradiction_has_its_own_number() -> None:
    found = by_id(figures(evidence(SAID), "figures", {}))
    assert found["figures/ML/cocaine_seized/2022@study"]["value"] == 863
    assert found["figures/ML/cocaine_seized/2022@d3"]["value"] == 1466
    told = HEAD + "o1,i1,figure,figure,payers,ML,,,10,,,person,,,\no2,d3,figure,figure,payers,ML,,,90,,,person,,,\n"
    found = by_id(figures(evidence(told), "figures", {}))
    assert sorted(found) == ["figures/ML/payers/unstated", "figures/ML/payers/unstated@d3"], "no id names an interview"


def test_two_texts_of_one_origin_are_one_voice() -> None:
    row = by_id(figures(evidence(SAID), "figures", {}))["figures/ML/fiu_reports/2016"]
    assert (row["value"], row["k"], row["clusters"], row["n"], row["reason"]) == (25, 1, 1, 2, None)


def test_an_open_bound_contradicts_nothing_above_it() -> None:
    row = by_id(figures(evidence(SAID), "figures", {}))["figures/ML/cases/2024"]
    assert (row["low"], row["high"], row["open_high"], row["reason"], row["value"]) == (12, 20, True, None, None)


def test_per_cent_place_of_the_source_and_other_units() -> None:
    found = by_id(figures(evidence(SAID), "figures", {}))
    assert (found["figures/ML0703/voters/2024"]["value"], found["figures/ML0703/voters/2024"]["unit"]) == (
        60,
        "percent",
    )
    assert found["figures/ML/kidnapped/unstated"]["value"] == 30, "of two equal groups the first by name is plain"
    assert found["figures/ML/kidnapped/unstated@person.year"]["value"] == 400
    assert not [key for key in found if "ALL" in key], "figures of places are never added up"


def test_order_and_other_places_change_nothing() -> None:
    made = evidence(SAID)
    found = figures(made, "figures", {})
    assert found.equals(figures(shuffled(made), "figures", {}))
    more = evidence(SAID + "z,i1,figure,figure,cases,ZZ,2024,,1,,,case,,,\n", places=PLACES + "ZZ,Far,country,\n")
    assert by_id(figures(more, "figures", {})).items() >= by_id(found).items()
