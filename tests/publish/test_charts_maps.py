"""Maps: nothing but names stands on them, and every region of the study has one."""

import drawn
import pytest

import known
from maillage.labels import phrases
from maillage.publish import maps
from maillage.publish.gate import Release
from maillage.publish.svg import NARROW, width


@pytest.fixture(scope="module", params=["mali", "first-steps"])
def release(request: pytest.FixtureRequest) -> Release:
    return known.released(request.param, "team")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_legend_stands_below_the_map_and_hides_no_name(release, lang) -> None:
    figure = maps.overview_map(release, lang)
    assert figure
    said = drawn.texts(figure)
    head = next(text for text in said if text.text == phrases()["chart_legend_markets"][lang])
    order = said.index(head)
    assert all(text.y < head.y - 10 for text in said[:order])
    assert all(text.y >= head.y for text in said[order:] if text.x < 200)
    lowest = max(text.y for text in said)
    assert lowest < drawn.size(figure)[1]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_region_is_named_and_readable_where_the_map_is_narrow(release, lang) -> None:
    figure = maps.overview_map(release, lang)
    assert figure
    said = drawn.texts(figure)
    names = [str(row[0][0].text) for row in figure.table.rows]
    assert set(names) <= {text.text for text in said}
    wide, _ = drawn.size(figure)
    below = [text for text in said if text.text == phrases()["chart_no_statement"][lang]]
    assert all(text.x + width(text.text, text.size) <= wide for text in below)  # of an inset, not cut off
    assert wide <= NARROW
    assert not figure.wide
    assert min(text.size for text in said) * min(1, 350 / wide) >= 11


def test_a_region_without_evidence_is_hatched_and_listed(release) -> None:
    figure = maps.overview_map(release, "en")
    assert figure
    silent = [row for row in figure.table.rows if row[1][0].text == phrases()["chart_no_statement"]["en"]]
    assert silent
    said = [text.text for text in drawn.texts(figure)]
    told = said.count(phrases()["chart_no_statement"]["en"])  # of each inset, and in the legend
    assert len(drawn.hatched(figure)) == len(silent) + told
    assert phrases()["chart_no_data"]["en"] not in said  # one hatch, one wording
