"""HTTP on the wire: requests that never end are ended, and those that nobody can read get a plain sentence."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from maillage.app.workbench.refusals import CLOSING, refusal
from maillage.errors import MaillageError

HEAD_PAUSE = 4.0


class Wire(H11Protocol):
    """One connection: its next request must be read within HEAD_PAUSE seconds of its first byte."""

    lang = "en"
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; what comes while no page is at work is the head of a request, or a body that nobody asked for."""
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # it cannot be answered: an answer is under way
            self.transport.close()
        if getattr(self.cycle, "response_complete", True) is False:  # None before the first request
            self._stop_waiting()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """In place of the server's English words, which nothing guards."""
        self._answer(400, "request_refused")

    def _wait(self) -> None:
        self._patience = self.loop.call_later(HEAD_PAUSE, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if self.conn.our_state is h11.IDLE and self.conn.trailing_data[0]:
            self._answer(408, "body_slow")
        else:
            self.transport.close()

    def _answer(self, status: int, code: str) -> None:
        page = refusal(MaillageError(code), self.lang, status, CLOSING)
        for event in (
            h11.Response(status_code=status, headers=page.raw_headers),
            h11.Data(data=bytes(page.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def speaking(lang: str) -> type[Wire]:
    """`Wire` with its sentences in a language."""
    return type("Wire", (Wire,), {"lang": lang})
