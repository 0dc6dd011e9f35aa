"""How much a request may carry and how long it may take: counted while it streams, whatever it announced."""

import asyncio
import time
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from maillage.app.workbench.refusals import RefusedError

FORM_MOST = 2**20
FILE_MOST = 32 * 2**20
FIELDS_MOST = 1000
PAUSE_MOST = 4.0
WHOLE_MOST = 60.0


def limited(receive: Receive, headers: Headers) -> Receive:
    """`receive`, which raises RefusedError where the body is too large or too slow; bytes and seconds stand above."""
    parts = headers.get("content-type", "").lower().startswith("multipart/")
    most = FILE_MOST if parts else FORM_MOST
    end = time.monotonic() + WHOLE_MOST
    got, fields, whole = 0, 0, False

    async def receiving() -> Message:
        nonlocal got, fields, whole
        if whole:  # what comes now is the end of the connection, whenever that is
            return await receive()
        message = await _in_time(receive, end)
        whole = not message.get("more_body")
        got += len(message.get("body", b""))
        if got > most:
            await _drain(receive, message, end, 4 * most)
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_large", most=most // 2**20)
        fields += 0 if parts else message.get("body", b"").count(b"&")
        if fields > FIELDS_MOST:
            await _drain(receive, message, end, 4 * most)
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "fields_many", most=FIELDS_MOST)
        return message

    return receiving


async def _in_time(receive: Receive, end: float) -> Message:
    try:
        return await asyncio.wait_for(receive(), min(PAUSE_MOST, max(0.0, end - time.monotonic())))
    except TimeoutError as problem:
        raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, "body_slow") from problem


async def _drain(receive: Receive, message: Message, end: float, most: int) -> None:
    """Read on for a while and keep nothing: a browser shows an answer only when it could send all."""
    while message.get("more_body") and most > 0:
        message = await _in_time(receive, end)
        most -= len(message.get("body", b""))
