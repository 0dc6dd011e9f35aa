"""How many of the people asked say so: k of n, by place and above, by class, by market.

n = respondents with a substantive answer to the question (a denial is one); k = those who say it as present and not as
a mere hypothesis. Documents, cases, meetings and focus groups never enter k or n.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter
from typing import Any

import polars as pl

from maillage.estimate import Row, collect, estimate_id, row
from maillage.evidence import Evidence
from maillage.measure.intervals import about, feasible, finite, interval, pooled
from maillage.measure.respondents import ALL, Areas, Source, Statement, areas, groups, sources, statements
from maillage.measure.rules import Frame, Key, Rule, frame, rule
from maillage.measure.steadiness import leave_one, no_answer, order, swing

__all__ = [
    "about", "feasible", "finite", "interval", "leave_one", "no_answer", "order", "pooled", "shares", "swing",
]  # fmt: skip

METHOD = "share v1"


@dataclass(frozen=True, slots=True)
class Slot:
    """One denominator: area, class of person (by class only), year (by period only), market (per market only)."""

    area: str
    group: str | None
    year: str | None
    base: Key


@dataclass(slots=True)
class Tally:
    """Who speaks in a slot: source -> statements; who says what: key -> source -> statements."""

    asked: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    said: dict[Key, dict[str, list[str]]] = field(default_factory=dict[Key, dict[str, list[str]]])


@dataclass(frozen=True, slots=True)
class Counting:
    """What a count needs at hand."""

    evidence: Evidence
    name: str
    rule: Rule
    frame: Frame
    areas: Areas
    sources: Mapping[str, Source]
    asked: Sequence[Statement]
    by_period: bool


def shares(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Estimates of one measure of the family (`links`, `markets`, `roles` ...).

    spec: entry of the pack; `question` for measures without a rule of their own; `by_period` adds ids by year. Every
    area where somebody answered gets a row for each answer of a closed list, and for each answer of an open list that
    anybody in the study gives; what only other sources say is a row `not_computable`,
    `no_respondents` (`no_interviews` where nobody in the study was interviewed).
    """
    used = rule(name, spec)
    asked = statements(evidence, used.question)
    by_period = bool(spec.get("by_period"))
    count = Counting(evidence, name, used, frame(evidence), areas(evidence), sources(evidence), asked, by_period)
    given = [item for item in asked if item.substantive]
    tallies = _tallies(count, given)
    stated = {key for item in given for key in used.said(item, count.frame)}
    closed = {(code,) for code in evidence.pack.codes(used.closed)} if used.closed else set[Key]()
    heard = _interviewed(count)
    rows: list[Row] = []
    for slot, tally in tallies.items():
        keys = (key for key in stated | closed if not used.per_market or key[:1] == slot.base)
        missing = heard[slot.group if used.by_group else slot.area] - len(tally.asked)
        rows += [_share(count, slot, key=key, tally=tally, missing=missing) for key in sorted(keys)]
    return collect([*rows, *_unasked(count, given, {item["id"] for item in rows if "id" in item})])


def _tallies(count: Counting, given: Sequence[Statement]) -> dict[Slot, Tally]:
    found: dict[Slot, Tally] = {}
    for item in given:
        if not item.source.respondent:
            continue
        keys = [key for key in count.rule.said(item, count.frame) if _affirmed(count, item, key)]
        for slot in _slots(count, item):
            tally = found.setdefault(slot, Tally())
            tally.asked.setdefault(item.source.id, []).append(item.id)
            for key in keys:
                tally.said.setdefault(key, {}).setdefault(item.source.id, []).append(item.id)
    return found


def _affirmed(count: Counting, item: Statement, key: Key) -> bool:
    return count.rule.stance(item, key, count.frame) == "for"


def _slots(count: Counting, item: Statement) -> Iterable[Slot]:
    """The denominators a statement enters: areas that hold both the place spoken of and, unless `about`, the home."""
    spoken = count.areas.of(item.place)
    home = set(count.areas.of(item.source.place))
    places = spoken if count.rule.about else [area for area in spoken if area in home]
    classes: Sequence[str | None] = (None,)
    if count.rule.by_group:
        places, classes = (ALL,), groups(item.source.stakeholder, count.evidence)
    years = [None, item.year] if count.by_period and item.year else [None]
    base = count.rule.base(item)
    return [Slot(area, group, year, base) for area in places for group in classes for year in years]


def _ident(count: Counting, slot: Slot, key: Key) -> str:
    stem = estimate_id(count.name, slot.group if count.rule.by_group else slot.area, *count.rule.ident(key))
    return stem if slot.year is None else f"{stem}@{slot.year}"


def _columns(count: Counting, slot: Slot, key: Key) -> Row:
    """What every row of a measure holds, before the count."""
    parts = dict(zip(count.rule.parts, key, strict=True))
    return row(
        id=_ident(count, slot, key),
        measure=count.name,
        kind="shares",
        place=slot.area,
        unit_of_analysis="respondent",
        group=slot.group,
        actor=parts.get("actor"),
        other=parts.get("other"),
        market=parts.get("market"),
        answer=parts.get("answer"),
        period=slot.year,
        unit="share",
        method=METHOD,
    )


def _share(count: Counting, slot: Slot, *, key: Key, tally: Tally, missing: int) -> Row:
    said = tally.said.get(key, {})
    k, n = len(said), len(tally.asked)
    low, high = interval(k, n)
    counted = [ident for idents in said.values() for ident in idents]
    return _columns(count, slot, key) | row(
        value=k / n,
        low=low,
        high=high,
        interval="wilson95",
        k=k,
        n=n,
        missing=missing,
        clusters=len({count.sources[source].cluster for source in tally.asked}),
        trace=[ident for idents in tally.asked.values() for ident in idents],
        counted=counted,
    )


def _interviewed(count: Counting) -> Counter[str | None]:
    """How many were interviewed, by area or by class; about a place: how many were asked about it."""
    people = [source for source in count.sources.values() if source.respondent]
    if count.rule.by_group:
        return Counter(group for source in people for group in groups(source.stakeholder, count.evidence))
    if count.rule.about:
        asked = [item for item in count.asked if item.source.respondent]
        return Counter(area for area, _ in {(area, i.source.id) for i in asked for area in count.areas.of(i.place)})
    return Counter(area for source in people for area in count.areas.of(source.place))


def _unasked(count: Counting, given: Sequence[Statement], made: set[str]) -> list[Row]:
    """What other sources state where no respondent answered: no number, but an id that a finding can rest on."""
    if count.rule.by_group:
        return []
    held = any(source.respondent for source in count.sources.values())
    reason = "no_respondents" if held else "no_interviews"
    traces: dict[str, tuple[Slot, Key, list[Statement]]] = {}
    for item in given:
        for key, area in product(count.rule.said(item, count.frame), count.areas.of(item.place)):
            slot = Slot(area, None, None, count.rule.base(item))
            ident = _ident(count, slot, key)
            if ident not in made:
                traces.setdefault(ident, (slot, key, []))[2].append(item)
    return [
        _columns(count, slot, key)
        | row(
            status="not_computable",
            reason=reason,
            n=0,
            clusters=len({item.source.cluster for item in items}),
            trace=[item.id for item in items],
        )
        for _, (slot, key, items) in sorted(traces.items(), key=itemgetter(0))
    ]
