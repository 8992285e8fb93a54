"""PLOVER's JSON: one object a line, with the fields of PLOVER's manual and a few of Melian's own.

Of its own are `realis`, `incident`, `quantity`, `sources` (independent ones), `confirmed`, `denied_by` and `tellings`; PLOVER lets
providers add fields. `text` and the titles are the sources' own and left out on request, with `text_info` (offsets) and `sha256` kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from melian.codebook import crosswalks, quad
from melian.exports.actor_codes import home, is_country
from melian.exports.icews import is_irregular
from melian.exports.layout import Column, columns
from melian.exports.places import is_town, resolution
from melian.exports.polecat import contexts
from melian.exports.rows import ExportedEvent, Telling
from melian.records import Actor

CODEBOOK = "https://github.com/openeventdata/PLOVER"

FIELDS: tuple[Column, ...] = columns(
    ("id", "text", "id of the incident; of the telling where there is one row each"),
    ("date", "date", "first day; null where nothing gives one"),
    ("enddate", "date", "last day, where it is another"),
    ("actor", "list", "who did it: code (the principal: RUS, NATO, Hamas), sector, entity_text, identifier_id (Wikidata), office, country"),
    ("recipient", "list", "whom it was done to"),
    ("event", "list", "PLOVER's type, one"),
    ("event_loc", "text", "extracted_place, resolved_place, geonameid, lat, lon, city, district, province, country, country_code, resolution"),
    ("event_text", "list", "the clauses of all tellings", True),
    ("quad_code", "integer", "1 verbal, 2 material cooperation, 3 verbal, 4 material conflict; SANCTION is 4"),
    ("event_scale", "number", "conflict (-10) to cooperation (10): Goldstein's value of the nearest CAMEO code"),
    ("mode", "list", "PLOVER's mode, none or one"),
    ("melian_mode", "text", "the mode of Melian's codebook"),
    ("context", "list", "PLOVER's contexts; future, hypothetical or negation with realis=… where it did not happen"),
    ("link", "text", "id of the incident that the row belongs to"),
    ("text", "text", "the clause of the first telling", True),
    ("text_info", "text", "start and end of that clause in the document's text, in code points"),
    ("cite_info", "text", "of the first telling: citation (document's id), url, title, language, publication, date, codebook, version, sha256 of the text"),
    ("coder", "text", "Melian, with the coder's version"),
    ("realis", "text", "actual, denied, planned, conditional, predicted or demanded"),
    ("incident", "text", "as link"),
    ("quantity", "text", "low, high, unit, bound"),
    ("documents", "integer", "documents that tell it"),
    ("sources", "integer", "independent sources among them"),
    ("confirmed", "integer", "tellings as a fact"),
    ("denied", "integer", "tellings in which somebody denies it"),
    ("confirmed_by", "list", "by whom"),
    ("denied_by", "list", "by whom"),
    ("tellings", "list", "each with event, document, copy_of, realis, outlet, url, title, published, start, end, sha256, text"),
)  # fmt: skip


def objects(event: ExportedEvent) -> Iterator[dict[str, Any]]:
    """The object of an event; optional fields that are not known are left out, as PLOVER asks."""
    elsewhere = crosswalks.mode_elsewhere(event.type, event.mode)
    code = crosswalks.cameo_code(event.type, event.mode, is_irregular(event.source[0] if event.source else None))
    first = event.tellings[0] if event.tellings else None
    clauses = list(dict.fromkeys(telling.words for telling in event.tellings if telling.words))
    known: dict[str, Any] = {
        "id": event.id,
        "date": _day(event.first),
        "enddate": _day(event.last) if event.last != event.first else None,
        "actor": [_actor(actor) for actor in event.source],
        "recipient": [_actor(actor) for actor in event.target],
        "event": [event.type],
        "event_loc": _place(event),
        "event_text": clauses,
        "quad_code": crosswalks.quad_number(quad(event.type)),
        "event_scale": code.goldstein,
        "mode": [elsewhere.plover] if elsewhere.plover else [],
        "melian_mode": event.mode,
        "context": contexts(event),
        "link": event.incident,
        "text": first.words if first else None,
        "text_info": {"start": first.start, "end": first.stop} if first and first.sha256 else None,
        "cite_info": _citation(first, event.coder) if first else None,
        "coder": f"Melian {event.coder}".strip(),
        "realis": event.realis,
        "incident": event.incident,
        "quantity": _filled({"low": event.low, "high": event.high, "unit": event.unit, "bound": event.bound}) or None,
        "documents": event.documents,
        "sources": event.sources,
        "confirmed": event.confirmed,
        "denied": event.denied,
        "confirmed_by": list(event.confirmed_by),
        "denied_by": list(event.denied_by),
        "tellings": [_telling(telling) for telling in event.tellings],
    }
    always = {"id", "date", "actor", "event"}
    yield {name: value for name, value in known.items() if name in always or value not in (None, [])}


def _actor(actor: Actor) -> dict[str, Any]:
    country = home(actor)
    sector = crosswalks.sector_elsewhere(actor.sector)
    return _filled(
        {
            "code": actor.id,
            "sector": sector.plover if sector else None,
            "melian_sector": actor.sector,
            "entity_text": actor.name,
            "identifier_id": country.wikidata if country and is_country(actor) and not actor.name else None,
            "office": actor.role,
            "country": country.iso3 if country else None,
        }
    )


def _place(event: ExportedEvent) -> dict[str, Any] | None:
    where = event.site
    if where is None:
        return None
    town, known = is_town(where), where.latitude is not None
    return _filled(
        {
            "extracted_place": where.named,
            "resolved_place": where.name if known else None,
            "geonameid": where.geonames,
            "lat": where.latitude,
            "lon": where.longitude,
            "city": where.name if town else None,
            "district": where.name if where.kind == "admin2" else None,
            "province": where.admin1,
            "country": country.name if (country := home(Actor(id=where.country))) else None,
            "country_code": where.country,
            "resolution": resolution(where),
        }
    )


def _citation(telling: Telling, coder: str) -> dict[str, Any]:
    return _filled(
        {
            "citation": telling.document,
            "url": telling.url,
            "title": telling.title,
            "language": "en",
            "publication": telling.outlet,
            "date": _day(telling.published),
            "codebook": CODEBOOK,
            "version": coder,
            "sha256": telling.sha256,
        }
    )


def _telling(telling: Telling) -> dict[str, Any]:
    return _filled(
        {
            "event": telling.event,
            "document": telling.document,
            "copy_of": telling.copy_of,
            "realis": telling.realis,
            "outlet": telling.outlet,
            "url": telling.url,
            "title": telling.title,
            "published": _day(telling.published),
            "start": telling.start,
            "end": telling.stop,
            "sha256": telling.sha256,
            "text": telling.words,
        }
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
