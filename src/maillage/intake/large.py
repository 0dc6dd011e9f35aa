"""Large CSV files read at once. A first look over the bytes makes sure that nothing about them is odd.

Whatever that look finds odd is left to the strict reader of `rows`, which says what it is and where.
"""

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.intake.rows import WIDEST
from maillage.intake.values import clean
from maillage.spreadsheet import restored

LARGE = 200_000  # bytes
HEAD = 200_000  # in which the names of columns stand
AT_ONCE = 1 << 17  # bytes, few enough to stay in the cache of a core
QUOTE, LINE_END, RETURN = b'"\n\r'
PLAIN = r"^[\x21-\x26\x28-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$"  # ASCII that `clean` and `restored` leave as it is
Bytes = NDArray[np.uint8]


def header(path: Path) -> list[str] | None:
    """The column names of a large file from its beginning; None for a small one, or where they are odd."""
    if not path.is_file() or path.stat().st_size < LARGE:
        return None
    with path.open("rb") as file:
        raw = file.read(HEAD)
    text = raw.decode("utf-8-sig", "ignore")
    first = text.split("\n", 1)[0]
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(first), strict=True), [])
    except csv.Error:
        return None
    tidy = all(name == clean(name) != "" for name in names) and len(set(names)) == len(names) <= WIDEST
    return names if tidy else None


def read_large(path: Path, wanted: Collection[str] | None = None) -> tuple[pl.DataFrame, NDArray[np.int64]] | None:
    """The columns `wanted` as cleaned text, and the physical line on which each record begins; all columns where none
    are wanted by name, or one that is not there.

    None for a small file and for one with anything odd: ragged or blank records, stray quotes, NUL, no UTF-8.
    """
    names = header(path)
    if names is None:
        return None
    with path.open("rb") as file:
        separator = _separator(file.readline().decode("utf-8-sig", "ignore"))
    look = _Look(ord(separator), len(names))
    chosen = names if wanted is None or not set(wanted) <= set(names) else [name for name in names if name in wanted]
    with ThreadPoolExecutor(max_workers=1) as pool:  # what is read while one looks counts only if nothing is odd
        reading = pool.submit(pl.read_csv, path, separator=separator, infer_schema=False, columns=chosen)
        even = all(look.fits(piece) for piece in _pieces(path)) and look.ends()
    try:
        frame = reading.result() if even else None
    except pl.exceptions.PolarsError:
        return None
    lines = look.starts() if even else None
    if frame is None or lines is None or frame.height != lines.size:
        return None
    return frame.select(_cleaned(frame[name]) for name in chosen), lines


def _separator(first: str) -> str:
    return ";" if first.count(";") > first.count(",") else ","


def _pieces(path: Path) -> Iterator[bytes]:
    """The file in pieces that end with a line."""
    with path.open("rb") as file:
        while piece := file.read(AT_ONCE):
            piece += file.readline()
            yield piece if piece.endswith(b"\n") else piece + b"\n"


@dataclass(slots=True)
class _Look:
    """What is known of a file so far: inside quotes or not, lines, and where records ended."""

    separator: int
    width: int
    open: int = 0
    lines: int = 0
    found: int = 0  # separators of a record that goes on in the next piece
    length: int = 0
    ended: list[NDArray[np.int64]] = field(default_factory=list[NDArray[np.int64]])
    text: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def fits(self, piece: bytes) -> bool:
        """Whether a piece holds whole, even records of UTF-8 text."""
        raw = np.frombuffer(piece, dtype=np.uint8)
        at = np.flatnonzero((raw == self.separator) | (raw == LINE_END) | (raw == QUOTE))
        signs = raw[at]
        if not (self._is_text(piece, raw) and self._quoted(raw, at[signs == QUOTE])):
            return False
        outside = self._outside(signs)
        ends = np.flatnonzero((signs == LINE_END) & outside)
        parts = np.cumsum((signs == self.separator) & outside, dtype=np.int32)
        line = np.cumsum(signs == LINE_END, dtype=np.int32)
        told = np.diff(parts[ends], prepend=-self.found) if ends.size else ends
        sizes = np.diff(at[ends], prepend=-1 - self.length)
        self.ended.append(self.lines + line[ends].astype(np.int64))
        self.lines += int(line[-1])
        self.found = int(parts[-1] - parts[ends[-1]]) if ends.size else self.found + int(parts[-1])
        self.length = raw.size - 1 - int(at[ends[-1]]) if ends.size else self.length + raw.size
        even = bool((told == self.width - 1).all() and (sizes > self.width + 2).all())
        return even and bool(sizes.max(initial=self.length) < csv.field_size_limit())

    def _is_text(self, piece: bytes, raw: Bytes) -> bool:
        try:
            self.text.decode(piece)
        except UnicodeDecodeError:
            return False
        returns = np.flatnonzero(raw == RETURN) if b"\r" in piece else np.empty(0, np.intp)
        return b"\0" not in piece and bool((raw[returns + 1] == LINE_END).all())  # a piece ends with a line

    def _quoted(self, raw: Bytes, quotes: NDArray[np.intp]) -> bool:
        """Whether quotes open at the start of a cell and close at its end; a doubled one does both."""
        opening, closing = quotes[self.open :: 2], quotes[1 - self.open :: 2]
        before = np.where(opening > 0, raw[opening - 1], LINE_END)
        after = raw[closing + 1]
        starts = (before == self.separator) | (before == LINE_END) | (before == QUOTE)
        stops = (after == self.separator) | (after == LINE_END) | (after == QUOTE) | (after == RETURN)
        return bool(starts.all() and stops.all())

    def _outside(self, signs: Bytes) -> NDArray[np.bool_]:
        """Which signs stand outside quotes."""
        inside = (np.cumsum(signs == QUOTE, dtype=np.uint8) + np.uint8(self.open)) & 1
        self.open = int(inside[-1])
        return inside == 0

    def ends(self) -> bool:
        """Whether the file ends where a record does."""
        return not (self.open or self.length)

    def starts(self) -> NDArray[np.int64]:
        """The line on which each record after the header begins."""
        return np.concatenate(self.ended)[:-1] + 1


def _cleaned(cells: pl.Series) -> pl.Series:
    """Cells as the strict reader gives them: NFC, no blanks around, blank = null."""
    odd = ~cells.str.contains(PLAIN)
    words = cells.filter(odd).drop_nulls().unique().to_list()
    if not words:
        return cells
    new = [restored(clean(word)) or None for word in words]
    mended = cells.filter(odd).replace_strict(words, new, default=None, return_dtype=pl.String)
    return cells.scatter(odd.arg_true(), mended)
