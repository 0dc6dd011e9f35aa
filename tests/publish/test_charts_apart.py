"""No words of a drawing stand on other words, nor on the row below theirs, in either language and of either study."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import drawn
import pytest

import known
from maillage.blocks import Figure
from maillage.publish.charts import CHARTS, marks
from maillage.publish.svg import Box, width

LITTLE = 1.5  # px by which the widths reckoned here may be wrong
BOTH = pytest.mark.parametrize("name", ["mali", "practice"])
LANGS = pytest.mark.parametrize("lang", ["fr", "en"])


def boxes(figure: Figure) -> Iterator[tuple[str, Box]]:
    """Each text with the room of its letters."""
    for part in ET.fromstring(figure.svg).iter(f"{drawn.SVG}text"):
        text, size = "".join(part.itertext()), float(part.get("font-size", 12))
        x, y = float(part.get("x", 0)), float(part.get("y", 0))
        wide = width(text, size, int(part.get("font-weight", 400)))
        left = x - {"middle": wide / 2, "end": wide}.get(part.get("text-anchor", "start"), 0.0)
        yield text, (left, y - size * 0.72, left + wide, y + size * 0.1)


@BOTH
@LANGS
def test_no_words_of_a_drawing_stand_on_others(name: str, lang: str) -> None:
    release, on = known.released(name), []
    found = {title: figure for title, make in CHARTS.items() if (figure := make(release, lang))}
    assert len(found) > 10
    for title, figure in found.items():
        for (one, a), (other, b) in combinations(boxes(figure), 2):
            across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            if across > LITTLE and down > LITTLE:
                on.append((title, one, other))
    assert on == []


@BOTH
@LANGS
def test_the_words_of_a_cell_end_above_the_next_row(name: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ends, whole = list[float](), marks.fill

    def filled(canvas: Any, box: Box, mark: Any, *more: Any) -> float:
        end = whole(canvas, box, mark, *more)
        if marks.told_in_words(mark):
            ends.append(end - 14 + 8 - box[3])  # of the base line of the last words from the foot of the row
        return end

    monkeypatch.setattr(marks, "fill", filled)
    for chart in ("markets_matrix", "links_types", "coercion", "factors"):
        CHARTS[chart](known.released(name), lang)
    assert name == "mali" or len(ends) > 30
    assert max(ends, default=-3) <= -3
