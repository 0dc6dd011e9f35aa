"""`maillage head`: the state of each log in three lines, and a partner's signature on it."""

from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding
from maillage.study import log, witness
from maillage.study.folder import open_study
from maillage.study.keeping import keep
from maillage.study.witness import Head
from maillage.verbs.entering import coder_of


@dataclass(frozen=True, slots=True)
class Signed:
    """How many heads were countersigned, and what contradicts this copy."""

    signed: int
    findings: tuple[Finding, ...]


def heads(path: Path) -> tuple[str, list[Head]]:
    """The head of the study, as reports print it, and of each log."""
    study = open_study(path)
    return log.head(study.path), witness.heads(study.path)


def countersign(path: Path, text: str, *, coder: str | None) -> Signed:
    """Enter in the coder's log that this device has seen the heads in `text`.

    Raises MaillageError `note_missing`, `coder_unknown` and those of the log.
    """
    study = open_study(path)
    me = coder_of(study, coder)
    drafts, wrong = witness.countersign(study, text)
    keep(study, me, drafts)
    return Signed(len(drafts), tuple(wrong))
