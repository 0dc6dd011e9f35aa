"""What opens the workbench once: a secret of this launch, and how the browser gets it without anybody reading along."""

import contextlib
import hmac
import os
import secrets
import sys
import tempfile
import webbrowser
from pathlib import Path

ADDRESS = "127.0.0.1"
ENTRY = "/enter/"
PAGE = (
    '<!doctype html><meta charset="utf-8"><title>maillage</title><meta http-equiv="refresh" content="0;url={link}">\n'
)


class Secret:
    """The secret of one launch: a link that works once, and the session that it gives. Both live in memory only."""

    def __init__(self) -> None:
        self._link: str | None = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)

    def link(self, port: int) -> str:
        """The address that opens the workbench, once. Raises RuntimeError where it was used already."""
        if self._link is None:
            raise RuntimeError("the link was used")
        return f"{origin(port)}{ENTRY}{self._link}"

    @property
    def used(self) -> bool:
        """Whether a browser came in."""
        return self._link is None

    def enter(self, word: str) -> str | None:
        """The session for the word of the link; None for a wrong word and at the second time."""
        if self._link is None or not hmac.compare_digest(word.encode(), self._link.encode()):
            return None
        self._link = None
        return self._session

    def knows(self, session: str) -> bool:
        """Whether this is the session that the link gave."""
        return self.used and hmac.compare_digest(session.encode(), self._session.encode())


def origin(port: int) -> str:
    """The one origin of the workbench, as browsers write it."""
    return f"http://{ADDRESS}:{port}"


def cookie(port: int) -> str:
    """The name of the cookie: browsers share cookies between all ports of an address, so the port is in the name."""
    return f"maillage_{port}"


class Invitation:
    """Brings the link to the user's browser.

    Other users can read the words that a browser is started with, so those name a file that only this user can read,
    and the file holds the link. On Linux it lies in the home folder: browsers in a sandbox see no hidden or shared
    folders.
    """

    def __init__(self, link: str) -> None:
        self._link = link
        self._file: Path | None = None

    def send(self) -> bool:
        """Start the browser; False where there is none."""
        home = Path.home() if sys.platform.startswith("linux") else None
        folder = home if home and os.access(home, os.W_OK) else None
        handle, name = tempfile.mkstemp(prefix="maillage-open-", suffix=".html", dir=folder)
        self._file = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as page:
            page.write(PAGE.format(link=self._link))
        return webbrowser.open(self._file.as_uri())

    def withdraw(self) -> None:
        """Remove the file: the link was used, or will not be."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink()
            self._file = None
