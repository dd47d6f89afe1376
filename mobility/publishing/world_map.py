"""The map of the partners' countries as SVG path data: outlines and marks, cut to where the partners are.

Projected when the site is built, so that the middle of the map is the middle of the partners' countries.
"""

import functools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

WIDTH = 1000
"""Width of the map in units of its own."""
RADIUS = 13
"""Radius of a mark, in these units."""
_MARGIN = 26
_LEAST_SPAN = 0.35
"""The least that is shown, in radii of the Earth: one small country alone is shown among its neighbours."""
_FLATTEST, _STEEPEST = 0.4, 0.75
"""Heights of the map for a width of one: lower it is a ribbon, higher it fills a screen and more."""


class Point(NamedTuple):
    """A point: to the right and down, or longitude and latitude in degrees."""

    x: float
    y: float


Ring = tuple[Point, ...]


@dataclass(frozen=True)
class World:
    """Outlines by country, the largest ring first; rings of no country that ISO 3166-1 knows; a point in each
    country. Degrees; a ring that crosses the 180th meridian goes on past it."""

    outlines: Mapping[str, tuple[Ring, ...]]
    others: tuple[Ring, ...]
    places: Mapping[str, Point]


@dataclass(frozen=True)
class MarkedCountry:
    """A country with partners: its outline as path data (empty where it has none) and its mark's middle."""

    code: str
    outline: str
    x: int
    y: int


@dataclass(frozen=True)
class WorldMap:
    """A map. `backdrop`: the other countries, as path data; `shown`: from the west to the east."""

    height: int
    backdrop: str
    shown: tuple[MarkedCountry, ...]
    width: int = WIDTH
    radius: int = RADIUS


def draw_from_file(path: Path, codes: Iterable[str]) -> WorldMap | None:
    """As `draw`, of the world in a file; cached for as long as neither changes."""
    return _draw_written(path.read_text(encoding="utf-8"), tuple(codes))


@functools.lru_cache(maxsize=8)
def _draw_written(written: str, codes: tuple[str, ...]) -> WorldMap | None:
    return draw(parse(written), codes)


def parse(written: str) -> World:
    """The world as `scripts/world.py` writes it."""
    found = json.loads(written)
    return World(
        {code: tuple(map(_ring, rings)) for code, rings in found["outlines"].items()},
        tuple(map(_ring, found["others"])),
        {code: _ring(numbers)[0] for code, numbers in found["places"].items()},
    )


def draw(world: World, codes: Iterable[str]) -> WorldMap | None:
    """The map on which countries are marked; those that the world does not know are left out. None where it
    knows none of them."""
    known = [code for code in dict.fromkeys(codes) if code in world.places]
    if not known:
        return None
    middle = _middle([world.places[code].x for code in known])
    frame = _frame([point for code in known for point in _extent(world, code, middle)])
    own = {code: _path(world.outlines.get(code, ()), middle, frame) for code in known}
    rest = [ring for code, rings in world.outlines.items() if code not in own for ring in rings]
    spots = _apart([frame.place(_mark(world, code, middle)) for code in known], frame)
    shown = [
        MarkedCountry(code, own[code], round(at.x), round(at.y))
        for code, at in zip(known, spots, strict=True)
    ]
    backdrop = _path([*rest, *world.others], middle, frame)
    return WorldMap(frame.height, backdrop, tuple(sorted(shown, key=lambda each: (each.x, each.y))))


def project(point: Point, middle: float) -> Point:
    """Equal Earth (Šavrič, Patterson, Jenny 2018), in radii of the Earth; the y axis points down."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    root = math.sqrt(3) / 2
    t = math.asin(root * math.sin(math.radians(point.y)))
    t2, t6 = t * t, t**6
    slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    x = math.radians(point.x - middle) * math.cos(t) / (root * slope)
    return Point(x, -t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2)))


@dataclass(frozen=True)
class _Frame:
    """The part of the projected world that is shown."""

    left: float
    top: float
    scale: float
    height: int

    def place(self, point: Point) -> Point:
        """A projected point on the map."""
        return Point((point.x - self.left) * self.scale, (point.y - self.top) * self.scale)

    def sees(self, points: Sequence[Point]) -> bool:
        """Whether the box around points of the map is in it, at least in part."""
        xs, ys = [p.x for p in points], [p.y for p in points]
        return max(xs) > 0 and min(xs) < WIDTH and max(ys) > 0 and min(ys) < self.height


def _ring(numbers: Sequence[int]) -> Ring:
    """A ring from tenths of a degree: the first point, then steps."""
    x = y = 0
    points = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append(Point(x / 10, y / 10))
    return tuple(points)


def _middle(longitudes: Sequence[float]) -> float:
    """The middle of the shortest arc that holds all longitudes."""
    found = sorted(longitudes)
    gaps = [(b - a, b) for a, b in zip(found, [*found[1:], found[0] + 360], strict=True)]
    gap, begin = max(gaps)
    middle = begin + (360 - gap) / 2
    return (middle + 180) % 360 - 180


def _turned(ring: Sequence[Point], middle: float) -> Ring:
    """A ring on the side of the Earth on which `middle` is in the middle."""
    around = (min(p.x for p in ring) + max(p.x for p in ring)) / 2
    turn = 360 * round((middle - around) / 360)
    return tuple(Point(p.x + turn, p.y) for p in ring)


def _extent(world: World, code: str, middle: float) -> Iterator[Point]:
    """Projected points that must be seen of a country: its largest ring, or its place."""
    rings = world.outlines.get(code) or ((world.places[code],),)
    return (project(point, middle) for point in _turned(rings[0], middle))


def _mark(world: World, code: str, middle: float) -> Point:
    [place] = _turned((world.places[code],), middle)
    return project(place, middle)


def _frame(points: Sequence[Point]) -> _Frame:
    left, right = min(p.x for p in points), max(p.x for p in points)
    top, bottom = min(p.y for p in points), max(p.y for p in points)
    wide, high = max(right - left, _LEAST_SPAN), max(bottom - top, _LEAST_SPAN * _FLATTEST)
    wide, high = max(wide, high / _STEEPEST), max(high, wide * _FLATTEST)
    scale = (WIDTH - 2 * _MARGIN) / wide
    height = round(high * scale) + 2 * _MARGIN
    return _Frame((left + right - WIDTH / scale) / 2, (top + bottom - height / scale) / 2, scale, height)


def _path(rings: Iterable[Ring], middle: float, frame: _Frame) -> str:
    """SVG path data, in whole units, of those rings that the frame sees."""
    found = []
    for ring in rings:
        points = [frame.place(project(point, middle)) for point in _turned(ring, middle)]
        if frame.sees(points):
            found.append(_steps(points))
    return "".join(found)


def _steps(points: Sequence[Point]) -> str:
    """SVG path data of a closed ring, in relative steps: they are shorter than absolute places."""
    at = (round(points[0].x), round(points[0].y))
    text = f"M{at[0]},{at[1]}l"
    for point in points[1:]:
        to = (round(point.x), round(point.y))
        if to != at:
            text += f"{to[0] - at[0]},{to[1] - at[1]} "
            at = to
    return f"{text.rstrip()}z"


def _apart(spots: Sequence[Point], frame: _Frame) -> list[Point]:
    """Marks moved so far that none lies on another, and none beyond the edge."""
    moved = list(spots)
    least = 2 * RADIUS + 2
    for _ in range(100):
        clashes = 0
        for i in range(len(moved)):
            for j in range(i):
                dx, dy = moved[i].x - moved[j].x, moved[i].y - moved[j].y
                far = math.hypot(dx, dy)
                if far < least - 0.5:
                    clashes += 1
                    push = (least - far) / 2
                    ux, uy = (dx / far, dy / far) if far else (1.0, 0.0)
                    moved[i] = Point(moved[i].x + ux * push, moved[i].y + uy * push)
                    moved[j] = Point(moved[j].x - ux * push, moved[j].y - uy * push)
        low, right, down = RADIUS + 3, WIDTH - RADIUS - 3, frame.height - RADIUS - 3
        moved = [Point(min(max(p.x, low), right), min(max(p.y, low), down)) for p in moved]
        if not clashes:
            break
    return moved
