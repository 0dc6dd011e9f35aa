"""Where the ends of flows stand on a map: as the areas or points they are, or at its edge where they lie outside."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from maillage.publish import mapping
from maillage.publish.charts.arrows import Point
from maillage.publish.projection import Frame, layer
from maillage.publish.svg import Box, overlap
from maillage.publish.view import View

EDGE, APART, INSET = 10.0, 34.0, 16.0  # px: from the frame, between two ends off the map, least for those on it
SIDE = 0.55  # how much rather an end off the map stands left or right than above or below
Leg = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """A frame, the outlines of what is named on it, where each end stands, and which ends are off the map."""

    frame: Frame
    areas: Mapping[str, BaseGeometry]
    at: Mapping[str, Point]
    outside: frozenset[str]

    def clear(self, box: Box, taken: Iterable[Box]) -> bool:
        """Whether a box lies inside the map and on nothing."""
        left, top = self.frame.left + 2, self.frame.top + 2
        right, bottom = left + self.frame.wide - 4, top + self.frame.high - 4
        inside = box[0] >= left and box[1] >= top and box[2] <= right and box[3] <= bottom
        return inside and not any(overlap(box, other) for other in taken)

    def outward(self, code: str) -> Point:
        """The way from an end across the edge nearest to it, one px long."""
        (left, top), frame = self.at[code], self.frame
        ways = {(-1, 0): left - frame.left, (1, 0): frame.left + frame.wide - left,
                (0, -1): top - frame.top, (0, 1): frame.top + frame.high - top}  # fmt: skip
        return min(ways, key=lambda way: ways[way])


def ground(seen: View, frame: Frame, legs: Sequence[Leg]) -> Ground:
    """Where the ends of some legs stand; those off the map at an edge near what they are tied to."""
    ends = list(dict.fromkeys(end for leg in legs for end in leg))
    areas = {end: area for end in ends if (area := _area(seen, frame, end)) is not None}
    at = {end: _seat(area, frame) for end, area in areas.items()}
    at |= {end: point for end in ends if end not in at and (point := _point(seen, frame, end)) is not None}
    outside = [end for end in ends if end not in at]
    reached = {end for _, end in legs}
    for code in outside:
        tied = [at[other] for leg in legs for other in leg if code in leg and other in at]
        at[code] = _edge(frame, tied, list(at.values()), last=code in reached)
    return Ground(frame, areas, {end: at[end] for end in ends}, frozenset(outside))


def _area(seen: View, frame: Frame, code: str) -> BaseGeometry | None:
    """The outline of a place or zone, the visible part of a neighbour; None for what the map does not hold."""
    known = seen.release.outlines
    members = [place for zone, place in seen.release.zones.iter_rows() if code == f"zone:{zone.removeprefix('zone:')}"]
    shapes = [known[place] for place in members or [code] if place in known]
    if shapes:
        return shapely.simplify(shapely.union_all(shapes), 0.7 / frame.scale)
    if code in seen.release.settings.countries:
        return shapely.simplify(shapely.union_all(list(mapping.regions(seen).values())), 0.7 / frame.scale)
    visible = [land for properties, land in layer("countries", frame) if properties["code"] == code]
    return shapely.simplify(visible[0], 0.7 / frame.scale) if visible else None


def _point(seen: View, frame: Frame, code: str) -> Point | None:
    """Where a place without an outline lies by its coordinates; None where it has none on the map."""
    known = seen.release.places.filter(seen.release.places["code"] == code).select("lon", "lat").rows()
    lon, lat = known[0] if known else (None, None)
    return frame.at(lon, lat) if lon is not None and lat is not None and frame.holds(lon, lat) else None


def _seat(area: BaseGeometry, frame: Frame) -> Point:
    """The middle of the widest part, away from the frame."""
    across, down = mapping.seat(area, frame)
    return (min(max(across, frame.left + INSET), frame.left + frame.wide - INSET),
            min(max(down, frame.top + INSET), frame.top + frame.high - INSET))  # fmt: skip


def _edge(frame: Frame, tied: Sequence[Point], taken: Sequence[Point], *, last: bool) -> Point:
    """The spot at the edge nearest to what an end is tied to and clear of other ends, so that its arrow crosses little.

    Where goods only come from stands at no right edge, where they go to at no left one."""
    left, top = frame.left, frame.top
    right, bottom = left + frame.wide, top + frame.high
    middle = (sum(point[0] for point in tied) / len(tied), sum(point[1] for point in tied) / len(tied)) if tied else (
        (left + right) / 2, (top + bottom) / 2)  # fmt: skip
    steps = [APART * turn * way for turn in range(12) for way in (1, -1)]
    across, down = right - EDGE if last else left + EDGE, (top + EDGE, bottom - EDGE)
    spots = [(across, middle[1] + step) for step in steps] + [(middle[0] + step, y) for y in down for step in steps]
    inside = [spot for spot in spots if left < spot[0] < right and top < spot[1] < bottom]
    free = [spot for spot in inside if all(math.dist(spot, other) >= APART for other in taken)]
    return min(free or inside, key=lambda spot: math.dist(spot, middle) * (SIDE if spot[0] == across else 1))
