"""Titles claim no more than their numbers: sentences of charts in both languages, over evidence made for each case."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from made_release import AUDIENCES, by_hand, share

import known
from maillage.blocks import Figure
from maillage.labels import phrases
from maillage.publish.charts import CHARTS, claims
from maillage.publish.gate import Release, clear
from small_evidence import evidence

LANGS = ("en", "fr")


def drawn(name: str, rows: Sequence[Mapping[str, Any]], lang: str = "en") -> Figure:
    released: Release = clear(
        by_hand(evidence("source | kind", "id | kind", audiences=AUDIENCES), rows), audience="team", langs=LANGS
    )
    figure = CHARTS[name](released, lang)
    assert figure is not None
    return figure


def types(lows: Mapping[str, tuple[int, float, float]], n: int = 36) -> list[dict[str, Any]]:
    """Estimates of types of links: k of n with an interval."""
    return [
        share(f"links/ALL/{kind}", k, [""] * n, trace=[], counted=[], low=low, high=high, interval="wilson95")
        for kind, (k, low, high) in lows.items()
    ]


def test_a_lead_has_its_next_and_its_ties() -> None:
    assert claims.lead({"a": 2, "b": 1, "c": 2}) == claims.Lead(["a", "c"], 2, 1)
    assert claims.lead({"a": 2}).next is None


@pytest.mark.parametrize(("k", "n", "clear_of_half"), [(6, 9, True), (5, 9, False), (6, 10, False), (7, 10, True),
                                                       (11, 20, False), (13, 20, True), (1, 1, False)])  # fmt: skip
def test_more_than_half_holds_after_one_in_ten_is_turned_round(k: int, n: int, clear_of_half: bool) -> None:
    assert claims.over_half(k, n) is clear_of_half


@pytest.mark.parametrize(("one", "other", "told"), [
    ((0.5, 0.9), (0.1, 0.4), True), ((0.1, 0.4), (0.5, 0.9), True), ((0.2, 0.5), (0.1, 0.3), False),
    ((0.5, 0.9), (0.1, 0.5), False), ((None, None), (0.1, 0.3), False),
])  # fmt: skip
def test_what_overlaps_or_has_no_interval_is_not_told_apart(one, other, told) -> None:
    rows = [dict(zip(("low", "high"), ends, strict=True)) for ends in (one, other)]
    assert claims.apart(*rows) is told


def test_no_type_of_link_stands_out_where_all_overlap_with_the_first() -> None:
    near = {"coopetition": (12, 0.20, 0.50), "cooperation": (7, 0.10, 0.35), "confrontation": (3, 0.03, 0.22)}
    assert drawn("links_types", types(near)).title == (
        "No type of link stands out: each is named by 3 to 12 of 36 people asked"
    )
    assert "3 à 12 des 36 personnes" in drawn("links_types", types(near), "fr").title.replace("\u00a0", " ")


def test_what_cannot_be_told_from_the_first_is_named_with_it() -> None:
    some = {"coopetition": (20, 0.40, 0.70), "cooperation": (16, 0.29, 0.60), "confrontation": (3, 0.03, 0.22)}
    title = drawn("links_types", types(some)).title.replace("\u00a0", " ")
    assert title == "Coopetition is named most (20 of 36), but cannot be told apart from cooperation"
    clear_first = {"coopetition": (30, 0.68, 0.92), "cooperation": (7, 0.10, 0.35)}
    title = drawn("links_types", types(clear_first)).title.replace("\u00a0", " ")
    assert title.endswith("than any other: Coopetition (30 of 36)")


def test_a_link_of_unknown_type_counts_among_the_types_drawn() -> None:
    lead = {"unknown": (30, 0.68, 0.92), "cooperation": (7, 0.10, 0.35)}
    assert "ink of unknown type (30 of 36)" in drawn("links_types", types(lead)).title.replace("\u00a0", " ")


@pytest.mark.parametrize("lang", LANGS)
def test_map_and_matrix_of_markets_say_what_they_count(lang: str) -> None:
    rule, release = phrases()["chart_present_only"][lang], known.released("mali", "team")
    for name in ("overview_map", "markets_matrix"):
        figure = CHARTS[name](release, lang)
        assert figure is not None
        assert rule in figure.subtitle


@pytest.fixture
def mali_titles(mali_release: Path) -> dict[str, dict[str, str]]:
    """Titles of the charts of Mali by language and name."""
    found: dict[str, dict[str, str]] = {lang: {} for lang in LANGS}
    with (mali_release / "charts" / "index.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name, lang, _ = row["file"].split(".")
            found[lang][name] = row["title"]
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_release_of_mali_says_what_rests_on_a_single_source(mali_titles, lang) -> None:
    single = {"en": "from a single source)", "fr": "une seule source)"}[lang]
    told = mali_titles[lang]
    for name in ("overview_map", "markets_matrix", "links_network", "links_types", "coercion", "factors", "actions"):
        assert told[name].replace("\u00a0", " ").endswith(single), name


@pytest.mark.parametrize("lang", LANGS)
def test_titles_of_mali_give_the_numbers_of_what_comes_first(mali_titles, lang) -> None:
    told = {name: title.replace("\u00a0", " ").replace("\u202f", " ") for name, title in mali_titles[lang].items()}
    wanted = {
        "overview_map": {"en": "2 in Gao, 1 at most", "fr": "2 pour Gao, 1 au plus"},
        "events_years": {"en": "Mopti (334), then Gao (122)", "fr": "Mopti (334), puis Gao (122)"},
        "indicators_food": {"en": "Mopti (436,514), then Gao", "fr": "Mopti (436 514), puis Gao"},
        "links_network": {"en": "Of 7 pairs", "fr": "7 couples"},
        "actions": {"en": "fewer than half of them in", "fr": "moins de la moitié pour"},
    }
    for name, words in wanted.items():
        assert words[lang] in told[name], name
