"""Charts of time and of indicators: a mark an estimate, what is not covered hatched, titles that follow the data."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import drawn
import pytest
from made_release import AUDIENCES, by_hand

import known
from maillage.blocks import Figure, Number
from maillage.evidence import Card
from maillage.labels import sentence
from maillage.publish.charts import CHARTS
from maillage.publish.charts import timeline as t
from maillage.publish.gate import Release, clear
from small_evidence import evidence

NAMES = ("events_years", "deaths_months", "new_places", "indicators_mpi", "indicators_food", "indicators_distance")
SOURCES = "id | kind | sensitivity\nD1 | document | low"
PLACES = """
code | name   | level  | parent
EX   | Exem   | admin0 |
EX01 | Amont  | admin1 | EX
EX02 | Plaine | admin1 | EX
EX03 | Côte   | admin1 | EX
"""
EVENTS = Card("events", "events", "e.csv", {"en": "Events", "fr": "Événements"}, "Somebody", "CC0",
              coverage=("2015-01-01", "2020-12-31"))  # fmt: skip


def card(name: str, **more: Any) -> Card:
    return dataclasses.replace(EVENTS, name=name, kind="indicators", **more)


def made(rows: Sequence[Mapping[str, Any]], *cards: Card, period: str = "2022") -> Release:
    """A release of these estimates and nothing else."""
    held = dataclasses.replace(evidence("", SOURCES, places=PLACES, audiences=AUDIENCES, period=period), cards=cards)
    return clear(by_hand(held, rows), audience="team", langs=("en", "fr"))


def count(measure: str, place: str, period: str, value: float, **more: Any) -> dict[str, Any]:
    month = period if len(period) > 4 else None
    given = {"id": f"{measure}/{place}/{period}", "measure": measure, "kind": "events", "place": place,
             "period": period, "month": month, "value": value, "unit": measure, "meaning": "floor",
             "open_high": True, "trace": ["event:events:1"]}  # fmt: skip
    return given | more


def reading(place: str, value: float | None, code: str = "mpi", **more: Any) -> dict[str, Any]:
    given = {"id": f"indicators/{place}/{code}", "measure": "indicators", "kind": "indicators", "place": place,
             "answer": code, "period": "2021", "value": value, "unit": "index", "age_months": 12,
             "method": "indicator 1: survey", "trace": [f"indicator:{place}:{code}:2021"]}  # fmt: skip
    return given | more


def draw(name: str, release: Release, lang: str = "en") -> Figure:
    figure = CHARTS[name](release, lang)
    assert figure
    return figure


def say(key: str, lang: str = "en", **facts: object) -> str:
    return sentence(f"chart_{key}", lang, **facts)


def printed(figure: Figure) -> list[str]:
    """Ids of the estimates that the table of a figure leads to."""
    return [span.estimate for row in figure.table.rows for one in row for span in one if isinstance(span, Number)]


@pytest.fixture(scope="module")
def mali() -> Release:
    return known.released("mali")


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", NAMES)
def test_a_chart_of_mali_is_whole_fits_a_phone_and_leads_to_its_estimates(mali, name, lang) -> None:
    figure = draw(name, mali, lang)
    assert all((figure.title, figure.subtitle, figure.alt, figure.source, figure.table.rows))
    assert set(printed(figure)) <= set(mali.estimates["id"].to_list())
    wide, high = drawn.size(figure)
    said = drawn.texts(figure)
    assert wide <= 460
    assert min(text.size for text in said) * 350 / wide >= 11
    assert max(text.y for text in said) < high
    assert all(len(row) == len(figure.table.columns) for row in figure.table.rows)


@pytest.mark.parametrize("name", NAMES)
def test_the_two_languages_draw_the_same_marks(mali, name) -> None:
    english, french = draw(name, mali, "en"), draw(name, mali, "fr")
    assert printed(english) == printed(french)
    assert english.title != french.title
    for tag in ("rect", "circle"):
        assert len(drawn.marks(english, tag)) == len(drawn.marks(french, tag))


@pytest.mark.parametrize("name", NAMES)
def test_without_data_there_is_no_chart(name) -> None:
    assert CHARTS[name](made([]), "en") is None


# events by year

YEARS = [
    count("events", "EX01", "2018", 4), count("events", "EX01", "2020", 9), count("events", "EX02", "2019", 2),
    count("deaths", "EX01", "2018", 7, low=5, high=20), count("deaths", "EX01", "2020", 0),
]  # fmt: skip


def test_every_event_count_and_every_count_of_deaths_is_a_bar_and_a_range_a_line() -> None:
    figure = draw("events_years", made(YEARS, EVENTS))
    assert sorted(printed(figure)) == sorted(row["id"] for row in YEARS)
    assert len(drawn.marks(figure, "rect", "accent")) == 3
    assert len(drawn.marks(figure, "rect", "c2")) == 2
    assert say("time_range") in {text.text for text in drawn.texts(figure)}


def test_years_covered_are_grey_and_years_after_the_end_hatched() -> None:
    figure = draw("events_years", made(YEARS, EVENTS))
    covered = drawn.marks(figure, "rect", "soft")
    assert len(covered) == 3 * 2 + 1  # three regions, events and deaths, one entry of the legend
    assert len(drawn.hatched(figure)) == 3 * 2 + 1
    assert say("time_no_data", last=2020) in {text.text for text in drawn.texts(figure)}
    to_the_end = draw("events_years", made(YEARS, EVENTS, period="2020"))
    assert not drawn.hatched(to_the_end)


def test_a_region_without_events_in_covered_years_says_none_recorded_and_is_no_gap() -> None:
    figure = draw("events_years", made(YEARS, EVENTS))
    assert sum(text.text == say("none_recorded") for text in drawn.texts(figure)) == 3  # Côte twice, deaths of Plaine
    cells = [one for row in figure.table.rows for one in row[2:] if not isinstance(one[0], Number)]
    assert {one[0].text for one in cells} == {say("none_recorded")}


def test_one_scale_holds_for_all_regions() -> None:
    figure = draw("events_years", made(YEARS, EVENTS))
    heights = sorted(float(bar.get("height", 0)) for bar in drawn.marks(figure, "rect", "accent"))
    assert heights[2] / heights[1] == pytest.approx(9 / 4, rel=0.05)
    assert heights[1] / heights[0] == pytest.approx(4 / 2, rel=0.05)


def test_the_title_names_the_region_with_most_events_and_another_one_of_the_last_year() -> None:
    assert "2018 to 2020: Amont (" in draw("events_years", made(YEARS, EVENTS)).title
    moved = [*YEARS[:1], count("events", "EX02", "2020", 3)]
    title = draw("events_years", made(moved, EVENTS)).title
    assert title.endswith("Amont (4), then Plaine (3); in 2020 alone: Plaine (3)")


def test_regions_that_tie_are_all_named_and_where_all_tie_none_is() -> None:
    two = [count("events", place, "2020", 3) for place in ("EX01", "EX02")]
    assert "Amont (3) and Plaine (3)" in draw("events_years", made(two, EVENTS)).title
    three = [count("events", place, "2020", 3) for place in ("EX01", "EX02", "EX03")]
    figure = draw("events_years", made(three, EVENTS))
    assert figure.title == say("events_years_title_even", span="in 2020")
    assert "2020 to 2020" not in f"{figure.subtitle} {figure.alt}"


def test_peaks_are_told_with_their_year_where_they_have_room() -> None:
    counts = dict(zip(range(2015, 2021), (1, 8, 1, 2, 10, 1), strict=True))
    rows = [count("events", "EX01", str(year), value) for year, value in counts.items()]
    said = [text.text for text in drawn.texts(draw("events_years", made(rows, EVENTS)))]
    assert "2019: 10" in said
    assert "8" not in said  # with its year or not at all
    figure = draw("events_years", made(rows, EVENTS))
    panel = float(drawn.marks(figure, "rect", "soft")[0].get("y", 0))
    assert all(text.y - 11 >= panel for text in drawn.texts(figure) if text.text == "2019: 10")  # inside its panel
    assert not any(text.endswith(": 2") for text in said)


def test_a_high_month_is_named_even_where_it_stands_near_the_end() -> None:
    values = months(2020, *[5] * 11, 60, *[5] * 9, 40, 5, 5)
    said = [
        text.text.replace("\u00a0", " ") for text in drawn.texts(draw("deaths_months", made(monthly(values), COUNTED)))
    ]
    assert "December 2020: 60" in said
    assert "40" not in said


# new places


def new(year: int, value: float, **more: Any) -> dict[str, Any]:
    given = {"id": f"new_places/ALL/{year}", "measure": "new_places", "kind": "spread", "place": "ALL",
             "answer": "new", "period": str(year), "value": value, "unit": "places", "meaning": "floor",
             "trace": ["event:events:1"]}  # fmt: skip
    return given | more


def turned(year: int, value: float, part: str) -> dict[str, Any]:
    return {**new(year, value), "id": f"new_places/ALL/{year}/{part}", "answer": part}


def test_areas_are_stacked_by_what_became_of_them_and_the_year_in_which_records_begin_looks_different() -> None:
    rows = [new(2015, 6, reason="first_year"), new(2017, 2), turned(2017, 3, "back"), turned(2017, 4, "lost"),
            new(2019, 0), new(2020, 1), turned(2020, 2, "kept")]  # fmt: skip
    figure = draw("new_places", made(rows, EVENTS))
    assert sorted(printed(figure)) == sorted(row["id"] for row in rows)
    for role, bars in (("accent", 2), ("r4", 1), ("r2", 1), ("c2", 1), ("c5", 1)):
        assert len(drawn.marks(figure, "rect", role)) == bars + 1, f"{role}: its bars and its key"
    assert len(drawn.hatched(figure)) == 1 + 1
    cells = [[cell[0].text for cell in row] for row in figure.table.rows]
    assert cells[2] == ["2017", "2", "no data", "3", "4"]
    assert cells[1][1:] == ["none recorded"] * 4
    assert say("places_heard_nobody") in " ".join(part.text for part in drawn.texts(figure))


def test_where_people_were_heard_stands_beside_new_areas() -> None:
    figure = draw("new_places", made([new(2019, 1), new(2020, 2), turned(2020, 5, "heard")], EVENTS))
    assert figure.table.columns[-1] == say("places_heard")
    assert figure.table.rows[-1][-1][0].text == "5"
    assert say("places_heard_nobody") not in " ".join(part.text for part in drawn.texts(figure))


@pytest.mark.parametrize(
    ("values", "key", "first"),
    [((5, 1, 0), "none", None), ((5, 0, 2), "one", 2020), ((5, 1, 2), "run", 2019), ((0, 5, 2), "run", 2019)],
)
def test_the_title_counts_the_years_with_new_areas_up_to_the_last(values, key, first) -> None:
    rows = [new(2018 + at, value, reason=None if at else "first_year") for at, value in enumerate(values)]
    facts = {"first": first, "last": 2020}
    assert draw("new_places", made(rows, EVENTS)).title == say(f"new_places_title_{key}", **facts)


# deaths by month


def monthly(values: Mapping[str, float], code: str = "national_deaths") -> list[dict[str, Any]]:
    rows = [reading("EX", value, code, id=f"indicators/EX/{code}@{month}", period=month, unit="deaths",
                    method="indicator 1: months") for month, value in values.items()]  # fmt: skip
    return [*rows, {**rows[-1], "id": f"indicators/EX/{code}"}]


def months(first: int, *values: float) -> dict[str, float]:
    return {f"{first + at // 12}-{at % 12 + 1:02d}": value for at, value in enumerate(values)}


COUNTED = card("months", title={"en": "Deaths counted", "fr": "Morts"}, coverage=("2020-01-01", "2021-12-31"))


def test_each_month_is_a_bar_a_month_that_is_missing_is_hatched_and_the_end_is_marked() -> None:
    values = months(2020, *range(1, 25))
    del values["2020-05"]
    figure = draw("deaths_months", made(monthly(values), COUNTED))
    assert len(drawn.marks(figure, "rect", "accent")) == 23
    assert len(printed(figure)) == 23
    assert len(drawn.hatched(figure)) == 2 + 1  # the month, the year after the end, the legend
    assert "December\u00a02021" in figure.source
    shown = next(row for row in figure.table.rows if row[1][0].text == "2020")
    assert shown[6][0].text == say("no_data")


def test_two_data_sets_are_two_strips_and_a_month_without_events_is_no_gap() -> None:
    events = [count("deaths", "EX", "2020-03", 5, low=4, high=9), count("deaths", "EX", "2020-06", 2)]
    release = made([*monthly(months(2020, *[3] * 24)), *events], COUNTED, EVENTS)
    figure = draw("deaths_months", release)
    assert len(drawn.marks(figure, "rect", "accent")) == 24
    assert len(drawn.marks(figure, "rect", "c2")) == 2
    assert figure.subtitle.startswith(say("deaths_subtitle_two", first="#", last="#").split("#")[0])
    of_events = figure.table.rows[-1]
    assert of_events[2][0].text == say("none_recorded")


@pytest.mark.parametrize(
    ("before", "now", "key"), [(10, 20, "count"), (20, 10, "count"), (20, 21, "count"), (20, 20, "alike")]
)
def test_the_title_compares_the_last_year_with_the_one_before(before, now, key) -> None:
    values = months(2020, *[before] * 12, *[now] * 12)
    figure = draw("deaths_months", made(monthly(values), COUNTED))
    facts = {"now": str(12 * now), "before": str(12 * before)}
    assert figure.title == say(f"deaths_title_{key}", what="Exem, deaths counted", last="December\u00a02021", **facts)


def test_years_whose_estimates_overlap_are_called_alike() -> None:
    values = months(2020, *[10] * 12, *[13] * 12)
    wide = [row | {"low": row["value"] - 4, "high": row["value"] + 4} for row in monthly(values)]
    assert "156 recorded" in (told := draw("deaths_months", made(wide, COUNTED)).title)
    assert told.endswith("too close to be told apart")
    assert "deaths counted: 156 recorded" in draw("deaths_months", made(monthly(values), COUNTED)).title


def test_with_less_than_two_years_the_title_names_the_worst_months() -> None:
    values = months(2021, 3, 9, 9, 1)
    known = dataclasses.replace(COUNTED, coverage=("2021-01-01", "2021-04-30"))
    title = draw("deaths_months", made(monthly(values), known)).title
    assert "February\u00a02021; March\u00a02021" in title


@pytest.mark.parametrize(
    ("coverage", "by_month", "steps"),
    [
        (("2015-01-01", "2020-12-31"), False, (2015, 2020)),
        (("2015-03-01", "2020-11-30"), False, (2016, 2019)),
        (("2015", "2020"), False, (2015, 2020)),
        (("2015-03-02", "2020-02-29"), True, (2015 * 12 + 3, 2020 * 12 + 1)),
        (("2015-03-01", "2020-02-28"), True, (2015 * 12 + 2, 2020 * 12)),
    ],
)
def test_only_whole_years_and_months_count_as_covered(coverage, by_month, steps) -> None:
    assert t.covered(dataclasses.replace(EVENTS, coverage=coverage), [], months=by_month) == steps


def test_a_study_without_period_hatches_nothing_after_the_data_and_counts_no_age() -> None:
    assert not drawn.hatched(draw("events_years", made(YEARS, EVENTS, period="")))
    rows = [reading(place, 0.5, age_months=None) for place in ("EX01", "EX02", "EX03")]
    figure = draw("indicators_mpi", made(rows, SURVEY, period=""))
    assert "months old" not in figure.svg
    assert figure.subtitle.endswith(say("indicator_no_interval"))


# indicators

SURVEY = card("survey", coverage=("2021-01-01", "2021-12-31"))


def test_each_value_is_a_dot_with_its_interval_its_age_and_a_region_without_one_is_hatched() -> None:
    rows = [reading("EX01", 0.5, low=0.4, high=0.6), reading("EX02", 0.2, low=0.1, high=0.3, age_months=30)]
    figure = draw("indicators_mpi", made(rows, SURVEY))
    assert len(drawn.marks(figure, "circle", "accent")) == 2 + 1
    assert len(drawn.hatched(figure)) == 1 + 1
    said = [text.text for text in drawn.texts(figure)]
    assert {"0.40\u20130.60", "0.10\u20130.30", "12 months old", "30 months old", "no data"} <= set(said)
    assert said.index("Amont") < said.index("Plaine") < said.index("Côte")
    assert [row[0][0].text for row in figure.table.rows] == ["Amont", "Plaine", "Côte"]
    assert figure.table.rows[2][1][0].text == "no data"
    assert "Côte" in figure.alt


def test_what_is_too_old_is_a_ring_and_the_title_compares_nothing() -> None:
    old = {"reason": "older_than_max_age", "age_months": 72, "period": "2016"}
    rows = [reading("EX01", 0.5, low=0.4, high=0.6, **old), reading("EX02", 0.2, low=0.1, high=0.3, **old)]
    figure = draw("indicators_mpi", made(rows, SURVEY))
    assert figure.title == say("indicator_title_old", what=say("indicators_mpi_what"), period="2016")
    assert not drawn.marks(figure, "circle", "accent")
    rings = drawn.marks(figure, "circle", "c5")
    assert len(rings) == 2 + 1
    assert all(ring.get("fill") == "none" for ring in rings)
    assert "36" in next(text.text for text in drawn.texts(figure) if text.text.startswith("too old"))


def test_regions_whose_intervals_overlap_that_of_the_highest_are_named_with_it() -> None:
    rows = [reading("EX01", 0.5, low=0.4, high=0.6), reading("EX02", 0.45, low=0.35, high=0.5)]
    low = reading("EX03", 0.1, low=0.05, high=0.15)
    title = draw("indicators_mpi", made([*rows, low], SURVEY)).title
    assert title == "Multidimensional poverty is highest in Amont, but Plaine cannot be told apart from it"
    apart = draw("indicators_mpi", made([rows[0], low], SURVEY)).title
    assert apart == "Multidimensional poverty is highest in Amont"
    assert draw("indicators_mpi", made(rows, SURVEY)).title.endswith(": the regions cannot be told apart")
    assert "Amont only" in draw("indicators_mpi", made(rows[:1], SURVEY)).title


def test_the_period_before_stands_beside_the_latest_and_in_the_table() -> None:
    code = "food_phase3"
    latest = {"period": "2021-06/2021-08", "unit": "persons"}
    before = {"period": "2021-01/2021-05", "unit": "persons", "id": f"indicators/EX01/{code}@2021-01/2021-05"}
    again = {"id": f"indicators/EX01/{code}@2021-06/2021-08"} | latest
    rows = [reading("EX01", 900, code, **latest), reading("EX01", 400, code, **before),
            reading("EX01", 900, code, **again), reading("EX02", 0, code, **latest)]  # fmt: skip
    figure = draw("indicators_food", made(rows, SURVEY))
    assert printed(figure) == [rows[0]["id"], rows[1]["id"], rows[3]["id"]]
    assert say("indicator_no_interval") in figure.subtitle
    assert "Where the largest number of people are in food crisis or worse: Amont" in figure.title
    assert figure.table.rows[2][1][0].text == "0"  # a zero is a zero, not a gap


def test_distances_stand_from_near_to_far_and_ties_are_all_named() -> None:
    computed = {"period": None, "age_months": None, "unit": "km", "method": "indicator 1: computed"}
    rows = [reading(place, value, "border_distance", **computed)
            for place, value in (("EX01", 90.0), ("EX02", 30.0), ("EX03", 30.0))]  # fmt: skip
    figure = draw("indicators_distance", made(rows))
    assert (
        figure.title == "From one inner point of each region, nearest to the border: Côte and Plaine; farthest: Amont"
    )
    assert "coast" not in f"{figure.title} {figure.subtitle}"
    assert [row[0][0].text for row in figure.table.rows] == ["Plaine", "Côte", "Amont"]
    assert "outlines" in figure.source
    assert not drawn.hatched(figure)


def test_what_was_projected_is_said_beside_the_number_and_in_the_period() -> None:
    rows = [reading("EX01", 0.5, age_months=37, meaning="projected"), reading("EX02", 0.2)]
    figure = draw("indicators_mpi", made(rows, SURVEY))
    assert figure.table.rows[0][1][0].text == "0.50 (projected)"
    assert figure.table.rows[1][1][0].text == "0.20"
    assert "(projected)" in figure.subtitle
    said = [text.text for text in drawn.texts(figure)]
    assert {"projected", "3 years old"} <= set(said)
