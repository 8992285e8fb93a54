"""What of a telling is compared with others: its parties, days, place, number and words, in plain comparable form.

Words are numbers: their high bits hold how telling a word is (1 to 15, from `word_weights.json`), the low twenty its hash. The weights were counted once, over the project's own reports, and never over the record, so that a score does not depend on
what else has been read. Names of countries and their people weigh nothing: who acts is compared by itself.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from melian.crisis.tellings import stems, vocabulary

LOOK_BACK = 7  # days before a report in which what it tells without a date may have happened
WEIGHT = 20  # bits below a word's weight
KIND = 24  # bits below what a number of a telling's parts stands for
SOURCE, TARGET, NAMED = 1, 2, 3  # kinds of parts beside words, which are of kind 0
_EPOCH = date(1970, 1, 1)
_TELLING_WORDS, _STORY_WORDS = 10, 12
_UNKNOWN = 15  # weight of a word that the project's own reports do not have

Row = Mapping[str, Any]


@cache
def tables() -> dict[str, Any]:
    """Families of types, types that are taken for one another, kinds of units, words that say nothing."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("comparing.json").read_text(encoding="utf-8"))
    return found


def mark(event: Row) -> dict[str, Any]:
    """The comparable form of an event: the columns of `incident_marks` but `no`, `attached` and `parts`, and what `packed` makes these
    parts of: `source`, `target`, `named` (persons and organisations on either side) and `stems`.

    Args:
        event: a row of `events` with `words`, its evidence, and `published`, the day of its document or None.
    """
    source, target = principals(event["source"]), principals(event["target"])
    place, value = plain_place(event["place"]), event["value"]
    first, last = _window(event)
    return {
        "event": event["id"],
        "doc": event["doc"],
        "type": event["type"],
        "mode": event["mode"],
        "denied": event["realis"] == "denied",
        "source": source,
        "target": target,
        "named": sorted(
            {actor["name"] for actor in (*event["source"], *event["target"]) if actor["name"] != actor["id"]} - {None}
        ),
        "place": None if place in _country_names(event["place_country"]) else place,
        "country": event["place_country"],
        "value": value,
        "unit": unit_kind(event["unit"]) if value is not None else None,
        "first": first,
        "last": last,
        "dated": event["dated"],
        "report": day_number(event["published"]),
        "start": event["start"],
        "stop": event["stop"],
        "stems": coded_words(stems(event["words"]), _TELLING_WORDS),
    }


def packed(found: Mapping[str, Any]) -> list[int]:
    """The words and parties of a mark as one list of numbers."""
    parties = ((SOURCE, found["source"]), (TARGET, found["target"]), (NAMED, found["named"]))
    return [*found["stems"], *((kind << KIND) | (_hash(name) % (1 << KIND)) for kind, names in parties for name in names)]


def story(title: str | None, opening: str) -> list[int]:
    """The most telling words of a report's title and opening, as numbers."""
    return coded_words(stems(f"{title or ''} {opening}"), _STORY_WORDS)


def coded_words(found: Iterable[str], most: int) -> list[int]:
    """The most telling of some stems as numbers, in ascending order."""
    coded = {
        (weight << WEIGHT) | (_hash(stem) % (1 << WEIGHT))
        for stem in found
        if stem not in _empty_stems() and (weight := _weights().get(stem, _UNKNOWN))
    }
    return sorted(sorted(coded, reverse=True)[:most])


@lru_cache(maxsize=65536)
def _hash(name: str) -> int:
    return zlib.crc32(name.encode())


def principals(actors: Iterable[Row]) -> list[str]:
    """Ids acted for, with the members of loosely named blocs; an actor without an id stands under its name."""
    blocs = vocabulary()["blocs"]
    found = {party for actor in actors if (party := actor["id"] or actor["name"])}
    return sorted(found.union(*(blocs[party] for party in found if party in blocs)))


def day_number(day: date | None) -> int | None:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days if day else None


@lru_cache(maxsize=4096)
def unit_kind(unit: str | None) -> str | None:
    """What is counted: "killed", "people", "money" and the like, otherwise the unit's own stem; None for a bare number."""
    words = re.findall(r"[a-z$€£]+", unit.lower()) if unit else []
    for kind, members in tables()["units"].items():
        if any(word in members or word.removesuffix("s") in members for word in words):
            return str(kind)
    return words[-1][:6] if words else None


@lru_cache(maxsize=65536)
def plain_place(place: str | None) -> str | None:
    """A place's name in small ASCII letters, without article and punctuation."""
    if not place:
        return None
    ascii_only = unicodedata.normalize("NFKD", place).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", ascii_only).split()).removeprefix("the ") or None


@lru_cache(maxsize=4096)
def plain_outlet(outlet: str | None) -> str | None:
    """An outlet's name in small ASCII letters, without article and punctuation ("The Lindau Courier" is "lindau courier")."""
    return plain_place(outlet)


@lru_cache(maxsize=512)
def _country_names(code: str | None) -> frozenset[str | None]:
    """How a country itself is called, so that it is not taken for a place in it."""
    from melian.knowledge import countries

    found = countries.country(code) if code else None
    return frozenset({plain_place(found.name)}) if found else frozenset()


def _window(event: Row) -> tuple[int | None, int | None]:
    """The days that an event can have happened between: what is told of "this month" was before the report."""
    report = day_number(event["published"])
    if not event["dated"]:
        return (report - LOOK_BACK, report) if report is not None else (None, None)
    first, last = day_number(event["first"]), day_number(event["last"])
    if first is not None and last is not None and report is not None and first <= report:
        last = min(last, report)
    return first, last


@cache
def _weights() -> dict[str, int]:
    found: dict[str, int] = json.loads(files(__package__).joinpath("word_weights.json").read_text(encoding="utf-8"))
    return found


@cache
def _empty_stems() -> frozenset[str]:
    return frozenset(word[:6] for word in tables()["empty_words"])
