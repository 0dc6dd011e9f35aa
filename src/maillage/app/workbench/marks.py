"""A text cut where passages begin and end, so that each piece knows all that was said of it; overlaps stay visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

MANY = 3


@dataclass(frozen=True, slots=True)
class Coding:
    """One thing said of a source: `number` is its place in the list beside the text, `label` its code in words.

    start, end: code points, None where it points to no passage. `kind` is observation or passage; `own`: the coder's.
    """

    number: int
    id: str
    kind: str
    label: str
    detail: str
    coder: str
    own: bool
    start: int | None
    end: int | None
    locator: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters under the same codings; `begins` holds those whose first piece it is."""

    text: Markup
    under: tuple[Coding, ...]
    begins: tuple[Coding, ...]

    @property
    def depth(self) -> int:
        """How many passages lie over each other here, up to three."""
        return min(MANY, len({(one.start, one.end) for one in self.under}))

    @property
    def label(self) -> str:
        """What stands before a passage: numbers of the list, and words of codes with which no other begins."""
        numbers = ", ".join(str(one.number) for one in self.begins)
        words = list(dict.fromkeys(one.label for one in self.begins))
        told = [word for word in words if not any(other != word and other.startswith(word) for other in words)]
        return f"{numbers} {' · '.join(told)}"

    @property
    def own(self) -> bool:
        """Whether one of them is the coder's."""
        return any(one.own for one in self.under)


def pieces(text: str, codings: Sequence[Coding]) -> list[Piece]:
    """The text in pieces, whole and in order. Passages that reach beyond it are cut at its end."""
    spans = [one for one in codings if one.start is not None and one.end is not None and one.start < len(text)]
    cuts = sorted({0, len(text), *(one.start or 0 for one in spans), *(min(one.end or 0, len(text)) for one in spans)})
    return [
        Piece(
            text=verbatim(text[first:last]),
            under=tuple(one for one in spans if (one.start or 0) <= first and (one.end or 0) >= last),
            begins=tuple(one for one in spans if one.start == first),
        )
        for first, last in pairwise(cuts)
    ]


def verbatim(text: str) -> Markup:
    """Text that a browser gives back character for character: a bare CR would become a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))
