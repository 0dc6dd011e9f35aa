"""A real Chromium. Without one these tests fail and say how to get it; they are never skipped."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    """The browser to drive: MAILLAGE_CHROMIUM, else that of the system."""
    found = next(
        (path for name in (os.environ.get("MAILLAGE_CHROMIUM", ""), *NAMES) if (path := shutil.which(name))), ""
    )
    assert found, "no Chromium: apt-get install chromium, or MAILLAGE_CHROMIUM=/path/to/chrome make test"
    return found


@pytest.fixture(scope="session")
def program() -> str:
    """Where the browser is, for tests that start one of their own."""
    return chromium()


@pytest.fixture(scope="session")
def browser(program: str) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


class Watched:
    """Opens pages and keeps what they ask the network for and what they complain about."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.asked, self.complaints = browser, [], []  # type: ignore[var-annotated]

    def open(self, address: str, *, width: int = 1280, dark: bool = False, script: bool = True) -> Page:
        """A page at an address."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)
        return page


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A watched browser; whatever a test opened is closed."""
    one = Watched(browser)
    yield one
    for context in browser.contexts:
        context.close()
