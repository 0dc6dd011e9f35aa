"""The network of a report: who is tied to whom by the numbers of the release, coercion apart, one source dashed."""

import math

import drawn
import pytest
from made_release import AUDIENCES, TIE, released, sources

from maillage.blocks import Figure
from maillage.labels import phrases, sentence
from maillage.publish.charts import CHARTS, links, rings
from maillage.publish.gate import Release
from small_evidence import evidence

HEAD = "source | kind | question | answer | actor | other | coerced"
DOCUMENTS = "id | kind\nD1 | document\nD2 | document"
ROWS = """
D1 | link | link | cooperation   | terrorist_group | smuggler                 |
D2 | link | link | cooperation   | terrorist_group | smuggler                 |
D1 | link | link | confrontation | smuggler        | terrorist_group          |
D1 | link | link | coexistence   | terrorist_group | organised_criminal_group |
D1 | link | link | cooperation   | organised_criminal_group | militia         |
D1 | link | link | cooperation   | terrorist_group | community                | yes
D1 | link | link | cooperation   | terrorist_group | arms_trafficker          |
"""


@pytest.fixture(scope="module")
def release() -> Release:
    return released(evidence(HEAD + ROWS, DOCUMENTS, audiences=AUDIENCES))


def network(release: Release, lang: str = "en") -> Figure:
    figure = CHARTS["links_network"](release, lang)
    assert figure is not None
    return figure


def curves(figure: Figure) -> list[tuple[str, bool]]:
    """Role of colour of each line between two actors, and whether it is dashed."""
    return [((part.get("class") or ""), "stroke-dasharray" in part.attrib)
            for part in drawn.marks(figure, "path") if "Q" in part.get("d", "")]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_pair_is_told_in_lines_in_words_and_in_the_table(release: Release, lang: str) -> None:
    figure, said = network(release, lang), phrases()
    assert len(curves(figure)) == len(figure.table.rows) == 6
    label = release.pack.label
    shown = " ".join(text.text for text in drawn.texts(figure)).lower()
    for actor in ("smuggler", "militia", "arms_trafficker"):
        assert label("actors", actor, lang).lower() in shown
        assert label("actors", actor, lang).lower() in figure.alt.lower()
    assert said["chart_network_note"][lang].split(".")[0][:40] in " ".join(t.text for t in drawn.texts(figure))
    assert figure.title == sentence("chart_network_title_spread", lang, n=5, pairs=4)  # being forced is no tie


def test_a_single_source_is_dashed_and_coercion_is_a_word(release: Release) -> None:
    figure = network(release)
    solid = [colour for colour, dashed in curves(figure) if not dashed]
    assert len(solid) == 1  # the one tie that two documents tell of
    words = [text.text for text in drawn.texts(figure)]
    assert words.count("forced") == 1
    row = next(row for row in figure.table.rows if row[2][0].text == "people forced to cooperate")
    assert [cell[0].text for cell in row[:2]] == ["Terrorist group", "Community"]


def test_names_stay_inside_and_apart(release: Release) -> None:
    figure = network(release)
    wide, high = drawn.size(figure)
    assert all(0 <= text.x < wide and 0 < text.y < high for text in drawn.texts(figure))


@pytest.mark.parametrize(("k", "drawn_"), [(4, False), (11, True)])
def test_what_people_told_is_drawn_only_as_far_as_the_gate_tells_it(k: int, drawn_: bool) -> None:
    """Of twelve people k tell of two ties: four of twelve is "half or fewer", of which the network draws nothing."""
    other = TIE.replace("smuggler", "arms_trafficker")
    rows = [f"EX0101_{n} | {tie} | EX0101" for n in range(1, k + 1) for tie in (TIE, other)]
    rows += [f"EX0101_{n} | link | link | denied | | | EX0101" for n in range(k + 1, 13)]
    head = "source | kind | question | answer | actor | other | place"
    made = evidence("\n".join([head, *rows]), sources({"EX0101": 12}), audiences=AUDIENCES)
    figure = CHARTS["links_network"](released(made), "en")
    assert (figure is not None) == drawn_


def test_what_is_not_drawn_stands_in_the_table_and_is_said(release: Release) -> None:
    said = phrases()["chart_network_rest"]["en"]
    assert said not in " ".join(text.text for text in drawn.texts(network(release)))
    within = f"{HEAD}{ROWS}D2 | link | link | confrontation | militia | militia |"
    figure = network(released(evidence(within, DOCUMENTS, audiences=AUDIENCES)))
    assert len(figure.table.rows) == len(curves(figure)) + 1
    assert said in " ".join(text.text for text in drawn.texts(figure))


def test_one_pair_is_no_network() -> None:
    made = evidence(f"{HEAD}\nD1 | {TIE} |", DOCUMENTS, audiences=AUDIENCES)
    assert CHARTS["links_network"](released(made), "en") is None


def test_who_is_tied_stands_near_and_the_best_tied_in_the_middle() -> None:
    star = [("a", "m"), ("b", "m"), ("c", "m"), ("d", "m"), ("e", "m"), ("a", "d"), ("a", "e")]
    at = rings.places(star, {"a": 3}, (100, 100), (80, 60))
    assert at["m"] == (100, 100)
    assert at["a"] == pytest.approx((20, 100))
    gap = {name: math.dist(at["a"], at[name]) for name in "bcde"}
    assert max(gap["d"], gap["e"]) < min(gap["b"], gap["c"])
    assert rings.hub([("a", "b"), ("c", "d")]) is None
    assert len(set(rings.places([("a", "b"), ("c", "d")], {}, (0, 0), (9, 9)).values())) == 4


def test_types_of_links_and_their_legend_differ_in_colour() -> None:
    colours = [form.colour for form in links.FORMS]
    assert len(set(colours)) == len(colours)
    assert not {"c1", "c6"} <= set(colours), "two blues"
    assert ("circle", "ink") not in {(form.shape, form.colour) for form in links.FORMS}
