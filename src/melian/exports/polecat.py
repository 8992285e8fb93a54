"""POLECAT files: tab-separated, 40 columns, one row an event, several parties in one cell.

As the POLECAT data (Harvard Dataverse, doi:10.7910/DVN/AJGVIT) have them: PLOVER's types, modes and contexts, parties and their
attributes in lists of equal length with "; " between them, "None" where a party or mode is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from melian.codebook import crosswalks, quad
from melian.exports.actor_codes import home, shown_name
from melian.exports.icews import is_irregular
from melian.exports.layout import Column, Kind, Sheet, Value, columns, one_line
from melian.exports.places import is_town
from melian.exports.rows import ExportedEvent
from melian.records import Actor

NONE = "None"


def _side(name: str, who: str) -> tuple[tuple[str, Kind, str], ...]:
    return (
        (f"{name} Name", "text", f"{who}: persons, organisations, else generic actors with their countries"),
        (f"{name} Country", "text", "ISO alpha-3 code of each one's country, IGO or NGO for organisations without one"),
        (f"{name} COW", "text", "number of each one's country in the Correlates of War list of states"),
        (f"Primary {name} Sector", "text", "sector of each one, by PLOVER's codes (JRN is media)"),
        (f"{name} Sectors", "text", "the same"),
        (f"{name} Title", "text", "office of each one"),
        (f"{name} Name Raw", "text", "principal of each one as Melian names it (RUS, NATO, Hamas)"),
        (f"Wikipedia {name} ID", "text", "not known; None"),
    )


COLUMNS: tuple[Column, ...] = columns(
    ("Event ID", "text", "id of the incident"),
    ("Event Date", "date", "first day of the event"),
    ("Event Type", "text", "PLOVER's type"),
    ("Event Mode", "text", "PLOVER's mode; Melian's where it has one is in the codebook's table"),
    ("Intensity", "number", "conflict (-10) to cooperation (10): Goldstein's value of the nearest CAMEO code"),
    ("Quad Code", "text", "VERBAL or MATERIAL, COOPERATION or CONFLICT"),
    ("Contexts", "text", "PLOVER's contexts; future, hypothetical or negation with realis=… where it did not happen"),
    *_side("Actor", "who did it"),
    *_side("Recipient", "whom it was done to"),
    ("Placename", "text", "usual name of the place"),
    ("City", "text", "town or site; empty where only a region or country is known"),
    ("District", "text", "second-level region"),
    ("Province", "text", "first-level region"),
    ("Country", "text", "ISO alpha-3 code of the place's country"),
    ("Latitude", "number", "degrees north of one point of the place: of a country its middle (Feature Type PCLI)"),
    ("Longitude", "number", "degrees east"),
    ("GeoNames ID", "integer", "identifier of the place in GeoNames"),
    ("Raw Placename", "text", "the place in the text's words"),
    ("Feature Type", "text", "GeoNames' feature code: PPL a town, ADM1 a region, PCLI a country"),
    ("Source", "text", "outlet of the first telling"),
    ("Publication Date", "date", "its day"),
    ("Story People", "text", "persons among the parties"),
    ("Story Organizations", "text", "organisations among the parties"),
    ("Story Locations", "text", "the place"),
    ("Language", "text", "of the story: en"),
    ("Version", "text", "Melian, with the coder's version"),
)


def sheets() -> tuple[Sheet, ...]:
    """The file of events."""
    return (Sheet("events", "event", COLUMNS, _rows, "an event"),)


def contexts(event: ExportedEvent) -> list[str]:
    """PLOVER's contexts of an event, with those that say that it did not happen."""
    found = list(crosswalks.mode_elsewhere(event.type, event.mode).contexts)
    if event.realis != "actual":
        found += [*crosswalks.plover_realis(event.realis), f"realis={event.realis}"]
    return found


def _rows(event: ExportedEvent) -> Iterator[list[Value]]:
    elsewhere = crosswalks.mode_elsewhere(event.type, event.mode)
    code = crosswalks.cameo_code(event.type, event.mode, is_irregular(event.source[0] if event.source else None))
    first = event.tellings[0] if event.tellings else None
    parties = (*event.source, *event.target)
    people = dict.fromkeys(actor.name for actor in parties if actor.name and actor.name != actor.id)
    groups = dict.fromkeys(actor.id for actor in parties if actor.id and home(Actor(id=actor.id)) is None)
    yield [
        event.id, event.first, event.type, elsewhere.plover or NONE, code.goldstein, quad(event.type).upper(),
        _listed(contexts(event)) or NONE, *_party(event.source), *_party(event.target), *_place(event),
        first.outlet if first else None, first.published if first else None, _listed(people), _listed(groups),
        event.site.name if event.site else None, "en", f"Melian {event.coder}".strip(),
    ]  # fmt: skip


def _party(actors: tuple[Actor, ...]) -> list[Value]:
    def each(value: Callable[[Actor], str | None]) -> str:
        return _listed(value(actor) or NONE for actor in actors) or NONE

    sectors = each(lambda actor: found.plover if (found := crosswalks.sector_elsewhere(actor.sector)) else None)
    return [
        each(shown_name),
        each(lambda actor: found.iso3 if (found := home(actor)) else actor.sector if actor.sector in ("IGO", "NGO") else None),
        each(lambda actor: str(found.cow) if (found := home(actor)) and found.cow else None),
        sectors,
        sectors,
        each(lambda actor: actor.role),
        each(lambda actor: actor.id),
        NONE,
    ]


def _listed(values: Iterable[str]) -> str:
    return "; ".join(one_line(value).replace(";", ",") for value in values)


def _place(event: ExportedEvent) -> list[Value]:
    where = event.site
    if where is None:
        return [None] * 10
    town, known = is_town(where), where.latitude is not None
    return [
        where.name if known else None,
        where.name if town else None,
        where.name if where.kind == "admin2" else None,
        where.admin1 or (where.name if known and where.kind == "region" else None),
        where.country,
        where.latitude,
        where.longitude,
        where.geonames,
        where.named,
        crosswalks.place_kind(where.kind).feature if known else None,
    ]
