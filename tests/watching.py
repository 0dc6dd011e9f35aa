"""Watches folders for text that may not be there: what any program writes is read at once, even what is deleted soon.

Two pairs of eyes. The kernel tells of every file that is made, changed, moved or deleted (inotify); it is opened when
it is made, so that it can still be read once its name is gone. And each Python process of the session reads by itself
what it removes, renames or cuts (audit/sitecustomize.py): there nothing is too short-lived. A file that neither could
read stands in `missed`.
"""

import base64
import contextlib
import ctypes
import io
import json
import os
import select
import stat
import struct
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

AUDIT = Path(__file__).parent / "audit"
MODIFY, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x2, 0x8, 0x40, 0x80, 0x100, 0x200
OVERFLOW, IS_FOLDER = 0x4000, 0x40000000
ALL = MODIFY | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE
MOST = 500  # files held open
HEAD = struct.calcsize("iIII")
QUIET = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def forms(marker: str) -> set[bytes]:
    """A text as programs write it: UTF-8, UTF-16, in addresses and forms, in JSON, in base64 wherever it begins."""
    raw = marker.encode()
    shifted = [base64.b64encode(b"\0" * shift + raw)[4 * (shift > 0) : -4] for shift in range(3)]
    spelled = {quote(marker), quote_plus(marker), json.dumps(marker)[1:-1]}
    return {raw, marker.encode("utf-16-le"), *(text.encode() for text in spelled), *(one for one in shifted if one)}


def parts(raw: bytes) -> Iterator[bytes]:
    """Bytes of a file, and of what is packed in it."""
    yield raw
    if raw.startswith(b"PK"):
        with contextlib.suppress(zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError):
            pack = zipfile.ZipFile(io.BytesIO(raw))
            for name in pack.namelist():
                yield from parts(pack.read(name))


@dataclass
class Watch:
    """What was seen. leaks: (file, name of the marker). read: files whose content was searched.

    opened, nameless: files that Python processes opened for writing, and folders in which they made one without a name.
    missed: files that came and went unread.
    """

    report: Path
    markers: Mapping[str, str]
    leaks: set[tuple[str, str]] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    nameless: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.report.mkdir()
        self.forms = [(name, form) for name, text in self.markers.items() for form in forms(text)]
        lines = "".join(f"{name} {form.hex()}\n" for name, form in self.forms)
        (self.report / "forms").write_text(lines, "ascii")

    def environment(self) -> dict[str, str]:
        """For the processes of the session: the audit hook."""
        path = os.pathsep.join([str(AUDIT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, "WATCH_REPORT": str(self.report)}

    def search(self, where: str, raw: bytes) -> None:
        """Note each marker that is in these bytes."""
        self.read.add(where)
        for part in parts(raw):
            self.leaks |= {(where, name) for name, form in self.forms if form in part}

    def told(self) -> None:
        """Take in what the processes reported."""
        report = self.report / "report"
        for line in report.read_text("utf-8").splitlines() if report.is_file() else ():
            said = json.loads(line)
            if "leak" in said:
                self.leaks.add((said["leak"], said["marker"]))
            self.opened |= {said["opened"]} if "opened" in said else set()
            self.read |= {said["read"]} if "read" in said else set()
            self.nameless |= {said["nameless"]} if "nameless" in said else set()

    def break_at(self, ending: str, message: str) -> None:
        """From now on, whoever opens a file with this ending fails, and the message of the failure quotes a marker."""
        (self.report / "break").write_text(f"{ending}\n{message}", "utf-8")

    def mend(self) -> None:
        """Nothing fails any more."""
        (self.report / "break").unlink()


class Kernel:
    """The reader of inotify, in a thread of its own."""

    def __init__(self, watch: Watch, roots: Sequence[Path]) -> None:
        self.watch, self.roots = watch, roots
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.line = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert self.line >= 0, os.strerror(ctypes.get_errno())
        self.folders: dict[int, str] = {}
        self.held: dict[str, int] = {}
        self.nameless: list[tuple[str, int]] = []  # deleted, and perhaps still written to
        self.unread: set[str] = set()
        self.stop = threading.Event()
        for root in roots:
            self.add(str(root), new=False)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def add(self, folder: str, *, new: bool) -> None:
        """Watch a folder and those in it. new: what lies in it already was made just now."""
        number = self.libc.inotify_add_watch(self.line, os.fsencode(folder), ALL)
        if number < 0:
            return  # gone again, or no folder
        self.folders[number] = folder
        with contextlib.suppress(OSError):
            for entry in list(os.scandir(folder)):
                if entry.is_dir(follow_symlinks=False):
                    self.add(entry.path, new=new)
                elif new:
                    self.take(entry.path)

    def run(self) -> None:
        """Read events until told to stop and none is left."""
        while True:
            ready = select.select([self.line], [], [], 0.05)[0]
            if not ready and self.stop.is_set():
                return
            if ready:
                self.events(os.read(self.line, 1 << 18))

    def events(self, raw: bytes) -> None:
        """One batch: files are opened first, then those that changed are read, each once."""
        changed: set[str] = set()
        while raw:
            number, mask, _, size = struct.unpack_from("iIII", raw)
            name, raw = raw[HEAD : HEAD + size].rstrip(b"\0"), raw[HEAD + size :]
            assert not mask & OVERFLOW, "more happened than the kernel keeps"
            path = f"{self.folders.get(number, '?')}/{os.fsdecode(name)}"
            if mask & IS_FOLDER:
                if mask & (CREATE | MOVED_TO):
                    self.add(path, new=True)
            elif mask & (DELETE | MOVED_FROM):
                self.gone(path, moved=bool(mask & MOVED_FROM))
            elif name:
                self.take(path)
                changed.add(path)
        for path in changed:
            self.look(path)

    def take(self, path: str) -> None:
        """Hold a file open: what it holds can be read when its name is gone."""
        if path in self.held:
            return
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                return
            self.held[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC | QUIET)
        except OSError:
            self.unread.add(path)

    def look(self, path: str) -> None:
        """Read a file that is held."""
        if path in self.held:
            self.search(path, self.held[path])
        if len(self.held) > MOST:
            os.close(self.held.pop(path))

    def search(self, path: str, handle: int) -> None:
        """Search a file from its beginning."""
        raw, at = [], 0
        while piece := os.pread(handle, 1 << 22, at):
            raw.append(piece)
            at += len(piece)
        self.watch.search(path, b"".join(raw))

    def gone(self, path: str, *, moved: bool) -> None:
        """The name is gone: read what it led to a last time."""
        self.look(path)
        handle = self.held.pop(path, None)
        if handle is not None:
            self.nameless.append((path, handle))
        elif path in self.unread and path not in self.watch.read and not moved:
            self.watch.missed.add(path)

    def end(self) -> None:
        """Stop, and search what lies there now."""
        self.stop.set()
        self.thread.join()
        for path, handle in (*self.held.items(), *self.nameless):
            self.search(path, handle)
            os.close(handle)
        os.close(self.line)
        for root in self.roots:
            for path in root.rglob("*"):
                if path.is_file() and not path.is_symlink():
                    self.watch.search(str(path), path.read_bytes())


@contextmanager
def watching(report: Path, roots: Sequence[Path], markers: Mapping[str, str]) -> Iterator[Watch]:
    """Watch folders for markers (name -> text, ASCII, nine letters or more) until the end of the block.

    report: a folder to be made outside of them. `roots` are there already.
    """
    watch = Watch(report, markers)
    kernel = Kernel(watch, roots)
    try:
        yield watch
    finally:
        kernel.end()
        watch.told()
        watch.missed -= watch.read  # by the process itself, before it took the file away
