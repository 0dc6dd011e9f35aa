"""Numbers where an editor of a Word report may put them: in fields, headers and footers, or beside what is hidden."""

import re
import shutil
from pathlib import Path

import pytest
from test_edited_report import SHARE, write, zipped

from maillage.intake.zipped import xml
from maillage.publish.edited import read
from maillage.verbs.verify import verify

BODY, STYLES = "word/document.xml", "word/styles.xml"
RUN = "<w:r><w:t>8123 of 9345 people said so</w:t></w:r>"
SHOWN = RUN.replace("<w:r>", '<w:r><w:rPr><w:vanish w:val="false"/></w:rPr>')
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
CODE = "<w:r><w:instrText> {} </w:instrText></w:r>"


def field(code: str, shown: str = RUN) -> str:
    """A field of three marks, as Word writes it."""
    return MARK.format("begin") + CODE.format(code) + MARK.format("separate") + shown + MARK.format("end")


@pytest.fixture
def copy(mali_release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(mali_release / "report.en.docx", tmp_path / "edited.docx"))


def put(path: Path, part: str, before: bytes, words: str) -> None:
    """Words into a part, in front of the last `before`."""
    parts = zipped(path)
    head, found, tail = parts[part].rpartition(before)
    assert found
    write(path, parts | {part: head + words.encode() + found + tail})


def codes(path: Path, release: Path | None = None) -> list[tuple[str, str | None]]:
    return [(item.code, item.value) for item in verify(path, release)]


TYPED = [("figure_typed", "8123"), ("figure_typed", "9345")]


@pytest.mark.parametrize("words", [
    f'<w:fldSimple w:instr="QUOTE x">{RUN}</w:fldSimple>', field("QUOTE x"), field(r'HYPERLINK "https://x.example"'),
    MARK.format("begin") + CODE.format("TOC") + MARK.format("separate") + RUN,
], ids=["simple", "quote", "link", "unended"])  # fmt: skip
def test_a_number_in_a_field_is_typed(copy: Path, mali_release: Path, words: str) -> None:
    put(copy, BODY, b"<w:sectPr", f"<w:p>{words}</w:p>")
    assert codes(copy) == TYPED
    assert codes(copy, mali_release) == TYPED


@pytest.mark.parametrize("words", [f'<w:fldSimple w:instr=" PAGE ">{RUN}</w:fldSimple>', field(r"SEQ Table \* ARABIC")])
def test_a_number_that_the_word_processor_writes_is_none_of_ours(copy: Path, words: str) -> None:
    put(copy, BODY, b"<w:sectPr", f"<w:p>{words}</w:p>")
    assert codes(copy) == []


@pytest.mark.parametrize(("part", "end"), [("header1", b"</w:hdr>"), ("footer1", b"</w:ftr>")])
def test_a_number_in_header_or_footer_is_typed(copy: Path, mali_release: Path, part: str, end: bytes) -> None:
    put(copy, f"word/{part}.xml", end, f"<w:p>{RUN}</w:p>")
    assert codes(copy) == TYPED
    assert codes(copy, mali_release) == TYPED


def test_what_header_and_footer_were_printed_with_is_remembered(copy: Path) -> None:
    """The day and the title stand there on every page; page numbers are nobody's."""
    parts = zipped(copy)
    around = [xml(parts[f"word/{name}1.xml"]) for name in ("header", "footer")]
    digits = read(*around).digits
    assert "2026" in digits
    assert "1" not in digits
    memory = parts["customXml/item1.xml"].decode()
    assert all(f"<digits>{text}</digits>" in memory for text in digits)


def hidden(copy: Path, mark: str, instead: str = "nearly all") -> None:
    """The first figure of the share under `mark` (properties of its run), with other words beside it."""
    parts = zipped(copy)
    text = parts[BODY].decode()
    found = next(one for one in re.finditer(r"<w:sdt>(?:(?!<w:sdt>).)*?</w:sdt>", text) if f'"{SHARE}"' in one[0])
    run = re.search(r"<w:r>(<w:rPr>(.*?)</w:rPr>)?", found[0])
    assert run
    changed = found[0].replace(run[0], f"<w:r><w:rPr>{mark}{run[2] or ''}</w:rPr>")
    beside = f"{changed}<w:r><w:t>{instead}</w:t></w:r>"
    write(copy, parts | {BODY: (text[: found.start()] + beside + text[found.end() :]).encode()})


@pytest.mark.parametrize("known", [True, False], ids=["release", "memory"])
def test_a_figure_that_is_hidden_is_not_as_printed(copy: Path, mali_release: Path, known: bool) -> None:
    hidden(copy, "<w:vanish/>")
    assert ("figure_changed", SHARE) in codes(copy, mali_release if known else None)


def test_a_figure_hidden_by_a_style_is_not_as_printed(copy: Path) -> None:
    put(
        copy, STYLES, b"</w:styles>", '<w:style w:type="character" w:styleId="Off"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    hidden(copy, '<w:rStyle w:val="Off"/>')
    assert ("figure_changed", SHARE) in codes(copy)


def test_a_figure_that_is_not_hidden_after_all_is_as_printed(copy: Path) -> None:
    hidden(copy, '<w:vanish w:val="0"/>')
    assert codes(copy) == []


@pytest.mark.parametrize(("inner", "found"), [
    (f'<w:pPr><w:pStyle w:val="Off"/></w:pPr>{RUN}', []),
    (f'<w:pPr><w:pStyle w:val="Off"/></w:pPr>{SHOWN}',
     ["8123", "9345"]),
    (f"<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{RUN}", ["8123", "9345"]),
    (field("8123", "<w:r><w:t>9345</w:t></w:r>"), ["9345"]),
    (f"<w:r><w:t>81</w:t></w:r>{field('QUOTE x', '<w:r><w:t>23</w:t></w:r>')}", ["8123"]),
    (f"<w:r><w:t>1</w:t></w:r>{field('PAGE', '<w:r><w:t>2</w:t></w:r>')}<w:r><w:t>3</w:t></w:r>", ["1", "3"]),
], ids=["style", "shown again", "mark alone", "code", "one number", "two numbers"])  # fmt: skip
def test_digits_are_those_that_a_reader_sees(inner: str, found: list[str]) -> None:
    part = xml(f"<w:document {SPACE}><w:p>{inner}</w:p></w:document>".encode())
    assert list(read(part, hides=lambda style: style == "Off").digits) == found
