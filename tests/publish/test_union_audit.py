"""What all published numbers tell together: overlapping groups, what follows from what, earlier releases."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_release import by_hand, crowd, one, share, statements

from maillage.publish import rules as gate_rules
from maillage.publish import unions
from maillage.publish.gate import clear
from maillage.publish.union_audit import given_away, narrowed, settled
from maillage.publish.unknowns import Count, unknowns

LINK = ("links", None, None, None, "cooperation", None)
PAIR = ("links_pair", "smuggler", "terrorist_group", None, "cooperation", None)


def people(first: int, last: int) -> frozenset[str]:
    return frozenset(f"P{i}" for i in range(first, last + 1))


def count(name: str, asked: frozenset[str], said: frozenset[str], *, told: bool = True, **more: Any) -> Count:
    """A count as the public rule lets it out when nothing else is there."""
    n, k = len(asked), len(asked & said)
    whole = bool(more.get("whole"))
    ways = unions.ways({"band": None if n >= 10 else "more_than_half"}, n=n, margin=3, whole=whole)
    least, most = next(cell for cell in ways[0] if cell[0] <= k <= cell[1])
    shown = {"least": least, "most": most, "ways": ways} if told and n >= 5 else {}
    given_: dict[str, Any] = {"what": LINK, "asked": asked, "said": asked & said, "small": 10, "margin": 3} | shown
    return Count(name=name, **(given_ | more))


OVERLAP = [
    count("all", people(1, 32), people(1, 5) | people(20, 24)),
    count("west", people(1, 18), people(1, 5)),
    count("east", people(15, 32), people(20, 24)),
]


def test_two_zones_that_overlap_tell_of_those_in_both() -> None:
    """10 of 32, 5 of 18 and 5 of 18: the four people in both zones said nothing."""
    found = given_away(OVERLAP)
    assert (LINK, people(15, 18)) in found
    verdicts = settled(OVERLAP)
    assert set(verdicts) == {"west"}, "the whole is kept, of two alike the later in order goes into words"
    assert given_away(narrowed(OVERLAP, verdicts)) == []


def test_the_gate_sees_it_too() -> None:
    ids = [f"P{i}_s" for i in range(1, 33)]
    yes = [*ids[:5], *ids[19:24]]

    def zone(name: str, asked: list[str]) -> dict[str, Any]:
        counted = [item for item in asked if item in yes]
        return share(f"links/{name}/cooperation", len(counted), asked) | {"counted": counted}

    rows = [zone("ALL", ids), zone("zone:west", ids[:18]), zone("zone:east", ids[14:])]
    release = clear(by_hand(crowd(32), rows), audience="public", langs=("en",))
    kept = [row["id"] for row in release.estimates.iter_rows(named=True) if row["k"] is not None]
    assert kept == ["links/ALL/cooperation", "links/zone:east/cooperation"]
    assert one(release, "links/zone:west/cooperation")["band"] == "half_or_fewer"


def test_nobody_tells_of_a_pair_where_nobody_tells_of_a_link() -> None:
    """3 of 13 link, and the pair in words: the district of which all others are known gives itself away."""
    link = count("link", people(1, 26), people(1, 6))
    half = count("link half", people(1, 13), people(1, 6))
    pair = count("pair", people(14, 26), frozenset(), what=PAIR, implies=(LINK,))
    assert {what for what, _ in given_away([link, half, pair])} == {LINK, PAIR}
    left = narrowed([link, half, pair], settled([link, half, pair]))
    assert given_away(left) == []


def test_what_everybody_together_says_is_no_secret_of_any_part() -> None:
    whole = count("all", people(1, 20), frozenset(), whole=True)
    part = count("part", people(1, 4), frozenset())
    pair = count("pair", people(1, 12), frozenset(), what=PAIR, implies=(LINK,), told=False)
    assert given_away([whole, part, pair]) == []
    assert settled([whole, part, pair]) == {}


def test_an_earlier_release_stands_and_the_new_number_goes() -> None:
    said = people(1, 6)
    before = count("2024-01-01:link", people(1, 12), said)
    now = count("link", people(1, 13), said)
    assert set(settled([now], fixed=[before])) == {"link"}, "6 of 12, then 6 of 13: the thirteenth said no"
    assert settled([now]) == {}


def test_somebody_who_says_it_of_one_place_only_is_an_unknown_for_each() -> None:
    here = count("here", people(1, 12), people(1, 4))
    there = count("there", people(1, 12), people(2, 5))
    system = unknowns([here, there])
    assert sorted(system.size) == [2.0, 2.0, 10.0]
    assert (system.sums @ system.truth).tolist() == [4.0, 4.0]


cells = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.booleans()), min_size=10, max_size=13)


@given(cells)
@settings(max_examples=25, deadline=None)
def test_whatever_a_table_of_places_and_classes_holds_two_stories_fit(made: list[tuple[int, int, bool]]) -> None:
    """All ways to answer are tried: nobody has one answer only in all those that fit what is published."""
    who = [f"P{i}" for i in range(len(made))]
    said = frozenset(name for name, (_, _, yes) in zip(who, made, strict=True) if yes)
    groups = {"all": frozenset(who)}
    for at, (place, kind, _) in enumerate(made):
        groups[f"place {place}"] = groups.get(f"place {place}", frozenset()) | {who[at]}
        groups[f"class {kind}"] = groups.get(f"class {kind}", frozenset()) | {who[at]}
    counts_ = [count(name, asked, said) for name, asked in sorted(groups.items())]
    left = narrowed(counts_, settled(counts_))
    told = [item for item in left if item.least is not None and item.most is not None]
    fits = []
    for bits in itertools.product((0, 1), repeat=len(who)):
        yes = {name for name, bit in zip(who, bits, strict=True) if bit}
        if all(item.least <= len(yes & item.asked) <= item.most for item in told):  # type: ignore[operator]
            fits.append(yes)
    assert all(0 < sum(name in yes for yes in fits) < len(fits) for name in who)
    for item in left:
        if not item.sayable(len(item.said)) and item.asked:
            assert len({len(yes & item.asked) for yes in fits}) > 1


def outcome(sizes: Sequence[int], said: Sequence[int]) -> tuple[list[Count], tuple[object, ...]]:
    """What is told of places of these sizes, of which so many people say so, and of all places together."""
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    parts = [people(end - size + 1, end) for end, size in zip(ends, sizes, strict=True)]
    yes = frozenset[str]().union(
        *(people(end - size + 1, end - size + k) for end, size, k in zip(ends, sizes, said, strict=True))
    )
    whole = count("all", people(1, ends[-1]), yes)
    counts = [whole, *(count(f"place {at}", part, yes) for at, part in enumerate(parts))]
    verdicts = settled(counts)
    told = []
    for item in counts:
        verdict = verdicts.get(item.name)
        words_ = unions.words(len(item.asked), len(item.said))
        told.append(item.told if verdict is None else verdict.form if verdict.form == "withheld" else words_)
    return counts, tuple(told)


@pytest.mark.parametrize("sizes", [(5, 5), (5, 6), (7, 5), (5, 4, 3), (6, 5, 5)])
def test_that_a_number_is_withheld_tells_nothing_either(sizes: tuple[int, ...]) -> None:
    """Of all ways to answer, somebody who knows these rules keeps those that would be told just so: beside 4 of 10, one
    district withheld and the other "half or fewer" once meant that all four were in the other."""
    stories: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for said in itertools.product(*(range(size + 1) for size in sizes)):
        stories.setdefault(outcome(sizes, said)[1], []).append(said)
    assert len(stories) > 8
    for told, fits in stories.items():
        for at, size in enumerate(sizes):
            values = {said[at] for said in fits}
            assert len(values) > 1, (told, fits, at, size)


def test_of_a_half_the_middle_is_told_and_what_would_tell_on_the_other_half_is_not() -> None:
    """Four of twenty: 3 of the first ten may be told, but of 4 nobody of the others could have said so; who is told
    that neither is told knows that it is one of the two, and not of whom."""
    half, rest = people(1, 10), people(11, 20)
    told = {}
    for k in range(5):
        yes = people(1, k) | people(11, 14 - k)
        counts = [count("all", half | rest, yes), count("half", half, yes), count("rest", rest, yes, told=False)]
        verdict = settled(counts).get("half")
        told[k] = (verdict.form, verdict.known) if verdict else ("as_it_is", None)
    assert told[0] == told[1] == ("as_it_is", None)
    assert told[3] == told[4]
    assert told[4][0] != "as_it_is"


def test_partners_may_know_that_none_of_three_said_so_but_not_of_two() -> None:
    open_: dict[str, Any] = {"small": 3, "margin": 0, "atoms": False, "whole": True}
    for away in (2, 3):
        every, rest = people(1, 10 + away), people(11, 10 + away)
        ways = [unions.ways({"band": None}, n=len(part), margin=0, whole=True) for part in (every, people(1, 10))]
        yes = people(1, 4)
        counts = [
            count("all", every, yes, ways=ways[0], least=4, most=4, **open_),
            count("most", people(1, 10), yes, ways=ways[1], least=4, most=4, **open_),
            count("one", people(11, 11), frozenset(), told=False, **open_),
            count("rest", rest, frozenset(), told=False, **open_),
        ]
        assert ("most" in settled(counts)) == (away == 2)


@pytest.mark.parametrize("n", range(5, 40))
def test_words_leave_what_the_rule_of_words_leaves(n: int) -> None:
    for k in range(n + 1):
        row = share("links/EX01/cooperation", k, statements(n))
        shown = gate_rules.in_words(dict.fromkeys(gate_rules.COUNTS) | row | {"band": None})
        low, high = unions.bounds(shown | {"status": "ok", "k": None}, n=n, margin=3)
        assert low is not None
        assert high is not None
        assert low <= k <= high
        assert (low, high) == unions.words(n, k)


def test_how_many_markets_people_name_is_told_of_everybody_only() -> None:
    """It counts those who name one: that it is told of a place would say that some did, and withheld that few did."""
    gold = [share(f"markets/{place}/gold", 6, statements(12), place=place, market="gold", answer=None)
            for place in ("EX01", "ALL")]  # fmt: skip
    rows = [{"id": f"active_markets/{place}", "measure": "active_markets", "kind": "spread", "place": place,
             "value": 2.0, "n": 6, "clusters": 6, "trace": statements(6)} for place in ("EX01", "ALL")]  # fmt: skip
    release = clear(by_hand(crowd(12), [*gold, *rows]), audience="public", langs=("en",))
    below, whole = one(release, "active_markets/EX01"), one(release, "active_markets/ALL")
    assert (below["value"], below["n"], below["meaning"]) == (1.0, None, "floor"), "what the published shares show"
    assert (whole["value"], whole["n"], whole["clusters"]) == (2.0, None, None), "nor how many named any"
    half = share("markets/EX01/gold", 2, statements(7), place="EX01", market="gold", answer=None)
    release = clear(by_hand(crowd(12), [half, *rows]), audience="public", langs=("en",))
    hidden = one(release, "active_markets/EX01")
    assert (hidden["status"], hidden["reason"], hidden["value"]) == ("withheld", "no_rule", None)
