"""Actors as the field's files name them: countries with their numbers, generic names, CAMEO codes."""

from __future__ import annotations

from functools import cache, lru_cache

from melian.codebook import crosswalks
from melian.knowledge import countries, names
from melian.knowledge.countries import Country
from melian.knowledge.tables import names_table
from melian.records import Actor


def home(actor: Actor) -> Country | None:
    """The country that an actor is or belongs to."""
    for code in (actor.id, actor.country):
        if code and len(code) == 3 and (found := countries.country(code)) is not None and found.iso3 == code:
            return found
    return None


def is_country(actor: Actor) -> bool:
    """Whether the principal is a country."""
    found = home(actor)
    return found is not None and found.iso3 == actor.id


def key(actor: Actor) -> str:
    """What tells principals apart: the id, or the name where there is none."""
    return actor.id or actor.name or ""


def shown_name(actor: Actor) -> str:
    """A name for files that have one name an actor: the person or organisation, else as ICEWS writes it: "Military (Russia)", "Russia"."""
    if actor.name:
        return actor.name
    country = home(actor)
    sector = crosswalks.sector_elsewhere(actor.sector)
    if actor.id is None and country is None:
        return f"{sector.agent} (International)" if sector else ""
    if country is None or not is_country(actor):
        return _name_of(actor.id or "")
    return f"{sector.agent} ({country.name})" if sector else country.name


@lru_cache(maxsize=1 << 12)
def _name_of(id: str) -> str:
    """The name that an organisation or group goes by, where nobody else has it; else its id."""
    name = _entity_names().get(id)
    if name is None:
        return id
    found = next((each.actor.id for each in names.lookup(name) if each.kind != "person"), None)
    return name if found == id else id


def icews_country(actor: Actor) -> str:
    """The country's name as ICEWS writes it."""
    country = home(actor)
    return crosswalks.actor_codes().icews_names.get(country.iso3, country.name) if country else ""


def cameo_country(actor: Actor) -> str:
    """CAMEO's code of the country or region."""
    country = home(actor)
    if country is not None:
        return _cameo_countries().get(country.iso3, country.iso3)
    return _cameo_regions().get(actor.id or "", "")


def cameo_group(actor: Actor) -> str:
    """CAMEO's code of a known group, "" where it has none."""
    return crosswalks.cameo_groups().get(actor.id or "", "")


def cameo_type(actor: Actor) -> str:
    """CAMEO's code of the sector."""
    sector = crosswalks.sector_elsewhere(actor.sector)
    return sector.cameo if sector else ""


@cache
def _cameo_countries() -> dict[str, str]:
    """CAMEO's codes where they differ: the first of those that the table has for a country, of those that GDELT uses."""
    used = ("ROM", "TMP")
    return {iso3: code for code, iso3 in crosswalks.actor_codes().cameo_countries.items() if code in used}


@cache
def _cameo_regions() -> dict[str, str]:
    return {id_: code for code, id_ in crosswalks.actor_codes().regions.items()}


@lru_cache(maxsize=1 << 14)
def kind(id: str | None, name: str | None, role: str | None) -> str:
    """What sort of actor it is: country, organisation, group, bloc, media, person, or "" where the tables do not know it."""
    if name:
        found = next((each.kind for each in names.lookup(name)), None)
        if found in ("person", "organisation", "group", "bloc", "media"):
            return str(found)
        if role:
            return "person"
    if id and countries.country(id) is not None and len(id) == 3:
        return "" if name else "country"
    return _kinds().get(id or "", "") if name in (None, id) else ""


@cache
def _entity_names() -> dict[str, str]:
    named: dict[str, str] = {}
    for entity in names_table().entities:
        if entity.name and entity.kind in ("organisation", "group", "bloc", "media") and countries.country(entity.id) is None:
            named.setdefault(entity.id, entity.name)
    return named


@cache
def _kinds() -> dict[str, str]:
    return {
        entity.id: entity.kind for entity in names_table().entities if entity.kind in ("organisation", "group", "bloc", "media")
    }
