"""Composite indices: from a table of indicators and a definition to the score and rank of each unit and node.

A unit may be a place, an asset or a facility; nothing here knows which. Missing is never zero: a unit of which
nothing is known gets no score. Definition: docs/index.md.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.measure import index_steps as steps
from maillage.measure.aggregates import aggregate
from maillage.measure.definition import Definition
from maillage.measure.definition_reading import read

Floats = NDArray[np.float64]


def score(indicators: pl.DataFrame, definition: Mapping[str, Any]) -> pl.DataFrame:
    """Score and rank of every unit at every node: table (unit, node, score, rank), nodes in the definition's order.

    indicators: one row a unit with the indicator, denominator and group columns; null = missing. The score of a leaf
    is its normalised value. Rank 1 = highest score, equals share the better rank; null where there is no score.
    Steps: denominate, impute, treat, turn by direction and normalise, aggregate level by level.
    Raises MaillageError `index_definition`, `index_column`, `index_units`, `index_value`, `index_negative`.
    """
    told = read(definition)
    data = steps.data_of(indicators, told)
    scores = scored(told, normalised(told, prepared(told, data, data.raw)), weights_of(told))
    for code, barred in guarded(told, data.raw).items():
        scores[code] = np.where(barred, np.nan, scores[code])
    units = indicators[told.unit]
    frames = [_frame(units, code, scores[code], told) for code in told.nodes]
    return pl.concat(frames)


def prepared(told: Definition, data: steps.Data, given: Floats) -> Floats:
    """Leaves x units after denominating, imputing and treating; `given` (as `data.raw`) may hold draws before them."""
    return steps.treat(steps.impute(given / data.divisors, told.impute, data.groups), told.treat)


def normalised(told: Definition, values: Floats) -> Floats:
    """Prepared values on the scale of the definition, turned so that more is more of the index."""
    direction = np.array([told.nodes[code].direction for code in told.leaves], dtype=np.float64)
    return steps.normalise(values, told.normalise, told.leaves, direction)


def weights_of(told: Definition) -> dict[str, Floats]:
    """The weights of the children of each node that has some, in their order."""
    return {code: np.array([told.nodes[child].weight for child in below]) for code, below in told.children.items()}


def scored(told: Definition, leaves: Floats, weights: Mapping[str, Floats]) -> dict[str, Floats]:
    """Scores by node, each `... x units`, from normalised leaves and weights by node (`... x children`)."""
    each = told.rounding if told.rounding and told.rounding.each_level else None
    scores = {code: leaves[..., at, :] for at, code in enumerate(told.leaves)}
    if each:
        scores = {code: steps.rounded(found, each) for code, found in scores.items()}
    for code in told.order:
        below = _together(told, scores, code, None if each else leaves)
        found = aggregate(below, weights[code], told.aggregate[code], span=told.normalise.span(), node=code)
        if told.min_share:
            share = (~np.isnan(below)).mean(axis=-2)
            found = np.where(share < told.min_share, np.nan, found)
        scores[code] = steps.rounded(found, each) if each else found
    return scores


def top_ranks(told: Definition, data: steps.Data, scores: Mapping[str, Floats]) -> Floats:
    """Ranks of the units at the top, `... x units`; none for a unit that a guard bars, which then outranks nobody."""
    return steps.ranks(top_scores(told, data, scores))


def top_scores(told: Definition, data: steps.Data, scores: Mapping[str, Floats]) -> Floats:
    """Scores of the units at the top, `... x units`; none for a unit that a guard bars."""
    barred = guarded(told, data.raw).get(told.top)
    found = scores[told.top]
    return found if barred is None else np.where(barred, np.nan, found)


def _together(told: Definition, scores: Mapping[str, Floats], code: str, leaves: Floats | None) -> Floats:
    """The scores of the children of a node, `... x children x units`; leaves that stand together need no copying."""
    below = told.children[code]
    first = told.leaves.index(below[0]) if leaves is not None and below[0] in told.leaves else -1
    if leaves is not None and first >= 0 and told.leaves[first : first + len(below)] == below:
        return leaves[..., first : first + len(below), :]
    return np.stack(np.broadcast_arrays(*(scores[child] for child in below)), axis=-2)


def guarded(told: Definition, given: Floats) -> dict[str, NDArray[np.bool_]]:
    """Units that a guard bars from a node (and from every node above it), by node."""
    barred: dict[str, NDArray[np.bool_]] = {}
    for guard in told.guards:
        value = given[told.leaves.index(guard.item)]
        hit = np.zeros(len(value), dtype=np.bool_)
        if guard.below is not None:
            hit |= value < guard.below
        if guard.above is not None:
            hit |= value > guard.above
        node: str | None = guard.node
        while node is not None:
            barred[node] = barred.get(node, np.zeros(len(value), dtype=np.bool_)) | hit
            node = told.nodes[node].parent
    return barred


def _frame(units: pl.Series, code: str, found: Floats, told: Definition) -> pl.DataFrame:
    shown = steps.rounded(found, told.rounding) if told.rounding else found
    return pl.DataFrame(
        {
            "unit": units,
            "node": pl.repeat(code, len(units), eager=True),
            "score": pl.Series(shown).fill_nan(None),
            "rank": pl.Series(steps.ranks(shown)).fill_nan(None).cast(pl.Int64),
        }
    )
