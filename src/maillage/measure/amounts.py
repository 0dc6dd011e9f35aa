"""A quantity known only as a range: its mean, spread, quantiles and draws under a stated shape.

A range is either the spread between payers or doubt about one value; the shapes here say nothing about which.
Show a result under several shapes, never one number (docs/measures/levies.md).
"""

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage.errors import MaillageError
from maillage.measure import inverses

Shape = Literal["uniform", "loguniform", "lognormal", "pert", "triangular"]
SHAPES: tuple[Shape, ...] = ("uniform", "loguniform", "lognormal", "pert", "triangular")
POSITIVE = ("loguniform", "lognormal")
WIDENED = ("uniform", "loguniform", "lognormal")
NARROW = 1.001
PEAKED = ("pert", "triangular")


@dataclass(frozen=True)
class Range:
    """The range [low, high] of a quantity, in the quantity's own unit.

    shape: uniform, loguniform, lognormal, pert (Malcolm and others, 1959; beta with weight 4 on the mode) or
    triangular. coverage: the central probability that [low, high] holds; a lognormal needs one below 1, pert and
    triangular take only 1. mode: most likely value of pert and triangular; None = the midpoint of the logarithms.
    Raises MaillageError range_bounds, range_shape, range_coverage or range_mode.
    """

    low: float
    high: float
    shape: Shape = field(default="loguniform", kw_only=True)
    coverage: float = field(default=1.0, kw_only=True)
    mode: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise MaillageError("range_bounds", low=self.low, high=self.high)
        if self.shape not in SHAPES:
            raise MaillageError("range_shape", shape=self.shape, shapes=", ".join(SHAPES))
        logs = self.shape in POSITIVE or (self.shape in PEAKED and self.mode is None)
        if logs and self.low <= 0:
            raise MaillageError("range_positive", low=self.low, shape=self.shape)
        top = self.coverage == 1.0 and self.shape != "lognormal"
        if not top and not (0 < self.coverage < 1 and self.shape in WIDENED):
            raise MaillageError("range_coverage", coverage=self.coverage, shape=self.shape)
        if self.mode is not None and (self.shape not in PEAKED or not self.low <= self.mode <= self.high):
            raise MaillageError("range_mode", mode=self.mode, shape=self.shape, low=self.low, high=self.high)

    def mean(self) -> float:
        """Expected value."""
        low, high = self._ends()
        if low == high:
            return low
        match self.shape:
            case "uniform":
                return (low + high) / 2
            case "loguniform":
                return (high - low) / math.log1p((high - low) / low)
            case "lognormal":
                mu, sigma = self._logs()
                return math.exp(mu + sigma**2 / 2)
            case "pert":
                return (low + 4 * self._mode() + high) / 6
            case "triangular":
                return (low + self._mode() + high) / 3

    def sd(self) -> float:
        """Standard deviation."""
        low, high = self._ends()
        if low == high:
            return 0.0
        match self.shape:
            case "uniform":
                return (high - low) / math.sqrt(12)
            case "loguniform" if high < low * NARROW:  # there the difference of two squares is all rounding
                return (high - low) / math.sqrt(12)
            case "loguniform":
                return math.sqrt((high**2 - low**2) / (2 * math.log(high / low)) - self.mean() ** 2)
            case "lognormal":
                return self.mean() * math.sqrt(math.expm1(self._logs()[1] ** 2))
            case "pert":
                a, b = self._beta()
                return (high - low) * math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
            case "triangular":
                m = self._mode()
                return math.sqrt((low**2 + m**2 + high**2 - low * m - low * high - m * high) / 18)

    @overload
    def quantile(self, p: float) -> float: ...
    @overload
    def quantile(self, p: ArrayLike) -> NDArray[np.float64] | float: ...
    def quantile(self, p: ArrayLike) -> NDArray[np.float64] | float:
        """The value below which a share `p` (0 to 1) lies; a number for a number, an array for an array."""
        share = np.asarray(p, dtype=np.float64)
        if not bool(np.all((share >= 0) & (share <= 1))):
            raise MaillageError("range_quantile", p=p)
        found = self._inverse(share)
        return float(found) if share.ndim == 0 else found

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draws by the inverse distribution function: one number of `rng` a draw, whatever the shape."""
        return self._inverse(rng.random(size))

    def _inverse(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = self._ends()
        if low == high:
            return np.full(p.shape, low)
        match self.shape:
            case "uniform":
                return low + (high - low) * p
            case "loguniform":
                return low * (high / low) ** p
            case "lognormal":
                mu, sigma = self._logs()
                return np.exp(mu + sigma * inverses.normal(p))
            case "pert":
                return low + (high - low) * inverses.beta(*self._beta(), p)
            case "triangular":
                width, rise = high - low, self._mode() - low
                up = low + np.sqrt(p * width * rise)
                down = high - np.sqrt((1 - p) * width * (width - rise))
                return np.where(p * width < rise, up, down)

    def _ends(self) -> tuple[float, float]:
        """Ends of the support; with coverage below 1 the (logarithmic) width grows by its inverse."""
        if self.coverage == 1.0 or self.shape == "lognormal":
            return self.low, self.high
        if self.shape == "uniform":
            extra = (self.high - self.low) * (1 / self.coverage - 1) / 2
            return self.low - extra, self.high + extra
        factor = (self.high / self.low) ** ((1 / self.coverage - 1) / 2)
        return self.low / factor, self.high * factor

    def _logs(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of a lognormal."""
        reach = NormalDist().inv_cdf((1 + self.coverage) / 2)
        return math.log(self.low * self.high) / 2, math.log(self.high / self.low) / (2 * reach)

    def _mode(self) -> float:
        return math.sqrt(self.low * self.high) if self.mode is None else self.mode

    def _beta(self) -> tuple[float, float]:
        """Shape parameters of the beta behind a pert."""
        width, rise = self.high - self.low, self._mode() - self.low
        return 1 + 4 * rise / width, 1 + 4 * (width - rise) / width
