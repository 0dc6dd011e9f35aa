"""What a crash may leave on a disk, enumerated (after Pillai and others, OSDI 2014: ALICE).

`Recorder` stands in for `os` inside study/disk.py: it does what it is told under one folder and keeps a journal.
`states` then gives every tree a power failure may leave after each step: of writes that were not synced none, a half,
zeros, or all; of names made, moved or removed in a folder that was not synced a first part, in order.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from maillage.study import disk, heads, log
from maillage.study.keys import configuration_folder

Tree = dict[str, bytes | None]  # path -> content, None for a folder
Step = tuple[str, str, Any]


class Recorder:
    """The functions of `os` that study/disk.py uses, noting each effect below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.journal: list[Step] = []
        self._open: dict[int, str | None] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def note(self, what: str, path: object = "", more: Any = None) -> None:
        inside = self._inside(path)
        if inside is not None:
            self.journal.append((what, inside, more))

    def acknowledge(self, what: object) -> None:
        """From here on somebody relies on it."""
        self.journal.append(("ack", "", what))

    def _inside(self, path: object) -> str | None:
        place = Path(os.path.abspath(str(path)))
        return place.relative_to(self.root).as_posix() if place.is_relative_to(self.root) else None

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        new = not os.path.lexists(path)
        handle = os.open(path, flags, mode)
        self._open[handle] = self._inside(path)
        if new:
            self.note("create", path)
        elif flags & os.O_TRUNC:
            self.note("cut", path, 0)
        return handle

    def _noted(self, what: str, handle: int, more: Any = None) -> None:
        inside = self._open.get(handle)
        if inside is not None:
            self.journal.append((what, inside, more))

    def write(self, handle: int, content: bytes) -> int:
        written = os.write(handle, content)
        self._noted("write", handle, (os.lseek(handle, 0, os.SEEK_CUR) - written, bytes(content[:written])))
        return written

    def ftruncate(self, handle: int, size: int) -> None:
        os.ftruncate(handle, size)
        self._noted("cut", handle, size)

    def fsync(self, handle: int) -> None:
        self._noted("sync", handle)

    fdatasync = fsync

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)
        self.note("move", source, self._inside(target))

    def unlink(self, path: Path) -> None:
        os.unlink(path)
        self.note("remove", path)

    def mkdir(self, path: Path) -> None:
        os.mkdir(path)
        self.note("folder", path)


@contextmanager
def recording(root: Path) -> Iterator[Recorder]:
    """Note what study/disk.py does below `root`."""
    seen = Recorder(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "os", seen)
        yield seen


@dataclass
class _Model:
    """A disk with a memory of what is not yet durable. Files are numbers; a name points to one, or to a folder (0)."""

    names: dict[str, int]
    content: dict[int, bytes]
    now: dict[str, int]  # names as running programs see them
    loose: dict[int, list[tuple[str, Any]]] = field(default_factory=dict[int, list[tuple[str, Any]]])
    moved: dict[str, list[tuple[str, str, Any]]] = field(default_factory=dict[str, list[tuple[str, str, Any]]])

    def do(self, what: str, path: str, more: Any) -> None:
        if what in ("write", "cut"):
            self.loose.setdefault(self.now[path], []).append((what, more))
        elif what == "sync" and self.now.get(path, 0) == 0:
            for step in self.moved.pop(path, []):
                _named(self.names, *step)
        elif what == "sync":
            number = self.now[path]
            self.content[number] = _written(self.content[number], self.loose.pop(number, []))
        elif what != "ack":
            if what == "create":
                more = len(self.content) + 1
                self.content[more] = b""
            self.moved.setdefault(_parent(path), []).append((what, path, more))
            _named(self.now, what, path, more)

    def trees(self) -> Iterator[Tree]:
        """Everything that may be found after a crash now."""
        numbers, folders = sorted(self.loose), sorted(self.moved)
        contents = [_variants(self.content[number], self.loose[number]) for number in numbers]
        orders = [range(len(self.moved[folder]) + 1) for folder in folders]
        for chosen in itertools.product(*contents, *orders):
            content = self.content | dict(zip(numbers, chosen, strict=False))
            names = dict(self.names)
            for folder, upto in zip(folders, chosen[len(numbers) :], strict=True):
                for step in self.moved[folder][:upto]:
                    _named(names, *step)
            yield {
                path: content[number] if number else None
                for path, number in names.items()
                if all(up in names for up in _above(path))
            }


def _named(names: dict[str, int], what: str, path: str, more: Any) -> None:
    if what == "create":
        names[path] = more
    elif what == "folder":
        names[path] = 0
    elif what == "move" and path in names:
        names[more] = names.pop(path)
    elif what == "remove":
        names.pop(path, None)


def _written(content: bytes, steps: list[tuple[str, Any]]) -> bytes:
    for what, more in steps:
        if what == "cut":
            content = content[:more].ljust(more, b"\0")
        else:
            at, new = more
            content = content[:at].ljust(at, b"\0") + new + content[at + len(new) :]
    return content


def _variants(content: bytes, steps: list[tuple[str, Any]]) -> list[bytes]:
    found = [content]
    for done, (what, more) in enumerate(steps):
        before = _written(content, steps[:done])
        if what == "write":
            at, new = more
            parts = (new[: len(new) // 2], bytes(len(new)), new[: len(new) // 2].ljust(len(new), b"\0"))
            found += [_written(before, [("write", (at, part))]) for part in parts]
        found.append(_written(before, [(what, more)]))
    return list(dict.fromkeys(found))


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _above(path: str) -> Iterator[str]:
    while (path := _parent(path)) != ".":
        yield path


def snapshot(root: Path) -> Tree:
    """Everything below a folder."""
    return {path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes() for path in root.rglob("*")}


def lay(root: Path, tree: Tree) -> None:
    """Make a folder hold exactly this; what this process and this computer remember of logs is forgotten."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for path, content in sorted(tree.items()):
        if content is None:
            (root / path).mkdir(exist_ok=True, parents=True)
        else:
            (root / path).parent.mkdir(exist_ok=True, parents=True)
            (root / path).write_bytes(content)
    log.TAILS.clear()
    if not (configuration_folder()).is_relative_to(root):
        (configuration_folder() / heads.FILE).unlink(missing_ok=True)


def states(before: Tree, journal: list[Step]) -> Iterator[tuple[list[Any], Tree]]:
    """What was acknowledged and what may be found, for a crash after each step of a journal; each tree once."""
    files = {path: number for number, path in enumerate(sorted(before), 1)}
    names = {path: 0 if before[path] is None else number for path, number in files.items()}
    content = {number: before[path] or b"" for path, number in files.items()}
    model = _Model(names, content, dict(names))
    told: list[Any] = []
    seen: set[tuple[int, int]] = set()
    for what, path, more in [("ack", "", None), *journal]:
        model.do(what, path, more)
        if what == "ack" and more is not None:
            told.append(more)
        for tree in model.trees():
            key = (len(told), hash(tuple(sorted(tree.items(), key=lambda item: item[0]))))
            if key not in seen:
                seen.add(key)
                yield list(told), tree


def explore(
    root: Path,
    act: Callable[[Recorder], None],
    recover: Callable[[], None],
    found: Callable[[list[Any]], None],
    held: Callable[[list[Any]], None],
    *,
    again: int = 3,
) -> int:
    """Crash `act` everywhere; `found` must hold before and `held` after `recover`, and every `again`th time `recover`
    is itself crashed everywhere. Leaves what `act` did. Returns how many trees were tried."""
    before = snapshot(root)
    with recording(root) as seen:
        act(seen)
    after, tried = snapshot(root), 0
    for told, tree in list(states(before, seen.journal)):
        lay(root, tree)
        found(told)
        with recording(root) as inner:
            recover()
        held(told)
        tried += 1
        if tried % again:
            continue
        for _, second in states(tree, inner.journal):
            lay(root, second)
            found(told)
            recover()
            held(told)
            tried += 1
    lay(root, after)
    return tried
