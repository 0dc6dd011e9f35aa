"""A country and those beside it, from the outlines that come with maillage (Natural Earth, 110 m)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from shapely.geometry import shape

FOLDER = Path(__file__).parent.parent / "basemap"
NEAR = 0.3  # degrees: the outlines are coarse, so borders do not meet exactly


@cache
def countries() -> dict[str, dict[str, Any]]:
    """Code -> names, label point and outline."""
    features = json.loads((FOLDER / "countries.geojson").read_text("utf-8"))["features"]
    return {item["properties"]["code"]: item["properties"] | {"outline": shape(item["geometry"])} for item in features}


def bordering(country: str) -> list[dict[str, Any]]:
    """The countries beside `country`, by code; empty where it has no outline here."""
    own = countries().get(country)
    if own is None:
        return []
    return [
        other
        for code, other in sorted(countries().items())
        if code != country and own["outline"].distance(other["outline"]) < NEAR
    ]
