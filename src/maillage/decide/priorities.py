"""Actions beside the needs and the evidence of each area, and how far a ranking of them can be trusted.

The way from an action over its factors and needs to the statements behind them is always shown. A ranking is computed
only where each criterion was answered by at least three people; nobody's guess stands in for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from maillage import estimate, tables
from maillage.errors import MaillageError
from maillage.evidence import Evidence

METHOD = "priorities 1"
MEASURE = "priorities"
ALL, ZONE = "ALL", "zone:"
LINKS = {"factors": "factor", "needs": "need"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Acceptability:
    """How actions rank over many value choices (SMAA-2; Lahdelma and Salminen, 2001).

    ranks: actions x ranks, the share of draws that give an action a rank. central_weights: actions x criteria, the
    mean weights of those who would put it first (nan where nobody does). confidence: share of the draws of the
    values that put it first under its own central weights (nan likewise). pairwise: share of draws in which the row
    stands before the column. Shares of value choices, never probabilities that an action works.
    """

    ranks: Floats
    central_weights: Floats
    confidence: Floats
    pairwise: Floats


def acceptability(values: ArrayLike, weights: ArrayLike) -> Acceptability:
    """Rank acceptability under an additive value.

    values: draws x actions x criteria, or actions x criteria where they are certain; higher is better.
    weights: draws x criteria. Rank = 1 + how many do better, so that equals share the better rank.
    Raises MaillageError acceptability_shape, acceptability_missing.
    """
    v, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    certain = v.ndim == 2
    cube = v[None] if certain else v
    matched = cube.ndim == 3 and w.ndim == 2 and cube.shape[2] == w.shape[1] and len(cube) in {1, len(w)}
    if not matched or not cube.size or not w.size:
        raise MaillageError("acceptability_shape", values=v.shape, weights=w.shape)
    if not (np.isfinite(v).all() and np.isfinite(w).all()):
        raise MaillageError("acceptability_missing")
    scores = w @ cube[0].T if len(cube) == 1 else np.einsum("dac,dc->da", cube, w)
    before = scores[:, :, None] > scores[:, None, :]
    rank = before.sum(axis=1)
    actions = cube.shape[1]
    ranks = np.stack([(rank == place).mean(axis=0) for place in range(actions)], axis=1)
    first = rank == 0
    times = first.sum(axis=0)
    central = np.full((actions, w.shape[1]), np.nan)
    central[times > 0] = (first.T @ w)[times > 0] / times[times > 0, None]
    return Acceptability(ranks, central, _confidence(cube, central), before.mean(axis=0))


def _confidence(cube: Floats, central: Floats) -> Floats:
    """Share of value draws in which each action is first under its own central weights."""
    found = np.full(len(central), np.nan)
    for action in np.flatnonzero(np.isfinite(central).all(axis=1)):
        scores = cube @ central[action]
        found[action] = (scores[:, action] >= scores.max(axis=1)).mean()
    return found


@dataclass(frozen=True, slots=True)
class Action:
    """An action or sub-action of the pack; a sub-action without factors or needs of its own has its action's."""

    code: str
    parent: str | None
    horizon: str | None
    factors: tuple[str, ...]
    needs: tuple[str, ...]
    zones: frozenset[str]
    harm: bool

    def meant_for(self, area: str, known: frozenset[str]) -> bool:
        """Whether the action aims at an area; one without zones of this study aims everywhere."""
        own = self.zones & known
        return area == ALL or (area in known and (not own or area in own))


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for a factor or need in an area: the finding or estimate, and its statements that say so."""

    id: str
    statements: frozenset[str]


def priorities(
    evidence: Evidence, estimates: pl.DataFrame, findings: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Table `priorities` and its estimates `priorities/P/ACTION`.

    For each zone, ALL and each place where something speaks for an action: the action's factors and needs, the
    findings and estimates (`factors/P/...`, `needs/P/...`) with at least one supporting statement, and how many
    statements these are. ALL, and the zones an action aims at, also list it where nothing supports it: a gap is an
    answer.
    Ranking is not_computable (criteria_unanswered): no criterion was answered by three people.
    """
    support = _support(evidence, estimates, findings)
    zones = frozenset(f"{ZONE}{name}" for name in _zone_names(evidence))
    areas = sorted({area for area, _, _ in support} | {ALL} | zones)
    rows: list[dict[str, Any]] = []
    numbers: list[estimate.Row] = []
    for area in areas:
        for action in _actions(evidence):
            found = [*_found(support, area, "factors", action.factors), *_found(support, area, "needs", action.needs)]
            if not found and not action.meant_for(area, zones):
                continue
            row = _row(area, action, found)
            rows.append(row)
            numbers.append(_number(row, {item for one in found for item in one.statements}))
    return tables.build(rows, "priorities").sort("id"), estimate.collect(numbers)


def _zone_names(evidence: Evidence) -> set[str]:
    return {*evidence.study.zones, *evidence.zones["zone"].to_list()}


def _actions(evidence: Evidence) -> Iterator[Action]:
    for code, entry in evidence.pack.actions.items():
        action = _action(code, None, entry, entry)
        yield action
        for sub, own in (entry.get("sub_actions") or {}).items():
            yield _action(sub, code, own, entry)


def _action(code: str, parent: str | None, own: Mapping[str, Any], above: Mapping[str, Any]) -> Action:
    source = own if own.get("factors") or own.get("needs") else above
    return Action(
        code=code,
        parent=parent,
        horizon=own.get("horizon") or above.get("horizon"),
        factors=tuple(source.get("factors") or ()),
        needs=tuple(source.get("needs") or ()),
        zones=frozenset(f"{ZONE}{zone}" for zone in own.get("zones") or above.get("zones") or () if zone != ALL),
        harm=bool(own.get("harm") or above.get("harm")),
    )


def _support(
    evidence: Evidence, estimates: pl.DataFrame, findings: pl.DataFrame
) -> dict[tuple[str, str, str], Support]:
    """(area, measure, code) -> what speaks for it; only where a statement says it is there."""
    saying = _saying(evidence)
    every = pl.concat([frame.select("id", "measure", "trace") for frame in (estimates, findings)])
    found: dict[tuple[str, str, str], Support] = {}
    for row in every.filter(pl.col("measure").is_in(sorted(LINKS))).sort("id").iter_rows(named=True):
        _, area, code, *rest = row["id"].split("/")
        if rest or "@" in code:
            continue
        for_it = frozenset(row["trace"] or ()) & saying.get((LINKS[row["measure"]], code), frozenset())
        if for_it:
            key = area, row["measure"], code
            before = found[key].statements if key in found else frozenset[str]()
            found[key] = Support(row["id"], before | for_it)
    return found


def _saying(evidence: Evidence) -> dict[tuple[str, str], frozenset[str]]:
    """(question, answer) -> statements that say it as present and not as a mere hypothesis."""
    present = evidence.observations.filter(
        pl.col("question").is_in(sorted(LINKS.values()))
        & (pl.col("polarity").fill_null("present") == "present")
        & (pl.col("modality").fill_null("asserted") != "hypothesised")
    )
    found: dict[tuple[str, str], set[str]] = {}
    for question, answer, item in present.select("question", "answer", "id").iter_rows():
        found.setdefault((question, answer), set()).add(item)
    return {key: frozenset(items) for key, items in found.items()}


def _found(
    support: Mapping[tuple[str, str, str], Support], area: str, measure: str, codes: Iterable[str]
) -> Iterator[Support]:
    return (support[area, measure, code] for code in codes if (area, measure, code) in support)


def _row(area: str, action: Action, found: list[Support]) -> dict[str, Any]:
    return {
        "id": estimate.estimate_id(MEASURE, area, action.code),
        "place": area,
        "action": action.code,
        "parent": action.parent,
        "horizon": action.horizon,
        "factors": list(action.factors),
        "needs": list(action.needs),
        "evidence": sorted({one.id for one in found}),
        "supporting": len({item for one in found for item in one.statements}),
        "rank_acceptability": None,
        "verdict": "not_computable",
        "reason": "criteria_unanswered",
        "harm": action.harm,
    }


def _number(row: Mapping[str, Any], statements: Iterable[str]) -> estimate.Row:
    return estimate.row(
        id=row["id"],
        measure=MEASURE,
        kind=MEASURE,
        place=row["place"],
        answer=row["action"],
        unit="share",
        unit_of_analysis="value choice",
        method=METHOD,
        status="not_computable",
        reason=row["reason"],
        trace=list(statements),
    )
