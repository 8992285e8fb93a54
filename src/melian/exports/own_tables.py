"""Melian's own tables, for CSV, Parquet, Stata and Excel: events, tellings, statements and the ledger, with everything that is known.

Names are at most 32 characters, as Stata wants them. Parties are lists of equal length, one item a party.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from melian.codebook import crosswalks, quad
from melian.exports.actor_codes import home
from melian.exports.icews import is_irregular
from melian.exports.layout import Column, Kind, Sheet, Value, columns
from melian.exports.places import resolution
from melian.exports.rows import ExportedEntry, ExportedEvent, ExportedStatement, Telling
from melian.knowledge import countries
from melian.records import Actor


def _party_columns(side: str, who: str) -> tuple[tuple[str, Kind, str], ...]:
    return (
        (side, "list", f"{who}: principals (ISO alpha-3 of states, acronyms, short names of groups)"),
        (f"{side}_names", "list", "name of each one, where it is known"),
        (f"{side}_sectors", "list", "sector of each one"),
        (f"{side}_roles", "list", "office of each one"),
        (f"{side}_countries", "list", "ISO alpha-3 code of the country that each one is or belongs to"),
        (f"{side}_cow", "list", "number of that country in the Correlates of War list of states"),
        (f"{side}_gw", "list", "number of that country in the Gleditsch-Ward list of states"),
    )


_WHERE_TOLD: tuple[tuple[str, Kind, str] | tuple[str, Kind, str, bool], ...] = (
    ("document", "text", "id of the document"),
    ("outlet", "text", "who published it"),
    ("url", "text", "its address"),
    ("title", "text", "its title", True),
    ("published", "date", "its day"),
    ("start", "integer", "where the clause begins in the document's text, in code points from 0"),
    ("stop", "integer", "where it ends"),
    ("text_sha256", "text", "SHA-256 of the document's text (UTF-8), in which the offsets count"),
    ("words", "text", "the clause", True),
)

EVENTS: tuple[Column, ...] = columns(
    ("id", "text", "id of the incident; of the telling where there is one row each"),
    ("incident", "text", "id of the incident; empty of what did not happen"),
    ("date", "date", "first day"),
    ("enddate", "date", "last day"),
    ("dated", "flag", "whether the words give the day; otherwise it is the day of the report"),
    ("type", "text", "event type"),
    ("mode", "text", "its mode"),
    ("realis", "text", "actual, denied, planned, conditional, predicted or demanded"),
    ("quad_class", "text", "verbal or material, cooperation or conflict"),
    ("cameo", "text", "nearest CAMEO code, to be read as text"),
    ("goldstein", "number", "conflict (-10) to cooperation (10) of that code"),
    *_party_columns("source", "who did it"),
    *_party_columns("target", "whom it was done to"),
    ("place", "text", "where, in the text's words"),
    ("place_resolved", "text", "usual name of the place"),
    ("place_kind", "text", "what kind of place it is (city, admin1, country, sea …)"),
    ("admin1", "text", "first-level region"),
    ("country", "text", "ISO alpha-3 code of the place's country"),
    ("country_cow", "integer", "its number in the Correlates of War list of states"),
    ("country_gw", "integer", "its number in the Gleditsch-Ward list of states"),
    ("latitude", "number", "degrees north of one point of the place; of a country or region a middle point: see resolution"),
    ("longitude", "number", "degrees east"),
    ("geonames_id", "integer", "identifier of the place in GeoNames"),
    ("resolution", "integer", "5 a site, 4 a town, 3 a district, 2 a region, 1 only the country"),
    ("quantity_low", "number", "least number told"),
    ("quantity_high", "number", "greatest number told"),
    ("quantity_unit", "text", "of what"),
    ("quantity_bound", "text", "at least or at most, where all tellings give one number"),
    ("tellings", "integer", "tellings, copies of one text counted each"),
    ("documents", "integer", "documents that tell it"),
    ("sources", "integer", "independent sources among them"),
    ("confirmed", "integer", "tellings as a fact"),
    ("denied", "integer", "tellings in which somebody denies it"),
    ("confirmed_by", "list", "by whom: outlets, parties cited"),
    ("denied_by", "list", "by whom"),
    *_WHERE_TOLD,
    ("score", "number", "the coder's probability for the reading of the fullest telling, where it gives one"),
    ("coder", "text", "version of the coder"),
)

TELLINGS: tuple[Column, ...] = columns(
    ("row", "text", "id or number of the row of events that it belongs to"),
    ("id", "text", "id of the event as this document tells it"),
    ("incident", "text", "id of the incident"),
    ("realis", "text", "whether it is told as a fact, denied, planned …"),
    ("copy_of", "text", "id of the document that this one is a copy of"),
    *_WHERE_TOLD,
)

STATEMENTS: tuple[Column, ...] = columns(
    ("id", "text", "id of the statement"),
    ("date", "date", "first day on which it was said"),
    ("enddate", "date", "last day"),
    ("dated", "flag", "whether the words give the day; otherwise it is the day of the report"),
    ("act", "text", "what the speaker does with it"),
    ("speaker", "list", "principals that say it"),
    ("speaker_names", "list", "name of each one"),
    ("speaker_sectors", "list", "sector of each one"),
    ("speaker_roles", "list", "office of each one"),
    ("addressee", "list", "principals that it is said to"),
    ("about", "list", "principals that it is about"),
    ("quote", "text", "direct, indirect or mixed"),
    ("reported_by", "text", "through whom the words came"),
    ("place", "text", "where it was said"),
    *_WHERE_TOLD,
    ("condition_start", "integer", "where its if-clause begins"),
    ("condition_stop", "integer", "where that ends"),
    ("condition", "text", "that clause", True),
    ("score", "number", "the coder's probability for the reading, where it gives one"),
)

LEDGER: tuple[Column, ...] = columns(
    ("id", "text", "id of the entry"),
    ("kind", "text", "demand, offer, redline, prediction, denial or shift"),
    ("status", "text", "how it stands; a person's word where one corrected it"),
    ("machine_status", "text", "what the evidence alone gives, where a person has it otherwise"),
    ("since", "date", "day of the first telling"),
    ("latest", "date", "day of the last telling"),
    ("moved", "date", "day of the evidence that gave the status"),
    ("by", "list", "principals that demand, offer, threaten, foresee, deny or correct"),
    ("by_names", "list", "name of each one"),
    ("to", "list", "principals that it is said to or about"),
    ("due", "date", "last day of a prediction that names one"),
    ("kinds", "list", "types of the events that fulfil, cross or contradict it"),
    ("tellings", "integer", "documents that tell it, copies of one text once"),
    ("sources", "integer", "outlets that tell it, copies of one text once"),
    ("probability", "number", "of a prediction, where its words give one"),
    ("brier", "number", "its Brier score once it is resolved"),
    ("replaces", "text", "id of the statement that a shift corrects"),
    ("words", "text", "words of the fullest telling", True),
    ("condition", "text", "condition of a red line", True),
)


def sheets() -> tuple[Sheet, ...]:
    """Events, tellings, statements and the ledger."""
    return (
        Sheet("events", "event", EVENTS, events, "an event: one happening, however many documents tell it"),
        tellings_sheet(),
        Sheet("statements", "statement", STATEMENTS, _statements, "a statement: who said what"),
        Sheet(
            "ledger",
            "entry",
            LEDGER,
            _entries,
            "an entry of the ledger: a demand, offer, red line, prediction, denial or shift",
        ),
    )


def tellings_sheet() -> Sheet:
    """The tellings behind rows that have the event's own id."""
    return Sheet("tellings", "event", TELLINGS, lambda event: tellings(event, event.id), "one document's telling of an event")


def events(event: ExportedEvent) -> Iterator[list[Value]]:
    """The row of `EVENTS`."""
    code = crosswalks.cameo_number(event.type, event.mode, is_irregular(event.source[0] if event.source else None))
    first = event.tellings[0] if event.tellings else None
    where = event.site
    country = countries.country(where.country) if where and where.country else None
    yield [
        event.id, event.incident, event.first, event.last, event.dated, event.type, event.mode, event.realis, quad(event.type),
        code, crosswalks.cameo_codes()[code].goldstein, *_party(event.source), *_party(event.target),
        event.place, where.name if where and where.latitude is not None else None,
        where.kind or None if where else None, where.admin1 if where else None, where.country if where else None,
        country.cow if country else None, country.gw if country else None,
        where.latitude if where else None, where.longitude if where else None, where.geonames if where else None, resolution(where),
        event.low, event.high, event.unit, event.bound, event.told, event.documents, event.sources, event.confirmed, event.denied,
        event.confirmed_by, event.denied_by, *_told(first), event.score, event.coder,
    ]  # fmt: skip


def tellings(event: ExportedEvent, row: Value) -> Iterator[list[Value]]:
    """Rows of `TELLINGS` for a row of events.

    Args:
        event: with its tellings.
        row: what the row of events is called in its file.
    """
    for telling in event.tellings:
        yield [row, telling.event, event.incident, telling.realis, telling.copy_of, *_told(telling)]


def _statements(statement: ExportedStatement) -> Iterator[list[Value]]:
    condition = statement.condition or (None, None)
    yield [
        statement.id, statement.first, statement.last, statement.dated, statement.act, *_party(statement.speaker)[:4],
        _ids(statement.addressee), _ids(statement.about), statement.quote, statement.reported_by, statement.place,
        *_told(statement.telling), *condition, statement.condition_words, statement.score,
    ]  # fmt: skip


def _entries(entry: ExportedEntry) -> Iterator[list[Value]]:
    yield [
        entry.id, entry.kind, entry.status, entry.machine_status, entry.since, entry.latest, entry.moved, _ids(entry.by),
        _party(entry.by)[1], _ids(entry.to), entry.due, entry.kinds, entry.tellings, entry.sources, entry.probability, entry.brier,
        entry.replaces, entry.words, entry.condition,
    ]  # fmt: skip


def _told(telling: Telling | None) -> list[Value]:
    if telling is None:
        return [None] * len(_WHERE_TOLD)
    return [
        telling.document, telling.outlet, telling.url, telling.title, telling.published, telling.start, telling.stop,
        telling.sha256, telling.words,
    ]  # fmt: skip


def _ids(actors: Sequence[Actor]) -> list[str | None]:
    return [actor.id or actor.name for actor in actors]


def _party(actors: Sequence[Actor]) -> list[Value]:
    homes = [home(actor) for actor in actors]
    return [
        _ids(actors),
        [actor.name for actor in actors],
        [actor.sector for actor in actors],
        [actor.role for actor in actors],
        [country.iso3 if country else None for country in homes],
        [str(country.cow) if country and country.cow else None for country in homes],
        [str(country.gw) if country and country.gw else None for country in homes],
    ]
