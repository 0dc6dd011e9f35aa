"""The ways in which a name of a register is written in a transcript, as patterns over a folded text.

Folding takes case, accents, invisible signs, ligatures and look-alike letters of other alphabets away and keeps the
place of every letter. A form is then a pattern: the words of a name in their order, family name first, glued
together, with initials, in the plural. What could as well be another word is no form; it is counted for a warning.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

from maillage.errors import MaillageError

SEAM = "\x1f"  # where a capital follows a small letter, as in `MaigaAicha`
BETWEEN = r"[^\w\x00-\x08]|_"  # between the words of a name: blanks, hyphens, apostrophes, line ends
TURNED = r"(?:(?![.!?;:\x00-\x08])[\W_]|\.(?=\w))"  # family name first: no end of a sentence between them
START, END = r"(?<![^\W_])", r"(?![^\W_])"
GLUED, GLUE = 3, 7  # letters of each word and of the whole name at least, for words that are written as one
PLURAL = 4  # a shorter name with an s is too often a word
PARTICLES = {"ag", "al", "ben", "bin", "bint", "da", "de", "del", "der", "di", "du", "el", "ibn", "la", "le", "ould",
             "van", "von", "walet", "wallet", "mint"}  # fmt: skip
ALIKE = {
    **str.maketrans("АВЕКМНОРСТУХІЈЅҺԀԚԜӀ", "abekmhopctyxijshdqwl"),
    **str.maketrans("авекмнорстухіјѕһԁԛԝӏ", "abekmhopctyxijshdqwl"),
    **str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"),
    **str.maketrans("αβεζηικνορτυχ", "abeznikvoptux"),
}
PLAIN = {
    **str.maketrans("ıøđłħɓɗƴŋɲɛɔƙɣəʼʻʹ’", "iodlhbdynneokge''''"),
    ord("œ"): "oe",
    ord("æ"): "ae",
    0x0640: "",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a name; `needs`: words without which it is not there; `letters` ranks what overlaps.

    capital: what stands there must begin with a capital, and its initials must be such. other: not the words in their
    order; such a form gives way to a name that is written out.
    """

    pattern: str
    needs: tuple[str, ...]
    pseudonym: str
    letters: int
    capital: bool = False
    other: bool = False


def fold(text: str) -> str:
    """A text without case, accents, invisible signs, ligatures and look-alike letters of other alphabets."""
    plain = unicodedata.normalize("NFKD", text).translate(ALIKE)
    plain = unicodedata.normalize("NFKD", plain.casefold())
    seen = (char for char in plain if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return "".join(seen).translate(PLAIN)


def fold_with_places(
    text: str, without: Set[int] = frozenset(), before: Set[int] = frozenset()
) -> tuple[str, list[int]]:
    """Text folded, without the characters at the places `without`, and for each letter of it the place in `text`; one
    more for the end. before: places before which a seam is put."""
    letters: list[str] = []
    places: list[int] = []
    known: dict[str, str] = {}
    for place, char in enumerate(text):
        if place in without:
            continue
        if place in before:
            letters.append(SEAM)
            places.append(place)
        plain = known.get(char)
        if plain is None:
            plain = known[char] = fold(char)
        letters.append(plain)
        places.extend([place] * len(plain))
    return "".join(letters), [*places, len(text)]


def seams(text: str) -> frozenset[int]:
    """The places of capitals that follow a small letter within a word."""
    pairs = enumerate(pairwise(text), start=1)
    return frozenset(place for place, (one, other) in pairs if one.islower() and other.isupper())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded, by which it is found."""
    return tuple(re.findall(r"[^\W_]+", fold(name)))


def exact(register: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Words of each name -> pseudonym. Raises MaillageError `pseudonym_blank`, `pseudonym_twice`."""
    found: dict[tuple[str, ...], str] = {}
    for name, pseudonym in register.items():
        words = words_of(name)
        if not words or not pseudonym.strip():
            raise MaillageError("pseudonym_blank", value=pseudonym)
        if found.setdefault(words, pseudonym) != pseudonym:
            raise MaillageError("pseudonym_twice", value=f"{found[words]}, {pseudonym}")
    return found


def forms(register: Mapping[str, str]) -> list[Form]:
    """Every form of every name, the longest first. A form that several names share stands for all of them: `I1/I2`."""
    names = exact(register)
    found: list[Form] = []
    shared: dict[tuple[str, tuple[str, ...], bool], set[str]] = {}
    for words, pseudonym in names.items():
        letters, (first, *more) = len("".join(words)), words
        needs = words if more else (first[1:] or first,)
        found.append(Form(_bounded(_straight(words), words), needs, pseudonym, letters))
        if len((first, *more)[-1]) >= PLURAL:
            found.append(Form(f"{START}{_straight(words)}(?=s{END})", needs, pseudonym, letters, capital=True))
        for form in _others(words, names.keys()):
            shared.setdefault(form, set()).add(pseudonym)
    for (pattern, needs, capital), marks in shared.items():
        letters = len("".join(needs)) + capital
        found.append(Form(pattern, needs, "/".join(sorted(marks)), letters, capital, other=True))
    return sorted(found, key=lambda form: (-form.letters, form.needs))


def _others(words: tuple[str, ...], names: Set[tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Pattern, words that must be there, whether capitals are asked for: other orders, then initials."""
    if len(words) < 2:
        return
    for order in _orders(words):
        if order not in names:
            yield _bounded(_joined(order, TURNED, "{1,4}", "{0,4}"), order), order, False
    first, last = words[0], words[-1]
    initial, gap = rf"{re.escape(first[0])}\.", rf"(?:{BETWEEN}){{0,2}}"
    if len(last) >= GLUED and last not in PARTICLES and first not in PARTICLES:
        rest = _joined(words[1:], BETWEEN, "{1,3}", "{1,3}")
        yield f"{START}{initial}{gap}{rest}{END}", words[1:], True
        yield f"{START}{rest}(?:{BETWEEN}){{1,2}}{initial}", words[1:], True
        if len(words) > 2:
            some = gap.join(rf"{re.escape(word[0])}\." for word in words[:-1])
            yield f"{START}{some}{gap}{last}{END}", words[-1:], True
    if len(first) >= GLUED and last not in PARTICLES:
        head = _joined(words[:-1], BETWEEN, "{1,3}", "{1,3}")
        yield rf"{START}{head}(?:{BETWEEN}){{1,2}}{re.escape(last[0])}\.", words[:-1], True


def _orders(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The family name first; without particles also its other half last, and all of it turned round."""
    turned = {(words[-1], *words[:-1])}
    if not PARTICLES & set(words):
        turned |= {words[::-1], (*words[1:], words[0])}
    elif words[0] in PARTICLES or words[-1] in PARTICLES:
        return set()
    return turned - {words}


def _straight(words: tuple[str, ...]) -> str:
    """The words one after the other."""
    word = re.escape(words[0])
    if len(words) == 1 and re.match("[nm][bcdfgjklpqrstvwxz]", word) and len(word) > GLUED:
        return f"{word[0]}(?:{BETWEEN})?{word[1:]}"  # `N'Diaye` for `Ndiaye`
    return _joined(words, BETWEEN, "+", "*")


def _joined(words: tuple[str, ...], gap: str, some: str, any_: str) -> str:
    """Words with gaps; a single letter may be written on to the next (`NDiaye`), and so may the words of a name that
    is long enough not to be taken for another word."""
    long = len("".join(words)) >= GLUE and all(len(word) >= GLUED for word in words)
    gaps = [f"(?:{gap}){any_ if long or len(word) == 1 else some}" for word in words[:-1]]
    return "".join(re.escape(word) + gap for word, gap in zip(words, [*gaps, ""], strict=True))


def _bounded(pattern: str, words: tuple[str, ...]) -> str:
    """As whole words; figures may touch a long name of several words, as in addresses (`awadiallo76`)."""
    if len(words) > 1 and len("".join(words)) >= GLUE and all(len(word) >= GLUED for word in words):
        return rf"(?<![^\W\d_]){pattern}(?![^\W\d_])"
    return f"{START}{pattern}{END}"


def doubtful(text: str, register: Mapping[str, str]) -> int:
    """How much in a text may be a name of the register and is not replaced, because it may be something else.

    Capitalised single words of longer names and their plurals; plurals of short names; initials alone (`A.M.`); in
    scripts without capitals, words that hold a name and go on, as with an article or a preposition written to it.
    """
    names = [words_of(name) for name in register]
    parts = {word for words in names for word in words if len(words) > 1 and len(word) >= GLUED}
    plurals = {f"{word}s" for word in {*parts, *(words[0] for words in names if len(words) == 1)} if len(word) >= GLUED}
    uncased = {words[0] for words in names if len(words[0]) >= GLUED and _is_uncased(words[0])}
    count = 0
    for match in WORD.finditer(text):
        word = fold(match[0])
        if match[0][0].isupper():
            count += word in parts or word in plurals
        elif uncased and _is_uncased(word):
            count += any(name in word and name != word for name in uncased)
    letters = {tuple(word[0] for word in words) for words in names if 1 < len(words) < 5}
    alone = (one[0] for one in INITIALS.finditer(text) if one[0].isupper())
    return count + sum(tuple(fold(one).replace(".", "")) in letters for one in alone)


WORD = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,4}(?!\w)")


def _is_uncased(word: str) -> bool:
    return word.upper() == word.lower()
