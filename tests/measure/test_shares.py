"""Who says what: every rule of counting, each in a study small enough to count by hand."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.measure.shares import shares
from small_evidence import evidence

SOURCES = """
id | kind        | stakeholder      | place
A  | interview   | artisanal_miner  | EX0101
B  | interview   | magistrate       | EX0101
C  | interview   | transporter      | EX0102
D  | interview   | civil_society    | EX02
F  | focus_group | civil_society    | EX0101
P  | document    |                  | EX02
"""


def counted(
    observations: str, name: str = "links", question: str = "link", **more: object
) -> dict[str, tuple[int, int]]:
    """id -> (k, n) of a measure."""
    spec = {"question": question, "by_period": bool(more.pop("by_period", False))}
    table = shares(evidence(observations, SOURCES, **more), name, spec)
    return {row["id"]: (row["k"], row["n"]) for row in table.iter_rows(named=True)}


def on_links(rows: str) -> str:
    head, *lines = rows.strip().splitlines()
    return "\n".join([f"{head} | kind | question", *(f"{line} | link | link" for line in lines)])


def links(rows: str, **more: object) -> dict[str, tuple[int, int]]:
    return counted(on_links(rows), **more)


def test_a_denial_is_an_answer_and_silence_is_none() -> None:
    found = links("""
source | answer
A      | cooperation
B      | denied
C      | no_answer
D      | not_asked
""")
    assert found["links/EX0101/cooperation"] == (1, 2)
    assert found["links/ALL/cooperation"] == (1, 2)
    assert "links/EX0102/cooperation" not in found
    assert found["links/EX0101/coexistence"] == (0, 2)


def test_who_gave_no_answer_is_missing() -> None:
    rows = on_links("source | answer\nA | cooperation\nB | no_answer")
    table = shares(evidence(rows, SOURCES), "links", {})
    row = table.row(by_predicate=pl.col("id") == "links/EX0101/cooperation", named=True)
    assert (row["k"], row["n"], row["missing"]) == (1, 1, 1)
    assert row["low"] == pytest.approx(0.2065, abs=1e-4)
    assert (row["interval"], row["unit"], row["status"], row["method"]) == ("wilson95", "share", "ok", "share v1")


def test_mixed_hypothesised_and_absent_stay_in_n() -> None:
    found = links("""
source | answer      | polarity | modality
A      | cooperation | mixed    | asserted
B      | cooperation | present  | hypothesised
C      | cooperation | absent   | asserted
D      | cooperation | present  | alleged
""")
    assert found["links/ALL/cooperation"] == (1, 4)


def test_several_types_and_several_rows_of_one_person_are_one_voice_each() -> None:
    found = links("""
source | answer
A      | cooperation
A      | cooperation
A      | competition
B      | competition
""")
    assert found["links/EX0101/cooperation"] == (1, 2)
    assert found["links/EX0101/competition"] == (2, 2)


def test_ties_with_communities_and_the_state_are_left_out_of_k() -> None:
    found = links("""
source | answer      | actor           | other
A      | cooperation | terrorist_group | community
B      | cooperation | state_agent     | smuggler
C      | cooperation | terrorist_group | smuggler
D      | cooperation |                 |
""")
    assert found["links/ALL/cooperation"] == (2, 4)


def test_coerced_cooperation_with_people_is_coercion_and_never_cooperation() -> None:
    rows = """
source | answer      | actor     | other           | coerced
A      | cooperation | community | terrorist_group | yes
B      | cooperation | community | terrorist_group | no
"""
    assert links(rows, name="coercion")["coercion/EX0101/terrorist_group"] == (1, 2)
    assert links(rows, name="links_pair")["links_pair/EX0101/community~terrorist_group/cooperation"] == (1, 2)


def test_pairs_stand_in_alphabetical_order() -> None:
    rows = "source | answer | actor | other\nA | cooperation | terrorist_group | smuggler\nB | denied | |"
    assert links(rows, name="links_pair") == {
        f"links_pair/{area}/smuggler~terrorist_group/cooperation": (1, 2) for area in ("EX0101", "EX01", "EX", "ALL")
    }


def test_one_speaks_where_one_was_interviewed_or_about_another_place() -> None:
    rows = "source | answer | place\nC | confrontation | EX02\nD | cooperation | "
    here, about = links(rows), links(rows, name="links_about")
    assert here["links/EX02/cooperation"] == (1, 1)
    assert about["links_about/EX02/confrontation"] == (1, 2)
    assert here["links/EX/confrontation"] == (1, 2)
    assert "links/EX0102/confrontation" not in here


def test_parents_zones_and_all_count_their_children() -> None:
    rows = "source | answer\nA | cooperation\nC | cooperation\nD | competition"
    found = links(rows, zones={"border": ("EX0102", "EX02"), "upper": ("EX01",)})
    assert {key: value for key, value in found.items() if key.endswith("/cooperation")} == {
        "links/EX0101/cooperation": (1, 1),
        "links/EX0102/cooperation": (1, 1),
        "links/EX02/cooperation": (0, 1),
        "links/EX01/cooperation": (2, 2),
        "links/EX/cooperation": (2, 3),
        "links/zone:border/cooperation": (1, 2),
        "links/zone:upper/cooperation": (2, 2),
        "links/ALL/cooperation": (2, 3),
    }


def test_a_zone_as_place_counts_for_the_zone_and_all_never_for_members() -> None:
    found = links("source | answer | place\nC | cooperation | zone:border", zones={"border": ("EX0102", "EX02")})
    assert {key for key in found if key.endswith("/cooperation")} == {
        "links/zone:border/cooperation",
        "links/ALL/cooperation",
    }


def test_focus_groups_and_documents_are_no_respondents() -> None:
    rows = on_links("source | answer\nA | competition\nF | cooperation\nP | cooperation")
    table = shares(evidence(rows, SOURCES), "links", {})
    found = {row["id"]: row for row in table.iter_rows(named=True)}
    assert (found["links/EX0101/cooperation"]["k"], found["links/EX0101/cooperation"]["n"]) == (0, 1)
    alone = found["links/EX02/cooperation"]
    assert (alone["status"], alone["reason"], alone["value"], alone["n"]) == (
        "not_computable",
        "no_respondents",
        None,
        0,
    )
    assert alone["trace"]


def test_where_nobody_was_interviewed_the_reason_says_so() -> None:
    document = "id | kind | stakeholder | place\nP | document | | EX02"
    desk = shares(evidence(on_links("source | answer\nP | cooperation"), document), "links", {})
    assert set(desk["reason"]) == {"no_interviews"}


def test_by_class_a_person_counts_for_group_class_and_family() -> None:
    found = links("source | answer\nA | cooperation\nC | denied\nB | competition", name="links_by_class")
    assert found["links_by_class/artisanal_miner/cooperation"] == (1, 1)
    assert found["links_by_class/economic_actor/cooperation"] == (1, 2)
    assert found["links_by_class/economy/cooperation"] == (1, 2)
    assert found["links_by_class/magistrate/competition"] == (1, 1)


def test_by_market_and_content_share_the_denominator_of_links() -> None:
    rows = "source | answer | market | content\nA | cooperation | gold | money;weapons\nB | denied | |"
    assert links(rows, name="links_by_market")["links_by_market/EX0101/gold/cooperation"] == (1, 2)
    assert links(rows, name="link_contents")["link_contents/EX0101/weapons"] == (1, 2)


def test_markets_count_those_asked_about_that_market() -> None:
    rows = """
source | kind   | question | answer       | market
A      | market | presence | present      | gold
B      | market | presence | absent       | gold
C      | market | presence | not_observed | gold
D      | market | presence | present      | arms
"""
    found = counted(rows, "markets", "presence")
    assert found["markets/ALL/gold"] == (1, 3)
    assert found["markets/ALL/arms"] == (1, 1)
    assert found["markets/EX0101/gold"] == (1, 2)


def test_roles_count_those_asked_about_roles_in_that_market() -> None:
    rows = """
source | kind | question | answer | role        | actor    | market
A      | role | role     | buyer  | buyer       | smuggler | gold
B      | role | role     | denied |             |          | gold
C      | role | role     | buyer  | buyer       | smuggler | arms
"""
    found = counted(rows, "roles", "role")
    assert found["roles/EX0101/gold/smuggler/buyer"] == (1, 2)
    assert found["roles/ALL/arms/smuggler/buyer"] == (1, 1)


def test_a_factor_that_is_a_sum_counts_its_parts_once() -> None:
    rows = """
source | kind   | question | answer
A      | factor | factor   | self_defence_protection
A      | factor | factor   | self_defence_abuse
B      | factor | factor   | corruption
"""
    found = counted(rows, "factors", "factor")
    assert found["factors/EX0101/self_defence_groups"] == (1, 2)
    assert found["factors/EX0101/corruption"] == (1, 2)


def test_control_is_said_of_an_actor() -> None:
    rows = """
source | kind    | question | answer    | actor
A      | control | control  | control   | terrorist_group
B      | control | control  | contested | terrorist_group
C      | control | control  | none      |
"""
    found = counted(rows, "control", "control")
    assert found["control/EX0101/terrorist_group"] == (1, 2)
    assert found["control/EX01/terrorist_group"] == (1, 3)
    assert not [ident for ident in found if ident.endswith("/unstated")]


def test_by_period_adds_years_and_leaves_spans_out() -> None:
    found = links(
        "source | answer | period\nA | cooperation | 2023-05\nB | cooperation | 2012/2024\nC | denied | 2023",
        by_period=True,
    )
    assert found["links/ALL/cooperation"] == (2, 3)
    assert found["links/ALL/cooperation@2023"] == (1, 2)
    assert "links/ALL/cooperation@2024" not in found


def test_the_trace_holds_all_statements_and_counted_those_of_k() -> None:
    rows = on_links("source | answer\nA | cooperation\nB | denied\nC | not_asked")
    table = shares(evidence(rows, SOURCES), "links", {}).filter(id="links/ALL/cooperation")
    assert table["trace"].to_list() == [["o1", "o2"]]
    assert table["counted"].to_list() == [["o1"]]


ANSWERS = st.sampled_from(["cooperation", "competition", "denied", "no_answer", "not_observed"])
ROWS = st.lists(st.tuples(st.sampled_from("ABCD"), ANSWERS), min_size=1, max_size=12)
HEAD = "id,source,kind,question,answer\n"


def as_csv(rows: list[tuple[str, str]], numbers: list[int] | None = None) -> str:
    order = numbers or list(range(len(rows)))
    return HEAD + "\n".join(f"o{i},{rows[i][0]},link,link,{rows[i][1]}" for i in order)


@given(ROWS, st.sampled_from("ABCD"))
@settings(max_examples=40)
def test_a_row_not_asked_never_changes_k_or_n(rows: list[tuple[str, str]], who: str) -> None:
    assert counted(as_csv([*rows, (who, "not_asked")])) == counted(as_csv(rows))


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str]], chance: object) -> None:
    numbers = list(range(len(rows)))
    chance.shuffle(numbers)  # type: ignore[attr-defined]
    first, second = (shares(evidence(text, SOURCES), "links", {}) for text in (as_csv(rows), as_csv(rows, numbers)))
    assert first.equals(second)
