"""One workbench a study: a lock of the operating system, and beside it who has it and since when."""

import json
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maillage.errors import MaillageError
from maillage.study import disk

FILE = Path(".cache") / "open.lock"
SKIPPED = b" "  # the byte that is locked: on Windows nobody else can read it


@contextmanager
def held(study: Path, who: str) -> Generator[None]:
    """Hold a study for one workbench. Raises MaillageError `study_open` with who has it and since when.

    The lock dies with its program, so what a crash leaves behind is no obstacle.
    """
    path = study / FILE
    disk.make_folder(path.parent)
    handle = disk.open_to_append(path)
    try:
        with ExitStack() as lock:
            try:
                lock.enter_context(disk.lock(handle, path))
            except MaillageError as problem:
                raise MaillageError("study_open", **_holder(handle)) from problem
            _write(handle, who)
            yield
    finally:
        os.close(handle)


def _write(handle: int, who: str) -> None:
    now = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    os.ftruncate(handle, 0)
    os.write(handle, SKIPPED + json.dumps({"who": who, "since": now}).encode())


def _holder(handle: int) -> dict[str, Any]:
    """Who has it and since when, as far as the file says."""
    os.lseek(handle, len(SKIPPED), os.SEEK_SET)
    try:
        told = json.loads(os.read(handle, 4096))
    except ValueError:
        told = {}
    known = told if isinstance(told, dict) else {}
    return {key: str(known.get(key, "?")) for key in ("who", "since")}
