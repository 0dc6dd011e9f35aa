"""Inverse distribution functions of the standard normal and of the beta, over whole arrays, to the last digits.

scipy has both, but takes a quarter of a second to import: as long as a small study takes for all the rest.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
# M. Wichura, Applied Statistics 37 (1988), algorithm AS 241, PPND16: coefficients of numerator and denominator, the
# highest power first: around the middle, in the tails, far out in them
MIDDLE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)  # fmt: skip
FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip
CENTRAL, NEAR, SHIFT = 0.425, 5.0, 1.6
HALF, GRID, TERMS, STEPS = 0.5, 257, 96, 3


def normal(p: ArrayLike) -> Floats:
    """The standard normal quantile of each share p (0 to 1); infinite at both ends."""
    share = np.asarray(p, dtype=np.float64)
    off = share - 0.5
    found = np.asarray(off * _ratio(MIDDLE, CENTRAL**2 - off * off))
    out = np.abs(off) > CENTRAL
    found[out] = np.copysign(_tail(np.minimum(share[out], 1 - share[out])), off[out])
    return found


def _tail(p: Floats) -> Floats:
    """How far out from the middle a share p below 0.075 begins."""
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = np.sqrt(-np.log(p))
        found = np.where(depth <= NEAR, _ratio(TAIL, depth - SHIFT), _ratio(FAR, depth - NEAR))
    return np.where(p > 0, found, np.inf)


def _ratio(powers: tuple[tuple[float, ...], tuple[float, ...]], at: Floats) -> Floats:
    above, below = (_polynomial(each, at) for each in powers)
    return above / below


def _polynomial(powers: Sequence[float], at: Floats) -> Floats:
    """By Horner's rule, the highest power first."""
    found = np.full(at.shape, powers[0])
    for each in powers[1:]:
        found *= at
        found += each
    return found


def beta(a: float, b: float, p: ArrayLike) -> Floats:
    """The quantile of Beta(a, b) of each share p (0 to 1), for a and b from 1 to 5, as a pert has them."""
    share = np.asarray(p, dtype=np.float64)
    low = share <= _below(a, b, np.array(HALF))
    found = np.empty(share.shape)
    found[low] = _lower(a, b, share[low])
    found[~low] = 1 - _lower(b, a, 1 - share[~low])
    return found


def _lower(a: float, b: float, p: Floats) -> Floats:
    """Quantiles below one half: from a table, by whose first power they are nearly lines, then by Newton's steps."""
    grid = np.linspace(0, HALF, GRID)
    x = np.interp(p ** (1 / a), _below(a, b, grid) ** (1 / a), grid)
    for _ in range(STEPS):
        x -= np.divide(_below(a, b, x) - p, _density(a, b, x), out=np.zeros(x.shape), where=p > 0)
    return x


def _below(a: float, b: float, x: Floats) -> Floats:
    """The share of Beta(a, b) below x, up to one half: a series of positive terms (M. Abramowitz and I. Stegun,
    Handbook of Mathematical Functions, 1964, 26.5.4).
    """
    terms = np.cumprod([1.0, *((a + b + n) / (a + 1 + n) for n in range(TERMS))])
    return _density(a, b, x) * x * (1 - x) / a * _polynomial(terms[::-1].tolist(), x)


def _density(a: float, b: float, x: Floats) -> Floats:
    whole = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))
    return whole * x ** (a - 1) * (1 - x) ** (b - 1)
