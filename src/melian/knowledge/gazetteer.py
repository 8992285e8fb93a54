"""Places of the world by name: countries, first- and second-level regions, cities from 500 inhabitants, seas, sites.

The table is compiled by `tools/compile_gazetteer.py` from GeoNames (https://www.geonames.org, CC BY 4.0) and from
the hand-kept `tools/knowledge_tables/regions.tsv`. It is read once, on first use, and stays in the form in which
it is stored: sorted names in one block of bytes, searched by bisection, so that loading costs a decompression and no
parsing.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

TABLE = "data/places.msgpack.z"
NOWHERE = 0xFFFFFFFF
LONGEST_NAME = 8  # words
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h"}
    | dict.fromkeys(".'’‘ʼʻ`´ʹʽ", None)
    | dict.fromkeys("-‐‑–/_", " ")
    | {"&": " and "}
)
_WHOLE_WORDS = {"st": "saint", "mt": "mount", "ft": "fort"}


class Place(msgspec.Struct, frozen=True):
    """A place that has a name.

    Attributes:
        name: the canonical (English or GeoNames) name.
        country: ISO 3166-1 alpha-3 code; None for seas, continents and regions of several countries.
        admin: name of the first-level region (state, province, oblast) that it lies in, where known.
        lat: degrees north of one point of it (of a region: a middle point).
        lon: degrees east of that point.
        kind: "country", "continent", "admin1", "admin2", "capital", "city", or the kind that the hand-kept table gives
            ("region", "sea", "strait", "river", "mountain", "island", "base", "crossing", "nuclear", "seat", "site", …).
        population: inhabitants; 0 where unknown. A region's is the sum over its towns.
        geonames_id: identifier in GeoNames; None for hand-kept places.
    """

    name: str
    country: str | None
    admin: str | None
    lat: float
    lon: float
    kind: str
    population: int
    geonames_id: int | None


class Tables(msgspec.Struct, frozen=True):
    """The compiled file: columns as little-endian bytes, one entry a place, and an index from sorted names to places."""

    kinds: list[str]
    countries: list[str]
    names: bytes
    name_ends: bytes
    kind: bytes
    country: bytes
    admin: bytes
    lat: bytes
    lon: bytes
    population: bytes
    geonames_id: bytes
    keys: bytes
    key_ends: bytes
    links: bytes
    link_ends: bytes


def fold(name: str) -> str:
    """The form under which a name is looked up: lower case, no accents, stops or apostrophes, hyphens as spaces.

    "St." is "saint", "Mt." "mount", "Ft." "fort": `fold("St. Jean-d'Angély") == "saint jean dangely"`.
    """
    if name.isascii():
        plain = name.lower().translate(_LETTERS)
    else:
        decomposed = unicodedata.normalize("NFKD", name.lower())
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)
    words = plain.split()
    return " ".join(_WHOLE_WORDS.get(word, word) for word in words) if len(words) > 1 else " ".join(words)


class _Gazetteer:
    """Look-ups in the compiled tables."""

    def __init__(self, tables: Tables) -> None:
        def ends(column: bytes) -> memoryview:
            return memoryview(column).cast("I")

        self._tables = tables
        self._name_ends, self._key_ends, self._link_ends = ends(tables.name_ends), ends(tables.key_ends), ends(tables.link_ends)
        self._links, self._admin = ends(tables.links), ends(tables.admin)
        self._population, self._ids = ends(tables.population), ends(tables.geonames_id)
        self._lat, self._lon = memoryview(tables.lat).cast("f"), memoryview(tables.lon).cast("f")
        self._key_numbers = range(len(self._key_ends) - 1)
        self.size = len(tables.kind)

    def _key(self, number: int) -> bytes:
        return self._tables.keys[self._key_ends[number] : self._key_ends[number + 1]]

    def _name(self, number: int) -> str:
        return self._tables.names[self._name_ends[number] : self._name_ends[number + 1]].decode()

    def find(self, key: str) -> tuple[int | None, bool]:
        """The number of a folded name (None where unknown), and whether longer names begin with it and a space."""
        sought = key.encode()
        at = bisect_left(self._key_numbers, sought, key=self._key)
        known = at < len(self._key_numbers) and self._key(at) == sought
        following = at + known
        goes_on = following < len(self._key_numbers) and self._key(following).startswith(sought + b" ")
        return (at if known else None), goes_on

    @lru_cache(maxsize=20_000)  # noqa: B019  (one gazetteer lives as long as the process)
    def places(self, number: int) -> tuple[Place, ...]:
        return tuple(self.place(link) for link in self._links[self._link_ends[number] : self._link_ends[number + 1]])

    def place(self, number: int) -> Place:
        tables, admin = self._tables, self._admin[number]
        return Place(
            self._name(number),
            tables.countries[tables.country[number]] or None,
            None if admin == NOWHERE else self._name(admin),
            round(self._lat[number], 5),
            round(self._lon[number], 5),
            tables.kinds[tables.kind[number]],
            self._population[number],
            self._ids[number] or None,
        )


@cache
def _gazetteer() -> _Gazetteer:
    packed = files("melian.knowledge").joinpath(TABLE).read_bytes()
    return _Gazetteer(msgspec.msgpack.decode(zlib.decompress(packed), type=Tables))


_WORD = re.compile(r"\w")


def candidates(name: str) -> tuple[Place, ...]:
    """The places of that name, the most likely first (by kind, population and whether the name is the usual one).

    Case, accents, hyphens and stops do not matter; alternate English and former names are known ("Kiev", "Bombay").
    An unknown name gives an empty tuple.
    """
    number, _ = _gazetteer().find(fold(name))
    return () if number is None else _gazetteer().places(number)


def longest(words: Sequence[str], start: int) -> tuple[int, tuple[Place, ...]] | None:
    """The longest known place name that begins at `words[start]`: how many words it has, and its candidates.

    Returns None where no name begins there.
    """
    gazetteer, found = _gazetteer(), None
    phrase = ""
    for count, word in enumerate(words[start : start + LONGEST_NAME], start=1):
        if not _WORD.search(word) and word not in ("-", "–", "'", "’", "."):
            break
        phrase = f"{phrase} {word}" if phrase else word
        key = fold(phrase)
        if not key:
            break
        number, goes_on = gazetteer.find(key)
        if key in _WHOLE_WORDS:  # "St": a name by itself, or the beginning of "saint …"
            goes_on = gazetteer.find(_WHOLE_WORDS[key])[1]
        if number is not None and _WORD.search(word):
            found = (count, number)
        if not goes_on:
            break
    return None if found is None else (found[0], gazetteer.places(found[1]))


def everywhere() -> Iterator[Place]:
    """Every place of the gazetteer, in no particular order (for tools and benchmarks)."""
    yield from map(_gazetteer().place, range(_gazetteer().size))


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) points in degrees."""
    lat, other_lat = math.radians(here[0]), math.radians(there[0])
    east = math.radians(there[1] - here[1])
    half = math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(east / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def usual_case(name: str) -> str:
    """A place's name as it is usually written: "Kyiv" for the "KYIV" of a dateline; short ones ("UK") and all others as they are."""
    if not name.isupper() or len(name) < 4:
        return name
    return next((place.name for place in candidates(name) if place.name.upper() == name), name.title())
