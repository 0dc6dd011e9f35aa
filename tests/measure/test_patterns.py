"""Hot spots, trends and turns as estimates: squares on a grid, counted by hand."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from made_evidence import by_id, evidence
from shapely.geometry import box

from maillage.evidence import Card, Evidence
from maillage.measure.expansion import spread
from maillage.measure.nearness import co_located, event_cluster, near_repeats
from maillage.measure.outlook import place_precision
from maillage.measure.patterns import changes, emerging_spots, event_changes, event_trends, hot_spots
from maillage.measure.series import contiguous, whole_years
from maillage.measure.spread import gi, trend

SIDE = 4
CODES = [f"ML{number:02d}" for number in range(SIDE * SIDE)]
PLACES = "code,name,level,parent\nML,Mali,admin0,\nMLA,North,admin1,ML\n" + "".join(
    f"{code},{code},admin2,MLA\n" for code in CODES
)
OUTLINES = {code: box(at % SIDE, at // SIDE, at % SIDE + 1, at // SIDE + 1) for at, code in enumerate(CODES)}
YEARS = range(2011, 2021)
SPEC = {"kind": "spread"}


def card(first: str = "2011-01-01", last: str = "2020-12-31") -> Card:
    return Card("ged", "events", "ged.csv", {}, "UCDP", "CC BY 4.0", coverage=(first, last))


def made(
    counts: dict[tuple[str, int], int], *, precision: int = 1, covered: Card | None = None, **more: Any
) -> Evidence:
    """Events of squares by year, one a day from January on, at the middle of their square."""
    lines = ["id,table,date,admin0,admin1,admin2,precision,lat,lon,kind"]
    for (code, year), count in sorted(counts.items()):
        middle = OUTLINES[code].centroid
        for at in range(count):
            day = f"{year}-{at % 12 + 1:02d}-{at // 12 % 27 + 1:02d}"
            kind = "State-based violence" if at % 2 else "One-sided violence"
            ident, where = f"{code}-{year}-{at}", f"{middle.y},{middle.x}"
            lines.append(f"{ident},ged,{day},ML,MLA,{code},{precision},{where},{kind}")
    held = evidence(events="\n".join(lines), places=PLACES, cards=(covered or card(),), **more)
    return dataclasses.replace(held, outlines=OUTLINES | {"MLA": box(0, 0, SIDE, SIDE)})


GROWING = {(code, year): 1 + (12 * (year - 2014) if code in ("ML00", "ML01", "ML04", "ML05") and year > 2014 else 0)
           for code in CODES for year in YEARS}  # fmt: skip


def test_areas_that_touch_are_neighbours_and_so_is_each_of_itself() -> None:
    weights = contiguous(made(GROWING), CODES)
    assert weights[0].nonzero()[0].tolist() == [0, 1, 4, 5]
    assert weights.sum(axis=1).max() == 9
    assert np.array_equal(weights, weights.T)


def test_a_corner_that_grows_is_a_hot_spot() -> None:
    found = by_id(hot_spots(made(GROWING), "hot_spots", SPEC))
    assert len(found) == 2 * len(CODES)
    assert max(CODES, key=lambda code: found[f"hot_spots/{code}/2020"]["value"]) == "ML00"
    assert found["hot_spots/ML00/2020/p"]["value"] < 0.1 < found["hot_spots/ML15/2020/p"]["value"]
    assert found["hot_spots/ML00/2020"]["n"] == 16
    patterns = by_id(emerging_spots(made(GROWING), "emerging", SPEC))
    assert patterns["emerging/ML00"]["answer"] == "hot_consecutive"
    assert patterns["emerging/ML15"]["answer"] == "none"
    values = np.array([[float(GROWING[code, year]) for year in YEARS] for code in CODES])
    alone = trend(gi(values, contiguous(made(GROWING), CODES))[0])
    assert patterns["emerging/ML00"]["value"] == pytest.approx(alone.z)
    assert patterns["emerging/ML00/p"]["value"] == pytest.approx(alone.p)
    assert len(patterns["emerging/ML00"]["trace"]) == sum(GROWING.values())


def test_equal_counts_everywhere_have_no_hot_spot() -> None:
    found = by_id(hot_spots(made(dict.fromkeys(GROWING, 2)), "hot_spots", SPEC))
    assert {row["status"] for name, row in found.items() if not name.endswith("/p")} == {"not_computable"}
    assert found["hot_spots/ML00/2020"]["reason"] == "no_variation"


def test_a_trend_by_hand_and_none_of_four_years() -> None:
    one_a_year = {("ML00", year): year - 2010 for year in YEARS}
    found = by_id(event_trends(made(one_a_year), "event_trends", SPEC))
    assert found["event_trends/ML"]["value"] == 1
    assert found["event_trends/MLA/tau"]["value"] == 1
    assert found["event_trends/MLA/p"]["value"] == pytest.approx(2 / 3_628_800)
    short = made(one_a_year, covered=card(first="2017-01-01"))
    assert {(row["status"], row["reason"]) for row in by_id(event_trends(short, "event_trends", SPEC)).values()} == {
        ("too_few", "series_short")
    }
    assert {row["reason"] for row in by_id(emerging_spots(short, "emerging", SPEC)).values()} == {"series_short"}


def test_covered_years_without_events_are_zeros_and_others_are_left_out() -> None:
    gap = {("ML00", year): 5 for year in YEARS if year not in (2015, 2016)}
    assert whole_years(made(gap, covered=card(last="2020-06-30")), "ged") == tuple(map(str, range(2011, 2020)))
    assert by_id(event_trends(made(gap), "event_trends", SPEC))["event_trends/ML"]["n"] == 10


def test_the_month_from_which_there_were_more() -> None:
    found = by_id(event_changes(made({("ML00", year): 24 if year > 2015 else 2 for year in YEARS}), "changes", SPEC))
    (start,) = {row["period"] for name, row in found.items() if name.startswith("changes/ML/")}
    assert start in ("2015-12", "2016-01", "2016-02")
    assert found[f"changes/ML/{start}"]["value"] > 5 * found[f"changes/ML/{start}/before"]["value"]
    assert changes([3.0] * 60) == []
    assert changes([1.0] * 30 + [9.0] * 30) == [30]
    assert changes([1.0] * 58 + [9.0] * 2) == [], "two months are no level"


def test_near_repeats_say_how_many_chance_would_give() -> None:
    busy = made({("ML00", 2020): 40, ("ML15", 2018): 40})
    found = by_id(near_repeats(busy, "near_repeats", SPEC))
    assert found["near_repeats/ALL"]["n"] == 80
    assert found["near_repeats/ALL"]["value"] > found["near_repeats/ALL/expected"]["value"]
    assert found["near_repeats/ALL/p"]["value"] == pytest.approx(1 / 200)
    few = by_id(near_repeats(made({("ML00", 2020): 29}), "near_repeats", SPEC))
    assert few["near_repeats/ALL"]["reason"] == "events_few"


def test_the_pack_sets_how_near_and_how_soon() -> None:
    busy = made({("ML00", 2020): 40, ("ML01", 2020): 40, ("ML15", 2016): 40})

    def whole(**chosen: float) -> dict[str, Any]:
        return by_id(near_repeats(busy, "near_repeats", SPEC | {"settings": chosen}))

    usual = whole()
    assert usual == whole(km=25, days=14, years=3, draws=199)
    assert usual["near_repeats/ALL"]["method"] == "knox 1"
    wide = whole(km=150)["near_repeats/ALL"]  # the next square is a degree away, 111 km
    assert wide["value"] > 2 * usual["near_repeats/ALL"]["value"]
    assert wide["method"] == "knox 1, km=150"
    assert whole(days=60)["near_repeats/ALL"]["value"] > usual["near_repeats/ALL"]["value"]
    assert [whole(years=years)["near_repeats/ALL"]["n"] for years in (3, 5)] == [80, 120]
    apart = made({("ML00", 2020): 40, ("ML15", 2018): 40})
    few = by_id(near_repeats(apart, "near_repeats", SPEC | {"settings": {"draws": 19}}))
    assert few["near_repeats/ALL/p"]["value"] == pytest.approx(1 / 20), "of 199 draws it would be 1 / 200"


def test_the_pack_sets_the_draws_and_years_of_the_scan_and_the_years_of_kinds() -> None:
    counts = {(code, year): 1 + 30 * (code == "ML10" and year in (2013, 2014)) for code in CODES for year in YEARS}
    held = made(counts, indicators=PEOPLE)
    usual = by_id(event_cluster(held, "event_cluster", SPEC))
    assert usual["event_cluster/ALL"]["period"] == "2013/2014"
    assert usual["event_cluster/ALL/p"]["value"] == 0.01
    few = by_id(event_cluster(held, "event_cluster", SPEC | {"settings": {"draws": 19}}))
    assert few["event_cluster/ALL/p"]["value"] == 0.05
    recent = by_id(event_cluster(held, "event_cluster", SPEC | {"settings": {"years": 4}}))
    assert recent["event_cluster/ALL"]["period"] >= "2017", "2013 is longer ago than the years looked at"
    kinds = made({("ML00", 2016): 20, ("ML15", 2016): 20, ("ML00", 2020): 20, ("ML15", 2020): 20})
    for years, count in ((3, 20), (5, 40)):
        found = by_id(co_located(kinds, "co_located", SPEC | {"settings": {"years": years}}))
        assert {row["n"] for row in found.values()} == {count}


PEOPLE = "place,indicator,period,value\n" + "".join(f"{code},population,2018,1000\n" for code in CODES)


def test_the_strongest_cluster_is_where_the_events_were_put() -> None:
    counts = {(code, year): 1 + 30 * (code in ("ML10", "ML11") and year >= 2019) for code in CODES for year in YEARS}
    found = by_id(event_cluster(made(counts, indicators=PEOPLE), "event_cluster", SPEC))
    assert {name.rpartition("/")[2] for name in found} == {"ALL", "expected", "p", "ML10", "ML11"}
    whole = found["event_cluster/ALL"]
    assert (whole["value"], whole["period"]) == (124, "2019/2020")
    assert found["event_cluster/ALL/p"]["value"] == 0.01
    assert event_cluster(made(counts), "event_cluster", SPEC).is_empty(), "no population, no cluster"


def test_kinds_side_by_side_are_named_as_such() -> None:
    found = by_id(co_located(made({("ML00", 2020): 20, ("ML15", 2020): 20}), "co_located", SPEC))
    kinds = ("one_sided_violence", "state_based_violence")
    assert set(found) == {f"co_located/ALL/{one}~{other}" for one in kinds for other in kinds}
    assert found["co_located/ALL/one_sided_violence~state_based_violence"]["n"] == 20


def test_hot_spots_depend_on_the_precision_that_is_asked_for() -> None:
    found = by_id(place_precision(made(GROWING, precision=3), "place_precision", SPEC))
    assert (found["place_precision/ALL/admin2"]["k"], found["place_precision/ALL/admin2"]["n"]) == (
        sum(GROWING.values()), sum(GROWING.values()),
    )  # fmt: skip
    assert found["place_precision/ALL/hot_3"]["value"] >= 1
    assert found["place_precision/ALL/hot_2"]["reason"] == "no_events"
    coarse = by_id(place_precision(made(GROWING, precision=4), "place_precision", SPEC))
    assert [coarse[f"place_precision/ALL/{level}"]["k"] for level in ("admin1", "admin2")] == [sum(GROWING.values()), 0]


def test_every_measure_is_found_by_its_name() -> None:
    held = made(GROWING, indicators=PEOPLE)
    for name in ("hot_spots", "emerging", "event_trends", "first_activity", "place_precision"):
        assert set(spread(held, name, SPEC)["measure"]) == {name}
