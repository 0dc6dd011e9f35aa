"""Means of what people say on a scale: severity, legitimacy, trend of a market, items of an assessment.

Each respondent has one voice: several statements of one person are averaged first. low and high are the smallest and
largest answer, no interval; the scale is ordinal, so the mean is shown beside how the answers spread.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from maillage.estimate import UNSTATED, Row, collect, estimate_id, row, stable_sum
from maillage.evidence import Evidence
from maillage.measure.respondents import UNANSWERED, Statement, areas, sources, statements
from maillage.measure.rounds import round_of

METHOD = "score v2"
TREND = {"down": -1.0, "stable": 0.0, "up": 1.0}

Voices = dict[str, list[Statement]]
Slot = tuple[str, str, str | None]  # area, market or item, year or round


def scores(evidence: Evidence, name: str, spec: Mapping[str, Any]) -> pl.DataFrame:
    """Estimates `severity|trend|legitimacy/P/MARKET` and `items/P/ITEM`.

    spec: entry of the pack; `question` (its own name when not given), `by_period` adds ids by year; a study with rounds
    has `items/P/ITEM@ROUND` beside all rounds together. n = respondents with a substantive row on the question and
    market, denials and hypotheses among them; `counted` are the statements that are averaged; refusals and people not
    asked are `missing`. trend: mean of -1, 0, 1.
    """
    items = name == "items"
    question = None if items else str(spec.get("question") or name)
    asked = statements(evidence, question)
    scale = _item_questions(evidence) if items else frozenset({question})
    where, rounds = areas(evidence), evidence.study.rounds if items else {}
    voices: dict[Slot, Voices] = {}
    for item in asked:
        if item.question not in scale or not item.source.respondent or item.answer in UNANSWERED:
            continue
        home = set(where.of(item.source.place))
        year = item.year if spec.get("by_period") else None
        times = [None, *filter(None, (year, round_of(item.fields["period"] or item.source.date, rounds)))]
        for area in where.of(item.place):
            for time in times if area in home else ():
                slot = (area, item.question if items else item.market or UNSTATED, time)
                voices.setdefault(slot, {}).setdefault(item.source.id, []).append(item)
    people = [(source.id, where.of(source.place), round_of(source.date, rounds))
              for source in sources(evidence).values() if source.respondent]  # fmt: skip

    def interviewed(slot: Slot) -> int:
        """People heard in the area; of a round those heard in it and those who speak of it."""
        here = {ident for ident, home, time in people if slot[0] in home and (slot[2] not in rounds or time == slot[2])}
        return len(here | voices[slot].keys())

    return collect(
        _row(name, slot, said, period=rounds.get(slot[2] or "", slot[2]), interviewed=interviewed(slot))
        for slot, said in voices.items()
        if any(point(item) is not None for items in said.values() for item in items)
    )


def _item_questions(evidence: Evidence) -> frozenset[str]:
    return frozenset(key for key, question in evidence.pack.questions.items() if question.kind == "item")


def point(item: Statement) -> float | None:
    """Where a statement stands on its scale; None for refusals, denials, hypotheses and what is said not to be."""
    if not item.affirms or item.answer is None:
        return None
    if item.answer in TREND:
        return TREND[item.answer]
    return float(item.answer) if item.answer in {"1", "2", "3", "4", "5"} else None


def _row(name: str, slot: Slot, voices: Voices, *, period: str | None, interviewed: int) -> Row:
    area, thing, time = slot
    told = [item for said in voices.values() for item in said if point(item) is not None]
    by_person: dict[str, list[float | None]] = {}
    for item in told:
        by_person.setdefault(item.source.id, []).append(point(item))
    points = [_mean(given) for given in by_person.values()]
    stem = estimate_id(name, area, thing)
    return row(
        id=stem if time is None else f"{stem}@{time}",
        measure=name,
        kind="scores",
        place=area,
        unit_of_analysis="respondent",
        market=None if name == "items" else thing,
        answer=thing if name == "items" else None,
        period=period,
        value=_mean(points),
        low=min(points),
        high=max(points),
        interval="bounds",
        unit="score",
        n=len(voices),
        missing=interviewed - len(voices),
        clusters=len({item.source.cluster for item in told}),
        method=METHOD,
        trace=[item.id for said in voices.values() for item in said],
        counted=[item.id for item in told],
    )


def _mean(points: Sequence[float | None]) -> float:
    given = [value for value in points if value is not None]
    return stable_sum(given) / len(given)
