"""Requests that no page offers, sent all the same: what a blind coder must not touch, and who refused to speak."""

import re
from pathlib import Path

import pytest

from folders import folder_hash
from made_bench import SECRET_OF_ANA, bench, laid_out, passage, post
from maillage.errors import catalogue
from maillage.study.folder import open_study
from maillage.study.observations import replay


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


def hidden_from_bo(study: Path) -> list[str]:
    """Ids, as tables and logs know them, of all that ana said of the source that bo codes blind, and of his task."""
    known = replay(open_study(study))
    things = [entry for entry in known.standing if entry.data.get("source") == "S2" and entry.by == "ana"]
    assert {entry.kind for entry in things} == {"observation", "passage", "memo", "assignment"}
    return [*(entry.id for entry in things), "a1"]


def test_what_is_hidden_from_a_blind_coder_cannot_be_taken_back_or_written_upon(study: Path) -> None:
    ids, before = hidden_from_bo(study), folder_hash(study)
    with bench(study, "bo") as one:
        unknown = post(one, "/source/S2/retract", id="0" * 32, why="I say so")
        for source in ("S1", "S2"):
            answers = {id: post(one, f"/source/{source}/retract", id=id, why="I say so") for id in ids}
            answers |= {f"{id} memo": post(one, f"/source/{source}/memo", about=id, text="I know it") for id in ids}
            assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(answers, 404)
        for id, answer in answers.items():
            assert answer.body.replace(id.removesuffix(" memo"), "0" * 32) == unknown.body, "it tells whether it exists"
            assert SECRET_OF_ANA not in answer.body
    assert folder_hash(study) == before


def test_what_is_not_hidden_can(study: Path) -> None:
    known = replay(open_study(study))
    (mine,) = known.codings.filter(known.codings["coder"] == "bo")["entry"]
    with bench(study, "bo") as one:
        assert post(one, "/source/S1/memo", about=mine, text="of my own").status == 200
        assert post(one, "/source/S1/retract", id=mine, why="misread").status == 200
        assert post(one, "/source/S2/memo", about="S2", text="of the source").status == 200
        post(one, "/source/S2/done")
        assert post(one, "/source/S2/memo", about="a1", text="seen after being done").status == 200


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_of_who_refused_nothing_is_kept_and_the_page_offers_nothing(study: Path, lang: str) -> None:
    (study / "documents" / "S4.txt").write_bytes((study / "documents" / "S1.txt").read_bytes())
    before = folder_hash(study)
    sentence = catalogue()["consent_refused"][lang].format(value="S4").replace("'", "&#39;")
    with bench(study, "ana", lang) as one:
        assert re.search(r'<form[^>]*action="/source/S1/keep"', one.ask("GET", "/source/S1").body)
        assert not re.search(r'<form[^>]*action="/source/S4/keep"', one.ask("GET", "/source/S4").body)
        for form in (
            {"question": "presence", "answer": "present", "market": "gold"},
            {"code": "isolation", **passage("sells gold")},
            {"code": "isolation", "question": "link", "answer": "coopetition", **passage("sells gold")},
        ):
            answer = post(one, "/source/S4/keep", **form)
            assert (answer.status, sentence in answer.body.replace("\u00a0", " ")) == (422, True), answer.body
    assert folder_hash(study) == before


def test_nor_of_who_withdrew(study: Path) -> None:
    with bench(study) as one:
        assert post(one, "/source/S1/retract", id="S1", why="asked us to").status == 200
        answer = post(one, "/source/S1/keep", question="presence", answer="present", market="gold")
    assert answer.status == 422
    known = replay(open_study(study)).codings
    assert known.filter(known["source"] == "S1").is_empty()
