"""Kinds of data that could do harm: what the public and partners no longer read, and what readers are warned of."""

import pytest
from made_release import one, released, study

from maillage.errors import MaillageError
from maillage.evidence import Care, Evidence, Sensitive
from maillage.labels import Labels
from maillage.publish import sensitive
from maillage.publish.gate import clear
from maillage.publish.report import document
from maillage.run import measure_all
from small_evidence import nexus

SAID = {"EX0101": (12, 24), "EX02": (10, 24)}
DISTRICT, REGION, ALL = "links/EX0101/cooperation", "links/EX02/cooperation", "links/ALL/cooperation"


def made(**levels: str) -> Evidence:
    return study(SAID, care=Care(sensitivity={kind: Sensitive(level) for kind, level in levels.items()}))


@pytest.mark.parametrize(("level", "audience", "district", "region"), [
    (None, "public", None, None), ("moderate", "public", None, None),
    ("high", "public", "sensitive_place", None), ("high", "partners", None, None), ("high", "team", None, None),
    ("severe", "public", "too_sensitive", "too_sensitive"), ("severe", "partners", "sensitive_place", None),
    ("severe", "team", None, None),
])  # fmt: skip
def test_a_level_makes_places_coarser_or_shuts_out(level, audience, district, region) -> None:
    release = released(made(**({"links": level} if level else {})), audience)
    for ident, reason in ((DISTRICT, district), (REGION, region)):
        row = one(release, ident)
        assert row["reason"] == reason
        assert row["status"] == ("withheld" if reason else "ok")
        assert not reason or all(row[name] is None for name in ("value", "k", "n", "band", "confidence"))


def test_a_kind_of_statement_speaks_for_all_its_measures_and_a_measure_for_itself() -> None:
    release = released(made(link="severe", links="low"))
    assert one(release, REGION)["status"] == "ok"
    pair = one(release, "links_pair/ALL/smuggler~terrorist_group/cooperation")
    assert (pair["status"], pair["reason"]) == ("withheld", "too_sensitive")


def test_what_is_too_sensitive_stands_in_no_finding() -> None:
    release = released(made(link="severe"))
    withheld = set(release.withheld["id"])
    assert {DISTRICT, REGION, ALL} <= withheld
    assert not withheld & set(release.findings["id"])


@pytest.mark.parametrize(("audience", "warned"), [("public", False), ("partners", True), ("team", True)])
@pytest.mark.parametrize(("lang", "words"), [("en", "control of places (severe)"), ("fr", "lien (élevée)")])
def test_readers_beside_the_public_are_warned(audience: str, warned: bool, lang: str, words: str) -> None:
    evidence = made(link="high", control="severe", levies="moderate")
    release = clear(measure_all(evidence, date="2024-06-01"), audience=audience, langs=(lang,))
    assert (words in document(release, {}, lang).notice) == warned
    assert "levies" not in sensitive.banner(evidence.study, Labels("en", nexus(), None))


def test_a_level_wants_a_reason_a_date_and_a_kind_that_exists() -> None:
    told = {"links": Sensitive("high"), "levies": Sensitive("severe", {"en": "why", "fr": "pourquoi"}, "2026-03"),
            "roles": Sensitive("low"), "rolls": Sensitive("low")}  # fmt: skip
    found = [(item.code, item.value) for item in sensitive.check(study({"EX01": (1, 2)}, care=Care(sensitivity=told)))]
    assert found == [("sensitivity_reason", "links"), ("sensitivity_unknown", "rolls")]


@pytest.mark.parametrize("consent", ["none", ""])
def test_a_person_without_consent_feeds_nothing(consent: str) -> None:
    more = f"Z1 | interview | EX02 | {consent} | | | transporter"
    evidence = study(SAID, rows="z | Z1 | link | link | denied | | | EX02 | | | | | | | | | ", more=more)
    for audience in ("public", "partners", "team"):
        with pytest.raises(MaillageError) as refused:
            released(evidence, audience)
        assert refused.value.code == "consent_missing_release"


def test_a_paper_needs_no_consent() -> None:
    more = "D1 | document | EX02 | | | | "
    evidence = study(SAID, rows="z | D1 | link | link | cooperation | | | EX02 | | | | | | | | | ", more=more)
    assert one(released(evidence), REGION)["status"] == "ok"
