"""Legs and routes on hand-made statements: what one person told whole, what we joined."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from made_evidence import by_id, evidence, shuffled

from maillage.measure.flows import flows, routes

HEAD = "id,source,kind,question,good,from_place,via,to_place,mode,polarity,modality\n"
SAID = (
    HEAD
    + """\
o1,d1,flow,flow,gold,ML0702,ML0703,NE,truck,,
o2,d2,flow,flow,gold,ML0702,,ML0703,,,
o3,i1,flow,flow,gold,ML0703,,NE,,,alleged
o4,i2,flow,flow,gold,NE,,BF,motorbike,,alleged
o5,i1,flow,flow,arms,ML,,BF,,absent,
o6,i1,flow,flow,arms,ML,,BF,,,hypothesised
o7,d3,flow,flow,arms,,,ML,,,
"""
)


def test_legs_with_sources_and_clusters() -> None:
    found = by_id(flows(evidence(SAID), "flows", {"kind": "flows"}))
    assert sorted(found) == [
        "flows/arms/unstated/ML",
        "flows/gold/ML0702/ML0703",
        "flows/gold/ML0703/NE",
        "flows/gold/NE/BF",
    ]
    leg = found["flows/gold/ML0702/ML0703"]
    assert (leg["value"], leg["k"], leg["clusters"], leg["trace"]) == (2, 2, 1, ["o1", "o2"]), "two texts, one origin"
    assert (leg["place"], leg["to"], leg["good"], leg["reason"], leg["actor"]) == (
        "ML0702",
        "ML0703",
        "gold",
        None,
        None,
    )
    assert found["flows/gold/ML0703/NE"]["reason"] == "partly_alleged"
    assert found["flows/gold/NE/BF"]["reason"] == "alleged"


def test_routes_told_and_composed() -> None:
    found = by_id(routes(evidence(SAID)))
    assert {key: row["kind"] for key, row in found.items()} == {
        "routes/gold/ML0702/NE": "told",
        "routes/gold/ML0702/ML0703": "told",
        "routes/gold/ML0703/NE": "told",
        "routes/gold/NE/BF": "told",
        "routes/gold/ML0702/BF": "composed",
    }
    whole = found["routes/gold/ML0702/BF"]
    assert whole["via"] == ["ML0703", "NE"]
    assert (whole["sources"], whole["clusters"], whole["single_source"]) == (4, 3, False)
    assert whole["modes"] == ["motorbike", "truck"]
    assert whole["trace"] == ["o1", "o2", "o3", "o4"]
    assert found["routes/gold/ML0702/NE"]["single_source"]


def test_a_composed_route_carried_by_one_voice_says_so() -> None:
    found = by_id(routes(evidence(HEAD + "o1,i1,flow,flow,gold,A,,B,,,\no2,i1,flow,flow,gold,B,,C,,,\n")))
    assert found["routes/gold/A/C"]["kind"] == "composed"
    assert found["routes/gold/A/C"]["single_source"]


def test_no_circles_and_no_joining_across_goods() -> None:
    circle = "o1,i1,flow,flow,gold,A,,B,,,\no2,i2,flow,flow,gold,B,,A,,,\no3,i2,flow,flow,arms,B,,C,,,\n"
    assert set(routes(evidence(HEAD + circle))["kind"]) == {"told"}


def test_two_ways_between_the_same_ends_have_two_ids() -> None:
    found = routes(evidence(HEAD + "o1,i1,flow,flow,gold,A,M,B,,,\no2,i1,flow,flow,gold,A,,B,,,\n"))
    assert found["id"].to_list() == ["routes/gold/A/B", "routes/gold/A/B@M"]


def test_order_of_rows_changes_nothing() -> None:
    made = evidence(SAID)
    assert flows(made, "flows", {}).equals(flows(shuffled(made), "flows", {}))
    assert routes(made).equals(routes(shuffled(made)))


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), min_size=1, max_size=8))
def test_composed_routes_are_simple_maximal_paths(pairs: list[tuple[str, str]]) -> None:
    text = HEAD + "".join(f"o{i},i1,flow,flow,gold,{a},,{b},,,\n" for i, (a, b) in enumerate(pairs))
    starts, ends = {a for a, b in pairs if a != b}, {b for a, b in pairs if a != b}
    for row in routes(evidence(text)).filter(kind="composed").iter_rows(named=True):
        path = [row["from"], *row["via"], row["to"]]
        assert len(set(path)) == len(path) > 2
        assert all(leg in pairs for leg in pairwise(path))
        assert row["from"] not in ends
        assert row["to"] not in starts
