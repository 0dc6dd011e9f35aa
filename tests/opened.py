"""A workbench at work: the real command in a process of its own, or pages of a test behind the real guard and wire."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from maillage.app.workbench import launch
from maillage.app.workbench.guard import guarded
from maillage.app.workbench.launch import Secret
from maillage.app.workbench.serve import Workbench, listener

PROGRAM = Path(sys.executable).parent / "maillage"
HERE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
FORM = "application/x-www-form-urlencoded"
PATIENCE = 20.0


@dataclass(frozen=True)
class Answer:
    """What came back: status 0 where the connection was closed without a word."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float


@dataclass
class Opened:
    """A running workbench; `session` is empty until `enter`."""

    port: int
    link: str
    process: subprocess.Popen[str] | None = None
    session: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    def enter(self) -> Answer:
        """Use the link."""
        answer = self.ask("GET", self.link.removeprefix(self.origin))
        self.session = answer.headers.get("set-cookie", "").partition(";")[0]
        return answer

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """A good request of a browser that was let in, but for `headers` (`sec_fetch_site=...`; "" leaves one out)."""
        named = {"Host": self.host, "Cookie": self.session, **HERE, "Connection": "close"}
        if method not in ("GET", "HEAD"):
            named |= {"Content-Type": FORM, "Content-Length": str(len(body)), "Origin": self.origin}
        named |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value)]
        return self.raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def raw(self, *parts: bytes, pause: float = 0.0) -> Answer:
        """Send bytes as they are, with a pause after each part, and read until the server closes."""
        begun = time.monotonic()
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as line:
            try:
                for part in parts:
                    line.sendall(part)
                    time.sleep(pause)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has heard enough; what it said may still be read
            try:
                while more := line.recv(65536):
                    got += more
            except ConnectionResetError:
                pass
        return _answer(got, time.monotonic() - begun)


def _answer(got: bytes, seconds: float) -> Answer:
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    status = int(first.split()[1]) if first else 0
    return Answer(status, {name.lower(): value for name, _, value in pairs}, body.decode("utf-8", "replace"), seconds)


@contextmanager
def served(routes: Sequence[BaseRoute], study: Path, *, lang: str = "en", guard: bool = True) -> Iterator[Opened]:
    """Pages of a test behind the real guard and wire, on a socket; without the guard to see that attacks are real."""
    door, secret = listener(0), Secret()
    port = int(door.getsockname()[1])
    app = guarded(routes, port=port, secret=secret, lang=lang) if guard else Starlette(routes=routes)
    server = Workbench(app, study, lang=lang)
    thread = threading.Thread(target=server.run, args=([door],))
    thread.start()
    try:
        yield Opened(port, secret.link(port))
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


@contextmanager
def opened(study: Path, *words: str, **environment: str) -> Iterator[Opened]:
    """`maillage open --no-browser` in a process; killed at the end unless it ended by itself."""
    process = start(study, "--no-browser", *words, **environment)
    try:
        said = first_words(process, launch.ENTRY)
        link = said[-1].strip()
        yield Opened(int(re.findall(r":(\d+)/", link)[0]), link, process, said=said)
    finally:
        process.kill()
        process.communicate()


def start(study: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """The command, with its words on pipes."""
    line = [str(PROGRAM), "open", "--study", str(study), *words]
    return subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )


def first_words(process: subprocess.Popen[str], until: str) -> list[str]:
    """What it says, up to a line that holds `until`."""
    assert process.stdout
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if until in line:
            return said
    raise AssertionError(f"it ended early: {said} {process.stderr.read() if process.stderr else ''}")
