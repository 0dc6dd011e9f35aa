"""Hostile bodies against the real command: each is answered 4xx, soon, without memory, files or entries left behind.

The workbench has no upload route: files come in by `maillage add` alone, and a form in parts is refused. So what is
proved here is that every POST route has its cap while the body streams.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from folders import folder_hash
from made_bench import laid_out
from maillage.app.workbench import site
from opened import FORM, Answer, Opened, opened

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
PARTS = {"{source}": "S1", "{code}": "isolation", "{work}": "00000000"}
MOST_RSS, MOST_SECONDS = 400 * 1024, 5.0
UPLOAD = "multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n'
MIB = 2**20


def addresses() -> list[str]:
    found = list(site.POST)
    for name, value in PARTS.items():
        found = [address.replace(name, value) for address in found]
    return found


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def inside(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Opened, Path]]:
    """The workbench, let in, and its folder for temporary files."""
    temporary = tmp_path_factory.mktemp("tmp")
    with opened(study, "--coder", "ana", TMPDIR=str(temporary)) as one:
        one.enter()
        one.ask("GET", "/source/S1")
        yield one, temporary


def used(one: Opened, what: str = "VmHWM") -> int:
    """Kibibytes that the server needs or needed at most."""
    assert one.process
    lines = Path(f"/proc/{one.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1])


def head(one: Opened, path: str, *lines: str, kind: str = FORM) -> bytes:
    first = [f"POST {path} HTTP/1.1", f"Host: {one.host}", f"Cookie: {one.session}", f"Content-Type: {kind}"]
    return "\r\n".join([*first, f"Origin: {one.origin}", "Sec-Fetch-Site: same-origin", *lines, "", ""]).encode()


def chunks(*bodies: bytes) -> list[bytes]:
    return [b"%x\r\n%s\r\n" % (len(body), body) for body in bodies]


@pytest.fixture
def harmless(inside: tuple[Opened, Path], study: Path) -> Iterator[Opened]:
    """Around each attack: the folder stays as it is, nothing lies about, memory stays small, and others are served."""
    one, temporary = inside
    before = folder_hash(study)
    yield one
    assert folder_hash(study) == before
    assert [path.name for path in temporary.rglob("*") if path.is_file()] == []
    assert used(one) < MOST_RSS
    assert one.ask("GET", "/source/S1").status == 200
    assert one.process
    assert one.process.poll() is None


def refused(answer: Answer, *status: int) -> None:
    assert answer.status in (status or range(400, 500)), (answer.status, answer.body[:500])
    assert answer.seconds < MOST_SECONDS
    assert "Traceback" not in answer.body
    assert not answer.body or "<p>" in answer.body


@pytest.mark.parametrize("path", addresses())
@pytest.mark.parametrize("kind", [FORM, UPLOAD])
def test_every_form_has_its_cap_while_it_streams(harmless: Opened, path: str, kind: str) -> None:
    """Neither what the request announces nor that it announces nothing lets more in."""
    most = 33 if kind == UPLOAD else 2
    start = FILE if kind == UPLOAD else b"text="
    body = [start, *[b"a" * MIB] * most]
    answer = harmless.raw(head(harmless, path, "Transfer-Encoding: chunked", kind=kind), *chunks(*body), b"0\r\n\r\n")
    refused(answer, 413)
    size = sum(map(len, body))
    refused(harmless.raw(head(harmless, path, f"Content-Length: {size}", kind=kind), *body), 413)


def test_a_body_without_end_is_cut_off(harmless: Opened) -> None:
    begun = time.monotonic()
    endless = chunks(*[b"a" * MIB] * 200)
    answer = harmless.raw(head(harmless, "/source/S1/memo", "Transfer-Encoding: chunked"), *endless)
    assert answer.status in (0, 413)  # a client that never stops sending may lose what was answered
    assert time.monotonic() - begun < MOST_SECONDS


@pytest.mark.parametrize(
    "length",
    [pytest.param("1000000000000", id="giant"), pytest.param("4096", id="longer than sent", marks=pytest.mark.slow)],
)
def test_an_announced_length_is_not_believed(harmless: Opened, length: str) -> None:
    refused(harmless.raw(head(harmless, "/source/S1/memo", f"Content-Length: {length}"), b"about=S1&text=x"), 408)


@pytest.mark.parametrize("lines", [("Content-Length: -1",), ("Content-Length: 3", "Content-Length: 4"),
                                   ("Content-Length: 1e3",), ("Transfer-Encoding: gzip",)], ids=str)  # fmt: skip
def test_a_length_that_means_nothing(harmless: Opened, lines: tuple[str, ...]) -> None:
    answer = harmless.raw(head(harmless, "/source/S1/memo", *lines) + b"about=S1&text=x")
    assert answer.status in (400, 501)
    assert answer.seconds < MOST_SECONDS


@pytest.mark.parametrize(
    "body",
    [b"a=1&" * 200_000, b"&" * 900_000, b"text=x&" * 100_000, b"%zz=" * 100_000 + b"&" * 5000],
    ids=["names", "nothing", "one name", "odd"],
)
def test_a_form_of_very_many_fields(harmless: Opened, body: bytes) -> None:
    refused(harmless.ask("POST", "/source/S1/memo", body), 413)


def test_a_form_of_very_many_parts(harmless: Opened) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    refused(harmless.ask("POST", "/source/S1/memo", part * 20_000 + b"--x--\r\n", content_type=UPLOAD), 400, 413)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"[" * 500_000 + b"]" * 500_000),
        ("application/json", b'{"about": "S1", "text": "x"}'),
        ("text/plain", b"about=S1&text=x"),
        ("application/octet-stream", b"\0" * 1000),
        ("", b"about=S1&text=x"),
        ("multipart/form-data", b"about=S1"),
        ("multipart/form-data; boundary=", b"about=S1"),
        ("multipart/form-data; boundary=x", b"about=S1&text=x"),
        ("multipart/form-data; boundary=x; charset=nonsense", FILE + b"x\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "y" * 5000, b"--y"),
        ("application/x-www-form-urlencoded, application/json", b"about=S1&text=x"),
    ],
    ids=lambda value: value[:44] if isinstance(value, str) else "",
)
def test_a_body_that_is_not_what_it_says(harmless: Opened, kind: str, body: bytes) -> None:
    for path in ("/source/S1/memo", "/source/S1/undo", "/source/S1/keep"):
        refused(harmless.ask("POST", path, body, content_type=kind))


def test_a_file_in_a_form_is_not_kept(harmless: Opened) -> None:
    body = FILE + b"a" * 4 * MIB + b"\r\n--x--\r\n"
    for path in ("/source/S1/memo", "/source/S1/keep", "/note"):
        refused(harmless.ask("POST", path, body, content_type=UPLOAD), 415)


@pytest.mark.parametrize("parts", [
    pytest.param((b"abo",), id="body"), pytest.param((b"",), id="nothing", marks=pytest.mark.slow),
    pytest.param((b"5\r\nab",), id="chunk", marks=pytest.mark.slow),
])  # fmt: skip
def test_a_body_that_stops_is_not_waited_for(harmless: Opened, parts: tuple[bytes, ...]) -> None:
    line = "Transfer-Encoding: chunked" if parts[0][:1] == b"5" else "Content-Length: 100"
    refused(harmless.raw(head(harmless, "/source/S1/memo", line), *parts), 408)


def test_a_field_of_a_mebibyte_of_odd_signs(harmless: Opened) -> None:
    for sign in ("%00", "%ED%A0%80", "%F0%9F%99%82", "%E2%80%AE"):
        body = b"about=S1&why=x&id=" + sign.encode() * 80_000
        refused(harmless.ask("POST", "/source/S1/retract", body))


def test_the_temporary_folder_is_really_watched(inside: tuple[Opened, Path]) -> None:
    one, temporary = inside
    assert one.process
    environment = Path(f"/proc/{one.process.pid}/environ").read_bytes()
    assert f"TMPDIR={temporary}".encode() in environment
    assert tempfile.gettempdir() != str(temporary)
