"""Variety, co-location, scans and baselines: by hand, by counting all draws, and by planted clusters."""

import math
from itertools import combinations

import numpy as np
import pytest

from maillage import estimate
from maillage.errors import MaillageError
from maillage.measure.forecast import conflictology, last_observed, may_be_shown, out_of_sample, zero
from maillage.measure.scan import scan
from maillage.measure.spread import diversity, scan_llr
from maillage.measure.variety import co_location, rarefied


def test_rarefaction_counts_every_draw() -> None:
    """Kinds in every set of 3 of 7 statements (4 of a, 2 of b, 1 of c), by counting all 35."""
    statements = "aaaabbc"
    sets = [len(set(drawn)) for drawn in combinations(statements, 3)]
    assert rarefied([4, 2, 1], 3) == pytest.approx(sum(sets) / len(sets))
    assert rarefied([4, 2, 1], 7) == pytest.approx(diversity([4, 2, 1], 0)) == pytest.approx(3)
    assert rarefied([4, 2, 1], 1) == pytest.approx(1)
    with pytest.raises(MaillageError) as problem:
        rarefied([4, 2, 1], 8)
    assert problem.value.code == "spread_effort"


def test_co_location_by_hand() -> None:
    """A pair of a, an a beside a b, and a b beside a c far away: nearest neighbours by eye."""
    x = [0, 1, 10, 11, 30, 31.5]
    found = co_location(x, [0] * 6, ["a", "a", "a", "b", "b", "c"])
    by = {(row["kind"], row["beside"]): row["quotient"] for row in found.iter_rows(named=True)}
    assert by["a", "a"] == pytest.approx((2 / 3) / (2 / 5))
    assert by["a", "b"] == pytest.approx((1 / 3) / (2 / 5))
    assert by["b", "a"] == pytest.approx((1 / 2) / (3 / 5))
    assert by["c", "b"] == pytest.approx(1 / (2 / 5))
    assert by["c", "c"] is None


def test_equally_near_neighbours_share() -> None:
    found = co_location([0, -1, 1], [0, 0, 0], ["m", "a", "b"])
    by = {(row["kind"], row["beside"]): row["quotient"] for row in found.iter_rows(named=True)}
    assert by["m", "a"] == by["m", "b"] == pytest.approx(0.5 / (1 / 2))


def planted(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(range(5), range(5)))
    cases = rng.poisson(2.0, (25, 10))
    cases[np.ix_([6, 7, 11, 12], [4, 5, 6])] += 8
    return cases, np.full(25, 100.0), x, y


def test_a_planted_cluster_is_found_with_its_time() -> None:
    found = scan(*planted(1), draws=99, seed=1)
    assert {6, 7, 11, 12} & set(found.places) >= {7, 11}
    assert (found.start, found.end) == (4, 6)
    assert found.p == 0.01
    assert found.llr == pytest.approx(scan_llr(found.cases, found.expected, planted(1)[0].sum()))
    assert found == scan(*planted(1), draws=99, seed=1)


def test_noise_has_no_cluster_worth_the_name() -> None:
    rng = np.random.default_rng(3)
    ps = [
        scan(rng.poisson(2.0, (9, 6)), np.ones(9), np.arange(9) % 3, np.arange(9) // 3, draws=39, seed=s).p
        for s in range(20)
    ]
    assert sum(p <= 0.05 for p in ps) <= 4
    with pytest.raises(MaillageError) as problem:
        scan(np.zeros((3, 2)), np.ones(3), [0, 1, 2], [0, 0, 0], seed=1)
    assert problem.value.code == "spread_shape"


def test_baselines() -> None:
    history = [0, 3, math.nan, 1, 4]
    assert zero(history).tolist() == [0]
    assert conflictology(history, window=3).tolist() == [3, 1, 4]
    assert last_observed(history, draws=4000, seed=1).mean() == pytest.approx(4, abs=0.15)


def test_only_what_beats_every_baseline_is_a_forecast() -> None:
    """A season of twelve months: who knows it beats all three, who repeats the mean does not."""
    season = np.tile([0, 0, 1, 2, 5, 9, 12, 9, 5, 2, 1, 0], 6).astype(float)
    good = out_of_sample(season, lambda past, _: past[-12::-12], test=24, seed=1)
    assert good["forecast"] == 0
    assert may_be_shown(good)
    plain = out_of_sample(season, lambda past, _: [past.mean()], test=24, seed=1)
    assert not may_be_shown(plain)
    with pytest.raises(MaillageError) as problem:
        out_of_sample(season[:12], lambda past, _: [0.0], test=5, seed=1)
    assert problem.value.code == "spread_shape"


def test_the_p_of_a_scan_ranks_its_ratio_among_those_of_random_tables() -> None:
    """One by one, each dealt table scanned anew; the scan itself only asks whether they reach the ratio found."""
    rng = np.random.default_rng(4)
    for seed in range(6):
        cases, people = rng.poisson(1.5, (7, 5)), rng.integers(1, 9, 7).astype(float)
        people[0] = 0.0 if seed == 3 else people[0]
        cases[0] = 0 if seed == 3 else cases[0]
        where = np.arange(7) % 3, np.arange(7) // 3
        found = scan(cases, people, *where, draws=29, seed=seed)
        due = np.repeat(people[:, None], 5, axis=1)
        stream = estimate.rng(seed, "scan")
        dealt = [stream.multinomial(cases.sum(), (due / due.sum()).ravel()).reshape(7, 5) for _ in range(29)]
        larger = [scan(one, people, *where, draws=1, seed=0).llr >= found.llr - 1e-9 for one in dealt]
        assert found.p == (1 + sum(larger)) / 30
