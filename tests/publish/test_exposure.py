"""What a reader works out of a release: the smallest set, the most telling number, nothing where the gate did well."""

import polars as pl
import pytest
from made_release import DENIED, study, with_sources

from maillage import run
from maillage.evidence import Evidence
from maillage.publish import exposure as told
from maillage.publish.exposure import exposure
from maillage.publish.gate import clear
from maillage.publish.worked_out import WorkedOut
from small_evidence import evidence

SAID = {"EX0101": (5, 6), "EX02": (8, 12)}


def read(made: Evidence, reader: str, audience: str = "public") -> told.Exposure:
    results = run.measure_all(made, date="2024-06-01")
    return exposure(results, clear(results, audience=audience, langs=("en",)), reader)


@pytest.mark.parametrize("reader", list(told.KEYS))
def test_after_the_gate_nothing_follows_of_anybody(reader: str) -> None:
    found = read(study(SAID), reader)
    assert found.worked_out == ()
    assert len(found.people) == 18
    assert found.numbers > 0


def test_a_neighbour_knows_more_than_registers_and_a_journalist_least() -> None:
    made = study(SAID)
    sex = pl.when(pl.col("id") == "EX0101_1").then(pl.lit("female")).otherwise(pl.lit("male"))
    made = with_sources(made, sex=sex, age_band=pl.lit("35-54"))
    alike = {reader: {one.source: one.alike for one in read(made, reader).people} for reader in told.KEYS}
    assert alike["neighbour"]["EX0101_1"] == 1
    assert alike["neighbour"]["EX0101_2"] == 5
    assert (alike["state"]["EX0101_1"], alike["armed_group"]["EX02_1"]) == (6, 12)
    assert set(alike["journalist"].values()) == {18}
    assert read(made, "neighbour").people[0].source == "EX0101_1"


def test_the_only_one_of_a_class_in_a_place_is_named() -> None:
    made = with_sources(study(SAID), stakeholder=pl.when(pl.col("id") == "EX02_3").then(pl.lit("magistrate"))
                        .otherwise("stakeholder"))  # fmt: skip
    assert [one.source for one in read(made, "state").people if one.alone] == ["EX02_3"]


def test_the_most_telling_number_comes_first_and_counts_as_published() -> None:
    people = {one.source: one for one in read(study(SAID), "neighbour").people}
    first = people["EX0101_1"]
    assert (first.said, first.asked) == (5, 6)  # more than half of six, after one is turned round
    assert all(ident.split("/")[1] in ("EX01", "EX0101") for ident in first.through)
    assert people["EX02_1"].sure == pytest.approx(13 / 18)  # of everybody; in their own region it was 8 of 12


def test_an_armed_group_looks_first_for_what_is_said_of_it() -> None:
    found = read(study({"EX02": (12, 24)}), "armed_group")
    assert found.against
    assert all("terrorist_group" in ident for ident in found.against)
    assert all(one.through[0] in found.against for one in found.people)
    assert read(study({"EX02": (12, 24)}), "state").against == ()


def test_what_telling_less_would_cost_is_counted_in_numbers() -> None:
    found = read(study(SAID), "neighbour")
    people = {one.source: one for one in found.people}
    assert people["EX0101_1"].lost
    assert all(ident.split("/")[1] == "EX0101" for ident in people["EX0101_1"].lost)
    assert not set(people["EX0101_1"].lost) & set(people["EX02_1"].lost)


def test_what_gives_somebody_away_is_found_where_nothing_protects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve in a region, eleven of them in its district: without the gate the twelfth stands alone."""
    lines = [f"P{n} | interview | {'EX0101' if n < 12 else 'EX0102'} | anonymous | transporter" for n in range(1, 13)]
    rows = [
        f"P{n} | {'link | link | cooperation | terrorist_group | smuggler' if n > 6 else DENIED}" for n in range(1, 13)
    ]
    made = evidence(
        "\n".join(["source | kind | question | answer | actor | other", *rows]),
        "\n".join(["id | kind | place | consent | stakeholder", *lines]),
    )
    results = run.measure_all(made, date="2024-06-01")
    open_release = clear(results, audience="public", langs=("en",))
    object.__setattr__(open_release, "estimates", results.estimates)
    found = exposure(results, open_release, "neighbour")
    assert WorkedOut("links/cooperation", ("P12",)) in found.worked_out


def test_who_did_not_consent_is_nobody_here() -> None:
    made = study(SAID, more="Z1 | interview | EX02 | none | | | transporter")
    assert "Z1" not in {one.source for one in read(made, "neighbour").people}
