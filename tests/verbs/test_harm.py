"""What study.yml says so that nobody comes to harm: read strictly, checked, printed, and what is past its day."""

import dataclasses
import shutil
from copy import deepcopy as copied
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import known
from folders import STUDIES
from maillage import run
from maillage.errors import MaillageError
from maillage.evidence import Care
from maillage.publish import harm
from maillage.publish.brief import brief
from maillage.publish.gate import clear
from maillage.publish.report import document
from maillage.study import retention
from maillage.study.check import check_evidence
from maillage.study.folder import open_study
from maillage.verbs.check import check
from maillage.verbs.coding import retract
from maillage.verbs.release import release
from small_evidence import nexus, settings

SCREEN = {
    "who": {"en": "speakers", "fr": "ceux qui parlent"},
    "how": "noted",
    "mitigation": "closed",
    "residual": "low",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(STUDIES / "first-steps", tmp_path / "study")


def more(study: Path, **keys: Any) -> Path:
    path = study / "study.yml"
    path.write_text(path.read_text("utf-8") + yaml.safe_dump(keys, allow_unicode=True), "utf-8")
    return study


@pytest.mark.parametrize(("keys", "field"), [
    ({"sensitivity": {"levies": "grave"}}, "sensitivity.levies"),
    ({"sensitivity": {"levies": {"reason": "x"}}}, "sensitivity.levies"),
    ({"sensitivity": {"levies": {"level": "high", "date": "soon"}}}, "sensitivity.levies"),
    ({"harm": {"R1": "people"}}, "harm.R1"),
    ({"harm": {"R1": {"who": "a", "how": "b", "mitigation": "c"}}}, "harm.R1"),
    ({"harm": {"R1": SCREEN | {"who": " "}}}, "harm.R1"),
    ({"harm": {"R1": SCREEN | {"residual": "none"}}}, "harm.R1"),
    ({"terms": {"de": {"a": "b"}}}, "terms.de"),
    ({"terms": {"en": ["a"]}}, "terms.en"),
    ({"retention": {"transcripts": "next year"}}, "retention.transcripts"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(copy: Path, keys: dict[str, Any], field: str) -> None:
    with pytest.raises(MaillageError) as refused:
        open_study(more(copy, **keys))
    assert [(item.code, item.field) for item in refused.value.findings] == [("settings_care", field)]


def test_all_four_keys_are_read(copy: Path) -> None:
    told = open_study(more(
        copy, sensitivity={"control": "high", "levies": {"level": "severe", "reason": "why", "date": date(2026, 3, 1)}},
        harm={"R6": SCREEN}, terms={"fr": {"bandit": "homme armé"}}, retention={"transcripts": 2027, "log": "2028-02"},
    )).settings.care  # fmt: skip
    assert (told.sensitivity["control"].level, told.sensitivity["levies"].date) == ("high", "2026-03-01")
    assert told.harm["R6"]["who"]["fr"] == "ceux qui parlent"
    assert told.harm["R6"]["how"] == {"en": "noted", "fr": "noted"}
    assert told.retention == {"transcripts": "2027", "log": "2028-02"}


def test_a_study_that_says_nothing_checks_as_before(copy: Path) -> None:
    assert check(copy) == []


def test_actions_that_ask_people_to_inform_carry_a_screen_in_both_languages() -> None:
    known = harm.screens(settings(), nexus())
    assert {"R3", "R7", "R8"} == set(known)
    assert all(screen[key][lang] for screen in known.values() for key in harm.TEXTS for lang in ("en", "fr"))
    assert harm.check(settings(), nexus()) == []


def test_without_a_screen_there_is_no_release(copy: Path, tmp_path: Path) -> None:
    pack = shutil.copytree(Path(run.__file__).parent / "packs" / "nexus", copy / "own")
    actions = yaml.safe_load((pack / "actions.yml").read_text("utf-8"))
    del actions["R7"]["screen"]
    (pack / "actions.yml").write_text(yaml.safe_dump(actions, allow_unicode=True), "utf-8")
    text = (copy / "study.yml").read_text("utf-8").replace("pack: nexus", "pack: own")
    (copy / "study.yml").write_text(text, "utf-8")
    with pytest.raises(MaillageError) as refused:
        release(copy, tmp_path / "out", audience="public", langs=("en",))
    assert [(item.code, item.value) for item in refused.value.findings] == [("harm_screen_missing", "R7")]
    assert [item.code for item in check(more(copy, harm={"R7": SCREEN, "R99": copied(SCREEN)}))] == [
        "harm_action_unknown"
    ]


def test_half_a_screen_in_a_pack_is_refused(copy: Path) -> None:
    pack = shutil.copytree(Path(run.__file__).parent / "packs" / "nexus", copy / "own")
    actions = yaml.safe_load((pack / "actions.yml").read_text("utf-8"))
    actions["R3"]["screen"] = {"who": {"en": "a"}, "residual": "none"}
    (pack / "actions.yml").write_text(yaml.safe_dump(actions, allow_unicode=True), "utf-8")
    text = (copy / "study.yml").read_text("utf-8").replace("pack: nexus", "pack: own")
    (copy / "study.yml").write_text(text, "utf-8")
    with pytest.raises(MaillageError) as refused:
        open_study(copy)
    fields = {item.field for item in refused.value.findings}
    assert fields == {f"R3.screen.{key}" for key in ("who", "how", "mitigation", "residual")}


@pytest.mark.parametrize(
    ("lang", "head", "level"), [("en", "Who may be hurt", "Severe"), ("fr", "Qui peut en souffrir", "Grave")]
)
def test_screens_are_printed_in_report_and_brief(lang: str, head: str, level: str) -> None:
    results = known.measured("first-steps")
    release = clear(results, audience="public", langs=(lang,))
    report = document(release, {}, lang)
    (section,) = (part for part in report.sections if part.id == "recommendations")
    (table,) = (block for block in section.blocks if getattr(block, "id", "") == "table-harm")
    assert (table.columns[1], len(table.rows), table.rows[2][-1][0].text) == (head, 3, level)
    assert level.lower() in str(brief(report, release)).lower()


def test_what_is_past_its_day_is_named_by_the_last_entry_or_a_day(copy: Path) -> None:
    more(copy, retention={"documents": "2020", "observations": "2031-05", "transcripts": "2020", "tapes": "2020"})
    assert [(item.code, item.value) for item in check(copy)] == [
        ("retention_unknown", "tapes")
    ]  # no such file is there
    (copy / "documents").mkdir()
    (copy / "documents" / "D01.txt").write_text("x")
    assert ("retention_past", "documents") in [(item.code, item.value) for item in check(copy)]
    late = {item.value: item for item in check(copy, today="2031-06-01") if item.code == "retention_past"}
    assert set(late) == {"documents", "observations"}
    assert late["observations"].level == "warning"
    assert "observations" not in {item.value for item in check(copy, today="2031-05-31")}


def test_a_card_says_how_long_its_table_is_kept(copy: Path) -> None:
    card = copy / "tables" / "plan.yml"
    card.write_text(card.read_text("utf-8") + "keep_until: 2019-06\n", "utf-8")
    assert [(item.code, item.file) for item in check(copy)] == [("retention_past", "tables/plan.yml")]


def test_the_last_day_is_that_of_the_log() -> None:
    for name in ("first-steps", "mali", "practice"):
        assert retention.last_day(STUDIES / name) == run._loaded(open_study(STUDIES / name))[1].date


@pytest.mark.parametrize("audience", ["public", "team"])
def test_the_team_reads_how_long_things_are_kept(audience: str) -> None:
    results = known.measured("first-steps")
    care = Care(retention={"transcripts": "2027-12"})
    evidence = dataclasses.replace(results.evidence, study=dataclasses.replace(results.evidence.study, care=care))
    release = clear(dataclasses.replace(results, evidence=evidence), audience=audience, langs=("fr",))
    (section,) = (part for part in document(release, {}, "fr").sections if part.id == "method")
    lines = [cell[0].text for block in section.blocks for cell in getattr(block, "items", ())]
    assert ("transcripts : jusqu’à décembre 2027" in [line.replace("\u00a0", " ") for line in lines]) == (
        audience == "team"
    )


def test_who_withdraws_leaves_every_number(copy: Path) -> None:
    study = open_study(copy)
    before = run.run(study)
    gone = before.evidence.sources.filter(kind="interview")["id"][0]
    retract(copy, gone, why="asked to be left out", coder="ana")
    after = run.run(open_study(copy))
    traces = [item for row in after.estimates["trace"].to_list() for item in row]
    theirs = set(before.evidence.observations.filter(source=gone)["id"])
    assert theirs
    assert not theirs & set(traces)
    assert clear(after, audience="public", langs=("en",)).date


def test_check_names_the_statements_of_who_refused(copy: Path) -> None:
    found = check_evidence(dataclasses.replace(
        (known := run.run(open_study(copy)).evidence), sources=known.sources.with_columns(consent=pl.lit("none"))
    ))  # fmt: skip
    assert {item.code for item in found} == {"consent_missing"}
    assert {item.level for item in found} == {"error"}
