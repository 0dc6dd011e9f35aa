"""Submissions of a form as sources and observations, through the mapping file of the study (docs/forms.md).

Somebody who did not agree becomes a refusal and nothing else. Places on the ground are never taken, nor days: a month
is enough. Every submission has a digest over what it would enter, by which the next export is compared.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from maillage.errors import Finding, finding, has_errors
from maillage.intake.form_columns import Columns, UnclearError, columns, unread
from maillage.intake.form_export import SHEET_NAME, Export, Line, Sheet
from maillage.intake.form_map import FormMap, Told
from maillage.intake.observations import examine
from maillage.intake.records import Reader
from maillage.intake.rows import Row, Rows
from maillage.intake.values import fold

KEYS = ("_uuid", "meta/instanceID", "meta-instanceID", "meta.instanceID", "instanceID", "KEY")
PARENTS = ("_submission__uuid", "_parent_index", "PARENT_KEY")
DAY = re.compile(r"([0-9]{4}-[0-9]{2})-[0-9]{2}([T ].*)?\Z")
REFUSAL = ("id", "kind", "place", "date", "stakeholder", "sex", "age_band", "language", "consent", "refusal")
MONTHS = ("date", "period")


@dataclass(frozen=True, slots=True)
class Submission:
    """What one submission gives: a source, its observations with ids of their own, and where they stand."""

    key: str
    line: int
    source: dict[str, Any]
    observations: tuple[dict[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """Sixteen signs that change with anything that would be entered."""
        content = json.dumps([self.source, *self.observations], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Made:
    """A row for the dictionary before it is checked; `where` the place in the file of each of its columns."""

    sheet: str
    line: Line
    owner: str
    cells: Mapping[str, str]
    heads: Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    """What is found on the way."""

    sources: list[Made] = field(default_factory=list[Made])
    observations: list[Made] = field(default_factory=list[Made])
    found: list[Finding] = field(default_factory=list[Finding])


def read_form(
    export: Export, told: FormMap, reader: Reader, standing: pl.DataFrame
) -> tuple[list[Submission], list[Finding]]:
    """All submissions and everything wrong with the export; with any error none of it may be entered.

    standing: the statements of the study, for what is said to be confirmed by another source.
    """
    reading = _Reading()
    main = columns(export.main, told, told.fields)
    repeats = {rule.repeat: _repeat(export, told, rule.repeat) for rule in told.rules if rule.repeat}
    reading.found += _headers(export, main, repeats, told)
    keys = _keys(export.main, told, reading.found)
    if has_errors(reading.found):
        return [], reading.found
    lines = {name: _by_key(export.main, sheet.sheet, keys, reading.found) for name, sheet in repeats.items() if sheet}
    for line, key in keys.items():
        _one(reading, main, line, key, {name: (repeats[name], rows.get(key, [])) for name, rows in lines.items()})
    _twice(reading)
    sources = _checked(reading, reading.sources, "sources", reader)
    observations = _checked(reading, reading.observations, "observations", reader, standing)
    by_owner: dict[str, list[dict[str, Any]]] = {}
    for made, data in zip(reading.observations, observations, strict=True):
        by_owner.setdefault(made.owner, []).append(data)
    done = [
        Submission(made.owner, made.line.line, data, tuple(by_owner.get(made.owner, ())))
        for made, data in zip(reading.sources, sources, strict=True)
    ]
    return done, reading.found


def _repeat(export: Export, told: FormMap, name: str) -> Columns | None:
    """The sheet of a repeat by its name, cut where a spreadsheet cuts it, or its label."""
    labels = {fold(label) for label in told.question(name).labels}
    for sheet_name, sheet in export.repeats.items():
        last = re.split(r"[/-]", sheet_name)[-1]
        if name in (sheet_name, last) or sheet_name == name[:SHEET_NAME] or fold(sheet_name) in labels:
            wanted = [
                item.field for rule in told.rules if rule.repeat == name for item in rule.map.values() if item.field
            ]
            return columns(sheet, told, list(dict.fromkeys(wanted)))
    return None


def _headers(export: Export, main: Columns, repeats: Mapping[str, Columns | None], told: FormMap) -> Iterator[Finding]:
    """Questions without a column, columns that two questions claim, and columns and sheets that nobody reads."""
    label = export.main.label
    sheets = [main, *(sheet for sheet in repeats.values() if sheet)]
    inside = {item.field for rule in told.rules if rule.repeat for item in rule.map.values() if item.field}
    outside = [name for name in told.fields if name not in inside]
    for name in (name for name in outside if not main.has(name) and name not in main.doubtful):
        needed = name in (told.source["id"].field, told.source["consent"].field)
        yield finding("form_question_missing" if needed else "form_question_left", file=label, line=1, field=name)
    for sheet in sheets:
        for name, rivals in sheet.doubtful.items():
            yield finding("form_column_twice", file=sheet.sheet.label, line=1, field=name, heads=", ".join(rivals))
        points, others = unread(sheet, told.ignore)
        if points:
            yield finding("form_points_left", file=sheet.sheet.label, line=1, value=len(points), heads=_some(points))
        if others:
            yield finding("form_columns_left", file=sheet.sheet.label, line=1, value=len(others), heads=_some(others))
    read = {id(sheet.sheet) for sheet in sheets}
    for name, sheet in export.repeats.items():
        if id(sheet) not in read and sheet.lines and name not in told.ignore:
            yield finding("form_sheet_left", file=sheet.label, value=name)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


def _keys(main: Sheet, told: FormMap, found: list[Finding]) -> dict[Line, str]:
    """What names each submission whatever the export: never its place in the file."""
    names = (told.key,) if told.key else KEYS
    at = next((main.names.index(name) for name in names if name in main.names), None)
    if at is None:
        found.append(finding("form_key_column", file=main.label, line=1, names=", ".join(names)))
        return {}
    keys: dict[Line, str] = {}
    seen: dict[str, int] = {}
    for line in main.lines:
        key = line.cells[at].removeprefix("uuid:").strip()
        if not key or "/" in key:
            found.append(
                finding("form_key_blank", file=main.label, line=line.line, row=line.number, field=main.names[at])
            )
        elif key in seen:
            found.append(finding("form_key_twice", file=main.label, line=line.line, row=line.number,
                                 field=main.names[at], value=key, first=seen[key]))  # fmt: skip
        seen.setdefault(key, line.line)
        keys[line] = key
    return keys


def _by_key(main: Sheet, sheet: Sheet, keys: Mapping[Line, str], found: list[Finding]) -> dict[str, list[Line]]:
    """The rows of a repeat by submission: by its key where the export repeats it, else by its place in this export."""
    name = next((name for name in PARENTS if name in sheet.names), None)
    if name is None:
        if sheet.lines:
            found.append(finding("form_parent_column", file=sheet.label, line=1, names=", ".join(PARENTS)))
        return {}
    at = sheet.names.index(name)
    places = {key: key for key in keys.values()}
    if name == "_parent_index":
        index = main.names.index("_index") if "_index" in main.names else None
        places = {(line.cells[index] if index is not None else str(line.number)): key for line, key in keys.items()}
    rows: dict[str, list[Line]] = {}
    for line in sheet.lines:
        parent = line.cells[at].removeprefix("uuid:").split("/")[0]
        if parent not in places:
            where: dict[str, Any] = {"file": sheet.label, "line": line.line, "row": line.number, "field": name}
            found.append(finding("form_orphan", **where, value=line.cells[at]))
        else:
            rows.setdefault(places[parent], []).append(line)
    return rows


Repeats = Mapping[str, tuple[Columns | None, Sequence[Line]]]


def _one(reading: _Reading, main: Columns, line: Line, key: str, repeats: Repeats) -> None:
    """The source of a submission and, where the person agreed, its observations."""
    source = _made(reading, main, line, main.told.source, key)
    name, consent = source.cells.get("id", ""), source.cells.get("consent", "")
    where: dict[str, Any] = {"file": main.sheet.label, "line": line.line, "row": line.number}
    if not consent:
        reading.found.append(finding("form_consent_blank", **where, field=source.heads.get("consent"), value=key))
        return
    if consent != "none":
        reading.sources.append(source)
        rows = _observations(reading, main, line, key, repeats)
        reading.observations += [
            replace(row, cells={**row.cells, "source": name, "id": f"{name}.{row.cells['id']}"}) for row in rows
        ]
        return
    kept = {column: text for column, text in source.cells.items() if column in REFUSAL}
    reading.sources.append(replace(source, cells=kept))
    answers = [
        row for row in _observations(_Reading(), main, line, key, repeats) if row.cells.get("answer") != "not_asked"
    ]
    if answers:
        reading.found.append(finding("form_refused_answers", **where, value=name, count=len(answers)))


def _observations(reading: _Reading, main: Columns, line: Line, key: str, repeats: Repeats) -> Iterator[Made]:
    for rule in main.told.rules:
        if any(not set(_values(reading, main, line, name)) & set(wanted) for name, wanted in rule.when.items()):
            continue
        if rule.repeat:
            sheet, lines = repeats.get(rule.repeat, (None, ()))
            rows = [_made(reading, sheet, row, rule.map, key) for row in lines] if sheet else []
            yield from (_named(made, f"{rule.id}.{number}") for number, made in enumerate(rows, 1) if _says(made))
        elif rule.each:
            made = _made(reading, main, line, rule.map, key)
            column = next(name for name, item in rule.map.items() if item.field == rule.each)
            for code in _values(reading, main, line, rule.each):
                yield _named(replace(made, cells={**made.cells, column: code}), f"{rule.id}.{code}")
        elif _says(made := _made(reading, main, line, rule.map, key)):
            yield _named(made, rule.id)


def _says(made: Made) -> bool:
    """Whether anything was answered, beside what is the same in every row."""
    return bool(made.heads.keys() & made.cells.keys())


def _named(made: Made, ident: str) -> Made:
    return replace(made, cells={**made.cells, "id": ident})


def _made(reading: _Reading, sheet: Columns, line: Line, told: Mapping[str, Told], key: str) -> Made:
    """A row in our columns; what cannot be told is a finding and a blank."""
    cells: dict[str, str] = {}
    heads: dict[str, str] = {}
    for column, item in told.items():
        if item.const is not None:
            cells[column] = item.const
        elif item.field and sheet.has(item.field):
            heads[column] = item.field
            text = ";".join(_values(reading, sheet, line, item.field))
            month = DAY.match(text) if column in MONTHS else None
            if text:
                cells[column] = month[1] if month else text
    return Made(sheet.sheet.label, line, key, cells, heads)


def _values(reading: _Reading, sheet: Columns, line: Line, name: str) -> list[str]:
    try:
        return sheet.values(line, name)
    except UnclearError as problem:
        where: dict[str, Any] = {"file": sheet.sheet.label, "line": line.line, "row": line.number, "field": name}
        found = finding(problem.code, **where, value=problem.value[:80])
        if found not in reading.found:
            reading.found.append(found)
        return []


def _twice(reading: _Reading) -> None:
    """Two submissions that claim to be the same source."""
    seen: dict[str, Made] = {}
    for made in reading.sources:
        name = made.cells.get("id", "")
        if name in seen:
            where: dict[str, Any] = {"file": made.sheet, "line": made.line.line, "row": made.line.number}
            reading.found.append(
                finding(
                    "form_source_twice", **where, field=made.heads.get("id"), value=name, first=seen[name].line.line
                )
            )
        seen.setdefault(name, made)


def _checked(
    reading: _Reading, rows: Sequence[Made], name: str, reader: Reader, standing: pl.DataFrame | None = None
) -> list[dict[str, Any]]:
    """Rows in the types of the dictionary; problems name the file's own question, line and row."""
    names = list(dict.fromkeys(column for made in rows for column in made.cells))
    given = [
        Row(made.line.line, number, {column: made.cells.get(column, "") for column in names})
        for number, made in enumerate(rows)
    ]
    records, problems = reader.read(Rows("", names, given, []), name)
    if standing is not None:
        sources = {record.data.get("source", ""): str(record.data.get("source")) for record in records}
        problems += examine(records, problems, "", reader=reader, clusters=sources, standing=standing)
    reading.found += [_placed(item, rows) for item in problems if item.row is not None]
    return [record.data for record in records]


def _placed(item: Finding, rows: Sequence[Made]) -> Finding:
    """A problem of a row where it stands in the export."""
    made = rows[item.row or 0]
    head = made.heads.get(item.field or "", item.field)
    return replace(item, file=made.sheet, line=made.line.line, row=made.line.number, field=head)
