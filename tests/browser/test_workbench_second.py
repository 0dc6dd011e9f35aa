"""A second workbench in a real browser: it reads, says who writes, and writes itself once the other has gone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from made_bench import laid_out, to_enter
from maillage.app.workbench.held import held

pytestmark = pytest.mark.browser
KEYS = ("ArrowRight", "w", "Enter", "q", "m", "u", "Control+z", "Escape")
FORMS = {
    "en": ("open in another workbench: ana, since", "has gone", "Write here", "Nothing can be written here now"),
    "fr": ("dans un autre atelier : ana, depuis", "est fermé", "Écrire ici", "Rien ne peut être écrit ici"),
}


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "fr"])
def test_the_second_reads_until_the_first_has_gone(browser: Browser, tmp_path: Path, lang: str) -> None:
    study = laid_out(tmp_path)
    taken, gone, button, nothing = FORMS[lang]
    with held(study, "ana") as first, held(study, "ana") as second, to_enter(study, "ana", lang, second) as one:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        broken: list[str] = []
        page.on("pageerror", lambda problem: broken.append(str(problem)))
        page.goto(one.link)
        page.wait_for_url(f"{one.origin}/")
        page.goto(f"{one.origin}/source/S2")
        expect(page.locator(".state")).to_contain_text(taken)
        expect(page.get_by_text(nothing)).to_be_visible()
        expect(page.locator("#keep, #undo, textarea, input:not([type=hidden])")).to_have_count(0)
        page.locator("#text").focus()
        for key in KEYS:  # of forms that are not there
            page.keyboard.press(key)
        page.get_by_role("button", name=button).click()
        expect(page.locator("#said")).to_contain_text(taken)
        first.leave()
        page.goto(f"{one.origin}/source/S2")
        expect(page.locator(".state")).to_contain_text(gone)
        page.get_by_role("button", name=button).click()
        page.wait_for_url(f"{one.origin}/source/S2")
        expect(page.locator("#keep")).to_be_visible()
        page.locator("#memo").fill("written by the second")
        page.locator("#memo").locator("xpath=ancestor::form").get_by_role("button").click()
        expect(page.locator(".memo", has_text="written by the second")).to_be_visible()
        assert broken == []
        page.context.close()
