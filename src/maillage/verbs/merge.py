"""`maillage merge`: another copy of the study into this one, counted before and after."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, MaillageError
from maillage.study import heads, log
from maillage.study.folder import Study
from maillage.study.merge import Merged
from maillage.study.merge import merge as unite
from maillage.study.observations import Replay, replay
from maillage.verbs.entering import coder_of, damage
from maillage.verbs.opening import unlocked

BY = re.compile(rb'\{"at":"[^"]*","by":"([a-z0-9_-]+)"')
CONFLICTS = ("merge_conflict", "decision_conflict", "decision_gone")


@dataclass(frozen=True, slots=True)
class Counts:
    """What a copy holds: entries of all logs (each once), sources, standing statements of all coders,
    entries that are closed, and entries by coder."""

    entries: int
    sources: int
    observations: int
    closed: int
    by_coder: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Union:
    """A merge: what there was before and after, what became of each file, and what is to be decided."""

    before: Counts
    after: Counts
    merged: Merged
    findings: tuple[Finding, ...]


def merge(path: Path, other: Path, *, coder: str | None) -> Union:
    """Take what the copy at `other` has and this one has not; nothing is overwritten.

    `coder` is who merges; their log names new forks. Raises MaillageError `log_readonly` where a log of this copy is
    damaged, and those of `study.merge`.
    """
    study = unlocked(path)
    return merged(study, other, coder_of(study, coder))


def merged(study: Study, other: Path, coder: str) -> Union:
    """As `merge`, for an open study."""
    known = replay(study)
    if broken := damage(known):
        raise MaillageError("log_readonly", findings=broken, file=broken[0].file)
    before = _counted(study, known)
    done = unite(study, other, coder)
    known = replay(study)
    heads.remember(study.path, study.settings.id, known.heads)
    told = [item for item in known.findings if item.code in CONFLICTS]
    return Union(before, _counted(study, known), done, (*done.findings, *told))


def counted(study: Study) -> Counts:
    """The counts of a copy."""
    return _counted(study, replay(study))


def _counted(study: Study, known: Replay) -> Counts:
    """Two equal lines are one entry, so entries are counted as they stand in the files."""
    lines = {line for path in log.files(study.path) for line in path.read_bytes().split(b"\n")[:-1]}
    coders = Counter(match[1].decode("ascii") for line in lines if (match := BY.match(line)))
    return Counts(
        entries=len(lines),
        sources=known.sources.height,
        observations=known.codings.height,
        closed=known.closed,
        by_coder=dict(sorted(coders.items())),
    )
