"""The document of a report, from the real study and from a synthetic one."""

import pytest

import known
from maillage.blocks import Gap, Heading, KeyFinding, Number, Table, Text
from maillage.evidence import Results
from maillage.labels import Labels
from maillage.publish import explain, narrative, paper, report, report_tables
from maillage.publish.gate import Release, clear
from maillage.publish.view import view
from maillage.publish.walk import ids_of, printed_numbers, spans_of


@pytest.fixture(scope="module")
def results() -> Results:
    return known.measured("first-steps")


def cleared(results: Results, audience: str) -> Release:
    return clear(results, audience=audience, langs=("en", "fr"))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("audience", ["public", "team"])
def test_every_printed_number_is_in_the_release_and_explained(results, lang, audience) -> None:
    release = cleared(results, audience)
    document = report.document(release, {}, lang)
    printed = printed_numbers(document)
    assert printed
    assert set(printed) <= set(release.estimates["id"].to_list())
    assert set(printed) == set(document.explanations)


def test_ids_in_a_report_are_given_once(results) -> None:
    document = report.document(cleared(results, "team"), {}, "en")
    ids = list(ids_of(document))
    assert len(ids) == len(set(ids))


def test_every_explanation_leads_to_its_method(results) -> None:
    document = report.document(cleared(results, "team"), {}, "en")
    anchors = set(ids_of(document))
    assert {note.method_anchor.removeprefix("#") for note in document.explanations.values()} <= anchors


def test_the_analysts_list_becomes_the_key_findings_and_study_yml_adds_what_it_forgot(results) -> None:
    release = cleared(results, "team")
    listed = "1. In the mine, {{ links/EX0101/cooperation | words }}."
    text = f"# Key findings {{#key_findings}}\n\n{listed}\n\nAnd a word more.\n"
    labels = Labels("en", release.pack, release.places, release.settings.zone_labels)
    document = report.document(release, narrative.resolve(text, release, labels), "en")
    found = [block for block in document.sections[0].blocks if isinstance(block, KeyFinding)]
    assert found[0].estimates == ["links/EX0101/cooperation"]
    assert found[0].confidence == "high"
    assert "fragil" not in found[0].because
    told = {ident for block in found for ident in block.estimates}
    assert set(release.settings.key_findings) <= told
    texts = [span.text for block in document.sections[0].blocks for span in spans_of(block)]
    assert any("And a word more" in text for text in texts)


def test_what_is_not_computable_has_a_box_that_says_what_is_missing_and_how_to_get_it() -> None:
    release = known.released("mali")
    document = report.document(release, {}, "en")
    section = next(section for section in document.sections if section.id == "gaps")
    boxes = [block for block in section.blocks if isinstance(block, Gap)]
    reasons = set(release.estimates.filter(release.estimates["status"] != "ok")["reason"].to_list())
    assert len(boxes) == len(reasons)
    assert all(box.missing and box.how for box in boxes)
    assert all(isinstance(box.spans[0], Text) for box in boxes)


def test_public_readers_get_no_statement_and_no_count_of_informants(results) -> None:
    document = report.document(cleared(results, "public"), {}, "en")
    assert all(not note.statements for note in document.explanations.values())
    team = report.document(cleared(results, "team"), {}, "en")
    assert any(note.statements for note in team.explanations.values())


def test_withheld_numbers_carry_no_value(results) -> None:
    release = cleared(results, "public")
    hidden = set(release.withheld["id"].to_list())
    document = report.document(release, {}, "en")
    for section in document.sections:
        for block in section.blocks:
            for span in spans_of(block) if not isinstance(block, Heading) else ():
                if isinstance(span, Number) and span.estimate in hidden:
                    assert span.value is None


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_finding_on_a_link_is_not_weighed_by_a_figure_that_stands_beside_it(lang: str) -> None:
    release = known.released("mali")
    labels = Labels(lang, release.pack, release.places, release.settings.zone_labels)
    behind = explain.behind(release, labels)
    figure, link = "figures/ML/court_cases/unstated", "links_by_market/ML/kidnapping/cooperation"
    assert explain.lead([figure, link], behind) == explain.lead([link, figure], behind) == link
    assert explain.lead([figure], behind) == figure
    told = explain.explanations(behind, [figure, link])
    first = labels.phrase("explain_would_help", source="").split("{")[0][:12]
    assert all(note.change and not note.change.startswith(first) for note in told.values())


def test_the_table_of_what_findings_rest_on_keeps_the_columns_that_say_it() -> None:
    seen = view(known.released("mali"), "en")
    rows = [[(Text(text),) for text in (name, "Limited", "1 says so", "Low")] for name in "abc"]
    heads = ("finding", "evidence", "sides", "confidence")
    made, other = (report_tables.table(name, heads, rows, seen) for name in ("findings", "harm"))
    assert made is not None
    assert other is not None
    assert len(made.columns) == len(heads)
    assert len(other.columns) == 1


def test_no_word_of_a_head_is_wider_than_its_column() -> None:
    """Columns of long texts give way to a short one with a long word in its head."""
    cells = [[(Text(text),) for text in ("a finding told at length " * 4, "Limited", "1 says so", "what helps " * 9)]]
    made = Table("t", "T", ["Finding", "Evidence", "Sources indépendantes", "What would help"], cells * 3)
    first, short, narrow, last = paper.widths(made)
    assert short == 0
    assert narrow / (first + narrow + last) * (paper.LETTERS[0] - len("Evidence") - 2) >= len("indépendantes") + 2
    assert min(first, last) > narrow
