"""ACLED-like CSV: 31 columns in ACLED's words, for political violence, demonstrations and what ACLED calls strategic developments.

After ACLED's codebook of 2023 and its export of today (types of actors as words). ACLED has no class for words: what it would not
record (meetings, demands, threats, aid, sanctions) is left out of this format, and the README counts it. What Melian cannot know (which
militia is allied with a government, say) is coded by sector alone, hence "like".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence

from melian.codebook import crosswalks
from melian.exports.actor_codes import home, shown_name
from melian.exports.layout import Column, Sheet, Value, columns, one_line
from melian.exports.pairs import Numbers
from melian.exports.rows import ExportedEvent
from melian.knowledge import countries
from melian.records import Actor

COLUMNS: tuple[Column, ...] = columns(
    ("event_id_cnty", "text", "ISO alpha-3 code of the country (WLD where none is known) and a number, unique in this file"),
    ("event_date", "date", "first day"),
    ("year", "integer", "its year"),
    ("time_precision", "integer", "1 the day is known, 2 the week or only the day of the report, 3 the month or less"),
    ("disorder_type", "text", "Political violence, Demonstrations or Strategic developments"),
    ("event_type", "text", "ACLED's event type"),
    ("sub_event_type", "text", "ACLED's sub-event type"),
    ("actor1", "text", "who did it"),
    ("assoc_actor_1", "text", "who else did it"),
    ("inter1", "text", "type of actor1, by its sector"),
    ("actor2", "text", "whom it was done to"),
    ("assoc_actor_2", "text", "to whom else"),
    ("inter2", "text", "type of actor2"),
    ("interaction", "text", "the two types"),
    ("civilian_targeting", "text", "Civilian targeting, where civilians are attacked"),
    ("iso", "integer", "ISO 3166-1 number of the country"),
    ("region", "text", "subregion of the United Nations' list"),
    ("country", "text", "where it happened"),
    ("admin1", "text", "first-level region"),
    ("admin2", "text", "second-level region"),
    ("admin3", "text", "not known; empty"),
    ("location", "text", "town, site, region or country: as exact as is known"),
    ("latitude", "number", "degrees north; of a country or region its middle (geo_precision 3)"),
    ("longitude", "number", "degrees east"),
    ("geo_precision", "integer", "1 town or site, 2 district, 3 region or only the country"),
    ("source", "text", "outlets, with semicolons between them"),
    ("source_scale", "text", "not known; empty"),
    ("notes", "text", "what is coded, in words; then the clause of the first telling, if texts are not left out"),
    ("fatalities", "integer", "least number of killed that is told; 0 where none is"),
    ("tags", "text", "type, mode and realis of Melian's codebook, and counts"),
    ("timestamp", "integer", "day of the first telling, in seconds since 1970"),
)

_ARMED = frozenset({"State forces", "Rebel group", "Political militia", "External/Other forces"})
_KILLED = re.compile(r"\b(?:kill|dead|death|die|dying|fatal)", re.IGNORECASE)
_WEEK = 7


def sheets() -> tuple[Sheet, ...]:
    """The file of events."""
    numbers = Numbers(53)
    return (Sheet("events", "event", COLUMNS, lambda event: _rows(event, numbers), "an event of ACLED's kinds"),)


def sub_event(event: ExportedEvent) -> str | None:
    """ACLED's sub-event type; None of what ACLED does not record."""
    elsewhere = crosswalks.mode_elsewhere(event.type, event.mode)
    if elsewhere.acled_civilians and any(_type(actor, event) == "Civilians" for actor in event.target):
        return elsewhere.acled_civilians
    return elsewhere.acled


def _rows(event: ExportedEvent, numbers: Numbers) -> Iterator[list[Value]]:
    kind = sub_event(event)
    if kind is None:
        return
    event_type, disorder = crosswalks.ACLED_EVENTS[kind]
    where = event.site
    country = countries.country(where.country) if where and where.country else None
    first, second = _side(event.source, event), _side(event.target, event)
    types = [side[2] for side in (first, second) if side[2]]
    targeting = disorder == "Political violence" and second[2] == "Civilians"
    days = [telling.published for telling in event.tellings if telling.published]
    yield [
        f"{country.iso3 if country else 'WLD'}{numbers.number(event.id[1:])}", event.first, event.first.year if event.first else None,
        _precision(event), disorder, event_type, kind, *first, *second,
        "-".join(types) if len(types) == 2 else f"{types[0]} only" if types else None,
        "Civilian targeting" if targeting else None, country.numeric if country else None, country.region if country else None,
        country.name if country else None, where.admin1 if where else None,
        where.name if where and where.kind == "admin2" else None, None, where.name if where else None,
        where.latitude if where else None, where.longitude if where else None,
        crosswalks.place_kind(where.kind).acled if where and where.latitude is not None else None,
        "; ".join(dict.fromkeys(t.outlet for t in event.tellings if t.outlet)), None, _notes(event), _killed(event), _tags(event),
        calendar.timegm(min(days).timetuple()) if days else None,
    ]  # fmt: skip


def _side(actors: Sequence[Actor], event: ExportedEvent) -> list[str | None]:
    if not actors:
        return [None, None, None]
    others = "; ".join(one_line(shown_name(actor)).replace(";", ",") for actor in actors[1:])
    return [shown_name(actors[0]), others or None, _type(actors[0], event)]


def _type(actor: Actor, event: ExportedEvent) -> str:
    """The type of an actor: by its sector, and by what it does where that decides; armies abroad are external forces."""
    sector = crosswalks.sector_elsewhere(actor.sector)
    kind = sector.acled if sector else "State forces" if home(actor) else "External/Other forces"
    if event.type == "PROTEST" and actor in event.source and kind != "State forces":
        return "Rioters" if event.mode == "riot" else "Protesters"
    place = event.site.country if event.site else None
    own = home(actor)
    if kind == "State forces" and place and own and own.iso3 != place:
        return "External/Other forces"
    return kind


def _precision(event: ExportedEvent) -> int | None:
    if event.first is None or event.last is None:
        return None
    if not event.dated:
        return 2
    span = (event.last - event.first).days
    return 1 if span == 0 else 2 if span <= _WEEK else 3


def _killed(event: ExportedEvent) -> int:
    return int(event.low) if event.low is not None and event.unit and _KILLED.search(event.unit) else 0


def _notes(event: ExportedEvent) -> str:
    def named(actors: Sequence[Actor]) -> str:
        return ", ".join(shown_name(actor) for actor in actors) or "somebody"

    what = f"{event.type} {event.mode}" if event.mode else event.type
    toward = f" toward {named(event.target)}" if event.target else ""
    coded = f"{what} by {named(event.source)}{toward}; {event.told} tellings, {event.sources} independent sources."
    words = event.tellings[0].words if event.tellings else None
    return f"{coded} {words}" if words else coded


def _tags(event: ExportedEvent) -> str:
    tags = {"type": event.type, "mode": event.mode, "realis": event.realis, "tellings": event.told, "sources": event.sources}
    if event.denied_by:
        tags["denied by"] = ", ".join(event.denied_by)
    return "; ".join(f"{name}={value}" for name, value in tags.items() if value is not None)
