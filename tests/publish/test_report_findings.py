"""How sure findings are, in a report: the panel, contradictions that cannot be kept silent, what analysts judged."""

import dataclasses
from typing import Any

import pytest
from made_release import released, study

from maillage.blocks import Block, KeyFinding, Table
from maillage.errors import MaillageError
from maillage.evidence import COMPONENTS, Concern, Evidence
from maillage.publish import report
from maillage.publish.gate import Release
from maillage.publish.report_findings import unprinted
from maillage.publish.walk import spans_of
from maillage.verbs import release as verb

COOP = "links/EX0101/cooperation"
WHOLE = "links/ALL/cooperation"
LEVELS = {"methods": "minor", "adequacy": "serious"}
PANEL = {name: Concern(LEVELS.get(name, "none"), {"en": f"why {name}", "fr": f"motif {name}"}) for name in COMPONENTS}


def torn(**more: Any) -> Evidence:
    """5 of 12 people tell of cooperation, 7 deny any link."""
    return study({"EX0101": (5, 12)}, key_findings=(COOP, WHOLE), **more)


def blocks(release: Release, lang: str = "en") -> list[Block]:
    return [block for section in report.document(release, {}, lang).sections for block in section.blocks]


def table(found: list[Block], name: str) -> Table | None:
    return next((block for block in found if isinstance(block, Table) and block.id == f"table-{name}"), None)


def cells(made: Table | None) -> list[list[str]]:
    assert made is not None
    return [["".join(span.text for span in cell) for cell in row] for row in made.rows]


def test_the_team_reads_who_is_on_which_side_and_what_it_would_take() -> None:
    row = cells(table(blocks(released(torn(), "team")), "findings"))[0]
    assert row[1:5] == ["Limited", "Low", "not triangulated", "5 say so, 7 say the contrary"]
    records = cells(table(blocks(released(torn(), "team")), "contradictions"))[0]
    assert records[2] == "5 say so, 7 say the contrary"
    assert "against EX0101_10_s, EX0101_11_s" in records[3]
    assert records[-1] == "no, open"


def test_the_public_reads_that_sources_contradict_each_other_and_not_how_many() -> None:
    found = blocks(released(torn()))
    row = cells(table(found, "contradictions"))[0]
    assert row[1:] == ["some say so, others deny it", "no, open"]
    assert "for" not in "".join(cells(table(found, "findings"))[0]).split()
    beside = [block for block in found if isinstance(block, KeyFinding)]
    assert "Sources contradict each other here" not in beside[0].because
    assert "Sources contradict each other here" in beside[1].because


def test_too_few_people_for_a_word_are_said_to_be_too_few_whether_or_not_they_agree() -> None:
    texts = []
    for said in ((2, 5), (3, 6)):
        release = released(study({"EX0101": said}, key_findings=(COOP, "links/EX0101/competition")))
        texts.append(" ".join(span.text for block in blocks(release) for span in spans_of(block)))
    assert all("Too few people spoke of what follows" in text for text in texts)


def test_a_report_that_keeps_silent_on_a_contradiction_is_not_built() -> None:
    """An outline without the table of contradictions, and a key finding on which sources contradict each other."""
    made = torn()
    sections = [dict(section, parts=[part for part in section["parts"] if part != "contradictions"])
                for section in made.pack.report["sections"]]  # fmt: skip
    silent = dataclasses.replace(made, pack=dataclasses.replace(made.pack, report={"sections": sections}))
    disputed = frozenset({COOP, WHOLE})
    assert unprinted(blocks(released(made)), frozenset({WHOLE})) == []
    assert unprinted(blocks(released(silent)), disputed) == [WHOLE, COOP]
    with pytest.raises(MaillageError) as problem:
        verb.render(released(silent), {"en": ""}, lambda _: None, disputed=disputed)
    assert [(item.code, item.value) for item in problem.value.findings] == [("contradiction_unprinted", WHOLE)]


@pytest.mark.parametrize(
    ("lang", "first"),
    [("en", ["Methods", "Minor", "why methods"]), ("fr", ["Méthodes", "Légère", "motif methods"])],
)
def test_a_panel_stands_as_it_was_judged_and_nothing_is_made_of_it(lang: str, first: list[str]) -> None:
    found = blocks(released(torn(cerqual={COOP: PANEL}), "team"), lang)
    rows = cells(table(found, "cerqual"))
    assert len(rows) == len(COMPONENTS)
    assert rows[0][1:] == first
    assert rows[1][0] == ""
    bare = " ".join(span.text for block in blocks(released(torn(), "team"), "en") for span in spans_of(block))
    assert "were judged for none of these points" in bare


def test_a_panel_goes_where_its_finding_goes() -> None:
    few = study({"EX0101": (1, 4)}, key_findings=(COOP,), cerqual={COOP: PANEL})
    assert table(blocks(released(few)), "cerqual") is None
    assert table(blocks(released(few, "team")), "cerqual") is not None
