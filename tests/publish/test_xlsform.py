"""The form: accepted by pyxform, in both languages, closed to those who refuse, and its mapping fits it."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from pyxform.xls2xform import convert

from maillage import pack as packs
from maillage import tables
from maillage.guides import Guide
from maillage.publish.form_items import AGREED, Form, form
from maillage.publish.xlsform import mapping, xlsform
from small_evidence import PLACES, table

NEXUS = packs.load("nexus")
ABOUT: Guide = NEXUS.guide  # pyright: ignore[reportAssignmentType]
TITLE = {"en": "A study", "fr": "Une étude"}


def made(places: bool = True) -> Form:
    known = table(PLACES, "places") if places else None
    return form(NEXUS, ABOUT, known, id="small_guide", title=TITLE)


def rows(content: bytes, sheet: str) -> list[dict[str, str]]:
    head, *rest = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)
    return [{str(key): str(value or "") for key, value in zip(head, row, strict=True)} for row in rest]


CONTENT = xlsform(made(), ("fr", "en"))
SURVEY = rows(CONTENT, "survey")
BY_NAME = {row["name"]: row for row in SURVEY if not row["type"].startswith("end")}


@pytest.mark.parametrize("places", [True, False])
@pytest.mark.parametrize("langs", [("fr", "en"), ("en",), ("fr",)])
def test_pyxform_takes_the_form_without_a_word(tmp_path: Path, places: bool, langs: tuple[str, ...]) -> None:
    file = tmp_path / "guide.xlsx"
    file.write_bytes(xlsform(made(places), langs))
    done = convert(str(file))
    assert done.warnings == []
    for word in ("geopoint", "deviceid", "username", 'jr:preload="timestamp"', "audio"):
        assert word not in done.xform


def test_both_languages_stand_on_every_question_and_choice() -> None:
    for row in (*SURVEY, *rows(CONTENT, "choices")):
        if row.get("type", "").startswith("end"):
            continue
        assert row["label::French (fr)"], row
        assert row["label::English (en)"], row
    assert rows(CONTENT, "settings")[0]["default_language"] == "French (fr)"


def test_whoever_refuses_is_asked_nothing_more() -> None:
    groups: list[str] = []
    for row in SURVEY:
        if row["type"].startswith("begin"):
            groups.append(row["relevant"])
        elif row["type"].startswith("end"):
            groups.pop()
        elif row["name"] not in BY_NAME or not row["name"]:
            continue
        rule_of_some = row["relevant"] or any(groups)
        person = row["name"] in {"source", "no_names", "source_id", "place", "month", "stakeholder", "sex", "age_band",
                                 "language", "language_other", "agreement", "consent_text", "consent"}  # fmt: skip
        assert rule_of_some or person or row["type"].startswith("end"), row["name"]
    outer = [row for row in SURVEY if row["name"].startswith("theme_") and row["type"] == "begin group"]
    assert len(outer) == len(ABOUT.themes)
    assert {row["relevant"] for row in outer} == {AGREED}
    assert BY_NAME["refusal"]["relevant"] == BY_NAME["thanks"]["relevant"] == "${consent} = 'none'"
    assert BY_NAME["use"]["type"] == "select_multiple use"


def test_rows_are_repeats_and_open_only_after_an_answer() -> None:
    repeats = {row["name"]: row["relevant"] for row in SURVEY if row["type"] == "begin repeat"}
    assert {"levies", "flows", "links"} <= repeats.keys()
    for name, relevant in repeats.items():
        assert relevant == f"${{{name}_asked}} = 'answered'"
        assert BY_NAME[f"{name}_asked"]["default"] == "not_asked"


@pytest.mark.parametrize(
    ("value", "good"),
    [("2024", True), ("2024-06", True), ("2024-13", False), ("2024-00", False), ("2024-06-01", False), ("juin", False)],
)
def test_a_period_is_a_year_or_a_month(value: str, good: bool) -> None:
    rule = BY_NAME["links_period"]["constraint"]
    pattern = re.fullmatch(r"regex\(\., '(.*)'\)", rule)
    assert pattern
    assert bool(re.match(pattern[1], value)) is good


def test_months_amounts_and_pseudonyms_are_held_to_their_form() -> None:
    assert BY_NAME["month"]["constraint"] == ". <= today()"
    assert BY_NAME["month"]["appearance"] == "month-year"
    assert "${levies_low}" in BY_NAME["levies_high"]["constraint"]
    assert BY_NAME["levies_currency"]["required"] == "${levies_low} != '' or ${levies_high} != ''"
    pattern = re.fullmatch(r"regex\(\., '(.*)'\)", BY_NAME["source_id"]["constraint"])
    assert pattern
    assert re.match(pattern[1], "I07")
    assert not re.match(pattern[1], "Aïcha Maïga")


def test_places_are_offered_down_to_the_second_level_and_told_apart() -> None:
    offered = {
        row["name"]: row["label::English (en)"] for row in rows(CONTENT, "choices") if row["list_name"] == "places"
    }
    assert offered == {"EX01": "Amont", "EX02": "Plaine", "EX0102": "Le Gué (Amont)", "EX0101": "Mineville (Amont)",
                       "EX": "Exemplie"}  # fmt: skip


def test_names_of_choices_are_fit_for_a_form_and_lead_back_to_codes() -> None:
    said: dict[str, Any] = yaml.safe_load(mapping(made()))
    for row in rows(CONTENT, "choices"):
        assert re.fullmatch(r"[A-Za-z0-9_.-]+", row["name"])
        if row["list_name"] in said["choices"]:
            codes = said["choices"][row["list_name"]]
            (code,) = [code for code, names in codes.items() if row["name"] in names]
            assert {row["label::French (fr)"], row["label::English (en)"]} <= set(codes[code])
    assert "55+" in said["choices"]["age_band"]


def test_the_mapping_names_only_what_the_form_has_and_fills_only_known_columns() -> None:
    said: dict[str, Any] = yaml.safe_load(mapping(made()))
    fields = {name for name, row in BY_NAME.items() if not row["type"].startswith(("begin", "note"))}
    repeats = {row["name"] for row in SURVEY if row["type"] == "begin repeat"}
    parts = [(said["source"], "sources"), *((rule["map"], "observations") for rule in said["observations"])]
    for told, name in parts:
        assert set(told) <= set(tables.table(name).names)
        assert {theirs for theirs in told.values() if isinstance(theirs, str)} <= fields
    assert {rule["repeat"] for rule in said["observations"] if "repeat" in rule} == repeats
    ids = [rule["id"] for rule in said["observations"]]
    gates = [rule["id"] for rule in said["observations"] if "when" in rule]
    assert len(ids) - len(set(ids)) == len(gates)
    mapped = {theirs for told, _ in parts for theirs in told.values() if isinstance(theirs, str)}
    assert fields - mapped == {"language_other"}


def test_the_same_form_gives_the_same_bytes_and_another_a_new_version() -> None:
    assert xlsform(made(), ("fr", "en")) == CONTENT
    assert rows(xlsform(made(False), ("fr", "en")), "settings")[0]["version"] != rows(CONTENT, "settings")[0]["version"]
