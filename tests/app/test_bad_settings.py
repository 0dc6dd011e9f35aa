"""study.yml: what a key cannot be is said with its key, and nothing is guessed."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from made_study import Command

import maillage as ml
from maillage.study.folder import open_study


def checked(say: Command, study: Path, **keys: Any) -> tuple[int, list[tuple[str, str | None]]]:
    """Exit code and (code, field) of each finding once these keys are changed."""
    file = study / "study.yml"
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text("utf-8")) | keys), "utf-8")
    done = say("check", "--study", study, "--json")
    return done.code, [(item["code"], item["field"]) for item in json.loads(done.out)]


def rule(**more: Any) -> dict[str, Any]:
    return {"partners": {"threshold": 3} | more}


@pytest.mark.parametrize(("key", "value", "code", "field"), [
    ("seed", -1, "settings_value", "seed"), ("seed", True, "settings_value", "seed"),
    ("seed", 2**70, "settings_value", "seed"), ("coders", ["ana", "ana"], "settings_value", "coders"),
    ("languages", ["fr", "fr"], "settings_value", "languages"), ("period", "2024/2012", "settings_value", "period"),
    ("status", "secret", "settings_value", "status"), ("zones", {5: ["ML07"]}, "settings_value", "zones.5"),
    ("zones", {"a/b": ["ML07"]}, "code_form", "zones.a/b"), ("title", {"en": "x"}, "settings_value", "title"),
    ("notice", {"fr": "x"}, "settings_value", "notice"),
    ("audiences", {"team": {"threshold": True}}, "settings_audience", "audiences.team"),
    ("audiences", rule(includ=["state_agent"]), "settings_audience", "audiences.partners"),
    ("reporting", {"coreq_33": "x"}, "reporting_item_unknown", "reporting.coreq_33"),
    ("reporting", {7: "x"}, "reporting_item_unknown", "reporting.7"),
    ("reporting", ["coreq_1"], "settings_value", "reporting"),
    ("reporting", {"coreq_1": " "}, "reporting_text", "reporting.coreq_1"),
    ("reporting", {"srqr_2": {"en": "x"}}, "reporting_text", "reporting.srqr_2"),
    ("reporting", {"srqr_2": {"en": "x", "fr": "x", "audience": "x"}}, "reporting_audience",
     "reporting.srqr_2.audience"),
    ("rounds", {"2023": 2023}, "settings_round", "rounds.2023"), ("rounds", [2023], "settings_value", "rounds"),
    ("rounds", {"first": "spring"}, "settings_round", "rounds.first"),
    ("rounds", {"a": "2023-01/2023-06", "b": "2023-06-15/2023-12"}, "settings_rounds_meet", "rounds.b"),
    ("rounds", {"a": 2023, "b": "2023-06"}, "settings_rounds_meet", "rounds.b"),
    ("rounds", {"a": {"period": 2023}, "b": {"period": "2023-06"}}, "settings_rounds_meet", "rounds.b"),
    ("rounds", {"a": {"label": "x"}}, "settings_round", "rounds.a"),
    ("rounds", {"a": {"period": 2023, "label": {"en": "x"}}}, "settings_round", "rounds.a"),
    ("rounds", {"a": {"period": 2023, "name": "x"}}, "settings_round", "rounds.a"),
    ("rounds", {"a": {"period": 2023, "pack_version": [1]}}, "settings_round", "rounds.a"),
    ("audiences", rule(includes=["state_agnet"]), "includes_unknown", "audiences.partners.includes"),
])  # fmt: skip
def test_a_value_that_cannot_be(study: Path, say: Command, key: str, value: object, code: str, field: str) -> None:
    assert checked(say, study, **{key: value}) == (1, [(code, field)])


@pytest.mark.parametrize(("key", "value", "code"), [
    ("published_samples", {"nobody": 5}, "sample_unknown"), ("pack_version", "9.9", "pack_version_differs"),
])  # fmt: skip
def test_a_value_to_think_about(study: Path, say: Command, key: str, value: object, code: str) -> None:
    assert checked(say, study, **{key: value}) == (0, [(code, key)])


def test_an_item_of_a_checklist_that_is_misspelt_is_told_with_the_nearest_in_both_languages(study, say) -> None:
    file = study / "study.yml"
    file.write_text(file.read_text("utf-8") + "reporting: {corq_12: x}\n", "utf-8")
    for lang, words in (("en", "Nearest: coreq_12"), ("fr", "Les plus proches : coreq_12")):
        (found,) = json.loads(say("check", "--study", study, "--json", "--lang", lang).out)
        assert words in found["remedy"].replace("\N{NO-BREAK SPACE}", " ")


def test_a_year_or_a_day_needs_no_quotes(study: Path, say: Command) -> None:
    assert checked(say, study, boundary_version=2021) == (0, [])
    file = study / "study.yml"
    text = file.read_text("utf-8")
    file.write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("period")) + "\nperiod: 2024-06-01\n"
    )
    opened = open_study(study).settings
    assert (opened.boundary_version, opened.period) == ("2021", "2024-06-01")


def test_a_key_that_stands_twice_is_not_overwritten(study: Path, say: Command) -> None:
    file = study / "study.yml"
    file.write_text(file.read_text("utf-8") + "coders: [bo]\n", "utf-8")
    (found,) = json.loads(say("check", "--study", study, "--json").out)
    lines = file.read_text("utf-8").splitlines()
    assert (found["code"], found["field"], found["line"]) == ("settings_key_twice", "coders", len(lines))


def test_the_same_words_in_python(study: Path, tmp_path: Path) -> None:
    opened = ml.open(study)
    assert ml.check(opened) == ml.check(study) == ml.check(str(study)) == []
    cleared = ml.release(opened, tmp_path / "r", audience="public")
    assert (cleared.audience, (tmp_path / "r" / "manifest.json").is_file()) == ("public", True)
