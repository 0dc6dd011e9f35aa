"""Charts of amounts, flows and people heard: one mark an estimate, open ends open, a single source dashed, no sum."""

from functools import cache

import drawn
import pytest
from made_release import AUDIENCES, released

from folders import STUDIES
from maillage import run
from maillage.blocks import Figure, Number
from maillage.labels import phrases
from maillage.publish.charts import CHARTS
from maillage.publish.charts.ranges import WIDE, Scale, scale
from maillage.publish.gate import Release, clear
from maillage.study.folder import open_study
from small_evidence import evidence

DOCUMENTS = "id | kind\nD1 | document\nD2 | document\nD3 | document\nD4 | document"
LEVY = "source | kind | question | answer | market | place | low | high | unit | base | per | currency | meaning"


@cache
def study(name: str, audience: str = "public") -> Release:
    return clear(run.run(open_study(STUDIES / name)), audience=audience, langs=("en", "fr"))


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
    assert max(at for at, text in enumerate(order) if text == "Imposed zakat") < paid


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
