"""A document as a tagged PDF (PDF/UA-1), set by typst from the document as data.

Words of a study go in as JSON and come out as text: the template never evaluates them. The date is the document's, the
faces are those of the packages, so that the same document gives the same bytes anywhere.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from maillage import numbers, tables
from maillage.blocks import (
    Block,
    Cell,
    Document,
    Explanation,
    Figure,
    Gap,
    Heading,
    Items,
    KeyFinding,
    Link,
    Number,
    Section,
    Span,
    Table,
    Text,
)
from maillage.labels import phrases
from maillage.publish import drawings, fonts
from maillage.publish.walk import ids_of

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
LEVELS = ("very_low", "low", "medium", "high", "very_high")
BREAKS = re.compile(r"[ /–-]")  # where typst may break a line; a no-break space is none
TURN = Lock()  # a compiler sets one document at a time
LONG_CELL, WIDE_TABLE = 16, 4


def render(document: Document) -> bytes:
    """The PDF. Numbers of key findings carry what stands behind them as footnotes."""
    payload = json.dumps(_Writer(document).document(), ensure_ascii=False, sort_keys=True)
    with TURN:
        made = _compiler().compile(
            format="pdf", sys_inputs={"document": payload}, pdf_standards=["ua-1"], timestamp=_timestamp(document)
        )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    faces = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in fonts.FOLDERS]
    )
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=faces, ignore_system_fonts=True)


def _day(text: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    return (int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None


def _timestamp(document: Document) -> int:
    """Seconds since 1970 of the document's day, by the civil calendar (no clock, no time zone)."""
    year, month, day = _day(document.date) or (1970, 1, 1)
    shifted = year - (month <= 2)
    days = (
        365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    )
    return (days - 719468) * 86400


class _Writer:
    """The document as the template's data: plain lists, strings and numbers."""

    def __init__(self, document: Document) -> None:
        self.doc = document
        self.known = set(ids_of(document))
        self.finding = 0
        self.depth = 1

    def say(self, key: str, **facts: object) -> str:
        """A sentence of the report's frame."""
        return phrases()[key][self.doc.lang].format(**facts)

    def code(self, name: str, value: str) -> str:
        """A label of a list of the house."""
        entry = tables.codes().get(name, {}).get(value)
        return entry[self.doc.lang] if entry else value

    def document(self) -> dict[str, Any]:
        """Everything the template reads."""
        doc = self.doc
        status = self.say("report_status", status=self.code("release_status", doc.status))
        dated = self.say("report_dated", date=numbers.date(doc.date, doc.lang)) if doc.date else ""
        synthetic = self.say("report_synthetic")
        footer = [part for part in (synthetic if doc.synthetic else "", dated, doc.notice) if part]
        return {
            "lang": doc.lang, "title": doc.title, "subtitle": doc.subtitle, "notice": doc.notice,
            "synthetic": doc.synthetic,
            "day": _day(doc.date), "meta": [[status, dated], *([label, text] for label, text in doc.meta.items())],
            "words": {
                "status": status, "footer": footer, "page": self.say("report_page_word"),
                "contents": self.say("report_contents"), "synthetic": synthetic,
            },
            "colours": dict(drawings.LIGHT), "sections": [self.section(section) for section in doc.sections],
        }  # fmt: skip

    def section(self, section: Section) -> dict[str, Any]:
        """One section; its headings never skip a level, as PDF/UA asks."""
        self.depth = 1
        return {"id": section.id, "title": section.title, "blocks": [self.block(block) for block in section.blocks]}

    def block(self, block: Block) -> dict[str, Any]:
        """One block."""
        kind = {"k": type(block).__name__.lower()}
        if isinstance(block, Heading):
            self.depth = min(block.level - 1, self.depth + 1)
            return kind | {"level": self.depth, "id": block.id, "spans": self.cell(block.spans)}
        if isinstance(block, Items):
            return kind | {"ordered": block.ordered, "items": [self.cell(item) for item in block.items]}
        if isinstance(block, Table):
            source = self.say("report_source", source=block.source) if block.source else ""
            wide = block.wide or len(block.columns) > WIDE_TABLE
            return kind | {
                "title": block.title,
                "table": self.grid(block),
                "note": block.note,
                "source": source,
                "wide": wide,
            }
        if isinstance(block, Figure):
            return kind | self.figure(block)
        if isinstance(block, KeyFinding):
            return kind | self.key_finding(block)
        if isinstance(block, Gap):
            more = [("report_missing", "what", block.missing), ("report_how", "how", block.how)]
            return kind | {
                "spans": self.cell(block.spans),
                "label": block.label or self.say("report_gap"),
                "more": [self.say(key, **{name: text}) for key, name, text in more if text],
            }
        return kind | {"spans": self.cell(block.spans)}

    def figure(self, block: Figure) -> dict[str, Any]:
        """A drawing in plain colours; its table stays in the page and the data files."""
        svg = drawings.coloured(block.svg, font=fonts.SANS)
        width = re.search(r'<svg[^>]*? width="([\d.]+)', svg)
        return {
            "title": block.title, "subtitle": block.subtitle, "svg": svg, "alt": block.alt, "wide": block.wide,
            "source": self.say("report_source", source=block.source) if block.source else "",
            "width": float(width[1]) if width else 640.0,
        }  # fmt: skip

    def key_finding(self, block: KeyFinding) -> dict[str, Any]:
        """A key finding; each of its numbers carries a footnote."""
        self.finding += 1
        word = self.say("report_confidence_none")
        if block.confidence:
            word = self.say("report_confidence", word=self.code("confidence", block.confidence))
        return {
            "position": self.finding, "spans": self.cell(block.spans, notes=True), "word": word,
            "because": block.because,
            "level": LEVELS.index(block.confidence) + 1 if block.confidence in LEVELS else 0,
        }  # fmt: skip

    def grid(self, table: Table) -> dict[str, Any]:
        """A table with one alignment and one width a column: 0 as narrow as its words, else a share of the rest."""
        align = [*table.align, *["left"] * (len(table.columns) - len(table.align))]
        rows = [[self.cell(cell) for cell in row] for row in table.rows]
        return {"columns": list(table.columns), "rows": rows, "align": align, "widths": list(_widths(table))}

    def cell(self, cell: Cell, *, notes: bool = False) -> list[dict[str, Any]]:
        """Spans, with footnotes for numbers where asked."""
        return [self.span(span, notes=notes) for span in cell]

    def span(self, span: Span, *, notes: bool) -> dict[str, Any]:
        """One span."""
        if isinstance(span, Text):
            return {"k": "text", "t": span.text, "s": span.style}
        if isinstance(span, Number):
            behind = self.doc.explanations.get(span.estimate) if notes else None
            return {"k": "number", "t": span.text, "note": self.note(behind) if behind else None}
        if isinstance(span, Link):
            inside = span.target.startswith("#") and span.target[1:] in self.known
            outside = span.target.startswith(("https://", "http://"))
            target = span.target[1:] if inside else span.target if outside else None
            return {"k": "link", "t": span.text, "to": target, "inside": inside}
        return {"k": "literal", "t": span.text}

    def note(self, behind: Explanation) -> str:
        """What stands behind a number, in one footnote."""
        return " ".join(f"{part.rstrip('.')}." for part in self.note_parts(behind) if part)

    def note_parts(self, behind: Explanation) -> Iterable[str]:
        """Label and value, statements by kind of source, interval, confidence and why, method."""
        colon = f"{numbers.NBSP}: " if self.doc.lang == "fr" else ": "
        yield f"{behind.label} – {behind.value}"
        if behind.counts:
            pro, con = self.say("explain_for"), self.say("explain_against")
            told = [f"{kind} {yes} {pro}" + (f", {no} {con}" if no else "") for kind, yes, no in behind.counts]
            yield self.say("explain_behind") + colon + "; ".join(told)
        if behind.interval:
            yield self.say("explain_interval") + colon + behind.interval
        if behind.change:
            yield self.say("explain_change") + colon + behind.change
        if behind.method:
            yield self.say("explain_method") + colon + behind.method


def _widths(table: Table) -> Iterator[int]:
    """Long columns share the room by the length of their text, never under their longest word; short ones are as wide
    as they need."""
    for position, name in enumerate(table.columns):
        texts = [text for row in table.rows if (text := "".join(span.text for span in row[position]))]
        longest = max([len(name), *map(len, texts)], default=0)
        unbroken = max(len(part) for text in [name, *texts] for part in BREAKS.split(text))
        yield 0 if longest <= LONG_CELL else max(12, unbroken + 2, min(_mean(texts), 60))


def _mean(texts: Sequence[str]) -> int:
    return sum(map(len, texts)) // max(1, len(texts))
