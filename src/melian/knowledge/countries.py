"""Countries and territories, and who belongs to which organisation when."""

from __future__ import annotations

from functools import cache

from melian.knowledge.tables import Country, countries_table

__all__ = ["Country", "all_countries", "by_cow", "by_fips", "country", "members", "organisations"]


def country(id: str) -> Country | None:
    """A country by its ISO alpha-3 or alpha-2 code, in any case; None when there is none."""
    return _by_code().get(id.upper())


def all_countries() -> tuple[Country, ...]:
    """All countries and territories, in the order of their codes."""
    return countries_table().countries


def by_fips(code: str) -> Country | None:
    """A country by its FIPS 10-4 code, as GDELT's places have it; the Gaza Strip (GZ) is Palestine."""
    return _by_fips().get(code.upper())


def by_cow(number: int) -> Country | None:
    """A country by its number in the Correlates of War list of states; of states that shared one, the latest."""
    return _by_cow().get(number)


def members(organisation: str, date: str | None = None) -> frozenset[str]:
    """The ISO alpha-3 codes of an organisation's members on a date.

    Args:
        organisation: its id ("NATO", "EU", "ASEAN"); an unknown one has no members.
        date: ISO date; None is now.
    """
    rows = countries_table().members.get(organisation, ())
    return frozenset(row.country for row in rows if (row.to is None if date is None else row.held_on(date)))


def organisations(country_id: str, date: str | None = None) -> tuple[str, ...]:
    """The ids of the organisations that a country belongs to on a date, of those whose members are known."""
    return tuple(name for name in countries_table().members if country_id in members(name, date))


@cache
def _by_code() -> dict[str, Country]:
    by_code = {row.iso2: row for row in countries_table().countries if row.iso2}
    return by_code | {row.iso3: row for row in countries_table().countries}


@cache
def _by_fips() -> dict[str, Country]:
    known = {row.fips: row for row in countries_table().countries if row.fips}
    palestine = country("PSE")
    return known | ({"GZ": palestine} if palestine else {})


@cache
def _by_cow() -> dict[int, Country]:
    rows = sorted(countries_table().countries, key=lambda row: row.iso2 is not None)  # states that are no more come first
    return {row.cow: row for row in rows if row.cow}
