"""Dot strips: as many dots as people asked, as many filled as said so, none beyond its cell."""

import re

import pytest

import known
from maillage.publish.charts import marks as m
from maillage.publish.svg import Canvas
from maillage.publish.view import canvas, view


def strip(k: int, n: int, wide: float = 90) -> tuple[list[tuple[float, float, bool]], float]:
    """Dots (x, y, filled) of a strip around 100 px, and where it ends."""
    drawing: Canvas = canvas("strip", 10, 200)
    seen = view(known.released("mali"), "en")
    row = {"k": k, "n": n, "band": None, "measure": "links"}
    end = m.strip(drawing, (100.0, 20.0), m.Mark(m.SAID, row), seen, wide=wide)
    return list(_dots("".join(drawing.parts))), end


def _dots(svg: str):
    for tag in re.findall(r"<circle[^>]*>", svg):
        x, y = (float(re.search(rf'{name}="([\d.]+)"', tag)[1]) for name in ("cx", "cy"))
        yield x, y, "stroke" not in tag


@pytest.mark.parametrize(("k", "n"), [(0, 1), (3, 5), (9, 9), (7, 12), (11, 20)])
def test_a_strip_has_a_dot_a_person_and_fills_those_who_said_so(k: int, n: int) -> None:
    dots, _ = strip(k, n)
    assert len(dots) == n
    assert [filled for *_, filled in dots] == [order < k for order in range(n)]


@pytest.mark.parametrize("wide", [40, 60, 90])
@pytest.mark.parametrize("n", [4, 11, 20])
def test_a_strip_spans_no_more_than_its_cell_and_ends_below_its_dots(n: int, wide: float) -> None:
    dots, end = strip(n // 2, n, wide)
    assert min(x for x, *_ in dots) - 3 >= 100 - wide / 2
    assert max(x for x, *_ in dots) + 3 <= 100 + wide / 2
    assert max(y for _, y, _ in dots) + 3 < end
    assert len({(x, y) for x, y, _ in dots}) == n


def test_beyond_twenty_people_there_are_words_alone() -> None:
    assert strip(12, m.STRIP + 1)[0] == []
    assert len(strip(12, m.STRIP)[0]) == m.STRIP
