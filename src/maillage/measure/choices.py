"""What could have been chosen otherwise in an index: data, weights, methods; drawn as named random streams.

Three doubts are kept apart: about the data, about the weights, about the methods. Each has streams of its own, so
that adding one never changes the draws of another.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.definition import Definition, Normalise
from maillage.measure.definition_reading import aggregate_of, in_words, normalise_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KEYS = ("weights", "normalise", "aggregate", "data")
WORKERS, SEVERAL = 4, 1000


@dataclass(frozen=True, slots=True)
class Choices:
    """Checked choices. weights: `dirichlet`, a share by which each may be off, or None where they are certain.

    data: leaf position -> (kind, first, second) with kind `sd` (of a normal error) or `span` (bounds of a uniform
    one), each a number or one a unit.
    """

    weights: str | float | None = None
    normalise: tuple[Normalise, ...] = ()
    aggregate: tuple[Mapping[str, str], ...] = ()
    data: Mapping[int, tuple[str, Floats, Floats]] = field(default_factory=dict[int, tuple[str, Floats, Floats]])

    def named(self) -> tuple[str, ...]:
        """The choices that vary, in a fixed order."""
        there = (self.weights is not None, bool(self.normalise), bool(self.aggregate), bool(self.data))
        return tuple(name for name, used in zip(KEYS, there, strict=True) if used)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of the choices. weights: node -> draws x children. normalise, aggregate: which one, a draw. noise:
    leaf position -> draws x units, to be added to the data.
    """

    weights: Mapping[str, Floats]
    normalise: Ints
    aggregate: Ints
    noise: Mapping[int, Floats]

    def with_choice(self, name: str, other: "Drawn") -> "Drawn":
        """These draws, but for one choice those of another set."""
        key = "noise" if name == "data" else name
        return replace(self, **{key: getattr(other, key)})


def read(choices: Mapping[str, Any], told: Definition, indicators: pl.DataFrame) -> Choices:
    """The choices in their checked form. Raises MaillageError `index_choices`, `index_definition`."""
    unknown = [str(key) for key in choices if key not in KEYS]
    if unknown or not choices:
        raise _slip("choices", ", ".join(unknown) or "-", "wanted_choices", known=", ".join(KEYS))
    weights = choices.get("weights")
    share = isinstance(weights, int | float) and not isinstance(weights, bool) and 0 < weights < 1
    if not (weights is None or weights == "dirichlet" or share):
        raise _slip("weights", weights, "wanted_weights")
    default = told.normalise
    scales = [_on_scale(each, default) for each in _several(choices, "normalise")]
    return Choices(
        weights=weights, normalise=tuple(normalise_of(each, told.leaves) for each in scales),
        aggregate=tuple(aggregate_of(each, told.order) for each in _several(choices, "aggregate")),
        data=_data(choices.get("data") or {}, told, indicators),
    )  # fmt: skip


def _several(choices: Mapping[str, Any], name: str) -> Sequence[Any]:
    given = choices.get(name)
    if given is None:
        return ()
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise _slip(name, given, "wanted_choice_list")
    return given


def _on_scale(given: object, default: Normalise) -> object:
    """A method given by its name alone is meant on the scale, and with the goalposts, of the definition."""
    if not isinstance(given, str):
        return given
    return {"method": given, "low": default.low, "high": default.high, "goalposts": dict(default.goalposts)}


def _data(given: object, told: Definition, indicators: pl.DataFrame) -> dict[int, tuple[str, Floats, Floats]]:
    if not isinstance(given, Mapping):
        raise _slip("data", given, "wanted_doubts")
    found: dict[int, tuple[str, Floats, Floats]] = {}
    for code, doubt in given.items():
        if code not in told.leaves:
            raise _slip("data", code, "wanted_indicators")
        if isinstance(doubt, list | tuple) and len(doubt) == 2:
            low, high = (_error(each, indicators, f"data.{code}") for each in doubt)
            if (low > high).any():
                raise _slip(f"data.{code}", doubt, "wanted_low_high")
            found[told.leaves.index(code)] = ("span", low, high)
        else:
            sd = _error(doubt, indicators, f"data.{code}")
            if (sd < 0).any():
                raise _slip(f"data.{code}", doubt, "wanted_deviation")
            found[told.leaves.index(code)] = ("sd", sd, sd)
    return found


def _error(value: object, indicators: pl.DataFrame, where: str) -> Floats:
    """A number for all units, or a column with one a unit (blank = no doubt)."""
    if isinstance(value, str) and value in indicators.columns and indicators[value].dtype.is_numeric():
        given = indicators[value].cast(pl.Float64).to_numpy()
        return np.where(np.isnan(given), 0.0, given)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise _slip(where, value, "wanted_number_or_column")
    return np.full(indicators.height, float(value))


def _slip(where: str, found: object, wanted: str, **facts: object) -> MaillageError:
    return MaillageError("index_choices", field=where, value=found, expected=in_words(wanted, **facts))


def draw(choices: Choices, told: Definition, *, draws: int, seed: int, name: str = "") -> Drawn:
    """Random choices, each from a stream of its own: `index[/name]/weights/NODE`, `.../data/CODE` and so on."""
    prefix = "index" + (f"/{name}" if name else "")
    which = {
        key: estimate.rng(seed, f"{prefix}/{key}").integers(0, max(1, len(options)), draws)
        for key, options in (("normalise", choices.normalise), ("aggregate", choices.aggregate))
    }
    streams = (estimate.rng(seed, f"{prefix}/data/{told.leaves[at]}") for at in choices.data)
    each = partial(_noise, draws)
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        many = len(choices.data) > 1 and draws >= SEVERAL  # to start threads takes longer than few draws
        noise = dict(zip(choices.data, (pool.map if many else map)(each, streams, choices.data.values()), strict=True))
    return Drawn(_weights(choices, told, draws, seed, prefix), which["normalise"], which["aggregate"], noise)


def _noise(draws: int, rng: np.random.Generator, doubt: tuple[str, Floats, Floats]) -> Floats:
    kind, first, second = doubt
    if kind == "sd":
        return rng.standard_normal((draws, len(first))) * first
    return first + rng.random((draws, len(first))) * (second - first)


def _weights(choices: Choices, told: Definition, draws: int, seed: int, prefix: str) -> dict[str, Floats]:
    """Weights of the children of each node: all mixes equally likely, or each off by up to a share."""
    drawn: dict[str, Floats] = {}
    for code, below in told.children.items():
        given = np.array([told.nodes[child].weight for child in below])
        if choices.weights is None:
            drawn[code] = np.broadcast_to(given, (draws, len(below)))
            continue
        rng = estimate.rng(seed, f"{prefix}/weights/{code}")
        if choices.weights == "dirichlet":
            drawn[code] = rng.standard_exponential((draws, len(below))) * (given > 0)
        else:
            drawn[code] = given * (1 + float(choices.weights) * (2 * rng.random((draws, len(below))) - 1))
    return drawn


def noisy(values: Floats, drawn: Drawn, rows: Ints) -> Floats:
    """Draws x leaves x units: the data with the errors of some draws."""
    out = np.empty((len(rows), *values.shape))
    for at, known in enumerate(values):
        out[:, at] = known + drawn.noise[at][rows] if at in drawn.noise else known
    return out
