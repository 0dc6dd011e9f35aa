"""Means on a scale: one voice each, smallest and largest answer, refusals missing."""

import polars as pl

from maillage.measure.scores import scores
from small_evidence import evidence

SOURCES = """
id | kind      | place
A  | interview | EX0101
B  | interview | EX0101
C  | interview | EX0102
P  | document  | EX0101
"""


def scored(rows: str, name: str) -> dict[str, tuple[float, float, float, int, int]]:
    """id -> value, low, high, n, missing."""
    table = scores(evidence(rows, SOURCES), name, {"question": name})
    return {row[0]: row[1:] for row in table.select("id", "value", "low", "high", "n", "missing").iter_rows()}


def test_severity_is_the_mean_over_people_not_over_rows() -> None:
    found = scored("""
source | kind   | question | answer    | market | modality
A      | market | severity | 2         | gold   |
A      | market | severity | 4         | gold   |
B      | market | severity | 5         | gold   |
C      | market | severity | no_answer | gold   |
P      | market | severity | 1         | gold   |
""", "severity")  # fmt: skip
    assert found["severity/EX0101/gold"] == (4.0, 3.0, 5.0, 2, 0)
    assert found["severity/ALL/gold"] == (4.0, 3.0, 5.0, 2, 1)
    assert "severity/EX0102/gold" not in found


def test_trend_is_the_mean_of_minus_one_zero_and_one() -> None:
    found = scored("""
source | kind   | question | answer | market | modality
A      | market | trend    | down   | gold   |
B      | market | trend    | stable | gold   |
C      | market | trend    | up     | gold   | hypothesised
""", "trend")  # fmt: skip
    assert found["trend/ALL/gold"] == (-0.5, -1.0, 0.0, 3, 0)


def test_items_are_questions_of_their_own() -> None:
    rows = """
source | kind | question             | answer
A      | item | state_presence_level | 2
B      | item | state_presence_level | 4
B      | item | cohesion_level       | 5
"""
    table = scores(evidence(rows, SOURCES), "items", {})
    assert table.filter(place="EX0101").select("id", "value", "n").rows() == [
        ("items/EX0101/cohesion_level", 5.0, 1),
        ("items/EX0101/state_presence_level", 3.0, 2),
    ]
    assert table.filter(pl.col("trace").list.len() == 0).is_empty()


def test_a_market_nobody_named_is_unstated() -> None:
    assert "severity/ALL/unstated" in scored("source | kind | question | answer\nA | market | severity | 3", "severity")


def test_who_denies_or_only_supposes_is_asked_but_not_averaged() -> None:
    rows = """
source | kind   | question | answer       | market | modality     | polarity
A      | market | severity | 2            | gold   |              |
B      | market | severity | 4            | gold   | hypothesised |
C      | market | severity | denied       | gold   |              |
"""
    (found,) = scores(evidence(rows, SOURCES), "severity", {}).filter(place="ALL").to_dicts()
    assert (found["value"], found["low"], found["high"], found["n"]) == (2.0, 2.0, 2.0, 3)
    assert len(found["trace"]) == 3
    assert len(found["counted"]) == 1


def test_a_market_that_everybody_denies_has_no_mean() -> None:
    rows = "source | kind | question | answer | market\nA | market | severity | denied | gold"
    assert scores(evidence(rows, SOURCES), "severity", {}).is_empty()


VISITS = """
id | kind      | place  | date
A  | interview | EX0101 | 2023-04
B  | interview | EX0101 | 2023-05-20
C  | interview | EX0101 | 2024-02
D  | interview | EX0101 | 2024-03
E  | interview | EX0101 | 2025-01
F  | interview | EX0101 |
"""
ROUNDS = {"first": "2023", "second": "2024-01/2024-06"}


def test_each_round_has_its_own_mean_beside_that_of_all() -> None:
    rows = """
source | kind | question       | answer    | period
A      | item | cohesion_level | 1         |
B      | item | cohesion_level | 2         |
C      | item | cohesion_level | 4         |
D      | item | cohesion_level | no_answer |
E      | item | cohesion_level | 5         |
F      | item | cohesion_level | 3         | 2023-12
F      | item | hardship_level | 3         | 2023-12/2024-01
A      | market | severity     | 2         |
"""
    made = evidence(rows, VISITS, rounds=ROUNDS)
    found = {row["id"]: row for row in scores(made, "items", {}).filter(place="EX0101").iter_rows(named=True)}
    told = {name.removeprefix("items/EX0101/"): (row["value"], row["n"], row["missing"], row["period"])
            for name, row in found.items()}  # fmt: skip
    assert told == {
        "cohesion_level": (3.0, 5, 1, None),
        "cohesion_level@first": (2.0, 3, 0, "2023"),  # F, without a date, speaks of December
        "cohesion_level@second": (4.0, 1, 1, "2024-01/2024-06"),
        "hardship_level": (3.0, 1, 5, None),  # of two rounds at once: of neither
    }
    assert found["items/EX0101/cohesion_level@second"]["trace"] == ["o3"]
    severity = scores(made, "severity", {"question": "severity"})
    assert not severity["id"].str.contains("@").any(), "rounds are of assessments"
    years = scores(made, "items", {"by_period": True})["id"].to_list()
    assert {"items/EX0101/cohesion_level@2024", "items/EX0101/cohesion_level@second"} <= set(years)
    assert len(years) == len(set(years))
