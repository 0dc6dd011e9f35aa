"""An unlocked key, held in the memory of one small process between commands, and nowhere on the disk.

Like ssh-agent: a socket that only this user can reach, and a word of its own for each unlocking. It ends by itself
when nobody asks for a while, and at once when told to lock.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from maillage.errors import MaillageError
from maillage.study.keys import configuration_folder

if sys.platform != "win32":
    import resource

WINDOWS = sys.platform == "win32"
FAMILY = "AF_PIPE" if WINDOWS else "AF_UNIX"
PATIENCE = 10.0
STARTED: list[subprocess.Popen[bytes]] = []  # they outlive this process on purpose


def hold(secret: str, minutes: float) -> None:
    """Start holding `secret`; it is forgotten `minutes` after the last use. Raises MaillageError `holder_silent`."""
    release()
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    word, address = secrets.token_bytes(32), _address()
    handle = os.open(folder / "word", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(word + address.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "maillage.study.holder"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    STARTED.append(process)
    assert process.stdin is not None
    process.stdin.write(f"{word.hex()}\n{address}\n{minutes}\n{secret}\n".encode())
    process.stdin.close()
    until = time.monotonic() + PATIENCE
    while held() != secret:
        if time.monotonic() > until:
            raise MaillageError("holder_silent")
        time.sleep(0.02)


def held() -> str | None:
    """The key that is held; None when the vault is locked."""
    return _ask("key")


def watched() -> bool:
    """Whether a key is held; to ask this is no use of it, and it is forgotten as soon as without."""
    return _ask("whether") is not None


def release() -> bool:
    """Forget the key; whether one was held."""
    was = _ask("lock") is not None
    while STARTED:
        with contextlib.suppress(subprocess.TimeoutExpired):
            STARTED.pop().wait(1)
    with contextlib.suppress(OSError):
        (_folder() / "word").unlink()
    return was


def _folder() -> Path:
    return configuration_folder() / "run"


def _address() -> str:
    """A socket path short enough for every system; the word, not the path, is what guards it."""
    name = f"maillage-{secrets.token_hex(8)}"
    if WINDOWS:
        return rf"\\.\pipe\{name}"
    return str(Path(tempfile.gettempdir()) / f"{name}.sock")


def _ask(what: str) -> str | None:
    try:
        raw = (_folder() / "word").read_bytes()
        with Client(raw[32:].decode(), FAMILY, authkey=raw[:32]) as line:
            line.send(what)
            return str(line.recv()) if line.poll(PATIENCE) else None
    except (OSError, EOFError, UnicodeDecodeError, ValueError, AuthenticationError):
        return None


def main() -> None:
    """The process itself: word, address, minutes and key come on standard input, never as arguments."""
    word, address, minutes, secret = (sys.stdin.readline().strip() for _ in range(4))
    no_core()
    _serve(Listener(address, FAMILY, authkey=bytes.fromhex(word)), address, float(minutes) * 60, secret)


def _serve(listener: Listener, address: str, patience: float, secret: str) -> None:
    """Answer until told to lock, or nobody asked for the key for `patience` seconds; a wrong word changes nothing."""
    asked, until = "", time.monotonic() + patience
    while asked != "lock":
        timer = threading.Timer(max(0.0, until - time.monotonic()), _end, [address])
        timer.start()
        asked = ""
        with contextlib.suppress(OSError, EOFError, AuthenticationError), listener.accept() as line:
            asked = _answer(line, secret)
        timer.cancel()
        until = time.monotonic() + patience if asked == "key" else until
    _end(address)


def _end(address: str) -> None:
    with contextlib.suppress(OSError):
        Path(address).unlink()
    os._exit(0)


def _answer(line: Connection, secret: str) -> str:
    what = str(line.recv()) if line.poll(1) else ""
    line.send(secret if what == "key" else "done")
    return what


def no_core() -> None:
    """A crash must not write memory to the disk."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
