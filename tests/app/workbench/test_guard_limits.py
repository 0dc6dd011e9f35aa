"""What never ends, is too large or lies about its length: answered in a sentence, and the connection closed."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from maillage.app.workbench import bodies, wire
from opened import FORM, Opened, served

QUICK = 0.4
UPLOAD = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n'


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def inside(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """A form that keeps its file, with little patience and small limits."""
    (tmp_path / "study.yml").touch()
    monkeypatch.setattr(wire, "HEAD_PAUSE", QUICK)
    monkeypatch.setattr(bodies, "PAUSE_MOST", QUICK)
    monkeypatch.setattr(bodies, "WHOLE_MOST", 4 * QUICK)
    monkeypatch.setattr(bodies, "FILE_MOST", 3 * 2**20)

    async def form(request: Request) -> PlainTextResponse:
        async with request.form() as fields:
            file = fields.get("f")
            kept.write_bytes(await file.read() if isinstance(file, UploadFile) else str(file).encode())
        return PlainTextResponse("kept")

    routes = [
        Route("/", lambda request: PlainTextResponse("a page")),
        Route("/form", form, methods=["POST"]),
        Route("/unread", lambda request: PlainTextResponse("not read"), methods=["POST"]),
    ]
    with served(routes, tmp_path) as one:
        one.enter()
        yield one


def head(bench: Opened, *lines: str, path: str = "/form", kind: str = FORM) -> bytes:
    """The head of a good POST."""
    first = [f"POST {path} HTTP/1.1", f"Host: {bench.host}", f"Cookie: {bench.session}", f"Content-Type: {kind}"]
    return "\r\n".join([*first, "Sec-Fetch-Site: same-origin", *lines, "", ""]).encode()


def test_a_file_below_the_limit_is_kept(inside: Opened, kept: Path) -> None:
    body = PART + b"a" * 2**21 + b"\r\n--x--\r\n"
    assert inside.ask("POST", "/form", body, content_type=UPLOAD).status == 200
    assert kept.stat().st_size == 2**21


def test_a_file_above_it_is_refused_in_a_sentence_that_the_browser_can_read(inside: Opened, kept: Path) -> None:
    answer = inside.ask("POST", "/form", PART + b"a" * 2**22 + b"\r\n--x--\r\n", content_type=UPLOAD)
    assert (answer.status, kept.exists()) == (413, False)
    assert "larger than 3 MiB" in answer.body


def test_a_form_has_a_smaller_limit(inside: Opened, kept: Path) -> None:
    assert inside.ask("POST", "/form", b"f=" + b"a" * 2**20).status == 413
    assert not kept.exists()


def test_chunks_without_end_are_cut_off(inside: Opened, kept: Path) -> None:
    chunk = b"100000\r\n" + b"a" * 2**20 + b"\r\n"
    answer = inside.raw(
        head(inside, "Transfer-Encoding: chunked", kind=UPLOAD), b"%x\r\n%s\r\n" % (len(PART), PART), *[chunk] * 40
    )
    assert answer.status in (0, 413)  # the answer may be lost where the client goes on sending
    assert not kept.exists()
    assert inside.ask("GET", "/").status == 200


@pytest.mark.parametrize("length", ["1000000000000", str(2**31)])
def test_an_announced_giant_is_not_waited_for(inside: Opened, kept: Path, length: str) -> None:
    answer = inside.raw(head(inside, f"Content-Length: {length}"), b"f=")
    assert answer.status == 408
    assert "did not arrive whole in time" in answer.body
    assert not kept.exists()
    assert answer.seconds < 10 * QUICK


def test_a_length_that_is_too_short_starts_no_second_request(inside: Opened, kept: Path) -> None:
    smuggled = b"f=xxxPOST /form HTTP/1.1\r\nHost: evil.com\r\n\r\n"
    inside.raw(head(inside, "Content-Length: 5"), b"", smuggled)
    assert kept.read_bytes() == b"xxx"


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: -1",),
        ("Content-Length: x",),
        ("Transfer-Encoding: x",),
    ],
    ids=str,
)
def test_a_length_that_means_nothing_is_refused(inside: Opened, kept: Path, lines: tuple[str, ...]) -> None:
    assert inside.raw(head(inside, *lines) + b"f=xxx").status in (400, 501)
    assert not kept.exists()


def test_a_body_that_drips_is_refused(inside: Opened, kept: Path) -> None:
    drops = [b"f"] * 30
    answer = inside.raw(head(inside, "Content-Length: 100"), *drops, pause=QUICK / 3)
    assert answer.status in (0, 408)
    assert not kept.exists()


def test_a_body_that_nobody_reads_cannot_hold_the_line(inside: Opened) -> None:
    answer = inside.raw(head(inside, "Content-Length: 1000", path="/unread"), *[b"f"] * 8, pause=QUICK / 3)
    assert answer.body in ("not read", "")
    assert answer.seconds < 12 * QUICK


@pytest.mark.parametrize(
    "parts", [(b"",), (b"GET / HT",), tuple([b"GET / HTTP/1.1\r\nHost: x\r\n"] + [b"a: b\r\n"] * 8)]
)
def test_a_head_that_drips_is_cut_off(inside: Opened, parts: tuple[bytes, ...]) -> None:
    answer = inside.raw(*parts, pause=QUICK / 3)
    assert answer.status in (0, 408)
    assert answer.seconds < 6 * QUICK


def test_many_that_drip_do_not_keep_others_out(inside: Opened) -> None:
    lines = [socket.create_connection(("127.0.0.1", inside.port)) for _ in range(200)]
    for line in lines:
        line.sendall(b"GET / HTTP/1.1\r\nHost: ")
    answer = inside.ask("GET", "/")
    for line in lines:
        line.close()
    assert (answer.status, answer.seconds < 1) == (200, True)


@pytest.mark.parametrize("name", ["address", "field", "fields"])
def test_a_head_has_a_limit(inside: Opened, name: str) -> None:
    more = {"address": {}, "field": {"x": "a" * 20_000}, "fields": {f"x{n}": "a" * 100 for n in range(200)}}[name]
    answer = inside.ask("GET", "/" + ("?q=" + "a" * 20_000 if name == "address" else ""), **more)
    assert answer.status in (400, 431)
    assert "a page" not in answer.body


def test_a_line_between_requests_stays_open(inside: Opened) -> None:
    """What a browser does: several requests on one connection, with a pause longer than the patience for a head."""
    one = f"GET / HTTP/1.1\r\nHost: {inside.host}\r\nCookie: {inside.session}\r\n".encode()
    answer = inside.raw(one + b"\r\n", b"", one + b"Connection: close\r\n\r\n", pause=2 * QUICK)
    assert answer.body.count("a page") == 2
