"""The compiled tables of the knowledge base, decoded on first use.

`tools/compile_knowledge.py` writes the JSON files under `data/`; its docstring names their sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

Kind = Literal["country", "demonym", "capital", "organisation", "group", "bloc", "person", "media"]
Casing = Literal[0, 1, 2, 3]
"""How a name must be written to be that name: 0 anyhow, 1 with a capital, 2 in capitals, 3 with "the" ("The Times")."""


class Entity(msgspec.Struct, frozen=True, array_like=True):
    """An actor that is not a person: a country, an organisation, a group, a bloc.

    `name` is None for countries, their people and capitals: the codebook names persons and organisations only.
    """

    id: str
    sector: str | None
    name: str | None
    country: str | None
    kind: Kind


class NameRow(msgspec.Struct, frozen=True, array_like=True):
    """That a key may stand for an entity, how likely (0 to 1), and the casing that it needs."""

    entity: int
    score: float
    casing: Casing


class NamesTable(msgspec.Struct, frozen=True):
    """Entities, the keys that name them, and for each first word of a name the longest name's number of words."""

    entities: tuple[Entity, ...]
    keys: dict[str, tuple[NameRow, ...]]


class Office(msgspec.Struct, frozen=True, array_like=True):
    """An office held for a principal from one ISO date (or year) to another, both inclusive; None is open.

    `office` is the title in lower case ("secretary of state"), `post` the function that other countries' holders
    share ("foreign minister"), `sector` one of the codebook's.
    """

    principal: str
    office: str
    post: str
    sector: str
    from_: str | None = None
    to: str | None = None

    def held_on(self, date: str) -> bool:
        """Whether it was held on an ISO date; a year or month alone counts whole."""
        return (self.from_ is None or self.from_ <= date) and (self.to is None or date <= self.to + "~")


class Person(msgspec.Struct, frozen=True, array_like=True):
    """A person with country, fame (0 to 1: how likely a bare surname in world news is this one) and offices."""

    name: str
    country: str | None
    fame: float
    offices: tuple[Office, ...]


class PeopleTable(msgspec.Struct, frozen=True):
    """People, and the keys of their full names, of their short names (surnames), and of full names folded."""

    people: tuple[Person, ...]
    full: dict[str, tuple[int, ...]]
    short: dict[str, tuple[int, ...]]
    folded: dict[str, tuple[int, ...]]
    needs_title: frozenset[str]
    given: dict[str, str]


class Country(msgspec.Struct, frozen=True):
    """A country or territory.

    `iso3` is ISO 3166-1 alpha-3 (XKX for Kosovo; CSK, YUG, DDR, SCG, VDR, YMD for states that are no more),
    `iso2` alpha-2, `numeric` the ISO 3166-1 number, `latitude` and `longitude` its middle in degrees, `cow` and `gw` its numbers
    in the Correlates of War and Gleditsch-Ward lists of states, `fips` its FIPS 10-4 code (which GDELT's places have),
    `geonames` and `wikidata` its identifiers there (6252001, "Q30").
    """

    iso3: str
    name: str
    iso2: str | None = None
    demonyms: tuple[str, ...] = ()
    capital: str | None = None
    aliases: tuple[str, ...] = ()
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    cow: int | None = None
    gw: int | None = None
    numeric: int | None = None
    fips: str | None = None
    geonames: int | None = None
    wikidata: str | None = None


class Membership(msgspec.Struct, frozen=True, array_like=True):
    """A country's membership of an organisation, from one ISO date or year to another; None is open."""

    country: str
    from_: str | None = None
    to: str | None = None

    def held_on(self, date: str) -> bool:
        """Whether it stood on an ISO date."""
        return (self.from_ is None or self.from_ <= date) and (self.to is None or date <= self.to + "~")


class CountriesTable(msgspec.Struct, frozen=True):
    """Countries, and organisations' members."""

    countries: tuple[Country, ...]
    members: dict[str, tuple[Membership, ...]]


class Title(msgspec.Struct, frozen=True, array_like=True):
    """What a word or phrase of a title says.

    `canonical` is the office that it names ("minister of foreign affairs" is "foreign minister"), None for words that
    name no office. A `weak` word takes the sector of what it belongs to ("army chief", "rebel commander"), and has its
    own `sector`, or None, only when nothing else says.
    """

    sector: str | None
    canonical: str | None
    weak: bool


class Post(msgspec.Struct, frozen=True, array_like=True):
    """The function of an office ("foreign minister"), and its rank, 1 the highest."""

    post: str
    rank: int


class TitlesTable(msgspec.Struct, frozen=True):
    """Phrases of titles, the posts of offices under "PRINCIPAL:office" or "*:office", and closed classes of words."""

    phrases: dict[str, Title]
    posts: dict[str, Post]
    words: dict[str, frozenset[str]]


_T = TypeVar("_T")


def _read(name: str, kind: type[_T]) -> _T:
    return msgspec.json.decode(files("melian.knowledge").joinpath("data", name).read_bytes(), type=kind)


@cache
def names_table() -> NamesTable:
    """Names of all actors that are not persons."""
    return _read("names.json", NamesTable)


@cache
def people_table() -> PeopleTable:
    """Persons with their offices."""
    return _read("people.json", PeopleTable)


@cache
def countries_table() -> CountriesTable:
    """Countries and memberships."""
    return _read("countries.json", CountriesTable)


@cache
def titles_table() -> TitlesTable:
    """Words of titles."""
    return _read("titles.json", TitlesTable)


def longest_by_first_word(*tables: Mapping[str, object]) -> dict[str, int]:
    """For each first word of the keys, the number of words of the longest key that starts with it."""
    longest: dict[str, int] = {}
    for table in tables:
        for key in table:
            count = key.count(" ") + 1
            first = key if count == 1 else key[: key.index(" ")]
            if longest.get(first, 0) < count:
                longest[first] = count
    return longest
