"""Figures drawn as plain SVG: text stays text, colours are attributes plus classes, equal input gives equal bytes.

Every mark carries the class of its role of colour (`drawings`) and the light colour as its attribute, so that the
file is right where no style sheet is known; edges take `var(--paper)`. The class `tick` marks text that belongs to a
scale and is no datum, the class `broad` a drawing that scrolls on a narrow screen rather than shrink out of reach;
one no wider than `NARROW` fits there as it is.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from maillage.publish.drawings import LIGHT
from maillage.publish.glyph_widths import CHARACTERS, REGULAR, SEMIBOLD

FONT = "Source Sans Pro"
HATCH = "hatch"
NARROW = 480.0
Box = tuple[float, float, float, float]


class _Widths(dict[str, int]):
    """Of each character in hundredths of its size; one outside the table counts as a wide letter."""

    def __missing__(self, char: str) -> int:
        return 60


WIDTHS = {
    weight: _Widths(zip(CHARACTERS, map(int, table.split()), strict=True))
    for weight, table in ((400, REGULAR), (600, SEMIBOLD))
}


def width(text: str, size: float, weight: int = 400) -> float:
    """The width of a line of text in px."""
    return sum(map(WIDTHS[weight].__getitem__, text)) * size / 100


def wrap(text: str, limit: float, size: float, weight: int = 400) -> list[str]:
    """Text in lines no wider than `limit` px, broken at ordinary blanks only; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def px(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it can be."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes (left, top, right, bottom) share area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: size in px, weight 400 or 600, anchor start, middle or end, colour class, paper edge."""

    size: float = 13
    weight: int = 400
    anchor: str = "start"
    colour: str = "ink"
    halo: bool = False
    tick: bool = False


PLAIN, STRONG = Style(), Style(weight=600)
MUTED, TICK = Style(size=12, colour="muted"), Style(size=12, colour="muted", anchor="middle", tick=True)


def text_box(x: float, y: float, text: str, style: Style = PLAIN) -> Box:
    """The box a line of text takes; (x, y) is its anchor on the base line."""
    wide = width(text, style.size, style.weight)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[style.anchor]
    return left, y - 0.74 * style.size, left + wide, y + 0.22 * style.size


@dataclass(slots=True)
class Canvas:
    """A drawing in the making. `id` prefixes every id inside, `boxes` are the places taken by text, in order."""

    id: str
    wide: float = 720
    high: float = 400
    parts: list[str] = field(default_factory=list[str])
    defs: dict[str, str] = field(default_factory=dict[str, str])
    boxes: list[Box] = field(default_factory=list[Box])

    def text(self, x: float, y: float, text: str, style: Style = PLAIN) -> Box:
        """One line of text; returns the box it takes."""
        box = text_box(x, y, text, style)
        self.boxes.append(box)
        weight = "" if style.weight == 400 else f' font-weight="{style.weight}"'
        anchor = "" if style.anchor == "start" else f' text-anchor="{style.anchor}"'
        edge = ' paint-order="stroke" stroke="var(--paper)" stroke-width="3" stroke-linejoin="round"'
        tick = " tick" if style.tick else ""
        self.parts.append(
            f'<text x="{px(x)}" y="{px(y)}" font-size="{px(style.size)}"{weight}{anchor}'
            f"{paint(style.colour, tick=tick)}"
            f"{edge if style.halo else ''}>{html.escape(text, quote=False)}</text>"
        )
        return box

    def lines(self, x: float, y: float, texts: Iterable[str], style: Style = PLAIN) -> float:
        """Several lines under each other; returns the base line below the last."""
        for text in texts:
            self.text(x, y, text, style)
            y += round(style.size * 1.3)
        return y

    def rect(self, box: Box, fill: str, *, edge: bool = False) -> None:
        """A filled rectangle (left, top, right, bottom) in a role of colour."""
        left, top, right, bottom = box
        stroke = ' stroke="var(--paper)"' if edge else ""
        self.parts.append(
            f'<rect x="{px(left)}" y="{px(top)}" width="{px(right - left)}" height="{px(bottom - top)}"'
            f"{paint(fill)}{stroke}/>"
        )

    def frame(self, box: Box, colour: str = "grid") -> None:
        """The outline of a rectangle."""
        left, top, right, bottom = box
        self.curve(f"M{px(left)} {px(top)}H{px(right)}V{px(bottom)}H{px(left)}Z", colour)

    def use(self, name: str, x: float, y: float, fill: str) -> None:
        """A path declared in `defs` under the figure's id and `name`, moved and filled."""
        self.parts.append(
            f'<use href="#{self.id}-{name}" x="{px(x)}" y="{px(y)}"{paint(fill)}'
            ' stroke="var(--line)" stroke-width="0.6"/>'
        )

    def hatched(self, box: Box) -> None:
        """A rectangle that says: no data."""
        left, top, right, bottom = box
        self.path(f"M{px(left)} {px(top)}H{px(right)}V{px(bottom)}H{px(left)}Z", HATCH)

    def path(self, data: str, fill: str, *, edge: float = 0) -> None:
        """A filled path; `fill` is a role of colour, or HATCH for no data."""
        stroke = f' stroke="var(--paper)" stroke-width="{px(edge)}" stroke-linejoin="round"' if edge else ""
        self.parts.append(f'<path d="{data}"{self.hatch() if fill == HATCH else paint(fill)}{stroke}/>')

    def curve(self, data: str, colour: str, thick: float = 1, dash: str = "") -> None:
        """A line along a path, never filled."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d="{data}"{stroked(colour)} stroke-width="{px(thick)}"{dashed}/>')

    def line(self, ends: Box, colour: str, thick: float = 1, dash: str = "") -> None:
        """A straight line from (x1, y1) to (x2, y2)."""
        self.curve(f"M{px(ends[0])} {px(ends[1])}L{px(ends[2])} {px(ends[3])}", colour, thick, dash)

    def dot(self, x: float, y: float, r: float, colour: str, *, hollow: bool = False) -> None:
        """A disc, or a ring of the same outer radius."""
        if hollow:
            self.parts.append(
                f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(r - 0.8)}"{stroked(colour)} stroke-width="1.6"/>'
            )
        else:
            self.parts.append(f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(r)}"{paint(colour)}/>')

    def hatch(self) -> str:
        """The fill that says no data; brings its pattern along."""
        name = f"{self.id}-hatch"
        self.defs["hatch"] = (
            f'<pattern id="{name}" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="9" height="9"{paint("paper")}/>'
            f'<path d="M4.5 0V9"{stroked("nodata")} stroke-width="1.8"/></pattern>'
        )
        return f' fill="url(#{name})"'

    def clip(self, name: str, box: Box) -> str:
        """Declares a clipping rectangle; returns the attribute that uses it."""
        key = f"{self.id}-{name}"
        left, top, right, bottom = box
        self.defs[name] = (
            f'<clipPath id="{key}"><rect x="{px(left)}" y="{px(top)}" width="{px(right - left)}"'
            f' height="{px(bottom - top)}"/></clipPath>'
        )
        return f' clip-path="url(#{key})"'

    def place(self, candidates: Sequence[tuple[float, float, str]], text: str, style: Style) -> bool:
        """Sets text at the first candidate (x, y, anchor) free of other text and inside the drawing, if any."""
        for x, y, anchor in candidates:
            tried = Style(style.size, style.weight, anchor, style.colour, style.halo, style.tick)
            left, top, right, bottom = text_box(x, y, text, tried)
            inside = left >= 1 and top >= 1 and right <= self.wide - 1 and bottom <= self.high - 1
            if inside and not any(overlap((left - 2, top - 1, right + 2, bottom + 1), box) for box in self.boxes):
                self.text(x, y, text, tried)
                return True
        return False

    def render(self, title: str, description: str) -> str:
        """The finished drawing, with its title and description for those who do not see it."""
        name = self.id
        broad = ' class="broad"' if self.wide > NARROW else ""
        defs = f"<defs>{''.join(self.defs[key] for key in sorted(self.defs))}</defs>" if self.defs else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{broad} id="{name}-svg"'
            f' width="{px(self.wide)}" height="{px(self.high)}"'
            f' viewBox="0 0 {px(self.wide)} {px(self.high)}" role="img"'
            f' aria-labelledby="{name}-svg-title {name}-svg-desc" font-family="{FONT}">'
            f'<title id="{name}-svg-title">{html.escape(title, quote=False)}</title>'
            f'<desc id="{name}-svg-desc">{html.escape(description, quote=False)}</desc>'
            f"{defs}{''.join(self.parts)}</svg>"
        )


def paint(colour: str, *, tick: str = "") -> str:
    """Attributes of something filled in a role of colour."""
    return f' class="{colour}{tick}" color="{LIGHT[colour]}" fill="currentColor"'


def stroked(colour: str) -> str:
    """Attributes of something drawn as a line in a role of colour."""
    return f' class="{colour}" color="{LIGHT[colour]}" fill="none" stroke="currentColor"'
