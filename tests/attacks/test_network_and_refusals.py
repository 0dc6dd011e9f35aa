"""Attacks 12, 13 and 14: who is alone in a network, what a page carries besides what it shows, what a refusal tells."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

import pytest
from attacker_claims import FIGURE, Claim, claims, joined
from attacker_register import register
from made_attacked import Target

from maillage import pack as packs
from maillage.labels import phrases
from maillage.pack import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.load("nexus")


def table(content: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(content[f"data/{name}.csv"].decode().splitlines()))


# 12: networks


def signatures(found: Mapping[str, Claim]) -> dict[str, frozenset[str]]:
    """Actor -> everything that is told of it: with whom, of what kind, where."""
    told: dict[str, set[str]] = {}
    for ident in found:
        measure, *parts = ident.split("/")
        if measure == "links_pair":
            place, pair, kind = parts
            first, second = pair.split("~")
            told.setdefault(first, set()).add(f"{place}/{second}/{kind}")
            told.setdefault(second, set()).add(f"{place}/{first}/{kind}")
    return {actor: frozenset(ties) for actor, ties in told.items()}


def test_every_actor_is_a_kind_of_the_framework_or_a_public_group(target: Target, pack: Pack) -> None:
    """No node of the network is a person without a name that its ties could give back."""
    known = {*pack.codes("actors"), "unstated"}
    assert signatures(joined(claims(target.public, pack))).keys() <= known


def test_a_node_alone_in_its_ties_is_found() -> None:
    ids = ("links_pair/XA/a~b/cooperation", "links_pair/XA/b~c/cooperation", "links_pair/XA01/c~x7/cooperation")
    told = signatures({ident: Claim(ident) for ident in ids})
    alone = [actor for actor, ties in told.items() if list(told.values()).count(ties) == 1]
    assert "x7" in alone
    assert told["x7"] == {"XA01/c/cooperation"}


def weak(found: Mapping[str, Claim]) -> list[str]:
    """Ties, roles and legs below all that are known to be told by somebody, and by fewer than five."""
    measures = ("links_pair/", "roles/", "control/", "flows/", "coercion/")
    return [ident for ident, item in found.items() if ident.startswith(measures) and "/ALL/" not in ident
            and item.k[0] >= 1 and item.k[1] is not None and item.k[1] < 5]  # fmt: skip


def test_a_tie_that_few_tell_of_is_told_of_everybody_together_only(target: Target, pack: Pack) -> None:
    assert weak(joined(claims(target.public, pack))) == []
    assert [row for row in table(target.public, "routes") if row["single_source"] == "yes"] == []


def test_a_tie_that_few_tell_of_is_seen_in_the_release_of_the_team(small_team: dict[str, bytes], pack: Pack) -> None:
    assert len(weak(joined(claims(small_team, pack)))) > 10


# 13: the page


def carried(page: str) -> Iterator[str]:
    """What a page carries that could be rows: scripts that hold data, long attributes of data, hidden JSON."""
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL):
        yield from (hit for hit in re.findall(r"[\[{][^\[\]{}]{0,200}[\"'][^\n]{200,}", script))
        yield from re.findall(r"(?:JSON\.parse|atob|fetch)\([^)]*\)", script)
    yield from re.findall(r'<script[^>]*type="application/(?:ld\+)?json"', page)
    plain = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    yield from (f"{name}={value[:60]}" for name, value in re.findall(r' (data-[\w-]+)="([^"]*)"', plain)
                if len(value) > 150 or value.startswith(("{", "[")))  # fmt: skip
    yield from re.findall(r"<!--.*?-->", plain, re.DOTALL)


def test_a_page_carries_what_it_shows_and_no_rows_to_filter(target: Target) -> None:
    known = {row["id"]: row for row in table(target.public, "estimates")}
    for name, raw in target.public.items():
        if name.endswith(".html"):
            page = raw.decode()
            assert list(carried(page)) == [], name
            for ident, value, _ in FIGURE.findall(page):
                row = known[unescape(ident)]
                assert value in ("", row["value"]) or abs(float(value) - float(row["value"])) < 1e-9, ident
                assert row["status"] != "withheld" or value == "", ident


def test_rows_in_a_page_are_seen(practice: Target) -> None:
    people = [{"place": "XA0101", "class": "trader", "said": "gold"} for _ in range(9)]
    page = practice.public["report.en.html"].decode()
    rows = json.dumps(people)
    for hidden in (f"<script>const rows = {rows};</script>", f'<i data-all="{"1;2;3" * 40}"></i>',
                   f'<script type="application/json">{rows}</script>', "<!-- I01: gold -->"):  # fmt: skip
        assert list(carried(page.replace("</body>", f"{hidden}</body>"))), hidden


# 14: refusals


def test_a_refusal_gives_a_reason_of_a_list_and_nothing_else(target: Target) -> None:
    withheld = table(target.public, "withheld")
    assert withheld
    said = phrases()
    assert [
        row["reason"] for row in withheld if f"reason_{row['reason']}" not in said or re.search(r"\d", row["reason"])
    ] == []
    ids = {row["id"] for row in withheld}
    for row in table(target.public, "estimates"):
        if row["id"] in ids:
            told = {name for name, value in row.items() if value and name not in ALWAYS}
            assert told == set(), row["id"]


ALWAYS = {"id", "measure", "kind", "place", "unit_of_analysis", "group", "actor", "other", "market", "period", "answer",
          "unit", "method", "status", "reason", "to", "good", "base", "per", "currency", "month", "rung", "read_at",
          "see"}  # fmt: skip


def alone(target: Target) -> list[str]:
    """Ids of the release that exist because of one person: ratings and levies of a place where one was interviewed."""
    people = [row["place"] for row in register(target.study).people if row["kind"] == "interview"]
    single = {place for place in people if people.count(place) == 1}
    every = [row["id"] for row in table(target.public, "estimates")]
    found: list[str] = []
    for ident in every:
        measure, place, *rest = ident.split("/")
        if place in single and measure in ("levies", "levy_totals", "severity", "trend", "flows", "roles"):
            others = {
                name.split("/")[1] for name in every if name.startswith(f"{measure}/") and name.split("/")[2:] == rest
            }
            found += (
                [ident]
                if len(others) < len({name.split("/")[1] for name in every if name.startswith("links/")})
                else []
            )
    return found


def test_no_id_is_listed_because_one_person_spoke(small: Target) -> None:
    assert alone(small) == []


def test_what_is_withheld_does_not_list_who_was_heard_where(practice: Target) -> None:
    """sample/PLACE/CLASS exists where somebody of the class was asked or planned: the cross table in other words."""
    crossed = [row["id"] for row in table(practice.public, "withheld") if row["id"].startswith("sample/X")]
    people = {
        (row["place"], row["stakeholder"]) for row in register(practice.study).people if row["kind"] == "interview"
    }
    listed = {tuple(ident.split("/")[1:]) for ident in crossed}
    places, classes = {place for place, _ in people}, {kind for _, kind in people}
    told = {(place, kind) for place in places for kind in classes if (place, kind) in listed}
    assert told in (set(), {(place, kind) for place in places for kind in classes})
