"""The order of blocks on paper: room before a drawing is filled by what follows it in its section."""

import dataclasses
import subprocess

import pytest
from made_document import document

from maillage.blocks import Link, Paragraph
from maillage.publish import paging, typeset
from maillage.publish.pdf import TEMPLATE, _paired, data

FIG, TABLE, TEXT = "figure", "table", "paragraph"


def test_a_table_that_has_room_comes_before_a_drawing_that_has_none() -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 150), (TABLE, 60)]]) == [[0, 2, 1]]


def test_a_drawing_that_fits_stays_where_it_is() -> None:
    assert paging.orders([[(TEXT, 60), (FIG, 100), (TABLE, 60)]]) == [[0, 1, 2]]


def test_a_smaller_drawing_may_come_first() -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 150), (FIG, 160), (FIG, 60)]]) == [[0, 3, 1, 2]]


@pytest.mark.parametrize("kind", ["heading", TEXT, "gap"])
def test_nothing_passes_a_heading_or_text(kind: str) -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 150), (kind, 5), (TABLE, 60)]]) == [[0, 1, 2, 3]]


def test_a_table_longer_than_a_page_waits_behind_its_drawing() -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 150), (TABLE, 400)]]) == [[0, 1, 2]]


def test_every_block_of_every_section_is_kept() -> None:
    sections = [[(FIG, 90.0 + 7 * n), (TABLE, 30.0 * n), (TEXT, 20)] * 4 for n in range(1, 7)]
    for blocks, order in zip(sections, paging.orders(sections), strict=True):
        assert sorted(order) == list(range(len(blocks)))


def test_two_narrow_drawings_in_a_row_stand_side_by_side() -> None:
    narrow, wide = ({"k": "figure", "wide": flag} for flag in (False, True))
    made = _paired([narrow, narrow, narrow, wide, {"k": "paragraph"}, narrow])
    assert [block["k"] for block in made] == ["pair", "figure", "figure", "paragraph", "figure"]


def test_heights_are_told_of_a_report_whose_text_leads_to_its_own_sections() -> None:
    whole = document("en")
    first = whole.sections[0]
    led = dataclasses.replace(first, blocks=[*first.blocks, Paragraph([Link("here", f"#{first.id}")])])
    told = data(dataclasses.replace(whole, sections=[led, *whole.sections[1:]]))
    assert len(typeset.sizes(TEMPLATE, told)) == sum(len(section["blocks"]) for section in told["sections"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_few_pages_of_the_report_of_mali_are_half_empty(mali_release, lang) -> None:
    """Pages after the contents, the last one aside: text or a drawing reaches their lower half nearly always."""
    done = subprocess.run(
        ["pdftoppm", "-r", "10", "-gray", str(mali_release / f"report.{lang}.pdf")], capture_output=True, check=True
    )
    empty = [page for page, rows in enumerate(pages(done.stdout), 1) if page > 2 and lowest(rows) < 0.5]
    assert len(empty[:-1]) <= 3, empty


def pages(stream: bytes) -> list[list[bytes]]:
    """Grey pages of a stream of PGM pictures as rows of bytes."""
    found, at = [], 0
    while stream[at : at + 2] == b"P5":
        head = stream[at:].split(b"\n", 3)
        wide, high = map(int, head[1].split())
        start = at + sum(len(part) + 1 for part in head[:3])
        found.append([stream[start + row * wide : start + (row + 1) * wide] for row in range(high)])
        at = start + wide * high
    return found


def lowest(rows: list[bytes]) -> float:
    """How far down a page something stands above its foot, in parts of its height."""
    body = rows[: int(len(rows) * 0.9)]
    return max((at for at, row in enumerate(body) if min(row) < 200), default=0) / len(rows)


def test_a_drawing_that_nearly_fits_is_set_smaller_where_nothing_else_has_room() -> None:
    [[(_, text), (_, part)]] = paging.plan([[(TEXT, 100), (FIG, 130)]])
    assert text == 1
    assert paging.SMALLEST <= part < 1
    assert paging.plan([[(TEXT, 100), (FIG, 230)]]) == [[(0, 1.0), (1, 1.0)]]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_page_of_a_table_of_mali_ends_or_begins_with_a_row_alone_or_a_note(mali_release, lang) -> None:
    """A page that goes on with a table tells its heads again and has rows of it before the note under it."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(mali_release / f"report.{lang}.pdf"), "-"], capture_output=True, check=True
    )
    tops = [" ".join(page.split()[:6]) for page in done.stdout.decode().split("\f")]
    notes = {"en": "Confidence, on every row", "fr": "Confiance, à chaque ligne"}[lang]
    assert not [top for top in tops if top.replace("\u00a0", " ").startswith(notes[:14])]
