"""An export of Kobo or ODK as sheets: one row a submission, one sheet a repeat, whatever file they came in.

CSV with `,` or `;` (repeats beside it as `<file>-<repeat>.csv`), or XLSX with a sheet a repeat. A row of HXL tags below
the header is left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, MaillageError, finding
from maillage.intake.rows import WIDEST, read_csv
from maillage.intake.workbook import Cells, read_workbook

TAG = re.compile(r"#[A-Za-z][A-Za-z0-9_+ -]*\Z")
SHEET_NAME = 31  # Excel cuts names of sheets there


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `line` of the file, `number` of the data row from 1, cells beside the header's names."""

    line: int
    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an export; `label` is how findings name it."""

    label: str
    names: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """The submissions and the rows of each repeat, by its name in the file."""

    main: Sheet
    repeats: Mapping[str, Sheet]


def read_export(path: Path) -> tuple[Export | None, list[Finding]]:
    """The sheets of a file, or why they cannot be read."""
    if not path.is_file():
        return None, [finding("file_missing", file=path.name)]
    if path.suffix.lower() == ".xlsx":
        return _from_workbook(path)
    if path.suffix.lower() not in (".csv", ".txt"):
        return None, [finding("form_format", file=path.name)]
    main, found = _from_csv(path)
    repeats: dict[str, Sheet] = {}
    for beside in sorted(path.parent.glob(f"{_literal(path.stem)}-*{path.suffix}")):
        repeats[beside.stem.removeprefix(f"{path.stem}-")], more = _from_csv(beside, empty=True)
        found += more
    return Export(main, repeats), found


def _literal(text: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", text)


def _from_csv(path: Path, *, empty: bool = False) -> tuple[Sheet, list[Finding]]:
    read = read_csv(path)
    lines = [Line(row.line, row.number, tuple(row.values[name] for name in read.names)) for row in read.rows]
    found = [item for item in read.findings if not (empty and item.code == "file_empty")]
    return Sheet(path.name, tuple(read.names), tuple(_untagged(lines))), found


def _from_workbook(path: Path) -> tuple[Export | None, list[Finding]]:
    try:
        sheets = read_workbook(path)
    except MaillageError as problem:
        value = problem.facts.get("value")
        shown = None if value is None else str(value)
        return None, [Finding(problem.code, file=path.name, value=shown, facts=problem.facts)]
    found: list[Finding] = []
    read: dict[str, Sheet] = {}
    for name, grid in sheets.items():
        label = f"{path.name} [{name}]"
        read[name], wrong = _sheet(label, grid.cells)
        found += wrong
        found += [finding("form_hidden", file=label, value=grid.hidden)] if grid.hidden else []
        found += [finding("form_merged", file=label, value=grid.merged)] if grid.merged else []
    if not read or not next(iter(read.values())).lines:
        return None, [*found, finding("file_empty", file=path.name)]
    (_, main), *rest = read.items()
    return Export(main, dict(rest)), found


def _sheet(label: str, cells: Cells) -> tuple[Sheet, list[Finding]]:
    """The first line that holds anything is the header; a cell that stands under no name is a finding."""
    if not cells:
        return Sheet(label, (), ()), []
    first, *rest = sorted(cells)
    width = max(cells[first])
    if width > WIDEST:
        return Sheet(label, (), ()), [finding("too_many_columns", file=label, line=first, value=width, most=WIDEST)]
    names = tuple(cells[first].get(column, "") for column in range(1, width + 1))
    lines: list[Line] = []
    found: list[Finding] = []
    for number, line in enumerate(rest, 1):
        row = cells[line]
        if max(row) > width:
            found.append(finding("row_ragged", file=label, line=line, row=number, found=max(row), expected=width))
            continue
        lines.append(Line(line, number, tuple(row.get(column, "") for column in range(1, width + 1))))
    return Sheet(label, names, tuple(_untagged(lines))), found


def _untagged(lines: Sequence[Line]) -> Sequence[Line]:
    """The rows without one of HXL tags on top."""
    told = [cell for cell in lines[0].cells if cell] if lines else []
    return lines[1:] if told and all(TAG.match(cell) for cell in told) else lines
