"""The brief: two pages whatever the study says, whole items left out and counted, nothing that the report has not."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import made_document
import polars as pl
import pypdfium2
import pytest
from made_release import doctored

import known
from folders import STUDIES
from maillage.blocks import Document, Figure, Gap, Items, KeyFinding, Number, Paragraph, Section, Table, Text
from maillage.labels import Labels
from maillage.publish import brief, html, narrative, paper, report
from maillage.publish.gate import Release
from maillage.publish.typography import signed
from maillage.publish.walk import printed_numbers

Made = tuple[Document, Release]


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [plain(page.get_textpage().get_text_range()) for page in document]


def plain(text: str) -> str:
    """Words with one space; the thin spaces around French signs are lost in some lines of a PDF."""
    return re.sub(r" ?([;:«»]) ?", r" \1 ", " ".join(text.replace("\ufffe", "-").split()))


def cleared(name: str) -> Release:
    return known.released(name)


@pytest.fixture(scope="module")
def releases() -> dict[str, Release]:
    return {name: cleared(name) for name in ("mali", "practice")}


@pytest.fixture(params=["mali", "practice"])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["fr", "en"])
def made(request: pytest.FixtureRequest, name: str, releases: dict[str, Release]) -> Made:
    release, lang = releases[name], request.param
    labels = Labels(lang, release.pack, release.places, release.settings.zone_labels)
    text = narrative.read(STUDIES / name / "narrative", lang)
    return report.document(release, narrative.resolve(text, release, labels), lang), release


def test_a_brief_has_two_pages_in_both_languages(made: Made) -> None:
    document, release = made
    content = brief.render(brief.brief(document, release))
    first, second = pages(content)
    assert plain(document.title) in first
    assert plain(document.notice) in first
    assert plain(paper.status(document)) in first
    assert plain(paper.status(document)) in second
    assert (plain(paper.synthetic(document)) in second) == document.synthetic or not document.synthetic


def test_key_findings_stand_there_whole_with_their_confidence_and_why(made: Made) -> None:
    document, release = made
    first, _ = pages(brief.render(brief.brief(document, release)))
    words = paper.Words(document.lang)
    findings = [block for block in document.sections[0].blocks if isinstance(block, KeyFinding)]
    assert findings
    for block in findings:
        assert plain("".join(span.text for span in block.spans)) in first
        assert plain(words.confidence(block.confidence)) in first
        assert plain(block.because) in first


def test_recommendations_say_why_they_are_not_ranked(made: Made) -> None:
    document, release = made
    second = " ".join(pages(brief.render(brief.brief(document, release))))
    why = document.explanations["priorities/ALL/R1"].value
    assert plain(why[1:]) in second
    for code, action in release.pack.actions.items():
        assert f"{code} " in second
        assert plain(signed(action["label"][document.lang][1:], document.lang)) in second


def test_both_languages_of_a_brief_tell_the_same_gaps_and_none_that_the_recommendations_tell(
    releases: dict[str, Release],
) -> None:
    release, shown = releases["mali"], []
    for lang in ("fr", "en"):
        labels = Labels(lang, release.pack, release.places, release.settings.zone_labels)
        text = narrative.read(STUDIES / "mali" / "narrative", lang)
        short = brief.brief(report.document(release, narrative.resolve(text, release, labels), lang), release)
        missing = [block.missing for section in short.sections for block in section.blocks if isinstance(block, Gap)]
        assert signed(labels.phrase("reason_criteria_unanswered"), lang) not in missing
        second = " ".join(pages(brief.render(short)))
        shown.append([plain(text) in second for text in missing])
    assert shown[0] == shown[1]
    assert sum(shown[0]) > 3


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_recommendations_that_are_ranked_stand_in_their_order(releases: dict[str, Release], lang: str) -> None:
    values = {"priorities/ALL/R5": 0.5, "priorities/ALL/R2": 0.3}
    told = pl.col("id").is_in(list(values))
    release = releases["mali"]
    ranked = release.estimates.with_columns(
        value=pl.when(told).then(pl.col("id").replace_strict(values, default=None)).otherwise("value"),
        status=pl.when(told).then(pl.lit("ok")).otherwise("status"),
        unit=pl.when(told).then(pl.lit("share")).otherwise("unit"),
    )
    changed = doctored(release, estimates=ranked)
    short = brief.brief(report.document(changed, {}, lang), changed)
    (table,) = [block for section in short.sections for block in section.blocks if isinstance(block, Table)]
    codes = [row[0][0].text.split("\u2002")[0] for row in table.rows]
    assert codes == ["R5", "R2", "R1", "R3", "R4", "R6", "R7", "R8", "R9"]
    assert [span.value for row in table.rows for span in row[4] if isinstance(span, Number)][:3] == [0.5, 0.3, None]
    second = " ".join(pages(brief.render(short)))
    assert plain(signed(Labels(lang, release.pack, release.places).phrase("brief_ranked"), lang)) in second
    assert "50" in second


def test_a_brief_says_nothing_that_the_report_does_not(made: Made) -> None:
    document, release = made
    short = brief.brief(document, release)
    printed = printed_numbers(short)
    assert printed
    assert set(printed) <= set(printed_numbers(document))
    assert set(short.explanations) == set(printed)


def test_a_page_of_the_brief_opens_every_number_it_prints(made: Made) -> None:
    document, release = made
    short = brief.brief(document, release)
    page = html.render(short)
    for ident in printed_numbers(short):
        assert f'data-estimate="{ident}"' in page
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'\bid="([^"]+)"', page))
    other = {"fr": "en", "en": "fr"}[document.lang]
    assert f'href="brief.{other}.html"' in page


def test_the_same_document_gives_the_same_bytes(made: Made) -> None:
    document, release = made
    short = brief.brief(document, release)
    assert brief.render(short) == brief.render(short)


PLAIN = "armed groups and traffickers work together in one trade and fight over another " * 3
COUNTS = [(1, 1, 1), (5, 9, 4), (40, 9, 4), (5, 90, 40), (30, 60, 150), (0, 0, 0)]


def built(lang: str, counts: tuple[int, int, int], words: Callable[[str], str] = str) -> Document:
    """A brief made by hand with so many findings, actions and gaps; `words` makes their texts longer."""
    base = made_document.document(lang)
    findings, actions, gaps = map(range, counts)
    spans = [Text(words(PLAIN))]
    key = [KeyFinding(f"finding-{i}", [Text(f"Finding{i}end "), *spans], "low", words("because")) for i in findings]
    rows = [[[Text(f"Action{i}end")], [Text(words("protection"))], [Text(words("the north"))]] for i in actions]
    missing = [Gap([Text(f"Gap{i}end "), *spans], words("the number of payers"), words("count them")) for i in gaps]
    figures = [block for section in base.sections for block in section.blocks if isinstance(block, Figure)][:1]
    table = Table("brief-actions", "Actions", ["Action", "Need", "Where"], rows)
    sections = [
        Section("key_findings", "Key", [*key, *figures]),
        Section("recommendations", "What to do", [Paragraph([Text(PLAIN)]), table]),
        Section("gaps", "Unknown", missing),
        Section("read_more", "More", [Items([[Text(PLAIN)]])]),
    ]
    return replace(base, sections=[section for section in sections if section.blocks])


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_items_that_do_not_fit_are_left_out_whole_and_counted(lang: str, counts: tuple[int, int, int]) -> None:
    first, second = pages(brief.render(built(lang, counts)))
    findings, actions, gaps = counts
    words = paper.Words(lang)
    for kind, mark, count, page in (
        ("findings", "Finding", findings, first),
        ("actions", "Action", actions, second),
        ("gaps", "Gap", gaps, second),
    ):
        shown = [order for order in range(count) if f"{mark}{order}end" in page]
        assert shown == list(range(len(shown)))
        left = count - len(shown)
        told = brief._more(words, kind, left)
        assert not left or plain(told) in page


def test_a_brief_with_room_shows_everything() -> None:
    first, second = pages(brief.render(built("en", (5, 9, 4))))
    assert all(f"Finding{order}end" in first for order in range(5))
    assert all(f"Action{order}end" in second for order in range(9))
    assert all(f"Gap{order}end" in second for order in range(4))


def test_an_endless_text_costs_no_third_page() -> None:
    content = brief.render(built("en", (3, 3, 3), lambda text: (text + " ") * 60))
    assert len(pages(content)) == 2


EVIL = '#eval("1+1") *bold* $x$ @ref <tag> \\ "quoted" {{ 7*7 }}'


def test_what_a_study_says_is_text_and_never_markup() -> None:
    first, second = pages(brief.render(built("en", (1, 1, 1), lambda text: f"{text} {EVIL}")))
    assert plain(EVIL) in first
    assert second.count(plain(EVIL)) == 5


def test_a_number_is_printed_as_the_report_prints_it() -> None:
    document = built("en", (0, 1, 1))
    finding = KeyFinding("finding-1", [Text("In Gao "), Number("links/x", "3 of 5 people"), Text(".")], "low", "why")
    sections = [Section("key_findings", "Key", [finding]), *document.sections[1:]]
    first, _ = pages(brief.render(replace(document, sections=sections)))
    assert "In Gao 3 of 5 people." in first


def test_what_could_go_wrong_with_an_action_is_told_to_its_end(made: Made) -> None:
    """A part of it would read as all of it: what lessens a risk stands after the first stop."""
    document, release = made
    table = next(block for section in brief.brief(document, release).sections if section.id == "recommendations"
                 for block in section.blocks if isinstance(block, Table))  # fmt: skip
    told = [plain("".join(span.text for cell in row for span in cell)) for row in table.rows]
    harms = [spec["harm"][document.lang] for spec in release.pack.actions.values() if not spec.get("screen")]
    assert len(harms) > 3
    for harm in harms:
        assert [row for row in told if plain(signed(harm, document.lang)) in row], harm


WHERE_THE_MAP_BEGINS, BROADEST = 370, 70  # points across a page; points down it that may be blank


def test_the_column_beside_the_map_is_not_left_empty(made: Made) -> None:
    """What stands beside a tall map is little where a study has few findings: what follows moves up beside it."""
    document, release = made
    page = pypdfium2.PdfDocument(brief.render(brief.brief(document, release)))[0]
    text = page.get_textpage()
    boxes = [text.get_rect(order) for order in range(text.count_rects())]  # left, bottom, right, top
    lines = sorted((top, bottom) for left, bottom, _, top in boxes if left < WHERE_THE_MAP_BEGINS)
    assert max(below - top for (top, _), (_, below) in pairwise(lines)) < BROADEST


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_brief_of_mali_leaves_out_no_gap_and_no_recommendation(releases: dict[str, Release], lang: str) -> None:
    release = releases["mali"]
    labels = Labels(lang, release.pack, release.places, release.settings.zone_labels)
    text = narrative.read(STUDIES / "mali" / "narrative", lang)
    document = report.document(release, narrative.resolve(text, release, labels), lang)
    short = brief.brief(document, release)
    told = " ".join(pages(brief.render(short)))
    gaps = [block for section in short.sections for block in section.blocks if isinstance(block, Gap)]
    assert len(gaps) > 5
    assert not [gap for gap in gaps if plain("".join(span.text for span in gap.spans))[:30] not in told]
