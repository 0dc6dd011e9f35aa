"""The pages of the workbench and their addresses. A GET never writes; every POST is one verb."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from maillage.app.workbench import codebook, coding, differences, reading, sources, vaulting, writing
from maillage.app.workbench.held import Hold
from maillage.app.workbench.presence import Presence
from maillage.app.workbench.visit import Page, Same, door
from maillage.publish import fonts

FACES = {face.file for face in fonts.FACES}
GET: dict[str, Page] = {
    "/": sources.sources,
    "/source/{source}": reading.read,
    "/source/{source}/fields": reading.fields,
    "/work": differences.work,
    "/codes": codebook.book,
    "/code/{code}": codebook.entry,
    "/vault": vaulting.room,
    "/note": vaulting.paper,
}
POST: dict[str, Page] = {
    "/source/{source}/keep": coding.keep,
    "/source/{source}/memo": coding.note,
    "/source/{source}/retract": coding.take_back,
    "/source/{source}/undo": coding.undo_last,
    "/source/{source}/done": coding.finish,
    "/code/{code}/memo": coding.note,
    "/work/undo": differences.undo_last,
    "/work/{work}": differences.decide,
    "/vault/unlock": vaulting.unlock,
    "/vault/lock": vaulting.lock,
    "/note": vaulting.close_note,
    "/writer": writing.take_over,
}
READING_TOO = {"/writer", "/vault/lock"}  # what a workbench that only reads may do: it writes nothing in the study


def routes(place: Path, *, coder: str | None, lang: str, hold: Hold | None = None) -> list[BaseRoute]:
    """All addresses of the workbench of one study; `lang` is that of a browser that chose none, `hold` who writes."""

    same = Same(place)

    def of(method: str, address: str, page: Page) -> Route:
        writes = method == "POST" and address not in READING_TOO
        return Route(address, door(place, coder, lang, page, same=same, hold=hold, writes=writes), methods=[method])

    return [
        *(of("GET", address, page) for address, page in GET.items()),
        *(of("POST", address, page) for address, page in POST.items()),
        Route("/present", Presence(place).heard, methods=["POST"]),
        Route("/static/fonts/{face}", _face, methods=["GET"]),
    ]


def _face(request: Request) -> Response:
    """A face as it comes in its package: a transcript may hold any character."""
    wanted = request.path_params["face"]
    if wanted not in FACES:
        return Response(status_code=404)
    return FileResponse(next(folder / wanted for folder in fonts.FOLDERS if (folder / wanted).is_file()))
