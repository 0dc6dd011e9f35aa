"""Routes, and legs of few that are called `reported`, beside what earlier releases told of them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import polars as pl

from maillage.evidence import Results
from maillage.publish.earlier import Earlier, everybody
from maillage.publish.rules import Rules, rules, too_small
from maillage.publish.standing import Entry, Lists, Past, Stands, stands

Row = Mapping[str, Any]
REPORTED = "reported"


def routes_told(results: Results, known: Rules, earlier: Sequence[Earlier]) -> dict[str, Entry]:
    """The routes that enough people tell of, or public evidence, between places that may be named, by id.

    Whether their legs may be seen is left to whoever asks.
    """
    fresh: dict[str, Entry] = {}
    for row in results.routes.iter_rows(named=True):
        people = known.behind(row["trace"])
        small = any(too_small(stop, known) for stop in (row["from"], *(row["via"] or ()), row["to"]))
        if known.enough(people, known.threshold) and not small:
            fresh[row["id"]] = Entry({name: value for name, value in row.items() if name != "trace"}, people)
    now = everybody(known, results.estimates.iter_rows(named=True))
    told = _held([one.lists.routes for one in earlier], earlier, known, now).of(fresh)
    return dict(sorted(told.items()))


def reported_before(full: Iterable[Row], known: Rules, earlier: Sequence[Earlier]) -> Set[str] | None:
    """The ids that alone may be called `reported`, since they were when the last people came; None where any may."""
    now = everybody(known, full)
    told = _held([one.lists.reported for one in earlier], earlier, known, now).told
    return None if told is None else told.keys()


def lists_of(results: Results, audience: str, earlier: Sequence[Earlier], *, routes: pl.DataFrame,
             withheld: pl.DataFrame) -> Lists:  # fmt: skip
    """What a release tells as lists, for the next one. routes, withheld: its tables."""
    told = routes_told(results, rules(results.evidence, audience), earlier)
    shown = set(routes["id"])
    return Lists(
        {ident: entry for ident, entry in told.items() if ident in shown},
        {ident: Entry({}) for ident in withheld.filter(pl.col("reason") == REPORTED)["id"]},
    )


def _held(
    lists: Sequence[Mapping[str, Entry] | None], earlier: Sequence[Earlier], known: Rules, now: frozenset[str]
) -> Stands:  # fmt: skip
    pasts = [
        Past(told, one.people, now, own=one.audience == known.audience, public=one.audience == "public")
        for told, one in zip(lists, earlier, strict=True)
    ]
    return stands(pasts, known.threshold, public=known.audience == "public")
