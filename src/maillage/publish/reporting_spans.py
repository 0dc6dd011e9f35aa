"""Sentences of the annex on reporting as spans: every digit in them is an estimate or names where it comes from."""

import re
from collections.abc import Iterator, Sequence
from string import Formatter

from maillage import numbers
from maillage.blocks import Cell, Literal, Number, Span, Text
from maillage.labels import agreeing, phrases
from maillage.publish.view import Row, View

FIGURE = re.compile(r"(\d[\d.,:/\u00a0\u202f\u2013-]*\d|\d)")
LOG, SETTINGS = "log", "study.yml"
BLANK = Text(" ")


def told(seen: View, key: str, **parts: Cell) -> list[Span]:
    """A sentence of `phrases/reporting.yml` with spans in its slots."""
    return list(_filled(phrases()[key][seen.lang], parts, seen.lang))


def _filled(text: str, parts: dict[str, Cell], lang: str) -> Iterator[Span]:
    for words, slot, forms, _ in Formatter().parse(text):
        if words:
            yield Text(words)
        if slot is not None and forms:
            yield Text(agreeing(forms, "".join(span.text for span in parts[slot]), lang))
        elif slot is not None:
            yield from parts[slot]


def listed(seen: View, cells: Sequence[Cell]) -> list[Span]:
    """`a, b and c`, each of spans."""
    slots = {f"s{at}": cell for at, cell in enumerate(cells)}
    return list(_filled(numbers.items([f"{{{name}}}" for name in slots], seen.lang), slots, seen.lang))


def declared(text: str, source: str) -> list[Span]:
    """Words whose figures are declared: whoever reads one learns that it comes from `source`."""
    return [Literal(part, source) if FIGURE.fullmatch(part) else Text(part) for part in FIGURE.split(text) if part]


def count(seen: View, value: float, source: str = LOG) -> list[Span]:
    """A count that is no estimate."""
    return [Literal(seen.number(value, 0), source)]


def estimate(row: Row, seen: View, name: str, decimals: int = 0) -> list[Span]:
    """One column of an estimate; only its value is held against the data."""
    value = float(row[name])
    return [Number(row["id"], seen.number(value, decimals), value if name == "value" else None)]


def counted(seen: View, words: str, many: int | None) -> Cell:
    """`French`, or `French (29)` where it may be said."""
    if many is None:
        return declared(words, LOG)
    return [*declared(words, LOG), Text(" ("), *count(seen, many), Text(")")]
