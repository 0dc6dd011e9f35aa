"""Evidence written in a test: small CSV or pipe tables, as an analyst would write them; no log, no files."""

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl

from maillage import pack as packs
from maillage import tables
from maillage.evidence import Audience, Evidence, Settings
from maillage.pack import Pack

PLACES = """
code   | name      | level  | parent
EX     | Exemplie  | admin0 |
EX01   | Amont     | admin1 | EX
EX02   | Plaine    | admin1 | EX
EX0101 | Mineville | admin2 | EX01
EX0102 | Le Gué    | admin2 | EX01
"""


def table(text: str, name: str, **constant: Any) -> pl.DataFrame:
    """A dictionary table from text; `|` or `,` between columns, `;` inside lists; `constant` fills missing columns."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    rows = list(csv.DictReader(lines, delimiter="|" if lines and "|" in lines[0] else ","))
    types = {column.name: column.type for column in tables.table(name).columns}
    records = [
        {**constant, **{key.strip(): _value(value, types[key.strip()]) for key, value in row.items()}} for row in rows
    ]
    return tables.build(records, name)


def _value(text: str | None, kind: str) -> Any:
    text = (text or "").strip()
    if not text:
        return None
    if kind in ("number", "integer"):
        return float(text) if kind == "number" else int(text)
    if kind in ("codes", "places", "ids"):
        return text.split(";")
    return text == "yes" if kind == "flag" else text


@cache
def nexus() -> Pack:
    return packs.load("nexus")


def settings(**more: Any) -> Settings:
    given: dict[str, Any] = {
        "id": "small", "title": {"en": "Small", "fr": "Petite"}, "languages": ("en",), "countries": ("EX",),
        "period": "2024", "pack": "nexus", "pack_version": "1", "boundary_version": "1", "seed": 7,
        "coders": ("ana", "bo"), "audiences": {"public": Audience(5)},
    }  # fmt: skip
    return Settings(**(given | more))


def evidence(
    observations: str,
    sources: str,
    *,
    places: str = PLACES,
    plan: str = "",
    zones: Mapping[str, Any] | None = None,
    **more: Any,
) -> Evidence:
    """Evidence of a small study; observations without an id are numbered o1, o2 ..."""
    told = table(observations, "observations") if observations.strip() else tables.empty("observations")
    numbered = (
        told.with_row_index("row").with_columns(id=pl.coalesce("id", pl.format("o{}", pl.col("row") + 1))).drop("row")
    )
    return Evidence(
        study=settings(zones=zones or {}, **more),
        pack=nexus(),
        sources=table(sources, "sources"),
        observations=tables.conform(numbered, "observations"),
        places=table(places, "places"),
        zones=tables.empty("zones"),
        plan=table(plan, "plan") if plan else tables.empty("plan"),
        events=tables.empty("events"),
        indicators=tables.empty("indicators"),
    )
