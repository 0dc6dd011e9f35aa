"""Archives and XML from outside: read where they are sound, refused with a code where they are traps."""

import io
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest

from maillage.errors import MaillageError
from maillage.intake.zipped import members, xml

LAUGHS = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;</a>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>avant &x; apres</a>'


def archive(path: Path, files: list[tuple[str, bytes]]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        warnings.simplefilter("ignore")  # two files of one name
        for name, data in files:
            made.writestr(name, data)
    return path


def code(path: Path, name: str = "", **limits: int) -> str:
    with pytest.raises(MaillageError) as caught, members(path, **limits) as parts:
        assert parts[name]
    for lang in ("en", "fr"):
        assert "{" not in caught.value.text(lang)
    return caught.value.code


def test_the_files_of_an_archive_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [("folder/", b""), ("folder/a.txt", b"one"), ("é.txt", b"two")])
    with members(path) as parts:
        assert dict(parts) == {"folder/a.txt": b"one", "é.txt": b"two"}
        assert parts.get("nothing") is None


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/a", "\\a", "a\\..\\..\\b", "C:\\a", "c:a"], ids=repr)
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    assert code(archive(tmp_path / "a.zip", [("fine.xml", b"<a/>"), (name, b"x")]), "fine.xml") == "zip_name"


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    assert code(path) == "zip_name"


@pytest.mark.parametrize("second", ["project.qde", "Project.QDE"])
def test_two_files_of_one_name_are_refused(tmp_path: Path, second: str) -> None:
    assert code(archive(tmp_path / "a.zip", [("project.qde", b"1"), (second, b"2")]), "project.qde") == "zip_twice"


def test_what_unpacks_without_end_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [("a", b"\0" * 300_000_000)])
    tracemalloc.start()
    assert code(path, "a") == "zip_bomb"
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


def test_the_limit_holds_for_all_files_together_and_not_for_one_read_twice(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [("a", b"x" * 600), ("b", b"x" * 600)])
    with members(path, limit_total=1_000) as parts:
        assert parts["a"] == parts["a"]
        with pytest.raises(MaillageError, match="zip_bomb"):
            parts["b"]
    assert code(path, limit_members=1) == "zip_many"


def test_a_size_that_lies_does_not_help(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [("a", b"x" * 100_000)])
    raw = path.read_bytes()
    path.write_bytes(raw.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with members(path) as parts, pytest.raises(MaillageError, match="zip_damaged"):
        parts["a"]


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"<html></html>", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_archive_says_so(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(raw)
    assert code(path) == "zip_damaged"


def test_every_cut_and_every_flipped_byte_is_a_coded_problem_or_the_same_content(tmp_path: Path) -> None:
    raw = archive(
        tmp_path / "a.zip", [("a.xml", b"<a>" + bytes(range(32, 127)).replace(b"<", b"") + b"</a>")]
    ).read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as sound:
        right = sound.read("a.xml")
    damaged = tmp_path / "b.zip"
    for place in range(len(raw)):
        for broken in (raw[:place], raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]):
            damaged.write_bytes(broken)
            assert outcome(damaged) in ([right], [], "zip")


def outcome(path: Path) -> "list[bytes] | str":
    """What an archive holds, or the family of the problem with it."""
    try:
        with members(path) as parts:
            return [parts[name] for name in parts]
    except MaillageError as problem:
        return problem.code.partition("_")[0]


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [("a", b"x")])
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert code(path, "a") == "zip_locked"


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert code(tmp_path / "none.zip") == "file_missing"


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        OUTSIDE,
        b"\xef\xbb\xbf" + LAUGHS,
        b"<!-- " + b"x" * 200_000 + b" -->" + LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?>'.decode()
        .encode("utf-16-le")
        .join([b"\xff\xfe", LAUGHS.decode().encode("utf-16-le")]),
        b"<!DOCTYPE html><html></html>",
    ],
)
def test_a_doctype_is_refused_in_every_encoding(data: bytes) -> None:
    with pytest.raises(MaillageError, match="xml_doctype"):
        xml(data, file="a.docx", part="word/document.xml")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a>&nbsp;</a>",
        b"<a></b>",
        b"plain",
        b"<a>\0</a>",
        b"\x80<a/>",
        b'<?xml version="1.0" encoding="x-none"?><a/>',
    ],
)
def test_what_is_no_xml_says_where(data: bytes) -> None:
    with pytest.raises(MaillageError, match="xml_damaged") as caught:
        xml(data, file="a.docx", part="word/document.xml")
    assert caught.value.facts["line"] == 1


def test_a_doctype_in_words_or_in_a_comment_is_text() -> None:
    assert (
        xml(b"<a>&lt;!DOCTYPE x><![CDATA[<!DOCTYPE y>]]><!-- <!DOCTYPE z> --></a>").text == "<!DOCTYPE x><!DOCTYPE y>"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_xml_is_read_in_its_encoding(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>\r\n<a>Ménaka</a>'
    assert xml(text.encode(encoding)).text == "Ménaka"


def test_depth_and_number_of_tags_are_limited() -> None:
    assert xml(b"<a>" * 128 + b"</a>" * 128).tag == "a"
    with pytest.raises(MaillageError, match="xml_large"):
        xml(b"<a>" * 200_000 + b"</a>" * 200_000)
    with pytest.raises(MaillageError, match="xml_large"):
        xml(b"<a>" + b"<a/>" * 3_000_000 + b"</a>")
