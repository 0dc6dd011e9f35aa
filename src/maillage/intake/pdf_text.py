"""The text of a PDF that has a text layer, page after page, in the order the file gives it.

Ligatures become letters. Lines that are only the number of the page, and first or last lines that most pages share
(headers and footers), do not enter. Remarks pinned to pages are not text. A word broken at the end of a line is joined,
with its hyphen only where the text spells it so elsewhere.
"""

import re
from collections import Counter
from pathlib import Path

import pypdfium2

from maillage.errors import MaillageError
from maillage.intake.extract import Extract

LIGATURES = {
    ord(sign): letters for sign, letters in zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)
}
BREAK = re.compile(r"(\w+)[\x02\ufffe]\n*(\w+)")
HYPHENED = re.compile(r"\w+-\w+")
NUMBER = re.compile(r"\s*[-–—]?\s*([0-9]{1,4})\s*(?:[-–—]|/\s*[0-9]{1,4})?\s*\Z")
GLUED = re.compile(r"([\x02\ufffe])(?=[0-9]{1,4}\s*\Z)")
LOOSE = re.compile("[\x02\ufffe]")
MOST_PAGES, MOST_LETTERS = 5_000, 20_000_000
LOCKED = (4, 5)  # of PDFium: password, security scheme
FEW = 3  # pages from which a repeated line is a header


def read_pdf(path: Path) -> Extract:
    """Text and counts. Raises MaillageError `zip_locked`, `document_damaged`, `document_large`, `pdf_no_text`."""
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in LOCKED
        raise MaillageError("zip_locked" if locked else "document_damaged", file=path.name, value="PDF") from error
    try:
        pages = _pages(path.name, pdf)
    finally:
        pdf.close()
    numbers, pages = _without_numbers(pages)
    repeated, pages = _without_repeats(pages)
    if not any(letter.isalnum() for page in pages for line in page for letter in line):
        raise MaillageError("pdf_no_text", file=path.name)
    empty = sum(not "".join(page).strip() for page in pages)
    text, joined = _joined("\n\n".join("\n".join(page) for page in pages))
    counts = Counter(
        {"pdf_joined": joined, "document_page_numbers": numbers, "document_headers": repeated, "pdf_empty_pages": empty}
    )
    return Extract(text, "utf-8", counts)


def _pages(file: str, pdf: pypdfium2.PdfDocument) -> list[list[str]]:
    """The lines of every page."""
    if len(pdf) > MOST_PAGES:
        raise MaillageError("document_large", file=file, value=len(pdf), most=MOST_PAGES)
    pages: list[list[str]] = []
    left = MOST_LETTERS
    for number in range(len(pdf)):
        page = pdf[number]
        words = page.get_textpage()
        text = words.get_text_range(errors="replace")
        words.close()
        page.close()
        left -= len(text)
        if left < 0:
            raise MaillageError("document_large", file=file, value=MOST_LETTERS - left, most=MOST_LETTERS)
        text = GLUED.sub("\\1\n", text.translate(LIGATURES).replace("\r\n", "\n"))  # a broken word before the number
        pages.append(text.strip("\n").split("\n"))
    return pages


def _without_numbers(pages: list[list[str]]) -> tuple[int, list[list[str]]]:
    """Pages without the lines that are only their number: first or last, and rising with the pages."""
    for place in (-1, 0):
        found = [_number(page[place]) for page in pages]
        steps = Counter(number - index for index, number in enumerate(found) if number is not None)
        step, times = steps.most_common(1)[0] if steps else (0, 0)
        if times > 1 and 2 * times > len(pages):
            return times, [_cut(page, place, found[index] == step + index) for index, page in enumerate(pages)]
    return 0, pages


def _number(line: str) -> int | None:
    """The page number a line is, `12`, `- 12 -` or `12 / 40`."""
    match = NUMBER.match(line)
    return int(match[1]) if match else None


def _without_repeats(pages: list[list[str]]) -> tuple[int, list[list[str]]]:
    """Pages without first and last lines that most of them share; several such lines go one after the other."""
    removed = 0
    for place in (0, -1):
        while len(pages) >= FEW:
            line, times = Counter(page[place].strip() for page in pages).most_common(1)[0]
            if not line or times < FEW or 2 * times <= len(pages):
                break
            pages = [_cut(page, place, page[place].strip() == line) for page in pages]
            removed += times
    return removed, pages


def _cut(page: list[str], place: int, wanted: bool) -> list[str]:
    """A page without its first (0) or last (-1) line, where that is wanted."""
    if not wanted:
        return page
    return (page[1:] if place == 0 else page[:-1]) or [""]


def _joined(text: str) -> tuple[str, int]:
    """The text with words broken at line ends joined, and how many there were."""
    spelled = {word.casefold() for word in HYPHENED.findall(text)}

    def join(match: re.Match[str]) -> str:
        hyphened = f"{match[1]}-{match[2]}"
        return hyphened if hyphened.casefold() in spelled else match[1] + match[2]

    text, joined = BREAK.subn(join, text)
    return LOOSE.sub("-", text), joined
