"""The pages of the workbench."""

import html
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from maillage.study.folder import open_study

PAGE = '<!doctype html>\n<html lang="{lang}"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1></html>\n'


def routes(place: Path, *, coder: str | None, lang: str) -> list[BaseRoute]:
    """All pages for the study in a folder. Raises MaillageError of opening a study."""
    study = open_study(place)

    def first(request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE.format(lang=lang, title=html.escape(study.settings.id)))

    return [Route("/", first)]
