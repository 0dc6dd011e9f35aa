"""Codes in words: those that may mark a passage, and the page of one code with its definition and memos."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from starlette.responses import Response

from maillage.app.workbench.visit import Visit
from maillage.errors import MaillageError
from maillage.verbs.coding import look
from maillage.verbs.reading import memos_on_code

DEFINITION = ("definition", "include", "exclude", "example")


@dataclass(frozen=True, slots=True)
class Offer:
    """A code that may be given: its label and the list it stands in."""

    code: str
    label: str
    group: str


def offered(visit: Visit) -> list[Offer]:
    """Codes that may mark a passage, each once, the study's own first."""
    own = look(visit.place, visit.coder).known.coded.codebook.filter(~pl.col("retired").fill_null(False))
    found = {row["id"]: _own(visit, row) for row in own.iter_rows(named=True)}
    pack = visit.study.pack
    for name, entries in pack.lists.items():
        group = pack.list_labels[name][visit.lang]
        for code, entry in entries.items():
            found.setdefault(code, Offer(code, entry.label[visit.lang], group))
    return list(found.values())


def _own(visit: Visit, row: dict[str, Any]) -> Offer:
    return Offer(row["id"], row[f"label_{visit.lang}"] or row["id"], visit.t("own_codes"))


def words_of(visit: Visit) -> dict[str, str]:
    """Every code that a passage may bear, retired ones and questions too, with its label."""
    pack, lang = visit.study.pack, visit.lang
    own = look(visit.place, visit.coder).known.coded.codebook
    listed = {code: entry.label[lang] for entries in pack.lists.values() for code, entry in entries.items()}
    asked = {name: question.label[lang] for name, question in pack.questions.items()}
    return listed | asked | {row["id"]: row[f"label_{lang}"] or row["id"] for row in own.iter_rows(named=True)}


def book(visit: Visit) -> Response:
    """All codes, by list."""
    groups: dict[str, list[Offer]] = {}
    for one in offered(visit):
        groups.setdefault(one.group, []).append(one)
    return visit.shown("codebook.html", groups=groups, here="codes")


def entry(visit: Visit) -> Response:
    """One code: what it means, what was written about it. Raises MaillageError `thing_unknown`."""
    return code_page(visit)


def code_page(visit: Visit, kept: str = "") -> Response:
    """As `entry`, with what was just kept."""
    code = visit.path["code"]
    label = words_of(visit).get(code)
    if label is None:
        raise MaillageError("thing_unknown", value=code)
    at = look(visit.place, visit.coder)
    texts = _definition(visit, code)
    memos = memos_on_code(at, code).to_dicts()
    return visit.shown("code.html", kept=kept, code=code, label=label, texts=texts, memos=memos, here="codes")


def _definition(visit: Visit, code: str) -> list[tuple[str, str]]:
    """What the codebook says of a code: part and text."""
    own = look(visit.place, visit.coder).known.coded.codebook.filter(pl.col("id") == code).to_dicts()
    if own:
        said = own[0][f"definition_{visit.lang}"]
        return [(visit.t("definition"), said)] if said else []
    entry = next((entries[code] for entries in visit.study.pack.lists.values() if code in entries), None)
    texts = {name: getattr(entry, name).get(visit.lang) for name in DEFINITION} if entry else {}
    return [(visit.t(name), text) for name, text in texts.items() if text]
