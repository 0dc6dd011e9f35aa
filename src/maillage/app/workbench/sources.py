"""The first page: the sources of the study, whose they are and how far the coder is."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from maillage.app.workbench.visit import Visit
from maillage.numbers import date
from maillage.verbs.coding import look
from maillage.verbs.reading import NOT_BEGUN, Shelved, shelf

MINE, ALL = "mine", "all"
MONTH = 7


@dataclass(frozen=True, slots=True)
class Line:
    """A source in words."""

    id: str
    kind: str
    place: str
    stakeholder: str
    month: str
    state: str
    task: str


def sources(visit: Visit) -> Response:
    """The list, of all sources or of those assigned to the coder; who has assignments sees theirs first."""
    at = look(visit.place, visit.coder)
    every = shelf(at)
    own = [item for item in every if item.mine]
    view = visit.said.get("show") or (MINE if own else ALL)
    listed = own if view == MINE else every
    left = [item for item in listed if item.state not in ("done", "refused")]
    return visit.shown(
        "sources.html", lines=_lines(visit, listed), view=view, counts={MINE: len(own), ALL: len(every)},
        next=left[0].source["id"] if left else None, closed=at.known.closed,
        begun=sum(item.state != NOT_BEGUN for item in listed), here="sources",
    )  # fmt: skip


def _lines(visit: Visit, items: Sequence[Shelved]) -> list[Line]:
    labels = visit.labels()
    return [
        Line(
            id=item.source["id"],
            kind=labels.code("source_kinds", item.source["kind"]),
            place=labels.place(item.source["place"]),
            stakeholder=labels.code("stakeholders", item.source["stakeholder"]) or item.source["title"] or "",
            month=date(item.source["date"][:MONTH], visit.lang) if item.source["date"] else "",
            state=item.state,
            task="blind" if item.blind else "mine" if item.mine else "",
        )
        for item in items
    ]
