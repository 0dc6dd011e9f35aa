"""The work list: what is left to code, where coders differ, with the passages side by side, and the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from maillage.app.workbench.coding import kept, undone
from maillage.app.workbench.reading import answer
from maillage.app.workbench.visit import Visit
from maillage.errors import MaillageError
from maillage.study.settling import NONE
from maillage.verbs.coding import Desk, whole
from maillage.verbs.reading import text_or_none
from maillage.verbs.worklist import Difference, arbitrate, worklist

LISTS = {"market": "markets", "actor": "actors", "other": "actors"}
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one coder says: the answer in words, the passages it rests on; `answer` blank for who says nothing."""

    coder: str
    answer: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One difference in words."""

    id: str
    source: str
    question: str
    about: str
    decided: bool
    voices: tuple[Voice, ...]
    decisions: tuple[str, ...]


def work(visit: Visit) -> Response:
    """The page."""
    return _page(visit)


def _page(visit: Visit, said: str = "") -> Response:
    at = whole(visit.place, visit.coder)
    decided = visit.said.get("decided") == "yes"
    found = worklist(visit.place, coder=visit.coder, decided=decided)
    texts: dict[str, str | None] = {}
    return visit.shown(
        "work.html", kept=said, todo=found.todo, waiting=found.waiting, decided=decided,
        units=[_unit(visit, at, one, texts) for one in found.differences], here="work", nobody=NOBODY,
    )  # fmt: skip


def _unit(visit: Visit, at: Desk, one: Difference, texts: dict[str, str | None]) -> Unit:
    labels, source = visit.labels(), str(one.unit["source"])
    if source not in texts:
        texts[source] = text_or_none(at, source)
    rows = {row["id"]: row for row in at.known.codings.filter(at.known.codings["source"] == source).to_dicts()}
    named = [labels.code(LISTS[name], one.unit[name]) for name in LISTS if one.unit[name] not in (None, NONE)]
    place = one.unit["place"]
    about = [*named, *([labels.place(place)] if place and place != NONE else [])]
    voices = tuple(_voice(visit, said, rows, texts[source]) for said in one.answers)
    question = labels.code("questions", one.unit["question"])
    decisions = tuple(_decision(visit, told, rows) for told in one.decisions)
    return Unit(one.id, source, question, " · ".join(about), one.decided, voices, decisions)


def _decision(visit: Visit, told: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Who decided what, and why."""
    said = dict.fromkeys(answer(visit.labels(), rows[name]) for name in told["observations"] if name in rows)
    words = ", ".join(said) or visit.t("nobody")
    return visit.t("decided_by", coder=told["coder"], answer=words, reason=told["reason"])


def _voice(visit: Visit, said: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]], text: str | None) -> Voice:
    own = [rows[name] for name in said["observations"] if name in rows]
    words = ", ".join(dict.fromkeys(answer(visit.labels(), row) for row in own))
    return Voice(said["coder"], words, tuple(dict.fromkeys(_quote(text, row) for row in own)))


def _quote(text: str | None, row: Mapping[str, Any]) -> str:
    """The words a statement rests on, or where they stand in a source without a text here."""
    if row["start"] is None or text is None:
        return str(row["locator"] or "")
    return text[row["start"] : row["end"]]


def decide(visit: Visit) -> Response:
    """Keep a decision: whom to follow, or nobody, and why."""
    chosen = visit.several.get("choose", [])
    if not chosen:
        raise MaillageError("nothing_chosen")
    names = [name for name in chosen if name != NOBODY]
    arbitrate(visit.place, visit.path["work"], names, reason=visit.said.get("reason", ""), coder=visit.coder)
    return _page(visit, f"{visit.t('arbitrated')} {kept(visit)}")


def undo_last(visit: Visit) -> Response:
    """Undo, and stay at the work list."""
    return _page(visit, undone(visit))
