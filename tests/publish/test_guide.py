"""The printed guide: every question in its language, tables with header rows, page numbers, no author, same bytes."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from maillage import pack as packs
from maillage.guides import Guide
from maillage.labels import Labels
from maillage.publish.form_items import STATES
from maillage.publish.guide import guide
from maillage.publish.guide_text import guide_text

NEXUS = packs.load("nexus")
ABOUT: Guide = NEXUS.guide  # pyright: ignore[reportAssignmentType]


@pytest.fixture(scope="module", params=["en", "fr"])
def printed(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, guide(ABOUT, Labels(request.param, NEXUS, None), title="Studies of K & <L>")


def words(content: bytes) -> str:
    pages = Document(io.BytesIO(content))
    cells = [cell.text for table in pages.tables for row in table.rows for cell in row.cells]
    return plain("\n".join([*(line.text for line in pages.paragraphs), *cells]))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_every_text_of_the_guide_is_printed(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    text = words(content)
    wanted = [ABOUT.title, *ABOUT.before, *ABOUT.read, *ABOUT.person.values(), *ABOUT.levels.values()]
    wanted += [*ABOUT.uses.values(), *ABOUT.said.values()]
    wanted += [part for ask in ABOUT.questions for part in (ask.ask, *ask.probes, *ask.columns.values())]
    wanted += [ABOUT.label(ask, column) for ask in ABOUT.questions for column in ask.fields]
    assert [item[lang] for item in wanted if plain(item[lang]) not in text] == []
    assert "Studies of K & <L>" in text


def test_the_other_language_is_nowhere(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    other = "fr" if lang == "en" else "en"
    text = words(content)
    assert [ask.ask[other] for ask in ABOUT.questions if plain(ask.ask[other]) in text] == []


def test_not_asked_no_answer_denied_and_not_observed_stand_apart(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    labels = Labels(lang, NEXUS, None)
    recorded = sum(ask.form in ("one", "grid", "several", "rows") for ask in ABOUT.questions)
    for state in STATES:
        assert words(content).count(labels.code("status_answers", state)) > recorded
        assert plain(labels.phrase(f"guide_{state}")) in words(content)


def test_tables_have_header_rows_that_repeat_and_rows_that_stay_whole(printed: tuple[str, bytes]) -> None:
    pages = Document(io.BytesIO(printed[1]))
    assert len(pages.tables) > 12
    for table in pages.tables:
        head, *rows = table.rows
        assert head._tr.trPr is not None
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(cell.text for cell in head.cells)
        assert rows
        assert all(row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_document_knows_its_language_its_pages_and_no_author(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    locale = {"en": "en-GB", "fr": "fr-FR"}[lang]
    assert f'w:val="{locale}"' in part(content, "word/styles.xml")
    footer = part(content, "word/footer1.xml")
    assert footer.index(">PAGE<") < footer.index(">NUMPAGES<")
    core = part(content, "docProps/core.xml")
    assert f"<dc:language>{locale}</dc:language>" in core
    assert "python-docx" not in core
    assert "<dc:creator></dc:creator>" in core.replace("<dc:creator/>", "<dc:creator></dc:creator>")
    headings = [line.style.name for line in Document(io.BytesIO(content)).paragraphs if line.style is not None]
    assert headings.count("Heading 2") == len(ABOUT.questions)
    assert headings.count("Heading 1") >= len(ABOUT.themes)


def test_the_same_guide_gives_the_same_bytes(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    assert guide(ABOUT, Labels(lang, NEXUS, None), title="Studies of K & <L>") == content


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_text_for_a_screen_has_every_question(lang: str) -> None:
    text = guide_text(ABOUT, Labels(lang, NEXUS, None), title="x")
    assert [ask.id for ask in ABOUT.questions if ask.ask[lang] not in text] == []
    assert [note for note in (*ABOUT.before, *ABOUT.read) if note[lang] not in text] == []


def test_every_question_of_the_codebook_that_people_can_answer_is_asked() -> None:
    asked = {question for ask in ABOUT.questions for question in ask.asks if ask.form != "talk"}
    desk = {"share", "figure", "review", "incident"}
    assert asked == set(NEXUS.questions) - desk
