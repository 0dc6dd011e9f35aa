"""A whole session with a vault, watched: nothing in clear reaches the disk, and nothing personal a log or a screen."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_workbench import SELECT

from made_bench import laid_out
from maillage.study import age, holder, identity
from maillage.verbs import vault as verbs
from opened import PATIENCE, PROGRAM, first_words, start
from watching import Watch, forms, watching

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify"),
]
MARKERS = {
    "passphrase": "quatre mots sans aucun rapport",
    "transcript": "Zanzarelle takes five thousand",
    "name": "Zeynabou Marqueur",
    "contact": "zeynabou@marqueur.example",
    "phone": "76 12 34 56",
    "field note": "Quicksilver at the ford",
    "memo": "Tamarisk needs another look",
    "statement": "Wolfram pays no levy",
    "reason": "Obsidian was misheard",
}
TOLD = f"A. I am {MARKERS['name']}, {MARKERS['contact']}, {MARKERS['phone']}. {MARKERS['transcript']}, every week.\n"
HEARD = ("V1", "V2")
SHOWN = "A. I am V1, V1, [tel]. Zanzarelle takes five thousand, every week."
BROWSER = """#!{python} -S
import pathlib, sys, urllib.parse
page = pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(sys.argv[-1]).path))
pathlib.Path({told!r}).write_text(page.read_text())
"""


@dataclass
class Session:
    """A study, a workbench on it in a browser, and commands beside it; `spoken` is all that they printed."""

    root: Path
    inbox: Path
    seen: Watch
    spoken: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    @property
    def study(self) -> Path:
        return self.root / "bench"

    def environment(self) -> dict[str, str]:
        """Nothing outside `root` is written to."""
        home = self.root / "home"
        told = {"HOME": home, "MAILLAGE_CACHE": home / "cache", "TMPDIR": self.root / "tmp", "XDG_CACHE_HOME": home}
        browser = self.inbox / "browser"
        browser.write_text(BROWSER.format(python=sys.executable, told=str(self.inbox / "page")), "utf-8")
        browser.chmod(0o755)
        return {name: str(place) for name, place in told.items()} | {"BROWSER": f"{browser} %s"}

    def say(self, *words: object, code: int = 0) -> str:
        """A command beside the workbench."""
        line = [str(PROGRAM), *map(str, words), "--study", str(self.study)]
        env = os.environ | self.environment() | self.seen.environment()
        done = subprocess.run(line, capture_output=True, text=True, env=env, timeout=120, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        self.spoken += [done.stdout, done.stderr]
        return done.stdout

    def link(self) -> str:
        """What the browser was started with."""
        page, until = self.inbox / "page", time.monotonic() + PATIENCE
        while not page.is_file() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.1)
        link = page.read_text("utf-8").partition("url=")[2].partition('"')[0]
        self.secrets.append(link.rpartition("/")[2])
        return link


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Study, home, temporary files and profile of the browser in one folder; its name is short: sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="mb-"))
    for name in ("home", "tmp", "profile", "out"):
        (folder / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
    monkeypatch.setenv("MAILLAGE_CONFIG", str(folder / "home" / "config"))
    monkeypatch.delenv("MAILLAGE_PASSPHRASE", raising=False)
    study = laid_out(folder)
    verbs.key(lambda: MARKERS["passphrase"])
    paper = verbs.create(study, [f"bo={age.make()[1]}"], "ana").paper
    keys = {"paper": paper, "key": identity.unlock(MARKERS["passphrase"])}
    (tmp_path / "inbox").mkdir()
    yield Session(folder, tmp_path / "inbox", Watch(tmp_path / "report", MARKERS | keys))
    verbs.lock()
    shutil.rmtree(folder, ignore_errors=True)


def unlock(page: Page) -> None:
    """Open the vault in the workbench."""
    page.get_by_role("link", name="Open the vault").first.click()
    page.get_by_label("Passphrase").fill(MARKERS["passphrase"])
    page.locator("form button.main").click()
    expect(page.locator(".state")).to_contain_text("The vault is open", timeout=60_000)


def bring(one: Session) -> None:
    """Names and transcripts come in on the command line, by the key that the workbench holds."""
    sources = one.inbox / "sources.csv"
    sources.write_text(
        "id,kind,place,consent\n" + "".join(f"{name},interview,EX01,anonymous\n" for name in HEARD), "utf-8"
    )
    one.say("add", sources, "--as", "sources", "--coder", "ana")
    names = one.inbox / "names.csv"
    rows = [f"{MARKERS[kind]},V1" for kind in ("name", "contact")]
    names.write_text("\n".join(["name,source", *rows, "Boubou Marqueur,V2"]) + "\n", "utf-8")
    one.say("vault", "names", names, "--coder", "ana")
    for name in HEARD:
        file = one.inbox / f"{name}.txt"
        file.write_text(TOLD, "utf-8")
        one.say("add", file, "--as", "interview", "--coder", "ana")


def code(page: Page, origin: str) -> None:
    """Read, mark, state, write memos, take back, undo, write a field note."""
    page.goto(f"{origin}/source/V1")
    expect(page.locator("#text")).to_have_text(SHOWN)
    page.evaluate(SELECT, MARKERS["transcript"])
    page.locator("#find").fill("isolat")
    page.locator("#find").press("Enter")
    expect(page.locator("#said")).to_contain_text("log entry")
    page.goto(f"{origin}/source/V1", wait_until="networkidle")
    page.evaluate(SELECT, "every week")
    page.locator("#question").select_option("factor")
    page.locator("#f-answer").select_option("isolation")
    page.locator("#fields summary").click()
    page.locator("#f-note").fill(MARKERS["statement"])
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".codings")).to_contain_text(MARKERS["statement"])
    page.locator("#memo").fill(MARKERS["memo"])
    page.get_by_role("button", name="Keep the memo").last.click()
    expect(page.locator("#work")).to_contain_text(MARKERS["memo"])
    item = page.locator("#l1")
    item.get_by_text("Take back", exact=True).click()
    item.get_by_label("Why?").fill(MARKERS["reason"])
    item.get_by_role("button", name="Take back 1").click()
    expect(page.locator("#said")).to_contain_text("Taken back.")
    page.locator("#undo button").click()
    expect(page.locator("#said")).to_contain_text("Undone")
    page.goto(f"{origin}/note", wait_until="networkidle")
    page.get_by_label("Name of the note").fill("n1")
    page.get_by_label("Note", exact=True).fill(MARKERS["field note"])
    page.get_by_role("button", name="Close it").click()
    expect(page.locator("#said")).to_contain_text("Closed as field-")


def publish(one: Session) -> None:
    """Compute, release for everybody and for the team, export."""
    one.say("run")
    one.say("release", "--audience", "public", "--langs", "en,fr", "--out", one.root / "out" / "public")
    one.say("release", "--audience", "team", "--langs", "fr", "--out", one.root / "out" / "team")
    one.say("export", "csv", "--out", one.root / "out" / "csv")
    one.say("worklist", "--coder", "ana")
    one.say("check")


def fail(one: Session, page: Page, origin: str) -> None:
    """The program breaks down, in the workbench and on the command line, over something that quotes an informant."""
    one.seen.break_at("bench/study.yml", f"cannot read {TOLD} {MARKERS['passphrase']}")
    page.goto(f"{origin}/source/V1")
    expect(page.locator("body")).to_contain_text("Something went wrong inside maillage")
    one.say("check", "--lang", "fr", code=1)
    one.seen.mend()


def lock(page: Page, origin: str) -> None:
    """Lock, go back, open again, read again."""
    page.goto(f"{origin}/source/V1")
    expect(page.locator("#text")).to_contain_text(MARKERS["transcript"])
    page.get_by_role("button", name="Lock the vault now").click()
    expect(page.locator(".state")).to_contain_text("The vault is locked")
    page.go_back()
    expect(page.locator(".state")).to_contain_text("The vault is locked")
    assert MARKERS["transcript"] not in page.content()
    unlock(page)
    page.goto(f"{origin}/source/V1")
    expect(page.locator("#text")).to_contain_text(MARKERS["transcript"])


def sit(browser: Browser, program: str, one: Session) -> BrowserContext:
    """The user's browser, whose profile lies in the watched folder."""
    return browser.browser_type.launch_persistent_context(
        str(one.root / "profile"), executable_path=program, args=["--no-sandbox"],
        ignore_default_args=["--disable-dev-shm-usage"], env={**os.environ, **one.environment()},
    )  # fmt: skip


def holding(root: Path, texts: Sequence[str]) -> list[Path]:
    """Files with one of these texts."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(form in path.read_bytes() for text in texts for form in forms(text))]


@contextmanager
def running(one: Session) -> Iterator[subprocess.Popen[str]]:
    """The workbench, which starts the user's browser by itself."""
    process = start(one.study, "--coder", "ana", **one.environment(), **one.seen.environment())
    try:
        one.spoken += first_words(process, "Ctrl-C")
        yield process
    finally:
        process.kill()
        process.wait()


def worked(browser: Browser, program: str, one: Session) -> None:
    """The session, from the link to the closing of the browser."""
    link = one.link()
    origin = link.partition("/enter/")[0]
    context = sit(browser, program, one)
    try:
        page = context.pages[0]
        page.set_default_timeout(8000)
        page.goto(link)
        page.wait_for_url(f"{origin}/")
        one.secrets.append(context.cookies()[0]["value"])
        unlock(page)
        bring(one)
        code(page, origin)
        publish(one)
        fail(one, page, origin)
        lock(page, origin)
    finally:
        context.close()


def test_a_whole_session_leaves_nothing_in_clear(browser: Browser, program: str, one: Session) -> None:
    with watching(one.seen, [one.root]), running(one) as process:
        worked(browser, program, one)
        process.send_signal(signal.SIGINT)
        one.spoken += process.communicate(timeout=PATIENCE)
    assert holder.held() is None
    assert one.seen.leaks == set()
    # what the browser itself throws away at once: entries of its cache, journals of databases that are read, its own
    # temporary files; ours are all read
    doomed = re.compile(r"/Cache_Data/todelete_|/profile/.*-journal$|/tmp/\.org\.chromium\.")
    assert {name for name in one.seen.missed if not doomed.search(name)} == set()
    assert one.seen.nameless == set()
    told = {Path(name).relative_to(one.root).parts[0] for name in one.seen.read if name.startswith(str(one.root))}
    assert told == {"bench", "home", "out", "profile", "tmp"}, "the watch saw each of the folders"
    details = list((one.root / "tmp").glob("maillage-*.txt"))
    assert len(details) == 1
    assert {str(details[0]), str(one.root / "home" / "config" / "run" / "word")} <= one.seen.opened
    printed = "".join([*one.spoken, *(path.read_text("utf-8") for path in details)])
    assert "ValueError" in printed
    assert "sitecustomize; set" not in printed, "the hook was at work"
    for text in (*one.seen.markers.values(), *one.secrets):
        assert text not in printed
    link, session = one.secrets
    assert holding(one.root, [session]) == []
    known = {"profile"}  # the browser's history knows the link, which let one browser in once and is dead
    assert {path.relative_to(one.root).parts[0] for path in holding(one.root, [link])} <= known
