"""The brief: two pages made of the report's own blocks, for a reader in a hurry who must not be misled.

What does not fit is left out whole, with a line that says how much more the report holds; no sentence is cut.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from maillage.blocks import (
    Block,
    Cell,
    Document,
    Figure,
    Gap,
    Items,
    KeyFinding,
    Number,
    Paragraph,
    Section,
    Table,
    Text,
)
from maillage.publish import answers, paper, pdf, report_methods, typeset, typography, wording
from maillage.publish.gate import Release
from maillage.publish.view import Row, View, capital, view
from maillage.publish.walk import printed_numbers

TEMPLATE = "brief.typ"
FINDINGS, ACTIONS, GAPS, MORE = "key_findings", "recommendations", "gaps", "read_more"
KINDS = ("findings", "actions", "gaps")  # what is left out where it does not fit
WHOLE = "ALL"


def brief(report: Document, release: Release) -> Document:
    """The brief of a report: key findings and one map, recommendations, what is unknown, where to read more."""
    seen = view(release, report.lang)
    parts = {section.id: section for section in report.sections}
    findings = [block for block in _blocks(parts, FINDINGS) if isinstance(block, KeyFinding)]
    drawn = [block for block in _blocks(parts, FINDINGS) if isinstance(block, Figure)][:1]
    said = [block for block in _blocks(parts, FINDINGS) if isinstance(block, Paragraph)]
    todo = _recommendations(seen, report)
    gaps = [block for block in _blocks(parts, GAPS) if isinstance(block, Gap) and not _told(block, todo)]
    dated = report_methods.dated(seen)
    sure = [Paragraph([Text(seen.labels.phrase("brief_how_sure"))]), *([dated] if dated else [])] if findings else []
    made = {FINDINGS: [*findings, *drawn, *sure, *said], ACTIONS: todo, GAPS: gaps}
    sections = [Section(name, parts[name].title, made[name]) for name in made if name in parts and made[name]]
    sections.append(Section(MORE, seen.labels.phrase("brief_read"), [_read_more(seen)]))
    name = seen.labels.phrase("brief_name")
    others = {lang: f"brief.{lang}.html" for lang in report.other_langs}
    subtitle = " \u2013 ".join(part for part in (name, report.subtitle) if part)
    bare = replace(report, subtitle=subtitle, sections=sections, explanations={}, other_langs=others)
    notes = {ident: report.explanations[ident] for ident in printed_numbers(bare) if ident in report.explanations}
    shown = {ident: replace(note, method_anchor="") for ident, note in notes.items()}
    return typography.dressed(replace(bare, explanations=shown))


def render(document: Document) -> bytes:
    """The brief as a tagged PDF of two pages."""
    words = paper.Words(document.lang)
    made = pdf.data(document)
    most = max([0, *(len(section.blocks) for section in document.sections), *map(len, _rows(document))])
    more = {kind: [_more(words, kind, count) for count in range(most + 1)] for kind in KINDS}
    return typeset.pdf(TEMPLATE, made | {"more": more}, timestamp=paper.timestamp(document))


def _rows(document: Document) -> list[Sequence[Sequence[Cell]]]:
    return [block.rows for section in document.sections for block in section.blocks if isinstance(block, Table)]


def _more(words: paper.Words, kind: str, count: int) -> str:
    """How many items were left out; empty for none."""
    if count == 0:
        return ""
    return words.say(f"brief_more_{kind}_one" if count == 1 else f"brief_more_{kind}", count=count)


def _blocks(parts: dict[str, Section], name: str) -> Sequence[Block]:
    return parts[name].blocks if name in parts else ()


def _told(gap: Gap, blocks: Sequence[Block]) -> bool:
    """Whether these blocks say already what is missing, as the reason why a number of theirs is none."""
    cells = [block.spans for block in blocks if isinstance(block, Paragraph)]
    reasons = [span.text for cell in cells for span in cell if isinstance(span, Number)]
    return bool(gap.missing) and any(reason.endswith(gap.missing) for reason in reasons)


def _recommendations(seen: View, report: Document) -> list[Block]:
    """By whom, what each action answers and where, what it risks; ranked, or why there is no ranking."""
    overall = {row["action"]: row for row in seen.release.priorities.iter_rows(named=True) if row["place"] == WHOLE}
    actions = [code for code in seen.release.pack.actions if code in overall]
    if not actions:
        return []
    ranks = {code: row for code in actions if (row := seen.release.estimate(overall[code]["id"])) is not None}
    ranked = {code: row["value"] for code, row in ranks.items() if row["status"] == "ok"}
    actions.sort(key=lambda code: -(ranked.get(code) or 0.0))  # as they stand where none is ranked
    rows = [_action(code, seen) for code in actions]
    keys = ["head_action", "head_needs", "head_factors_placed", "head_risk"]
    if ranked:
        keys.append("head_rank")
        rows = [[*row, _rank(ranks.get(code), seen)] for code, row in zip(actions, rows, strict=True)]
    table = Table("brief-actions", seen.labels.phrase("table_actions"), list(map(seen.labels.phrase, keys)), rows)
    told = next((section.blocks for section in report.sections if section.id == ACTIONS), ())
    before = takewhile(lambda block: not isinstance(block, Table), told)
    origin = [block for block in before if isinstance(block, Paragraph)][:1]  # whose they are, in the analysts' words
    order = _order(overall[actions[0]]["id"], report, seen, ranked=bool(ranked))
    risks = Text(" ".join(filter(None, [seen.labels.phrase("brief_harm"), answers.zones(actions, seen)])))
    return [*origin, Paragraph([*order, Text(" "), risks]), table]


def _rank(row: Row | None, seen: View) -> Cell:
    """The rank of one action, or why it has none."""
    if row is None:
        return (Text(""),)
    return (Number(row["id"], wording.say(row, seen.labels), row["value"] if row["status"] == "ok" else None),)


def _order(first: str, report: Document, seen: View, *, ranked: bool) -> Cell:
    """What the order of the recommendations means."""
    if ranked:
        return [Text(seen.labels.phrase("brief_ranked"))]
    behind = report.explanations.get(first)
    why = behind.value if behind else seen.labels.phrase("no_value")
    return [Text(seen.labels.phrase("brief_not_ranked")), Number(first, why[:1].lower() + why[1:]), Text(".")]


def _action(code: str, seen: View) -> list[Cell]:
    """One row: the action and by whom, the needs voiced, the factors told of, the risk that stays."""
    spec: Any = seen.release.pack.actions[code]
    who = answers.actors(code, seen)
    named = f"{code}\u2002{capital(spec['label'][seen.lang])}"
    head = [Text(named, "strong"), *([Text(f" {seen.labels.phrase('brief_by', who=who)}")] if who else [])]
    risk = answers.risk(code, seen) or _harm(spec, seen)
    told = (answers.needs(code, seen), answers.factors(code, seen, placed=True), risk)
    return [head, *[(Text(text),) for text in told]]


def _harm(spec: Any, seen: View) -> str:
    """What could go wrong with an action, whole: an empty cell would read as no risk, half of it as all."""
    return str((spec.get("harm") or {}).get(seen.lang, ""))


def _read_more(seen: View) -> Items:
    """The other files of the release."""
    lang, phrase = seen.lang, seen.labels.phrase
    return Items([
        [Text(phrase("brief_read_report", file=f"report.{lang}.html"))],
        [Text(phrase("brief_read_paper", pdf=f"report.{lang}.pdf", docx=f"report.{lang}.docx"))],
        [Text(phrase("brief_read_data", file="data/estimates.csv"))],
    ])  # fmt: skip
