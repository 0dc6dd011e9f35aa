"""Which pages are on a screen: when the last one is closed, the vault that was opened here locks itself.

Each page says that it is there and when it goes; going on to another page, or loading anew, is both within a moment.
A page without scripts says nothing, and one whose browser died says nothing any more: then silence counts.
"""

import threading
import time
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from maillage.app.workbench.standing import shut
from maillage.app.workbench.vaulting import leave
from maillage.app.workbench.visit import ALONE

GRACE, SILENCE = 10.0, 150.0  # seconds; browsers let a page in the background speak once a minute
MOST = 1000  # pages


class Presence:
    """The pages of one workbench that are on a screen."""

    def __init__(self, study: Path) -> None:
        self._study = study
        self._pages: dict[str, float] = {}  # a page -> when it last spoke
        self._timer: threading.Timer | None = None

    async def heard(self, request: Request) -> Response:
        """A page says that it is there or that it goes; it hears whether the vault is shut (205: show nothing more)."""
        said = await request.form()
        page, now = str(said.get("page", ""))[:64], time.monotonic()
        self._pages = {name: at for name, at in self._pages.items() if name != page and now - at < SILENCE}
        if said.get("here") and len(self._pages) < MOST:
            self._pages[page] = now
        self._wait(SILENCE if self._pages else GRACE)
        locked = await run_in_threadpool(shut, self._study)
        return Response(status_code=HTTPStatus.RESET_CONTENT if locked else HTTPStatus.NO_CONTENT)

    def _wait(self, seconds: float) -> None:
        """Leave after that time, unless somebody speaks before."""
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, self._leave)
        self._timer.daemon = True
        self._timer.start()

    def _leave(self) -> None:
        with ALONE:
            leave(self._study)
