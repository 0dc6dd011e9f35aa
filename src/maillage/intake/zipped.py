"""Zip archives and XML from outside, read without trust: limits while unpacking, no DOCTYPE, no deep or endless trees.

    with members(path) as parts:
        root = xml(parts["word/document.xml"], file=path.name, part="word/document.xml")

Nothing is unpacked onto the disk. Every problem is a `MaillageError` whose code is in errors/intake.yml.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from maillage.errors import MaillageError

MB = 1_000_000
CHUNK = 64 * 1024
SMALL = 20 * MB  # below this size no ratio is suspicious: an empty form packs a thousand to one
DEEPEST, MOST_MARKS = 128, 3_000_000
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
DRIVE = re.compile(r"[A-Za-z]:")


class Members(Mapping[str, bytes]):
    """The files of an archive by name, unpacked when asked for and counted while unpacking.

    `members[name]` raises KeyError for a name that is not there, MaillageError `zip_bomb` beyond the limits and
    `zip_damaged` for data that does not unpack. Directories are left out.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile, limit_total: int, limit_ratio: int) -> None:
        self._file, self._archive = path.name, archive
        self._total, self._ratio = limit_total, limit_ratio
        self._infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        self._read: dict[str, int] = {}
        self._size = 0

    def __getitem__(self, name: str) -> bytes:
        info = self._infos[name]
        left = self._total - self._size + self._read.get(name, 0)
        most = min(left, max(SMALL, self._ratio * info.compress_size))
        try:
            data = self._unpack(info, most)
        except DAMAGE as error:
            raise MaillageError("zip_damaged", file=self._file, value=shown(name)) from error
        if len(data) > most:
            raise MaillageError("zip_bomb", file=self._file, value=shown(name))
        self._size += len(data) - self._read.get(name, 0)
        self._read[name] = len(data)
        return data

    def _unpack(self, info: zipfile.ZipInfo, most: int) -> bytes:
        """The content of a member, or a little more than `most` bytes of it; the size it claims is not believed."""
        chunks: list[bytes] = []
        with self._archive.open(info) as stream:
            while most >= 0 and (chunk := stream.read(CHUNK)):
                chunks.append(chunk)
                most -= len(chunk)
        return b"".join(chunks)

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()


def members(path: Path, *, limit_members: int = 5_000, limit_total: int = 500 * MB, limit_ratio: int = 100) -> Members:
    """The files of the archive at `path`; `limit_total` in bytes unpacked, `limit_ratio` unpacked to packed.

    Raises MaillageError `file_missing`, `zip_damaged`, `zip_many`, `zip_name` (a name that leaves the archive),
    `zip_twice` (two files of one name, whatever the case), `zip_locked` (password).
    """
    if not path.is_file():
        raise MaillageError("file_missing", file=path.name)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise MaillageError("zip_damaged", file=path.name, value=path.name) from error
    try:
        _check(path.name, archive.infolist(), limit_members)
    except MaillageError:
        archive.close()
        raise
    return Members(path, archive, limit_total, limit_ratio)


def _check(file: str, infos: list[zipfile.ZipInfo], limit_members: int) -> None:
    if len(infos) > limit_members:
        raise MaillageError("zip_many", file=file, value=len(infos), most=limit_members)
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if _leaves(info):
            raise MaillageError("zip_name", file=file, value=shown(name))
        if name.casefold() in seen:
            raise MaillageError("zip_twice", file=file, value=shown(name))
        if info.flag_bits & 0x1:
            raise MaillageError("zip_locked", file=file, value=shown(name))
        seen.add(name.casefold())


def _leaves(info: zipfile.ZipInfo) -> bool:
    """Whether a name points out of the archive, or the member is a link."""
    name = info.orig_filename.replace("\\", "/")
    link = stat.S_ISLNK(info.external_attr >> 16)
    return link or name.startswith("/") or ".." in name.split("/") or "\0" in name or bool(DRIVE.match(name))


def shown(name: str) -> str:
    """A name from outside, fit for a sentence: printable and short."""
    plain = "".join(char if char.isprintable() else "\ufffd" for char in name)
    return plain if len(plain) <= 80 else f"{plain[:79]}…"


def xml(data: bytes, *, file: str = "", part: str = "", most_marks: int = MOST_MARKS) -> Element:
    """The tree of an XML part; at most 128 levels deep, so that walking it by recursion is safe.

    `most_marks`: tags and attributes; each takes about 100 bytes of memory, so that three million stay under 350 MB.
    Raises MaillageError `xml_doctype` before any entity is read, `xml_damaged`, `xml_large` (too deep, too many tags).
    """
    value = shown(part)
    if data.count(b"<") + data.count(b"=") > most_marks:
        raise MaillageError("xml_large", file=file, value=value)
    try:
        if _has_doctype(data):
            raise MaillageError("xml_doctype", file=file, value=value)
        parser = XMLParser()  # noqa: S314 (no DOCTYPE, so no entities)
        parser.feed(data)
        root = parser.close()
    except (expat.ExpatError, ParseError, ValueError, LookupError) as error:
        raise MaillageError("xml_damaged", line=_line(error), file=file, value=value) from error
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise MaillageError("xml_large", file=file, value=value)
        level = [child for element in level for child in element]
    return root


def _line(error: Exception) -> int:
    """The line an XML parser stopped at; 1 where it does not say."""
    position: tuple[int, int] = getattr(error, "position", (1, 0))
    return int(getattr(error, "lineno", None) or position[0])


def _has_doctype(data: bytes) -> bool:
    """Whether a DOCTYPE stands before the first element, in whatever encoding; later on it would be no XML."""
    found: list[bool] = []

    def doctype(*_: object) -> None:
        found.append(True)

    def element(*_: object) -> None:
        found.append(False)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    for start in range(0, len(data), CHUNK):
        parser.Parse(data[start : start + CHUNK], False)
        if found:
            break
    return found[:1] == [True]
