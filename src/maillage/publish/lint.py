"""Words that judge, take sides or claim more than is known, in the text of a study; each is a warning.

Suspects are suspects until a final judgment; a people is no kind of actor; cooperation under threat is coercion; how
sure and how likely are never said in one sentence, how likely in the words of one table; "majority" is not used; the
study's own list of terms holds.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from maillage import likelihood as scales
from maillage import shipped
from maillage.errors import Finding, finding
from maillage.pack import Pack

LISTS = Path(__file__).parent.parent / "wordlists" / "lint.yml"
SENTENCE = re.compile(r"(?<=[.!?…])[\s\u00a0\u202f]+(?=[^a-z])|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)")
NEAR = 2  # words between a people and an actor that still make one name of both


def lint(text: str, file: str, lang: str, terms: Mapping[str, str]) -> list[Finding]:
    """Findings on a text whose references were blanked out; lines count from 1. terms: word -> what to write."""
    found: list[Finding] = []
    sentences = list(_sentences(text))
    for at, (line, sentence) in enumerate(sentences):
        after = sentences[at + 1][1] if at + 1 < len(sentences) else ""
        hits = [*_judged(sentence, lang), *_sides(sentence, after, lang), *_claims(sentence, lang)]
        where: dict[str, Any] = {"file": file, "line": line}
        found += [finding(code, **where, value=word) for code, word in hits]
        found += [finding("wording_term", **where, value=word, instead=instead)
                  for word, instead in terms.items() if _pattern((fold(word),)).search(fold(sentence))]  # fmt: skip
    return found


def likelihood(text: str, file: str, lang: str, table: str) -> list[Finding]:
    """Likelihood words typed by hand: without their range, or from no table of the study. table: its name, or blank."""
    known = {fold(word.said(lang)): code for code, word in scales.words(table).items()}
    terms = re.compile(rf"\b{_longest((*known, *shipped.read(LISTS)['likelihood'][lang]))}\b")
    found: list[Finding] = []
    for line, sentence in _sentences(text):
        for match in terms.finditer(fold(sentence)):
            code = known.get(" ".join(match[0].split()))
            name = "wording_likelihood_typed" if code else "wording_likelihood"
            found.append(finding(name, file=file, line=line, value=match[0], instead=code or ""))
    return found


def labels(pack: Pack, own: Sequence[tuple[str, str, str]]) -> list[Finding]:
    """Peoples among the kinds of actors, and guilt among the codes of the study. own: code, language, label."""
    kinds = [(f"actors.{code}", lang, text) for code, entry in pack.lists.get("actors", {}).items()
             if not entry.attributes.get("named") for lang, text in entry.label.items()]  # fmt: skip
    named = [finding("wording_ethnic", file="codebook", field=code, value=text)
             for code, lang, text in kinds if _has("ethnic", text, lang)]  # fmt: skip
    for code, lang, text in own:
        hits = [*_judged(text, lang), *_peoples(text, lang)]
        named += [finding(problem, file="codebook", field=code, value=word) for problem, word in hits]
    return named


def _judged(sentence: str, lang: str) -> Iterator[tuple[str, str]]:
    """A word of guilt where nothing says whose word it is."""
    hit = _first("guilt", sentence, lang)
    if hit and not _has("suspects", sentence, lang):
        yield "wording_guilt", hit


def _sides(sentence: str, after: str, lang: str) -> Iterator[tuple[str, str]]:
    """A people as an actor; cooperation under threat that neither this sentence nor the next calls coerced."""
    yield from _peoples(sentence, lang)
    hit = _first("cooperation", sentence, lang)
    if hit and _has("threat", sentence, lang) and not _has("coerced", f"{sentence} {after}", lang):
        yield "wording_coerced", hit


def _peoples(sentence: str, lang: str) -> Iterator[tuple[str, str]]:
    people, actor = _source("ethnic", lang), _source("actors", lang)
    between = rf"(?:\W+\w+){{0,{NEAR}}}?\W+"
    match = re.search(rf"\b(?:{people}{between}{actor}|{actor}{between}{people})\b", fold(sentence))
    if match:
        yield "wording_ethnic", match[0]


def _claims(sentence: str, lang: str) -> Iterator[tuple[str, str]]:
    """How sure and how likely in one sentence; a majority."""
    sure, likely = _first("confidence", sentence, lang), _first("likelihood", sentence, lang)
    if sure and likely:
        yield "wording_two_scales", f"{sure}, {likely}"
    hit = _first("majority", sentence, lang)
    if hit:
        yield "wording_majority", hit


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with the line it starts on; headings and items are sentences of their own."""
    start = 0
    for end, after in [*((match.start(), match.end()) for match in SENTENCE.finditer(text)), (len(text), len(text))]:
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield text.count("\n", 0, start + lead) + 1, piece.strip()
        start = after


def _first(name: str, text: str, lang: str) -> str:
    match = re.search(rf"\b{_source(name, lang)}\b", fold(text))
    return match[0] if match else ""


def _has(name: str, text: str, lang: str) -> bool:
    return bool(_first(name, text, lang))


@cache
def _source(name: str, lang: str) -> str:
    """A list of words as a pattern, without bounds."""
    return _alternatives(tuple(shipped.read(LISTS)[name][lang]))


def _longest(words: Sequence[str]) -> str:
    """A pattern that takes `very likely` before `likely`."""
    return _alternatives(tuple(sorted(dict.fromkeys(words), key=len, reverse=True)))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b{_alternatives(words)}\b")


def _alternatives(words: tuple[str, ...]) -> str:
    plain = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\W+") for word in words)
    return f"(?:{'|'.join(plain)})"


def fold(text: str) -> str:
    """Text without case and accents, its length not kept."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).replace("\u2019", "'")
