"""From names to codes: spellings resolve, nested namesakes resolve to the highest, all else asks."""

import unicodedata
from typing import Any

import pytest

from maillage import tables
from maillage.intake import names
from maillage.intake.names import Gazetteer

PLACES = [
    ("ML", "Mali", "admin0", None),
    ("ML06", "Tombouctou", "admin1", "ML"),
    ("ML07", "Gao", "admin1", "ML"),
    ("ML0703", "Gao", "admin2", "ML07"),
    ("ML070301", "Gao", "admin3", "ML0703"),
    ("ML10", "Ménaka", "admin1", "ML"),
    ("ML0201", "Banamba", "admin2", "ML"),
    ("ML0202", "Dioïla", "admin2", "ML"),
    ("ML020101", "Benkadi", "admin3", "ML0201"),
    ("ML020202", "Benkadi", "admin3", "ML0202"),
    ("ML070302", "N'Tillit", "admin3", "ML0703"),
]


@pytest.fixture
def gazetteer() -> Gazetteer:
    rows = [dict(zip(("code", "name", "level", "parent"), row, strict=True)) for row in PLACES]
    rows[1]["name_en"] = "Timbuktu"
    return Gazetteer(tables.build(rows, "places"), ["north"], [("Tombouktou", "ML06")])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ML07", "ML07"),
        ("ml07", "ML07"),
        ("Gao", "ML07"),
        ("GAO", "ML07"),
        ("Menaka", "ML10"),
        (unicodedata.normalize("NFD", "Ménaka"), "ML10"),
        ("M\u00e9naka\u200b ", "ML10"),
        ("Timbuktu", "ML06"),
        ("tombouctou", "ML06"),
        ("Tombouktou", "ML06"),
        ("n’tillit", "ML070302"),
        ("N-Tillit", "ML070302"),
        ("zone:north", "zone:north"),
    ],
)
def test_what_people_write_finds_its_code(gazetteer: Gazetteer, text: str, code: str) -> None:
    assert gazetteer.resolve(text) == (code, {})


def test_a_level_picks_among_namesakes(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Gao", "admin2")[0] == "ML0703"


def test_namesakes_side_by_side_are_asked_about(gazetteer: Gazetteer) -> None:
    code, facts = gazetteer.resolve("Benkadi")
    assert (code, facts["code"]) == (None, "place_ambiguous")
    assert facts["codes"] == "ML020101, ML020202"


@pytest.mark.parametrize("text", ["ML-7", "ML99", "Gau", "G\u0430o", "Tumbuctu"])
def test_codes_of_another_scheme_and_misspellings_are_unknown(gazetteer: Gazetteer, text: str) -> None:
    code, facts = gazetteer.resolve(text)
    assert (code, facts["code"]) == (None, "place_unknown")
    assert facts["nearest"]


def test_the_nearest_name_is_offered_as_it_is_written(gazetteer: Gazetteer) -> None:
    assert "Ménaka (ML10)" in gazetteer.resolve("Menacka")[1]["nearest"]


def test_an_unknown_zone_names_those_there_are(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("zone:south")[1] == {"code": "zone_unknown", "zones": "north"}


def test_a_slip_that_fills_a_column_is_looked_up_once(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose every row misspells one place: the search among all names costs more than all else."""
    searched: list[str] = []
    plain = names.get_close_matches

    def counted(word: str, *rest: Any, **options: Any) -> list[str]:
        searched.append(word)
        return plain(word, *rest, **options)

    monkeypatch.setattr(names, "get_close_matches", counted)
    answers = [gazetteer.resolve("Banambo") for _ in range(50)]
    assert answers[0] == answers[-1] == (None, {"code": "place_unknown", "nearest": "Banamba (ML0201)"})
    assert len(searched) == 2  # names, then codes
