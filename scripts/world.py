"""Writes site/map/world.json anew from Natural Earth, as npm's world-atlas carries it. To be run by whoever
wants newer borders; nothing else calls it.

The file holds for each country, by its ISO 3166-1 code of two letters:
`outlines`: its rings at 1:110m, in tenths of a degree: longitude and latitude of the first point, then the
steps to each next one. A ring across the 180th meridian goes on past 1800. Rings without a code stand in
`others`.
`places`: the point of its largest ring that is farthest from its edge, for a mark; small countries that have
no outline at 1:110m have theirs from 1:50m.
"""

import hashlib
import io
import json
import math
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ATLAS = (
    "https://registry.npmjs.org/world-atlas/-/world-atlas-2.0.2.tgz",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
)
CODES = (
    "https://registry.npmjs.org/i18n-iso-countries/-/i18n-iso-countries-7.14.0.tgz",
    "bb418ebfb965789fcfbcce7dee59888d901ef64b03601da78b2e224cd6f5825c",
)
SEEN = "2026-11-25"
WORLD = Path(__file__).resolve().parent.parent / "site" / "map" / "world.json"
ANTARCTICA = "AQ"

Point = tuple[float, float]
Ring = list[Point]


def fetched(archive: tuple[str, str], *names: str) -> list[Any]:
    """JSON files of a package. Raises SystemExit where what comes is not the archive that we know."""
    url, digest = archive
    with urllib.request.urlopen(url, timeout=300) as answer:
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != digest:
        raise SystemExit(f"{url} is not what it was: nothing was written")
    with tarfile.open(fileobj=io.BytesIO(content)) as files:
        return [json.load(files.extractfile(f"package/{name}")) for name in names]


def arcs_of(shape: dict[str, Any]) -> list[list[int]]:
    """The outer ring of each of a country's polygons, as numbers of arcs (TopoJSON 1.0, 2.1.4)."""
    if shape["type"] == "Polygon":
        return [shape["arcs"][0]]
    return [polygon[0] for polygon in shape.get("arcs", [])]


def give_crimea_to_ukraine(shapes: list[dict[str, Any]]) -> None:
    """Natural Earth draws who holds it; we draw the borders that the General Assembly of the United Nations
    has affirmed (A/RES/68/262). Its ring has two arcs: the border, which the ring of Ukraine then goes
    without, and the coast, which that takes instead."""
    russia, ukraine = (next(s for s in shapes if s["properties"]["name"] == n) for n in ("Russia", "Ukraine"))
    for polygon in russia["arcs"]:
        shared = [arc for arc in polygon[0] if ~arc in ukraine["arcs"][0]]
        if len(polygon[0]) == 2 and shared:
            [coast] = set(polygon[0]) - set(shared)
            ring = ukraine["arcs"][0]
            ring[ring.index(~shared[0])] = coast
            russia["arcs"].remove(polygon)
            return
    raise SystemExit("Crimea is not where it was: see how it is drawn now")


def ring_of(topology: dict[str, Any], arcs: list[int]) -> Ring:
    """Degrees; where it crosses the 180th meridian, it goes on past it."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    points: Ring = []
    for number in arcs:
        x = y = 0
        arc = []
        for dx, dy in topology["arcs"][number if number >= 0 else ~number]:
            x, y = x + dx, y + dy
            arc.append((x * kx + x0, y * ky + y0))
        points += (arc if number >= 0 else arc[::-1])[bool(points) :]
    turned = points[:1]
    for x, y in points[1:]:
        turned.append((x - 360 * round((x - turned[-1][0]) / 360), y))
    return turned


def area(ring: Ring) -> float:
    """In square degrees of the equator."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(
        sum(
            (bx - ax) * (math.sin(math.radians(ay)) + math.sin(math.radians(by)))
            for (ax, ay), (bx, by) in pairs
        )
    )


def place_in(ring: Ring) -> Point:
    """The point inside that is farthest from the edge, as a grid of 60 by 60 finds it."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    narrow = math.cos(math.radians((min(ys) + max(ys)) / 2))
    edges = list(zip(ring, ring[1:] + ring[:1], strict=True))

    def depth(point: Point) -> float:
        x, y = point
        crossed = [
            a
            for a, b in edges
            if (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        ]
        if len(crossed) % 2 == 0:
            return -1
        return min(math.hypot((x - a[0]) * narrow, y - a[1]) for a, _ in edges)

    steps = [(n + 0.5) / 60 for n in range(60)]
    grid = (
        (min(xs) + s * (max(xs) - min(xs)), min(ys) + t * (max(ys) - min(ys))) for s in steps for t in steps
    )
    return max(grid, key=depth)


def packed(ring: Ring) -> list[int]:
    """Tenths of a degree: the first point, then steps; points that fall on the one before are left out."""
    numbers: list[int] = []
    at = (0, 0)
    for point in ring:
        x, y = round(point[0] * 10), round(point[1] * 10)
        if (x, y) != at or not numbers:
            numbers += [x - at[0], y - at[1]]
            at = (x, y)
    return numbers


def countries(topology: dict[str, Any], codes: dict[str, str]) -> Iterator[tuple[str, list[Ring]]]:
    """Code (empty where it has none) and rings, the largest first."""
    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id", ""), "")
        rings = [ring_of(topology, arcs) for arcs in arcs_of(shape)]
        if rings and code != ANTARCTICA:
            yield code, sorted(rings, key=area, reverse=True)


def main() -> None:
    coarse, fine = fetched(ATLAS, "countries-110m.json", "countries-50m.json")
    [listed] = fetched(CODES, "codes.json")
    codes = {number: two for two, _, number, *_ in listed}
    give_crimea_to_ukraine(coarse["objects"]["countries"]["geometries"])
    outlines: dict[str, list[list[int]]] = {}
    others: list[list[int]] = []
    places: dict[str, list[int]] = {}
    for code, rings in countries(coarse, codes):
        kept = [numbers for numbers in map(packed, rings) if len(numbers) > 6]
        if code:
            outlines[code] = kept
            places[code] = packed([place_in(rings[0])])
        else:
            others += kept
    for code, rings in countries(fine, codes):
        if code:
            places.setdefault(code, packed([place_in(rings[0])]))
    found = {
        "source": "Natural Earth 4.1.0, Admin 0 countries, 1:110m and 1:50m (https://www.naturalearthdata.com)",
        "by": "npm world-atlas 2.0.2; codes: npm i18n-iso-countries 7.14.0",
        "licence": "public domain",
        "seen": SEEN,
        "made": "scripts/world.py, which tells the form of what follows",
        "places": dict(sorted(places.items())),
        "others": others,
        "outlines": dict(sorted(outlines.items())),
    }
    WORLD.parent.mkdir(exist_ok=True)
    text = json.dumps(found, separators=(",", ":"))
    # A line for each part and each country, so that a change can be read.
    text = text.replace(',"', ',\n"').replace("}", "\n}")
    WORLD.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
