"""The chart pack: every drawing of the reports as a picture that can stand alone.

What a page says around a drawing is in the picture: its finding as title, the measure, the source, and on top how far
the release has come and that it is synthetic, so that neither is lost where a picture is copied. SVG carries the two
cuts of its face, text stays text; PNG is the same picture in dots. `index.csv` gives the text alternatives.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import polars as pl

from maillage.blocks import Document, Figure, Number
from maillage.publish import drawings, fonts, paper, typeset
from maillage.publish.data import csv
from maillage.publish.svg import MUTED, Style, px, wrap

FOLDER = "charts"
INDEX = f"{FOLDER}/index.csv"
MARGIN, GAP = 16.0, 12.0
TITLE, BANNER = Style(size=18, weight=600), Style(size=12, weight=600, colour="accent")
SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')
BACKGROUND = drawings.LIGHT["paper"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing of one report, with what stands around it."""

    name: str
    figure: Figure
    svg: str


def files(documents: Mapping[str, Document], *, png: bool, keep: bool = False) -> dict[str, bytes]:
    """charts/NAME.LANG.svg of every figure, with png the same as .png, and charts/index.csv. keep: as typeset.pictures.

    documents: language -> report.
    """
    made = [picture for lang, document in documents.items() for picture in _pictures(document, lang)]
    faces = fonts.sans("".join(picture.svg for picture in made))
    out = {f"{FOLDER}/{picture.name}.svg": _with_faces(picture.svg, faces).encode() for picture in made}
    if png:
        drawn = typeset.pictures([picture.svg for picture in made], keep=keep)
        out |= {f"{FOLDER}/{picture.name}.png": content for picture, content in zip(made, drawn, strict=True)}
    return out | ({INDEX: _index(made)} if made else {})


def _pictures(document: Document, lang: str) -> Iterator[Picture]:
    banner = " · ".join(filter(None, (paper.status(document), paper.synthetic(document), paper.dated(document))))
    words = paper.Words(lang)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                yield Picture(f"{block.id}.{lang}", block, _framed(block, banner, words.source(block.source), lang))


def _framed(figure: Figure, banner: str, source: str, lang: str) -> str:
    """The drawing between its banner, title and measure above and its source below, in plain colours."""
    inner = paper.drawn(figure.svg)
    size = SIZE.search(inner)
    assert size is not None, "a drawing says how large it is"
    wide, high = float(size[1]), float(size[2])
    full = max(wide, 480.0) + 2 * MARGIN
    room = full - 2 * MARGIN
    above = [(line, BANNER) for line in wrap(banner, room, BANNER.size, BANNER.weight)]
    above += [(line, TITLE) for line in wrap(figure.title, room, TITLE.size, TITLE.weight)]
    above += [(line, MUTED) for line in wrap(figure.subtitle, room, MUTED.size) if line]
    head, top = _lines(above, MARGIN)
    foot, end = _lines([(line, MUTED) for line in wrap(source, room, MUTED.size) if line], top + high + GAP)
    placed = inner.replace("<svg", f'<svg x="{px(MARGIN + (room - wide) / 2)}" y="{px(top)}"', 1)
    whole = f'width="{px(full)}" height="{px(end + MARGIN / 2)}"'
    told = f"<title>{escape(figure.title, quote=False)}</title><desc>{escape(figure.alt, quote=False)}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {whole} viewBox="0 0 {px(full)} {px(end + MARGIN / 2)}" role="img"'
        f' lang="{lang}" font-family="{fonts.SANS}">{told}<rect {whole} fill="{BACKGROUND}"/>{head}{placed}{foot}</svg>'
    )


def _lines(lines: Sequence[tuple[str, Style]], top: float) -> tuple[str, float]:
    """Lines of text under each other, and where the next thing begins."""
    parts: list[str] = []
    for text, style in lines:
        base = top + style.size
        weight = "" if style.weight == 400 else f' font-weight="{style.weight}"'
        parts.append(f'<text x="{px(MARGIN)}" y="{px(base)}" font-size="{px(style.size)}"{weight}'
                     f' fill="{drawings.LIGHT[style.colour]}">{escape(text, quote=False)}</text>')  # fmt: skip
        top = base + round(style.size * 0.4)
    return "".join(parts), top + GAP / 2


def _with_faces(svg: str, faces: str) -> str:
    """The picture with its faces inside, so that it looks the same on any machine."""
    return svg.replace("<title>", f"<style>{faces}</style><title>", 1)


def _index(made: Sequence[Picture]) -> bytes:
    """What each picture is: file, title, text alternative, and the estimates that its table prints."""
    rows = [
        (
            f"{picture.name}.svg",
            picture.figure.title,
            picture.figure.alt,
            picture.figure.source,
            _estimates(picture.figure),
        )
        for picture in made
    ]
    columns = {"file": pl.String, "title": pl.String, "alternative": pl.String, "sources": pl.String,
               "estimates": pl.List(pl.String)}  # fmt: skip
    return csv(pl.DataFrame(rows, schema=columns, orient="row"))


def _estimates(figure: Figure) -> list[str]:
    spans = (span for row in figure.table.rows for cell in row for span in cell)
    return list(dict.fromkeys(span.estimate for span in spans if isinstance(span, Number)))
