"""A form as XLSForm (survey, choices, settings), for Kobo and ODK, and the mapping by which its exports come back."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from maillage.guides import Text
from maillage.publish.form_items import Form, Item, safe

NAMES = {"en": "English (en)", "fr": "French (fr)"}
DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP archive can name: the same form gives the same bytes
WIDE = {"label": 60, "hint": 40, "relevant": 40, "constraint": 40, "name": 28, "type": 30}
MADE = "# How an export of this form enters the study (docs/forms.md). Made by `maillage guide`; it may be edited.\n"


def xlsform(form: Form, langs: Sequence[str]) -> bytes:
    """The workbook of a form, its labels in `langs`, the first of them shown first."""
    survey = [_survey(item, langs) for item in form.items]
    choices = [
        {"list_name": name, "name": safe(code), **_texts("label", text, langs)}
        for name, codes in form.lists.items()
        for code, text in codes.items()
    ]
    settings = {
        "form_title": form.title[langs[0]], "form_id": form.id, "version": version(survey, choices),
        "default_language": NAMES[langs[0]], "instance_name": "${source_id}",
    }  # fmt: skip
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("survey", survey), ("choices", choices), ("settings", [settings])):
        _sheet(book.create_sheet(name), rows)
    raw = io.BytesIO()
    book.save(raw)
    return timeless(raw.getvalue())


def mapping(form: Form) -> str:
    """The mapping file of a form: which field becomes which column, and what its labels mean, in both languages."""
    questions: dict[str, Any] = {}
    for item in form.items:
        if item.type.startswith(("begin", "end", "note")):
            continue
        entry = {"labels": sorted({text for text in item.label.values() if text})}
        several = {"several": True} if item.type == "select_multiple" else {}
        questions[item.name] = entry | ({"list": item.list} if item.list else {}) | several
    used = {item.list for item in form.items}
    choices = {
        name: {code: list(dict.fromkeys([safe(code), text["en"], text["fr"]])) for code, text in codes.items()}
        for name, codes in form.lists.items() if name in used
    }  # fmt: skip
    parts = {
        "kind": "form", "form": form.id, "source": dict(form.source),
        "observations": [dict(rule) for rule in form.rules], "questions": questions, "choices": choices,
    }  # fmt: skip
    lines = [MADE]
    for key, part in parts.items():
        if isinstance(part, str):
            lines.append(f"{key}: {part}\n")
        else:
            lines += [f"{key}:\n", *_entries(part)]
    return "".join(lines)


def version(*parts: object) -> str:
    """Ten signs that change with the form, so that a server notices a new one."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]


def timeless(content: bytes) -> bytes:
    """An Office file without the hour it was made at and the program's names for its maker."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", data)
                data = re.sub(rb"(<(?:dc:creator|cp:lastModifiedBy)>)[^<]*", rb"\g<1>", data)
            info = zipfile.ZipInfo(name, DAY)
            info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return packed.getvalue()


def _survey(item: Item, langs: Sequence[str]) -> dict[str, str]:
    kind = f"{item.type} {item.list}" if item.list else item.type.replace("begin_", "begin ").replace("end_", "end ")
    row = {"type": kind, "name": item.name, **_texts("label", item.label, langs), **_texts("hint", item.hint, langs)}
    row |= {"required": item.required, "relevant": item.relevant, "constraint": item.constraint}
    row |= _texts("constraint_message", item.message, langs)
    return row | {"default": item.default, "appearance": item.appearance}


def _texts(column: str, text: Text, langs: Sequence[str]) -> dict[str, str]:
    return {f"{column}::{NAMES[lang]}": text.get(lang, "") for lang in langs}


def _sheet(sheet: Worksheet, rows: Sequence[dict[str, str]]) -> None:
    """Rows under a header that stays in sight; everything is text."""
    names = list(rows[0])
    for column, name in enumerate(names, 1):
        head = sheet.cell(1, column, name)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6EA")
        width = WIDE.get(name.split("::")[0], 18)
        sheet.column_dimensions[head.column_letter].width = width
    for line, row in enumerate(rows, 2):
        for column, name in enumerate(names, 1):
            if row[name]:
                cell = sheet.cell(line, column, row[name])
                cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _entries(part: Any) -> Iterator[str]:
    """One entry a line, so that a difference between two mappings can be read."""
    if isinstance(part, list):
        yield from (f"- {_flow(item)}\n" for item in part)
    else:
        yield from (f"  {_flow(key)}: {_flow(value)}\n" for key, value in part.items())


def _flow(value: Any) -> str:
    text = yaml.dump(
        value, Dumper=yaml.CSafeDumper, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")
