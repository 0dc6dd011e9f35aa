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
    unused = [key for key in phrases() if not re.search(rf"\b{key}\b", known) and not _built(key, known)]
    assert unused == []


def _built(key: str, known: str) -> bool:
    parts = key.split("_")
    heads = ["_".join(parts[:n]) + "_" for n in range(1, len(parts))]
    return any(head in known and "_".join(parts[n:]) for n, head in enumerate(heads, 1))


def labels(lang: str) -> Labels:
    zones = {"north": {"en": "the north", "fr": "le nord"}}
    return Labels(lang, nexus(), table(PLACES, "places").with_columns(name_fr=pl.lit(None, dtype=pl.String)), zones)


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
