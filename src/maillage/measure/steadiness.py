"""How far a count among few people moves: one answer, no answer, one class or interviewer less; which place says more.

People were chosen on purpose, so no margin of error describes them. What can be said is what the count would be had a
little been otherwise.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Set
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import polars as pl

from maillage import tables
from maillage.evidence import Evidence
from maillage.measure.respondents import Source, sources

Count = tuple[int, int]
SURE = 0.9  # below, two places are said to overlap
COMPARED = ("links", "markets", "factors")
WITHOUT = {"class": "people", "interviewer": "interviewer"}


def swing(k: int, n: int) -> tuple[Count, Count]:
    """k of n with one answer turned round, downwards and upwards; an end that cannot move stays."""
    _possible(k, n)
    return (max(0, k - 1), n), (min(n, k + 1), n)


def no_answer(k: int, n: int, *, missing: int) -> tuple[Count, Count]:
    """Bounds of k of n had the `missing` who did not answer all said otherwise, or all said so (Manski 1989)."""
    _possible(k, n)
    if missing < 0:
        raise ValueError(f"missing must not be negative, not {missing}")
    return (k, n + missing), (k + missing, n + missing)


def leave_one(answers: Iterable[tuple[Hashable, bool]]) -> tuple[Count, Count] | None:
    """Smallest and largest k of n when each group in turn is left out (the jackknife over groups; Quenouille 1956).

    answers: group and whether the person said so, one a person; somebody of no known group (None) always stays. None
    where fewer than two groups are known: there would be nobody left to compare with.
    """
    said, asked = defaultdict[Hashable, int](int), defaultdict[Hashable, int](int)
    for group, yes in answers:
        asked[group] += 1
        said[group] += yes
    groups = asked.keys() - {None}
    if len(groups) < 2:
        return None
    k, n = sum(said.values()), sum(asked.values())
    left = [(k - said[out], n - asked[out]) for out in groups]
    return min(left, key=_share_then_most), max(left, key=_share_then_most)


def _share_then_most(count: Count) -> tuple[float, int]:
    """By share, and of equal shares (whose quotients are one float) by the fewer people left out."""
    return count[0] / count[1], -count[1]


@lru_cache(maxsize=4096)
def order(k: int, n: int, other_k: int, other_n: int) -> float:
    """Probability that the share behind k of n is larger than the one behind other_k of other_n.

    Both Beta(1 + k, 1 + n - k), from uniform priors, independent (Thompson 1933); the sum is exact before it is
    rounded. Describes people as if drawn at random, as an interval does.
    """
    _possible(k, n)
    _possible(other_k, other_n)
    a, b, c, d = k + 1, n - k + 1, other_k + 1, other_n - other_k + 1
    # X > Y where at least c of c + d - 1 uniform draws lie below X
    last = c + d - 1
    ways = (math.comb(last, i) * _beta(a + i, b + last - i) for i in range(c, last + 1))
    return float(sum(ways, Fraction(0)) / _beta(a, b))


def _beta(a: int, b: int) -> Fraction:
    """The beta function of whole numbers."""
    return Fraction(math.factorial(a - 1) * math.factorial(b - 1), math.factorial(a + b - 1))


def _possible(k: int, n: int) -> None:
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"k of n must hold 0 <= k <= n and n >= 1, not {k} of {n}")


def steadiness(evidence: Evidence, estimates: pl.DataFrame) -> pl.DataFrame:
    """The table `steadiness`: for each share among people, its least and most k/n without one class, one interviewer.

    estimates: the table `estimates`; only rows of kind shares with a count are used. Rests on who said it: whoever sees
    this table can work out what single classes, and so few people, said.
    """
    known = sources(evidence)
    about = dict(evidence.coded.select("id", "source").iter_rows())
    rows = estimates.filter((pl.col("kind") == "shares") & (pl.col("status") == "ok") & (pl.col("n") > 1))

    @cache
    def columns(trace: tuple[str, ...], counted: tuple[str, ...]) -> dict[str, str]:
        """Many shares rest on the same answers."""
        return _without({about[ident] for ident in trace}, {about[ident] for ident in counted}, known)

    found = (
        {"id": ident} | columns(tuple(trace), tuple(counted or ()))
        for ident, trace, counted in rows.select("id", "trace", "counted").iter_rows()
    )
    return tables.build([item for item in found if len(item) > 1], "steadiness")


def _without(asked: Set[str], said: Set[str], known: Mapping[str, Source]) -> dict[str, str]:
    row: dict[str, str] = {}
    for name, column in WITHOUT.items():
        spread = leave_one([(getattr(known[person], column), person in said) for person in asked])
        if spread is not None:
            row |= {f"{name}_least": _text(spread[0]), f"{name}_most": _text(spread[1])}
    return row


def _text(count: Count) -> str:
    return f"{count[0]}/{count[1]}"


def orders(evidence: Evidence, estimates: pl.DataFrame) -> pl.DataFrame:
    """The table `orders`: for each two places of one level that were asked the same, which of them says it more.

    One row a pair: `id` of the estimate that is higher (of equals, the first), `than` of the other, `probability`,
    `told` = higher from 0.9, else overlap. Follows from k and n of the two alone.
    """
    levels = dict(evidence.places.select("code", "level").iter_rows())
    wanted = estimates.filter(
        pl.col("measure").is_in(COMPARED) & (pl.col("status") == "ok") & (pl.col("n") > 0)
        & ~pl.col("id").str.contains("@", literal=True)
    )  # fmt: skip
    alike: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for item in wanted.select("id", "measure", "place", "market", "answer", "k", "n").iter_rows(named=True):
        if item["place"] in levels:
            key = (item["measure"], item["market"], item["answer"], levels[item["place"]])
            alike.setdefault(key, []).append(item)
    rows = [_ordered(one, other) for same in alike.values() for at, one in enumerate(same) for other in same[at + 1 :]]
    return tables.build(sorted(rows, key=lambda row: (row["id"], row["than"])), "orders")


def _ordered(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    sure = order(one["k"], one["n"], other["k"], other["n"])
    first, second = (one, other) if sure >= 0.5 else (other, one)
    sure = max(sure, 1 - sure)
    return {
        "id": first["id"], "than": second["id"], "probability": sure, "told": "higher" if sure >= SURE else "overlap",
    }  # fmt: skip
