"""`maillage add export --as form` as a user types it: entered once, compared ever after, nothing lost unseen."""

import json
from pathlib import Path
from typing import Any

import pytest
from made_study import Command

from folders import folder_hash
from made_forms import Layout, agreed, guide_map, refused, xlsx
from maillage.study import age
from maillage.study.folder import open_study
from maillage.study.observations import replay

PLACES = "code,name,level,parent\nEX01,Amont,admin1,ML\nEX02,Plaine,admin1,ML\nEX0101,Mineville,admin2,EX01\n"
LINKS = [
    {"links_actor": "terrorist_group", "links_other": "smuggler", "links_answer": "cooperation"},
    {"links_actor": "militia", "links_other": "smuggler", "links_answer": "competition"},
]
FIRST = [agreed(1, presence_gold="present", severity_gold="4", links_asked="answered", links=LINKS), refused(2)]


@pytest.fixture
def field(tmp_path: Path, say: Command) -> Path:
    """A study with places and the mapping of our form."""
    study = tmp_path / "s"
    (tmp_path / "places.csv").write_text(PLACES)
    assert say("new", study, "--country", "ML", "--coder", "ana", "--period", "2025").code == 0
    assert say("add", tmp_path / "places.csv", "--study", study).code == 0
    (study / "forms").mkdir()
    guide_map(study / "forms" / "guide.yml")
    return study


def add(say: Command, study: Path, submissions: list[dict[str, Any]], *words: str) -> tuple[int, list[Any], str]:
    file = xlsx(study.parent / "export.xlsx", submissions)
    done = say("add", file, "--as", "form", "--map", "forms/guide.yml", "--study", study, "--json", *words)
    return done.code, json.loads(done.out), done.err


def said(study: Path) -> dict[str, Any]:
    return {row["id"]: row["answer"] for row in replay(open_study(study)).observations.iter_rows(named=True)}


def test_submissions_enter_the_study_and_it_checks_clean(field: Path, say: Command) -> None:
    code, found, err = add(say, field, FIRST)
    assert (code, found) == (0, [])
    assert "2 entered, 0 changed, 0 known already" in err
    known = replay(open_study(field))
    assert dict(known.sources.select("id", "consent").iter_rows()) == {"I01": "anonymous", "I02": "none"}
    assert said(field) == {"I01.presence_gold": "present", "I01.severity_gold": "4", "I01.links.1": "cooperation",
                           "I01.links.2": "competition"}  # fmt: skip
    assert say("check", "--study", field).code == 0


def test_the_same_export_again_enters_nothing(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    before = folder_hash(field)
    code, found, err = add(say, field, FIRST)
    assert (code, found) == (0, [])
    assert "0 entered, 0 changed, 2 known already" in err
    file = xlsx(field.parent / "fr.xlsx", FIRST, Layout("fr", groups=True))
    assert say("add", file, "--as", "form", "--map", field / "forms" / "guide.yml", "--study", field).code == 0
    assert folder_hash(field) == before


def test_changes_are_told_before_anything_enters(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    before = folder_hash(field)
    again = [agreed(1, presence_gold="present", severity_gold="2", legitimacy_gold="1", links_asked="answered",
                    links=LINKS[:1], stakeholder="judge"), agreed(3, presence_arms="denied")]  # fmt: skip
    code, found, err = add(say, field, again)
    assert code == 1
    assert [item["code"] for item in found] == ["form_gone", "form_confirm", "form_changed"]
    changed = found[2]
    assert changed["value"] == "I01"
    assert "source (stakeholder); statements: 1 new, 1 changed, 1 gone" in changed["message"]
    assert "I02" in found[0]["message"]
    assert "nothing was entered" in err
    assert folder_hash(field) == before


def test_confirmed_changes_enter_and_the_log_keeps_what_stood(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    again = [agreed(1, presence_gold="present", severity_gold="2", links_asked="answered", links=LINKS[:1]), FIRST[1],
             agreed(3, presence_arms="denied")]  # fmt: skip
    code, found, err = add(say, field, again, "--yes")
    assert (code, [item["code"] for item in found]) == (0, ["form_changed"])
    assert "1 entered, 1 changed, 1 known already" in err
    assert said(field) == {"I01.presence_gold": "present", "I01.severity_gold": "2", "I01.links.1": "cooperation",
                           "I03.presence_arms": "denied"}  # fmt: skip
    text = next((field / "log").glob("ana.*.jsonl")).read_text()
    assert '"answer":"competition"' in text
    assert '"op":"retract"' in text
    assert add(say, field, again)[1] == []
    assert say("check", "--study", field).code == 0


def test_only_new_ones_need_no_word(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    code, found, err = add(say, field, [*FIRST, agreed(3)])
    assert (code, found) == (0, [])
    assert "1 entered, 0 changed, 2 known already" in err


def test_who_takes_back_consent_on_the_server_is_a_refusal_and_says_nothing(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    code, _, _ = add(say, field, [refused(1), FIRST[1]], "--yes")
    assert code == 0
    assert said(field) == {}
    assert dict(replay(open_study(field)).sources.select("id", "consent").iter_rows())["I01"] == "none"


def test_who_is_gone_stays_unless_they_withdraw(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    code, found, _ = add(say, field, FIRST[1:])
    assert (code, [item["code"] for item in found]) == (0, ["form_gone"])
    assert "I01.presence_gold" in said(field)
    assert add(say, field, FIRST[1:], "--withdraw-missing")[0] == 1
    assert "I01.presence_gold" in said(field)
    assert add(say, field, FIRST[1:], "--withdraw-missing", "--yes")[0] == 0
    assert said(field) == {}
    assert add(say, field, FIRST[1:])[1] == []
    code, found, _ = add(say, field, FIRST)
    assert (code, [item["code"] for item in found]) == (0, ["form_withdrawn"])
    assert said(field) == {}


def test_a_pseudonym_corrected_on_the_server_is_the_same_person(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    code, _, _ = add(say, field, [{**FIRST[0], "source_id": "I09"}, FIRST[1]], "--yes")
    assert code == 0
    assert set(said(field)) == {"I09.presence_gold", "I09.severity_gold", "I09.links.1", "I09.links.2"}
    assert sorted(replay(open_study(field)).sources["id"]) == ["I02", "I09"]
    code, found, _ = add(say, field, [{**FIRST[0], "source_id": "I09"}, agreed(5, source_id="I02")])
    assert (code, "form_source_taken" in [item["code"] for item in found]) == (1, True)


def test_what_the_team_wrote_on_a_source_stays(field: Path, say: Command) -> None:
    add(say, field, FIRST)
    source = replay(open_study(field)).sources.filter(id="I01").row(0, named=True)
    rows = "id,kind,place,date,stakeholder,consent,reliability,cluster,locator\n"
    rows += f"I01,interview,EX0101,2025-03,trader,anonymous,B,c1,{source['locator']}\n"
    (field.parent / "sources.csv").write_text(rows)
    assert say("add", field.parent / "sources.csv", "--as", "sources", "--study", field).code == 0
    assert add(say, field, [{**FIRST[0], "sex": "male"}, FIRST[1]], "--yes")[0] == 0
    row = replay(open_study(field)).sources.filter(id="I01").row(0, named=True)
    assert (row["reliability"], row["cluster"], row["sex"]) == ("B", "c1", "male")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_with_any_error_nothing_is_written(field: Path, say: Command, lang: str) -> None:
    before = folder_hash(field)
    code, found, _ = add(
        say, field, [agreed(1), agreed(2, presence_gold="perhaps", stakeholder="=SUM(B1)")], "--lang", lang
    )
    assert code == 1
    assert {item["code"] for item in found} == {"code_unknown", "form_formula"}
    assert all(item["message"] and item["remedy"] for item in found)
    assert folder_hash(field) == before


def test_a_form_needs_its_mapping(field: Path, say: Command) -> None:
    file = xlsx(field.parent / "export.xlsx", FIRST)
    done = say("add", file, "--as", "form", "--study", field, "--json")
    assert (done.code, [item["code"] for item in json.loads(done.out)]) == (1, ["form_no_map"])
    done = say("add", file, "--as", "form", "--map", "forms/none.yml", "--study", field, "--json")
    assert (done.code, [item["code"] for item in json.loads(done.out)]) == (1, ["file_missing"])


def test_informants_are_not_entered_in_clear(field: Path, say: Command) -> None:
    settings = (field / "study.yml").read_text().replace("# sealed: none", "sealed: informants")
    (field / "study.yml").write_text(settings)
    before = folder_hash(field)
    file = xlsx(field.parent / "export.xlsx", FIRST)
    done = say("add", file, "--as", "form", "--map", "forms/guide.yml", "--study", field)
    assert done.code == 1
    assert folder_hash(field) == before


def test_with_an_unlocked_vault_statements_are_closed_to_the_informant(
    field: Path, say: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(field.parent / "config"))
    monkeypatch.setenv("MAILLAGE_PASSPHRASE", "a long enough passphrase 7")
    assert say("vault", "key").code == 0
    assert say("vault", "create", "--study", field, "--person", f"bo={age.make()[1]}").code == 0
    settings = (field / "study.yml").read_text().replace("# sealed: none", "sealed: informants")
    (field / "study.yml").write_text(settings)
    assert add(say, field, FIRST)[0] == 0
    text = "".join(path.read_text() for path in (field / "log").glob("*.jsonl"))
    assert '"sealed"' in text
    for word in ("presence_gold", "terrorist_group", "anonymous", FIRST[0]["_uuid"]):
        assert word not in text
    assert "2 known already" in add(say, field, FIRST)[2]
    again = [{**FIRST[0], "severity_gold": "1"}, FIRST[1]]
    assert [item["code"] for item in add(say, field, again)[1]] == ["form_confirm", "form_changed"]
    assert add(say, field, again, "--yes")[0] == 0
    monkeypatch.delenv("MAILLAGE_PASSPHRASE")
    before = folder_hash(field)
    done = say("add", field.parent / "export.xlsx", "--as", "form", "--map", "forms/guide.yml", "--study", field)
    assert done.code == 1
    assert folder_hash(field) == before
