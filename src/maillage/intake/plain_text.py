"""Plain text in the encoding it was saved in: a byte order mark decides, then UTF-8, then the likeliest of the others.

Old Western encodings are told apart by the letters they give: `charset-normalizer` takes short French texts for Polish.
"""

import codecs
import re
from collections import Counter
from pathlib import Path

from charset_normalizer import from_bytes

from maillage.errors import MaillageError
from maillage.intake.extract import Extract

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
WESTERN = ("cp1252", "mac_roman", "cp850")
OTHERS = ["cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "koi8_r", "cp932", "gb18030", "big5", "cp949"]
LETTERS = frozenset("éèàçêôîûâùëïüœÉÈÀÇÊÔÎÛÂÙŒñÑáíóúäöÄÖÜßãõ’‘“”«»–—…°€·•ºª£§\u00a0")
ODD_CASE = re.compile("[a-zà-ÿ][À-ÖØ-Þ]")
WORD = re.compile(r"\w*[^\W\x00-\x7f]\w*")
ENOUGH = 1_000_000  # letters to judge by
LIKELY = 0.8  # of the letters beyond ASCII that must be usual ones in a Western text


def read_plain(path: Path) -> Extract:
    """The text; `sample` is a word to judge by where the encoding had to be guessed.

    Raises MaillageError `file_nul`, `document_damaged` (no encoding fits).
    """
    raw = path.read_bytes()
    marked = next((name for mark, name in MARKS if raw.startswith(mark)), "")
    text, encoding = _decoded(path.name, raw, marked)
    if "\0" in text:
        raise MaillageError("file_nul", file=path.name, line=text[: text.index("\0")].count("\n") + 1)
    guessed = not marked and encoding != "utf-8"
    return Extract(text, encoding, sample=_sample(text) if guessed else "")


def _decoded(file: str, raw: bytes, marked: str) -> tuple[str, str]:
    for name in [marked] if marked else ["utf-8", *_wide(raw)]:
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if marked or "\0" not in text:
            return text, name
    if marked:
        raise MaillageError("document_damaged", file=file, value=marked)
    if b"\0" in raw:
        raise MaillageError("file_nul", file=file, line=raw[: raw.index(b"\0")].count(b"\n") + 1)
    return _guessed(file, raw)


def _wide(raw: bytes) -> list[str]:
    """UTF-16 without a mark shows in the half of its bytes that is zero."""
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    if max(even, odd) < len(raw) // 8 or len(raw) % 2:
        return []
    return ["utf-16-le" if odd > even else "utf-16-be"]


def _guessed(file: str, raw: bytes) -> tuple[str, str]:
    western = [(_usual(text), -place, text) for place, name in enumerate(WESTERN) if (text := _try(raw, name))]
    usual, place, text = max(western, default=(0.0, 0, ""))
    if usual >= LIKELY:
        return text, WESTERN[-place]
    best = from_bytes(raw, cp_isolation=OTHERS).best()
    other = _try(raw, best.encoding) if best is not None else ""
    if best is not None and other:
        return other, best.encoding
    if not text:
        raise MaillageError("document_damaged", file=file, value="?")
    return text, WESTERN[-place]


def _try(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return ""


def _usual(text: str) -> float:
    """The share of letters beyond ASCII that Western texts use, less capitals that follow a small letter."""
    beyond = [char for char in text[:ENOUGH] if not char.isascii()]
    good = sum(char in LETTERS for char in beyond) - len(ODD_CASE.findall(text[:ENOUGH]))
    return good / max(len(beyond), 1)


def _sample(text: str) -> str:
    """The commonest word with a letter beyond ASCII, the shortest among equals: a function word rather than a name."""
    words = Counter(WORD.findall(text))
    word = min(words, key=lambda word: (-words[word], len(word), word), default="-")
    return word[:40]
