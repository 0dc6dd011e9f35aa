"""Numbers, money, dates and lists as readers of English and French write them (Babel, CLDR).

French groups thousands with U+202F and puts U+00A0 before a unit; English uses commas. CFA francs (XOF) are written
the way French-speaking readers write them, `5 000 FCFA`, and `CFAF 5,000`-style codes are avoided: English says
`XOF 5,000`.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from babel import Locale
from babel.dates import get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal

NARROW, NBSP = "\u202f", "\u00a0"
SPACE_BEFORE, SPACE_AFTER = re.compile(r" (?=[:;!?»])"), re.compile("« ")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
CURRENCY = {"XOF": {"en": "XOF", "fr": "FCFA"}, "EUR": {"en": "EUR", "fr": "€"}, "USD": {"en": "USD", "fr": "dollars"}}


@cache
def locale(lang: str) -> Locale:
    """The locale of a language of the report."""
    return Locale("fr", "FR") if lang == "fr" else Locale("en")


@lru_cache(maxsize=16384)
def number(value: float, lang: str, decimals: int | None = None) -> str:
    """A number with groups and decimal sign; `decimals` None keeps up to two, without trailing zeros."""
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale(lang)).replace("-", "\u2212")


def significant(value: float, digits: int = 2) -> float:
    """`value` rounded to significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def single(value: float | str, lang: str) -> bool:
    """Whether a word counted by a number stands in the singular: after 1 in English, below 2 in French (CLDR).

    A number may come as `number` writes it; other text is no number and wants the plural."""
    if isinstance(value, str):
        plain = value.replace(NARROW, "").replace(NBSP, "").replace("\u2212", "-")
        plain = plain.replace(",", "." if lang == "fr" else "")
        if not DECIMAL.fullmatch(plain):
            return False
        value = float(plain)
    return locale(lang).plural_form(abs(int(value) if value == int(value) else value)) == "one"


def percent(share: float, lang: str, decimals: int = 0) -> str:
    """A share (0 to 1) as a per cent: `60%` in English, `60 %` with U+202F in French."""
    text = number(100 * share, lang, decimals)
    return f"{text}{NARROW}%" if lang == "fr" else f"{text}%"


def share(k: int, n: int, lang: str) -> str:
    """`3 of 5`, `3 sur 5`."""
    return f"{number(k, lang, 0)} {'sur' if lang == 'fr' else 'of'} {number(n, lang, 0)}".replace(" ", NBSP)


def money(amount: float, currency: str, lang: str) -> str:
    """An amount with its currency: `XOF 5,000`, `5 000 FCFA`; large ones in millions and billions."""
    name = CURRENCY.get(currency, {}).get(lang, currency)
    text = large(amount, lang)
    if lang == "fr":
        joint = f"{NBSP}de " if text[-1].isalpha() and currency in CURRENCY and name[0].isalpha() else NBSP
        return f"{text}{joint}{name}"
    return f"{name}{NBSP}{text}"


def large(amount: float, lang: str) -> str:
    """Whole below ten million; above, in millions or billions with three significant digits."""
    for size, words in ((1e9, ("billion", "milliard")), (1e6, ("million", "million"))):
        if amount >= (size if size == 1e9 else 1e7):
            scaled = significant(amount / size, 4)
            word = words[lang == "fr"] + ("s" if lang == "fr" and scaled >= 2 else "")
            return f"{number(scaled, lang)}{NBSP}{word}"
    return number(amount, lang, 0)


def date(text: str, lang: str) -> str:
    """A partial date in words: `2024`, `June 2024`, `1 June 2024`, `1er juin 2024`; periods with a dash."""
    if "/" in text:
        first, last = text.split("/", 1)
        return f"{date(first, lang)}\u2013{date(last, lang)}"
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return text
    month = get_month_names("wide", locale=locale(lang))[parts[1]]
    if len(parts) == 2:
        return f"{month}{NBSP}{parts[0]}"
    day = "1er" if lang == "fr" and parts[2] == 1 else str(parts[2])
    return f"{day}{NBSP}{month}{NBSP}{parts[0]}"


def items(words: Sequence[str], lang: str) -> str:
    """A list in words: `a, b and c`, `a, b et c`."""
    return format_list(list(words), locale=locale(lang)) if words else ""


def order(text: str) -> tuple[str, str]:
    """What words are sorted by: as dictionaries do, é stands with e and capitals with small letters."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return plain.replace("\u2019", "'"), text


def listed(words: Iterable[str], lang: str) -> str:
    """A list in words, each once, in the order of a dictionary."""
    return items(sorted(set(words), key=order), lang)


def between(lang: str) -> str:
    """What stands between the parts of a list whose parts have commas of their own."""
    return f"{NBSP}; " if lang == "fr" else "; "


def spaced(text: str, lang: str) -> str:
    """French text with spaces that do not break before `: ; ! ? »` and after `«`; other languages as they are."""
    return SPACE_BEFORE.sub(NBSP, SPACE_AFTER.sub(f"«{NBSP}", text)) if lang == "fr" else text


def decimal_text(value: float) -> str:
    """A number as files hold it: shortest form that reads back the same, whole numbers without point."""
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(value)
