"""Read a CSV file strictly: every record with its physical line, every oddity a finding, never a crash.

UTF-8 with or without mark, `,` or `;`. Other encodings, NUL, unclosed quotes, ragged rows, empty or repeated column
names, cells beyond 131,072 characters and more than 1,000 columns are findings.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from maillage.errors import Finding, finding
from maillage.intake.values import clean
from maillage.spreadsheet import restored

WIDEST = 1_000
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how workbooks begin, of today and of old
CONTROL = range(0x80, 0xA0)  # as Latin-1, 0x80-0x9F are control characters that no text holds: then it is Windows-1252


@dataclass(frozen=True, slots=True)
class Row:
    """One record: `line` is the physical line it starts on (header 1), `number` the data row from 1."""

    line: int
    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A file as records, with what is wrong with it as a file."""

    file: str
    names: list[str]
    rows: list[Row]
    findings: list[Finding]


def read_csv(path: Path) -> Rows:
    """All records of a CSV file; cells cleaned (NFC, no blanks around, no zero-width characters), formulas restored."""
    text, problem = decode(path)
    if problem and not text:
        return Rows(path.name, [], [], [problem])
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    try:
        names = [clean(name) for name in next(reader, [])]
        problems = list(_check_header(path.name, names))
        if problems:
            names = [] if len(names) > WIDEST else names
            return Rows(path.name, names, [], [problem, *problems] if problem else problems)
        rows, problems = _records(path.name, names, reader)
        problems = [*([_placed(problem, text, names, delimiter)] if problem else []), *problems]
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "csv_quotes"
        found = finding(code, file=path.name, line=max(reader.line_num, 1))
        return Rows(path.name, names, [], [problem, found] if problem else [found])
    if not rows and not problems:
        problems.append(finding("file_empty", file=path.name))
    return Rows(path.name, names, rows, problems)


def decode(path: Path) -> tuple[str, Finding | None]:
    """The text of a file and, where it is not UTF-8 text, why.

    Text in an older encoding is given as well, so that everything else that is wrong with it can be found at once.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        return "", finding("file_missing", file=path.name)
    if not raw.strip():
        return "", finding("file_empty", file=path.name)
    if raw[:4] in PACKED:
        return "", finding("table_workbook", file=path.name)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", finding("encoding", file=path.name, line=1, guess="UTF-16")
    if b"\0" in raw:
        return "", finding("file_nul", file=path.name, line=raw[: raw.index(b"\0")].count(b"\n") + 1)
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        guess = "Windows-1252" if any(byte in CONTROL for byte in raw) else "ISO 8859-1 / Windows-1252"
        return raw.decode("cp1252", "replace"), finding("encoding", file=path.name, line=line, guess=guess)


def _placed(problem: Finding, text: str, names: list[str], delimiter: str) -> Finding:
    """A wrong encoding with the data row and the column in which it first shows."""
    line = problem.line or 1
    cells = text.split("\n")[line - 1].split(delimiter)
    odd = next((position for position, cell in enumerate(cells) if not cell.isascii()), len(names))
    field = names[odd] if odd < len(names) and line > 1 else None
    return replace(problem, row=line - 1 or None, field=field)


def _check_header(file: str, names: list[str]) -> Iterator[Finding]:
    if len(names) > WIDEST:
        yield finding("too_many_columns", file=file, line=1, value=len(names), most=WIDEST)
        return
    for position, name in enumerate(names, 1):
        if not name:
            yield finding("header_empty", file=file, line=1, position=position)
        elif name in names[: position - 1]:
            yield finding("header_twice", file=file, line=1, field=name)


def _records(file: str, names: list[str], reader: Any) -> tuple[list[Row], list[Finding]]:
    rows: list[Row] = []
    problems: list[Finding] = []
    start, number = reader.line_num + 1, 0
    for cells in reader:
        line, start = start, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        if len(cells) != len(names):
            facts: dict[str, Any] = {"found": len(cells), "expected": len(names)}
            problems.append(finding("row_ragged", file=file, line=line, row=number, **facts))
            continue
        rows.append(Row(line, number, {name: restored(clean(cell)) for name, cell in zip(names, cells, strict=True)}))
    return rows, problems
