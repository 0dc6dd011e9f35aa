"""Outlines and columns of numbers: layers of areas, Parquet."""

import json
import pickle
from pathlib import Path

from bad import ADD, ROWS, Bad, content

PLACES = (*ADD, "places")
HOUSE = [[0.0, 17.0], [1.0, 17.0], [1.0, 16.0], [0.0, 16.0], [0.0, 17.0]]
BOW_TIE = [[0.0, 16.0], [1.0, 17.0], [1.0, 16.0], [0.0, 17.0], [0.0, 16.0]]


class Planted:
    """What would leave a file behind, were it ever unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("unpickled"),))


def layer(ring: object, code: str = "ML07") -> str:
    feature = {
        "type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


LAYERS = {
    "geojson: a bow tie": Bad(content("a.geojson", layer(BOW_TIE)), PLACES, ("outline_crossed",), ROWS),
    "geojson: latitude first": Bad(
        content("a.geojson", layer([[y, x] for x, y in HOUSE])), PLACES, ("outline_swapped",), ROWS
    ),
    "geojson: NaN": Bad(content("a.geojson", layer(HOUSE).replace("1.0", "NaN", 1)), PLACES, ("geojson_unreadable",)),
    "geojson: 1e400": Bad(
        content("a.geojson", layer(HOUSE).replace("1.0", "1e400", 1)), PLACES, ("outline_coordinates",), ROWS
    ),
    "geojson: nested without end": Bad(
        content("a.geojson", '{"a":' * 200_000 + "1" + "}" * 200_000), PLACES, ("geojson_unreadable",)
    ),
    "geojson: a place that is not here": Bad(
        content("a.geojson", layer(HOUSE, "XX99")), PLACES, ("outline_alone",), ROWS
    ),
    "gpkg: no database": Bad(content("a.gpkg", "SQLite format 3\0 and no more"), PLACES, ("layer_unreadable",)),
    "parquet: a pickle": Bad(
        content("a.parquet", pickle.dumps(Planted())), (*ADD, "indicators"), ("parquet_unreadable",)
    ),
}  # fmt: skip
