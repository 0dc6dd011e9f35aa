"""Attacks 1, 2, 3, 5 and 6: small cells, subtraction, all files joined, per cents, places where none or all say so."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import attacker_union
import numpy as np
import pytest
from attacker_answers import known
from attacker_bytes import layers
from attacker_claims import FIGURE, Claim, claims, joined, precise, printed
from attacker_register import register
from made_attacked import Target

from maillage import pack as packs
from maillage.pack import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.load("nexus")


def rows(content: dict[str, bytes], name: str = "data/estimates.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(content[name].decode().splitlines()))


def told(target: Target, pack: Pack, **hints: Any) -> list[str]:
    """What follows for certain from everything that a public release says."""
    found = attacker_union.verdicts(target, joined(claims(target.public, pack)), pack, **hints)
    return [f"{item.answer}, {item.group} ({item.size}): {item.kind} {item.count}" for item in found]


def test_all_shares_together_tell_of_nobody_what_they_said(target: Target, pack: Pack) -> None:
    assert told(target, pack, rated=False, active=False) == []


@pytest.mark.parametrize("name", ["practice", "small"])
def test_nor_do_they_with_the_number_of_markets_named(name: str, pack: Pack, request: pytest.FixtureRequest) -> None:
    assert told(request.getfixturevalue(name), pack, rated=False, measures=()) == []


def test_nor_do_they_with_the_list_of_what_is_withheld(small: Target, pack: Pack) -> None:
    assert told(small, pack, active=False, measures=()) == []


def test_no_finding_tells_that_somebody_said_what_words_leave_open(
    target: Target, small_team: dict[str, bytes]
) -> None:
    """ "Half or fewer" and "2 or fewer" may be none: a grade, a fragility or evidence of an action would say that it is
    not. Of everybody together none is told as none, so that few are some."""
    numbers = {row["id"]: row for row in rows(target.public)}
    words = {name for name, row in numbers.items() if row["band"] in ("half_or_fewer", "few")}
    vague = {name for name in words if not (numbers[name]["n"] and numbers[name]["place"] == "ALL")}
    found = {row["id"]: row for row in rows(target.public, "data/findings.csv")}
    assert vague
    assert not vague & found.keys()
    assert not any(found[name]["fragility"] for name in words & found.keys())
    assert not any(numbers[name]["confidence"] for name in vague)
    cited = {name for row in rows(target.public, "data/priorities.csv") for name in row["evidence"].split(";")}
    assert not cited & vague
    team = {row["id"] for row in rows(small_team, "data/findings.csv")}
    assert {name for name in team if name.startswith("links/")}


def test_no_finding_tells_of_a_protected_paper_or_of_a_denial_in_a_place(
    practice: Target, practice_team: dict[str, bytes]
) -> None:
    """Court cases are never public; that somebody denies, or nobody, is told of everybody together only, and of a place
    where public papers alone show it."""
    found = [row for row in rows(practice.public, "data/findings.csv") if row["because"] == "protected"]
    assert {row["place"] for row in found} >= {"ALL", "XA", "zone:centre"}
    assert not [row["id"] for row in found if "judicial" in row["kinds"]]
    torn = [row for row in found if row["contradiction"] and row["place"] != "ALL"]
    assert not [row["id"] for row in torn if "desk" not in row["kinds"]]
    team = rows(practice_team, "data/findings.csv")
    assert [row["id"] for row in team if "judicial" in row["kinds"] and row["id"] == "links/XA/competition"]
    assert [row["id"] for row in team if row["contradiction"] == "true" and row["place"] == "zone:centre"]


@pytest.mark.parametrize("name", ["practice", "small"])
def test_the_attacker_never_rules_out_the_truth(name: str, pack: Pack, request: pytest.FixtureRequest) -> None:
    """What the public release implies holds of the true numbers too: with those of the team it has a solution."""
    target: Target = request.getfixturevalue(name)
    both = joined([*claims(target.public, pack), *claims(tables(request.getfixturevalue(f"{name}_team")), pack)])
    found = [asked.system.solve(np.zeros(len(asked.system.top)))
             for _, asked, _, _ in attacker_union.systems(target, both, pack)]  # fmt: skip
    assert sum(map(len, found)) > 100, "each system that could not hold would have been refused"


def test_the_attack_reads_answers_off_the_release_of_the_team(
    small: Target, small_team: dict[str, bytes], pack: Pack
) -> None:
    given = {name: item for name, item in joined(claims(tables(small_team), pack)).items() if "/cattle_theft" in name}
    found = {(item.group, item.kind) for item in attacker_union.verdicts(small, given, pack)}
    assert {kind for _, kind in found} == {"none", "all", "exact"}
    assert ("place XA0201", "none") in found
    assert {group for group, kind in found if kind == "all"} & {"place XA0102", "prosecutor in XA0102"}


def tables(content: dict[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in content.items() if name.endswith("estimates.csv")}


def test_the_attack_subtracts_parts_from_a_whole(practice: Target, pack: Pack) -> None:
    """One region and two of its three districts: the third is known, and with it that nobody there said so."""
    given = {
        "factors/ALL/isolation": Claim("factors/ALL/isolation", (36, 36), (20, 20)),
        "factors/XA03/isolation": Claim("factors/XA03/isolation", (10, 10), (5, 5)),
        "factors/XA0301/isolation": Claim("factors/XA0301/isolation", (4, 4), (2, 2)),
        "factors/XA0302/isolation": Claim("factors/XA0302/isolation", (4, 4), (3, 3)),
    }
    found = {(item.group, item.kind) for item in attacker_union.verdicts(practice, given, pack)}
    assert ("place XA0303", "none") in found
    less = {name: item for name, item in given.items() if name != "factors/XA0302/isolation"}
    assert {item.group for item in attacker_union.verdicts(practice, less, pack)} == {"place XA0301"}


def test_the_attack_joins_bands_with_the_number_of_markets_named(practice: Target, pack: Pack) -> None:
    """Two of three markets are named in a region; of the third nobody spoke, whatever its band says."""
    given = {
        "markets/XA02/gold": Claim("markets/XA02/gold", (10, 10), (0, 2)),
        "markets/XA02/arms": Claim("markets/XA02/arms", (5, None), word="more"),
        "markets/XA02/cattle_theft": Claim("markets/XA02/cattle_theft", (10, 10), (4, 6)),
        "markets/ALL/gold": Claim("markets/ALL/gold", (36, 36), (19, 19)),
        "active_markets/XA02": Claim("active_markets/XA02", (6, 6), mean=2),
    }
    groups = {item.group for item in attacker_union.verdicts(practice, given, pack) if item.answer == "markets/gold"}
    assert {"place XA02", "place XA0201", "prosecutor in XA0201"} <= groups
    del given["active_markets/XA02"]
    assert not list(attacker_union.verdicts(practice, given, pack))


def test_no_number_of_few_people_stands_in_any_file(target: Target, pack: Pack) -> None:
    """Attack 1: of every number of informants, k and the others are three or more, and ten or more were asked."""
    bad = [item for item in claims(target.public, pack) if _shows_few(item)]
    assert bad == []
    crossed = [row["id"] for row in rows(target.public) if _is_crossed(row) and any(row[key] for key in ("value", "n"))]
    assert crossed == []


def _shows_few(item: Claim) -> bool:
    if item.id.startswith(("figures/", "responses/", "published/")) or item.k[0] != item.k[1]:
        return False
    (n, _), (k, _) = item.n, item.k
    return n < 10 or (k not in (0, n) and not 3 <= k <= n - 3) or (k in (0, n) and "/ALL/" not in item.id)


def _is_crossed(row: dict[str, str]) -> bool:
    return row["place"] not in ("", "ALL") and row["group"] not in ("", "ALL")


def test_a_small_cell_is_seen_in_a_page_a_table_a_map_and_a_word_file(small_team: dict[str, bytes], pack: Pack) -> None:
    seen = {item.where.rpartition(".")[2] for item in claims(small_team, pack) if _shows_few(item)}
    assert seen >= {"html", "csv", "gpkg"}
    shown = [row["id"] for row in rows(small_team) if _is_crossed(row) and row["n"]]
    assert any(ident.startswith("sample/XA0102/") for ident in shown)


def test_no_number_is_given_at_two_precisions(target: Target, pack: Pack) -> None:
    """Attack 3: page, Word, table, map say the same of one id; the paper prints no number that they do not."""
    figures: dict[str, set[tuple[str, int, int]]] = {}
    for item in claims(target.public, pack):
        if found := precise(item):
            figures.setdefault(item.id, set()).add(found)
    assert {ident: told for ident, told in figures.items() if len(told) > 1} == {}
    for lang in ("en", "fr"):
        page = printed(text_of(target.public, f"report.{lang}.html"))
        assert len(page) > 3
        for name in (f"report.{lang}.pdf", f"brief.{lang}.pdf", f"brief.{lang}.html"):
            assert printed(text_of(target.public, name)) <= page, name


@cache
def _plain(raw: bytes) -> str:
    return re.sub(r"<[^>]+>", " ", raw.decode())


def text_of(content: dict[str, bytes], name: str) -> str:
    wanted = f"{name}>text" if name.endswith(".pdf") else f"{name}>plain"
    return _plain(next(raw for where, raw in layers(name, content[name]) if where == wanted))


def test_two_precisions_are_seen(practice: Target, pack: Pack) -> None:
    page = practice.public["data/estimates.csv"].decode()
    line = next(line for line in page.splitlines() if line.startswith("markets/ALL/gold,"))
    row = next(csv.DictReader([page.splitlines()[0], line]))
    changed = line.replace(f",{row['k']},{row['n']},", f",{int(row['k']) - 1},{row['n']},")
    assert changed != line
    doctored = {**practice.public, "data/estimates.csv": page.replace(line, changed).encode()}
    seen = {precise(item) for item in claims(doctored, pack) if item.id == "markets/ALL/gold"} - {None}
    assert len(seen) == 2


def denominators(percent: float, tops: int, decimals: int = 0) -> list[tuple[int, int]]:
    """Every k of n, n up to `tops`, that is printed as this per cent."""
    half = 0.5 * 10**-decimals + 1e-9
    return [(k, n) for n in range(1, tops + 1) for k in range(n + 1) if abs(100 * k / n - percent) <= half]


def bare_shares(content: dict[str, bytes]) -> Iterator[tuple[str, float]]:
    """Attack 5: shares of informants given as a number without k and n beside it, in tables and pages; what an index
    says in per cent (of draws, of its spread) is a share of nobody."""
    indices = tuple(row["id"] for row in rows(content) if row["kind"] == "index")
    for row in rows(content):
        if row["kind"] == "shares" and row["value"] and not (row["k"] and row["n"]):
            yield row["id"], 100 * float(row["value"])
    for name, raw in content.items():
        for ident, _, text in FIGURE.findall(raw.decode()) if name.endswith(".html") else ():
            if (hit := re.search(r"(\d+(?:[.,]\d+)?)\s?%", text)) and not ident.startswith(
                ("published/", "indicators/", *indices)
            ):
                yield ident, float(hit[1].replace(",", "."))


def test_no_per_cent_gives_its_denominator_away(target: Target) -> None:
    assert list(bare_shares(target.public)) == []


def test_a_bare_per_cent_is_turned_into_people(practice: Target) -> None:
    raw = practice.public["report.en.html"].decode()
    figure = next(FIGURE.finditer(raw))
    doctored = raw.replace(figure[0], '<data class="estimate" data-estimate="links/XA0101/x" value="">43%</data>')
    ((_, percent),) = bare_shares({**practice.public, "report.en.html": doctored.encode()})
    assert denominators(percent, 9) == [(3, 7)]


def test_none_or_all_is_said_of_everybody_only(target: Target, pack: Pack) -> None:
    """Attack 6, as far as one number says it; what several say together is for the union."""
    whole = [item for item in claims(target.public, pack) if item.k[0] == item.k[1] and item.k[0] in (0, item.n[0])]
    assert {item.id.split("/")[1] for item in whole if item.n[1] and not item.id.startswith("figures/")} <= {"ALL"}


def test_none_or_all_is_seen_where_it_is_said(small: Target, small_team: dict[str, bytes], pack: Pack) -> None:
    seen = [item for item in claims(small_team, pack) if item.k[0] == item.k[1] == item.n[0] == item.n[1] == 5]
    assert "markets/XA0201/gold" in {item.id for item in seen}
    who = known(small.study, register(small.study), pack)
    assert who.size(who.areas["XA0201"]) == 5
    assert replace(seen[0], where="") != seen[0]
