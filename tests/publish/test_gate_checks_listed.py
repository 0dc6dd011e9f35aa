"""The list of what the gate promises names tests that are there."""

import re

import pytest

from folders import ROOT

PAGE = (ROOT / "docs" / "decisions" / "gate-checks.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \|.*`tests/.*\|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)


def test_every_promise_has_a_test() -> None:
    assert [str(number) for number in range(1, 24)] == ROWS


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name or file for file, name in NAMED])
def test_a_named_test_exists(file: str, name: str) -> None:
    assert re.search(rf"def {name}\b" if name else "def test_", (ROOT / file).read_text("utf-8"))
