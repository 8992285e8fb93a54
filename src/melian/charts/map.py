"""Where incidents happened, on an offline map of the world.

A mark's size is the number of incidents, its shape how exactly the place is known: a dot for a town or site, a ring for a region,
a striped country with a square for what is only known to have happened in that country. The part from above clockwise (of a square, from
below) is conflict, the rest cooperation. Marks that would lie on each other are drawn as one. Outlines: Natural Earth (public domain).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import cos, hypot, radians, sqrt

from markupsafe import Markup

from melian.charts.svg import WIDE, counted, drawing, element, letters, link, path
from melian.coding.places import meant
from melian.knowledge import countries
from melian.knowledge.gazetteer import usual_case

WIDTH, MOST_HEIGHT = WIDE, 560
_NARROW = 600  # below which width marks are small and labels few
_LEAST_SIZE = 3.5  # points from the middle of a mark to its edge
_ALONE, _EACH = 4.0, 2.0  # half the width of the largest mark where it is of few incidents: that much, and more by their root
_APART = 0.8  # the least distance of marks, against the sum of their sizes; nearer ones are drawn as one
_TOUCH = 17.0  # the least distance in points on a narrow drawing, which is looked at with a finger
_LEAST_WIDE, _LEAST_HIGH = 12.0, 7.0  # degrees of longitude and latitude that are shown at least
_ROOM = 1.25  # what is shown, against what the marks span
_SOUTH, _NORTH = -60.0, 84.0  # the latitudes with people; beyond them only where a mark lies there
_COUNTRY_KINDS = {"country", "continent"}
_REGION_KINDS = {"admin1", "admin2", "region", "sea", "strait", "river", "mountain", "island", "continent"}
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is told of.

    Attributes:
        place: its name; None where only the country is known.
        country: ISO 3166-1 alpha-3 code, None where it is not told.
        incidents: how many there are.
        conflict: how many of them are conflict.
    """

    place: str | None
    country: str | None
    incidents: int
    conflict: int = 0


@dataclass(frozen=True, slots=True)
class Located:
    """A spot with its point and how exactly that is known: "point", "region" or "country"."""

    spot: Spot
    lon: float
    lat: float
    exactness: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places that are drawn as one mark, the one told of most first: its point, half its width and the places, in points of the drawing."""

    members: tuple[Located, ...]
    x: float
    y: float
    size: float

    @property
    def incidents(self) -> int:
        """Those of all its places."""
        return sum(each.spot.incidents for each in self.members)

    @property
    def conflict(self) -> int:
        """The conflicts of all its places."""
        return sum(each.spot.conflict for each in self.members)


def locate(spot: Spot) -> Located | None:
    """Where a spot lies, None where the tables do not know it; a country that is not told is the place's."""
    found = _located(spot.place, spot.country)
    if found is None:
        return None
    name, country, lon, lat, exactness = found
    return Located(Spot(name, country, spot.incidents, spot.conflict), lon, lat, exactness)


@lru_cache(maxsize=20_000)
def _located(place: str | None, country: str | None) -> tuple[str | None, str | None, float, float, str] | None:
    if place:
        best = meant(place, country)
        if best and best.kind not in _COUNTRY_KINDS:
            return (
                usual_case(place),
                country or best.country,
                best.lon,
                best.lat,
                "region" if best.kind in _REGION_KINDS else "point",
            )
        country = country or (best.country if best else None)  # a country's own name
    home = countries.country(country) if country else None
    if home and home.latitude is not None and home.longitude is not None:
        return place, country, home.longitude, home.latitude, "country"
    return None


def map_chart(spots: Sequence[Spot], href: Callable[[Cluster], str | None], width: int = WIDTH) -> Markup:
    """The drawing, zoomed to where the marks lie.

    Args:
        spots: each place once.
        href: where a mark leads.
        width: of the drawing, in points.
    """
    narrow = width < _NARROW
    found = [located for spot in spots if (located := locate(spot))]
    view = _view(found, width, MOST_HEIGHT * 0.6 if narrow else MOST_HEIGHT)
    told = {located.spot.country for located in found if located.exactness == "country"}
    stripes = element(
        "pattern",
        element("path", d="M0 6L6 0", class_="stripe"),
        id=f"map-stripes-{width}",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    edge = element("clipPath", element("rect", x=0, y=0, width=width, height=view.height), id=f"map-edge-{width}")
    land: list[object] = []
    for code, rings in outlines().items():
        near = [_coarse([view.point(lon + turn, lat) for lon, lat in ring]) for ring in rings for turn in view.turns(ring)]
        d = "".join(path(corners, closed=True) for corners in near if len(corners) > 2)
        if d:
            kind = "land told" if code in told else "land"
            land.append(element("path", d=d, class_=kind, fill=f"url(#map-stripes-{width})" if code in told else None))
    groups = clusters(found, view, 13.0 if narrow else 24.0, _TOUCH if narrow else 0.0)
    marks: list[object] = [link(href(group), *_mark(group), title=cluster_words(group)) for group in groups]
    marks += _labels(groups, width, view.height, 8 if narrow else 30)
    sea = element("rect", x=0, y=0, width=width, height=view.height, class_="sea")
    body = element("g", *land, *marks, clip_path=f"url(#map-edge-{width})")
    lost = len(spots) - len(found)
    description = (
        f"{_places(len(found))} drawn. Dots are towns and sites, rings regions, squares in striped countries what is "
        "known by country only; larger is more incidents; clockwise from above (in squares from below) is conflict, the rest cooperation."
    )
    if lost:
        description += f" {_places(lost)} not on the map."
    return drawing(
        width, view.height, "Where incidents happened", description, element("defs", stripes, edge), sea, body, kind="map"
    )


def clusters(found: Sequence[Located], view: _View, largest: float, least: float = 0.0) -> list[Cluster]:
    """Marks that do not lie on each other, the largest first: places too near to each other are taken together.

    Args:
        found: the places.
        view: what is shown.
        largest: half the width of the mark with most incidents, in points, at most; areas grow with the number of incidents.
        least: points that are between any two marks at least, from middle to middle.
    """
    groups: list[tuple[Located, ...]] = [(each,) for each in sorted(found, key=_order)]
    while True:
        most = max((sum(each.spot.incidents for each in group) for group in groups), default=1) or 1
        widest = min(largest, _ALONE + _EACH * sqrt(most))
        drawn: list[Cluster] = []
        merged = False
        for group in groups:
            x, y = view.mark(group[0])
            size = max(_LEAST_SIZE, widest * sqrt(sum(each.spot.incidents for each in group) / most))
            for number, other in enumerate(drawn):
                if hypot(other.x - x, other.y - y) < max(least, _APART * (other.size + size)):
                    drawn[number] = Cluster((*other.members, *group), other.x, other.y, other.size)
                    merged = True
                    break
            else:
                drawn.append(Cluster(group, x, y, size))
        drawn.sort(key=lambda cluster: (-cluster.incidents, _order(cluster.members[0])))
        if not merged:
            return drawn
        groups = [tuple(sorted(cluster.members, key=_order)) for cluster in drawn]


def _order(located: Located) -> tuple[int, str, str]:
    return -located.spot.incidents, located.spot.place or "", located.spot.country or ""


def _places(number: int) -> str:
    return "1 place is" if number == 1 else f"{number:,} places are"


def words(located: Located) -> str:
    """A mark in words."""
    exact = {"point": "", "region": " (region)", "country": " (somewhere in the country)"}[located.exactness]
    return f"{_full_name(located)}{exact}: {_counts(located.spot.incidents, located.spot.conflict)}"


def cluster_words(cluster: Cluster) -> str:
    """A mark of one place or of several in words."""
    first, others = cluster.members[0], len(cluster.members) - 1
    if not others:
        return words(first)
    return f"{_full_name(first)} and {counted(others, 'place')} near it: {_counts(cluster.incidents, cluster.conflict)}"


def _full_name(located: Located) -> str:
    home = countries.country(located.spot.country or "")
    return ", ".join(dict.fromkeys(part for part in (located.spot.place, home.name if home else located.spot.country) if part))


def _counts(incidents: int, conflict: int) -> str:
    return f"{counted(incidents, 'incident')}, {conflict:,} conflict and {incidents - conflict:,} cooperation"


def _coarse(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """An outline without corners that lie within a point of the last one."""
    out: list[tuple[float, float]] = []
    for x, y in corners:
        if not out or abs(out[-1][0] - x) + abs(out[-1][1] - y) >= 0.8:
            out.append((round(x, 1), round(y, 1)))
    return out


@cache
def outlines() -> dict[str, tuple[Ring, ...]]:
    """The rings of each country by ISO 3166-1 alpha-3 code, in degrees of longitude and latitude."""
    table = json.loads(files(__package__).joinpath("world.json").read_text(encoding="utf-8"))["countries"]
    return {code: tuple(map(_ring, rings)) for code, rings in table.items()}


def _ring(flat: Sequence[int]) -> Ring:
    x = y = turn = 0
    out = []
    for number in range(0, len(flat), 2):
        step = flat[number]
        if number and abs(step) > 1800:  # over the 180th meridian: go on beyond it, so that the outline stays in one piece
            turn -= 3600 if step > 0 else -3600
        x, y = x + step, y + flat[number + 1]
        out.append(((x + turn) / 10, y / 10))
    if abs(out[-1][0] - out[0][0]) > 180:  # a coast around the pole: closed by way of it
        pole = 90.0 if out[0][1] > 0 else -90.0
        out += [(out[-1][0], pole), (out[0][0], pole)]
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown: the western and northern edge in degrees, points of width and of height per degree, and the height and width in points."""

    west: float
    north: float
    across: float
    down: float
    height: float
    width: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.across, (self.north - lat) * self.down

    def mark(self, located: Located) -> tuple[float, float]:
        """The point of a mark, east of the western edge whatever turn of the globe its longitude is told in."""
        return self.point(self.west + (located.lon - self.west) % 360, located.lat)

    def turns(self, ring: Ring) -> list[int]:
        """The turns of the globe, in degrees, that bring an outline into view: more than one where it is cut by the edge of a world map."""
        lons, lats = [corner[0] for corner in ring], [corner[1] for corner in ring]
        if max(lats) < self.north - self.height / self.down or min(lats) > self.north:
            return []
        east = self.west + self.width / self.across
        return [turn for turn in (-360, 0, 360) if max(lons) + turn >= self.west and min(lons) + turn <= east]


def _view(found: Sequence[Located], width: float, most: float) -> _View:
    """The marks with room around them, the world where there are none.

    A degree of longitude is as wide as it is in the middle of the view, but never so narrow that the world would be shown twice.
    """
    west, wide = _arc([each.lon for each in found]) if found else (-170.0, 360.0)
    lats = [each.lat for each in found] or [_SOUTH, _NORTH]
    center = (max(lats) + min(lats)) / 2
    squeeze = max(0.3, cos(radians(center)))
    shown = min(360.0, max(_LEAST_WIDE, wide * _ROOM))
    down = min(width / (shown * squeeze), most / max(_LEAST_HIGH, (max(lats) - min(lats)) * _ROOM))
    down = max(down, width / (360 * squeeze))
    half = most / down / 2
    north = min(90.0, center + half, max(_NORTH, max(lats) + 3))
    south = max(-90.0, center - half, min(_SOUTH, min(lats) - 3))
    across = down * squeeze
    return _View(west + wide / 2 - width / across / 2, north, across, down, (north - south) * down, width)


def _arc(lons: Sequence[float]) -> tuple[float, float]:
    """The shortest stretch around the globe that holds all longitudes: its western end and its width, in degrees."""
    around = sorted({lon % 360 for lon in lons})
    gaps = [((after - before) % 360 or 360, after) for before, after in zip(around, (*around[1:], around[0]), strict=True)]
    gap, west = max(gaps)
    return west, 360 - gap


def _mark(cluster: Cluster) -> list[Markup]:
    """A mark: the part clockwise from above (in a square, from below) is the share of conflict, the rest cooperation."""
    x, y, size, exactness = cluster.x, cluster.y, cluster.size, cluster.members[0].exactness
    share = cluster.conflict / cluster.incidents if cluster.incidents else 0.0
    if exactness == "country":
        box = {"x": x - size, "width": 2 * size}
        parts = [element("rect", **box, y=y - size, height=2 * size, class_="part cooperation")]
        if share:
            parts.append(element("rect", **box, y=y + size - 2 * size * share, height=2 * size * share, class_="part conflict"))
        return [*parts, element("rect", **box, y=y - size, height=2 * size, class_="mark country", fill="none")]
    ring = exactness == "region"
    middle, thick = (size * 0.75, size * 0.5) if ring else (size / 2, size)
    arc = {"cx": x, "cy": y, "r": middle, "stroke_width": thick, "fill": "none"}
    parts = [element("circle", **arc, class_="arc cooperation")]
    if share:
        turned = f"rotate(-90 {x:.2f} {y:.2f})"
        dashes = f"{100 * share:.4g} 200"
        parts.append(element("circle", **arc, pathLength=100, stroke_dasharray=dashes, transform=turned, class_="arc conflict"))
    if ring:
        parts.append(element("circle", cx=x, cy=y, r=size / 2, class_="hole", fill="none"))
    return [*parts, element("circle", cx=x, cy=y, r=size, class_=f"mark {exactness}", fill="none")]


def _labels(groups: Sequence[Cluster], width: float, height: float, most: int) -> list[Markup]:
    """The names of the largest marks, each beside its mark where it covers no other name, no larger mark and few smaller ones."""
    taken: list[tuple[float, float, float, float]] = []
    out: list[Markup] = []
    for group in groups:
        text = _short_name(group)
        places = _beside(group, letters(text), width, height) if text and len(out) < most else []
        for covered in (
            (0.0, 0.5, 1.0) if len(out) < most / 2 else (0.0, 0.5)
        ):  # of the size of the mark: what its name may cover
            in_the_way = [
                *taken,
                *(_box(other) for other in groups if other is not group and other.size > covered * group.size),
            ]
            if free := [box for box in places if not any(_meet(box, other) for other in in_the_way)]:
                taken.append(free[0])
                out.append(element("text", text, x=free[0][0], y=free[0][1] + 11, class_="label"))
                break
    return out


def _beside(group: Cluster, wide: float, width: float, height: float) -> list[tuple[float, float, float, float]]:
    """Where a name of some width may stand, the best first, all within the drawing: right, left, above, below, and aslant."""
    size, aslant = group.size, group.size * 0.75
    corners = [
        (group.x + size + 4, group.y - 7),
        (group.x - size - 4 - wide, group.y - 7),
        (group.x - wide / 2, group.y - size - 16),
        (group.x - wide / 2, group.y + size + 2),
        (group.x + aslant + 2, group.y - aslant - 13),
        (group.x + aslant + 2, group.y + aslant - 1),
        (group.x - aslant - 2 - wide, group.y - aslant - 13),
        (group.x - aslant - 2 - wide, group.y + aslant - 1),
    ]
    boxes = [(x, y, x + wide, y + 14) for x, y in corners]
    return [box for box in boxes if box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2]


def _short_name(group: Cluster) -> str:
    first, others = group.members[0].spot, len(group.members) - 1
    home = countries.country(first.country or "")
    name = first.place or (home.name if home else "")
    return f"{name} +{others}" if others and name else name


def _box(group: Cluster) -> tuple[float, float, float, float]:
    return group.x - group.size, group.y - group.size, group.x + group.size, group.y + group.size


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
