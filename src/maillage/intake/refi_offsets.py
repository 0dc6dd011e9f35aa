"""Positions in texts of coding projects: in which unit they count, and where they are once the text is NFC with LF.

REFI-QDA counts code points. Programs built on UTF-16, on bytes, or on texts whose line ends count once write other
numbers. The passage's own words, where the file quotes them, tell which unit it is; a guess without proof is a warning.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
RUN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
QUOTED = 4  # a shorter name proves nothing
HEARD = 24  # passages of a text that are asked, evenly over it
JAMO = range(0x1160, 0x1200)  # vowels and finals of Hangul join the letter before them without being marks


@dataclass(frozen=True, slots=True)
class Marked:
    """The marked passages of one text as a file gives them: `quotes` are their names, often the words themselves."""

    text: str
    bom: bool
    starts: Positions
    ends: Positions
    quotes: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The unit of all positions of a project: `points`, `utf16`, `lf`, `utf16_lf`, `utf8` or `bom`.

    `proof`: `quotes` (the words are there), `ends` (only so do the passages end within their text), or empty; `mixed`
    where some quotes speak for code points and others against; `doubtful` counts passages that could be meant
    otherwise.
    """

    unit: str = "points"
    proof: str = ""
    mixed: bool = False
    doubtful: int = 0


def points_of(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def candidates(text: str, *, bom: bool) -> list[str]:
    """Units that could differ from code points in this text."""
    if text.isascii():
        return [*(["lf"] if "\r\n" in text else []), *(["bom"] if bom else [])]
    astral, crlf = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text), "\r\n" in text
    possible = {"utf16": astral, "lf": crlf, "utf16_lf": astral and crlf, "utf8": True, "bom": bom}
    return [unit for unit, differs in possible.items() if differs]


def ticks(text: str, unit: str) -> Positions:
    """Where each boundary between code points stands in `unit`: length + 1 rising numbers."""
    points = points_of(text)
    width = np.ones(len(points), dtype=np.int64)
    if unit.startswith("utf16"):
        width += points > 0xFFFF
    if unit == "utf8":
        width += (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
    if unit.endswith("lf"):
        width[:-1] -= (points[:-1] == 0x0D) & (points[1:] == 0x0A)
    return np.concatenate([[0], np.cumsum(width)]) + (1 if unit == "bom" else 0)


def located(text: str, offsets: Positions, unit: str) -> tuple[Positions, npt.NDArray[np.bool_]]:
    """Positions in `unit` as code points, and whether each falls on a boundary of the text."""
    if unit == "points":
        return offsets, (offsets >= 0) & (offsets <= len(text))
    marks = ticks(text, unit)
    offsets = np.maximum(offsets, marks[0])
    index = np.minimum(np.searchsorted(marks, offsets), len(text))
    return index.astype(np.int64), marks[index] == offsets


def verdict(texts: Sequence[Marked]) -> Verdict:
    """The unit in which a project counts; one program wrote it, so all its texts are asked together."""
    votes: Counter[str] = Counter()
    refuted: Counter[str] = Counter()
    beyond = doubtful = 0
    for marked in texts:
        spans = {unit: _spans(marked, unit) for unit in candidates(marked.text, bom=marked.bom)}
        own = _spans(marked, "points")
        beyond += int((~own[2]).sum())
        for unit, (starts, ends, valid) in spans.items():
            refuted[unit] += int((~valid).sum())
            if unit == "utf16":
                doubtful += int(((starts != own[0]) | (ends != own[1])).sum())
        _vote(marked, own, spans, votes)
    best = max((unit for unit in votes if unit != "points"), key=lambda unit: votes[unit], default="")
    if best and votes["points"]:
        return Verdict(mixed=True)
    if best:
        return Verdict(best, "quotes")
    if beyond and "utf16" in refuted and not refuted["utf16"] and not votes["points"]:
        return Verdict("utf16", "ends")
    return Verdict(proof="quotes" if votes["points"] else "", doubtful=0 if votes["points"] else doubtful)


Spans = tuple[Positions, Positions, npt.NDArray[np.bool_]]


def _spans(marked: Marked, unit: str) -> Spans:
    both, good = located(marked.text, np.concatenate([marked.starts, marked.ends]), unit)
    (starts, ends), (good_starts, good_ends) = np.split(both, 2), np.split(good, 2)
    return starts, ends, good_starts & good_ends


def _vote(marked: Marked, own: Spans, others: dict[str, Spans], votes: Counter[str]) -> None:
    """Each passage that quotes itself votes for the units in which its words stand there, if not all of them do."""
    if not others:
        return
    differs = np.zeros(len(marked.starts), dtype=bool)
    for starts, ends, _ in others.values():
        differs |= (starts != own[0]) | (ends != own[1])
    plain = {"points": own} | others
    rows = np.flatnonzero(differs)
    for row in rows[:: len(rows) // HEARD + 1].tolist():
        quote = words(marked.quotes[row] or "").rstrip("….").rstrip()
        if len(quote) < QUOTED:
            continue
        holds = {unit for unit, span in plain.items() if span[2][row] and _stands(marked.text, span, row, quote)}
        moved = {unit for unit, s in others.items() if (s[0][row], s[1][row]) != (own[0][row], own[1][row])}
        if "points" in holds:
            votes["points"] += not holds & moved
        else:
            votes.update(holds)


def _stands(text: str, span: Spans, row: int, quote: str) -> bool:
    start, end = int(span[0][row]), int(span[1][row])
    if text.startswith(quote, start, end):  # most do, to the letter
        return True
    return words(text[start : min(end, start + 2 * len(quote) + 64)]).startswith(quote)


def words(text: str) -> str:
    """A text with single blanks, as it survives in an attribute."""
    return " ".join(text.split())


def normal(text: str) -> tuple[str, Positions | None, Positions | None]:
    """NFC text with LF line ends, and where each boundary of the old text went: as a start, as an end.

    A boundary inside what NFC joins goes to the front as a start and to the back as an end, so that a passage never
    loses half a letter. None where nothing moved.
    """
    if unicodedata.is_normalized("NFC", text) and "\r" not in text:
        return text, None, None
    composed = unicodedata.normalize("NFC", text)
    points = points_of(text)
    width = np.ones(len(points), dtype=np.int64)
    width[:-1] -= (points[:-1] == 0x0D) & (points[1:] == 0x0A)
    joined: list[tuple[int, int]] = []
    for run in RUN.finditer(text) if composed != text else ():
        if not unicodedata.is_normalized("NFC", run[0]):
            for first, last, size in _units(run[0], run.start()):
                width[first:last] = 0
                width[first] = size
                joined.append((first, last))
    ends = np.concatenate([[0], np.cumsum(width)])
    starts = ends.copy()
    for first, last in joined:
        starts[first + 1 : last] = starts[first]
    return composed.replace("\r\n", "\n").replace("\r", "\n"), starts, ends


def _units(piece: str, offset: int) -> list[tuple[int, int, int]]:
    """Letters with their marks that NFC changes: first and last boundary in the text, new length."""
    cuts = [i for i, char in enumerate(piece) if not unicodedata.category(char).startswith("M")]
    cuts = sorted({0, *(i for i in cuts if ord(piece[i]) not in JAMO)})
    units = [(a, b, piece[a:b]) for a, b in zip(cuts, [*cuts[1:], len(piece)], strict=True)]
    changed = [(a, b, unicodedata.normalize("NFC", unit)) for a, b, unit in units]
    if "".join(unit for _, _, unit in changed) != unicodedata.normalize("NFC", piece):
        return [(offset, offset + len(piece), len(unicodedata.normalize("NFC", piece)))]
    return [
        (offset + a, offset + b, len(new))
        for (a, b, new), (_, _, old) in zip(changed, units, strict=True)
        if new != old
    ]
