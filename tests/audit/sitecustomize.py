"""In every Python process of a watched session (`watching.environment`): tells what is written, reads what goes away.

A file that is removed, renamed or cut is read just before: however short it lived, what it held is searched.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NAMELESS = getattr(os, "O_TMPFILE", 0)
FOLDER = os.environ.get("WATCH_REPORT", "")
BUSY = threading.local()


def forms() -> list[tuple[str, bytes]]:
    """What is searched: name of the marker, and one form of it in bytes."""
    lines = Path(FOLDER, "forms").read_text("ascii").splitlines()
    return [(name, bytes.fromhex(form)) for name, _, form in (line.rpartition(" ") for line in lines)]


def tell(**said: str) -> None:
    """One line of the report; lines of several processes never mix."""
    os.write(REPORT, (json.dumps(said) + "\n").encode())


def look(path: Any, folder: Any = -1) -> None:
    """Search a file as it is now. folder: descriptor of the folder that a relative path is in, -1 for none."""
    name = os.fsdecode(path) if not isinstance(path, int) else f"/proc/self/fd/{path}"
    place = Path(f"/proc/self/fd/{folder}" if isinstance(folder, int) and folder >= 0 else ".").resolve() / name
    try:
        raw = place.read_bytes() if place.is_file() and not place.is_symlink() else b""
    except OSError:
        raw = b""
    tell(read=str(place))
    search(str(place), raw)


def search(where: str, raw: bytes) -> None:
    """Tell each marker that these bytes hold."""
    for marker in {name for name, form in FORMS if form in raw}:
        tell(leak=where, marker=marker)


def opened(path: Any, flags: int) -> None:
    """A file that is opened for writing."""
    if isinstance(path, int) or not flags & WRITING:
        return
    if NAMELESS and flags & NAMELESS == NAMELESS:
        tell(nameless=os.path.abspath(os.fsdecode(path)))
        return
    tell(opened=os.path.abspath(os.fsdecode(path)))
    if flags & os.O_TRUNC:
        look(path)


def breaking(path: Any) -> None:
    """Fail, as a library does that quotes what it was given, where a test put a file that says so."""
    order = Path(FOLDER, "break")
    if isinstance(path, str) and order.is_file():
        ending, _, message = order.read_text("utf-8").partition("\n")
        if path.endswith(ending):
            raise ValueError(message)


def heard(event: str, facts: tuple[Any, ...]) -> None:
    """The hook of the interpreter."""
    if getattr(BUSY, "now", False):
        return
    BUSY.now = True
    try:
        if event == "open":
            opened(facts[0], facts[2] or 0)
            breaking(facts[0])
        elif event == "os.remove":
            look(facts[0], facts[1])
        elif event == "os.rename":
            look(facts[0], facts[2])
        elif event == "os.truncate":
            look(facts[0])
        elif event == "subprocess.Popen":
            words = facts[1] if isinstance(facts[1], str | bytes) else " ".join(map(str, facts[1]))
            search("words of a program", words if isinstance(words, bytes) else words.encode())
    finally:
        BUSY.now = False


if FOLDER:
    FORMS = forms()
    REPORT = os.open(Path(FOLDER, "report"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sys.addaudithook(heard)
