"""Checklists for reporting qualitative research, as data: what a reader must be told, and which records tell it.

`checklists/<name>.yml` holds the items in our own words and both languages. An item is named `coreq_12`, `srqr_9`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from maillage import shipped
from maillage.numbers import spaced

FOLDER = Path(__file__).parent / "checklists"
ORDER = ("coreq", "srqr")
Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to report. `record`: what of a study's records answers it, None where only the study lead can;
    `part`: whether that answers it only in part; `like`: items of another checklist that answer it; `where`: the places
    that its record is taken from.
    """

    code: str
    checklist: str
    number: int
    topic: Text
    text: Text
    record: str | None
    part: bool
    like: tuple[str, ...]
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """One checklist with the publication it follows."""

    id: str
    title: str
    source: str
    items: tuple[Item, ...]


@cache
def checklists() -> tuple[Checklist, ...]:
    """All checklists, those that others refer to first."""
    return tuple(_read(name) for name in ORDER)


@cache
def items() -> Mapping[str, Item]:
    """All items by code."""
    return {item.code: item for each in checklists() for item in each.items}


def _read(name: str) -> Checklist:
    raw = shipped.read(FOLDER / f"{name}.yml")
    return Checklist(
        name, raw["title"], raw["source"], tuple(_item(name, int(code), entry) for code, entry in raw["items"].items())
    )


def _item(name: str, number: int, raw: Mapping[str, Any]) -> Item:
    topic, text = ({lang: spaced(said, lang) for lang, said in raw[key].items()} for key in ("topic", "item"))
    return Item(
        code=f"{name}_{number}",
        checklist=name,
        number=number,
        topic=topic,
        text=text,
        record=raw.get("record"),
        part=raw.get("part", False),
        like=tuple(raw.get("like", ())),
        where=tuple(raw.get("from", ())),
    )
