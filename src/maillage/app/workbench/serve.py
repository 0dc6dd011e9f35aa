"""The server of the workbench: this machine only, one study, until Ctrl-C or until the study's folder goes away."""

import getpass
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from starlette.applications import Starlette
from uvicorn import Config, Server

from maillage.app.workbench import assets, site
from maillage.app.workbench.guard import HEAD_MOST, guarded
from maillage.app.workbench.held import Hold, held
from maillage.app.workbench.launch import ADDRESS, Invitation, Secret, origin
from maillage.app.workbench.vaulting import leave
from maillage.app.workbench.wire import speaking
from maillage.errors import MaillageError
from maillage.study.folder import SETTINGS, open_study
from maillage.study.holder import no_core

Say = Callable[[str, str], None]


def serve(place: Path, *, coder: str | None, lang: str, port: int, browser: bool, say: Say) -> None:
    """Serve the study in a folder until told to stop.

    Where another workbench has the study, or its folder cannot be written, this one only reads.
    port: 0 for any free one. say(what, address): called with "open" or "link" once the server answers; "link" hands
    over the one-time link, because no browser was wanted or none was found; "reads" before that with the reason.
    Raises MaillageError: those of opening a study, `port_taken`, `study_gone`.
    """
    no_core()
    if not os.environ.get("MAILLAGE_DEBUG"):
        logging.disable(logging.CRITICAL)  # what libraries log quotes requests, and those hold what people said
    secret = Secret()
    open_study(place)
    with held(place, coder or getpass.getuser()) as hold, listener(port) as door:
        number = int(door.getsockname()[1])
        app = application(place, coder=coder, lang=lang, port=number, secret=secret, hold=hold)
        if problem := hold.refused():
            say("reads", problem.text(lang))
        server = Workbench(app, place, lang=lang)
        server.welcome(secret, number, browser=browser, say=say)
        server.run([door])
    if server.gone:
        raise MaillageError("study_gone", folder=place)


def application(
    place: Path, *, coder: str | None, lang: str, port: int, secret: Secret, hold: Hold | None = None
) -> Starlette:
    """All pages of a study with what they load, behind the guard; `hold` says who writes."""
    routes = [*site.routes(place, coder=coder, lang=lang, hold=hold), assets.icon(), assets.mount()]
    return guarded(routes, port=port, secret=secret, lang=lang)


def listener(port: int) -> socket.socket:
    """A socket of this machine alone. Raises MaillageError `port_taken`."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":  # elsewhere two programs cannot share a port; there they can, unless told not to
        door.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((ADDRESS, port))
        door.listen()
    except OSError as problem:
        door.close()
        raise MaillageError("port_taken", port=port) from problem
    return door


class Workbench(Server):
    """The server, which lets a browser in once and watches that its study is still there."""

    def __init__(self, app: Starlette, study: Path, *, lang: str) -> None:
        config = Config(
            app, http=speaking(lang), ws="none", loop="asyncio", lifespan="off", log_config=None, access_log=False,
            server_header=False, proxy_headers=False, timeout_keep_alive=30, timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=HEAD_MOST,
        )  # fmt: skip
        super().__init__(config)
        self.gone = False
        self._study = study
        self._secret: Secret | None = None
        self._invitation: Invitation | None = None

    def welcome(self, secret: Secret, port: int, *, browser: bool, say: Say) -> None:
        """Bring the link to the browser, in a thread: some browsers return only when they are closed."""
        link = secret.link(port)
        self._secret = secret
        say("open", origin(port))
        if not browser:
            say("link", link)
            return
        self._invitation = invitation = Invitation(link)

        def invite() -> None:
            if not invitation.send() and not secret.used:
                say("link", link)

        threading.Thread(target=invite, daemon=True).start()

    async def on_tick(self, counter: int) -> bool:
        """Once a second: is the study there, and was the link used?"""
        if counter % 10 == 0:
            self.gone = not (self._study / SETTINGS).is_file()
            self.should_exit = self.should_exit or self.gone
            if self._invitation and self._secret and self._secret.used:
                self._invitation.withdraw()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Being told to stop is a good end: the signal is not raised again."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve; whatever ends it, the file with the link goes, and the key of a vault that was opened here."""
        try:
            super().run(sockets)
        finally:
            leave(self._study)
            if self._invitation:
                self._invitation.withdraw()
