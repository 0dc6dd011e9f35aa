"""Charts of amounts, flows and people heard: one mark an estimate, open ends open, a single source dashed, no sum."""

import dataclasses
from functools import cache
from itertools import combinations

import drawn
import pytest
import shapely
from made_release import AUDIENCES, released

import known
from maillage import run
from maillage.blocks import Figure, Number
from maillage.labels import phrases
from maillage.publish import mapping
from maillage.publish.charts import CHARTS, figures, levies
from maillage.publish.charts import arrows as a
from maillage.publish.charts.ground import ground
from maillage.publish.charts.ranges import WIDE, Scale, scale
from maillage.publish.gate import Release, clear
from maillage.publish.nesting import distinct
from maillage.publish.svg import Box, Style, overlap, text_box
from maillage.publish.view import view
from small_evidence import PLACES, evidence

DOCUMENTS = "id | kind\nD1 | document\nD2 | document\nD3 | document\nD4 | document"
LEVY = "source | kind | question | answer | market | place | low | high | unit | base | per | currency | meaning"


@cache
def study(name: str, audience: str = "public") -> Release:
    return known.released(name, audience)


def made(rows: str, sources: str = DOCUMENTS, **more: str) -> Release:
    return released(evidence(rows, sources, audiences=AUDIENCES, **more))


def chart(name: str, release: Release, lang: str = "en") -> Figure:
    figure = CHARTS[name](release, lang)
    assert figure is not None
    return figure


def ids(figure: Figure) -> list[str]:
    """Estimates that the cells of a figure's table lead to."""
    return [span.estimate for row in figure.table.rows for cell in row for span in cell if isinstance(span, Number)]


def said(figure: Figure) -> set[str]:
    return {text.text for text in drawn.texts(figure)}


def lines(figure: Figure, *, dashed: bool) -> int:
    """Ranges and shafts of arrows; samples in a legend are 20 px long."""
    paths = drawn.marks(figure, "path", "accent")
    thick = [part for part in paths if part.get("stroke-width") == "2" and part.get("d", "").count("L") == 1]
    return sum(("stroke-dasharray" in part.attrib) is dashed and _long(part.get("d", "")) > 20 for part in thick)


def _long(path: str) -> float:
    start, _, end = path.removeprefix("M").partition("L")
    return round(float(end.split()[0]) - float(start.split()[0]))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_levies_of_mali_are_ranges_from_a_single_source_with_their_meaning(lang) -> None:
    figure = chart("levies", study("mali"), lang)
    words = phrases()
    assert {"levies/ML/gold/unstated/week", "levies/ML/levies/unstated/operation"} <= set(ids(figure))
    assert lines(figure, dashed=True) == 3
    assert lines(figure, dashed=False) == 0
    assert {words[f"chart_ranges_{key}"][lang] for key in ("spread", "quoted", "single")} <= said(figure)
    assert "250" in figure.title
    assert not figure.wide
    assert drawn.size(figure)[0] == WIDE


def test_what_groups_take_and_what_they_pay_stand_under_heads_of_their_own() -> None:
    order = [text.text for text in drawn.texts(chart("levies", study("mali")))]
    paid = next(at for at, text in enumerate(order) if text.startswith("Paid by groups to others"))
    assert order.index("Fee of a go-between") > paid
    assert max(at for at, text in enumerate(order) if text == "Forced zakat") < paid


def test_a_levy_without_amount_is_hatched_and_named_not_drawn_at_zero() -> None:
    figure = chart("levies", study("mali"))
    assert len(drawn.hatched(figure)) == 4
    assert "Right of passage (migrant smuggling): Gao and Timbuktu" in said(figure)
    assert "levies/ML07/migrant_smuggling/unstated/unstated" in ids(figure)


def test_an_open_end_is_an_arrow_and_two_sources_make_a_whole_line() -> None:
    figure = chart("levies", made(f"""{LEVY}
        D1 | levy | levy | site_access | gold | EX01 | 2000 | 9000 | XOF | miner | week | XOF | uncertainty
        D2 | levy | levy | site_access | gold | EX01 | 3000 | 8000 | XOF | miner | week | XOF | uncertainty
        D1 | levy | levy | protection_fee | gold | EX02 | 4000 |    | XOF | site | month | XOF |
    """))  # fmt: skip
    assert lines(figure, dashed=False) == 1  # the range of two sources
    assert lines(figure, dashed=True) == 1  # the shaft of the arrow
    texts = said(figure)
    assert "4,000 or more" in texts
    assert phrases()["chart_ranges_open"]["en"] in texts
    assert figure.title.replace("\u00a0", " ") == (
        "Access to a site (gold): between XOF 2,000 and XOF 9,000 per week, the value is uncertain"
    )


def test_what_may_not_be_shown_has_no_chart() -> None:
    assert CHARTS["levies"](study("first-steps"), "en") is None
    assert ids(chart("levies", study("first-steps", "team"))) == ["levies/EX0101/gold/miner/week"]


def test_a_scale_counts_in_powers_of_ten_only_where_amounts_lie_far_apart() -> None:
    near = scale([{"low": 20.0, "high": 70.0}], 0, 100)
    assert (near.low, near.high, near.log) == (0, 80, False)
    far = scale([{"low": 5000.0, "high": 250000.0}, {"low": None, "high": 800000.0}], 0, 300)
    assert far == Scale(1000, 1_000_000, 0, 300, log=True)
    assert far.ticks() == [1000, 10_000, 100_000, 1_000_000]
    assert far.at(10_000) == pytest.approx(100)
    assert scale([{"low": 0.0, "high": 0.0}], 0, 1).high > 0


FIGURE = "source | kind | question | answer | place | period | low | high | unit"


def test_figures_that_contradict_each_other_stand_side_by_side_with_their_source() -> None:
    sources = "id | kind | title\nD1 | document | First report\nD2 | document | Second report"
    figure = chart("figures", made(f"""{FIGURE}
        D1 | figure | figure | kidnappings | EX | 2023 | 100 | 100 | events
        D2 | figure | figure | kidnappings | EX | 2023 | 180 | 180 | events
        D1 | figure | figure | kidnappings | EX | 2022 | 90  | 90  | events
        D1 | figure | figure | hubs        | EX | 2022 | 7   | 7   | hubs
    """, sources))  # fmt: skip
    assert figure.title == "Published sources contradict each other on: kidnappings recorded"
    assert {"First report", "Second report", "100", "180", "90"} <= said(figure)
    assert not {"140", "100 to 180"} & said(figure)
    assert set(ids(figure)) == {
        "figures/EX/kidnappings/2022", "figures/EX/kidnappings/2023@D1", "figures/EX/kidnappings/2023@D2"
    }  # fmt: skip
    assert len(drawn.marks(figure, "path", "c2")) == 2  # an outline each


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_figures_of_mali_keep_units_apart_and_open_ends_open(lang) -> None:
    figure = chart("figures", study("mali"), lang)
    assert {"25", "196"} <= said(figure)
    assert "25" in figure.title
    assert "2024" in figure.title
    release = study("mali")
    rows = [release.estimate(ident) for ident in ids(figure)]
    quantities = {(row["answer"], row["unit"]) for row in rows if row}
    assert all(sum((row["answer"], row["unit"]) == key for row in rows if row) > 1 for key in quantities)
    assert phrases()["chart_ranges_open"][lang] in said(figure)
    assert drawn.size(figure)[0] == WIDE


def test_without_a_second_value_of_anything_all_figures_are_shown() -> None:
    figure = chart("figures", made(f"""{FIGURE}
        D1 | figure | figure | hubs | EX | 2022 | 7 |   | hubs
        D1 | figure | figure | interviews | EX | 2024 | 39 | 39 | persons
    """))  # fmt: skip
    assert len(ids(figure)) == 2
    assert "7 or more" in said(figure)
    assert CHARTS["figures"](study("first-steps", "team"), "en") is None


FLOW = "source | kind | question | good | from_place | to_place"
OUTLINES = {
    "EX": shapely.box(0, 10, 3, 11.5), "EX01": shapely.box(0, 10, 1, 11.5), "EX02": shapely.box(1, 10, 3, 11.5),
    "EX0101": shapely.box(0, 10.6, 1, 11.5), "EX0102": shapely.box(0, 10, 1, 10.6),
}  # fmt: skip


def mapped(rows: str) -> Release:
    return released(dataclasses.replace(evidence(rows, DOCUMENTS, audiences=AUDIENCES), outlines=OUTLINES))


def arrows(figure: Figure) -> list[tuple[float, bool]]:
    """Width and dash of each arrow."""
    curved = [part for part in drawn.marks(figure, "path", "accent") if "C" in part.get("d", "")]
    return [(float(part.get("stroke-width", 0)), "stroke-dasharray" in part.attrib) for part in curved]


def boxes(figure: Figure, weight: str = "600") -> list[tuple[str, Box]]:
    """The bold texts of a drawing with the box each takes."""
    found = [part for part in drawn.marks(figure, "text") if part.get("font-weight") == weight]
    return [
        (text, text_box(float(part.get("x", 0)), float(part.get("y", 0)), text,
                        Style(float(part.get("font-size", 0)), int(weight), part.get("text-anchor", "start"))))
        for part in found if (text := "".join(part.itertext()))
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_leg_of_mali_is_one_dashed_arrow_and_every_end_is_named_clear_of_others(lang) -> None:
    figure = chart("flows_map", study("mali"), lang)
    assert arrows(figure) == [(1.6, True)] * 9
    assert len(ids(figure)) == 9
    assert {"flows/gold/ML08/NE", "flows/cocaine/south_america/ML"} <= set(ids(figure))
    names = boxes(figure)
    assert {"Gao", "Kidal", "Bamako", "Niger", "Burkina Faso", "Mali"} <= {name for name, _ in names}
    assert not [(one, other) for (one, a), (other, b) in combinations(names, 2) if overlap(a, b)]
    wide, _ = drawn.size(figure)
    assert all(box[0] >= 0 and box[2] <= wide for _, box in names)
    assert "Kidal" in figure.title
    beyond = {"en": {"to Europe", "from South America", "to Southwest Asia"}, "fr": {"vers : Europe"}}[lang]
    assert beyond <= {name.replace("\u00a0", " ") for name, _ in names}  # they lie outside, not where the name stands
    assert {"en": "width", "fr": "épaisseur"}[lang] not in figure.subtitle  # all legs are equally wide


def test_the_width_of_an_arrow_is_a_class_of_independent_sources() -> None:
    rows = [f"D{n} | flow | flow | gold | EX0101 | EX02" for n in (1, 2, 3, 4)]
    rows += [f"D{n} | flow | flow | gold | EX02 | EX0101" for n in (1, 2)]
    figure = chart("flows_map", mapped("\n".join([FLOW, *rows, "D1 | flow | flow | arms | EX01 | EX02"])))
    assert sorted(arrows(figure)) == [(1.6, True), (3.2, False), (5.2, False)]
    assert phrases()["chart_flows_width"]["en"] in figure.subtitle
    assert figure.title == "Gold: the leg from Mineville to Plaine is the best supported, by 4 independent sources"
    assert phrases()["chart_flows_off"]["en"] not in said(figure)


def test_many_goods_stand_two_abreast_and_an_end_off_the_map_says_so() -> None:
    rows = [f"D1 | flow | flow | {good} | EX01 | unstated" for good in ("gold", "arms", "cattle")]
    figure = chart("flows_map", mapped("\n".join([FLOW, *rows])))
    assert drawn.size(figure)[0] == 2 * WIDE + 20
    assert phrases()["chart_flows_off"]["en"] in said(figure)
    assert [name for name, _ in boxes(figure)].count("place not stated") == 3


def test_a_place_known_by_coordinates_alone_stands_where_it_lies() -> None:
    places = PLACES.replace("parent\n", "parent | lat | lon\n", 1) + "EX01-T | Ville | locality | EX01 | 10.5 | 0.5\n"
    made = evidence(f"{FLOW}\nD1 | flow | flow | gold | EX01-T | EX02", DOCUMENTS, places=places, audiences=AUDIENCES)
    results = run.measure_all(dataclasses.replace(made, outlines=OUTLINES), date="2024-06-01")
    seen = view(clear(results, audience="team", langs=("en",)), "en")
    frame = mapping.country_frame(mapping.regions(seen), WIDE)
    found = ground(seen, frame, [("EX01-T", "EX02"), ("unstated", "EX02")])
    assert found.at["EX01-T"] == frame.at(0.5, 10.5)
    assert found.outside == {"unstated"}


def test_a_route_no_source_tells_whole_is_not_drawn() -> None:
    release = study("mali")
    composed = release.routes.filter(release.routes["kind"] == "composed")
    assert not composed.is_empty()
    figure = chart("flows_map", release)
    assert not {row["id"].replace("routes/", "flows/") for row in composed.iter_rows(named=True)} & set(ids(figure))
    assert any(text.startswith("Each leg stands alone") for text in said(figure))


def test_legs_that_reach_one_end_from_one_side_swing_out_by_different_amounts() -> None:
    near = [a.Arrow((100, 0), (0, 60), 1), a.Arrow((100, 20), (0, 60), 1), a.Arrow((0, 0), (0, 60), 1)]
    bends = [arrow.bend for arrow in a.apart(near)]
    assert bends[0] < bends[1]
    assert bends[2] == a.BEND
    assert [(arrow.start, arrow.end) for arrow in a.apart(near)] == [(arrow.start, arrow.end) for arrow in near]


def test_a_leg_that_is_only_alleged_is_dashed_however_many_say_so() -> None:
    assert a.Arrow((0, 0), (9, 0), 4, alleged=True).dash
    assert not a.Arrow((0, 0), (9, 0), 4).dash


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_where_legs_meet_the_map_rings_told_and_composed_routes_apart(lang: str) -> None:
    figure = chart("flows_map", study("mali"), lang)
    rings = [part for part in drawn.marks(figure, "path", "ink") if "a7.5" in part.get("d", "")]
    dotted = ["stroke-dasharray" in part.attrib for part in rings]
    assert sorted(dotted) == [False, False, True, True]  # each once on a map and once in the legend
    told = phrases()
    assert {told[f"chart_flows_{kind}_through"][lang] for kind in ("told", "composed")} <= set(said(figure))


def test_an_end_off_the_map_stands_at_the_edge_near_what_it_is_tied_to() -> None:
    seen = view(study("mali"), "en")
    frame = mapping.country_frame(mapping.regions(seen), WIDE)
    found = ground(seen, frame, [("ML09", "southwest_asia"), ("south_america", "ML"), ("ML", "europe")])
    assert found.outside == {"southwest_asia", "south_america", "europe"}
    assert found.at["southwest_asia"][1] > frame.high - 20
    assert found.at["south_america"][0] < 20
    assert found.at["europe"][0] > frame.wide - 20


def test_without_outlines_or_legs_to_show_there_is_no_map() -> None:
    assert CHARTS["flows_map"](study("first-steps"), "en") is None
    assert CHARTS["flows_map"](made(f"{FLOW}\nD1 | flow | flow | gold | EX01 | EX02"), "en") is None


def people(count: int, group: str = "magistrate", place: str = "EX01") -> str:
    rows = [f"{group}{n} | interview | {place} | anonymous | {group}" for n in range(count)]
    return "\n".join(["id | kind | place | consent | stakeholder", *rows])


def heard(count: int, planned: int) -> Release:
    told = [f"magistrate{n} | link | link | denied" for n in range(count)]
    plan = f"place,stakeholder,planned\nEX01,magistrate,{planned}"
    rows = "\n".join(["source | kind | question | answer", *told])
    return released(evidence(rows, people(count), audiences=AUDIENCES, plan=plan), "team")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_sample_shows_each_interview_done_and_each_planned_one_that_is_missing(lang) -> None:
    release = study("first-steps", "team")
    figure = chart("sample", release, lang)
    rows = [release.estimate(ident) for ident in ids(figure)]
    assert len(rows) == len(figure.table.rows)
    drawn_slots = [row for row in rows if row and (row["place"] == "ALL" or family(row["group"]))]
    done = sum(int(row["value"]) for row in drawn_slots)
    missing = sum(max(0, (row["planned"] or 0) - int(row["value"])) for row in drawn_slots)
    assert len(drawn.marks(figure, "circle", "accent")) == done + 1  # and the entry of the legend
    assert len(drawn.marks(figure, "circle", "line")) == missing + 1
    assert missing > 0
    magistrate = release.pack.label("stakeholders", "magistrate", lang)
    assert magistrate in figure.title
    assert "Côte" in next(text for text in said(figure) if text.startswith(("No interview", "Aucun entretien")))


def family(group: str) -> bool:
    return group in study("first-steps").pack.codes("families")


def test_a_plan_that_is_met_is_said_to_be_met_and_many_people_make_a_bar() -> None:
    figure = chart("sample", heard(24, 22))
    assert figure.title == phrases()["chart_sample_title_met"]["en"]
    assert not drawn.marks(figure, "circle")
    bars = drawn.marks(figure, "rect", "accent")
    assert len(bars) == 3  # family, class and the entry of the legend
    short = chart("sample", heard(24, 30))
    assert short.title.replace("\u00a0", " ") == "Fewer people heard than planned: magistrate (24 of 30)"


def test_a_sample_that_may_not_be_shown_has_no_chart_and_a_part_of_it_no_places() -> None:
    assert CHARTS["sample"](study("first-steps"), "en") is None
    assert CHARTS["sample"](study("mali"), "en") is None
    partners = study("first-steps", "partners")
    figure = chart("sample", partners)
    shown = {ident for ident in ids(figure) if (row := partners.estimate(ident)) and row["value"] is not None}
    assert shown == {f"sample/ALL/{group}" for group in ("authorities", "communities", "economy", "economic_actor")}
    assert phrases()["chart_sample_places"]["en"] not in said(figure)
    assert phrases()["chart_cell_withheld"]["en"] in said(figure)


def test_a_panel_of_figures_speaks_of_one_place() -> None:
    release = study("mali")
    panels = figures._panels(distinct("figures", view(release, "en")), view(release, "en"))
    assert panels
    assert all(len({value.told["place"] for value in panel}) == 1 for panel in panels)


def test_only_levies_of_one_base_and_time_share_a_scale() -> None:
    rows = [{"base": base, "per": per} for base, per in (("herd", None), ("sack", None), ("herd", None))]
    assert [len(same) for same in levies._alike(rows)] == [2, 1]
