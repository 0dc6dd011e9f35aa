"""The files that pages load: styles, scripts and faces, all of this machine."""

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parents[1] / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def mount() -> Mount:
    """The folder `static` at /static; links that lead out of it are not followed."""
    for ending, kind in TYPES.items():  # Windows lets any program change them, and no-sniff then refuses our script
        mimetypes.add_type(kind, ending)
    return Mount("/static", StaticFiles(directory=FOLDER), name="static")


def icon() -> Route:
    """Browsers ask for an icon by themselves and complain where there is none: there is none, said politely."""

    async def none(request: Request) -> Response:
        return Response(status_code=204)

    return Route("/favicon.ico", none)
