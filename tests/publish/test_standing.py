"""Lists beside those of earlier releases: routes, and legs that are called reported, stand while few come or go."""

from dataclasses import replace

import pytest
from made_release import by_hand, crowd, share, statements

from maillage import tables
from maillage.publish.earlier import Earlier, told
from maillage.publish.gate import Release, clear
from maillage.publish.ladders import ladders, with_rungs
from maillage.publish.rules import rules, withhold
from maillage.publish.standing import Entry, Lists, Past, stands
from maillage.publish.told_routes import lists_of, reported_before

ROUTE = "routes/gold/EX01/EX"
LEG = {"measure": "flows", "kind": "flows", "good": "gold", "unit": "sources"}


def out(heard: int, tellers: list[str], *earlier: Earlier, audience: str = "public") -> tuple[Release, Earlier]:
    """So many were heard, and these of them tell a route whose legs many told before; what the next has to know."""
    legs = [LEG | {"id": f"flows/gold/{start}/{end}", "place": start, "to": end, "value": 12, "k": 12,
                   "trace": statements(12), "counted": statements(12)}
            for start, end in (("EX01", "EX02"), ("EX02", "EX"))]  # fmt: skip
    row = {"id": ROUTE, "good": "gold", "from": "EX01", "via": ["EX02"], "to": "EX", "kind": "told", "modes": ["road"],
           "sources": len(tellers), "clusters": len(tellers), "single_source": False, "trace": tellers}  # fmt: skip
    heard_of = share("links/ALL/cooperation", 5, statements(heard))
    results = by_hand(crowd(40), [*legs, heard_of], routes=tables.build([row] if tellers else [], "routes"))
    release = clear(results, audience=audience, langs=("en",), earlier=earlier)
    kept, people = told(results, audience, release.estimates.iter_rows(named=True))
    lists = lists_of(results, audience, earlier, routes=release.routes, withheld=release.withheld)
    return release, Earlier("2024-01-31", audience, kept, people=people, lists=lists)


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_no_route_appears_or_grows_by_the_one_who_came(audience: str) -> None:
    for before in (4 if audience == "public" else 2, 6):
        _, first = out(20, statements(before), audience=audience)
        silent, _ = out(21, statements(before), first, audience=audience)
        telling, _ = out(21, [*statements(before), *statements(1, 21)], first, audience=audience)
        assert silent.routes.equals(telling.routes)
        assert telling.routes.height == (before == 6)
    many, _ = out(25, [*statements(4), *statements(5, 21)], first, audience=audience)
    assert many.routes["sources"].to_list() == [9], "five came"


def test_no_route_is_told_on_once_somebody_went_whether_or_not_they_told_it() -> None:
    _, first = out(20, statements(6))
    for tellers in (statements(6), statements(5)):
        assert out(19, tellers, first)[0].routes.is_empty()


def test_a_route_of_an_older_ledger_waits_until_enough_came() -> None:
    _, first = out(20, statements(6))
    old = replace(first, lists=Lists())
    assert out(21, statements(6), old)[0].routes.is_empty()
    assert out(20, statements(6), old)[0].routes.height == 1
    assert out(25, statements(6), old)[0].routes.height == 1


def test_another_audience_reads_the_route_of_the_public_or_none() -> None:
    _, public = out(20, statements(6))
    release, _ = out(21, [*statements(6), *statements(1, 21)], public, audience="partners")
    assert release.routes["sources"].to_list() == [6]
    _, partners = out(20, statements(6), audience="partners")
    assert out(21, statements(6), partners)[0].routes.is_empty()


def test_a_leg_is_not_called_reported_because_somebody_came() -> None:
    made = crowd(30)
    known = rules(made, "public")
    row = by_hand(made, [LEG | {"id": "flows/gold/EX01/EX02", "place": "EX01", "to": "EX02", "trace": statements(1)},
                         {"id": "levies/ALL/gold", "measure": "levies", "kind": "amounts", "place": "ALL",
                          "trace": statements(1)}])  # fmt: skip
    decided = [withhold(each, "too_few_informants") for each in row.estimates.iter_rows(named=True)]
    full = {each["id"]: each for each in row.estimates.iter_rows(named=True)}
    people = frozenset(statement.removesuffix("_s") for statement in statements(1))
    other = frozenset({"P2"})
    said: list[set[str]] = []
    for came, lists in ((people, Lists(reported={})), (other, Lists(reported={})),
                        (other, Lists(reported=dict.fromkeys(full, Entry({}))))):  # fmt: skip
        earlier = [Earlier("2024-01-31", "public", {}, people=people - came, lists=lists)]
        before = reported_before(full.values(), known, earlier)
        rows = with_rungs(decided, full, ladders(made), {}, frozenset({"flows/gold/EX01/EX02"}), before)
        said.append({each["reason"] for each in rows})
    assert said == [{"too_few_informants"}, {"reported"}, {"reported"}], "came; nobody came"


@pytest.mark.parametrize(("now", "told_"), [(10, {1}), (11, {0}), (14, {0}), (15, {1}), (9, set())])
def test_a_list_stands_until_as_many_as_the_threshold_came(now: int, told_: set[int]) -> None:
    people = [frozenset(map(str, range(count))) for count in (10, now)]
    past = Past({"a": Entry({"at": 0}, people[0])}, *people, own=True)
    fresh = {"a": Entry({"at": 1}, people[0] | frozenset(map(str, range(10, now))))}
    assert {entry.row["at"] for entry in stands([past], 5, public=True).of(fresh).values()} == told_
