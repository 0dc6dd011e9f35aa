"""`maillage merge`: another copy of the study into this one, counted before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, MaillageError
from maillage.study import heads, log
from maillage.study.folder import Study, open_study
from maillage.study.merge import Merged
from maillage.study.merge import merge as unite
from maillage.study.observations import replay
from maillage.verbs.entering import coder_of, damage

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
    study = open_study(path)
    return merged(study, other, coder_of(study, coder))


def merged(study: Study, other: Path, coder: str) -> Union:
    """As `merge`, for an open study."""
    broken = damage(replay(study))
    if broken:
        raise MaillageError("log_readonly", findings=broken, file=broken[0].file)
    before = counted(study)
    done = unite(study, other, coder)
    known = replay(study)
    seen = {one.path.name: (len(one.entries), one.head) for one in map(log.read, log.files(study.path))}
    heads.remember(study.path, study.settings.id, seen)
    told = [item for item in known.findings if item.code in CONFLICTS]
    return Union(before, counted(study), done, (*done.findings, *told))


def counted(study: Study) -> Counts:
    """The counts of a copy."""
    known = replay(study)
    entries = {entry.h: entry.by for path in log.files(study.path) for entry in log.read(path).entries}
    coders = sorted(entries.values())
    return Counts(
        entries=len(entries),
        sources=known.sources.height,
        observations=known.codings.height,
        closed=known.closed,
        by_coder={coder: coders.count(coder) for coder in dict.fromkeys(coders)},
    )
