"""The list of what is withheld says nothing of who spoke: it is the same whether few spoke of a place or nobody."""

import polars as pl
import pytest
from made_release import one, released, study

from maillage.evidence import Evidence
from maillage.publish.gate import Release

PEOPLE = {"EX0101": (3, 6), "EX0102": (0, 1), "EX02": (2, 5)}
COLUMNS = ("actor", "other", "place", "market", "low", "high", "unit", "per", "base", "good", "a", "b")


def row(ident: str, who: str, kind: str, question: str, answer: str, **more: str) -> str:
    told = {"place": who.partition("_")[0], **more}
    return " | ".join([ident, who, kind, question, answer, *(told.get(name, "") for name in COLUMNS)])


def levy(ident: str, who: str) -> str:
    return row(ident, who, "levy", "levy", "site_access", actor="terrorist_group", market="gold", good="gold", low="5",
               high="9", unit="XOF", per="week", base="miner")  # fmt: skip


SAID = [
    *(row(f"r{i}", f"EX0101_{i}", "market", "severity", "3", market="gold") for i in (1, 2)),
    *(row(f"n{i}", f"EX0101_{i}", "need", "need", "road") for i in (1, 2, 3)),
    *(row(f"c{i}", f"EX02_{i}", "factor", "factor", "isolation") for i in (1, 2, 3)),
    levy("l1", "EX0101_1"),
]
ALONE = {
    "a rating": row("x", "EX0102_1", "market", "severity", "5", market="gold"),
    "a need": row("x", "EX0102_1", "need", "need", "road"),
    "a factor": row("x", "EX0102_1", "factor", "factor", "isolation"),
    "a levy": levy("x", "EX0102_1"),
}


def made(*more: str) -> Evidence:
    return study(PEOPLE, rows="\n".join([*SAID, *more]))


def of_place(release: Release, name: str, place: str) -> pl.DataFrame:
    table: pl.DataFrame = getattr(release, name)
    return table.filter(pl.col("place") == place) if "place" in table.columns else table.filter(
        pl.col("id").str.split("/").list.get(1) == place)  # fmt: skip


@pytest.mark.parametrize("said", ALONE.values(), ids=ALONE.keys())
def test_what_one_person_alone_said_of_a_place_changes_no_row_of_it(said: str) -> None:
    """EX0102, where one person was heard: the same rows to the letter, in every table, whether they spoke or not."""
    silent, spoken = released(made()), released(made(said))
    for name in ("estimates", "findings", "priorities", "withheld"):
        before, after = (of_place(one_, name, "EX0102") for one_ in (silent, spoken))
        assert before.equals(after), name
    assert of_place(silent, "withheld", "EX0102").height > 5


def test_the_team_sees_who_spoke() -> None:
    assert released(made(ALONE["a rating"]), "team").estimate("severity/EX0102/gold")
    assert released(made(), "team").estimate("severity/EX0102/gold") is None


def test_a_levy_of_few_is_reported_of_everybody_and_of_no_place() -> None:
    release = released(made())
    found = dict(release.withheld.filter(pl.col("id").str.starts_with("levies/")).select("id", "reason").iter_rows())
    assert found["levies/ALL/gold/miner/week"] == "reported"
    assert {found[f"levies/{place}/gold/miner/week"] for place in ("EX0101", "EX0102", "EX02")} == {
        "too_few_informants"
    }


@pytest.mark.parametrize(("people", "reason"), [(1, "too_few_informants"), (4, "too_few_informants"), (5, "reported")])
def test_a_leg_of_few_between_places_of_few_is_listed_like_every_other(people: int, reason: str) -> None:
    leg = row("f", "EX0101_1", "flow", "flow", "", place="", good="gold", a="EX0101", b="EX02")
    release = released(study({"EX0101": (0, people), "EX0102": (3, 12)}, rows=leg))
    assert one(release, "flows/gold/EX0101/EX02")["reason"] == reason
    assert one(release, "flows/gold/EX0102/EX0101")["reason"] == "too_few_informants", "of which nobody tells"


def test_an_action_is_told_of_a_place_only_where_a_published_number_speaks_for_it() -> None:
    few = released(made(ALONE["a need"]))
    team = released(made(ALONE["a need"]), "team")
    assert "EX0102" in team.priorities["place"].to_list()
    listed = few.priorities.filter(place="EX0102")
    assert set(listed["action"]) == set(few.priorities.filter(place="ALL")["action"])
    assert set(listed["reason"]) == {"too_few_informants"}
    assert listed["evidence"].explode().drop_nulls().is_empty()
    assert listed["supporting"].drop_nulls().is_empty()
    many = [row(f"m{i}", f"EX02_{i}", "need", "need", "road") for i in range(1, 6)]
    told = released(study({"EX0101": (1, 2), "EX02": (2, 12)}, rows="\n".join(many))).priorities
    assert told.filter(pl.col("place") == "EX02")["evidence"].explode().unique().to_list() == ["needs/EX02/road"]
    assert {"priorities/EX02/R1d"} <= set(told["id"])


def test_no_zone_says_that_nobody_spoke_for_an_action() -> None:
    zoned = study(PEOPLE, rows="\n".join(SAID), zones={"north": ("EX01",), "south": ("EX02",)})
    rows = released(zoned).priorities.filter(pl.col("place").str.starts_with("zone:"))
    assert rows.height > 5
    assert rows.filter(pl.col("supporting") == 0).is_empty()
    assert released(zoned, "team").priorities.filter(pl.col("supporting") == 0).height > 0


def test_no_row_of_few_differs_from_one_of_nobody_but_in_its_id() -> None:
    rows = released(made()).estimates.filter((pl.col("measure") == "severity") & (pl.col("status") == "withheld"))
    assert rows.height > 3
    assert rows.drop("id", "place", "rung").unique().height == 1


def test_a_mean_of_five_does_not_say_that_all_five_of_a_place_answered() -> None:
    """Only who says that a market is there rates it: five ratings of five people would be five answers."""
    rated = [row(f"s{i}", f"EX02_{i}", "market", "severity", "4", market="gold") for i in range(1, 6)]
    four, five = released(made(*rated[:4])), released(made(*rated))
    assert one(four, "severity/EX02/gold") == one(five, "severity/EX02/gold")
    assert one(five, "severity/EX02/gold")["reason"] == "too_few_informants"
    assert one(five, "severity/ALL/gold")["reason"] == "too_few_for_mean", "seven of everybody"
