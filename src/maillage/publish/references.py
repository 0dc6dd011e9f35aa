"""References in a narrative: `{{ id | words }}` and the few declared literals. No template language; nothing can run.

{{ links/ALL/coopetition | words }}        an estimate by its id; forms words, value, range, n
{{ links(place="ML07", answer="coopetition") | value }}   an estimate by its columns
{{ literal("39", source="unodc-unicri") }} a figure that is no estimate, with the source that states it
{{ quote("q1", as="transporter, north") }} words of an informant, and whose they are said to be
{{ date("2012") }}  {{ name("R1") }}       a date, or a name with digits
{{ likelihood("likely") }}                 a word of the study's table of likelihood
"""

import re
from dataclasses import dataclass

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
REFERENCE = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}", re.DOTALL)
BY_ID = re.compile(r"\s*([^\s|()\"]+)\s*(?:\|\s*([a-z]+)\s*)?\Z")
CALL = re.compile(r"\s*([a-z_]+)\((.*)\)\s*(?:\|\s*([a-z]+)\s*)?\Z", re.DOTALL)
POSITIONAL = re.compile(r'\s*"([^"]*)"\s*(?:,\s*(.*))?\Z', re.DOTALL)
PAIR = re.compile(r'\s*([a-z_]+)\s*=\s*"([^"]*)"\s*(?:,|\Z)')
DECLARED = ("literal", "date", "name", "likelihood")


@dataclass(frozen=True, slots=True)
class ById:
    """An estimate by id, in a form."""

    id: str
    form: str


@dataclass(frozen=True, slots=True)
class ByColumns:
    """An estimate by its measure and columns, in a form."""

    measure: str
    columns: tuple[tuple[str, str], ...]
    form: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A literal, date, name or likelihood word; `source` only for literals."""

    kind: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote by its id; `said_by`: class or family, place or zone, blank for nobody in particular."""

    id: str
    said_by: str


Reference = ById | ByColumns | Declared | Quoted


def parse(inner: str) -> Reference | None:
    """The reference between the braces, None where it is none."""
    call = CALL.match(inner)
    if call:
        name, body, form = call.groups()
        if name == "quote":
            return _quoted(body, form)
        return _declared(name, body, form) if name in DECLARED else _by_columns(name, body, form)
    plain = BY_ID.match(inner)
    return ById(plain.group(1), plain.group(2) or "words") if plain else None


def quoted(text: str) -> list[tuple[int, Quoted]]:
    """The quotes that a narrative uses, with their lines."""
    plain = COMMENT.sub(lambda match: "\n" * match.group(0).count("\n"), text)
    found = ((match.start(), parse(match.group(1))) for match in REFERENCE.finditer(plain))
    return [(plain.count("\n", 0, at) + 1, one) for at, one in found if isinstance(one, Quoted)]


def _declared(name: str, body: str, form: str | None) -> Declared | None:
    match = POSITIONAL.match(body)
    if match is None or form is not None:
        return None
    pairs = _pairs(match.group(2) or "")
    wanted = {"source"} if name == "literal" else set[str]()
    if pairs is None or {key for key, _ in pairs} != wanted:
        return None
    return Declared(name, match.group(1), dict(pairs).get("source", name))


def _quoted(body: str, form: str | None) -> Quoted | None:
    match = POSITIONAL.match(body)
    pairs = _pairs(match.group(2) or "") if match else None
    if match is None or pairs is None or form is not None or {key for key, _ in pairs} - {"as"}:
        return None
    return Quoted(match.group(1), dict(pairs).get("as", ""))


def _by_columns(measure: str, body: str, form: str | None) -> ByColumns | None:
    pairs = _pairs(body)
    return None if pairs is None or not pairs else ByColumns(measure, tuple(pairs), form or "words")


def _pairs(text: str) -> list[tuple[str, str]] | None:
    """`key="value"` pairs; None where the text holds anything else."""
    pairs: list[tuple[str, str]] = []
    position = 0
    while text[position:].strip():
        match = PAIR.match(text, position)
        if match is None:
            return None
        pairs.append((match.group(1), match.group(2)))
        position = match.end()
    return pairs
