"""The vault in a real browser: opened, read, locked; afterwards nothing of it is on the screen or on the disk."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from made_bench import laid_out, to_enter
from maillage.app.workbench import presence, standing
from maillage.study import age, holder, identity, vault
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.keeping import keep
from maillage.verbs import vault as verbs
from maillage.verbs.transcripts import Hearing, add_transcript
from opened import Opened

pytestmark = pytest.mark.browser
PASSPHRASE = "quatre mots sans aucun rapport"
MARKER = "Zanzarelle"
SAID = f"A. {MARKER} takes five thousand at the ford, every week.\n"


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A person's configuration and secret key, made once: a passphrase takes seconds on purpose."""
    folder = tmp_path_factory.mktemp("person")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILLAGE_CONFIG", str(folder))
        identity.make(PASSPHRASE)
        return folder, identity.unlock(PASSPHRASE)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: tuple[Path, str]) -> Path:
    """A study with a vault of two, in which one informant's words lie."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(shutil.copytree(person[0], tmp_path / "config")))
    monkeypatch.delenv("MAILLAGE_PASSPHRASE", raising=False)
    folder = laid_out(tmp_path)
    verbs.create(folder, [f"bo={age.make()[1]}"], "ana")
    unlocked = vault.unlock(open_study(folder), person[1], coder="ana")
    source = Draft("assert", "source", {"id": "V1", "kind": "interview", "place": "EX01", "consent": "anonymous"})
    said = {"source": "V1", "kind": "link", "question": "link", "answer": "denied", "note": f"{MARKER} again"}
    keep(open_study(folder), "ana", [source, Draft("assert", "observation", said)], opened=unlocked)
    file = tmp_path / "V1.txt"
    file.write_text(SAID, "utf-8")
    assert not add_transcript(replace(open_study(folder), key=unlocked.key), file, "ana", Hearing()).refused
    file.unlink()
    return folder


def in_clear(*folders: Path) -> list[Path]:
    """Files that hold the marker, in any of the forms a browser writes text."""
    forms = [MARKER.encode(), MARKER.encode("utf-16-le")]
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path for path in files if any(form in path.read_bytes() for form in forms)]


def test_what_is_sealed_is_shown_only_while_the_vault_is_open(
    browser: Browser, program: str, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Path(tempfile.mkdtemp(prefix="mb-"))  # short: a browser keeps a socket in it
    monkeypatch.setattr(tempfile, "tempdir", str(away))
    monkeypatch.setenv("TMPDIR", str(away))
    profile = tmp_path / "profile"
    with to_enter(study) as one:
        context = browser.browser_type.launch_persistent_context(
            str(profile), executable_path=program, args=["--no-sandbox"]
        )
        page = context.pages[0]
        page.goto(one.link)
        page.wait_for_url(f"{one.origin}/")
        expect(page.locator(".state")).to_contain_text("The vault is locked")
        page.goto(f"{one.origin}/source/V1")
        assert MARKER not in page.content()
        page.get_by_role("link", name="Open the vault").first.click()
        page.get_by_label("Passphrase").fill("five words that are wrong")
        page.locator("form button.main").click()
        expect(page.locator("#said")).to_contain_text("does not open your key", timeout=60_000)
        page.get_by_label("Passphrase").fill(PASSPHRASE)
        page.locator("form button.main").click()
        expect(page.locator(".state")).to_contain_text("The vault is open", timeout=60_000)
        page.goto(f"{one.origin}/source/V1")
        expect(page.locator("#text")).to_contain_text(MARKER)
        page.get_by_role("button", name="Lock the vault now").click()
        expect(page.locator(".state")).to_contain_text("The vault is locked")
        page.go_back()
        expect(page.locator(".state")).to_contain_text("The vault is locked")
        assert MARKER not in page.content()
        assert holder.held() is None
        context.close()
    assert in_clear(study, away, profile, Path(os.environ["MAILLAGE_CONFIG"])) == []
    shutil.rmtree(away)


def test_a_field_note_is_closed_at_once(browser: Browser, study: Path) -> None:
    with to_enter(study) as one:
        page = browser.new_page()
        page.goto(one.link)
        page.wait_for_url(f"{one.origin}/")
        page.goto(f"{one.origin}/note")
        page.get_by_label("Name of the note").fill("n1")
        page.get_by_label("Note", exact=True).fill(f"{MARKER} at the ford")
        page.get_by_role("button", name="Close it").click()
        expect(page.locator("#said")).to_contain_text("Closed as field-")
        assert MARKER not in page.content()
        page.close()
    assert len(list((study / "vault").glob("field-*.age"))) == 1
    assert in_clear(study) == []


def test_forms_work_without_scripts(browser: Browser, study: Path) -> None:
    """As they do on a slow machine, where somebody is quicker than the scripts of a page."""
    with to_enter(study) as one:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(one.link)
        page.wait_for_url(f"{one.origin}/")
        page.goto(f"{one.origin}/note")
        page.get_by_label("Note", exact=True).fill(f"{MARKER} at the ford")
        page.get_by_role("button", name="Close it").click()
        expect(page.locator("#said")).to_contain_text("Closed as field-")
        context.close()
    assert in_clear(study) == []


@contextmanager
def unlocked(
    browser: Browser, study: Path, person: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[BrowserContext, Opened]]:
    """A browser in a workbench that opened the vault: as by its form, but for the seconds that a passphrase takes."""
    monkeypatch.setattr(presence, "GRACE", 1.0)
    with to_enter(study) as one:
        context = browser.new_context()
        page = context.new_page()
        page.goto(one.link)
        page.wait_for_url(f"{one.origin}/")
        holder.hold(person[1], 5)
        monkeypatch.setitem(standing.OPENED, study, 5)
        page.goto(f"{one.origin}/source/V1", wait_until="networkidle")
        expect(page.locator("#text")).to_contain_text(MARKER)
        yield context, one
        context.close()


def test_closing_the_last_page_locks_the_vault(
    browser: Browser, study: Path, person: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked(browser, study, person, monkeypatch) as (context, one):
        first, second = context.pages[0], context.new_page()
        second.goto(f"{one.origin}/vault", wait_until="networkidle")
        first.close(run_before_unload=True)
        second.wait_for_timeout(2000)
        assert holder.watched(), "a page is still there"
        second.close(run_before_unload=True)
        assert locked_within(10)
        again = context.new_page()
        again.goto(f"{one.origin}/source/V1")
        expect(again.locator(".state")).to_contain_text("The vault is locked")
        assert MARKER not in again.content()


def test_going_on_and_loading_anew_locks_nothing(
    browser: Browser, study: Path, person: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked(browser, study, person, monkeypatch) as (context, one):
        page = context.pages[0]
        for step in (page.reload, page.go_back, page.go_forward, lambda: page.goto(f"{one.origin}/codes")):
            step()
            page.wait_for_timeout(400)
        page.wait_for_timeout(2000)
        assert holder.watched()
        page.goto(f"{one.origin}/source/V1")
        expect(page.locator("#text")).to_contain_text(MARKER)


def test_a_page_shows_nothing_once_another_one_locked(
    browser: Browser, study: Path, person: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked(browser, study, person, monkeypatch) as (context, one):
        page, other = context.pages[0], context.new_page()
        other.goto(f"{one.origin}/vault", wait_until="networkidle")
        other.locator(".state button").click()
        expect(other.locator(".state")).to_contain_text("The vault is locked")
        page.evaluate("stay()")  # as each page does every half minute, and when it comes to the front
        expect(page.locator(".state")).to_contain_text("The vault is locked")
        assert MARKER not in page.content()


def test_a_browser_that_dies_locks_by_its_silence(
    browser: Browser, study: Path, person: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "SILENCE", 2.0)
    with unlocked(browser, study, person, monkeypatch) as (context, _):
        page = context.pages[0]
        page.route("**/present", lambda route: route.abort())
        assert locked_within(10)


def test_stopping_the_workbench_locks_what_it_opened_and_nothing_else(study: Path) -> None:
    for here in (True, False):
        with to_enter(study):
            holder.hold("a key", 5)
            if here:
                standing.OPENED[study] = 5
        assert holder.watched() is not here
    holder.release()


def locked_within(seconds: float) -> bool:
    """Whether the key is let go in time."""
    until = time.monotonic() + seconds
    while holder.watched() and time.monotonic() < until:
        time.sleep(0.1)
    return not holder.watched()
