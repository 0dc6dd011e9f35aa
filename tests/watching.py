"""Watches folders for text that may not be there: what any program writes is read at once, even what is deleted soon.

Two pairs of eyes. The kernel tells of every file that is made, changed, moved or deleted (inotify); it is opened when
it is made, so that it can still be read once its name is gone. And each Python process of the session reads by itself
what it removes, renames or cuts (audit/sitecustomize.py): there nothing is too short-lived. A file that neither could
read stands in `missed`.
"""

import base64
import contextlib
import ctypes
import glob
import io
import json
import os
import resource
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


def still_open(path: str) -> int | None:
    """A file whose name is gone already, by a program that holds it open."""
    for link in glob.iglob("/proc/[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(link) == f"{path} (deleted)":
                return os.open(link, os.O_RDONLY | os.O_CLOEXEC)
    return None


@dataclass
class Watch:
    """What is looked for, and what was seen. report: a folder to be made, which is not watched.

    markers: name -> text, ASCII, nine letters or more. leaks: (file, name of the marker). read: files whose content
    was searched. missed: files that came and went unread. opened, nameless: files that Python processes opened for
    writing, and folders in which they made one without a name.
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
    """The reader of inotify: one thread only opens files, so that none is gone before; another one searches them."""

    def __init__(self, watch: Watch, roots: Sequence[Path]) -> None:
        self.watch, self.roots = watch, roots
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # every file that was written stays open to the end
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.line = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert self.line >= 0, os.strerror(ctypes.get_errno())
        self.folders: dict[int, str] = {}
        self.held: dict[str, int] = {}
        self.nameless: list[tuple[str, int]] = []  # deleted or renamed, and perhaps still written to
        self.moving: dict[int, int] = {}  # number of a renaming -> the file, held open
        self.unread: set[str] = set()
        self.renamed: set[str] = set()
        self.changed: dict[str, int | None] = {}  # what is to be searched; None where it could not be opened
        self.stop = threading.Event()
        for root in roots:
            self.add(str(root), new=False)
        self.threads = [threading.Thread(target=work) for work in (self.listen, self.search)]
        for thread in self.threads:
            thread.start()

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

    def listen(self) -> None:
        """Read events until told to stop and none is left."""
        while True:
            ready = select.select([self.line], [], [], 0.05)[0]
            if not ready and self.stop.is_set():
                return
            if ready:
                self.events(os.read(self.line, 1 << 18))

    def events(self, raw: bytes) -> None:
        """One batch of what the kernel tells."""
        while raw:
            number, mask, pair, size = struct.unpack_from("iIII", raw)
            name, raw = raw[HEAD : HEAD + size].rstrip(b"\0"), raw[HEAD + size :]
            if mask & OVERFLOW:
                self.unread.add("more happened than the kernel keeps")
                continue
            path = f"{self.folders.get(number, '?')}/{os.fsdecode(name)}"
            if mask & IS_FOLDER:
                if mask & (CREATE | MOVED_TO):
                    self.add(path, new=True)
            elif mask & (DELETE | MOVED_FROM):
                self.gone(path, pair)
            elif name:
                self.take(path, self.moving.pop(pair, None) if pair else None)

    def take(self, path: str, handle: int | None = None) -> None:
        """Hold a file open: what it holds can be read when its name is gone. handle: by an earlier name."""
        with contextlib.suppress(OSError):
            if path not in self.held and handle is not None:
                self.held[path] = os.dup(handle)
            elif path not in self.held:
                if not stat.S_ISREG(os.lstat(path).st_mode):
                    return
                self.held[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC | QUIET)
        self.changed[path] = self.held.get(path)

    def gone(self, path: str, pair: int) -> None:
        """The name is gone: what it led to stays open. pair: the number of the renaming, 0 for none."""
        handle = self.held.pop(path, None)
        if handle is not None:
            self.nameless.append((path, handle))
            self.moving |= {pair: handle} if pair else {}
            self.changed[path] = handle
        elif pair:
            self.renamed.add(path)  # and read by its new name

    def search(self) -> None:
        """Search what changed, each file from its beginning, until told to stop and nothing is left."""
        while self.changed or not self.stop.wait(0.01):
            while self.changed:
                path, handle = self.changed.popitem()
                found = still_open(path) if handle is None else handle
                if found is None:
                    self.unread.add(path)
                    continue
                self.nameless += [(path, found)] if handle is None else []
                self.read(path, found)

    def read(self, path: str, handle: int) -> None:
        """Search one file."""
        raw, at = [], 0
        while piece := os.pread(handle, 1 << 22, at):
            raw.append(piece)
            at += len(piece)
        self.watch.search(path, b"".join(raw))

    def end(self) -> None:
        """Stop, and search once more all that was written, and all that lies there now."""
        self.stop.set()
        for thread in self.threads:
            thread.join()
        self.search()
        for path, handle in (*self.held.items(), *self.nameless):
            self.read(path, handle)
            os.close(handle)
        os.close(self.line)
        for root in self.roots:
            for path in root.rglob("*"):
                if path.is_file() and not path.is_symlink():
                    self.watch.search(str(path), path.read_bytes())
        self.watch.missed |= self.unread - self.watch.read - self.renamed


@contextmanager
def watching(watch: Watch, roots: Sequence[Path]) -> Iterator[Watch]:
    """Watch folders that are there already, until the end of the block."""
    kernel = Kernel(watch, roots)
    try:
        yield watch
    finally:
        kernel.end()
        watch.told()
        watch.missed -= watch.read  # by the process itself, before it took the file away
