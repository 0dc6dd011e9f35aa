"""A document as a Word file that editors can work on: real styles, captions, footnotes, contents, and figures that can
be found again.

Each number of ours is a content control with the id of its estimate as tag, so that `maillage verify` can say what an
editor changed. Drawings go in as pictures, so that they look alike in every word processor.
"""

import re
import struct
from collections.abc import Iterator, Sequence

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
from maillage.publish import edited, paper, typeset
from maillage.publish.docx_package import Package
from maillage.publish.ooxml import bookmark, control, field, paragraph, picture, run, w
from maillage.publish.walk import ids_of

WIDE, HIGH = 453.0, 600.0  # room for a picture in points
TWIPS = 9070  # the same width in twentieths of a point
NARROW, MARGIN = 84, 210  # twips a letter of a table, twips around it
BROAD = 104  # a letter of the face that stands in where ours is missing: a number must not break inside
SMALL_PICTURE, WIDE_PICTURE = 0.6, 0.75  # points of paper a point of a drawing; as in the PDF


def render(document: Document, *, keep: bool = False) -> bytes:
    """The Word file; the same document gives the same bytes. keep: as `typeset.pictures`."""
    return _Writer(document, keep=keep).content()


class _Writer:
    """One document while it is written."""

    def __init__(self, document: Document, *, keep: bool) -> None:
        self.doc, self.words = document, paper.Words(document.lang)
        self.package = Package(document)
        self.printed = edited.Figures()
        self.places = {ident: f"_at{order}" for order, ident in enumerate(dict.fromkeys(ids_of(document)))}
        self.marked: set[str] = set()
        self.counts = {"figure": 0, "table": 0}
        self.serial = 0
        self.list = 0
        self.depth = 1
        figures = [block for section in document.sections for block in section.blocks if isinstance(block, Figure)]
        drawn = typeset.pictures([paper.drawn(figure.svg) for figure in figures], keep=keep)
        self.pictures = dict(zip([figure.id for figure in figures], drawn, strict=True))

    def content(self) -> bytes:
        """All parts."""
        body = [*self.front(), *self.contents()]
        for section in self.doc.sections:
            body += self.section(section)
        return self.package.content("".join(body), self.printed)

    def next(self) -> int:
        """A number that no other control, picture or bookmark of the file has."""
        self.serial += 1
        return self.serial

    def front(self) -> Iterator[str]:
        """Title page: what it is, how far it has come, of which state of which study."""
        doc = self.doc
        if doc.synthetic:
            yield paragraph("BodyText", run(paper.synthetic(doc), w("b"), w("color", val="0F5C63")))
        yield paragraph("Title", run(doc.title))
        if doc.subtitle:
            yield paragraph("Subtitle", run(doc.subtitle))
        yield paragraph("BodyText", run(doc.notice))
        facts = {paper.status(doc): paper.dated(doc), **doc.meta}
        for label, text in facts.items():
            yield paragraph("Colophon", run(f"{label}  ", w("b")), run(text))

    def contents(self) -> Iterator[str]:
        """The field of contents, filled with the headings so that it reads before anybody updates it."""
        yield paragraph("TOCHeading", run(self.words.say("report_contents")))
        begin = w("r", w("fldChar", fldCharType="begin", dirty="true"))
        code = '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        before = begin + code + w("r", w("fldChar", fldCharType="separate"))
        for section in self.doc.sections:
            line = w("hyperlink", run(section.title), anchor=self.places[section.id], history=1)
            yield paragraph("TOC1", before, line)
            before = ""
        yield paragraph("TOC1", before, w("r", w("fldChar", fldCharType="end")))

    def section(self, section: Section) -> Iterator[str]:
        """A section; its headings never skip a level."""
        self.depth = 1
        first = w("pageBreakBefore") if section is self.doc.sections[0] else ""
        yield paragraph("Heading1", self.at(section.id, run(section.title)), more=first)
        following = ""
        for block in section.blocks:
            if isinstance(block, KeyFinding) and following != "KeyFinding":
                self.list = self.package.new_list()
            following = type(block).__name__
            yield from self.block(block)

    def at(self, ident: str, inner: str) -> str:
        """Runs with the bookmark of an id, given once."""
        if ident not in self.places or ident in self.marked:
            return inner
        self.marked.add(ident)
        return bookmark(self.places[ident], self.next(), inner)

    def block(self, block: Block) -> Iterator[str]:
        """One block as paragraphs and tables."""
        if isinstance(block, Heading):
            self.depth = min(block.level - 1, self.depth + 1)
            yield paragraph(f"Heading{self.depth}", self.at(block.id, self.cell(block.spans)))
        elif isinstance(block, Items):
            yield from self.items(block)
        elif isinstance(block, Table):
            yield from self.table(block)
        elif isinstance(block, Figure):
            yield from self.figure(block)
        elif isinstance(block, KeyFinding):
            yield from self.key_finding(block)
        elif isinstance(block, Gap):
            yield from self.gap(block)
        else:
            style = "BodyText" if type(block).__name__ == "Paragraph" else "Quote"
            yield paragraph(style, self.cell(block.spans))

    def items(self, block: Items) -> Iterator[str]:
        """A list; each numbered one counts from one."""
        numbered = w("numPr", w("ilvl", val=0), w("numId", val=self.package.new_list())) if block.ordered else ""
        for item in block.items:
            yield paragraph("ListNumber" if block.ordered else "ListBullet", self.cell(item), more=numbered)

    def key_finding(self, block: KeyFinding) -> Iterator[str]:
        """A numbered finding with footnotes for its numbers, then how sure it is and why."""
        numbered = w("keepNext") + w("numPr", w("ilvl", val=0), w("numId", val=self.list))
        yield paragraph("ListNumber", self.at(block.id, self.cell(block.spans, notes=True)), more=numbered)
        because = f" – {block.because}" if block.because else ""
        yield paragraph("Confidence", run(self.words.confidence(block.confidence), w("b")), run(because))

    def gap(self, block: Gap) -> Iterator[str]:
        """What could not be computed, what is missing, how to get it."""
        label = block.label or self.words.say("report_gap")
        yield paragraph("Quote", run(f"{label}  ", w("b")), self.cell(block.spans), more=w("keepNext"))
        if block.missing:
            yield paragraph("Quote", run(self.words.say("report_missing", what=block.missing)))
        if block.how:
            yield paragraph("Quote", run(self.words.say("report_how", how=block.how)))

    def caption(self, kind: str, ident: str, title: str) -> str:
        """A numbered caption that a list of figures or tables can gather."""
        self.counts[kind] += 1
        label = self.words.say(f"docx_{kind}")
        number = field(f"SEQ {label} \\* ARABIC", run(str(self.counts[kind])))
        return paragraph("Caption", self.at(ident, run(f"{label} ") + number), run(f". {title}"))

    def figure(self, block: Figure) -> Iterator[str]:
        """Caption, picture with its text alternative, source."""
        yield self.caption("figure", block.id, block.title)
        if block.subtitle:
            yield paragraph("UnderCaption", run(block.subtitle))
        image = self.pictures[block.id]
        scale = WIDE_PICTURE if block.wide else SMALL_PICTURE
        size = _fitted(image, paper.width(block.svg) * scale)
        relation = self.package.image(image)
        drawn = picture(relation, self.next(), size, title=block.title, description=block.alt)
        yield paragraph("Picture", drawn) if block.source else paragraph("Source", drawn)
        if block.source:
            yield paragraph("Source", run(self.words.source(block.source)))

    def table(self, block: Table) -> Iterator[str]:
        """Caption, table whose header is repeated on each page, note and source."""
        yield self.caption("table", block.id, block.title)
        columns = _columns(block)
        shape = w("tblPr", w("tblStyle", val="ReportTable"), w("tblW", w=sum(columns), type="dxa"),
                  w("tblLayout", type="fixed"), w("tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0,
                  lastColumn=0, noHBand=0, noVBand=1), w("tblCaption", val=block.title))  # fmt: skip
        align = [*block.align, *["left"] * (len(columns) - len(block.align))]
        head = w("trPr", w("cantSplit"), w("tblHeader"))
        rows = [self.row([(Text(name, "strong"),) for name in block.columns], columns, align, head)]
        rows += [self.row(row, columns, align, w("trPr", w("cantSplit"))) for row in block.rows]
        yield w("tbl", shape, w("tblGrid", *(w("gridCol", w=width) for width in columns)), *rows)
        for text in (block.note, self.words.source(block.source)):
            if text:
                yield paragraph("Source", run(text))
        if not (block.note or block.source):
            yield paragraph("Source")  # two tables in a row would run together

    def row(self, row: Sequence[Cell], columns: Sequence[int], align: Sequence[str], about: str) -> str:
        """One row of a table. A header stays with the next: LibreOffice drops the rows where one ends a page."""
        keep = w("keepNext") if "tblHeader" in about else ""
        sides = {"right": keep + w("jc", val="right")}
        cells = [
            w("tc", w("tcPr", w("tcW", w=width, type="dxa")),
              paragraph("TableText", self.cell(_loose(cell, width)), more=sides.get(side, keep)))
            for cell, width, side in zip(row, columns, align, strict=True)
        ]  # fmt: skip
        return w("tr", about, *cells)

    def cell(self, cell: Cell, *, notes: bool = False) -> str:
        """Spans as runs, with footnotes for numbers where asked."""
        return "".join(self.span(span, notes=notes) for span in cell)

    def span(self, span: Span, *, notes: bool) -> str:
        """One span."""
        if isinstance(span, Text):
            mark = {"strong": (w("b"),), "em": (w("i"),)}.get(span.style, ())
            return run(span.text, *mark)
        if isinstance(span, Number):
            return self.number(span.estimate, span.text) + (self.note(span.estimate) if notes else "")
        return self.link(span) if isinstance(span, Link) else run(span.text)

    def number(self, ident: str, text: str) -> str:
        """A number of ours in its control."""
        behind = self.doc.explanations.get(ident)
        label = edited.label_of(behind.label if behind else ident)
        tag = self.printed.printed(ident, label, text)
        inner = run(text, w("rStyle", val="Estimate"))
        return control(tag, label, self.next(), inner)

    def note(self, ident: str) -> str:
        """A footnote with what stands behind a number."""
        behind = self.doc.explanations.get(ident)
        if behind is None:
            return ""
        told = self.words.told(behind)
        value = self.number(ident, behind.value)
        return self.package.footnote(run(f"{behind.label} – ") + value + run(f". {told}"))

    def link(self, span: Link) -> str:
        """A link into the report or to a public address; anything else is plain text."""
        shown = run(span.text, w("rStyle", val="Hyperlink"))
        if span.target.startswith("#") and span.target[1:] in self.places:
            return w("hyperlink", shown, anchor=self.places[span.target[1:]], history=1)
        if paper.ADDRESS.match(span.target):
            return f'<w:hyperlink r:id="{self.package.address(span.target)}" w:history="1">{shown}</w:hyperlink>'
        return run(span.text)


def _fitted(image: bytes, wanted: float) -> tuple[float, float]:
    """Width and height in points of a picture that keeps its shape and fits the page."""
    wide, high = struct.unpack(">II", image[16:24])
    width = min(wanted, WIDE, HIGH * wide / high)
    return width, width * high / wide


def _columns(table: Table) -> list[int]:
    """Widths in twips: none under its longest word, short columns up to their longest text, the rest for long ones."""
    shares = list(paper.widths(table))
    texts = [[name, *("".join(span.text for span in row[at]) for row in table.rows)]
             for at, name in enumerate(table.columns)]  # fmt: skip
    longest = [max(1 + max(map(len, _parts(head))), *map(len, _parts(" ".join(told)))) for head, *told in texts]  # bold
    broad = (TWIPS - MARGIN * len(texts)) // max(sum(longest), 1)
    words = [_room(letters, min(max(broad, NARROW), BROAD)) for letters in longest]
    whole = [_room(max(map(len, column))) for column in texts]
    short = [0 if share else max(full - word, 0) for share, full, word in zip(shares, whole, words, strict=True)]
    long = [max(_room(share) - word, 1) if share else 0 for share, word in zip(shares, words, strict=True)]
    spare = max(TWIPS - sum(words), 0)
    given = min(sum(short), spare // 3 if any(long) else spare)
    return [
        word + first * given // max(sum(short), 1) + later * (spare - given) // max(sum(long), 1)
        for word, first, later in zip(words, short, long, strict=True)
    ]


def _parts(text: str) -> list[str]:
    """The words of a text; one that is glued of many (a span of dates) counts as these, as it may part (`_loose`)."""
    return [part for word in text.split(" ")
            for part in ([word] if len(word) <= paper.LONG_CELL else re.split("[\u00a0\u2013/]", word))]  # fmt: skip


def _loose(cell: Cell, width: int) -> Cell:
    """The spans of a cell; where a glued date is wider than its column, its words may part, not its digits."""
    longest = max((len(word) for word in "".join(span.text for span in cell).split(" ")), default=0)
    if _room(longest, BROAD) <= width:
        return cell
    return tuple(Text(span.text.replace("\u00a0", " "), span.style) if isinstance(span, Text) else span
                 for span in cell)  # fmt: skip


def _room(letters: int, each: int = NARROW) -> int:
    """Twips that so many letters of a table take."""
    return MARGIN + each * letters
