"""Words that could give somebody away: relatives, offices, days; and words that only one of those heard uses.

What is common in a language is told by `wordlists/common.*.txt`, made of maillage's own texts in that language (no
foreign list): a few thousand stems, so that an ordinary word that is missing there is taken for a rare one.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from maillage import shipped

FOLDER = Path(__file__).parent.parent / "wordlists"
WORD = re.compile(r"[^\W\d_]{3,}")
ENDINGS = ("ement", "ment", "ing", "es", "ed", "ly", "er", "ez", "ent", "s", "x", "e")
LEAST = 3  # letters that stay of a word


def fold(text: str) -> str:
    """Text without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).replace("\u2019", "'")


def stem(word: str) -> str:
    """A folded word without its usual endings, in both languages alike: forgerons, forgeron."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return stem(word.removesuffix(ending))
    return word


def stems(text: str) -> set[str]:
    """Stems of the words of a text."""
    return {stem(word) for word in WORD.findall(fold(text))}


@cache
def common(lang: str | None = None) -> frozenset[str]:
    """Stems that are common in a language; without one, in either."""
    names = [f"common.{lang}.txt"] if lang else ["common.en.txt", "common.fr.txt"]
    return frozenset(line for name in names for line in (FOLDER / name).read_text("utf-8").split())


def rare(text: str, source: str, texts: Mapping[str, str], lang: str) -> set[str]:
    """Stems of a text that are not common and that nobody heard uses but this source. texts: by source."""
    unusual = stems(text) - common(lang)
    return unusual - {found for other, told in texts.items() if other != source for found in stems(told)}


def matches(name: str, text: str) -> bool:
    """Whether a text holds a pattern of `wordlists/tells.yml` (digits, dates, kin, offices), in either language."""
    return bool(_pattern(name).search(fold(text)))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    if name == "digits":
        return re.compile(r"\d|@|\+")
    told = shipped.read(FOLDER / "tells.yml")[name]
    plain = (
        re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\W+") for lang in ("en", "fr") for word in told[lang]
    )
    return re.compile(rf"\b(?:{'|'.join(plain)})\b")
