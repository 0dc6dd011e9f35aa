"""`maillage worklist` and `maillage arbitrate`: what is left to code, where coders differ, and what is decided."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from maillage import blank
from maillage.errors import MaillageError
from maillage.measure.agreements import disagreements
from maillage.study.coded import undecided
from maillage.study.conflicts import SCOPE
from maillage.study.entries import Draft, canonical
from maillage.study.settling import NONE
from maillage.verbs.coding import Desk, whole


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of which coders do not say the same. `id` names it, the same in every copy of the study.

    decisions: what was decided on it, by whom and why: two where people decided without knowing of each other, the
    one that counts last.
    """

    id: str
    unit: Mapping[str, str | None]
    answers: tuple[Mapping[str, Any], ...]
    decisions: tuple[Mapping[str, Any], ...]

    @property
    def decided(self) -> bool:
        """Whether somebody decided it."""
        return bool(self.decisions)


@dataclass(frozen=True, slots=True)
class Worklist:
    """Sources the coder has still to code (source, blind), differences, and sources whose differences wait.

    Differences of a source are shown to nobody while somebody codes it blind.
    """

    todo: tuple[tuple[str, bool], ...]
    differences: tuple[Difference, ...]
    waiting: tuple[str, ...]


def worklist(path: Path, *, coder: str | None, decided: bool = False) -> Worklist:
    """The work list of a coder; `decided`: with what is decided already. Raises MaillageError `vault_locked`."""
    at = whole(path, coder)
    mine = at.known.coded.assignments.filter((pl.col("coder") == at.coder) & ~pl.col("done").fill_null(False))
    return Worklist(
        todo=tuple((source, bool(blind)) for source, blind in mine.select("source", "blind").iter_rows()),
        differences=tuple(one for one in _differences(at) if decided or not one.decided),
        waiting=tuple(undecided(at.known.coded.assignments)),
    )


def _differences(at: Desk) -> list[Difference]:
    shown = at.known.codings.filter(~pl.col("source").is_in(undecided(at.known.coded.assignments)))
    settled: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in at.known.coded.decisions.iter_rows(named=True):
        settled.setdefault(_key(row), []).append({name: row[name] for name in ("coder", "observations", "reason")})
    found: list[Difference] = []
    for row in disagreements(shown, at.known.sources).iter_rows(named=True):
        unit = {name: row[name] or NONE if name in SCOPE[2:] else row[name] for name in SCOPE}
        name = hashlib.sha256(canonical(unit)).hexdigest()[:8]
        found.append(Difference(name, unit, tuple(row["answers"]), tuple(settled.get(_key(unit), ()))))
    return found


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name) or "") for name in SCOPE)


def arbitrate(path: Path, work: str, choose: Sequence[str], *, reason: str, coder: str | None) -> list[str]:
    """Decide one difference: what the chosen coders (or statements) say counts, nothing else; none chosen: none counts.

    An earlier decision on the same thing is superseded. Returns the ids of the statements that count. Raises
    MaillageError `reason_missing`, `difference_unknown`, `choice_unknown`, `vault_locked`.
    """
    blank.reason(reason, "reason")
    at = whole(path, coder)
    one = next((item for item in _differences(at) if item.id == work), None)
    if one is None:
        raise MaillageError("difference_unknown", value=work)
    said = {answer["coder"]: list(answer["observations"]) for answer in one.answers}
    single = {name: [name] for names in said.values() for name in names}
    lost = [name for name in choose if name not in said and name not in single]
    if lost:
        raise MaillageError("choice_unknown", value=", ".join(lost), known=", ".join([*said, *single]))
    chosen = sorted({name for pick in choose for name in (said.get(pick) or single.get(pick, []))})
    entries = dict(at.known.codings.select("id", "entry").iter_rows())
    data = {**one.unit, "observations": [entries[name] for name in chosen], "reason": reason}
    at.keep(_decision(at, data))
    return chosen


def _decision(at: Desk, data: Mapping[str, Any]) -> list[Draft]:
    """The decision, in the place of every earlier one on the same thing: the last superseded, others taken back."""
    before = [entry for entry in at.known.standing if entry.kind == "decision" and _key(entry.data) == _key(data)]
    if not before:
        return [Draft("assert", "decision", data)]
    *others, last = before
    source = {"source": data["source"]}
    back = [Draft("retract", "decision", source, of=entry.id, why=str(data["reason"])) for entry in others]
    return [Draft("supersede", "decision", data, of=last.id), *back]
