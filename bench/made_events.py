"""Event data made up with the 49 columns of UCDP GED, and areas to put them in."""

import json
from pathlib import Path

import numpy as np
import polars as pl

HEADER = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
]
WIDE, TALL = 20, 15  # areas: 300 squares of half a degree
WEST, SOUTH, SIDE = -12.0, 10.0, 0.5


def ged(rows: int, seed: int = 1) -> pl.DataFrame:
    """Rows as GED writes them: articles in quotes with commas and quotes of their own, one in fifty over two lines."""
    rng = np.random.default_rng(seed)
    number = np.arange(rows)
    days = pl.Series(rng.integers(6_940, 20_000, rows)).cast(pl.Int32).cast(pl.Date)
    best, actor = rng.poisson(3, rows), rng.integers(0, 300, rows)
    lon = (WEST + rng.random(rows) * WIDE * SIDE).round(6)
    lat = (SOUTH + rng.random(rows) * TALL * SIDE).round(6)
    frame = pl.DataFrame({"number": number, "day": days, "lon": lon, "lat": lat, "actor": actor, "best": best})
    day = pl.col("day").cast(pl.String)
    over = pl.when(pl.col("number") % 50 == 0).then(pl.lit('Fighting near\na well they call "old"'))
    article = pl.concat_str(pl.lit("Agency "), "actor", pl.lit(","), day, pl.lit(","), over.otherwise(pl.lit("dead")))
    moment = pl.concat_str(day, pl.lit(" 00:00:00.000"))
    said = {
        "id": pl.col("number") + 100_000, "year": pl.col("day").dt.year(), "active_year": pl.lit(1),
        "relid": pl.concat_str(pl.lit("MLI-"), pl.col("day").dt.year(), pl.lit("-1-"), pl.col("number")),
        "code_status": pl.lit("Clear"), "type_of_violence": pl.col("number") % 3 + 1, "source_article": article,
        "conflict_name": pl.concat_str(pl.lit("Mali: Area "), pl.col("actor")),
        "dyad_name": pl.concat_str(pl.lit("Government - Group "), pl.col("actor")),
        "side_a": pl.lit("Government of Mali"), "side_b": pl.concat_str(pl.lit("Group "), pl.col("actor")),
        "number_of_sources": pl.lit(1), "source_office": pl.lit("Agency"), "source_date": day,
        "source_headline": pl.lit("Fighting, dead"), "source_original": pl.lit("Army, residents"),
        "where_prec": pl.col("number") % 4 + 1, "where_coordinates": pl.lit("Well town"),
        "where_description": pl.lit("Well town, in the north"), "adm_1": pl.lit("Area region"),
        "adm_2": pl.lit("Area cercle"), "latitude": pl.col("lat"), "longitude": pl.col("lon"),
        "geom_wkt": pl.concat_str(pl.lit("POINT ("), pl.col("lon"), pl.lit(" "), pl.col("lat"), pl.lit(")")),
        "country": pl.lit("Mali"), "region": pl.lit("Africa"), "date_start": moment,
        "date_end": moment,
        "deaths_a": pl.col("best"), "best": pl.col("best"), "high": pl.col("best") + 1, "low": pl.col("best"),
    }  # fmt: skip
    return frame.select((said.get(name, pl.lit(436))).alias(name) for name in HEADER)


def squares() -> dict[str, list[tuple[float, float]]]:
    """The corners of 300 areas, by code."""
    found: dict[str, list[tuple[float, float]]] = {}
    for order in range(WIDE * TALL):
        x, y = WEST + order % WIDE * SIDE, SOUTH + order // WIDE * SIDE
        found[f"EX{order:04}"] = [(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE), (x, y)]
    return found


def study(folder: Path) -> Path:
    """A study of 300 areas with outlines, and no events yet."""
    settings = (
        "id: bench\ntitle: {en: Bench (SYNTHETIC), fr: Banc (SYNTHÉTIQUE)}\nlanguages: [en, fr]\npack: nexus\n"
        "coders: [ana]\ncountries: [EX]\nsynthetic: true\n"
    )
    places = "".join(f"{code},Area {code},admin2,EX01\n" for code in squares())
    layer = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [corners]}}
        for code, corners in squares().items()
    ]}  # fmt: skip
    (folder / "tables").mkdir(parents=True)
    (folder / "study.yml").write_text(settings, "utf-8")
    head = "code,name,level,parent\nEX,Example,admin0,\nEX01,North,admin1,EX\n"
    (folder / "tables" / "places.csv").write_text(head + places, "utf-8")
    (folder / "tables" / "places.yml").write_text("kind: places\n", "utf-8")
    (folder / "tables" / "outlines.geojson").write_text(json.dumps(layer), "utf-8")
    (folder / "tables" / "outlines.yml").write_text("kind: places\nfile: tables/outlines.geojson\n", "utf-8")
    return folder
