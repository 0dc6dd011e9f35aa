"""The command line in a process of its own for each call, without the half second that starting Python costs.

A server that has imported the program forks a child for each line on its standard input, which says in JSON what is
called, in which folder and environment; it answers with exit code, output, seconds and peak memory of the child.
"""

import atexit
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIBRARIES = ("polars", "shapely", "maillage.run", "maillage.app.options", "maillage.app.commands.add")


@dataclass(frozen=True, slots=True)
class Called:
    """What a command came to; `kb`: largest resident memory of its process, in KiB."""

    code: int
    out: str
    err: str
    seconds: float
    kb: int


class Server:
    """Calls `maillage`; `calls(words, env, folder)`."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, words: Sequence[object], env: Mapping[str, str], folder: Path) -> Called:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        said = {"words": [str(word) for word in words], "env": dict(env), "folder": str(folder)}
        self.process.stdin.write(json.dumps(said).encode() + b"\n")
        self.process.stdin.flush()
        return Called(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def _child(said: Mapping[str, Any], out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(said["env"])
    os.chdir(said["folder"])
    sys.argv = ["maillage", *said["words"]]
    code = 1
    try:
        importlib.import_module("maillage.app.cli").main(said["words"])
    except SystemExit as left:
        code = int(left.code or 0)
    with suppress(Exception):
        atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _serve() -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent.parent / "src"))
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin.buffer:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.perf_counter()
            child = os.fork()
            if not child:
                _child(json.loads(line), out.fileno(), err.fileno())
            _, status, used = os.wait4(child, 0)
            told = {"code": os.waitstatus_to_exitcode(status), "seconds": time.perf_counter() - start}
            for name, file in (("out", out), ("err", err)):
                file.seek(0)
                told[name] = file.read().decode("utf-8", "replace")
        sys.stdout.write(json.dumps({**told, "kb": used.ru_maxrss}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
