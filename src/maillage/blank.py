"""Whether a text says anything: what no reader sees is no reason, however many characters it has."""

import unicodedata

from maillage.errors import MaillageError

SEEN = frozenset("LNPS")  # letters, digits, punctuation, signs: the first letter of their category in Unicode
DRAWN_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a sign by category, drawn as a blank


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: blanks of any width, signs without width, fillers, accents on nothing."""
    return not any(unicodedata.category(sign)[0] in SEEN and sign not in DRAWN_BLANK for sign in text)


def reason(text: str, field: str) -> str:
    """`text`, where the log must hold one. field: what is to be filled in. Raises MaillageError `reason_missing`."""
    if is_blank(text):
        raise MaillageError("reason_missing", field=field)
    return text
