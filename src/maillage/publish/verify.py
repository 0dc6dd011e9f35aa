"""Check a release folder against itself: every file's hash, every printed number against the data."""

import csv
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

from maillage.errors import Finding, finding
from maillage.publish.manifest import NAME


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


def verify(folder: Path) -> list[Finding]:
    """Everything in a release folder that is not as its manifest and its data say."""
    try:
        raw = json.loads((folder / NAME).read_text("utf-8"))
        stated: dict[str, str] = dict(raw["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return [finding("manifest_unreadable", file=NAME)]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {NAME}
    found = [finding("file_gone", file=name) for name in sorted(stated.keys() - there)]
    found += [finding("file_extra", file=name) for name in sorted(there - stated.keys())]
    for name in sorted(stated.keys() & there):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != stated[name]:
            found.append(finding("file_changed", file=name))
    return found + _numbers(folder)


def _numbers(folder: Path) -> list[Finding]:
    """Printed numbers that the data file does not have, or has otherwise."""
    data = folder / "data" / "estimates.csv"
    if not data.is_file():
        return []
    with data.open(encoding="utf-8", newline="") as file:
        values = {row["id"]: row["value"] for row in csv.DictReader(file)}
    found: list[Finding] = []
    for page in sorted(folder.glob("report.*.html")):
        reader = _Numbers()
        reader.feed(page.read_text("utf-8"))
        for ident, value in reader.found:
            if ident not in values:
                found.append(finding("number_without_data", file=page.name, value=ident))
            elif (
                value
                and values[ident]
                and abs(float(value) - float(values[ident])) > 1e-9 * max(1.0, abs(float(value)))
            ):
                found.append(finding("number_differs", file=page.name, value=ident, printed=value, data=values[ident]))
            elif value and not values[ident]:
                found.append(finding("number_differs", file=page.name, value=ident, printed=value, data="-"))
    return found
