"""Exports as Kobo and ODK write them, of our own form, made by script: names or labels, any layout, any trap."""

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from maillage import pack as packs
from maillage.publish.form_items import Form, Item, form, safe
from maillage.publish.xlsform import mapping
from small_evidence import PLACES, table

Answers = Mapping[str, Any]
SYSTEM = (
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_index",
)


@cache
def guide_form() -> Form:
    nexus = packs.load("nexus")
    assert nexus.guide is not None
    return form(nexus, nexus.guide, table(PLACES, "places"), id="guide", title={"en": "Guide", "fr": "Guide"})


def guide_map(path: Path, **change: str) -> Path:
    """The mapping of our form as a file; `change` replaces words in it."""
    text = mapping(guide_form())
    for old, new in change.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return path


def key(number: int) -> str:
    return str(uuid.UUID(int=0x4A0000000000000080000000 << 32 | number, version=4))


def agreed(number: int, **answers: Any) -> dict[str, Any]:
    """A submission of somebody who agreed."""
    plain = {"source_id": f"I{number:02}", "place": "EX0101", "month": "2025-03-01", "stakeholder": "trader",
             "sex": "female", "age_band": "55+", "language": "fr", "consent": "anonymous", "use": ["research"],
             "quotes": "no"}  # fmt: skip
    return {"_uuid": key(number), **plain, **answers}


def refused(number: int, **answers: Any) -> dict[str, Any]:
    return agreed(number, consent="none", use=[], quotes="", refusal="fear", **answers)


@dataclass
class Layout:
    """How an export is written: `lang` None = names; `groups` in headers; `choices` joined, columns or both."""

    lang: str | None = None
    groups: bool = False
    choices: str = "both"
    hxl: bool = False
    extra: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def _label(item: Item, lang: str | None) -> str:
    return item.label[lang] if lang else item.name


def _value(item: Item, code: str, lang: str | None) -> str:
    if item.list is None or code not in guide_form().lists[item.list]:
        return code
    return guide_form().lists[item.list][code][lang] if lang else safe(code)


def tables(submissions: Sequence[Answers], how: Layout | None = None) -> dict[str, list[list[Any]]]:
    """Sheets by name, each with its header; the first holds the submissions."""
    how = how or Layout()
    columns: dict[str, list[tuple[str, Item, str | None]]] = {"": []}
    path: list[str] = []
    repeat = ""
    for item in guide_form().items:
        if item.type == "begin_repeat":
            repeat = item.name
            columns[repeat] = []
        elif item.type == "end_repeat":
            repeat = ""
        elif item.type == "begin_group":
            path.append(_label(item, how.lang))
        elif item.type == "end_group":
            path.pop()
        else:
            columns[repeat] += _columns(item, "/".join(path) + "/" if how.groups else "", how)
    sheets = {"": _sheet(columns[""], submissions, how)}
    for name, found in columns.items():
        if name:
            rows = [(number, each, one) for number, one in enumerate(submissions, 1) for each in one.get(name, ())]
            body = _sheet(found, [each for _, each, _ in rows], how)
            body[0] += ["_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"]
            for index, (line, (number, _, one)) in enumerate(zip(body[1:], rows, strict=True), 1):
                line += [str(index), "guide", str(number), str(9000 + number), one["_uuid"]]
            sheets[name] = body
    return {"guide": _with_system(sheets.pop(""), submissions, how), **sheets}


def _columns(item: Item, head: str, how: Layout) -> list[tuple[str, Item, str | None]]:
    name = head + _label(item, how.lang)
    found: list[tuple[str, Item, str | None]] = []
    if item.type != "select_multiple" or how.choices in ("joined", "both"):
        found.append((name, item, None))
    if item.type == "select_multiple" and how.choices in ("columns", "both"):
        found += [
            (f"{name}/{_value(item, code, how.lang)}", item, code) for code in guide_form().lists[item.list or ""]
        ]
    return found


def _sheet(columns: Sequence[tuple[str, Item, str | None]], rows: Sequence[Answers], how: Layout) -> list[list[Any]]:
    body: list[list[Any]] = [[name for name, _, _ in columns]]
    for row in rows:
        line: list[Any] = []
        for _, item, code in columns:
            told = row.get(item.name, "")
            if code is not None:
                line.append(("1" if code in told else "0") if told else "")
            elif isinstance(told, list | tuple):
                line.append(" ".join(_value(item, each, how.lang) for each in told))
            else:
                line.append(_value(item, told, how.lang) if isinstance(told, str) else told)
        body.append(line)
    return body


def _with_system(body: list[list[Any]], submissions: Sequence[Answers], how: Layout) -> list[list[Any]]:
    body[0] += [*how.extra, *SYSTEM]
    for number, (line, one) in enumerate(zip(body[1:], submissions, strict=True), 1):
        line += [values[number - 1] for values in how.extra.values()]
        line += [
            str(9000 + number),
            one["_uuid"],
            "2025-03-14T10:22:31",
            "",
            "",
            "submitted_via_web",
            "",
            "v1",
            str(number),
        ]
    if how.hxl:
        body.insert(1, ["#meta+id" if number % 3 else "" for number, _ in enumerate(body[0])])
    return body


def xlsx(path: Path, submissions: Sequence[Answers], how: Layout | None = None) -> Path:
    """An export of Kobo with a sheet for each repeat."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables(submissions, how).items():
        sheet = book.create_sheet(name[:31])
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value not in ("", None):
                    cell = sheet.cell(line, column, value)
                    if isinstance(value, str) and not value.startswith("="):
                        cell.data_type = "s"
    book.save(path)
    return path


def csv_text(rows: Sequence[Sequence[Any]], delimiter: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def kobo_csv(path: Path, submissions: Sequence[Answers], how: Layout | None = None, delimiter: str = ";") -> Path:
    """The submissions as Kobo writes them in CSV: no repeats."""
    path.write_bytes(b"\xef\xbb\xbf" + csv_text(tables(submissions, how)["guide"], delimiter).encode())
    return path


def odk_csv(path: Path, submissions: Sequence[Answers]) -> Path:
    """As ODK Central: groups before a hyphen, KEY, and a file for each repeat with PARENT_KEY."""
    found = tables(submissions, Layout(groups=True, choices="joined"))
    main = found.pop("guide")
    names = [str(name).replace("/", "-") for name in main[0]]
    keep = [at for at, name in enumerate(names) if not name.startswith("_")]
    rows = [[*(names[at] for at in keep), "meta-instanceID", "KEY", "SubmissionDate"]]
    for line, one in zip(main[1:], submissions, strict=True):
        rows.append(
            [*(line[at] for at in keep), f"uuid:{one['_uuid']}", f"uuid:{one['_uuid']}", "2025-03-14T10:22:31Z"]
        )
    path.write_text(csv_text(rows, ","), "utf-8")
    for name, body in found.items():
        heads = [str(head).replace("/", "-") for head in body[0][:-5]]
        lines = [[*heads, "PARENT_KEY", "KEY"]]
        lines += [[*row[:-5], f"uuid:{row[-1]}", f"uuid:{row[-1]}/{name}[{row[-5]}]"] for row in body[1:]]
        (path.parent / f"{path.stem}-{name}.csv").write_text(csv_text(lines, ","), "utf-8")
    return path


def standing() -> pl.DataFrame:
    return table("source | kind | question", "observations")
