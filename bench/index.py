"""10,000 draws over data, weights and methods of an index of 51 units x 49 indicators, beside a loop draw by draw.

The loop does the same steps with the same engine, one definition and one set of data a draw, as a tool does that builds
the index anew each time; 100 of its draws are timed.
"""

import json
import time
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from maillage.measure.choices import draw, read
from maillage.measure.definition_reading import read as read_definition
from maillage.measure.index import score
from maillage.measure.sensitivity import sobol, uncertainty

UNITS, INDICATORS, PILLARS, DRAWS, LOOPED = 51, 49, 8, 10_000, 100


def made(units: int) -> tuple[pl.DataFrame, dict[str, Any], dict[str, Any]]:
    """A table of made-up numbers, its definition and what is to be varied."""
    rng = np.random.default_rng(1)
    codes = [f"i{at:02}" for at in range(INDICATORS)]
    data = pl.DataFrame(
        {"unit": [f"u{at}" for at in range(units)], **{code: rng.gamma(3, 10, units) for code in codes}}
    )
    halves = [{"code": half, "parent": "top"} for half in ("left", "right")]
    pillars = [{"code": f"p{at}", "parent": ("left", "right")[at % 2]} for at in range(PILLARS)]
    leaves = [{"code": code, "parent": f"p{at * PILLARS // INDICATORS}"} for at, code in enumerate(codes)]
    definition = {
        "unit": "unit", "nodes": [{"code": "top"}, *halves, *pillars, *leaves],
        "normalise": {"method": "minmax", "low": 1, "high": 100}, "aggregate": "amean",
    }  # fmt: skip
    doubts = {code: float(data[code].std() or 0) * 0.1 for code in codes}  # type: ignore[arg-type]
    choices = {"weights": "dirichlet", "normalise": ["minmax", "distance_to_max"], "aggregate": ["amean", "gmean"],
               "data": doubts}  # fmt: skip
    return data, definition, choices


def looped(data: pl.DataFrame, definition: dict[str, Any], choices: dict[str, Any]) -> float:
    """Seconds a draw, built one by one."""
    told = read_definition(definition)
    drawn = draw(read(choices, told, data), told, draws=LOOPED, seed=1)
    start = time.perf_counter()
    for one in range(LOOPED):
        weights: dict[str, float] = {}
        for code, below in told.children.items():
            weights |= dict(zip(below, drawn.weights[code][one].tolist(), strict=True))
        scale = choices["normalise"][drawn.normalise[one]]
        own = {
            **definition, "nodes": [{**node, "weight": weights.get(node["code"], 1)} for node in definition["nodes"]],
            "normalise": {"method": scale, "low": 1, "high": 100},
            "aggregate": choices["aggregate"][drawn.aggregate[one]],
        }  # fmt: skip
        moved = {told.leaves[at]: data[told.leaves[at]].to_numpy() + errors[one] for at, errors in drawn.noise.items()}
        score(data.with_columns(pl.Series(name, values) for name, values in moved.items()), own)
    return (time.perf_counter() - start) / LOOPED


def timed(units: int, draws: int, runs: int) -> float:
    data, definition, choices = made(units)
    uncertainty(data, definition, choices, draws=500, seed=1)
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        uncertainty(data, definition, choices, draws=draws, seed=1)
        times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    data, definition, choices = made(UNITS)
    start = time.perf_counter()
    sobol(data, definition, choices, draws=1024, seed=1)
    sobol_s = time.perf_counter() - start
    grown = {str(times): timed(UNITS * times, DRAWS // 10, 1) for times in (1, 4, 16)}
    loop = looped(data, definition, choices) * DRAWS
    print(json.dumps({"draws_s": timed(UNITS, DRAWS, 5), "loop_s": loop, "sobol_s": sobol_s, "grown_s": grown}))


if __name__ == "__main__":
    main()
