# ruff: noqa: E501 (a piece of XML reads best on one line)
"""Documents built part by part, so that a test shows on one screen what a file holds."""

import hashlib
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


def locked_pdf(path: Path) -> Path:
    """A PDF that opens with a password only (standard handler, revision 2)."""
    identity, rights = b"0123456789abcdef", (-4).to_bytes(4, "little", signed=True)
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    owner = rc4(hashlib.md5(padding).digest()[:5], (b"secret" + padding)[:32])
    key = hashlib.md5((b"secret" + padding)[:32] + owner + rights + identity).digest()[:5]
    user = rc4(key, padding)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (owner.hex().encode(), user.hex().encode()),
    ]
    out, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<%s><%s>]>>" % (
        identity.hex().encode(),
        identity.hex().encode(),
    )
    path.write_bytes(
        out + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer + b"\nstartxref\n%d\n%%%%EOF" % len(out)
    )
    return path


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
