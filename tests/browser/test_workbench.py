"""Coding in a real browser: by mouse and by keyboard, blind and together, with undo, reasons and memos."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from made_bench import COMBINED, SECRET_OF_ANA, TEXT, laid_out, to_enter
from maillage.study import log
from maillage.study.folder import open_study
from maillage.study.observations import replay

pytestmark = pytest.mark.browser
ADDRESSES = ("/", "/source/S2", "/source/S3", "/work?decided=yes", "/codes", "/code/isolation", "/vault", "/note")
SIZES = ((1280, 800), (1024, 600), (390, 800))
SELECT = """words => {
  const text = document.querySelector('#text'), all = text.textContent, start = all.indexOf(words);
  const at = offset => {
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      if (offset <= node.length) return [node, offset];
      offset -= node.length;
    }
  };
  getSelection().setBaseAndExtent(...at(start), ...at(start + words.length));
  text.dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
}"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


@contextmanager
def sat(browser: Browser, study: Path, coder: str = "ana", lang: str = "en", **size: int) -> Iterator[Page]:
    """A coder in front of the first page; at the end nothing was complained of."""
    viewport = {"width": size.get("width", 1280), "height": size.get("height", 800)}
    with to_enter(study, coder, lang) as one:
        context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
        page = context.new_page()
        complaints: list[str] = []
        page.goto(one.link)
        page.wait_for_url(f"{one.origin}/")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        yield page
        context.close()
    refusals = [text for text in complaints if "409" in text or "422" in text]
    assert complaints == refusals


def opened(page: Page, address: str) -> None:
    """Another page of the same workbench."""
    page.goto("/".join(page.url.split("/")[:3]) + address)


def passages(study: Path, source: str) -> list[tuple[str, str, str]]:
    """Coder, code and words of every passage of a source, as the log holds it."""
    known = replay(open_study(study)).coded.passages
    rows = known.filter(known["source"] == source).to_dicts()
    return [(row["coder"], row["code"], TEXT[row["start"] : row["end"]]) for row in rows]


def whole(study: Path) -> bool:
    """Whether every log verifies."""
    return all(log.verify(path, "bench") == [] for path in log.files(study))


def test_words_chosen_by_mouse_are_kept_in_code_points(browser: Browser, study: Path) -> None:
    words = f"e\u0331 {COMBINED} 👩‍🌾 sells"
    with sat(browser, study) as page:
        opened(page, "/source/S1")
        page.evaluate(SELECT, words)
        expect(page.locator("#chosen")).to_contain_text("sells")
        page.locator("#find").fill("isolat")
        page.locator("#find").press("Enter")
        expect(page.locator("#said")).to_contain_text("log entry")
        expect(page.locator("mark.own")).to_have_text(words)
    assert passages(study, "S1") == [("ana", "isolation", words)]
    assert whole(study)


def test_a_drag_over_an_earlier_passage_counts_right(browser: Browser, study: Path) -> None:
    """Marks cut the text in pieces and put words before them; neither may shift a passage."""
    with sat(browser, study) as page:
        opened(page, "/source/S2")
        expect(page.locator("mark[data-label]")).not_to_have_count(0)
        page.evaluate(SELECT, "at the bridge every week")
        page.locator("#codes").select_option("isolation")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator("#said")).to_contain_text("log entry")
    assert ("ana", "isolation", "at the bridge every week") in passages(study, "S2")


def test_coding_by_keyboard_alone(browser: Browser, study: Path) -> None:
    with sat(browser, study) as page:
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.textContent.trim()") != "Go on with S1":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/source/S1")
        while page.evaluate("document.activeElement.id") != "text":
            page.keyboard.press("Tab")
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "s", "w", "w"):
            page.keyboard.press(key)
        chosen = page.locator("#chosen").inner_text()
        page.keyboard.press("Enter")
        page.keyboard.type("corrup")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_contain_text("log entry")
        assert page.evaluate("document.activeElement.id") == "text"
        ((_, code, words),) = passages(study, "S1")
        assert (code, words) == ("corruption", chosen)
        assert len(words.split()) == 3
        page.keyboard.press("u")
        expect(page.locator("#said")).to_contain_text("Undone: passage.")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).not_to_be_visible()
    assert passages(study, "S1") == []
    assert whole(study)


def test_a_statement_with_the_fields_of_its_kind(browser: Browser, study: Path) -> None:
    with sat(browser, study) as page:
        opened(page, "/source/S1")
        page.evaluate(SELECT, "at the bridge every week")
        page.locator("#question").select_option("levy")
        page.locator("#f-answer").select_option("right_of_passage")
        page.locator("#f-low").fill("5 000")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator("#said[role=alert]")).to_contain_text("nothing was written")
        page.locator("#f-currency").select_option("XOF")
        page.locator("#f-per").select_option("week")
        page.locator("#f-place").fill("Upstream")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator("#said[role=status]")).to_contain_text("log entry")
    known = replay(open_study(study)).codings
    (row,) = known.filter((known["source"] == "S1") & (known["coder"] == "ana")).to_dicts()
    assert (row["kind"], row["low"], row["currency"], row["place"]) == ("levy", 5000.0, "XOF", "EX01")
    assert TEXT[row["start"] : row["end"]] == "at the bridge every week"


def test_taking_back_with_a_reason_and_a_memo(browser: Browser, study: Path) -> None:
    with sat(browser, study) as page:
        opened(page, "/source/S2")
        item = page.locator("#l1")
        item.get_by_text("Memo", exact=True).click()
        item.get_by_label("Memo on 1").fill("à revoir")
        item.get_by_role("button", name="Keep the memo").click()
        expect(page.locator("#l1 .memo")).to_contain_text("à revoir")
        page.locator("#l1").get_by_text("Take back", exact=True).click()
        page.locator("#l1").get_by_label("Why?").fill("said by somebody else")
        page.locator("#l1").get_by_role("button", name="Take back 1").click()
        expect(page.locator("#said")).to_contain_text("Taken back.")
    entries = replay(open_study(study)).entries
    assert [entry.why for entry in entries if entry.op == "retract"] == ["said by somebody else"]
    assert whole(study)


def test_two_coders_one_blind_then_a_decision(browser: Browser, study: Path) -> None:
    with sat(browser, study, "bo") as page:
        opened(page, "/source/S2")
        assert SECRET_OF_ANA not in page.content()
        expect(page.locator("mark")).to_have_count(0)
        page.evaluate(SELECT, "sells gold to the group")
        page.locator("#question").select_option("link")
        page.locator("#f-answer").select_option("confrontation")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator("#said")).to_contain_text("log entry")
        page.get_by_role("button", name="I am done with this source").click()
        expect(page.locator(".by").first).to_have_text("ana")
    with sat(browser, study, "ana") as page:
        opened(page, "/work")
        unit = page.locator("form.unit")
        expect(unit).to_have_count(1)
        expect(unit.locator("blockquote")).to_have_count(2)
        unit.get_by_label("confrontation").check()
        unit.get_by_label("Reason").fill("heard again together")
        unit.get_by_role("button", name="Decide").click()
        expect(page.locator("#said")).to_contain_text("Decided.")
        expect(page.locator("form.unit")).to_have_count(0)
    counted = replay(open_study(study)).observations
    assert counted.filter(counted["source"] == "S2")["answer"].to_list() == ["confrontation"]
    assert whole(study)


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "fr"])
def test_nothing_runs_out_of_a_page(browser: Browser, study: Path, lang: str) -> None:
    with sat(browser, study, lang=lang) as page:
        for address in ADDRESSES:
            opened(page, address)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


@pytest.mark.parametrize(
    ("lang", "width", "dark"), [pytest.param("en", 1280, False, marks=pytest.mark.slow), ("fr", 390, True)]
)
def test_no_page_is_hard_to_use(browser: Browser, study: Path, width: int, lang: str, dark: bool) -> None:
    with sat(browser, study, lang=lang, width=width) as page:
        page.emulate_media(color_scheme="dark" if dark else "light")
        for address in ADDRESSES:
            opened(page, address)
            assert [one["id"] for one in Axe().run(page)["violations"]] == [], address
        opened(page, "/source/S1")
        for question in ("levy", "flow"):
            page.locator("#question").select_option(question)
            expect(page.locator("#f-place")).to_be_visible()
            assert [one["id"] for one in Axe().run(page)["violations"]] == [], question
