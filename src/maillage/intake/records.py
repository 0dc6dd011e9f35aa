"""From the rows of a file to records of a table of the dictionary; types, codes and places are checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from maillage import tables
from maillage.errors import Finding, finding
from maillage.intake import values
from maillage.intake.names import Gazetteer
from maillage.intake.rows import Row, Rows
from maillage.pack import Pack
from maillage.tables import Column

NOT_IN_FILES = {"entry", "coder", "sha256"}
ID = re.compile(r"(?!(source|event|indicator):)[^/;~@\x00-\x1f]+\Z")  # the signs that stand between ids elsewhere
UNREAD = "?"  # stands where something was written that is a finding already, so that it is not called missing too


@dataclass(frozen=True, slots=True)
class Record:
    """One row in the dictionary's columns. Values are as a log holds them: text, whole numbers, lists of text."""

    line: int
    number: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """What the values are checked against: the code lists and the places of the study."""

    pack: Pack
    gazetteer: Gazetteer

    def codes(self, name: str) -> Sequence[str]:
        """The codes of a list, of the house or of the pack."""
        core = tables.codes()
        return list(core[name]) if name in core else self.pack.codes(name)

    def nearest(self, name: str, text: str) -> list[str]:
        """Up to three codes of a list that look like `text` or whose label does; the first five where none does."""
        known: dict[str, str] = {}
        for code in self.codes(name):
            core = tables.codes().get(name, {}).get(code)
            labels = core or {lang: self.pack.label(name, code, lang) for lang in ("en", "fr")}
            for shown in (code, *labels.values()):
                known.setdefault(values.fold(shown), code)
        found = get_close_matches(values.fold(text), list(known), n=6, cutoff=0.6)
        return list(dict.fromkeys(known[shown] for shown in found))[:3] or list(self.codes(name))[:5]

    def read(self, rows: Rows, name: str) -> tuple[list[Record], list[Finding]]:
        """Records of the table `name`; every problem of the file as a finding."""
        known = tables.table(name)
        columns = [column for column in known.columns if column.name not in NOT_IN_FILES]
        problems = [*rows.findings, *_header(rows, columns)]
        if rows.findings and not rows.rows:
            return [], problems
        records: list[Record] = []
        for row in rows.rows:
            data, wrong = self._row(rows.file, row, columns)
            problems += wrong
            records.append(Record(row.line, row.number, data))
        return records, problems

    def _row(self, file: str, row: Row, columns: Sequence[Column]) -> tuple[dict[str, Any], list[Finding]]:
        data: dict[str, Any] = {}
        wrong: list[Finding] = []
        for column in columns:
            text = row.values.get(column.name, "")
            where: dict[str, Any] = {"file": file, "line": row.line, "row": row.number, "field": column.name}
            if not text:
                if column.required and column.name in row.values:
                    wrong.append(finding("value_missing", **where))
                continue
            value, problem = self.value(text, column)
            if problem is None and value != []:
                data[column.name] = value
            elif problem is not None:
                code, facts = problem
                if column.type in ("code", "place", "places"):
                    data[column.name] = [UNREAD] if column.type == "places" else UNREAD
                wrong.append(finding(code, **where, value=text[:80], **facts))
        return data, wrong

    def value(self, text: str, column: Column) -> tuple[Any, tuple[str, Mapping[str, Any]] | None]:
        """A cell in its column's type: (value, None), or (None, (code of the problem, facts))."""
        if column.type in ("codes", "places", "ids"):
            return self._several(text, column)
        if column.type == "place":
            code, facts = self.gazetteer.resolve(text)
            rest = {key: item for key, item in facts.items() if key != "code"}
            return (code, None) if code else (None, (facts["code"], rest))
        if column.type == "code" and column.codes:
            return self._code(text, column.codes)
        if column.name == "id" and not ID.match(text):
            return None, ("id_form", {})
        if column.type == "number":
            amount = values.number(text)
            return (None, ("number_unreadable", {})) if amount is None else (values.decimal_text(amount), None)
        parsers = {"integer": values.integer, "date": values.date, "period": values.period, "flag": values.flag}
        if column.type in parsers:
            value = parsers[column.type](text)
            return (None, (f"{column.type}_unreadable", {})) if value is None else (value, None)
        return text, None

    def _several(self, text: str, column: Column) -> tuple[Any, tuple[str, Mapping[str, Any]] | None]:
        kind = {"codes": "code", "places": "place", "ids": "text"}[column.type]
        single = Column(column.name, kind, column.meaning, column.codes)
        found: list[Any] = []
        for part in (values.clean(part) for part in text.split(";")):
            value, problem = self.value(part, single) if part else (None, None)
            if problem:
                return None, problem
            if value is not None:
                found.append(value)
        return found, None

    def _code(self, text: str, name: str) -> tuple[Any, tuple[str, Mapping[str, Any]] | None]:
        known = self.codes(name)
        if text in known or not known:
            return text, None
        code = {"units": "unit_unknown", "currencies": "unit_unknown", "bases": "unit_unknown"}.get(
            name, "code_unknown"
        )
        return None, (code, {"list": name, "nearest": ", ".join(self.nearest(name, text))})


def _header(rows: Rows, columns: Sequence[Column]) -> list[Finding]:
    """Columns the dictionary does not have, and required ones that are missing."""
    known = [column.name for column in columns]
    if not rows.names:
        return []
    unknown = [name for name in rows.names if name and name not in known]
    missing = [column.name for column in columns if column.required and column.name not in rows.names]
    return [
        *(finding("column_unknown", file=rows.file, line=1, field=name, known=", ".join(known)) for name in unknown),
        *(finding("column_missing", file=rows.file, line=1, field=name) for name in missing),
    ]
