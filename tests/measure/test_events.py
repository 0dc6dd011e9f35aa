"""Counts of events against a table counted by hand: precision, months, deaths, zones, coverage, speed."""

import time

import numpy as np
import polars as pl
import pytest
from made_evidence import PLACES, by_id, evidence, settings, shuffled

from maillage import tables
from maillage.evidence import Card
from maillage.measure.events import counts, events

TABLE = """
id,table,date,admin0,admin1,admin2,precision,deaths_low,deaths,deaths_high
e1,ged,2019-06-30,ML,ML07,ML0702,1,1,2,5
e2,ged,2019-06-01,ML,ML07,ML0703,3,4,3,2
e3,ged,2019-06-02,ML,ML07,ML0703,4,,7,
e4,ged,2019-07-01,ML,ML07,,5,0,0,0
e5,ged,2020-06-01,ML,ML05,ML0501,1,,,
e6,ged,2020,ML,ML05,ML0501,1,1,1,1
e7,ged,2019-06-09,,,,1,9,9,9
"""


def card(**parts: object) -> Card:
    whole = {"name": "ged", "kind": "events", "file": "ged.csv", "title": {}, "source": "UCDP", "licence": "CC BY 4.0"}
    return Card(**whole | parts)  # type: ignore[arg-type]


def value(made: pl.DataFrame) -> dict[str, float]:
    return {row["id"]: row["value"] for row in made.iter_rows(named=True)}


def test_a_place_counts_what_is_precise_enough_for_it() -> None:
    found = value(events(evidence(events=TABLE), "events", {"kind": "events"}))
    assert found["events/ML0703/2019-06"] == 1
    assert found["events/ML07/2019-06"] == 3
    assert found["events/ML/2019-06"] == 3
    assert found["events/ML/2019-07"] == 1
    assert "events/ML07/2019-07" not in found, "an event placed to the country alone is no event of the region"
    assert found["events/ML/2019"] == 4
    assert found["events/ALL/2019"] == 4, "an event outside every area belongs to none"
    assert found["events/zone:north/2019"] == 3
    assert (found["events/ML0501/2020"], found["events/ML0501/2020-06"]) == (2, 1), "a year alone has no month"


def test_events_all_count_everything_inside() -> None:
    found = value(events(evidence(events=TABLE), "events_all", {}))
    assert found["events_all/ML0703/2019-06"] == 2
    assert found["events_all/ML07/2019-07"] == 1
    assert not [key for key in found if key.endswith("/2019")]


def test_every_count_is_a_floor_with_its_events() -> None:
    row = by_id(events(evidence(events=TABLE), "events", {}))["events/ML07/2019-06"]
    assert (row["meaning"], row["open_high"], row["low"], row["high"], row["interval"]) == (
        "floor",
        True,
        3,
        None,
        "bounds",
    )
    assert row["trace"] == ["event:ged:e1", "event:ged:e2", "event:ged:e3"]
    assert (row["month"], row["period"], row["status"], row["unit"]) == ("2019-06", "2019-06", "ok", "events")


def test_deaths_with_bounds_on_the_right_side_of_best() -> None:
    found = by_id(events(evidence(events=TABLE), "deaths", {}))
    region = found["deaths/ML07/2019-06"]
    assert (region["value"], region["low"], region["high"]) == (12, 1 + 3 + 7, 5 + 3 + 7)
    assert region["reason"] == "bounds_clipped"
    assert found["deaths/ML0702/2019-06"]["reason"] is None
    assert found["deaths/ML/2019-07"]["value"] == 0
    assert "deaths/ML0501/2020-06" not in found, "no death toll told is not zero"
    assert found["deaths/ML0501/2020"]["value"] == 1


def test_unknown_precision_is_what_the_card_says() -> None:
    unknown = "id,table,date,admin0,admin1,admin2\ne1,ged,2019-06-30,ML,ML07,ML0702\n"

    def places(*cards: Card) -> set[str]:
        return set(events(evidence(events=unknown, cards=cards), "events_all", {"what": "events"})["place"])

    assert places() == {"ML", "ALL"}
    assert places(card(options={"precision": 4})) == {"ML", "ALL", "ML07", "zone:north"}
    assert places(card(options={"precision": {"default": "1"}})) == {"ML", "ALL", "ML07", "zone:north", "ML0702"}
    assert places(card(options={"precision": "precise"})) == {"ML", "ALL", "ML07", "zone:north", "ML0702"}


def test_a_year_the_data_cover_in_part_says_so() -> None:
    found = by_id(events(evidence(events=TABLE, cards=(card(coverage=("2019-01-01", "2020-06-30")),)), "events", {}))
    assert found["events/ML/2020"]["reason"] == "partial_period"
    assert found["events/ML/2020-06"]["reason"] is None
    assert found["events/ML/2019"]["reason"] is None


def test_two_data_sets_are_never_added() -> None:
    two = TABLE + "e1,acled,2019-06-30,ML,ML07,ML0702,1,1,2,5\n"
    found = value(events(evidence(events=two, cards=(card(),)), "events", {}))
    assert found["events/ML0702/2019-06"] == 1
    assert found["events/ML0702/2019-06@acled"] == 1


def test_a_zone_takes_what_one_of_its_members_takes() -> None:
    made = evidence(events=TABLE, study=settings(zones={"towns": ("ML0703", "ML05")}))
    found = value(events(made, "events", {}))
    assert found["events/zone:towns/2019-06"] == 1, "a member cercle takes precision 3, not 4"
    assert found["events/zone:towns/2020"] == 2


def test_order_of_rows_and_other_places_change_nothing() -> None:
    made = evidence(events=TABLE)
    for name in ("events", "deaths", "events_all"):
        assert events(made, name, {}).equals(events(shuffled(made), name, {}))
    more = evidence(events=TABLE + "f1,ged,2019-06-01,NE,NE01,,1,1,1,1\n", places=PLACES + "NE01,Agadez,admin1,NE\n")
    before, after = by_id(events(made, "events", {})), by_id(events(more, "events", {}))
    assert {
        key: row for key, row in after.items() if row["place"] in {"ML", "ML07", "ML0703"}
    }.items() <= before.items()


def test_no_events_give_no_rows() -> None:
    for name in ("events", "deaths", "events_all"):
        assert events(evidence(), name, {}).equals(tables.empty("estimates"))


@pytest.mark.slow
def test_many_events_are_counted_quickly() -> None:
    """350,000 events in 300 areas of the second level."""
    rng, size = np.random.Generator(np.random.PCG64(1)), 350_000
    area, month = rng.integers(0, 300, size), rng.integers(0, 384, size)
    made = pl.DataFrame({
        "id": np.arange(size).astype(str), "table": "ged", "admin0": "X",
        "admin1": np.char.add("X", (area // 30).astype(str)),
        "admin2": np.char.add("X", (1000 + area).astype(str)), "precision": rng.integers(1, 6, size),
        "date": [f"{1989 + m // 12}-{m % 12 + 1:02}-01" for m in month.tolist()], "deaths": rng.integers(0, 9, size),
    })  # fmt: skip
    study = evidence(events=tables.conform(made, "events"))
    took: list[float] = []
    for _ in range(3):
        begun = time.perf_counter()
        found = counts(study, "ged", period="month", precise=True)
        took.append(time.perf_counter() - begun)
        assert found.filter(place="ALL")["events"].sum() == size
    assert min(took) < 5, "half a second on a quiet machine; anything that walks event by event takes far longer"
