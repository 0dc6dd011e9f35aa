"""What a list of numbers says beside that of an earlier release: nothing of what few who came or went spoke of."""

import polars as pl
import pytest
from made_release import study
from test_listed import row

from maillage import run
from maillage.evidence import Evidence
from maillage.publish.earlier import Earlier, everybody, told
from maillage.publish.families import family_of, listed, moved
from maillage.publish.gate import Release, clear
from maillage.publish.rules import FEW, rules

WHO = "EX02_8"
NAMED = {
    "a need": lambda who: row(f"x_{who}", who, "need", "need", "road"),
    "a factor": lambda who: row(f"x_{who}", who, "factor", "factor", "isolation"),
    "a rating": lambda who: row(f"x_{who}", who, "market", "severity", "3", market="gold"),
    "a leg": lambda who: row(f"x_{who}", who, "flow", "flow", "smuggled", good="arms", a="EX01", b="EX02"),
}


def made(people: int, *more: str) -> Evidence:
    """So many in EX02, eight in EX0101; all of them are asked for needs and factors."""
    asked = [row(f"{kind}{at}_{place}", f"{place}_{at}", kind, kind, answer)
             for place, count in (("EX0101", 8), ("EX02", people)) for at in range(1, count + 1)
             for kind, answer in (("need", "water"), ("factor", "corruption"))]  # fmt: skip
    return study({"EX0101": (4, 8), "EX02": (3, people)}, rows="\n".join([*asked, *more]))


def out(evidence: Evidence, *earlier: Earlier, audience: str = "public") -> tuple[Release, Earlier]:
    """A release, and what the next one has to know of it."""
    results = run.measure_all(evidence, date="2024-06-01")
    release = clear(results, audience=audience, langs=("en",), earlier=earlier)
    known, full = rules(evidence, audience), {item["id"]: item for item in results.estimates.iter_rows(named=True)}
    nobody = moved(full, known, everybody(known, full.values()), earlier).nobody(full)
    kept, people = told(results, audience, release.estimates.iter_rows(named=True), nobody)
    names = listed(release.estimates.iter_rows(named=True), full, known)
    return release, Earlier("2024-01-31", audience, kept, people=people,
                            listed=[dict.fromkeys(release.estimates.columns) | name for name in names])  # fmt: skip


def same(first: Release, second: Release) -> None:
    """To the letter; whether a leg is said to be reported is a matter of `listed_legs`."""
    for name in ("estimates", "findings", "withheld", "priorities"):
        tables = [getattr(one, name) for one in (first, second)]
        alike = [table.with_columns(pl.col("reason").replace("reported", FEW)) if "reason" in table.columns else table
                for table in tables]  # fmt: skip
        assert alike[0].equals(alike[1]), name


@pytest.mark.parametrize("first", ["public", "partners"])
@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED.keys())
def test_what_one_who_came_spoke_of_first_is_not_listed(named: object, first: str) -> None:
    assert callable(named)
    _, before = out(made(7), audience=first)
    silent, spoken = (out(made(8, *more), before)[0] for more in ((), (named(WHO),)))
    assert silent.estimates["id"].to_list() == spoken.estimates["id"].to_list()
    assert set(out(made(8, named(WHO)))[0].estimates["id"]) > set(silent.estimates["id"]), "alone it is listed"


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED.keys())
def test_what_one_who_went_alone_spoke_of_stays_as_if_somebody_else_had(named: object) -> None:
    """Both worlds gave the same release; after the withdrawal they still do."""
    assert callable(named)
    worlds = [out(made(8, named(who))) for who in (WHO, "EX02_7")]
    same(worlds[0][0], worlds[1][0])
    after = [out(made(7, *more), before)[0] for more, (_, before) in
             zip(((), (named("EX02_7"),)), worlds, strict=True)]  # fmt: skip
    same(*after)
    again = [out(made(7, *more), before, out(made(7, *more), before)[1])[0] for more, (_, before) in
             zip(((), (named("EX02_7"),)), worlds, strict=True)]  # fmt: skip
    same(*again)  # nor is it forgotten later


def test_a_good_that_is_gone_stays_beside_another() -> None:
    other = row("other", "EX0101_1", "flow", "flow", "smuggled", good="gold", a="EX01", b="EX02")
    _, before = out(made(8, other, NAMED["a leg"](WHO)))
    found, _ = out(made(7, other), before)
    goods = {item["id"].split("/")[1] for item in found.estimates.filter(measure="flows").iter_rows(named=True)}
    assert goods == {"arms", "gold"}


def test_with_enough_who_come_it_is_listed() -> None:
    _, before = out(made(7))
    more = [NAMED["a need"](f"EX02_{at}") for at in range(8, 13)]
    found, _ = out(made(12, *more), before)
    assert any(family_of(item) == ("needs", "/road", "place") for item in found.estimates.iter_rows(named=True))
    few, _ = out(made(11, *more[:4]), before)
    assert not any(family_of(item) == ("needs", "/road", "place") for item in few.estimates.iter_rows(named=True))
