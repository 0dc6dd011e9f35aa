"""Every figure of a PDF of a release carries its words for those who do not see it, in the language of the document."""

import re
import zipfile
from collections.abc import Iterator
from ctypes import create_string_buffer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from pypdfium2 import raw

FRENCH = r"\b(le|la|les|des|du|de|par|selon|un|une|sur)\b"
ENGLISH = r"\b(the|of|by|in|from|with|to)\b"
DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def told(get: Any, element: Any) -> str:
    """A text of an element of the structure."""
    size = get(element, None, 0)
    text = create_string_buffer(max(size, 2))
    get(element, text, size)
    return text.raw[: max(size - 2, 0)].decode("utf-16-le")


def elements(element: Any) -> Iterator[Any]:
    """An element of the structure and all below it."""
    yield element
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            yield from elements(child)


def alternatives(path: Path) -> list[str]:
    """The alternative text of each figure, blank where it has none."""
    found: list[str] = []
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            tree = raw.FPDF_StructTree_GetForPage(page)
            tops = [
                raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(raw.FPDF_StructTree_CountChildren(tree))
            ]
            every = [one for top in tops for one in elements(top)]
            found += [told(raw.FPDF_StructElement_GetAltText, one) for one in every
                      if told(raw.FPDF_StructElement_GetType, one) == "Figure"]  # fmt: skip
            raw.FPDF_StructTree_Close(tree)
    return found


@pytest.mark.parametrize("name", ["report", "brief"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_figure_of_a_pdf_has_words_in_its_language(mali_release: Path, name: str, lang: str) -> None:
    told = alternatives(mali_release / f"{name}.{lang}.pdf")
    drawn = re.findall(r"<figure", (mali_release / f"{name}.{lang}.html").read_text("utf-8"))
    assert len(told) == len(drawn) > 0
    ours, theirs = (FRENCH, ENGLISH) if lang == "fr" else (ENGLISH, FRENCH)
    for text in told:
        assert len(text) > 40
        assert len(re.findall(ours, text)) >= len(re.findall(theirs, text)), text
    assert len(re.findall(ours, " ".join(told))) > 10 * len(re.findall(theirs, " ".join(told)))
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_word_and_pdf_say_the_same_of_each_figure(mali_release: Path, lang: str) -> None:
    with zipfile.ZipFile(mali_release / f"report.{lang}.docx") as archive:
        tree = ET.fromstring(archive.read("word/document.xml"))
    words = [re.sub(r"\s+", " ", item.get("descr") or "") for item in tree.iter(DESCRIBED)]
    printed = [re.sub(r"\s+", " ", text) for text in alternatives(mali_release / f"report.{lang}.pdf")]
    assert sorted(words) == sorted(printed), "on paper a small drawing may fill the room before a large one"
