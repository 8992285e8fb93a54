"""Lines of tables as fields, and what the projects' files have in common: days and parties."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from melian.codebook import crosswalks
from melian.errors import InputError, UnreadableInput
from melian.knowledge import countries, names
from melian.records import Actor
from melian.sources.decoding import decode
from melian.sources.lines import numbered_lines
from melian.sources.streams import name_of

Numbered = tuple[str, Mapping[str, str]]
"""Where a row stands ("file:7"), and its fields by name."""

_GENERIC = re.compile(r"(.+?) \(([^()]+)\)")


def table(stream: io.BufferedReader, path: Path, wanted: Sequence[str], what: str) -> Iterator[Numbered | InputError]:
    """The rows of a table with a header, tab-separated or with commas.

    Args:
        stream: the file.
        path: its name.
        wanted: columns that must be there.
        what: the file's kind, for messages.

    Raises:
        UnreadableInput: a column that is needed is missing.
    """
    heads: list[str] | None = None
    tabs = True
    for number, line in numbered_lines(stream, name_of(path)):
        where = f"{name_of(path)}:{number}"
        if isinstance(line, InputError):
            yield line
            continue
        try:
            text = decode(line, where).rstrip("\r\n")
        except InputError as error:
            yield error
            continue
        if heads is None:
            tabs = "\t" in text
            heads = [head.strip() for head in split(text, tabs)]
            missing = [name for name in wanted if name not in heads]
            if missing:
                raise UnreadableInput(
                    f"not a file of {what} events: there is no column {', '.join(repr(name) for name in missing)} "
                    f"(its first line has {', '.join(heads[:6])} …)",
                    where,
                )
        elif text.strip():
            fields = split(text, tabs)
            if len(fields) != len(heads):
                yield UnreadableInput(f"{len(fields)} fields where the first line has {len(heads)}", where)
            else:
                yield where, dict(zip(heads, fields, strict=True))


def split(line: str, tabs: bool) -> list[str]:
    """The fields of a line; quotation marks around a field are dropped."""
    if tabs:
        return [
            field[1:-1].replace('""', '"') if len(field) > 1 and field[0] == field[-1] == '"' else field
            for field in line.split("\t")
        ]
    return next(csv.reader([line]), [])


def day_of(value: str, where: str) -> str:
    """A day written as YYYY-MM-DD or YYYYMMDD, as YYYY-MM-DD.

    Raises:
        UnreadableInput: it is no day.
    """
    given = value.strip()[:10]
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise UnreadableInput(f"{value!r} is not a day", where) from None


@lru_cache(maxsize=1 << 16)
def country_of(name: str) -> str | None:
    """ISO alpha-3 code of a country by its name or code, as these files write them."""
    given = name.strip()
    if not given or given in ("None", "---"):
        return None
    listed = crosswalks.actor_codes().country_names
    if given in listed:
        return listed[given]
    if len(given) == 3 and given.isupper():
        coded = crosswalks.actor_codes().cameo_countries.get(given, given)
        return coded if countries.country(coded) else None
    found = next((each.actor.id for each in names.lookup(given) if each.kind == "country"), None)
    return found or next((country.iso3 for country in countries.all_countries() if country.name == given), None)


def party(name: str, country: str | None, sector: str | None, day: str | None = None) -> Actor | None:
    """The actor of a name with its country and sector as the file has them.

    "Police (India)" is a generic actor of a country; a country's own name is its government; others are looked up on the day.
    """
    given = name.strip()
    if not given and not country:
        return None
    generic = _GENERIC.fullmatch(given)
    if generic and (home := country_of(generic[2])):
        return Actor(id=home, sector=sector or crosswalks.sector_of_agent(generic[1]), name=None)
    if (itself := country_of(given)) is not None:
        return Actor(id=itself, sector=sector or "GOV", name=None)
    known = _known(given, day)
    if known and (known.id == country or not country):
        return Actor(id=known.id, sector=sector or known.sector, name=known.name, role=known.role, country=known.country)
    if country:
        return Actor(id=country, sector=sector, name=given or None)
    return Actor(id=known.id if known else given, sector=sector, name=given)


@lru_cache(maxsize=1 << 16)
def _known(name: str, day: str | None) -> Actor | None:
    found = names.lookup(name, day)
    return found[0].actor if found and found[0].score >= 0.5 else None
