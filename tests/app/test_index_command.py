"""`maillage index` as a user types it: scores, ranks over draws, and what is refused in both languages."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from maillage.app.cli import group

DEFINITION = """
unit: name
nodes:
  - {code: risk}
  - {code: attacks, parent: risk, denominator: people}
  - {code: distance, parent: risk, direction: -1}
choices: {weights: 0.25}
"""
DATA = "name;attacks;people;distance;note\nMine A;5;10;1,5;far\nMine B;1;10;3;near\nMine C;;20;2;\n"


def typed(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(group, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "d.yml").write_text(DEFINITION)
    (tmp_path / "t.csv").write_text(DATA)
    return tmp_path / "d.yml", tmp_path / "t.csv"


def test_scores_of_any_table(files: tuple[Path, Path]) -> None:
    code, said = typed("index", *files, "--json")
    assert code == 0
    rows = {(row["unit"], row["node"]): row for row in json.loads(said)}
    assert len(rows) == 9
    assert (rows["Mine A", "risk"]["score"], rows["Mine A", "risk"]["rank"]) == (100, 1)
    assert rows["Mine C", "attacks"]["score"] is None
    assert rows["Mine C", "risk"]["score"] == pytest.approx(200 / 3)


def test_draws_add_ranks_at_the_top_and_can_be_repeated(files: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = (typed("index", *files, "--draws", "50", "--seed", "3", "--json") for _ in range(2))
    assert one == two
    top = [row for row in json.loads(one[1]) if row["node"] == "risk"]
    assert [row["p_rank_first"] for row in top] == [1, 0, 0]
    assert all(row["mean"] is None for row in json.loads(one[1]) if row["node"] != "risk")
    assert typed("index", *files, "--out", tmp_path / "o.csv", "--lang", "en") == (
        0,
        f"Written: {tmp_path / 'o.csv'}, rows: 9.\n",
    )
    assert "Écrit" in typed("index", *files, "--out", tmp_path / "o.csv", "--lang", "fr")[1]
    assert (tmp_path / "o.csv").read_text().startswith("unit,node,score,rank\n")


def test_for_people(files: tuple[Path, Path]) -> None:
    assert "unité" in typed("index", *files, "--lang", "fr")[1]
    assert "first in" in typed("index", *files, "--draws", "5", "--lang", "en")[1]


@pytest.mark.parametrize(
    ("definition", "data", "code", "sentence"),
    [
        (DEFINITION.replace("parent: risk,", "parent: risq,"), DATA, "index_definition", "définition de l'indice"),
        ("[1, 2", DATA, "definition_unreadable", "ne peut être lu"),
        ("&a [*a, *a]", DATA, "definition_unreadable", "ne peut être lu"),
        (DEFINITION, DATA.replace("5;10", "five;10"), "number_unreadable", "n'est pas un nombre"),
        (DEFINITION, DATA.replace("distance", "dist"), "index_column", "n'ont pas la colonne"),
        (DEFINITION, DATA.replace("Mine B", "Mine A"), "index_units", "une ligne par unité"),
        (DEFINITION, "", "file_empty", "aucune ligne"),
        (DEFINITION.replace("0.25", "7"), DATA, "index_choices", "choix à faire varier"),
    ],
)
def test_what_is_refused(files: tuple[Path, Path], definition: str, data: str, code: str, sentence: str) -> None:
    files[0].write_text(definition)
    files[1].write_text(data)
    exit_code, said = typed("index", *files, "--draws", "5", "--lang", "fr", "--json")
    assert exit_code == 1
    assert code in said
    assert sentence in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("lang", "sentence"), [("en", "cannot be compared"), ("fr", "ne peuvent être comparés")])
def test_scores_of_another_version_are_refused_without_a_back_cast(tmp_path: Path, lang: str, sentence: str) -> None:
    """Mine B had 9 attacks a head of ten, more than any other, and has the fewest now: from 100 to 0."""
    data, older, scores = tmp_path / "t.csv", tmp_path / "older.csv", tmp_path / "scores.csv"
    data.write_text(DATA)
    older.write_text(DATA.replace("Mine B;1;10", "Mine B;9;10"))
    old, new = tmp_path / "1.yml", tmp_path / "2.yml"
    old.write_text(f'{DEFINITION}version: "1.0"\n')
    new.write_text(f'{DEFINITION}version: "2.0"\n')
    assert typed("index", old, older, "--out", scores)[0] == 0
    code, said = typed("index", new, data, "--compare", scores, "--lang", lang)
    assert code == 1
    assert sentence in said.replace("\u00a0", " ").replace("\u2019", "'")
    for words in (("index", new, data, "--back-cast", older), ("index", old, data, "--compare", scores)):
        code, said = typed(*words, "--json")
        rows = {(row["unit"], row["node"]): row for row in json.loads(said)}
        assert code == 0
        found = rows["Mine B", "attacks"]
        assert (found["before"], found["after"], found["change"]) == (100, 0, -100)


def test_scores_without_a_version_are_not_compared(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert typed("index", *files, "--out", tmp_path / "o.csv", "--lang", "en") == (
        0,
        f"Written: {tmp_path / 'o.csv'}, rows: 9.\n",
    )
    assert "Écrit" in typed("index", *files, "--out", tmp_path / "o.csv", "--lang", "fr")[1]
    code, said = typed("index", *files, "--compare", tmp_path / "o.csv", "--lang", "en", "--json")
    assert code == 1
    assert "index_versions" in said
