"""The smaller parts of a REFI-QDA file: GUIDs that are unique in the file, escaping, codes, cases, sets, values."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from maillage.exchange import Loss, Project

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
HEX = re.compile(r"[0-9a-f]{32}\Z")
COLOUR = re.compile(r"#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})\Z")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = {
    "Text": re.compile(r"(?s).*\Z"),
    "Boolean": re.compile(r"(?:true|false|0|1)\Z"),
    "Integer": re.compile(r"[+-]?[0-9]+\Z"),
    "Float": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z"),
    "Date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    "DateTime": TIME,
}


def attribute(text: str) -> str:
    """Text as a quoted attribute that survives line ends and tabs."""
    text = NOT_XML.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    if not text.isprintable():
        text = text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    return f'"{text}"'


class Writer:
    """What the parts of one file share: GUIDs given so far, who refers to which note, values by owner, the losses."""

    def __init__(self, project: Project) -> None:
        self.losses: list[Loss] = []
        self.types = {g: k if k in TYPES else "Text" for g, _, k, _ in project.variables.iter_rows()}
        self._given: dict[tuple[str, str], str] = {}
        self._used: set[str] = set()
        self._times: set[str] = set()
        for kind, frame in (
            ("user", project.users), ("code", project.codes), ("variable", project.variables), ("case", project.cases),
            ("source", project.sources), ("note", project.notes), ("set", project.sets),
        ):  # fmt: skip
            for name in frame["guid"]:
                self.guid(kind, name)
        self._notes: dict[str, list[str]] = {}
        for note, about in project.notes.select("guid", "about").iter_rows():
            for other in about or ():
                self._notes.setdefault(other, []).append(note)
        self._values: dict[str, list[tuple[str, str]]] = {}
        for about, variable, value in project.values.iter_rows():
            self._values.setdefault(about, []).append((variable, value))
        self.open_notes = set(self._notes)

    def guid(self, kind: str, name: str) -> str:
        """The GUID of one thing, the same each time."""
        return self._given.get((kind, name)) or self.fresh(kind, name)

    def fresh(self, kind: str, name: str) -> str:
        """A GUID that the file does not have: `name` itself if it is one, else one made from kind and name."""
        guid, turn = name, 0
        if len(name) == 32 and HEX.match(name):
            guid = f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
        while guid in self._used or not GUID.match(guid):
            made = hashlib.sha256(f"{kind}\0{name}\0{turn}".encode("utf-8", "surrogatepass")).hexdigest()
            guid = f"{made[:8]}-{made[8:12]}-5{made[13:16]}-8{made[17:20]}-{made[20:32]}"
            turn += 1
        self._used.add(guid)
        self._given.setdefault((kind, name), guid)
        return guid

    def known(self, kind: str, name: str) -> str | None:
        """The GUID of something that is in the file, or None."""
        return self._given.get((kind, name))

    def refs(self, element: str, kind: str, names: list[str] | None, owner: str) -> Iterator[str]:
        """References to things of the file; those that lead nowhere are lost."""
        for name in names or ():
            target = self.known(kind, name)
            if target is None:
                self.losses.append(Loss(element, owner, "target_missing"))
            else:
                attribute_name = "guid" if element == "MemberCode/guid" else "targetGUID"
                yield f'<{element.partition("/")[0]} {attribute_name}="{target}"/>'

    def note_refs(self, about: str | None) -> Iterator[str]:
        """References to the notes about something."""
        if about is not None and about in self._notes:
            self.open_notes.discard(about)
            for note in self._notes[about]:
                yield f'<NoteRef targetGUID="{self.guid("note", note)}"/>'

    def orphans(self) -> list[str]:
        """Notes about things that the file does not have or that cannot carry notes."""
        return [note for about in sorted(self.open_notes) for note in self._notes[about]]

    def value_lines(self, about: str) -> Iterator[str]:
        """Values of variables, as text where they do not fit the variable's type."""
        for variable, value in self._values.get(about, ()):
            target = self.known("variable", variable)
            if target is None:
                self.losses.append(Loss("value", about, "variable_missing"))
                continue
            kind = self.types[variable] if TYPES[self.types[variable]].match(value) else "Text"
            said = f"<{kind}Value>{self.body(value, about)}</{kind}Value>"
            yield f'<VariableValue><VariableRef targetGUID="{target}"/>{said}</VariableValue>\n'

    def by(self, user: str | None) -> str:
        """The attribute that names the user, empty for nobody known."""
        known = self._given.get(("user", user)) if user else None
        return f' creatingUser="{known}"' if known else ""

    def at(self, created: str | None, guid: str) -> str:
        """The attribute that gives the time; a time that is none is lost."""
        if not created:
            return ""
        if created in self._times or TIME.match(created):
            self._times.add(created)
            return f' creationDateTime="{created}"'
        self.losses.append(Loss("created", guid, "not_a_time"))
        return ""

    def said(self, text: str | None, guid: str, *, quiet: bool = False) -> str:
        """A name as an attribute; characters that XML cannot hold are replaced and reported."""
        if text and not quiet and NOT_XML.search(text):
            self.losses.append(Loss("name", guid, "not_in_xml"))
        return attribute(text or "")

    def body(self, text: str, guid: str) -> str:
        """Text between tags."""
        clean = NOT_XML.sub("\ufffd", text)
        if clean != text:
            self.losses.append(Loss("text", guid, "not_in_xml"))
        return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")

    def whole(self, text: str, guid: str) -> str:
        """A source's text fit for UTF-8."""
        if text.isascii():
            return text
        clean = text.encode("utf-8", "replace").decode()
        if clean != text:
            self.losses.append(Loss("text", guid, "not_in_utf8"))
        return clean


def described(writer: Writer, text: str | None) -> Iterator[str]:
    """A description, where there is one."""
    if text:
        yield f"<Description>{writer.body(text, '')}</Description>"


def code_lines(project: Project, writer: Writer, *, notes: bool) -> Iterator[str]:
    """The tree of codes, children in their parents; a code whose parent is missing or itself stands at the top."""
    rows: dict[str, dict[str, Any]] = {row["guid"]: row for row in project.codes.iter_rows(named=True)}
    children: dict[str | None, list[str]] = {}
    for guid, row in rows.items():
        parent = row["parent"] if row["parent"] in rows and not _circular(guid, rows) else None
        if parent != row["parent"]:
            writer.losses.append(Loss("code", guid, "parent_missing"))
        children.setdefault(parent, []).append(guid)
    yield "<Codes>\n"
    todo: list[str | None] = list(reversed(children.get(None, [])))
    while todo:
        guid = todo.pop()
        if guid is None:
            yield "</Code>\n"
            continue
        yield _code(rows[guid], writer)
        yield from described(writer, rows[guid]["description"])
        yield from writer.note_refs(guid) if notes else ()
        todo += [None, *reversed(children.get(guid, []))]
    yield "</Codes>\n"


def _circular(guid: str, rows: dict[str, dict[str, Any]]) -> bool:
    seen: set[str] = set()
    while guid in rows and guid not in seen:
        seen.add(guid)
        guid = rows[guid]["parent"]
    return guid in seen


def _code(row: dict[str, Any], writer: Writer) -> str:
    guid, colour = row["guid"], row["colour"]
    if colour and not COLOUR.match(colour):
        writer.losses.append(Loss("colour", guid, "not_a_colour"))
    shade = f' color="{colour}"' if colour and COLOUR.match(colour) else ""
    codable = "false" if row["is_codable"] is False else "true"
    name = writer.said(row["name"], guid)
    return f'<Code guid="{writer.guid("code", guid)}" name={name} isCodable="{codable}"{shade}>'


def case_lines(project: Project, writer: Writer) -> Iterator[str]:
    """Cases with what they hold."""
    for guid, name, description, codes, sources, selections in project.cases.iter_rows():
        yield f'<Case guid="{writer.guid("case", guid)}" name={writer.said(name, guid)}>'
        yield from described(writer, description)
        yield from writer.refs("CodeRef", "code", codes, guid)
        yield from writer.value_lines(guid)
        yield from writer.refs("SourceRef", "source", sources, guid)
        yield from writer.refs("SelectionRef", "selection", selections, guid)
        yield "</Case>\n"


def set_lines(project: Project, writer: Writer, *, codebook: bool) -> Iterator[str]:
    """Sets; a codebook holds only those of codes, and calls the reference otherwise."""
    for guid, name, description, codes, sources, notes in project.sets.iter_rows():
        yield f'<Set guid="{writer.guid("set", guid)}" name={writer.said(name, guid)}>'
        yield from described(writer, description)
        yield from writer.refs("MemberCode/guid" if codebook else "MemberCode", "code", codes, guid)
        if not codebook:
            yield from writer.refs("MemberSource", "source", sources, guid)
            yield from writer.refs("MemberNote", "note", notes, guid)
        elif sources or notes:
            writer.losses.append(Loss("set", guid, "not_in_codebooks"))
        yield "</Set>\n"
