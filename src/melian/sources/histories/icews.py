"""ICEWS event files: 20 columns with a header, tab-separated (Dataverse) or with commas."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from melian.codebook import crosswalks
from melian.errors import InputError, UnreadableInput
from melian.records import Actor, Event
from melian.sources.histories.by_day import Row
from melian.sources.histories.fields import country_of, day_of, party, table

WANTED = ("Event Date", "Source Name", "Source Country", "Target Name", "Target Country", "CAMEO Code")


def rows(stream: io.BufferedReader, path: Path) -> Iterator[Row | InputError]:
    """Each row as an event; comments and symbolic acts, for which the codebook has no event, are passed over.

    Raises:
        UnreadableInput: it is no ICEWS file.
    """
    for found in table(stream, path, WANTED, "ICEWS"):
        if isinstance(found, InputError):
            yield found
            continue
        where, fields = found
        try:
            row = _row(fields, where)
        except InputError as error:
            yield error
            continue
        if row:
            yield row


def _row(fields: Mapping[str, str], where: str) -> Row | None:
    day = day_of(fields["Event Date"], where)
    event = event_of(
        fields["CAMEO Code"],
        day,
        _side(fields, "Source", day),
        _side(fields, "Target", day),
        fields.get("City") or fields.get("District") or fields.get("Province") or None,
        country_of(fields.get("Country", "")),
        where,
    )
    return Row(day, event) if event else None


def _side(fields: Mapping[str, str], side: str, day: str) -> Actor | None:
    sectors = fields.get(f"{side} Sectors", "")
    return party(fields[f"{side} Name"], country_of(fields[f"{side} Country"]), crosswalks.sector_of_icews(sectors), day)


def event_of(
    code: str,
    day: str,
    source: Actor | None,
    target: Actor | None,
    place: str | None,
    country: str | None,
    where: str,
) -> Event | None:
    """The event of a CAMEO code; None where the codebook has none for it.

    Raises:
        UnreadableInput: there is no such code.
    """
    number = code.strip()
    meaning = crosswalks.cameo(number)
    if meaning is None:
        raise UnreadableInput(f"{code!r} is no CAMEO code", where)
    if meaning.type is None:
        return None
    doer, sufferer = (target, source) if meaning.how == "turned" else (source, target)
    acting = [actor for actor in ((doer, sufferer) if meaning.how == "mutual" else (doer,)) if actor]
    return Event(
        type=meaning.type,
        mode=meaning.mode,
        source=tuple(acting),
        target=(sufferer,) if sufferer and meaning.how != "mutual" else (),
        date=day,
        place=place,
        place_country=country,
        evidence=(0, 0),
        why=(f"imported: {where}, CAMEO {number} “{meaning.name}”",),
    )
