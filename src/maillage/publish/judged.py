"""What people judged of findings and nobody computes: the CERQual panels of study.yml, checked like any text.

A panel has four components (methods, coherence, adequacy, relevance), each a concern in words and why. No score is made
of them (GRADE-CERQual: Lewin and others, 2018).
"""

import re
from collections.abc import Iterator

from maillage.errors import Finding, finding
from maillage.evidence import Results
from maillage.publish import lint

FILE = "study.yml"
DIGIT = re.compile(r"\d")


def check(results: Results) -> list[Finding]:
    """Panels of numbers that do not exist, digits and words that claim too much, key findings without a panel.

    A panel is asked for once the study has any, or calls itself cleared.
    """
    study = results.evidence.study
    known = set(results.estimates["id"].to_list())
    found = [finding("cerqual_unknown", file=FILE, field="cerqual", value=ident)
             for ident in study.cerqual if ident not in known]  # fmt: skip
    for where, lang, text in _texts(results):
        if DIGIT.search(text):
            found.append(finding("digit_typed", file=FILE, field=where, value=text))
        terms = study.care.terms.get(lang, {})
        found += [*lint.lint(text, FILE, lang, terms), *lint.likelihood(text, FILE, lang, study.likelihood)]
    missing = [ident for ident in study.key_findings if ident not in study.cerqual]
    if missing and (study.cerqual or study.status == "cleared"):
        listed = ", ".join(missing)
        found.append(finding("cerqual_missing", file=FILE, field="cerqual", value=listed, count=len(missing)))
    return found


def _texts(results: Results) -> Iterator[tuple[str, str, str]]:
    """Where a reason stands, its language, the reason."""
    study = results.evidence.study
    for ident, panel in study.cerqual.items():
        for name, told in panel.items():
            yield from ((f"cerqual.{ident}.{name}", lang, told.why[lang]) for lang in study.languages)
