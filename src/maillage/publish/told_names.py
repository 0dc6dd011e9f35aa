"""Whether a quote holds a name of the register, however it is written.

Stricter than what takes names out of transcripts (`maillage.name_forms`): a quote is refused for one word of a name, in
pieces, spelt by ear or with a letter changed. A refusal costs a paraphrase, a name that passes costs more.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from maillage.name_forms import END, START, fold, forms, words_of
from maillage.publish import words

LEAST, NEAR = 3, 6  # letters of a part of a name, and of one that is found with one letter changed
GAP = r"[\W_]{0,3}"
BY_EAR = (
    ("ph", "f"), ("dj", "j"), ("tch", "sh"), ("ch", "sh"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("ou", "u"),
    ("oo", "u"), ("ee", "i"), ("ck", "k"), ("qu", "k"), ("c", "k"), ("q", "k"), ("w", "u"), ("y", "i"), ("z", "s"),
    ("x", "ks"), ("h", ""), ("'", ""),
)  # fmt: skip


def holds_name(text: str, names: Sequence[str]) -> bool:
    """Whether a text holds one of these names or a part of one: as written, in pieces, glued, by initials, in the
    plural, respelt, with one letter changed, with letters of other alphabets that look alike."""
    folded = fold(text)
    if any(re.search(pattern, folded) for pattern in _patterns(tuple(names))):
        return True
    parts = _parts(tuple(names))
    sounds = {_by_ear(part) for part in parts if len(part) > LEAST}
    told = [word for word in re.findall(r"[^\W\d_]+", folded) if len(word) > LEAST]
    common = words.common()
    unusual = [word for word in told if words.stem(word) not in common]
    near = [part for part in parts if len(part) >= NEAR]
    return any(_by_ear(word) in sounds for word in unusual) or any(_one_off(a, b) for a in unusual for b in near)


def other_letters(text: str) -> bool:
    """Whether letters are left that are not Latin, once those that only look so are taken for what they look like."""
    return any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in fold(text))


@lru_cache(maxsize=8)
def _parts(names: tuple[str, ...]) -> frozenset[str]:
    """The words of names, without those too short to be told from others."""
    return frozenset(word for name in names for word in words_of(name) if len(word) >= LEAST)


@lru_cache(maxsize=8)
def _patterns(names: tuple[str, ...]) -> tuple[str, ...]:
    """What to look for in a folded text: each part letter by letter, the forms of whole names, their initials."""
    whole = {name: "x" for name in names if words_of(name)}
    split = [START + GAP.join(map(re.escape, part)) + END for part in sorted(_parts(names))]
    initials = {tuple(word[0] for word in words_of(name)) for name in whole}
    dotted = [START + rf"\.{GAP}".join(map(re.escape, letters)) + r"\." for letters in initials if len(letters) > 1]
    return (*split, *(form.pattern for form in forms(whole)), *sorted(dotted))


def _by_ear(word: str) -> str:
    """A folded word as it sounds, nearly: what is spelt in several ways comes to one, double letters are one."""
    for written, heard in BY_EAR:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word).rstrip("e")


def _one_off(one: str, other: str) -> bool:
    """Whether two words differ by one letter: another, one more, one less, or two that changed places."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, tail = one[at:], other[at:]
    swapped = rest[:2] == tail[:2][::-1] and rest[2:] == tail[2:]
    return rest[1:] == tail[1:] or rest[1:] == tail or rest == tail[1:] or swapped
