"""A country and those beside it, from the outlines that come with maillage (Natural Earth, 110 m)."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

FOLDER = Path(__file__).parent.parent / "basemap"
NEAR = 0.3  # degrees: the outlines are coarse, so borders do not meet exactly


@cache
def countries() -> dict[str, dict[str, Any]]:
    """Code -> names, label point and geometry (as GeoJSON has it)."""
    features = orjson.loads((FOLDER / "countries.geojson").read_bytes())["features"]
    return {item["properties"]["code"]: item["properties"] | {"geometry": item["geometry"]} for item in features}


@cache
def outline(country: str) -> BaseGeometry | None:
    """The outline of a country; None where there is none here. Most studies need one of them all."""
    known = countries().get(country)
    return shape(known["geometry"]) if known else None


def bordering(country: str) -> list[dict[str, Any]]:
    """The countries beside `country`, by code; empty where it has no outline here."""
    own = outline(country)
    if own is None:
        return []
    others = ((other, outline(code)) for code, other in sorted(countries().items()) if code != country)
    return [other for other, land in others if land is not None and own.distance(land) < NEAR]
