"""Every byte of a release, opened: each file as it is, and whatever is packed, encoded or compressed inside it."""

import base64
import binascii
import gzip
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pypdfium2
from fontTools.ttLib import TTFont

PNG, PDF, ZIP, GZIP, WOFF2, SQLITE = b"\x89PNG\r\n", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"wOF2", b"SQLite format 3"
DATA_URL = re.compile(rb"data:([\w/+.-]+)((?:;[\w=-]+)*),([A-Za-z0-9+/=%._~-]+)")
TEXTS = (".html", ".csv", ".json", ".geojson", ".xml", ".rels", ".svg")


def files(folder: Path) -> dict[str, bytes]:
    """Path -> content of every file of a release."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def opened(content: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """(where, bytes) of every layer of every file, names of files and members included; the same bytes once."""
    met: set[bytes] = set()
    for name, raw in content.items():
        for where, layer in ((f"{name}>name", name.encode()), *layers(name, raw)):
            if layer not in met:
                met.add(layer)
                yield where, layer


def layers(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """One file and all that is inside it."""
    yield name, raw
    if raw.startswith(ZIP):
        yield from _members(name, raw)
    elif raw.startswith(PDF):
        yield from _pdf(name, raw)
    elif raw.startswith(PNG):
        yield from _png(name, raw)
    elif raw.startswith(GZIP):
        yield from layers(f"{name}>gz", gzip.decompress(raw))
    elif raw.startswith(WOFF2):
        yield from _font(name, raw)
    elif raw.startswith(SQLITE):
        yield from _rows(name, raw)
    elif name.endswith(TEXTS):
        yield f"{name}>plain", unescape(raw.decode()).encode()
        yield from _embedded(name, raw)


def _members(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        yield f"{name}>comment", packed.comment
        for member in packed.infolist():
            yield f"{name}>{member.filename}>about", member.filename.encode() + member.comment + member.extra
            yield from layers(f"{name}>{member.filename}", packed.read(member))


def _pdf(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Streams unpacked, strings in both writings, the text of each page, the properties."""
    for turn, found in enumerate(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL)):
        try:
            inner = zlib.decompress(found[1])
        except zlib.error:
            inner = found[1]
        yield f"{name}>stream {turn}", inner
        if b"Obj" in found.string[max(0, found.start() - 200) : found.start()]:
            yield f"{name}>strings {turn}:", _strings(inner)
    yield f"{name}>strings:", _strings(raw)
    with closing(pypdfium2.PdfDocument(raw)) as pdf:
        yield f"{name}>properties", repr(pdf.get_metadata_dict()).encode()
        yield f"{name}>text", "\n".join(page.get_textpage().get_text_bounded() for page in pdf).encode()


def _strings(raw: bytes) -> bytes:
    """PDF strings written as hexadecimal or UTF-16, readable."""
    found: list[bytes] = []
    for piece in re.findall(rb"<([0-9A-Fa-f\s]{8,})>", raw):
        digits = re.sub(rb"\s", b"", piece)
        found.append(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
    found += re.findall(rb"\(((?:[^()\\]|\\.)*)\)", raw)
    return b"\n".join(
        item.decode("utf-16-be", "replace").encode() if item[:2] == b"\xfe\xff" else item for item in found
    )


def _png(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Chunks but the picture itself; texts unpacked."""
    for kind, body in chunks(raw):
        yield f"{name}>{kind}", body
        if kind in ("zTXt", "iTXt"):
            for start in range(len(body)):
                if body[start : start + 1] == b"\x78":
                    yield f"{name}>{kind} text", _inflated(body[start:])


def chunks(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Kind and content of each chunk of a PNG."""
    at = 8
    while at < len(raw):
        (size,) = struct.unpack(">I", raw[at : at + 4])
        yield raw[at + 4 : at + 8].decode("latin-1"), raw[at + 8 : at + 8 + size]
        at += 12 + size


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return b""


def _font(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    names = TTFont(io.BytesIO(raw))["name"].names
    yield f"{name}>names", "\n".join(str(item) for item in names).encode()


def _rows(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The tables of an SQLite file, as text; the file itself (free pages included) was given before."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(raw)
        tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        for table in tables:
            rows = base.execute(f'SELECT * FROM "{table}"').fetchall()
            yield f"{name}>{table}", repr(rows).encode()


def _embedded(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Pictures and fonts written into a page."""
    for turn, found in enumerate(DATA_URL.finditer(raw)):
        body = base64.b64decode(found[3] + b"===") if b"base64" in found[2] else unquote_to_bytes(found[3])
        yield from layers(f"{name}>data {turn} {found[1].decode()}", body)


def zip_times(content: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Where and when a packed member says it was made."""
    for name, raw in content.items():
        if raw.startswith(ZIP):
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                yield from ((f"{name}>{member.filename}", member.date_time) for member in packed.infolist())
