"""Public sources by name: in the reader's language where the study gives a title in it, numbered alike everywhere."""

from collections.abc import Mapping
from typing import Any

from maillage.publish.gate import Release

Row = Mapping[str, Any]


def title(release: Release, source: Row, lang: str) -> str:
    """The title of a source: the one that study.yml gives in this language, else its own, else its id."""
    return release.settings.source_titles.get(source["id"], {}).get(lang) or source["title"] or source["id"]


def titles(release: Release, lang: str) -> dict[str, str]:
    """Titles by id."""
    return {row["id"]: title(release, row, lang) for row in release.public_sources.iter_rows(named=True)}


def ordered(release: Release) -> list[Row]:
    """Public sources in the order of their numbers: those with most statements first."""
    rows = release.public_sources.iter_rows(named=True)
    return sorted(rows, key=lambda row: (-(row["statements"] or 0), row["id"]))


def numbered(release: Release, lang: str) -> dict[str, str]:
    """`[1] Title` by id, as the table of sources lists them."""
    return {row["id"]: f"[{number}] {title(release, row, lang)}" for number, row in enumerate(ordered(release), 1)}
