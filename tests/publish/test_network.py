"""Ties as nodes and edges: the same ties as FollowTheMoney, in CSV pairs, GraphML and POLE."""

import csv
import io
from pathlib import Path

import networkx as nx
import pytest
from made_release import AUDIENCES

from folders import STUDIES
from maillage import run
from maillage.publish import network
from maillage.publish.gate import clear
from maillage.publish.ties import Ties, ties
from maillage.verbs.export import export
from small_evidence import evidence

SOURCES = """
id | kind | place | consent | use | reliability
I1 | interview | EX01 | anonymous | | B
D1 | document | EX01 | | | D
"""
ROWS = """
id | source | kind | question | answer | role | actor | other | place | period | modality | credibility | market | good | from_place | to_place | polarity
a | I1 | link | link | cooperation | | terrorist_group | smuggler | EX01 | 2024-06 | asserted | 2 | | | | |
b | D1 | link | link | cooperation | | terrorist_group | smuggler | EX01 | | alleged | | | | | |
c | D1 | role | role | regulator | regulator | terrorist_group | | EX01 | | hedged | | gold | | | |
d | D1 | levy | levy | site_access | | terrorist_group | | EX01 | | | | gold | | | |
e | D1 | flow | flow | | | smuggler | | EX01 | | | | | gold | EX01 | EX02 |
f | D1 | flow | flow | | | smuggler | | EX01 | | | | | gold | EX01 | EX0101 |
g | D1 | link | link | cooperation | | terrorist_group | smuggler | EX01 | | | | | | | | absent
"""  # noqa: E501


def made(audience: str = "team") -> Ties:
    known = evidence(ROWS, SOURCES, audiences=AUDIENCES)
    release = clear(run.measure_all(known, date="2024-06-01"), audience=audience, langs=("en", "fr"), exported=True)
    return ties(known, release)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_pair_for_i2_has_ends_strength_grade_and_statement() -> None:
    files = network.i2(made(), b"k" * 32)
    nodes, edges = {row["id"]: row for row in rows(files["entities.csv"])}, rows(files["links.csv"])
    assert tuple(edges[0]) == network.EDGE
    assert {edge[end] for edge in edges for end in ("from_id", "to_id")} == set(nodes)
    told = {edge["source_ref"]: edge for edge in edges}
    assert (told["a"]["strength"], told["a"]["grade"], told["a"]["direction"]) == ("Confirmed", "B2", "none")
    assert (told["a"]["date_from"], told["a"]["date_to"]) == ("2024-06", "2024-06")
    assert (told["b"]["strength"], told["c"]["strength"], told["d"]["strength"]) == (
        "Unconfirmed", "Tentative", "Unconfirmed",
    )  # fmt: skip
    assert nodes[told["d"]["to_id"]]["label"] == "terrorist group"
    assert nodes[told["c"]["to_id"]]["type"] == "market"


def test_places_below_the_second_level_and_denials_stay_and_are_listed() -> None:
    for form in (network.i2, network.pole, network.graphml):
        files = form(made(), b"k" * 32)
        lost = {row["statement"]: row["reason"] for name in files if "losses" in name for row in rows(files[name])}
        assert lost["g"] == "negation"
    partners = network.i2(made("partners"), b"k" * 32)
    assert {edge["source_ref"] for edge in rows(partners["links.csv"])} == {"D1"}


@pytest.mark.parametrize("audience", ["team", "partners"])
def test_networkx_reads_the_same_nodes_and_edges(audience: str, tmp_path: Path) -> None:
    export(STUDIES / "mali", tmp_path, form="graphml", audience=audience)
    export(STUDIES / "mali", tmp_path, form="i2", audience=audience)
    graph = nx.read_graphml(tmp_path / "network.graphml", force_multigraph=True)
    nodes, edges = (rows((tmp_path / name).read_bytes()) for name in ("entities.csv", "links.csv"))
    assert {name: graph.nodes[name]["label"] for name in graph} == {row["id"]: row["label"] for row in nodes}
    read = {key: (start, end, facts["strength"]) for start, end, key, facts in graph.edges(keys=True, data=True)}
    assert read == {row["id"]: (row["from_id"], row["to_id"], row["strength"]) for row in edges}
    assert len(edges) > 10


def test_pole_parts_the_same_nodes_in_three() -> None:
    files, pair = network.pole(made(), b"k" * 32), network.i2(made(), b"k" * 32)
    parts = [row for name in ("persons", "objects", "locations") for row in rows(files[f"{name}.csv"])]
    assert sorted(map(str, parts)) == sorted(map(str, rows(pair["entities.csv"])))
    assert files["events.csv"] == pair["links.csv"]
