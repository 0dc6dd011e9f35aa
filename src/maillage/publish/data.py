"""The open data of a release: CSV tables, their description, nothing that is not in the Release.

UTF-8, LF, fixed order and number form. Text that a spreadsheet would take for a formula gets an apostrophe in front;
numbers stay numbers.
"""

import json
import re
from typing import Any

import polars as pl

from maillage import tables
from maillage.numbers import decimal_text
from maillage.publish import geopackage, reporting
from maillage.publish.gate import Release

QUOTED = re.compile(r'[,"\n\r;]')
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def files(release: Release) -> dict[str, bytes]:
    """File name -> bytes, for the folder `data/`."""
    return tables_of(release) | maps(release)


def maps(release: Release) -> dict[str, bytes]:
    """The areas of the release and their numbers for a GIS."""
    return {"map.gpkg": geopackage.geopackage(release), "map.geojson": geopackage.geojson(release)}


def tables_of(release: Release) -> dict[str, bytes]:
    """The tables of the release and what describes them."""
    shown = {
        "estimates": release.estimates, "findings": release.findings, "priorities": release.priorities,
        "routes": release.routes, "places": release.places,
    }  # fmt: skip
    out = {f"{name}.csv": csv(frame) for name, frame in shown.items()}
    out["withheld.csv"] = csv(release.withheld)
    out["sources.csv"] = csv(release.public_sources)
    reported = reporting.table(release)
    out["reporting.csv"] = csv(reported)
    out["datapackage.json"] = package(
        release, {**shown, "withheld": release.withheld, "sources": release.public_sources, "reporting": reported}
    )
    return out


def csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV bytes."""
    columns = [["" if value is None else _cell(value) for value in column.to_list()] for column in frame.iter_columns()]
    lines = [",".join(frame.columns), *map(",".join, zip(*columns, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return decimal_text(round(value, 10))
    text = ";".join(str(item) for item in value) if isinstance(value, list) else str(value)
    if text.startswith(FORMULA):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def package(release: Release, shown: dict[str, pl.DataFrame]) -> bytes:
    """Frictionless data package: each table with its columns, units and the licences of what it rests on."""
    licences = sorted({(card.licence, card.source) for card in release.cards if card.licence})
    described = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", release.settings.id.lower()).strip("-") or "study",
        "title": release.settings.title.get("en", release.settings.id),
        **({"created": f"{release.date}T00:00:00Z"} if release.date else {}),
        "profile": "tabular-data-package",
        "synthetic": release.settings.synthetic,
        "licenses": [{"name": name, "title": source} for name, source in licences],
        "resources": [_resource(name, frame) for name, frame in shown.items()],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(name: str, frame: pl.DataFrame) -> dict[str, Any]:
    known = {c.name: c for c in tables.table(name).columns} if name in tables.names() else {}
    fields: list[dict[str, Any]] = []
    for column, kind in frame.schema.items():
        types = {pl.Float64: "number", pl.Int64: "integer", pl.Boolean: "boolean"}
        entry: dict[str, Any] = {"name": column, "type": next((t for k, t in types.items() if kind == k), "string")}
        if column in known:
            entry |= {"description": known[column].meaning["en"], "descriptionFr": known[column].meaning["fr"]}
            entry |= {"unit": known[column].unit} if known[column].unit else {}
            entry |= {"hxl": known[column].hxl} if known[column].hxl else {}
        fields.append(entry)
    about = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return {"name": name, "path": f"{name}.csv", **about, "schema": {"fields": fields}}
