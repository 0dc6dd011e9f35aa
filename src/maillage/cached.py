"""Bytes that cost time to make, kept in the user's cache folder under what they depend on; safe to delete at any time.

Never in a study, which may come from a stranger, and only what tells nothing of one that may not be
published: cut fonts, the package's own YAML and template, drawings of public releases.
"""

import contextlib
import hashlib
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

MOST = 128  # files of a kind; the oldest go first
DIGEST = 32  # bytes of sha256 before the content, so that a file cut short is made anew


def folder() -> Path:
    """Where the user's programs keep what can be made anew; MAILLAGE_CACHE names another place."""
    chosen = os.environ.get("MAILLAGE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "maillage" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "maillage"
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "maillage"


def kept(kind: str, key: bytes, make: Callable[[], bytes]) -> bytes:
    """What `make` gives for `key`, from the cache where it was made before; a folder that fails is no error."""
    before = found(kind, key)
    if before is not None:
        return before
    made = make()
    keep(kind, key, made)
    return made


def found(kind: str, key: bytes) -> bytes | None:
    """What was kept for `key`; None where there is nothing, or not the whole of it."""
    with contextlib.suppress(OSError):
        content = _path(kind, key).read_bytes()
        if hashlib.sha256(content[DIGEST:]).digest() == content[:DIGEST]:
            return content[DIGEST:]
    return None


def keep(kind: str, key: bytes, content: bytes) -> None:
    """Keep `content` for `key`, where the folder can be written."""
    with contextlib.suppress(OSError):
        _write(_path(kind, key), hashlib.sha256(content).digest() + content)


def _path(kind: str, key: bytes) -> Path:
    return folder() / kind / hashlib.sha256(key).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write beside and move there: another process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    known = sorted(path.parent.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    for old in known[:-MOST]:
        old.unlink(missing_ok=True)
