"""What was tried: counted by source, with the claim and the design behind it, never an effect size."""

from made_evidence import by_id, evidence, shuffled

from maillage.measure.responses import responses

SAID = """
id,source,kind,question,answer,place,period,effect,design,polarity,modality,actor
o1,d1,response,response,arrests,ML07,2022,reduced,,,,state_agent
o2,d3,response,response,arrests,ML0703,2023,increased,before_after,,,state_agent
o3,i1,response,response,arrests,,,,,absent,,
o4,i2,response,response,forum,,,reduced,comparison,,alleged,community
"""


def test_tried_claimed_and_how_it_is_known() -> None:
    found = by_id(responses(evidence(SAID), "responses", {"kind": "responses"}))
    region = found["responses/ML07/arrests"]
    assert (region["value"], region["k"], region["clusters"], region["unit"]) == (2, 2, 2, "sources")
    assert (region["direction"], region["meaning"], region["actor"]) == ("mixed", "before_after", "state_agent")
    assert region["trace"] == ["o1", "o2"]
    assert (region["low"], region["high"], region["interval"]) == (None, None, None)
    assert found["responses/ML0703/arrests"]["k"] == 1
    assert found["responses/ALL/forum"]["meaning"] == "comparison"
    assert found["responses/zone:north/forum"]["direction"] == "reduced"


def test_no_design_is_said() -> None:
    only = SAID.replace(",before_after,", ",,")
    assert by_id(responses(evidence(only), "responses", {}))["responses/ML07/arrests"]["meaning"] == "none"


def test_order_of_rows_changes_nothing() -> None:
    made = evidence(SAID)
    assert responses(made, "responses", {}).equals(responses(shuffled(made), "responses", {}))
