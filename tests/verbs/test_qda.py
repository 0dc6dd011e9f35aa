"""A coding project into a study and out again: every code, text, passage and memo, once, and nothing after an error."""

import json
from pathlib import Path

import pytest

from folders import folder_hash
from made_qda import CODE, SOURCE, TEXT, USER, guid, project, qdpx, selection, source
from maillage.errors import MaillageError
from maillage.exchange import Project, table
from maillage.intake.refi import read_codebook, read_project
from maillage.publish.refi import write_project
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.verbs.qda import add_qda
from maillage.verbs.qda_export import export_qda
from maillage.verbs.standing import standing

CODES = (
    f'<Code guid="{CODE}" name="Impôt"/><Code guid="{guid(60)}" name="Or"><Code guid="{guid(61)}" name="Impôt"/></Code>'
)
MEMO = f'<Notes><Note guid="{guid(7)}" name="m"><PlainTextContent>voir</PlainTextContent></Note></Notes>'
INSIDE = (
    selection(3, 9).replace("</PlainTextSelection>", f'<NoteRef targetGUID="{guid(7)}"/></PlainTextSelection>')
    + selection(0, 16, code=guid(61), number=300)
    + f'<Coding guid="{guid(6)}"><CodeRef targetGUID="{CODE}"/></Coding>'
)
XML = project(source(INSIDE, name="I1.docx"), codes=CODES, rest=MEMO)


def study_at(folder: Path, sealed: str = "none") -> Study:
    folder.mkdir()
    text = f"id: {folder.name}\ntitle: P\nlanguages: [fr]\npack: nexus\ncoders: [ana, bo]\nsealed: {sealed}\n"
    (folder / "study.yml").write_text(text, "utf-8")
    return open_study(folder)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return study_at(tmp_path / "practice")


def test_a_project_becomes_codes_a_source_passages_and_a_memo(study: Study, tmp_path: Path) -> None:
    done = add_qda(study, qdpx(tmp_path, XML), "ana", {})
    assert (done.entered, done.same, done.findings) == (8, 0, ())
    known = standing(study)
    assert [entry.data["id"] for entry in known.of("code")] == ["impot", "or", "or_impot"]
    assert known.of("code")[2].data["parent"] == "or"
    (kept,) = known.of("source")
    assert (kept.data["id"], kept.data["kind"], kept.data["sensitivity"]) == ("I1", "document", "high")
    assert (study.path / kept.data["locator"]).read_text("utf-8") == TEXT
    passages = {entry.data["code"]: entry.data for entry in known.of("passage") if "whole" not in entry.data}
    assert {code: TEXT[data["start"] : data["end"]] for code, data in passages.items()} == {
        "impot": "préfet",
        "or_impot": "Le préfet parle.",
    }
    assert passages["impot"]["coder"] == "Awa"
    assert passages["impot"]["sha256"] == kept.data["sha256"]
    (memo,) = known.of("memo")
    assert memo.data["text"] == "voir"
    assert memo.data["about"] in {entry.id for entry in known.of("passage")}


def test_the_same_file_again_enters_nothing_and_brings_nothing_back(study: Study, tmp_path: Path) -> None:
    path = qdpx(tmp_path, XML)
    add_qda(study, path, "ana", {})
    gone = standing(study).of("passage")[0]
    log.append(study, "ana", [Draft("retract", "passage", of=gone.id, why="wrong")])
    before = folder_hash(study.path)
    again = add_qda(study, path, "bo", {})
    assert (again.entered, again.same) == (0, 8)
    assert folder_hash(study.path) == before


def test_a_registered_source_gets_its_text_and_keeps_what_is_known_of_it(study: Study, tmp_path: Path) -> None:
    log.append(study, "ana", [Draft("assert", "source", {"id": "i1", "kind": "interview", "consent": "anonymous"})])
    path = qdpx(tmp_path, XML)
    add_qda(study, path, "ana", {})
    (kept,) = standing(study).of("source")
    assert (kept.data["id"], kept.data["consent"], len(kept.data["sha256"])) == ("i1", "anonymous", 64)
    assert {entry.data["source"] for entry in standing(study).of("passage")} == {"i1"}
    assert add_qda(study, path, "ana", {}).entered == 0


def test_a_withdrawn_source_does_not_come_back(study: Study, tmp_path: Path) -> None:
    path = qdpx(tmp_path, XML)
    add_qda(study, path, "ana", {})
    log.append(study, "ana", [Draft("withdraw", "source", of="I1", why="asked")])
    (study.path / "documents" / "I1.txt").unlink()
    done = add_qda(study, path, "ana", {})
    assert [item.code for item in done.findings] == ["qda_losses"]
    assert not (study.path / "documents" / "I1.txt").exists()
    assert standing(study).of("passage") == []


def test_a_text_that_differs_or_would_lie_in_clear_is_refused(study: Study, tmp_path: Path) -> None:
    path = qdpx(tmp_path, XML)
    add_qda(study, path, "ana", {})
    other = XML.replace(SOURCE, guid(99))
    path = qdpx(tmp_path, other, {f"sources/{guid(99)}.txt": TEXT + " Encore."})
    before = folder_hash(study.path)
    assert [item.code for item in add_qda(study, path, "ana", {}).findings] == ["qda_text_differs"]
    assert folder_hash(study.path) == before
    sealed = study_at(tmp_path / "closed", "informants")
    before = folder_hash(sealed.path)
    assert [item.code for item in add_qda(sealed, qdpx(tmp_path, XML), "ana", {}).findings] == ["qda_in_clear"]
    assert folder_hash(sealed.path) == before


def test_an_error_in_the_file_writes_nothing(study: Study, tmp_path: Path) -> None:
    before = folder_hash(study.path)
    done = add_qda(study, qdpx(tmp_path, project(source(selection(9, 3)))), "ana", {})
    assert (done.refused, [item.code for item in done.findings]) == (True, ["qda_end_before_start"])
    assert folder_hash(study.path) == before


def test_when_the_log_refuses_no_text_stays(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MaillageError):
        add_qda(study, qdpx(tmp_path, XML), "stranger", {})
    assert not list(study.path.rglob("*.txt"))


def test_what_has_no_place_is_in_the_loss_report(study: Study, tmp_path: Path) -> None:
    rest = f'<Cases><Case guid="{guid(9)}" name="A"/></Cases>'
    done = add_qda(study, qdpx(tmp_path, project(source(""), rest=rest)), "ana", {})
    assert [item.code for item in done.findings] == ["qda_losses"]
    report = json.loads((study.path / "documents" / "p.qdpx.losses.json").read_text("utf-8"))
    assert report == [{"what": "case", "where": guid(9), "why": "no_place_in_a_study"}]


def test_a_project_goes_out_as_it_came_in(study: Study, tmp_path: Path) -> None:
    path = qdpx(tmp_path, XML)
    add_qda(study, path, "ana", {})
    written, report = export_qda(study, tmp_path / "out", form="qdpx", audience="team")
    first, _, _ = read_project(path)
    again, losses, findings = read_project(written)
    assert (losses, findings, json.loads(report.read_text())) == ([], [], [])
    columns = ["guid", "start", "end", "code", "note"]
    assert again.passages.select(columns).sort("guid").equals(first.passages.select(columns).sort("guid"))
    assert again.codes.select("guid", "name", "parent").equals(first.codes.select("guid", "name", "parent"))
    assert again.sources.select("guid", "text").equals(first.sources.select("guid", "text"))
    assert again.users["name"].to_list() == ["Awa", "ana"]
    assert again.notes["text"].to_list() == first.notes["text"].to_list()
    assert written.read_bytes() == export_qda(study, tmp_path / "two", form="qdpx", audience="team")[0].read_bytes()
    other = study_at(tmp_path / "other")
    assert add_qda(other, written, "bo", {}).entered == 8
    assert add_qda(study, written, "bo", {}).entered == 0


def test_a_codebook_goes_in_and_out(study: Study, tmp_path: Path) -> None:
    made = Project(name="p", codes=table("codes", [(CODE, "Impôt", None, "#fff", "ce qui est payé", False)]))
    write_project(made, tmp_path / "c.qdpx")
    add_qda(study, tmp_path / "c.qdpx", "ana", {})
    written, _ = export_qda(study, tmp_path / "out", form="qdc", audience="team")
    assert read_codebook(written)[0].codes.rows() == [(CODE, "Impôt", None, "#fff", "ce qui est payé", False)]
    assert add_qda(study, written, "bo", {}).entered == 0


def test_whole_texts_are_for_the_team_only_and_only_unchanged(study: Study, tmp_path: Path) -> None:
    add_qda(study, qdpx(tmp_path, XML), "ana", {})
    with pytest.raises(MaillageError, match="qda_audience") as refused:
        export_qda(study, tmp_path / "out", form="qdpx", audience="public")
    assert refused.value.exit_code == 1
    (study.path / "documents" / "I1.txt").write_text("autre", "utf-8")
    with pytest.raises(MaillageError, match="qda_text_changed"):
        export_qda(study, tmp_path / "out", form="qdpx", audience="team")
    assert not (tmp_path / "out").exists()


def test_users_of_the_file_stay_apart(study: Study, tmp_path: Path) -> None:
    second = f'<User guid="{guid(2)}" name="Bo"/></Users>'
    xml = XML.replace("</Users>", second).replace(f'creatingUser="{USER}"', f'creatingUser="{guid(2)}"', 1)
    add_qda(study, qdpx(tmp_path, xml), "ana", {})
    said = {entry.data.get("coder") for entry in standing(study).of("passage")}
    assert said == {"Awa", "Bo", None}
