"""Ties from statements: types, signs, coercion and time; what stands around an actor, ways, places, periods."""

from dataclasses import replace

import polars as pl
import pytest

from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.measure.changed import changes
from maillage.measure.network import balance, brokers
from maillage.measure.tied import edges, links, ties
from maillage.measure.typology import crosswalk, frameworks, typology
from maillage.measure.ways import ego, paths
from small_evidence import evidence

HEAD = "source | kind | question | answer | actor | other | place | period | content | coerced | modality | polarity"
SOURCES = """
id | kind      | place  | date    | cluster | reliability | consent
i1 | interview | EX0101 | 2024-03 |         | B           | anonymous
i2 | interview | EX0102 | 2024-04 |         | C           | anonymous
d1 | document  | EX     | 2024    | one     | A           |
d2 | document  | EX     | 2024    | one     | D           |
d3 | document  | EX     |         | two     | C           |
x1 | interview | EX0101 | 2024-03 |         | A           | none
"""
TOLD = f"""{HEAD}
i1 | link | link | cooperation | terrorist_group | smuggler | | 2019 | money;weapons | | |
i2 | link | link | competition | smuggler | terrorist_group | | 2023 | | | |
d1 | link | link | coopetition | terrorist_group | organised_criminal_group | EX01 | | | | |
d2 | link | link | coopetition | terrorist_group | organised_criminal_group | EX01 | | | | alleged |
d1 | link | link | cooperation | organised_criminal_group | militia | EX02 | 2019/2020 | | | |
d1 | link | link | cooperation | terrorist_group | community | EX02 | 2023 | | yes | |
i2 | link | link | unknown | organised_criminal_group | militia | EX02 | 2023 | | | |
i1 | link | link | confrontation | militia | smuggler | | 2024 | | | | absent
i1 | link | link | confrontation | militia | smuggler | | 2024 | | | hypothesised |
x1 | link | link | confrontation | militia | smuggler | | 2024 | | | |
i2 | link | link | denied | militia | smuggler | | 2024 | | | |
d3 | link | link | coexistence | militia | terrorist_group | | | | | |
"""


@pytest.fixture(scope="module")
def told() -> Evidence:
    return evidence(TOLD, SOURCES)


@pytest.fixture(scope="module")
def table(told: Evidence) -> pl.DataFrame:
    return ties(told)


def row(frame: pl.DataFrame, **equal: object) -> dict[str, object]:
    return frame.filter(**equal).row(0, named=True)


def test_statements_become_ties_and_denials_hypotheses_and_refusals_do_not(table: pl.DataFrame) -> None:
    assert table["statement"].to_list() == ["o1", "o12", "o2", "o3", "o4", "o5", "o6", "o7"]
    first = row(table, statement="o1")
    assert (first["actor"], first["other"], first["type"]) == ("smuggler", "terrorist_group", "cooperation")
    assert (first["signs"], first["content"], first["place"]) == ([1], ["money", "weapons"], "EX0101")
    assert (first["first"], first["last"], first["grade"]) == ("2019-01", "2019-12", "B")
    assert row(table, statement="o3")["signs"] == [1, -1]
    assert row(table, statement="o12")["first"] is None
    assert row(table, statement="o4")["alleged"] is True


def test_a_tie_under_coercion_is_flagged_and_has_no_sign(table: pl.DataFrame) -> None:
    forced = row(table, statement="o6")
    assert (forced["coerced"], forced["signs"]) == (True, [])
    assert row(edges(table), actor="community")["coerced"] == "all"
    mixed = table.with_columns(coerced=pl.col("statement") == "o3")
    assert row(edges(mixed), type="coopetition")["coerced"] == "some"


def test_several_ties_of_a_pair_stand_side_by_side(table: pl.DataFrame) -> None:
    pair = edges(table).filter(actor="smuggler", other="terrorist_group")
    assert pair["type"].to_list() == ["competition", "cooperation"]
    assert pair["first"].to_list() == ["2023-01", "2019-01"]
    one = row(edges(table), type="coopetition")
    assert (one["sources"], one["clusters"], one["strength"]) == (["d1", "d2"], ["one"], 1)
    assert (one["grade"], one["alleged"], one["statements"]) == ("A", False, ["o3", "o4"])
    assert edges(table, by=("type", "market")).columns[2:4] == ["type", "market"]


def test_links_feed_brokers_and_balance(table: pl.DataFrame) -> None:
    made = links(table)
    assert made.columns == ["actor", "other", "sign", "weight", "source"]
    both = made.filter(pl.col("actor") == "organised_criminal_group", pl.col("source") == "d1")
    assert both["sign"].to_list() == [-1, 1]
    assert brokers(made)["actor"][0] == "terrorist_group"
    # coopetition, and smugglers whom one source calls friends and another rivals: one of each two is in the way
    assert balance(made) == (0, 0, 2)


def test_named_groups_keep_their_name_and_their_kind(told: Evidence) -> None:
    kinds = told.pack.lists["actors"]
    entry = kinds["terrorist_group"]
    named = replace(entry, attributes={**entry.attributes, "kind": "terrorist_group", "named": True})
    pack = replace(told.pack, lists={**told.pack.lists, "actors": {**kinds, "katiba": named}})
    made = evidence(TOLD.replace("terrorist_group | smuggler", "katiba | smuggler"), SOURCES)
    found = row(ties(replace(made, pack=pack)), statement="o1")
    assert (found["actor"], found["actor_kind"], found["other_kind"]) == ("katiba", "terrorist_group", "smuggler")


def test_around_an_actor_are_its_ties_and_those_among_its_contacts(table: pl.DataFrame) -> None:
    near = ego(table, "smuggler")
    assert set(near["other"]) == {"terrorist_group"}
    assert near["distance"].to_list() == [0, 0]
    wider = ego(table, "smuggler", steps=2)
    reach = {(a, b): d for a, b, d in wider.select("actor", "other", "distance").iter_rows()}
    assert reach["smuggler", "terrorist_group"] == 0
    assert reach["community", "terrorist_group"] == 1
    assert reach["militia", "organised_criminal_group"] == 2
    with pytest.raises(MaillageError) as unknown:
        ego(table, "smugler")
    assert (unknown.value.code, unknown.value.facts["nearest"]) == ("network_actor", "smuggler")
    with pytest.raises(MaillageError) as none:
        ego(table, "smuggler", steps=0)
    assert none.value.code == "network_steps"


def test_a_way_is_as_strong_as_its_weakest_step_and_brings_its_evidence(table: pl.DataFrame) -> None:
    found = paths(table, "smuggler", "militia")
    ways = found.group_by("path", maintain_order=True).agg("actor", pl.col("other").last().alias("end"))
    assert ways["actor"].to_list() == [
        ["smuggler", "terrorist_group"], ["smuggler", "terrorist_group", "organised_criminal_group"]
    ]  # fmt: skip
    assert set(ways["end"]) == {"militia"}
    last = found.filter(path=2)
    assert last["strength"].to_list() == [2, 1, 2]
    assert last["weakest"].to_list() == [1, 1, 1]
    assert last["statements"].to_list() == [["o1", "o2"], ["o3", "o4"], ["o5", "o7"]]
    assert last["grade"][0] == "B"  # steps B, A, A
    assert last["single_source"].to_list() == [False] * 3
    assert paths(table, "smuggler", "militia", longest=2)["path"].unique().to_list() == [1]
    assert paths(table, "smuggler", "smuggler").is_empty()


def test_a_way_that_one_origin_tells_is_flagged(table: pl.DataFrame) -> None:
    """d1 and d2 are two papers of one origin: the whole way from community to organised crime is theirs."""
    way = paths(table, "community", "organised_criminal_group", longest=2)
    assert way["single_source"].to_list() == [True, True]
    assert way["coerced"].to_list() == [True, True]


def test_many_ways_are_refused() -> None:
    names = [f"a{i:02}" for i in range(12)]
    ends = [(a, b) for a in names for b in names if a < b]
    rows = [{"statement": f"{a}{b}", "source": "s", "cluster": "s", "actor": a, "other": b, "type": "cooperation",
             "alleged": False, "coerced": False, "content": []} for a, b in ends]  # fmt: skip
    dense = pl.DataFrame(rows, schema=ties(evidence("", SOURCES)).schema)
    assert paths(dense, "a00", "a11", longest=3)["path"].max() == 1 + 10 + 10 * 9
    with pytest.raises(MaillageError) as many:
        paths(dense, "a00", "a11", longest=4)
    assert many.value.code == "network_many"


def test_types_by_place_with_what_other_frameworks_call_them(told: Evidence) -> None:
    found = typology(told)
    assert "community" not in found.write_json()  # the forced tie with people is no type of link
    upper = found.filter(place="EX01")
    standing = {link: (count, word) for link, count, word in upper.select("type", "clusters", "standing").iter_rows()}
    assert standing == {"competition": (1, "level"), "cooperation": (1, "level"), "coopetition": (1, "level")}
    assert not upper["steady"].any()
    south = found.filter(place="EX02")
    assert dict(south.select("type", "standing").iter_rows()) == {"cooperation": "leading", "unknown": None}
    assert row(upper, type="coopetition")["makarenko"] == ["alliance", "operational_motivation"]
    whole = found.filter(place="ALL")
    assert row(whole, type="cooperation")["clusters"] == 2
    assert row(whole, type="cooperation")["standing"] == "leading"


def test_the_crosswalk_lists_every_correspondence_with_its_reason(told: Evidence) -> None:
    assert frameworks(told.pack) == ["makarenko", "toolkit"]
    crossed = crosswalk(told.pack)
    rows = crossed.filter(type="coopetition", framework="makarenko")
    assert rows["code"].to_list() == ["alliance", "operational_motivation"]
    assert set(crossed["type"]) == set(told.pack.lists["link_types"])
    assert crossed["reason_en"].null_count() == crossed["reason_fr"].null_count() == 0


def test_what_changed_between_periods_and_who_was_heard_in_both(table: pl.DataFrame) -> None:
    found = {(a, b): item for a, b, *item in changes(table, "2019", "2023/2024").select(
        "actor", "other", "change", "types_before", "types_after", "heard_before", "heard_after", "heard_both"
    ).iter_rows()}  # fmt: skip
    assert found["smuggler", "terrorist_group"][:3] == ["turned", ["cooperation"], ["competition"]]
    assert found["militia", "organised_criminal_group"][:3] == ["kept", ["cooperation"], ["unknown"]]
    assert found["community", "terrorist_group"][:3] == ["new", [], ["cooperation"]]
    assert ("militia", "terrorist_group") not in found  # of no date, in no period
    assert {tuple(item[3:]) for item in found.values()} == {(2, 2, 1)}
    gone = changes(table, "2019", "2024-04/2024-12").filter(actor="smuggler")
    assert gone["change"].to_list() == ["told_no_more"]


@pytest.mark.parametrize(("before", "after"), [("2023", "2019"), ("2019", "2019/2023"), ("1990", "2023"),
                                                ("soon", "2023"), ("", "2023")])  # fmt: skip
def test_periods_that_cannot_be_compared_are_refused(table: pl.DataFrame, before: str, after: str) -> None:
    with pytest.raises(MaillageError) as refused:
        changes(table, before, after)
    assert refused.value.code == "network_period"
