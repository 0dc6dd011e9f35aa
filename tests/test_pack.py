"""A pack that is broken says which file, which key, and what to do; the shipped pack is whole."""

import math
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from maillage import pack as packs
from maillage.errors import MaillageError
from maillage.labels import Labels
from maillage.measure_settings import SETTINGS, settings

NEXUS = packs.FOLDER / "nexus"


def edited(tmp_path: Path, file: str, change: Any) -> Path:
    """A copy of the pack in which `change` edits one file (its data in place, or its new text)."""
    folder = tmp_path / "mine"
    shutil.copytree(NEXUS, folder)
    path = folder / file
    raw = yaml.safe_load(path.read_text("utf-8"))
    text = change(raw)
    path.write_text(text if isinstance(text, str) else yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    return tmp_path


def problems(study: Path) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(MaillageError) as found:
        packs.load("mine", study)
    assert found.value.code == "pack_invalid"
    for item in found.value.findings:
        for lang in ("en", "fr"):
            assert item.message(lang)
            assert item.remedy(lang)
            assert "?" not in item.message(lang)
    return [(item.code, item.file, item.field) for item in found.value.findings]


def test_the_shipped_pack_is_whole() -> None:
    nexus = packs.load("nexus")
    assert len(nexus.codes("markets")) >= 9
    assert nexus.label("link_types", "coopetition", "fr") != "coopetition"
    assert nexus.label("link_types", "nothing", "fr") == "nothing"
    assert nexus.codes("questions")[0] == next(iter(nexus.questions))
    assert nexus.attribute("levy_forms", "intermediary_fee", "direction") == "by_group"
    assert nexus.attribute("levy_forms", None, "direction") is None
    assert packs.available() == ["nexus"]


@pytest.mark.parametrize("name", ["nope", "../nexus", "/etc", "", "nexus/../nexus", "NEXUS"])
def test_a_pack_that_is_not_there(tmp_path: Path, name: str) -> None:
    for study in (None, tmp_path):
        with pytest.raises(MaillageError) as found:
            packs.load(name, study)
        assert found.value.code == "pack_missing"


FILES = ["pack.yml", "measures.yml", "indicators.yml", "actions.yml", "report.yml", "lookups.yml"]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_missing(tmp_path: Path, file: str) -> None:
    study = edited(tmp_path, file, lambda raw: None)
    (study / "mine" / file).unlink()
    if file == "pack.yml":
        with pytest.raises(MaillageError) as found:
            packs.load("mine", study)
        assert found.value.code == "pack_missing"
    else:
        assert ("pack_file_missing", file, None) in problems(study)


@pytest.mark.parametrize("text", ["a: [b\n", "- a\n", "x", "a: b: c\n"])
@pytest.mark.parametrize("file", ["measures.yml", "codebook/questions.yml"])
def test_a_file_that_is_no_mapping(tmp_path: Path, file: str, text: str) -> None:
    study = edited(tmp_path, file, lambda raw: text)
    assert ("pack_yaml", Path(file).name, None) in problems(study)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    study = edited(tmp_path, "actions.yml", lambda raw: None)
    (study / "mine" / "actions.yml").write_bytes(b"\xff\xfe\x00a")
    assert ("pack_yaml", "actions.yml", None) in problems(study)


def markets(raw: dict[str, Any]) -> dict[str, Any]:
    return raw["markets"]["codes"]


BROKEN: dict[str, tuple[str, Any, tuple[str, str, str]]] = {
    "a label without French": (
        "codebook/markets_links.yml",
        lambda raw: markets(raw)["gold"]["label"].pop("fr"),
        ("pack_text_missing", "markets_links.yml", "markets.gold.label"),
    ),
    "a blank definition": (
        "codebook/markets_links.yml",
        lambda raw: markets(raw)["gold"]["definition"].update(en=" "),
        ("pack_text_missing", "markets_links.yml", "markets.gold.definition"),
    ),
    "a label that is no text": (
        "codebook/markets_links.yml",
        lambda raw: markets(raw)["gold"].update(label="gold"),
        ("pack_text_missing", "markets_links.yml", "markets.gold.label"),
    ),
    "a code in capitals": (
        "codebook/markets_links.yml",
        lambda raw: markets(raw).update({"Gold ore": markets(raw).pop("gold")}),
        ("pack_code_form", "markets_links.yml", "markets.Gold ore"),
    ),
    "a code that is a number": (
        "codebook/markets_links.yml",
        lambda raw: markets(raw).update({3: markets(raw)["gold"]}),
        ("pack_code_form", "markets_links.yml", "markets.3"),
    ),
    "a code that is no mapping": (
        "codebook/markets_links.yml",
        lambda raw: markets(raw).update(gold="gold"),
        ("pack_shape", "markets_links.yml", "markets.gold"),
    ),
    "codes as a list": (
        "codebook/markets_links.yml",
        lambda raw: raw["markets"].update(codes=["gold"]),
        ("pack_shape", "markets_links.yml", "markets.codes"),
    ),
    "a list that is no mapping": (
        "codebook/markets_links.yml",
        lambda raw: raw.update(markets=["gold"]),
        ("pack_shape", "markets_links.yml", "markets"),
    ),
    "a question of no list": (
        "codebook/questions.yml",
        lambda raw: raw["questions"]["link"].update(answers="linktypes"),
        ("pack_unknown", "questions.yml", "link.answers"),
    ),
    "a question of no kind": (
        "codebook/questions.yml",
        lambda raw: raw["questions"]["link"].pop("kind"),
        ("pack_unknown", "questions.yml", "link.kind"),
    ),
    "a question at a level there is none of": (
        "codebook/questions.yml",
        lambda raw: raw["questions"]["link"].update(level="cardinal"),
        ("pack_unknown", "questions.yml", "link.level"),
    ),
    "a question without level": (
        "codebook/questions.yml",
        lambda raw: raw["questions"]["link"].pop("level"),
        ("pack_key_missing", "questions.yml", "link.level"),
    ),
    "a question that is no mapping": (
        "codebook/questions.yml",
        lambda raw: raw["questions"].update(link="x"),
        ("pack_shape", "questions.yml", "questions.link"),
    ),
    "a measure of no kind": (
        "measures.yml",
        lambda raw: raw["links"].update(kind="magic"),
        ("pack_unknown", "measures.yml", "links.kind"),
    ),
    "a measure of no question": (
        "measures.yml",
        lambda raw: raw["links"].update(question="nothing"),
        ("pack_unknown", "measures.yml", "links.question"),
    ),
    "a measure without about": (
        "measures.yml",
        lambda raw: raw["links"].pop("about"),
        ("pack_text_missing", "measures.yml", "links.about"),
    ),
    "a measure that is no mapping": (
        "measures.yml",
        lambda raw: raw.update(links=3),
        ("pack_shape", "measures.yml", "links"),
    ),
    "settings that are no mapping": (
        "measures.yml",
        lambda raw: raw["near_repeats"].update(settings=[25]),
        ("pack_shape", "measures.yml", "near_repeats.settings"),
    ),
    "a setting that the measure does not have": (
        "measures.yml",
        lambda raw: raw["near_repeats"]["settings"].update(miles=15),
        ("pack_setting_unknown", "measures.yml", "near_repeats.settings.miles"),
    ),
    "a setting of a measure without any": (
        "measures.yml",
        lambda raw: raw["links"].update(settings={"km": 25}),
        ("pack_setting_unknown", "measures.yml", "links.settings.km"),
    ),
    "an action on no factor": (
        "actions.yml",
        lambda raw: raw["R1"].update(factors=["nothing"]),
        ("pack_unknown", "actions.yml", "R1.factors"),
    ),
    "an action without harm note": (
        "actions.yml",
        lambda raw: raw["R1"].pop("harm"),
        ("pack_text_missing", "actions.yml", "R1.harm"),
    ),
    "an indicator without unit": (
        "indicators.yml",
        lambda raw: next(iter(raw.values())).pop("unit_label"),
        ("pack_text_missing", "indicators.yml", ""),
    ),
    "a section without title": (
        "report.yml",
        lambda raw: raw["sections"][0].pop("title"),
        ("pack_text_missing", "report.yml", "key_findings.title"),
    ),
    "an outline without sections": (
        "report.yml",
        lambda raw: raw.pop("sections"),
        ("pack_key_missing", "report.yml", "sections"),
    ),
    "no version": ("pack.yml", lambda raw: raw.pop("version"), ("pack_key_missing", "pack.yml", "version")),
    "no id": ("pack.yml", lambda raw: raw.pop("id"), ("pack_key_missing", "pack.yml", "id")),
    "no title": ("pack.yml", lambda raw: raw.pop("title"), ("pack_text_missing", "pack.yml", "title")),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_pack_names_file_and_key(tmp_path: Path, name: str) -> None:
    file, change, (code, where, field) = BROKEN[name]

    def edit(raw: Any) -> None:
        change(raw)

    found = problems(edited(tmp_path, file, edit))
    assert any(item[0] == code and item[1] == where and (not field or item[2] == field) for item in found), found


ODD = [("km", 0), ("km", -5), ("km", 501), ("km", "25"), ("km", True), ("km", math.nan), ("km", None), ("days", 1.5),
       ("days", 0), ("years", 0), ("draws", 18), ("draws", 10_000)]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), ODD)
def test_a_setting_out_of_bounds_names_them(tmp_path: Path, key: str, value: Any) -> None:
    def edit(raw: Any) -> None:
        raw["near_repeats"]["settings"][key] = value

    study = edited(tmp_path, "measures.yml", edit)
    assert problems(study) == [("pack_setting", "measures.yml", f"near_repeats.settings.{key}")]
    with pytest.raises(MaillageError) as found:
        packs.load("mine", study)
    (item,) = found.value.findings
    setting = SETTINGS["near_repeats"][key]
    for lang in ("en", "fr"):
        assert f"{setting.least:g}" in item.message(lang)
        assert f"{setting.most:g}" in item.message(lang)


@pytest.mark.parametrize("lang", packs.LANGS)
def test_what_a_measure_says_of_itself_names_its_settings(tmp_path: Path, lang: str) -> None:
    def edit(raw: Any) -> None:
        raw["near_repeats"]["settings"] = {"km": 7.5, "days": 1}

    other = packs.load("mine", edited(tmp_path, "measures.yml", edit))
    told = Labels(lang, other, None).about("near_repeats")
    assert ("7.5 km and 1 day," if lang == "en" else "7,5 km et 1 jour au plus") in told
    assert "199" in told
    assert "{" not in told
    assert other.measures["links"]["about"][lang] == Labels(lang, other, None).about("links")


def test_the_shipped_settings_are_the_usual_ones() -> None:
    nexus = packs.load("nexus")
    for name, known in SETTINGS.items():
        assert settings(name, nexus.measures[name]) == {key: setting.usual for key, setting in known.items()}
        assert settings(name, {}) == settings(name, nexus.measures[name])


def test_a_list_in_two_files(tmp_path: Path) -> None:
    study = edited(tmp_path, "pack.yml", lambda raw: None)
    again = {"markets": {"label": {"en": "m", "fr": "m"}, "codes": {}}}
    (study / "mine" / "codebook" / "zz.yml").write_text(yaml.safe_dump(again), "utf-8")
    assert problems(study) == [("pack_twice", "zz.yml", "markets")]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    def edit(raw: Any) -> None:
        raw["links"]["kind"], raw["roles"]["kind"] = "x", "y"

    assert len(problems(edited(tmp_path, "measures.yml", edit))) == 2


@pytest.mark.parametrize(("levels", "code"), [
    (7, "pack_shape"), ({"severity": 3}, "pack_shape"), ({"severity": {1: "much"}}, "pack_text_missing"),
    ({"severity": {1: {"en": "much"}}}, "pack_text_missing"),
])  # fmt: skip
def test_levels_are_texts_in_both_languages(tmp_path: Path, levels: Any, code: str) -> None:
    study = edited(tmp_path, "pack.yml", lambda raw: raw.update(levels=levels))
    assert code in {found for found, _, _ in problems(study)}
