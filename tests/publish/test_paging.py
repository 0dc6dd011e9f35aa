"""The order of blocks on paper: room before a drawing is filled by what follows it in its section."""

import dataclasses
import re
import subprocess

import pytest
from made_document import document

from maillage.blocks import Link, Paragraph, Table, Text
from maillage.publish import paging, paper, typeset
from maillage.publish.pdf import TEMPLATE, _paired, data, render

FIG, TABLE, TEXT, PAIR = "figure", "table", "paragraph", "pair"


def test_a_table_that_has_room_comes_before_a_drawing_that_has_none() -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 200), (TABLE, 60)]]) == [[0, 2, 1]]


def test_a_drawing_that_fits_stays_where_it_is() -> None:
    assert paging.orders([[(TEXT, 60), (FIG, 100), (TABLE, 60)]]) == [[0, 1, 2]]


def test_a_smaller_drawing_may_come_first() -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 195), (FIG, 195), (FIG, 60)]]) == [[0, 3, 1, 2]]


@pytest.mark.parametrize("kind", ["heading", TEXT, "gap"])
def test_nothing_passes_a_heading_or_text(kind: str) -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 200), (kind, 5), (TABLE, 60)]]) == [[0, 1, 2, 3]]


def test_a_table_longer_than_a_page_waits_behind_its_drawing() -> None:
    assert paging.orders([[(TEXT, 100), (FIG, 200), (TABLE, 400)]]) == [[0, 1, 2]]


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
    assert len(empty[:-1]) <= 1, empty


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
    [[(_, text), (_, part)]] = paging.plan([[(TEXT, 100), (FIG, 145)]])
    assert text == 1
    assert min(paging.SIZES[FIG]) <= part < 1
    assert paging.plan([[(TEXT, 100), (FIG, 230)]]) == [[(0, 1.0), (1, 1.0)]]


def test_two_drawings_of_which_each_takes_more_than_half_a_page_share_one() -> None:
    [[(_, first), (_, second)]] = paging.plan([[(FIG, 128), (FIG, 126)]])
    assert first * second < 1


@pytest.mark.parametrize("kind", [PAIR, "narrow"])
def test_drawings_with_small_letters_are_hardly_set_smaller(kind: str) -> None:
    """A letter of 14 px is 7.8 points there: nine tenths of it are 7."""
    assert min(paging.SIZES[kind]) >= 0.9
    assert paging.plan([[(TEXT, 100), (kind, 150), (TEXT, 5)]])[0][1][1] >= 0.9


def test_no_page_is_left_half_blank_where_another_order_fills_it() -> None:
    """Of three drawings and a table, the two that have room together stand on one page."""
    order = paging.orders([[(TEXT, 20), (FIG, 205), (PAIR, 140), (FIG, 100), (TABLE, 90)]])
    assert order[0].index(2) + 1 == order[0].index(3) or order[0].index(3) + 1 == order[0].index(2)


def test_a_long_table_has_as_many_cells_in_each_row_as_heads(tmp_path) -> None:
    """Nothing but cells of the table stands in it: a cell that holds rows together would be read out as blank."""
    whole = document("en")
    cells = [[Text(f"row {row}, cell {at}")] for row in range(40) for at in range(3)]
    rows = [cells[start : start + 3] for start in range(0, len(cells), 3)]
    long = Table("long", "A long table", ["One", "Two", "Three"], rows, note="Its note.")
    first = dataclasses.replace(whole.sections[0], blocks=[Paragraph([Text("Some words.")]), long])
    (tmp_path / "long.pdf").write_bytes(render(dataclasses.replace(whole, sections=[first])))
    told = subprocess.run(["pdfinfo", "-struct", str(tmp_path / "long.pdf")], capture_output=True, check=True)
    made = re.sub(r"(?s).*?\n( *)Table \(block\)", "", told.stdout.decode(), count=1)
    rows_read = [part.count("TD") + part.count("TH") for part in re.split(r"\bTR\b", made)[1:42]]
    assert set(rows_read) == {3}
    assert len(rows_read) == 41


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_page_of_a_table_of_mali_ends_or_begins_with_a_row_alone_or_a_note(mali_release, lang) -> None:
    """A page that goes on with a table tells its heads again and has rows of it before the note under it."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(mali_release / f"report.{lang}.pdf"), "-"], capture_output=True, check=True
    )
    tops = [" ".join(page.split()[:6]) for page in done.stdout.decode().split("\f")]
    notes = {"en": "Confidence, on every row", "fr": "Confiance, à chaque ligne"}[lang]
    assert not [top for top in tops if top.replace("\u00a0", " ").startswith(notes[:14])]


@pytest.mark.parametrize(("size", "tall"), [((392, 556.4), True), ((392, 200), False), ((392, 392), False)])
def test_the_words_of_a_tall_narrow_drawing_stand_beside_it(size: tuple[float, float], tall: bool) -> None:
    """Below a title over its whole width a map alone would leave the half beside it blank."""
    wide, high = size
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"></svg>'
    figure = {"k": "figure", "title": "Map", "subtitle": "What is counted here. " * 40, "svg": svg, "alt": "Map",
              "wide": False, "source": "Source", "width": wide, "tall": tall}  # fmt: skip
    told = data(document("en"))
    told = data(document("en")) | {"sections": [{"blocks": [figure]}]}
    ((*_, drawn),) = typeset.sizes(TEMPLATE, told)
    assert paper.tall(svg) == tall
    points = high * 0.56 * 25.4 / 72  # mm of the drawing alone
    assert (drawn < points + 1) == tall
