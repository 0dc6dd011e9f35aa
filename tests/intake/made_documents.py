"""Documents built part by part, so that a test shows on one screen what a file holds."""

import zipfile
from pathlib import Path

import typst

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "form": "form"}
ODF = " ".join(f'xmlns:{short}="{OFFICE}:{name}:1.0"' for short, name in NAMES.items())


def zipped(path: Path, parts: "dict[str, str | bytes]") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def links(targets: dict[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{RELS}">{rows}</Relationships>'


def docx(path: Path, body: str, space: str = W, **parts: str) -> Path:
    """A Word file; `parts`: styles, footnotes, endnotes, comments, header, footer by their inner XML."""
    files: dict[str, str | bytes] = {
        "_rels/.rels": links({"word/document.xml": "officeDocument"}),
        "word/document.xml": f'<w:document xmlns:w="{space}" {OTHERS}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": links({f"{name}.xml": name for name in parts}),
        "docProps/core.xml": "<x>Author Property</x>",
    }
    for name, inner in parts.items():
        files[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{space}" {OTHERS}>{inner}</w:{name}>'
    return zipped(path, files)


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text: str) -> str:
    return f'<w:del w:id="1" w:author="Reviser Name"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def inserted(text: str) -> str:
    return f'<w:ins w:id="2" w:author="Reviser Name">{r(text)}</w:ins>'


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code: str, shown: str) -> str:
    return f"{mark('begin')}<w:r><w:instrText> {code} </w:instrText></w:r>{mark('separate')}{r(shown)}{mark('end')}"


def odt(path: Path, body: str, automatic: str = "", styles: str = "", **parts: str) -> Path:
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    common = f"<office:document-styles {ODF}>{styles}</office:document-styles>"
    files = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "styles.xml": common}
    return zipped(path, {**files, **{name.replace("__", "/"): text for name, text in parts.items()}})


def pdf(path: Path, source: str) -> Path:
    path.write_bytes(typst.compile(source.encode()))
    return path


def rtf(path: Path, body: str, head: str = "\\ansi\\ansicpg1252\\deff0") -> Path:
    path.write_bytes(f"{{\\rtf1{head} {body}}}".encode("latin-1"))
    return path
