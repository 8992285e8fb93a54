"""ICEWS event files: tab-separated, 20 columns, one row for each pair of parties.

As the ICEWS Coded Event Data (Harvard Dataverse, doi:10.7910/DVN/28075) have them, so that their loaders read them: CAMEO codes with
ICEWS's names and intensities, generic actors as "Military (Russia)", countries by ICEWS's names, whole numbers for ids of events and
stories (R's `icews` reads them with 32 bits).
"""

from __future__ import annotations

from collections.abc import Iterator

from melian.codebook import crosswalks
from melian.exports.actor_codes import icews_country, is_country, shown_name
from melian.exports.layout import Column, Sheet, Value, columns
from melian.exports.pairs import Numbers, numbered
from melian.exports.places import is_town
from melian.exports.rows import ExportedEvent
from melian.records import Actor

NOBODY = "Unspecified Actor"
_REGULAR = frozenset(
    {"GOV", "MIL", "COP", "SPY", "LEG", "JUD", "IGO", "BLOC"}
)  # sectors whose force is a state's or an alliance's

COLUMNS: tuple[Column, ...] = columns(
    ("Event ID", "integer", "number of the row, unique in this file: the first 31 bits of the id in tellings.csv"),
    ("Event Date", "date", "first day of the event"),
    ("Source Name", "text", "who did it: a person or organisation, else a generic actor with its country"),
    ("Source Sectors", "text", "its sectors in ICEWS's words, with commas between them"),
    ("Source Country", "text", "its country by ICEWS's name"),
    ("Event Text", "text", "the CAMEO code's name; [planned], [demanded] … behind it where it did not happen"),
    ("CAMEO Code", "text", "CAMEO code, to be read as text (010 is not 10)"),
    ("Intensity", "number", "conflict (-10) to cooperation (10), after Goldstein"),
    ("Target Name", "text", "whom it was done to"),
    ("Target Sectors", "text", "as Source Sectors"),
    ("Target Country", "text", "as Source Country"),
    ("Story ID", "integer", "number of the document that tells it first"),
    ("Sentence Number", "integer", "not known; empty"),
    ("Publisher", "text", "outlet of that document"),
    ("City", "text", "town or site; empty where it is not known more exactly than by region or country"),
    ("District", "text", "second-level region"),
    ("Province", "text", "first-level region"),
    ("Country", "text", "country of the place by ICEWS's name"),
    ("Latitude", "number", "degrees north of a town, site or region; empty where only the country is known"),
    ("Longitude", "number", "degrees east"),
)


def sheets() -> tuple[Sheet, ...]:
    """The file of events."""
    events, stories = Numbers(31), Numbers(31)
    known: dict[str, int] = {}

    def story(document: str) -> int:
        if document not in known:
            known[document] = stories.number(document[1:])
        return known[document]

    def rows(event: ExportedEvent) -> Iterator[list[Value]]:
        for number, source, target in numbered(event, events):
            code = code_of(event, source)
            listed = crosswalks.cameo_codes()[code]
            text = listed.name if event.realis == "actual" else f"{listed.name} [{event.realis}]"
            first = event.tellings[0] if event.tellings else None
            yield [
                number, event.first, *_party(source), text, code, listed.goldstein, *_party(target),
                story(first.document) if first else None, None, first.outlet if first else None, *_place(event),
            ]  # fmt: skip

    return (Sheet("events", "event", COLUMNS, rows, "one pair of parties of an event"),)


def code_of(event: ExportedEvent, source: Actor | None) -> str:
    """The CAMEO code of an event in ICEWS, which lacks some of GDELT's."""
    elsewhere = crosswalks.mode_elsewhere(event.type, event.mode)
    return elsewhere.icews or crosswalks.cameo_number(event.type, event.mode, is_irregular(source))


def is_irregular(source: Actor | None) -> bool:
    """Whether who acts is no state's force, so that its attack is unconventional violence in CAMEO."""
    if source is None:
        return True
    state = source.sector in _REGULAR or (source.sector is None and is_country(source))
    return not state


def _party(actor: Actor | None) -> list[Value]:
    if actor is None or not shown_name(actor):
        return [NOBODY, "Unspecified", None]
    sector = crosswalks.sector_elsewhere(actor.sector)
    return [shown_name(actor), ",".join(sector.icews) if sector else None, icews_country(actor) or None]


def _place(event: ExportedEvent) -> list[Value]:
    where = event.site
    if where is None:
        return [None] * 6
    country = icews_country(Actor(id=where.country)) if where.country else None
    if where.kind == "country" or where.latitude is None:  # no column could say that a point is only a country's middle
        return [None, None, None, country or None, None, None]
    town, district = is_town(where), where.kind == "admin2"
    return [
        where.name if town else None,
        where.name if district else None,
        where.admin1 or (where.name if not town and not district else None),
        country or None,
        where.latitude,
        where.longitude,
    ]
