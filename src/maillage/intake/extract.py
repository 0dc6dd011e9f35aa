"""What every reader of documents hands over, and the one form that text is kept in."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

PERSONAL = {  # fields that print who wrote, where the file lies or which page it is: no part of what was said
    "AUTHOR", "COMMENTS", "DOCPROPERTY", "FILENAME", "INFO", "LASTSAVEDBY", "NUMPAGES", "PAGE", "SECTIONPAGES",
    "USERADDRESS", "USERINITIALS", "USERNAME",
}  # fmt: skip
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
TWICE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2018-\u203a]|\u00e2\u20ac")
LOST = re.compile("[\ufffd\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file as its reader found it; `counts`: code of a finding -> how many times it applies;
    `sample`: a word to judge a guessed encoding by."""

    text: str
    encoding: str
    counts: Counter[str] = field(default_factory=Counter[str])
    sample: str = ""


def personal(code: str) -> bool:
    """Whether a field prints a person, a path or a page rather than words of the text."""
    words = code.split(maxsplit=1)
    return bool(words) and words[0].upper() in PERSONAL


def kept(text: str) -> str:
    """Text as it is kept: NFC, LF, no control characters, soft hyphens or marks that turn or hide letters.

    Joiners between letters stay: some scripts cannot be written without them.
    """
    return unicodedata.normalize("NFC", UNSEEN.sub("", LINE_ENDS.sub("\n", text)))


def damage(text: str) -> Counter[str]:
    """Signs that letters were lost before the file came here."""
    return Counter({"document_mojibake": len(TWICE.findall(text)), "document_symbols": len(LOST.findall(text))})
