"""The report as readers meet it: in a browser, on a phone, by keyboard, without script, on paper, without a network."""

import csv
import gzip
import subprocess
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
LANGS = ("en", "fr")
WIDTHS = (1280, 390)


def address(release: Path, lang: str, name: str = "report") -> str:
    return (release / f"{name}.{lang}.html").as_uri()


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_one_file_small_and_silent(mali_release, watched, lang) -> None:
    page = watched.open(address(mali_release, lang))
    page.wait_for_load_state("networkidle")
    assert [url for url in watched.asked if not url.startswith("data:")] == [address(mali_release, lang)]
    assert watched.complaints == []
    assert len(gzip.compress((mali_release / f"report.{lang}.html").read_bytes())) <= 400_000


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGS)
def test_nothing_runs_out_of_the_page(mali_release, watched, lang, width) -> None:
    page = watched.open(address(mali_release, lang), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => {
          if (e.closest('.scroll, .chart, svg')) return false;
          const box = e.getBoundingClientRect(); return box.width && box.right > innerWidth + 1;
        }).map(e => e.tagName + '.' + e.className).slice(0, 5)"""
    )
    assert wide == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_is_an_estimate_and_opens_what_stands_behind_it(mali_release, watched, lang) -> None:
    with (mali_release / "data" / "estimates.csv").open(encoding="utf-8") as lines:
        known = {row["id"]: row for row in csv.DictReader(lines)}
    page = watched.open(address(mali_release, lang))
    printed = page.eval_on_selector_all("data.estimate", "all => all.map(e => [e.dataset.estimate, e.value])")
    assert len(printed) > 100
    assert {ident for ident, _ in printed} <= set(known)
    wrong = [
        (ident, value, known[ident]["value"])
        for ident, value in printed
        if value and abs(float(value) - float(known[ident]["value"])) > 1e-9 * max(1, abs(float(value)))
    ]
    assert wrong == []
    unexplained = page.eval_on_selector_all("data.estimate:not([data-note])", "all => all.map(e => e.dataset.estimate)")
    assert unexplained == []


@pytest.mark.parametrize("lang", LANGS)
def test_key_findings_come_first_each_with_number_confidence_and_why(mali_release, watched, lang) -> None:
    page = watched.open(address(mali_release, lang))
    first = page.locator("main > section").first
    assert first.get_attribute("id") == "key_findings"
    findings = first.locator(".finding")
    assert findings.count() == 5
    for order in range(5):
        assert findings.nth(order).locator("data.estimate").count() >= 1
        assert len(findings.nth(order).locator(".confidence").first.inner_text()) > 20


def test_a_click_opens_the_explanation_and_escape_gives_the_place_back(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "en"))
    number = page.locator('data.estimate[data-estimate="published/ML07/coopetition/unodc-unicri"]').first
    number.scroll_into_view_if_needed()
    before = number.bounding_box()
    number.click()
    panel = page.locator("#explanation")
    told = panel.inner_text()
    assert "3\u00a0of\u00a05" in told
    assert "document" in told
    assert "published/ML07/coopetition/unodc-unicri" in told
    assert "majority" not in page.inner_text("body").lower()
    assert abs(number.bounding_box()["y"] - before["y"]) < 2
    page.keyboard.press("Escape")
    assert panel.count() == 0
    assert page.evaluate("document.activeElement.dataset.estimate") == "published/ML07/coopetition/unodc-unicri"


def test_the_keyboard_reaches_and_opens_every_number(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "fr"))
    page.locator("data.estimate").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#explanation").count() == 1
    page.keyboard.press("Enter")
    assert page.locator("#explanation").count() == 0
    assert page.eval_on_selector_all("data.estimate[role=button]:not([tabindex='0'])", "all => all.length") == 0


def test_without_script_everything_is_there(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "fr"), script=False)
    link = page.locator("a.number").first
    target = link.get_attribute("href").removeprefix("#")
    assert page.locator(f"#{target}").is_visible()
    assert page.locator("main > section").count() >= 12


def test_from_one_language_to_the_other_and_back(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "fr"))
    assert page.locator("html").get_attribute("lang") == "fr"
    page.locator("a[hreflang=en]").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("a[hreflang=fr]").first.click()
    assert page.url == address(mali_release, "fr")


def test_lines_have_a_readable_measure(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "en"))
    letters = page.evaluate(
        """() => { const p = document.querySelector('p.prose');
        const c = document.createElement('canvas').getContext('2d');
        const style = getComputedStyle(p); c.font = style.fontSize + ' ' + style.fontFamily;
        const s = 'the quick brown fox jumps over a lazy dog and then it rests, ';
        return p.getBoundingClientRect().width / (c.measureText(s).width / s.length); }"""
    )
    assert 60 <= letters <= 78


THINNED = """() => {
  for (const body of document.querySelectorAll('tbody')) [...body.rows].slice(3).forEach(row => row.remove());
  for (const list of document.querySelectorAll('main ul, main ol'))
    [...list.children].slice(3).forEach(item => item.remove());
  [...document.querySelectorAll('#notes-list > div > *')].slice(12).forEach(note => note.remove());
}"""


def broken(page, *colours: bool, thinned: bool = False) -> list[tuple[str, str]]:
    """What axe finds wrong: rule and the beginning of the first place. colours: with those, without, or they alone;
    thinned: of long tables, lists and notes the first only."""
    page.locator("data.estimate").first.click()
    if thinned:
        page.evaluate(THINNED)
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    if colours == (True,):
        options["runOnly"] = {"type": "rule", "values": ["color-contrast"]}
    if colours == (False,):
        options["rules"] = {"color-contrast": {"enabled": 0}}  # written into JavaScript as Python writes it
    found = Axe().run(page, options=options)
    assert len(found["passes"]) >= (1 if colours == (True,) else 15), "the rules must have run"
    return [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in found["violations"]]


@pytest.mark.parametrize("name", ["report", "brief"])
@pytest.mark.parametrize(
    ("lang", "dark", "colours"),
    [("en", False, (True, False)), ("en", True, (True,)), ("fr", False, (False,))],
    ids=["en-light", "en-dark-colours", "fr-structure"],
)
def test_it_is_accessible(mali_release, watched, name, lang, dark, colours) -> None:
    """Of long tables, lists and notes the first, as the others are made alike, and each colour once, as languages share
    them; all of it is a slow test."""
    page = watched.open(address(mali_release, lang, name), dark=dark)
    assert broken(page, *colours, thinned=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["report", "brief"])
@pytest.mark.parametrize("lang", LANGS)
def test_every_row_is_accessible(mali_release, watched, name, lang, dark) -> None:
    assert broken(watched.open(address(mali_release, lang, name), dark=dark), True, False) == []


def test_charts_have_title_alternative_table_and_source(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "en"))
    figures = page.locator("figure")
    assert figures.count() >= 10
    for order in range(figures.count()):
        figure = figures.nth(order)
        assert len(figure.locator(".title").inner_text()) > 10
        assert len(figure.locator(".chart").get_attribute("aria-label")) > 20
        assert figure.locator("details table tbody tr").count() >= 1
        assert figure.locator(".source").count() >= 1
        assert figure.locator("a[download]").count() == 1


def test_on_paper_all_notes_are_printed_and_the_page_is_light(mali_release, watched) -> None:
    page = watched.open(address(mali_release, "en"), dark=True)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".notes-list .note").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") in ("rgb(27, 27, 27)", "rgb(0, 0, 0)")


def test_the_synthetic_study_says_so_on_the_page(first_steps_release, watched) -> None:
    page = watched.open(address(first_steps_release, "fr"))
    assert "fictives" in page.locator(".bar-top").inner_text()
    assert "fictives" in page.locator("footer").inner_text()


@pytest.mark.parametrize(("lang", "status", "synthetic"), [
    pytest.param("en", "Status: draft", "Synthetic data", marks=pytest.mark.slow),
    ("fr", "Version provisoire", "Données fictives"),
])  # fmt: skip
def test_every_printed_page_says_how_far_it_has_come(first_steps_release, watched, tmp_path, lang, status, synthetic):
    page = watched.open(address(first_steps_release, lang))
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    done = subprocess.run(["pdftotext", tmp_path / "printed.pdf", "-"], capture_output=True, check=True, text=True)
    pages = done.stdout.replace("\u00a0", " ").split("\f")[:-1]
    assert len(pages) > 3
    assert [number for number, text in enumerate(pages, 1) if status not in text or synthetic not in text] == []
