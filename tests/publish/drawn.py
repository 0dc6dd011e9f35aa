"""What a figure's drawing holds, as tests read it: its text with places, its marks by class."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from maillage.blocks import Figure

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a drawing."""

    text: str
    x: float
    y: float
    size: float


def texts(figure: Figure) -> list[Said]:
    """Every text, in the order of drawing."""
    return [
        Said(
            "".join(part.itertext()), float(part.get("x", 0)), float(part.get("y", 0)), float(part.get("font-size", 0))
        )
        for part in ET.fromstring(figure.svg).iter(f"{SVG}text")
    ]


def marks(figure: Figure, tag: str, role: str = "") -> list[ET.Element]:
    """Elements of a kind (rect, circle, path) that carry a role of colour."""
    return [part for part in _drawn(figure) if part.tag == SVG + tag and (not role or part.get("class") == role)]


def hatched(figure: Figure) -> list[ET.Element]:
    """Areas that say: no data."""
    return [part for part in _drawn(figure) if (part.get("fill") or "").startswith("url(#")]


def _drawn(figure: Figure) -> Iterator[ET.Element]:
    root = ET.fromstring(figure.svg)
    kept = {id(part) for defs in root.iter(f"{SVG}defs") for part in defs.iter()}
    return (part for part in root.iter() if id(part) not in kept)


def size(figure: Figure) -> tuple[float, float]:
    """Width and height of a drawing in px."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', figure.svg)
    assert found
    return float(found[1]), float(found[2])
