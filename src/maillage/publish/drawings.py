"""Drawings (SVG) on their way into a page or a PDF: nothing active inside, colours by role.

Colours are named by class, never by value: `ink, muted, accent, paper, grid, water, land, nodata, c1..c6, r1..r5`.
On screen the stylesheet turns roles into colours, light or dark; for the PDF `coloured` writes the light ones in.
`c1..c6` are Okabe and Ito's colours (2008), darkened where a mark would fall below a contrast of 3:1 on paper;
`r1..r5` one hue from light to dark.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
LIGHT: Mapping[str, str] = {
    "ink": "#1b1b1b", "muted": "#595955", "accent": "#0f5c63", "paper": "#fdfcfa", "grid": "#dcd9d3", "soft": "#f3f1ec",
    "line": "#8a8781", "water": "#dfe8ec", "land": "#eae7e1", "nodata": "#a5a19a",
    "c1": "#0072b2", "c2": "#b35900", "c3": "#00795a", "c4": "#a34a7e", "c5": "#6b6b6b", "c6": "#2d86bd",
    "r1": "#dcebeb", "r2": "#a9cccd", "r3": "#6fa6a9", "r4": "#3a7d82", "r5": "#0f5c63",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "ink": "#eceae5", "muted": "#b3b0a9", "accent": "#6cc5cc", "paper": "#171918", "grid": "#3a3d3b", "soft": "#212423",
    "line": "#7d807d", "water": "#1f2b31", "land": "#2a2d2b", "nodata": "#6f726f",
    "c1": "#56b4e9", "c2": "#e69f00", "c3": "#2fbf97", "c4": "#dd9cc2", "c5": "#a8a8a8", "c6": "#8fc7ea",
    "r1": "#1d3335", "r2": "#255055", "r3": "#347278", "r4": "#4d9aa0", "r5": "#8fd6db",
}  # fmt: skip
ROLES = tuple(LIGHT)
ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "path",
        "line",
        "polyline",
        "polygon",
        "rect",
        "circle",
        "ellipse",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "pattern",
        "clipPath",
        "mask",
        "marker",
        "use",
        "symbol",
        "linearGradient",
        "stop",
    ]
)
LOCAL = re.compile(r"#[\w.:-]+\Z")
REFERENCE = re.compile(r"url\(\s*#[\w.:-]+\s*\)\Z")
VARIABLE = re.compile(r"var\(--([\w-]+)\)")
STROKED = frozenset({"line", "polyline"})


def palette() -> str:
    """The roles as CSS variables, light and dark; on paper always light."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in theme.items()) for theme in (LIGHT, DARK))
    return f":root{{color-scheme:light dark;{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def checked(svg: str) -> str:
    """The drawing as it came, once it is known to hold nothing active, no style and no address outside itself."""
    _verify(svg)
    return svg[svg.index("<svg") :].strip()


def coloured(svg: str, colours: Mapping[str, str] = LIGHT, font: str = "") -> str:
    """The drawing with plain colours in place of classes and variables; `font`: family of all its text."""
    _verify(svg)
    root = ET.fromstring(svg)  # noqa: S314 - verified
    for element in root.iter():
        _paint(element, colours)
    if font:
        root.set("font-family", font)
        for element in root.iter():
            if element is not root:
                element.attrib.pop("font-family", None)
    root.set("color", colours["ink"])
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=256)
def _verify(svg: str) -> None:
    """Once a drawing, which goes into several files."""
    assert "<!" not in svg, "a drawing has no document type, comment or CDATA"
    root = ET.fromstring(svg)  # noqa: S314 - without a document type there are no entities to expand
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{SVG}}}")
        assert name in ELEMENTS, f"a drawing may not hold <{name}>"
        for key, value in element.attrib.items():
            _harmless(key, value)


def _harmless(key: str, value: str) -> None:
    bare = key.rpartition("}")[2].lower()
    active = bare.startswith("on") or bare in {"style", "src"}
    assert not active, f"a drawing may not hold {key}"
    assert bare != "href" or LOCAL.match(value), f"a drawing refers to itself only, not to {value}"
    assert "url(" not in value or REFERENCE.match(value.strip()), f"a drawing refers to itself only, not to {value}"


def _paint(element: ET.Element, colours: Mapping[str, str]) -> None:
    """Class and variables of one element become attributes, as the stylesheet of the page would do it."""
    for key, value in list(element.attrib.items()):
        if "var(" in value:
            element.set(key, VARIABLE.sub(lambda match: colours.get(match[1], colours["ink"]), value))
    for role in (element.attrib.pop("class", "")).split():
        if role not in colours:
            continue
        element.set("color", colours[role])
        drawn = {element.get("fill"), element.get("stroke")}
        if "currentColor" not in drawn:
            stroked = element.tag.removeprefix(f"{{{SVG}}}") in STROKED or element.get("fill") == "none"
            element.set("stroke" if stroked else "fill", colours[role])
    for key in ("fill", "stroke"):
        if element.get(key) == "currentColor" and element.get("color"):
            element.set(key, str(element.get("color")))
