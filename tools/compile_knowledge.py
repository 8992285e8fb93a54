"""Compile the knowledge base: hand-kept tables and public tables of facts into src/melian/knowledge/data/*.json.

    python tools/compile_knowledge.py [--actors FOLDER] [--cow FILE]

Hand-kept tables (tools/knowledge_tables/*.tsv) are the project's own. Facts are added from, in this order of trust:
every-politician holder lists (Wikidata extracts, CC0), the CIA World Factbook's leaders by snapshot (CC0), REIGN's leader
list (1921-2021), datasets/country-codes (PDDL; ISO, FIPS, GeoNames and Wikidata codes, capitals, regions), and the Correlates of War list of states.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

import knowledge_people as people  # noqa: E402

from melian.knowledge.spelling import is_acronym, normalise  # noqa: E402
from melian.knowledge.titles import title_key  # noqa: E402

TABLES = ROOT / "tools" / "knowledge_tables"
DATA = ROOT / "src" / "melian" / "knowledge" / "data"

# file of hand-kept names, kind of its entities, score of a name without one
NAME_FILES = (
    ("seats", "capital", 0.85),
    ("institutions", "organisation", 0.9),
    ("igos", "organisation", 0.9),
    ("blocs", "bloc", 0.85),
    ("groups", "group", 0.9),
    ("parties", "group", 0.85),
    ("media", "media", 0.9),
    ("ngos", "organisation", 0.9),
    ("companies", "organisation", 0.85),
)
RUN_TIME_WORDS = ("honorific", "follows a name", "preposition", "belonging", "former", "deputy")
COW_NAMES = {
    "Bahamas": "BHS", "St. Lucia": "LCA", "St. Vincent and the Grenadines": "VCT", "Antigua & Barbuda": "ATG",
    "German Democratic Republic": "DDR", "Congo": "COG", "Korea": None, "Yugoslavia": "SRB", "Yemen People's Republic": "YMD",
    "Republic of Vietnam": "VDR", "Zanzibar": None,
}  # fmt: skip
GW_DIFFERS = {"DEU": 260, "SRB": 340, "YEM": 678, "KIR": 970, "NRU": 971, "TON": 972, "TUV": 973}
OLD_COW = {"YUG": 345, "SCG": 345, "CSK": 315, "SUN": 365}
# Codes that datasets/country-codes lacks, or has for several territories in one cell.
FIPS = {"SRB": "RI", "PSE": "WE", "SJM": "SV", "XKX": "KV", "ALA": None, "UMI": None, "BES": None}
WIKIDATA = {"NAM": "Q1030", "XKX": "Q1246"}
GEONAMES = {"XKX": 831053}


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a hand-kept table, comments left out; nothing when there is no such table yet."""
    path = TABLES / f"{name}.tsv"
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")


def split_alias(text: str, default: float) -> tuple[str, float, bool]:
    """An alias, its score and whether it must stand in capitals: "PA!~.7"."""
    alias, _, score = text.strip().partition("~")
    return alias.rstrip("!").strip(), float(score) if score else default, alias.endswith("!")


class Names:
    """Entities and the keys that name them, collected."""

    def __init__(self) -> None:
        self.entities: list[list[Any]] = []
        self.keys: dict[str, list[list[Any]]] = defaultdict(list)

    def entity(self, id: str, sector: str | None, name: str | None, country: str | None, kind: str) -> int:
        self.entities.append([id, sector or None, name, country or None, kind])
        return len(self.entities) - 1

    def add(self, entity: int, alias: str, score: float, capitals: bool = False) -> None:
        surface = alias.removeprefix("the ").removeprefix("The ")
        if capitals or (is_acronym(surface) and len(surface.replace(".", "")) <= 6 and " " not in surface):
            casing = 2
        elif surface != alias and " " not in surface and surface[0].isupper():
            casing = 3
        else:
            casing = 1 if surface != surface.lower() else 0
        spaced = re.sub(r"['’](?=\w\w)", " ", surface)  # "Côte d' Ivoire" cut into words
        for key in dict.fromkeys((normalise(surface), normalise(spaced))):
            known = self.keys[key]
            same = [  # one actor is enough under a key
                row for row in known
                if self.entities[row[0]][:2] == self.entities[entity][:2] and row[0] != entity and row[2] <= casing
            ]  # fmt: skip
            if key and not any(row[0] == entity and row[2] <= casing for row in known) and not same:
                known.append([entity, round(score, 2), casing])


def add_countries(names: Names, codes: dict[str, dict[str, str]], cow: dict[str, int]) -> list[dict[str, Any]]:
    """Countries with their names and demonyms; the records of countries.json are returned."""
    records: list[dict[str, Any]] = []
    for iso3, label, adjectives, nouns, latitude, longitude, aliases in rows("countries"):
        name, score, _ = split_alias(label, 0.95)
        code = codes.get(iso3, {})
        entity = names.entity(iso3, "GOV", None, None, "country")
        names.add(entity, name, score)
        texts = [alias for alias in aliases.split(";") if alias]
        if official := code.get("UNTERM English Formal", "").strip(" *"):
            texts.append(official.removeprefix("the "))
        known = []
        for text in texts:
            alias, alias_score, capitals = split_alias(text, 0.9)
            names.add(entity, alias, alias_score, capitals)
            known.append(alias)
        demonyms = add_demonyms(names, iso3, adjectives, nouns)
        number = cow.get(iso3, OLD_COW.get(iso3))
        capital = code.get("Capital", "").strip() or None
        records.append({
            "iso3": iso3, "name": name, "iso2": "XK" if iso3 == "XKX" else code.get("ISO3166-1-Alpha-2") or None,
            "demonyms": demonyms, "capital": "Astana" if capital == "Nur-Sultan" else "Pristina" if iso3 == "XKX" else capital,
            "aliases": list(dict.fromkeys(known)),
            "region": code.get("Sub-region Name") or ("Southern Europe" if iso3 == "XKX" else None),
            "latitude": float(latitude), "longitude": float(longitude), "cow": number, "gw": GW_DIFFERS.get(iso3, number),
            "numeric": int(code["ISO3166-1-numeric"]) if code.get("ISO3166-1-numeric") else None,
            "fips": FIPS[iso3] if iso3 in FIPS else code.get("FIPS", "").strip() or None,
            "geonames": GEONAMES.get(iso3) or (int(code["Geoname ID"]) if code.get("Geoname ID") else None),
            "wikidata": WIKIDATA.get(iso3) or code.get("wikidata_id", "").rpartition("/")[2] or None,
        })  # fmt: skip
    return sorted(records, key=lambda record: str(record["iso3"]))


def add_demonyms(names: Names, iso3: str, adjectives: str, nouns: str) -> list[str]:
    """Adjectives and nouns of a people; "=" makes the nouns from the adjectives."""
    entity = names.entity(iso3, None, None, None, "demonym")
    words = [split_alias(text, 0.9) for text in adjectives.split(";") if text]
    if nouns == "=":
        words += [(f"{word}s", score, capitals) for word, score, capitals in words]
    else:
        for pair in (text for text in nouns.split(";") if text):
            both, score, capitals = split_alias(pair, 0.9)
            words += [(word, score, capitals) for word in both.split("/")]
    for word, score, capitals in words:
        names.add(entity, word, score, capitals)
    return list(dict.fromkeys(word for word, _, _ in words))


def add_tables(names: Names, capitals: Iterable[tuple[str, str]]) -> None:
    """The hand-kept names, then the capitals that these leave out."""
    for file, kind, default in NAME_FILES:
        for id, sector, label, country, aliases in rows(file):
            name, score, fixed = split_alias(label, default)
            shown = re.sub(r" \([^)]*\)$", "", name)  # "Democratic Party (Italy)" tells rows apart
            entity = names.entity(id, sector, None if kind == "capital" else shown, country, kind)
            for alias, alias_score, alias_fixed in [
                (name, score, fixed),
                *(split_alias(a, default) for a in aliases.split(";") if a),
            ]:
                names.add(entity, alias, alias_score, alias_fixed)
            if kind == "group" and normalise(id) not in names.keys:
                names.add(entity, id, default)
    for iso3, capital in capitals:
        if normalise(capital) not in names.keys:
            names.add(names.entity(iso3, "GOV", None, None, "capital"), capital, 0.7)


def titles() -> dict[str, Any]:
    """Phrases of titles and posts of offices."""
    phrases: dict[str, list[Any]] = {}
    for sector, flags, words in rows("titles"):
        listed = [phrase.strip() for phrase in words.split(";")]
        for phrase in listed:
            phrases.setdefault(title_key(phrase), [sector or None, listed[0] if "o" in flags else None, "w" in flags])
    posts = {f"{principal}:{office}": [post, int(rank)] for principal, office, post, rank in rows("posts")}
    for post, rank in list(posts.values()):  # a post is an office of its own rank too
        posts.setdefault(f"*:{post}", [post, rank])
    classes = {kind: listed.split() for kind, listed in rows("words") if kind in RUN_TIME_WORDS}
    return {"phrases": phrases, "posts": posts, "words": classes}


def members() -> dict[str, list[list[str | None]]]:
    """Organisations' members with dates."""
    table: dict[str, list[list[str | None]]] = {}
    for organisation, listed in rows("memberships"):
        table[organisation] = [[part or None for part in (member + "::").split(":")[:3]] for member in listed.split()]
    return table


def cow_numbers(path: Path) -> dict[str, int]:
    """Correlates of War numbers by ISO code, matched by name."""
    by_name = {normalise(label.partition("~")[0]): iso3 for iso3, label, *_ in rows("countries")}
    for iso3, _, _, _, _, _, aliases in rows("countries"):
        for alias in aliases.split(";"):
            by_name.setdefault(normalise(alias.partition("~")[0]), iso3)
    numbers: dict[str, int] = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            code = COW_NAMES.get(row["statenme"], by_name.get(normalise(row["statenme"])))
            if code and not (code in numbers and row["statenme"] == "German Federal Republic"):
                numbers[code] = int(float(row["ccode"]))
    return numbers


def write(name: str, table: Any) -> None:
    """Write one compact JSON file."""
    path = DATA / name
    path.write_bytes(msgspec.json.encode(table))
    print(f"{name:16} {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Compile everything; titles first, because offices are named by them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actors", type=Path, default=Path("/work/shared/data/actors"))
    parser.add_argument("--cow", type=Path, default=Path("/work/shared/data/series/cow/cow_states.csv"))
    options = parser.parse_args()
    DATA.mkdir(exist_ok=True)
    write("titles.json", titles())
    with (options.actors / "country-codes.csv").open(encoding="utf-8") as lines:
        codes = {row["ISO3166-1-Alpha-3"]: row for row in csv.DictReader(lines)}
    names = Names()
    countries = add_countries(names, codes, cow_numbers(options.cow))
    add_tables(names, [(iso3, row["Capital"].strip()) for iso3, row in codes.items() if row["Capital"].strip()])
    write("names.json", {"entities": names.entities, "keys": {key: found for key, found in names.keys.items() if found}})
    write("countries.json", {"countries": countries, "members": members()})
    given = {variant: form for form, variants in rows("given_names") for variant in variants.split()}
    needs_title = sorted({normalise(word) for line in rows("word_surnames") for word in line[0].split()})
    collected = people.collect(list(rows("people")), options.actors, countries, given)
    write("people.json", people.table(collected, given, needs_title))
    print(f"{len(names.entities)} entities under {len(names.keys)} names; {len(collected)} people")


if __name__ == "__main__":
    main()
