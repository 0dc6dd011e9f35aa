"""Replay: retraction and supersession, last word wins, precedence of coders, nothing lost."""

from pathlib import Path

import polars as pl
import pytest

from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.observations import replay


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "practice"
    folder.mkdir()
    text = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\n"
    (folder / "study.yml").write_text(text, "utf-8")
    return open_study(folder)


def statement(source: str, answer: str, question: str = "link", **more: object) -> Draft:
    return Draft(
        "assert", "observation", {"source": source, "kind": question, "question": question, "answer": answer, **more}
    )


def answers(study: Study) -> list[tuple[str, str]]:
    return sorted(replay(study).observations.select("source", "answer").iter_rows())


def test_numbers_flags_and_lists_come_back_in_their_types(study: Study) -> None:
    draft = statement(
        "S1", "site_access", "levy", low="5000", high="250000.5", open_high="yes", of_n=12, via=["A", "B"]
    )
    log.append(study, "ana", [draft])
    row = replay(study).observations.row(0, named=True)
    assert (row["low"], row["high"], row["open_high"], row["of_n"], row["via"]) == (
        5000.0,
        250000.5,
        True,
        12,
        ["A", "B"],
    )
    assert (row["open_low"], row["coder"], row["id"]) == (None, "ana", draft.id)


def test_a_retracted_statement_does_not_count_and_is_not_lost(study: Study) -> None:
    first, second = statement("S1", "cooperation"), statement("S1", "competition")
    log.append(study, "ana", [first, second])
    log.append(study, "ana", [Draft("retract", "observation", of=first.id, why="wrong passage")])
    assert answers(study) == [("S1", "competition")]
    assert replay(study).retracted == 1
    (path,) = log.files(study.path)
    assert any(entry.id == first.id for entry in log.read(path).entries)


def test_of_two_corrections_in_one_second_the_later_counts(study: Study) -> None:
    """What is entered in one second stands in its log in an order; that of the hashes would be as good as a coin."""
    firsts = [statement(f"S{at}", "cooperation") for at in range(12)]
    corrected = [
        Draft("supersede", "observation", statement(f"S{at}", answer).data, of=first.id)
        for answer in ("competition", "coopetition")
        for at, first in enumerate(firsts)
    ]
    log.append(study, "ana", [*firsts, *corrected], at="2030-01-01T00:00:00Z")
    assert {answer for _, answer in answers(study)} == {"coopetition"}


def test_the_last_word_wins_through_a_chain_of_corrections(study: Study) -> None:
    first = statement("S1", "cooperation")
    second = Draft("supersede", "observation", statement("S1", "competition").data, of=first.id)
    third = Draft("supersede", "observation", statement("S1", "coopetition").data, of=second.id)
    for draft in (first, second, third):
        log.append(study, "ana", [draft])
    assert answers(study) == [("S1", "coopetition")]


def test_the_first_coder_counts_for_each_source_and_question(study: Study) -> None:
    log.append(
        study,
        "bo",
        [statement("S1", "competition"), statement("S2", "competition"), statement("S1", "present", "presence")],
    )
    log.append(study, "ana", [statement("S1", "cooperation")])
    assert answers(study) == [("S1", "cooperation"), ("S1", "present"), ("S2", "competition")]
    assert replay(study).codings.height == 4


def test_one_id_of_two_coders_stays_two_statements(study: Study) -> None:
    log.append(study, "ana", [statement("S1", "cooperation", id="o1")])
    log.append(study, "bo", [statement("S2", "competition", id="o1")])
    assert replay(study).observations["id"].to_list() == ["o1", "o1~bo"]


def test_a_withdrawn_source_takes_its_statements_along(study: Study) -> None:
    log.append(study, "ana", [statement("S1", "cooperation"), statement("S2", "cooperation")])
    log.append(study, "ana", [Draft("withdraw", "source", of="S1", why="consent withdrawn")])
    assert answers(study) == [("S2", "cooperation")]


def test_an_informant_who_withdrew_counts_as_a_refusal_and_a_document_has_none(study: Study) -> None:
    rows = [{"id": "S1", "kind": "interview", "consent": "anonymous"}, {"id": "D1", "kind": "document"}]
    log.append(study, "ana", [Draft("assert", "source", row) for row in rows])
    log.append(study, "ana", [Draft("withdraw", "source", of=name, why="asked") for name in ("S1", "D1")])
    assert dict(replay(study).sources.select("id", "consent").iter_rows()) == {"D1": None, "S1": "none"}


def test_the_date_is_the_last_entry_and_an_unlisted_coder_is_named(study: Study) -> None:
    log.append(study, "ana", [statement("S1", "cooperation")], at="2024-05-02T08:00:00Z")
    log.append(study, "bo", [statement("S2", "cooperation")], at="2024-07-03T08:00:00Z")
    assert replay(study).date == "2024-07-03"
    text = (study.path / "study.yml").read_text("utf-8").replace("[ana, bo]", "[ana]")
    (study.path / "study.yml").write_text(text, "utf-8")
    assert [item.code for item in replay(open_study(study.path)).findings] == ["coder_not_listed"]


def test_damage_gives_the_good_lines_and_a_finding(study: Study) -> None:
    log.append(study, "ana", [statement("S1", "cooperation"), statement("S2", "competition")])
    (path,) = log.files(study.path)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2][:-5] + b"oops\n"
    path.write_bytes(b"".join(lines))
    again = replay(study)
    assert [item.code for item in again.findings] == ["log_damaged"]
    assert again.observations["source"].to_list() == ["S1"]


def test_tables_conform_even_when_empty(study: Study) -> None:
    empty = replay(study)
    assert empty.observations.schema["via"] == pl.List(pl.String)
    assert (empty.observations.height, empty.date) == (0, "")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("observation", "start", "abc"), ("observation", "low", "nan"), ("observation", "low", []),
        ("observation", "via", 5), ("passage", "end", "1e400"), ("passage", "start", [1]),
        ("assignment", "share", "a half"), ("decision", "observations", True), ("decision", "observations", [["a"]]),
    ],
)  # fmt: skip
def test_an_entry_that_fits_no_column_is_a_finding_and_the_others_count(
    study: Study, kind: str, field: str, value: object
) -> None:
    log.append(study, "ana", [statement("S1", "cooperation")])
    log.append(study, "bo", [Draft("assert", kind, {"source": "S1", "question": "link", field: value})])
    known = replay(study)
    assert answers(study) == [("S1", "cooperation")]
    assert [(item.code, item.line) for item in known.findings] == [("entry_unfit", 2)]
