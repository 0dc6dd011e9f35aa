"""From the scores of children to the score of a node; what is missing is skipped and the weights renormalised.

Arrays are `... x children x units`, weights `... x children`. A score of zero makes a geometric or harmonic mean
zero: nothing makes up for it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.errors import MaillageError

Floats = NDArray[np.float64]
TIE = 1e-12


def aggregate(scores: Floats, weights: Floats, name: str, *, span: tuple[float, float], node: str) -> Floats:
    """Scores `... x units` of a node; nan where no child with weight has one.

    name: amean, gmean, hmean (weighted means), inform (the inverted geometric mean of INFORM, on the scale `span`),
    max (of child times weight), copeland (wins less losses against all other units).
    Raises MaillageError `index_negative` for a geometric or harmonic mean of a score below zero.
    """
    if name in ("gmean", "hmean") and bool((scores < 0).any()):
        raise MaillageError("index_negative", field=node, method=name)
    with np.errstate(invalid="ignore", divide="ignore"):
        return KINDS[name](scores, weights, span)


def _mean(scores: Floats, weights: Floats, span: Any = None) -> Floats:
    known = ~np.isnan(scores)
    if known.all():
        return _sum(scores, weights) / weights.sum(axis=-1)[..., None]
    total = _sum(known.astype(np.float64), weights)
    return np.where(total > 0, _sum(np.where(known, scores, 0.0), weights) / total, np.nan)


def _sum(scores: Floats, weights: Floats) -> Floats:
    """The weighted sum over children."""
    return np.matmul(weights[..., None, :], scores)[..., 0, :]


def _geometric(scores: Floats, weights: Floats, span: Any = None) -> Floats:
    logs = np.log(scores)
    return np.exp(_mean(logs, weights)) if np.isfinite(logs).all() else _with_zeros(np.exp, logs, weights, -np.inf)


def _harmonic(scores: Floats, weights: Floats, span: Any = None) -> Floats:
    inverse = 1.0 / scores
    return _with_zeros(np.reciprocal, inverse, weights, np.inf)


def _with_zeros(back: Callable[..., Floats], turned: Floats, weights: Floats, zero: float) -> Floats:
    """A mean of turned scores, turned back; a zero with weight makes it zero (0 x inf would be nothing)."""
    zeros = (turned == zero) & (weights[..., None] > 0)
    plain = np.where(turned == zero, 0.0, turned)
    return np.where(zeros.any(axis=-2), 0.0, back(_mean(plain, weights)))


def _inform(scores: Floats, weights: Floats, span: tuple[float, float]) -> Floats:
    """(10 - exp(mean ln((10 - x)/10 * 9 + 1))) / 9 * 10 for x from 0 to 10 (INFORM, European Commission JRC, 2017)."""
    low, high = span
    ten = (scores - low) / (high - low) * 10
    pulled = (10 - np.exp(_mean(np.log((10 - ten) / 10 * 9 + 1), weights))) / 9 * 10
    return low + pulled / 10 * (high - low)


def _largest(scores: Floats, weights: Floats, span: Any = None) -> Floats:
    weighed = np.where(np.isnan(scores), -np.inf, scores * weights[..., None])
    found = weighed.max(axis=-2)
    return np.where(np.isfinite(found), found, np.nan)


def _copeland(scores: Floats, weights: Floats, span: Any = None) -> Floats:
    """Wins less losses: a unit wins against another where children with over half of the weight are higher.

    A child that either of the two lacks says nothing between them (D. Saari and V. Merlin, 1996).
    """
    units = scores.shape[-1]
    out = np.zeros((*np.broadcast_shapes(scores.shape[:-2], weights.shape[:-1]), units))
    for unit in range(units):
        mine = scores[..., unit : unit + 1]
        both = ~np.isnan(mine) & ~np.isnan(scores)
        better = (mine > scores) + 0.5 * (mine == scores)
        share = _sum(np.where(both, better, 0.0), weights) / _sum(both.astype(np.float64), weights)
        win = np.where(np.abs(share - 0.5) < TIE, 0.0, np.sign(share - 0.5))
        win[..., unit] = 0.0
        out[..., unit] = np.nansum(win, axis=-1)
    return np.where(np.isnan(scores).all(axis=-2), np.nan, out)


Kind = Callable[[Floats, Floats, tuple[float, float]], Floats]
KINDS: Mapping[str, Kind] = {
    "amean": _mean,
    "gmean": _geometric,
    "hmean": _harmonic,
    "inform": _inform,
    "max": _largest,
    "copeland": _copeland,
}
