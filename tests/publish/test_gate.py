"""The gate, rule by rule: what each audience may see of numbers that rest on people, and what it never sees."""

import dataclasses
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_release import (
    AUDIENCES,
    by_hand,
    crowd,
    one,
    released,
    share,
    statements,
    study,
    with_sources,
)

from maillage import run, tables
from maillage.errors import MaillageError
from maillage.evidence import Audience, Evidence
from maillage.measure.steadiness import orders, steadiness
from maillage.publish import data, manifest
from maillage.publish.gate import Release, clear

NUMBERS = ("value", "low", "high", "k", "n", "missing")
PAPER = "D1 | document | EX | | | |\nD2 | document | EX | | severe | |"
SAYS = "d1 | D1 | link | link | cooperation | terrorist_group | smuggler | EX0101 | | | | | | | | | "
COOP = "links/EX0101/cooperation"


def shown(made: Evidence, *rows: dict[str, object], audience: str = "public") -> Release:
    return clear(by_hand(made, rows), audience=audience, langs=("en",))


# --- n below the threshold, words under ten, k of n above ---------------------------------------------------


@pytest.mark.parametrize(("audience", "n", "status"), [
    ("public", 4, "withheld"), ("public", 5, "ok"), ("partners", 2, "withheld"), ("partners", 3, "ok"),
    ("team", 1, "ok"),
])  # fmt: skip
def test_fewer_people_than_the_threshold_are_withheld(audience: str, n: int, status: str) -> None:
    row = one(released(study({"EX0101": (1, n)}), audience), COOP)
    assert row["status"] == status
    if status == "withheld":
        assert row["reason"] == "too_few_informants"
        assert not any(
            row[name] is not None for name in ("value", "low", "high", "k", "n", "missing", "band", "confidence")
        )


@pytest.mark.parametrize("n", range(5, 10))
@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.6, 0.8, 1.0])
def test_under_ten_people_there_are_words_and_no_counts(n: int, part: float) -> None:
    k = round(part * n)
    row = one(released(study({"EX0101": (k, n)})), COOP)
    assert row["band"] == ("more_than_half" if k - 1 > n / 2 else "half_or_fewer")
    assert not any(row[name] is not None for name in (*NUMBERS, "clusters"))


def test_more_than_half_holds_after_one_answer_is_turned_round() -> None:
    assert one(released(study({"EX0101": (3, 5)})), COOP)["band"] == "half_or_fewer"
    assert one(released(study({"EX0101": (4, 5)})), COOP)["band"] == "more_than_half"


@pytest.mark.parametrize(("k", "n", "band"), [
    (2, 12, "few"), (3, 12, None), (9, 12, None), (10, 12, "all_but_few"), (0, 12, "few"), (12, 12, "all_but_few"),
])  # fmt: skip
def test_from_ten_people_on_k_of_n_is_said_where_neither_side_is_small(k: int, n: int, band: str | None) -> None:
    row = one(shown(crowd(30), share(COOP, k, statements(n))), COOP)
    assert (row["band"], row["n"]) == (band, n)
    assert row["k"] == (k if band is None else None)


@pytest.mark.parametrize(("k", "band"), [(4, "few"), (5, None), (7, None), (8, "all_but_few")])
def test_an_accusation_needs_five_on_either_side(k: int, band: str | None) -> None:
    ident = "links_pair/EX0101/smuggler~terrorist_group/cooperation"
    row = share(ident, k, statements(12), actor="smuggler", other="terrorist_group")
    assert one(shown(crowd(30), row), ident)["band"] == band


def test_none_and_all_are_said_of_everybody_only() -> None:
    everybody = one(shown(crowd(12), share("links/ALL/cooperation", 0, statements(12))), "links/ALL/cooperation")
    assert (everybody["k"], everybody["n"]) == (0, 12)
    ident = "links_by_class/transporter/cooperation"
    a_class = one(shown(crowd(12), share(ident, 0, statements(12), place="ALL", group="transporter")), ident)
    assert (a_class["k"], a_class["band"]) == (None, "few")
    ident = "links/ALL/cooperation@2024"
    a_year = one(shown(crowd(12), share(ident, 12, statements(12), period="2024")), ident)
    assert (a_year["k"], a_year["band"]) == (None, "all_but_few")


@given(n=st.integers(1, 30), k=st.integers(0, 30))
@settings(max_examples=60)
def test_no_small_count_of_people_ever_leaves(n: int, k: int) -> None:
    k = min(k, n)
    row = one(shown(crowd(n), share(COOP, k, statements(n))), COOP)
    if row["k"] is not None:
        assert n >= 10
        assert min(k, n - k) >= 3
    if row["n"] is not None:
        assert n >= 10
    if row["band"] == "more_than_half":
        assert k - math.ceil(n / 10) > n / 2


# --- scores, samples --------------------------------------------------------------------------------------


def score(n: int, low: float, high: float, **more: object) -> dict[str, object]:
    ident = "severity/EX0101/gold"
    return {
        "id": ident, "measure": "severity", "kind": "scores", "place": "EX0101", "market": "gold", "value": 3.456,
        "low": low, "high": high, "interval": "bounds", "n": n, "trace": statements(n), "counted": statements(n),
    } | more  # fmt: skip


def test_a_mean_says_neither_its_smallest_nor_its_largest_answer() -> None:
    row = one(shown(crowd(13, "EX0101"), score(12, 2, 5)), "severity/EX0101/gold")
    assert (row["value"], row["low"], row["high"]) == (3.5, None, None)
    assert row["n"] is None, "it counts those who name the market"
    alike = one(shown(crowd(12, "EX0101"), score(12, 2, 5)), "severity/EX0101/gold")
    assert alike["status"] == "withheld", "of twelve heard there, all twelve would name it"


def test_a_mean_of_few_or_at_an_end_of_its_scale_is_withheld() -> None:
    few = one(shown(crowd(13, "EX0101"), score(9, 2, 5)), "severity/EX0101/gold")
    assert (few["status"], few["reason"]) == ("withheld", "too_few_informants"), "as of nobody"
    for least, value in ((5, 5.0), (3, 4.75)):
        row = one(shown(crowd(13, "EX0101"), score(12, least, 5, value=value)), "severity/EX0101/gold")
        assert (row["reason"], row["value"]) == ("too_few_informants", None), "nor does the list say who is at an end"
    agreed = one(shown(crowd(13, "EX0101"), score(12, 4, 4, value=4.0)), "severity/EX0101/gold")
    assert (agreed["status"], agreed["value"]) == ("ok", 4.0), "that it is withheld would say that all agree"


def sample(place: str, group: str, heard: list[str], **more: object) -> dict[str, object]:
    return {
        "id": f"sample/{place}/{group}", "measure": "sample", "kind": "coverage", "place": place, "group": group,
        "value": float(len(heard)), "n": len(heard), "missing": 1, "trace": heard, "counted": heard,
    } | more  # fmt: skip


def test_who_was_heard_is_said_by_class_and_not_by_place_and_class() -> None:
    release = shown(
        crowd(20), sample("ALL", "transporter", statements(20)), sample("EX01", "transporter", statements(20)),
        sample("EX0102", "magistrate", [], status="too_few", reason="none_done", missing=0),
    )  # fmt: skip
    whole = one(release, "sample/ALL/transporter")
    assert (whole["value"], whole["missing"]) == (20.0, None), "one refusal is one person"
    assert one(release, "sample/EX01/transporter")["reason"] == "cross_table"
    assert one(release, "sample/EX0102/magistrate")["reason"] == "cross_table"


def test_a_class_that_the_others_and_the_total_give_away_goes_too() -> None:
    release = shown(
        crowd(20), sample("ALL", "economy", statements(12)), sample("ALL", "transporter", statements(10)),
        sample("ALL", "artisanal_miner", statements(2, first=11)), sample("ALL", "state", statements(8, first=13)),
    )  # fmt: skip
    assert one(release, "sample/ALL/economy")["value"] == 12.0
    assert one(release, "sample/ALL/state")["value"] == 8.0
    assert one(release, "sample/ALL/artisanal_miner")["reason"] == "too_few_informants"
    assert one(release, "sample/ALL/transporter")["reason"] == "differencing", "merged to the family"


def test_a_total_known_from_elsewhere_gives_no_class_away() -> None:
    release = shown(crowd(12), sample("ALL", "economy", statements(9)), sample("ALL", "state", statements(3, first=10)))
    assert one(release, "sample/ALL/economy")["reason"] == "differencing"


def test_code_coverage_below_the_whole_gives_no_count_of_people() -> None:
    row = {"id": "saturation/EX01", "measure": "saturation", "kind": "coverage", "place": "EX01", "n": 11,
           "status": "not_computable", "reason": "not_reached", "answer": "not_reached", "low": 6.0, "high": 12.0,
           "trace": statements(11)}  # fmt: skip
    found = one(shown(crowd(12), row), "saturation/EX01")
    assert (found["status"], found["n"], found["low"], found["answer"]) == ("withheld", None, None, None)


# --- what could not be computed still rests on people -----------------------------------------------------


def test_a_number_that_is_not_computable_does_not_tell_who_spoke() -> None:
    row = {"id": "levy_totals/EX0101/gold", "measure": "levy_totals", "kind": "totals", "place": "EX0101",
           "market": "gold", "n": 1, "status": "not_computable", "reason": "number_of_payers",
           "trace": statements(1)}  # fmt: skip
    assert one(shown(crowd(5), row), "levy_totals/EX0101/gold")["status"] == "withheld"
    kept = one(shown(crowd(9), row | {"n": 6, "trace": statements(6)}), "levy_totals/EX0101/gold")
    assert (kept["status"], kept["reason"], kept["n"]) == ("not_computable", "number_of_payers", None)


# --- levies, legs, routes, control -------------------------------------------------------------------------

PLACES = """
code   | name      | level    | parent
EX     | Exemplie  | admin0   |
EX01   | Amont     | admin1   | EX
EX0101 | Mineville | admin2   | EX01
EX010101 | Puits   | admin3   | EX0101
mine   | La Mine   | locality | EX0101
"""
LEVY = "{id} | {source} | levy | levy | forced_zakat | | | {place} | gold | {low} | {high} | XOF | week | miner | | | "
FLOW = "{id} | {source} | flow | flow | | | | | | | | | | | gold | {a} | {b} "


def test_a_public_document_carries_its_own_levy() -> None:
    rows = LEVY.format(id="l1", source="D1", place="EX0101", low=5000, high=250000)
    found = one(released(study({}, rows=rows, more=PAPER)), "levies/EX0101/gold/miner/week")
    assert (found["low"], found["high"], found["status"]) == (5000.0, 250000.0, "ok")


def test_one_informant_beside_a_document_is_not_given_away() -> None:
    rows = "\n".join([
        LEVY.format(id="l1", source="D1", place="EX0101", low=5000, high=250000),
        LEVY.format(id="l2", source="EX0101_1", place="EX0101", low=3000, high=987654),
    ])  # fmt: skip
    release = released(study({"EX0101": (1, 6)}, rows=rows, more=PAPER))
    assert one(release, "levies/EX0101/gold/miner/week")["status"] == "withheld"
    assert not any(b"987654" in content or b"3000" in content for content in data.files(release).values())


def test_a_sensitive_document_is_gated_like_an_informant() -> None:
    rows = LEVY.format(id="l1", source="D2", place="EX0101", low=5000, high=250000)
    release = released(study({}, rows=rows, more=PAPER))
    assert one(release, "levies/EX0101/gold/miner/week")["status"] == "withheld"
    assert "D2" not in release.public_sources["id"].to_list()


def test_sensitive_papers_do_not_make_up_for_missing_people() -> None:
    more = "\n".join(f"S{i} | document | EX | | severe | |" for i in range(1, 6))
    made = study({"EX0101": (1, 1)}, more=more, rows="\n".join(
        LEVY.format(id=f"l{i}", source=name, place="EX01", low=1000 * i, high=2000 * i)
        for i, name in enumerate(["EX0101_1", "S1", "S2", "S3", "S4", "S5"], 1)
    ))  # fmt: skip
    assert one(released(made), "levies/EX01/gold/miner/week")["status"] == "withheld"


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_levies_legs_and_control_below_the_second_level_are_not_even_listed(audience: str) -> None:
    rows = "\n".join([
        LEVY.format(id="l1", source="D1", place="mine", low=5000, high=250000),
        FLOW.format(id="f1", source="D1", a="EX010101", b="EX01"),
        FLOW.format(id="f2", source="D1", a="EX0101", b="mine"),
        "c1 | D1 | control | control | control | terrorist_group | | mine | | | | | | | | | ",
    ])  # fmt: skip
    made = study({}, rows=rows, more=PAPER, places=PLACES)
    release = released(made, audience)
    listed = [*release.estimates["id"], *release.withheld["id"], *release.findings["id"], *release.routes["id"]]
    routed = {"levies", "levy_totals", "flows", "control", "routes"}
    small = [item for item in listed if {"mine", "EX010101"} & set(item.split("/")) and routed & set(item.split("/"))]
    assert small == []
    team = clear(run.measure_all(made), audience="team", langs=("en",))
    assert "levies/mine/gold/miner/week" in team.estimates["id"]
    assert not team.routes.filter(pl.col("from") == "EX010101").is_empty()


def test_not_even_the_team_exports_levies_legs_and_control_below_the_second_level() -> None:
    rows = "\n".join([
        LEVY.format(id="l1", source="D1", place="mine", low=5000, high=250000),
        LEVY.format(id="l2", source="D1", place="EX0101", low=5000, high=250000),
        FLOW.format(id="f1", source="D1", a="EX010101", b="EX01"),
        FLOW.format(id="f3", source="D1", a="EX0101", b="EX01"),
        "c1 | D1 | control | control | control | terrorist_group | | mine | | | | | | | | | ",
    ])  # fmt: skip
    made = study({}, rows=rows, more=PAPER, places=PLACES)
    out = clear(run.measure_all(made), audience="team", langs=("en",), exported=True)
    listed = [*out.estimates["id"], *out.findings["id"], *out.priorities["evidence"].explode().drop_nulls()]
    routed = {"levies", "levy_totals", "flows", "control"}
    assert not [i for i in listed if {"mine", "EX010101"} & set(i.split("/")) and routed & set(i.split("/"))]
    assert {"levies/EX0101/gold/miner/week", "flows/gold/EX0101/EX01"} <= set(out.estimates["id"])
    assert "EX010101" not in [*out.routes["from"], *out.routes["to"]]
    assert not out.routes.is_empty()
    assert out.statements is None


def test_a_leg_of_few_people_goes_and_so_does_the_route_over_it() -> None:
    people = {"EX0101": (1, 6)}
    legs = [FLOW.format(id=f"a{i}", source=f"EX0101_{i}", a="EX0101", b="EX01") for i in range(1, 4)]
    legs += [FLOW.format(id=f"b{i}", source=f"EX0101_{i}", a="EX01", b="EX02") for i in range(4, 7)]
    made = study(people, rows="\n".join(legs))
    team = released(made, "team")
    assert {"flows/gold/EX0101/EX01", "flows/gold/EX01/EX02"} <= set(team.estimates["id"])
    release = released(made)
    assert one(release, "flows/gold/EX0101/EX01")["status"] == "withheld"
    assert release.routes.is_empty(), "six people together, three a leg"


# --- who reads -------------------------------------------------------------------------------------------


def test_partners_who_are_spoken_of_read_what_the_public_reads() -> None:
    ident = "roles/EX0101/gold/state_agent/provider"
    row = share(ident, 2, statements(4), actor="state_agent", market="gold")
    assert one(shown(crowd(12), row, audience="partners"), ident)["k"] == 2
    spoken_of = {**AUDIENCES, "partners": Audience(3, ("state_agent",))}
    made = crowd(12)
    made = dataclasses.replace(made, study=dataclasses.replace(made.study, audiences=spoken_of))
    assert one(shown(made, row, audience="partners"), ident)["status"] == "withheld"
    more = row | {"k": 6, "n": 8, "trace": statements(8), "counted": statements(6)}
    assert one(shown(made, more, audience="partners"), ident)["band"] == "more_than_half"


def test_an_audience_can_be_stricter_but_not_looser() -> None:
    made = crowd(12)
    for least, n, status in ((8, 7, "withheld"), (1, 4, "withheld"), (1, 5, "ok")):
        settings_ = dataclasses.replace(made.study, audiences={"public": Audience(least)})
        row = share(COOP, 2, statements(n))
        assert one(shown(dataclasses.replace(made, study=settings_), row), COOP)["status"] == status


def test_an_audience_the_gate_does_not_know_gets_what_the_public_gets() -> None:
    made = crowd(12)
    made = dataclasses.replace(made, study=dataclasses.replace(made.study, audiences={"donors": Audience(0)}))
    assert one(shown(made, share(COOP, 2, statements(4)), audience="donors"), COOP)["status"] == "withheld"
    assert one(shown(made, share(COOP, 2, statements(6)), audience="donors"), COOP)["band"] == "half_or_fewer"


def test_an_audience_nobody_named_is_refused() -> None:
    with pytest.raises(MaillageError) as problem:
        shown(crowd(3), audience="press")
    assert problem.value.code == "audience_unknown"


@pytest.mark.parametrize("consent", ["none", None])
def test_no_release_rests_on_somebody_without_consent(consent: str | None) -> None:
    made = with_sources(crowd(12), consent=pl.lit(consent, dtype=pl.String))
    for audience in AUDIENCES:
        with pytest.raises(MaillageError) as problem:
            shown(made, share(COOP, 3, statements(10)), audience=audience)
        assert problem.value.code == "consent_missing_release"


# --- what the gate does not know ---------------------------------------------------------------------------


def test_a_kind_of_number_without_a_rule_stops_the_release() -> None:
    with pytest.raises(MaillageError) as problem:
        shown(crowd(12), share(COOP, 5, statements(10), kind="centrality"))
    assert problem.value.code == "measure_unknown_release"


@pytest.mark.parametrize("trace", [["nobody_s"], ["odd:thing"], ["source:nobody"]])
def test_a_number_on_an_unknown_source_is_withheld(trace: list[str]) -> None:
    row = share(COOP, 5, statements(10)) | {"trace": [*statements(10), *trace]}
    assert one(shown(crowd(12), row), COOP)["reason"] == "source_unknown"


def test_a_number_that_rests_on_nothing_is_withheld() -> None:
    row = share(COOP, 5, statements(10)) | {"trace": [], "counted": []}
    assert one(shown(crowd(12), row), COOP)["reason"] == "no_rule"


def test_events_and_indicators_are_public() -> None:
    row = {"id": "events/EX01/2024-01", "measure": "events", "kind": "events", "place": "EX01", "month": "2024-01",
           "value": 1.0, "k": 1, "trace": ["event:ged:1"], "counted": ["event:ged:1"]}  # fmt: skip
    assert one(shown(crowd(1), row), "events/EX01/2024-01")["value"] == 1.0


# --- what could be had by subtraction ----------------------------------------------------------------------


def test_a_parent_less_its_other_child_tells_nothing_of_a_withheld_child() -> None:
    release = released(study({"EX0101": (5, 12), "EX0102": (1, 2)}))
    assert one(release, "links/EX0102/cooperation")["status"] == "withheld"
    assert one(release, "links/EX01/cooperation")["k"] == 6
    child = one(release, "links/EX0101/cooperation")
    assert (child["k"], child["n"], child["band"]) == (None, None, "half_or_fewer")


def test_two_large_children_keep_their_numbers() -> None:
    release = released(study({"EX0101": (5, 12), "EX0102": (6, 14)}))
    assert [one(release, f"links/{place}/cooperation")["k"] for place in ("EX01", "EX0101", "EX0102")] == [11, 5, 6]


def test_the_rest_of_a_parent_is_as_safe_as_a_number_of_its_own() -> None:
    release = released(study({"EX0101": (5, 12), "EX0102": (0, 14)}))
    assert one(release, "links/EX0102/cooperation")["band"] == "few"
    assert one(release, "links/EX0101/cooperation")["k"] is None, "5 of 26 less 5 of 12 would say none of 14"


def test_the_number_asked_follows_from_no_total_either() -> None:
    release = released(study({"EX0101": (2, 12), "EX0102": (2, 8)}))
    assert one(release, "links/EX0102/cooperation")["n"] is None
    assert one(release, "links/EX0101/cooperation")["n"] is None


def test_partners_cannot_subtract_one_person() -> None:
    release = released(study({"EX0101": (5, 12), "EX0102": (1, 1)}), "partners")
    assert one(release, "links/EX0101/cooperation")["reason"] == "differencing"


@given(said=st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=3, max_size=3))
@settings(max_examples=12)
def test_no_difference_of_two_published_counts_is_small(said: list[tuple[int, int]]) -> None:
    names = ("EX0101", "EX0102", "EX02")
    given_ = {name: (min(k, n), n) for name, (k, n) in zip(names, said, strict=True) if n}
    if not given_:
        return
    release = released(study(given_))
    members = {"ALL": names, "EX": names, "EX01": names[:2], **{name: (name,) for name in names}}
    exact = {
        place: row
        for place in members
        if (row := release.estimate(f"links/{place}/cooperation")) and row["k"] is not None
    }
    for whole, big in exact.items():
        for part, small in exact.items():
            if set(members[part]) < set(members[whole]):
                k, n = big["k"] - small["k"], big["n"] - small["n"]
                assert n == 0 or (n >= 10 and 3 <= k <= n - 3)


# --- the other tables ----------------------------------------------------------------------------------------


def test_a_withheld_number_appears_in_no_table() -> None:
    rows = "\n".join(f"{place}_{i}_n | {place}_{i} | need | need | road | | | {place} | | | | | | | | | "
                     for place in ("EX0101",) for i in range(1, 4))  # fmt: skip
    release = released(study({"EX0101": (2, 3)}, rows=rows))
    hidden = set(release.withheld["id"])
    assert COOP in hidden
    assert not hidden & set(release.findings["id"])
    assert not hidden & set(release.counts["id"])
    assert not hidden & set(release.priorities["evidence"].explode().drop_nulls())
    assert release.priorities.filter(pl.col("supporting") > 0).is_empty()
    assert {"trace", "counted"} & set(release.estimates.columns) == set()
    assert "trace" not in release.findings.columns


def test_no_file_of_the_data_names_an_informant_or_a_statement() -> None:
    made = study(
        {"EX0101": (5, 12), "EX0102": (3, 6)},
        rows=LEVY.format(id="levy_of_1", source="EX0101_1", place="EX0101", low=1, high=2),
    )
    release = released(made)
    everything = b"".join(data.files(release).values()) + manifest.manifest(release, {})
    for ident in [*made.sources["id"], *made.observations["id"]]:
        assert ident.encode() not in everything


def test_a_finding_on_people_does_not_count_them() -> None:
    release = released(
        study(
            {"EX0101": (6, 12)},
            more=PAPER,
            rows=SAYS,
        )
    )
    found = release.findings.row(by_predicate=pl.col("id") == COOP, named=True)
    assert (found["for"], found["against"], found["silent"], found["clusters"], found["agreement_share"]) == (None,) * 5
    assert (found["because"], found["confidence"] is not None) == ("protected", True)


def test_a_finding_on_documents_keeps_its_counts() -> None:
    row = SAYS
    found = released(study({}, rows=row, more=PAPER)).findings.row(by_predicate=pl.col("id") == COOP, named=True)
    assert (found["for"], found["against"], found["because"]) == (1, 0, "one_desk")


def test_the_confidence_of_a_published_share_goes_with_the_finding_it_comes_from() -> None:
    published = {"id": "published/EX0101/cooperation/D1", "measure": "published", "kind": "published",
                 "place": "EX0101", "answer": "cooperation", "value": 0.6, "confidence": "high",
                 "trace": ["d1"]}  # fmt: skip
    row = SAYS
    made = study({"EX0101": (2, 2)}, rows=row, more=PAPER)
    finding = {"id": COOP, "measure": "links", "place": "EX0101", "confidence": "high", "trace": ["d1", "EX0101_1_s"]}
    known = tables.build([finding], "findings")
    link = share(COOP, 2, ["EX0101_1_s", "EX0101_2_s"], confidence="high")
    release = clear(by_hand(made, [published, link], findings=known), audience="public", langs=("en",))
    assert one(release, "published/EX0101/cooperation/D1")["confidence"] is None
    assert one(release, "published/EX0101/cooperation/D1")["value"] == 0.6


@pytest.mark.parametrize(("moved", "told"), [("FG", None), ("reading group", "reading group")])
def test_who_moved_a_word_is_named_unless_they_were_interviewed(moved: str, told: str | None) -> None:
    made = study({}, rows=SAYS, more=PAPER + "\nFG | focus_group | EX | anonymous | | |")
    finding = {"id": COOP, "measure": "links", "place": "EX0101", "trace": ["d1"], "moved_by": moved}
    results = by_hand(made, [share(COOP, 1, ["d1"])], findings=tables.build([finding], "findings"))
    assert clear(results, audience="team", langs=("en",)).findings["moved_by"].to_list() == [moved]
    assert clear(results, audience="public", langs=("en",)).findings["moved_by"].to_list() == [told]


def test_a_finding_without_a_number_is_not_said() -> None:
    finding = tables.build([{"id": "links/EX02/cooperation", "trace": ["d1"]}], "findings")
    results = by_hand(study({}, rows=SAYS, more=PAPER), [], findings=finding)
    assert clear(results, audience="public", langs=("en",)).findings.is_empty()


def test_a_ranking_of_few_people_is_not_said() -> None:
    row = {"id": "priorities/EX01/R1", "measure": "priorities", "kind": "priorities", "place": "EX01",
           "answer": "R1", "value": 0.8, "trace": statements(3)}  # fmt: skip
    ranked = {
        "id": "priorities/EX01/R1",
        "place": "EX01",
        "action": "R1",
        "rank_acceptability": 0.8,
        "verdict": "robust",
    }
    results = by_hand(crowd(9), [row], priorities=tables.build([ranked], "priorities"))
    release = clear(results, audience="public", langs=("en",))
    assert release.priorities.select("rank_acceptability", "verdict").row(0) == (None, "not_computable")
    assert clear(results, audience="team", langs=("en",)).priorities["rank_acceptability"].to_list() == [0.8]


def test_a_withheld_row_keeps_nothing_its_id_does_not_say() -> None:
    row = {"id": "levies/EX01/gold/miner/week", "measure": "levies", "kind": "amounts", "place": "EX01",
           "market": "gold", "base": "miner", "per": "week", "currency": "XOF", "actor": "terrorist_group",
           "meaning": "spread", "low": 1.0, "high": 2.0, "n": 2,
           "direction": "to_group", "open_high": True, "trace": statements(2)}  # fmt: skip
    found = one(shown(crowd(9), row), "levies/EX01/gold/miner/week")
    kept = {name for name, value in found.items() if value is not None}
    assert kept == {"id", "measure", "kind", "place", "market", "base", "per", "status", "reason"}


# --- the door itself ---------------------------------------------------------------------------------------


def test_only_the_gate_makes_a_release() -> None:
    real = shown(crowd(12), share(COOP, 5, statements(11)))
    fields = {field.name: getattr(real, field.name) for field in dataclasses.fields(real)} | {"token": object()}
    with pytest.raises(MaillageError) as problem:
        Release(**fields)
    assert problem.value.code == "release_forged"


def test_the_team_sees_everything_and_its_statements() -> None:
    release = released(study({"EX0101": (1, 1)}), "team")
    assert release.withheld.is_empty()
    assert release.statements is not None
    assert one(release, COOP)["trace"] == ["EX0101_1_s"]
    assert release.counts.filter(id=COOP, kind="interview")["for"].to_list() == [1]
    assert released(study({"EX0101": (1, 1)})).statements is None


def test_the_order_of_people_changes_nothing() -> None:
    made = study({"EX0101": (5, 12), "EX0102": (3, 6)})
    turned = dataclasses.replace(made, sources=made.sources.reverse(), observations=made.observations.reverse())
    assert released(made).estimates.equals(released(turned).estimates)


def test_a_cluster_shared_with_an_informant_is_not_named() -> None:
    made = study({"EX0101": (1, 1)}, more="D1 | document | EX | | | EX0101_1 |\nD2 | document | EX | | | speech |")
    assert released(made).public_sources["cluster"].to_list() == [None, "speech"]


@pytest.mark.parametrize(("includes", "actor"), [
    ("state_agent", "security_forces"), ("self_defence_group", "dan_na_ambassagou"),
])  # fmt: skip
def test_who_reads_brings_those_of_the_same_kind(includes: str, actor: str) -> None:
    made = crowd(12)
    spoken_of = {**AUDIENCES, "partners": Audience(3, (includes,))}
    made = dataclasses.replace(made, study=dataclasses.replace(made.study, audiences=spoken_of))
    ident = f"roles/EX0101/gold/{actor}/provider"
    row = share(ident, 2, statements(4), actor=actor, market="gold")
    assert one(shown(made, row, audience="partners"), ident)["status"] == "withheld"


def test_what_is_told_of_links_without_a_name_follows_the_public_rule_where_one_of_them_reads() -> None:
    """Every link may be with them: 2 of 4 told of links is then 2 of 4 told of theirs."""
    rows = [share("links/EX0101/cooperation", 2, statements(4)), share("factors/EX0101/corruption", 2, statements(4))]
    for includes, links in (((), "ok"), (("state_agent",), "withheld")):
        made = crowd(12)
        spoken_of = {**AUDIENCES, "partners": Audience(3, includes)}
        made = dataclasses.replace(made, study=dataclasses.replace(made.study, audiences=spoken_of))
        release = shown(made, *rows, audience="partners")
        assert one(release, "links/EX0101/cooperation")["status"] == links
        assert one(release, "factors/EX0101/corruption")["status"] == "ok"


@pytest.mark.parametrize("alone", [True, False])
def test_whether_the_one_heard_in_a_district_answered_has_no_part_in_what_partners_are_told_of_the_other(
    alone: bool,
) -> None:
    """Region less district leaves that one, or nobody: then it would be them who did not answer."""
    made = study({"EX0101": (5, 9), "EX0102": (1, 1)})
    asked = [f"EX0101_{i}_s" for i in range(1, 10)]
    rows = [share("needs/EX01/road", 4, [*asked, *(["EX0102_1_s"] if alone else [])]),
            share("needs/EX0101/road", 4, asked)]  # fmt: skip
    release = shown(made, *rows, audience="partners")
    assert one(release, "needs/EX01/road")["n"] == 9 + alone
    assert one(release, "needs/EX0101/road")["n"] is None


# --- beside the numbers --------------------------------------------------------------------------------------


def test_places_are_compared_by_published_counts_alone_and_what_single_classes_say_stays_in_the_team() -> None:
    """20 and 30 people are said by count; of 6 only words are: their order would tell the count behind the words."""
    said = {"EX0101": (8, 20), "EX0102": (18, 30), "EX02": (3, 6)}
    made = study(said)
    made = dataclasses.replace(made, sources=made.sources.with_columns(interviewer=pl.Series(["kori", "lune"] * 28)))
    made = dataclasses.replace(made, places=made.places.with_columns(level=pl.lit("admin2")))
    rows = [share(f"links/{place}/cooperation", k, [f"{place}_{i}_s" for i in range(1, n + 1)])
            for place, (k, n) in said.items()]  # fmt: skip
    bare = by_hand(made, rows)
    whole = dataclasses.replace(bare, orders=orders(made, bare.estimates), steadiness=steadiness(made, bare.estimates))
    team, public = (clear(whole, audience=name, langs=("en",)) for name in ("team", "public"))
    assert (team.beside.orders.height, team.beside.steadiness.height) == (3, 3)
    pairs = public.beside.orders.select("id", "than").rows()
    assert pairs == [("links/EX0102/cooperation", "links/EX0101/cooperation")]
    assert public.beside.steadiness.is_empty()
    passed_on = clear(whole, audience="team", langs=("en",), exported=True)
    assert passed_on.beside.steadiness.is_empty()


def test_a_contradiction_names_no_statement_and_counts_nobody_outside_the_team() -> None:
    made = study({"EX0101": (5, 12)}, key_findings=(COOP,))
    public, team, every = released(made), released(made, "team"), "links/ALL/cooperation"
    row = public.beside.contradictions.filter(id=every).row(0, named=True)
    assert (row["status"], row["for"], row["against"]) == ("open", None, None)
    assert not {"said", "denied"} & set(row)
    whole = team.beside.contradictions.filter(id=every).row(0, named=True)
    assert (whole["for"], whole["against"], len(whole["denied"])) == (5, 7, 7)


def test_of_a_place_nobody_reads_whether_anybody_denied() -> None:
    """That nobody did is said of everybody together only."""
    public = released(study({"EX0101": (5, 12)}, key_findings=(COOP,)))
    assert COOP not in public.beside.contradictions["id"]
    found = public.findings.row(by_predicate=pl.col("id") == COOP, named=True)
    assert (found["confidence"], found["contradiction"], found["contradiction_status"]) == ("very_low", None, None)
