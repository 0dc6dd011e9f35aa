"""Values as people type them: text, numbers, dates, yes and no. Each parser returns None for what it does not know."""

import re
import unicodedata
from calendar import monthrange
from decimal import Decimal
from functools import lru_cache

from maillage.blank import is_blank

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # what turns the order of reading
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad" + TURNING))
BLANKS = re.compile(r"[\s\u00a0\u202f]+")
PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?\Z")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+([.,][0-9]+)?\Z")
ENGLISH = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3}){2,}(\.[0-9]+)?\Z|[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+\Z")
FRENCH = re.compile(r"[+-]?[0-9]+,[0-9]+\Z")
AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}\Z")
DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
LARGEST, LEAST_EXPONENT, MOST_DIGITS = 10**15, -12, 28  # beyond these no table, log or chart holds a number exactly
YES, NO = {"yes", "oui", "true", "1"}, {"no", "non", "false", "0"}


def clean(text: str) -> str:
    """NFC text without invisible characters, those that turn the order of reading included, and without blanks around;
    nothing where a reader would see nothing."""
    if text.isascii():
        return text.strip()
    return "" if is_blank(text) else unicodedata.normalize("NFC", text).translate(INVISIBLE).strip()


def number(text: str) -> Decimal | None:
    """A number, `5000`, `5 000,5` or `1,250,000.5`; None for anything else.

    Only ASCII digits; `5_000`, other scripts, inf and nan are no numbers, and `5,000` could mean five or five
    thousand, so it is none either. Nor is a quadrillion or more, which is a slip of the keyboard.
    """
    value = _number(text)
    if value is None or len(value.as_tuple().digits) > MOST_DIGITS:
        return None
    return value if not value or (value.adjusted() >= LEAST_EXPONENT and abs(value) < LARGEST) else None


def _number(text: str) -> Decimal | None:
    if AMBIGUOUS.match(text):
        return None
    if PLAIN.match(text):
        return Decimal(text)
    if GROUPED.match(text) or FRENCH.match(text):
        return Decimal(BLANKS.sub("", text).replace(",", "."))
    if ENGLISH.match(text):
        return Decimal(text.replace(",", ""))
    return None


def decimal_text(value: Decimal) -> str:
    """A number as a log holds it: plain decimal notation without useless zeros."""
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


def integer(text: str) -> int | None:
    """A whole number, None for anything else."""
    value = number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def date(text: str) -> str | None:
    """`2024`, `2024-06` or `2024-06-01` where that day exists; None for anything else."""
    match = DATE.match(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if not 1900 <= year <= 2100 or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and not 1 <= day <= monthrange(year, month or 1)[1]:
        return None
    return text


def period(text: str) -> str | None:
    """A date, or two joined by a slash, the first not after the second."""
    if "/" not in text:
        return date(text)
    first, _, last = text.partition("/")
    if not date(first) or not date(last):
        return None
    return text if first <= last or first.startswith(last) else None


def flag(text: str) -> str | None:
    """`yes` or `no` from the words of either language; None for anything else."""
    word = text.lower()
    return "yes" if word in YES else "no" if word in NO else None


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """A name without case, accents, hyphens, apostrophes and doubled blanks, for comparing."""
    plain = unicodedata.normalize("NFKD", clean(text)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return BLANKS.sub(" ", re.sub(r"[-'\u2019\u2010-\u2015_.]", " ", plain)).strip()
