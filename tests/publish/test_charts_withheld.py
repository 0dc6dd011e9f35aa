"""What is withheld is never drawn as absent: region, recommendation and title say that it is withheld."""

import dataclasses

import drawn
import pytest
import shapely
from made_release import AUDIENCES, sources

from maillage import run
from maillage.labels import Labels, phrases, sentence
from maillage.publish import maps
from maillage.publish.charts import CHARTS
from maillage.publish.gate import Release, clear
from maillage.publish.view import capital
from small_evidence import PLACES, evidence

AREAS = {f"EX0{n}": shapely.box(2 * n, 0, 2 * n + 2, 2) for n in (1, 2, 3)}
PEOPLE = {"EX01": 8, "EX02": 4}  # of EX03 nobody speaks
SECTION = {"en": "Illicit markets", "fr": "Marchés illicites"}
LANGS = pytest.mark.parametrize("lang", ["en", "fr"])


@pytest.fixture(scope="module")
def release() -> Release:
    """A public release: of the eight people of EX01 numbers may be told, of the four of EX02 none."""
    rows = ["source | kind | question | answer | market"]
    for place, count in PEOPLE.items():
        for number in range(1, count + 1):
            rows.append(f"{place}_{number} | market | presence | present | gold")
            rows.append(
                f"{place}_{number} | factor | factor | {('isolation', 'corruption', 'exclusion')[number % 3]} | "
            )
            rows.append(f"{place}_{number} | need | need | {('road', 'water')[number % 2]} | ")
    places = PLACES + "EX03 | Rive | admin1 | EX\n"
    zones = {"north": ("EX01",), "south": ("EX02",)}
    made = evidence("\n".join(rows), sources(PEOPLE), places=places, audiences=AUDIENCES, zones=zones)
    results = run.measure_all(dataclasses.replace(made, outlines=AREAS), date="2024-06-01")
    return clear(results, audience="public", langs=("en", "fr"))


@LANGS
def test_a_withheld_region_is_not_said_to_be_without_evidence(release: Release, lang: str) -> None:
    figure = maps.overview_map(release, lang)
    assert figure
    said = phrases()
    held, nothing = said["chart_cell_withheld"][lang], said["chart_no_statement"][lang]
    assert [row[1][0].text for row in figure.table.rows][1:] == [held, nothing]
    shown = " ".join(text.text for text in drawn.texts(figure))  # a long line of the legend is wrapped
    assert said["chart_legend_withheld"][lang] in shown
    assert said["chart_no_statement"][lang] in shown
    assert len(drawn.hatched(figure)) == 2  # EX03 and the entry of the legend
    floor = {"en": "at least 1 in Amont", "fr": "au moins 1 pour Amont"}[lang]
    assert floor in figure.title
    assert figure.title.endswith(said["chart_title_shown"][lang].format(title=""))
    assert said["chart_legend_markets_floor"][lang] in shown
    least = {"en": "at least 1", "fr": "au moins 1"}[lang]
    assert least in [text.text for text in drawn.texts(figure)], "on the map itself"
    assert figure.table.rows[0][1][0].text == least
    assert f"Amont {least}" in figure.alt
    gold = capital(Labels(lang, release.pack, release.places).code("markets", "gold"))
    named = sentence("chart_pair", lang, first=gold, second="Amont")
    assert named in figure.subtitle, "which market the published share shows there"
    assert SECTION[lang] in figure.subtitle, "where more is told"
    assert said["chart_overview_withheld"][lang].format(places="Plaine") in figure.alt


@LANGS
def test_a_recommendation_whose_evidence_is_withheld_says_so(release: Release, lang: str) -> None:
    figure = CHARTS["actions"](release, lang)
    assert figure
    held = phrases()["chart_cell_withheld"][lang]
    column = [row[3][0].text for row in figure.table.rows]
    assert held in column
    nothing = phrases()["chart_no_statement_here"][lang]
    assert {row[1][0].text for row in figure.table.rows if row[3][0].text == nothing} == {nothing}, "of nobody at all"
    assert phrases()["chart_legend_withheld"][lang] in {text.text for text in drawn.texts(figure)}


@LANGS
def test_the_title_of_factors_does_not_deny_places_that_are_withheld(release: Release, lang: str) -> None:
    figure = CHARTS["factors"](release, lang)
    assert figure
    assert figure.title == phrases()["chart_factors_title_unsaid"][lang]
