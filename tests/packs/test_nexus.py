"""The nexus pack has every code that studies rely on, each with its words in both languages."""

import json

import pytest

from maillage.app.cli import main
from maillage.pack import load
from maillage.verbs.codes import codes

CLASSES = (
    "state_local_authority magistrate security_forces community_religious_leader civil_society economic_actor "
    "women_youth_group"
)
PROMISED = {
    "questions": "link presence severity trend legitimacy role levy flow factor need incident share figure control "
    "response review state_presence_level cohesion_level hardship_level",
    "kinds": "market role link levy flow incident factor need share item figure control response review",
    "link_types": "cooperation coopetition competition confrontation coexistence unknown",
    "contents": "money logistics protection recruitment weapons information passage barter varies",
    "stakeholders": f"{CLASSES} artisanal_miner transporter chamber_of_commerce self_defence_militia",
    "actors": "terrorist_group non_state_armed_group organised_criminal_group self_defence_group smuggler "
    "livestock_intermediary community state_agent",
    "markets": "cattle_theft migrant_smuggling arms cultural_property kidnapping levies gold laundering cocaine "
    "other_drugs fuel",
    "activities": "crop_destruction vehicle_hijacking",
    "modes": "shell_company parallel_market bank_transaction trade real_estate cash_courier",
    "goods": "gold arms cocaine cattle migrants",
    "roles": "beneficiary provider regulator competitor intermediary transporter buyer launderer guide collector "
    "controller",
    "levy_forms": "forced_zakat site_access right_of_passage protection_fee trade_tax worship_tax intermediary_fee",
    "bases": "head_of_livestock person head_unspecified unspecified miner site vehicle shipment operation household "
    "business",
    "per": "operation passage day week month year",
    "currencies": "XOF MRU EUR USD",
    "units": "XOF MRU EUR USD",
    "meaning": "spread uncertainty quoted",
    "flags": "yes no",
    "factors": "isolation porous_borders weak_state_presence economic_precarity corruption exclusion social_cohesion "
    "basic_services self_defence_groups self_defence_protection self_defence_abuse awareness livelihoods governance "
    "leader_rivalry local_conflict transit_position security_presence",
    "needs": "R1 R2 R3 R4 R5 R6 R7 R8 R9 protection road work water school health justice dialogue income "
    "identity_papers",
    "presence": "present absent",
    "trend": "down stable up",
    "scale": "1 2 3 4 5",
    "frequency": "rare sometimes mostly often always",
    "polarity": "present absent mixed",
    "modality": "asserted hedged alleged hypothesised",
    "stage": "investigation charge trial judgment final",
    "sex": "female male other",
    "age_band": "18-34 35-54 55+",
    "consent": "none anonymous attributed",
    "use": "research partners justice",
    "status_answers": "not_asked no_answer denied not_observed",
    "figures": "cattle_stolen cocaine_seized migrants_arriving fiu_reports",
    "controls": "none contested influence control",
    "responses": "operations payments forums arrests seizures",
    "designs": "none before_after comparison",
    "reviews": "confirm nuance contest",
    "targets": "civilians humanitarian journalists military civil_servants herders",
    "affected": "rural_youth women miners herders",
    "settings": "mining_site rural desert border road under_control town",
    "source_kinds": "interview focus_group document judicial expert_meeting dataset",
    "reliability": "A B C D E F",
    "credibility": "1 2 3 4 5 6",
    "sensitivity": "low moderate high severe",
    "levels": "admin0 admin1 admin2 admin3 locality country world_region",
    "status": "ok too_few not_computable withheld",
    "confidence": "very_low low medium high very_high",
    "horizon": "rapid structural",
}
NINE = "cattle_theft migrant_smuggling arms cultural_property kidnapping levies gold laundering cocaine"
RAPID = {"R1d": "road", "R1e": "work", "R1f": "work", "R9c": "income"}


def test_codes_prints_every_promised_code_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["codes", "--json", "--pack", "nexus"])
    assert not left.value.code
    printed = {(row["list"], row["code"]): row for row in json.loads(capsys.readouterr().out)}
    promised = [(name, code) for name, known in PROMISED.items() for code in known.split()]
    assert [item for item in promised if item not in printed] == []
    assert [item for item, row in printed.items() if not (row["en"].strip() and row["fr"].strip())] == []


def test_codes_of_the_codebook_are_defined_in_both_languages() -> None:
    for name in ("actors", "stakeholders", "factors", "markets", "link_types", "roles", "levy_forms", "needs"):
        for row in codes(load("nexus"), name):
            assert row["definition_en"], row["code"]
            assert row["definition_fr"], row["code"]


def test_the_nine_markets_of_the_study_are_marked_and_no_other() -> None:
    pack = load("nexus")
    marked = [code for code in pack.codes("markets") if pack.attribute("markets", code, "study_market")]
    assert sorted(marked) == sorted(NINE.split())
    assert not {"crop_destruction", "vehicle_hijacking"} & set(pack.codes("markets"))


def test_each_class_of_people_has_groups_and_one_family() -> None:
    pack = load("nexus")
    above = {code: pack.attribute("stakeholders", code, "class") for code in pack.codes("stakeholders")}
    assert {name for name in above.values() if name} == set(CLASSES.split())
    for group, name in above.items():
        family = pack.attribute("stakeholders", group, "family")
        assert family
        assert name is None or family == pack.attribute("stakeholders", name, "family")


def test_money_goes_to_the_group_but_for_the_fee_of_a_go_between() -> None:
    pack = load("nexus")
    ways = {code: pack.attribute("levy_forms", code, "direction") for code in pack.codes("levy_forms")}
    assert ways.pop("intermediary_fee") == "by_group"
    assert set(ways.values()) == {"to_group"}


def test_factors_have_a_side_and_two_faced_ones_are_sums() -> None:
    pack = load("nexus")
    sides = {code: pack.attribute("factors", code, "side") for code in pack.codes("factors")}
    assert set(sides.values()) == {"vulnerability", "resilience", "both"}
    parts = pack.attribute("factors", "self_defence_groups", "parts")
    assert {sides[part] for part in parts} == {"vulnerability", "resilience"}


def test_nine_actions_with_horizons_and_rapid_sub_actions_of_their_own() -> None:
    actions = load("nexus").actions
    assert list(actions) == [f"R{number}" for number in range(1, 10)]
    subs = {code: sub for action in actions.values() for code, sub in action["sub_actions"].items()}
    assert {entry["horizon"] for entry in (*actions.values(), *subs.values())} == {"rapid", "structural"}
    assert {code: subs[code]["needs"] for code in subs if subs[code]["horizon"] == "rapid"} == {
        code: [need] for code, need in RAPID.items()
    }
