"""The annex on reporting: each item of COREQ and SRQR with what answers it, and by name those that nothing answers.

Records answer first, then the study lead (`reporting` in study.yml). Agreement and saturation, which the items lead to,
stand below. A study that interviewed nobody has two sentences instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from maillage import tables
from maillage.blocks import Block, Gap, Heading, Literal, Number, Paragraph, Span, Table, Text
from maillage.checklists import Checklist, Item, checklists, items
from maillage.publish import citing
from maillage.publish.gate import Release
from maillage.publish.reporting_answers import ANSWERS, Answer, verdict
from maillage.publish.reporting_spans import BLANK, SETTINGS, count, declared, estimate, listed, told
from maillage.publish.view import Row, View, capital, view, words

HIGH, LOW = 0.80, 0.667
AUDIENCES = ("public", "partners", "team")  # each reads what those before it read
SCALE = "krippendorff-2004"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: answered `yes`, `partly` or `no`, in which words, from where."""

    item: Item
    answered: str
    spans: Sequence[Span]
    where: tuple[str, ...]


def entries(seen: View) -> list[Entry]:
    """Every item of every checklist in order; none where nobody was asked for an interview."""
    found: dict[str, Entry] = {}
    for item in items().values() if seen.release.records.held else ():
        found[item.code] = _entry(item, found, seen)
    return list(found.values())


def table(release: Release) -> pl.DataFrame:
    """The annex as data: checklist, item, answered (yes, partly, no), where."""
    return tables.build(
        [
            {"checklist": entry.item.checklist, "item": entry.item.number, "answered": entry.answered,
             "where": list(entry.where)}
            for entry in entries(view(release, release.langs[0]))
        ],
        "reporting",
    )  # fmt: skip


def annex(seen: View) -> list[Block]:
    """The annex as blocks: what is missing, the checklists, agreement and saturation."""
    found = entries(seen)
    if not found:
        return [Paragraph(list(_nobody(seen)))]
    blocks: list[Block | None] = [Paragraph(told(seen, "reporting_intro")), _missing(found, seen)]
    blocks += [_checklist(each, found, seen) for each in checklists()]
    blocks += [*_agreement(seen), _saturation(seen)]
    return [block for block in blocks if block]


def _entry(item: Item, before: Mapping[str, Entry], seen: View) -> Entry:
    answer = ANSWERS[item.record](seen) if item.record else None
    spans, where = (list(answer.spans), list(item.where)) if answer else ([], [])
    like = [before[code] for code in item.like if before[code].answered != "no"]
    if like:
        numbers = [[Literal(str(entry.item.number), entry.item.checklist)] for entry in like]
        spans += [*_gap(spans), *told(seen, "reporting_like", numbers=listed(seen, numbers))]
        where.append(like[0].item.checklist)
    answered = _answered(item, answer, before)
    lead = seen.release.settings.reporting.get(item.code)
    if lead and _may_read(lead.get("audience", "public"), seen):
        spans += [*_gap(spans), *declared(lead[seen.lang].strip(), SETTINGS)]
        where, answered = [*where, "lead"], "yes"
    elif lead:
        spans += [*_gap(spans), *told(seen, "reporting_kept")]
        where, answered = [*where, "lead"], "partly"
    return Entry(item, answered, spans, tuple(where))


def _may_read(least: str, seen: View) -> bool:
    """Whether what the lead wrote for an audience is for this one: the team reads what partners read, and so on."""
    return AUDIENCES.index(seen.release.audience) >= AUDIENCES.index(least)


def _gap(spans: Sequence[Span]) -> Sequence[Span]:
    return [BLANK] if spans else []


def _answered(item: Item, answer: Answer | None, before: Mapping[str, Entry]) -> str:
    """`yes` where all that can answer an item does, `no` where nothing does."""
    states = [before[code].answered for code in item.like]
    if item.record:
        states.append("no" if answer is None else "yes" if answer.full and not item.part else "partly")
    if not states or set(states) == {"no"}:
        return "no"
    return "yes" if set(states) == {"yes"} else "partly"


def _missing(found: Sequence[Entry], seen: View) -> Gap | None:
    """The items that nothing answers, by name, and how to state them."""
    missing = [entry.item for entry in found if entry.answered == "no"]
    if not missing:
        return None
    spans = told(seen, "reporting_missing", n=count(seen, len(missing), "reporting.csv"))
    for each in checklists():
        named = [[Literal(str(item.number), each.id), Text(f" {item.topic[seen.lang]}")]
                 for item in missing if item.checklist == each.id]  # fmt: skip
        if named:
            spans += told(seen, "reporting_missing_of", checklist=words(each.title), items=listed(seen, named))
    return Gap(spans, how=seen.labels.phrase("reporting_how"), label=seen.labels.phrase("reporting_missing_label"))


def _checklist(each: Checklist, found: Sequence[Entry], seen: View) -> Table:
    """The items of a checklist that something answers."""
    rows = [
        [
            [Literal(str(entry.item.number), each.id), Text(f" {capital(entry.item.topic[seen.lang])}")],
            entry.spans,
            words(_where(entry, seen)),
        ]
        for entry in found
        if entry.item.checklist == each.id and entry.answered != "no"
    ]
    heads = ("item", "answer", "where")
    return Table(
        id=f"table-{each.id}",
        title=seen.labels.phrase("reporting_table", checklist=each.title),
        columns=[seen.labels.phrase(f"reporting_head_{head}") for head in heads],
        rows=rows,
        source=each.source,
        wide=True,
    )


def _where(entry: Entry, seen: View) -> str:
    """Where the answer comes from; that it is only part of one is said too."""
    names = [code.upper() if code in ("coreq", "srqr") else seen.labels.phrase(f"reporting_where_{code}")
             for code in entry.where]  # fmt: skip
    text = ", ".join(names)
    return seen.labels.phrase("reporting_partly", where=text) if entry.answered == "partly" else text


def _agreement(seen: View) -> Iterator[Block]:
    """Agreement by question with what it allows, and the lines that say so."""
    rows = [_agreed(row, seen) for row in seen.rows("agreement")]
    if not rows:
        return
    heads = ("question", "alpha", "interval", "units", "reading")
    yield Heading(3, "reporting-agreement", words(seen.labels.phrase("reporting_agreement_head")))
    yield Paragraph(told(seen, "reporting_lines", high=_line(HIGH, seen), low=_line(LOW, seen)))
    yield Table(
        id="table-agreement",
        title=seen.labels.phrase("reporting_agreement"),
        columns=[seen.labels.phrase(f"reporting_head_{head}") for head in heads],
        rows=rows,
        align=["left", "right", "left", "right", "left"],
    )


def _agreed(row: Row, seen: View) -> list[Sequence[Span]]:
    """One question: alpha, its interval, units coded twice, what may rest on it."""
    name = words(capital(seen.labels.code("questions", row["answer"] or row["id"].split("/")[1])))
    if row["status"] != "ok":
        key = f"reporting_{row['status']}" if row["status"] == "withheld" else "reporting_alike"
        return [name, *[words("")] * 3, [Number(row["id"], seen.labels.phrase(key))]]
    low, high = row["low"], row["high"]
    interval: Sequence[Span] = words(seen.labels.phrase("reporting_no_interval"))
    if low is not None and high is not None:
        interval = told(
            seen, "reporting_interval", low=estimate(row, seen, "low", 2), high=estimate(row, seen, "high", 2)
        )
    return [name, estimate(row, seen, "value", 2), interval, estimate(row, seen, "n"), _reading(row, seen)]


def _reading(row: Row, seen: View) -> list[Span]:
    """What a coefficient allows by the customary lines, and whether its interval goes below the line it passed."""
    value, low = round(row["value"], 2), row["low"]  # as printed: what a reader can check
    name = "high" if value >= HIGH else "middle" if value >= LOW else "low"
    spans = told(seen, f"reporting_alpha_{name}")
    passed = {"high": HIGH, "middle": LOW}.get(name)
    if passed is not None and low is not None and round(low, 2) < round(passed, 2):
        spans += told(seen, "reporting_below", line=_line(passed, seen))
    return spans


def _line(value: float, seen: View) -> list[Span]:
    return [Literal(seen.number(value, 2 if value == HIGH else 3), SCALE)]


def _saturation(seen: View) -> Table | None:
    """The verdict by place, those with too few interviews together; only where more than the whole may be told."""
    rows = [row for row in seen.rows("saturation") if row["status"] != "withheld"]
    if len(rows) < 2:
        return None
    shown = [
        [words(capital(seen.place(row["place"]))), verdict(row, seen)] for row in rows if row["answer"] != "too_few"
    ]
    few = [row["place"] for row in rows if row["answer"] == "too_few"]
    if few:
        shown.append([words(seen.places(few)), told(seen, "reporting_too_few", among=())])
    return Table(
        id="table-saturation",
        title=seen.labels.phrase("reporting_saturation"),
        columns=[seen.labels.phrase(f"reporting_head_{head}") for head in ("place", "verdict")],
        rows=shown,
        note=seen.labels.phrase("reporting_coverage"),
    )


def _nobody(seen: View) -> Iterator[Span]:
    """Why there is no annex; of each study re-read, what the records know that it states and leaves out."""
    yield from told(seen, "reporting_nobody_asked")
    titles = citing.titles(seen.release, seen.lang)
    for source, most in sorted(seen.release.settings.published_samples.items()):
        shares = [row for row in seen.rows("published") if row["id"].endswith(f"/{source}")]
        unsaid = sum(row["n"] is None for row in shares)
        yield from told(
            seen,
            "reporting_published",
            title=declared(titles.get(source) or source, source),
            most=count(seen, most, source),
            unsaid=count(seen, unsaid, source),
            shares=count(seen, len(shares), source),
        )
