"""YAML of a study, which may come from a stranger: texts, numbers, lists and mappings, and nothing that multiplies.

Forty lines of anchors and aliases can stand for more values than any memory holds: what they stand for is counted
before it is made. Keys stand once.
"""

from pathlib import Path
from typing import Any

import yaml

DEEPEST, LARGEST, MOST = 50, 5_000_000, 500_000  # levels; bytes of a file; values, those of aliases included
UNREAD = (ValueError, TypeError, LookupError, AttributeError, RecursionError)  # of `!!int x`, `2024-02-30`, `? [a]`


class KeyTwiceError(yaml.MarkedYAMLError):
    """A key that stands twice: YAML would silently take the last."""

    def __init__(self, key: str, mark: yaml.Mark) -> None:
        super().__init__(problem=key, problem_mark=mark)
        self.key = key


class _OnceCSafeLoader(yaml.CSafeLoader):
    """The safe loader, holding that every key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """As the safe loader does."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise KeyTwiceError(str(key.value), key.start_mark)
                seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read_file(path: Path) -> Any:
    """What a file says. Raises UnicodeDecodeError, yaml.YAMLError."""
    if path.stat().st_size > LARGEST:
        raise yaml.MarkedYAMLError(problem="large")
    return read(path.read_text("utf-8-sig"))


def read(text: str) -> Any:
    """What a text says. Raises yaml.YAMLError, whatever is wrong with it."""
    _count(text)
    try:
        return yaml.load(text, Loader=_OnceCSafeLoader)  # noqa: S506  a safe loader
    except UNREAD as problem:
        raise yaml.MarkedYAMLError(problem=type(problem).__name__) from problem


def _count(text: str) -> None:
    """Refuse what is too deep or too much, aliases counted as what they stand for."""
    named: dict[str, tuple[int, int]] = {}  # anchor -> values, levels
    inside: list[tuple[str | None, int, int]] = [(None, 0, 0)]  # open collections: anchor, values, levels below
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        size, levels = 0, 0
        if isinstance(event, yaml.AliasEvent):
            size, levels = named.get(event.anchor, (MOST, DEEPEST))  # of an open collection: it holds itself
        elif isinstance(event, yaml.ScalarEvent):
            size, levels = 1, 0
            named |= {event.anchor: (1, 0)} if event.anchor else {}
        elif isinstance(event, yaml.CollectionStartEvent):
            inside.append((event.anchor, 1, 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size, levels = inside.pop()
            named |= {anchor: (size, levels)} if anchor else {}
        anchor, values, below = inside[-1]
        inside[-1] = (anchor, values + size, max(below, levels + 1))
        if values + size > MOST or len(inside) + levels > DEEPEST:
            raise yaml.MarkedYAMLError(problem="multiplies", problem_mark=event.start_mark)


def line_of(problem: Exception) -> int | None:
    """The line at which reading stopped, from 1; None where that is not known."""
    mark = getattr(problem, "problem_mark", None)
    return int(mark.line) + 1 if mark else None
