"""The analysts' text: Markdown sections whose numbers are references; resolved into blocks, checked for typed digits.

A file `narrative/<lang>.md` is cut at `# Title {#section_id}`. Text is data: HTML in it stays text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl
from markdown_it import MarkdownIt
from markdown_it.token import Token

from maillage import numbers
from maillage.blocks import Block, Heading, Items, Literal, Note, Number, Paragraph, Span, Text
from maillage.errors import Finding, MaillageError, finding
from maillage.evidence import Results
from maillage.labels import Labels
from maillage.publish import lint
from maillage.publish.gate import Release
from maillage.publish.references import COMMENT, REFERENCE, ByColumns, ById, Declared, Quoted, Reference, parse
from maillage.publish.rules import is_public
from maillage.publish.wording import FORMS, say

SECTION = re.compile(r"^#[ \t]+(\S(?:.*\S)?)[ \t]*\{#([a-z_]+)\}[ \t]*$", re.MULTILINE)
DIGIT = re.compile(r"[\d\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u215f\u2460-\u249b]")
DATE = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?(/[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?"
)
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

    A number that the release does not even list is one that is never said of so small a place.
    """

    def replaced(reference: Reference) -> Span:
        if isinstance(reference, Declared):
            shown = numbers.date(reference.text, labels.lang) if reference.kind == "date" else reference.text
            return Literal(shown, reference.source)
        if isinstance(reference, Quoted):
            return Text(_quote(reference, release, labels))
        row = _row(release.estimates, reference)
        if row is None:
            return Text(labels.phrase("status_withheld", reason=labels.phrase("reason_place_too_small")))
        shown = say(row, labels, reference.form)
        return Number(str(row["id"]), shown, row["value"] if row["status"] == "ok" else None)

    return {part.id: _blocks(part.text, replaced) for part in parts(numbers.spaced(text, labels.lang))}


def check(folder: Path, results: Results) -> list[Finding]:
    """Typed digits, references that lead nowhere, sections the report does not have, languages that differ."""
    found: list[Finding] = []
    used: dict[str, set[str]] = {}
    for lang in results.evidence.study.languages:
        path = folder / f"{lang}.md"
        if not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            found.append(finding("narrative_encoding", file=f"narrative/{lang}.md"))
            continue
        problems, ids = _check_text(f"narrative/{lang}.md", text, results)
        found += problems
        used[lang] = ids
    return [*found, *_differences(used)]


def references(text: str, estimates: pl.DataFrame) -> set[str]:
    """Ids of the estimates a narrative refers to."""
    ids: set[str] = set()
    for match in REFERENCE.finditer(COMMENT.sub("", text)):
        reference = parse(match.group(1))
        if isinstance(reference, ById | ByColumns):
            row = _row(estimates, reference)
            ids |= {str(row["id"])} if row else set()
    return ids


def _quote(reference: Quoted, release: Release, labels: Labels) -> str:
    """A quote with whose it is said to be; one person's quotes carry nothing in common."""
    said = release.quotes[reference.id, labels.lang]
    form = "quote_verbatim" if said.verbatim else "quote_paraphrase"
    return labels.phrase(form if reference.said_by else f"{form}_bare", text=said.text, by=reference.said_by)


def _check_text(file: str, text: str, results: Results) -> tuple[list[Finding], set[str]]:
    found: list[Finding] = []
    plain = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)
    sections = {section["id"] for section in results.evidence.pack.report["sections"]}
    for head in SECTION.finditer(plain):
        if head.group(2) not in sections:
            line = plain.count("\n", 0, head.start()) + 1
            known = ", ".join(sorted(sections))
            found.append(finding("section_unknown", file=file, line=line, value=head.group(2), sections=known))
    ids: set[str] = set()
    for match in REFERENCE.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        problem, ident = _check_reference(match.group(1), results)
        if problem:
            near = _nearest(match.group(1), results) if problem == "reference_unknown" else ""
            found.append(finding(problem, file=file, line=line, value=match.group(1).strip(), nearest=near))
        elif ident:
            ids.add(ident)
    blank = REFERENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), plain)
    for number, line_text in enumerate(blank.splitlines(), 1):
        digit = DIGIT.search(re.sub(r"^\s*[0-9]+\.\s", lambda m: " " * len(m.group(0)), line_text))
        if digit:
            shown = line_text[max(0, digit.start() - 20) : digit.end() + 20].strip()
            found.append(
                finding("digit_typed", file=file, line=number, field=f"column {digit.start() + 1}", value=shown)
            )
    lang = Path(file).stem
    terms = results.evidence.study.care.terms.get(lang, {})
    return [*found, *lint.lint(blank, file, lang, terms)], ids


def _check_reference(inner: str, results: Results) -> tuple[str | None, str | None]:
    """(code of the problem, None) or (None, id of the estimate)."""
    reference = parse(inner)
    if reference is None:
        return "reference_form", None
    if isinstance(reference, Declared):
        return (_check_literal(reference, results) if reference.kind == "literal" else _check_date(reference)), None
    if isinstance(reference, Quoted):
        return None if reference.id in results.evidence.quotes["id"] else "quote_unknown", None
    if reference.form not in FORMS:
        return "reference_form", None
    row = _row(results.estimates, reference)
    if row is None:
        return "reference_unknown", None
    return None, str(row["id"])


def _nearest(inner: str, results: Results) -> str:
    """Up to three ids that look like the one of a reference."""
    ids: list[str] = results.estimates["id"].to_list()
    return ", ".join(get_close_matches(inner.split("|", maxsplit=1)[0].strip(), ids, n=3, cutoff=0.6)) or "-"


def _check_literal(literal: Declared, results: Results) -> str | None:
    """A literal names a public source or a table: the id of somebody interviewed is never printed."""
    sources = results.evidence.sources
    if literal.source in {card.name for card in results.evidence.cards}:
        return None
    if literal.source in sources.filter(is_public())["id"]:
        return None
    return "literal_informant" if literal.source in sources["id"] else "literal_source"


def _check_date(declared: Declared) -> str | None:
    return "date_form" if declared.kind == "date" and not DATE.fullmatch(declared.text) else None


def _differences(used: Mapping[str, set[str]]) -> list[Finding]:
    """Numbers that only one language gives."""
    if len(used) < 2:
        return []
    every = set[str]().union(*used.values())
    return [
        finding("languages_differ", file=f"narrative/{lang}.md", value=ident)
        for lang, ids in sorted(used.items())
        for ident in sorted(every - ids)
    ]


def _row(estimates: pl.DataFrame, reference: ById | ByColumns) -> Mapping[str, Any] | None:
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
