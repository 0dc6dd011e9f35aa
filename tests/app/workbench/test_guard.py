"""The guard by raw sockets: who may ask, from where, and what every answer carries."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from maillage.app.workbench import assets
from maillage.app.workbench.guard import GO_ON
from maillage.app.workbench.headers import HEADERS, POLICY
from maillage.errors import MaillageError
from opened import FORM, Opened, served

MARKER = "what-informants-said"
PATHS = ("/", "/static/open.txt", "/write", "/enter/x")


def fail(request: Request) -> PlainTextResponse:
    raise ZeroDivisionError(MARKER)


def refuse(request: Request) -> PlainTextResponse:
    raise MaillageError("place_unknown", value="Atlantis", nearest="Gao")


@contextmanager
def pages(folder: Path) -> Iterator[Opened]:
    """Pages that read, write and fail, and a folder of static files; nobody was let in yet."""
    (folder / "study.yml").touch()
    (folder / "outside.txt").write_text(MARKER)
    (folder / "static").mkdir()
    (folder / "static" / "open.txt").write_text("a file")
    (folder / "static" / "link.txt").symlink_to(folder / "outside.txt")
    (folder / "static" / "folder").symlink_to(folder)

    async def write(request: Request) -> PlainTextResponse:
        (folder / "written").write_bytes(await request.body())
        return PlainTextResponse("kept")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "FOLDER", folder / "static")
        routes = [
            Route("/", lambda request: PlainTextResponse(MARKER)),
            Route("/write", write, methods=["POST"]),
            Route("/page/{name:path}", lambda request: PlainTextResponse(MARKER)),
            Route("/fail", fail),
            Route("/refuse", refuse),
            assets.mount(),
        ]
    with served(routes, folder) as one:
        yield one


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Opened]:
    """A workbench that let nobody in yet."""
    with pages(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def inside(folder: Path) -> Iterator[Opened]:
    """A workbench that let one browser in."""
    with pages(folder) as one:
        assert one.enter().status == 200
        yield one


@pytest.fixture
def written(folder: Path) -> Path:
    """What a form wrote; nothing yet."""
    (folder / "written").unlink(missing_ok=True)
    return folder / "written"


HOSTS = """
none
evil.com
127.0.0.1
127.0.0.1:1
127.0.0.1:0{port}
127.0.0.1.:{port}
127.0.0.1.evil.com:{port}
evil.com@127.0.0.1:{port}
localhost:{port}
localhost.:{port}
127.1:{port}
0.0.0.0:{port}
2130706433:{port}
[::1]:{port}
127.0.0.1:{port},evil.com
127.0.0.1:{port} 127.0.0.1:{port}
127.0.0.1:{port} evil.com
evil.com 127.0.0.1:{port}
"""


@pytest.mark.parametrize("hosts", HOSTS.split("\n")[1:])
def test_only_its_own_name_leads_to_it(inside: Opened, hosts: str) -> None:
    named = ["Host:"] if not hosts else [f"Host: {host}" for host in hosts.format(port=inside.port).split()]
    named = [] if hosts == "none" else named
    for path, version in product(PATHS, ("1.1", "1.0")):
        lines = [f"GET {path} HTTP/{version}", *named, f"Cookie: {inside.session}", "Connection: close", "", ""]
        answer = inside.raw("\r\n".join(lines).encode())
        assert answer.status in (400, 421)
        assert MARKER not in answer.body
        assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "http://evil.com/", "//evil.com/", "*", "evil"])
def test_a_whole_address_is_no_path(inside: Opened, target: str) -> None:
    answer = inside.ask("GET", target.format(port=inside.port))
    assert answer.status in (400, 404, 421)
    assert MARKER not in answer.body


def test_the_link_lets_one_browser_in_once(bench: Opened) -> None:
    assert bench.ask("GET", "/enter/wrong").status == 401
    first, word = bench.enter(), bench.link.rpartition("/")[2]
    assert (first.status, first.body) == (200, GO_ON)
    kind = {part.strip().lower() for part in first.headers["set-cookie"].split(";")[1:]}
    assert kind == {"httponly", "samesite=strict", "path=/"}
    assert first.headers["set-cookie"].startswith(f"maillage_{bench.port}=")
    assert word not in str(first.headers) + first.body + bench.session
    assert bench.ask("GET", "/").body == MARKER
    second = bench.ask("GET", f"/enter/{word}")
    assert second.status == 401
    assert "set-cookie" not in second.headers
    assert "This link has been used already" in second.body


def test_a_browser_from_anywhere_may_follow_the_link(bench: Opened) -> None:
    """It comes from a file, so the browser calls it cross-site; a redirect would then lose the cookie."""
    path = bench.link.removeprefix(bench.origin)
    answer = bench.ask("GET", path, sec_fetch_site="cross-site")
    assert (answer.status, "set-cookie" in answer.headers) == (200, True)


@pytest.mark.parametrize(
    "cookie", ["", "maillage_{port}=", "maillage_{port}=guess", "maillage_1={word}", "{word}", "x={word}; y"]
)
def test_without_the_session_nothing_is_shown(inside: Opened, cookie: str) -> None:
    word = inside.session.partition("=")[2]
    for path in ("/", "/static/open.txt", "/page/x", "/no-such-page", "/fail"):
        answer = inside.ask("GET", path, cookie=cookie.format(port=inside.port, word=word))
        assert answer.status == 401, path
        assert MARKER not in answer.body
    assert inside.ask("POST", "/write", b"x", cookie=cookie.format(port=inside.port, word=word)).status == 401


def test_before_the_link_is_used_no_session_counts(bench: Opened) -> None:
    bench.session = f"maillage_{bench.port}="
    assert bench.ask("GET", "/").status == 401


GOOD = [
    ({"sec_fetch_site": "same-origin"}, True),
    ({"sec_fetch_site": "same-origin", "origin": ""}, True),
    ({"sec_fetch_site": ""}, True),
    ({"sec_fetch_site": "", "origin": ""}, False),
    ({"sec_fetch_site": "same-site"}, False),
    ({"sec_fetch_site": "cross-site"}, False),
    ({"sec_fetch_site": "none"}, False),
    ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
    ({"sec_fetch_site": "same-site", "origin": "null"}, False),
    ({"sec_fetch_site": "cross-site", "origin": "null"}, False),
    ({"sec_fetch_site": "", "origin": "null"}, False),
    ({"sec_fetch_site": "", "origin": "http://127.0.0.1"}, False),
    ({"sec_fetch_site": "", "origin": "http://127.0.0.1:{port}.evil.com"}, False),
    ({"sec_fetch_site": "", "origin": "http://127.0.0.1.evil.com:{port}"}, False),
    ({"sec_fetch_site": "", "origin": "https://127.0.0.1:{port}"}, False),
    ({"sec_fetch_site": "", "origin": "http://localhost:{port}"}, False),
    ({"content_type": "text/plain"}, False),
    ({"content_type": "text/plain; application/json"}, False),
    ({"content_type": "application/jsonp"}, False),
    ({"content_type": ""}, False),
    ({"content_type": "Application/X-WWW-Form-Urlencoded; charset=utf-8"}, True),
    ({"content_type": "application/json"}, False),
]


@pytest.mark.parametrize(("headers", "good"), GOOD, ids=str)
def test_only_a_page_of_its_own_may_write(inside: Opened, written: Path, headers: dict[str, str], good: bool) -> None:
    given = {name: value.format(port=inside.port) for name, value in headers.items()}
    answer = inside.ask("POST", "/write", b"a=1", **given)
    assert (answer.status == 200) is good
    assert answer.status in (200, 403, 415)
    assert written.exists() is good


@pytest.mark.parametrize("name", ["Sec-Fetch-Site: same-origin", "Origin: {origin}", f"Content-Type: {FORM}"])
def test_a_header_that_stands_twice_proves_nothing(inside: Opened, written: Path, name: str) -> None:
    lines = ["POST /write HTTP/1.1", f"Host: {inside.host}", f"Cookie: {inside.session}", "Connection: close"]
    lines += ["Content-Length: 1", "Sec-Fetch-Site: same-origin", f"Origin: {inside.origin}", f"Content-Type: {FORM}"]
    whole = inside.raw("\r\n".join([*lines, "", ""]).encode() + b"x")
    assert whole.status == 200
    written.unlink()
    twice = inside.raw("\r\n".join([*lines, name.format(origin=inside.origin), "", ""]).encode() + b"x")
    assert twice.status in (403, 415)
    assert not written.exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_no_other_method_is_known(inside: Opened, written: Path, method: str) -> None:
    assert inside.ask(method, "/write", b"x").status in (400, 405)
    assert not written.exists()


@pytest.mark.parametrize("site", ["same-site", "cross-site", "nonsense"])
def test_a_page_of_another_origin_reads_nothing(inside: Opened, site: str) -> None:
    for path in ("/", "/static/open.txt"):
        answer = inside.ask("GET", path, sec_fetch_site=site)
        assert (answer.status, MARKER in answer.body) == (403, False)


def test_what_a_user_types_is_shown(inside: Opened) -> None:
    assert inside.ask("GET", "/", sec_fetch_site="none").status == 200
    assert inside.ask("GET", "/", sec_fetch_site="").status == 200


def test_there_is_no_other_protocol(inside: Opened) -> None:
    up = {"upgrade": "websocket", "connection": "Upgrade", "sec_websocket_key": "x" * 24, "sec_websocket_version": "13"}
    foreign = inside.ask("GET", "/", origin="http://127.0.0.1:1", **up)
    assert (foreign.status, MARKER in foreign.body) == (403, False)


BAD = r"""
/../outside.txt
/static/../outside.txt
/static/%2e%2e/outside.txt
/static/..%2foutside.txt
/static/%252e%252e/outside.txt
/static/..%5coutside.txt
/static/..\outside.txt
/static/%00outside.txt
/static/open.txt%00
/static//etc/passwd
/static/....//outside.txt
/static/%c0%ae%c0%ae/outside.txt
/static/link.txt
/static/folder/outside.txt
/static/open.txt.
/static/open.txt%20
/static/CON
/static/con.txt
/static/NUL
/static/lpt1.css
/static/COM%C2%B9
/static/open.txt::$DATA
/static/open.txt:x
/static/~/x
/static/%7eroot
/static/C:/x
/static/c%3a%5cx
/page/../x
/page/a%0d%0aSet-Cookie:x
/page/aux.txt
/page/x%2f..%2f..%2fy
/page/%252e%252e%252fx
/page/x%5cy
/static/{long}
"""


@pytest.mark.parametrize("path", BAD.split())
def test_no_path_leads_out(inside: Opened, path: str) -> None:
    answer = inside.ask("GET", path.replace("{long}", "a" * 300))
    assert 400 <= answer.status < 500
    assert MARKER not in answer.body
    assert "a file" not in answer.body
    assert "root:" not in answer.body


@pytest.mark.parametrize(
    "path", ["/page/links/ML07/coopetition", "/page/zone:north", "/page/%C3%A9tude%20II", "/page/console", "/page/a.b"]
)
def test_names_of_the_field_are_paths(inside: Opened, path: str) -> None:
    assert inside.ask("GET", path).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/static/open.txt", 200),
        ("GET", "/none", 404),
        ("GET", "/write", 405),
        ("GET", "/fail", 500),
        ("GET", "/refuse", 422),
        ("PUT", "/", 405),
        ("GET", "/enter/x", 401),
        ("GET", "/a/../b", 400),
    ],
)
def test_every_answer_is_guarded(inside: Opened, method: str, path: str, status: int) -> None:
    answer = inside.ask(method, path)
    assert answer.status == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "wire",
    [b"nonsense\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET / \xff\r\n\r\n"],
)
def test_what_nobody_can_read_is_answered_by_the_same_rules(inside: Opened, wire: bytes) -> None:
    answer = inside.raw(wire)
    assert answer.status == 400
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "The workbench cannot read this request." in answer.body


def test_a_fault_of_the_program_shows_nothing(inside: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    answer = inside.ask("GET", "/fail")
    assert "Something went wrong inside maillage" in answer.body
    told = capfd.readouterr().err
    assert MARKER not in answer.body + told
    assert "ZeroDivisionError" in told
    assert "test_guard.py" in told
    assert "Traceback" not in answer.body + told


def test_a_problem_of_ours_is_a_sentence(inside: Opened) -> None:
    assert "“Atlantis” is not a place" in inside.ask("GET", "/refuse").body


@pytest.mark.parametrize(
    ("path", "headers", "sentence"),
    [
        ("/none", {}, "Cette page n'existe pas."),
        ("/", {"host": "evil.com"}, "Cette requête ne désigne pas l'atelier."),
        ("/", {"cookie": ""}, "Ce navigateur n'a pas été admis."),
        ("/", {"sec_fetch_site": "same-site"}, "Cette requête vient d'une page étrangère à l'atelier."),
    ],
)
def test_refusals_speak_french(tmp_path: Path, path: str, headers: dict[str, str], sentence: str) -> None:
    (tmp_path / "study.yml").touch()
    with served([Route("/", refuse)], tmp_path, lang="fr") as bench:
        bench.enter()
        answer = bench.ask("GET", path, **headers)
        assert sentence.replace("'", "&#x27;") in answer.body
        assert '<html lang="fr">' in answer.body
        assert "La requête n&#x27;est" not in answer.body


def test_static_files_are_the_bytes_of_the_disk(inside: Opened, folder: Path) -> None:
    body = inside.ask("GET", "/static/open.txt").body
    assert hashlib.sha256(body.encode()).digest() == hashlib.sha256((folder / "static/open.txt").read_bytes()).digest()
