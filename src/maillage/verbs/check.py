"""`maillage check`: everything that is wrong with a study, each with its place and its remedy."""

from pathlib import Path

from maillage import run
from maillage.errors import Finding, finding, has_errors
from maillage.evidence import Evidence, Results
from maillage.publish import harm, judged, lint, narrative_check, sensitive
from maillage.study import heads, ledger, retention
from maillage.study.check import check_age, check_copy, check_evidence, check_log
from maillage.study.folder import Study, open_study
from maillage.verbs import exceptions
from maillage.verbs.keyed import NARRATIVE
from maillage.verbs.opening import unlocked


def check(study: Study | Path | str, *, today: str | None = None) -> list[Finding]:
    """Findings on a study (or the folder of one): copy, log, tables, evidence, key findings, text, what is kept.

    today: the date by which things are past their day; by default that of the last entry. Nothing is written."""
    study = unlocked(study)
    path = study.path
    evidence, problems = run.load(study)
    found = [*check_log(path, study.settings.id), *problems, *check_evidence(evidence)]
    copy = [*check_copy(study), *retention.check(path, evidence, today)]
    if has_errors(found):
        return _unique([*copy, *found])
    results = run.measure_all(evidence)
    return _unique([*copy, *found, *check_results(path, evidence, results), *exceptions.lapsed(study, results)])


def trust(path: Path) -> list[Finding]:
    """Take the copy at hand for the newest there is: what this computer remembers of its logs is forgotten.

    Says what that means, and what is missing here that this computer has seen.
    """
    study = open_study(path)
    lost = [*check_age(study), *ledger.missing(study)]
    heads.forget(study.path, study.settings.id)
    return [finding("copy_trusted"), *(finding("copy_lacks", file=item.file) for item in lost)]


def check_results(path: Path, evidence: Evidence, results: Results) -> list[Finding]:
    """What can only be judged once the numbers are there: key findings and references of the narrative."""
    known = set(results.estimates["id"].to_list())
    lost = [item for item in evidence.study.key_findings if item not in known]
    return [
        *_cleared(evidence),
        *(finding("key_finding_unknown", file="study.yml", field="key_findings", value=item) for item in lost),
        *narrative_check.check(path / NARRATIVE, results),
        *lint.labels(evidence.pack, _own_labels(evidence)),
        *sensitive.check(evidence),
        *judged.check(results),
        *harm.check(evidence.study, evidence.pack),
    ]


def _cleared(evidence: Evidence) -> list[Finding]:
    """Whether the log knows of a review, where the study says that it was cleared."""
    reviewed = (evidence.observations["kind"] == "review").any()
    unseen = evidence.study.status == "cleared" and not reviewed
    return [finding("cleared_without_review", file="study.yml", field="status", value="cleared")] if unseen else []


def _own_labels(evidence: Evidence) -> list[tuple[str, str, str]]:
    """Code, language and label of the study's own codes."""
    rows = evidence.codebook.select("id", "label_en", "label_fr").iter_rows()
    return [(code, lang, text) for code, en, fr in rows for lang, text in (("en", en), ("fr", fr)) if text]


def _unique(findings: list[Finding]) -> list[Finding]:
    """The same problem seen twice is one problem."""
    seen: dict[str, Finding] = {}
    for item in findings:
        seen.setdefault(str(item), item)
    return list(seen.values())
