"""Agreement of coders: every worked example of the literature at hand, and a slow reference that shares no code."""

import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.measure.agreement import (
    alpha,
    alpha_interval,
    brennan_prediger,
    cohen,
    fleiss,
    gwet,
    percent,
    scott,
)

N = None
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def crossed(table: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Two coders from their table: rows are the first coder's categories, columns the second's."""
    pairs = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in pairs], [j for _, j in pairs]


def spread(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    """Coders x units from how many coders gave each category to each unit."""
    units = [[category for category, count in enumerate(row) for _ in range(count)] for row in counts]
    return [list(coder) for coder in zip(*units, strict=True)]


# --- Krippendorff (2011), Computing Krippendorff's alpha-reliability, and his book of 1980 and 2004 --------------

MEG, OWEN = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
BEN, GERRY = list("aabbdcccedda"), list("babbbccceddd")
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
BOOK_1980 = [[1, 1, 2, 4, 1, 2, 1, 3, 2], [1, 2, 2, 4, 4, 2, 2, 3, 2], [1, 2, 2, 4, 4, 2, 3, 3, 2]]


@pytest.mark.parametrize(("codes", "level", "value"), [
    ([MEG, OWEN], "nominal", 0.095),  # A: two observers, two categories
    ([BEN, GERRY], "nominal", 0.692),  # B: two observers, many categories
    (FOUR, "nominal", 0.743),  # C: any number of observers, missing codes
    (FOUR, "ordinal", 0.815), (FOUR, "interval", 0.849), (FOUR, "ratio", 0.797),  # D: other levels
    (BOOK_1980, "nominal", 0.642), (BOOK_1980, "interval", 0.547), (BOOK_1980, "ratio", 0.483),  # 1980, p. 139
    ([list("aabbbbbccccc"), list("abbbbbcccccc")], "nominal", 0.734),  # 2004, p. 227
])  # fmt: skip
def test_krippendorff(codes: list[list[Any]], level: Any, value: float) -> None:
    assert alpha(codes, level=level) == pytest.approx(value, abs=5e-4)


def test_krippendorff_2011_ratio_needs_three_decimals_only() -> None:
    assert round(alpha(FOUR, level="ratio"), 3) == 0.797


def test_hayes_krippendorff_2007() -> None:
    """Answering the call for a standard reliability measure, p. 84: five judges, forty texts, ordinal."""
    judges = [
        "112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111.",
        ".100. 0000. 1222. 33223 111.1 111.1 212.2 1233. 1101. 000.0",
        "0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2",
        "110.0 2121. 22.22 3222. 222.2 223.2 222.2 22.12 2222. 111.1",
    ]  # fmt: skip
    units = [[None if c == "." else int(c) for c in unit] for line in judges for unit in line.split()]
    codes = [list(coder) for coder in zip(*units, strict=True)]
    assert len(units) == 40
    assert alpha(codes, level="ordinal") == pytest.approx(0.7598, abs=5e-5)


# --- kappa and its kin ---------------------------------------------------------------------------------------

COHEN_1960 = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]  # Gwet (2014), values as printed by his R package irrCAC
ZWICK = {
    "equal": ([[20, 0, 0, 5], [0, 10, 15, 0], [0, 15, 10, 0], [5, 0, 0, 20]], 0.467, 0.467),
    "alike": ([[20, 10, 10, 0], [10, 10, 0, 0], [10, 0, 10, 0], [0, 0, 0, 20]], 0.444, 0.444),
    "apart": ([[20, 5, 5, 10], [0, 10, 5, 5], [0, 5, 10, 5], [0, 0, 0, 20]], 0.460, 0.474),
}


@pytest.mark.parametrize(("table", "value"), [
    ([[50, 26, 24], [24, 4, 32], [6, 30, 4]], -0.092),  # Cohen (1960), p. 37, proportions x 200
    (COHEN_1960, 0.492),  # Cohen (1960), p. 45
    ([[40, 9], [6, 45]], 0.70), ([[80, 10], [5, 5]], 0.32),  # Feinstein and Cicchetti (1990)
    ([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], 0.493),  # Landis and Koch (1977); Agresti (1992)
    ([[20, 10], [20, 50]], 0.348),  # Artstein and Poesio (2008), p. 558
    ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], 0.8013),  # the same, p. 568
    ([[50, 0, 0], [10, 10, 10], [20, 0, 0]], 0.27), ([[50, 0, 10], [0, 10, 10], [10, 10, 0]], 0.29),  # Brennan
    ([[118, 5], [2, 0]], -0.0234),  # Gwet (2008)
    (ABSTRACTORS, 0.7964094),
])  # fmt: skip
def test_cohen(table: list[list[int]], value: float) -> None:
    assert cohen(*crossed(table)) == pytest.approx(value, abs=0.0051 if round(value, 2) == value else 5e-4)


COSTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
HALF = [[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]]


@pytest.mark.parametrize(("table", "weights", "value"), [
    ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], COSTS, 0.348),  # Cohen (1968), table 1
    ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], HALF, 0.8163),  # Artstein and Poesio (2008), p. 570
    ([[46, 0, 0], [4, 40, 0], [0, 0, 10]], None, 0.9315),  # the three that scikit-learn's tests print
    ([[46, 0, 0], [4, 40, 0], [0, 0, 10]], "linear", 0.9412),
    ([[46, 0, 0], [4, 40, 0], [0, 0, 10]], "quadratic", 0.9541),
])  # fmt: skip
def test_cohen_weighted(table: list[list[int]], weights: Any, value: float) -> None:
    assert cohen(*crossed(table), weights=weights, categories=[0, 1, 2]) == pytest.approx(value, abs=5e-4)


def test_weights_of_agreement_say_the_same_as_weights_of_disagreement() -> None:
    pair = crossed(COHEN_1960)
    other = (6 - np.array(COSTS)).tolist()
    assert cohen(*pair, weights=other, categories=range(3)) == pytest.approx(
        cohen(*pair, weights=COSTS, categories=range(3))
    )


def test_fleiss_1971() -> None:
    """Thirty patients, six psychiatrists; depression, personality disorder, schizophrenia, neurosis, other."""
    counts = """
        00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
        00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
    """
    rows = [[int(c) for c in unit] for unit in counts.split()]
    assert [sum(column) for column in zip(*rows, strict=True)] == [26, 26, 30, 55, 43]
    assert fleiss(spread(rows)) == pytest.approx(0.430, abs=5e-4)
    assert percent(spread(rows)) == pytest.approx(0.555, abs=1e-3)
    half = spread(rows[:15])  # Gwet (2014), values as printed by irrCAC
    assert fleiss(half) == pytest.approx(0.4139265, abs=5e-8)
    assert gwet(half) == pytest.approx(0.4448007, abs=5e-8)
    assert alpha(half) == pytest.approx(0.4204384, abs=5e-8)


def test_fleiss_of_others() -> None:
    randolph = [["y", "y", "n", "n"], ["y", "y", "n", "n"], ["y", "n", "y", "n"]]  # Randolph (2005), p. 17
    assert fleiss(randolph) == pytest.approx(1 / 3, abs=1e-12)
    assert fleiss([["y"] * 4, ["y"] * 4, ["y", "n", "n", "y"]]) == pytest.approx(-0.2, abs=1e-12)
    biopsies = [*(["N"] * 8,) * 14, list("NNNANNNN"), list("NNNNNNNA"), *(["A"] * 8,) * 10,
                *(list("AANAAAAN"),) * 2, list("AANANAAN"), list("AANANANN")]  # fmt: skip
    warrens = [list(coder) for coder in zip(*biopsies, strict=True)]  # Warrens (2010), p. 284
    assert fleiss(warrens) == pytest.approx(0.8324, abs=1e-4)
    wikipedia = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
                 [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]  # fmt: skip
    assert fleiss(spread(wikipedia)) == pytest.approx(0.210, abs=5e-4)


def test_gwet() -> None:
    assert gwet(crossed([[118, 5], [2, 0]])) == pytest.approx(0.9408, abs=5e-5)  # Gwet (2008)
    assert gwet(crossed(ABSTRACTORS)) == pytest.approx(0.8493305, abs=5e-8)
    assert gwet(FOUR) == pytest.approx(0.77544, abs=5e-6)  # Gwet (2014), p. 120, missing codes
    assert fleiss(FOUR) == pytest.approx(0.76117, abs=5e-6)
    assert percent(FOUR) == pytest.approx(0.8181818, abs=5e-8)
    assert alpha(FOUR) == pytest.approx(0.74342, abs=5e-6)


@pytest.mark.parametrize(("table", "value"), [
    ([[20, 10], [20, 50]], 0.341), ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], 0.7995),  # Artstein and Poesio (2008)
    ([[12, 9, 9], [9, 14, 9], [9, 9, 20]], 0.186), ([[12, 18, 18], [0, 14, 18], [0, 0, 20]], 0.186),  # 2004
    (ABSTRACTORS, 0.7962397),
    *((table, pi) for table, pi, _ in ZWICK.values()),  # Zwick (1988)
])  # fmt: skip
def test_scott_1955(table: list[list[int]], value: float) -> None:
    """Tables of others on which they print Scott's pi (Zwick to three decimals, one of them cut short)."""
    assert scott(*crossed(table)) == pytest.approx(value, abs=6e-4)


@pytest.mark.parametrize(("table", "value"), [
    ([[50, 0, 0], [10, 10, 10], [20, 0, 0]], 0.40), ([[50, 0, 10], [0, 10, 10], [10, 10, 0]], 0.40),  # p. 689, 691
    ([[20, 10], [20, 50]], 0.4), ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], 0.82),  # S in Artstein and Poesio (2008)
    (ABSTRACTORS, 0.835),
    *((table, 0.467) for table, _, _ in ZWICK.values()),
])  # fmt: skip
def test_brennan_prediger_1981(table: list[list[int]], value: float) -> None:
    assert brennan_prediger(*crossed(table)) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("name", ZWICK)
def test_zwick_1988(name: str) -> None:
    table, _, kappa = ZWICK[name]
    assert cohen(*crossed(table)) == pytest.approx(kappa, abs=5e-4)
    assert percent(crossed(table)) == pytest.approx(0.6)


def test_alpha_of_a_table() -> None:
    assert alpha(crossed(ABSTRACTORS)) == pytest.approx(0.7972585, abs=5e-8)
    assert percent(crossed(ABSTRACTORS)) == pytest.approx(0.89)


# --- where there is nothing to say ------------------------------------------------------------------------------

MANY: dict[str, Callable[[Any], float]] = {"alpha": alpha, "fleiss": fleiss, "gwet": gwet}
MANY |= {level: lambda codes, level=level: alpha(codes, level=level) for level in LEVELS[1:]}
TWO: dict[str, Callable[..., float]] = {"cohen": cohen, "scott": scott, "brennan": brennan_prediger}


@pytest.mark.parametrize("function", MANY.values(), ids=MANY)
@pytest.mark.parametrize("codes", [
    [[1, 1, 1], [1, 1, 1]], [[1, N], [N, 2]], [[N, N], [N, N]], [[1, 2, 3]], [], [[], []],
    [[2.5, math.nan], [2.5, 1.0]],
])  # fmt: skip
def test_nan_with_one_category_or_nothing_coded_twice(function: Callable[[Any], float], codes: Any) -> None:
    if codes == [[2.5, math.nan], [2.5, 1.0]] and function in (fleiss, gwet):
        assert not math.isnan(function(codes)), "a second category is known from a unit that one coder coded"
    else:
        assert math.isnan(function(codes))


@pytest.mark.parametrize("function", TWO.values(), ids=TWO)
@pytest.mark.parametrize(("a", "b"), [(["x", "x"], ["x", "x"]), (["x", N], [N, "y"]), ([], [])])
def test_nan_of_two(function: Callable[..., float], a: list[Any], b: list[Any]) -> None:
    assert math.isnan(function(a, b))
    assert math.isnan(percent([a, b])) == ("x" not in b)


def test_two_coders_who_each_use_one_category_have_a_kappa_of_nought() -> None:
    assert (cohen("xx", "yy"), scott("xx", "yy")) == (0.0, -1.0)
    assert alpha(["xx", "yy"]) == pytest.approx(-0.5)


def test_what_is_no_code_of_the_scale_is_refused() -> None:
    for wrong in (
        lambda: alpha([["a", "b"], ["b", "a"]], level="ordinal"),
        lambda: alpha([[-1, 2], [1, 2]], level="ratio"),
        lambda: alpha([[math.inf, 2], [1, 2]], level="interval"),
        lambda: alpha([[1, 2], [1, 2]], level="cardinal"),  # pyright: ignore
        lambda: alpha([[1, 2], [1]]),
        lambda: cohen("ab", "ba", weights="linear"),
        lambda: cohen("ab", "ba", weights="cubic", categories="ab"),  # pyright: ignore
        lambda: cohen("ab", "ba", categories="a"),
        lambda: cohen("ab", "ba", categories="aba"),
        lambda: cohen("ab", "ba", weights=[[0, 1]], categories="ab"),
        lambda: cohen("ab", "ba", weights=[[0, 1], [1, 1]], categories="ab"),
        lambda: cohen("ab", "ba", weights=[[0, -1], [1, 0]], categories="ab"),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            wrong()


def test_the_declared_order_counts_not_that_of_the_alphabet() -> None:
    a, b = ["low", "medium", "high", "high"], ["low", "high", "high", "medium"]
    declared = cohen(a, b, weights="quadratic", categories=["low", "medium", "high"])
    assert declared == pytest.approx(cohen([0, 1, 2, 2], [0, 2, 2, 1], weights="quadratic", categories=[0, 1, 2]))
    assert declared != pytest.approx(cohen(a, b, weights="quadratic", categories=sorted(set(a))))
    gap = cohen([1, 1, 2, 5], [1, 2, 2, 5], weights="linear", categories=range(1, 6))
    assert gap != pytest.approx(cohen([1, 1, 2, 5], [1, 2, 2, 5], weights="linear"))


# --- properties, against a reference in exact fractions -----------------------------------------------------------

CODES = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=coders, max_size=coders), min_size=1, max_size=9
    )
)


def turned(units: list[list[Any]]) -> list[list[Any]]:
    return [list(coder) for coder in zip(*units, strict=True)]


def slow_alpha(units: list[list[Any]], level: str) -> float:
    """Coincidences counted one pair at a time (Krippendorff 2011, step by step)."""
    together: Counter[tuple[int, int]] = Counter()
    for unit in units:
        given_codes = [code for code in unit if code is not None]
        for c, k in itertools.permutations(given_codes, 2):
            together[c, k] += Fraction(1, len(given_codes) - 1)  # pyright: ignore
    often: Counter[int] = Counter()
    for (c, _), count in together.items():
        often[c] += count
    n = sum(often.values())

    def apart(c: int, k: int) -> Fraction:
        if level == "nominal" or c == k:
            return Fraction(c != k)
        if level == "ordinal":
            low, high = sorted((c, k))
            return (sum(often[g] for g in range(low, high + 1)) - Fraction(often[c] + often[k]) / 2) ** 2
        return Fraction(c - k) ** 2 if level == "interval" else Fraction(c - k, c + k) ** 2

    expected = sum(often[c] * often[k] * apart(c, k) for c in often for k in often)
    observed = sum(count * apart(c, k) for (c, k), count in together.items())
    return float(1 - (n - 1) * observed / expected) if expected else math.nan


def slow_kappa(units: list[list[Any]], weights: str | None) -> float:
    pairs = [(a, b) for a, b in units if a is not None and b is not None]
    cost: dict[str | None, Callable[[int, int], int]] = {
        None: lambda a, b: int(a != b), "linear": lambda a, b: abs(a - b), "quadratic": lambda a, b: (a - b) ** 2,
    }  # fmt: skip
    observed = Fraction(sum(cost[weights](a, b) for a, b in pairs)) * len(pairs)
    expected = sum(cost[weights](a, b) for (a, _), (_, b) in itertools.product(pairs, pairs))
    return float(1 - observed / expected) if expected else math.nan


def slow_beyond_chance(units: list[list[Any]], name: str) -> float:
    rated = [[code for code in unit if code is not None] for unit in units]
    rated = [unit for unit in rated if unit]
    twice = [unit for unit in rated if len(unit) > 1]
    names = sorted({code for unit in rated for code in unit})
    if not twice or len(names) < 2:
        return math.nan
    agree = [Fraction(sum(a == b for a, b in itertools.permutations(u, 2)), len(u) * (len(u) - 1)) for u in twice]
    seen = sum(agree) / len(twice)
    used = [sum(Fraction(unit.count(c), len(unit)) for unit in rated) / len(rated) for c in names]
    by_chance = sum(p * p for p in used) if name == "fleiss" else sum(p * (1 - p) for p in used) / (len(names) - 1)
    return float((seen - by_chance) / (1 - by_chance)) if by_chance != 1 else math.nan


@given(CODES, st.sampled_from(LEVELS))
def test_alpha_is_what_the_slow_reference_says(units: list[list[Any]], level: Any) -> None:
    assert alpha(turned(units), level=level) == pytest.approx(slow_alpha(units, level), abs=1e-9, nan_ok=True)


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=2, max_size=2), min_size=1, max_size=9),
       st.sampled_from([None, "linear", "quadratic"]))  # fmt: skip
def test_kappa_is_what_the_slow_reference_says(units: list[list[Any]], weights: Any) -> None:
    found = cohen(*turned(units), weights=weights, categories=range(4))
    assert found == pytest.approx(slow_kappa(units, weights), abs=1e-9, nan_ok=True)


@given(CODES)
def test_fleiss_and_gwet_are_what_the_slow_reference_says(units: list[list[Any]]) -> None:
    codes = turned(units)
    assert fleiss(codes) == pytest.approx(slow_beyond_chance(units, "fleiss"), abs=1e-9, nan_ok=True)
    assert gwet(codes) == pytest.approx(slow_beyond_chance(units, "gwet"), abs=1e-9, nan_ok=True)


@given(CODES, st.sampled_from(sorted(MANY)), st.randoms(use_true_random=False))
def test_who_and_what_comes_first_does_not_matter(units: list[list[Any]], name: str, order: Any) -> None:
    codes = turned(units)
    shuffled_units = list(units)
    order.shuffle(shuffled_units)
    other = turned(shuffled_units)
    order.shuffle(other)
    assert MANY[name](other) == pytest.approx(MANY[name](codes), abs=1e-9, nan_ok=True)
    assert percent(other) == pytest.approx(percent(codes), abs=1e-12, nan_ok=True)


@given(CODES, st.sampled_from(LEVELS), st.randoms(use_true_random=False))
def test_nor_does_it_for_the_interval(units: list[list[Any]], level: Any, order: Any) -> None:
    found = alpha_interval(turned(units), level=level, draws=20, seed=1)
    shuffled = [order.sample(unit, len(unit)) for unit in order.sample(units, len(units))]
    assert alpha_interval(turned(shuffled), level=level, draws=20, seed=1) == pytest.approx(
        found, abs=1e-9, nan_ok=True
    )


@given(CODES, st.sampled_from(sorted(MANY)))
def test_nothing_is_above_one_and_one_means_perfect(units: list[list[Any]], name: str) -> None:
    value = MANY[name](turned(units))
    assert math.isnan(value) or value <= 1 + 1e-12
    same = [[unit[0]] * len(unit) for unit in units]
    perfect = MANY[name](turned(same))
    several = len({unit[0] for unit in units} - {None}) > 1
    assert perfect == pytest.approx(1.0) if several else math.isnan(perfect)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_two_complete_coders(pairs: list[tuple[int, int]]) -> None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    n = 2 * len(pairs)
    pi = scott(a, b)
    assert fleiss([a, b]) == pytest.approx(pi, abs=1e-12, nan_ok=True)
    assert alpha([a, b]) == pytest.approx(1 - (1 - pi) * (n - 1) / n, abs=1e-12, nan_ok=True), "Krippendorff 2004"
    assert cohen(a, b) == pytest.approx(cohen(b, a), abs=1e-12, nan_ok=True)
    q = len({*a, *b})
    free = math.nan if q < 2 else (percent([a, b]) - 1 / q) / (1 - 1 / q)
    assert brennan_prediger(a, b) == pytest.approx(free, abs=1e-12, nan_ok=True)


@given(CODES)
def test_a_unit_coded_once_changes_nothing_of_alpha(units: list[list[Any]]) -> None:
    more = [*units, [3, *[None] * (len(units[0]) - 1)]]
    assert alpha(turned(more)) == pytest.approx(alpha(turned(units)), abs=1e-12, nan_ok=True)


# --- interval, kinds of input, speed --------------------------------------------------------------------------


def noisy(units: int, wrong: float, seed: int, coders: int = 2, categories: int = 5) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, categories, units)
    return [
        np.where(rng.random(units) < wrong, rng.integers(0, categories, units), truth).tolist() for _ in range(coders)
    ]


def test_the_interval_is_reproducible_and_holds_alpha() -> None:
    codes = noisy(80, 0.2, 1)
    for level in LEVELS:
        low, high = alpha_interval(codes, level=level, seed=3)
        assert low < alpha(codes, level=level) < high
        assert (low, high) == alpha_interval(codes, level=level, seed=3)
        assert (low, high) != alpha_interval(codes, level=level, seed=4)
    wide = alpha_interval(noisy(20, 0.2, 1), seed=3)
    assert wide[1] - wide[0] > high - low
    assert alpha_interval([[1, 2, 1], [1, 2, 1]], seed=1) == (1.0, 1.0)


@pytest.mark.parametrize("codes", [[[1, N], [2, 1]], [[1, 1, 1], [1, 1, 1]], [[N], [N]]])
def test_no_interval_where_there_is_no_alpha_or_one_unit(codes: Any) -> None:
    assert all(math.isnan(bound) for bound in alpha_interval(codes, seed=1))


def test_the_interval_covers_the_truth() -> None:
    """Alpha of noise 0.2 over five categories is 0.8 x 0.8; 95 of 100 intervals should hold it, 85 here at least."""
    held = 0
    for seed in range(100):
        low, high = alpha_interval(noisy(60, 0.2, seed), draws=200, seed=seed)
        held += low <= 0.64 <= high
    assert held >= 85


def test_arrays_lists_strings_and_missing_in_every_form() -> None:
    holes = [[math.nan if code is None else float(code) for code in row] for row in FOUR]
    words = [[None if code is None else "abcde"[code - 1] for code in row] for row in FOUR]
    for codes in (holes, np.array(holes), np.array(FOUR, dtype=object), words, np.array(words, dtype=object)):
        assert alpha(codes) == alpha(FOUR)
    digits = [[None if code is None else str(code) for code in row] for row in FOUR]
    assert alpha(digits, level="ratio") == alpha(FOUR, level="ratio")
    assert cohen(np.array([1, 2, 2]), np.array([1, 2, 1]), weights="linear") == cohen([1, 2, 2], [1, 2, 1])


def test_a_hundred_thousand_codes_take_less_than_a_second() -> None:
    codes = noisy(50_000, 0.2, 1, categories=12)
    for function in (
        *MANY.values(), percent, lambda c: cohen(*c, weights="quadratic", categories=range(12)),
        lambda c: scott(*c), lambda c: brennan_prediger(*c), lambda c: alpha_interval(c, seed=1)[0],
    ):  # fmt: skip
        begun = time.process_time()
        assert 0.5 < function(codes) < 0.9
        assert time.process_time() - begun < 1
