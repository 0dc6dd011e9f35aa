"""The vault in a real browser: opened, read, locked; afterwards nothing of it is on the screen or on the disk."""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from made_bench import laid_out, to_enter
from maillage.study import age, holder
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.keeping import keep
from maillage.verbs import vault as verbs
from maillage.verbs.transcripts import Hearing, add_transcript

pytestmark = pytest.mark.browser
PASSPHRASE = "quatre mots sans aucun rapport"
MARKER = "Zanzarelle"
SAID = f"A. {MARKER} takes five thousand at the ford, every week.\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study with a vault of two, in which one informant's words lie."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("MAILLAGE_PASSPHRASE", raising=False)
    folder = laid_out(tmp_path)
    verbs.key(lambda: PASSPHRASE)
    verbs.create(folder, [f"bo={age.make()[1]}"], "ana")
    unlocked = verbs.unlock(folder, lambda: PASSPHRASE, minutes=15, coder="ana")
    source = Draft("assert", "source", {"id": "V1", "kind": "interview", "place": "EX01", "consent": "anonymous"})
    said = {"source": "V1", "kind": "link", "question": "link", "answer": "denied", "note": f"{MARKER} again"}
    keep(open_study(folder), "ana", [source, Draft("assert", "observation", said)], opened=unlocked)
    file = tmp_path / "V1.txt"
    file.write_text(SAID, "utf-8")
    assert not add_transcript(replace(open_study(folder), key=unlocked.key), file, "ana", Hearing()).refused
    file.unlink()
    verbs.lock()
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
