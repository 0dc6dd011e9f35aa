"""The pages without a browser: what they hold, what a form enters in the log, what is refused, who sees what."""

import re
from pathlib import Path

import pytest

from folders import folder_hash
from made_bench import COMBINED, SECRET_OF_ANA, TEXT, bench, laid_out, passage, post, said
from maillage.app.workbench.marks import Coding, pieces
from maillage.labels import phrases
from maillage.study import age, log, recall, sealing
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.verbs.coding import desk
from maillage.verbs.reading import shelf

PAGES = ("/", "/?show=all", "/source/S1", "/source/S3", "/source/S4", "/source/S1/fields?question=levy", "/work",
         "/work?decided=yes", "/codes", "/code/isolation", "/vault", "/note")  # fmt: skip


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


def test_looking_writes_nothing(study: Path) -> None:
    before = folder_hash(study)
    with bench(study) as one:
        answers = {page: one.ask("GET", page) for page in PAGES}
    assert {answer.status for answer in answers.values()} == {200}
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers.values())
    assert folder_hash(study) == before


def test_the_text_is_there_letter_for_letter_and_runs_nothing(study: Path) -> None:
    with bench(study) as one:
        page = one.ask("GET", "/source/S1").body
    inside = page[page.index("<pre") :].partition(">\n")[2].partition("</pre>")[0]
    plain = re.sub(r"<[^>]*>", "", inside)
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#34;", '"'), ("&amp;", "&")):
        plain = plain.replace(name, sign)
    assert plain == TEXT + "\n" or plain == TEXT
    assert "<b>They" not in page


def test_a_passage_and_a_statement_are_kept_where_the_words_stand(study: Path) -> None:
    words = f"{COMBINED} 👩‍🌾 sells"
    form = {"code": "economic_precarity", "question": "link", "answer": "coopetition", "place": "amont"}
    with bench(study) as one:
        answer = post(one, "/source/S1/keep", **passage(words), **form)
    assert answer.status == 200, answer.body
    assert re.search(r"Kept at \d\d:\d\d, log entry \d+\.", answer.body)
    known = replay(open_study(study))
    (row,) = known.codings.filter((known.codings["coder"] == "ana") & (known.codings["source"] == "S1")).to_dicts()
    marked = known.coded.passages.filter(known.coded.passages["source"] == "S1").to_dicts()
    assert (row["answer"], row["kind"], row["place"]) == ("coopetition", "link", "EX01")
    assert TEXT[row["start"] : row["end"]] == words
    assert [TEXT[one["start"] : one["end"]] for one in marked] == [words]
    assert log.verify(next(iter(log.files(study))), "bench") == []


@pytest.mark.parametrize(
    "wrong",
    [{"start": "3"}, {"quote": "other words"}, {"sha256": "0" * 64}, {"end": "99999"}, {"start": "x"}, {"start": "٣"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_passage_that_does_not_stand_is_refused(study: Path, wrong: dict[str, str]) -> None:
    before = folder_hash(study)
    with bench(study) as one:
        answer = post(one, "/source/S1/keep", **{**passage("sells gold"), **wrong}, code="isolation")
    assert answer.status == 409
    assert "Nothing was written" in answer.body
    assert folder_hash(study) == before


def test_a_text_that_changed_since_is_refused(study: Path) -> None:
    with bench(study) as one:
        one.ask("GET", "/source/S1")
        (study / "documents" / "S1.txt").write_bytes(f"New. {TEXT}".encode())
        answer = post(one, "/source/S1/keep", **passage("sells gold"), code="isolation")
    assert answer.status == 409


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"code": "isolation"}, "none are chosen"),
        ({}, "Nothing is chosen"),
        ({"question": "link"}, "mend"),
        ({"question": "link", "answer": "nonsense"}, "nonsense"),
        ({"question": "levy", "answer": "forced_zakat", "low": "9", "high": "2", "unit": "XOF"}, "mend"),
        ({"question": "link", "answer": "coopetition", "place": "Nowhere"}, "Nowhere"),
    ],
    ids=["no passage", "nothing", "no answer", "unknown answer", "bounds", "place"],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_written(study: Path, form: dict[str, str], told: str) -> None:
    before = folder_hash(study)
    with bench(study) as one:
        answer = post(one, "/source/S1/keep", **form)
    assert answer.status == 422
    assert told in answer.body
    assert answer.headers["hx-retarget"] == "#said"
    assert folder_hash(study) == before


def test_a_statement_without_a_passage_has_its_place_in_the_source(study: Path) -> None:
    with bench(study) as one:
        answer = post(one, "/source/S3/keep", question="presence", answer="present", market="gold", locator="minute 12")
        again = post(one, "/source/S3/keep", question="presence", answer="present", market="gold", locator="minute 12")
    assert "minute 12" in answer.body
    assert "said the same before" in again.body
    known = replay(open_study(study)).codings
    assert known.filter(known["source"] == "S3").select("locator", "start").rows() == [("minute 12", None)]


def test_who_codes_blind_is_sent_nothing_of_others(study: Path) -> None:
    hidden = ("a1", "cooperation (", SECRET_OF_ANA, ">ana<", 'class="by"', "<mark")
    with bench(study, "bo") as one:
        pages = [one.ask("GET", page).body for page in ("/source/S2", "/work", "/work?decided=yes", "/code/isolation")]
        written = post(one, "/source/S2/memo", about="S2", text="mine").body
    for page in [*pages[:1], written]:
        assert [text for text in hidden[2:] if text in page.replace('<span class="by">bo', "")] == []
    assert [text for text in (SECRET_OF_ANA, "a1") if any(text in page for page in pages)] == []


def test_after_being_done_the_blind_coder_sees_them(study: Path) -> None:
    with bench(study, "bo") as one:
        post(one, "/source/S2/keep", question="link", answer="confrontation", **passage("sells gold"))
        answer = post(one, "/source/S2/done")
    assert SECRET_OF_ANA in answer.body


def test_coders_differ_and_somebody_decides(study: Path) -> None:
    with bench(study, "bo") as one:
        post(one, "/source/S2/keep", question="link", answer="confrontation", **passage("sells gold"))
        post(one, "/source/S2/done")
    with bench(study, "ana") as one:
        page = one.ask("GET", "/work").body
        (work,) = re.findall(r'action="/work/([0-9a-f]{8})"', page)
        assert "sells gold" in page
        assert post(one, f"/work/{work}", choose="bo", reason=" ").status == 422
        assert post(one, f"/work/{work}", reason="heard again").status == 422
        assert "Decided." in post(one, f"/work/{work}", choose="bo", reason="heard again").body
        assert work not in one.ask("GET", "/work").body
        assert "ana decided: confrontation (heard again)" in one.ask("GET", "/work?decided=yes").body
        assert "Undone: decision." in post(one, "/work/undo").body
    known = replay(open_study(study))
    assert known.coded.decisions.is_empty()
    assert all(log.verify(path, "bench") == [] for path in log.files(study))


def test_undo_retract_memo_and_what_they_say(study: Path) -> None:
    with bench(study) as one:
        post(one, "/source/S1/keep", code="isolation", **passage("sells gold"))
        assert "Undone: passage." in post(one, "/source/S1/undo").body
        post(one, "/source/S1/keep", code="isolation", **passage("sells gold"))
        page = one.ask("GET", "/source/S1").body
        (made,) = set(re.findall(r'name="id" value="([0-9a-f]{32})"', page))
        assert post(one, "/source/S1/retract", id=made, why="").status == 422
        assert "Taken back." in post(one, "/source/S1/retract", id=made, why="the wrong words").body
        assert "of the source" in post(one, "/source/S1/memo", about="S1", text="of the source").body
        assert "of the code" in post(one, "/code/isolation/memo", about="isolation", text="of the code").body
    entries = [entry for entry in replay(open_study(study)).entries if entry.by == "ana"]
    assert [entry.why for entry in entries if entry.op == "retract"] == ["undo", "the wrong words"]


def test_another_program_writes_and_the_page_shows_it(study: Path) -> None:
    with bench(study) as one:
        one.ask("GET", "/source/S1")
        log.append(open_study(study), "bo", [said("b9", "denied", source="S1", note="written elsewhere")])
        assert "written elsewhere" in one.ask("GET", "/source/S1").body


def test_a_broken_log_is_said_at_the_top_and_nothing_is_added(study: Path) -> None:
    (path,) = (path for path in log.files(study) if path.name.startswith("bo."))
    path.write_bytes(path.read_bytes().replace(b"confrontation", b"cooperation__", 1))
    before = folder_hash(study)
    with bench(study) as one:
        page = one.ask("GET", "/source/S1")
        answer = post(one, "/source/S1/keep", code="isolation", **passage("sells gold"))
    assert page.status == 200
    assert path.name in page.body
    assert answer.status == 422
    assert folder_hash(study) == before


def test_states_of_sources(study: Path) -> None:
    states = {item.source["id"]: (item.state, item.mine, item.blind) for item in shelf(desk(study, "ana"))}
    assert states == {
        "S1": ("not_begun", True, False), "S2": ("begun", True, False), "S3": ("not_begun", False, False),
        "S4": ("refused", False, False),
    }  # fmt: skip


def test_overlaps_are_cut_into_pieces_that_make_the_text() -> None:
    spans = [(0, 4), (2, 6), (2, 6), (10, 99)]
    made = [Coding(n, str(n), "passage", f"c{n}", "", "ana", True, *span, "") for n, span in enumerate(spans, 1)]
    cut = pieces("0123456789ab", made)
    assert "".join(piece.text for piece in cut) == "0123456789ab"
    assert [(str(piece.text), piece.depth) for piece in cut] == [
        ("01", 1), ("23", 2), ("45", 1), ("6789", 0), ("ab", 1),
    ]  # fmt: skip
    assert cut[1].label == "2, 3 c2 · c3"


def test_an_empty_study_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "study.yml").write_text("id: e\ntitle: E\nlanguages: [en]\npack: nexus\ncoders: [ana]\n", "utf-8")
    with bench(tmp_path, None) as one:
        assert "maillage add sources.csv" in one.ask("GET", "/").body


def test_the_language_is_chosen_and_kept(study: Path) -> None:
    with bench(study) as one:
        answer = one.ask("GET", "/?lang=fr")
        assert 'lang="fr"' in answer.body
        cookie = answer.headers["set-cookie"].partition(";")[0]
        later = one.ask("GET", "/work", cookie=f"{one.session}; {cookie}")
    assert "Liste de travail" in later.body


def test_french_pages_hold_no_english_sentence(study: Path) -> None:
    sentences = [entry["en"] for key, entry in phrases().items()
                 if key.startswith("bench_") and entry["en"] != entry["fr"] and len(entry["en"]) > 9]  # fmt: skip
    fixed = [part for text in sentences if len(part := re.split(r"\{\w+\}", text)[0]) > 9]
    with bench(study, lang="fr") as one:
        pages = [re.sub(r"<title>.*?</title>", "", one.ask("GET", page).body) for page in PAGES]
    assert [text for text in fixed if any(f">{text}" in page or f" {text}" in page for page in pages)] == []


def test_every_sentence_of_the_workbench_is_shown_somewhere() -> None:
    folder = Path(__file__).parents[3] / "src" / "maillage" / "app"
    files = [*folder.rglob("workbench/*.py"), *folder.rglob("templates/*.html")]
    known = "\n".join(path.read_text("utf-8") for path in files)
    built = ("nav_", "state_", "task_", "kind_", "show_")
    names = [key.removeprefix("bench_") for key in phrases() if key.startswith("bench_")]
    lost = [name for name in names if f'"{name}"' not in known and f"'{name}'" not in known
            and f'"bench_{name}"' not in known and not name.startswith(built)]  # fmt: skip
    assert lost == []


def test_what_was_read_is_forgotten_in_time(study: Path) -> None:
    desk(study, "ana")
    assert study in recall.KEPT
    recall.forget_in(1)
    recall.forget_in(0.001)
    recall.TIMERS[0].join(5)
    assert study not in recall.KEPT


def test_a_replay_from_what_was_opened_before_is_the_same(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed entries are opened once, and not at all once their key is gone."""
    secret, public = age.make()
    body = {"id": "c1", "source": "S1", "kind": "link", "question": "link", "answer": "denied"}
    log.append(open_study(study), "ana", [Draft("assert", "observation", sealed=sealing.sealed(body, "S1", public))])
    first = replay(open_study(study), {"S1": secret})
    known = {entry.h: entry for entry in first.entries}
    monkeypatch.setattr(sealing, "unsealed", lambda *_: None)
    again = replay(open_study(study), {"S1": secret}, before=known)
    assert again.codings.equals(first.codings)
    assert again.closed == 0
    assert replay(open_study(study), {}, before=known).closed == 1
