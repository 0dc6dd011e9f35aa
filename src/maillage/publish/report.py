"""The report as a document: the sections of the pack's outline, filled from a Release and the analysts' text.

A section is a list of parts: the narrative, a chart, a table, the key findings, the gaps, the methods. What a release
has nothing for is left out; nothing is made up in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version

import polars as pl

from maillage import numbers
from maillage.blocks import Block, Cell, Document, Heading, Items, KeyFinding, Number, Paragraph, Section, Text
from maillage.publish import (
    citing,
    explain,
    glossary,
    report_gaps,
    report_methods,
    reporting,
    sensitive,
    typography,
    ungraded,
    wording,
)
from maillage.publish.charts import CHARTS
from maillage.publish.explain import Behind
from maillage.publish.gate import Release
from maillage.publish.report_brokers import brokers
from maillage.publish.report_findings import FINDINGS
from maillage.publish.report_index import INDEX
from maillage.publish.report_rounds import ROUNDS, items
from maillage.publish.report_spread import SPREAD
from maillage.publish.report_steadiness import STEADY
from maillage.publish.report_tables import TABLES, unranked
from maillage.publish.view import View, capital, view
from maillage.publish.walk import numbers_of, printed_numbers

Narrative = Mapping[str, Sequence[Block]]
MOST_PROPOSED = 5
BY_NAME = {**TABLES, **SPREAD, "brokers": brokers, "items": items}
UNDER = {
    "actions": (unranked, report_methods.ruled_out),
    "sources": (report_methods.dated, report_methods.zoned, report_methods.explained),
}  # what is said once under a table
BY_KEYS = FINDINGS | STEADY | INDEX | ROUNDS
PROPOSED = ("links", "markets", "published", "levies", "flows", "coercion")


def document(release: Release, narrative: Narrative, lang: str) -> Document:
    """The report of a release in one language; `narrative`: section id -> blocks, its references resolved."""
    seen = view(release, lang)
    known = explain.behind(release, seen.labels)
    keys = key_ids(release, narrative)
    sections = [_section(spec, narrative, seen, known, keys=keys) for spec in release.pack.report["sections"]]
    sections = glossary.placed(sections, lang, before=report_methods.MEASURES)
    settings = release.settings
    bare = Document(
        lang=lang,
        title=numbers.spaced(settings.title.get(lang, settings.id), lang),
        subtitle=_subtitle(seen),
        notice=_notice(seen),
        status=settings.status,
        synthetic=settings.synthetic,
        date=release.date,
        meta=_meta(seen),
        sections=[section for section in sections if section.blocks],
        explanations={},
        other_langs={other: f"report.{other}.html" for other in release.langs if other != lang},
    )
    notes = explain.explanations(known, printed_numbers(bare))
    return typography.dressed(replace(bare, explanations=notes))


def key_ids(release: Release, narrative: Narrative) -> list[str]:
    """Ids of the numbers that key findings rest on: those of study.yml, then those that the narrative refers to."""
    told = (number.estimate for blocks in narrative.values() for number in numbers_of(blocks))
    return list(dict.fromkeys([*release.settings.key_findings, *told]))


def _section(
    spec: Mapping[str, object], narrative: Narrative, seen: View, known: Behind, *, keys: Sequence[str]
) -> Section:
    ident, title = str(spec["id"]), spec["title"]
    assert isinstance(title, Mapping)
    parts = spec["parts"]
    assert isinstance(parts, Sequence)
    told = list(narrative.get(ident, ()))
    blocks: list[Block] = []
    for part in parts:
        if part == "key_findings":
            listed, told = _listed(told)
            found, after = key_findings(listed, known)
            blocks += found
            told = [*after, *told]
        elif part == "narrative":
            blocks += told
        elif isinstance(part, str) and part in BY_KEYS:
            blocks += BY_KEYS[part](keys, seen, known)
        else:
            blocks += _part(part, seen)
    return Section(ident, str(title[seen.lang]), _anchored(blocks, ident))


def _part(part: object, seen: View) -> Sequence[Block]:
    """The blocks of one automatic part: gaps, methods, reporting, {chart: NAME} or {table: NAME}."""
    if part == "gaps":
        return report_gaps.gaps(seen)
    if part == "methods":
        return report_methods.methods(seen)
    if part == "reporting":
        return reporting.annex(seen)
    assert isinstance(part, Mapping)
    if "chart" in part:
        draw = CHARTS.get(str(part["chart"]))
        figure = draw(seen.release, seen.lang) if draw else None
        return [figure] if figure else []
    name = str(part["table"])
    return [block for make in (BY_NAME[name], *UNDER.get(name, ())) if (block := make(seen))]


def _anchored(blocks: Sequence[Block], section: str) -> list[Block]:
    """Headings of the narrative with an id that is theirs alone."""
    found: list[Block] = []
    for order, block in enumerate(blocks):
        if isinstance(block, Heading) and not block.id:
            block = replace(block, id=f"{section}-{order}")
        found.append(block)
    return found


def _listed(told: Sequence[Block]) -> tuple[Sequence[Cell], list[Block]]:
    """The items of the first numbered list of the section on key findings, and everything else in it."""
    for order, block in enumerate(told):
        if isinstance(block, Items) and block.ordered:
            return block.items, [*told[:order], *told[order + 1 :]]
    return (), list(told)


def key_findings(listed: Sequence[Cell], known: Behind) -> tuple[list[Block], list[Block]]:
    """One block a key finding (the analyst's sentences, then those of study.yml that no sentence is about), and what is
    said of all of them after the drawing beside them.

    Where neither names any, those on which most clusters agree are proposed, and the report says so. What would help
    most is said once where it is the same for every finding.
    """
    told = [(spans, [span.estimate for span in spans if isinstance(span, Number)]) for spans in listed]
    named = {ident for _, ids in told for ident in ids}
    wanted = [ident for ident in known.release.settings.key_findings if ident not in named and ident in known.estimates]
    proposed = [] if told or wanted else _proposed(known)
    told += [(_sentence(ident, known), [ident]) for ident in [*wanted, *proposed]]
    leads = [explain.lead(ids, known) for _, ids in told]
    helps = {explain.helps(known, lead) for lead in leads}
    shared = helps.pop() if len(helps) == 1 and len(told) > 1 else ""
    blocks = [
        _finding(f"finding-{order}", spans, ids, lead, known, whole=not shared)
        for order, ((spans, ids), lead) in enumerate(zip(told, leads, strict=True), 1)
    ]
    blocks = _once(blocks, leads, known)
    after: list[Block] = [Paragraph([Text(known.labels.phrase("report_helps_all", source=shared))])] if shared else []
    if proposed:
        after.append(Paragraph([Text(known.labels.phrase("report_proposed"), "em")]))
    return blocks, after


def _once(found: Sequence[KeyFinding], leads: Sequence[str], known: Behind) -> list[Block]:
    """A reason that an earlier finding gives already is not said again: the earlier one is named, and again how many
    sources hold the word up."""
    first: dict[tuple[str | None, str], int] = {}
    out: list[Block] = []
    for order, (block, lead) in enumerate(zip(found, leads, strict=True), 1):
        at = first.setdefault((block.confidence, block.because), order)
        again = _joined([known.labels.phrase("report_same_reason", n=at), explain.fragility(known, lead)])
        out.append(block if at == order or not block.because else replace(block, because=again))
    return out


def _sentence(ident: str, known: Behind) -> Cell:
    """A number named in study.yml as a sentence of its own."""
    row, labels = known.estimates[ident], known.labels
    value = row["value"] if row["status"] == "ok" else None
    head = Text(capital(wording.label(row, labels)) + labels.phrase("report_colon"))
    return [head, Number(ident, wording.say(row, labels), value), Text(".")]


def _finding(name: str, spans: Cell, ids: Sequence[str], lead: str, known: Behind, *, whole: bool) -> KeyFinding:
    """A key finding with the word of its weakest number, why it has it and what would change it."""
    word, why = explain.confidence(known, lead) if lead else (None, "")
    why = why or ("" if word else ungraded.unweighed(ids, known))
    changed = (explain.change if whole else explain.fragility)(known, lead) if lead else ""
    parts = [why, explain.tag(known, lead), changed, *explain.torn(known, ids, lead)]
    return KeyFinding(name, spans, word, _joined(parts), ids)


def _joined(parts: Sequence[str]) -> str:
    text = ". ".join(part.rstrip(".") for part in parts if part)
    return f"{text}." if text else ""


def _proposed(known: Behind) -> list[str]:
    """One finding a measure and answer, the surest and best supported first."""
    weighed: list[tuple[int, int, str]] = []
    for ident, found in known.findings.items():
        row = known.estimates.get(ident)
        if row and row["status"] == "ok" and row["measure"] in PROPOSED and found["confidence"] in explain.WORDS:
            weighed.append((explain.WORDS.index(found["confidence"]), -(found["clusters"] or 0), ident))
    chosen: list[str] = []
    about: set[tuple[object, ...]] = set()
    for _, _, ident in sorted(weighed):
        row = known.estimates[ident]
        key = (row["measure"], row["answer"], row["market"], row["good"])
        if key not in about:
            about.add(key)
            chosen.append(ident)
    return chosen[:MOST_PROPOSED]


def _subtitle(seen: View) -> str:
    settings = seen.release.settings
    where = numbers.items([seen.place(code) for code in settings.countries], seen.lang)
    when = numbers.date(settings.period, seen.lang) if settings.period else ""
    return ", ".join(part for part in (where, when) if part)


def _notice(seen: View) -> str:
    """The study's own words, or ours; readers beside the public are told what to handle with care."""
    settings = seen.release.settings
    own = numbers.spaced(settings.notice.get(seen.lang, ""), seen.lang) or seen.labels.phrase("report_notice")
    warned = "" if seen.release.audience == "public" else sensitive.banner(settings, seen.labels)
    return " ".join(part for part in (own, desk(seen), warned) if part)


def desk(seen: View) -> str:
    """That nobody was interviewed, and on what most rests; blank for a study with interviews or without evidence."""
    release, phrase = seen.release, seen.labels.phrase
    told = release.public_sources.filter(pl.col("statements") > 0).sort("statements", "id", descending=[True, False])
    if release.records.held or seen.rows("sample") or told.is_empty():
        return ""
    main, count, all_ = told.row(0, named=True), int(told["statements"][0]), int(told["statements"].sum())
    documents = told.filter(pl.col("kind") == "document")
    if main["id"] not in documents["id"] or 2 * count < all_:
        return phrase("report_desk_bare")
    facts = {
        "count": seen.number(count, 0),
        "all": seen.number(all_, 0),
        "title": citing.title(release, main, seen.lang),
    }
    most = release.settings.published_samples.get(main["id"])
    heard = phrase("report_desk_sample", sample=seen.number(most, 0)) if most else phrase("report_desk_unstated")
    return phrase("report_desk", **facts) + heard


def _meta(seen: View) -> dict[str, str]:
    """The colophon: which state of which study, by which rules."""
    labels, release = seen.labels, seen.release
    settings = release.settings
    facts = {
        "meta_study": settings.id,
        "meta_audience": labels.phrase(f"audience_{release.audience}"),
        "meta_boundaries": settings.boundary_version,
        "meta_pack": f"{release.pack.id} {release.pack.version}",
        "meta_head": release.head[:16],
        "meta_exceptions": seen.number(release.exceptions, 0) if release.exceptions else "",
        "meta_software": f"maillage {version('maillage')}",
    }
    return {labels.phrase(key): text for key, text in facts.items() if text}
