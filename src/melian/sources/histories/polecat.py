"""POLECAT event files: 40 columns with a header, tab-separated."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from melian.codebook import crosswalks
from melian.errors import InputError, UnreadableInput
from melian.records import Actor, Event
from melian.sources.histories.by_day import Row
from melian.sources.histories.fields import country_of, day_of, party, table

WANTED = ("Event Date", "Event Type", "Event Mode", "Actor Name", "Actor Country", "Recipient Name", "Recipient Country")
_LISTED = re.compile(r"\s*;\s*")


def rows(stream: io.BufferedReader, path: Path) -> Iterator[Row | InputError]:
    """Each row as an event.

    Raises:
        UnreadableInput: it is no POLECAT file.
    """
    for found in table(stream, path, WANTED, "POLECAT"):
        if isinstance(found, InputError):
            yield found
            continue
        where, fields = found
        try:
            yield _row(fields, where)
        except InputError as error:
            yield error


def _row(fields: Mapping[str, str], where: str) -> Row:
    day = day_of(fields["Event Date"], where)
    contexts = [context.strip().lower() for context in re.split(r"[;,]", fields.get("Contexts", "")) if context.strip()]
    kind = crosswalks.from_plover(fields["Event Type"], fields["Event Mode"], contexts)
    if kind is None:
        raise UnreadableInput(f"{fields['Event Type']!r} is no PLOVER event type", where)
    place = fields.get("City") or fields.get("District") or fields.get("Province") or None
    event = Event(
        type=kind[0],
        mode=kind[1],
        source=_side(fields, "Actor", day),
        target=_side(fields, "Recipient", day),
        date=day,
        place=place if place != "None" else None,
        place_country=country_of(fields.get("Country", "")),
        evidence=(0, 0),
        why=(f"imported: {where}, {fields['Event Type']} {fields['Event Mode']}".rstrip(),),
    )
    return Row(day, event)


def _side(fields: Mapping[str, str], side: str, day: str) -> tuple[Actor, ...]:
    """The parties of a side; names, countries and sectors are lists of the same length."""
    listed = [_LISTED.split(fields.get(column, "")) for column in (f"{side} Name", f"{side} Country", f"Primary {side} Sector")]
    out = []
    for number, name in enumerate(listed[0]):
        country, sector = (column[number] if number < len(column) else "" for column in listed[1:])
        found = party("" if name == "None" else name, country_of(country), crosswalks.sector_of_plover(sector), day)
        if found:
            out.append(found)
    return tuple(out)
