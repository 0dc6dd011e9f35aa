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


ATTACKS = re.findall(r"^\| (\d+) \| [^|]+ \| (.+) \|$", (ROOT / "docs" / "gate.md").read_text("utf-8"), re.MULTILINE)


def test_every_attack_has_a_test_that_is_there() -> None:
    assert [int(number) for number, _ in ATTACKS] == list(range(1, 15))
    named = [found for _, tests in ATTACKS for found in re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", tests)]
    assert len(named) > 20
    for file, name in named:
        path = ROOT / (file if "/" in file else f"tests/attacks/{file}")
        assert re.search(rf"def {name}\b" if name else "def test_", path.read_text("utf-8")), (file, name)
