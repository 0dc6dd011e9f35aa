"""How the workbench says no: a page with a plain sentence in the user's language, never a trace of the program."""

import html
import traceback
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import click
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from maillage.app.workbench.headers import HEADERS
from maillage.errors import MaillageError

PAGE = '<!doctype html>\n<html lang="{lang}"><meta charset="utf-8"><title>maillage</title><p>{sentence}</p></html>\n'
CLOSING = {"connection": "close"}
OF_STATUS = {404: "page_missing", 405: "method_refused"}
Handler = Callable[[Request, Exception], Awaitable[HTMLResponse]]


class RefusedError(MaillageError):
    """A request that the guard does not let through; `status` is the number of HTTP."""

    def __init__(self, status: HTTPStatus, code: str, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.status = status


def refusal(problem: MaillageError, lang: str, status: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """The page that says why, with the headers of every page."""
    page = PAGE.format(lang=lang, sentence=html.escape(problem.text(lang)))
    return HTMLResponse(page, status, headers={**(headers or {}), **HEADERS})


def handlers(lang: str) -> dict[Any, Handler]:
    """What Starlette does with a problem of a page: of ours, of HTTP, or one that nobody expected."""

    async def ours(request: Request, problem: Exception) -> HTMLResponse:
        assert isinstance(problem, MaillageError)
        if isinstance(problem, RefusedError):  # the rest of the request is not waited for
            return refusal(problem, lang, problem.status, CLOSING)
        return refusal(problem, lang, HTTPStatus.UNPROCESSABLE_ENTITY)

    async def of_http(request: Request, problem: Exception) -> HTMLResponse:
        assert isinstance(problem, HTTPException)
        known = MaillageError(OF_STATUS.get(problem.status_code, "request_refused"))
        return refusal(known, lang, problem.status_code, problem.headers)

    async def unexpected(request: Request, problem: Exception) -> HTMLResponse:
        click.echo(f"maillage open: {where(problem)}", err=True)
        return refusal(MaillageError("page_failed"), lang, HTTPStatus.INTERNAL_SERVER_ERROR)

    return {MaillageError: ours, HTTPException: of_http, Exception: unexpected}


def where(problem: Exception) -> str:
    """Kind and place of a problem for whoever mends it; its message may quote a person, so it is left out."""
    frames = traceback.extract_tb(problem.__traceback__)
    places = " < ".join(f"{frame.filename.rpartition('maillage')[2]}:{frame.lineno}" for frame in reversed(frames[-4:]))
    return f"{type(problem).__name__} {places}"
