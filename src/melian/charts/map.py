"""Where incidents happened, on an offline map of the world.

A mark's size is the number of incidents, its shape how exactly the place is known: a dot for a town or site, a ring for a region,
a striped country with a square for what is only known to have happened in that country. Outlines: Natural Earth (public domain).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, radians, sqrt

from markupsafe import Markup

from melian.charts.svg import drawing, element, link, path
from melian.coding.places import resolve
from melian.knowledge import countries
from melian.knowledge.gazetteer import candidates

WIDTH, MOST_HEIGHT = 760, 460
_LEAST_WIDE, _LEAST_HIGH = 12.0, 7.0  # degrees of longitude and latitude that are shown at least
_ROOM = 1.25  # what is shown, against what the marks span
_SOUTH, _NORTH = -60.0, 84.0  # the latitudes with people; beyond them only where a mark lies there
_LABELS = 24
_COUNTRY_KINDS = {"country", "continent"}
_REGION_KINDS = {"admin1", "admin2", "region", "sea", "strait", "river", "mountain", "island", "continent"}
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is told of: its name (None where only the country is known), its country and the incidents there."""

    place: str | None
    country: str | None
    incidents: int


@dataclass(frozen=True, slots=True)
class Located:
    """A spot with its point and how exactly that is known: "point", "region" or "country"."""

    spot: Spot
    lon: float
    lat: float
    exactness: str


def locate(spot: Spot) -> Located | None:
    """Where a spot lies, None where the tables do not know it."""
    if spot.place:
        found = [place for place in candidates(spot.place) if not spot.country or place.country in (spot.country, None)]
        known = resolve(spot.place, [(0, len(spot.place))])[
            0
        ].place  # heeds seats of power and towns of a name that is told alone
        usual = known if known and known.country in (spot.country, None) else None
        best = usual or max(found, key=lambda place: (place.kind in ("capital", "city"), place.population), default=None)
        if best and best.kind not in _COUNTRY_KINDS:
            name = best.name if spot.place.isupper() else spot.place  # datelines shout
            told = Spot(name, spot.country, spot.incidents)
            return Located(told, best.lon, best.lat, "region" if best.kind in _REGION_KINDS else "point")
    home = countries.country(spot.country) if spot.country else None
    if home and home.latitude is not None and home.longitude is not None:
        return Located(spot, home.longitude, home.latitude, "country")
    return None


def map_chart(spots: Sequence[Spot], href: Callable[[Spot], str | None]) -> Markup:
    """The drawing, zoomed to where the marks lie.

    Args:
        spots: each place once.
        href: where a mark leads.
    """
    found = [located for spot in spots if (located := locate(spot))]
    view = _view(found)
    told = {located.spot.country for located in found if located.exactness == "country"}
    stripes = element(
        "pattern",
        element("path", d="M0 6L6 0", class_="stripe"),
        id="map-stripes",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    edge = element("clipPath", element("rect", x=0, y=0, width=WIDTH, height=view.height), id="map-edge")
    land: list[object] = []
    for code, rings in outlines().items():
        near = [[view.point(lon + turn, lat) for lon, lat in ring] for ring in rings for turn in view.turns(ring)]
        if near:
            d = "".join(path(corners, closed=True) for corners in near)
            kind = "land told" if code in told else "land"
            land.append(element("path", d=d, class_=kind, fill="url(#map-stripes)" if code in told else None))
    most = max((located.spot.incidents for located in found), default=1) or 1
    order = sorted(found, key=lambda each: (-each.spot.incidents, each.spot.place or "", each.spot.country or ""))
    marks: list[object] = []
    for located in order:
        x, y = view.mark(located)
        size = 4 + 12 * sqrt(located.spot.incidents / most)
        title = words(located)
        marks.append(link(href(located.spot), _mark(located.exactness, x, y, size), title=title))
    labelled: list[tuple[float, float, float]] = []
    for located in order[:_LABELS]:
        x, y = view.mark(located)
        text = located.spot.place or (home.name if (home := countries.country(located.spot.country or "")) else "")
        size = 4 + 12 * sqrt(located.spot.incidents / most)
        width = 6.2 * len(text)
        at = x + size + 3 if x + size + 3 + width < WIDTH else x - size - 3 - width
        if all(abs(y - oy) > 13 or at > ox + ow or at + width < ox for ox, oy, ow in labelled):
            labelled.append((at, y, width))
            marks.append(element("text", text, x=at, y=y + 4, class_="label"))
    sea = element("rect", x=0, y=0, width=WIDTH, height=view.height, class_="sea")
    body = element("g", *land, *marks, clip_path="url(#map-edge)")
    lost = len(spots) - len(found)
    description = (
        f"{_places(len(found))} drawn. Dots are towns and sites, rings regions, squares in striped countries what is "
        "known by country only; larger is more incidents."
    )
    if lost:
        description += f" {_places(lost)} not on the map."
    return drawing(
        WIDTH, view.height, "Where incidents happened", description, element("defs", stripes, edge), sea, body, kind="map"
    )


def _places(number: int) -> str:
    return "1 place is" if number == 1 else f"{number} places are"


def words(located: Located) -> str:
    """A mark in words."""
    home = countries.country(located.spot.country or "")
    name = ", ".join(part for part in (located.spot.place, home.name if home else located.spot.country) if part)
    exact = {"point": "", "region": " (region)", "country": " (somewhere in the country)"}[located.exactness]
    number = located.spot.incidents
    return f"{name}{exact}: {number} incident{'' if number == 1 else 's'}"


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
    """What is shown: the western and northern edge in degrees, points of width and of height per degree, and the height in points."""

    west: float
    north: float
    across: float
    down: float
    height: float

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
        east = self.west + WIDTH / self.across
        return [turn for turn in (-360, 0, 360) if max(lons) + turn >= self.west and min(lons) + turn <= east]


def _view(found: Sequence[Located]) -> _View:
    """The marks with room around them, the world where there are none.

    A degree of longitude is as wide as it is in the middle of the view, but never so narrow that the world would be shown twice.
    """
    west, wide = _arc([each.lon for each in found]) if found else (-170.0, 360.0)
    lats = [each.lat for each in found] or [_SOUTH, _NORTH]
    center = (max(lats) + min(lats)) / 2
    squeeze = max(0.3, cos(radians(center)))
    shown = min(360.0, max(_LEAST_WIDE, wide * _ROOM))
    down = min(WIDTH / (shown * squeeze), MOST_HEIGHT / max(_LEAST_HIGH, (max(lats) - min(lats)) * _ROOM))
    down = max(down, WIDTH / (360 * squeeze))
    half = MOST_HEIGHT / down / 2
    north = min(90.0, center + half, max(_NORTH, max(lats) + 3))
    south = max(-90.0, center - half, min(_SOUTH, min(lats) - 3))
    across = down * squeeze
    return _View(west + wide / 2 - WIDTH / across / 2, north, across, down, (north - south) * down)


def _arc(lons: Sequence[float]) -> tuple[float, float]:
    """The shortest stretch around the globe that holds all longitudes: its western end and its width, in degrees."""
    around = sorted({lon % 360 for lon in lons})
    gaps = [((after - before) % 360 or 360, after) for before, after in zip(around, (*around[1:], around[0]), strict=True)]
    gap, west = max(gaps)
    return west, 360 - gap


def _mark(exactness: str, x: float, y: float, size: float) -> Markup:
    if exactness == "country":
        return element("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, class_="mark country")
    return element("circle", cx=x, cy=y, r=size, class_=f"mark {exactness}", fill="none" if exactness == "region" else None)
