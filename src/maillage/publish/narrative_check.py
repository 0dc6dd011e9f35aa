"""What is wrong with a narrative: typed digits, references that lead nowhere, words that claim too much."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from maillage import likelihood
from maillage.errors import Finding, finding
from maillage.evidence import Results
from maillage.publish import lint
from maillage.publish.narrative import SECTION, row_of
from maillage.publish.references import COMMENT, REFERENCE, Declared, Quoted, parse
from maillage.publish.rules import is_public
from maillage.publish.wording import FORMS

OLD, KEYS = "older_than_max_age", "key_findings"
NEAREST = ("reference_unknown", "likelihood_unknown")
DIGIT = re.compile(r"[\d\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u215f\u2460-\u249b]")
DATE = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?(/[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?"
)


def check(folder: Path, results: Results) -> list[Finding]:
    """Typed digits, references that lead nowhere, sections the report does not have, languages that differ."""
    found: list[Finding] = []
    used: dict[str, set[str]] = {}
    for lang in results.evidence.study.languages:
        path = folder / f"{lang}.md"
        if not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            found.append(finding("narrative_encoding", file=f"narrative/{lang}.md"))
            continue
        problems, ids = _check_text(f"narrative/{lang}.md", text, results)
        found += problems
        used[lang] = ids
    return [*found, *_differences(used), *_old_keys(results)]


def _old_keys(results: Results) -> list[Finding]:
    """Key findings of study.yml that rest on data older than their limit."""
    old = _old(results)
    return [finding("key_finding_old", file="study.yml", field="key_findings", value=ident)
            for ident in results.evidence.study.key_findings if ident in old]  # fmt: skip


def _old(results: Results) -> set[str]:
    """Ids of numbers that are too old for a key finding."""
    return set(results.estimates.filter(reason=OLD)["id"].to_list())


def _check_text(file: str, text: str, results: Results) -> tuple[list[Finding], set[str]]:
    found: list[Finding] = []
    plain = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)
    sections = {section["id"] for section in results.evidence.pack.report["sections"]}
    for head in SECTION.finditer(plain):
        if head.group(2) not in sections:
            line = plain.count("\n", 0, head.start()) + 1
            known = ", ".join(sorted(sections))
            found.append(finding("section_unknown", file=file, line=line, value=head.group(2), sections=known))
    ids: set[str] = set()
    old = _old(results)
    for match in REFERENCE.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        problem, ident = _check_reference(match.group(1), results)
        if problem:
            near = _nearest(match.group(1), results) if problem in NEAREST else ""
            found.append(finding(problem, file=file, line=line, value=match.group(1).strip(), nearest=near))
        elif ident:
            ids.add(ident)
            if ident in old and _section_of(plain, match.start()) == KEYS:
                found.append(finding("key_finding_old", file=file, line=line, value=ident))
    blank = REFERENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), plain)
    for number, line_text in enumerate(blank.splitlines(), 1):
        digit = DIGIT.search(re.sub(r"^\s*[0-9]+\.\s", lambda m: " " * len(m.group(0)), line_text))
        if digit:
            shown = line_text[max(0, digit.start() - 20) : digit.end() + 20].strip()
            found.append(
                finding("digit_typed", file=file, line=number, field=f"column {digit.start() + 1}", value=shown)
            )
    lang, study = Path(file).stem, results.evidence.study
    spoken = _spoken(plain, lang, study.likelihood)
    found += lint.lint(spoken, file, lang, study.care.terms.get(lang, {}))
    return [*found, *lint.likelihood(blank, file, lang, study.likelihood)], ids


def _section_of(text: str, at: int) -> str:
    """The section that a place in a narrative belongs to."""
    heads = [head.group(2) for head in SECTION.finditer(text) if head.start() <= at]
    return str(heads[-1]) if heads else ""


def _spoken(text: str, lang: str, table: str) -> str:
    """The text with its likelihood words in place, and every other reference blanked out."""

    def word(match: re.Match[str]) -> str:
        reference = parse(match.group(1))
        known = likelihood.words(table)
        if isinstance(reference, Declared) and reference.kind == "likelihood" and reference.text in known:
            return known[reference.text].said(lang)
        return re.sub(r"[^\n]", " ", match.group(0))

    return REFERENCE.sub(word, text)


def _check_reference(inner: str, results: Results) -> tuple[str | None, str | None]:
    """(code of the problem, None) or (None, id of the estimate)."""
    reference = parse(inner)
    if reference is None:
        return "reference_form", None
    if isinstance(reference, Declared):
        return _check_declared(reference, results), None
    if isinstance(reference, Quoted):
        return None if reference.id in results.evidence.quotes["id"] else "quote_unknown", None
    if reference.form not in FORMS:
        return "reference_form", None
    row = row_of(results.estimates, reference)
    if row is None:
        return "reference_unknown", None
    return None, str(row["id"])


def _nearest(inner: str, results: Results) -> str:
    """Up to three ids that look like the one of a reference; the words of the study's table of likelihood."""
    if isinstance(parse(inner), Declared):
        return ", ".join(likelihood.words(results.evidence.study.likelihood)) or "-"
    ids: list[str] = results.estimates["id"].to_list()
    return ", ".join(get_close_matches(inner.split("|", maxsplit=1)[0].strip(), ids, n=3, cutoff=0.6)) or "-"


def _check_declared(reference: Declared, results: Results) -> str | None:
    if reference.kind == "literal":
        return _check_literal(reference, results)
    if reference.kind == "likelihood":
        known = reference.text in likelihood.words(results.evidence.study.likelihood)
        return None if known else "likelihood_unknown"
    return _check_date(reference)


def _check_literal(literal: Declared, results: Results) -> str | None:
    """A literal names a public source or a table: the id of somebody interviewed is never printed."""
    sources = results.evidence.sources
    if literal.source in {card.name for card in results.evidence.cards}:
        return None
    if literal.source in sources.filter(is_public())["id"]:
        return None
    return "literal_informant" if literal.source in sources["id"] else "literal_source"


def _check_date(declared: Declared) -> str | None:
    return "date_form" if declared.kind == "date" and not DATE.fullmatch(declared.text) else None


def _differences(used: Mapping[str, set[str]]) -> list[Finding]:
    """Numbers that only one language gives."""
    if len(used) < 2:
        return []
    every = set[str]().union(*used.values())
    return [
        finding("languages_differ", file=f"narrative/{lang}.md", value=ident)
        for lang, ids in sorted(used.items())
        for ident in sorted(every - ids)
    ]
