"""The analysts' text: Markdown sections whose numbers are references; resolved into blocks.

A file `narrative/<lang>.md` is cut at `# Title {#section_id}`. Text is data: HTML in it stays text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from markdown_it import MarkdownIt
from markdown_it.token import Token

from maillage import likelihood, numbers
from maillage.blocks import Block, Heading, Items, Literal, Note, Number, Paragraph, Span, Text
from maillage.errors import MaillageError
from maillage.labels import Labels
from maillage.publish.gate import Release
from maillage.publish.references import COMMENT, REFERENCE, ByColumns, ById, Declared, Quoted, Reference, parse
from maillage.publish.wording import say

SECTION = re.compile(r"^#[ \t]+(\S(?:.*\S)?)[ \t]*\{#([a-z_]+)\}[ \t]*$", re.MULTILINE)
MARK = "\ue000"
SLOT = re.compile(f"{MARK}([0-9]+){MARK}")

Resolve = Callable[[Reference], Span]


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a narrative: its id, title, text, and the line the text starts on."""

    id: str
    title: str
    text: str
    line: int


def parts(text: str) -> list[Part]:
    """The sections of a narrative."""
    text = COMMENT.sub(lambda match: "\n" * match.group(0).count("\n"), text)
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Part(head.group(2), head.group(1), text[head.end() : end], text.count("\n", 0, head.end()) + 1)
        for head, end in zip(heads, ends, strict=False)  # a blank text has an end and no head
    ]


def read(folder: Path, lang: str) -> str:
    """The narrative of a study in one language; blank where there is none.

    Raises MaillageError `narrative_encoding`.
    """
    path = folder / f"{lang}.md"
    try:
        return path.read_text("utf-8") if path.is_file() else ""
    except UnicodeDecodeError as problem:
        raise MaillageError("narrative_encoding", file=f"{folder.name}/{path.name}") from problem


def resolve(text: str, release: Release, labels: Labels) -> Mapping[str, Sequence[Block]]:
    """Section id -> blocks, every reference replaced by what the release lets be said.

    A number that the release does not even list is one that is never said of so small a place. A likelihood word
    brings its range at its first use.
    """

    told = set[str]()

    def replaced(reference: Reference) -> Span:
        if isinstance(reference, Declared) and reference.kind == "likelihood":
            first = reference.text not in told
            told.add(reference.text)
            return Literal(_likelihood(reference.text, release, labels, ranged=first), "likelihood")
        if isinstance(reference, Declared):
            shown = numbers.date(reference.text, labels.lang) if reference.kind == "date" else reference.text
            return Literal(shown, reference.source)
        if isinstance(reference, Quoted):
            return Text(_quote(reference, release, labels), "quote")
        row = row_of(release.estimates, reference)
        if row is None:
            return Text(labels.phrase("status_withheld", reason=labels.phrase("reason_place_too_small")))
        shown = say(row, labels, reference.form)
        return Number(str(row["id"]), shown, row["value"] if row["status"] == "ok" else None)

    return {part.id: _blocks(part.text, replaced) for part in parts(numbers.spaced(text, labels.lang))}


def references(text: str, estimates: pl.DataFrame) -> set[str]:
    """Ids of the estimates a narrative refers to."""
    ids: set[str] = set()
    for match in REFERENCE.finditer(COMMENT.sub("", text)):
        reference = parse(match.group(1))
        if isinstance(reference, ById | ByColumns):
            row = row_of(estimates, reference)
            ids |= {str(row["id"])} if row else set()
    return ids


def _likelihood(code: str, release: Release, labels: Labels, *, ranged: bool) -> str:
    """The word of the study's table, with the per cents it stands for."""
    word = likelihood.words(release.settings.likelihood)[code]
    if not ranged:
        return word.said(labels.lang)
    low, high = (numbers.percent(end / 100, labels.lang) for end in (word.low, word.high))
    return labels.phrase("likelihood_range", word=word.said(labels.lang), low=low, high=high)


def _quote(reference: Quoted, release: Release, labels: Labels) -> str:
    """A quote with whose it is said to be; one person's quotes carry nothing in common."""
    said = release.quotes[reference.id, labels.lang]
    form = "quote_verbatim" if said.verbatim else "quote_paraphrase"
    return labels.phrase(form if reference.said_by else f"{form}_bare", text=said.text, by=reference.said_by)


def row_of(estimates: pl.DataFrame, reference: ById | ByColumns) -> Mapping[str, Any] | None:
    """The one estimate a reference names, None where none or several fit."""
    if isinstance(reference, ById):
        rows = estimates.filter(pl.col("id") == reference.id)
    else:
        if any(column not in estimates.columns or column in ("trace", "counted") for column, _ in reference.columns):
            return None
        asked = (pl.col(column).cast(pl.String) == value for column, value in reference.columns)
        rows = estimates.filter(pl.col("measure") == reference.measure).filter(*asked)
    return rows.row(0, named=True) if rows.height == 1 else None


def _blocks(text: str, resolve_one: Resolve) -> list[Block]:
    """Markdown as blocks. References are set aside first, so that Markdown never sees their text."""
    spans: list[Span] = []

    def aside(match: re.Match[str]) -> str:
        reference = parse(match.group(1))
        assert reference is not None, "check comes before release"
        spans.append(resolve_one(reference))
        return f"{MARK}{len(spans) - 1}{MARK}"

    source = REFERENCE.sub(aside, text.replace(MARK, ""))
    tokens = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"]).parse(source)
    blocks: list[Block] = []
    index = 0
    while index < len(tokens):
        block, index = _block(tokens, index, spans)
        blocks += [block] if block else []
    return blocks


def _block(tokens: Sequence[Token], index: int, spans: Sequence[Span]) -> tuple[Block | None, int]:
    """The block that starts at a token, and where the next one starts."""
    token = tokens[index]
    if token.type == "heading_open":
        level = min(max(int(token.tag[1]), 3), 4)
        return Heading(level, "", _inline(tokens[index + 1], spans)), index + 3
    if token.type == "paragraph_open":
        return Paragraph(_inline(tokens[index + 1], spans)), index + 3
    closing = {
        "bullet_list_open": "bullet_list_close",
        "ordered_list_open": "ordered_list_close",
        "blockquote_open": "blockquote_close",
    }
    if token.type in closing:
        end = next(
            i
            for i in range(index, len(tokens))
            if tokens[i].type == closing[token.type] and tokens[i].level == token.level
        )
        lines = [_inline(item, spans) for item in tokens[index:end] if item.type == "inline"]
        if token.type == "blockquote_open":
            return Note([span for line in lines for span in line]), end + 1
        return Items(lines, ordered=token.type == "ordered_list_open"), end + 1
    if token.type in ("code_block", "fence"):
        return Paragraph(_cut(token.content, "", spans)), index + 1
    return None, index + 1


def _inline(token: Token, spans: Sequence[Span]) -> list[Span]:
    """The words of a block; strong and emphasis are kept, links become their words."""
    out: list[Span] = []
    style = ""
    for child in token.children or []:
        if child.type in ("strong_open", "em_open"):
            style = child.type.removesuffix("_open")
        elif child.type in ("strong_close", "em_close"):
            style = ""
        elif child.type in ("softbreak", "hardbreak"):
            out.append(Text(" ", style))
        elif child.content:
            out += _cut(child.content, style, spans)
    return out


def _cut(text: str, style: str, spans: Sequence[Span]) -> list[Span]:
    """Text with its set-aside references put back."""
    out: list[Span] = []
    for position, piece in enumerate(SLOT.split(text)):
        if position % 2:
            out.append(spans[int(piece)])
        elif piece:
            out.append(Text(piece, style))
    return out
