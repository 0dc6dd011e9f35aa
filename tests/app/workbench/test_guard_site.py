"""All pages behind the guard: none without the session, none that writes by being looked at, none led astray."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from itertools import product
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from starlette.routing import BaseRoute, Mount, Route

from folders import STUDIES, folder_hash
from maillage.app.workbench import site
from maillage.app.workbench.launch import Secret
from maillage.app.workbench.serve import application
from opened import Opened, opened

OUTSIDE = "kept-outside-of-the-study"
ADDRESS = re.compile(r'(?:href|src|hx-get|hx-delete|action|formaction)="([^"]*)"')
PARAMETER = re.compile(r"\{[^}]*\}")
ASTRAY = [
    "../../outside.txt",
    "..%2f..%2foutside.txt",
    "..\\..\\outside.txt",
    "/etc/passwd",
    "outside-link",
    "../study.yml",
    "CON",
    "a:b",
    "'; --",
    "{{7*7}}",
    "x\x00y",
    "a" * 5000,
    "\N{RIGHT-TO-LEFT OVERRIDE}x",
]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic study, with links in it that lead out."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "outside.txt").write_text(OUTSIDE)
    place = shutil.copytree(STUDIES / "first-steps", folder / "study")
    for name in ("outside-link", "raw/outside-link.txt", "coding/outside-link.csv", "narrative/outside-link.md"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).symlink_to(folder / "outside.txt")
    return place


@pytest.fixture(scope="module")
def bench(study: Path) -> Iterator[Opened]:
    with opened(study, "--lang", "en") as one:
        one.enter()
        yield one


def kept(study: Path) -> str:
    """One hash over everything that a study is; what is computed from it anew may come and go."""
    copy = shutil.copytree(
        study, study.with_name("copy"), symlinks=True, ignore=shutil.ignore_patterns(".cache", "out")
    )
    try:
        return folder_hash(copy)
    finally:
        shutil.rmtree(copy)


def every_route(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Path and methods of each route, those of mounted folders too."""
    for route in routes:
        if isinstance(route, Mount):
            yield f"{before}{route.path}/x", {"GET"}
            yield from every_route(list(route.routes), before + route.path)
        elif isinstance(route, Route):
            yield before + route.path, route.methods or {"GET"}


def kind_of(path: str) -> str:
    """An address without what differs between pages of a kind."""
    return re.sub(r"^(/[^/?]+/)[^/?]+|(?<==)[^&]*", r"\1#", path)


@pytest.fixture(scope="module")
def pages(bench: Opened, study: Path) -> dict[str, str]:
    """Every page that links lead to, with its text; not more than five of a kind. Looking at them changed nothing."""
    before = kept(study)
    found = crawled(bench)
    assert "/" in found
    assert kept(study) == before
    return found


def crawled(bench: Opened) -> dict[str, str]:
    """As `pages`."""
    seen: dict[str, str] = {}
    kinds: dict[str, int] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in seen or kinds.get(kind, 0) >= 5:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = bench.ask("GET", path)
        assert answer.status < 500, path
        seen[path] = answer.body
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += [found for found in map(unescape, ADDRESS.findall(answer.body)) if found.startswith("/")]
        waiting += [answer.headers["location"]] if "location" in answer.headers else []
    return seen


def test_no_route_answers_a_stranger(study: Path, bench: Opened) -> None:
    routes = list(every_route(list(application(study, coder=None, lang="en", port=1, secret=Secret()).routes)))
    assert ("/", True) in [(path, "GET" in methods) for path, methods in routes]
    for path, methods in routes:
        for method in methods - {"HEAD"}:
            answer = bench.ask(method, PARAMETER.sub("x", path), b"a=1" if method == "POST" else b"", cookie="")
            assert answer.status == 401, (method, path)
            assert "Set-Cookie" not in answer.headers


def test_only_posting_writes(study: Path) -> None:
    for path, methods in every_route(list(site.routes(study, coder=None, lang="en"))):
        assert methods in ({"GET", "HEAD"}, {"POST"}, {"GET"}), path


def test_no_page_shows_what_lies_outside(pages: dict[str, str]) -> None:
    assert not [path for path, text in pages.items() if OUTSIDE in text or "root:x:" in text]


def test_pages_load_nothing_from_elsewhere_and_hold_no_code(pages: dict[str, str], bench: Opened) -> None:
    for path, text in pages.items():
        if "<html" not in text:
            continue
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!127\.0\.0\.1)', re.sub(r"<a [^>]*>", "", text)), (
            path
        )
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\son[a-z]+=|\sstyle=|javascript:|<style", text), path
        assert bench.session.partition("=")[2] not in text, path


def test_no_path_of_a_page_leads_astray(study: Path, bench: Opened) -> None:
    before = kept(study)
    routes = [
        path for path, methods in every_route(list(site.routes(study, coder=None, lang="en"))) if "GET" in methods
    ]
    for path in routes:
        for word in ASTRAY if PARAMETER.search(path) else []:
            for form in (word, quote(word, safe=""), quote(quote(word, safe=""), safe="")):
                address = PARAMETER.sub(lambda _, form=form: form, path)
                answer = bench.ask("GET", re.sub(r"[^\x21-\x7e]", lambda c: quote(c[0]), address))
                assert answer.status < 500, address
                assert OUTSIDE not in answer.body, address
                assert "root:x:" not in answer.body, address
    assert kept(study) == before


def test_no_field_of_a_page_leads_astray(study: Path, bench: Opened, pages: dict[str, str]) -> None:
    before = kept(study)
    for path in {kind_of(path): path for path in pages if "?" in path}.values():
        fields = parse_qsl(urlsplit(path).query, keep_blank_values=True)
        for name, word in product([name for name, _ in fields], ASTRAY):
            wrong = urlencode([(key, word if key == name else value) for key, value in fields])
            answer = bench.ask("GET", f"{urlsplit(path).path}?{wrong}")
            assert answer.status < 500, (path, name, word)
            assert OUTSIDE not in answer.body
    assert kept(study) == before


def test_no_form_falls_over_what_it_is_sent(bench: Opened, pages: dict[str, str]) -> None:
    """Whatever its fields hold, the answer is a page or a sentence, and nothing of the disk comes back."""
    forms: dict[str, tuple[str, set[str]]] = {}
    for text in pages.values():
        for inside in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
            for action in map(unescape, re.findall(r'(?:hx-post|action)="(/[^"]*)"', inside)[:1]):
                forms.setdefault(kind_of(action), (action, set()))[1].update(re.findall(r'\bname="([^"]*)"', inside))
    for (action, names), word in product(forms.values(), ASTRAY):
        answer = bench.ask("POST", action, urlencode(dict.fromkeys(sorted(names), word)).encode())
        assert answer.status < 500, (action, word)
        assert OUTSIDE not in answer.body
        assert "Traceback" not in answer.body
