"""Ladders: a withheld number says where it can be read, the nearest place, class or time that is let out."""

import dataclasses

import polars as pl
import pytest
from made_release import by_hand, crowd, one, released, share, statements, study

from maillage.evidence import Evidence
from maillage.labels import Labels
from maillage.publish import wording
from maillage.publish.gate import Release, clear
from maillage.publish.ladders import ladders
from maillage.publish.signed import Signed
from small_evidence import nexus

COOP = "links/EX0101/cooperation"


def shown(made: Evidence, *rows: dict[str, object], signed: Signed | None = None, audience: str = "public") -> Release:
    return clear(by_hand(made, rows), audience=audience, langs=("en",), signed=signed or Signed())


def test_a_district_of_few_people_is_read_at_the_place_above_it() -> None:
    release = released(study({"EX0101": (2, 3), "EX0102": (5, 12)}))
    row = one(release, COOP)
    assert (row["status"], row["rung"]) == ("withheld", "links/EX01/cooperation")
    assert release.withheld.filter(id=COOP)["rung"].to_list() == ["links/EX01/cooperation"]
    assert one(release, row["rung"])["status"] == "ok"
    assert wording.say(row, Labels("en", nexus(), release.places)).endswith("; published for: Amont")
    assert "publié pour" in wording.say(row, Labels("fr", nexus(), release.places))


def test_a_place_goes_up_through_zones_and_country_to_everybody() -> None:
    made = crowd(4)
    zoned = dataclasses.replace(made, study=dataclasses.replace(made.study, zones={"north": ("EX01",)}))
    known = ladders(zoned)
    assert known.areas["EX0101"] == ("EX01", "zone:north", "EX", "ALL")
    row = share("links/EX0101/cooperation@2024", 1, statements(4), period="2024", answer="cooperation")
    blank = dict.fromkeys(("group", "to"))
    names = [rung.id for rung in known.rungs(blank | row)]
    assert names[0] == "links/EX0101/cooperation", "all years before a larger place"
    assert names[1:3] == ["links/EX01/cooperation@2024", "links/zone:north/cooperation@2024"]
    assert names[-1] == "links/ALL/cooperation"


def test_a_class_goes_up_to_its_family_and_to_everybody() -> None:
    made = crowd(30)
    rows = [
        share("links_by_class/artisanal_miner/cooperation", 1, statements(3), place="ALL", group="artisanal_miner"),
        share("links_by_class/economic_actor/cooperation", 6, statements(14), place="ALL", group="economic_actor"),
        share("links/ALL/cooperation", 12, statements(30)),
    ]
    row = one(shown(made, *rows), "links_by_class/artisanal_miner/cooperation")
    assert row["rung"] == "links_by_class/economic_actor/cooperation"
    assert "Economic" in wording.say(row, Labels("en", nexus(), made.places)).title()
    alone = one(shown(made, rows[0], rows[2]), "links_by_class/artisanal_miner/cooperation")
    assert alone["rung"] == "links/ALL/cooperation"


def test_a_levy_of_few_is_reported_without_an_amount_or_read_where_enough_tell_of_it() -> None:
    ident = "levies/{}/gold/miner/week"
    row = {"measure": "levies", "kind": "amounts", "market": "gold", "base": "miner", "per": "week", "low": 1.0,
           "high": 2.0}  # fmt: skip
    few = row | {"id": ident.format("EX0101"), "place": "EX0101", "n": 2, "trace": statements(2)}
    many = row | {"id": ident.format("EX01"), "place": "EX01", "n": 6, "trace": statements(6)}
    found = one(shown(crowd(9), few), few["id"])
    assert (found["reason"], found["low"], found["rung"]) == ("reported", None, None)
    found = one(shown(crowd(9), few, many), few["id"])
    assert (found["reason"], found["low"], found["rung"]) == ("too_few_informants", None, many["id"])


def test_a_leg_goes_up_at_both_ends() -> None:
    known = ladders(crowd(1))
    leg = {"id": "flows/gold/EX0101/EX02", "measure": "flows", "kind": "flows", "place": "EX0101", "to": "EX02",
           "good": "gold", "group": None, "period": None}  # fmt: skip
    names = [rung.id for rung in known.rungs(leg)]
    assert names[0] == "flows/gold/EX01/EX02"
    assert "flows/gold/EX/EX" not in names


def test_the_rungs_of_a_sample_are_families_over_all_places() -> None:
    rows = [
        {"id": f"sample/{place}/{group}", "measure": "sample", "kind": "coverage", "place": place, "group": group,
         "value": float(n), "n": n, "trace": statements(n), "counted": statements(n)}
        for place, group, n in (("ALL", "artisanal_miner", 2), ("ALL", "economic_actor", 12), ("EX01", "magistrate", 6))
    ]  # fmt: skip
    release = shown(crowd(24), *rows)
    assert one(release, "sample/ALL/artisanal_miner")["rung"] == "sample/ALL/economic_actor"
    assert one(release, "sample/EX01/magistrate")["rung"] is None


def test_one_voice_behind_most_of_a_mean_is_not_said() -> None:
    more = [f"P1_{i}" for i in range(30)]
    made = crowd(14)
    extra = pl.concat([made.observations.head(1)] * 30).with_columns(id=pl.Series(more), source=pl.lit("P1"))
    made = dataclasses.replace(made, observations=pl.concat([made.observations, extra]))
    row = {"id": "severity/EX01/gold", "measure": "severity", "kind": "scores", "place": "EX01", "market": "gold",
           "value": 3.0, "low": 1.0, "high": 5.0, "n": 12, "trace": [*statements(12), *more],
           "counted": [*statements(12), *more]}  # fmt: skip
    assert one(shown(made, row), "severity/EX01/gold")["reason"] == "too_few_informants"
    fair = row | {"trace": [*statements(12), *more[:5]], "counted": [*statements(12), *more[:5]]}
    assert one(shown(made, fair), "severity/EX01/gold")["value"] == 3.0


# --- what the lead signs ---------------------------------------------------------------------------------------


PLACES = [share("links/ALL/cooperation", 12, statements(30)), share("links/EX01/cooperation", 6, statements(14)),
          share(COOP, 2, statements(4))]  # fmt: skip


def test_the_lead_may_pick_a_coarser_rung_and_no_finer_one() -> None:
    made = crowd(30)
    assert one(shown(made, *PLACES), COOP)["rung"] == "links/EX01/cooperation"
    chosen = shown(made, *PLACES, signed=Signed({COOP: "links/ALL/cooperation"}))
    assert one(chosen, COOP)["rung"] == "links/ALL/cooperation"
    nothing = shown(made, *PLACES, signed=Signed({COOP: "withheld"}))
    assert one(nothing, COOP) == one(shown(made, *PLACES), COOP), "without a rung it would not be as of nobody"
    words = {"links/EX01/cooperation": "withheld"}
    chosen = one(shown(made, *PLACES, signed=Signed(words)), "links/EX01/cooperation")
    assert (chosen["status"], chosen["reason"], chosen["rung"]) == ("withheld", "chosen", None)
    lower = shown(made, *PLACES, signed=Signed({"links/ALL/cooperation": COOP}))
    assert one(lower, "links/ALL/cooperation")["status"] == "withheld"
    assert one(lower, COOP)["k"] is None


def test_the_lead_may_have_words_instead_of_counts() -> None:
    release = shown(crowd(30), *PLACES, signed=Signed({"links/EX01/cooperation": "band"}))
    row = one(release, "links/EX01/cooperation")
    assert (row["band"], row["k"], row["n"]) == ("half_or_fewer", None, None)


@pytest.mark.parametrize("ident", ["levies/mine/gold/miner/week", "control/mine/terrorist_group"])
def test_no_signature_lets_out_levies_and_control_below_the_second_level(ident: str) -> None:
    row = share(ident, 6, statements(12), measure=ident.partition("/")[0], place="mine")
    release = shown(crowd(12), row, signed=Signed(exceptions=frozenset({ident})))
    assert ident not in release.estimates["id"]
    assert release.exceptions == 0


def test_an_exception_is_let_through_counted_and_held_against_the_others() -> None:
    """2 of 4, signed; the place around it would then say of the rest what may not be said, and goes."""
    rows = [share("links/EX01/cooperation", 5, statements(14)), share(COOP, 5, statements(5))]
    plain = shown(crowd(30), *rows)
    assert (one(plain, COOP)["k"], one(plain, "links/EX01/cooperation")["k"], plain.exceptions) == (None, 5, 0)
    signed = shown(crowd(30), *rows, signed=Signed(exceptions=frozenset({COOP})))
    assert one(signed, COOP)["k"] == 5
    assert signed.exceptions == 1
    assert one(signed, "links/EX01/cooperation")["k"] is None, "nobody of the other nine"


def test_what_is_coarser_is_counted() -> None:
    release = shown(crowd(30), *PLACES)
    assert (release.withheld.height, release.coarsened) == (1, 1)
