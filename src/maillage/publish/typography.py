"""Signs as print wants them, set once at the edge where words enter a document; sources keep what was typed.

French: the typographic apostrophe, narrow spaces inside « », spaces that no line breaks at before : ; ! ? % (Lexique
des règles typographiques en usage à l'Imprimerie nationale, 2002). Ids, addresses, sources and quotes are left alone.
`whole` marks what no line may break in: codes, file names, days in figures.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from maillage.blocks import Document, Figure, Text
from maillage.numbers import NARROW, spaced

SIGNS = re.compile("['«»:;!?%]")
ELISION = re.compile(r"(?<=[^\W\d_])'(?=[\w«“])")
OPENING, CLOSING = re.compile("«[ \u00a0\u202f]*"), re.compile("[ \u00a0\u202f]*»")
PER_CENT = re.compile("(?<=\\d)[ \u00a0](?=%)")
BETWEEN_TAGS = re.compile(">([^<]+)<")
WHOLE = re.compile(
    r"\b[\w.]+(?:/[\w.]+)+\.[a-z]{2,4}\b|\b[A-Za-z]+-\d[\w.]*\b|\b[A-Z]{2,}(?:-[A-Z0-9]+)+\b|\b\d{4}-\d{2}(?:-\d{2})?\b"
)
ASIDE = re.compile(r"(svg|script|style|title|code)\b")  # elements whose words stay as they are
IDS = ("id", "estimate", "estimates", "target", "locator", "method_anchor", "align", "other_langs", "lang", "date")
KEPT = frozenset(IDS)


def french(text: str) -> str:
    """One text in French signs; applied twice it is the same."""
    if not SIGNS.search(text):
        return text
    text = ELISION.sub("\u2019", spaced(text, "fr"))
    return PER_CENT.sub(NARROW, CLOSING.sub(f"{NARROW}»", OPENING.sub(f"«{NARROW}", text)))


def signed(text: str, lang: str) -> str:
    """A text in the signs of its language."""
    return french(text) if lang == "fr" else text


def drawing(svg: str) -> str:
    """A drawing whose words bear French signs; its marks and attributes stay."""
    return BETWEEN_TAGS.sub(lambda found: f">{french(found[1])}<", svg)


def unbroken(page: str) -> str:
    """A page of HTML in which no line breaks inside a code; attributes, drawings and what is hidden stay."""
    first, *parts = page.split("<")
    found, until = [_kept_whole(first)], ""
    for part in parts:
        if until and not part.startswith(until):
            found.append(part)
            continue
        opened = None if until else ASIDE.match(part)
        until = f"/{opened[1]}>" if opened else ""
        tag, end, text = part.partition(">")
        found.append(f"{tag}{end}{_kept_whole(text)}" if text and not until else part)
    return "<".join(found)


def _kept_whole(text: str) -> str:
    if "-" not in text and "/" not in text:  # as every code has one, and most texts have none
        return text
    return WHOLE.sub(r'<span class="whole">\g<0></span>', text)


def dressed(document: Document) -> Document:
    """A document in the signs of its language."""
    return _document(document) if document.lang == "fr" else document


def _document(document: Document) -> Document:
    meta = {french(label): french(text) for label, text in document.meta.items()}
    notes = {ident: _dress(note) for ident, note in document.explanations.items()}
    return replace(_dress(replace(document, meta={}, explanations={})), meta=meta, explanations=notes)


def _dress(item: Any) -> Any:
    """A part of a document: its texts, and those of its parts."""
    if isinstance(item, str):
        return french(item)
    if isinstance(item, Mapping) or not (is_dataclass(item) or isinstance(item, Sequence)):
        return item
    if isinstance(item, Sequence):
        return [_dress(part) for part in item] if isinstance(item, list) else tuple(_dress(part) for part in item)
    if isinstance(item, Text) and item.style == "quote":
        return item
    changed = {name: _dress(getattr(item, name)) for name in _texts(type(item))}
    if isinstance(item, Figure):
        changed["svg"] = drawing(item.svg)
    return replace(item, **changed)  # pyright: ignore[reportArgumentType]


@cache
def _texts(kind: type[Any]) -> list[str]:
    """The fields of a kind of part that hold words; of a literal and a statement the source is an id."""
    ids = {"source"} if kind.__name__ in ("Literal", "Statement") else set[str]()
    return [field.name for field in fields(kind) if field.name not in KEPT | ids | {"svg"}]
