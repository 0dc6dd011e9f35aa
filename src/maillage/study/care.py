"""The keys of study.yml that keep people from harm: sensitivity, harm, terms, retention.

sensitivity: {control: high, levies: {level: severe, reason: "collectors can be told apart", date: 2026-03}}
harm: {R3: {who: ..., how: ..., mitigation: ..., residual: high}}      texts: one, or one a language
terms: {en: {bandit: armed man}, fr: {coupeur de route: homme armé}}   never write, write instead
retention: {transcripts: 2027-12, register: 2027-06}                   a table, a kind of file, until when
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from maillage.evidence import Care, Sensitive

KEYS: dict[str, type | tuple[type, ...]] = {"sensitivity": dict, "harm": dict, "terms": dict, "retention": dict}
LEVELS = ("low", "moderate", "high", "severe")
SCREEN = ("who", "how", "mitigation", "residual")
UNTIL = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")


def odd(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Entries that cannot be read, as key and value."""
    for kind, told in (raw.get("sensitivity") or {}).items():
        if not _is_sensitive(told):
            yield f"sensitivity.{kind}", told
    for action, screen in (raw.get("harm") or {}).items():
        if not _is_screen(screen):
            yield f"harm.{action}", screen
    for lang, words in (raw.get("terms") or {}).items():
        if lang not in ("en", "fr") or not _is_words(words):
            yield f"terms.{lang}", words
    for what, until in (raw.get("retention") or {}).items():
        if not isinstance(what, str) or not _is_day(until):
            yield f"retention.{what}", until


def read(raw: Mapping[str, Any]) -> Care:
    """The four keys of a study.yml that `odd` finds nothing in."""
    return Care(
        sensitivity={str(kind): _sensitive(told) for kind, told in (raw.get("sensitivity") or {}).items()},
        harm={str(action): _screen(screen) for action, screen in (raw.get("harm") or {}).items()},
        terms=raw.get("terms") or {},
        retention={what: str(until) for what, until in (raw.get("retention") or {}).items()},
    )


def _is_sensitive(told: Any) -> bool:
    if not isinstance(told, dict):
        return told in LEVELS
    known = told.keys() <= {"level", "reason", "date"} and told.get("level") in LEVELS
    return known and _is_text(told.get("reason", "")) and ("date" not in told or _is_day(told["date"]))


def _is_screen(screen: Any) -> bool:
    """A whole screen: half of one would look as if somebody had thought it through."""
    return (
        isinstance(screen, dict) and screen.keys() == set(SCREEN) and screen["residual"] in LEVELS
        and all(_is_text(screen[key]) and any(map(str.strip, _texts(screen[key]).values())) for key in SCREEN[:3])
    )  # fmt: skip


def _is_words(words: Any) -> bool:
    return isinstance(words, dict) and all(
        isinstance(word, str) and word.strip() and isinstance(instead, str) for word, instead in words.items()
    )


def _is_day(value: Any) -> bool:
    return isinstance(value, str | int | date) and not isinstance(value, bool) and bool(UNTIL.match(str(value)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and all(isinstance(text, str) for text in value.values()))


def _sensitive(told: Any) -> Sensitive:
    if isinstance(told, str):
        return Sensitive(told)
    return Sensitive(told["level"], _texts(told.get("reason") or {}), str(told.get("date") or ""))


def _screen(screen: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: screen[key] if key == "residual" else _texts(screen[key]) for key in SCREEN}


def _texts(value: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text by language; one text stands for both, and a language that is missing takes the other."""
    if isinstance(value, str):
        return {"en": value, "fr": value}
    first = next(iter(value.values()), "")
    return {"en": value.get("en", first), "fr": value.get("fr", first)}
