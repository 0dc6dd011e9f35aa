"""What describes the data files of a release (Frictionless data package): columns, units, licences, hash of each."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from maillage import tables
from maillage.publish.gate import Release
from maillage.tables import Column

NAME = "datapackage.json"
MEDIA = {
    "csv": "text/csv", "geojson": "application/geo+json", "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
TYPES = {pl.Float64: "number", pl.Int64: "integer", pl.Boolean: "boolean"}


def package(release: Release, shown: Mapping[str, pl.DataFrame], made: Mapping[str, bytes]) -> bytes:
    """datapackage.json for the files `made` (path -> bytes), of which `<name>.csv` holds the table `shown[name]`."""
    licences = sorted({(card.licence, card.source) for card in release.cards if card.licence})
    settings = release.settings
    described = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", settings.id.lower()).strip("-") or "study",
        "title": settings.title.get("en", settings.id),
        **({"created": f"{release.date}T00:00:00Z"} if release.date else {}),
        "profile": "data-package",
        "status": settings.status,
        "audience": release.audience,
        "synthetic": settings.synthetic,
        "licenses": [{"name": name, "title": source} for name, source in licences],
        "resources": [_resource(path, content, shown) for path, content in made.items()],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def known(name: str) -> dict[str, Column]:
    """The dictionary's columns of a table; of one that it does not have, those of the same name in estimates."""
    return {column.name: column for column in tables.table(name if name in tables.names() else "estimates").columns}


def _resource(path: str, content: bytes, shown: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """One file; a plain CSV table with its columns."""
    stem, _, form = path.rpartition(".")
    about = {
        "path": path, "format": form, "mediatype": MEDIA[form], "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }  # fmt: skip
    if form == "csv" and stem in shown:
        fields = _fields(stem, shown[stem])
        plain = {"name": stem, "profile": "tabular-data-resource", "encoding": "utf-8"}
        return plain | about | {"schema": {"fields": fields}}
    name = path.replace("/", "-").replace(".", "-").lower()
    return {"name": name, "profile": "data-resource", **about} | ({"encoding": "utf-8"} if form == "csv" else {})


def _fields(name: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The columns of a table: type, unit, meaning in both languages, tag."""
    told = known(name)
    fields: list[dict[str, Any]] = []
    for column, kind in frame.schema.items():
        entry: dict[str, Any] = {"name": column, "type": next((t for k, t in TYPES.items() if kind == k), "string")}
        if column in told:
            entry |= {"description": told[column].meaning["en"], "descriptionFr": told[column].meaning["fr"]}
            entry |= {"unit": told[column].unit} if told[column].unit else {}
            entry |= {"hxl": told[column].hxl} if told[column].hxl else {}
        fields.append(entry)
    return fields
