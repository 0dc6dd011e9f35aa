"""The XML of a coding project as records: what text programs share is kept, everything else goes to the loss report.

Files in the wild are forgiven what can be read without guessing: GUIDs in braces or upper case, children in another
order, missing optional attributes, unknown elements (reported). Nothing here calls itself, so depth does not matter.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from maillage.exchange import SCHEMAS, Loss

KNOWN = {"Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description"}
MEDIA = {"PictureSource": "picture", "PDFSource": "pdf", "AudioSource": "audio", "VideoSource": "video"}
TEXT_INSIDE = {"TextDescription", "Representation", "Transcript"}
TEXT_CHILDREN = {"Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"}
GUID = 36  # characters
VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")


@dataclass(slots=True)
class Selection:
    """A marked passage as written: positions still as text, its codings as (guid, code, user, created)."""

    guid: str
    start: str
    end: str
    quote: str | None
    note: str
    codings: list[tuple[str, str | None, str | None, str | None]]


@dataclass(slots=True)
class TextPart:
    """A text of the project: where it lies (`path`) or what it says (`content`), and its passages."""

    guid: str
    name: str
    kind: str
    path: str | None
    rich: str | None
    content: str | None
    row: tuple[str, str | None, str | None]  # description, user, created
    selections: list[Selection] = field(default_factory=list[Selection])
    whole: list[tuple[str, str | None, str | None, str | None]] = field(default_factory=list[Any])


def guid_of(text: str | None) -> str | None:
    """A GUID in lower case without braces; whatever stands there instead of one is kept the same way."""
    if text and len(text) == GUID and text.islower():
        return text
    return text.strip().strip("{}").lower() or None if text else None


def text_of(element: Element, name: str) -> str:
    """The text of a child, empty where there is none."""
    return (element.findtext(name) or "").strip()


class Records:
    """Rows of the tables of `exchange`, texts, and losses, gathered element by element."""

    def __init__(self, root: Element) -> None:
        space = root.tag[: root.tag.find("}") + 1]
        names: dict[str, str] = {}
        for element in root.iter():
            element.tag = names.get(element.tag) or names.setdefault(element.tag, element.tag.removeprefix(space))
        self.root, self.space = root, space.strip("{}")
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in SCHEMAS}
        self.texts: list[TextPart] = []
        self.losses: list[Loss] = []
        self.alias: dict[str, str] = {}
        self._about: dict[str, list[str]] = {}
        self._seen: dict[str | None, str | None] = {None: None}

    def read(self) -> None:
        """Everything of a project."""
        root = self.root
        for user in root.iterfind("Users/User"):
            self.rows["users"].append((self._guid(user), user.get("name") or user.get("id") or ""))
        self.codes(root.find("CodeBook"))
        for item in root.iterfind("Variables/Variable"):
            kind = item.get("typeOfVariable", "Text")
            row = (self._guid(item), item.get("name", ""), kind, text_of(item, "Description"))
            self.rows["variables"].append(row)
        for source in root.find("Sources") or ():
            self._source(source)
        self._cases()
        self._sets(root, "MemberCode", "targetGUID")
        self._refer(root, "")
        self._notes()
        self.losses += [Loss("link", self._guid(item), "not_kept") for item in root.iterfind("Links/Link")]
        self.losses += [Loss("graph", self._guid(item), "not_kept") for item in root.iterfind("Graphs/Graph")]
        self._unknown(root, KNOWN | {"NoteRef"})

    def codebook(self) -> None:
        """Everything of a codebook."""
        self.codes(self.root)
        self._sets(self.root, "MemberCode", "guid")
        self._unknown(self.root, {"Codes", "Sets"})

    def codes(self, book: Element | None) -> None:
        """Codes with their parents, in the order of the file."""
        todo = [(code, None) for code in reversed(book.findall("Codes/Code"))] if book is not None else []
        while todo:
            item, parent = todo.pop()
            guid = self._guid(item)
            codable = item.get("isCodable", "true").strip().lower() not in ("false", "0")
            row = (guid, item.get("name") or guid, parent, item.get("color"), text_of(item, "Description"), codable)
            self.rows["codes"].append(row)
            todo += [(child, guid) for child in reversed(item.findall("Code"))]
            self._refer(item, guid)
            self._unknown(item, {"Description", "NoteRef", "Code"})

    def _source(self, source: Element) -> None:
        if source.tag == "TextSource":
            self._text(source, "text", source.get("name"))
            return
        kind = MEDIA.get(source.tag)
        if kind is None:
            self.losses.append(Loss(source.tag, self._guid(source), "unknown_element"))
            return
        guid, inside = self._guid(source), [child for child in source if child.tag in TEXT_INSIDE]
        self.losses.append(Loss(kind, guid, "only_its_text" if inside else "not_text"))
        for text in inside:
            self._text(text, kind, source.get("name") or text.get("name"))
        if inside:
            self.alias[guid] = self.texts[-1].guid
            self.texts[-1].whole += [coding for item in source.iterfind("Coding") for coding in self._coding(item)]
            self._refer(source, self.texts[-1].guid)
            self._values(source, self.texts[-1].guid)
        for child in source:
            if child.tag.endswith("Selection") or (child.tag == "Coding" and not inside):
                self.losses.append(Loss(child.tag, self._guid(child), "not_text"))

    def _text(self, item: Element, kind: str, name: str | None) -> None:
        guid = self._guid(item)
        row = (text_of(item, "Description"), guid_of(item.get("creatingUser")), item.get("creationDateTime"))
        part = TextPart(
            guid, name or guid, kind, item.get("plainTextPath"), item.get("richTextPath"),
            item.findtext("PlainTextContent"), row,
        )  # fmt: skip
        part.selections = [self._selection(child) for child in item.iterfind("PlainTextSelection")]
        part.selections += self._heard(item)
        part.whole = [coding for child in item.iterfind("Coding") for coding in self._coding(child)]
        self.texts.append(part)
        self._refer(item, guid)
        self._values(item, guid)
        self._unknown(item, TEXT_CHILDREN | {"SyncPoint", "TranscriptSelection"})

    def _selection(self, item: Element) -> Selection:
        get = item.get
        guid, user, created = self._guid(item), self._target(get("creatingUser")), get("creationDateTime")
        codings: list[tuple[str, str | None, str | None, str | None]] = []
        for child in item:
            if child.tag == "Coding":
                codings += self._coding(child, user, created)
            elif child.tag == "NoteRef":
                self._refer(item, guid)
                break
        if not codings:
            codings = [(f"{guid}#", None, user, created)]
        note = text_of(item, "Description")
        return Selection(guid, get("startPosition", ""), get("endPosition", ""), get("name"), note, codings)

    def _coding(
        self, item: Element, user: str | None = None, created: str | None = None
    ) -> list[tuple[str, str | None, str | None, str | None]]:
        """One coding a code; REFI-QDA has one code to a coding, some programs write several."""
        guid, out = self._guid(item), []
        user, created = self._target(item.get("creatingUser")) or user, item.get("creationDateTime") or created
        for child in item:
            if child.tag == "CodeRef":
                out.append(
                    (f"{guid}#{len(out)}" if out else guid, self._target(child.get("targetGUID")), user, created)
                )
            elif child.tag == "NoteRef":
                self._about.setdefault(guid_of(child.get("targetGUID")) or "", []).append(guid)
        if not out:
            self.losses.append(Loss("coding", guid, "code_missing"))
        return out

    def _heard(self, item: Element) -> Iterator[Selection]:
        """Passages of a transcript, which name points of the text that also have a time; the time is lost."""
        points = {guid_of(point.get("guid")): point.get("position") for point in item.iterfind("SyncPoint")}
        if points:
            self.losses.append(Loss("sync_point", f"{len(points)} × {self._guid(item)}", "no_time"))
        for child in item.iterfind("TranscriptSelection"):
            ends = (guid_of(child.get("fromSyncPoint")), guid_of(child.get("toSyncPoint")))
            start, end = (points.get(end) for end in ends)
            if start is None or end is None:
                self.losses.append(Loss("TranscriptSelection", self._guid(child), "no_position"))
                continue
            child.set("startPosition", start)
            child.set("endPosition", end)
            yield self._selection(child)

    def _cases(self) -> None:
        for item in self.root.iterfind("Cases/Case"):
            guid = self._guid(item)
            lists = (self._targets(item, f"{name}Ref") for name in ("Code", "Source", "Selection"))
            self.rows["cases"].append((guid, item.get("name", ""), text_of(item, "Description"), *lists))
            self._values(item, guid)

    def _sets(self, root: Element, code: str, attribute: str) -> None:
        for item in root.iterfind("Sets/Set"):
            codes = [guid_of(child.get(attribute) or child.get("targetGUID")) or "" for child in item.iterfind(code)]
            lists = (codes, self._targets(item, "MemberSource"), self._targets(item, "MemberNote"))
            self.rows["sets"].append((self._guid(item), item.get("name", ""), text_of(item, "Description"), *lists))

    def _notes(self) -> None:
        """Notes with everything that refers to them; read last. Passages of notes are lost, notes have no coders."""
        for item in self.root.iterfind("Notes/Note"):
            guid = self._guid(item)
            self.texts.append(TextPart(
                guid, item.get("name", ""), "note", item.get("plainTextPath"), item.get("richTextPath"),
                item.findtext("PlainTextContent"),
                (text_of(item, "Description"), guid_of(item.get("creatingUser")), item.get("creationDateTime")),
            ))  # fmt: skip
            for child in item:
                if child.tag in ("PlainTextSelection", "Coding"):
                    self.losses.append(Loss("coding_of_note", self._guid(child), "not_kept"))

    def about(self, note: str) -> list[str]:
        """What refers to a note; empty where the note stands alone or is about the project."""
        return [guid for guid in self._about.get(note, []) if guid]

    def _values(self, item: Element, about: str) -> None:
        for value in item.iterfind("VariableValue"):
            variable = value.find("VariableRef")
            said = next((child.text or "" for child in value if child.tag in VALUES), None)
            target = None if variable is None else guid_of(variable.get("targetGUID"))
            if said is not None and target:
                self.rows["values"].append((about, target, said.strip()))

    def _targets(self, item: Element, name: str) -> list[str]:
        return [guid for child in item.iterfind(name) if (guid := guid_of(child.get("targetGUID")))]

    def _refer(self, item: Element, guid: str) -> None:
        for note in self._targets(item, "NoteRef"):
            self._about.setdefault(note, []).append(guid)

    def _unknown(self, item: Element, known: set[str]) -> None:
        for child in item:
            if child.tag not in known:
                self.losses.append(Loss(child.tag, child.get("guid") or child.get("name") or "", "unknown_element"))

    def _target(self, text: str | None) -> str | None:
        """`guid_of` something that many elements refer to."""
        if text not in self._seen:
            self._seen[text] = guid_of(text)
        return self._seen[text]

    def _guid(self, item: Element) -> str:
        """The GUID of an element; where it has none, one made from what stands in it."""
        found = item.get("guid")
        if found and len(found) == GUID and found.islower():  # as `guid_of`; most are
            return found
        found = guid_of(found)
        if found:
            return found
        said = f"{item.tag} {sorted(item.attrib.items())} {sorted(child.tag for child in item)}"
        made = hashlib.sha256(said.encode()).hexdigest()[:32]
        item.set("guid", made)
        return made
