"""Words and abbreviations that a report uses without saying what they mean, listed once with their meaning.

The list is the package's (`wordlists/terms.yml`); of it a report prints what it uses and nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from maillage import numbers, shipped
from maillage.blocks import Block, Heading, Items, Section, Text
from maillage.labels import sentence

WORDS = "method-words"  # id of the heading over the list
TERMS = Path(__file__).parents[1] / "wordlists" / "terms.yml"
UNREAD = frozenset({"id", "estimate", "estimates", "target", "align", "svg"})


@cache
def terms() -> dict[str, dict[str, dict[str, str]]]:
    """All terms: name -> term, means and, where a word takes other forms, find; each by language."""
    return shipped.read(TERMS)


def words(sections: Sequence[Section], lang: str) -> list[Block]:
    """A heading and a list of the terms that the sections use, in the order of their language; none where none is."""
    text = "\n".join(_texts(sections)).casefold()
    found = [entry for entry in terms().values() if _used(entry, text, lang)]
    if not found:
        return []
    found.sort(key=lambda entry: numbers.order(entry["term"][lang]))
    colon = sentence("report_colon", lang)
    lines = [[Text(entry["term"][lang], "strong"), Text(f"{colon}{numbers.spaced(entry['means'][lang], lang)}.")]
             for entry in found]  # fmt: skip
    return [Heading(3, WORDS, [Text(sentence("method_words_title", lang))]), Items(lines)]


def placed(sections: Sequence[Section], lang: str, *, before: str) -> list[Section]:
    """The same sections; where one has the heading of id `before`, the words that all use are explained before it."""
    listed = words(sections, lang)
    return [replace(section, blocks=_before(section.blocks, listed, before)) for section in sections]


def _before(blocks: Sequence[Block], more: Sequence[Block], ident: str) -> list[Block]:
    found = (at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.id == ident)
    at = next(found, None)
    return list(blocks) if at is None else [*blocks[:at], *more, *blocks[at:]]


def _used(entry: dict[str, dict[str, str]], text: str, lang: str) -> bool:
    wanted = entry["find"][lang] if "find" in entry else rf"\b{re.escape(entry['term'][lang])}\b"
    return re.search(wanted.casefold(), text) is not None


def _texts(item: Any) -> Iterator[str]:
    """Every text of blocks that a reader sees, of a drawing those of its table."""
    if isinstance(item, str):
        yield item
    elif is_dataclass(item):
        for field in fields(item):
            if field.name not in UNREAD:
                yield from _texts(getattr(item, field.name))
    elif isinstance(item, list | tuple):
        for part in item:
            yield from _texts(part)
