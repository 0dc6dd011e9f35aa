"""The list of what protects the workbench names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "decisions" / "workbench-checks.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \|.*\|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)


def test_all_twenty_points_are_there() -> None:
    assert [str(number) for number in range(1, 21)] == ROWS


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name or file for file, name in NAMED])
def test_a_named_test_exists(file: str, name: str) -> None:
    assert f"def {name or 'test_'}" in (ROOT / file).read_text("utf-8")
