"""How far the ranking of an index hangs on its data, weights and methods.

uncertainty: ranks over many draws. sobol: which choice moves them. drop_each: what each node does. After M. Saisana,
A. Saltelli and S. Tarantola (Journal of the Royal Statistical Society A, 2005). Shares of the choices that were
tried, never probabilities of the world.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure import choices as drawing
from maillage.measure import index_steps as steps
from maillage.measure.choices import Choices, Drawn, noisy
from maillage.measure.definition import Definition, without
from maillage.measure.definition_reading import in_words, read
from maillage.measure.index import normalised, prepared, scored, top_ranks, top_scores, weights_of

Floats = NDArray[np.float64]
End = Callable[[Definition, steps.Data, Mapping[str, Floats]], Floats]
CELLS = 600_000  # of leaves, units and draws at a time: what they need stays in the processor's cache
RESAMPLES = 500
MOST_DRAWS = 1_000_000  # more would say nothing more, and not fit in memory
BLOCKS = 10  # of resamples: what they need stays small with many draws


def uncertainty(
    indicators: pl.DataFrame, definition: Mapping[str, Any], choices: Mapping[str, Any], *, draws: int, seed: int
) -> pl.DataFrame:
    """Ranks of each unit at the top of the index over random choices: unit, mean, q05, q95, p_rank_first.

    choices: `weights`: "dirichlet" (every mix of the children of a node equally likely) or a share such as 0.25 by
    which each weight may be off; `normalise`, `aggregate`: lists, one of which is taken a draw; `data`: {indicator:
    standard deviation, or (low, high) of an error to be added; each a number or the name of a column}.
    p_rank_first: share of the draws in which the unit comes first. A unit without a score has nulls.
    Draws belong to the units by their names: the order of the rows changes nothing.
    Raises MaillageError as `index.score`, and `index_choices`.
    """
    told = read(definition)
    ordered, back = _by_name(indicators, told.unit)
    chosen = drawing.read(choices, told, ordered)
    data = steps.data_of(ordered, told)
    ranks = ranks_over(told, data, chosen, drawing.draw(chosen, told, draws=_draws(draws), seed=seed))[:, back]
    known = ~np.isnan(ranks).all(axis=0)
    found = np.full((4, ranks.shape[1]), np.nan)
    if known.any():
        shown = ranks[:, known]
        found[0, known] = np.nanmean(shown, axis=0)
        found[1:3, known] = _quantiles(shown)
        found[3, known] = (shown == 1).mean(axis=0)
    columns = dict(zip(("mean", "q05", "q95", "p_rank_first"), found, strict=True))
    return pl.DataFrame({"unit": indicators[told.unit], **columns}).with_columns(pl.col(pl.Float64).fill_nan(None))


def _by_name(indicators: pl.DataFrame, unit: str) -> tuple[pl.DataFrame, NDArray[np.intp]]:
    """The units in the order of their names, and where each of the rows given then stands."""
    if unit not in indicators.columns:
        return indicators, np.arange(indicators.height)  # what reads the data tells what is wrong
    order = indicators[unit].arg_sort().to_numpy()
    return indicators[order], np.argsort(order)


def _quantiles(ranks: Floats) -> Floats:
    """5 and 95 per cent of each column (type 7)."""
    quantile = np.nanquantile if np.isnan(ranks).any() else np.quantile
    return quantile(ranks, [0.05, 0.95], axis=0)


def sobol(
    indicators: pl.DataFrame, definition: Mapping[str, Any], choices: Mapping[str, Any], *, draws: int, seed: int
) -> pl.DataFrame:
    """Shares of the variance of the mean absolute rank shift that each choice makes: choice, S, ST and bounds.

    S: by the choice alone; ST: with all its interactions (A. Saltelli and others, Computer Physics Communications,
    2010, estimator of S; M. Jansen, 1999, estimator of ST), draws x (choices + 2) runs. S_low .. ST_high: 5 and 95
    per cent of a bootstrap over the draws. Null where nothing moves. Raises as `uncertainty`.
    """
    told = read(definition)
    ordered, _ = _by_name(indicators, told.unit)
    chosen = drawing.read(choices, told, ordered)
    return shares_of_variance(told, steps.data_of(ordered, told), chosen, draws=draws, seed=seed)


def shares_of_variance(
    told: Definition, data: steps.Data, chosen: Choices, *, draws: int, seed: int, name: str = ""
) -> pl.DataFrame:
    """As `sobol`, of a checked definition; `name`: of its random streams."""
    stem = f"{name}/" if name else ""
    first, second = (drawing.draw(chosen, told, draws=_draws(draws), seed=seed, name=f"{stem}{each}") for each in "ab")
    shift = partial(_shift, told, data, chosen, _top(told, data))
    a, b = shift(first), shift(second)
    rng = estimate.rng(seed, f"index/{stem}bootstrap")
    again = rng.integers(0, draws, (RESAMPLES, draws))
    rows: list[dict[str, Any]] = []
    for choice in chosen.named():
        mixed = shift(first.with_choice(choice, second))
        s, st = map(float, _indices(a, b, mixed))
        low, high = np.full((2, 2), np.nan)
        if np.isfinite(s):
            blocks = [_indices(a[pick], b[pick], mixed[pick]) for pick in np.array_split(again, BLOCKS)]
            low, high = np.quantile(np.concatenate(blocks, axis=-1), [0.05, 0.95], axis=-1)
        rows.append({"choice": choice, "S": s, "ST": st, "S_low": low[0], "S_high": high[0],
                     "ST_low": low[1], "ST_high": high[1]})  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.col(pl.Float64).fill_nan(None))


def _indices(a: Floats, b: Floats, mixed: Floats) -> Floats:
    """S and ST along the last axis: 2 x ...; nan where nothing moves."""
    variance = np.concatenate([a, b], axis=-1).var(axis=-1, ddof=1) if a.shape[-1] > 1 else np.zeros(a.shape[:-1])
    variance = np.where(variance > 0, variance, np.nan)
    return np.stack([(b * (mixed - a)).mean(axis=-1), ((a - mixed) ** 2).mean(axis=-1) / 2]) / variance


def drop_each(indicators: pl.DataFrame, definition: Mapping[str, Any]) -> pl.DataFrame:
    """Mean absolute shift of the ranks when a node is left out: table (node, mean_rank_shift), every node but the top.

    A node whose last child goes, goes with it. Null where nothing of the index is left.
    """
    told = read(definition)
    return shifts_without(told, steps.data_of(indicators, told))


def shifts_without(told: Definition, data: steps.Data) -> pl.DataFrame:
    """As `drop_each`, of a checked definition."""
    nominal = _top(told, data)
    rows: list[dict[str, Any]] = []
    for code in told.nodes:
        left = without(told, code) if code != told.top else None
        if left is not None:
            kept = [told.leaves.index(leaf) for leaf in left.leaves]
            part = replace(data, raw=data.raw[kept], divisors=data.divisors[kept])
            rows.append({"node": code, "mean_rank_shift": _mean_shift(_top(left, part), nominal)})
        elif code != told.top:
            rows.append({"node": code, "mean_rank_shift": float("nan")})
    table = pl.DataFrame(rows, schema={"node": pl.String, "mean_rank_shift": pl.Float64})
    return table.with_columns(pl.col("mean_rank_shift").fill_nan(None))


def _top(told: Definition, data: steps.Data) -> Floats:
    """Ranks of the units at the top, as the definition says."""
    leaves = normalised(told, prepared(told, data, data.raw))
    return top_ranks(told, data, scored(told, leaves, weights_of(told)))


def _shift(told: Definition, data: steps.Data, chosen: Choices, nominal: Floats, drawn: Drawn) -> Floats:
    """Mean absolute shift of the ranks of each draw against those of the definition (`nominal`)."""
    return _mean_shift(ranks_over(told, data, chosen, drawn), nominal)


def _mean_shift(ranks: Floats, nominal: Floats) -> Any:
    moved = np.abs(ranks - nominal)
    known = ~np.isnan(moved)
    with np.errstate(invalid="ignore"):
        return np.where(known, moved, 0.0).sum(axis=-1) / known.sum(axis=-1)


def ranks_over(told: Definition, data: steps.Data, chosen: Choices, drawn: Drawn) -> Floats:
    """Draws x units: ranks at the top; nan for a unit without a score."""
    return _over(told, data, chosen, drawn, top_ranks)


def scores_over(told: Definition, data: steps.Data, chosen: Choices, drawn: Drawn) -> Floats:
    """Draws x units: scores at the top; nan for a unit without one."""
    return _over(told, data, chosen, drawn, top_scores)


def _over(told: Definition, data: steps.Data, chosen: Choices, drawn: Drawn, end: End) -> Floats:
    """Draws x units: what `end` makes of the scores, computed together for all draws of the same methods."""
    out = np.empty((len(drawn.normalise), data.raw.shape[1]))
    fixed = None if drawn.noise else prepared(told, data, data.raw)
    with ThreadPoolExecutor(max_workers=drawing.WORKERS) as pool:
        for variant, rows in _variants(told, chosen, drawn):
            still = None if fixed is None else normalised(variant, fixed)[None]
            parts = np.array_split(rows, -(-len(rows) * data.raw.size // CELLS))
            each = partial(_batch, variant, data, drawn, still, end)
            several = pool.map(each, parts) if len(parts) > 1 else map(each, parts)  # to start threads takes longer
            for pick, found in zip(parts, several, strict=True):
                out[pick] = found
    return out


def _batch(
    told: Definition, data: steps.Data, drawn: Drawn, still: Floats | None, end: End, rows: NDArray[np.int64]
) -> Floats:
    """What `end` makes of some draws that share their methods; `still`: normalised leaves where data are certain."""
    leaves = still
    if leaves is None:
        leaves = normalised(told, prepared(told, data, noisy(data.raw, drawn, rows)))
    weights = {code: each[rows] for code, each in drawn.weights.items()}
    return end(told, data, scored(told, leaves, weights))


def _variants(told: Definition, chosen: Choices, drawn: Drawn) -> Iterator[tuple[Definition, NDArray[np.int64]]]:
    """Every combination of methods, with the draws that took it."""
    for n, scale in enumerate(chosen.normalise or (told.normalise,)):
        for a, means in enumerate(chosen.aggregate or (told.aggregate,)):
            rows = np.flatnonzero((drawn.normalise == n) & (drawn.aggregate == a))
            if rows.size:
                yield replace(told, normalise=scale, aggregate=means), rows


def _draws(draws: int) -> int:
    if not 1 <= draws <= MOST_DRAWS:
        wanted = in_words("wanted_draws", most=MOST_DRAWS)
        raise MaillageError("index_choices", field="draws", value=draws, expected=wanted)
    return draws
