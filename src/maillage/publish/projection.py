"""From degrees to pixels: one frame a map, outlines simplified together so that shared borders stay shared.

Plate carrée scaled by the cosine of the middle latitude: areas of one country keep their proportions within a few
per cent, which is what a map of regions needs (Snyder, 1987).
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from maillage.publish.svg import px

BASE = Path(__file__).parent.parent / "basemap"
KM_PER_DEGREE = 111.195
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on the Earth: left and upper edge in degrees, px a degree of latitude, cosine, size and place in px."""

    west: float
    north: float
    scale: float
    squeeze: float
    wide: float
    high: float
    left: float = 0
    top: float = 0

    def at(self, lon: float, lat: float) -> Point:
        """Where a position falls on the drawing."""
        return self.left + (lon - self.west) * self.squeeze * self.scale, self.top + (self.north - lat) * self.scale

    @property
    def window(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        east = self.west + self.wide / (self.squeeze * self.scale)
        return self.west, self.north - self.high / self.scale, east, self.north

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a position lies inside."""
        west, south, east, north = self.window
        return west < lon < east and south < lat < north

    @property
    def km(self) -> float:
        """Pixels a kilometre."""
        return self.scale / KM_PER_DEGREE


def framed(bounds: tuple[float, float, float, float], wide: float, *, margin: float = 0.06, tall: float = 1.2) -> Frame:
    """The frame `wide` px across that shows bounds (west, south, east, north); at most `tall` times as high as wide."""
    west, south, east, north = bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    across, down = (east - west) * squeeze, north - south
    pad = margin * max(across, down)
    across, down = across + 2 * pad, down + 2 * pad
    scale = min(wide / across, wide * tall / down)
    high = down * scale
    spare = (wide / scale - across) / 2
    return Frame(west - (pad + spare) / squeeze, north + pad, scale, squeeze, wide, round(high, 1))


def outlines(shapes: Mapping[str, BaseGeometry], frame: Frame, coarse: float = 0.7) -> dict[str, BaseGeometry]:
    """Outlines with detail below `coarse` px taken out, neighbours still meeting; small islands dropped."""
    codes = sorted(shapes)
    tolerance = coarse / frame.scale
    found = shapely.coverage_simplify([shapes[code] for code in codes], tolerance)
    return dict(zip(codes, found, strict=True))


def drawn(shape: BaseGeometry, frame: Frame, least: float = 2.0) -> str:
    """The path of a polygon or line, relative to tenths of a px; parts under `least` square px are left out."""
    parts: list[str] = []
    for part in shapely.get_parts(shape):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            if part.area * frame.scale**2 * frame.squeeze >= least:
                parts.append(_ring(part.exterior.coords, frame) + "Z")
        elif part.geom_type == "LineString":
            parts.append(_ring(part.coords, frame))
    return "".join(parts)


def _ring(coords: Any, frame: Frame) -> str:
    """Move and relative lines in whole tenths, repeats left out."""
    points = [frame.at(lon, lat) for lon, lat in coords]
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    x, y = tenths[0]
    steps: list[str] = []
    for next_x, next_y in tenths[1:]:
        if (next_x, next_y) != (x, y):
            across, down = px((next_x - x) / 10), px((next_y - y) / 10)
            steps.append(f"{across}{'' if down.startswith('-') else ' '}{down}")
            x, y = next_x, next_y
    joined = "".join(step if not order or step.startswith("-") else f" {step}" for order, step in enumerate(steps))
    return f"M{px(tenths[0][0] / 10)} {px(tenths[0][1] / 10)}l{joined}" if steps else ""


@cache
def _layer(name: str) -> tuple[tuple[Mapping[str, Any], BaseGeometry], ...]:
    """Features of one file of the base map: properties and geometry."""
    features = json.loads((BASE / f"{name}.geojson").read_text("utf-8"))["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return tuple((feature["properties"], shape) for feature, shape in zip(features, shapes, strict=True))


def layer(name: str, frame: Frame) -> Iterator[tuple[Mapping[str, Any], BaseGeometry]]:
    """What of a layer (countries, rivers, lakes, towns) lies in the frame, cut to it."""
    west, south, east, north = frame.window
    for properties, shape in _layer(name):
        left, low, right, high = shape.bounds
        if left < east and right > west and low < north and high > south:
            cut = shape if shape.geom_type == "Point" else shapely.clip_by_rect(shape, west, south, east, north)
            if not cut.is_empty:
                yield properties, cut


@cache
def countries() -> Mapping[str, Mapping[str, Any]]:
    """Every country of the base map: ISO code -> en, fr, lon, lat of a point inside."""
    return {properties["code"]: properties for properties, _ in _layer("countries")}
