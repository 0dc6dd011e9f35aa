"""The parts of a Word file, found by their relationships, and what its properties say of text."""

import posixpath
from xml.etree.ElementTree import Element

from maillage.intake.zipped import Members, xml

OFF = {"0", "false", "off", "none"}
GONE = {"del", "moveFrom", "cellDel"}


def local(node: Element) -> str:
    """The name of an element without its name space: Word's transitional and strict names are the same."""
    return node.tag.rpartition("}")[2]


def value(node: Element | None, name: str = "val") -> str:
    """An attribute by its local name; empty where it is absent."""
    if node is None:
        return ""
    return next((text for key, text in node.attrib.items() if key.rpartition("}")[2] == name), "")


def child(node: Element | None, *path: str) -> Element | None:
    """The first element down a path of local names."""
    for name in path:
        node = next((item for item in node if local(item) == name), None) if node is not None else None
    return node


class Package:
    """The parts of the file that matter, found by their relationships."""

    def __init__(self, file: str, parts: Members) -> None:
        self.file, self._parts = file, parts
        self.main = next(iter(self._targets("", "officeDocument")), "word/document.xml")

    def tree(self, name: str) -> Element | None:
        """A part as XML, None where there is none."""
        return xml(self._parts[name], file=self.file, part=name) if name in self._parts else None

    def related(self, kind: str) -> list[Element]:
        """The parts of a kind (`styles`, `footnotes` ...) that belong to the main part."""
        found = [self.tree(name) for name in self._targets(self.main, kind)]
        return [tree for tree in found if tree is not None]

    def every(self, kind: str, name: str) -> list[Element]:
        """All elements of a name one level below the parts of a kind."""
        return [item for tree in self.related(kind) for item in tree if local(item) == name]

    def worded(self, kind: str) -> int:
        """How many parts of a kind hold words."""
        return sum(
            any(local(item) == "t" and (item.text or "").strip() for item in t.iter()) for t in self.related(kind)
        )

    def _targets(self, source: str, kind: str) -> list[str]:
        folder, name = posixpath.split(source)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        links = [item for item in tree if value(item, "Type").endswith(f"/{kind}")] if tree is not None else []
        inside = [value(item, "Target") for item in links if value(item, "TargetMode") != "External"]
        return [posixpath.normpath(posixpath.join(folder, name)).lstrip("/") for name in inside]


class Styles:
    """Which styles hide their text, by themselves or by the style they are based on."""

    def __init__(self, package: Package) -> None:
        styles = package.every("styles", "style")
        self._own = {value(item, "styleId"): hides(child(item, "rPr")) for item in styles}
        self._above = {value(item, "styleId"): value(child(item, "basedOn")) for item in styles}

    def hidden(self, name: str) -> bool:
        """Whether text of this style is hidden."""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            own = self._own.get(name)
            if own is not None:
                return own
            name = self._above.get(name, "")
        return False


def hides(properties: Element | None) -> bool | None:
    """Whether run properties hide the text; None where they do not say."""
    mark = child(properties, "vanish")
    return None if mark is None else value(mark) not in OFF


def gone(properties: Element | None) -> bool:
    """Whether properties say that what carries them was deleted or moved away."""
    return properties is not None and any(local(item) in GONE for item in properties)
