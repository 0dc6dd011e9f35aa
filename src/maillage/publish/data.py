"""The open data of a release: CSV tables, the same with HXL tags, as one workbook and as Parquet, the map, and what
describes them; nothing that is not in the Release.

UTF-8, LF, fixed order and number form. Text that a spreadsheet would take for a formula gets an apostrophe in front;
numbers stay numbers.
"""

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from maillage.numbers import decimal_text
from maillage.publish import datapackage, geopackage, reporting, workbook
from maillage.publish.gate import Release
from maillage.spreadsheet import defused

QUOTED = re.compile(r'[,"\n\r;]')
DIGITS = 10  # decimals of a number in every file
Frames = Mapping[str, pl.DataFrame]


def files(release: Release) -> dict[str, bytes]:
    """File name -> bytes, for the folder `data/`."""
    shown = frames(release)
    plain = _plain(shown)
    made = plain | _tagged(shown, plain) | columnar(release) | workbook.files(release, shown) | maps(release)
    return made | _described(release, shown, made)


def maps(release: Release) -> dict[str, bytes]:
    """The areas of the release and their numbers for a GIS."""
    return {"map.gpkg": geopackage.geopackage(release), "map.geojson": geopackage.geojson(release)}


def tables_of(release: Release) -> dict[str, bytes]:
    """The tables of the release as CSV, plain and with HXL tags, and what describes them."""
    shown = frames(release)
    plain = _plain(shown)
    made = plain | _tagged(shown, plain)
    return made | _described(release, shown, made)


def books(release: Release) -> dict[str, bytes]:
    """The tables of the release as one workbook."""
    return workbook.files(release, frames(release))


def columnar(release: Release) -> dict[str, bytes]:
    """The estimates as Parquet, for programs; numbers as in the CSV."""
    made = io.BytesIO()
    release.estimates.with_columns(pl.col(pl.Float64).round(DIGITS)).write_parquet(made, compression="zstd")
    return {"estimates.parquet": made.getvalue()}


def frames(release: Release) -> dict[str, pl.DataFrame]:
    """The tables of the release by name."""
    return {
        "estimates": release.estimates, "findings": release.findings, "priorities": release.priorities,
        "routes": release.routes, "places": release.places, "withheld": release.withheld,
        "sources": release.public_sources, "reporting": reporting.table(release),
    }  # fmt: skip


def _plain(shown: Frames) -> dict[str, bytes]:
    return {f"{name}.csv": csv(frame) for name, frame in shown.items()}


def _tagged(shown: Frames, plain: Mapping[str, bytes]) -> dict[str, bytes]:
    """Tables of which most columns have a tag of the Humanitarian Exchange Language, in a row under the header."""
    made: dict[str, bytes] = {}
    for name, frame in shown.items():
        known = datapackage.known(name)
        tags = [known[column].hxl or "" if column in known else "" for column in frame.columns]
        if 2 * sum(map(bool, tags)) > len(tags):
            header, rest = plain[f"{name}.csv"].split(b"\n", 1)
            made[f"hxl/{name}.csv"] = b"\n".join((header, ",".join(tags).encode(), rest))
    return made


def _described(release: Release, shown: Frames, made: Mapping[str, bytes]) -> dict[str, bytes]:
    return {datapackage.NAME: datapackage.package(release, shown, made)}


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
        return decimal_text(round(value, DIGITS))
    return _quoted(";".join(map(str, value)) if isinstance(value, list) else str(value))


@lru_cache(maxsize=16384)  # most words stand in many rows
def _quoted(text: str) -> str:
    text = defused(text)
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text
