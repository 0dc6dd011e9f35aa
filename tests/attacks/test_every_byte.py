"""Attack 9 and the promise behind all: nothing of a person, a coder, a computer or an hour in any byte of any file."""

import gzip
import io
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing

import attacker_bytes
import pytest
from attacker_register import found, register
from made_attacked import SECRET, Target


def test_no_byte_of_a_public_release_tells_of_a_person_a_coder_a_computer_or_an_hour(target: Target) -> None:
    assert sorted(found(target.public, register(target.study))) == []


def test_the_search_finds_what_the_team_may_see(small: Target, small_team: dict[str, bytes]) -> None:
    hits = {hit.partition(": ")[2] for hit in found(small_team, register(small.study))}
    assert len(hits & set(register(small.study).tokens)) >= 14


def test_packed_members_bear_no_time(target: Target) -> None:
    times = dict(attacker_bytes.zip_times(target.public))
    assert len(times) > 10
    assert set(times.values()) == {(1980, 1, 1, 0, 0, 0)}


def in_page(content: dict[str, bytes]) -> bytes:
    return content["report.en.html"].replace(b"<body>", b'<body data-who="q&#122;mark">', 1)


def in_drawing(content: dict[str, bytes]) -> bytes:
    return content["report.en.html"].replace(b"</svg>", f"<desc>{SECRET}</desc></svg>".encode(), 1)


def in_packed_picture(content: dict[str, bytes]) -> bytes:
    body = b"Author\0\0" + zlib.compress(SECRET.encode())
    text = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return _repacked(content["report.en.docx"], ".png", lambda raw: raw[:33] + text + raw[33:])


def in_properties(content: dict[str, bytes]) -> bytes:
    author = f"<dc:creator>{SECRET}</dc:creator>".encode()
    return _repacked(
        content["report.en.docx"], "core.xml", lambda raw: raw.replace(b"<dc:creator></dc:creator>", author)
    )


def in_paper(content: dict[str, bytes]) -> bytes:
    stream = zlib.compress(SECRET.encode())
    return content["report.en.pdf"] + b"9999 0 obj<</Length 1>>stream\n" + stream + b"\nendstream endobj"


def in_paper_as_digits(content: dict[str, bytes]) -> bytes:
    return content["report.en.pdf"] + b"<FEFF" + SECRET.encode("utf-16-be").hex().encode() + b">"


def in_deleted_row(content: dict[str, bytes]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(content["data/map.gpkg"])
        base.execute("PRAGMA secure_delete = OFF")
        base.execute("INSERT INTO about (what, text) VALUES ('note', ?)", (SECRET * 50,))
        base.commit()
        base.execute("DELETE FROM about WHERE what = 'note'")
        base.commit()
        return base.serialize()


def in_gzip(content: dict[str, bytes]) -> bytes:
    return gzip.compress(SECRET.encode())


def an_hour(content: dict[str, bytes]) -> bytes:
    return content["data/datapackage.json"].replace(b"T00:00:00Z", b"T14:07:00Z")


def a_folder(content: dict[str, bytes]) -> bytes:
    return content["data/sources.csv"] + b"/home/somebody/study\n"


def a_statement(content: dict[str, bytes]) -> bytes:
    return content["report.en.html"].replace(b"</p>", b" on a vu pire, et <b>on verra</b> mieux</p>", 1)


def _repacked(raw: bytes, ending: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name.endswith(ending) else old.read(name))
    return out.getvalue()


PLANTED: list[tuple[str, Callable[[dict[str, bytes]], bytes]]] = [
    ("report.en.html", in_page), ("report.en.html", in_drawing), ("report.en.docx", in_packed_picture),
    ("report.en.docx", in_properties), ("report.en.pdf", in_paper), ("report.en.pdf", in_paper_as_digits),
    ("data/map.gpkg", in_deleted_row), ("data/more.gz", in_gzip), ("data/datapackage.json", an_hour),
    ("data/sources.csv", a_folder), ("report.en.html", a_statement),
]  # fmt: skip


@pytest.mark.parametrize(("name", "plant"), PLANTED, ids=lambda item: getattr(item, "__name__", ""))
def test_the_search_finds_what_is_planted(
    practice: Target, name: str, plant: Callable[[dict[str, bytes]], bytes]
) -> None:
    raw = plant(practice.public)
    assert raw != practice.public.get(name)
    assert [hit for hit in found({name: raw}, register(practice.study)) if hit.startswith(name)]
