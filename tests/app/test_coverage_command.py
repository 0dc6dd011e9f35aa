"""`maillage coverage` as a user types it, in both languages and for machines."""

import json
from pathlib import Path

import pytest
from made_study import Command

from folders import ROOT, STUDIES, folder_hash

PLAN = "place,stakeholder,planned\nGao,economic_actor,2\nKidal,magistrate,1\n"
REFUSED = "id,kind,place,date,stakeholder,consent,refusal\nx1,interview,Kidal,2024-05,magistrate,none,fear\n"


@pytest.fixture
def planned(study: Path, say: Command) -> Path:
    for name, text, kind in (("plan", PLAN, "plan"), ("refused", REFUSED, "sources")):
        (study.parent / f"{name}.csv").write_text(text)
        assert say("add", study.parent / f"{name}.csv", "--as", kind, "--study", study).code == 0
    return study


def test_planned_held_refused_and_left(planned: Path, say: Command) -> None:
    found = json.loads(say("coverage", "--study", planned, "--json").out)
    assert found["total"] == {"planned": 3, "done": 2, "refused": 1, "left": 2, "reasons": {"fear": 1}}
    assert found["places"]["ML07"]["left"] == 1
    assert found["places"]["ML08"] == {"planned": 1, "done": 0, "refused": 1, "left": 1, "reasons": {"fear": 1}}
    assert found["classes"]["civil_society"]["planned"] is None
    assert [slot["stakeholder"] for slot in found["slots"]] == ["economic_actor", "magistrate", "civil_society"]
    assert {row["answer"] for row in found["saturation"]} == {"too_few"}
    assert [(item["place"], item["stakeholder"]) for item in found["next"]] == [
        ("ML07", "economic_actor"),
        ("ML08", "magistrate"),
    ]


def test_key_findings_move_what_comes_first(planned: Path, say: Command) -> None:
    settings = (planned / "study.yml").read_text("utf-8")
    (planned / "study.yml").write_text(settings.replace("key_findings: []", "key_findings: [links/ML07/cooperation]"))
    found = json.loads(say("coverage", "--study", planned, "--json").out)
    assert found["key_findings"] == ["links/ML07/cooperation"]
    told = [*found["next"], *found["other_sources"]]
    assert any("links/ML07/cooperation" in (*item.get("helps", ()), item.get("finding")) for item in told)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["2 held of 3 planned, 1 refused", "fear of being seen", "too few to assess", "missing: 1 of 2 planned",
                "look for another way in", "No key findings are named", "not planned"]),
        ("fr", ["2 menés sur 3 prévus, 1 refus", "crainte d'être vu", "trop peu pour conclure", "1 sur 2 prévus",
                "chercher une autre entrée", "Aucun constat clé", "hors plan"]),
    ],
)  # fmt: skip
def test_it_is_said_in_words(planned: Path, say: Command, lang: str, words: list[str]) -> None:
    before = folder_hash(planned)
    said = say("coverage", "--study", planned, "--lang", lang)
    assert said.code == 0
    assert [word for word in words if word not in said.out] == []
    assert folder_hash(planned) == before


def test_a_study_without_plan_says_how_to_add_one(study: Path, say: Command) -> None:
    said = say("coverage", "--study", study, "--lang", "en")
    assert said.code == 0
    assert "maillage add plan.csv --as plan" in said.out


def test_a_published_study_without_interviews_has_a_list_too(say: Command) -> None:
    found = json.loads(say("coverage", "--study", STUDIES / "mali", "--json").out)
    assert found["total"]["done"] == 0
    assert found["next"]
    assert all(item["helps"] for item in found["next"])


def test_the_plan_of_the_page_is_taken(study: Path, say: Command) -> None:
    page = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    (study.parent / "plan.csv").write_text(page.split("```csv\n")[1].split("```")[0])
    assert say("add", study.parent / "plan.csv", "--as", "plan", "--study", study).code == 0
    assert json.loads(say("coverage", "--study", study, "--json").out)["total"]["planned"] == 7
