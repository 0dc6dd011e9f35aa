"""Words: every sentence in both languages with the same slots and in use, every label found, places by name."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from maillage import labels as words
from maillage import tables
from maillage.labels import Labels, phrases
from small_evidence import PLACES, nexus, table

SOURCE = Path(words.__file__).parent


@cache
def texts() -> str:
    """All string parts of the package's Python, its templates and its pack: where a key may be named."""
    found: list[str] = []
    for path in SOURCE.rglob("*.py"):
        found += [
            n.value
            for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
    found += [path.read_text("utf-8") for path in SOURCE.rglob("*") if path.suffix in (".j2", ".html", ".typ")]
    found += [path.read_text("utf-8") for path in (SOURCE / "packs").rglob("*.yml")]
    return "\n".join(found)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(phrases()))
def test_a_sentence_stands_in_both_languages_with_the_same_slots(key: str) -> None:
    entry = phrases()[key]
    assert set(entry) == {"en", "fr"}
    assert all(text.strip() for text in entry.values())
    assert slots(entry["en"]) == slots(entry["fr"])
    assert "majority" not in entry["en"].lower()
    assert "majorité" not in entry["fr"].lower()


def test_every_sentence_is_used() -> None:
    """A key stands in the code whole, or begins (ends) with a part that stands there: `reason_` + code."""
    known = texts()
    named = set(re.findall(r"\w+", known))
    unused = [key for key in phrases() if key not in named and not _built(key, known)]
    assert unused == []


def _built(key: str, known: str) -> bool:
    parts = key.split("_")
    heads = ["_".join(parts[:n]) + "_" for n in range(1, len(parts))]
    return any(_stands(head, known) and "_".join(parts[n:]) for n, head in enumerate(heads, 1))


@cache
def _stands(head: str, known: str) -> bool:
    return head in known


def labels(lang: str) -> Labels:
    zones = {"north": {"en": "the north", "fr": "le nord"}}
    return Labels(lang, nexus(), table(PLACES, "places").with_columns(name_fr=pl.lit(None, dtype=pl.String)), zones)


METHODS = re.compile(
    r"Gi\*|Kulldorff|Knox|\bSen\b|Sobol|Hill numbers|nombres de Hill|conflictology|Schoener|Morisita", re.I
)


def test_titles_heads_and_rows_say_in_plain_words_what_was_asked() -> None:
    """Names of methods stand in what is said of a measure (`about_`) and in the pack, not over a column or a row."""
    shown = re.compile(r"(chart|table|head|pattern|forecast|precision|reason)_")
    named = [key for key, entry in phrases().items() if shown.match(key)
             and any(METHODS.search(text) for text in entry.values())]  # fmt: skip
    assert named == []


def test_places_zones_and_all() -> None:
    assert labels("en").place("EX0101") == "Mineville"
    assert labels("fr").place("zone:north") == "le nord"
    assert labels("en").place("zone:south-west") == "south-west"
    assert labels("en").place("XX99") == "XX99"
    assert labels("en").place(None) == ""
    assert labels("fr").place("ALL") == phrases()["all_places"]["fr"]


def test_a_place_has_its_name_in_the_language() -> None:
    frame = table(PLACES, "places").with_columns(name_fr=pl.lit("Ville-Mine"), name_en=pl.lit(None, dtype=pl.String))
    assert Labels("fr", nexus(), frame).place("EX0101") == "Ville-Mine"
    assert Labels("en", nexus(), frame).place("EX0101") == "Mineville"


def test_codes_of_the_house_and_of_the_pack() -> None:
    assert labels("fr").code("modality", "alleged") == tables.codes()["modality"]["alleged"]["fr"]
    assert labels("en").code("link_types", "coopetition") == nexus().label("link_types", "coopetition", "en")
    assert labels("en").code("link_types", None) == ""
    assert labels("en").code("nothing", "odd_code") == "odd_code"
    assert labels("fr").measure("links") == nexus().measures["links"]["label"]["fr"]
    assert labels("fr").measure("nothing") == "nothing"


def test_every_code_of_the_house_has_both_labels() -> None:
    for name, entries in tables.codes().items():
        for code, label in entries.items():
            assert set(label) == {"en", "fr"}, f"{name}.{code}"
            assert label["en"].strip(), f"{name}.{code}"
            assert label["fr"].strip(), f"{name}.{code}"


def test_a_slot_is_filled() -> None:
    assert labels("en").phrase("in_place", place="Gao") == "in Gao"
    with pytest.raises(KeyError):
        labels("en").phrase("in_place")


@pytest.mark.parametrize(
    ("key", "facts", "n", "lang", "told"),
    [
        ("share_words", {"share": "0 sur 0", "place": "(Gao)"}, 0, "fr", "0 sur 0 personne interrogée (Gao)"),
        ("share_words", {"share": "1 sur 1", "place": "(Gao)"}, 1, "fr", "1 sur 1 personne interrogée (Gao)"),
        ("share_words", {"share": "1 sur 2", "place": "(Gao)"}, 2, "fr", "1 sur 2 personnes interrogées (Gao)"),
        ("share_words", {"share": "0 of 0", "place": "in Gao"}, 0, "en", "0 of 0 people interviewed in Gao"),
        ("share_words", {"share": "1 of 1", "place": "in Gao"}, 1, "en", "1 of 1 person interviewed in Gao"),
        ("share_words", {"share": "1 of 2", "place": "in Gao"}, 2, "en", "1 of 2 people interviewed in Gao"),
        ("sources_count", {}, 0, "fr", "0 source"),
        ("sources_count", {}, 1, "en", "1 source"),
        ("sources_count", {}, 0, "en", "0 sources"),
        ("sources_count", {}, 2, "fr", "2 sources"),
        ("score_mean", {"value": "3"}, 1, "fr", "3 en moyenne (1 réponse)"),
        ("score_mean", {"value": "3"}, 2, "en", "3 on average (2 answers)"),
        ("agreement_few", {"value": "0,8"}, 1, "fr", "alpha 0,8 (1 énoncé codé par deux personnes ou plus)"),
    ],
)
def test_words_agree_with_their_number(key: str, facts: dict[str, str], n: int, lang: str, told: str) -> None:
    assert Labels(lang, nexus(), None).phrase(key, n=n, **facts) == told
    assert Labels(lang, nexus(), None).phrase(key, n=str(n), **facts) == told


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 source indépendante"), (1, "1 source indépendante"), (2, "2 sources")]
)
def test_the_reason_of_a_confidence_agrees_too(count: int, told: str) -> None:
    said = Labels("fr", nexus(), None).phrase("because_one_kind", **{"for": count, "of": 5})
    assert told in said
    assert said.endswith("le dit" if count < 2 else "le disent")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_forms_of_a_number_stand_only_in_sentences_that_are_said_in_full(lang: str) -> None:
    for key, entry in phrases().items():
        for _, name, form, _ in string.Formatter().parse(entry[lang]):
            assert not form or form.count("|") == 1, (key, name)
