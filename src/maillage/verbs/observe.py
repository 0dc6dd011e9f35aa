"""`maillage observe`: coded observations from a table into the coder's log, all or nothing."""

from pathlib import Path

from maillage.errors import has_errors
from maillage.intake.load import load_tables
from maillage.intake.observations import read_observations
from maillage.intake.records import Reader
from maillage.study.keeping import keep
from maillage.verbs.entering import Outcome, coder_of, damage, drafts, outcome
from maillage.verbs.opening import unlocked, whole


def observe(path: Path, file: Path, *, coder: str) -> Outcome:
    """Enter the observations of `file` in the study at `path`.

    With any error nothing is written. A row that the same coder entered before is skipped; one with the same id and
    other content supersedes. Raises MaillageError `coder_unknown`, `vault_locked` and those of the log.
    """
    study = unlocked(path)
    coder_of(study, coder)
    known = whole(study)
    if broken := damage(known):
        return Outcome(file.name, "observations", findings=broken)
    loaded = load_tables(path, study.settings, study.pack.lookups, light=True)
    reader = Reader(study.pack, loaded.gazetteer)
    records, findings = read_observations(file, reader, known.sources, known.codings)
    if has_errors(findings):
        return Outcome(file.name, "observations", findings=tuple(findings))
    own = known.codings.filter(known.codings["coder"] == coder)
    entries, same = drafts([record.data for record in records], "observations", own)
    keep(study, coder, entries)
    return outcome(file.name, "observations", entries, same, findings)
