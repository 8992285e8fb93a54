"""GDELT 2: event files of 61 and mention files of 16 tab-separated columns, without a header line.

As the GDELT Event Database 2.0 (codebook of 2015) has them: CAMEO codes for events and actors, FIPS codes for places, one row for each
pair of parties. The three counts are counted on incidents: mentions are tellings, sources are independent sources, articles are
documents. There is no column for what did not happen, so that only what is told as a fact can be exported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from melian.codebook import crosswalks
from melian.exports.actor_codes import cameo_country, cameo_group, cameo_type, shown_name
from melian.exports.icews import is_irregular
from melian.exports.layout import Column, Kind, Sheet, Value, columns
from melian.exports.pairs import Numbers, numbered, pairs, row_ids
from melian.exports.places import is_town
from melian.exports.rows import ExportedEvent, Site
from melian.knowledge import countries
from melian.records import Actor


def _actor_columns(side: str, who: str) -> tuple[tuple[str, Kind, str], ...]:
    return (
        (f"{side}Code", "text", f"{who}: CAMEO codes of country or sector and group, in one"),
        (f"{side}Name", "text", "name in capitals"),
        (f"{side}CountryCode", "text", "CAMEO code of the country or region (ISO alpha-3 with few exceptions)"),
        (f"{side}KnownGroupCode", "text", "CAMEO code of a known group (NAT, UNO, HMS)"),
        (f"{side}EthnicCode", "text", "not coded; empty"),
        (f"{side}Religion1Code", "text", "not coded; empty"),
        (f"{side}Religion2Code", "text", "not coded; empty"),
        (f"{side}Type1Code", "text", "CAMEO code of the sector (GOV, MIL, REB)"),
        (f"{side}Type2Code", "text", "not coded; empty"),
        (f"{side}Type3Code", "text", "not coded; empty"),
    )


def _place_columns(side: str, what: str) -> tuple[tuple[str, Kind, str], ...]:
    return (
        (f"{side}Geo_Type", "integer", f"{what}: 1 a country, 2 a US state, 3 a US town, 4 a town, 5 a region"),
        (f"{side}Geo_Fullname", "text", "its name with region and country"),
        (f"{side}Geo_CountryCode", "text", "FIPS code of its country"),
        (f"{side}Geo_ADM1Code", "text", "FIPS code of its country (codes of regions are not known)"),
        (f"{side}Geo_ADM2Code", "text", "not known; empty"),
        (f"{side}Geo_Lat", "number", "degrees north; of a country its middle (type 1)"),
        (f"{side}Geo_Long", "number", "degrees east"),
        (f"{side}Geo_FeatureID", "text", "FIPS code of a country; empty elsewhere (GeoNames ids are in other formats)"),
    )


EVENT_COLUMNS: tuple[Column, ...] = columns(
    ("GlobalEventID", "integer", "number of the row, unique in this file: the first 53 bits of the id in tellings.csv"),
    ("Day", "integer", "first day, YYYYMMDD"),
    ("MonthYear", "integer", "YYYYMM"),
    ("Year", "integer", "YYYY"),
    ("FractionDate", "number", "year and share of it, as GDELT counts: year + (month * 30 + day) / 365"),
    *_actor_columns("Actor1", "who did it"),
    *_actor_columns("Actor2", "whom it was done to"),
    ("IsRootEvent", "integer", "1"),
    ("EventCode", "text", "CAMEO code, to be read as text"),
    ("EventBaseCode", "text", "its first three digits"),
    ("EventRootCode", "text", "its first two digits"),
    ("QuadClass", "integer", "by the root code: 1 verbal, 2 material cooperation, 3 verbal, 4 material conflict"),
    ("GoldsteinScale", "number", "conflict (-10) to cooperation (10)"),
    ("NumMentions", "integer", "tellings of the incident"),
    ("NumSources", "integer", "independent sources among them"),
    ("NumArticles", "integer", "documents that tell it"),
    ("AvgTone", "number", "not coded; empty"),
    *_place_columns("Actor1", "not known; empty"),
    *_place_columns("Actor2", "not known; empty"),
    *_place_columns("Action", "where it happened"),
    ("DATEADDED", "integer", "day of the first telling, YYYYMMDDHHMMSS"),
    ("SOURCEURL", "text", "address of the first telling"),
)

MENTION_COLUMNS: tuple[Column, ...] = columns(
    ("GlobalEventID", "integer", "number of the row of events"),
    ("EventTimeDate", "integer", "DATEADDED of that row"),
    ("MentionTimeDate", "integer", "day of the telling, YYYYMMDDHHMMSS"),
    ("MentionType", "integer", "1 a document with a web address, 2 another"),
    ("MentionSourceName", "text", "outlet"),
    ("MentionIdentifier", "text", "web address; the document's id where there is none"),
    ("SentenceID", "integer", "not known; empty"),
    ("Actor1CharOffset", "integer", "where the first party is named in the document's text; -1 where it is not"),
    ("Actor2CharOffset", "integer", "the same of the other party"),
    ("ActionCharOffset", "integer", "where the clause begins that tells it"),
    ("InRawText", "integer", "1: in the text as it is"),
    ("Confidence", "integer", "the coder's probability for the reading, in percent; empty where it gives none"),
    ("MentionDocLen", "integer", "characters of the document"),
    ("MentionDocTone", "number", "not coded; empty"),
    ("MentionDocTranslationInfo", "text", "empty: read in English"),
    ("Extras", "text", "the document's id"),
)


def sheets() -> tuple[Sheet, ...]:
    """The files of events and of their mentions."""
    events, again = Numbers(53), Numbers(53)
    return (
        Sheet("events", "event", EVENT_COLUMNS, lambda event: _events(event, events), "one pair of parties of an event", False),
        Sheet(
            "mentions", "event", MENTION_COLUMNS, lambda event: _mentions(event, again), "one telling of a row of events", False
        ),
    )


def _events(event: ExportedEvent, numbers: Numbers) -> Iterator[list[Value]]:
    first = event.tellings[0] if event.tellings else None
    for number, source, target in numbered(event, numbers):
        code = crosswalks.cameo_number(event.type, event.mode, is_irregular(source))
        yield [
            number, *_dates(event.first), *_actor(source), *_actor(target), 1, code, code[:3], code[:2],
            crosswalks.gdelt_quad(code), crosswalks.cameo_codes()[code].goldstein, event.told, event.sources, event.documents,
            None, *[None] * 16, *_place(event.site), _added(event), first.url if first else None,
        ]  # fmt: skip


def _mentions(event: ExportedEvent, numbers: Numbers) -> Iterator[list[Value]]:
    added = _added(event)
    for id_ in row_ids(event, pairs(event)):
        number = numbers.number(id_)
        for telling in event.tellings:
            one, other = (span[0] if span else -1 for span in telling.mentions)
            yield [
                number, added, _stamp(telling.published), 1 if telling.url else 2, telling.outlet, telling.url or telling.document, None,
                one, other, telling.start, 1, None if event.score is None else round(event.score * 100), telling.characters,
                None, None, telling.document,
            ]  # fmt: skip


def _dates(day: date | None) -> list[Value]:
    if day is None:
        return [None] * 4
    fraction = day.year + (day.month * 30 + day.day) / 365
    return [int(f"{day:%Y%m%d}"), int(f"{day:%Y%m}"), day.year, round(fraction, 4)]


def _stamp(day: date | None) -> int | None:
    return int(f"{day:%Y%m%d}000000") if day else None


def _added(event: ExportedEvent) -> int | None:
    days = [telling.published for telling in event.tellings if telling.published]
    return _stamp(min(days, default=None))


def _actor(actor: Actor | None) -> list[Value]:
    if actor is None:
        return [None] * 10
    country, group, kind = cameo_country(actor), cameo_group(actor), cameo_type(actor)
    code = f"{country}{kind}{group}" if country else f"{kind}{group}"
    return [code, shown_name(actor).upper(), country, group, None, None, None, kind, None, None]


def _place(where: Site | None) -> list[Value]:
    if where is None or where.latitude is None:
        return [None] * 8
    country = countries.country(where.country) if where.country else None
    fips = country.fips if country else None
    kind = crosswalks.place_kind(where.kind).gdelt
    if kind in (4, 5) and where.country == "USA":
        kind = 3 if kind == 4 else 2
    names = dict.fromkeys(
        name for name in (where.name, where.admin1 if is_town(where) else None, country.name if country else None) if name
    )
    return [
        kind,
        ", ".join(names),
        fips,
        fips,
        None,
        where.latitude,
        where.longitude,
        fips if where.kind == "country" else None,
    ]
