"""The few ways a study touches the disk: lock, replace, make durable."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from maillage.errors import MaillageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


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


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` durable; Windows does so by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, content: bytes) -> None:
    """Write a whole file so that a reader sees the old one or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
