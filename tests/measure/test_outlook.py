"""Forecasts only where they beat the plain ones, variety with equal effort, and who is named beside whom."""

import numpy as np
import pytest
from made_evidence import by_id, evidence

from maillage.measure.forecast import by_period, clearly_better, out_of_sample
from maillage.measure.likeness import market_overlap, market_variety
from maillage.measure.outlook import forecasts, ours

SPEC = {"kind": "spread", "indicator": "national_deaths"}


def monthly(values: list[int]) -> str:
    rows = [f"ML,national_deaths,{2018 + at // 12}-{at % 12 + 1:02d},{value}" for at, value in enumerate(values)]
    return "place,indicator,period,value\n" + "\n".join(rows)


def test_a_series_without_memory_gets_no_forecast() -> None:
    rng = np.random.default_rng(1)
    found = by_id(forecasts(evidence(indicators=monthly(rng.poisson(40, 60).tolist())), "forecasts", SPEC))
    assert found["forecasts/ML"]["reason"] == "forecast_not_better"
    assert {name.rpartition("_")[2] for name in found if "score" in name} == {
        "ours",
        "zero",
        "observed",
        "conflictology",
    }
    assert found["forecasts/ML/score_zero"]["value"] > found["forecasts/ML/score_conflictology"]["value"]


def test_a_series_that_swings_slowly_is_foreseen_for_one_month() -> None:
    """A mean that follows a slow wave beats twelve months of it, and is steadier than the last month."""
    rng = np.random.default_rng(1)
    wave = rng.gamma(8, (400 + 150 * np.sin(2 * np.pi * np.arange(84) / 40)) / 8)
    found = by_id(forecasts(evidence(indicators=monthly(rng.poisson(wave).tolist())), "forecasts", SPEC))
    assert "forecasts/ML" not in found
    row = found["forecasts/ML/2025-01"]
    assert row["low"] < row["value"] < row["high"]
    assert (row["interval"], row["meaning"]) == ("q05-q95", "projected")
    ours_is = found["forecasts/ML/score_ours"]["value"]
    assert all(ours_is < found[f"forecasts/ML/score_{way}"]["value"] for way in ("zero", "conflictology"))


def test_better_by_chance_is_not_better() -> None:
    assert clearly_better({"forecast": [1.0, 1.1, 0.9, 1.0], "zero": [2.0, 2.2, 2.1, 1.9]})
    assert not clearly_better({"forecast": [1.0, 1.1, 0.9, 1.0], "zero": [2.0, 0.2, 2.1, 0.1]})
    assert not clearly_better({"forecast": [1.0], "zero": [2.0]})


def test_means_are_those_of_the_periods() -> None:
    series = np.arange(30.0)
    parts = by_period(series, lambda past, step: [past[-1] + 1], test=6, seed=1)
    assert parts["forecast"] == [0] * 6
    assert out_of_sample(series, lambda past, step: [past[-1] + 1], test=6, seed=1) == {
        name: pytest.approx(np.mean(found)) for name, found in parts.items()
    }


def test_draws_are_of_their_step_and_their_seed() -> None:
    past = np.array([3.0, 9, 2, 14, 1, 8] * 4)
    assert np.array_equal(ours(past, 1, seed=1), ours(past, 1, seed=1))
    assert not np.array_equal(ours(past, 1, seed=1), ours(past, 2, seed=1))
    assert ours(np.zeros(24), 0, seed=1).mean() < 0.2


def told(kind: str, number: int, source: int, market: str, more: str) -> str:
    return f"o{number},p{source},{kind},{more},{market}"


def test_variety_needs_five_sources_and_is_rarefied_to_equal_effort() -> None:
    sources = "id,kind,place,cluster,consent\n" + "".join(f"p{n},document,ML0702,,\n" for n in range(6))
    head = "id,source,kind,question,answer,market\n"
    said = [told("market", n, n, "gold", "presence,present") for n in range(6)]
    said += [told("market", 10 + n, n, "arms", "presence,present") for n in range(2)]
    found = by_id(market_variety(evidence(head + "\n".join(said), sources=sources), "market_variety", SPEC))
    assert found["market_variety/ML0702/q0"]["value"] == 2
    assert found["market_variety/ML0702/q2"]["value"] == pytest.approx(1 / (0.75**2 + 0.25**2))
    assert found["market_variety/ML0702/rarefied"]["value"] == pytest.approx(2)
    few = by_id(market_variety(evidence(head + said[0], sources=sources), "market_variety", SPEC))
    assert {row["reason"] for row in few.values()} == {"sources_few"}


def test_actors_in_the_same_markets_overlap() -> None:
    sources = "id,kind,place,cluster,consent\np0,document,ML,,\np1,document,ML,,\n"
    head = "id,source,kind,question,answer,actor,role,market\n"
    said = [f"o{actor}{market},p0,role,role,provider,{actor},provider,{market}"
            for actor in ("smuggler", "terrorist_group") for market in ("gold", "arms", "cocaine")]  # fmt: skip
    found = by_id(market_overlap(evidence(head + "\n".join(said), sources=sources), "market_overlap", SPEC))
    assert found["market_overlap/ALL/smuggler~terrorist_group"]["value"] == pytest.approx(1)
    assert set(found) == {
        "market_overlap/ALL/smuggler~terrorist_group",
        "market_overlap/ALL/smuggler~terrorist_group/morisita_horn",
    }
