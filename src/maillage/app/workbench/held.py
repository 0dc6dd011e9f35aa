"""One writer a study: a lock of the operating system, and beside it who has it and since when. Others may read."""

import contextlib
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


class Hold:
    """What one workbench has of a study: the lock, or a reason why it only reads.

    The lock dies with its program, so what a crash leaves behind keeps nobody out.
    """

    def __init__(self, study: Path, who: str) -> None:
        self._study, self._who = study, who
        self._lock = ExitStack()
        self._mine = False

    def take(self) -> bool:
        """Become the writer if nobody is; whether this workbench is it now."""
        if not self._mine and self._refused(keep=True) is None:
            self._mine = True
        return self._mine

    def refused(self) -> MaillageError | None:
        """Why nothing can be written here, as it stands now; None for the writer.

        `study_open`: another workbench writes, by whom and since when; `study_free`: it did and has gone, so that one
        may become the writer; `study_readonly`: the folder cannot be written.
        """
        if self._mine:
            return None
        return self._refused(keep=False) or MaillageError("study_free")

    def leave(self) -> None:
        """Let others write."""
        self._lock.close()
        self._mine = False

    def _refused(self, *, keep: bool) -> MaillageError | None:
        """What keeps the lock from being taken. keep: hold on to it where nothing does."""
        path = self._study / FILE
        if not all(os.access(folder, os.W_OK) for folder in (self._study, self._study / "log") if folder.is_dir()):
            return MaillageError("study_readonly", folder=self._study)
        with ExitStack() as tried:
            try:
                disk.make_folder(path.parent)
                handle = disk.open_to_append(path)
            except OSError:
                return MaillageError("study_readonly", folder=self._study)
            tried.callback(os.close, handle)
            try:
                tried.enter_context(disk.lock(handle, path))
            except MaillageError:
                return MaillageError("study_open", **_holder(handle))
            if keep:
                _write(handle, self._who)
                self._lock = tried.pop_all()
        return None


@contextmanager
def held(study: Path, who: str) -> Generator[Hold]:
    """Hold a study for one workbench, as its writer if nobody else is, until the end."""
    hold = Hold(study, who)
    hold.take()
    try:
        yield hold
    finally:
        hold.leave()


def _write(handle: int, who: str) -> None:
    now = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    os.ftruncate(handle, 0)
    os.write(handle, SKIPPED + json.dumps({"who": who, "since": now}).encode())


def _holder(handle: int) -> dict[str, Any]:
    """Who has it and since when, as far as the file says."""
    told: object = None
    os.lseek(handle, len(SKIPPED), os.SEEK_SET)
    with contextlib.suppress(ValueError):
        told = json.loads(os.read(handle, 4096))
    known = told if isinstance(told, dict) else {}
    return {key: str(known.get(key, "?")) for key in ("who", "since")}
