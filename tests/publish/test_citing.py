"""Public sources by number and title, and what is said to stand behind a number."""

import pytest
from made_release import doctored

import known
from folders import STUDIES
from maillage.labels import Labels
from maillage.publish import citing, explain, narrative, report
from maillage.publish.gate import Release


@pytest.fixture(scope="module")
def mali() -> Release:
    return known.released("mali")


def notes(release: Release, lang: str, *idents: str) -> list[explain.Explanation]:
    known = explain.behind(release, Labels(lang, release.pack, release.places))
    return list(explain.explanations(known, idents).values())


@pytest.mark.parametrize(("lang", "start"), [("en", "[1] Organised crime"), ("fr", "[1] Criminalité organisée")])
def test_the_table_of_sources_and_the_notes_number_alike(mali: Release, lang: str, start: str) -> None:
    names = list(citing.numbered(mali, lang).values())
    assert names[0].startswith(start)
    assert [name.split(" ")[0] for name in names] == [f"[{n}]" for n in range(1, mali.public_sources.height + 1)]
    (note,) = notes(mali, lang, "levies/ML/gold/unstated/week")
    assert note.support == (f"1 document{chr(0xA0) if lang == 'fr' else ''}: {names[0]}.",)


def test_a_note_tells_of_statements_where_no_document_may_be_named(mali: Release) -> None:
    bare = doctored(mali, supports=mali.supports.clear())
    (note,) = notes(bare, "en", "levies/ML/gold/unstated/week")
    assert note.support == ("document: 1",)


def test_one_source_is_not_said_to_be_removable(mali: Release) -> None:
    (note,) = notes(mali, "en", "levies/ML/gold/unstated/week")
    assert "one published source" in note.because
    assert "withdrawn" not in note.change


def test_a_figure_alone_has_no_interval(mali: Release) -> None:
    alone, floor = notes(mali, "en", "figures/ML/fiu_amount/2019", "figures/ML/court_cases/unstated")
    assert alone.interval == ""
    assert floor.interval.startswith("A lower bound")


def test_a_reason_is_said_once_among_key_findings(mali: Release) -> None:
    labels = Labels("fr", mali.pack, mali.places)
    told = narrative.resolve(narrative.read(STUDIES / "mali" / "narrative", "fr"), mali, labels)
    known = explain.behind(mali, labels)
    listed = next(block for block in told["key_findings"] if hasattr(block, "items"))
    blocks, _ = report.key_findings(listed.items, known)
    reasons = [block.because for block in blocks]
    assert reasons[1].startswith(labels.phrase("report_same_reason", n=1))
    assert reasons[1].endswith(labels.phrase("fragility_hangs", n=1))  # beside each, however often
    own = [reason for reason in reasons if "constat" not in reason]
    assert len(set(own)) == len(own)
