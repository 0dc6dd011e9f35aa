"""The text of an RTF file as a reader sees it with all changes accepted.

The same rules as for Word files. Read by a small scanner of our own, because deleted (`\\deleted`) and hidden (`\\v`)
text must not enter, and foot notes and text boxes must not be lost.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from maillage.errors import MaillageError
from maillage.intake.extract import Extract, personal

MOST_MARKS = 1_000_000  # control words, signs and groups: a few seconds of reading
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
FONTS = re.compile(rb"\\f([0-9]{1,5})\b[^{};]*?\\fcharset([0-9]{1,3})")
CHARSETS = {
    2: "symbol", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
SIGNS = {
    "par": "\n", "line": "\n", "page": "\n", "sect": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t", "row": "\n",
    "nestrow": "\n", "emdash": "—", "endash": "–", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "~": "\u00a0", "_": "\u2011",
    "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n",
}  # fmt: skip
SKIPPED = {
    "fonttbl", "colortbl", "stylesheet", "info", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator",
    "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "filetbl", "pict", "objdata",
    "nonshppict", "shprslt", "nonesttables", "listtext", "pntext", "pntxta", "pntxtb", "pn", "bkmkstart", "bkmkend",
    "atrfstart", "atrfend", "atnid", "atnauthor", "atndate", "atnicn", "atnref", "atntime", "ftnsep", "ftnsepc",
    "ftncn", "aftnsep", "aftnsepc", "aftncn", "formfield", "datafield", "sp", "xe", "tc", "txe", "rxe", "private",
    "upr", "pgptbl", "userprops", "docvar", "mmathPr", "wgrffmtfilter", "falt", "panose", "fname", "template",
    "company", "manager", "author", "operator", "keywords", "comment", "doccomm", "title", "subject", "category",
    "hlinkbase",
}  # fmt: skip
ENTERED = {"shpinst", "shptxt", "shppict", "footnote", "fldinst", "nesttableprops"}  # read although marked \*
COUNTED = {"pict": "document_pictures", "object": "document_objects", "annotation": "document_comments"}
HEADERS = {f"{name}{side}" for name in ("header", "footer") for side in ("", "l", "r", "f")}
ASIDE = {"footnote", "shptxt", "fldinst"} | HEADERS  # groups whose text stands elsewhere, or nowhere
GONE = {"deleted": "deleted", "mvf": "deleted", "v": "hidden"}


def read_rtf(path: Path) -> Extract:
    """Text and counts of what was left out; a file that ends too early is counted as `document_cut`.

    Raises MaillageError `document_large`.
    """
    raw = path.read_bytes()
    marks = raw.count(b"\\") + raw.count(b"{")
    if marks > MOST_MARKS:
        raise MaillageError("document_large", file=path.name, value=marks, most=MOST_MARKS)
    scan = Scan()
    text = scan.read(raw)
    whole = "\n".join(
        [text.rstrip("\n") + "\n", *(f"[{number}] {note.strip()}\n" for number, note in enumerate(scan.notes, 1))]
    )
    paired = whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Extract(paired, scan.page, scan.counts)


class State(NamedTuple):
    """What a group changes and its end undoes."""

    skip: bool = False
    hidden: bool = False
    deleted: bool = False
    starred: bool = False
    after_unicode: int = 1
    font: int = -1
    aside: str = ""


@dataclass(slots=True)
class Out:
    """A text being built, and the boxes that wait for the end of its paragraph."""

    text: list[str] = field(default_factory=list[str])
    boxes: list[str] = field(default_factory=list[str])

    def whole(self) -> str:
        """Everything so far."""
        return "".join(self.text + self.boxes)


class Scan:
    """Reads a file once from its beginning to its end; groups lie on a stack, so no depth is too deep."""

    def __init__(self) -> None:
        self.page = "cp1252"
        self.notes: list[str] = []
        self.counts: Counter[str] = Counter()
        self._stack = [State()]
        self._outs = [Out()]
        self._fonts: dict[int, str] = {}
        self._default_font = -1
        self._bytes = bytearray()
        self._ignore = 0

    def read(self, raw: bytes) -> str:
        """The text outside of notes."""
        start = max(raw.find(b"\\fonttbl"), 0)
        found = FONTS.findall(raw, start, start + 1_000_000)
        self._fonts = {int(font): CHARSETS.get(int(charset), "") for font, charset in found}
        position = 0
        while position < len(raw):
            position = self._until_binary(raw, position)
        self._flush()
        self.counts["document_cut"] += len(self._stack) > 1
        while len(self._stack) > 1:
            self._close()
        return self._outs[0].whole()

    def _until_binary(self, raw: bytes, start: int) -> int:
        """Read on until a run of binary data or the end of the file; where to go on from."""
        for match in TOKEN.finditer(raw, start):
            word, argument, code, sign, brace, plain = match.groups()
            if plain or code:
                letters = plain or bytes((int(code, 16),))
                self._bytes += letters[self._ignore :] if self._ignore else letters
                self._ignore = max(self._ignore - len(letters), 0)
                continue
            if self._bytes:
                self._flush()
            if word == b"bin":
                return match.end() + max(int(argument or 0), 0)
            if word:
                self._word(word.decode(), int(argument) if argument else None)
            elif brace:
                self._brace(brace == b"{")
            elif sign == b"*":
                self._set(starred=True)
            elif sign:
                self._write(SIGNS.get(sign.decode("latin-1"), ""))
            if len(self._stack) == 1 and brace == b"}":
                break
        return len(raw)

    def _brace(self, opens: bool) -> None:
        self._ignore = 0
        if opens:
            state = self._stack[-1]
            plainer = state._replace(starred=False, aside="") if state.starred or state.aside else state
            self._stack.append(plainer)
        elif len(self._stack) > 1:
            self._close()

    def _word(self, word: str, argument: int | None) -> None:
        state = self._stack[-1]
        if word in SKIPPED or word in COUNTED or word in ASIDE or state.starred:
            self._destination(word)
        elif word == "u" and argument is not None:
            self._write(chr(argument & 0xFFFF))
            self._ignore = state.after_unicode
        elif word in SIGNS:
            self._sign(word)
        elif word in GONE:
            self._set(**{GONE[word]: argument != 0})
        elif word == "plain":
            self._set(hidden=False, font=self._default_font)
        elif word == "uc":
            self._set(after_unicode=max(argument or 0, 0))
        elif word == "f":
            self._set(font=-1 if argument is None else argument)
        elif word == "deff":
            self._default_font = -1 if argument is None else argument
        elif word in PAGES or word == "ansicpg":
            self.page = PAGES.get(word) or _page(argument)

    def _destination(self, word: str) -> None:
        """The first word of a group that holds something other than running text."""
        state = self._stack[-1]
        unseen = state.skip or state.hidden or state.deleted
        self._set(starred=False)
        if word == "ud":  # the Unicode form of what stands before it; the group around both is skipped
            self._set(skip=self._stack[-3].skip if len(self._stack) > 2 else True)
        elif word in ASIDE and not unseen:
            if word == "footnote":
                self.notes.append("")
                self._write(f"[{len(self.notes)}]")
            self._set(aside=f"footnote {len(self.notes)}" if word == "footnote" else word)
            self._outs.append(Out())
        elif word not in ENTERED or (word in ASIDE and unseen):
            self.counts[COUNTED.get(word, "")] += word in COUNTED and not state.skip
            self._set(skip=True)

    def _close(self) -> None:
        aside = self._stack.pop().aside
        if not aside:
            return
        text = self._outs.pop().whole()
        if aside == "shptxt":
            self._outs[-1].boxes.append(text)
        elif aside == "fldinst":
            dropped = personal(text)
            self.counts["document_fields"] += dropped
            self._set(skip=self._stack[-1].skip or dropped)
        elif aside in HEADERS:
            self.counts["document_headers"] += bool(text.strip())
        else:
            self.notes[int(aside.split()[1]) - 1] = text

    def _sign(self, word: str) -> None:
        out = self._outs[-1]
        if word in ("row", "nestrow") and out.text and out.text[-1] == "\t":
            out.text.pop()
        self._write(SIGNS[word])
        if SIGNS[word] == "\n":
            out.text += out.boxes
            out.boxes.clear()

    def _set(self, **changes: Any) -> None:
        self._stack[-1] = self._stack[-1]._replace(**changes)

    def _flush(self) -> None:
        """Bytes gathered so far, in the code page of their font."""
        if not self._bytes:
            return
        encoding = self._fonts.get(self._stack[-1].font, "") or self.page
        raw, self._bytes = bytes(self._bytes), bytearray()
        if encoding == "symbol":
            self._write("".join("•" if byte == 0xB7 else "\ufffd" for byte in raw))
        else:
            self._write(raw.decode(encoding, "replace"))

    def _write(self, text: str) -> None:
        state = self._stack[-1]
        if state.skip or not text:
            return
        if state.deleted or state.hidden:
            self.counts["document_deleted" if state.deleted else "document_hidden"] += bool(text.strip())
        else:
            self._outs[-1].text.append(text)


def _page(number: int | None) -> str:
    """The code page of a number; that of Western Europe for one that Python does not know."""
    name = "utf-8" if number == 65001 else f"cp{number}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
