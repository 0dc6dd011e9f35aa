"""The Word report: styles, captions, contents, footnotes; a control a number, words for each picture; no maker."""

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import made_document
import pytest
from docx import Document as Opened
from docx.document import Document as Pages
from docx.oxml.ns import qn

from maillage.blocks import Document, Figure, KeyFinding, Number, Table, Text
from maillage.publish import docx, edited, paper
from maillage.publish.docx_package import LOCALES
from maillage.publish.walk import numbers_of

EVIL = "\"/></w:t></w:p><w:p>&amp;{{7*7}}#eval('x')\x00\ud800=cmd|' /C calc'!A0"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module", params=["en", "fr"])
def made(request: pytest.FixtureRequest) -> tuple[Document, bytes]:
    document = made_document.document(request.param)
    return document, docx.render(document)


def opened(content: bytes) -> Pages:
    return Opened(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def tree(content: bytes, name: str = "word/document.xml") -> ET.Element:
    return ET.fromstring(part(content, name))


def text(node: ET.Element) -> str:
    return "".join(item.text or "" for item in node.iter(f"{W}t"))


def blocks(document: Document, kind: type) -> list:
    return [block for section in document.sections for block in section.blocks if isinstance(block, kind)]


def test_headings_lists_captions_and_quotes_have_the_styles_of_word(made) -> None:
    document, content = made
    pages = opened(content)
    by_style: dict[str, list[str]] = {}
    for line in pages.paragraphs:
        by_style.setdefault(line.style.name, []).append(line.text)
    assert by_style["Title"] == [document.title]
    assert by_style["Heading 1"] == [section.title for section in document.sections]
    assert len(by_style["Heading 2"]) == 2
    assert len(by_style["Heading 3"]) == 1
    assert len(by_style["List Number"]) == len(blocks(document, KeyFinding)) + 2
    assert len(by_style["List Bullet"]) == 3
    assert len(by_style["Quote"]) == 4  # a note, and a gap in three lines
    assert {table.style.name for table in pages.tables} == {"Report Table"}


def test_every_style_that_is_used_is_defined(made) -> None:
    _, content = made
    known = {style.get(f"{W}styleId") for style in tree(content, "word/styles.xml").iter(f"{W}style")}
    used = set()
    for name in ("word/document.xml", "word/footnotes.xml", "word/header1.xml", "word/footer1.xml"):
        for kind in ("pStyle", "rStyle", "tblStyle"):
            used |= {item.get(f"{W}val") for item in tree(content, name).iter(f"{W}{kind}")}
    assert used <= known


def test_captions_are_numbered_by_fields(made) -> None:
    document, content = made
    lines = [line.text for line in opened(content).paragraphs if line.style.name == "Caption"]
    figures, tables = blocks(document, Figure), blocks(document, Table)
    words = paper.Words(document.lang)
    told = [f"{words.say('docx_figure')} {order}. {figure.title}" for order, figure in enumerate(figures, 1)]
    told += [f"{words.say('docx_table')} {order}. {table.title}" for order, table in enumerate(tables, 1)]
    assert sorted(lines) == sorted(told)
    assert part(content, "word/document.xml").count("SEQ ") == len(told)


def test_every_number_stands_in_a_control_with_the_id_of_its_estimate(made) -> None:
    document, content = made
    shown = [
        number
        for section in document.sections
        for block in section.blocks
        if not isinstance(block, Figure)
        for number in numbers_of([block])
    ]
    found = [
        (control.find(f"{W}sdtPr/{W}tag").get(f"{W}val"), text(control)) for control in tree(content).iter(f"{W}sdt")
    ]
    assert found == [(number.estimate, number.text) for number in shown]
    marks = [item.get(f"{W}val") for item in tree(content).iter(f"{W}id") if item.get(f"{W}val")]
    assert len(marks) == len(set(marks))


def test_a_tag_is_never_longer_than_word_takes() -> None:
    ident = "links/" + "x" * 90
    tag = edited.tag_of(ident)
    assert len(tag) == 64
    assert tag != edited.tag_of(ident + "y")
    assert edited.tag_of("links/EX0101/cooperation") == "links/EX0101/cooperation"


def test_numbers_of_key_findings_have_real_footnotes_that_say_what_stands_behind_them(made) -> None:
    document, content = made
    marks = [item.get(f"{W}id") for item in tree(content).iter(f"{W}footnoteReference")]
    notes = {note.get(f"{W}id"): text(note) for note in tree(content, "word/footnotes.xml").iter(f"{W}footnote")}
    told = [span.estimate for block in blocks(document, KeyFinding) for span in block.spans if isinstance(span, Number)]
    assert len(marks) == len(told)
    for mark, ident in zip(marks, told, strict=True):
        behind = document.explanations[ident]
        assert paper.Words(document.lang).note(behind) == notes[mark].strip()


def test_every_picture_has_its_alternative_and_is_a_picture(made) -> None:
    document, content = made
    spaces = {"wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
    found = [item.get("descr") for item in tree(content).iterfind(".//wp:docPr", spaces)]
    assert found == [figure.alt for figure in blocks(document, Figure)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        images = [archive.read(name) for name in archive.namelist() if name.endswith(".png")]
    assert len(images) == len(found)
    assert all(image.startswith(b"\x89PNG") for image in images)


def test_the_header_of_a_table_is_repeated_and_no_row_is_broken(made) -> None:
    _, content = made
    for table in opened(content).tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in others)
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in [first, *others])


def test_contents_are_a_field_filled_with_the_sections(made) -> None:
    document, content = made
    assert 'TOC \\o "1-2"' in part(content, "word/document.xml")
    lines = [line for line in opened(content).paragraphs if line.style.name.lower() == "toc 1"]
    assert [line.text for line in lines if line.text] == [section.title for section in document.sections]
    anchors = {item.get(f"{W}anchor") for item in tree(content).iter(f"{W}hyperlink")} - {None}
    marks = [item.get(f"{W}name") for item in tree(content).iter(f"{W}bookmarkStart")]
    assert anchors <= set(marks)
    assert len(marks) == len(set(marks))


def test_status_and_warning_stand_on_every_page(made) -> None:
    document, content = made
    assert paper.status(document) in text(tree(content, "word/header1.xml"))
    invented = replace(document, synthetic=True)
    shown = text(tree(docx.render(invented), "word/header1.xml"))
    assert paper.synthetic(invented) in shown
    assert paper.synthetic(invented) not in text(tree(content, "word/header1.xml"))


def test_the_language_is_tagged(made) -> None:
    document, content = made
    assert opened(content).core_properties.language == LOCALES[document.lang]
    default = tree(content, "word/styles.xml").find(f".//{W}rPrDefault//{W}lang")
    assert default.get(f"{W}val") == LOCALES[document.lang]


def test_no_maker_and_no_time_finer_than_a_day(made) -> None:
    document, content = made
    core = opened(content).core_properties
    assert (core.author, core.last_modified_by) == ("", "")
    assert {str(core.created), str(core.modified)} == {f"{document.date} 00:00:00+00:00"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_document_gives_the_same_bytes(made) -> None:
    document, content = made
    assert docx.render(document) == content


def test_what_a_study_says_is_text_and_nothing_else() -> None:
    tame, wild = (docx.render(made_document.document("en", evil)) for evil in ("", EVIL))
    assert [item.tag for item in tree(tame).iter()] == [item.tag for item in tree(wild).iter()]
    shown = text(tree(wild))
    assert EVIL.replace("\x00", "\ufffd").replace("\ud800", "\ufffd") in shown
    links = part(wild, "word/_rels/document.xml.rels")
    assert "javascript" not in links
    assert not re.search(r'TargetMode="External"', links)


def test_public_addresses_become_links_and_nothing_else_does() -> None:
    document = made_document.document("en")
    targets = ["https://example.org/a?b=c&d=1", "http://example.org/\u202e", "file:///etc/passwd", 'https://x" y="']
    links = [made_document.Link("here", target) for target in targets]
    section = made_document.Section("s", "S", [made_document.Paragraph(links)])
    content = docx.render(replace(document, sections=[section]))
    known = ET.fromstring(part(content, "word/_rels/document.xml.rels"))
    assert [item.get("Target") for item in known if item.get("TargetMode") == "External"] == targets[:1]


def test_a_document_with_nothing_in_it_is_still_one() -> None:
    document = replace(made_document.document("fr"), sections=[], date="", subtitle="")
    assert opened(docx.render(document)).core_properties.author == ""


def test_the_header_of_a_table_stays_with_its_first_row(made) -> None:
    for table in tree(made[1]).iter(f"{W}tbl"):
        head, *rows = table.iter(f"{W}tr")
        assert len(list(head.iter(f"{W}keepNext"))) == len(list(head.iter(f"{W}tc")))
        assert not any(list(row.iter(f"{W}keepNext")) for row in rows)


def test_a_glued_date_parts_where_its_column_is_narrow_and_a_number_never() -> None:
    (text,) = docx._loose((Text("28\u00a0November\u00a02025"),), 900)
    assert text.text == "28 November 2025"
    kept = (Text("28\u00a0November\u00a02025"),)
    assert docx._loose(kept, 3000) is kept
    assert docx._loose((Text("800\u202f000"),), 300)[0].text == "800\u202f000"
