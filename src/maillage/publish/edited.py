"""Figures in a Word report on their way out and back: what was printed, and what an editor made of it.

Each number of ours stands in a content control whose tag is the id of its estimate. The file remembers, in a part of
its own, every figure as it was printed and every other digit; a file that was worked on is held against that, or
against the report in the release.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from maillage.errors import Finding, finding
from maillage.publish.edited_text import control, name, no_style, of_contents, seen, text_of
from maillage.publish.ooxml import HEAD, clean

MEMORY = "urn:maillage:release:1"
LONGEST = 64  # letters Word takes in a tag
DIGITS = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
Texts: TypeAlias = dict[str, dict[str, None]]  # tag -> its texts in order, each once


@dataclass
class Figures:
    """What a report prints: texts by tag, ids by tag, tags by label, and the digits that belong to no figure of ours.

    `loose`: label and text of controls whose tag a word processor dropped (LibreOffice before 7.5 does). `running`: the
    text outside controls, by paragraph: where a way through another format dropped them all, figures stand in it.
    `times`: how often a text was printed as a figure, where the printed file itself was read. `release`: the one a file
    remembers.
    """

    texts: Texts = field(default_factory=Texts)
    ids: dict[str, str] = field(default_factory=dict[str, str])
    labels: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    loose: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    digits: dict[str, None] = field(default_factory=dict[str, None])
    running: list[str] = field(default_factory=list[str])
    times: Counter[str] = field(default_factory=Counter[str])
    release: str = ""

    def printed(self, ident: str, label: str, text: str) -> str:
        """Note that a figure was printed so; the tag for its control."""
        tag = tag_of(ident)
        self.about(tag, ident, label)
        self.note(tag, text)
        return tag

    def about(self, tag: str, ident: str, label: str) -> None:
        """Note which estimate a tag stands for, and under which label."""
        if tag not in self.ids:
            self.ids[tag] = ident
            self.labels.setdefault(label, []).append(tag)

    def note(self, tag: str, text: str) -> None:
        """Note the text of a control."""
        self.texts.setdefault(tag, {})[plain(text)] = None

    def part(self, facts: Mapping[str, str]) -> str:
        """As the part that the file carries along; `facts`: of which release."""
        about = "".join(f" {key}={quoteattr(clean(text))}" for key, text in facts.items())
        labels = {tag: label for label, tags in self.labels.items() for tag in tags}
        lines = list[str]()
        for tag, texts in self.texts.items():
            marks = f"tag={quoteattr(tag)} id={quoteattr(clean(self.ids[tag]))} label={quoteattr(labels[tag])}"
            lines += [f"<figure {marks}>{escape(text)}</figure>" for text in texts]
        lines += [f"<digits>{text}</digits>" for text in sorted(self.digits)]
        return f'{HEAD}<release xmlns="{MEMORY}"{about}>{"".join(lines)}</release>'


def label_of(text: str) -> str:
    """The label of a control, as long as Word takes it."""
    return plain(text)[:LONGEST].rstrip()


def tag_of(ident: str) -> str:
    """The tag of a figure: its id, or the start of it and a mark of the whole where Word could not take it."""
    if len(ident) <= LONGEST:
        return ident
    return f"{ident[: LONGEST - 17]}~{hashlib.sha256(ident.encode()).hexdigest()[:16]}"


def plain(text: str) -> str:
    """Text as it is compared: any space is a space, none at the ends; a hyphen that does not break is a hyphen."""
    return " ".join(clean(text).replace("\u2011", "-").split())


def remembered(part: Element) -> Figures | None:
    """What the part of a Word file says was printed; None where the part is something else's."""
    if part.tag != f"{{{MEMORY}}}release":
        return None
    found = Figures(release=part.get("of") or "")
    for line in part:
        tag, text = line.get("tag"), line.text or ""
        if tag is None:
            found.digits[text] = None
        else:
            found.about(tag, line.get("id") or tag, line.get("label") or "")
            found.note(tag, text)
    return found


def read(*parts: Element, hides: Callable[[str], bool] = no_style) -> Figures:
    """Controls and digits of what a reader sees in parts of a Word file (text, notes, headers, footers); the parts lose
    what is hidden. `hides`: whether a style, by its id, hides its text."""
    found = Figures()
    for part in parts:
        _read(seen(part, hides), found)
    return found


def _read(node: Element, found: Figures) -> None:
    """One element: a control of ours is a figure, a paragraph outside one has digits, all else is gone into."""
    tag, label = control(node)
    if "/" in tag:
        said = plain(text_of(node))
        found.note(tag, said)
        found.times[said] += 1
        return
    if label and not tag:
        found.loose.append((label, plain(text_of(node))))
    elif name(node) == "p" and not of_contents(node):
        found.running.append(plain(text_of(node, outside=True, fields=True)))
        found.digits |= dict.fromkeys(plain(group) for group in DIGITS.findall(text_of(node, outside=True)))
    for child in node:
        _read(child, found)


def alike(edited: Figures, printed: Figures) -> int:
    """How many figures of one report stand so in another; of two languages the right one has most."""
    known = _settled(edited, printed)
    bare = _bare(edited, printed, [tag for tag in printed.texts if tag not in known])
    return len(bare) + sum(text in printed.texts.get(tag, ()) for tag, texts in known.items() for text in texts)


def _settled(edited: Figures, printed: Figures) -> Texts:
    """The texts of an edited file by tag; a control without one is found by its label, among several by its text."""
    texts = {tag: dict(said) for tag, said in edited.texts.items()}
    for label, text in edited.loose:
        tags = printed.labels.get(label, [])
        for tag in [tag for tag in tags if text in printed.texts[tag]] or tags[:1]:
            texts.setdefault(tag, {})[text] = None
    return texts


def compare(edited: Figures, printed: Figures, file: str) -> list[Finding]:
    """Figures that were changed, that are gone, that are none of the release, and digits that it does not print."""
    found: list[Finding] = []
    there = _settled(edited, printed)
    for tag, texts in there.items():
        known = printed.texts.get(tag)
        ident = printed.ids.get(tag, tag)
        if known is None:
            found.append(finding("figure_unmatched", file=file, value=ident, now=next(iter(texts))))
            continue
        told = {"en": "” / “".join(known), "fr": " » / « ".join(known)}
        wrong = [text for text in texts if text not in known]
        found += [finding("figure_changed", file=file, value=ident, now=text, printed=told) for text in wrong]
    gone = [tag for tag in printed.texts if tag not in there]
    bare = _bare(edited, printed, gone)
    found += [
        finding("figure_gone", file=file, value=printed.ids.get(tag, tag), printed=next(iter(printed.texts[tag])))
        for tag in gone if tag not in bare
    ]  # fmt: skip
    return found + [finding("figure_typed", file=file, value=text) for text in _typed(edited, printed)]


def _typed(edited: Figures, printed: Figures) -> list[str]:
    """Digits outside every figure that were not printed, nor are those of a figure whose words stand there bare."""
    typed = [text for text in edited.digits if text not in printed.digits]
    if not typed or not printed.times:
        return typed
    running = "\n".join(edited.running)
    told = {text for texts in printed.texts.values() for text in texts if any(digits in text for digits in typed)}
    bare = {plain(digits) for text in told if _standing(text).search(running) for digits in DIGITS.findall(text)}
    return [text for text in typed if text not in bare]


def _bare(edited: Figures, printed: Figures, gone: Sequence[str]) -> set[str]:
    """Those of the figures without a control whose words stand in the text all the same, as often as they were printed;
    none where the printed file is not there to be counted."""
    wanted = {text for tag in gone for text in printed.texts[tag]}
    running = "\n".join(edited.running)
    enough = {
        text for text in wanted
        if 0 < printed.times[text] <= edited.times[text] + len(_standing(text).findall(running))
    }  # fmt: skip
    return {tag for tag in gone if enough.issuperset(printed.texts[tag])}


def _standing(text: str) -> re.Pattern[str]:
    """The words of a figure on their own: `4 of 36` is not in `14 of 36`."""
    return re.compile(rf"(?<![\w.,]){re.escape(text)}(?![\w]|[.,]\d)")
