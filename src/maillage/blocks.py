"""The document model: what a report says, before it is HTML, PDF or anything else.

Narrative and report build blocks, the writers of `publish` render them; text is data and never markup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; style is "", "strong", "em", or "quote" for what somebody said, whose signs stay as they are."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """An estimate in words; `value` is None where only words may be said (a band, a range, a reason)."""

    estimate: str
    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A figure that is no estimate: declared by the analyst with the id of its source (or `date`, `name`)."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a section (`#method`) or a public address."""

    text: str
    target: str


Span: TypeAlias = Text | Number | Literal | Link
Cell: TypeAlias = Sequence[Span]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section; level 3 or 4 (the section's own title is 2)."""

    level: int
    id: str
    spans: Cell


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    spans: Cell


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[Cell]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `align` per column: "left" or "right". `wide`: on paper it runs into the margin."""

    id: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    source: str = ""
    align: Sequence[str] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or map: the title says the finding, the table holds what is drawn."""

    id: str
    title: str
    subtitle: str
    svg: str
    alt: str
    source: str
    table: Table
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be computed, what is missing, and how to get it; `label` where it is about something else."""

    spans: Cell
    missing: str = ""
    how: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """One key finding: its sentence, its confidence word and why, the estimates it rests on."""

    id: str
    spans: Cell
    confidence: str | None
    because: str
    estimates: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A side note."""

    spans: Cell


Block: TypeAlias = Heading | Paragraph | Items | Table | Figure | Gap | KeyFinding | Note


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement behind a number (team level only)."""

    id: str
    source: str
    locator: str
    text: str
    counts: str  # "for", "against" or "base"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What opens when a number is clicked; all fields are words in the document's language."""

    id: str
    label: str
    value: str
    status: str
    interval: str = ""
    method: str = ""
    method_anchor: str = ""
    confidence: str | None = None
    because: str = ""
    change: str = ""
    counts: Sequence[tuple[str, int, int]] = ()  # kind of source, for, against
    statements: Sequence[Statement] = ()
    support: Sequence[str] = ()  # what it rests on, in sentences


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language. `meta`: facts of the title page and colophon, label -> text, in order."""

    lang: str
    title: str
    subtitle: str
    notice: str
    status: str
    synthetic: bool
    date: str
    meta: Mapping[str, str]
    sections: Sequence[Section]
    explanations: Mapping[str, Explanation]
    other_langs: Mapping[str, str]  # language -> file name of its report
