"""`maillage gate except`: whom an exception exposes, signing it, and which hold no longer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage import run
from maillage.blank import reason
from maillage.errors import Finding, MaillageError, finding
from maillage.evidence import Results
from maillage.publish.rules import rests_on, rules, unseen
from maillage.publish.worked_out import WorkedOut
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.study.signatures import EXCEPT, draft, mark_of
from maillage.verbs import gate, risk
from maillage.verbs.opening import unlocked

NEIGHBOUR = "neighbour"  # who knows most of who was heard


@dataclass(frozen=True, slots=True)
class Exposes:
    """Whom an exception exposes, for the team alone. `people`: how many stand behind the number; `alone`: how many of
    them a neighbour can tell from all others heard; `follows`: what would follow of somebody through it."""

    id: str
    people: int
    alone: int
    follows: tuple[WorkedOut, ...]


def _agreed(what: Exposes) -> bool:
    """Nobody is asked."""
    return True


def let_through(
    path: Path, ident: str, *, audience: str, why: str, coder: str | None = None,
    agreed: Callable[[Exposes], bool] = _agreed,
) -> Exposes | None:  # fmt: skip
    """Sign an exception: a number leaves as it was computed, against the rules. Whom it exposes, None where unsigned.

    agreed: is told whom it exposes, and whether to sign is what it answers.
    Raises MaillageError `reason_missing`, `lead_only`, `estimate_unknown`, `exception_never` (levies, legs and control
    below the second level leave for nobody).
    """
    why = reason(why, "--why")
    study, results, me = gate.as_lead(path, ident, coder, audience)
    row = results.estimates.row(by_predicate=pl.col("id") == ident, named=True)
    if unseen(row, rules(results.evidence, audience)):
        raise MaillageError("exception_never", id=ident)
    found = exposes(study, results, ident, audience)
    if not agreed(found):
        return None
    mark = mark_of(row["trace"], row["counted"])
    keep(study, me, [draft(EXCEPT, ident, audience, mark=mark, why=why, people=found.people, alone=found.alone)])
    return found


def exposes(study: Study, results: Results, ident: str, audience: str) -> Exposes:
    """Whom letting a number through would expose; results as the audience gets them."""
    row = results.estimates.row(by_predicate=pl.col("id") == ident, named=True)
    people = rules(results.evidence, audience).behind(rests_on(row))
    read = risk.read(study, results, NEIGHBOUR, audience=audience, tried=frozenset({ident}))
    alone = {one.source for one in read.people if one.alike == 1}
    follows = tuple(one for one in read.worked_out if ident in one.exceptions)
    return Exposes(ident, len(people), len(people & alone), follows)


def lapsed(study: Study, results: Results) -> list[Finding]:
    """Exceptions of the lead that hold no longer, as findings."""
    return [
        finding("exception_lapsed", value=one.number, audience=one.audience, by=one.by, date=one.date, entry=one.entry)
        for one in gate.lapsed(study, results)
    ]


def lapsed_now(path: Path) -> list[Finding]:
    """As `lapsed`, of the study in a folder, which is computed only where an exception was signed."""
    if all(one.what != EXCEPT for one in gate.signed_by_lead(path)):
        return []
    study = unlocked(path)
    return lapsed(study, run.run(study))


def lapsed_entries(path: Path) -> list[str]:
    """The entries in the log of the exceptions that hold no longer."""
    return [str(item.facts["entry"]) for item in lapsed_now(path)]
