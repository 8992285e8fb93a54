"""Coordinates and GeoNames ids for the places of events, which a record keeps as words with a country."""

from __future__ import annotations

from functools import lru_cache

from melian.codebook import crosswalks
from melian.exports.rows import Site
from melian.knowledge import countries
from melian.knowledge.gazetteer import Place, candidates


@lru_cache(maxsize=1 << 14)
def site(place: str | None, country: str | None) -> Site | None:
    """Where a place lies; a country where no more is known, which the result's kind says; None where nothing is.

    Args:
        place: its name in the text's words.
        country: ISO alpha-3 code of the country that it was read as; the place is never looked for in another.
    """
    found = _found(place, country) if place else None
    if found is not None:
        return Site(
            named=place,
            name=found.name,
            kind=found.kind,
            country=found.country,
            admin1=found.name if found.kind == "admin1" else found.admin,
            latitude=round(found.lat, 5),
            longitude=round(found.lon, 5),
            geonames=found.geonames_id,
        )
    home = countries.country(country) if country else None
    if home is None:
        return Site(named=place, name=place, kind="") if place else None
    return Site(
        named=place,
        name=home.name,
        kind="country",
        country=home.iso3,
        latitude=home.latitude,
        longitude=home.longitude,
        geonames=home.geonames,
    )


def _found(place: str, country: str | None) -> Place | None:
    from melian.coding.places import resolve

    (mention,) = resolve(place, [(0, len(place))]) if place.strip() else (None,)
    best = mention.place if mention else None
    if best is not None and best.country == country:
        return best
    return next((other for other in candidates(place) if other.country == country), None)


def resolution(where: Site | None) -> int | None:
    """PLOVER's resolution: 5 a site, 4 a town, 3 a district, 2 a region, 1 a country; None of a sea or where nothing is known."""
    if where is None or where.latitude is None or (where.country is None and where.kind == "region"):
        return None
    return crosswalks.place_kind(where.kind).resolution


def is_town(where: Site) -> bool:
    """Whether it is a town or a site in or by one, so that it can stand in a column for cities."""
    return where.latitude is not None and crosswalks.place_kind(where.kind).resolution in (4, 5)
