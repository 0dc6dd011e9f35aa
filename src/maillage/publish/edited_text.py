"""What a reader sees in a part of a Word file that was worked on: no text that is struck out or hidden, every field but
those that only number."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element

GONE = {"del", "moveFrom"}  # what an editor took out and nobody has accepted yet
OFF = {"0", "false", "off", "none"}
NUMBERING = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF", "NOTEREF", "SEQ", "TOC"}  # change by themselves


def no_style(_: str) -> bool:
    """Where no style is known to hide its text."""
    return False


def seen(part: Element, hides: Callable[[str], bool] = no_style) -> Element:
    """The part without what nobody sees in it; `hides`: whether a style, by its id, hides its text."""
    waiting = [(part, False)]
    while waiting:
        node, hidden = waiting.pop()
        for child in list(node):
            kind = name(child)
            within = hides(_style(child, "pPr", "pStyle")) if kind == "p" else hidden
            if kind in GONE or (kind == "r" and _is_hidden(child, within, hides)):
                node.remove(child)
            else:
                waiting.append((child, within))
    return part


def _is_hidden(run: Element, within: bool, hides: Callable[[str], bool]) -> bool:
    """Whether a run is hidden: by itself, else by its style, else by that of its paragraph."""
    own = [value(mark, "val") for about in run if name(about) == "rPr" for mark in about if name(mark) == "vanish"]
    if own:
        return own[0] not in OFF
    return within or hides(_style(run, "rPr", "rStyle"))


def _style(node: Element, properties: str, mark: str) -> str:
    return next((value(item, "val") for about in node if name(about) == properties for item in about
                 if name(item) == mark), "")  # fmt: skip


def of_contents(paragraph: Element) -> bool:
    """Whether a paragraph is a line of the table of contents, which has numbers of pages."""
    return _style(paragraph, "pPr", "pStyle").lower().startswith(("toc", "contents"))


def text_of(node: Element, *, outside: bool = False, fields: bool = False) -> str:
    """The text of an element; `outside`: without controls and, but for `fields`, without numbers that the word
    processor writes by itself."""
    items = list(_walk(node, outside=outside, fields=fields))
    parts, instead = list[str](), _unread(items, results=outside and not fields)
    for at, item in enumerate(items):
        kind = name(item)
        if at in instead:
            parts.append(instead[at])
        elif kind == "t":
            parts.append(item.text or "")
        elif kind in ("tab", "br"):
            parts.append(" ")
        elif kind == "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _unread(items: Sequence[Element], *, results: bool) -> dict[int, str]:
    """Where the codes of fields stand and, for `results`, what fields that only number print; what is read instead.

    A field that does not end where it began hides nothing: whoever left its end out would hide all that follows.
    """
    unread, begun = dict[int, str](), list[tuple[int, int]]()
    for at, item in enumerate(items):
        mark = value(item, "fldCharType") if name(item) == "fldChar" else ""
        if mark == "begin":
            begun.append((at, -1))
        elif mark == "separate" and begun:
            begun[-1] = (begun[-1][0], at)
        elif mark == "end" and begun:
            start, shown = begun.pop()
            code = items[start : shown if shown > start else at]
            unread |= dict.fromkeys(range(start, start + len(code)), "")
            if results and _numbers("".join(item.text or "" for item in code if name(item) == "instrText")):
                unread |= dict.fromkeys(range(start, at), " ")
    return unread


def _numbers(code: str) -> bool:
    """Whether the code of a field is of one that only numbers."""
    return (code.split() or [""])[0].upper() in NUMBERING


def _walk(node: Element, *, outside: bool, fields: bool) -> Iterator[Element]:
    for child in node:
        if outside and (any(control(child)) or name(child) == "p"):
            yield Element("br")  # digits before and after it are not one number
            continue
        if outside and not fields and name(child) == "fldSimple" and _numbers(value(child, "instr")):
            yield Element("br")
            continue
        yield child
        yield from _walk(child, outside=outside, fields=fields)


def control(node: Element) -> tuple[str, str]:
    """Tag and label of a content control; empty for anything else."""
    if name(node) != "sdt":
        return "", ""
    marks = {name(mark): value(mark, "val") for about in node if name(about) == "sdtPr" for mark in about}
    return marks.get("tag", ""), marks.get("alias", "")


def name(node: Element) -> str:
    """The name of an element without its name space."""
    return _local(node.tag)


def value(node: Element, attribute: str) -> str:
    """An attribute by its local name; empty where it is absent."""
    return next((said for key, said in node.attrib.items() if _local(key) == attribute), "")


@lru_cache(maxsize=1024)
def _local(full: str) -> str:
    """A name without its name space; a file has many marks of few names."""
    return full.rpartition("}")[2]
