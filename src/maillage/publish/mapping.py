"""The ground every map stands on: neighbours, water, regions with names, towns, scale, legend, inset."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from maillage.publish.projection import Frame, drawn, framed, layer, outlines
from maillage.publish.svg import HATCH, Canvas, Style, overlap, text_box, width, wrap
from maillage.publish.view import View

NAME = Style(size=13, weight=600, anchor="middle", halo=True)
TOWN = Style(size=12.5, halo=True)
ABROAD = Style(size=12.5, anchor="middle", colour="muted")
KEY, HEAD = Style(size=12.5), Style(size=12.5, weight=600)
SCALES = (50, 100, 200, 300, 500, 1000)
AWAY = 4.0  # px between the name of a town and any other, where there is room
SMALL = 260.0  # square px under which a region gets an inset


@dataclass(frozen=True, slots=True)
class Shape:
    """A region ready to draw: outline in degrees and path in px."""

    code: str
    outline: BaseGeometry
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: its words and the fill of its patch."""

    text: str
    fill: str
    tick: bool = True


def regions(seen: View) -> dict[str, BaseGeometry]:
    """Outlines of the first-level areas of the study (second level where there is no first), in the order of codes."""
    for level in ("admin1", "admin2", "admin0", "country"):
        found = {code: shape for code, shape in sorted(seen.release.outlines.items()) if seen.levels.get(code) == level}
        if found:
            return found
    return {}


def country_frame(shapes: Mapping[str, BaseGeometry], wide: float, margin: float = 0.06) -> Frame:
    """The frame around all regions."""
    every = [shape.bounds for shape in shapes.values()]
    west, south = min(box[0] for box in every), min(box[1] for box in every)
    return framed((west, south, max(box[2] for box in every), max(box[3] for box in every)), wide, margin=margin)


def shaped(shapes: Mapping[str, BaseGeometry], frame: Frame, coarse: float = 0.7) -> list[Shape]:
    """Regions with their paths."""
    return [Shape(code, shape, drawn(shape, frame)) for code, shape in outlines(shapes, frame, coarse).items()]


def ground(canvas: Canvas, frame: Frame, *, rivers: bool = True) -> None:
    """Neighbouring land, lakes and rivers in pale tones, cut to the frame."""
    for _, land in layer("countries", frame):
        canvas.path(drawn(shapely.simplify(land, 0.8 / frame.scale), frame, 4), "land", edge=1)
    if rivers:
        water(canvas, frame)


def water(canvas: Canvas, frame: Frame) -> bool:
    """Lakes and rivers; whether there are rivers."""
    for _, lake in layer("lakes", frame):
        canvas.path(drawn(lake, frame), "water")
    data = "".join(drawn(shapely.simplify(river, 0.8 / frame.scale), frame) for _, river in layer("rivers", frame))
    if data:
        canvas.curve(data, "c6", 0.8)
    return bool(data)


def painted(canvas: Canvas, shapes: Sequence[Shape], fill: Callable[[str], str]) -> None:
    """The regions, each in its role of colour or hatched; those as pale as the paper are outlined."""
    for shape in shapes:
        canvas.path(shape.path, fill(shape.code), edge=1.2)
        if fill(shape.code) in (HATCH, "paper"):
            canvas.curve(shape.path, "line", 0.8)


def seat(shape: BaseGeometry, frame: Frame) -> tuple[float, float]:
    """Where a region's name stands: the middle of its widest part."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.05)
    lon, lat = circle.coords[0]
    return frame.at(lon, lat)


def names(canvas: Canvas, frame: Frame, shapes: Sequence[Shape], seen: View, below: Mapping[str, str]) -> None:
    """Names of regions, with a second line (`below`) where there is one; each finds a free spot near its middle."""
    for shape in shapes:
        x, y = seat(shape.outline, frame)
        label, second = seen.place(shape.code), below.get(shape.code, "")
        steps = sorted(((dx, dy) for dx in (0, 12, -12, 24, -24) for dy in range(-42, 43, 7)), key=_reach)
        spots = [(x + dx, y + dy, "middle") for dx, dy in steps]
        free = next((spot for spot in spots if _free(canvas, spot, label, second)), None)
        if free is not None:
            canvas.text(free[0], free[1], label, NAME)
            if second:
                canvas.text(free[0], free[1] + 15, second, Style(size=12.5, anchor="middle", halo=True))


def _reach(step: tuple[float, float]) -> float:
    """How far a name stands from its middle; sideways counts more."""
    return 2 * abs(step[0]) + abs(step[1])


def _free(canvas: Canvas, spot: tuple[float, float, str], label: str, second: str) -> bool:
    boxes = [text_box(spot[0], spot[1], label, NAME)]
    if second:
        boxes.append(text_box(spot[0], spot[1] + 15, second, Style(size=12.5, anchor="middle")))
    inside = all(box[0] >= 1 and box[2] <= canvas.wide - 1 for box in boxes)
    return inside and not any(overlap(box, taken) for box in boxes for taken in canvas.boxes)


def dots(canvas: Canvas, frame: Frame, seen: View, *, most: int = 9) -> list[tuple[str, float, float]]:
    """The main towns of the study's countries as dots that names keep clear of; returns name and place of each."""
    own = [(properties[seen.lang], *frame.at(*point.coords[0])) for properties, point in layer("towns", frame)
           if properties["country"] in seen.release.settings.countries][:most]  # fmt: skip
    for _, x, y in own:
        canvas.dot(x, y, 2.2, "ink")
        canvas.boxes.append((x - 3, y - 3, x + 3, y + 3))
    return own


def towns(canvas: Canvas, found: Sequence[tuple[str, float, float]], borne: Collection[str]) -> None:
    """Names of towns where there is room and no region on the map bears it (`borne`); first where a name stands clear
    of others, so that no two read as one."""
    for name, x, y in found:
        beside = [(x + 6, y + 4, "start"), (x - 6, y + 4, "end"), (x, y - 7, "middle"), (x, y + 15, "middle")]
        slanted = [(x + 4, y + 18, "start"), (x - 4, y + 18, "end"), (x + 4, y - 9, "start"), (x - 4, y - 9, "end")]
        clear = [spot for spot in (*beside[:3], *slanted, beside[3]) if _clear(canvas, spot, name, (x, y))]
        if name not in borne:
            canvas.place([*clear, *beside], name, TOWN)


def _clear(canvas: Canvas, spot: tuple[float, float, str], name: str, dot: tuple[float, float]) -> bool:
    """Whether a name at a spot stands `AWAY` px from every other, its own dot aside."""
    left, top, right, bottom = text_box(spot[0], spot[1], name, replace(TOWN, anchor=spot[2]))
    around = (left - AWAY, top - AWAY, right + AWAY, bottom + AWAY)
    others = [box for box in canvas.boxes if not (box[0] <= dot[0] <= box[2] and box[1] <= dot[1] <= box[3])]
    return not any(overlap(around, box) for box in others)


def neighbours(canvas: Canvas, frame: Frame, seen: View) -> None:
    """Names of the countries around, where their visible part is wide enough."""
    for properties, land in layer("countries", frame):
        if properties["code"] in seen.release.settings.countries:
            continue
        x, y = seat(land, frame)
        text = properties[seen.lang]
        room = (land.bounds[2] - land.bounds[0]) * frame.scale * frame.squeeze
        half = width(text, ABROAD.size) / 2 + 4
        x = min(max(x, frame.left + half), frame.left + frame.wide - half)
        if room > 2 * half:
            canvas.place([(x, y + dy, "middle") for dy in (4, 20, -12, 36, -28)], text, ABROAD)


def scale_bar(canvas: Canvas, frame: Frame, seen: View, at: tuple[float, float]) -> None:
    """A bar of a round number of kilometres from `at` to the right, its length written above."""
    length = max((km for km in SCALES if km * frame.km <= frame.wide / 4), default=SCALES[0])
    x, y = at
    canvas.line((x, y, x + length * frame.km, y), "muted", 1.5)
    canvas.text(x, y - 5, f"{seen.number(length)}\u00a0km", Style(size=12.5, colour="muted", tick=True))


def legend(canvas: Canvas, x: float, y: float, entries: Sequence[Entry], *, title: str, wide: float = 150) -> float:
    """A legend as a column of patches; returns the y below it."""
    y = canvas.lines(x, y, wrap(title, wide, HEAD.size, 600), HEAD)
    for entry in entries:
        box = (x, y - 10, x + 20, y + 3)
        if entry.fill == HATCH:
            canvas.hatched(box)
        else:
            canvas.rect(box, entry.fill)
        if entry.fill == "paper":
            canvas.frame(box, "line")
        for line in wrap(entry.text, wide - 28, KEY.size):
            canvas.text(x + 28, y, line, Style(size=KEY.size, tick=entry.tick))
            y += 16
        y += 3
    return y


def inset(canvas: Canvas, corner: tuple[float, float], shape: Shape, fill: str, *, caption: Sequence[str]) -> None:
    """A small district drawn larger in a corner (left, top), with its name and value beside it."""
    frame = framed(shape.outline.bounds, 46, margin=0.02, tall=1.0)
    moved = Frame(frame.west, frame.north, frame.scale, frame.squeeze, 46, frame.high, corner[0], corner[1])
    canvas.path(drawn(shapely.simplify(shape.outline, 0.6 / frame.scale), moved), fill, edge=1.2)
    style, quiet = Style(size=13, weight=600), Style(size=12.5, colour="muted")
    for order, line in enumerate(caption):
        canvas.text(corner[0] + 54, corner[1] + 18 + 15 * order, line, quiet if order else style)


def tiny(shapes: Sequence[Shape], frame: Frame) -> list[Shape]:
    """Regions too small to read on the map."""
    return [shape for shape in shapes if shape.outline.area * frame.scale**2 * frame.squeeze < SMALL]
