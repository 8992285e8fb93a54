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
_LEAST_SPAN = 12.0  # degrees of longitude that are shown at least
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
    west, east, south, north = _view(found)
    squeeze = max(0.3, cos(radians((south + north) / 2)))
    scale = WIDTH / ((east - west) * squeeze)
    height = min(float(MOST_HEIGHT), (north - south) * scale)
    scale = min(scale, height / (north - south)) if north > south else scale
    left = (WIDTH - (east - west) * squeeze * scale) / 2

    def point(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * squeeze * scale, (north - lat) * scale

    told = {located.spot.country for located in found if located.exactness == "country"}
    stripes = element(
        "pattern",
        element("path", d="M0 6L6 0", class_="stripe"),
        id="map-stripes",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    edge = element("clipPath", element("rect", x=0, y=0, width=WIDTH, height=height), id="map-edge")
    land: list[object] = []
    for code, rings in outlines().items():
        near = [ring for ring in rings if _touches(ring, west - 20, east + 20, south - 15, north + 15)]
        if near:
            d = "".join(path([point(*corner) for corner in ring], closed=True) for ring in near)
            kind = "land told" if code in told else "land"
            land.append(element("path", d=d, class_=kind, fill="url(#map-stripes)" if code in told else None))
    most = max((located.spot.incidents for located in found), default=1)
    marks: list[object] = []
    for located in sorted(found, key=lambda each: (-each.spot.incidents, each.spot.place or "", each.spot.country or "")):
        x, y = point(located.lon, located.lat)
        size = 4 + 12 * sqrt(located.spot.incidents / most)
        title = words(located)
        marks.append(link(href(located.spot), _mark(located.exactness, x, y, size), title=title))
    labelled: list[tuple[float, float, float]] = []
    for located in sorted(found, key=lambda each: (-each.spot.incidents, each.spot.place or "", each.spot.country or ""))[:24]:
        x, y = point(located.lon, located.lat)
        text = located.spot.place or (home.name if (home := countries.country(located.spot.country or "")) else "")
        size = 4 + 12 * sqrt(located.spot.incidents / most)
        width = 6.2 * len(text)
        at = x + size + 3 if x + size + 3 + width < WIDTH else x - size - 3 - width
        if all(abs(y - oy) > 13 or at > ox + ow or at + width < ox for ox, oy, ow in labelled):
            labelled.append((at, y, width))
            marks.append(element("text", text, x=at, y=y + 4, class_="label"))
    sea = element("rect", x=0, y=0, width=WIDTH, height=height, class_="sea")
    body = element("g", *land, *marks, clip_path="url(#map-edge)")
    lost = len(spots) - len(found)
    description = (
        f"{len(found)} places. Dots are towns and sites, rings regions, squares in striped countries what is known by country only; "
        f"larger is more incidents.{f' {lost} places are not on the map.' if lost else ''}"
    )
    return drawing(
        WIDTH, height, "Where incidents happened", description, element("defs", stripes, edge), sea, body, kind="map"
    )


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
    return tuple(out)


def _view(found: Sequence[Located]) -> tuple[float, float, float, float]:
    """West, east, south and north of what is shown: the marks with room around them, the world where there are none."""
    if not found:
        return -170.0, 190.0, -56.0, 78.0
    lons, lats = [each.lon for each in found], [each.lat for each in found]
    span = max(_LEAST_SPAN, (max(lons) - min(lons)) * 1.25, (max(lats) - min(lats)) * 1.25 * 1.6)
    middle, height = (max(lons) + min(lons)) / 2, span * 0.58
    center = (max(lats) + min(lats)) / 2
    south, north = max(-60.0, center - height / 2), min(84.0, center + height / 2)
    return middle - span / 2, middle + span / 2, south, north


def _touches(ring: Ring, west: float, east: float, south: float, north: float) -> bool:
    lons, lats = [corner[0] for corner in ring], [corner[1] for corner in ring]
    return max(lons) >= west and min(lons) <= east and max(lats) >= south and min(lats) <= north


def _mark(exactness: str, x: float, y: float, size: float) -> Markup:
    if exactness == "country":
        return element("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, class_="mark country")
    return element("circle", cx=x, cy=y, r=size, class_=f"mark {exactness}", fill="none" if exactness == "region" else None)
