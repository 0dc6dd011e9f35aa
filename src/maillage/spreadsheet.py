"""Text that a spreadsheet would run: defused on the way out, restored on the way in.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line end is taken for a formula by one program or another. An
apostrophe in front makes it text everywhere; text that begins with apostrophes before such a sign gets one more, so
that nothing is lost. Numbers are no text and are never touched.
"""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
APOSTROPHE = "'"


def defused(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return APOSTROPHE + text if text.lstrip(APOSTROPHE).startswith(FORMULA) else text


def restored(text: str) -> str:
    """The text that `defused` was given."""
    return text[1:] if text.startswith(APOSTROPHE) and text.lstrip(APOSTROPHE).startswith(FORMULA) else text
