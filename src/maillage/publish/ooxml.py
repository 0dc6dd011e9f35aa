"""The marks of a Word file (Office Open XML) and its package; whatever a study says goes in as escaped text."""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from maillage.publish.typography import WHOLE

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SPACES = (
    ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    f' xmlns:r="{OFFICE}/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP archive can name
UNBROKEN = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
POINT = 12_700  # a point in the units of drawings (EMU)


def clean(text: str) -> str:
    """Text that XML can hold."""
    return IMPOSSIBLE.sub("\ufffd", text)


def w(name: str, /, *inner: str, **attributes: object) -> str:
    """An element of the name space `w`; `inner` is markup already, attributes are texts."""
    given = "".join(f" w:{key}={quoteattr(clean(str(value)))}" for key, value in attributes.items())
    return f"<w:{name}{given}>{''.join(inner)}</w:{name}>" if inner else f"<w:{name}{given}/>"


def run(text: str, *properties: str) -> str:
    """A run of plain text; `properties`: elements of its `rPr`."""
    marks = w("rPr", *properties) if properties else ""
    told = escape(clean(text))
    if "-" in told:
        told = WHOLE.sub(lambda found: found[0].replace("-", UNBROKEN), told)
    return f'<w:r>{marks}<w:t xml:space="preserve">{told}</w:t></w:r>'


def paragraph(style: str, *inner: str, more: str = "") -> str:
    """A paragraph of a style; `more`: further elements of its `pPr`."""
    return w("p", w("pPr", w("pStyle", val=style), more), *inner)


def control(tag: str, label: str, number: int, inner: str) -> str:
    """A content control around runs: found again by its tag, however the text around it is edited."""
    marks = w("sdtPr", w("alias", val=label), w("tag", val=tag), w("id", val=number), w("text"))
    return w("sdt", marks, w("sdtContent", inner))


def field(code: str, shown: str) -> str:
    """A field that the word processor fills in, with what it shows until then."""
    kinds = [w("r", w("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end")]
    order = f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
    return f"{kinds[0]}{order}{kinds[1]}{shown}{kinds[2]}"


def bookmark(name: str, number: int, inner: str) -> str:
    """Runs that a link or a field can lead to."""
    return w("bookmarkStart", id=number, name=name) + inner + w("bookmarkEnd", id=number)


def picture(relation: str, number: int, size: tuple[float, float], *, title: str, description: str) -> str:
    """An inline picture; `size`: width and height in points."""
    cx, cy = (round(side * POINT) for side in size)
    name, told = quoteattr(clean(title)), quoteattr(clean(description))
    room = f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    form = f'{room}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>'
        f'<wp:docPr id="{number}" name="Figure {number}" descr={told} title={name}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Figure {number}" descr={told}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f"<pic:spPr>{form}</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def relations(found: Mapping[str, tuple[str, str]]) -> str:
    """A part of relationships: id -> (kind, target); addresses of the web are marked as outside."""
    lines = list[str]()
    for ident, (kind, target) in found.items():
        name = kind if "://" in kind else f"{OFFICE}/relationships/{kind}"
        outside = ' TargetMode="External"' if "://" in target else ""
        given = f"Id={quoteattr(ident)} Type={quoteattr(name)} Target={quoteattr(target)}"
        lines.append(f"<Relationship {given}{outside}/>")
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{space}">{"".join(lines)}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The file: its parts in the order given, all of one day and of no maker."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, DAY)
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return made.getvalue()
