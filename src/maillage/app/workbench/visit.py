"""One request as the pages see it: who asks for what in which language, and how an answer is made of a template."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from maillage import tables
from maillage.app.workbench.held import Hold
from maillage.app.workbench.refusals import RefusedError, refusal
from maillage.app.workbench.standing import standing
from maillage.errors import Finding, MaillageError
from maillage.evidence import Settings
from maillage.intake.load import Loaded, load_tables
from maillage.labels import Labels
from maillage.numbers import date
from maillage.pack import LANGS
from maillage.study.folder import Study, open_study

TEMPLATES = Path(__file__).parent.parent / "templates"
COOKIE = "maillage_lang"
CONFLICT, UNPROCESSABLE, LOCKED = 409, 422, 423
ON_SCREEN = {"HX-Retarget": "#said", "HX-Reswap": "innerHTML"}
STATUS = {
    "passage_moved": CONFLICT, "thing_unknown": 404,
    "study_open": LOCKED, "study_free": LOCKED, "study_readonly": LOCKED,
}  # fmt: skip
ALONE = threading.Lock()  # one coder, one hand: a second writer would only find the log held
LOADED: dict[Path, tuple[object, Loaded]] = {}

Page = Callable[["Visit"], Response]


@dataclass(slots=True)
class Visit:
    """What a page knows of a request. `said` holds the fields of its form (or address), `path` its parts.

    refusal: why nothing can be written here; the page then shows no form that writes.
    """

    place: Path
    coder: str | None
    lang: str
    address: str
    path: Mapping[str, str]
    said: Mapping[str, str]
    several: Mapping[str, list[str]]
    partial: bool
    hold: Hold | None = None
    refusal: MaillageError | None = field(init=False, default=None)
    study: Study = field(init=False)
    _labels: Labels | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.refusal = self.hold.refused() if self.hold else None
        self.study = open_study(self.place)

    @property
    def me(self) -> str:
        """The coder at work."""
        return self.coder or self.study.settings.coders[0]

    @property
    def loaded(self) -> Loaded:
        """The tables of the study that name places."""
        return places_of(self.study)

    def labels(self) -> Labels:
        """Words in the language of the page."""
        if self._labels is None:
            zones = self.study.settings.zone_labels
            self._labels = Labels(self.lang, self.study.pack, self.loaded.places, zones)
        return self._labels

    def t(self, key: str, **facts: object) -> str:
        """A sentence of the workbench."""
        return self.labels().phrase(f"bench_{key}", **facts)

    def shown(self, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
        """A page, or only its work where htmx asked for that."""
        words = {
            "v": self,
            "labels": self.labels(),
            "t": self.t,
            "state": standing(self),
            "said": facts.pop("kept", ""),
        }
        facts = {"problem": None, "findings": (), "here": ""} | words | facts
        content = _environment().get_template(template).render(**facts, whole=not self.partial)
        return HTMLResponse(content, status)

    def anew(self, address: str) -> Response:
        """On to a page that the browser loads anew: nothing of the one before stays in it."""
        return Response(headers={"HX-Redirect": address}) if self.partial else RedirectResponse(address, 303)

    def refused(self, problem: MaillageError) -> HTMLResponse:
        """What went wrong, in words; the page on the screen stays as it is."""
        status = STATUS.get(problem.code, UNPROCESSABLE)
        answer = self.shown("refused.html", status, problem=problem, findings=problem.findings)
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#said", "outerHTML"
        return answer

    def tongue(self, lang: str) -> str:
        """The address of this page in another language."""
        return f"{self.address}?lang={lang}"


def places_of(study: Study) -> Loaded:
    """The tables of a study, from memory while no file of them changed."""
    files = sorted((study.path / "tables").glob("*"))
    mark = (study.settings, [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files])
    kept = LOADED.get(study.path)
    if kept is None or kept[0] != mark:
        kept = (mark, load_tables(study.path, study.settings, study.pack.lookups, light=True))
        LOADED[study.path] = kept
    return kept[1]


class Same:
    """The study that a workbench was opened on, by its id: another one may come to lie in the same folder."""

    def __init__(self, place: Path) -> None:
        self._id: str | None = None
        with contextlib.suppress(MaillageError):
            self._id = open_study(place).settings.id

    def check(self, study: Study) -> None:
        """Raises MaillageError `study_other` where study.yml names another id than at the beginning."""
        self._id = self._id or study.settings.id
        if study.settings.id != self._id:
            raise MaillageError("study_other", was=self._id, now=study.settings.id)


def door(
    place: Path, coder: str | None, lang: str, page: Page, *, same: Same, hold: Hold | None = None, writes: bool = False
) -> Callable[[Request], Any]:
    """The endpoint of a page: reads the request, lets one request at a time work on the study, shows refusals.

    same: the study that it all began with. hold: who may write; without one this workbench does. writes: refuse the
    page while another one has it.
    """

    async def endpoint(request: Request) -> Response:
        form = await request.form() if request.method == "POST" else request.query_params
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "type_refused")  # no page takes files
        asked = request.query_params.get("lang", "")
        tongue = next((one for one in (asked, request.cookies.get(COOKIE, ""), lang) if one in LANGS), "en")
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        several: dict[str, list[str]] = {}
        for name, value in pairs:
            several.setdefault(name, []).append(value)
        path = {name: str(value) for name, value in request.path_params.items()}
        facts = (request.url.path, path, dict(pairs), several, "hx-request" in request.headers, hold)
        answer = await run_in_threadpool(_answered, page, (place, coder, tongue, *facts), same, writes=writes)
        if asked == tongue:
            answer.set_cookie(COOKIE, tongue, httponly=True, samesite="strict")
        return answer

    return endpoint


def _answered(page: Page, facts: tuple[Any, ...], same: Same, *, writes: bool) -> Response:
    with ALONE:
        try:
            visit = Visit(*facts)
            same.check(visit.study)
        except MaillageError as problem:  # no page can be made of a study that is not there, or not this one
            return refusal(problem, str(facts[2]), CONFLICT, ON_SCREEN)
        try:
            if writes and visit.refusal:
                raise visit.refusal
            return page(visit)
        except MaillageError as problem:
            return visit.refused(problem)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    known: dict[str, Any] = {
        "date": date, "field": field_label, "langs": LANGS, "title": title,
        "columns": tables.table("observations").names,
    }  # fmt: skip
    environment.globals.update(known)
    return environment


def field_label(column: str, lang: str) -> str:
    """What a column of a statement means, as a label without full stop."""
    return tables.table("observations")[column].meaning[lang].rstrip(".").partition(";")[0].rstrip()


def title(settings: Settings, lang: str) -> str:
    """The title of the study in a language it has."""
    return settings.title.get(lang) or next(iter(settings.title.values()))


def sentences(findings: tuple[Finding, ...], lang: str) -> list[str]:
    """Findings in words."""
    return [f"{item.message(lang)} {item.remedy(lang)}" for item in findings]
