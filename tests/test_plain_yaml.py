"""YAML from a stranger: what multiplies, what stands twice and what is no value are one kind of error."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from maillage import plain_yaml

MARKS = ("a", ": ", "- ", "\n", "  ", "&x ", "*x", "? ", "[", "]", "{", "}", ",", "<<", "'", '"', "|", "%", "~", "\0")
VALUES = ("!!int ", "!!bool ", "!!binary ", "!!timestamp ", "2024-02-30", "0o9", "1:99", "1e999")
PIECES = st.sampled_from([*MARKS, *VALUES])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_it_is_read_or_refused_in_one_way(text: str) -> None:
    with suppress(yaml.YAMLError):
        plain_yaml.read(text)


@pytest.mark.parametrize("text", [
    "&a {x: *a}", "a: *a", "{a: " * 60 + "}" * 60, "a: 1\na: 2\n", "a: 2024-02-30", "a: !!int x",
    "a: !!bool x", "a: !!python/object:os.system x", "? [a]\n: b\n",
])  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        plain_yaml.read(text)


def test_a_file_beyond_reason_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    with file.open("wb") as stream:
        stream.truncate(1_000_000_000)
    with pytest.raises(yaml.YAMLError):
        plain_yaml.read_file(file)


def test_what_is_plain_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("\ufefftitle: {en: a, fr: é}\nn: [1, 2.5, yes, 2024-01-02]\n", "utf-8")
    assert plain_yaml.read_file(file)["title"] == {"en": "a", "fr": "é"}


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    return "\n".join([*lines, *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels))])


def test_what_is_said_twice_by_an_alias_is_read_and_counted() -> None:
    assert plain_yaml.read("a: &a {en: x}\nb: *a\n") == {"a": {"en": "x"}, "b": {"en": "x"}}
    assert len(plain_yaml.read(bomb(4))) == 4
    chain = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))])
    for text in (bomb(7), bomb(40), chain):
        with pytest.raises(yaml.YAMLError):
            plain_yaml.read(text)
