"""A document as a tagged PDF (PDF/UA-1), set by typst from the document as data.

Words of a study go in as JSON and come out as text: the template never evaluates them. The date is the document's, the
faces are those of the packages, so that the same document gives the same bytes anywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.blocks import (
    Block,
    Cell,
    Document,
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
from maillage.publish import drawings, paging, paper, typeset
from maillage.publish.walk import ids_of

TEMPLATE = "report.typ"
SHORT = 6  # rows up to which the template breaks no table


def render(document: Document) -> bytes:
    """The PDF. Numbers of key findings carry what stands behind them as footnotes."""
    return typeset.pdf(TEMPLATE, _paged(data(document)), timestamp=paper.timestamp(document))


def _paged(told: dict[str, Any]) -> dict[str, Any]:
    """The same data, the blocks of each section in an order that leaves no page half empty."""
    sections = told["sections"]
    bare = told | {"sections": [{"blocks": [_hollow(block) for block in part["blocks"]]} for part in sections]}
    high = {(at, order): size for at, order, size in typeset.sizes(TEMPLATE, bare)}
    kinds = [[(_kind(block), high[at, order]) for order, block in enumerate(section["blocks"])]
             for at, section in enumerate(sections)]  # fmt: skip
    ordered = [
        section | {"blocks": [_smaller(section["blocks"][order], part) for order, part in found]}
        for section, found in zip(sections, paging.plan(kinds), strict=True)
    ]
    return told | {"sections": ordered}


def _kind(block: Mapping[str, Any]) -> str:
    """The kind of a block for `paging`: a table that is never broken and a drawing with small letters stand apart."""
    if block["k"] == "table":
        return "short" if len(block["table"]["rows"]) <= SHORT else "table"
    return "narrow" if _narrow(block) else str(block["k"])


def _smaller(block: dict[str, Any], part: float) -> dict[str, Any]:
    """A drawing, or two side by side, at a part of its size."""
    if part == 1:
        return block
    figures = {"figures": [figure | {"scale": part} for figure in block["figures"]]} if "figures" in block else {}
    return block | {"scale": part} | figures


def _hollow(block: dict[str, Any]) -> dict[str, Any]:
    """A block of the same height whose drawings are blank: to draw them twice would take most of the time."""
    told = dict(block)
    if "svg" in block:
        told["svg"] = block["svg"][: block["svg"].index(">") + 1] + "</svg>"
    if "figures" in block:
        told["figures"] = [_hollow(figure) for figure in block["figures"]]
    return told


def data(document: Document) -> dict[str, Any]:
    """The document as a template reads it: plain lists, strings and numbers."""
    return _Writer(document).document()


class _Writer:
    """The document as the template's data: plain lists, strings and numbers."""

    def __init__(self, document: Document) -> None:
        self.doc = document
        self.words = paper.Words(document.lang)
        self.known = set(ids_of(document))
        self.finding = 0
        self.depth = 1

    def document(self) -> dict[str, Any]:
        """Everything the template reads."""
        doc = self.doc
        say, status, dated = self.words.say, paper.status(doc), paper.dated(doc)
        footer = [part for part in (paper.synthetic(doc), dated) if part]
        return {
            "lang": doc.lang, "title": doc.title, "subtitle": doc.subtitle, "notice": doc.notice,
            "synthetic": doc.synthetic, "dated": dated,
            "day": paper.day(doc.date), "meta": [[status, dated], *([label, text] for label, text in doc.meta.items())],
            "words": {
                "colon": say("report_colon"),
                "status": status, "footer": footer, "page": say("report_page_word"),
                "contents": say("report_contents"), "synthetic": say("report_synthetic"),
            },
            "colours": dict(drawings.LIGHT), "sections": [self.section(section) for section in doc.sections],
        }  # fmt: skip

    def section(self, section: Section) -> dict[str, Any]:
        """One section; its headings never skip a level, as PDF/UA asks."""
        self.depth = 1
        made = _paired([self.block(block) for block in section.blocks])
        return {"id": section.id, "title": section.title, "blocks": made}

    def block(self, block: Block) -> dict[str, Any]:
        """One block."""
        kind = {"k": type(block).__name__.lower()}
        if isinstance(block, Heading):
            self.depth = min(block.level - 1, self.depth + 1)
            return kind | {"level": self.depth, "id": block.id, "spans": self.cell(block.spans)}
        if isinstance(block, Items):
            return kind | {"ordered": block.ordered, "items": [self.cell(item) for item in block.items]}
        if isinstance(block, Table):
            wide = block.wide or len(block.columns) > paper.WIDE_TABLE
            return kind | {
                "title": block.title,
                "table": self.grid(block),
                "note": block.note,
                "source": self.words.source(block.source),
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
                "label": block.label or self.words.say("report_gap"),
                "more": [self.words.say(key, **{name: text}) for key, name, text in more if text],
            }
        return kind | {"spans": self.cell(block.spans)}

    def figure(self, block: Figure) -> dict[str, Any]:
        """A drawing in plain colours; its table stays in the page and the data files."""
        svg = paper.drawn(block.svg)
        return {
            "title": block.title, "subtitle": block.subtitle, "svg": svg, "alt": block.alt, "wide": block.wide,
            "source": self.words.source(block.source),
            "width": paper.width(svg), "tall": not block.wide and paper.tall(svg),
        }  # fmt: skip

    def key_finding(self, block: KeyFinding) -> dict[str, Any]:
        """A key finding; each of its numbers carries a footnote."""
        self.finding += 1
        return {
            "position": self.finding, "spans": self.cell(block.spans, notes=True),
            "word": self.words.confidence(block.confidence),
            "because": block.because,
            "level": paper.LEVELS.index(block.confidence) + 1 if block.confidence in paper.LEVELS else 0,
        }  # fmt: skip

    def grid(self, table: Table) -> dict[str, Any]:
        """A table with one alignment and one width a column: 0 as narrow as its words, else a share of the rest."""
        align = [*table.align, *["left"] * (len(table.columns) - len(table.align))]
        rows = [[self.cell(cell) for cell in row] for row in table.rows]
        return {"columns": list(table.columns), "rows": rows, "align": align, "widths": list(paper.widths(table))}

    def cell(self, cell: Cell, *, notes: bool = False) -> list[dict[str, Any]]:
        """Spans, with footnotes for numbers where asked."""
        return [self.span(span, notes=notes) for span in cell]

    def span(self, span: Span, *, notes: bool) -> dict[str, Any]:
        """One span."""
        if isinstance(span, Text):
            return {"k": "text", "t": span.text, "s": span.style}
        if isinstance(span, Number):
            behind = self.doc.explanations.get(span.estimate) if notes else None
            return {"k": "number", "t": span.text, "note": self.words.note(behind) if behind else None}
        if isinstance(span, Link):
            inside = span.target.startswith("#") and span.target[1:] in self.known
            outside = span.target.startswith(("https://", "http://"))
            target = span.target[1:] if inside else span.target if outside else None
            return {"k": "link", "t": span.text, "to": target, "inside": inside}
        return {"k": "literal", "t": span.text}


def _paired(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same blocks; two narrow drawings in a row are one block, which stands side by side."""
    made: list[dict[str, Any]] = []
    for block in blocks:
        if _narrow(block) and made and _narrow(made[-1]):
            made[-1] = {"k": "pair", "figures": [made[-1], block]}
        else:
            made.append(block)
    return made


def _narrow(block: Mapping[str, Any]) -> bool:
    return block["k"] == "figure" and not block["wide"]
