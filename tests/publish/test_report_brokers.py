"""Brokers of a report: ranks with how far they move; from informants for the team alone."""

import pytest
from made_release import AUDIENCES, released

from maillage import run
from maillage.labels import phrases
from maillage.publish.report_brokers import brokers
from maillage.publish.view import view
from small_evidence import evidence

LANGS = ["en", "fr"]
HEAD = "source | kind | question | answer | actor | other"
STAR = [("D1", "smuggler"), ("D2", "militia"), ("D2", "arms_trafficker"), ("D1", "gold_trader")]
ROWS = "\n".join(
    [HEAD, *(f"{source} | link | link | cooperation | terrorist_group | {other}" for source, other in STAR)]
)


def made(kind: str):
    sources = f"id | kind | consent\nD1 | {kind} | anonymous\nD2 | document | "
    return evidence(ROWS, sources, audiences=AUDIENCES)


@pytest.mark.parametrize("lang", LANGS)
def test_who_stands_between_others_comes_with_the_range_of_the_rank(lang: str) -> None:
    table = brokers(view(released(made("document")), lang))
    assert table is not None
    (row,) = [[cell[0].text for cell in row] for row in table.rows]
    assert row[1:3] == ["4", "1"]
    assert row[3] == "1"  # with D1 or D2 left out two ties each remain, and the same actor between them
    assert phrases()["table_brokers_note"][lang] in table.note


def test_where_one_source_tells_of_every_tie_nothing_is_left_without_it() -> None:
    rows = ROWS.replace("D2 |", "D1 |")
    released_ = released(evidence(rows, "id | kind\nD1 | document", audiences=AUDIENCES))
    table = brokers(view(released_, "en"))
    assert table is not None
    assert table.rows[0][3][0].text == phrases()["brokers_no_tie"]["en"]


def test_ranks_that_rest_on_an_informant_stay_with_the_team() -> None:
    inside = made("interview")
    assert brokers(view(released(inside), "en")) is None
    assert brokers(view(released(inside, "team"), "en")) is not None
    assert "trace" not in released(inside, "team").beside.brokers.columns


def test_fewer_than_three_pairs_make_no_broker() -> None:
    few = evidence("\n".join(ROWS.splitlines()[:3]), "id | kind\nD1 | document\nD2 | document", audiences=AUDIENCES)
    assert run.measure_all(few, date="2024-06-01").brokers.is_empty()


def test_who_is_forced_is_not_tied() -> None:
    rows = "\n".join([f"{HEAD} | coerced", *(f"{row} |" for row in ROWS.splitlines()[1:]),
                      "D2 | link | link | cooperation | terrorist_group | community | yes"])  # fmt: skip
    table = brokers(
        view(released(evidence(rows, "id | kind\nD1 | document\nD2 | document", audiences=AUDIENCES)), "en")
    )
    assert table is not None
    assert table.rows[0][1][0].text == "4"
