"""The estimates of the indices of a study: scores, ranks, order, quadrants, and what they hang on.

`INDEX/P` and `INDEX/P/NODE`: scores. `rank/NODE/P`: rank 1 = highest, over every choice; `@data`, `@weights`,
`@methods`: over one kind of doubt alone. `rank_order/NODE/P~Q`: share of draws in which P stands above Q.
`quadrants/P[/QUADRANT]`, `reliability/NODE/P`, `sensitivity/NODE/CHOICE[@total]`, `drop_each/NODE/CHILD`.
Shares of the choices that were tried, never chances that something happens.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Unpack

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import composites, estimate, tables
from maillage.estimate import Row, estimate_id
from maillage.evidence import Evidence
from maillage.measure import choices as drawing
from maillage.measure import leaf_data
from maillage.measure.composite import Built, age_of, build, period_of, reason_of, trace_of, weight_of
from maillage.measure.sensitivity import ranks_over, scores_over, shares_of_variance, shifts_without

Floats = NDArray[np.float64]
KIND, INTERVAL, LEVEL = "index", "q05-q95", 0.9
DRAWS, SOBOL_DRAWS = 1000, 256
DOUBTS = {"data": ("weights", "normalise", "aggregate"), "weights": ("data", "normalise", "aggregate"),
          "methods": ("data", "weights")}  # fmt: skip
QUADRANTS = ("high_low", "high_high", "low_low", "low_high")
UNDECIDED, LEAST = "undecided", 0.8


def indices(evidence: Evidence, measured: pl.DataFrame) -> pl.DataFrame:
    """All estimates of the pack's indices; none for a pack without any. Pure: equal evidence gives equal bytes.

    Draws: 1,000, Sobol's 256 a block. A score's bounds are 5 and 95 per cent of the draws over data, weights and means,
    on the scale of the definition; a rank's also over the other scales.
    """
    if not evidence.pack.indices:
        return tables.empty("estimates")
    known = leaf_data.sources(evidence, measured)
    made = {name: build(known, name, spec) for name, spec in sorted(evidence.pack.indices.items())}
    tops = {name: _score_draws(built, built.told.top, evidence) for name, built in made.items()}
    rows: list[Row] = []
    for name, built in made.items():
        rows += [*_scores(built, tops[name], evidence), *_reliability(built, evidence)]
        for node in built.ranked():
            rows += [*_ranks(built, node, evidence), *_hangs_on(built, node, evidence)]
        rows += _quadrants(built, made, tops, evidence)
    return estimate.collect(rows)


def bounds(draws: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The middle `level` of the draws of each unit (draws x units), nan where it has none. Nested: more is wider."""
    found = np.full((2, draws.shape[1]), np.nan)
    known = ~np.isnan(draws).all(axis=0)
    if known.any():
        found[:, known] = np.nanquantile(draws[:, known], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return found[0], found[1]


def node_row(built: Built, evidence: Evidence, node: str, where: str | None, **columns: Unpack[Row]) -> Row:
    """What all estimates about a node share: period, age, people, what is missing, what it rests on."""
    units = built.units if where is None else [where]
    leaves = [leaf for each in units for leaf in built.below(node, each)]
    codes = built.codes(node)
    row = Row(
        kind=KIND, place=where, unit_of_analysis=str(built.spec.get("level", composites.LEVEL)), answer=node,
        period=period_of(leaves, evidence.study.period), age_months=age_of(leaves),
        n=min((leaf.people for leaf in leaves if leaf.people is not None), default=None), planned=len(codes),
        missing=len(codes) * len(units) - len(leaves), method=f"{KIND} {built.name} {built.spec['version']}",
        trace=trace_of(leaves),
    )  # fmt: skip
    row.update(columns)
    return estimate.row(**row)


def _scores(built: Built, tops: Floats, evidence: Evidence) -> Iterator[Row]:
    """The top for every unit, whatever is known; every node below it only where it has a score. tops: draws of it."""
    for node in built.told.nodes:
        low, high = bounds(tops if node == built.told.top else _score_draws(built, node, evidence))
        for at, unit in enumerate(built.units):
            value, top = built.scores[node][at], node == built.told.top
            if np.isnan(value) and not top:
                continue
            ranged = not np.isnan(value) and not np.isnan(low[at])
            yield node_row(
                built, evidence, node, unit,
                id=estimate_id(built.name, unit, *([] if top else [node])), measure=built.name, unit="score",
                value=None if np.isnan(value) else float(value),
                low=min(float(low[at]), float(value)) if ranged else None,
                high=max(float(high[at]), float(value)) if ranged else None,
                interval=INTERVAL if ranged else None,
                status="not_computable" if np.isnan(value) else "ok", reason=reason_of(built, node, unit),
            )  # fmt: skip


def _score_draws(built: Built, node: str, evidence: Evidence) -> Floats:
    """Draws of the scores at a node over data, weights and means; none for a leaf or where nobody has a score."""
    if node not in built.told.children or np.isnan(built.scores[node]).all():
        return np.full((DRAWS, len(built.units)), np.nan)
    told, data, chosen = built.subject(node, without=("normalise",))
    drawn = drawing.draw(chosen, told, draws=DRAWS, seed=evidence.study.seed, name=built.name)
    return scores_over(told, data, chosen, drawn)


def _reliability(built: Built, evidence: Evidence) -> Iterator[Row]:
    """The share of the weight of a node that rests on data that are there and not too old."""
    for node in dict.fromkeys((built.told.top, *built.ranked())):
        for unit in built.units:
            leaves = built.leaves[unit]
            sound = [weight_of(built.told, code, node) for code in built.codes(node)
                     if code in leaves and (leaves[code].age or 0) <= built.max_age]  # fmt: skip
            if built.below(node, unit):
                yield node_row(built, evidence, node, unit, id=estimate_id("reliability", node, unit),
                           measure="reliability", value=estimate.stable_sum(sound), unit="share")  # fmt: skip


def _ranks(built: Built, node: str, evidence: Evidence) -> Iterator[Row]:
    """Ranks with their bounds over all choices and over each kind of doubt alone, and who stands above whom."""
    told, data, _ = built.subject(node)
    still = drawing.draw(drawing.Choices(), told, draws=1, seed=evidence.study.seed)
    nominal = ranks_over(told, data, drawing.Choices(), still)[0]
    every: Floats | None = None
    for doubt, without in {"": (), **DOUBTS}.items():
        told, data, chosen = built.subject(node, without=without)
        if not chosen.named():
            continue
        drawn = drawing.draw(chosen, told, draws=DRAWS, seed=evidence.study.seed, name=built.name)
        ranks = ranks_over(told, data, chosen, drawn)
        every = ranks if not doubt else every
        yield from _rank_rows(built, node, evidence, nominal, ranks, doubt)
    if every is not None:
        yield from _order(built, node, evidence, nominal, every)


def _rank_rows(
    built: Built, node: str, evidence: Evidence, nominal: Floats, ranks: Floats, doubt: str
) -> Iterator[Row]:
    low, high = bounds(ranks)
    for at, unit in enumerate(built.units):
        if np.isnan(nominal[at]):
            continue
        stem = estimate_id("rank", node, unit)
        yield node_row(
            built, evidence, node, unit, id=f"{stem}@{doubt}" if doubt else stem, measure="rank", unit="rank",
            value=float(nominal[at]), low=min(float(low[at]), float(nominal[at])),
            high=max(float(high[at]), float(nominal[at])), interval=INTERVAL, reason=reason_of(built, node, unit),
        )  # fmt: skip


def _order(built: Built, node: str, evidence: Evidence, nominal: Floats, ranks: Floats) -> Iterator[Row]:
    """Of each two units, the one with the better rank first: in how many draws it stands above the other."""
    there = [int(at) for at in np.argsort(nominal, kind="stable") if not np.isnan(nominal[at])]
    for first, second in combinations(there, 2):
        one, other = built.units[first], built.units[second]
        yield node_row(
            built, evidence, node, one, id=estimate_id("rank_order", node, f"{one}~{other}"), measure="rank_order",
            unit="share", value=float((ranks[:, first] < ranks[:, second]).mean()),
            trace=trace_of([*built.below(node, one), *built.below(node, other)]),
        )  # fmt: skip


def _hangs_on(built: Built, node: str, evidence: Evidence) -> Iterator[Row]:
    """Which choice moves the ranks (Sobol), and how far they shift without each part."""
    told, data, chosen = built.subject(node)
    found = shares_of_variance(told, data, chosen, draws=SOBOL_DRAWS, seed=evidence.study.seed, name=built.name)
    for each in found.drop_nulls("S").iter_rows(named=True):
        for tail, key in (("", "S"), ("@total", "ST")):
            yield node_row(
                built, evidence, node, None, id=f"{estimate_id('sensitivity', node, each['choice'])}{tail}",
                measure="sensitivity", value=each[key], low=each[f"{key}_low"], high=each[f"{key}_high"],
                interval=INTERVAL, unit="share",
            )  # fmt: skip
    for each in shifts_without(told, data).drop_nulls().iter_rows(named=True):
        if any(built.leaves[unit].get(code) for unit in built.units for code in built.codes(each["node"])):
            yield node_row(built, evidence, node, None, id=estimate_id("drop_each", node, each["node"]),
                       measure="drop_each", value=each["mean_rank_shift"], unit="ranks")  # fmt: skip


def _quadrants(
    built: Built, made: Mapping[str, Built], tops: Mapping[str, Floats], evidence: Evidence
) -> Iterator[Row]:
    """In how many draws a unit lies in each quadrant of two indices; below `least` in all of them it is undecided."""
    against: Mapping[str, Any] = built.spec.get("against") or {}
    other = made.get(str(against.get("index")))
    if other is None:
        return
    cuts, draws = against.get("cut") or (5, 5), [tops[one.name] for one in (built, other)]
    for at, unit in enumerate(built.units):
        place = other.units.index(unit) if unit in other.units else -1
        ok = place >= 0 and not (np.isnan(built.scores[built.name][at]) or np.isnan(other.scores[other.name][place]))
        stem = estimate_id("quadrants", unit)
        if not ok:
            yield node_row(built, evidence, built.name, unit, id=stem, measure="quadrants", status="not_computable",
                       reason="index_no_pair", answer=None)  # fmt: skip
            continue
        sides = [
            np.where(draws[0][:, at] >= cuts[0], "high", "low"),
            np.where(draws[1][:, place] >= cuts[1], "high", "low"),
        ]
        told = np.char.add(np.char.add(sides[0], "_"), sides[1])
        shares = {name: float((told == name).mean()) for name in QUADRANTS}
        yield from _quadrant_rows(built, other, evidence, unit, shares, float(against.get("least", LEAST)))


def _quadrant_rows(
    built: Built, other: Built, evidence: Evidence, unit: str, shares: Mapping[str, float], least: float
) -> Iterator[Row]:
    leaves = [leaf for one in (built, other) for leaf in one.below(one.name, unit)]
    most = max(shares, key=lambda name: shares[name])
    for name, share in {"": shares[most], **shares}.items():
        answer = name or (most if share >= least else UNDECIDED)
        ident = estimate_id("quadrants", unit, *([name] if name else []))
        yield node_row(built, evidence, built.name, unit, id=ident, measure="quadrants", unit="share", value=share,
                   answer=answer, age_months=age_of(leaves), trace=trace_of(leaves))  # fmt: skip
