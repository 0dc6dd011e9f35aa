"""The guard of the workbench as a real browser meets it: the link, pages of other programs, foreign names, bad code.

Attacks also run against the same pages without the guard, and must succeed there: else they would prove nothing.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route

from folders import STUDIES
from maillage.app.workbench import assets
from maillage.app.workbench.launch import Invitation
from opened import Opened, served

pytestmark = pytest.mark.browser
MARKER = "what-informants-said"
PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>'
FORM = f'<!doctype html><title>workbench</title><p id="said">{MARKER}</p>'
INJECTED = """<!doctype html><title>quiet</title>
<script>document.title = "script"</script>
<img src="data:image/png;base64,x" onerror="document.title = 'handler'">
<svg onload="document.title = 'svg'"></svg>
<a id="link" href="javascript:document.title='address'">x</a>
<iframe srcdoc="<script>parent.document.title = 'frame'</script>"></iframe>
<base href="ELSEWHERE"><style>p { color: rgb(1, 2, 3) }</style><p id="p" style="opacity: 0.5">x</p>
<form id="out" action="ELSEWHERE" method="get"><button>x</button></form>
<object data="data:text/html,<script>parent.document.title='object'</script>"></object>
<script src="ELSEWHEREx.js"></script><script src="data:text/javascript,document.title='data'"></script>
"""
HTMX = """<!doctype html><title>quiet</title>
<meta name="htmx-config" content='{"includeIndicatorCSS": false}'><script src="/static/vendor/htmx.min.js"></script>
<button id="good" hx-post="/write" hx-vals='{"a": "1"}' hx-target="#said">x</button>
<button id="bad" hx-on:click="document.title = 'evaluated'" hx-vals="js:{a: document.title = 'evaluated'}">x</button>
<p id="said"></p>
"""


@contextmanager
def pages(folder: Path, *, guard: bool = True) -> Iterator[Opened]:
    """Pages with something to read and something to write."""
    (folder / "study.yml").touch()

    async def write(request: Request) -> PlainTextResponse:
        (folder / "written").write_bytes(await request.body())
        return PlainTextResponse("kept")

    routes = [
        Route("/", lambda request: HTMLResponse(FORM)),
        Route("/pixel", lambda request: PlainTextResponse(PIXEL, media_type="image/svg+xml")),
        Route(
            "/script", lambda request: PlainTextResponse(f'window.stolen = "{MARKER}"', media_type="text/javascript")
        ),
        Route("/injected", lambda request: HTMLResponse(INJECTED.replace("ELSEWHERE", request.query_params["to"]))),
        Route("/htmx", lambda request: HTMLResponse(HTMX)),
        Route("/favicon.ico", lambda request: HTMLResponse("", 204)),  # else its absence is a complaint, now or later
        Route("/seen", lambda request: JSONResponse(dict(request.headers))),
        Route("/write", write, methods=["GET", "POST"] if not guard else ["POST"]),
        assets.mount(),
    ]
    with served(routes, folder, guard=guard) as one:
        yield one


@contextmanager
def elsewhere(folder: Path, page: str = "") -> Iterator[tuple[str, list[str]]]:
    """Another program with a page on another port of this machine: its address, and what it was asked for."""
    (folder / "study.yml").touch()
    heard: list[str] = []

    def any_page(request: Request) -> HTMLResponse:
        heard.append(request.url.path)
        return HTMLResponse(page)

    with served([Route("/{rest:path}", any_page, methods=["GET", "POST"])], folder, guard=False) as one:
        yield one.origin + "/", heard


def attacking(bench: Opened) -> str:
    """A page of another program that attacks the workbench."""
    return ATTACKS.replace("AT/", bench.origin + "/").replace('"AT"', f'"{bench.origin}"')


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    one = browser.new_context()
    yield one
    one.close()


def let_in(context: BrowserContext, bench: Opened) -> Page:
    """A page of a browser that used the link."""
    page = context.new_page()
    page.goto(bench.link)
    page.wait_for_url(bench.origin + "/")
    return page


def test_the_link_in_a_file_opens_the_workbench_and_leaves_no_trace(
    tmp_path: Path, browser: Browser, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pages(tmp_path) as bench:
        files: list[str] = []
        monkeypatch.setattr("webbrowser.open", lambda address: files.append(address) or True)
        assert Invitation(bench.link).send()
        told: list[str] = []
        page = context.new_page()
        page.on(
            "request", lambda request: told.append(str({k: v for k, v in request.headers.items() if k != "cookie"}))
        )
        page.goto(files[0])
        page.wait_for_url(bench.origin + "/")
        assert page.inner_text("#said") == MARKER
        word = bench.link.rpartition("/")[2]
        assert word not in page.content() + page.title() + page.evaluate("document.referrer") + "".join(told)
        assert page.evaluate("document.cookie") == ""
        (cookie,) = context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
        assert cookie["name"] == f"maillage_{bench.port}"
        other = browser.new_context().new_page()
        for address in (bench.link, bench.origin):
            answer = other.goto(address)
            assert answer is not None
            assert answer.status == 401
            assert MARKER not in other.content()


ATTACKS = (Path(__file__).parent / "attacks.html").read_text("utf-8")
WRITING = ("form", "plain", "encoded", "beacon", "image_writes")


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "bare"])
@pytest.mark.parametrize("attack", WRITING)
def test_a_page_of_another_port_cannot_write(tmp_path: Path, context: BrowserContext, attack: str, guard: bool) -> None:
    with pages(tmp_path, guard=guard) as bench:
        page = let_in(context, bench) if guard else context.new_page()
        with elsewhere(tmp_path, attacking(bench)) as (address, _):
            page.goto(address)
            page.evaluate(f"attacks.{attack}()")
        assert (tmp_path / "written").exists() is not guard


READING = {"image": (0, 7), "script": ("", MARKER), "read": ("refused", "refused"), "socket": ("refused", "refused")}
READING["events"] = ("refused", "refused")


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "bare"])
@pytest.mark.parametrize("attack", READING)
def test_a_page_of_another_port_cannot_read(tmp_path: Path, context: BrowserContext, attack: str, guard: bool) -> None:
    with pages(tmp_path, guard=guard) as bench:
        page = let_in(context, bench) if guard else context.new_page()
        with elsewhere(tmp_path, attacking(bench)) as (address, _):
            page.goto(address)
            assert page.evaluate(f"attacks.{attack}()") == READING[attack][0 if guard else 1]


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "bare"])
def test_a_page_of_another_port_cannot_frame_it_or_open_it(
    tmp_path: Path, context: BrowserContext, guard: bool
) -> None:
    with pages(tmp_path, guard=guard) as bench:
        page = let_in(context, bench) if guard else context.new_page()
        frame = (
            f'<!doctype html><iframe src="{bench.origin}/"></iframe><a id="a" target="w" href="{bench.origin}/">x</a>'
        )
        with elsewhere(tmp_path, frame) as (address, _):
            page.goto(address)
            page.wait_for_timeout(300)
            shown = "".join(one.content() for one in page.frames if one is not page.main_frame)
            assert (MARKER in shown) is not guard
            with context.expect_page() as opened:
                page.click("#a")
            opened.value.wait_for_load_state()
            assert (MARKER in opened.value.content()) is not guard


def test_the_browser_does_send_the_cookie_to_other_ports(tmp_path: Path, context: BrowserContext) -> None:
    """Why the cookie proves nothing about where a request comes from; should this change, the guard may be simpler."""
    with pages(tmp_path) as bench, pages(tmp_path, guard=False) as other:
        page = let_in(context, bench)
        page.goto(other.origin + "/seen")
        assert f"maillage_{bench.port}=" in page.inner_text("body")


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "bare"])
def test_a_foreign_name_that_leads_here_shows_nothing(
    tmp_path: Path, browser: Browser, program: str, guard: bool
) -> None:
    """DNS rebinding: to the browser, page and request are of one origin then."""
    rules = ["--no-sandbox", "--host-resolver-rules=MAP evil.test 127.0.0.1"]
    with pages(tmp_path, guard=guard) as bench:
        misled = browser.browser_type.launch(executable_path=program, args=rules)
        page = misled.new_page()
        page.goto(f"http://evil.test:{bench.port}/")
        assert (MARKER in page.content()) is not guard
        page.evaluate("fetch('/write', {method: 'POST', body: new URLSearchParams('a=1')})")
        assert (MARKER in page.evaluate("fetch('/').then((answer) => answer.text())")) is not guard
        assert (tmp_path / "written").exists() is not guard
        misled.close()


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "bare"])
def test_injected_code_does_not_run_nor_tell_anybody(tmp_path: Path, context: BrowserContext, guard: bool) -> None:
    with pages(tmp_path, guard=guard) as bench, elsewhere(tmp_path) as (address, heard):
        page = let_in(context, bench) if guard else context.new_page()
        page.goto(f"{bench.origin}/injected?to={address}")
        if guard:
            page.click("#link")
        page.wait_for_timeout(300)
        style = page.evaluate("[getComputedStyle(p).color === 'rgb(1, 2, 3)', getComputedStyle(p).opacity === '0.5']")
        assert style == [not guard, not guard]
        assert (page.title() == "quiet") is guard
        page.evaluate("document.getElementById('out').submit()")
        page.wait_for_timeout(300)
        assert bool(heard) is not guard


def test_htmx_works_under_the_policy_and_evaluates_nothing(tmp_path: Path, context: BrowserContext) -> None:
    with pages(tmp_path) as bench:
        page = let_in(context, bench)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(bench.origin + "/htmx")
        page.click("#good")
        page.get_by_text("kept").wait_for(timeout=5000)
        assert (tmp_path / "written").read_bytes() == b"a=1"
        assert complaints == []
        page.click("#bad")
        page.wait_for_timeout(200)
        assert page.title() == "quiet"


def test_going_back_asks_again(tmp_path: Path, context: BrowserContext) -> None:
    """Nothing is kept to be shown once the workbench has stopped."""
    with pages(tmp_path) as bench:
        page = let_in(context, bench)
        page.goto(bench.origin + "/seen")
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        page.go_back()
    page.wait_for_url("chrome-error://**")
    assert MARKER not in page.content()


NAMELESS = """
import fcntl, socket, struct, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from playwright.sync_api import sync_playwright
from opened import opened
with socket.socket() as any_socket:  # the loopback of a new network is down
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 1))
with opened(Path(sys.argv[2])) as bench, sync_playwright() as driver:
    page = driver.chromium.launch(executable_path=sys.argv[3], args=["--no-sandbox"]).new_page()
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda message: failed.append(message.text))
    page.goto(bench.link)
    page.wait_for_url(bench.origin + "/")
    here = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    for address in [*dict.fromkeys(here)][:8]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
    print(len(here), failed)
"""


def test_everything_works_without_a_network(tmp_path: Path, program: str) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode:
        pytest.skip("this machine gives no network of its own (unshare -rn)")
    study = shutil.copytree(STUDIES / "first-steps", tmp_path / "study")
    tests = str(Path(__file__).parent.parent)
    words = [unshare, "-rn", sys.executable, "-c", NAMELESS, tests, str(study), program]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    count, _, failed = done.stdout.partition(" ")
    assert (failed.strip(), done.returncode) == ("[]", 0), done.stderr
    assert int(count) > 3
