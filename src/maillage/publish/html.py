"""A document as one HTML file: no network, complete without a script, every number opens what stands behind it.

The template escapes everything; only the page's own style and script and checked drawings go in as they are.
"""

import base64
import csv
import hashlib
import io
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from maillage import cached, numbers, tables
from maillage.blocks import Block, Cell, Document, Figure, KeyFinding, Number, Table
from maillage.labels import sentence as filled
from maillage.publish import drawings, fonts, typography
from maillage.publish.walk import printed_numbers
from maillage.spreadsheet import defused

TEMPLATES = Path(__file__).parent / "templates"
LONG_TABLE = 15  # rows; with a script longer tables wait behind their heading
LEVELS = ("very_low", "low", "medium", "high", "very_high")
ADDRESS = re.compile(r"(#[\w./~:@-]+|https?://[^\s\"'<>]+)\Z")


@dataclass(frozen=True, slots=True)
class Findings:
    """Key findings that stand together as one list."""

    items: Sequence[KeyFinding]


@dataclass(frozen=True, slots=True)
class Split:
    """Key findings beside the drawing that follows them."""

    items: Sequence[KeyFinding]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as the template draws it: one alignment a column."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    align: Sequence[str]


def render(document: Document) -> str:
    """The page. Notes are numbered in the order in which the report first prints their numbers."""
    order = [ident for ident in printed_numbers(document) if ident in document.explanations]
    notes = {ident: position for position, ident in enumerate(order, 1)}
    body = _template().render(
        **_words(document.lang),
        doc=document,
        notes=notes,
        explained=[(notes[ident], document.explanations[ident]) for ident in order],
        dated=numbers.date(document.date, document.lang) if document.date else "",
        script=Markup(_script()),
        style=Markup("%%STYLE%%"),
        policy="%%POLICY%%",
    )
    body = typography.unbroken(body)
    style = _style(_text(body)) + _on_each_page(document)
    policy = _policy(style, _script())
    return body.replace("%%POLICY%%", policy, 1).replace("%%STYLE%%", style, 1)


def _words(lang: str) -> dict[str, Any]:
    """What the template says: sentences and labels of codes in the language of the document."""

    def say(language: str, key: str, **facts: object) -> str:
        return typography.signed(filled(key, language, **facts), language)

    @cache
    def fixed(key: str) -> Markup:
        return escape(say(lang, key))

    def sentence(key: str, **facts: object) -> str:
        return say(lang, key, **facts) if facts else fixed(key)

    @cache
    def code(name: str, value: str) -> str:
        entry = tables.codes().get(name, {}).get(value)
        return typography.signed(entry[lang], lang) if entry else value

    return {"t": sentence, "say": say, "code": code}


class _Compiled(BytecodeCache):
    """The compiled template, kept in the user's cache folder: compiling it takes as long as a page."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """From the cache; the bucket itself says whether it is of this Python and this template."""
        found = cached.found("template", _key(bucket))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Into the cache."""
        cached.keep("template", _key(bucket), bucket.bytecode_to_string())


def _key(bucket: Bucket) -> bytes:
    """What compiled code depends on: versions, and the template with its settings."""
    settings = f"{version('jinja2')} {version('maillage')} {sys.version} {LONG_TABLE}"
    return f"{settings}\0{bucket.key}\0{bucket.checksum}".encode()


@cache
def environment() -> Environment:
    """The template's world, the same for every page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_Compiled(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known: dict[str, Any] = {
        "kind": _kind, "plain": _plain, "target": _target, "laid": _laid,
        "csv": table_csv_link, "drawing": _drawing, "arranged": arranged, "levels": LEVELS, "long_table": LONG_TABLE,
    }  # fmt: skip
    environment.globals.update(known)
    return environment


def _template() -> Any:
    return environment().get_template("report.html")


@cache
def _script() -> str:
    return (TEMPLATES / "report.js").read_text("utf-8")


def _style(text: str) -> str:
    """The faces cut to the characters of the page, the palette, the stylesheet."""
    sheet = (TEMPLATES / "report.css").read_text("utf-8").replace("ROLES", _roles())
    return "\n".join((fonts.stylesheet(text), drawings.palette(), sheet))


@cache
def _roles() -> str:
    """How drawings take their colours: by currentColor where an element names it, else by the usual property."""
    rules: list[str] = []
    painted = '[fill="currentColor"],[stroke="currentColor"],[fill="none"],line,polyline'
    for role in drawings.ROLES:
        rules.append(f".chart .{role}{{color:var(--{role})}}")
        rules.append(f".chart .{role}:not({painted}){{fill:var(--{role})}}")
        rules.append(
            f'.chart :is(line,polyline,[fill="none"]).{role}:not([stroke="currentColor"]){{stroke:var(--{role})}}'
        )
    return "\n".join(rules)


def _text(body: str) -> str:
    return re.sub(r"<[^>]*>", "", body) + "".join(re.findall(r'content:"([^"]*)"', body))


def _on_each_page(document: Document) -> str:
    """Head of every printed page: how far the document has come, that it is synthetic. Both are words of the house."""
    words = _words(document.lang)
    marks = [words["t"]("report_status", status=words["code"]("release_status", document.status))]
    marks += [words["t"]("report_synthetic")] if document.synthetic else []
    text = " · ".join(marks).replace("\\", "").replace('"', "'").replace("<", "")
    return f'\n@page{{@top-left{{content:"{text}";font:600 8pt "Source Sans Pro",sans-serif}}}}'


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded, and only this very style and script apply."""
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _kind(block: Block) -> str:
    return type(block).__name__.lower()


def _plain(value: float | None) -> str:
    return "" if value is None else numbers.decimal_text(value)


def _target(address: str) -> str:
    """An anchor of the page or a public address; anything else (a script, a file) leads nowhere."""
    return address if ADDRESS.match(address) else ""


def _laid(table: Table) -> Grid:
    align = [*table.align, *["left"] * (len(table.columns) - len(table.align))]
    return Grid(table.title, table.columns, table.rows, align)


def _drawing(figure: Figure) -> Markup:
    return Markup(drawings.checked(figure.svg))


def arranged(blocks: Sequence[Block]) -> list[Block | Findings | Split]:
    """Blocks with neighbouring key findings drawn together, and beside the drawing that follows them."""
    found: list[Block | Findings | Split] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, KeyFinding):
            if isinstance(last, Findings):
                found[-1] = Findings([*last.items, block])
            else:
                found.append(Findings([block]))
        elif isinstance(block, Figure) and isinstance(last, Findings) and not block.wide:
            found[-1] = Split(last.items, block)
        else:
            found.append(block)
    return found


def table_csv(table: Table) -> str:
    """The table as CSV: numbers as values, words as words; a cell that a spreadsheet would run is defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([defused(name) for name in table.columns])
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def table_csv_link(table: Table) -> str:
    """The same as an address that needs no server."""
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + table_csv(table), safe=" ,:;/()")


def _cell(cell: Cell) -> str:
    if len(cell) == 1 and isinstance(cell[0], Number) and cell[0].value is not None:
        return _plain(cell[0].value)
    return defused("".join(span.text for span in cell))


def facts(document: Document) -> Mapping[str, int]:
    """What a page holds, for progress and tests: sections, numbers, notes."""
    return {
        "sections": len(document.sections),
        "numbers": len(list(printed_numbers(document))),
        "notes": len(document.explanations),
    }
