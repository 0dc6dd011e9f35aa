"""The few ways a study touches the disk: append, replace, remove, make durable. Nothing else in this floor writes.

Everything goes through the functions of `os` used here, so that tests can enumerate what a crash may leave behind
(after Pillai and others, OSDI 2014).
"""

import contextlib
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from maillage.errors import MaillageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

BINARY = getattr(os, "O_BINARY", 0)
AT_ONCE = 1 << 22


@contextmanager
def lock(handle: int, path: Path) -> Generator[None]:
    """Hold the file alone; raises MaillageError `log_locked` when another program has it.

    The operating system frees the lock when its holder dies, so none is ever stale.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        raise MaillageError("log_locked", file=path.name) from problem
    try:
        yield
    finally:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Hold a file that is only there to be held. Raises MaillageError `log_locked`."""
    handle = open_to_append(path)
    try:
        with lock(handle, path):
            yield
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` durable; Windows does so by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_to_append(path: Path) -> int:
    """A handle to read a file and to write at its end; the file is made where there is none."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY, 0o644)


def append(handle: int, path: Path, content: bytes) -> None:
    """One write, its length checked, on the disk before anybody is told. Raises MaillageError `log_short_write`."""
    before = os.fstat(handle).st_size
    try:
        written = os.write(handle, content)
    except OSError as problem:
        raise MaillageError("log_short_write", file=path.name) from problem
    if written != len(content):
        with contextlib.suppress(OSError):
            os.ftruncate(handle, before)
        raise MaillageError("log_short_write", file=path.name)
    getattr(os, "fdatasync", os.fsync)(handle)


def between(path: Path, start: int, stop: int) -> bytes:
    """The bytes of a file from one size to another."""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(stop - start)


def cut(handle: int, size: int) -> None:
    """Shorten a file, durably."""
    os.ftruncate(handle, size)
    os.fsync(handle)


def replace(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a whole file so that a reader sees the old one or the new one, never a part."""
    _replace(path, iter([content]), mode)


def replace_by(path: Path, source: Path) -> None:
    """As `replace`, with the bytes of another file, a part at a time."""
    with source.open("rb") as file:
        _replace(path, iter(lambda: file.read(AT_ONCE), b""), 0o644)


def _replace(path: Path, content: Iterator[bytes], mode: int) -> None:
    temporary = path.with_name(f".{path.name}.new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, mode)
    try:
        for part in content:
            left = memoryview(part)
            while left:
                left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(temporary, path)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Take a file away, durably; one that is gone already is no problem."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
        sync_folder(path.parent)


def overwrite(path: Path, content: bytes) -> None:
    """Write a file in place and do not wait for the disk: for what may be lost, and whose reader sees damage."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | BINARY, 0o600)
    try:
        os.write(handle, content)
        os.ftruncate(handle, len(content))
    finally:
        os.close(handle)
