"""Which findings a study calls its own: those of study.yml and those that its narrative refers to."""

from pathlib import Path

from maillage.evidence import Results
from maillage.publish import narrative

NARRATIVE = "narrative"


def key_numbers(path: Path, results: Results) -> set[str]:
    """Ids of the numbers that the study at `path` calls its own. Raises MaillageError `narrative_encoding`."""
    study = results.evidence.study
    texts = (narrative.read(path / NARRATIVE, lang) for lang in study.languages)
    named = {ident for text in texts for ident in narrative.references(text, results.estimates)}
    return {*study.key_findings, *named}


def key_findings(path: Path, results: Results) -> list[str]:
    """Ids of the key findings, sorted: the key numbers that have a finding of their own."""
    return sorted(key_numbers(path, results) & set(results.findings["id"].to_list()))
