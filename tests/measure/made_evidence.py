"""Evidence made by hand: two regions, three cercles, a zone; statements as CSV in the columns of the dictionary."""

import csv
import dataclasses
import io
from typing import Any

import polars as pl

from maillage import tables
from maillage.evidence import Card, Evidence, Settings
from maillage.pack import Code, Pack

PLACES = """
code,name,level,parent
ML,Mali,admin0,
ML07,Gao,admin1,ML
ML05,Mopti,admin1,ML
ML0702,Bourem,admin2,ML07
ML0703,Gao,admin2,ML07
ML0501,Bandiagara,admin2,ML05
NE,Niger,country,
BF,Burkina Faso,country,
"""
SOURCES = """
id,kind,place,cluster,consent
i1,interview,ML0702,,anonymous
i2,interview,ML0703,,anonymous
d1,document,ML,study,
d2,document,ML,study,
d3,document,ML,,
x1,interview,ML07,,none
"""


def rows(text: str) -> list[dict[str, Any]]:
    """Records of a small CSV text; blank = null."""
    found = csv.DictReader(io.StringIO(text.strip()))
    return [{key: value or None for key, value in row.items()} for row in found]


def table(text: str, name: str) -> pl.DataFrame:
    """A table of the dictionary from a small CSV text; lists are written with `;`, flags yes or no."""
    kinds = {column.name: column.type for column in tables.table(name).columns}

    def typed(key: str, value: str | None) -> Any:
        if value is None:
            return None
        match kinds[key]:
            case "codes" | "places" | "ids":
                return value.split(";")
            case "number":
                return float(value)
            case "integer":
                return int(value)
            case "flag":
                return value == "yes"
            case _:
                return value

    return tables.build([{key: typed(key, value) for key, value in row.items()} for row in rows(text)], name)


def code(**attributes: Any) -> Code:
    """A code without texts."""
    return Code({}, {}, {}, {}, {}, attributes)


def pack(**parts: Any) -> Pack:
    """A pack that knows where the money of a levy goes."""
    forms = {
        "forced_zakat": code(direction="to_group"),
        "site_access": code(direction="to_group"),
        "intermediary_fee": code(direction="by_group"),
    }
    lists = {"levy_forms": forms, "markets": {"gold": code(), "arms": code()}, **parts.pop("lists", {})}
    empty: dict[str, Any] = {field.name: {} for field in dataclasses.fields(Pack)}
    whole = empty | {"id": "made", "version": "1", "lists": lists}
    return Pack(**whole | parts)


def settings(**parts: Any) -> Settings:
    """A study of 2024."""
    whole: dict[str, Any] = {
        "id": "made", "title": {}, "languages": ("en",), "countries": ("ML",), "period": "2024", "pack": "made",
        "pack_version": "1", "boundary_version": "2021", "seed": 1, "coders": ("ada",), "audiences": {},
        "zones": {"north": ("ML07",)},
    }  # fmt: skip
    return Settings(**whole | parts)


def evidence(
    observations: str = "", *, sources: str = SOURCES, places: str = PLACES, cards: tuple[Card, ...] = (), **parts: Any
) -> Evidence:
    """A study with the statements of a small CSV text; `events` and `indicators` are CSV texts or tables as well."""
    empty = {name: tables.empty(name) for name in ("zones", "plan", "events", "indicators")}
    given = {
        name: table(part, name) if isinstance(part, str) else part for name, part in parts.items() if name in empty
    }
    known = parts.get("pack") or pack()
    return Evidence(
        study=parts.get("study") or settings(),
        pack=known,
        sources=table(sources, "sources"),
        observations=table(observations, "observations") if observations else tables.empty("observations"),
        places=table(places, "places"),
        cards=cards,
        **empty | given,
    )


def shuffled(made: Evidence) -> Evidence:
    """The same evidence with the rows of every table in another order."""
    turned = {
        name: getattr(made, name).reverse() for name in ("sources", "observations", "places", "events", "indicators")
    }
    return Evidence(
        study=made.study, pack=made.pack, zones=made.zones, plan=made.plan, outlines=made.outlines, cards=made.cards,
        **turned,
    )  # fmt: skip


def by_id(estimates: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Estimates by id."""
    return {row["id"]: row for row in estimates.iter_rows(named=True)}
