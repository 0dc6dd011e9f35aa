"""The running text of a Word file: what a reader sees once every change is accepted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar
from xml.etree.ElementTree import Element

from maillage.intake.docx_parts import Package, Styles, child, gone, hides, local, value
from maillage.intake.extract import personal


@dataclass(slots=True)
class Field:
    """A field while it is read: its code, then (`shown`) what it prints."""

    code: str = ""
    shown: bool = False
    dropped: bool = False


@dataclass(slots=True)
class Place:
    """Where the reader is: the text so far, boxes that wait for the end of the paragraph, cells of the row."""

    out: list[str] = field(default_factory=list[str])
    boxes: list[str] = field(default_factory=list[str])
    cells: list[str] = field(default_factory=list[str])
    fields: list[Field] = field(default_factory=list[Field])
    hidden: bool = False


class Body:
    """Walks a tree and writes what a reader sees; elements it has no method for are walked through."""

    def __init__(self, package: Package) -> None:
        self.counts: Counter[str] = Counter()
        self._styles = Styles(package)
        self._at = Place()
        self._notes: list[tuple[str, str]] = []
        self._note = {
            kind: {value(item, "id"): item for item in package.every(f"{kind}s", kind)}
            for kind in ("footnote", "endnote")
        }

    def story(self, root: Element) -> str:
        """The text of a tree, apart from what is being read around it."""
        around, self._at = self._at, Place()
        self._walk(root)
        self.counts["document_fields"] += sum(not item.dropped for item in self._at.fields)
        text, self._at = "".join(self._at.out + self._at.boxes), around
        return text

    def notes_text(self) -> list[str]:
        """The notes, each behind its number; notes of notes are numbered on."""
        texts: list[str] = []
        while len(texts) < len(self._notes):
            kind, key = self._notes[len(texts)]
            note = self._note[kind].get(key)
            words = self.story(note).strip() if note is not None else ""
            texts.append(f"[{len(texts) + 1}] {words}\n")
        return texts

    def _walk(self, node: Element) -> None:
        for item in node:
            name = local(item)
            if name.endswith(("Pr", "PrChange")):
                continue
            method = self.METHODS.get(name)
            if method is None:
                self._walk(item)
            else:
                method(self, item)

    def _write(self, text: str) -> None:
        if self._at.hidden:
            self.counts["document_hidden"] += bool(text.strip())
        elif all(item.shown and not item.dropped for item in self._at.fields):
            self._at.out.append(text)

    def _paragraph(self, node: Element) -> None:
        properties = child(node, "pPr")
        mark = child(properties, "rPr")
        start = len(self._at.out)
        styled = self._styles.hidden(value(child(properties, "pStyle")))
        around, self._at.hidden = self._at.hidden, styled
        self._walk(node)
        self._at.hidden = around
        unseen = len(self._at.out) == start and (styled or bool(hides(mark)))
        if not gone(mark) and not unseen:
            self._at.out.append("\n")
        self._at.out.extend(self._at.boxes)
        self._at.boxes = []

    def _run(self, node: Element) -> None:
        properties = child(node, "rPr")
        if gone(properties):
            return self._deleted(node)
        own = hides(properties)
        styled = self._at.hidden or self._styles.hidden(value(child(properties, "rStyle")))
        around, self._at.hidden = self._at.hidden, styled if own is None else own
        self._walk(node)
        self._at.hidden = around
        return None

    def _deleted(self, node: Element) -> None:
        words = any((item.text or "").strip() for item in node.iter() if local(item) in ("t", "delText"))
        self.counts["document_deleted"] += words

    def _row(self, node: Element) -> None:
        properties = child(node, "trPr")
        if gone(properties):
            return self._deleted(node)
        if child(properties, "hidden") is not None:
            self.counts["document_hidden"] += 1
            return None
        around, self._at.cells = self._at.cells, []
        self._walk(node)
        self._at.out.append("\t".join(self._at.cells) + "\n")
        self._at.cells = around
        return None

    def _cell(self, node: Element) -> None:
        if gone(child(node, "tcPr")):
            return self._deleted(node)
        around, self._at.out = self._at.out, []
        self._walk(node)
        self._at.cells.append("".join(self._at.out).removesuffix("\n"))
        self._at.out = around
        return None

    def _box(self, node: Element) -> None:
        hidden = self._at.hidden
        text = self.story(node)
        if hidden:
            self.counts["document_hidden"] += bool(text.strip())
        else:
            self._at.boxes.append(text)

    def _control(self, node: Element) -> None:
        """A content control; one that waits for words or repeats a property of the file is left out."""
        properties = child(node, "sdtPr")
        bound = "coreProperties" in value(child(properties, "dataBinding"), "xpath")
        bound = bound or "extended-properties" in value(child(properties, "dataBinding"), "prefixMappings")
        self.counts["document_fields"] += bound
        if not bound and child(properties, "showingPlcHdr") is None:
            self._walk(node)

    def _alternative(self, node: Element) -> None:
        """The same thing for newer and older programs: one of them is enough."""
        chosen = child(node, "Choice")
        chosen = child(node, "Fallback") if chosen is None else chosen
        if chosen is not None:
            self._walk(chosen)

    def _field_mark(self, node: Element) -> None:
        stack, kind = self._at.fields, value(node, "fldCharType")
        if kind == "begin":
            stack.append(Field())
        elif kind == "separate" and stack:
            stack[-1].shown, stack[-1].dropped = True, personal(stack[-1].code)
            self.counts["document_fields"] += stack[-1].dropped
        elif kind == "end" and stack:
            stack.pop()

    def _field_code(self, node: Element) -> None:
        if self._at.fields and not self._at.fields[-1].shown:
            self._at.fields[-1].code += node.text or ""

    def _simple_field(self, node: Element) -> None:
        if personal(value(node, "instr")):
            self.counts["document_fields"] += 1
        else:
            self._walk(node)

    def _mark(self, node: Element) -> None:
        if self._at.hidden:
            return
        self._notes.append((local(node).removesuffix("Reference"), value(node, "id")))
        self._write(f"[{len(self._notes)}]")

    def _symbol(self, node: Element) -> None:
        code = value(node, "char")
        number = int(code, 16) if code and all(digit in "0123456789abcdefABCDEF" for digit in code) else 0xFFFD
        self._write(chr(number) if number < 0xD800 else "\ufffd")

    def _count(self, code: str) -> None:
        self.counts[code] += 1

    METHODS: ClassVar[dict[str, Callable[["Body", Element], None]]] = {
        "p": _paragraph,
        "r": _run,
        "t": lambda self, node: self._write(node.text or ""),
        "tab": lambda self, node: self._write("\t"),
        "ptab": lambda self, node: self._write("\t"),
        "br": lambda self, node: self._write("\n"),
        "cr": lambda self, node: self._write("\n"),
        "noBreakHyphen": lambda self, node: self._write("\u2011"),
        "sym": _symbol,
        "tr": _row,
        "tc": _cell,
        "txbxContent": _box,
        "sdt": _control,
        "AlternateContent": _alternative,
        "fldChar": _field_mark,
        "instrText": _field_code,
        "fldSimple": _simple_field,
        "footnoteReference": _mark,
        "endnoteReference": _mark,
        **dict.fromkeys(("del", "moveFrom"), _deleted),
        **dict.fromkeys(("delText", "delInstrText", "rt"), lambda self, node: None),
        **dict.fromkeys(("blip", "imagedata"), lambda self, node: self._count("document_pictures")),
        **dict.fromkeys(
            ("object", "chart", "relIds", "altChunk", "subDoc"), lambda self, node: self._count("document_objects")
        ),
    }
