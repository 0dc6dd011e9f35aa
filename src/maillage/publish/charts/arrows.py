"""Curved arrows: bent to the left of their way so that there and back stand apart, width by independent sources.

What comes to one end from nearly one side is bent by different amounts, so that each leg can be followed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from maillage.publish.svg import Box, Canvas, paint, px

Point = tuple[float, float]
CLASSES = ((1, 1.6), (2, 3.2), (4, 5.2))  # from so many independent sources on: px
BEND, START, END, DASH = 0.17, 6.0, 7.5, "5 3.5"
NEAR, ALIKE, SPREAD = 0.4, 0.15, 0.7  # radians apart at an end: from one side, on one line; share of a bend between two
SAMPLES = 40


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a point to a point; `clusters`: independent sources, None where that may not be said; `alleged`: no source
    says it outright; `bend`: how far it swings out, in parts of its length."""

    start: Point
    end: Point
    clusters: int | None
    alleged: bool = False
    bend: float = BEND

    @property
    def thick(self) -> float:
        """Its width in px, one of three classes."""
        return [wide for least, wide in CLASSES if (self.clusters or 1) >= least][-1]

    @property
    def dash(self) -> str:
        """Dashed where it is uncertain: one independent source, or alleged alone."""
        return DASH if self.alleged or lone(self.clusters) else ""

    @property
    def controls(self) -> tuple[Point, Point]:
        """The two points that bend it; a leg that ends where it starts is a loop above its place."""
        (x1, y1), (x2, y2) = self.start, self.end
        if math.dist(self.start, self.end) < 1:
            return (x1 - 34, y1 - 44), (x1 + 34, y1 - 44)
        across, down = x2 - x1, y2 - y1
        aside, rise = self.bend * down, -self.bend * across
        return (x1 + across / 3 + aside, y1 + down / 3 + rise), (x1 + 2 * across / 3 + aside, y1 + 2 * down / 3 + rise)

    def at(self, part: float) -> Point:
        """The point after a part (0 to 1) of the curve (cubic Bézier)."""
        (ax, ay), (bx, by) = self.controls
        rest = 1 - part
        weights = rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3
        points = (self.start, (ax, ay), (bx, by), self.end)
        return (sum(w * p[0] for w, p in zip(weights, points, strict=True)),
                sum(w * p[1] for w, p in zip(weights, points, strict=True)))  # fmt: skip


def apart(arrows: Sequence[Arrow]) -> list[Arrow]:
    """The same arrows in the same order, those that come to one end from nearly one side bent by different amounts.

    The further round one starts, the more it swings out; of two on one line, the longer swings around the shorter."""
    order = sorted(range(len(arrows)), key=lambda at: (arrows[at].end, _side(arrows[at]), _length(arrows[at])))
    groups: list[list[int]] = []
    for at in order:
        last = arrows[groups[-1][-1]] if groups else None
        same = last is not None and last.end == arrows[at].end
        if same and last is not None and abs(_bearing(last) - _bearing(arrows[at])) < NEAR:
            groups[-1].append(at)
        else:
            groups.append([at])
    bends = {
        at: BEND * (1 + SPREAD * (rank - (len(group) - 1) / 2)) for group in groups for rank, at in enumerate(group)
    }
    return [replace(arrow, bend=bends[at]) for at, arrow in enumerate(arrows)]


def _bearing(arrow: Arrow) -> float:
    return math.atan2(arrow.start[1] - arrow.end[1], arrow.start[0] - arrow.end[0])


def _side(arrow: Arrow) -> int:
    return round(_bearing(arrow) / ALIKE)


def _length(arrow: Arrow) -> float:
    return math.dist(arrow.start, arrow.end)


def lone(clusters: int | None) -> bool:
    """Whether a single independent source stands behind a leg."""
    return clusters == 1


def draw(canvas: Canvas, arrow: Arrow, colour: str = "accent") -> list[Box]:
    """The arrow with its head; returns small boxes along it that names keep clear of."""
    start, tip = _near(arrow.start, arrow.controls[0], START), _near(arrow.end, arrow.controls[1], END)
    cut = replace(arrow, start=start, end=tip) if start != tip else arrow
    (ax, ay), (bx, by) = arrow.controls
    neck = _near(tip, (bx, by), 4.5 + arrow.thick)
    points = " ".join(f"{px(x)} {px(y)}" for x, y in ((ax, ay), (bx, by), neck))
    curve = f"M{px(start[0])} {px(start[1])}C{points}"
    canvas.curve(curve, "paper", arrow.thick + 2.4)
    canvas.curve(curve, colour, arrow.thick, arrow.dash)
    _head(canvas, tip, (bx, by), 7 + 1.2 * arrow.thick, colour)
    spots = [cut.at(n / SAMPLES) for n in range(SAMPLES + 1)]
    return [(x - 3, y - 3, x + 3, y + 3) for x, y in spots]


def _near(point: Point, towards: Point, far: float) -> Point:
    """A point so many px from one on the way to another."""
    length = math.dist(point, towards) or 1.0
    return point[0] + (towards[0] - point[0]) * far / length, point[1] + (towards[1] - point[1]) * far / length


def _head(canvas: Canvas, tip: Point, behind: Point, size: float, colour: str) -> None:
    way = math.atan2(tip[1] - behind[1], tip[0] - behind[0])
    wings = [(tip[0] - size * math.cos(way + turn), tip[1] - size * math.sin(way + turn)) for turn in (0.42, -0.42)]
    corners = "L".join(f"{px(x)} {px(y)}" for x, y in (tip, *wings))
    canvas.parts.append(f'<path d="M{corners}Z"{paint(colour)} stroke="var(--paper)" stroke-width="0.8"/>')
