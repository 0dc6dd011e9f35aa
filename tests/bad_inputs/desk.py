"""A copy of a study in a folder of its own, and `maillage` said over it."""

import os
import shutil
from pathlib import Path

from served import Called, Server


class Desk:
    """A copy of a study in a folder of its own, and `maillage` said over it."""

    def __init__(self, server: Server, folder: Path, model: Path) -> None:
        self.server, self.folder = server, folder
        self.study, self.tmp = folder / "s", folder / "tmp"
        shutil.copytree(model, self.study)
        self.tmp.mkdir()
        (folder / "in").mkdir()

    def say(self, *words: object) -> Called:
        env = {**os.environ, "TMPDIR": str(self.tmp), "LANG": "C.UTF-8"}
        return self.server.call(words, env, self.folder)
