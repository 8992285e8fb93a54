"""GDELT 2 event files: 61 columns, tab-separated, without a header."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from melian.codebook import crosswalks
from melian.errors import InputError, UnreadableInput
from melian.records import Actor
from melian.sources.decoding import decode
from melian.sources.histories.by_day import Row
from melian.sources.histories.fields import country_of, day_of, party
from melian.sources.histories.icews import event_of
from melian.sources.lines import numbered_lines
from melian.sources.streams import name_of

COLUMNS = 61
_DAY, _CODE, _PLACE_TYPE, _PLACE, _PLACE_COUNTRY = 1, 26, 51, 52, 53
_ACTORS = (5, 15)  # first column of each: code, name, country, group, ethnic, two religions, three types
_TOWN = {"3", "4"}


def rows(stream: io.BufferedReader, path: Path) -> Iterator[Row | InputError]:
    """Each row as an event; comments and symbolic acts, for which the codebook has no event, are passed over."""
    for number, line in numbered_lines(stream, name_of(path)):
        where = f"{name_of(path)}:{number}"
        if isinstance(line, InputError):
            yield line
            continue
        try:
            row = _row(decode(line, where).rstrip("\r\n").split("\t"), where)
        except InputError as error:
            yield error
            continue
        if row:
            yield row


def _row(fields: Sequence[str], where: str) -> Row | None:
    if len(fields) != COLUMNS:
        raise UnreadableInput(f"{len(fields)} fields where a row of GDELT 2 has {COLUMNS}", where)
    day = day_of(fields[_DAY], where)
    source, target = (_side(fields[first : first + 10], day) for first in _ACTORS)
    named = [part.strip() for part in fields[_PLACE].split(",")]
    place = named[0] if fields[_PLACE_TYPE] in _TOWN and named[0] else None
    event = event_of(fields[_CODE], day, source, target, place, country_of(named[-1]) if named[-1] else None, where)
    return Row(day, event) if event else None


def _side(fields: Sequence[str], day: str) -> Actor | None:
    code, name, country, group = (field.strip() for field in fields[:4])
    if not code:
        return None
    codes = crosswalks.actor_codes()
    known = codes.groups.get(group) or codes.more_groups.get(group)
    sector = crosswalks.sector_of_cameo(*fields[7:10])
    home = country_of(country)
    if known:
        return Actor(id=known, sector=sector or "IGO", country=home)
    if region := codes.regions.get(country):
        return Actor(id=region, sector="BLOC")
    if home:
        return Actor(id=home, sector=sector or ("GOV" if code == country else None))
    return party(name.title(), None, sector, day)
