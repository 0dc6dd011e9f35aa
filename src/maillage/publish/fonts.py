"""The two faces of every publication, Source Serif and Source Sans (SIL OFL 1.1), cut to the characters in use.

Digits of both faces are tabular and lining by default; Source Serif has no U+202F, which falls back to Source Sans.
"""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import font_source_sans_pro
import font_source_serif_pro

from maillage import cached
from maillage.later import Later

if TYPE_CHECKING:
    from fontTools import subset, ttLib
else:
    subset, ttLib = Later("fontTools.subset"), Later("fontTools.ttLib")  # noqa: N816 - its own name

SERIF, SANS = "Source Serif Pro", "Source Sans Pro"
FOLDERS = tuple(Path(str(module.__file__)).parent / "files" for module in (font_source_serif_pro, font_source_sans_pro))
LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) | set("œŒŸ–—‘’“”…‹›−→·•€\u202f")
RECIPE = "1"  # to be raised with any change of `_cut`
EPOCH = 3_786_825_600  # 2024-01-01 in seconds since 1904: one date in every file, whenever it is made


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of a family; `kerned` keeps its kerning, which doubles the time of the cut."""

    family: str
    weight: int
    style: str
    file: str
    kerned: bool = False


FACES = (
    Face(SERIF, 400, "normal", "SourceSerifPro-Regular.ttf", kerned=True),
    Face(SERIF, 400, "italic", "SourceSerifPro-It.ttf"),
    Face(SERIF, 600, "normal", "SourceSerifPro-Semibold.ttf"),
    Face(SANS, 400, "normal", "SourceSansPro-Regular.ttf"),
    Face(SANS, 600, "normal", "SourceSansPro-Semibold.ttf", kerned=True),
)


def stylesheet(text: str) -> str:
    """`@font-face` rules with the faces as WOFF2 in base64, holding Latin-1 and the characters of `text`."""
    wanted = LATIN | {char for char in set(text) if char.isprintable()}
    return "\n".join(_rule(face, frozenset(wanted)) for face in FACES)


def sans(text: str) -> str:
    """The two cuts that drawings use, as `stylesheet` gives them."""
    wanted = frozenset(LATIN | {char for char in set(text) if char.isprintable()})
    return "\n".join(_rule(face, wanted) for face in FACES if face.family == SANS)


def _rule(face: Face, characters: frozenset[str]) -> str:
    key = "\0".join((*_versions(), face.file, str(face.kerned), "".join(sorted(characters))))
    cut = cached.kept("fonts", key.encode("utf-8", "surrogatepass"), lambda: woff2(face, characters))
    data = base64.b64encode(cut).decode("ascii")
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
        f'font-display:block;src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )


def woff2(face: Face, characters: Iterable[str]) -> bytes:
    """One face cut to `characters`; the same bytes for the same characters the face has, on any day."""
    return _cut(face, _known(face) & frozenset(characters))


@cache
def _versions() -> tuple[str, ...]:
    """What else the bytes of a cut depend on."""
    names = ("font-source-sans-pro", "font-source-serif-pro", "fonttools", "brotli")
    return (RECIPE, *(f"{name} {version(name)}" for name in names))


@cache
def _known(face: Face) -> frozenset[str]:
    with ttLib.TTFont(_path(face), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))


@cache
def _cut(face: Face, characters: frozenset[str]) -> bytes:
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern"]
    options.name_IDs = [1, 2, 13, 14]  # family, style, licence and its address
    options.drop_tables += ["DSIG", "GSUB"] if face.kerned else ["DSIG", "GSUB", "GPOS", "GDEF"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(char) for char in sorted(characters)])
    out = io.BytesIO()
    with ttLib.TTFont(_path(face), recalcTimestamp=False, lazy=True) as font:
        cutter.subset(font)
        setattr(font["head"], "modified", EPOCH)  # noqa: B010 - a table's fields exist only once it is read
        font.flavor = "woff2"
        font.save(out)
    return out.getvalue()


def _path(face: Face) -> Path:
    return next(folder / face.file for folder in FOLDERS if (folder / face.file).is_file())
