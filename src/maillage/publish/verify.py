"""Check a release folder: every file's hash, the signature over them, every printed number against the data."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from maillage.errors import Finding, finding
from maillage.publish.manifest import NAME, SIGNATURE, device, device_signed, sealed, signature_holds

DATA = "data/estimates.csv"
LARGEST = 50_000_000  # bytes of a file that is read whole
PAGE = re.compile(r"(report|brief)\.[a-z]+\.html")


class _Numbers(HTMLParser):
    """Collects id and value of every estimate a page prints."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the estimate a `<data class="estimate">` stands for."""
        given = dict(attrs)
        if tag == "data" and "estimate" in (given.get("class") or "").split():
            self.found.append((given.get("data-estimate") or "", given.get("value") or ""))


def verify(folder: Path, key: str | None = None) -> list[Finding]:
    """Everything in a release folder that is not as its manifest and its data say.

    key: public key of the publisher, or its first 16 or more hex digits; without it, anybody's good signature will do.
    """
    raw = described(folder)
    if raw is None:
        return [finding("manifest_unreadable", file=NAME)]
    stated: dict[str, str] = raw["files"]
    sound = sealed(raw) == (folder / NAME).read_bytes()
    found = list(_vouched(raw, key)) if sound else [finding("file_changed", file=NAME)]
    links = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} | links
    there -= {NAME} - links
    found += [finding("file_gone", file=name) for name in sorted(stated.keys() - there)]
    found += [finding("file_extra", file=name) for name in sorted(there - stated.keys())]
    both = sorted(stated.keys() & there)
    changed = [name for name in both if name in links or _hash(folder / name) != stated[name]]
    found += [finding("file_changed", file=name) for name in changed]
    return found + _numbers(folder, set(both) - set(changed))


def described(folder: Path) -> dict[str, Any] | None:
    """What the manifest of a release says, as far as it is one: names of files with their hashes; None for anything
    else, whoever wrote it."""
    try:
        raw: Any = json.loads(_bytes(folder / NAME))
        sealed(raw)  # what cannot be written again was never written
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    files = raw.get("files")
    named = isinstance(files, dict) and all(isinstance(told, str) for told in files.values())
    return raw if named else None


def publisher(folder: Path) -> str:
    """The public key that a release says it is signed with; blank where it says none."""
    told = (described(folder) or {}).get(SIGNATURE)
    return str(told.get("key") or "") if isinstance(told, dict) else ""


def _vouched(described: dict[str, Any], key: str | None) -> Iterator[Finding]:
    """What is wrong with the signature of a manifest."""
    holds = signature_holds(described)
    if holds is None:  # made before releases were signed, or the signature was taken off
        yield finding("release_unsigned" if key is None else "publisher_unsigned", file=NAME)
    elif not holds:
        yield finding("signature_wrong", file=NAME)
    elif key is not None and not (signer := str(described[SIGNATURE]["key"])).startswith(key):
        yield finding("publisher_other", file=NAME, value=signer, expected=key)
    elif (named := device(described)) and not device_signed(described):
        yield finding("device_unsigned", file=NAME, value=named)


def _bytes(path: Path) -> bytes:
    """The content of a file that has to be read whole. Raises ValueError for one that no release holds."""
    if path.stat().st_size > LARGEST:
        raise ValueError(path.name)
    return path.read_bytes()


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _numbers(folder: Path, sound: set[str]) -> list[Finding]:
    """Printed numbers that the data file does not have, or has otherwise; only in files that are as they were built."""
    if DATA not in sound:
        return []
    try:
        text = _bytes(folder / DATA).decode("utf-8", "replace")
        values = {row.get("id"): row.get("value") or "" for row in csv.DictReader(io.StringIO(text, newline=""))}
    except (ValueError, csv.Error):
        return [finding("release_unread", file=DATA)]
    found: list[Finding] = []
    for name in sorted(name for name in sound if PAGE.fullmatch(name)):
        reader = _Numbers()
        try:
            reader.feed(_bytes(folder / name).decode("utf-8", "replace"))
        except (ValueError, AssertionError):  # the parser asserts what a hostile page need not hold to
            found.append(finding("release_unread", file=name))
        for ident, printed in dict.fromkeys(reader.found):
            if ident not in values:
                found.append(finding("number_without_data", file=name, value=ident))
            elif printed and not _same(printed, values[ident]):
                told = values[ident] or "-"
                found.append(finding("number_differs", file=name, value=ident, printed=printed, data=told))
    return found


def _same(printed: str, data: str) -> bool:
    """Whether two numbers are one but for rounding at the tenth digit; what is no number is the same as nothing."""
    try:
        return abs(float(printed) - float(data)) <= 1e-9 * max(1.0, abs(float(printed)))
    except ValueError:
        return False
