"""The text of an OpenDocument file (.odt) as a reader sees it with all changes accepted.

The same rules as for Word files: deleted and hidden text, comments, headers, footers, fields that print a person or a
page do not enter; notes are marked `[1]` and stand at the end.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element

from maillage.errors import MaillageError
from maillage.intake.extract import Extract
from maillage.intake.zipped import MB, Members, members, xml

URN = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, OFFICE, DRAW = (f"{URN}{name}:1.0}}" for name in ("text", "table", "office", "drawing"))
STYLE, MANIFEST = f"{URN}style:1.0}}", f"{URN}manifest:1.0}}"
BLANKS = re.compile(r"[ \t\r\n]+")
PRINTED = (
    "author-name", "author-initials", "creator", "initial-creator", "printed-by", "editing-cycles", "file-name",
    "page-number", "page-count", "page-continuation", "sender-firstname", "sender-lastname", "sender-initials",
    "sender-title", "sender-position", "sender-email", "sender-phone-private", "sender-fax", "sender-company",
    "sender-phone-work", "sender-street", "sender-city", "sender-postal-code", "sender-country",
    "sender-state-or-province", "description", "user-defined",
)  # fmt: skip
SHAPES = (
    "text-box", "custom-shape", "rect", "circle", "ellipse", "polygon", "path", "caption", "line", "connector",
)  # fmt: skip
OBJECTS = (
    "object", "object-ole", "plugin", "applet", "floating-frame",
)  # fmt: skip
UNREAD = (
    "-source", "-decls", "}forms", "}ruby-text", "}script", "}title", "}desc", "}annotation-end",
)  # fmt: skip


def read_odt(path: Path) -> Extract:
    """Text and counts of what was left out. Raises MaillageError `document_part` and those of `zipped`."""
    with members(path, limit_total=200 * MB) as parts:
        manifest = _tree(parts, path.name, "META-INF/manifest.xml")
        if manifest is not None and manifest.find(f".//{MANIFEST}encryption-data") is not None:
            raise MaillageError("zip_locked", file=path.name, value="content.xml")
        content, styles = _tree(parts, path.name, "content.xml"), _tree(parts, path.name, "styles.xml")
    text = content.find(f"{OFFICE}body/{OFFICE}text") if content is not None else None
    if content is None or text is None:
        raise MaillageError("document_part", file=path.name)
    body = Body(hidden_styles([tree for tree in (styles, content) if tree is not None]))
    lines = [body.story(text), *body.notes]
    body.counts["document_headers"] += _worded_headers(styles)
    return Extract("\n".join(lines), "utf-8", body.counts)


def _tree(parts: Members, file: str, name: str) -> Element | None:
    return xml(parts[name], file=file, part=name) if name in parts else None


def _worded_headers(styles: Element | None) -> int:
    names = [f"{STYLE}{name}{kind}" for name in ("header", "footer") for kind in ("", "-left", "-first")]
    found = [item for name in names for item in styles.iter(name)] if styles is not None else []
    return sum(bool("".join(item.itertext()).strip()) for item in found)


def hidden_styles(trees: list[Element]) -> set[str]:
    """Names of the styles that hide their text, by themselves or by the style above them."""
    own: dict[str, str | None] = {}
    above: dict[str, str] = {}
    for style in (item for tree in trees for item in tree.iter(f"{STYLE}style")):
        name = style.get(f"{STYLE}name", "")
        properties = style.find(f"{STYLE}text-properties")
        own[name] = properties.get(f"{TEXT}display") if properties is not None else None
        above[name] = style.get(f"{STYLE}parent-style-name", "")
    return {name for name in own if _inherited(name, own, above) == "none"}


def _inherited(name: str, own: dict[str, str | None], above: dict[str, str]) -> str | None:
    seen: set[str] = set()
    while name in own and name not in seen:
        if own[name] is not None:
            return own[name]
        seen.add(name)
        name = above[name]
    return None


@dataclass(slots=True)
class Place:
    """Where the reader is: the text so far, boxes that wait for the end of the paragraph, cells of the row."""

    out: list[str] = field(default_factory=list[str])
    boxes: list[str] = field(default_factory=list[str])
    cells: list[str] = field(default_factory=list[str])


class Body:
    """Walks a tree and writes what a reader sees; elements it has no method for are walked through."""

    def __init__(self, hidden: set[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []
        self._hidden = hidden
        self._at = Place()

    def story(self, root: Element) -> str:
        """The text of a tree, apart from what is being read around it."""
        around, self._at = self._at, Place()
        self._walk(root)
        text, self._at = "".join(self._at.out + self._at.boxes), around
        return text

    def _walk(self, node: Element) -> None:
        """What stands in an element, its children and what stands behind each of them."""
        self._write(node.text)
        for item in node:
            self._element(item)
            self._write(item.tail)

    def _element(self, node: Element) -> None:
        if self._is_hidden(node):
            self.counts["document_hidden"] += 1
        elif not node.tag.endswith(UNREAD):
            self.METHODS.get(node.tag, Body._walk)(self, node)

    def _is_hidden(self, node: Element) -> bool:
        inside = node.tag == f"{TEXT}p" and any(
            item.get(f"{TEXT}is-hidden") == "true" for item in node.iter(f"{TEXT}hidden-paragraph")
        )
        stated = node.get(f"{TEXT}display") == "none" or node.get(f"{TEXT}is-hidden") == "true"
        return inside or stated or node.get(f"{TEXT}style-name") in self._hidden

    def _write(self, text: str | None) -> None:
        """Blanks count once, and not at all where a paragraph begins."""
        text = BLANKS.sub(" ", text or "")
        last = self._at.out[-1] if self._at.out else "\n"
        if text and last.endswith((" ", "\n", "\t")):
            text = text.removeprefix(" ")
        if text:
            self._at.out.append(text)

    def _paragraph(self, node: Element) -> None:
        self._walk(node)
        self._at.out.append("\n")
        self._at.out.extend(self._at.boxes)
        self._at.boxes = []

    def _cell(self, node: Element) -> None:
        self._at.cells.append(self.story(node).removesuffix("\n"))

    def _row(self, node: Element) -> None:
        if node.get(f"{TABLE}visibility") in ("collapse", "filter"):
            self.counts["document_hidden"] += 1
            return
        around, self._at.cells = self._at.cells, []
        self._walk(node)
        self._at.out.append("\t".join(self._at.cells) + "\n")
        self._at.cells = around

    def _box(self, node: Element) -> None:
        self._at.boxes.append(self.story(node))

    def _note(self, node: Element) -> None:
        number = len(self.notes) + 1
        self.notes.append("")
        body = node.find(f"{TEXT}note-body")
        words = self.story(body).strip() if body is not None else ""
        self.notes[number - 1] = f"[{number}] {words}\n"
        self._at.out.append(f"[{number}]")

    def _blank(self, node: Element) -> None:
        count = node.get(f"{TEXT}c", "1")
        self._at.out.append(" " * min(int(count) if count.isdecimal() else 1, 1_000))

    def _count(self, code: str) -> None:
        self.counts[code] += 1

    def _deletions(self, node: Element) -> None:
        regions = node.iter(f"{TEXT}deletion")
        self.counts["document_deleted"] += sum(bool("".join(item.itertext()).strip()) for item in regions)

    METHODS: ClassVar[dict[str, Callable[["Body", Element], None]]] = {
        **dict.fromkeys((f"{TEXT}p", f"{TEXT}h"), _paragraph),
        **dict.fromkeys((f"{DRAW}{name}" for name in SHAPES), _box),
        **dict.fromkeys((f"{TEXT}{name}" for name in PRINTED), lambda self, node: self._count("document_fields")),
        **dict.fromkeys((f"{DRAW}{name}" for name in OBJECTS), lambda self, node: self._count("document_objects")),
        f"{TEXT}s": _blank,
        f"{TEXT}tab": lambda self, node: self._at.out.append("\t"),
        f"{TEXT}line-break": lambda self, node: self._at.out.append("\n"),
        f"{TEXT}note": _note,
        f"{TEXT}tracked-changes": _deletions,
        f"{TABLE}table-row": _row,
        f"{TABLE}table-cell": _cell,
        f"{DRAW}image": lambda self, node: self._count("document_pictures"),
        f"{OFFICE}annotation": lambda self, node: self._count("document_comments"),
    }
