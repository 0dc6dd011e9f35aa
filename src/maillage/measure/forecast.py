"""What a forecast of events must beat before anybody may call it one.

Three plain baselines as draws (zero, last observed, conflictology; H. Hegre and others, ViEWS prediction challenge
2023/24), and the test out of sample by CRPS. Nothing in a report is shown as a forecast that does not beat them.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.spread import crps

Floats = NDArray[np.float64]
Forecast = Callable[[Floats, int], ArrayLike]
WINDOW = 12


def zero(history: ArrayLike) -> Floats:
    """Nothing will happen: one draw, 0."""
    _series(history)
    return np.zeros(1)


def last_observed(history: ArrayLike, *, draws: int = 1000, seed: int) -> Floats:
    """Poisson draws around the last known value."""
    known = _known(history)
    return estimate.rng(seed, "forecast/last").poisson(known[-1], draws).astype(np.float64)


def conflictology(history: ArrayLike, *, window: int = WINDOW) -> Floats:
    """The values of a unit's own last `window` periods, each equally likely."""
    return _known(history)[-window:]


def out_of_sample(series: ArrayLike, forecast: Forecast, *, test: int, seed: int) -> dict[str, float]:
    """Mean CRPS over the last `test` periods of a series: of `forecast` and of each baseline; lower is better.

    forecast(history, step): draws for the next period from what came before it, `step` counting from 0. Raises
    MaillageError `spread_shape` where fewer than a window of periods come before the test.
    """
    scores = by_period(series, forecast, test=test, seed=seed)
    return {name: float(np.mean(found)) if found else float("nan") for name, found in scores.items()}


def by_period(series: ArrayLike, forecast: Forecast, *, test: int, seed: int) -> dict[str, list[float]]:
    """As `out_of_sample`, the score of each known period."""
    x = _series(series)
    if not 0 < test <= x.size - WINDOW:
        raise MaillageError(
            "spread_shape", what="out_of_sample", found=f"{x.size}; {test}", expected="12 periods before"
        )
    scores: dict[str, list[float]] = {"forecast": [], "zero": [], "last_observed": [], "conflictology": []}
    for step, now in enumerate(range(x.size - test, x.size)):
        past, observed = x[:now], float(x[now])
        if np.isnan(observed):
            continue
        scores["forecast"].append(crps(forecast(past, step), observed))
        scores["zero"].append(crps(zero(past), observed))
        scores["last_observed"].append(crps(last_observed(past, seed=seed), observed))
        scores["conflictology"].append(crps(conflictology(past), observed))
    return scores


def clearly_better(scores: Mapping[str, Sequence[float]]) -> bool:
    """Whether a forecast beat every baseline by more than chance: the mean difference of scores, period by period, is
    over twice its standard error (after F. Diebold and R. Mariano, 1995; one step ahead, so without lags).
    """
    mine = np.asarray(scores["forecast"])
    for name, others in scores.items():
        gain = np.asarray(others) - mine
        if name != "forecast" and (gain.size < 2 or gain.mean() <= 2 * gain.std(ddof=1) / np.sqrt(gain.size)):
            return False
    return True


def may_be_shown(scores: dict[str, float]) -> bool:
    """Whether a forecast beat every baseline out of sample."""
    return all(scores["forecast"] < value for name, value in scores.items() if name != "forecast")


def _known(history: ArrayLike) -> Floats:
    x = _series(history)
    x = x[~np.isnan(x)]
    if not x.size:
        raise MaillageError("spread_missing", what="forecast")
    return x


def _series(values: ArrayLike) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not x.size:
        raise MaillageError("spread_shape", what="forecast", found=str(x.shape), expected="one row of numbers")
    return x
