"""Drawings of Mali say what their tables, the tables of the report and the evidence say: nothing less, nothing else."""

import re
from collections.abc import Iterator

import drawn
import pytest
from made_release import doctored

import known
from maillage.blocks import Figure, KeyFinding, Link, Number, Table
from maillage.labels import phrases
from maillage.publish import answers, mapping, report, report_tables
from maillage.publish.charts import CHARTS
from maillage.publish.charts import figures as published
from maillage.publish.charts.ranks import ranks
from maillage.publish.nesting import distinct
from maillage.publish.report_index import SIDES
from maillage.publish.view import view

LANGS = ("en", "fr")
PART = "living_conditions"


def chart(name: str, lang: str) -> Figure:
    made = CHARTS[name](known.released("mali"), lang)
    assert made is not None
    return made


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def words(cell) -> str:
    return plain("".join(span.text for span in cell))


def say(key: str, lang: str) -> str:
    return phrases()[key][lang]


def everything(figure: Figure) -> Iterator[str]:
    """Each text that a reader of a chart sees or hears."""
    yield from (figure.title, figure.subtitle, figure.alt)
    yield from (said.text for said in drawn.texts(figure))
    yield from (words(cell) for row in figure.table.rows for cell in row)


@pytest.mark.parametrize("lang", LANGS)
def test_where_nobody_speaks_it_is_said_that_there_is_no_statement(lang: str) -> None:
    """Evidence may speak of a place all the same: figures, levies and events do."""
    wrong = {"en": "no evidence", "fr": "aucun élément"}[lang]
    for name in ("overview_map", "markets_matrix", "links_types", "coercion", "factors", "actions"):
        assert not [text for text in everything(chart(name, lang)) if wrong in plain(text).casefold()], name


@pytest.mark.parametrize("lang", LANGS)
def test_no_title_rounds_by_a_word(lang: str) -> None:
    """`About` and `nearly` let a reader take for known what is not; a title gives the numbers."""
    loose = re.compile(
        {"en": r"\b(about|nearly|almost|roughly)\b", "fr": r"\b(environ|presque|(?<!plus )près de|à peu près)\b"}[lang]
    )
    titles = [entry[lang] for key, entry in phrases().items() if key.startswith("chart_") and "_title" in key]
    assert not [title for title in titles if loose.search(title)]


@pytest.mark.parametrize("lang", LANGS)
def test_the_figures_say_how_many_of_all_are_drawn(lang: str) -> None:
    seen = view(known.released("mali"), lang)
    panels = published._most(published._panels(distinct("figures", seen), seen))
    whole = report_tables.figures(seen)
    assert whole is not None
    numbers = [int(found) for found in re.findall(r"\b\d{1,3}\b(?!\d)", plain(chart("figures", lang).subtitle))]
    assert numbers == [sum(map(len, panels)), len(whole.rows), len(whole.rows)]


@pytest.mark.parametrize("lang", LANGS)
def test_a_region_that_the_title_of_the_maps_counts_is_drawn_or_named(lang: str) -> None:
    figure = chart("events_map", lang)
    none = say("chart_none_recorded", lang)
    counts = {at: sum(words(row[at]) != none for row in figure.table.rows[:-1]) for at in (1, -1)}
    title = [int(number) for number in re.findall(r"\b\d{1,2}\b", plain(figure.title))]
    assert {counts[1], counts[-1]} <= set(title)
    seen = view(known.released("mali"), lang)
    frame = mapping.country_frame(mapping.regions(seen), 172, 0.01)
    hidden = [seen.place(shape.code) for shape in mapping.tiny(mapping.shaped(mapping.regions(seen), frame), frame)]
    assert hidden
    notes = " ".join(said.text for said in drawn.texts(figure))
    assert all(name in notes for name in hidden)


@pytest.mark.parametrize("lang", LANGS)
def test_the_title_of_the_markets_counts_those_that_no_region_is_named_of(lang: str) -> None:
    figure = chart("markets_matrix", lang)
    told = {words(row[0]): sum(plain(say("chart_state_said", lang)) in words(cell) for cell in row[2:])
            for row in figure.table.rows}  # fmt: skip
    bare = sum(not count for count in told.values())
    assert {str(bare), str(len(told)), str(max(told.values()))} == set(re.findall(r"\d+", figure.title))
    assert all(name.casefold() in plain(figure.title).casefold()
               for name, count in told.items() if count == max(told.values()))  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_records_do_not_begin_with_the_first_event(lang: str) -> None:
    """The data cover 1989, in which no event of Mali is on record."""
    told = plain(" ".join(said.text for said in drawn.texts(chart("new_places", lang))))
    first = {
        "en": "1990: first events on record in data that begin in 1989",
        "fr": "1990 : premiers événements recensés",
    }
    assert first[lang] in told
    assert "1989" in told


@pytest.mark.parametrize("lang", LANGS)
def test_a_ranking_by_rates_says_of_when_count_and_population_are(lang: str) -> None:
    seen = view(known.released("mali"), lang)
    units = sorted({row["place"] for row in seen.rows("vulnerability")})
    figure = ranks(seen, "vulnerability", PART, units)
    assert figure is not None
    period = {"en": "January 2023–May 2023", "fr": "janvier 2023–mai 2023"}[lang]
    for told in (figure.subtitle, chart("indicators_food", lang).subtitle):
        assert period in plain(told)
        assert "2018" in told
    near = next(block for block in _sections(lang, "spread") if isinstance(block, Table) and "nearness" in block.id)
    assert "2018" in near.note


@pytest.mark.parametrize(("more_is", "says"), [("weakness", "worst in"), ("strength", "best in"), (None, "highest in")])
def test_ranks_are_called_better_or_worse_only_by_what_more_of_the_index_is(more_is, says: str) -> None:
    release = known.released("mali")
    spec = {key: value for key, value in release.pack.indices["vulnerability"].items() if key != "more_is"}
    indices = {**release.pack.indices, "vulnerability": spec | ({"more_is": more_is} if more_is else {})}
    seen = view(doctored(release, pack=doctored(release.pack, indices=indices)), "en")
    units = sorted({row["place"] for row in seen.rows("vulnerability")})
    figure = ranks(seen, "vulnerability", PART, units)
    assert figure is not None
    others = {"worst", "best", "highest"} - {says.partition(" ")[0]}
    assert says in figure.title
    assert not [word for word in others if re.search(rf"\b{word}\b", figure.title)]
    head = say(f"head_{SIDES[str(more_is)][0]}", "en")
    assert ("worse" in head, "better" in head) == (more_is == "weakness", more_is == "strength")


@pytest.mark.parametrize("lang", LANGS)
def test_every_pair_that_is_drawn_stands_in_a_table(lang: str) -> None:
    seen = view(known.released("mali"), lang)
    listed = report_tables.links(seen)
    assert listed is not None
    about = {words(row[2]).casefold() for row in listed.rows}
    forced = say("chart_network_under_coercion", lang)
    pairs = [row for row in chart("links_network", lang).table.rows if words(row[2]) != plain(forced)]
    assert len(pairs) > len({words(row[0]) for row in pairs})
    for row in pairs:
        assert {
            f"{words(row[0])} – {words(row[1])}".casefold(),
            f"{words(row[1])} – {words(row[0])}".casefold(),
        } & about


@pytest.mark.parametrize("lang", LANGS)
def test_every_mark_of_a_recommendation_stands_in_the_table_of_recommendations(lang: str) -> None:
    seen = view(known.released("mali"), lang)
    made = report_tables.actions(seen)
    assert made is not None
    rows = {words(row[0]).partition(".")[0]: " ".join(map(words, row)).casefold() for row in made.rows}
    supported = say("chart_supported", lang)
    for row in chart("actions", lang).table.rows:
        code = words(row[0]).split("\u2002")[0]
        named = [plain(span.text) for cell in row[1:] for span in cell if isinstance(span, Number)]
        assert named
        assert not [name for name in named if name != supported and name.casefold() not in rows[code]], code
        assert (supported in named) is bool(answers.support(code, seen))


@pytest.mark.parametrize("lang", LANGS)
def test_beside_each_key_finding_stands_on_how_many_sources_its_word_hangs(lang: str) -> None:
    found = [block for block in _sections(lang, "key_findings") if isinstance(block, KeyFinding)]
    hangs = re.compile({"en": r"hangs on \d+ source", "fr": r"Tient à \d+ source"}[lang])
    assert len(found) > 3
    assert all(hangs.search(plain(block.because)) for block in found if block.confidence)
    assert any(block.confidence for block in found)


@pytest.mark.parametrize("lang", LANGS)
def test_the_front_leads_to_the_words_that_are_explained_at_the_back(lang: str) -> None:
    sections = _document(lang).sections
    links = [
        span.target for block in sections[1].blocks for span in getattr(block, "spans", ()) if isinstance(span, Link)
    ]
    heads = {block.id for section in sections[2:] for block in section.blocks if hasattr(block, "level")}
    assert links
    assert {target.removeprefix("#") for target in links} <= heads


@pytest.mark.parametrize("lang", LANGS)
def test_the_name_of_a_town_stands_clear_of_that_of_a_region(lang: str) -> None:
    said = {text.text: text for text in drawn.texts(chart("overview_map", lang))}
    town, region = said["Djenné"], said["Ségou"]
    assert town.x > region.x + 10
    assert town.y - region.y > 14


def _document(lang: str):
    return report.document(known.released("mali"), {}, lang)


def _sections(lang: str, ident: str):
    return next(section.blocks for section in _document(lang).sections if section.id == ident)
