"""The form of a statement: for each kind the columns it has, in the order in which they are asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage import tables
from maillage.app.workbench.visit import Visit, field_label
from maillage.tables import Column

FIRST = ("place", "polarity", "modality")
MORE = ("frequency", "period", "credibility", "setting", "note")
QUANTITY = ("low", "central", "high", "open_low", "open_high", "unit", "meaning", "word")
OF_KIND: dict[str, Sequence[str]] = {
    "link": ("actor", "other", "content", "coerced", "market", "visibility"),
    "market": ("market", "activity", "target", "visibility"),
    "role": ("actor", "market", "mode"),
    "levy": ("actor", "market", "good", "low", "central", "high", "open_low", "open_high", "currency", "unit", "base",
             "per", "meaning", "word", "coerced", "target"),
    "flow": ("good", "from_place", "via", "to_place", "mode", "market", "actor"),
    "incident": ("actor", "other", "market", "activity", "target", "central", "unit"),
    "factor": ("affected",),
    "need": ("affected",),
    "share": ("market", "percent", "of_n"),
    "item": (),
    "figure": ("market", "actor", *QUANTITY, "currency"),
    "control": ("actor", "market"),
    "response": ("actor", "market", "effect", "design"),
    "review": ("finding", "group", "reason"),
}  # fmt: skip
COURT = "judicial"
STATUS = "status_answers"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `form` is select, several, place, places, number or text; `options` code -> label."""

    name: str
    label: str
    form: str
    options: tuple[tuple[str, str], ...] = ()
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of a question: those always shown, those of its kind, and those behind “more”."""

    question: str
    first: tuple[Field, ...]
    own: tuple[Field, ...]
    more: tuple[Field, ...]


def questions(visit: Visit) -> list[tuple[str, str]]:
    """Questions of the pack with their labels."""
    return [(name, asked.label[visit.lang]) for name, asked in visit.study.pack.questions.items()]


def asked_for(visit: Visit, question: str, source_kind: str) -> Asked | None:
    """The fields of a question about a source of this kind; None for a question that the pack does not have."""
    asked = visit.study.pack.questions.get(question)
    if asked is None:
        return None
    columns = tables.table("observations")
    labels = visit.labels()
    status = [(code, labels.code(STATUS, code)) for code in tables.codes()[STATUS]]
    answers = [(code, _scaled(visit, question, code, label)) for code, label in _codes(visit, asked.answers)]
    answer = Field("answer", visit.t("answer"), "select", (*answers, *status), wanted=bool(answers))
    first = (answer, *(_field(visit, columns[name]) for name in FIRST))
    own = tuple(_field(visit, columns[name]) for name in OF_KIND.get(asked.kind, ()))
    more = ("stage", *MORE) if source_kind == COURT else MORE
    return Asked(question, first, own, tuple(_field(visit, columns[name]) for name in more))


def _scaled(visit: Visit, question: str, code: str, label: str) -> str:
    """A point of a scale with what it stands for, where the pack says so."""
    level = visit.study.pack.levels.get(question, {}).get(code)
    return f"{code}{visit.t('colon')}{level[visit.lang]}" if level else label


def _field(visit: Visit, column: Column) -> Field:
    forms = {"codes": "several", "places": "places", "place": "place", "number": "number", "integer": "number"}
    form = forms.get(column.type, "select" if column.codes else "text")
    return Field(column.name, field_label(column.name, visit.lang), form, tuple(_codes(visit, column.codes)))


def _codes(visit: Visit, name: str | None) -> list[tuple[str, str]]:
    if name is None:
        return []
    labels, core = visit.labels(), tables.codes()
    return [(code, labels.code(name, code)) for code in (core[name] if name in core else visit.study.pack.codes(name))]
