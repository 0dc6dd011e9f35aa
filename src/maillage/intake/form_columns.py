"""Which column of an export answers which question, and what its cells say, by names or labels in either language.

A header can be the name of the question, its label, or a path of groups that ends in one of them. The choices of a
question with several are read from the columns `question/choice` where the export has them; they alone are unambiguous.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from maillage.intake.form_export import Line, Sheet
from maillage.intake.form_map import Choices, FormMap
from maillage.intake.values import fold

SEPARATORS = ("/", "-", ".", ":")  # of Kobo, of ODK, of spreadsheets made from them
YES, NO = {"1", "1 0", "true", "yes", "oui"}, {"0", "0 0", "false", "no", "non"}  # folded
OTHERS, COMPANIONS = {"other", "autre", "or other", "or autre"}, ("_other", "_autre")  # folded
LONGEST = 14  # words of a label
POINT = re.compile(r"-?[0-9]{1,2}\.[0-9]{3,} -?[0-9]{1,3}\.[0-9]{3,}( -?[0-9.]+){0,2}\Z")
GEO = re.compile(r"(^_geolocation$)|((^|[/_.-])(latitude|longitude|altitude|precision|gps)$)", re.IGNORECASE)
SYSTEM = {"start", "end", "today", "deviceid", "username", "phonenumber", "subscriberid", "simserial", "simid", "audit",
          "KEY", "PARENT_KEY", "SubmissionDate", "SubmitterID", "SubmitterName", "AttachmentsPresent",
          "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "instanceID",
          "instanceName", "formhub/uuid"}  # fmt: skip


same = lru_cache(maxsize=50_000)(fold)  # the same few texts stand in thousands of cells


class UnclearError(Exception):
    """A cell whose meaning cannot be told; `code` and `value` make the finding."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value}")
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet: `plain` by question, `choices` by question and choice, `doubtful` with their rivals."""

    sheet: Sheet
    told: FormMap
    plain: Mapping[str, int] = field(default_factory=dict[str, int])
    choices: Mapping[str, Mapping[int, str]] = field(default_factory=dict[str, Mapping[int, str]])
    doubtful: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def has(self, name: str) -> bool:
        """Whether the sheet answers a question."""
        return name in self.plain or name in self.choices

    def text(self, line: Line, name: str) -> str:
        """The cell of a question as written; empty where it holds nothing."""
        at = self.plain.get(name)
        text = line.cells[at] if at is not None else ""
        return "" if text in self.told.blank else text

    def values(self, line: Line, name: str) -> list[str]:
        """The answers to a question, as our codes where its choices are known. Raises `UnclearError`."""
        known = self.told.question(name)
        if known.several or name in self.choices:
            order = self.told.offered(name).codes
            chosen = self._chosen(line, name)
            return sorted(chosen, key=lambda code: order.index(code) if code in order else len(order))
        text = self.text(line, name)
        if not text:
            return []
        if text.startswith("="):
            raise UnclearError("form_formula", text)
        if POINT.match(text):
            raise UnclearError("form_geopoint", text[:6])
        code = self.told.offered(name).code(text) or text
        return [self._other(line, name, code) or code]

    def _other(self, line: Line, name: str, text: str) -> str:
        """What was written beside the choice `other`, where the form asks for it."""
        if same(text) not in OTHERS:
            return ""
        return next((found for end in COMPANIONS if (found := self.text(line, f"{name}{end}"))), "")

    def _chosen(self, line: Line, name: str) -> list[str]:
        offered = self.told.offered(name)
        joined = self.text(line, name)
        cells = {choice: line.cells[at] for at, choice in self.choices.get(name, {}).items()}
        if joined.startswith("=") or any(cell.startswith("=") for cell in cells.values()):
            raise UnclearError("form_formula", joined or next(cell for cell in cells.values() if cell))
        if not any(cells.values()):
            return split(joined, offered)
        for choice, cell in cells.items():
            if cell and same(cell) not in YES | NO | {same(choice)}:
                raise UnclearError("form_choice_cell", cell)
        chosen = [offered.code(choice) or choice for choice, cell in cells.items() if cell and same(cell) not in NO]
        others = [code for code in chosen if same(code) in OTHERS and self._other(line, name, code)]
        return [self._other(line, name, code) if code in others else code for code in chosen]


def columns(sheet: Sheet, told: FormMap, wanted: Sequence[str]) -> Columns:
    """Find the questions `wanted` (and what is written beside their choice `other`) in the header of a sheet."""
    several = {name: _choices(sheet, told, name) for name in wanted if told.question(name).several}
    taken = {at for found in several.values() for at in found}
    plain: dict[str, int] = {}
    doubtful: dict[str, tuple[str, ...]] = {}
    for name in (*wanted, *(f"{name}{end}" for name in wanted for end in COMPANIONS)):
        labels = {same(label) for label in told.question(name).labels}
        found = _best(sheet, name, labels, taken)
        if len(found) > 1:
            doubtful[name] = tuple(sheet.names[at] for at in found)
        elif found:
            plain[name] = found[0]
    return Columns(sheet, told, plain, {name: found for name, found in several.items() if found}, doubtful)


def _best(sheet: Sheet, name: str, labels: set[str], taken: set[int]) -> list[int]:
    """Columns of the strongest sign: the name itself, a path that ends in it, the label, a path that ends in that."""
    heads = [(at, head) for at, head in enumerate(sheet.names) if head and at not in taken]
    signs = (
        [at for at, head in heads if head == name],
        [at for at, head in heads if any(head.endswith(f"{sign}{name}") for sign in SEPARATORS)],
        [at for at, head in heads if same(head) in labels],
        [at for at, head in heads if any(same(end) in labels for _, end in _cuts(head))],
    )
    return next((found for found in signs if found), [])


def _choices(sheet: Sheet, told: FormMap, name: str) -> dict[int, str]:
    """Columns `question/choice` of a question with several: column -> choice as the header names it."""
    labels, offered = {same(label) for label in told.question(name).labels}, told.offered(name)
    found: dict[int, str] = {}
    for at, head in enumerate(sheet.names):
        for question, choice in _cuts(head):
            last = question.rpartition("/")[2]
            grouped = choice == name and not offered.code(choice)  # a group named like its question
            if choice and not grouped and (last == name or same(question) in labels or same(last) in labels):
                found[at] = choice
                break
    return found


def _cuts(head: str) -> Iterator[tuple[str, str]]:
    """Every way to part a header at a slash: labels can hold one too."""
    for at in (at for at, sign in enumerate(head) if sign == "/"):
        yield head[:at], head[at + 1 :]


def split(text: str, offered: Choices) -> list[str]:
    """The choices in a cell that joins them. Raises `UnclearError` where it can be parted in two ways."""
    if not text or not offered.codes:
        return text.split()
    for sign in (";", ",", "|"):
        parts = [offered.code(part.strip()) for part in text.split(sign)]
        if len(parts) > 1 and all(parts):
            return [part for part in parts if part]
    ways = set(_ways(tuple(text.split()), offered, {}))
    if len(ways) > 1:
        raise UnclearError("form_choices_unclear", text)
    return list(ways.pop()) if ways else [text]


def _ways(words: tuple[str, ...], offered: Choices, known: dict[int, list[tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """All ways to read words as choices one after the other, at most a few."""
    if len(words) in known:
        return known[len(words)]
    found: list[tuple[str, ...]] = [] if words else [()]
    for end in range(1, min(len(words), LONGEST) + 1):
        code = offered.code(" ".join(words[:end]))
        if code is not None:
            found += [(code, *rest) for rest in _ways(words[end:], offered, known)]
    known[len(words)] = found[:3]
    return known[len(words)]


def unread(found: Columns, ignored: Sequence[str]) -> tuple[list[str], list[str]]:
    """Headers of columns that hold something and are not read: (points on the map, others that are not `ignored`)."""
    read = {*found.plain.values(), *(at for each in found.choices.values() for at in each)}
    read |= {at for at, head in enumerate(found.sheet.names) for rivals in found.doubtful.values() if head in rivals}
    heads = [(at, head) for at, head in enumerate(found.sheet.names) if head and at not in read]
    heads = [(at, head) for at, head in heads if any(line.cells[at] for line in found.sheet.lines)]
    points = [head for at, head in heads if _is_point(found.sheet, at)]
    left = [head for _, head in heads if head not in points and not is_system(head)]
    return points, [head for head in left if head not in ignored and head.rpartition("/")[2] not in ignored]


def _is_point(sheet: Sheet, at: int) -> bool:
    return bool(GEO.search(sheet.names[at])) or any(POINT.match(line.cells[at]) for line in sheet.lines)


def is_system(head: str) -> bool:
    """Whether a column is made by the server or the telephone and no question."""
    return head.startswith(("_", "meta/", "meta-", "meta.", "SET-OF")) or head in SYSTEM
