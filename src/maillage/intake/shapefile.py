"""The two parts of a Shapefile that matter: outlines (.shp) and attributes (.dbf).

After the ESRI Shapefile Technical Description (1998): polygons with or without Z and M; anything else has no outline.
"""

import struct
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

HEAD, POLYGONS = 100, (5, 15, 25)
DELETED, LAST_FIELD = 0x2A, 0x0D


def outlines(raw: bytes) -> list[BaseGeometry | None]:
    """One outline a record, in order; None for a record without polygon. Raises ValueError for other bytes."""
    if len(raw) < HEAD or struct.unpack(">i", raw[:4])[0] != 9994:
        raise ValueError("no .shp")
    found: list[BaseGeometry | None] = []
    at = HEAD
    while at + 8 <= len(raw):
        size = 2 * int(struct.unpack(">i", raw[at + 4 : at + 8])[0])
        body = raw[at + 8 : at + 8 + size]
        if size < 4 or len(body) < size:
            raise ValueError("cut off")
        found.append(_polygon(body))
        at += 8 + size
    return found


def _polygon(body: bytes) -> BaseGeometry | None:
    """Rings put together: those that run clockwise are outer, the others holes of the outer ring around them."""
    if struct.unpack("<i", body[:4])[0] not in POLYGONS:
        return None
    parts, points = struct.unpack("<2i", body[36:44])
    if parts < 1 or points < 4 or 44 + 4 * parts + 16 * points > len(body):
        return None
    starts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), points]
    flat = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts : 44 + 4 * parts + 16 * points])
    xy = list(zip(flat[::2], flat[1::2], strict=True))
    try:
        rings = [shapely.LinearRing(xy[a:b]) for a, b in pairwise(starts)]
    except (ValueError, shapely.errors.GEOSException):
        return None
    outer = [ring for ring in rings if not ring.is_ccw] or rings
    holes = [ring for ring in rings if ring.is_ccw] if len(outer) < len(rings) else []
    shapes = [shapely.Polygon(ring, [hole for hole in holes if _within(hole, ring)]) for ring in outer]
    return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)


def _within(hole: shapely.LinearRing, ring: shapely.LinearRing) -> bool:
    return shapely.Polygon(ring).contains(shapely.Point(hole.coords[0])) or shapely.Polygon(ring).covers(hole)


def records(raw: bytes, encoding: str = "") -> list[dict[str, Any] | None]:
    """The attributes of each record as text, None for a deleted one.

    The encoding is that of the .cpg, else UTF-8 where it is, else Windows-1252.
    """
    count, head, width = struct.unpack("<IHH", raw[4:12])
    fields: list[tuple[str, int]] = []
    at = 32
    while raw[at] != LAST_FIELD:
        fields.append((raw[at : at + 11].split(b"\0")[0].decode("latin-1"), raw[at + 16]))
        at += 32
    rows = [raw[head + width * number : head + width * (number + 1)] for number in range(count)]
    if any(len(row) < width for row in rows):
        raise ValueError("cut off")
    return [None if row[0] == DELETED else _record(row, fields, encoding) for row in rows]


def _record(row: bytes, fields: list[tuple[str, int]], encoding: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    at = 1
    for name, size in fields:
        out[name] = _text(row[at : at + size], encoding)
        at += size
    return out


def _text(cell: bytes, encoding: str) -> str:
    known = encoding if encoding and not encoding.isdigit() else f"cp{encoding}" if encoding else "utf-8"
    try:
        return cell.decode(known).strip(" \0")
    except (UnicodeDecodeError, LookupError):
        return cell.decode("cp1252", "replace").strip(" \0")
