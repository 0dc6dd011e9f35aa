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

    def enter(self, word: str) -> str | None:
        """The session for the word of the link; None for a wrong word and at the second time."""
        if self._link is None or not hmac.compare_digest(word.encode(), self._link.encode()):
            return None
        self._link = None
        return self._session

    def knows(self, session: str) -> bool:
        """Whether this is the session that the link gave."""
        return self._link is None and hmac.compare_digest(session.encode(), self._session.encode())


def origin(port: int) -> str:
    """The one origin of the workbench, as browsers write it."""
    return f"http://{ADDRESS}:{port}"


def cookie(port: int) -> str:
    """The name of the cookie: browsers share cookies between all ports of an address, so the port is in the name."""
    return f"maillage_{port}"


def show(link: str) -> Path | None:
    """Open the link in the user's browser; returns the file to remove once it is used, None where no browser starts.

    Other users can read the words a browser is started with, so those name a file that only this user can read, and
    the file holds the link. On Linux it lies in the home folder: browsers in a sandbox see no hidden or shared folders.
    """
    home = Path.home() if sys.platform.startswith("linux") else Path(tempfile.gettempdir())
    folder = home if os.access(home, os.W_OK) else None
    handle, name = tempfile.mkstemp(prefix="maillage-open-", suffix=".html", dir=folder)
    file = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as page:
        page.write(PAGE.format(link=link))
    if webbrowser.open(file.as_uri()):
        return file
    forget(file)
    return None


def forget(file: Path | None) -> None:
    """Remove the file of `show`."""
    if file is not None:
        with contextlib.suppress(OSError):
            file.unlink()
