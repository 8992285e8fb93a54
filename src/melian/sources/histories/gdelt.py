"""GDELT 2 event files (.CSV): tab-separated, 61 columns, no first line of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from melian.codebook import crosswalks
from melian.errors import InputError, UnreadableInput
from melian.knowledge import countries, names
from melian.records import Actor
from melian.sources.histories.cameo_rows import cameo_event, filled, told_from_both_sides
from melian.sources.histories.days import Row
from melian.sources.histories.event_files import Dictionary, EventFile, fields, iso_day, text_of
from melian.sources.histories.parties import country_code, in_dictionary

OUTLET = "GDELT"
WHAT = "GDELT 2 event file"
ENDINGS = (".csv", ".tsv", ".txt")
COLUMNS = 61
_MENTIONS = 16
_ID, _DAY, _ACTOR1, _ACTOR2, _CODE, _PLACE, _URL = 0, 1, 5, 15, 26, 51, 60
_CODE_AT, _NAME_AT, _COUNTRY_AT, _GROUP_AT, _TYPES_AT = 0, 1, 2, 3, slice(7, 10)  # within an actor's ten columns


def missing(head: str) -> str | None:
    """What a first line lacks of an event's columns: the files have no names for them."""
    cells = head.split("\t")
    if len(cells) <= _MENTIONS + 1:
        return f"the first line has {len(cells)} fields, where an event has {COLUMNS}"
    if not (cells[_ID].isdigit() and len(cells[_DAY]) == len("20220121") and cells[_DAY].isdigit()):
        return f"it does not begin with a number and a day, as in {COLUMNS} columns without a line of names"
    return None


def rows(file: EventFile) -> Iterator[Row | InputError]:
    """The rows of a file, each one's own error in its place."""
    for line in file.lines:
        if isinstance(line, InputError):
            yield line
            continue
        number, raw = line
        text = text_of(raw)
        if text.strip():
            try:
                cells = fields(text, "\t")
                if len(cells) != COLUMNS:
                    raise ValueError(f"{len(cells)} fields; an event of GDELT 2 has {COLUMNS}")
                yield _row(cells, raw, f"{file.where}:{number}", file.known)
            except ValueError as error:
                yield UnreadableInput(str(error), f"{file.where}:{number}")


def _row(cells: Sequence[str], raw: bytes, where: str, known: Dictionary) -> Row:
    day = iso_day(cells[_DAY])
    code = cells[_CODE].strip()
    source, target = (_actor(cells[at : at + 10], day, known) for at in (_ACTOR1, _ACTOR2))
    place, home = _place(cells[_PLACE : _PLACE + 8])
    listed = crosswalks.cameo(code)
    why = f"{OUTLET} {cells[_ID]} {code} {listed.name if listed else ''} ({where})"
    found = cameo_event(code, source, target, day, place, home, why)
    if isinstance(found, str):
        return Row(day=day, event=None, passed_over=found, where=where, raw=raw)
    twice = told_from_both_sides(code, found, day, cells[_URL], place)
    return Row(day=day, event=found, same_as=twice, where=where, raw=raw)


def _actor(cells: Sequence[str], day: str, known: Dictionary) -> Actor | None:
    """The actor of its ten columns: a known group, else its country, else what its name says."""
    name, code = filled(cells, _NAME_AT), filled(cells, _COUNTRY_AT)
    sector = crosswalks.sector_of_cameo(*(cell for cell in cells[_TYPES_AT] if cell))
    if (listed := in_dictionary(known, name, sector)) is not None:
        return listed
    codes = crosswalks.actor_codes()
    group = codes.groups.get(filled(cells, _GROUP_AT)) or codes.more_groups.get(filled(cells, _GROUP_AT))
    home = _country(code)
    if group is not None:
        return Actor(id=group, sector=sector, country=home)
    if code in codes.regions:
        return Actor(id=codes.regions[code], sector=sector or "BLOC")
    found = next((each for each in names.lookup(name, day) if each.score >= _SURE), None) if name else None
    if found is not None and found.kind in ("person", "group", "organisation", "media"):
        own = found.actor
        of_country = own.id is not None and _country(own.id) is not None
        if home is None or not of_country or own.id == home:
            country = None if of_country else own.country or home
            return Actor(id=own.id, sector=sector or own.sector, name=own.name, country=country)
    if home is None and found is not None:
        home = found.actor.id
    if home is None and country_code(name) is not None:
        home = country_code(name)
    if home is None and sector is None and not name:
        return None
    return Actor(id=home, sector=sector or ("GOV" if home else None), name=None if home or not name else name.title())


_SURE = 0.6


def _country(code: str) -> str | None:
    """The ISO alpha-3 code of one of CAMEO's country codes."""
    known = crosswalks.actor_codes().cameo_countries.get(code, code)
    found = countries.country(known) if len(known) == len("RUS") else None
    return found.iso3 if found else None


def _place(cells: Sequence[str]) -> tuple[str | None, str | None]:
    kind, name, fips = (filled(cells, at) for at in (0, 1, 2))
    home = countries.by_fips(fips)
    if not name:
        return None, home.iso3 if home else None
    return name if kind == "1" else name.split(",")[0].strip(), home.iso3 if home else None
