"""The cells of an .xlsx file as text, read from its parts: `0012` stays text, no padding, no formula is believed.

Numbers are given as written (`12`, `0.1`), dates as ISO, booleans as `true` and `false`; a formula whose value the
file does not hold is given as `=FORMULA`. Only cells that the file holds are there, wherever they stand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from maillage.errors import MaillageError
from maillage.intake.values import clean, decimal_text
from maillage.intake.zipped import Members, members, xml

Cells = Mapping[int, Mapping[int, str]]
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}  # formats of the program itself that show a date
SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
FIRST_DAY, FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of all sheets lean on."""

    strings: tuple[str, ...]
    dated: frozenset[int]
    epoch: datetime


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: line (from 1) -> column (from 1) -> text; blank cells are not there.

    hidden: how many lines that hold something are hidden; merged: how many ranges of cells are one.
    """

    cells: Cells
    hidden: int
    merged: int


def read_workbook(path: Path) -> dict[str, Grid]:
    """Sheets in order, by name.

    Raises MaillageError of `zipped` for what is no whole, plain archive, and `form_workbook` where it is no workbook.
    """
    with members(path) as parts:
        head = _part(parts, path, "xl/workbook.xml")
        links = {link.get("Id"): link.get("Target", "") for link in _part(parts, path, "xl/_rels/workbook.xml.rels")}
        book = Book(_strings(parts, path), _dated(parts, path), _epoch(head))
        sheets: dict[str, Grid] = {}
        for sheet in _all(head, "sheet"):
            target = links.get(sheet.get(RELATION) or sheet.get(STRICT), "")
            name = normpath(join("xl", target)).lstrip("/") if not target.startswith("/") else target.lstrip("/")
            if name in parts and "worksheets/" in name:
                sheets[clean(sheet.get("name", ""))] = _grid(_part(parts, path, name), book)
        return sheets


def _part(parts: Members, path: Path, name: str) -> Element:
    if name not in parts:
        raise MaillageError("form_workbook", file=path.name, value=name)
    return xml(parts[name], file=path.name, part=name)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if _local(element) == name)


def _epoch(head: Element) -> datetime:
    flags = [item.get("date1904") for item in _all(head, "workbookPr")]
    return FIRST_DAY_1904 if flags[:1] in (["1"], ["true"]) else FIRST_DAY


def _strings(parts: Members, path: Path) -> tuple[str, ...]:
    name = "xl/sharedStrings.xml"
    if name not in parts:
        return ()
    return tuple(_text(item) for item in xml(parts[name], file=path.name, part=name) if _local(item) == "si")


def _text(item: Element) -> str:
    """The text of a string, its runs joined; readings of Asian letters are no part of it."""
    found: list[str] = []
    for child in item:
        if _local(child) == "t":
            found.append(child.text or "")
        elif _local(child) == "r":
            found += [part.text or "" for part in child if _local(part) == "t"]
    return "".join(found)


def _dated(parts: Members, path: Path) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    name = "xl/styles.xml"
    if name not in parts:
        return frozenset()
    root = xml(parts[name], file=path.name, part=name)
    own = {item.get("numFmtId"): item.get("formatCode", "") for item in _all(root, "numFmt")}
    shown = {number for number, code in own.items() if re.search("[ymdYMD]", SHOWN.sub("", code))}
    cells = next(_all(root, "cellXfs"), None)
    formats = [item.get("numFmtId", "0") for item in cells] if cells is not None else []
    fits = (number in shown or (number not in own and number.isdigit() and int(number) in DATES) for number in formats)
    return frozenset(style for style, fit in enumerate(fits) if fit)


def _grid(root: Element, book: Book) -> Grid:
    rows: dict[int, dict[int, str]] = {}
    line = hidden = 0
    for row in _all(root, "row"):
        told = row.get("r", "")
        line = int(told) if told.isascii() and told.isdigit() and len(told) < 9 else line + 1
        column = 0
        for cell in row:
            place = REFERENCE.match(cell.get("r") or "")
            column = _column(place[1]) if place else column + 1
            if text := _value(cell, book):
                rows.setdefault(line, {})[column] = text
        hidden += line in rows and row.get("hidden") in ("1", "true")
    return Grid(rows, hidden, sum(1 for _ in _all(root, "mergeCell")))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _value(cell: Element, book: Book) -> str:
    kind = cell.get("t", "n")
    inside = {_local(child): child for child in cell}
    raw = (inside["v"].text or "") if "v" in inside else ""
    if kind == "inlineStr":
        return clean(_text(inside["is"])) if "is" in inside else ""
    if not raw:
        return f"={inside['f'].text or ''}" if "f" in inside and kind != "str" else ""
    if kind == "s":
        known = raw.isascii() and raw.isdigit() and int(raw) < len(book.strings)
        return clean(book.strings[int(raw)]) if known else ""
    if kind == "b":
        return "true" if raw.strip() == "1" else "false"
    if kind == "n":
        style = cell.get("s", "0")
        return _date(raw, book) if style.isdigit() and int(style) in book.dated else _number(raw)
    return clean(raw)


def _number(raw: str) -> str:
    """A number as a person would write it; the file holds 0.1 as 0.10000000000000001."""
    if raw.isascii() and raw.isdigit():
        return raw
    try:
        return decimal_text(Decimal(repr(float(raw)))) if abs(float(raw)) < 1e300 else raw
    except (ValueError, InvalidOperation, OverflowError):
        return clean(raw)


def _date(raw: str, book: Book) -> str:
    try:
        moment = book.epoch + timedelta(days=float(raw))
    except (ValueError, OverflowError):
        return clean(raw)
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    whole = moment.hour == moment.minute == moment.second == 0
    return moment.date().isoformat() if whole else moment.isoformat()
