"""The PDFs of a release as a screen reader needs them: tagged, titled, PDF/UA-1, a figure for each picture."""

import re
import subprocess

import pytest
import typst

EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def told(*command: object) -> str:
    return subprocess.run([str(part) for part in command], capture_output=True, check=True).stdout.decode(
        "utf-8", "replace"
    )


@pytest.mark.parametrize("name", ["report", "brief"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_pdf_is_tagged_titled_and_says_its_language(mali_release, name: str, lang: str) -> None:
    path = mali_release / f"{name}.{lang}.pdf"
    facts = dict(re.findall(r"^([\w ]+):\s+(.*)$", told("pdfinfo", path), re.MULTILINE))
    assert (facts["Tagged"], facts["JavaScript"]) == ("yes", "no")
    assert "Mali" in facts["Title"]
    assert "Author" not in facts
    content = path.read_bytes()
    assert b"pdfuaid" in content
    assert re.search(rb"/Lang ?\(%s" % lang.encode(), content)
    drawn = len(re.findall(r"<figure", (mali_release / f"{name}.{lang}.html").read_text("utf-8")))
    structure = told("pdfinfo", "-struct", path)
    assert len(re.findall(r"^\s*Figure", structure, re.MULTILINE)) == drawn > 0


@pytest.mark.parametrize(("source", "why"), [
    ("= A", "missing document title"),
    ('#set document(title: "T")\n= A\n=== C', "skipped from heading level"),
    (f'#set document(title: "T")\n= A\n#image(bytes(`{EMPTY}`.text))', "missing alt text"),
])  # fmt: skip
def test_the_typesetter_refuses_what_a_screen_reader_could_not_follow(source: str, why: str) -> None:
    with pytest.raises(typst.TypstError, match=why):
        typst.compile(source.encode(), format="pdf", pdf_standards=["ua-1"])
