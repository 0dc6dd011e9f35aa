"""Inverse distribution functions against scipy, which the package does without here."""

import numpy as np
import pytest
from scipy import special

from maillage.measure.inverses import beta, normal

SHARES = np.concatenate([np.linspace(0, 1, 4097), 10.0 ** -np.arange(1, 301), 1 - 10.0 ** -np.arange(1.0, 15.0)])


def test_normal_quantiles_from_end_to_end() -> None:
    assert np.allclose(normal(SHARES), special.ndtri(SHARES), rtol=4e-15, atol=1e-15)
    assert normal([0, 0.5, 1]).tolist() == [-np.inf, 0, np.inf]
    assert float(normal(0.975)) == pytest.approx(1.959963984540054, rel=1e-15)


@pytest.mark.parametrize("a", [1, 1.004, 1.5, 2.2, 3, 4.75, 5])
def test_quantiles_of_every_pert(a: float) -> None:
    """The shape parameters of a pert add up to six; scipy knows no quantiles of some shares below 1e-107."""
    shares = SHARES[(SHARES == 0) | (SHARES > 1e-100)]
    assert np.allclose(beta(a, 6 - a, shares), special.betaincinv(a, 6 - a, shares), rtol=1e-12, atol=1e-14)
    assert np.allclose(special.betainc(a, 6 - a, beta(a, 6 - a, shares)), shares, rtol=1e-12)
    assert beta(a, 6 - a, [0, 1]).tolist() == [0, 1]
    assert float(beta(a, 6 - a, 0.3)) == pytest.approx(float(special.betaincinv(a, 6 - a, 0.3)), rel=1e-13)
