"""Indices by round of a repeated assessment, and what changed from one round to the next.

`INDEX/P@ROUND`, `INDEX/P/PART@ROUND`: the score of what was said in that round alone, and of the figures of its time.
`index_change/NODE/P/EARLIER~LATER`: the later score less the earlier one, where both are made of the same elements
with the same definition; else it says that the two cannot be compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import composites, estimate, tables
from maillage.estimate import Row, estimate_id
from maillage.evidence import Evidence
from maillage.measure import choices as drawing
from maillage.measure import leaf_data, scores, shares
from maillage.measure.choices import Choices
from maillage.measure.composite import Built, build, reason_of, trace_of
from maillage.measure.composite_rows import DRAWS, INTERVAL, bounds, node_row
from maillage.measure.leaf_data import Sources
from maillage.measure.rounds import round_of
from maillage.measure.sensitivity import scores_over
from maillage.measure.stated import months
from maillage.measure.versions import same_version

Floats = NDArray[np.float64]
CHANGE = "index_change"
ASKED = {"shares": shares.shares, "scores": scores.scores}
FIXED = ("goalposts", "none")  # scales that do not hang on which units there are
VERSIONS, ITEMS, RELATIVE = "round_versions", "round_items", "round_relative"


@dataclass(frozen=True, slots=True)
class Held:
    """One index in one round: how it was built, and draws of the scores of each node."""

    name: str
    built: Built
    draws: Mapping[str, Floats]


def by_round(evidence: Evidence, measured: pl.DataFrame) -> pl.DataFrame:
    """Scores of the tops of the pack's indices and of their parts by round, and changes; none without rounds.

    measured: all estimates of the measures. A round of which no area has the answers of enough people is left out.
    low, high: 5 and 95 per cent of 1,000 draws over data, weights and means, on the scale of the definition. Of a
    change both rounds share the weights and means of a draw, since the definition is one; the errors of the answers are
    drawn for each round apart, as if each had asked other people. Where the same people were asked, it is too wide.
    """
    if not evidence.study.rounds or not evidence.pack.indices:
        return tables.empty("estimates")
    told = {name: _of_round(evidence, measured, name) for name in evidence.study.rounds}
    rows: list[Row] = []
    for name, spec in sorted(evidence.pack.indices.items()):
        built = {when: build(known, name, spec) for when, known in told.items()}
        built = {when: one for when, one in built.items() if _is_asked(one)}
        known = {node for node in composites.parts(spec, name) for one in built.values() if _is_known(one, node)}
        nodes = [node for node in composites.parts(spec, name) if node == name or node in known]
        held = [Held(when, one, {node: _draws(one, node, evidence, when) for node in nodes})
                for when, one in built.items()]  # fmt: skip
        for node in nodes:
            rows += [row for one in held for row in _scores(one, node, evidence)]
            rows += [row for pair in pairwise(held) for row in _changes(*pair, node, evidence)]
    return estimate.collect(rows)


def _of_round(evidence: Evidence, measured: pl.DataFrame, name: str) -> Sources:
    """What leaves are read from in one round: what was said in it, and figures whose period had ended by its end."""
    dates = dict(evidence.sources.select("id", "date").iter_rows())
    told = evidence.observations.select("source", "period").iter_rows()
    within = [round_of(period or dates.get(source), evidence.study.rounds) == name for source, period in told]
    study = replace(evidence.study, rounds={})
    said = replace(evidence, observations=evidence.observations.filter(pl.Series(within, dtype=pl.Boolean)),
                   study=study)  # fmt: skip
    wanted = {str(leaf["from"]).partition("/")[0] for spec in evidence.pack.indices.values()
              for leaf in composites.leaves(spec).values()}  # fmt: skip
    specs = {name: evidence.pack.measures[name] for name in sorted(wanted - {"indicators"})}
    frames = [ASKED[spec["kind"]](said, name, spec) for name, spec in specs.items()]
    end = (months(evidence.study.rounds[name]) or (0, 0))[1]
    figures = measured.filter(pl.col("measure") == "indicators")
    there = [span is None or span[1] <= end for span in map(months, figures["period"])]
    return leaf_data.sources(said, estimate.stack([*frames, figures.filter(pl.Series(there, dtype=pl.Boolean))]))


def _is_asked(built: Built) -> bool:
    return any(leaf.asked for leaves in built.leaves.values() for leaf in leaves.values())


def _is_known(built: Built, node: str) -> bool:
    return any(built.below(node, unit) for unit in built.units)


def _draws(built: Built, node: str, evidence: Evidence, when: str) -> Floats:
    """Draws of the scores: weights and means are those of all rounds, errors of the data have streams of their own."""
    if np.isnan(built.scores[node]).all():
        return np.full((DRAWS, len(built.units)), np.nan)
    told, data, chosen = built.subject(node, without=("normalise",))
    seed = evidence.study.seed
    drawn = drawing.draw(chosen, told, draws=DRAWS, seed=seed, name=built.name)
    own = drawing.draw(Choices(data=chosen.data), told, draws=DRAWS, seed=seed, name=f"{built.name}@{when}")
    return scores_over(told, data, chosen, drawn.with_choice("data", own))


def _scores(held: Held, node: str, evidence: Evidence) -> Iterator[Row]:
    built = held.built
    low, high = bounds(held.draws[node])
    for at, unit in enumerate(built.units):
        stem = estimate_id(built.name, unit, *([] if node == built.name else [node]))
        row = node_row(built, evidence, node, unit, id=f"{stem}@{held.name}", measure=built.name, unit="score",
                       period=evidence.study.rounds[held.name], reason=reason_of(built, node, unit))  # fmt: skip
        row.update(_number(built.scores[node][at], low[at], high[at]))
        yield row


def _number(value: float, low: float, high: float) -> Row:
    """A value with the bounds of its draws, which hold it; that there is none where it is not a number."""
    if np.isnan(value):
        return Row(status="not_computable")
    if np.isnan(low):
        return Row(value=float(value))
    return Row(value=float(value), low=min(float(low), float(value)), high=max(float(high), float(value)),
               interval=INTERVAL)  # fmt: skip


def _changes(earlier: Held, later: Held, node: str, evidence: Evidence) -> Iterator[Row]:
    """One row a unit: by how much the score went up, with its bounds, or why that cannot be said."""
    old, new = earlier.built, later.built
    low, high = bounds(later.draws[node] - earlier.draws[node])
    first, last = (evidence.study.rounds[one.name] for one in (earlier, later))
    same = same_version(*(_version(one, evidence) for one in (earlier, later)))
    for at, unit in enumerate(new.units):
        leaves = [*old.below(node, unit), *new.below(node, unit)] if same else []
        row = node_row(new, evidence, node, unit, id=estimate_id(CHANGE, node, unit, f"{earlier.name}~{later.name}"),
                       measure=CHANGE, unit="score", period=f"{first.partition('/')[0]}/{last.rpartition('/')[2]}",
                       n=min((leaf.people for leaf in leaves if leaf.people is not None), default=None), missing=None,
                       planned=None, age_months=None, trace=trace_of(leaves))  # fmt: skip
        apart = _apart(old, new, node, unit) if same else _none(VERSIONS)
        row.update(apart or _number(new.scores[node][at] - old.scores[node][at], low[at], high[at]))
        yield row


def _version(held: Held, evidence: Evidence) -> str:
    """The version of the pack that a round was asked with: that of the study unless it says otherwise."""
    return evidence.study.round_versions.get(held.name, evidence.study.pack_version)


def _none(reason: str | None, missing: int | None = None) -> Row:
    return Row(status="not_computable", reason=reason, missing=missing)


def _apart(old: Built, new: Built, node: str, unit: str) -> Row | None:
    """Why two rounds of a unit cannot be compared; None where they can. `missing`: elements known in one alone."""
    known = [{code for code in one.codes(node) if code in one.leaves[unit]} for one in (old, new)]
    if known[0] ^ known[1]:
        return _none(ITEMS, len(known[0] ^ known[1]))
    without = [one for one in (old, new) if np.isnan(one.scores[node][one.units.index(unit)])]
    if without:
        return _none(reason_of(without[0], node, unit))
    return None if _is_fixed(new) else _none(RELATIVE)


def _is_fixed(built: Built) -> bool:
    """Whether a score hangs on the unit alone, not on which units there are and how they stand."""
    told = built.told
    plain = told.treat is None and told.impute == "none" and "copeland" not in told.aggregate.values()
    return plain and told.normalise.method in FIXED
