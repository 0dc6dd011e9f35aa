"""The guard around the pages: who may ask, from where, what and how much. Every request passes here first.

A browser sends cookies to every page of this address whatever its port, and pages of other programs may stand there.
So the cookie proves that the browser is the right one, `Sec-Fetch-Site` that the request comes from a page of ours,
and `Host` that no foreign name leads here.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from maillage.app.workbench.bodies import limited
from maillage.app.workbench.headers import with_headers
from maillage.app.workbench.launch import ADDRESS, ENTRY, Secret, cookie, origin
from maillage.app.workbench.refusals import CLOSING, RefusedError, handlers, refusal
from maillage.study.filenames import DEVICE

HEAD_MOST = 16 * 1024
SEGMENT_MOST = 255
TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
UNPRINTED = re.compile(r"[\x00-\x1f\x7f\\]")
GO_ON = '<!doctype html>\n<meta charset="utf-8"><title>maillage</title><meta http-equiv="refresh" content="0;url=/">\n'


def guarded(routes: Sequence[BaseRoute], *, port: int, secret: Secret, lang: str = "en") -> Starlette:
    """An application of these routes behind the whole guard; `lang` is that of its refusals (en, fr).

    A route may raise MaillageError: the reader sees its sentence, with status 422.
    """
    guard = Middleware(Guard, port=port, secret=secret, lang=lang)
    return Starlette(routes=routes, middleware=[guard], exception_handlers=handlers(lang))


class Guard:
    """The guard as a layer around an application (ASGI)."""

    def __init__(self, app: ASGIApp, *, port: int, secret: Secret, lang: str) -> None:
        self._app, self._port, self._secret, self._lang = app, port, secret, lang

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send, headers = with_headers(send), Headers(scope=scope)
        try:
            self._check(scope, headers)
        except RefusedError as problem:
            await refusal(problem, self._lang, problem.status, CLOSING)(scope, receive, send)
            return
        if scope["path"].startswith(ENTRY):
            await self._enter(scope)(scope, receive, send)
            return
        await self._app(scope, limited(receive, headers), send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        """Raises RefusedError for whatever is not a request of our own pages."""
        check_head(scope)
        check_host(headers, f"{ADDRESS}:{self._port}")
        check_path(scope["path"])
        if scope["path"].startswith(ENTRY):
            check_method(scope["method"], {"GET"})
            return
        self._check_session(headers)
        check_method(scope["method"], {"GET", "HEAD", "POST"})
        check_source(scope["method"], headers, origin(self._port))
        if scope["method"] == "POST":
            check_type(headers)

    def _check_session(self, headers: Headers) -> None:
        pairs = (item.strip().partition("=") for line in headers.getlist("cookie") for item in line.split(";"))
        if not any(name == cookie(self._port) and self._secret.knows(value) for name, _, value in pairs):
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "session_missing")

    def _enter(self, scope: Scope) -> HTMLResponse:
        """The session for the link; the page goes on by itself: a redirect from a file leaves the cookie out."""
        session = self._secret.enter(scope["path"].removeprefix(ENTRY))
        if session is None:
            return refusal(RefusedError(HTTPStatus.UNAUTHORIZED, "link_used"), self._lang, HTTPStatus.UNAUTHORIZED)
        answer = HTMLResponse(GO_ON)
        answer.set_cookie(cookie(self._port), session, httponly=True, samesite="strict")
        return answer


def check_head(scope: Scope) -> None:
    """No head of a request without end."""
    size = len(scope["raw_path"]) + len(scope["query_string"])
    size += sum(len(name) + len(value) for name, value in scope["headers"])
    if size > HEAD_MOST:
        raise RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_large", most=HEAD_MOST // 1024)


def check_host(headers: Headers, host: str) -> None:
    """Exactly one Host, exactly ours: a name that an attacker lets lead to this machine is another one."""
    if headers.getlist("host") != [host]:
        raise RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "host_foreign", host=host)


def check_path(path: str) -> None:
    """A path that names no folder above, no device and nothing that a system reads as another name."""
    for form in (path, unquote(path)):
        segments = form.split("/")
        odd = any(part in {".", ".."} or part.endswith((" ", ".")) or DEVICE.match(part) for part in segments)
        long = any(len(part.encode("utf-8", "replace")) > SEGMENT_MOST for part in segments)
        if not form.startswith("/") or odd or long or UNPRINTED.search(form):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "path_refused")


def check_method(method: str, known: set[str]) -> None:
    """Only methods that the workbench has."""
    if method not in known:
        raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "method_refused")


def check_source(method: str, headers: Headers, own: str) -> None:
    """The request comes from a page of ours; to look at a page, the user's own typing will do."""
    sites, origins = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    if method == "POST":
        # a form that is sent before the scripts are there has the origin null, because pages give no referrer
        good = (sites == ["same-origin"] and origins in ([], [own], ["null"])) or (not sites and origins == [own])
    else:
        good = sites in ([], ["same-origin"], ["none"]) and origins in ([], [own])
    if not good:
        raise RefusedError(HTTPStatus.FORBIDDEN, "source_foreign")


def check_type(headers: Headers) -> None:
    """What a form of ours sends; a page elsewhere can send plain text without asking."""
    kinds = [value.partition(";")[0].strip().lower() for value in headers.getlist("content-type")]
    if len(kinds) != 1 or kinds[0] not in TYPES:
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "type_refused")
