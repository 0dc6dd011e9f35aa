"""`maillage merge`: another copy of the study into this one, counted before and after."""

from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, MaillageError
from maillage.study import heads
from maillage.study.folder import Study
from maillage.study.merge import Merged
from maillage.study.merge import merge as unite
from maillage.study.observations import Tally, stock, tally
from maillage.verbs.devices import Ask, asked, never
from maillage.verbs.entering import coder_of
from maillage.verbs.opening import unlocked


@dataclass(frozen=True, slots=True)
class Union:
    """A merge: what there was before and after, what became of each file, and what is to be decided."""

    before: Tally
    after: Tally
    merged: Merged
    findings: tuple[Finding, ...]


def merge(path: Path, other: Path, *, coder: str | None, ask: Ask = never) -> Union:
    """Take what the copy at `other` has and this one has not; nothing is overwritten.

    `coder` is who merges; their log names new forks, and the devices that `ask` says yes to. Raises MaillageError
    `log_readonly` where a log of this copy is damaged, and those of `study.merge`.
    """
    study = unlocked(path)
    return merged(study, other, coder_of(study, coder), ask)


def merged(study: Study, other: Path, coder: str, ask: Ask = never) -> Union:
    """As `merge`, for an open study."""
    before = tally(study)
    if broken := before.damage:
        raise MaillageError("log_readonly", findings=broken, file=broken[0].file)
    done = unite(study, other, coder)
    confirmed = {one.signer.name for one in asked(study, coder, [item.file for item in done.taken], ask)}
    after = stock(study)
    heads.remember(study.path, study.settings.id, after.heads)
    said = [item for item in done.findings if item.code != "merge_device" or item.facts["name"] not in confirmed]
    return Union(before, after.tally, done, (*said, *after.torn))
