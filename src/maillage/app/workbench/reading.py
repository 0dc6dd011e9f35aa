"""One source opened: its text with what was said of it, the form to say more, and the list with memos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from maillage.app.workbench.codebook import offered, words_of
from maillage.app.workbench.fields import asked_for, questions
from maillage.app.workbench.marks import Coding, pieces
from maillage.app.workbench.visit import Visit
from maillage.labels import Labels
from maillage.numbers import date
from maillage.verbs.coding import look
from maillage.verbs.reading import Reading, reading

MONTH = 7


@dataclass(frozen=True, slots=True)
class Note:
    """A memo as it is shown; `number` that of the coding it is about, None for the source itself."""

    id: str
    text: str
    coder: str
    day: str
    number: int | None
    own: bool


def read(visit: Visit) -> Response:
    """The page of a source."""
    return opened(visit)


def opened(visit: Visit, kept: str = "") -> Response:
    """The source, with what was just kept."""
    one = reading(visit.place, visit.path["source"], coder=visit.coder)
    listed = codings(visit, one)
    return visit.shown(
        "reading.html", kept=kept, one=one, source=one.shelved.source, head=_head(visit, one), codings=listed,
        pieces=pieces(one.text, listed) if one.text is not None else None,
        questions=questions(visit), codes=offered(visit), places=_places(visit), memos=_memos(visit, one, listed),
        here="sources", asked=None,
    )  # fmt: skip


def fields(visit: Visit) -> Response:
    """The part of the form that belongs to a question."""
    one = next((row for row in look(visit.place, visit.coder).known.sources.iter_rows(named=True)
                if row["id"] == visit.path["source"]), {})  # fmt: skip
    asked = asked_for(visit, visit.said.get("question", ""), str(one.get("kind")))
    return visit.shown("fields.html", asked=asked)


def _head(visit: Visit, one: Reading) -> str:
    """What the source is, in one line; a person's words are their class, place and month, never more."""
    source, labels = one.shelved.source, visit.labels()
    parts = [
        labels.code("source_kinds", source["kind"]),
        labels.code("stakeholders", source["stakeholder"]) or source["title"] or "",
        labels.place(source["place"]),
        date(source["date"][:MONTH], visit.lang) if source["date"] else "",
    ]
    return " · ".join(part for part in parts if part)


def codings(visit: Visit, one: Reading) -> list[Coding]:
    """Statements and passages in the order of the text, numbered; those without a passage last."""
    labels = visit.labels()
    told = [("observation", row) for row in one.statements.iter_rows(named=True)]
    told += [("passage", row) for row in one.passages.iter_rows(named=True)]
    far = len(one.text or "") + 1
    told.sort(key=lambda item: (far if item[1]["start"] is None else item[1]["start"], item[0], item[1]["id"]))
    words = words_of(visit)
    return [
        Coding(
            number=number, id=row["id"], kind=kind, coder=row["coder"], own=row["coder"] == visit.me,
            start=row["start"], end=row["end"], locator=row.get("locator") or "",
            label=_statement(visit, row) if kind == "observation" else words.get(row["code"]) or str(row["code"]),
            detail=_detail(labels, row) if kind == "observation" else row["note"] or "",
        )
        for number, (kind, row) in enumerate(told, 1)
    ]  # fmt: skip


def _statement(visit: Visit, row: Mapping[str, Any]) -> str:
    """A statement in few words: question and answer."""
    labels = visit.labels()
    asked = labels.code("questions", row["question"])
    return f"{asked}{visit.t('colon')}{answer(labels, row)}" if row["answer"] else asked


def answer(labels: Labels, row: Mapping[str, Any]) -> str:
    """An answer in words; a negated one says so."""
    question = labels.pack.questions.get(str(row["question"]))
    name = str(row["answer"] or "")
    status = labels.code("status_answers", name)
    words = status if status != name else labels.code(question.answers or "", name) if question else name
    polarity = row.get("polarity")
    return words if polarity in (None, "present") else f"{words} ({labels.code('polarity', polarity)})"


def _detail(labels: Labels, row: Mapping[str, Any]) -> str:
    """What else the statement says, in words."""
    coded = [("market", "markets"), ("actor", "actors"), ("other", "actors"), ("good", "goods"),
             ("modality", "modality"), ("frequency", "frequency")]  # fmt: skip
    parts = [labels.code(name, row[column]) for column, name in coded if row[column]]
    parts += [labels.place(row[column]) for column in ("place", "from_place", "to_place") if row[column]]
    amount = "–".join(f"{row[name]:g}" for name in ("low", "central", "high") if row[name] is not None)
    parts += [f"{amount} {labels.unit(row['unit']) or row['currency'] or ''}".strip()] if amount else []
    return " · ".join([*parts, *([row["note"]] if row["note"] else [])])


def _memos(visit: Visit, one: Reading, listed: Sequence[Coding]) -> list[Note]:
    """Memos on the source and on what is in the list, each with the number of what it is about."""
    numbers = {coding.id: coding.number for coding in listed}
    return [
        Note(row["id"], row["text"], row["coder"], row["at"][:10], numbers.get(row["about"]), row["coder"] == visit.me)
        for row in one.memos.iter_rows(named=True)
    ]


def _places(visit: Visit) -> list[str]:
    """Names of places to choose from, and zones."""
    labels = visit.labels()
    names = [labels.place(code) for code in visit.loaded.places["code"]]
    return [*dict.fromkeys(names), *(f"zone:{zone}" for zone in visit.study.settings.zones)]
