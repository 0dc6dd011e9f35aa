"""The two files of an index: its definition (YAML) and a table of numbers, one row a unit (CSV)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from maillage.errors import Finding, MaillageError, finding
from maillage.intake.rows import Row, read_csv
from maillage.intake.values import number

LARGEST = 1_000_000  # bytes; a definition is a page or two


def read_definition(path: Path) -> Mapping[str, Any]:
    """The definition as a table of keys. Raises MaillageError `definition_unreadable`, `file_missing`."""
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST:
            raise MaillageError("definition_unreadable", file=path.name, line=1)
        given = yaml.load(raw.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise MaillageError("file_missing", file=path.name) from None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        raise MaillageError("definition_unreadable", file=path.name, line=mark.line + 1 if mark else 1) from None
    if not isinstance(given, dict):
        raise MaillageError("definition_unreadable", file=path.name, line=1)
    return given


def read_data(path: Path, words: set[str]) -> pl.DataFrame:
    """A CSV file as numbers; blank = missing. Columns named in `words` (unit, group) stay text.

    Other columns are numbers where every cell is one, and text where none is; a column of both has findings.
    Raises MaillageError `index_data` with all findings of the file.
    """
    table = read_csv(path)
    columns: dict[str, pl.Series] = {}
    problems: list[Finding] = list(table.findings)
    for name in table.names if table.rows else ():
        cells = [row.values[name] for row in table.rows]
        if name in words:
            columns[name] = pl.Series(name, [cell or None for cell in cells], dtype=pl.String)
            continue
        read = [number(cell) for cell in cells]
        wrong = [row for row, value in zip(table.rows, read, strict=True) if row.values[name] and value is None]
        if wrong and len(wrong) == sum(bool(cell) for cell in cells):
            columns[name] = pl.Series(name, [cell or None for cell in cells], dtype=pl.String)
            continue
        problems += [_no_number(path.name, name, row) for row in wrong]
        columns[name] = pl.Series(name, [None if value is None else float(value) for value in read], dtype=pl.Float64)
    if problems:
        raise MaillageError("index_data", findings=problems, file=path.name, count=len(problems))
    return pl.DataFrame(columns)


def _no_number(file: str, name: str, row: Row) -> Finding:
    return finding("number_unreadable", file=file, line=row.line, row=row.number, field=name, value=row.values[name])
