"""Who was heard, and whether more interviews still brought new themes.

Sample: interviews done and planned by place and class. Code coverage (saturation): base size, run length and
new-information threshold of Guest, Namey and Chen (2020); a closed codebook saturates by design.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.estimate import Row, collect, estimate_id, rng, row
from maillage.evidence import Evidence
from maillage.measure.respondents import ALL, Areas, Source, areas, groups, sources, statements

BASE, RUN, THRESHOLD, SHUFFLES = 4, 2, 0.05, 1000
MOST_CELLS = 2**20  # of an array that is made at once

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


def coverage(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Estimates `sample/P/CLASS` or `saturation/P`, by the measure's name."""
    return saturation(evidence, name) if name == "saturation" else sample(evidence, name)


def sample(evidence: Evidence, name: str = "sample") -> pl.DataFrame:
    """Interviews by area and class (and by family), and all of them (`sample/ALL/ALL`): value = done, `planned` from
    the table plan.

    People who refused are not done; they are `missing`. A class planned and not heard is `too_few`, `none_done`.
    """
    where = areas(evidence)
    done: dict[tuple[str, str], list[Source]] = {}
    planned: dict[tuple[str, str], int] = {}
    for source in sources(evidence).values():
        if not source.respondent:
            continue
        for slot in _slots(source.place, source.stakeholder, where, evidence):
            done.setdefault(slot, []).append(source)
    for place, stakeholder, count in evidence.plan.select("place", "stakeholder", "planned").iter_rows():
        for slot in _slots(place, stakeholder, where, evidence):
            planned[slot] = planned.get(slot, 0) + count
    idents: dict[str, list[str]] = {}
    for ident, source in evidence.observations.sort("id").select("id", "source").iter_rows():
        idents.setdefault(source, []).append(ident)
    slots = sorted(done.keys() | planned.keys())
    return collect(
        _sampled(name, slot, people=done.get(slot, []), planned=planned.get(slot), idents=idents) for slot in slots
    )


def _slots(place: str | None, stakeholder: str | None, where: Areas, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The areas and classes that a person counts for."""
    yield from ((area, group) for area in where.of(place) for group in groups(stakeholder, evidence))
    yield ALL, ALL


def _sampled(
    name: str, slot: tuple[str, str], *, people: Sequence[Source], planned: int | None, idents: Mapping[str, list[str]]
) -> Row:
    heard = [source for source in people if source.consented]
    trace = [ident for source in heard for ident in idents.get(source.id, [f"source:{source.id}"])]
    return row(
        id=estimate_id(name, *slot),
        measure=name,
        kind="coverage",
        place=slot[0],
        group=slot[1],
        unit_of_analysis="source",
        value=float(len(heard)),
        unit="interviews",
        n=len(heard),
        planned=planned,
        missing=len(people) - len(heard),
        clusters=len({source.cluster for source in heard}),
        status="ok" if heard else "too_few",
        reason=None if heard else "none_done",
        method="sample v1",
        trace=trace,
        counted=trace,
    )


def saturation(evidence: Evidence, name: str = "saturation") -> pl.DataFrame:
    """At which interview new themes ran dry, by area of the interview; answer = reached, not_reached or too_few.

    Theme = question, answer and market said as present; order = date, then id. value = number of the interview, low
    and high = 5 % and 95 % quantiles over 1,000 shuffles of the order (one that never gets there counts as n + 1).
    """
    where = areas(evidence)
    themes: dict[str, set[tuple[str, str, str]]] = {}
    trace: dict[str, list[str]] = {}
    for item in statements(evidence):
        if item.source.respondent and item.substantive:
            said = themes.setdefault(item.source.id, set())
            trace.setdefault(item.source.id, []).append(item.id)
            if item.affirms:
                said.add((item.question, item.answer or "", item.market or ""))
    known = sources(evidence)
    people = sorted((known[key] for key in themes), key=lambda source: (source.date, source.id))
    by_area: dict[str, list[str]] = {}
    for source in people:
        for area in where.of(source.place):
            by_area.setdefault(area, []).append(source.id)
    return collect(
        _saturated(evidence, name, area=area, order=order, themes=themes, trace=trace)
        for area, order in sorted(by_area.items())
    )


def _saturated(
    evidence: Evidence,
    name: str,
    *,
    area: str,
    order: Sequence[str],
    themes: Mapping[str, set[tuple[str, str, str]]],
    trace: Mapping[str, list[str]],
) -> Row:
    idents = [ident for source in order for ident in trace[source]]
    common = row(
        id=estimate_id(name, area),
        measure=name,
        kind="coverage",
        place=area,
        unit_of_analysis="respondent",
        unit="interviews",
        n=len(order),
        method=f"saturation v1 (base {BASE}, run {RUN}, threshold {THRESHOLD})",
        trace=idents,
        counted=idents,
    )
    if len(order) <= BASE + RUN:
        return common | Row(answer="too_few", status="too_few", reason="few_interviews")
    known = sorted({theme for source in order for theme in themes[source]})
    said = np.array([[theme in themes[source] for theme in known] for source in order], dtype=np.bool_)
    reached = stop(said)
    low, high = _band(said, rng(evidence.study.seed, f"{name}/{area}"))
    band = Row(low=low, high=high, interval="q05-q95")
    if reached is None:
        return common | band | Row(answer="not_reached", status="not_computable", reason="not_reached")
    return common | band | Row(answer="reached", value=float(reached))


def stop(said: Flags) -> int | None:
    """The number (from 1) of the last interview of the first run that brings at most 5 % new themes.

    said: interviews in order x themes. Share of new themes = themes first said in the run / themes of the base. None
    where no whole run gets there, or the base says nothing.
    """
    return int(_stops(said, np.arange(len(said))[np.newaxis])[0]) or None


def _stops(said: Flags, places: Ints) -> Ints:
    """As `stop` for several orders at once; 0 where none gets there. places: orders x interviews, from 0."""
    seen = _seen(said, places)
    ends = np.arange(BASE + RUN, len(said) + 1, RUN)
    base = seen[:, BASE - 1, np.newaxis]
    dry = (base > 0) & (seen[:, ends - 1] - seen[:, ends - RUN - 1] <= THRESHOLD * base)
    return np.where(dry.any(axis=1), ends[dry.argmax(axis=1)], 0) if ends.size else np.zeros(len(seen), dtype=np.int64)


def _seen(said: Flags, places: Ints) -> Ints:
    """How many themes were said up to each interview, orders x interviews: a theme begins where it is first said."""
    themes, who = np.nonzero(said.T)
    first = np.minimum.reduceat(places[:, who], np.flatnonzero(np.diff(themes, prepend=-1)), axis=1)
    begun = first + len(said) * np.arange(len(places))[:, np.newaxis]
    return np.bincount(begun.ravel(), minlength=places.size).reshape(places.shape).cumsum(axis=1)


def _band(said: Flags, stream: np.random.Generator) -> tuple[float, float]:
    """5 % and 95 % quantiles of `stop` over shuffled orders (values that occur, no interpolation)."""
    orders = stream.permuted(np.tile(np.arange(len(said)), (SHUFFLES, 1)), axis=1)
    places = np.argsort(orders, axis=1)
    at_once = max(1, MOST_CELLS // max(1, np.count_nonzero(said)))  # nobody may have said anything
    found = np.concatenate([_stops(said, places[turn : turn + at_once]) for turn in range(0, SHUFFLES, at_once)])
    low, high = np.quantile(np.where(found, found, len(said) + 1), [0.05, 0.95], method="inverted_cdf")
    return float(low), float(high)
